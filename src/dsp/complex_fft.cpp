// SPDX-License-Identifier: MIT
#include "dsp/complex_fft.h"

#include <cassert>
#include <cmath>
#include <numbers>
#include <utility>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/complex_fft.cpp"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace gainstage {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t columns = ComplexFft::columns;
using Tag = hn::CappedTag<float, columns>;
using Vector = hn::Vec<Tag>;

struct Complex {
  Vector re, im;
};

HWY_INLINE Complex operator+(Complex a, Complex b) { return {hn::Add(a.re, b.re), hn::Add(a.im, b.im)}; }
HWY_INLINE Complex operator-(Complex a, Complex b) { return {hn::Sub(a.re, b.re), hn::Sub(a.im, b.im)}; }
HWY_INLINE Complex operator*(Complex a, Complex b) {
  return {hn::NegMulAdd(a.im, b.im, hn::Mul(a.re, b.re)), hn::MulAdd(a.im, b.re, hn::Mul(a.re, b.im))};
}
HWY_INLINE Complex operator*(Complex a, float b) {
  const Vector factor = hn::Set(Tag(), b);
  return {hn::Mul(a.re, factor), hn::Mul(a.im, factor)};
}
/// Times -i: a quarter turn back.
HWY_INLINE Complex turned(Complex a) { return {a.im, hn::Neg(a.re)}; }

HWY_INLINE Complex load(const float* re, const float* im) {
  return {hn::LoadU(Tag(), re), hn::LoadU(Tag(), im)};
}
HWY_INLINE void store(Complex a, float* re, float* im) {
  hn::StoreU(a.re, Tag(), re);
  hn::StoreU(a.im, Tag(), im);
}

// Transforms of 2 to 5 points, in place.
HWY_INLINE void butterfly(Complex (&x)[2]) {
  const Complex sum = x[0] + x[1];
  x[1] = x[0] - x[1];
  x[0] = sum;
}

HWY_INLINE void butterfly(Complex (&x)[3]) {
  constexpr float sine = 0.86602540378443864676f;  // sin 2 pi / 3
  const Complex sum = x[1] + x[2];
  const Complex middle = x[0] - sum * 0.5f;
  const Complex side = turned(x[1] - x[2]) * sine;
  x[0] = x[0] + sum;
  x[1] = middle + side;
  x[2] = middle - side;
}

HWY_INLINE void butterfly(Complex (&x)[4]) {
  const Complex even = x[0] + x[2];
  const Complex even_difference = x[0] - x[2];
  const Complex odd = x[1] + x[3];
  const Complex odd_difference = turned(x[1] - x[3]);
  x[0] = even + odd;
  x[1] = even_difference + odd_difference;
  x[2] = even - odd;
  x[3] = even_difference - odd_difference;
}

HWY_INLINE void butterfly(Complex (&x)[5]) {
  // cos and sin of 2 pi / 5 and 4 pi / 5.
  constexpr float cosine_1 = 0.30901699437494742410f, cosine_2 = -0.80901699437494742410f;
  constexpr float sine_1 = 0.95105651629515357212f, sine_2 = 0.58778525229247312917f;
  const Complex sum_1 = x[1] + x[4], sum_2 = x[2] + x[3];
  const Complex difference_1 = turned(x[1] - x[4]), difference_2 = turned(x[2] - x[3]);
  const Complex middle_1 = x[0] + sum_1 * cosine_1 + sum_2 * cosine_2;
  const Complex middle_2 = x[0] + sum_1 * cosine_2 + sum_2 * cosine_1;
  const Complex side_1 = difference_1 * sine_1 + difference_2 * sine_2;
  const Complex side_2 = difference_1 * sine_2 - difference_2 * sine_1;
  x[0] = x[0] + sum_1 + sum_2;
  x[1] = middle_1 + side_1;
  x[2] = middle_2 + side_2;
  x[3] = middle_2 - side_2;
  x[4] = middle_1 - side_1;
}

template <std::size_t radix>
void run_pass(const ComplexFft::Pass& pass, const float* in_re, const float* in_im, float* out_re,
              float* out_im) {
  const std::size_t width = pass.stride * columns;  // Samples that share their twiddles.
  const std::size_t leg = pass.rows * width;
  for (std::size_t p = 0; p < pass.rows; ++p) {
    Complex twiddles[radix];
    for (std::size_t j = 1; j < radix; ++j) {
      const std::size_t at = p * (radix - 1) + j - 1;
      twiddles[j] = {hn::Set(Tag(), pass.re[at]), hn::Set(Tag(), pass.im[at])};
    }
    const std::size_t in = p * width;
    const std::size_t out = p * radix * width;
    for (std::size_t q = 0; q < width; q += hn::Lanes(Tag())) {
      Complex x[radix];
      for (std::size_t j = 0; j < radix; ++j) x[j] = load(in_re + in + j * leg + q, in_im + in + j * leg + q);
      butterfly(x);
      store(x[0], out_re + out + q, out_im + out + q);
      for (std::size_t j = 1; j < radix; ++j) {
        store(x[j] * twiddles[j], out_re + out + j * width + q, out_im + out + j * width + q);
      }
    }
  }
}

void RunPass(const ComplexFft::Pass& pass, const float* in_re, const float* in_im, float* out_re,
             float* out_im) {
  switch (pass.radix) {
    case 2:
      return run_pass<2>(pass, in_re, in_im, out_re, out_im);
    case 3:
      return run_pass<3>(pass, in_re, in_im, out_re, out_im);
    case 4:
      return run_pass<4>(pass, in_re, in_im, out_re, out_im);
    default:
      return run_pass<5>(pass, in_re, in_im, out_re, out_im);
  }
}

/// A square of `columns` x `columns` floats becomes its mirror image.
HWY_INLINE void transpose(const float* in, float* out) {
#if HWY_TARGET == HWY_SCALAR
  for (std::size_t r = 0; r < columns; ++r) {
    for (std::size_t c = 0; c < columns; ++c) out[c * columns + r] = in[r * columns + c];
  }
#else
  const hn::Full128<float> four;
  const hn::Full128<double> two;
  for (std::size_t r = 0; r < columns; r += 4) {
    for (std::size_t c = 0; c < columns; c += 4) {
      const float* const from = in + r * columns + c;
      float* const to = out + c * columns + r;
      const auto a = hn::LoadU(four, from), b = hn::LoadU(four, from + columns);
      const auto d = hn::LoadU(four, from + 2 * columns), e = hn::LoadU(four, from + 3 * columns);
      const auto low_1 = hn::BitCast(two, hn::InterleaveLower(four, a, b));
      const auto high_1 = hn::BitCast(two, hn::InterleaveUpper(four, a, b));
      const auto low_2 = hn::BitCast(two, hn::InterleaveLower(four, d, e));
      const auto high_2 = hn::BitCast(two, hn::InterleaveUpper(four, d, e));
      hn::StoreU(hn::BitCast(four, hn::InterleaveLower(two, low_1, low_2)), four, to);
      hn::StoreU(hn::BitCast(four, hn::InterleaveUpper(two, low_1, low_2)), four, to + columns);
      hn::StoreU(hn::BitCast(four, hn::InterleaveLower(two, high_1, high_2)), four, to + 2 * columns);
      hn::StoreU(hn::BitCast(four, hn::InterleaveUpper(two, high_1, high_2)), four, to + 3 * columns);
    }
  }
#endif
}

/// Sixteen points, as four times four; x[k] is where bin k goes.
HWY_INLINE void sixteen_points(const float* re, const float* im, float* out_re, float* out_im,
                               std::size_t bins_apart) {
  // cos and sin of -2 pi n / 16.
  constexpr float turn_re[10] = {1.0f,
                                 0.92387953251128675613f,
                                 0.70710678118654752440f,
                                 0.38268343236508977173f,
                                 0.0f,
                                 0.0f,
                                 -0.70710678118654752440f,
                                 0.0f,
                                 0.0f,
                                 -0.92387953251128675613f};
  constexpr float turn_im[10] = {0.0f,
                                 -0.38268343236508977173f,
                                 -0.70710678118654752440f,
                                 -0.92387953251128675613f,
                                 -1.0f,
                                 0.0f,
                                 -0.70710678118654752440f,
                                 0.0f,
                                 0.0f,
                                 0.38268343236508977173f};
  Complex part[4][4];
  for (std::size_t a = 0; a < 4; ++a) {
    for (std::size_t b = 0; b < 4; ++b)
      part[a][b] = load(re + (a + 4 * b) * columns, im + (a + 4 * b) * columns);
    butterfly(part[a]);
  }
  for (std::size_t b = 0; b < 4; ++b) {
    Complex x[4];
    for (std::size_t a = 0; a < 4; ++a) {
      const Complex turn{hn::Set(Tag(), turn_re[a * b]), hn::Set(Tag(), turn_im[a * b])};
      x[a] = a * b == 0 ? part[a][b] : part[a][b] * turn;
    }
    butterfly(x);
    for (std::size_t c = 0; c < 4; ++c) {
      store(x[c], out_re + (b + 4 * c) * bins_apart, out_im + (b + 4 * c) * bins_apart);
    }
  }
}

/// The twiddles between columns, and the transforms across them. `re` and `im` are rows of columns.
void JoinColumns(std::size_t length, const float* twiddle_re, const float* twiddle_im, const float* re,
                 const float* im, float* out_re, float* out_im) {
  constexpr std::size_t square = columns * columns;
  HWY_ALIGN float turned_re[square], turned_im[square], mirrored_re[square], mirrored_im[square];
  for (std::size_t first = 0; first < length; first += square) {
    for (std::size_t i = 0; i < square; i += hn::Lanes(Tag())) {
      const std::size_t at = first + i;
      store(load(re + at, im + at) * load(twiddle_re + at, twiddle_im + at), turned_re + i, turned_im + i);
    }
    transpose(turned_re, mirrored_re);
    transpose(turned_im, mirrored_im);
    for (std::size_t i = 0; i < columns; i += hn::Lanes(Tag())) {
      const std::size_t bin = first / columns + i;
      sixteen_points(mirrored_re + i, mirrored_im + i, out_re + bin, out_im + bin, length / columns);
    }
  }
}

/// Of bins 1 to length / 2 - 1, twice their energies over the length.
void EnergiesOfTwo(std::size_t length, const float* re, const float* im, float* sum, float* side) {
  const Tag d;
  const std::size_t lanes = hn::Lanes(d);
  const float factor = 1.0f / static_cast<float>(length);
  const Vector scale = hn::Set(d, factor), half_scale = hn::Set(d, 0.5f * factor);
  std::size_t k = 1;
  for (; k + lanes <= length / 2; k += lanes) {
    const std::size_t mirror = length - k - (lanes - 1);
    const Vector a = hn::LoadU(d, re + k), b = hn::LoadU(d, im + k);
    const Vector c = hn::Reverse(d, hn::LoadU(d, re + mirror)), e = hn::Reverse(d, hn::LoadU(d, im + mirror));
    const Vector energy = hn::MulAdd(a, a, hn::MulAdd(b, b, hn::MulAdd(c, c, hn::Mul(e, e))));
    const Vector x = hn::Sub(a, e), y = hn::Sub(b, c);
    hn::StoreU(hn::Mul(scale, energy), d, sum + k);
    hn::StoreU(hn::Mul(half_scale, hn::MulAdd(x, x, hn::Mul(y, y))), d, side + k);
  }
  for (; k < length / 2; ++k) {
    const float a = re[k], b = im[k], c = re[length - k], e = im[length - k];
    sum[k] = factor * (a * a + b * b + c * c + e * e);
    side[k] = 0.5f * factor * ((a - e) * (a - e) + (b - c) * (b - c));
  }
}

void ApplyWindow(const float* window, const float* x, std::size_t count, float* out) {
  const Tag d;
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= count; i += hn::Lanes(d)) {
    hn::StoreU(hn::Mul(hn::LoadU(d, window + i), hn::LoadU(d, x + i)), d, out + i);
  }
  for (; i < count; ++i) out[i] = window[i] * x[i];
}

void Accumulate(float* sum, float share, const float* x, std::size_t count) {
  const Tag d;
  const Vector factor = hn::Set(d, share);
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= count; i += hn::Lanes(d)) {
    hn::StoreU(hn::MulAdd(factor, hn::LoadU(d, x + i), hn::LoadU(d, sum + i)), d, sum + i);
  }
  for (; i < count; ++i) sum[i] += share * x[i];
}

}  // namespace HWY_NAMESPACE
}  // namespace gainstage
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage {

HWY_EXPORT(RunPass);
HWY_EXPORT(JoinColumns);
HWY_EXPORT(EnergiesOfTwo);
HWY_EXPORT(ApplyWindow);
HWY_EXPORT(Accumulate);

namespace {

constexpr std::size_t square = ComplexFft::columns * ComplexFft::columns;

/// exp(-2 pi i turns), in `re` and `im` at their ends.
void append_turn(double turns, std::vector<float>& re, std::vector<float>& im) {
  re.push_back(static_cast<float>(std::cos(-2.0 * std::numbers::pi * turns)));
  im.push_back(static_cast<float>(std::sin(-2.0 * std::numbers::pi * turns)));
}

std::vector<ComplexFft::Pass> passes_of(std::size_t rows) {
  std::vector<ComplexFft::Pass> passes;
  std::size_t stride = 1;
  while (rows > 1) {
    ComplexFft::Pass pass;
    for (std::size_t radix : {4, 5, 3, 2}) {
      if (rows % radix != 0) continue;
      pass.radix = radix;
      break;
    }
    pass.rows = rows / pass.radix;
    pass.stride = stride;
    for (std::size_t p = 0; p < pass.rows; ++p) {
      for (std::size_t j = 1; j < pass.radix; ++j) {
        append_turn(static_cast<double>(p * j) / static_cast<double>(rows), pass.re, pass.im);
      }
    }
    rows = pass.rows;
    stride *= pass.radix;
    passes.push_back(std::move(pass));
  }
  return passes;
}

}  // namespace

ComplexFft::ComplexFft(std::size_t length)
    : passes_(passes_of(length / columns)), re_(length), im_(length), other_re_(length), other_im_(length) {
  assert(length == fast_length(length));
  for (std::size_t row = 0; row < length / columns; ++row) {
    for (std::size_t column = 0; column < columns; ++column) {
      append_turn(static_cast<double>(row * column) / static_cast<double>(length), twiddle_re_, twiddle_im_);
    }
  }
}

std::size_t ComplexFft::fast_length(std::size_t at_least) {
  const auto is_fast = [](std::size_t n) {
    for (std::size_t prime : {2, 3, 5}) {
      while (n % prime == 0) n /= prime;
    }
    return n == 1;
  };
  std::size_t squares = (at_least + square - 1) / square;
  while (!is_fast(squares)) ++squares;
  return square * squares;
}

void ComplexFft::transform() noexcept {
  const auto run = HWY_DYNAMIC_DISPATCH(RunPass);
  for (const Pass& pass : passes_) {
    run(pass, re_.data(), im_.data(), other_re_.data(), other_im_.data());
    re_.swap(other_re_);
    im_.swap(other_im_);
  }
  HWY_DYNAMIC_DISPATCH(JoinColumns)
  (length(), twiddle_re_.data(), twiddle_im_.data(), re_.data(), im_.data(), other_re_.data(),
   other_im_.data());
  re_.swap(other_re_);
  im_.swap(other_im_);
}

void ComplexFft::energies_of_two(std::span<float> sum, std::span<float> side) const noexcept {
  const std::size_t half = length() / 2;
  assert(sum.size() == half + 1 && side.size() == half + 1);
  HWY_DYNAMIC_DISPATCH(EnergiesOfTwo)(length(), re_.data(), im_.data(), sum.data(), side.data());
  for (const std::size_t k : {std::size_t{0}, half}) {
    const float a = re_[k], b = im_[k];
    sum[k] = (a * a + b * b) / static_cast<float>(length());
    side[k] = 0.5f * (a - b) * (a - b) / static_cast<float>(length());
  }
}

void apply_window(std::span<const float> window, std::span<const float> x, std::span<float> out) noexcept {
  assert(window.size() == x.size() && window.size() == out.size());
  HWY_DYNAMIC_DISPATCH(ApplyWindow)(window.data(), x.data(), x.size(), out.data());
}

void accumulate(std::span<float> sum, float share, std::span<const float> x) noexcept {
  assert(sum.size() == x.size());
  HWY_DYNAMIC_DISPATCH(Accumulate)(sum.data(), share, x.data(), x.size());
}

}  // namespace gainstage
#endif
