// SPDX-License-Identifier: MIT
#include "dsp/complex_fft.h"

#include <algorithm>
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

// Constructors that the compiler writes are not for the target that the functions here are for.
struct Complex {
  Vector re, im;

  HWY_INLINE Complex() {}
  HWY_INLINE Complex(Vector real, Vector imaginary) : re(real), im(imaginary) {}
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

/// exp(-2 pi i n / 16), n = 0 .. 9.
constexpr float sixteenth_re[10] = {
    1.0f,  0.92387953251128675613f,  0.70710678118654752440f,  0.38268343236508977173f,
    0.0f,  -0.38268343236508977173f, -0.70710678118654752440f, -0.92387953251128675613f,
    -1.0f, -0.92387953251128675613f};
constexpr float sixteenth_im[10] = {
    0.0f,  -0.38268343236508977173f, -0.70710678118654752440f, -0.92387953251128675613f,
    -1.0f, -0.92387953251128675613f, -0.70710678118654752440f, -0.38268343236508977173f,
    0.0f,  0.38268343236508977173f};

/// Times exp(-2 pi i n / 16).
template <std::size_t n>
HWY_INLINE Complex sixteenths_turned(Complex a) {
  constexpr float half = 0.70710678118654752440f;
  if constexpr (n == 0) return a;
  if constexpr (n == 2)
    return {hn::Mul(hn::Set(Tag(), half), hn::Add(a.re, a.im)),
            hn::Mul(hn::Set(Tag(), half), hn::Sub(a.im, a.re))};
  if constexpr (n == 4) return turned(a);
  if constexpr (n == 6)
    return {hn::Mul(hn::Set(Tag(), half), hn::Sub(a.im, a.re)),
            hn::Mul(hn::Set(Tag(), -half), hn::Add(a.re, a.im))};
  return a * Complex{hn::Set(Tag(), sixteenth_re[n]), hn::Set(Tag(), sixteenth_im[n])};
}

/// Eight points, as two times four.
HWY_INLINE void butterfly(Complex (&x)[8]) {
  Complex even[4] = {x[0], x[2], x[4], x[6]};
  Complex odd[4] = {x[1], x[3], x[5], x[7]};
  butterfly(even);
  butterfly(odd);
  odd[1] = sixteenths_turned<2>(odd[1]);
  odd[2] = sixteenths_turned<4>(odd[2]);
  odd[3] = sixteenths_turned<6>(odd[3]);
  for (std::size_t k = 0; k < 4; ++k) {
    x[k] = even[k] + odd[k];
    x[k + 4] = even[k] - odd[k];
  }
}

/// Fifteen points, as three times five: 15 has no common factors, so no turns come between (Good and Thomas).
HWY_INLINE void butterfly(Complex (&x)[15]) {
  Complex part[3][5];
  for (std::size_t a = 0; a < 3; ++a) {
    for (std::size_t b = 0; b < 5; ++b) part[a][b] = x[(5 * a + 3 * b) % 15];
    butterfly(part[a]);
  }
  for (std::size_t b = 0; b < 5; ++b) {
    Complex three[3] = {part[0][b], part[1][b], part[2][b]};
    butterfly(three);
    for (std::size_t a = 0; a < 3; ++a) x[(10 * a + 6 * b) % 15] = three[a];  // a modulo 3, b modulo 5.
  }
}

/// Sixteen points, as four times four.
HWY_INLINE void butterfly(Complex (&x)[16]) {
  Complex part[4][4];
  for (std::size_t b = 0; b < 4; ++b) {
    for (std::size_t a = 0; a < 4; ++a) part[b][a] = x[4 * a + b];
    butterfly(part[b]);
  }
  part[1][1] = sixteenths_turned<1>(part[1][1]);
  part[1][2] = sixteenths_turned<2>(part[1][2]);
  part[1][3] = sixteenths_turned<3>(part[1][3]);
  part[2][1] = sixteenths_turned<2>(part[2][1]);
  part[2][2] = sixteenths_turned<4>(part[2][2]);
  part[2][3] = sixteenths_turned<6>(part[2][3]);
  part[3][1] = sixteenths_turned<3>(part[3][1]);
  part[3][2] = sixteenths_turned<6>(part[3][2]);
  part[3][3] = sixteenths_turned<9>(part[3][3]);
  for (std::size_t k = 0; k < 4; ++k) {
    Complex four[4] = {part[0][k], part[1][k], part[2][k], part[3][k]};
    butterfly(four);
    for (std::size_t m = 0; m < 4; ++m) x[k + 4 * m] = four[m];
  }
}

template <std::size_t radix, bool is_windowed, bool is_last>
void run_pass(const ComplexFft::Pass& pass, const float* window, const float* in_re, const float* in_im,
              float* out_re, float* out_im) {
  const std::size_t width = pass.stride * columns;  // Samples that share their twiddles.
  const std::size_t leg = pass.rows * width;
  const float* twiddle_re = pass.re.data();
  const float* twiddle_im = pass.im.data();
  float* to_re = out_re;
  float* to_im = out_im;
  std::size_t left = width;  // Of those that share their twiddles.
  for (std::size_t in = 0; in < leg; in += hn::Lanes(Tag())) {
    Complex x[radix];
    std::size_t at = in;
    for (std::size_t j = 0; j < radix; ++j, at += leg) {
      x[j] = load(in_re + at, in_im + at);
      if constexpr (is_windowed) {
        const Vector w = hn::LoadU(Tag(), window + at);
        x[j] = {hn::Mul(w, x[j].re), hn::Mul(w, x[j].im)};
      }
    }
    butterfly(x);
    std::size_t to = 0;
    for (std::size_t j = 0; j < radix; ++j, to += width) {
      if (!is_last && j > 0) {  // At last, all turns are whole.
        x[j] = x[j] * Complex{hn::Set(Tag(), twiddle_re[j - 1]), hn::Set(Tag(), twiddle_im[j - 1])};
      }
      store(x[j], to_re + to, to_im + to);
    }
    to_re += hn::Lanes(Tag());
    to_im += hn::Lanes(Tag());
    left -= hn::Lanes(Tag());
    if (left > 0) continue;
    left = width;
    to_re += (radix - 1) * width;
    to_im += (radix - 1) * width;
    twiddle_re += radix - 1;
    twiddle_im += radix - 1;
  }
}

template <std::size_t radix, bool is_windowed = false>
void run_pass_of(const ComplexFft::Pass& pass, const float* window, const float* in_re, const float* in_im,
                 float* out_re, float* out_im) {
  pass.rows == 1 ? run_pass<radix, is_windowed, true>(pass, window, in_re, in_im, out_re, out_im)
                 : run_pass<radix, is_windowed, false>(pass, window, in_re, in_im, out_re, out_im);
}

/// `window`: of the samples, before the first pass, whose radix is 16 at every length; null: none.
void RunPass(const ComplexFft::Pass& pass, const float* window, const float* in_re, const float* in_im,
             float* out_re, float* out_im) {
  if (window != nullptr) return run_pass_of<16, true>(pass, window, in_re, in_im, out_re, out_im);
  switch (pass.radix) {
    case 2:
      return run_pass_of<2>(pass, window, in_re, in_im, out_re, out_im);
    case 3:
      return run_pass_of<3>(pass, window, in_re, in_im, out_re, out_im);
    case 4:
      return run_pass_of<4>(pass, window, in_re, in_im, out_re, out_im);
    case 5:
      return run_pass_of<5>(pass, window, in_re, in_im, out_re, out_im);
    case 8:
      return run_pass_of<8>(pass, window, in_re, in_im, out_re, out_im);
    case 15:
      return run_pass_of<15>(pass, window, in_re, in_im, out_re, out_im);
    default:
      return run_pass_of<16>(pass, window, in_re, in_im, out_re, out_im);
  }
}

#if HWY_TARGET != HWY_SCALAR
struct FourVectors {
  Vector v[4];
};

/// Of every block of four lanes, four rows become four columns: block b of result c is column 4 b + c.
HWY_INLINE FourVectors blocks_transposed(Vector a, Vector b, Vector c, Vector d) {
  const Tag tag;
  const hn::RepartitionToWide<Tag> wide;
  const auto low_1 = hn::BitCast(wide, hn::InterleaveLower(tag, a, b));
  const auto high_1 = hn::BitCast(wide, hn::InterleaveUpper(tag, a, b));
  const auto low_2 = hn::BitCast(wide, hn::InterleaveLower(tag, c, d));
  const auto high_2 = hn::BitCast(wide, hn::InterleaveUpper(tag, c, d));
  return {{hn::BitCast(tag, hn::InterleaveLower(wide, low_1, low_2)),
           hn::BitCast(tag, hn::InterleaveUpper(wide, low_1, low_2)),
           hn::BitCast(tag, hn::InterleaveLower(wide, high_1, high_2)),
           hn::BitCast(tag, hn::InterleaveUpper(wide, high_1, high_2))}};
}
#endif

/// A square of `columns` x `columns` floats becomes its mirror image.
HWY_INLINE void transpose(const float* in, float* out) {
#if HWY_TARGET == HWY_SCALAR
  for (std::size_t r = 0; r < columns; ++r) {
    for (std::size_t c = 0; c < columns; ++c) out[c * columns + r] = in[r * columns + c];
  }
#else
  const Tag d;
  const auto rows = [&](std::size_t r, std::size_t c) {
    const float* const from = in + r * columns + c;
    return blocks_transposed(hn::LoadU(d, from), hn::LoadU(d, from + columns),
                             hn::LoadU(d, from + 2 * columns), hn::LoadU(d, from + 3 * columns));
  };
#if HWY_HAVE_SCALABLE == 0 && HWY_MAX_BYTES >= 64
  const FourVectors first = rows(0, 0), second = rows(4, 0), third = rows(8, 0), fourth = rows(12, 0);
  for (std::size_t c = 0; c < 4; ++c) {
    const Vector x = first.v[c], y = second.v[c], z = third.v[c], w = fourth.v[c];
    const Vector even_1 = hn::OddEvenBlocks(hn::SwapAdjacentBlocks(y), x);
    const Vector odd_1 = hn::OddEvenBlocks(y, hn::SwapAdjacentBlocks(x));
    const Vector even_2 = hn::OddEvenBlocks(hn::SwapAdjacentBlocks(w), z);
    const Vector odd_2 = hn::OddEvenBlocks(w, hn::SwapAdjacentBlocks(z));
    hn::StoreU(hn::ConcatLowerLower(d, even_2, even_1), d, out + c * columns);
    hn::StoreU(hn::ConcatLowerLower(d, odd_2, odd_1), d, out + (4 + c) * columns);
    hn::StoreU(hn::ConcatUpperUpper(d, even_2, even_1), d, out + (8 + c) * columns);
    hn::StoreU(hn::ConcatUpperUpper(d, odd_2, odd_1), d, out + (12 + c) * columns);
  }
#elif HWY_HAVE_SCALABLE == 0 && HWY_MAX_BYTES == 32
  for (std::size_t r = 0; r < columns; r += 8) {
    for (std::size_t block = 0; block < columns; block += 8) {
      const FourVectors first = rows(r, block), second = rows(r + 4, block);
      for (std::size_t c = 0; c < 4; ++c) {
        float* const to = out + (block + c) * columns + r;
        hn::StoreU(hn::ConcatLowerLower(d, second.v[c], first.v[c]), d, to);
        hn::StoreU(hn::ConcatUpperUpper(d, second.v[c], first.v[c]), d, to + 4 * columns);
      }
    }
  }
#else
  const hn::Full128<float> four;
  for (std::size_t r = 0; r < columns; r += 4) {
    for (std::size_t block = 0; block < columns; block += hn::Lanes(d)) {
      const FourVectors part = rows(r, block);
      HWY_ALIGN float lanes[columns];
      for (std::size_t c = 0; c < 4; ++c) {
        hn::StoreU(part.v[c], d, lanes);
        for (std::size_t b = 0; b < hn::Lanes(d); b += 4) {
          hn::StoreU(hn::LoadU(four, lanes + b), four, out + (block + b + c) * columns + r);
        }
      }
    }
  }
#endif
#endif
}

/// The twiddles between columns, and the transforms across them. `re` and `im` are rows of columns; of the
/// twiddles, every square of them is mirrored.
void JoinColumns(std::size_t length, const float* twiddle_re, const float* twiddle_im, const float* re,
                 const float* im, float* out_re, float* out_im) {
  constexpr std::size_t square = columns * columns;
  HWY_ALIGN float mirrored_re[square], mirrored_im[square];
  const std::size_t bins_apart = length / columns;
  for (std::size_t first = 0; first < length; first += square) {
    transpose(re + first, mirrored_re);
    transpose(im + first, mirrored_im);
    for (std::size_t i = 0; i < columns; i += hn::Lanes(Tag())) {
      Complex x[columns];
      for (std::size_t c = 0; c < columns; ++c) {
        const std::size_t at = i + c * columns;
        x[c] =
            load(mirrored_re + at, mirrored_im + at) * load(twiddle_re + first + at, twiddle_im + first + at);
      }
      butterfly(x);
      const std::size_t bin = first / columns + i;
      for (std::size_t k = 0; k < columns; ++k) {
        store(x[k], out_re + bin + k * bins_apart, out_im + bin + k * bins_apart);
      }
    }
  }
}

/// Of bins 1 to length / 2 - 1, twice their energies over the length, times `share`: added to what is there.
template <bool has_side>
HWY_INLINE void add_energies(std::size_t length, float share, const float* re, const float* im, float* sum,
                             float* side) {
  const Tag d;
  const std::size_t lanes = hn::Lanes(d);
  const float factor = share / static_cast<float>(length);
  const Vector scale = hn::Set(d, factor), half_scale = hn::Set(d, 0.5f * factor);
  std::size_t k = 1;
  for (; k + lanes <= length / 2; k += lanes) {
    const std::size_t mirror = length - k - (lanes - 1);
    const Vector a = hn::LoadU(d, re + k), b = hn::LoadU(d, im + k);
    const Vector c = hn::Reverse(d, hn::LoadU(d, re + mirror)), e = hn::Reverse(d, hn::LoadU(d, im + mirror));
    const Vector energy = hn::MulAdd(a, a, hn::MulAdd(b, b, hn::MulAdd(c, c, hn::Mul(e, e))));
    hn::StoreU(hn::MulAdd(scale, energy, hn::LoadU(d, sum + k)), d, sum + k);
    if constexpr (has_side) {
      const Vector x = hn::Sub(a, e), y = hn::Sub(b, c);
      const Vector difference = hn::MulAdd(x, x, hn::Mul(y, y));
      hn::StoreU(hn::MulAdd(half_scale, difference, hn::LoadU(d, side + k)), d, side + k);
    }
  }
  for (; k < length / 2; ++k) {
    const float a = re[k], b = im[k], c = re[length - k], e = im[length - k];
    sum[k] += factor * (a * a + b * b + c * c + e * e);
    if constexpr (has_side) side[k] += 0.5f * factor * ((a - e) * (a - e) + (b - c) * (b - c));
  }
}

/// `side`: null where none is wanted.
void AddEnergiesOfTwo(std::size_t length, float share, const float* re, const float* im, float* sum,
                      float* side) {
  side != nullptr ? add_energies<true>(length, share, re, im, sum, side)
                  : add_energies<false>(length, share, re, im, sum, side);
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
HWY_EXPORT(AddEnergiesOfTwo);
HWY_EXPORT(ApplyWindow);
HWY_EXPORT(Accumulate);

namespace {

constexpr std::size_t square = ComplexFft::columns * ComplexFft::columns;

/// exp(-2 pi i turns), in `re` and `im` at their ends.
template <typename Vector>
void append_turn(double turns, Vector& re, Vector& im) {
  re.push_back(static_cast<float>(std::cos(-2.0 * std::numbers::pi * turns)));
  im.push_back(static_cast<float>(std::sin(-2.0 * std::numbers::pi * turns)));
}

std::vector<ComplexFft::Pass> passes_of(std::size_t rows) {
  std::vector<ComplexFft::Pass> passes;
  std::size_t stride = 1;
  while (rows > 1) {
    ComplexFft::Pass pass;
    for (std::size_t radix : {16U, 15U, 8U, 5U, 4U, 3U, 2U}) {
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
  for (std::size_t first = 0; first < length / columns; first += columns) {
    for (std::size_t column = 0; column < columns; ++column) {
      for (std::size_t row = first; row < first + columns; ++row) {
        append_turn(static_cast<double>(row * column) / static_cast<double>(length), twiddle_re_,
                    twiddle_im_);
      }
    }
  }
}

std::size_t ComplexFft::fast_length(std::size_t at_least) {
  const auto is_fast = [](std::size_t n) {
    for (std::size_t prime : {2U, 3U, 5U}) {
      while (n % prime == 0) n /= prime;
    }
    return n == 1;
  };
  std::size_t squares = (at_least + square - 1) / square;
  while (!is_fast(squares)) ++squares;
  return square * squares;
}

void ComplexFft::transform() noexcept { transform({}, re_, im_); }

void ComplexFft::transform(std::span<const float> window, std::span<const float> re,
                           std::span<const float> im) noexcept {
  assert(re.size() == length() && im.size() == length());
  assert(window.empty() || window.size() == length());
  const auto run = HWY_DYNAMIC_DISPATCH(RunPass);
  const float* weights = window.empty() ? nullptr : window.data();
  const float* from_re = re.data();
  const float* from_im = im.data();
  for (const Pass& pass : passes_) {
    run(pass, weights, from_re, from_im, other_re_.data(), other_im_.data());
    re_.swap(other_re_);
    im_.swap(other_im_);
    weights = nullptr;
    from_re = re_.data();
    from_im = im_.data();
  }
  HWY_DYNAMIC_DISPATCH(JoinColumns)
  (length(), twiddle_re_.data(), twiddle_im_.data(), from_re, from_im, other_re_.data(), other_im_.data());
  re_.swap(other_re_);
  im_.swap(other_im_);
}

void ComplexFft::energies_of_two(std::span<float> sum, std::span<float> side) const noexcept {
  std::ranges::fill(sum, 0.0f);
  std::ranges::fill(side, 0.0f);
  add_energies_of_two(1.0f, sum, side);
}

void ComplexFft::add_energies_of_two(float share, std::span<float> sum,
                                     std::span<float> side) const noexcept {
  const std::size_t half = length() / 2;
  assert(sum.size() == half + 1 && (side.empty() || side.size() == half + 1));
  float* const side_data = side.empty() ? nullptr : side.data();
  HWY_DYNAMIC_DISPATCH(AddEnergiesOfTwo)
  (length(), share, re_.data(), im_.data(), sum.data(), side_data);
  const float factor = share / static_cast<float>(length());
  for (const std::size_t k : {std::size_t{0}, half}) {
    const float a = re_[k], b = im_[k];
    sum[k] += factor * (a * a + b * b);
    if (!side.empty()) side[k] += 0.5f * factor * (a - b) * (a - b);
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
