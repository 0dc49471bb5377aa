// SPDX-License-Identifier: MIT
#include "session_format/ardour/new_ardour_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <set>
#include <string_view>
#include <vector>

#include "session_format/ardour/ardour_quirks.h"
#include "session_format/xml/xml_patch.h"

namespace gainstage {
namespace {

constexpr double superclocks_per_second = 282240000.0;

tl::unexpected<Error> refuse(std::string sentence, const std::string& track = "") {
  return failure(ErrorCode::usage, std::move(sentence), {"", track, {}, {}});
}

bool is_utf8(std::string_view text) { return find_broken_utf8(text) == std::string_view::npos; }

/// Printable, without the colon that divides the names of ports, and not yet taken.
std::string port_safe(std::string_view name, std::set<std::string>& taken) {
  std::string safe(name);
  for (char& c : safe) {
    if (c == ':') c = '-';
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  if (safe.empty()) safe = "Audio";
  std::string unique = safe;
  for (int i = 2; !taken.insert(unique).second; ++i) unique = fmt::format("{} {}", safe, i);
  return unique;
}

/// As Ardour looks for it: from the folder of the session's own audio files on.
std::string source_name(const std::string& path, const std::string& session) {
  if (path.starts_with('/')) return path;
  const std::string own = fmt::format("interchange/{}/audiofiles/", session);
  return path.starts_with(own) ? path.substr(own.size()) : "../../../" + path;
}

Result<void> check(const NewSession& session) {
  const auto is_in = [](double ratio, const ardour::Limits& limits) {
    return ratio >= limits.least && ratio <= limits.greatest;
  };
  if (session.tracks.empty()) return refuse("A session without tracks was asked for; expected at least one.");
  if (!(session.sample_rate_hz >= 1000.0 && session.sample_rate_hz <= 1e6)) {
    return refuse(fmt::format("The session's sample rate is {:g} Hz; expected 1000 to 1000000.",
                              session.sample_rate_hz));
  }
  if (!is_in(session.master_ratio, ardour::fader_limits)) {
    return refuse(fmt::format("The master's gain is {:+.2f} dB; Ardour's fader ends at +6 dB.",
                              to_db(session.master_ratio).value));
  }
  if (!is_utf8(session.name))
    return refuse("The session's name is not UTF-8; an Ardour session can't hold it.");
  for (const NewTrack& track : session.tracks) {
    if (!is_utf8(track.name) || !is_utf8(track.source_path)) {
      return refuse("A track's name or path is not UTF-8; an Ardour session can't hold it. Rename the file.");
    }
    if (track.channels < 1 || track.channels > 2) {
      return refuse(fmt::format("'{}' has {} channels; expected one or two in a session for Ardour.",
                                track.name, track.channels),
                    track.name);
    }
    if (track.source_frames <= 0 || !(track.source_rate_hz >= 1.0 && track.source_rate_hz <= 1e7)) {
      return refuse(fmt::format("'{}' has {} frames at {:g} Hz; expected some sound.", track.name,
                                track.source_frames, track.source_rate_hz),
                    track.name);
    }
    if (!is_in(track.fader_ratio, ardour::fader_limits)) {
      return refuse(fmt::format("The fader of '{}' is {:+.2f} dB; Ardour's ends at +6 dB.", track.name,
                                to_db(track.fader_ratio).value),
                    track.name);
    }
    if (!is_in(track.trim_ratio, ardour::trim_limits)) {
      return refuse(fmt::format("The trim of '{}' is {:+.2f} dB; Ardour's goes from -20 to +20 dB.",
                                track.name, to_db(track.trim_ratio).value),
                    track.name);
    }
  }
  return {};
}

/// A track with what Ardour knows it by.
struct Route {
  const NewTrack* track = nullptr;  ///< Null: the master.
  std::string name;                 ///< Escaped.
  std::size_t inputs = 2;
  double trim_ratio = 1.0;
  double fader_ratio = 1.0;
  std::int64_t id = 0;
  std::int64_t playlist = 0;
  std::int64_t first_source = 0;
  std::int64_t superclocks = 0;  ///< Of its clip.
};

class Writer {
 public:
  explicit Writer(const NewSession& session) : session_(session) {
    std::set<std::string> taken{"Master"};
    routes_.push_back({.name = "Master", .fader_ratio = session.master_ratio, .id = new_id()});
    for (const NewTrack& track : session.tracks) {
      Route route{&track, escaped_xml(port_safe(track.name, taken)), track.channels, track.trim_ratio,
                  track.fader_ratio};
      route.id = new_id();
      route.playlist = new_id();
      route.first_source = new_id();
      for (std::size_t c = 1; c < track.channels; ++c) new_id();
      const double samples = std::round(static_cast<double>(track.source_frames) / track.source_rate_hz *
                                        session.sample_rate_hz);
      route.superclocks = std::llround(samples / session.sample_rate_hz * superclocks_per_second);
      longest_ = std::max(longest_, route.superclocks);
      routes_.push_back(std::move(route));
    }
  }

  std::string text() {
    write_media();
    add("  <Locations>\n    <Location id=\"{}\" name=\"session\" start=\"a0\" end=\"a{}\" "
        "flags=\"IsSessionRange\" "
        "locked=\"0\"/>\n  </Locations>\n",
        new_id(), longest_);
    add("  <Routes>\n");
    for (std::size_t i = 0; i < routes_.size(); ++i) write_route(routes_[i], i);
    add("  </Routes>\n");
    write_playlists();
    add("  <RouteGroups/>\n  <TempoMap superclocks-per-second=\"282240000\">\n    <Tempos>\n"
        "      <Tempo npm=\"120\" enpm=\"120\" note-type=\"4\" type=\"Tempo::Constant\" active=\"1\" "
        "locked-to-meter=\"0\" continuing=\"0\" sclock=\"0\" quarters=\"0:0\" bbt=\"1|1|0\" omega=\"0\"/>\n"
        "    </Tempos>\n    <Meters>\n      <Meter note-value=\"4\" divisions-per-bar=\"4\" sclock=\"0\" "
        "quarters=\"0:0\" bbt=\"1|1|0\"/>\n    </Meters>\n    <MusicTimes/>\n  </TempoMap>\n</Session>\n");
    std::string rest;
    rest.swap(text_);
    add("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Session version=\"7002\" name=\"{}\" "
        "sample-rate=\"{}\" "
        "session-range-is-free=\"1\" id-counter=\"{}\" name-counter=\"1\" event-counter=\"0\" "
        "vca-counter=\"1\">\n"
        "  <Config>\n    <Option name=\"native-file-data-format\" value=\"FormatFloat\"/>\n"
        "    <Option name=\"native-file-header-format\" value=\"WAVE\"/>\n  </Config>\n",
        escaped_xml(session_.name), std::llround(session_.sample_rate_hz), new_id());
    return text_ + rest;
  }

 private:
  template <typename... Values>
  void add(fmt::format_string<Values...> format, Values&&... values) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Values>(values)...);
  }
  std::int64_t new_id() { return ++last_id_; }

  void write_media() {
    add("  <Sources>\n");
    for (const Route& route : routes_) {
      for (std::size_t c = 0; route.track != nullptr && c < route.inputs; ++c) {
        add("    <Source name=\"{}\" take-id=\"\" type=\"audio\" flags=\"\" id=\"{}\" channel=\"{}\" "
            "origin=\"\" "
            "gain=\"1\"/>\n",
            escaped_xml(source_name(route.track->source_path, session_.name)),
            route.first_source + static_cast<std::int64_t>(c), c);
      }
    }
    add("  </Sources>\n  <Regions>\n");
    for (const Route& route : routes_) {
      if (route.track != nullptr) write_region(route, Use::whole_file);
    }
    add("  </Regions>\n");
  }

  enum class Use { whole_file, clip };

  void write_region(const Route& route, Use use) {
    const int is_whole_file = use == Use::whole_file ? 1 : 0;
    add("    <Region name=\"{}\" muted=\"0\" opaque=\"1\" locked=\"0\" automatic=\"0\" whole-file=\"{}\" "
        "import=\"0\" external=\"{}\" hidden=\"0\" start=\"a0\" length=\"a{}@a0\" sync-position=\"a0\" "
        "ancestral-start=\"a0\" ancestral-length=\"a0@a0\" stretch=\"1\" shift=\"1\" layering-index=\"0\" "
        "default-fade-in=\"0\" default-fade-out=\"0\" fade-in-active=\"0\" fade-out-active=\"0\" "
        "scale-amplitude=\"1\" envelope-active=\"0\" id=\"{}\" type=\"audio\" first-edit=\"nothing\"",
        route.name, is_whole_file, is_whole_file, route.superclocks, new_id());
    for (std::size_t c = 0; c < route.inputs; ++c) {
      const auto source = route.first_source + static_cast<std::int64_t>(c);
      add(" source-{}=\"{}\" master-source-{}=\"{}\"", c, source, c, source);
    }
    add(" channels=\"{}\"/>\n", route.inputs);
  }

  void write_playlists() {
    add("  <Playlists>\n");
    for (const Route& route : routes_) {
      if (route.track == nullptr) continue;
      add("    <Playlist id=\"{}\" name=\"{}\" type=\"audio\" orig-track-id=\"{}\" pgroup-id=\"\" "
          "shared-with-ids=\"\" frozen=\"0\" combine-ops=\"0\">\n",
          route.playlist, route.name, route.id);
      write_region(route, Use::clip);
      add("    </Playlist>\n");
    }
    add("  </Playlists>\n");
  }

  void write_ports(const Route& route) {
    add("      <IO name=\"{}\" id=\"{}\" direction=\"Input\" default-type=\"audio\">\n", route.name,
        new_id());
    for (std::size_t c = 1; c <= route.inputs; ++c) {
      add("        <Port type=\"audio\" name=\"{}/audio_in {}\">\n", route.name, c);
      for (const Route& from : routes_) {
        if (route.track != nullptr || from.track == nullptr) continue;
        add("          <Connection other=\"{}/audio_out {}\"/>\n", from.name, c);
      }
      add("        </Port>\n");
    }
    add("      </IO>\n      <IO name=\"{}\" id=\"{}\" direction=\"Output\" default-type=\"audio\">\n",
        route.name, new_id());
    for (int c = 1; c <= 2; ++c) {
      const std::string to = route.track != nullptr ? fmt::format("Master/audio_in {}", c)
                                                    : fmt::format("system:playback_{}", c);
      add("        <Port type=\"audio\" name=\"{}/audio_out {}\">\n          <Connection other=\"{}\"/>\n"
          "        </Port>\n",
          route.name, c, to);
    }
    add("      </IO>\n");
  }

  void write_gain(std::string_view type, std::string_view list, std::string_view style,
                  std::string_view control, double ratio) {
    add("      <Processor id=\"{}\" name=\"Amp\" active=\"1\" type=\"{}\">\n        <Automation>\n"
        "          <AutomationList automation-id=\"{}\" id=\"{}\" interpolation-style=\"{}\" "
        "time-domain=\"AudioTime\" state=\"Off\"/>\n        </Automation>\n        <Controllable name=\"{}\" "
        "id=\"{}\" flags=\"GainLike\" value=\"{}\"/>\n      </Processor>\n",
        new_id(), type, list, new_id(), style, control, new_id(), ratio);
  }

  void write_route(const Route& route, std::size_t order) {
    const bool is_master = route.track == nullptr;
    add("    <Route version=\"7002\" id=\"{}\" name=\"{}\" default-type=\"audio\" strict-io=\"{}\" "
        "active=\"1\" "
        "denormal-protection=\"0\" meter-point=\"MeterPostFader\" disk-io-point=\"DiskIOPreFader\" "
        "meter-type=\"{}\"",
        route.id, route.name, is_master ? 1 : 0, is_master ? "MeterK14" : "MeterPeak");
    if (!is_master) {
      add(" audio-playlist=\"{}\" saved-meter-point=\"MeterPostFader\" alignment-choice=\"Automatic\" "
          "mode=\"Normal\"",
          route.playlist);
    }
    add(">\n      <PresentationInfo order=\"{}\" flags=\"{},OrderSet\" color=\"0\"/>\n", order,
        is_master ? "MasterOut" : "AudioTrack");
    write_ports(route);
    add("      <MuteMaster mute-point=\"PostFader,Listen,Main\" muted=\"0\"/>\n      <Controllable "
        "name=\"phase\" "
        "id=\"{}\" flags=\"Toggle\" value=\"0\" phase-invert=\"{}\"/>\n      <Pannable>\n        "
        "<Controllable "
        "name=\"pan-azimuth\" id=\"{}\" flags=\"\" value=\"0.5\"/>\n      </Pannable>\n",
        new_id(), std::string(route.inputs, '0'), new_id());
    if (!is_master) {
      add("      <Processor id=\"{}\" name=\"recorder:{}\" active=\"1\" type=\"diskwriter\" "
          "record-safe=\"0\"/>\n"
          "      <Processor id=\"{}\" name=\"player:{}\" active=\"1\" type=\"diskreader\"/>\n",
          new_id(), route.name, new_id(), route.name);
    }
    add("      <Processor id=\"{}\" name=\"Polarity\" active=\"1\" type=\"polarity\"/>\n", new_id());
    write_gain("trim", "trim", "Logarithmic", "trimcontrol", route.trim_ratio);
    write_gain("amp", "gain", "Exponential", "gaincontrol", route.fader_ratio);
    add("      <Processor id=\"{}\" name=\"meter-{}\" active=\"1\" type=\"meter\"/>\n      <Processor "
        "id=\"{}\" "
        "name=\"{}\" active=\"1\" own-input=\"1\" own-output=\"0\" output=\"{}\" type=\"main-outs\" "
        "role=\"Main\">\n"
        "        <PannerShell bypassed=\"0\" user-panner=\"\" linked-to-route=\"1\"/>\n      </Processor>\n"
        "      <Slavable/>\n    </Route>\n",
        new_id(), route.name, new_id(), route.name, route.name);
  }

  const NewSession& session_;
  std::vector<Route> routes_;
  std::string text_;
  std::int64_t last_id_ = 0;
  std::int64_t longest_ = 0;
};

}  // namespace

Result<std::string> new_ardour_session(const NewSession& session) {
  if (const auto checked = check(session); !checked) return tl::unexpected(checked.error());
  return Writer(session).text();
}

}  // namespace gainstage
