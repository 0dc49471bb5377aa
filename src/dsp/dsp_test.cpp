// SPDX-License-Identifier: MIT
// Every kernel against a plain loop, at every length and cut.
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include "dsp/decimator.h"
#include "dsp/each_target.h"
#include "dsp/level.h"
#include "dsp/test_noise.h"
#include "dsp/window.h"

namespace gainstage {
namespace {

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

TEST(Decimation, LeavesOfTheLowFifthWhatItSaysAndDropsTheRest) {
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
    for (double at = 0.0; at <= 0.2; at += 0.02) {
      EXPECT_NEAR(gain_db(at), 10.0 * std::log10(decimation_power(factor, at)), 1e-4) << factor;
    }
    if (factor == 1) continue;
    EXPECT_GT(gain_db(0.2), -3.3) << factor;
    // Ever so often within the ripples.
    for (double at = 0.8; at <= 0.5 * static_cast<double>(factor); at += 0.037) {
      EXPECT_LT(gain_db(at), -78.0) << at << " of " << factor;
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
