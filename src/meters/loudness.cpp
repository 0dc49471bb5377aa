// SPDX-License-Identifier: MIT
#include "meters/loudness.h"

#include <algorithm>
#include <cassert>

#include "dsp/level.h"

namespace gainstage {

void LoudnessMeter::prepare(Format format, std::span<const double> weights, double history_seconds) {
  assert(weights.empty() || weights.size() == format.channels);
  filter_ = k_weighting(format.sample_rate_hz);
  hops_ = HopClock(format.sample_rate_hz, 100.0);
  weights_.assign(weights.begin(), weights.end());
  if (weights.empty()) weights_.assign(format.channels, 1.0);
  states_.assign(format.channels, {});
  sums_.assign(format.channels, 0.0);
  lanes_.reserve(format.channels);
  energies_ = {};
  energies_.reserve(static_cast<std::size_t>(history_seconds * 10.0) + 1);
  reset();
}

void LoudnessMeter::process(AudioView<const float> block) noexcept {
  assert(block.channels.size() == states_.size());
  hops_.advance(
      block.frames,
      [&](std::size_t first, std::size_t count) {
        lanes_.clear();
        for (std::size_t c = 0; c < states_.size(); ++c) {
          if (weights_[c] == 0.0) continue;
          const std::span<const float> part = block.channel(c).subspan(first, count);
          if (states_[c].is_zero() && is_digital_silence(part)) continue;
          lanes_.push_back({part.data(), &states_[c], &sums_[c]});
        }
        k_weighted_squares(filter_, lanes_, count);
      },
      [&] { end_hop(); });
}

void LoudnessMeter::reset() noexcept {
  hops_.reset();
  std::fill(states_.begin(), states_.end(), KWeightingState{});
  std::fill(sums_.begin(), sums_.end(), 0.0);
  const double frames = static_cast<double>(hops_.frames_in_hop());
  ring_.fill({0.0, frames});
  tenths_.fill({0.0, frames * hops_per_tenth});
  next_ = 0;
  hops_done_ = 0;
  energies_.clear();
  momentary_energy_ = short_term_energy_ = momentary_energy_max_ = short_term_energy_max_ = 0.0;
}

LoudnessMeter::Sum LoudnessMeter::tenths_ending_now(std::size_t count) const noexcept {
  Sum sum;
  for (std::size_t i = 0; i < count; ++i) {
    const Sum& tenth = tenths_[(next_ + ring_hops - i * hops_per_tenth) % ring_hops];
    sum.energy += tenth.energy;
    sum.frames += tenth.frames;
  }
  return sum;
}

void LoudnessMeter::end_hop() noexcept {
  double energy = 0.0;
  for (std::size_t c = 0; c < sums_.size(); ++c) {
    energy += weights_[c] * sums_[c];
    sums_[c] = 0.0;
    states_[c].flush();
  }
  ring_[next_] = {energy, static_cast<double>(hops_.frames_in_hop())};

  // Every window is summed afresh: no drift, and exact zeros stay zero.
  Sum tenth;
  for (std::size_t i = 0; i < hops_per_tenth; ++i) {
    const Sum& hop = ring_[(next_ + ring_hops - i) % ring_hops];
    tenth.energy += hop.energy;
    tenth.frames += hop.frames;
  }
  tenths_[next_] = tenth;
  const Sum momentary = tenths_ending_now(momentary_hops);
  const Sum short_term = tenths_ending_now(short_term_hops);
  momentary_energy_ = momentary.energy / momentary.frames;
  short_term_energy_ = short_term.energy / short_term.frames;

  ++hops_done_;
  next_ = (next_ + 1) % ring_hops;
  if (hops_done_ >= static_cast<std::int64_t>(momentary_hops * hops_per_tenth)) {
    momentary_energy_max_ = std::max(momentary_energy_max_, momentary_energy_);
  }
  if (hops_done_ >= static_cast<std::int64_t>(short_term_hops * hops_per_tenth)) {
    short_term_energy_max_ = std::max(short_term_energy_max_, short_term_energy_);
  }
  if (hops_done_ % static_cast<std::int64_t>(hops_per_tenth) == 0) {
    energies_.push_back(tenth.energy / tenth.frames);
  }
}

Db LoudnessMeter::loudness_range() const { return gainstage::loudness_range(energies_); }

}  // namespace gainstage
