// SPDX-License-Identifier: MIT
#include "session_format/dawproject/clip_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "session_format/dawproject/curves.h"
#include "session_format/dawproject/warp_map.h"

namespace gainstage::dawproject {
namespace {

constexpr double endless = std::numeric_limits<double>::infinity();
constexpr int most_nested = 100;
constexpr double shortest_s = 1e-7;       // Far less than a sample: nothing is heard of it.
constexpr double shortest_loop_s = 1e-4;  // A loop of 10 kHz is a mistake.
constexpr std::size_t steps_of_a_pass = 4;
constexpr std::size_t steps_of_a_clip = 20;  // So that no more than 200,000 are laid out.
constexpr double most_channels = 64.0;
constexpr double most_rate_hz = 10e6;

/// A gain of a clip: its proposed Gain element, or Points with the expression "gain".
struct ClipGain {
  pugi::xml_node element;
  Automation curve;  ///< Over the session's seconds.
  GainPlace place;
};

/// What holds for all that stands within an element. Scopes lie on the stack, each within its outer one.
struct Scope {
  const Scope* outer = nullptr;
  std::optional<std::size_t> strip;
  Placement place;
  double begin_s = -endless;  ///< Of what is heard of the content.
  double end_s = endless;
  std::string name;
  bool is_in_clip = false;
  bool is_muted = false;
  std::optional<ClipGain> gain = {};
  std::optional<Ramp> fade_in = {};
  std::optional<Ramp> fade_out = {};
  int depth = 0;
};

Scope within(const Scope& outer) {
  return {.outer = &outer,
          .strip = outer.strip,
          .place = outer.place,
          .begin_s = outer.begin_s,
          .end_s = outer.end_s,
          .name = outer.name,
          .is_in_clip = outer.is_in_clip,
          .is_muted = outer.is_muted,
          .depth = outer.depth + 1};
}

struct PlacedClip {
  Clip clip;
  pugi::xml_node gain;  ///< The innermost one, which is moved.
  GainPlace place;
};

class ClipReader {
 public:
  ClipReader(ProjectReading& reading, const TempoMap& tempo, const StripsById& strips, SignalFlow& flow)
      : reading_(reading), tempo_(tempo), strips_(strips), flow_(flow), placed_(flow.strips.size()) {}

  void read(GainPlaces& places) {
    for (const pugi::xml_node lanes : reading_.root().child("Arrangement").children("Lanes")) {
      read_timeline(lanes, Scope{});
    }
    if (reading_.root().child("Scenes").find_node([](pugi::xml_node n) { return is_named(n, "Clip"); })) {
      reading_.note("launcher-clips", "",
                    "The clip launcher's clips are not part of the arrangement and not read.");
    }
    if (reading_.is_refused()) return;
    std::map<std::size_t, std::size_t> uses;  // Of a gain element, by its place in memory.
    for (const auto& strip : placed_) {
      for (const PlacedClip& placed : strip) ++uses[placed.gain.hash_value()];
    }
    for (std::size_t i = 0; i < placed_.size(); ++i) {
      std::ranges::stable_sort(placed_[i], {}, [](const PlacedClip& placed) { return placed.clip.start_s; });
      for (PlacedClip& placed : placed_[i]) {
        // A gain that several clips share would move them all.
        if (placed.gain && uses[placed.gain.hash_value()] == 1 && placed.clip.gain.writable) {
          places[{StageKind::clip, i, flow_.strips[i].clips.size()}] = std::move(placed.place);
        } else {
          placed.clip.gain.writable.reset();
        }
        flow_.strips[i].clips.push_back(std::move(placed.clip));
      }
    }
  }

 private:
  static bool is_named(pugi::xml_node node, std::string_view name) { return node.name() == name; }

  std::string strip_name(const Scope& scope) const {
    return scope.strip ? flow_.strips[*scope.strip].name : "";
  }

  /// Something that sounds and is not read.
  void leave(const Scope& scope, const std::string& code, const std::string& what) {
    const std::string strip = strip_name(scope);
    if (scope.strip) flow_.strips[*scope.strip].has_unread_content = true;
    reading_.note(code, strip, fmt::format("{} of '{}' can't be read; its sound is missing.", what, strip));
  }

  // References may lead anywhere, round in a circle too: depth and steps are bounded.
  void read_timeline(pugi::xml_node node, const Scope& outer) {
    reading_.spend(1, node);
    if (reading_.is_refused()) return;
    if (outer.depth > most_nested) {
      reading_.refuse(
          node,
          fmt::format("Clips lie more than {} deep within each other, or refer to themselves.", most_nested));
      return;
    }
    Scope scope = within(outer);
    if (const pugi::xml_attribute track = node.attribute("track"); track && !scope.is_in_clip)
      enter_track(node, scope);
    if (reading_.is_refused()) return;
    const TimeUnit unit = reading_.time_unit(node, "timeUnit", scope.place.unit);
    scope.place = scope.place.in(tempo_, unit);
    const std::string_view name = node.name();
    if (name == "Lanes") {
      read_lanes(node, scope);
    } else if (name == "Clips") {
      for (const pugi::xml_node clip : node.children()) {
        reading_.spend(1, clip);
        if (is_named(clip, "Clip")) read_clip(clip, scope);
        if (reading_.is_refused()) return;
      }
    } else if (name == "Warps") {
      read_warped(node, scope);
    } else if (name == "Audio") {
      add_audio(node, scope, 1.0, {});
    } else if (name == "Notes") {
      if (node.first_child()) leave(scope, "notes", "Notes");
    } else if (name == "Video") {
      leave(scope, "video", "A video");
    } else if (name == "Timeline") {
      leave(scope, "unknown-timeline", "A timeline of an unknown kind");
    }
  }

  void enter_track(pugi::xml_node node, Scope& scope) {
    const std::string id = node.attribute("track").value();
    const pugi::xml_node track = reading_.find(id, "A timeline of the arrangement");
    if (!track) return;
    const auto found = strips_.find(id);
    scope.strip = found == strips_.end() ? std::nullopt : std::optional(found->second);
  }

  void read_lanes(pugi::xml_node node, Scope& scope) {
    if (scope.is_in_clip) {
      for (const pugi::xml_node points : node.children("Points")) read_expression(points, scope);
    }
    for (const pugi::xml_node child : node.children()) read_timeline(child, scope);
  }

  // Points that belong to the clip itself. Those of parameters are automation, and are not the clip's.
  void read_expression(pugi::xml_node points, Scope& scope) {
    const std::string_view expression = target_of(points).attribute("expression").value();
    if (expression == "gain" && !scope.gain) {
      const LevelUnit unit = reading_.level_unit(points, LevelUnit::linear);
      const TimeUnit time_unit = reading_.time_unit(points, "timeUnit", scope.place.unit);
      const std::string what = fmt::format("the gain of the clip '{}'", scope.name);
      auto curve = read_level_points(reading_, tempo_, points, scope.place.in(tempo_, time_unit), unit, what,
                                     strip_name(scope));
      if (!curve) return;
      GainPlace place;
      place.greatest_ratio = greatest_ratio_without_max(unit);
      for (const pugi::xml_node point : points.children("RealPoint")) {
        place.values.push_back({point, unit, parse_number(point.attribute("value").value()).value_or(0.0)});
      }
      place.greatest_ratio = std::max(place.greatest_ratio, place.present_ratio());
      scope.gain = ClipGain{points, *std::move(curve), std::move(place)};
      return;
    }
    const bool is_heard = expression == "gain" || expression == "pan" || expression == "transpose" ||
                          expression == "formant" || expression == "timbre";
    if (!is_heard) return;
    for (const pugi::xml_node point : points.children()) {
      reading_.spend(1, point);
      const double value = reading_.number(point, "value", 0.0);
      if (value == 0.0 ||
          (value == 0.5 && points.attribute("unit").value() == std::string_view("normalized")))
        continue;
      const std::string strip = strip_name(scope);
      reading_.note(
          "clip-expression", strip,
          fmt::format("A clip of '{}' has an expression '{}' that is not played.", strip, expression));
      return;
    }
  }

  // The element that PR 105 of the format proposes: <Gain unit value [min max]> in a Clip.
  void read_gain_element(pugi::xml_node element, Scope& scope) {
    if (!element || !element.attribute("value")) return;
    const std::string what = fmt::format("the gain of the clip '{}'", scope.name);
    const LevelUnit unit = reading_.level_unit(element, LevelUnit::linear);
    const double ratio = reading_.ratio(element, "value", unit, what);
    GainPlace place{
        .values = {{element, unit, parse_number(element.attribute("value").value()).value_or(0.0)}}};
    place.greatest_ratio = element.attribute("max") ? reading_.ratio(element, "max", unit, what)
                                                    : greatest_ratio_without_max(unit);
    place.greatest_ratio = std::max(place.greatest_ratio, ratio);
    scope.gain = ClipGain{element, {.points = {{.value = ratio}}}, std::move(place)};
  }

  void read_clip(pugi::xml_node node, const Scope& outer) {
    reading_.spend(1, node);
    Scope scope = within(outer);
    if (node.attribute("name")) scope.name = node.attribute("name").value();
    scope.is_in_clip = true;
    scope.is_muted = outer.is_muted || !reading_.boolean(node, "enable", true);
    const auto time = reading_.optional_number(node, "time");
    if (!time && !reading_.is_refused()) reading_.refuse(node, "A clip has no time; it can't be placed.");
    const double start = time.value_or(0.0);
    const TimeUnit content_unit = reading_.time_unit(node, "contentTimeUnit", outer.place.unit);
    const double play_start = reading_.number(node, "playStart", 0.0);
    const auto play_stop = reading_.optional_number(node, "playStop");
    const auto duration = reading_.optional_number(node, "duration");

    double start_s = outer.place.seconds(tempo_, start);
    // The content's time 0, when its time `play_start` is at the clip's start.
    const Placement at_start = Placement{TimeUnit::seconds, start_s}.in(tempo_, content_unit);
    Placement content{content_unit, at_start.zero - play_start};
    double end_s = endless;
    if (play_stop) end_s = content.seconds(tempo_, *play_stop);
    if (duration) end_s = outer.place.seconds(tempo_, start + *duration);

    start_s = read_fades(node, outer, start_s, end_s, scope);
    scope.begin_s = std::max(outer.begin_s, start_s);
    scope.end_s = std::min(outer.end_s, end_s);
    read_gain_element(node.child("Gain"), scope);
    const pugi::xml_node timeline = content_of(node);
    if (reading_.is_refused() || !timeline || !(scope.end_s - scope.begin_s > shortest_s)) return;

    const auto loop_end = reading_.optional_number(node, "loopEnd");
    const double loop_start = reading_.number(node, "loopStart", 0.0);
    if (!loop_end || !(*loop_end > loop_start) || play_start >= *loop_end) {
      if (play_stop) scope.end_s = std::min(scope.end_s, content.seconds(tempo_, *play_stop));
      scope.place = content;
      read_timeline(timeline, scope);
      return;
    }
    read_loop(node, timeline, scope, content, loop_start, *loop_end);
  }

  // Once from where it starts to the loop's end, then the loop over and over.
  void read_loop(pugi::xml_node node, pugi::xml_node timeline, const Scope& scope, Placement content,
                 double loop_start, double loop_end) {
    if (!std::isfinite(scope.end_s)) {
      reading_.refuse(node, "A clip has a loop but no duration; it would never end.");
      return;
    }
    double begin_s = -endless;
    while (!reading_.is_refused()) {
      reading_.spend(steps_of_a_pass, node);
      const double turn_s = content.seconds(tempo_, loop_end);
      if (turn_s > scope.begin_s) {
        Scope pass = within(scope);
        pass.depth = scope.depth;
        pass.begin_s = std::max(scope.begin_s, begin_s);
        pass.end_s = std::min(scope.end_s, turn_s);
        pass.place = content;
        if (pass.end_s - pass.begin_s > shortest_s) read_timeline(timeline, pass);
      }
      if (!(turn_s < scope.end_s)) return;
      begin_s = turn_s;
      content.zero = Placement{TimeUnit::seconds, turn_s}.in(tempo_, content.unit).zero - loop_start;
      if (!(content.seconds(tempo_, loop_end) - turn_s > shortest_loop_s)) {
        reading_.refuse(
            node, fmt::format("A clip's loop from {} to {} is too short to be one.", loop_start, loop_end));
      }
    }
  }

  // Gives the clip's start: a negative fade in begins before it (the format's way to say crossfade).
  double read_fades(pugi::xml_node node, const Scope& outer, double start_s, double end_s, Scope& scope) {
    const TimeUnit unit = reading_.time_unit(node, "fadeTimeUnit", outer.place.unit);
    const double fade_in = reading_.number(node, "fadeInTime", 0.0);
    const double fade_out = reading_.number(node, "fadeOutTime", 0.0);
    // The seconds between a place of the session and another, so many beats or seconds away.
    const auto moved_s = [&](double from_s, double by) {
      return unit == TimeUnit::seconds ? from_s + by : tempo_.seconds(tempo_.beats(from_s) + by);
    };
    if (fade_in > 0.0) scope.fade_in = Ramp{start_s, moved_s(start_s, fade_in), Ramp::Way::up};
    if (fade_in < 0.0) {
      scope.fade_in = Ramp{moved_s(start_s, fade_in), start_s, Ramp::Way::up};
      start_s = scope.fade_in->from_s;
    }
    if (fade_out < 0.0 || (fade_out > 0.0 && !std::isfinite(end_s))) {
      reading_.note("fade-out", strip_name(scope),
                    "A clip's fade out has no place (negative, or without an end).");
    } else if (fade_out > 0.0) {
      scope.fade_out = Ramp{moved_s(end_s, -fade_out), end_s, Ramp::Way::down};
    }
    return start_s;
  }

  // The timeline within, or the one referred to. The schema allows no second one.
  pugi::xml_node content_of(pugi::xml_node clip) {
    pugi::xml_node content;
    for (const pugi::xml_node child : clip.children()) {
      reading_.spend(1, child);
      if (!content && child.type() == pugi::node_element && !is_named(child, "Gain")) content = child;
    }
    if (content || !clip.attribute("reference")) return content;
    return reading_.find(clip.attribute("reference").value(), "A clip");
  }

  void read_warped(pugi::xml_node node, Scope& scope) {
    pugi::xml_node content;
    for (const pugi::xml_node child : node.children()) {
      reading_.spend(1, child);
      if (child.type() == pugi::node_element && !is_named(child, "Warp")) content = child;
    }
    if (!content) return;
    const auto warped = read_warps(reading_, tempo_, node, scope.place, scope.begin_s, scope.end_s);
    if (reading_.is_refused()) return;
    if (warped && warped->rate == 1.0) {
      scope.place = warped->place;
      read_timeline(content, scope);
      return;
    }
    leave(scope, "stretched-clip", "A stretched clip");
    if (warped && is_named(content, "Audio") && warped->place.unit == TimeUnit::seconds &&
        warped->rate > 0.0 && std::isfinite(scope.begin_s)) {
      add_audio(content, scope, warped->rate, warped->offset);
    }
  }

  std::optional<std::size_t> source_of(pugi::xml_node audio) {
    const pugi::xml_node file = audio.child("File");
    SessionSource source;
    source.path = file.attribute("path").value();
    if (source.path.empty()) return std::nullopt;
    source.is_in_session = !reading_.boolean(file, "external", false);
    const std::size_t slash = source.path.find_last_of("/\\");
    source.name = slash == std::string::npos ? source.path : source.path.substr(slash + 1);
    const auto [place, is_new] =
        sources_.emplace(std::pair(source.path, source.is_in_session), flow_.sources.size());
    if (!is_new) return place->second;
    const double channels = reading_.number(audio, "channels", 0.0);
    const double rate = reading_.number(audio, "sampleRate", 0.0);
    const double frames = std::round(reading_.number(audio, "duration", 0.0) * rate);
    if (channels >= 1.0 && channels <= most_channels) source.channels = static_cast<std::size_t>(channels);
    if (rate > 0.0 && rate <= most_rate_hz) source.sample_rate_hz = rate;
    if (frames > 0.0 && frames < 1e15) source.frames = static_cast<Frames>(frames);
    flow_.sources.push_back(std::move(source));
    return place->second;
  }

  // `offset_s`: of the source at the scope's begin, where it is stretched.
  void add_audio(pugi::xml_node audio, const Scope& scope, double rate, std::optional<double> offset_s) {
    const auto source = source_of(audio);
    if (!source) {
      reading_.refuse(audio, "An Audio element names no file.");
      return;
    }
    if (!scope.strip) {
      reading_.note("no-track", "", "A clip of the arrangement lies on no track; it is not heard.");
      return;
    }
    const double zero_s = scope.place.seconds(tempo_, 0.0);  // Of the file's first sample.
    const double length_s = reading_.number(audio, "duration", 0.0);
    double begin_s = scope.begin_s;
    double end_s = scope.end_s;
    if (!offset_s) {
      begin_s = std::max(begin_s, zero_s);
      if (length_s > 0.0) end_s = std::min(end_s, zero_s + length_s);
    }
    if (!std::isfinite(end_s)) {
      leave(scope, "endless-clip", "A clip of unknown length");
      return;
    }
    reading_.spend(steps_of_a_clip, audio);
    if (reading_.is_refused() || !(end_s - begin_s > shortest_s)) return;
    PlacedClip placed;
    Clip& clip = placed.clip;
    clip.name = scope.name.empty() ? flow_.sources[*source].name : scope.name;
    clip.sources = {*source};
    clip.start_s = begin_s;
    clip.length_s = end_s - begin_s;
    clip.offset_s = offset_s.value_or(begin_s - zero_s);
    clip.rate = rate;
    clip.is_muted = scope.is_muted;
    shape(audio, scope, placed);
    placed_[*scope.strip].push_back(std::move(placed));
  }

  // Gains and fades of every clip around, from the inside out, over the clip's own time.
  void shape(pugi::xml_node audio, const Scope& inner, PlacedClip& placed) {
    Clip& clip = placed.clip;
    const double begin_s = clip.start_s;
    const double end_s = begin_s + clip.length_s;
    std::vector<Automation> envelopes;
    std::vector<Automation> fades_in;
    std::vector<Automation> fades_out;
    for (const Scope* scope = &inner; scope; scope = scope->outer) {
      if (scope->gain) {
        const auto constant = constant_value(scope->gain->curve);
        if (constant) clip.gain.ratio *= *constant;
        if (!constant) envelopes.push_back(shifted(scope->gain->curve, -begin_s));
        reading_.spend(scope->gain->curve.points.size(), audio);
        if (!placed.gain) {
          placed.gain = scope->gain->element;
          placed.place = scope->gain->place;
        }
      }
      if (scope->fade_in) {
        if (auto fade = cut_ramp(*scope->fade_in, begin_s, end_s)) fades_in.push_back(*std::move(fade));
      }
      if (scope->fade_out) {
        if (auto fade = cut_ramp(*scope->fade_out, begin_s, end_s)) fades_out.push_back(*std::move(fade));
      }
    }
    if (placed.gain) {
      // As far as its own highest point may still rise.
      const double present = placed.place.present_ratio();
      const double rise = present > 0.0 ? placed.place.greatest_ratio / present : 1.0;
      clip.gain.writable = GainControl::Range{clip.gain.ratio * rise};
    }
    if (auto curve = product(envelopes, 0.0, clip.length_s)) clip.envelope = std::move(curve);
    if (auto curve = product(fades_in, 0.0, clip.length_s)) {
      clip.fade_in = Clip::Fade{.length_s = curve->points.back().seconds, .curve = *std::move(curve)};
    }
    if (auto curve = product(fades_out, 0.0, clip.length_s)) {
      clip.fade_out =
          Clip::Fade{.length_s = clip.length_s - curve->points.front().seconds, .curve = *std::move(curve)};
    }
    for (const auto& fade : {clip.fade_in, clip.fade_out}) {
      if (fade) reading_.spend(fade->curve.points.size(), audio);
    }
    if (clip.envelope) reading_.spend(clip.envelope->points.size(), audio);
  }

  ProjectReading& reading_;
  const TempoMap& tempo_;
  const StripsById& strips_;
  SignalFlow& flow_;
  std::vector<std::vector<PlacedClip>> placed_;
  std::map<std::pair<std::string, bool>, std::size_t> sources_;
};

}  // namespace

void read_clips(ProjectReading& reading, const TempoMap& tempo, const StripsById& strips, SignalFlow& flow,
                GainPlaces& places) {
  ClipReader(reading, tempo, strips, flow).read(places);
}

}  // namespace gainstage::dawproject
