// SPDX-License-Identifier: MIT
#include "dsp/interpolator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <numbers>
#include <random>
#include <vector>

#include "dsp/each_target.h"
#include "dsp/test_noise.h"

namespace gainstage {
namespace {

/// An output by its definition.
double output(std::span<const float> taps, const float* x) {
  double sum = 0.0;
  for (std::size_t j = 0; j < taps.size(); ++j)
    sum += static_cast<double>(taps[j]) * static_cast<double>(x[j]);
  return sum;
}

std::vector<Interpolator> interpolators() {
  return {least_squares_interpolator(2, 32, 0.47),
          least_squares_interpolator(2, 20, 0.455),
          least_squares_interpolator(2, 12, 0.44),
          least_squares_interpolator(8, 4, 0.23),
          least_squares_interpolator(4, 4, 0.23),
          least_squares_interpolator(2, 4, 0.23),
          hann_interpolator(4, 6),
          hann_interpolator(2, 12),
          hann_interpolator(3, 1),
          least_squares_interpolator(5, 3, 0.3)};
}

/// How far phase p is from the signal between the samples, at a frequency in turns a frame, of a tone of 1.
double error_at(const Interpolator& whole, std::size_t p, double frequency) {
  const double place =
      static_cast<double>(whole.taps / 2 - 1) + static_cast<double>(p) / static_cast<double>(whole.factor);
  std::complex<double> sum = -1.0;
  for (std::size_t j = 0; j < whole.taps; ++j) {
    sum += static_cast<double>(whole.phase(p)[j]) *
           std::polar(1.0, 2.0 * std::numbers::pi * frequency * (static_cast<double>(j) - place));
  }
  return std::abs(sum);
}

TEST(Interpolation, OfLeastSquaresIsTheClosestInItsBand) {
  const double band = 0.3;
  const auto mean_square = [band](const Interpolator& whole, std::size_t p) {
    double sum = 0.0;
    for (int i = 0; i < 500; ++i) sum += std::pow(error_at(whole, p, band * (i + 0.5) / 500.0), 2.0);
    return sum / 500.0;
  };
  std::mt19937 random(9);
  std::normal_distribution<float> gauss(0.0f, 1e-3f);
  const Interpolator closest = least_squares_interpolator(4, 3, band);
  for (std::size_t p = 1; p < closest.factor; ++p) {
    const double least = mean_square(closest, p);
    EXPECT_LT(least, mean_square(hann_interpolator(4, 3), p));
    for (int i = 0; i < 50; ++i) {
      Interpolator other = closest;
      for (float& tap : other.coefficients) tap += gauss(random);
      EXPECT_LT(least, mean_square(other, p));
    }
  }
}

TEST(Interpolation, IsItsDefinitionAtEveryPhaseLengthAndAlignmentOnEveryTarget) {
  on_each_target([] {
    const std::vector<float> x = noise(300);
    for (const Interpolator& whole : interpolators()) {
      const FoldedInterpolator folded = fold(whole);
      for (std::size_t length = 0; length <= 70; ++length) {
        const float* const start = x.data() + length % 9;
        float greatest = 0.0f;
        for (std::size_t p = 1; p < whole.factor; ++p) {
          std::vector<float> out(length + 1, 77.0f);
          interpolate(folded, p, start, std::span(out).first(length));
          for (std::size_t n = 0; n < length; ++n) {
            ASSERT_NEAR(out[n], output(whole.phase(p), start + n), 1e-5) << whole.factor << ", " << p;
            greatest = std::max(greatest, std::abs(out[n]));
          }
          ASSERT_EQ(out[length], 77.0f);
        }
        ASSERT_EQ(interpolated_peak(folded, start, length), greatest) << whole.factor << ", " << length;
      }
    }
  });
}

TEST(Interpolation, AValueDoesNotDependOnWhereItIsComputed) {
  on_each_target([] {
    const std::vector<float> x = noise(300);
    for (const Interpolator& whole : interpolators()) {
      const FoldedInterpolator folded = fold(whole);
      for (std::size_t p = 1; p < whole.factor; ++p) {
        std::vector<float> all(100);
        interpolate(folded, p, x.data(), all);
        for (std::size_t n = 0; n < all.size(); ++n) {
          float alone = 0.0f;
          interpolate(folded, p, x.data() + n, {&alone, 1});
          ASSERT_EQ(alone, all[n]);
        }
      }
    }
  });
}

/// Signals as long as the taps, for what bounds an output: noise, on an offset or not, and signs.
std::vector<std::vector<float>> short_signals(std::size_t taps) {
  std::mt19937 random(8);
  std::uniform_int_distribution<int> coin(0, 1);
  std::vector<std::vector<float>> all;
  for (int signal = 0; signal < 400; ++signal) {
    std::vector<float> x = noise(taps, static_cast<unsigned>(signal));
    const float offset = 3.0f * static_cast<float>(signal % 5);
    for (float& value : x) value = signal % 2 == 0 ? value + offset : coin(random) == 0 ? -1.0f : 1.0f;
    all.push_back(x);
  }
  return all;
}

/// |x[i] - 2 x[i + 1] + x[i + 2]|.
std::vector<double> bends_of(const std::vector<float>& x) {
  std::vector<double> bends;
  for (std::size_t i = 0; i + 2 < x.size(); ++i) {
    bends.push_back(std::abs(static_cast<double>(x[i]) + static_cast<double>(x[i + 2]) -
                             2.0 * static_cast<double>(x[i + 1])));
  }
  return bends;
}

/// For sums of some dozens of products in double.
constexpr double rounding = 1.000001;

TEST(Interpolation, StaysWithinItsBound) {
  for (const Interpolator& whole : interpolators()) {
    const InterpolationBound bound = gainstage::bound(whole);
    EXPECT_GE(bound.level, 1.0);
    EXPECT_LT(bound.level, 1.1);
    for (const std::vector<float>& x : short_signals(whole.taps)) {
      const std::vector<double> bends = bends_of(x);
      const double bend = bends.empty() ? 0.0 : std::ranges::max(bends);
      const double level = std::max(std::abs(x[x.size() / 2 - 1]), std::abs(x[x.size() / 2]));
      for (std::size_t p = 1; p < whole.factor; ++p) {
        EXPECT_LE(std::abs(output(whole.phase(p), x.data())),
                  rounding * (bound.level * level + bound.bend * bend));
      }
    }
  }
}

TEST(Interpolation, StaysWithinItsCloserBoundThatIsNeverTheWiderOne) {
  for (const Interpolator& whole : interpolators()) {
    if (whole.taps < 4) continue;
    const InterpolationBound wide = bound(whole);
    const auto pairs = whole.factor / 2;
    for (std::size_t i = 0; i < pairs * pairs; ++i) {
      const std::size_t first = 1 + i / pairs, last = 1 + i % pairs;
      if (first > last) continue;
      const NearBound closer = near_bound(whole, first, last);
      EXPECT_LE(closer.greater + closer.lesser, rounding * wide.level);
      EXPECT_LE(2.0 * closer.near, rounding * wide.bend);
      for (const std::vector<float>& x : short_signals(whole.taps)) {
        const std::vector<double> bends = bends_of(x);
        const std::size_t middle = whole.taps / 2 - 1;
        const double before = std::abs(x[middle]), after = std::abs(x[middle + 1]);
        const double most =
            closer.greater * std::max(before, after) + closer.lesser * std::min(before, after) +
            closer.near * (bends[middle - 1] + bends[middle]) + closer.far * std::ranges::max(bends);
        for (std::size_t p = first; p <= last; ++p) {
          for (const std::size_t phase : {p, whole.factor - p})
            EXPECT_LE(std::abs(output(whole.phase(phase), x.data())), rounding * most)
                << phase << ", " << first;
        }
      }
    }
  }
}

TEST(Interpolation, SurveysAreAtLeastWhatIsThereOnEveryTarget) {
  on_each_target([] {
    const std::vector<float> x = noise(400);
    for (std::size_t cell : {1, 5, 8, 28, 31, 64}) {
      const std::size_t count = 300 / cell;
      std::vector<float> bends(count + 1, 77.0f);
      survey_bends(x.data(), cell, std::span(bends).first(count));
      for (std::size_t k = 0; k < count; ++k) {
        const auto at = [&](std::size_t i) { return x[k * cell + i]; };
        float bend = 0.0f, bend_beyond = 0.0f;
        for (std::size_t i = 0; i < cell + interpolation_slack; ++i) {
          const float bent = std::abs(at(i) + at(i + 2) - 2.0f * at(i + 1));
          if (i < cell) bend = std::max(bend, bent);
          bend_beyond = std::max(bend_beyond, bent);
        }
        ASSERT_TRUE(bend <= bends[k] * 1.000001f && bends[k] <= bend_beyond * 1.000001f) << cell;
      }
      EXPECT_TRUE(bends[count] == 77.0f);
    }
  });
}

/// loud_stretches() by its definition: each begins at the first loud place that those before leave open.
std::vector<std::uint32_t> stretches_by_definition(std::span<const float> x, float least,
                                                   std::size_t places) {
  const std::size_t count = x.size() - 1;
  std::vector<std::uint32_t> starts;
  for (std::size_t n = 0; n < count; ++n) {
    if (std::abs(x[n]) < least && std::abs(x[n + 1]) < least) continue;
    starts.push_back(static_cast<std::uint32_t>(std::min(n, count - places)));
    n += places - 1;
  }
  return starts;
}

TEST(Interpolation, LoudStretchesHoldEveryLoudPlaceOnEveryTarget) {
  on_each_target([] {
    std::mt19937 random(4);
    for (std::size_t count = 1; count < 300; ++count) {
      for (const float least : {0.0f, 0.3f, 0.97f, 2.0f}) {
        const std::vector<float> own = noise(count + 1, static_cast<unsigned>(count));
        std::vector<float> x = own;
        x.resize(x.size() + interpolation_slack, 9.0f);
        x.resize(x.size() + 64, std::numeric_limits<float>::quiet_NaN());
        for (const std::size_t places : {std::size_t{1}, std::size_t{4}, std::size_t{70}}) {
          if (places > count) continue;
          const std::vector<std::uint32_t> expected = stretches_by_definition(own, least, places);
          std::vector<std::uint32_t> starts(expected.size() + 1, 77);
          const std::span<std::uint32_t> room(starts);
          ASSERT_EQ(loud_stretches(x.data(), count, least, places, room), expected.size());
          ASSERT_TRUE(std::equal(expected.begin(), expected.end(), starts.begin()));
          ASSERT_EQ(starts.back(), 77u);
          if (expected.empty()) continue;
          const std::size_t less = random() % expected.size();
          starts.assign(starts.size(), 77);
          ASSERT_EQ(loud_stretches(x.data(), count, least, places, room.first(less)), less + 1);
          ASSERT_EQ(starts[less], 77u);
        }
      }
    }
  });
}

TEST(Interpolation, ACascadeIsItsTwoStages) {
  for (const auto& [first_factor, second_factor] :
       {std::pair<std::size_t, std::size_t>{2, 8}, {2, 2}, {4, 4}, {1, 4}}) {
    const Interpolator first = least_squares_interpolator(first_factor, 16, 0.44);
    const Interpolator second = least_squares_interpolator(second_factor, 4, 0.23);
    const Interpolator both = cascade(first, second);
    ASSERT_EQ(both.factor, first_factor * second_factor);
    const std::vector<float> x = noise(200);
    // The first stage's signal, phase after phase.
    std::vector<float> fine;
    for (std::size_t n = 0; n + first.taps <= x.size(); ++n) {
      fine.push_back(x[n + first.taps / 2 - 1]);
      for (std::size_t p = 1; p < first.factor; ++p) {
        fine.push_back(static_cast<float>(output(first.phase(p), x.data() + n)));
      }
    }
    for (std::size_t n = 10; n < 100; ++n) {
      // Frame n of the samples is place (n - first.taps/2 + 1) first_factor of `fine`.
      const std::size_t place = (n + 20 - first.taps / 2 + 1) * first_factor;
      for (std::size_t p = 1; p < both.factor; ++p) {
        double expected = fine[place + p / second_factor];
        if (p % second_factor != 0) {
          expected = output(second.phase(p % second_factor),
                            fine.data() + place + p / second_factor - (second.taps / 2 - 1));
        }
        const double value = output(both.phase(p), x.data() + n + 20 - (both.taps / 2 - 1));
        EXPECT_NEAR(value, expected, 1e-5) << first_factor << " times " << second_factor << ", phase " << p;
      }
    }
  }
}

}  // namespace
}  // namespace gainstage
