// SPDX-License-Identifier: MIT
// Small Ardour sessions for tests, put together from parts.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "session_format/ardour/ardour_document.h"

namespace gainstage::test {

inline constexpr double superclocks_per_second = 282240000.0;

inline std::string superclock(double seconds) {
  return fmt::format("a{:.0f}", seconds * superclocks_per_second);
}

/// An automation list; `events` are its lines.
inline std::string list(std::string_view id, std::string_view style, std::string_view state,
                        std::string_view events) {
  return fmt::format(
      "<Automation><AutomationList automation-id=\"{}\" interpolation-style=\"{}\" "
      "state=\"{}\"><events>{}</events>"
      "</AutomationList></Automation>",
      id, style, state, events);
}

inline std::string amp(std::string_view value, std::string_view inner = "", std::string_view masters = "") {
  return fmt::format(
      "<Processor type=\"amp\" name=\"Amp\" active=\"1\">{}<Controllable name=\"gaincontrol\" id=\"900\" "
      "value=\"{}\">{}</Controllable></Processor>\n",
      inner, value, masters);
}

inline std::string trim(std::string_view value, std::string_view inner = "") {
  return fmt::format(
      "<Processor type=\"trim\" name=\"Amp\" active=\"1\">{}<Controllable name=\"trimcontrol\" value=\"{}\"/>"
      "</Processor>\n",
      inner, value);
}

inline std::string send(std::string_view target, std::string_view value, std::string_view inner = "") {
  return fmt::format(
      "<Processor type=\"intsend\" role=\"Aux\" name=\"to {}\" active=\"1\" target=\"{}\">{}<Controllable "
      "name=\"gaincontrol\" value=\"{}\"/></Processor>\n",
      target, target, inner, value);
}

inline std::string plugin(std::string_view name) {
  return fmt::format("<Processor type=\"lv2\" unique-id=\"urn:{}\" name=\"{}\" active=\"1\"/>\n", name, name);
}

inline std::string main_outs(std::string_view panner = "") {
  return fmt::format(
      "<Processor type=\"main-outs\" role=\"Main\" active=\"1\"><PannerShell bypassed=\"0\" "
      "user-panner=\"{}\"/>"
      "</Processor>\n",
      panner);
}

/// Ports with the given inputs; two outputs to the route `to` ("hardware": the interface; "": nowhere).
inline std::string io(std::string_view name, int inputs, std::string_view to) {
  std::string text = "<IO direction=\"Input\">";
  for (int i = 1; i <= inputs; ++i)
    text += fmt::format("<Port type=\"audio\" name=\"{}/audio_in {}\"/>", name, i);
  text += "</IO><IO direction=\"Output\">";
  for (int i = 1; i <= 2; ++i) {
    const std::string other =
        to == "hardware" ? fmt::format("system:playback_{}", i) : fmt::format("{}/audio_in {}", to, i);
    const std::string connection = to.empty() ? "" : fmt::format("<Connection other=\"{}\"/>", other);
    text += fmt::format("<Port type=\"audio\" name=\"{}/audio_out {}\">{}</Port>", name, i, connection);
  }
  return text + "</IO>\n";
}

inline std::string route(std::string_view id, std::string_view name, std::string_view flags,
                         const std::string& inner, std::string_view attributes = "") {
  return fmt::format(
      "<Route id=\"{}\" name=\"{}\" default-type=\"audio\" active=\"1\" {}>\n<PresentationInfo "
      "flags=\"{}\"/>\n{}"
      "</Route>\n",
      id, name, attributes, flags, inner);
}

/// A mono track of the playlist "p" + id, to the master.
inline std::string track(std::string_view id, std::string_view name, const std::string& processors,
                         const std::string& more = "") {
  return route(id, name, "AudioTrack", io(name, 1, "Master") + more + processors + main_outs(),
               fmt::format("audio-playlist=\"p{}\"", id));
}

inline std::string bus(std::string_view id, std::string_view name, const std::string& processors,
                       const std::string& more = "") {
  return route(id, name, "AudioBus", io(name, 2, "Master") + more + processors + main_outs());
}

inline std::string master(const std::string& processors = amp("1"), const std::string& more = "") {
  return route("1", "Master", "MasterOut", io("Master", 2, "hardware") + more + processors + main_outs());
}

/// A region of the source "s1", a second long.
inline std::string region(std::string_view name, double start, std::string_view attributes = "",
                          std::string_view inner = "") {
  return fmt::format(
      "<Region name=\"{}\" type=\"audio\" start=\"a0\" length=\"{}@{}\" channels=\"1\" source-0=\"s1\" "
      "fade-in-active=\"0\" fade-out-active=\"0\" {}>{}</Region>\n",
      name, superclock(1.0), superclock(start), attributes, inner);
}

inline std::string playlist(std::string_view track_id, const std::string& regions) {
  return fmt::format("<Playlist id=\"p{}\" name=\"list {}\" type=\"audio\">\n{}</Playlist>\n", track_id,
                     track_id, regions);
}

struct Parts {
  std::string version = "7002";
  std::string rate = "48000";
  std::string sources = "<Source id=\"s1\" name=\"a.wav\" type=\"audio\" channel=\"0\" gain=\"1\"/>\n";
  std::string routes = {};  ///< Beside the master.
  std::string master_route = master();
  std::string playlists = {};
  std::string more = {};  ///< VCAs, locations, tempo map.
};

inline std::string session(const Parts& parts) {
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Session version=\"{}\" name=\"song\" "
      "sample-rate=\"{}\">\n"
      "<Sources>\n{}</Sources>\n{}<Routes>\n{}{}</Routes>\n<Playlists>\n{}</Playlists>\n</Session>\n",
      parts.version, parts.rate, parts.sources, parts.more, parts.master_route, parts.routes,
      parts.playlists);
}

inline ArdourDocument must_read(const std::string& bytes) {
  auto document = ArdourDocument::read(bytes);
  if (!document) ADD_FAILURE() << document.error().sentence << "\n" << bytes.substr(0, 4000);
  return document ? std::move(*document) : ArdourDocument::read(session({})).value();
}

/// The sentence with which bytes are refused; empty: they are not.
inline std::string error_of(std::string bytes) {
  const auto document = ArdourDocument::read(std::move(bytes));
  return document ? "" : document.error().sentence;
}

inline const Strip& strip(const ArdourDocument& document, std::string_view name) {
  for (const Strip& found : document.flow().strips) {
    if (found.name == name) return found;
  }
  ADD_FAILURE() << "no strip " << name;
  return document.flow().strips.front();
}

inline std::size_t index_of(const ArdourDocument& document, std::string_view name) {
  return static_cast<std::size_t>(&strip(document, name) - document.flow().strips.data());
}

inline bool has_note(const ArdourDocument& document, std::string_view code) {
  for (const FlowNote& note : document.flow().notes) {
    if (note.code == code) return true;
  }
  return false;
}

}  // namespace gainstage::test
