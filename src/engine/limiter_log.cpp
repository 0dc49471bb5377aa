// SPDX-License-Identifier: MIT
#include "engine/limiter_log.h"

#include <algorithm>
#include <cmath>

namespace gainstage {
namespace {

// A recovery ends in thousandths of a dB that nobody hears; the limiter counts as active from 0.05 dB on.
constexpr float active_ratio = 0.99426f;

float reduction_of(float ratio) {
  return static_cast<float>(-to_db(static_cast<double>(ratio)).value) + 0.0f;
}

}  // namespace

void LimiterLog::add(std::span<const float> gain_ratios) {
  for (const float ratio : gain_ratios) {
    if (ratio < active_ratio) {
      ++active_frames_;
      active_db_ -= to_db(static_cast<double>(ratio)).value;
    }
    least_of_hop_ = std::min(least_of_hop_, ratio);
    ++frames_;
    const auto hop_end = std::llround(0.1 * sample_rate_hz_ * static_cast<double>(reduction_db_.size() + 1));
    if (frames_ >= static_cast<std::uint64_t>(hop_end)) {
      reduction_db_.push_back(reduction_of(least_of_hop_));
      least_of_hop_ = 1.0f;
    }
  }
}

LimiterReport LimiterLog::report() const {
  LimiterReport report;
  report.reduction_db = reduction_db_;
  const auto whole_hops = std::llround(0.1 * sample_rate_hz_ * static_cast<double>(reduction_db_.size()));
  if (frames_ > static_cast<std::uint64_t>(whole_hops))
    report.reduction_db.push_back(reduction_of(least_of_hop_));
  for (const float db : report.reduction_db) {
    report.greatest_reduction = std::max(report.greatest_reduction, Db{static_cast<double>(db)});
  }
  if (active_frames_ > 0)
    report.mean_reduction_while_active = {active_db_ / static_cast<double>(active_frames_)};
  if (frames_ > 0) report.active_share = static_cast<double>(active_frames_) / static_cast<double>(frames_);
  return report;
}

}  // namespace gainstage
