// SPDX-License-Identifier: MIT
#include "meters/loudness.h"

#include <algorithm>
#include <cassert>

namespace gainstage {

void LoudnessMeter::prepare(Format format, std::span<const double> weights, double history_seconds,
                            HopDetail detail) {
  assert(weights.empty() || weights.size() == format.channels);
  weights_.assign(weights.begin(), weights.end());
  if (weights.empty()) weights_.assign(format.channels, 1.0);
  heard_.clear();
  for (std::size_t c = 0; c < weights_.size(); ++c) {
    if (weights_[c] != 0.0) heard_.push_back(c);
  }
  heard_samples_.resize(heard_.size());
  format.channels = heard_.size();
  filter_.prepare(format, detail);
  usual_hop_ = HopClock(format.sample_rate_hz, 100.0).frames_in_hop();
  energies_ = {};
  energies_.reserve(static_cast<std::size_t>(history_seconds * 10.0) + 1);
  reset();
}

void LoudnessMeter::process(AudioView<const float> block) noexcept {
  assert(block.channels.size() == weights_.size());
  for (std::size_t i = 0; i < heard_.size(); ++i) heard_samples_[i] = block.channels[heard_[i]];
  filter_.process({heard_samples_, block.first, block.frames},
                  [&](std::span<const double> sums, Frames frames) {
                    double energy = 0.0;
                    for (std::size_t i = 0; i < heard_.size(); ++i) energy += weights_[heard_[i]] * sums[i];
                    end_hop(energy, frames);
                  });
}

void LoudnessMeter::process(AudioView<const float> block, std::span<HopLevels> levels,
                            std::span<const std::byte> ahead) noexcept {
  assert(has_levels());
  filter_.process(
      block, {}, levels, [&](std::span<const double> sums, Frames frames) { add_hop(sums, frames); }, ahead);
}

void LoudnessMeter::process_packed(std::span<const std::byte> bytes, std::span<HopLevels> levels,
                                   std::span<const std::byte> ahead) noexcept {
  assert(has_levels());
  filter_.process_packed(
      bytes, levels, [&](std::span<const double> sums, Frames frames) { add_hop(sums, frames); }, ahead);
}

void LoudnessMeter::add_hop(std::span<const double> sums, Frames frames) noexcept {
  assert(sums.size() == weights_.size());
  double energy = 0.0;
  for (const std::size_t c : heard_) energy += weights_[c] * sums[c];
  end_hop(energy, frames);
}

void LoudnessMeter::reset() noexcept {
  filter_.reset();
  tenth_.reset();
  momentary_.reset();
  short_term_.reset();
  for (std::size_t n = 0; n < ends_.size(); ++n) {
    ends_[n] = n == 0 ? 0 : -usual_hop_ * static_cast<Frames>(ends_.size() - n);
  }
  hops_done_ = 0;
  energies_.clear();
  momentary_energy_ = short_term_energy_ = momentary_energy_max_ = short_term_energy_max_ = 0.0;
}

void LoudnessMeter::end_hop(double energy, Frames frames) noexcept {
  const Frames end = ends_[hops_done_ % ends_.size()] + frames;
  ++hops_done_;
  ends_[hops_done_ % ends_.size()] = end;
  const auto mean = [&](double sum, std::size_t hops) {
    return sum / static_cast<double>(end - ends_[(hops_done_ + ends_.size() - hops) % ends_.size()]);
  };
  const double tenth_sum = tenth_.push(energy);
  momentary_energy_ = mean(momentary_.push(energy), momentary_window);
  short_term_energy_ = mean(short_term_.push(energy), short_term_window);
  if (hops_done_ >= momentary_window) {
    momentary_energy_max_ = std::max(momentary_energy_max_, momentary_energy_);
  }
  if (hops_done_ >= short_term_window) {
    short_term_energy_max_ = std::max(short_term_energy_max_, short_term_energy_);
  }
  if (hops_done_ % tenth == 0) energies_.push_back(mean(tenth_sum, tenth));
}

Db LoudnessMeter::loudness_range() const { return gainstage::loudness_range(energies_); }

}  // namespace gainstage
