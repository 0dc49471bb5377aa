// SPDX-License-Identifier: MIT
// What a mixing desk holds, as plain values: sources, clips, strips and where they go. No samples, no bytes
// of a format: a reader of src/session_format makes it, mix and staging only look at it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.h"
#include "session/automation.h"

namespace gainstage {

/// One gain stage: a place where level can be changed.
///
/// Its gain at a time is `ratio`, replaced by or multiplied with the automation. A gain can be zero (minus
/// infinity), never negative: polarity is a property of its own.
struct GainControl {
  double ratio = 1.0;                         ///< Amplitude; 1 is 0 dB.
  std::optional<Automation> automation = {};  ///< Only where the format plays it back.
  enum class Playback { replaces, multiplies } playback = Playback::replaces;
  /// What the format can hold, static value and automation points alike; absent: the stage does not exist in
  /// this format, or can't be written here, and must stay as it is.
  struct Range {
    double greatest_ratio = 0.0;
  };
  std::optional<Range> writable = {};

  double ratio_at(double seconds) const;  // [any]
  double greatest() const;                // [any] Over the session, by the points of the automation.
  double least() const;                   // [any]
};

/// Where a strip's sound stands between the speakers, and by which law.
enum class PanLaw {
  none,            ///< Straight through.
  ardour,          ///< Mono: equal power, -3 dB at the centre. Stereo: each channel so, `width` apart.
  reaper,          ///< Stereo balance; `centre` says what the project's law takes at the centre.
  dawproject,      ///< The format leaves the law to the application; Bitwig's is taken.
  ardour_balance,  ///< Ardour's other stereo panner: only the far side is turned down.
};

struct Pan {
  PanLaw law = PanLaw::none;
  double position = 0.0;                      ///< -1 left, 0 centre, 1 right.
  std::optional<Automation> automation = {};  ///< Of the position.
  double width = 1.0;                         ///< -1 .. 1, where the law has one.
  /// Gain at the centre, where the law leaves it to the project. Over 0 dB: the law is compensated, the
  /// centre stays as it is and a side rises by as much.
  Db centre{0.0};
};

struct Mute {
  bool is_on = false;
  std::optional<Automation> automation = {};  ///< 1 is muted.
};

/// An audio file, as the session names it.
struct SessionSource {
  std::string name;  ///< As the session shows it.
  std::string
      path;  ///< Absolute, or relative to the session's folder; a path within a zip as it stands there.
  bool is_in_session = false;  ///< `path` is a member of the session's own file.
  std::optional<std::string> found_path =
      {};                       ///< Where it is on this machine; absent: missing. Set by whoever looks.
  std::size_t channels = 0;     ///< 0: the session does not say.
  double sample_rate_hz = 0.0;  ///< 0: the session does not say.
  Frames frames = 0;            ///< Of the source's own rate; 0: the session does not say.
  GainControl gain = {};
};

/// A stretch of a source on a strip. Clips are mixed (added) where they overlap, unless `is_opaque`: then the
/// later one of `clips` hides the earlier ones while it lasts; where it fades, they are heard under it.
/// A clip of one channel sounds on all channels of its strip, a wider one on those of the same number.
struct Clip {
  std::string name;
  std::vector<std::size_t> sources;          ///< Indices; several are one channel each, in order.
  std::vector<std::size_t> source_channels;  ///< Which channels are taken: of the single source; of several,
                                             ///< one of each. Empty: all, or the first of each.
  double start_s = 0.0;                      ///< On the session's time line.
  double length_s = 0.0;
  double offset_s = 0.0;  ///< Into the source, where the clip begins. Negative: silence first.
  /// The source's stretch from 0 on that repeats, 0: all of the source; absent: it ends.
  std::optional<double> loop_s = {};
  double rate =
      1.0;  ///< Source seconds per session second; other than 1: the clip can't be read, a warning says so.
  GainControl gain = {};
  std::optional<GainControl> take_gain =
      {};  ///< A second gain in series, where the format has one (REAPER's take volume).
  std::optional<Automation> envelope = {};  ///< Amplitude, over the clip's own time.
  struct Fade {
    double length_s = 0.0;
    Automation curve;  ///< Amplitude over the clip's own time: a fade in begins at 0, a fade out ends at
                       ///< length_s of the clip.
    std::optional<Automation> beneath =
        {};  ///< What an opaque clip leaves of those under it, over the same time; absent: 1 - curve.
  };
  std::optional<Fade> fade_in = {};
  std::optional<Fade> fade_out = {};
  Pan pan = {};
  bool is_muted = false;
  bool is_inverted = false;
  bool is_opaque = false;
};

/// A processor whose inside is not known to us.
struct Insert {
  std::string name;             ///< As the session names it, or the plug-in's own name.
  std::string identifier = {};  ///< Format and id: "lv2:http://...", "vst3:...". May be empty.
  bool is_enabled = true;
  bool is_after_fader = false;
  enum class Kind {
    linear,
    non_linear,
    unknown
  } kind = Kind::unknown;  ///< By session/insert_kinds.h; unknown counts as non-linear.
};

/// A way from a strip to another.
struct Send {
  std::string name;
  std::size_t to = 0;  ///< Index of a strip.
  /// `after_fader` is before the strip's pan, `after_pan` behind it.
  enum class Tap { before_inserts, before_fader, after_fader, after_pan } tap = Tap::after_fader;
  GainControl gain = {};
  Pan pan = {};
  Mute mute = {};
  bool is_heard_when_muted =
      false;  ///< Goes on though the strip is muted, or silenced by the solo of others.
  bool is_enabled = true;
  bool is_inverted = false;
  bool is_mono = false;  ///< Both channels are summed first.
};

/// Where a strip's main output goes.
struct Output {
  std::optional<std::size_t> to = {};  ///< Index of a strip; absent: hardware.
  std::string hardware = {};           ///< Its name where `to` is absent.
  GainControl gain = {};
  /// Channel of the destination for each of the strip's channels; empty: those of the same number, mono to
  /// both of a stereo strip.
  std::vector<std::size_t> channels = {};
};

/// Places in a strip's signal flow, in their order, that format, plan and report call by one name.
enum class StageKind { source, clip, take, trim, fader, send, output, vca, master };

/// Names one gain stage of a SignalFlow.
struct StageRef {
  StageKind kind = StageKind::fader;
  std::size_t strip = 0;  ///< Index of the strip; of the VCA for `vca`; of the source for `source`.
  std::size_t item = 0;   ///< Index of the clip, send or output within the strip.
  auto operator<=>(const StageRef&) const = default;
};

enum class StripKind { track, bus, folder, master };

/// A track, a bus, a folder or the master: whatever has a fader and a way out.
struct Strip {
  std::string id;    ///< The format's own, unique.
  std::string name;  ///< As the user sees it; need not be unique.
  StripKind kind = StripKind::track;
  std::size_t channels = 2;  ///< Within the strip, up to its pan. What leaves is as wide as the destination.
  std::vector<Clip> clips = {};        ///< In the order of their layers, the lowest first; else by start.
  GainControl trim = {};               ///< Before the inserts. A format without one has none writable.
  std::vector<bool> is_inverted = {};  ///< Polarity of each channel; empty: none.
  std::vector<Insert> inserts = {};
  GainControl fader = {};
  std::optional<GainControl> second_fader = {};  ///< A gain in series after the fader that moves with it
                                                 ///< (REAPER's trim envelope, Ardour's master volume).
  Pan pan = {};
  Mute mute = {};
  bool is_soloed = false;
  bool is_solo_safe = false;
  std::vector<Send> sends = {};
  std::vector<Output> outputs = {};
  std::vector<std::size_t> vcas = {};  ///< Indices: their gains multiply the fader's.
  bool has_unread_content = false;     ///< MIDI, video, stretched clips: sound that is not in `clips`.
};

struct Vca {
  std::string id;
  std::string name;
  GainControl gain = {};
  double base_ratio = 1.0;  ///< What `gain` is relative to: its part in a strip is gain / base.
  bool is_muted = false;
  bool is_soloed = false;
  std::vector<std::size_t> vcas = {};  ///< Those that it follows itself.
};

/// Something of the session that is not played as the application would, with a place.
struct FlowNote {
  std::string code;   ///< "stretched-clip", "newer-version", ...
  std::string strip;  ///< Name; empty: the session.
  std::string sentence;
};

/// Invariants, checked by check_flow(): indices are in range; there is exactly one master; what goes out of a
/// strip never comes back into it; numbers are finite and gains not negative.
struct SignalFlow {
  std::string format;   ///< "ardour", "reaper", "dawproject".
  std::string version;  ///< As the session says.
  std::string name;
  double sample_rate_hz = 0.0;  ///< 0: the session does not say.
  double start_s = 0.0;         ///< Of what an export would hold.
  double length_s = 0.0;        ///< 0: to the end of the last clip.
  std::vector<SessionSource> sources = {};
  std::vector<Strip> strips = {};
  std::vector<Vca> vcas = {};
  std::size_t master = 0;  ///< Index of its strip.
  std::vector<FlowNote> notes = {};
};

/// The stage's control; null where the flow has none such. `master` is the fader of the master's strip.
const GainControl* find_stage(const SignalFlow& flow, const StageRef& stage);
GainControl* find_stage(SignalFlow& flow, const StageRef& stage);
/// Names the fader of a strip, which may be the master's.
StageRef fader_of(const SignalFlow& flow, std::size_t strip);
/// As a user reads it: "Kick: fader", "VCA Drums". The stage must be there.
std::string stage_name(const SignalFlow& flow, const StageRef& stage);
std::string_view to_string(StageKind kind);
std::string_view to_string(StripKind kind);

/// One gain stage's change. Its static value and every point of its automation are multiplied by the ratio of
/// `gain`: in every scale that is the same dB everywhere. Where the automation multiplies the static value,
/// that alone is changed. A stage at minus infinity is so changed by nothing; from zero_db, it is set to
/// `gain`, and every point of an automation that replaces it.
struct StageChange {
  StageRef stage;
  Db gain;
  enum class From { present, zero_db } from = From::present;
};

/// What a format could not hold of a change, and what was done instead.
struct StageLoss {
  StageRef stage;
  Db gain;  ///< Not applied.
  std::string sentence;
};

}  // namespace gainstage
