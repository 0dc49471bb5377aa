// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include "dsp/complex_fft.h"
#include "dsp/each_target.h"
#include "dsp/test_noise.h"

namespace gainstage {
namespace {

/// Bin k by definition.
std::complex<double> bin(std::span<const float> re, std::span<const float> im, std::size_t k) {
  std::complex<double> sum = 0.0;
  for (std::size_t n = 0; n < re.size(); ++n) {
    const double turns = static_cast<double>(k * n % re.size()) / static_cast<double>(re.size());
    sum += std::complex<double>(re[n], im[n]) * std::polar(1.0, -2.0 * std::numbers::pi * turns);
  }
  return sum;
}

TEST(ComplexFft, IsTheTransformByDefinitionOnEveryTarget) {
  on_each_target([] {
    for (std::size_t squares : {1, 2, 3, 4, 5, 6, 8, 9, 10, 15, 16, 25}) {
      const std::size_t length = 256 * squares;
      const std::vector<float> re = noise(length, 1), im = noise(length, 2);
      ComplexFft fft(length);
      std::ranges::copy(re, fft.re().begin());
      std::ranges::copy(im, fft.im().begin());
      fft.transform();
      const double tolerance = 4e-7 * std::sqrt(static_cast<double>(length)) * std::log2(length);
      for (std::size_t k = 0; k < length; k += (k < 40 ? 1 : 37)) {
        const std::complex<double> expected = bin(re, im, k);
        EXPECT_NEAR(fft.re()[k], expected.real(), tolerance) << length << ", bin " << k;
        EXPECT_NEAR(fft.im()[k], expected.imag(), tolerance) << length << ", bin " << k;
      }
    }
  });
}

TEST(ComplexFft, TellsTwoRealSignalsApartOnEveryTarget) {
  on_each_target([] {
    const std::size_t length = 768;
    const std::vector<float> a = noise(length, 3), b = noise(length, 4), none(length);
    ComplexFft fft(length);
    std::ranges::copy(a, fft.re().begin());
    std::ranges::copy(b, fft.im().begin());
    fft.transform();
    std::vector<float> sum(length / 2 + 1), side(length / 2 + 1);
    fft.energies_of_two(sum, side);
    double squares = 0.0, bins = 0.0;
    for (std::size_t k = 0; k < sum.size(); ++k) {
      const double halves = k == 0 || k == length / 2 ? 1.0 : 2.0;
      const std::complex<double> of_a = bin(a, none, k), of_b = bin(b, none, k);
      const double scale = halves / static_cast<double>(length);
      EXPECT_NEAR(sum[k], scale * (std::norm(of_a) + std::norm(of_b)), 2e-5) << k;
      EXPECT_NEAR(side[k], 0.5 * scale * std::norm(of_a - of_b), 2e-5) << k;
      bins += static_cast<double>(sum[k]);
    }
    for (std::size_t n = 0; n < length; ++n) {
      squares += static_cast<double>(a[n] * a[n]) + static_cast<double>(b[n] * b[n]);
    }
    EXPECT_NEAR(bins, squares, 1e-6 * squares);
  });
}

TEST(ComplexFft, TransformsWhatLiesElsewhereThroughAWindowOnEveryTarget) {
  on_each_target([] {
    for (std::size_t squares : {1, 2, 3, 15, 16}) {
      const std::size_t length = 256 * squares;
      const std::vector<float> a = noise(length + 1, 8), b = noise(length + 1, 9), window = noise(length, 10);
      const auto re = std::span(a).subspan(1), im = std::span(b).subspan(1);
      ComplexFft in_place(length), elsewhere(length);
      apply_window(window, re, in_place.re());
      apply_window(window, im, in_place.im());
      in_place.transform();
      elsewhere.transform(window, re, im);
      // The window's product may be rounded, or go on unrounded into the next sum.
      const double tolerance = 4e-7 * std::sqrt(static_cast<double>(length)) * std::log2(length);
      for (std::size_t k = 0; k < length; ++k) {
        ASSERT_NEAR(elsewhere.re()[k], in_place.re()[k], tolerance) << length << ", bin " << k;
        ASSERT_NEAR(elsewhere.im()[k], in_place.im()[k], tolerance) << length << ", bin " << k;
      }
    }
  });
}

TEST(ComplexFft, AddsAShareOfTheEnergiesOnEveryTarget) {
  on_each_target([] {
    const std::size_t length = 1280;
    const std::vector<float> a = noise(length, 11), b = noise(length, 12);
    ComplexFft fft(length);
    fft.transform({}, a, b);
    const std::size_t bins = length / 2 + 1;
    std::vector<float> sum(bins), side(bins), more(bins, 3.0f), more_side(bins, 5.0f), alone(bins);
    fft.energies_of_two(sum, side);
    fft.add_energies_of_two(0.25f, more, more_side);
    fft.add_energies_of_two(1.0f, alone, {});
    for (std::size_t k = 0; k < bins; ++k) {
      EXPECT_NEAR(more[k], 3.0f + 0.25f * sum[k], 1e-6f * (3.0f + sum[k])) << k;
      EXPECT_NEAR(more_side[k], 5.0f + 0.25f * side[k], 1e-6f * (5.0f + side[k])) << k;
      EXPECT_EQ(alone[k], sum[k]) << k;
    }
  });
}

TEST(ComplexFft, WindowsAndAccumulatesEveryLengthOnEveryTarget) {
  on_each_target([] {
    constexpr float guard = 77.0f;
    for (std::size_t count = 0; count <= 70; ++count) {
      for (std::size_t offset = 0; offset < 4; ++offset) {
        const std::vector<float> window = noise(count + offset, 5), x = noise(count + offset, 6);
        const auto w = std::span(window).subspan(offset), v = std::span(x).subspan(offset);
        std::vector<float> out(count + 2, guard), sum(count + 2, guard);
        std::fill_n(sum.begin() + 1, count, 0.25f);
        apply_window(w, v, std::span(out).subspan(1, count));
        accumulate(std::span(sum).subspan(1, count), 0.5f, v);
        for (std::size_t i = 0; i < count; ++i) {
          EXPECT_EQ(out[i + 1], w[i] * v[i]);
          EXPECT_NEAR(sum[i + 1], 0.25f + 0.5f * v[i], 1e-7f);
        }
        EXPECT_TRUE(out.front() == guard && out.back() == guard && sum.front() == guard &&
                    sum.back() == guard);
      }
    }
  });
}

TEST(ComplexFft, LengthsAreSquaresTimesSmallFactors) {
  EXPECT_EQ(ComplexFft::fast_length(1), 256u);
  EXPECT_EQ(ComplexFft::fast_length(3528), 3840u);
  EXPECT_EQ(ComplexFft::fast_length(3840), 3840u);
  EXPECT_EQ(ComplexFft::fast_length(3841), 4096u);
}

}  // namespace
}  // namespace gainstage
