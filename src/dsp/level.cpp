// SPDX-License-Identifier: MIT
#include "dsp/level.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstdint>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/level.cpp"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace gainstage {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Adds x[i] y[i] to lane i mod sum_lanes; `count` is a multiple of that. A product of two floats is exact,
/// so multiplying and adding in one step gives the same as in two.
void AddProducts(double* lanes_of_sum, const float* x, const float* y, std::size_t count) {
  const hn::CappedTag<double, sum_lanes> d;
  const hn::Rebind<float, decltype(d)> narrow;
  constexpr std::size_t lanes = hn::MaxLanes(d);
  constexpr std::size_t vectors = sum_lanes / lanes;
  hn::Vec<decltype(d)> sums[vectors];
  for (std::size_t v = 0; v < vectors; ++v) sums[v] = hn::LoadU(d, lanes_of_sum + v * lanes);
  for (std::size_t i = 0; i < count; i += sum_lanes) {
    for (std::size_t v = 0; v < vectors; ++v) {
      const auto a = hn::PromoteTo(d, hn::LoadU(narrow, x + i + v * lanes));
      const auto b = hn::PromoteTo(d, hn::LoadU(narrow, y + i + v * lanes));
      sums[v] = hn::MulAdd(a, b, sums[v]);
    }
  }
  for (std::size_t v = 0; v < vectors; ++v) hn::StoreU(sums[v], d, lanes_of_sum + v * lanes);
}

/// AddProducts() of x with itself.
void AddSquares(double* lanes_of_sum, const float* x, std::size_t count) {
  const hn::CappedTag<double, sum_lanes> d;
  const hn::Rebind<float, decltype(d)> narrow;
  constexpr std::size_t lanes = hn::MaxLanes(d);
  constexpr std::size_t vectors = sum_lanes / lanes;
  hn::Vec<decltype(d)> sums[vectors];
  for (std::size_t v = 0; v < vectors; ++v) sums[v] = hn::LoadU(d, lanes_of_sum + v * lanes);
  for (std::size_t i = 0; i < count; i += sum_lanes) {
    for (std::size_t v = 0; v < vectors; ++v) {
      const auto a = hn::PromoteTo(d, hn::LoadU(narrow, x + i + v * lanes));
      sums[v] = hn::MulAdd(a, a, sums[v]);
    }
  }
  for (std::size_t v = 0; v < vectors; ++v) hn::StoreU(sums[v], d, lanes_of_sum + v * lanes);
}

/// AddProducts() of x with itself, y with itself, and both.
void AddStereo(double* xx, double* yy, double* xy, const float* x, const float* y, std::size_t count) {
  const hn::CappedTag<double, sum_lanes> d;
  const hn::Rebind<float, decltype(d)> narrow;
  constexpr std::size_t lanes = hn::MaxLanes(d);
  for (std::size_t lane = 0; lane < sum_lanes; lane += lanes) {
    auto of_x = hn::LoadU(d, xx + lane), of_y = hn::LoadU(d, yy + lane), of_both = hn::LoadU(d, xy + lane);
    for (std::size_t i = lane; i < count; i += sum_lanes) {
      const auto a = hn::PromoteTo(d, hn::LoadU(narrow, x + i));
      const auto b = hn::PromoteTo(d, hn::LoadU(narrow, y + i));
      of_x = hn::MulAdd(a, a, of_x);
      of_y = hn::MulAdd(b, b, of_y);
      of_both = hn::MulAdd(a, b, of_both);
    }
    hn::StoreU(of_x, d, xx + lane);
    hn::StoreU(of_y, d, yy + lane);
    hn::StoreU(of_both, d, xy + lane);
  }
}

float Peak(const float* x, std::size_t count) {
  const hn::CappedTag<float, 16> d;
  const std::size_t lanes = hn::Lanes(d);
  auto even = hn::Zero(d), odd = hn::Zero(d);
  std::size_t i = 0;
  for (; i + 2 * lanes <= count; i += 2 * lanes) {
    even = hn::Max(even, hn::Abs(hn::LoadU(d, x + i)));
    odd = hn::Max(odd, hn::Abs(hn::LoadU(d, x + i + lanes)));
  }
  if (count >= lanes) {
    // What is left, some of it once more.
    if (i + lanes <= count) even = hn::Max(even, hn::Abs(hn::LoadU(d, x + i)));
    odd = hn::Max(odd, hn::Abs(hn::LoadU(d, x + count - lanes)));
    return hn::GetLane(hn::MaxOfLanes(d, hn::Max(even, odd)));
  }
  float greatest = 0.0f;
  for (; i < count; ++i) greatest = std::max(greatest, std::abs(x[i]));
  return greatest;
}

}  // namespace HWY_NAMESPACE
}  // namespace gainstage
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage {

HWY_EXPORT(AddProducts);
HWY_EXPORT(AddSquares);
HWY_EXPORT(AddStereo);
HWY_EXPORT(Peak);

namespace {

/// Zero for zeros of both signs only.
inline std::int32_t magnitude_bits(float x) { return std::bit_cast<std::int32_t>(x) & 0x7fffffff; }

}  // namespace

void add_squares(LaneSum& sum, std::span<const float> x) noexcept {
  const std::size_t before = std::min(x.size(), (sum_lanes - sum.next) % sum_lanes);
  const std::size_t whole = (x.size() - before) / sum_lanes * sum_lanes;
  add_products(sum, x.first(before), x.first(before));
  HWY_DYNAMIC_DISPATCH(AddSquares)(sum.lanes.data(), x.data() + before, whole);
  const std::span<const float> rest = x.subspan(before + whole);
  add_products(sum, rest, rest);
}

void add_products(LaneSum& sum, std::span<const float> x, std::span<const float> y) noexcept {
  assert(x.size() == y.size());
  const auto add = [&](std::size_t i) {
    sum.lanes[sum.next] += static_cast<double>(x[i]) * static_cast<double>(y[i]);
    sum.next = (sum.next + 1) % sum_lanes;
  };
  std::size_t i = 0;
  while (sum.next != 0 && i < x.size()) add(i++);
  const std::size_t whole = (x.size() - i) / sum_lanes * sum_lanes;
  HWY_DYNAMIC_DISPATCH(AddProducts)(sum.lanes.data(), x.data() + i, y.data() + i, whole);
  for (i += whole; i < x.size(); ++i) add(i);
}

void add_stereo(StereoSums& sums, std::span<const float> x, std::span<const float> y) noexcept {
  assert(x.size() == y.size());
  std::size_t i = 0;
  const auto one_by_one = [&](std::size_t count) {
    add_products(sums.left, x.subspan(i, count), x.subspan(i, count));
    add_products(sums.right, y.subspan(i, count), y.subspan(i, count));
    add_products(sums.product, x.subspan(i, count), y.subspan(i, count));
    i += count;
  };
  one_by_one(std::min(x.size(), (sum_lanes - sums.left.next) % sum_lanes));
  const std::size_t whole = (x.size() - i) / sum_lanes * sum_lanes;
  HWY_DYNAMIC_DISPATCH(AddStereo)
  (sums.left.lanes.data(), sums.right.lanes.data(), sums.product.lanes.data(), x.data() + i, y.data() + i,
   whole);
  i += whole;
  one_by_one(x.size() - i);
}

float peak(std::span<const float> x) noexcept { return HWY_DYNAMIC_DISPATCH(Peak)(x.data(), x.size()); }

bool is_digital_silence(std::span<const float> x) noexcept {
  constexpr std::size_t stride = 256;
  if (!x.empty() && magnitude_bits(x.front()) != 0) return false;
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
#endif
