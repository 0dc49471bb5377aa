// SPDX-License-Identifier: MIT
// Hops against the two sections of the standard, one after the other in double precision, and their levels
// against a plain loop.
#include "dsp/k_weighting_hops.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "dsp/each_target.h"
#include "dsp/k_weighting_lanes.h"
#include "dsp/k_weighting_twin.h"
#include "dsp/test_weights.h"

namespace gainstage {
namespace {

constexpr double rates_hz[] = {8000.0,  8009.0,  11025.0, 22050.0,  44100.0,
                               48000.0, 48017.0, 96000.0, 192000.0, 384000.0};

/// Bounds of the hops of 10 ms that a signal is cut into.
std::vector<std::size_t> hop_bounds(double rate_hz, std::size_t hops) {
  std::vector<std::size_t> bounds;
  for (std::size_t hop = 0; hop <= hops; ++hop) {
    bounds.push_back(static_cast<std::size_t>(std::llround(static_cast<double>(hop) * rate_hz / 100.0)));
  }
  return bounds;
}

std::vector<KWeightingHop> hops_of(const std::vector<float>& x, const std::vector<std::size_t>& bounds,
                                   KWeightingMemory& memory) {
  std::vector<KWeightingHop> result;
  for (std::size_t hop = 0; hop + 1 < bounds.size(); ++hop) {
    result.push_back({x.data() + bounds[hop], bounds[hop + 1] - bounds[hop], nullptr, &memory, nullptr, 0.0});
  }
  return result;
}

void run(const KWeightingPlan& plan, std::span<KWeightingHop> hops) { run_hops(plan, hops); }

/// Rounding of the high-pass's drift adds up over the filter's memory, which is longer the higher the rate.
double tolerance_at(double rate_hz, double at_48_khz) {
  return at_48_khz * std::max(1.0, rate_hz * rate_hz / (48000.0 * 48000.0));
}

TEST(KWeightingHops, EveryOneHasTheEnergyOfTheTwinAtEveryRateOnEveryTarget) {
  on_each_target([] {
    for (const double rate_hz : rates_hz) {
      const KWeightingPlan plan(rate_hz);
      const std::vector<std::size_t> bounds = hop_bounds(rate_hz, 53);
      for (const Material material : materials) {
        SCOPED_TRACE(testing::Message() << rate_hz << " Hz, material " << static_cast<int>(material));
        const std::vector<float> x = signal(material, rate_hz, bounds.back());
        const std::vector<double> z = twin(rate_hz, x);
        KWeightingMemory memory;
        std::vector<KWeightingHop> hops = hops_of(x, bounds, memory);
        run(plan, hops);
        double energy = 0.0;
        double worst_lu = 0.0;
        const double whole = squares(z);
        for (std::size_t hop = 0; hop < hops.size(); ++hop) {
          const double expected = squares(std::span(z).subspan(bounds[hop], hops[hop].frames));
          energy += hops[hop].sum;
          // Under what is 90 dB less than the whole, only what it adds counts.
          const double floor = 1e-9 * whole;
          worst_lu = std::max(worst_lu, difference_lu(hops[hop].sum + floor, expected + floor));
        }

        EXPECT_LT(worst_lu, tolerance_at(rate_hz, 5e-5));
        EXPECT_LT(difference_lu(energy, whole), tolerance_at(rate_hz, 5e-6));
      }
    }
  });
}

TEST(KWeightingHops, OneOfThemDoesNotDependOnTheOthersToTheLastBit) {
  on_each_target([] {
    for (const double rate_hz : {44100.0, 48017.0}) {
      const KWeightingPlan plan(rate_hz);
      const std::vector<std::size_t> bounds = hop_bounds(rate_hz, 40);
      const std::vector<float> x = signal(Material::noise, rate_hz, bounds.back());
      KWeightingMemory memory;
      std::vector<KWeightingHop> together = hops_of(x, bounds, memory);
      run(plan, together);
      for (std::size_t in_call = 1; in_call <= 9; ++in_call) {
        KWeightingMemory other;
        std::vector<KWeightingHop> hops = hops_of(x, bounds, other);
        for (std::size_t first = 0; first < hops.size(); first += in_call) {
          run(plan, std::span(hops).subspan(first, std::min(in_call, hops.size() - first)));
        }
        for (std::size_t hop = 0; hop < hops.size(); ++hop) {
          ASSERT_EQ(hops[hop].sum, together[hop].sum) << hop << " in calls of " << in_call;
        }
      }
    }
  });
}

TEST(KWeightingHops, SilenceEmptiesTheFilter) {
  on_each_target([] {
    for (const double rate_hz : {8000.0, 48000.0, 384000.0}) {
      const KWeightingPlan plan(rate_hz);
      const std::vector<float> loud = signal(Material::noise, rate_hz, plan.shortest_hop);
      const std::vector<float> silence(plan.shortest_hop, 0.0f);
      KWeightingMemory memory;
      KWeightingHop hop{loud.data(), loud.size(), nullptr, &memory, nullptr, 0.0};
      run(plan, {&hop, 1});
      hop.in = silence.data();
      int hops = 0;
      for (; !memory.is_zero() && hops < 100; ++hops) run(plan, {&hop, 1});
      EXPECT_LT(hops, 50);  // Half a second.
      run(plan, {&hop, 1});
      EXPECT_EQ(hop.sum, 0.0);
    }
  });
}

/// Bits of a hop between guards, at any alignment, in place.
TEST(KWeightingHops, WritesWhatPartsOfThemGiveAndNothingElse) {
  static constexpr float guard = 77.0f;
  on_each_target([] {
    for (const double rate_hz : {8009.0, 11025.0, 44100.0, 48000.0}) {
      const KWeightingPlan plan(rate_hz);
      for (std::size_t count = 1; count <= 35; count += 1 + count / 5) {
        const std::vector<std::size_t> bounds = hop_bounds(rate_hz, count);
        const std::size_t before = 1 + count % 9;
        std::vector<float> x(before, guard);
        const std::vector<float> noise = signal(Material::noise, rate_hz, bounds.back());
        x.insert(x.end(), noise.begin(), noise.end());
        x.insert(x.end(), 9, guard);
        std::vector<float> in_parts = noise;
        KWeightingMemory of_parts;
        for (std::size_t hop = 0; hop < count; ++hop) {
          KWeightingRun run_on = plan.begin(of_parts);
          for (std::size_t first = bounds[hop]; first < bounds[hop + 1]; first += 37) {
            KWeightingLane lane{noise.data() + first, std::min<std::size_t>(37, bounds[hop + 1] - first),
                                in_parts.data() + first, run_on};
            run_lanes(plan, {&lane, 1});
            run_on = lane.run;
          }
          KWeightingHop whole{
              noise.data() + bounds[hop], bounds[hop + 1] - bounds[hop], nullptr, &of_parts, nullptr, 0.0};
          run(plan, {&whole, 1});
        }
        KWeightingMemory memory;
        std::vector<KWeightingHop> hops;
        for (std::size_t hop = 0; hop < count; ++hop) {
          float* const at = x.data() + before + bounds[hop];
          hops.push_back({at, bounds[hop + 1] - bounds[hop], at, &memory, nullptr, 0.0});
        }
        run(plan, hops);
        for (std::size_t i = 0; i < before; ++i) ASSERT_EQ(x[i], guard);
        for (std::size_t i = before + noise.size(); i < x.size(); ++i) ASSERT_EQ(x[i], guard);
        const std::vector<double> expected = twin(rate_hz, noise);
        for (std::size_t i = 0; i < noise.size(); ++i) {
          SCOPED_TRACE(testing::Message() << rate_hz << " Hz, " << count << " hops, sample " << i);
          ASSERT_EQ(x[before + i], in_parts[i]);
          ASSERT_NEAR(x[before + i], expected[i], 5e-6);
        }
      }
    }
  });
}

/// A tick of floats added up one after the other, 384 at most.
constexpr double rounding_of_a_tick = 384.0 * 0x1p-24;

/// What is told of a whole hop, against its ticks.
void expect_sums_of_ticks(const HopLevels& hop, const TickWeights& weights) {
  double sum = 0.0, magnitudes = 0.0, squares = 0.0;
  std::array<double, 2> of_magnitudes{}, of_squares{};
  float peak = 0.0f, weighed_peak = 0.0f, least = std::numeric_limits<float>::infinity();
  for (std::size_t tick = 0; tick < ticks_per_hop; ++tick) {
    const HopLevels::Tick& t = hop.ticks[tick];
    sum += static_cast<double>(t.sum);
    magnitudes += static_cast<double>(t.magnitudes);
    squares += static_cast<double>(t.squares);
    for (std::size_t i = 0; i < 2; ++i) {
      of_magnitudes[i] +=
          static_cast<double>(weights.magnitudes[i][tick]) * static_cast<double>(t.magnitudes);
      of_squares[i] += static_cast<double>(weights.squares[i][tick]) * static_cast<double>(t.squares);
    }
    peak = std::max(peak, t.peak);
    weighed_peak = std::max(weighed_peak, weights.peaks[tick] * t.peak);
    if (t.peak > 0.0f) least = std::min(least, t.peak);
  }
  // Ten additions, of weights up to ten.
  constexpr double rounding = 10.0 * 0x1p-24;
  EXPECT_EQ(hop.peak, peak);
  EXPECT_NEAR(hop.sum, sum, rounding * magnitudes);
  EXPECT_NEAR(hop.magnitudes, magnitudes, rounding * magnitudes);
  EXPECT_NEAR(hop.squares, squares, rounding * squares);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_NEAR(hop.weighed_magnitudes[i], of_magnitudes[i], 10.0 * rounding * magnitudes);
    EXPECT_NEAR(hop.weighed_squares[i], of_squares[i], 10.0 * rounding * squares);
  }
  EXPECT_EQ(hop.weighed_peak, weighed_peak);
  EXPECT_EQ(hop.least_peak, peak == 0.0f ? 0.0f : least);
}

TEST(KWeightingHops, TheirLevelsAreThoseOfAPlainLoop) {
  const TickWeights weights = some_weights();
  on_each_target([&] {
    for (const double rate_hz : {8000.0, 44100.0, 48000.0, 384000.0}) {
      const KWeightingPlan plan(rate_hz);
      ASSERT_TRUE(plan.has_ticks);
      for (const std::size_t count : {1u, 3u, 16u, 19u}) {
        const std::vector<std::size_t> bounds = hop_bounds(rate_hz, count);
        std::vector<float> x = signal(Material::low_and_noise, rate_hz, bounds.back());
        // Some ticks are silent, and all of a hop's.
        std::fill(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(x.size() / count / 3), 0.0f);
        if (count > 2) {
          const auto hop = x.begin() + static_cast<std::ptrdiff_t>(bounds[1]);
          std::fill(hop, x.begin() + static_cast<std::ptrdiff_t>(bounds[2]), 0.0f);
        }
        KWeightingMemory memory, other, third;
        std::vector<HopLevels> levels(count), peaks(count);
        std::vector<KWeightingHop> hops = hops_of(x, bounds, memory);
        std::vector<KWeightingHop> bare = hops_of(x, bounds, other);
        std::vector<KWeightingHop> with_peaks = hops_of(x, bounds, third);
        for (std::size_t hop = 0; hop < count; ++hop) {
          hops[hop].levels = &levels[hop];
          with_peaks[hop].levels = &peaks[hop];
        }
        run_hops(plan, hops, weights);
        run(plan, bare);
        run_hops(plan, with_peaks, weights, {}, HopDetail::peaks);
        for (std::size_t hop = 0; hop < count; ++hop) {
          SCOPED_TRACE(testing::Message() << rate_hz << " Hz, hop " << hop << " of " << count);
          EXPECT_EQ(hops[hop].sum, bare[hop].sum);
          EXPECT_EQ(with_peaks[hop].sum, bare[hop].sum);
          EXPECT_EQ(peaks[hop].peak, levels[hop].peak);
          EXPECT_EQ(peaks[hop].bend, levels[hop].bend);
          std::size_t first = bounds[hop];
          float bend = 0.0f, greatest = 0.0f;
          for (std::size_t tick = 0; tick < ticks_per_hop; ++tick) {
            const std::size_t end = bounds[hop] + plan.tick_ends[tick];
            float peak = 0.0f;
            double sum = 0.0, magnitudes = 0.0, squares = 0.0;
            for (std::size_t i = first; i < end; ++i) {
              const double sample = x[i];
              peak = std::max(peak, std::abs(x[i]));
              sum += sample;
              magnitudes += std::abs(sample);
              squares += sample * sample;
              const float last = i < 1 ? 0.0f : x[i - 1];
              const float before = i < 2 ? 0.0f : x[i - 2];
              bend = std::max(bend, std::abs((x[i] - last) - (last - before)));
            }
            EXPECT_EQ(levels[hop].ticks[tick].peak, peak);
            EXPECT_NEAR(levels[hop].ticks[tick].sum, sum, rounding_of_a_tick * magnitudes);
            EXPECT_NEAR(levels[hop].ticks[tick].magnitudes, magnitudes, rounding_of_a_tick * magnitudes);
            EXPECT_NEAR(levels[hop].ticks[tick].squares, squares, rounding_of_a_tick * squares);
            first = end;
            greatest = std::max(greatest, peak);
          }
          EXPECT_EQ(levels[hop].bend, bend);
          EXPECT_EQ(levels[hop].peak, greatest);
          expect_sums_of_ticks(levels[hop], weights);
        }
      }
    }
  });
}

}  // namespace
}  // namespace gainstage
