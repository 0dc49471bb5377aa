// SPDX-License-Identifier: MIT
#include "engine/predict/part_peaks.h"

#include <algorithm>
#include <cmath>

#include "dsp/level.h"
#include "engine/predict/mix_peaks.h"

namespace gainstage {
namespace {

/// Frames that must follow those that are surveyed: a second difference needs two, the kernel reads on.
constexpr std::size_t beyond = interpolation_slack + 2;

}  // namespace

PartPeaks::PartPeaks(TruePeakFilter filter, double sample_rate_hz, std::size_t channels)
    : hops_(sample_rate_hz, MixPeaks::hops_per_second), rows_(channels), peaks_(1), bends_(1) {
  const Interpolator interpolator = true_peak_interpolator(filter, sample_rate_hz);
  const InterpolationBound limits = bound(interpolator);
  level_ = limits.level;
  bend_ = limits.bend;
  double norm = 1.0;
  for (std::size_t p = 1; p < interpolator.factor; ++p) norm = std::max(norm, l1_norm(interpolator.phase(p)));
  rounding_ = norm * interpolation_rounding;
}

void PartPeaks::process(AudioView<const float> block) {
  if (block.frames == 0) return;
  if (!has_begun_) {
    // The second differences that reach into the silence before.
    for (std::size_t c = 0; c < rows_.size(); ++c) {
      const std::span<const float> samples = block.channel(c);
      const float second = samples.size() > 1 ? samples[1] : 0.0f;
      bends_[0] = std::max({bends_[0], std::abs(samples[0]), std::abs(second - 2.0f * samples[0])});
    }
    has_begun_ = true;
  }
  for (std::size_t c = 0; c < rows_.size(); ++c)
    rows_[c].insert(rows_[c].end(), block.channel(c).begin(), block.channel(c).end());
  std::size_t done = 0;
  while (rows_[0].size() >= done + static_cast<std::size_t>(hops_.frames_in_hop()) + beyond) {
    const auto frames = static_cast<std::size_t>(hops_.frames_in_hop());
    survey(done, frames);
    hops_.skip(frames);
    peaks_.push_back(0.0f);
    bends_.push_back(0.0f);
    done += frames;
  }
  for (std::vector<float>& row : rows_)
    row.erase(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(done));
}

void PartPeaks::survey(std::size_t first, std::size_t frames) {
  for (const std::vector<float>& row : rows_) {
    // The sample after the last one bounds what lies between them.
    peaks_.back() = std::max(peaks_.back(), peak(std::span(row).subspan(first, frames + 1)));
    float bend = 0.0f;
    survey_bends(row.data() + first, frames, {&bend, 1});
    bends_.back() = std::max(bends_.back(), bend);
  }
}

std::vector<float> PartPeaks::finish() {
  for (std::vector<float>& row : rows_) row.resize(row.size() + beyond);
  // The last hop, and, where few frames follow it, the one after.
  for (std::size_t done = 0; has_begun_ && done + beyond < rows_[0].size();) {
    const std::size_t frames =
        std::min(rows_[0].size() - beyond - done, static_cast<std::size_t>(hops_.frames_in_hop()));
    if (done > 0) {
      peaks_.push_back(0.0f);
      bends_.push_back(0.0f);
    }
    survey(done, frames);
    hops_.skip(frames);
    done += frames;
  }
  std::vector<float> bounds(peaks_.size());
  for (std::size_t hop = 0; hop < bounds.size(); ++hop) {
    float around = 0.0f;
    float bend = 0.0f;
    // A filter's window reaches into the hops beside.
    for (std::size_t i = hop - std::min<std::size_t>(hop, 1); i < std::min(hop + 2, peaks_.size()); ++i) {
      around = std::max(around, peaks_[i]);
      bend = std::max(bend, bends_[i]);
    }
    bounds[hop] = static_cast<float>((1.0 + 0x1p-22) * (level_ * static_cast<double>(peaks_[hop]) +
                                                        bend_ * static_cast<double>(bend) +
                                                        rounding_ * static_cast<double>(around)));
  }
  return bounds;
}

}  // namespace gainstage
