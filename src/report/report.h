// SPDX-License-Identifier: MIT
// What one run heard, decided and wrote. docs/report.md describes the JSON it becomes; every other view is
// made of it.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "delivery/check.h"
#include "session/session.h"
#include "session/signal_flow.h"
#include "staging/measurements.h"
#include "staging/options.h"
#include "staging/plan.h"

namespace gainstage {

using Json = nlohmann::ordered_json;

inline constexpr std::string_view report_schema = "gainstage.report/1";
inline constexpr std::string_view measure_schema = "gainstage.measure/1";

/// A track of the plan and what was measured of it.
struct ReportTrack {
  TrackPlan plan;
  Db total;  ///< gain and raise, as it is rendered; minus infinity: the mix is made without it.
  Measure clip;
  std::optional<Measure> insert_in;  ///< Absent: it can't be known.
  std::optional<Measure> fader_out;
};

/// A stage of a DAW's session that is turned.
struct ReportStage {
  std::string stage;  ///< As a user reads it: "Kick: fader".
  StageKind kind = StageKind::fader;
  std::string strip;  ///< Its name; of a VCA the VCA's.
  Db from;            ///< Static value, or the greatest of the automation where that replaces it.
  Db to;
  Db gain;
  bool is_automated = false;
  std::string why;
};

struct ReportLoss {
  std::string stage;
  Db gain;  ///< Not applied.
  std::string sentence;
};

/// What became of a DAW's session.
struct ReportSession {
  std::string format;
  std::string file;
  std::string written;  ///< Empty: a dry run.
  std::string place;    ///< Of --place.
  std::vector<ReportStage> stages;
  std::vector<ReportLoss> losses;
};

/// What the limiter did.
struct LimitingReport {
  Db greatest_reduction;
  Db mean_reduction_while_active;
  double active_percent = 0.0;
};

struct TimeSeries {
  double hop_s = 0.1;
  std::vector<float> values;
};

struct SpectrumChart {
  ThirdOctaves mix{};                       ///< Mean powers.
  std::map<Family, ThirdOctaves> families;  ///< Mean powers, at the gains of the mix.
};

struct StereoChart {
  TimeSeries correlation;
  ThirdOctaves width{};
  std::size_t vectorscope_size = 0;
  std::vector<std::uint32_t> vectorscope;
};

/// What the HTML report draws. Series are as measured; writing thins them.
struct Charts {
  double hop_s = 0.1;
  std::vector<float> momentary_lufs;
  std::vector<float> short_term_lufs;
  std::optional<SpectrumChart> spectrum;
  std::optional<StereoChart> stereo;
  std::optional<TimeSeries> gain_reduction;
};

/// How the mix was written, beside the gains: all that makes it again.
struct RenderSettings {
  std::string format = "wav";  ///< wav or flac.
  std::string bits = "24";     ///< 16, 24 or 32f.
  std::optional<Db> limiter_ceiling;
  bool non_finite_as_silence = false;
};

struct Report {
  std::string version;
  Json options = Json::object();  ///< Every option that has a say in the result, with its value.
  std::string session_name;
  double sample_rate_hz = 0.0;
  std::size_t channels = 0;
  double duration_s = 0.0;
  Style style = Style::rock;  ///< Whose balance was the prior.
  std::vector<ReportTrack> tracks;
  std::vector<BuildStep> steps;
  std::vector<StepReading> readings;
  std::string anchor_step;
  Db anchor_wanted;
  Db anchor_reading;
  AnchorDetector anchor_detector = AnchorDetector::peak;
  Db headroom_cut;
  Db raise;
  MasterPrediction predicted;
  std::optional<Measure> master;  ///< Of the written file; absent in a dry run.
  Target target;
  DeliveryTarget aim;
  Reach reach = Reach::stop;
  bool is_reached = false;
  Db shortfall;
  std::vector<std::string> peaks_from;
  std::vector<std::string> met_by;
  std::optional<LimitingReport> limiting;
  RenderSettings render;
  std::vector<std::string>
      stems;  ///< Written, within the output folder, in the order of tracks; empty: none.
  std::optional<ReportSession> daw;  ///< Absent: stems.
  std::vector<Warning> warnings;
  std::optional<Charts> charts;

  /// The written file's figures, or those the plan predicts.
  Measure master_or_predicted() const;
};

/// The track's figures after a gain: levels move with it, loudness is gated again. Samples can't clip behind
/// the file, so clipping is that of the file.
Measure measure_after(const TrackMeasurements& track, Db gain);

/// Pretty JSON text of the report, ending with a newline. No number in it is infinite or NaN.
std::string to_json_text(const Report& report);

/// A measure as the reports hold it.
Json to_json(const Measure& measure);
/// A checked clause and a check, as reports and `check --json` hold them.
Json to_json(const CheckedClause& checked);
Json to_json(const Check& check);

/// A destination as a file of targets has it (docs/targets.md).
Json to_json(const Target& target);

/// A level or loudness, null where it is not finite.
Json number(double value);
/// dB of mean powers with full scale 0, rounded to 0.01; null where silent.
Json decibels(const ThirdOctaves& powers);

/// JSON text with objects indented and lists of plain values on one line.
std::string pretty(const Json& json);

}  // namespace gainstage
