// SPDX-License-Identifier: MIT
#include "meters/stereo_field.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace gainstage {
namespace {

constexpr double hops_per_second = 100.0;
constexpr double time_constant_s = 0.3;
constexpr std::size_t scope_stride = 4;

}  // namespace

StereoFieldMeter::Energies& StereoFieldMeter::Energies::operator+=(const Energies& other) noexcept {
  left += other.left;
  right += other.right;
  product += other.product;
  return *this;
}

double StereoFieldMeter::Energies::correlation() const noexcept {
  if (left <= 0.0 || right <= 0.0) return 0.0;
  return std::clamp(product / (std::sqrt(left) * std::sqrt(right)), -1.0, 1.0);
}

void StereoFieldMeter::prepare(Format format, double history_seconds) {
  is_stereo_ = format.channels == 2;
  hops_ = HopClock(format.sample_rate_hz, hops_per_second);
  keep_ = std::exp(-1.0 / (hops_per_second * time_constant_s));
  hop_correlations_ = {};
  if (is_stereo_) hop_correlations_.reserve(static_cast<std::size_t>(history_seconds * 10.0) + 1);
  reset();
}

void StereoFieldMeter::process(AudioView<const float> block) noexcept {
  if (!is_stereo_) return;
  assert(block.channels.size() == 2);
  hops_.advance(
      block.frames,
      [&](std::size_t first, std::size_t count) {
        const std::span<const float> left = block.channel(0).subspan(first, count);
        const std::span<const float> right = block.channel(1).subspan(first, count);
        if (is_digital_silence(left) && is_digital_silence(right)) {
          for (LaneSum* sum : {&sums_.left, &sums_.right, &sums_.product}) sum->skip(count);
          return;
        }
        if (vectorscope_ == Vectorscope::yes) draw(left, right);
        add_stereo(sums_, left, right);
      },
      [&] { end_hop(); });
}

void StereoFieldMeter::draw(std::span<const float> left, std::span<const float> right) noexcept {
  static_assert(sum_lanes % scope_stride ==
                0);  // The sums' place in the signal tells which frames are drawn.
  constexpr float middle = static_cast<float>(scope_size / 2);
  // Clamped to what rounds to a place, and cut off: a comparison and a conversion each.
  const auto cell = [](float value) {
    return static_cast<std::size_t>(
        static_cast<int>(std::clamp(middle * value + (middle + 0.5f), 0.0f, 2.0f * middle + 0.5f)));
  };
  for (std::size_t i = (scope_stride - sums_.left.next % scope_stride) % scope_stride; i < left.size();
       i += scope_stride) {
    if (left[i] == 0.0f && right[i] == 0.0f) continue;
    const std::size_t column = cell(0.5f * (right[i] - left[i]));
    const std::size_t row = cell(-0.5f * (left[i] + right[i]));
    ++scope_[row * scope_size + column];
  }
}

void StereoFieldMeter::end_hop() noexcept {
  const Energies hop{sums_.left.take(), sums_.right.take(), sums_.product.take()};
  done_ += hop;
  tenth_ += hop;
  live_ = {keep_ * live_.left, keep_ * live_.right, keep_ * live_.product};
  live_ += hop;
  if (live_.left < 1e-60 && live_.right < 1e-60) live_ = {};
  if (++hops_in_tenth_ == 10) {
    hop_correlations_.push_back(static_cast<float>(tenth_.correlation()));
    tenth_ = {};
    hops_in_tenth_ = 0;
  }
}

void StereoFieldMeter::reset() noexcept {
  hops_.reset();
  sums_ = {};
  done_ = tenth_ = live_ = {};
  hops_in_tenth_ = 0;
  hop_correlations_.clear();
  scope_.fill(0);
}

StereoFieldMeter::Energies StereoFieldMeter::whole() const noexcept {
  Energies sum = done_;
  return sum += {sums_.left.total(), sums_.right.total(), sums_.product.total()};
}

double StereoFieldMeter::correlation() const noexcept { return whole().correlation(); }

double StereoFieldMeter::width() const noexcept {
  const Energies e = whole();
  const double total = e.left + e.right;  // Twice mid's and side's together.
  return total == 0.0 ? 0.0 : std::clamp(0.5 - e.product / total, 0.0, 1.0);
}

Db StereoFieldMeter::balance() const noexcept {
  const Energies e = whole();
  if (e.left == 0.0 && e.right == 0.0) return {0.0};
  return power_to_db(e.left / e.right);
}

Db StereoFieldMeter::mono_loss() const noexcept {
  const Energies e = whole();
  const double total = e.left + e.right;
  return total == 0.0 ? Db{0.0} : power_to_db(std::max(0.0, 0.5 + e.product / total));
}

double StereoFieldMeter::live_correlation() const noexcept { return live_.correlation(); }

}  // namespace gainstage
