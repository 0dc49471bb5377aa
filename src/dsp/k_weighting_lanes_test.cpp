// SPDX-License-Identifier: MIT
// The lanes against the two sections of the standard, one after the other in double precision.
#include "dsp/k_weighting_lanes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include "dsp/each_target.h"
#include "dsp/k_weighting.h"

namespace gainstage {
namespace {

constexpr double rates_hz[] = {8000.0,  8009.0,  11025.0, 22050.0,  44100.0,
                               48000.0, 48017.0, 96000.0, 192000.0, 384000.0};

/// The twin: a section in direct form I.
struct Section {
  BiquadCoefficients k;
  double x1 = 0.0, x2 = 0.0, y1 = 0.0, y2 = 0.0;

  double next(double x) {
    const double y = k.b0 * x + k.b1 * x1 + k.b2 * x2 - k.a1 * y1 - k.a2 * y2;
    x2 = x1;
    x1 = x;
    y2 = y1;
    y1 = y;
    return y;
  }
};

std::vector<double> twin(double rate_hz, const std::vector<float>& x) {
  const KWeightingCoefficients k = k_weighting(rate_hz);
  Section shelf{k.shelf}, high_pass{k.high_pass};
  std::vector<double> z;
  for (float sample : x) z.push_back(high_pass.next(shelf.next(static_cast<double>(sample))));
  return z;
}

double squares(std::span<const double> z) {
  double sum = 0.0;
  for (double value : z) sum += value * value;
  return sum;
}

double difference_lu(double energy, double expected) {
  return expected == 0.0 && energy == 0.0 ? 0.0 : std::abs(10.0 * std::log10(energy / expected));
}

/// Signals that are hard on single precision.
enum class Material { noise, quiet_noise, offset_and_quiet_noise, sine_997, sine_40, low_and_noise, steps };
constexpr Material materials[] = {Material::noise,    Material::quiet_noise, Material::offset_and_quiet_noise,
                                  Material::sine_997, Material::sine_40,     Material::low_and_noise,
                                  Material::steps};

std::vector<float> signal(Material material, double rate_hz, std::size_t frames, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::normal_distribution<double> gauss;
  std::vector<float> x(frames);
  for (std::size_t i = 0; i < frames; ++i) {
    const double t = static_cast<double>(i) / rate_hz;
    const auto sine = [&](double hz) { return std::sin(2.0 * std::numbers::pi * hz * t); };
    const auto value = [&] {
      switch (material) {
        case Material::noise:
          return 0.2 * gauss(random);
        case Material::quiet_noise:  // -66 dBFS
          return 5e-4 * gauss(random);
        case Material::offset_and_quiet_noise:  // -75 dBFS
          return 0.5 + 1.8e-4 * gauss(random);
        case Material::sine_997:
          return sine(997.0);
        case Material::sine_40:
          return sine(40.0);
        case Material::low_and_noise:  // 10 Hz, and -50 dBFS
          return 0.9 * sine(10.0) + 3.2e-3 * gauss(random);
        case Material::steps:
          return std::fmod(t, 0.37) < 0.2 ? 0.8 : -0.3;
      }
      return 0.0;
    };
    x[i] = static_cast<float>(value());
  }
  return x;
}

/// Bounds of the hops of 10 ms that a signal is cut into.
std::vector<std::size_t> hop_bounds(double rate_hz, std::size_t hops) {
  std::vector<std::size_t> bounds;
  for (std::size_t hop = 0; hop <= hops; ++hop) {
    bounds.push_back(static_cast<std::size_t>(std::llround(static_cast<double>(hop) * rate_hz / 100.0)));
  }
  return bounds;
}

std::vector<KWeightingLane> lanes_of(const std::vector<float>& x, const std::vector<std::size_t>& bounds,
                                     KWeightingMemory& memory) {
  std::vector<KWeightingLane> lanes;
  for (std::size_t hop = 0; hop + 1 < bounds.size(); ++hop) {
    lanes.push_back({x.data() + bounds[hop], bounds[hop + 1] - bounds[hop], nullptr, &memory, {}, 0.0});
  }
  return lanes;
}

/// Rounding of the high-pass's step adds up over the filter's memory, which is longer the higher the rate.
double tolerance_at(double rate_hz, double at_48_khz) {
  return at_48_khz * std::max(1.0, rate_hz * rate_hz / (48000.0 * 48000.0));
}

TEST(KWeightingLanes, EveryHopHasTheEnergyOfTheTwinAtEveryRateOnEveryTarget) {
  on_each_target([] {
    for (const double rate_hz : rates_hz) {
      const KWeightingPlan plan(rate_hz);
      const std::vector<std::size_t> bounds = hop_bounds(rate_hz, 53);
      for (const Material material : materials) {
        SCOPED_TRACE(testing::Message() << rate_hz << " Hz, material " << static_cast<int>(material));
        const std::vector<float> x = signal(material, rate_hz, bounds.back());
        const std::vector<double> z = twin(rate_hz, x);
        KWeightingMemory memory;
        std::vector<KWeightingLane> lanes = lanes_of(x, bounds, memory);
        begin_hops(plan, lanes);
        run_lanes(plan, lanes);
        double energy = 0.0;
        double worst_lu = 0.0;
        const double whole = squares(z);
        for (std::size_t hop = 0; hop < lanes.size(); ++hop) {
          const double expected = squares(std::span(z).subspan(bounds[hop], lanes[hop].frames));
          energy += lanes[hop].sum;
          // Under what is 90 dB less than the whole, only what it adds counts.
          const double floor = 1e-9 * whole;
          worst_lu = std::max(worst_lu, difference_lu(lanes[hop].sum + floor, expected + floor));
        }

        EXPECT_LT(worst_lu, tolerance_at(rate_hz, 3e-4));
        EXPECT_LT(difference_lu(energy, whole), tolerance_at(rate_hz, 1.5e-5));
      }
    }
  });
}

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
  std::vector<KWeightingLane> read, written;
  for (GuardedLane& lane : signals) {
    read.push_back({lane.data(), lane.frames, nullptr, nullptr, {}, 0.0});
    written.push_back({lane.data(), lane.frames, lane.data(), nullptr, {}, 0.0});
  }
  run_lanes(plan, read);
  run_lanes(plan, written);
  for (std::size_t l = 0; l < lengths.size(); ++l) {
    SCOPED_TRACE(testing::Message() << "lane " << l << " of " << lengths.size());
    const std::vector<float> z = signals[l].samples();
    const double tolerance = rounding(lengths[l]);
    for (std::size_t i = 0; i < z.size(); ++i) ASSERT_NEAR(z[i], expected[l][i], tolerance) << i;
    const double energy = squares(expected[l]);
    // By Cauchy and Schwarz, as much as an error of every sample can change the energy.
    const double all_rounding = tolerance * std::sqrt(static_cast<double>(lengths[l]));
    ASSERT_NEAR(written[l].sum, energy, all_rounding * (2.0 * std::sqrt(energy) + all_rounding));
    ASSERT_EQ(read[l].sum, written[l].sum);
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

TEST(KWeightingLanes, ALaneDoesNotDependOnTheOthersToTheLastBit) {
  on_each_target([] {
    for (const double rate_hz : {44100.0, 48017.0}) {
      const KWeightingPlan plan(rate_hz);
      const std::vector<std::size_t> bounds = hop_bounds(rate_hz, 40);
      const std::vector<float> x = signal(Material::noise, rate_hz, bounds.back());
      KWeightingMemory memory;
      std::vector<KWeightingLane> together = lanes_of(x, bounds, memory);
      begin_hops(plan, together);
      run_lanes(plan, together);
      for (std::size_t in_call = 1; in_call <= 9; ++in_call) {
        KWeightingMemory other;
        std::vector<KWeightingLane> lanes = lanes_of(x, bounds, other);
        for (std::size_t first = 0; first < lanes.size(); first += in_call) {
          const auto call = std::span(lanes).subspan(first, std::min(in_call, lanes.size() - first));
          begin_hops(plan, call);
          run_lanes(plan, call);
        }
        for (std::size_t hop = 0; hop < lanes.size(); ++hop) {
          ASSERT_EQ(lanes[hop].sum, together[hop].sum) << hop << " in calls of " << in_call;
        }
      }
    }
  });
}

TEST(KWeightingLanes, ALaneGoesOnWhereItStopped) {
  on_each_target([] {
    const KWeightingPlan plan(48000.0);
    const std::vector<float> x = signal(Material::noise, 48000.0, 480);
    std::vector<float> whole(480);
    KWeightingLane lane{x.data(), 480, whole.data(), nullptr, {}, 0.0};
    run_lanes(plan, {&lane, 1});
    for (std::size_t part = 1; part <= 37; ++part) {
      std::vector<float> z(480);
      KWeightingRun run;
      for (std::size_t first = 0; first < 480; first += part) {
        KWeightingLane next{
            x.data() + first, std::min(part, 480 - first), z.data() + first, nullptr, run, 0.0};
        run_lanes(plan, {&next, 1});
        run = next.run;
      }
      ASSERT_EQ(z, whole) << "parts of " << part;
    }
  });
}

TEST(KWeightingLanes, SilenceEmptiesTheFilter) {
  on_each_target([] {
    for (const double rate_hz : {8000.0, 48000.0, 384000.0}) {
      const KWeightingPlan plan(rate_hz);
      const std::vector<float> loud = signal(Material::noise, rate_hz, plan.shortest_hop);
      const std::vector<float> silence(plan.shortest_hop, 0.0f);
      KWeightingMemory memory;
      KWeightingLane lane{loud.data(), loud.size(), nullptr, &memory, {}, 0.0};
      begin_hops(plan, {&lane, 1});
      lane.in = silence.data();
      int hops = 0;
      for (; !memory.is_zero() && hops < 100; ++hops) begin_hops(plan, {&lane, 1});
      EXPECT_LT(hops, 50);  // Half a second.
      begin_hops(plan, {&lane, 1});
      run_lanes(plan, {&lane, 1});
      EXPECT_EQ(lane.sum, 0.0);
    }
  });
}

}  // namespace
}  // namespace gainstage
