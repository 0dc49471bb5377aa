// SPDX-License-Identifier: MIT
#include "dsp/level.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstdint>

namespace gainstage {
namespace {

/// Adds term(i) for i in [0, count), each to its lane.
template <typename Term>
inline void add_terms(LaneSum& sum, std::size_t count, Term term) {
  std::size_t i = 0;
  for (; sum.next != 0 && i < count; ++i) {
    sum.lanes[sum.next] += term(i);
    sum.next = (sum.next + 1) % sum_lanes;
  }
  std::array<double, sum_lanes> lanes = sum.lanes;
  for (; i + sum_lanes <= count; i += sum_lanes) {
    for (std::size_t l = 0; l < sum_lanes; ++l) lanes[l] += term(i + l);
  }
  sum.lanes = lanes;
  for (; i < count; ++i) sum.lanes[sum.next++] += term(i);
}

/// Zero for zeros of both signs only.
inline std::int32_t magnitude_bits(float x) { return std::bit_cast<std::int32_t>(x) & 0x7fffffff; }

}  // namespace

void add_samples(LaneSum& sum, std::span<const float> x) noexcept {
  add_terms(sum, x.size(), [p = x.data()](std::size_t i) { return static_cast<double>(p[i]); });
}

void add_magnitudes(LaneSum& sum, std::span<const float> x) noexcept {
  add_terms(sum, x.size(), [p = x.data()](std::size_t i) { return static_cast<double>(std::abs(p[i])); });
}

void add_squares(LaneSum& sum, std::span<const float> x) noexcept {
  add_terms(sum, x.size(), [p = x.data()](std::size_t i) {
    const double value = p[i];
    return value * value;
  });
}

void add_products(LaneSum& sum, std::span<const float> x, std::span<const float> y) noexcept {
  assert(x.size() == y.size());
  add_terms(sum, x.size(), [p = x.data(), q = y.data()](std::size_t i) {
    return static_cast<double>(p[i]) * static_cast<double>(q[i]);
  });
}

float peak(std::span<const float> x) noexcept {
  constexpr std::size_t width = 16;
  std::array<float, width> lanes{};
  std::size_t i = 0;
  for (; i + width <= x.size(); i += width) {
    for (std::size_t l = 0; l < width; ++l) {
      const float magnitude = std::abs(x[i + l]);
      lanes[l] = magnitude > lanes[l] ? magnitude : lanes[l];
    }
  }
  for (; i < x.size(); ++i) lanes[0] = std::max(lanes[0], std::abs(x[i]));
  return *std::max_element(lanes.begin(), lanes.end());
}

bool is_digital_silence(std::span<const float> x) noexcept {
  constexpr std::size_t stride = 256;
  while (!x.empty()) {
    const std::span<const float> part = x.first(std::min(stride, x.size()));
    std::int32_t bits = 0;
    for (float value : part) bits |= magnitude_bits(value);
    if (bits != 0) return false;
    x = x.subspan(part.size());
  }
  return true;
}

}  // namespace gainstage
