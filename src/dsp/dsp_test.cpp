// SPDX-License-Identifier: MIT
// Every kernel against a plain loop, at every length and cut.
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <numbers>
#include <random>
#include <vector>

#include "dsp/decimator.h"
#include "dsp/each_target.h"
#include "dsp/interpolator.h"
#include "dsp/level.h"
#include "dsp/window.h"

namespace gainstage {
namespace {

std::vector<float> noise(std::size_t length, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> values(-1.0f, 1.0f);
  std::vector<float> x(length);
  for (float& value : x) value = values(random);
  return x;
}

TEST(Level, SumsAndPeaksAreThoseOfPlainLoopsOnEveryTarget) {
  on_each_target([] {
    for (std::size_t before = 1; before <= 8; ++before) {
      // Between guards that any sum and peak would show.
      std::vector<float> x = noise(110, 1);
      std::vector<float> y = noise(110, 2);
      for (std::size_t length = 0; length <= 100; ++length) {
        const float after = x[before + length];
        x[before - 1] = x[before + length] = 1e30f;
        LaneSum squares, products;
        const std::span<const float> a = std::span(x).subspan(before, length);
        const std::span<const float> b = std::span(y).subspan(before, length);
        add_squares(squares, a);
        add_products(products, a, b);
        double expected_squares = 0.0;
        double expected_products = 0.0;
        float greatest = 0.0f;
        for (std::size_t i = 0; i < length; ++i) {
          const double u = a[i];
          expected_squares += u * u;
          expected_products += u * static_cast<double>(b[i]);
          greatest = std::max(greatest, std::abs(a[i]));
        }
        EXPECT_NEAR(squares.total(), expected_squares, 1e-13);
        EXPECT_NEAR(products.total(), expected_products, 1e-13);
        EXPECT_EQ(peak(a), greatest) << length;
        x[before + length] = after;
      }
    }
  });
}

TEST(Level, ASumDependsNeitherOnTheCutNorOnTheTarget) {
  const std::vector<float> x = noise(1000);
  LaneSum whole;
  add_squares(whole, x);
  on_each_target([&] {
    for (std::size_t block = 1; block < 40; ++block) {
      LaneSum sum;
      for (std::size_t first = 0; first < x.size(); first += block) {
        add_squares(sum, std::span(x).subspan(first, std::min(block, x.size() - first)));
      }
      EXPECT_EQ(sum.total(), whole.total()) << block;
    }
  });
}

TEST(Level, StereoSumsAreThoseOfEachToTheLastBit) {
  const std::vector<float> x = noise(1000, 1), y = noise(1000, 2);
  LaneSum left, right, product;
  add_squares(left, x);
  add_squares(right, y);
  add_products(product, x, y);
  on_each_target([&] {
    for (std::size_t block = 1; block < 40; ++block) {
      StereoSums sums;
      for (std::size_t first = 0; first < x.size(); first += block) {
        const std::size_t count = std::min(block, x.size() - first);
        add_stereo(sums, std::span(x).subspan(first, count), std::span(y).subspan(first, count));
      }
      EXPECT_EQ(sums.left.total(), left.total()) << block;
      EXPECT_EQ(sums.right.total(), right.total()) << block;
      EXPECT_EQ(sums.product.total(), product.total()) << block;
    }
  });
}

TEST(Level, OneSampleEndsSilence) {
  for (std::size_t length : {1, 7, 255, 256, 257, 1000}) {
    std::vector<float> x(length, 0.0f);
    x[0] = -0.0f;
    EXPECT_TRUE(is_digital_silence(x));
    x[length - 1] = -1e-45f;
    EXPECT_FALSE(is_digital_silence(x));
  }
  EXPECT_TRUE(is_digital_silence({}));
}

/// An output by its definition.
double output(std::span<const float> taps, const float* x) {
  double sum = 0.0;
  for (std::size_t j = 0; j < taps.size(); ++j)
    sum += static_cast<double>(taps[j]) * static_cast<double>(x[j]);
  return sum;
}

std::vector<Interpolator> interpolators() {
  return {kaiser_interpolator(2, 32, 5.0), kaiser_interpolator(2, 20, 5.8), kaiser_interpolator(2, 12, 5.8),
          kaiser_interpolator(8, 4, 5.65), kaiser_interpolator(4, 4, 5.65), kaiser_interpolator(2, 4, 5.65),
          hann_interpolator(4, 6),         hann_interpolator(2, 12),        hann_interpolator(3, 1),
          kaiser_interpolator(5, 3, 4.0)};
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

TEST(Interpolation, StaysWithinItsBound) {
  std::mt19937 random(8);
  std::uniform_int_distribution<int> coin(0, 1);
  for (const Interpolator& whole : interpolators()) {
    const InterpolationBound bound = gainstage::bound(whole);
    EXPECT_GE(bound.level, 1.0);
    EXPECT_LT(bound.level, 1.1);
    for (int signal = 0; signal < 400; ++signal) {
      std::vector<float> x = noise(whole.taps, static_cast<unsigned>(signal));
      const float offset = 3.0f * static_cast<float>(signal % 5);
      for (float& value : x) value = signal % 2 == 0 ? value + offset : coin(random) == 0 ? -1.0f : 1.0f;
      double bend = 0.0;
      for (std::size_t i = 0; i + 2 < x.size(); ++i) {
        bend = std::max(bend, std::abs(static_cast<double>(x[i] + x[i + 2] - 2.0f * x[i + 1])));
      }
      const double level = std::max(std::abs(x[x.size() / 2 - 1]), std::abs(x[x.size() / 2]));
      for (std::size_t p = 1; p < whole.factor; ++p) {
        EXPECT_LE(std::abs(output(whole.phase(p), x.data())),
                  1.000001 * (bound.level * level + bound.bend * bend));
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
    const Interpolator first = kaiser_interpolator(first_factor, 16, 5.0);
    const Interpolator second = kaiser_interpolator(second_factor, 4, 5.0);
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

TEST(Decimation, KeepsTheLowFifthAndDropsTheRest) {
  for (std::size_t factor : {1, 2, 7, 16, 134}) {
    const std::vector<float> taps = decimation_taps(factor);
    const auto gain_db = [&](double of_lower_rate) {
      std::complex<double> sum = 0.0;
      for (std::size_t j = 0; j < taps.size(); ++j) {
        sum += static_cast<double>(taps[j]) *
               std::polar(1.0, 2.0 * std::numbers::pi * of_lower_rate / static_cast<double>(factor) *
                                   static_cast<double>(j));
      }
      return 20.0 * std::log10(std::abs(sum));
    };
    EXPECT_NEAR(gain_db(0.0), 0.0, 1e-5);
    EXPECT_NEAR(gain_db(0.2), 0.0, 0.002) << factor;
    if (factor > 1) {
      EXPECT_LT(gain_db(0.8), -78.0) << factor;
      EXPECT_LT(gain_db(1.0), -78.0) << factor;
    }
  }
}

TEST(Decimation, TakesEveryNthOutputOnEveryTarget) {
  on_each_target([] {
    const std::vector<float> x = noise(300);
    for (std::size_t count = 1; count <= 70; ++count) {
      const std::vector<float> taps = noise(count, 4);
      std::vector<float> out(20);
      decimate(taps, 9, x, out);
      for (std::size_t m = 0; m < out.size(); ++m) {
        double sum = 0.0;
        for (std::size_t j = 0; j < taps.size(); ++j)
          sum += static_cast<double>(taps[j]) * static_cast<double>(x[9 * m + j]);
        EXPECT_NEAR(static_cast<double>(out[m]), sum, 2e-5) << count;
      }
    }
  });
}

TEST(Window, SineWindowsHalfALengthApartAddUpToOne) {
  const std::vector<float> window = sine_window(3842);
  for (std::size_t i = 0; i < 1921; ++i) {
    const double a = window[i];
    const double b = window[i + 1921];
    EXPECT_NEAR(a * a + b * b, 1.0, 1e-6);
  }
}

}  // namespace
}  // namespace gainstage
