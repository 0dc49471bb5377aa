// SPDX-License-Identifier: MIT
// The plan: the list of moves, each with its reason, and the build of the mix they make.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/units.h"
#include "session/role.h"
#include "staging/measurements.h"
#include "staging/options.h"

namespace gainstage {

enum class RoleSource { name, audio, user };

struct RoleGuess {
  Role role = Role::other;
  Band band = Band::mid;
  double confidence = 0.0;  ///< 0..1. Under 0.5 only the band is trusted.
  RoleSource source = RoleSource::audio;
};

/// Which measure of the fallback chain a track's level was taken by.
enum class SoundingDetector { integrated, short_term, momentary, rms };

/// A finding with a place and a number. Nothing is repaired by itself.
struct Warning {
  std::string code;   ///< Stable, kebab-case: "clipped", "silent", "dc-offset", ...
  std::string track;  ///< Empty: the session.
  std::string sentence;
  std::optional<double> seconds;
};

/// Everything decided about one track, and why.
struct TrackPlan {
  std::string name;
  RoleGuess role;
  bool is_silent = false;
  bool is_locked = false;
  bool is_focus = false;
  std::string group;  ///< Name of its group; empty when in none.
  std::optional<SoundingDetector> detector;
  Lufs loudness_while_sounding;
  double sounding_s = 0.0;
  std::optional<double> balance_measure;  ///< B of the method, dB.
  std::optional<double> target_lu;        ///< Wanted level relative to the whole mix, if that has a loudness.
  std::optional<double> audibility;       ///< Share heard over the other tracks, 0..1.
  Db nominal;                             ///< The trim.
  Db fader;
  double confidence = 0.0;  ///< Of the move, 0..1.
  std::string why;          ///< A sentence.

  Db gain() const { return nominal + fader; }  ///< Before the final raise.
};

/// A group of tracks that comes in together.
struct BuildStep {
  std::string name;  ///< "low end", "snare", "backing vocals"...
  Band band = Band::low;
  std::vector<std::size_t> tracks;  ///< Indices into the session's tracks.
};

/// balance(): levels relative to each other; the absolute level is still open.
struct Balance {
  Style style = Style::rock;      ///< As asked, or as the roles told.
  std::vector<TrackPlan> tracks;  ///< fader holds the relative gain, less the nominal.
  std::vector<BuildStep> steps;
  std::vector<Warning> warnings;
};

/// The master after a step of the build.
struct StepReading {
  Db sample_peak{silent_db};
  Db true_peak{silent_db};
  Lufs integrated;
  Lufs short_term_max;
};

/// What the plan says the written file will measure.
struct MasterPrediction {
  Lufs integrated;
  Lufs momentary_max;
  Lufs short_term_max;
  Db loudness_range;
  Db true_peak{silent_db};
  Db sample_peak{silent_db};
};

struct TargetOutcome {
  bool is_reached = false;
  Db shortfall;                         ///< LU the mix stays under the target; 0 when reached.
  bool needs_limiter = false;           ///< Reach::limit was asked for and plain gain is not enough.
  std::vector<std::string> peaks_from;  ///< Tracks whose peaks make the mix peak, loudest first.
};

struct GainPlan {
  Style style = Style::rock;
  std::vector<TrackPlan> tracks;
  std::vector<BuildStep> steps;
  std::vector<StepReading> readings;  ///< One a step.
  Db anchor_reading;                  ///< What the low end reads on the master, before the raise.
  std::string anchor_step;
  Db headroom_cut;                    ///< By how much all faders came down to stay well under zero; >= 0 dB.
  Db raise;                           ///< One gain for all, to the target.
  Db unlimited_true_peak{silent_db};  ///< Of the mix before the raise.
  /// Where a limiter holds the mix, when one runs: the target's ceiling, or a little under it, so that what
  /// limiting leaves between the samples stays under it too.
  std::optional<Db> limiter_ceiling;
  MasterPrediction predicted;  ///< Behind the limiter when one runs.
  TargetOutcome outcome;
  std::vector<Warning> warnings;
};

/// What every track is multiplied with in the mix: its gain and the raise; minus infinity for silent ones,
/// which the mix is made without. In the order of plan.tracks. Exact to 1e-6 dB.
std::vector<Db> mix_gains(const GainPlan& plan);

}  // namespace gainstage
