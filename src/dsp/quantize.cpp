// SPDX-License-Identifier: MIT
#include "dsp/quantize.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/quantize.cpp"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace gainstage {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

constexpr double greatest_whole = 0x1p48;  ///< Beyond, no sample counts as being on the grid.

double noise_at(const TriangularNoise& noise, std::uint64_t frame) {
  const std::uint64_t random = scramble(noise.seed + (frame + 1) * golden_gamma);
  const auto upper = static_cast<std::int64_t>(random >> 32);
  const auto lower = static_cast<std::int64_t>(random & 0xffffffffu);
  return static_cast<double>(upper - lower) * 0x1p-32;
}

#if HWY_TARGET != HWY_SCALAR
using D = hn::CappedTag<double, 8>;
using F = hn::Rebind<float, D>;
using I = hn::Rebind<std::int32_t, D>;
using U = hn::Rebind<std::uint64_t, D>;

/// The lower 64 bits of a product.
HWY_INLINE hn::Vec<U> multiply(hn::Vec<U> x, std::uint64_t factor) {
  const U d;
#if HWY_CAP_GE512
  return x * hn::Set(d, factor);
#else
  const hn::Repartition<std::uint32_t, U> half;
  const auto lower = hn::BitCast(half, hn::Set(d, factor & 0xffffffffu));
  const auto upper = hn::BitCast(half, hn::Set(d, factor >> 32));
  const auto x_lower = hn::BitCast(half, x);
  const auto x_upper = hn::BitCast(half, hn::ShiftRight<32>(x));
  const auto crossed = hn::Add(hn::MulEven(x_upper, lower), hn::MulEven(x_lower, upper));
  return hn::Add(hn::MulEven(x_lower, lower), hn::ShiftLeft<32>(crossed));
#endif
}

/// scramble(), and the difference of the halves: the noise in units of 2^-32.
HWY_INLINE hn::Vec<D> noise_of(hn::Vec<U> z) {
  const U d;
  z = multiply(hn::Xor(z, hn::ShiftRight<30>(z)), scramble_factors[0]);
  z = multiply(hn::Xor(z, hn::ShiftRight<27>(z)), scramble_factors[1]);
  z = hn::Xor(z, hn::ShiftRight<31>(z));
  // 2^52 with a number of 32 bits for its lowest bits is 2^52 plus that number.
  const auto exponent = hn::Set(d, 0x4330000000000000u);
  const auto upper = hn::BitCast(D(), hn::Or(hn::ShiftRight<32>(z), exponent));
  const auto lower = hn::BitCast(D(), hn::Or(hn::And(z, hn::Set(d, 0xffffffffu)), exponent));
  return hn::Sub(upper, lower);
}
#endif

std::size_t SamplesOnGrid(const float* samples, std::size_t count, double scale) {
  std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::ScalableTag<float> d;
  const auto factor = hn::Set(d, static_cast<float>(scale));
  const auto greatest = hn::Set(d, static_cast<float>(greatest_whole));
  for (; i + hn::Lanes(d) <= count; i += hn::Lanes(d)) {
    const auto scaled = hn::Mul(hn::LoadU(d, samples + i), factor);
    const auto is_whole = hn::Eq(hn::Round(scaled), scaled);
    if (!hn::AllTrue(d, hn::And(is_whole, hn::Le(hn::Abs(scaled), greatest)))) break;
  }
#endif
  for (; i < count; ++i) {
    const double scaled = samples[i] * scale;
    if (std::nearbyint(scaled) != scaled || std::abs(scaled) > greatest_whole) break;
  }
  return i;
}

template <bool with_noise>
std::size_t quantize_all(const float* samples, std::size_t count, int bits, TriangularNoise noise,
                         std::int32_t* out) {
  const double full_scale = std::ldexp(1.0, bits - 1);  // Its product with a float is exact.
  const double least_value = -full_scale;
  const double greatest_value = full_scale - 1.0;
  const double shift = std::ldexp(1.0, 32 - bits);
  std::size_t clipped = 0;
  std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  const D d;
  const U du;
  const std::size_t lanes = hn::Lanes(d);
  const auto scale = hn::Set(d, full_scale);
  const auto least = hn::Set(d, least_value);
  const auto greatest = hn::Set(d, greatest_value);
  const auto to_upper_bits = hn::Set(d, shift);
  // Half to even: a half over the greatest value is rounded up, a half under the least one is rounded to it.
  const auto first_over = hn::Set(d, greatest_value + 0.5);
  const auto last_under = hn::Set(d, least_value - 0.5);
  [[maybe_unused]] const auto noise_unit = hn::Set(d, 0x1p-32);
  HWY_ALIGN std::uint64_t first[8];
  for (std::size_t k = 0; k < 8; ++k) first[k] = noise.seed + (noise.first_frame + k + 1) * golden_gamma;
  auto counter = hn::Load(du, first);
  const auto step = hn::Set(du, lanes * golden_gamma);
  for (; i + lanes <= count; i += lanes) {
    const auto scaled = hn::Mul(hn::PromoteTo(d, hn::LoadU(F(), samples + i)), scale);
    const auto is_over = hn::Or(hn::Ge(scaled, first_over), hn::Lt(scaled, last_under));
    if (!hn::AllFalse(d, is_over)) clipped += hn::CountTrue(d, is_over);
    auto value = scaled;
    if constexpr (with_noise) {
      value = hn::MulAdd(noise_of(counter), noise_unit, scaled);  // The product is exact.
      counter = hn::Add(counter, step);
    }
    value = hn::Round(value);
    value = hn::Mul(hn::Min(hn::Max(value, least), greatest), to_upper_bits);
    hn::StoreU(hn::DemoteTo(I(), value), I(), out + i);
  }
#endif
  for (; i < count; ++i) {
    const double scaled = samples[i] * full_scale;
    const double whole = std::nearbyint(scaled);
    if (whole > greatest_value || whole < least_value) ++clipped;
    double value = whole;
    if constexpr (with_noise) value = std::nearbyint(scaled + noise_at(noise, noise.first_frame + i));
    out[i] = static_cast<std::int32_t>(std::clamp(value, least_value, greatest_value) * shift);
  }
  return clipped;
}

std::size_t QuantizeSamples(const float* samples, std::size_t count, int bits, const TriangularNoise* noise,
                            std::int32_t* out) {
  if (noise != nullptr) return quantize_all<true>(samples, count, bits, *noise, out);
  return quantize_all<false>(samples, count, bits, {}, out);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace gainstage
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage {

HWY_EXPORT(SamplesOnGrid);
HWY_EXPORT(QuantizeSamples);

std::size_t samples_on_grid(std::span<const float> samples, int bits) noexcept {
  return HWY_DYNAMIC_DISPATCH(SamplesOnGrid)(samples.data(), samples.size(), std::ldexp(1.0, bits - 1));
}

std::size_t quantize(std::span<const float> samples, int bits, const std::optional<TriangularNoise>& noise,
                     std::span<std::int32_t> out) noexcept {
  assert(bits >= 8 && bits <= 24 && out.size() == samples.size());
  return HWY_DYNAMIC_DISPATCH(QuantizeSamples)(samples.data(), samples.size(), bits,
                                               noise ? &*noise : nullptr, out.data());
}

}  // namespace gainstage
#endif  // HWY_ONCE
