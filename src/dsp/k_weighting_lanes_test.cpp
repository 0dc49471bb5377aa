// SPDX-License-Identifier: MIT
// The lanes against the two sections of the standard, one after the other in double precision.
#include "dsp/k_weighting_lanes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "dsp/each_target.h"
#include "dsp/k_weighting_twin.h"

namespace gainstage {
namespace {

/// The samples of one lane between guards, at any alignment.
struct GuardedLane {
  static constexpr float guard = 77.0f;
  std::vector<float> memory;
  std::size_t first;
  std::size_t frames;

  GuardedLane(std::size_t alignment, std::size_t length, unsigned seed)
      : memory(alignment + length + 4, guard), first(alignment + 2), frames(length) {
    const std::vector<float> x = signal(Material::noise, 48000.0, length, seed);
    std::ranges::copy(x, memory.begin() + static_cast<std::ptrdiff_t>(first));
  }
  float* data() { return memory.data() + first; }
  std::vector<float> samples() const {
    return {memory.begin() + static_cast<std::ptrdiff_t>(first),
            memory.begin() + static_cast<std::ptrdiff_t>(first + frames)};
  }
  bool is_guarded() const {
    return std::all_of(memory.begin(), memory.begin() + static_cast<std::ptrdiff_t>(first),
                       [](float x) { return x == guard; }) &&
           std::all_of(memory.begin() + static_cast<std::ptrdiff_t>(first + frames), memory.end(),
                       [](float x) { return x == guard; });
  }
};

/// Five standard deviations of what rounding can do to a sample of the noise above, `frames` after the start.
///
/// The second difference and the high-pass's step are about 0.5 (RMS) and are rounded three times: 2.2e-8
/// (RMS) together. A step that is off by 1 moves the output by k r^k after k samples, r being the radius of
/// the poles.
double rounding(std::size_t frames) {
  constexpr double step_rounding = 2.2e-8;
  constexpr double radius = 0.99502;
  double sum = 0.0;
  for (std::size_t k = 1; k <= frames; ++k) {
    const double response = static_cast<double>(k) * std::pow(radius, static_cast<double>(k));
    sum += response * response;
  }
  return 5.0 * step_rounding * std::sqrt(sum);
}

/// Lanes of these lengths, in place, against the twin.
void expect_lanes(const std::vector<std::size_t>& lengths) {
  const KWeightingPlan plan(48000.0);
  std::vector<GuardedLane> signals;
  std::vector<std::vector<double>> expected;
  for (std::size_t l = 0; l < lengths.size(); ++l) {
    signals.emplace_back(l % 9, lengths[l], static_cast<unsigned>(l));
    expected.push_back(twin(48000.0, signals.back().samples()));
  }
  std::vector<KWeightingLane> lanes;
  for (GuardedLane& lane : signals) lanes.push_back({lane.data(), lane.frames, lane.data(), {}});
  run_lanes(plan, lanes);
  for (std::size_t l = 0; l < lengths.size(); ++l) {
    SCOPED_TRACE(testing::Message() << "lane " << l << " of " << lengths.size());
    const std::vector<float> z = signals[l].samples();
    const double tolerance = rounding(lengths[l]);
    for (std::size_t i = 0; i < z.size(); ++i) ASSERT_NEAR(z[i], expected[l][i], tolerance) << i;
    ASSERT_TRUE(signals[l].is_guarded());
  }
}

TEST(KWeightingLanes, AnyNumberOfThemOfAnyLengthRunsOnEveryTarget) {
  on_each_target([] {
    for (std::size_t count = 0; count <= 35; ++count) {
      expect_lanes(std::vector<std::size_t>(count, 37));
      std::vector<std::size_t> lengths(count);
      for (std::size_t l = 0; l < count; ++l) lengths[l] = (l * 7) % 23;
      expect_lanes(lengths);
    }
    for (std::size_t frames = 0; frames <= 40; ++frames) expect_lanes({frames, frames, frames});
    for (std::size_t frames = 509; frames <= 517; ++frames) expect_lanes({frames, 2 * frames});
  });
}

TEST(KWeightingLanes, ALaneGoesOnWhereItStopped) {
  on_each_target([] {
    const KWeightingPlan plan(48000.0);
    const std::vector<float> x = signal(Material::noise, 48000.0, 480);
    std::vector<float> whole(480);
    KWeightingLane lane{x.data(), 480, whole.data(), {}};
    run_lanes(plan, {&lane, 1});
    for (std::size_t part = 1; part <= 37; ++part) {
      std::vector<float> z(480);
      KWeightingRun run;
      for (std::size_t first = 0; first < 480; first += part) {
        KWeightingLane next{x.data() + first, std::min(part, 480 - first), z.data() + first, run};
        run_lanes(plan, {&next, 1});
        run = next.run;
      }
      ASSERT_EQ(z, whole) << "parts of " << part;
    }
  });
}

}  // namespace
}  // namespace gainstage
