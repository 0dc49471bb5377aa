// SPDX-License-Identifier: MIT
// What the mix measures where the stages stand, without mixing.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "delivery/target.h"
#include "engine/predict/heard_desk.h"
#include "hearing_now.h"
#include "stage_table.h"

namespace gainstage::desk {

struct Prediction {
  MixLoudness::Reading loudness;
  Db true_peak{silent_db};  ///< A bound, or exact.
  double true_peak_at_s = 0.0;
  bool is_exact = false;
};

/// Keeps what was heard of the session; the gains move. Thread: one.
class Predictor {
 public:
  Predictor(DeskParts parts, HeardDesk heard, double duration_s);

  /// At these ratios of the flow's strips, which it keeps.
  const Prediction& predict(const std::vector<StripRatios>& ratios);
  const Prediction& prediction() const { return prediction_; }

  /// Loudness between two times at other ratios; the whole where there is no range. Peaks are bounds of the
  /// whole.
  struct Stretch {
    Lufs integrated;
    Db true_peak{silent_db};
  };
  Stretch stretch(const std::vector<StripRatios>& ratios, std::optional<std::pair<double, double>> range_s);

  MixLoudness::History history() const { return heard_.loudness.history(); }

  // What the exact true peak is found from, on another thread.
  const DeskParts& parts() const { return parts_; }
  const std::vector<Db>& gains() const { return gains_; }
  std::vector<float> hop_bounds() const { return heard_.peaks.hop_bounds(gains_); }
  /// True where it is of the present gains.
  bool learn(ExactPeak found, const std::vector<Db>& of_gains);

  const Measurements& measurements() const { return heard_.measurements; }
  double duration_s() const { return duration_s_; }

 private:
  std::vector<Db> gains_at(const std::vector<StripRatios>& ratios) const;
  void set(const std::vector<Db>& gains);

  DeskParts parts_;
  HeardDesk heard_;
  double duration_s_;
  std::vector<Db> gains_;
  std::optional<std::pair<std::vector<Db>, ExactPeak>> known_;
  Prediction prediction_;
};

/// A measure with what a prediction knows.
Measure measure_of(const Prediction& prediction, double duration_s, std::size_t channels);

/// The prediction in the state, held against the destination. `is_measuring`: the exact peak is on its way.
Json prediction_json(const Prediction& prediction, const Target& target, double duration_s,
                     std::size_t channels, bool is_measuring);

}  // namespace gainstage::desk
