// SPDX-License-Identifier: MIT
#include "dsp/level_tick.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/level_tick.cpp"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace gainstage {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::CappedTag<float, 16>;
using Vector = hn::Vec<Tag>;

HWY_INLINE LevelTick sum_up(const float* x, std::size_t count) {
  const Tag d;
  const std::size_t lanes = hn::Lanes(d);
  Vector peak = hn::Zero(d), sum = peak, magnitudes = peak, squares = peak;
  const auto take = [&](Vector v) {
    const Vector magnitude = hn::Abs(v);
    peak = hn::Max(peak, magnitude);
    sum = hn::Add(sum, v);
    magnitudes = hn::Add(magnitudes, magnitude);
    squares = hn::MulAdd(v, v, squares);
  };
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) take(hn::LoadU(d, x + i));
  if (i < count && count >= lanes) {
    // The last whole vector of the tick, without the samples that were taken before.
    const auto taken = hn::FirstN(d, lanes - (count - i));
    take(hn::IfThenZeroElse(taken, hn::LoadU(d, x + count - lanes)));
  } else if (i < count) {
    HWY_ALIGN float rest[hn::MaxLanes(d)] = {};
    std::copy(x + i, x + count, rest);
    take(hn::Load(d, rest));
  }
  return {hn::GetLane(hn::MaxOfLanes(d, peak)), hn::GetLane(hn::SumOfLanes(d, sum)),
          hn::GetLane(hn::SumOfLanes(d, magnitudes)), hn::GetLane(hn::SumOfLanes(d, squares))};
}

void SumUpTicks(const float* x, std::span<const std::uint32_t> lengths, LevelTick* ticks) {
  for (std::size_t t = 0; t < lengths.size(); ++t) {
    ticks[t] = sum_up(x, lengths[t]);
    x += lengths[t];
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace gainstage
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage {

HWY_EXPORT(SumUpTicks);

namespace {

/// In double throughout: for samples so great or small that their squares are no floats.
LevelTick sum_up_widely(std::span<const float> x) noexcept {
  LevelTick tick;
  for (const float sample : x) {
    const double value = sample;
    tick.peak = std::max(tick.peak, std::abs(sample));
    tick.sum += value;
    tick.magnitudes += std::abs(value);
    tick.squares += value * value;
  }
  return tick;
}

}  // namespace

void sum_up_ticks(std::span<const float> x, std::span<const std::uint32_t> lengths,
                  std::span<LevelTick> ticks) noexcept {
  assert(lengths.size() == ticks.size());
  HWY_DYNAMIC_DISPATCH(SumUpTicks)(x.data(), lengths, ticks.data());
  std::size_t first = 0;
  for (std::size_t t = 0; t < ticks.size(); ++t) {
    const float peak = ticks[t].peak;
    if (peak != 0.0f && !squares_are_floats(peak)) [[unlikely]]
      ticks[t] = sum_up_widely(x.subspan(first, lengths[t]));
    first += lengths[t];
  }
}

}  // namespace gainstage
#endif
