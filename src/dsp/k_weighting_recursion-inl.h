// SPDX-License-Identifier: MIT
// The recursion of KWeightingPlan on one sample of every lane, and what makes its outputs the filter's. To be
// included by kernels, for each target.

// Include guard that is taken back for each target.
#if defined(GAINSTAGE_K_WEIGHTING_RECURSION_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef GAINSTAGE_K_WEIGHTING_RECURSION_INL_H
#undef GAINSTAGE_K_WEIGHTING_RECURSION_INL_H
#else
#define GAINSTAGE_K_WEIGHTING_RECURSION_INL_H
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "dsp/k_weighting_plan.h"
#include "dsp/lane_tiles-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage {
namespace HWY_NAMESPACE {
namespace k_weighting_lanes {

namespace hn = hwy::HWY_NAMESPACE;

using tiles::Tag;
using tiles::Vector;

/// The plan's coefficients in every lane.
struct Filter {
  Vector high_pass_leak, high_pass_pull, shelf_keep, shelf_pull, shelf_level, shelf_b2;

  explicit Filter(const KWeightingPlan& plan)
      : high_pass_leak(hn::Set(Tag(), plan.high_pass_leak)),
        high_pass_pull(hn::Set(Tag(), plan.high_pass_pull)),
        shelf_keep(hn::Set(Tag(), plan.shelf_keep)),
        shelf_pull(hn::Set(Tag(), plan.shelf_pull)),
        shelf_level(hn::Set(Tag(), plan.shelf_level)),
        shelf_b2(hn::Set(Tag(), plan.shelf_b2)) {}
};

/// The members of KWeightingRun, of all lanes.
struct Runs {
  Vector x, drift, y, y2, dy, z, z2, dz;

  /// Calls with each member of a run and the vector that holds it of all lanes.
  template <typename Visit>
  HWY_INLINE void visit(Visit visit_member) {
    visit_member(&KWeightingRun::x, x);
    visit_member(&KWeightingRun::drift, drift);
    visit_member(&KWeightingRun::y, y);
    visit_member(&KWeightingRun::y2, y2);
    visit_member(&KWeightingRun::dy, dy);
    visit_member(&KWeightingRun::z, z);
    visit_member(&KWeightingRun::z2, z2);
    visit_member(&KWeightingRun::dz, dz);
  }

  /// The same run of a signal `ratio` times as large.
  HWY_INLINE Runs times(Vector ratio) const {
    return {hn::Mul(x, ratio),  hn::Mul(drift, ratio), hn::Mul(y, ratio),  hn::Mul(y2, ratio),
            hn::Mul(dy, ratio), hn::Mul(z, ratio),     hn::Mul(z2, ratio), hn::Mul(dz, ratio)};
  }

  /// The step to the next sample: all that the recursion needs of it.
  HWY_INLINE Vector take(Vector sample) {
    const Vector step = hn::Sub(sample, x);
    x = sample;
    return step;
  }

  /// All that is known before the sample comes first: little is left to wait for.
  HWY_INLINE void step(const Filter& f, Vector x_step) {
    const Vector of_high_pass = hn::NegMulAdd(f.shelf_b2, dy, hn::Mul(f.shelf_level, y));
    const Vector next_dz = hn::MulAdd(f.shelf_keep, dz, hn::NegMulAdd(f.shelf_pull, z2, of_high_pass));
    drift = hn::MulAdd(f.high_pass_leak, dy, hn::MulAdd(f.high_pass_pull, y2, drift));
    dy = hn::Sub(x_step, drift);
    dz = hn::Add(next_dz, dy);
    y2 = y;
    y = hn::Add(y, dy);
    z2 = z;
    z = hn::Add(z, dz);
  }
};

/// Outputs `i` to `end`, as far as they fill vectors, with the first `echoes` of the four.
template <std::size_t echoes, class D>
HWY_INLINE void add_echoes(D d, const KWeightingPlan& plan, const KWeightingRun& run, float* out,
                           std::size_t& i, std::size_t end) {
  const auto gain = hn::Set(d, static_cast<float>(plan.gain));
  for (; i + hn::Lanes(d) <= end; i += hn::Lanes(d)) {
    auto z = hn::LoadU(d, out + i);
    for (std::size_t e = 0; e < echoes; ++e) {
      const std::vector<float>& echo = e < 2 ? plan.high_pass_echoes[e] : plan.ringing_echoes[e - 2];
      z = hn::MulAdd(hn::Set(d, run.missed[e]), hn::LoadU(d, echo.data() + run.frames + i), z);
    }
    hn::StoreU(hn::Mul(gain, z), d, out + i);
  }
}

/// Makes the outputs of the recursion those of the filter: adds the echoes of what the guess missed, and
/// gives them their gain. `run`: where they begin; afterwards, its frames are theirs too. What becomes of an
/// output does not depend on those beside it, to the last bit.
HWY_INLINE void finish_outputs(const KWeightingPlan& plan, KWeightingRun& run, float* out,
                               std::size_t frames) {
  const Tag d;
  const hn::CappedTag<float, 1> one;
  const auto end = [&](const std::vector<float>& echo) {
    return std::min(frames, std::max(echo.size(), run.frames) - run.frames);
  };
  std::size_t i = 0;
  add_echoes<4>(d, plan, run, out, i, end(plan.ringing_echoes[0]));
  add_echoes<4>(one, plan, run, out, i, end(plan.ringing_echoes[0]));
  add_echoes<2>(d, plan, run, out, i, end(plan.high_pass_echoes[0]));
  add_echoes<2>(one, plan, run, out, i, end(plan.high_pass_echoes[0]));
  add_echoes<0>(d, plan, run, out, i, frames);
  add_echoes<0>(one, plan, run, out, i, frames);
  run.frames += frames;
}

}  // namespace k_weighting_lanes
}  // namespace HWY_NAMESPACE
}  // namespace gainstage
HWY_AFTER_NAMESPACE();

#endif  // For each target.
