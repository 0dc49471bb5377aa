// SPDX-License-Identifier: MIT
// Sources, playlists and regions.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numbers>
#include <string_view>
#include <tuple>

#include "session_format/ardour/ardour_automation.h"
#include "session_format/ardour/reading.h"

namespace gainstage::ardour {
namespace {

/// Constant power over 64 samples, as Ardour makes it: the last but one point is not yet the end's.
Automation default_fade(double length_s) {
  Automation fade;
  fade.points.push_back({0.0, 0.0});
  for (int i = 1; i < default_fade_steps; ++i) {
    const double x = static_cast<double>(i) / (default_fade_steps + 1);
    fade.points.push_back({x * length_s, std::sin(0.5 * std::numbers::pi * x)});
  }
  fade.points.push_back({length_s, 1.0});
  return fade;
}

Automation backwards(Automation curve) {
  const double end = curve.points.back().seconds;
  std::ranges::reverse(curve.points);
  for (AutomationPoint& point : curve.points) point.seconds = end - point.seconds;
  return curve;
}

void shift(Automation& curve, double seconds) {
  for (AutomationPoint& point : curve.points) point.seconds += seconds;
}

/// The curve of FadeIn, InverseFadeOut...: absent where the node has no list.
std::optional<Automation> fade_curve(Reading& reading, pugi::xml_node node, const std::string& strip,
                                     const std::string& what) {
  const pugi::xml_node list = node.child("AutomationList");
  if (!list.child("events")) return std::nullopt;
  const auto read = read_automation(reading, list, envelope_limits, AutomationScale::value, strip, what);
  Automation curve = splined(read.automation);
  reading.points += curve.points.size();
  return curve;
}

struct FadeEnd {
  const char* node;
  const char* inverse;
  const char* active;
  bool is_out;
};

std::optional<Clip::Fade> read_fade(Reading& reading, pugi::xml_node region, const FadeEnd& end,
                                    const Clip& clip, const std::string& strip, const std::string& what) {
  const pugi::xml_node node = region.child(end.node);
  if (!is_yes(node.attribute("active") ? node.attribute("active") : region.attribute(end.active), true))
    return std::nullopt;
  const bool is_default = is_yes(node.attribute("default")) || node.attribute("steepness");
  auto curve = is_default ? std::nullopt : fade_curve(reading, node, strip, what);
  std::optional<Automation> beneath;
  if (curve) {
    beneath = fade_curve(reading, region.child(end.inverse), strip, what);
  } else {
    curve = default_fade(default_fade_samples / reading.flow.sample_rate_hz);
    beneath = backwards(*curve);
    if (end.is_out) std::swap(*curve, *beneath);
  }
  Clip::Fade fade;
  fade.length_s = curve->points.back().seconds;
  if (fade.length_s <= 0.0) return std::nullopt;
  fade.curve = std::move(*curve);
  if (clip.is_opaque) fade.beneath = std::move(beneath);
  if (end.is_out) {
    shift(fade.curve, clip.length_s - fade.length_s);
    if (fade.beneath) shift(*fade.beneath, clip.length_s - fade.length_s);
  }
  return fade;
}

/// Where the region lies and what part of its sources it plays; false: refused.
bool read_place(Reading& reading, pugi::xml_node region, Clip& clip, const std::string& strip) {
  const std::string_view length = region.attribute("length").value();
  const auto offset = reading.clock.seconds(region.attribute("start").as_string("0"));
  std::optional<Clock::Stretch> place;
  if (length.find('@') != std::string_view::npos) {
    place = reading.clock.stretch(length);
  } else {
    const auto start = reading.clock.seconds(region.attribute("position").as_string("0"));
    const auto seconds = reading.clock.seconds(length);
    if (start && seconds) place = Clock::Stretch{*start, *seconds};
  }
  if (!offset || !place || place->length_s < 0.0) {
    reading.refuse(region, strip,
                   fmt::format("The region '{}' of '{}' has no place; expected start, length and position in "
                               "Ardour's times.",
                               clip.name, strip));
    return false;
  }
  clip.start_s = place->start_s;
  clip.length_s = place->length_s;
  clip.offset_s = *offset;
  return true;
}

/// The sources of a region: one file with its channels, or several files of one channel each.
bool read_region_sources(Reading& reading, pugi::xml_node region, Clip& clip) {
  const double count = to_number(region.attribute("channels").as_string("1")).value_or(1.0);
  for (int i = 0; i < std::clamp(count, 1.0, 64.0); ++i) {
    const std::string id = region.attribute(fmt::format("source-{}", i).c_str()).value();
    const auto source = reading.source_by_id.find(id);
    if (source == reading.source_by_id.end()) return false;
    clip.sources.push_back(source->second);
    clip.source_channels.push_back(reading.channel_by_source_id.at(id));
  }
  if (std::ranges::adjacent_find(clip.sources, std::ranges::not_equal_to{}) == clip.sources.end()) {
    clip.sources.resize(1);
  }
  return true;
}

void read_region(Reading& reading, pugi::xml_node region, std::size_t strip_index) {
  Strip& strip = reading.flow.strips[strip_index];
  Clip clip;
  clip.name = region.attribute("name").value();
  if (!read_place(reading, region, clip, strip.name)) return;
  if (!read_region_sources(reading, region, clip)) {
    strip.has_unread_content = true;
    reading.note(
        "unknown-source", strip.name,
        fmt::format("The region '{}' of '{}' plays a source that the session does not hold as a file; "
                    "it is left out.",
                    clip.name, strip.name));
    return;
  }
  clip.is_muted = is_yes(region.attribute("muted"));
  clip.is_opaque = is_yes(region.attribute("opaque"), true);
  const std::string what = fmt::format("the region '{}' of '{}'", clip.name, strip.name);

  const double gain = reading.number(region, "scale-amplitude", 1.0, strip.name, "The gain of " + what);
  clip.gain.ratio = std::abs(gain);
  clip.is_inverted = gain < 0.0;
  if (const auto number = number_of(reading.xml, region, "scale-amplitude")) {
    clip.gain.writable = GainControl::Range{region_limits.greatest};
    reading.stages[{StageKind::clip, strip_index, strip.clips.size()}] = {
        {*number}, region_limits.least, region_limits.greatest, clip.gain.ratio, clip.gain.ratio};
  }
  const pugi::xml_node envelope = region.child("Envelope").child("AutomationList");
  if (is_yes(region.attribute("envelope-active")) && !region.child("Envelope").attribute("default") &&
      envelope.child("events")) {
    clip.envelope = read_automation(reading, envelope, envelope_limits, AutomationScale::ardour_fader,
                                    strip.name, "the envelope of " + what)
                        .automation;
  }
  if (reading.has_region_fades) {
    clip.fade_in = read_fade(reading, region, {"FadeIn", "InverseFadeIn", "fade-in-active", false}, clip,
                             strip.name, "the fade in of " + what);
    clip.fade_out = read_fade(reading, region, {"FadeOut", "InverseFadeOut", "fade-out-active", true}, clip,
                              strip.name, "the fade out of " + what);
  }
  if (region.child("RegionFXPlugin")) {
    strip.has_unread_content = true;
    reading.note("region-effects", strip.name,
                 fmt::format("{} has effects of its own, which are not played.", what));
  }
  strip.clips.push_back(std::move(clip));
}

pugi::xml_node playlist_of(const Reading& reading, pugi::xml_node route) {
  const pugi::xml_attribute id = route.attribute("audio-playlist");
  const auto& playlists = id ? reading.playlist_by_id : reading.playlist_by_name;
  const auto found =
      playlists.find(id ? id.value() : route.child("Diskstream").attribute("playlist").value());
  return found == playlists.end() ? pugi::xml_node() : found->second;
}

}  // namespace

void read_sources(Reading& reading) {
  const std::string folder = fmt::format("interchange/{}/audiofiles/", reading.flow.name);
  std::map<std::tuple<std::string, double>, std::size_t> source_by_file;
  for (const pugi::xml_node node : reading.xml.root().child("Sources").children("Source")) {
    if (std::string_view(node.attribute("type").as_string("audio")) != "audio") continue;
    if (node.attribute("playlist")) continue;  // A compound region: not a file.
    SessionSource source;
    source.name = node.attribute("name").value();
    // Relative names count from the folder of the session's own files; a name may lead out of it.
    source.path = source.name.starts_with('/')
                      ? source.name
                      : std::filesystem::path(folder + source.name).lexically_normal().string();
    source.gain.ratio = reading.number(node, "gain", 1.0, "", fmt::format("The gain of '{}'", source.name));
    if (source.gain.ratio < 0.0) {
      reading.refuse(node, "",
                     fmt::format("The gain of the source '{}' is {:g}; expected a ratio from 0 up.",
                                 source.name, source.gain.ratio));
    }
    const double channel =
        reading.number(node, "channel", 0.0, "", fmt::format("The channel of '{}'", source.name));
    const std::string id = node.attribute("id").value();
    const auto [place, is_new] =
        source_by_file.try_emplace({source.path, source.gain.ratio}, reading.flow.sources.size());
    if (is_new) reading.flow.sources.push_back(std::move(source));
    reading.source_by_id[id] = place->second;
    reading.channel_by_source_id[id] = static_cast<std::size_t>(std::clamp(channel, 0.0, 1023.0));
  }
}

void read_playlists(Reading& reading) {
  for (const pugi::xml_node node : reading.xml.root().child("Playlists").children("Playlist")) {
    reading.playlist_by_id.try_emplace(node.attribute("id").value(), node);
    reading.playlist_by_name.try_emplace(node.attribute("name").value(), node);
  }
}

void read_clips(Reading& reading, pugi::xml_node route, std::size_t strip_index) {
  struct Layered {
    pugi::xml_node region;
    double layer = 0.0;
  };
  std::vector<Layered> regions;
  for (const pugi::xml_node region : playlist_of(reading, route).children("Region")) {
    if (++reading.clips > most_clips) {
      reading.refuse(region, "", fmt::format("The session plays more than {} regions.", most_clips));
      return;
    }
    if (std::string_view(region.attribute("type").as_string("audio")) != "audio") {
      reading.flow.strips[strip_index].has_unread_content = true;
      continue;
    }
    regions.push_back({region, to_number(region.attribute("layering-index").as_string("0")).value_or(0.0)});
  }
  std::ranges::stable_sort(regions, {}, &Layered::layer);
  for (const Layered& layered : regions) {
    read_region(reading, layered.region, strip_index);
    if (reading.points > most_points) {
      reading.refuse(layered.region, "",
                     fmt::format("The session has more than {} automation points.", most_points));
    }
    if (reading.problem) return;
  }
}

}  // namespace gainstage::ardour
