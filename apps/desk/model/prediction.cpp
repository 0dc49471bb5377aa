// SPDX-License-Identifier: MIT
#include "prediction.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "delivery/check.h"
#include "staging/text.h"

namespace gainstage::desk {
namespace {

constexpr double reached_within_lu = 0.05;  // As the plan takes it.

Json level(double value) { return std::isfinite(value) ? Json(value) : Json(); }

std::string figure_words(const CheckedClause& checked) {
  const FigureInfo& figure = info(*checked.clause.figure);
  if (!checked.measured || std::isinf(*checked.measured)) return fmt::format("{} silent", figure.title);
  return fmt::format("{} {} {}", figure.title, tenth(*checked.measured), figure.unit);
}

bool is_peak(const CheckedClause& clause) {
  return clause.clause.figure == Figure::true_peak || clause.clause.figure == Figure::sample_peak;
}

/// Whether another clause asks for more of the same figure: that one is enough to be told.
bool is_outdone(const CheckedClause& clause, const Check& checked) {
  return std::ranges::any_of(checked.clauses, [&](const CheckedClause& other) {
    return other.result == clause.result && other.clause.figure == clause.clause.figure && other.clause.max &&
           clause.clause.max && *other.clause.max < *clause.clause.max;
  });
}

/// One sentence: what meets the destination, or what does not. A peak that is only bound fails nothing.
std::string verdict_of(const Check& checked, const Target& target, bool is_exact) {
  std::string met;
  std::string failed;
  std::string open;
  for (const CheckedClause& clause : checked.clauses) {
    if (!clause.clause.figure || !clause.measured || is_outdone(clause, checked)) continue;
    if (clause.result == ClauseResult::fail && is_peak(clause) && !is_exact) {
      open = fmt::format("the true peak is at most {} dBTP, wanted {}", tenth(*clause.measured),
                         demand(clause.clause));
    } else if (clause.result == ClauseResult::fail) {
      failed += fmt::format("{}{}, wanted {}", failed.empty() ? "" : "; ", figure_words(clause),
                            demand(clause.clause));
    } else if (clause.result == ClauseResult::pass) {
      met += (met.empty() ? "" : ", ") + figure_words(clause);
    }
  }
  if (failed.empty() && !open.empty()) return fmt::format("Being measured for {}: {}.", target.title, open);
  switch (checked.verdict) {
    case Verdict::pass:
      return fmt::format("Meets {}: {}.", target.title, met);
    case Verdict::fail:
      return fmt::format("Misses {}: {}.", target.title, failed);
    case Verdict::cannot_be_judged_fully:
      break;
  }
  return fmt::format("What can be judged of {} is met{}.", target.title, met.empty() ? "" : ": " + met);
}

}  // namespace

Predictor::Predictor(DeskParts parts, HeardDesk heard, double duration_s)
    : parts_(std::move(parts)),
      heard_(std::move(heard)),
      duration_s_(duration_s),
      gains_(parts_.parts.size(), silent_db) {}

std::vector<Db> Predictor::gains_at(const std::vector<StripRatios>& ratios) const {
  std::vector<double> trims;
  std::vector<double> faders;
  for (const StripRatios& strip : ratios) {
    trims.push_back(strip.trim);
    faders.push_back(strip.fader);
  }
  return gains_of(parts_.parts, trims, faders);
}

void Predictor::set(const std::vector<Db>& gains) {
  std::vector<std::size_t> changed;
  for (std::size_t i = 0; i < gains.size(); ++i) {
    if (gains[i] != gains_[i]) changed.push_back(i);
  }
  // A fader's move costs its row, all gains half the matrix. Rows add up with rounding, so that the whole is
  // set anew where that costs little more.
  if (4 * changed.size() > gains.size()) {
    heard_.loudness.set_gains(gains);
  } else {
    for (const std::size_t i : changed) heard_.loudness.set_gain(i, gains[i]);
  }
  gains_ = gains;
}

const Prediction& Predictor::predict(const std::vector<StripRatios>& ratios) {
  set(gains_at(ratios));
  prediction_.loudness = heard_.loudness.reading();
  prediction_.is_exact = known_ && known_->first == gains_;
  if (prediction_.is_exact) {
    prediction_.true_peak = known_->second.true_peak;
    prediction_.true_peak_at_s = known_->second.at_s;
    return prediction_;
  }
  const MixPeaks::Bound bound = heard_.peaks.bound(gains_);
  prediction_.true_peak = bound.true_peak;
  prediction_.true_peak_at_s = bound.at_s;
  return prediction_;
}

Predictor::Stretch Predictor::stretch(const std::vector<StripRatios>& ratios,
                                      std::optional<std::pair<double, double>> range_s) {
  const std::vector<Db> present = gains_;
  const std::vector<Db> gains = gains_at(ratios);
  heard_.loudness.set_gains(gains);
  const MixLoudness::Reading reading =
      range_s ? heard_.loudness.reading(range_s->first, range_s->second) : heard_.loudness.reading();
  heard_.loudness.set_gains(present);
  return {reading.integrated, heard_.peaks.bound(gains).true_peak};
}

bool Predictor::learn(ExactPeak found, const std::vector<Db>& of_gains) {
  heard_.peaks.learn(found);
  known_.emplace(of_gains, std::move(found));
  if (of_gains != gains_) return false;
  prediction_.is_exact = true;
  prediction_.true_peak = known_->second.true_peak;
  prediction_.true_peak_at_s = known_->second.at_s;
  return true;
}

Measure measure_of(const Prediction& prediction, double duration_s, std::size_t channels) {
  Measure measure;
  measure.integrated = prediction.loudness.integrated;
  measure.momentary_max = prediction.loudness.momentary_max;
  measure.short_term_max = prediction.loudness.short_term_max;
  measure.loudness_range = prediction.loudness.loudness_range;
  measure.true_peak = prediction.true_peak;
  measure.sample_peak = prediction.true_peak;  // Not over it.
  if (std::isfinite(measure.integrated.value))
    measure.plr = Db{measure.true_peak.value - measure.integrated.value};
  measure.duration_s = duration_s;
  measure.channels = channels;
  return measure;
}

Json prediction_json(const Prediction& prediction, const Target& target, double duration_s,
                     std::size_t channels, bool is_measuring) {
  const Measure measure = measure_of(prediction, duration_s, channels);
  const Check checked = check(measure, target);
  Json json{{"integrated_lufs", level(measure.integrated.value)},
            {"momentary_max_lufs", level(measure.momentary_max.value)},
            {"short_term_max_lufs", level(measure.short_term_max.value)},
            {"lra_lu", level(measure.loudness_range.value)},
            {"true_peak_dbtp", level(measure.true_peak.value)},
            {"true_peak_is", prediction.is_exact ? "exact"
                             : is_measuring      ? "measuring"
                                                 : "bound"},
            {"plr_lu", measure.plr ? level(measure.plr->value) : Json()},
            {"meets", checked.verdict == Verdict::pass},
            {"verdict", verdict_of(checked, target, prediction.is_exact)},
            {"reachable", nullptr},
            {"raise_left_db", nullptr}};
  if (!target.aim || !std::isfinite(measure.true_peak.value)) return json;
  const double left = (target.aim->ceiling - measure.true_peak).value;
  json["raise_left_db"] = left;
  if (!std::isfinite(measure.integrated.value)) return json;
  const double missing = (target.aim->integrated - measure.integrated).value;
  // What is only bound may be lower.
  if (missing <= left + reached_within_lu)
    json["reachable"] = true;
  else if (prediction.is_exact)
    json["reachable"] = false;
  return json;
}

}  // namespace gainstage::desk
