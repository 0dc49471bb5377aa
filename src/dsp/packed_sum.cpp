// SPDX-License-Identifier: MIT
#include "dsp/packed_sum.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/packed_sum.cpp"
#include <hwy/foreach_target.h>
//
#include <hwy/cache_control.h>
#include <hwy/highway.h>

// A product must not be fused with the sum that takes it: the one rounding less would show in the file. The
// compiler is told so for this file, where it is built.

HWY_BEFORE_NAMESPACE();
namespace gainstage {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// Four samples lie within 16 bytes in every format, so shuffles never cross halves of a vector. Eight are two
// times four.
constexpr std::size_t most_lanes = HWY_CAP_GE512 ? 8 : 4;
using D = hn::CappedTag<double, most_lanes>;
using I = hn::Rebind<std::int32_t, D>;
using F = hn::Rebind<float, D>;
using Sums = hn::Vec<D>;

template <typename Stored>
Stored stored_at(const std::uint8_t* p) {
  Stored value;
  std::memcpy(&value, p, sizeof value);
  return value;
}

// One decoder a format and spread: load(p) takes Lanes(D()) sums' worth of samples as doubles in units of
// 1 / full_scale and looks at load_bytes() bytes; one(p) takes a single sample.

#if HWY_TARGET != HWY_SCALAR
/// Calls load(p) for four samples at most, and twice where a vector has eight.
template <typename E, std::size_t bytes_of_four, typename Load>
HWY_INLINE hn::Vec<E> load_fours(E d, const std::uint8_t* p, const Load& load) {
  if constexpr (most_lanes == 8) {
    const hn::Half<E> half;
    return hn::Combine(d, load(half, p + bytes_of_four), load(half, p));
  } else {
    return load(d, p);
  }
}

constexpr std::size_t fours_load_bytes(std::size_t lanes, std::size_t bytes_of_four) {
  return lanes == 8 ? bytes_of_four + 16 : 4 * lanes;
}

/// Integers of Bytes bytes, each put in the upper bytes of a 32-bit lane.
template <int Bytes, Spread spread>
class Integers {
 public:
  static constexpr std::size_t bytes = Bytes;
  static constexpr double full_scale = 0x1p31;

  Integers() {
    for (std::size_t i = 0; i < 4; ++i) {
      const std::size_t sample = spread == Spread::twice ? i / 2 : i;
      for (std::size_t k = 0; k < 4; ++k) {
        const std::size_t unused = 4 - bytes;
        const std::size_t byte = sample * bytes + k - unused;
        places_[4 * i + k] = k < unused ? 0x80 : static_cast<std::uint8_t>(byte);  // 0x80: zero.
      }
    }
  }
  static std::size_t load_bytes() { return fours_load_bytes(hn::Lanes(D()), bytes_of_four); }
  HWY_INLINE Sums load(const std::uint8_t* p) const {
    const hn::Repartition<std::uint8_t, I> d8;
    const auto packed = load_fours<decltype(d8), bytes_of_four>(
        d8, p, [](auto d, const std::uint8_t* from) HWY_ATTR { return hn::LoadU(d, from); });
    const auto upper = hn::TableLookupBytesOr0(packed, hn::LoadDup128(d8, places_));
    return hn::PromoteTo(D(), hn::BitCast(I(), upper));
  }
  static double one(const std::uint8_t* p) {
    std::uint32_t upper = 0;
    for (std::size_t k = 0; k < bytes; ++k) upper |= std::uint32_t{p[k]} << (8 * (4 - bytes + k));
    return std::bit_cast<std::int32_t>(upper);
  }

 private:
  static constexpr std::size_t bytes_of_four = (spread == Spread::twice ? 2 : 4) * bytes;
  HWY_ALIGN std::uint8_t places_[16];
};

template <Spread spread>
class Floats {
 public:
  static constexpr std::size_t bytes = 4;
  static constexpr double full_scale = 1.0;

  static std::size_t load_bytes() { return fours_load_bytes(hn::Lanes(D()), bytes_of_four); }
  HWY_INLINE Sums load(const std::uint8_t* p) const {
    const auto samples = load_fours<F, bytes_of_four>(F(), p, [](auto d, const std::uint8_t* from) HWY_ATTR {
      const auto some = hn::LoadU(d, reinterpret_cast<const float*>(from));
      if constexpr (spread == Spread::twice) {
        return hn::InterleaveLower(d, some, some);
      } else {
        return some;
      }
    });
    return hn::PromoteTo(D(), samples);
  }
  static double one(const std::uint8_t* p) { return stored_at<float>(p); }

 private:
  static constexpr std::size_t bytes_of_four = (spread == Spread::twice ? 2 : 4) * bytes;
};
#else
template <int Bytes, Spread spread>
struct Integers {
  static constexpr std::size_t bytes = Bytes;
  static constexpr double full_scale = 0x1p31;
  static double one(const std::uint8_t* p) {
    std::uint32_t upper = 0;
    for (std::size_t k = 0; k < bytes; ++k) upper |= std::uint32_t{p[k]} << (8 * (4 - bytes + k));
    return std::bit_cast<std::int32_t>(upper);
  }
};

template <Spread spread>
struct Floats {
  static constexpr std::size_t bytes = 4;
  static constexpr double full_scale = 1.0;
  static double one(const std::uint8_t* p) { return stored_at<float>(p); }
};
#endif

/// As many sources as stay in registers: their sums are loaded and stored once.
constexpr std::size_t most_together = 8;

/// So many streams, each read once, are more than the processor foresees by itself.
constexpr std::size_t ahead_bytes = 384;

template <typename Decoder, Spread spread, std::size_t together>
void add_together(const PackedSource* sources, double* sums, std::size_t count) {
  constexpr std::size_t copies = spread == Spread::twice ? 2 : 1;
  const std::uint8_t* from[together];
  double ratios[together];
  std::size_t readable = sources[0].bytes.size();
  for (std::size_t k = 0; k < together; ++k) {
    from[k] = reinterpret_cast<const std::uint8_t*>(sources[k].bytes.data());
    ratios[k] = sources[k].ratio / Decoder::full_scale;  // Exact: a power of two.
    readable = std::min(readable, sources[k].bytes.size());
  }
  std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  const D d;
  const Decoder decoder;
  const std::size_t lanes = hn::Lanes(d);
  const std::size_t step_bytes = lanes / copies * Decoder::bytes;
  // Two vectors at a time, so that one's additions need not wait for the other's.
  std::size_t steps = count / (2 * lanes);
  const std::size_t last_look = step_bytes + Decoder::load_bytes();
  steps = readable < last_look ? 0 : std::min(steps, (readable - last_look) / (2 * step_bytes) + 1);
  Sums factors[together];
  for (std::size_t k = 0; k < together; ++k) factors[k] = hn::Set(d, ratios[k]);
  for (std::size_t step = 0; step < steps; ++step, i += 2 * lanes) {
    const std::size_t at = 2 * step * step_bytes;
    Sums a = hn::LoadU(d, sums + i);
    Sums b = hn::LoadU(d, sums + i + lanes);
    for (std::size_t k = 0; k < together; ++k) {
      hwy::Prefetch(from[k] + at + ahead_bytes);
      a = hn::Add(a, hn::Mul(factors[k], decoder.load(from[k] + at)));
      b = hn::Add(b, hn::Mul(factors[k], decoder.load(from[k] + at + step_bytes)));
    }
    hn::StoreU(a, d, sums + i);
    hn::StoreU(b, d, sums + i + lanes);
  }
#endif
  for (; i < count; ++i) {
    for (std::size_t k = 0; k < together; ++k) {
      sums[i] += ratios[k] * Decoder::one(from[k] + i / copies * Decoder::bytes);
    }
  }
}

template <typename Decoder, Spread spread>
void add_all(std::span<const PackedSource> sources, double* sums, std::size_t count) {
  std::size_t k = 0;
  for (; k + most_together <= sources.size(); k += most_together) {
    add_together<Decoder, spread, most_together>(&sources[k], sums, count);
  }
  for (; k + 3 <= sources.size(); k += 3) add_together<Decoder, spread, 3>(&sources[k], sums, count);
  for (; k < sources.size(); ++k) add_together<Decoder, spread, 1>(&sources[k], sums, count);
}

template <Spread spread>
void add_of_kind(PackedSample kind, std::span<const PackedSource> sources, double* sums, std::size_t count) {
  if (kind == PackedSample::signed16) return add_all<Integers<2, spread>, spread>(sources, sums, count);
  if (kind == PackedSample::signed24) return add_all<Integers<3, spread>, spread>(sources, sums, count);
  add_all<Floats<spread>, spread>(sources, sums, count);
}

void AddPacked(PackedSample kind, Spread spread, std::span<const PackedSource> sources,
               std::span<double> sums) {
  if (spread == Spread::twice) {
    add_of_kind<Spread::twice>(kind, sources, sums.data(), sums.size());
  } else {
    add_of_kind<Spread::straight>(kind, sources, sums.data(), sums.size());
  }
}

void RoundSums(const double* sums, AudioView<float> out) {
  const std::size_t channels = out.channels.size();
  std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  if (channels == 2) {
    const D dd;
    const hn::Rebind<float, D> half;
    const hn::Repartition<float, D> d;
    const std::size_t frames = hn::Lanes(d) / 2;  // Of one vector of floats.
    float* const left = out.channels[0] + out.first;
    float* const right = out.channels[1] + out.first;
    const auto floats_at = [&](const double* from) HWY_ATTR {
      const auto lower = hn::DemoteTo(half, hn::LoadU(dd, from));
      const auto upper = hn::DemoteTo(half, hn::LoadU(dd, from + hn::Lanes(dd)));
      return hn::Combine(d, upper, lower);
    };
    for (; i + 2 * frames <= out.frames; i += 2 * frames) {
      const auto first = floats_at(sums + 2 * i);
      const auto second = floats_at(sums + 2 * (i + frames));
      hn::StoreU(hn::ConcatEven(d, second, first), d, left + i);
      hn::StoreU(hn::ConcatOdd(d, second, first), d, right + i);
    }
  }
#endif
  for (std::size_t c = 0; c < channels; ++c) {
    float* const to = out.channels[c] + out.first;
    for (std::size_t f = i; f < out.frames; ++f) to[f] = static_cast<float>(sums[f * channels + c]);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace gainstage
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage {

HWY_EXPORT(AddPacked);
HWY_EXPORT(RoundSums);

bool can_add_packed(PackedSample kind) noexcept {
  return kind == PackedSample::signed16 || kind == PackedSample::signed24 || kind == PackedSample::float32;
}

void add_packed(PackedSample kind, Spread spread, std::span<const PackedSource> sources,
                std::span<double> sums) noexcept {
  assert(can_add_packed(kind));
  assert(spread == Spread::straight || sums.size() % 2 == 0);
  [[maybe_unused]] const std::size_t samples = spread == Spread::twice ? sums.size() / 2 : sums.size();
  assert(std::ranges::all_of(
      sources, [&](const PackedSource& source) { return source.bytes.size() >= samples * bytes_of(kind); }));
  if (sums.empty()) return;
  HWY_DYNAMIC_DISPATCH(AddPacked)(kind, spread, sources, sums);
}

void round_sums(std::span<const double> sums, AudioView<float> out) noexcept {
  assert(sums.size() == out.channels.size() * out.frames);
  HWY_DYNAMIC_DISPATCH(RoundSums)(sums.data(), out);
}

}  // namespace gainstage
#endif  // HWY_ONCE
