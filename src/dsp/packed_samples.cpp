// SPDX-License-Identifier: MIT
#include "dsp/packed_samples.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/packed_samples.cpp"
#include <hwy/foreach_target.h>
//
#include <hwy/cache_control.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace gainstage {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using F = hn::ScalableTag<float>;
using I = hn::ScalableTag<std::int32_t>;

// One decoder a format: load(p) takes Lanes(F()) samples from p; one(p) takes a single one. `overread` is how
// many bytes load() looks at beyond its samples.

template <typename Stored>
Stored stored_at(const std::uint8_t* p) {
  Stored value;
  std::memcpy(&value, p, sizeof value);
  return value;
}

struct Unsigned8 {
  static constexpr std::size_t bytes = 1;
  std::size_t overread() const { return 0; }
  hn::Vec<F> load(const std::uint8_t* p) const {
    const hn::Rebind<std::uint8_t, I> du;
    const I di;
    const auto centred = hn::Sub(hn::PromoteTo(di, hn::LoadU(du, p)), hn::Set(di, 128));
    return hn::Mul(hn::ConvertTo(F(), centred), hn::Set(F(), 0x1p-7f));
  }
  float one(const std::uint8_t* p) const { return static_cast<float>(int{*p} - 128) * 0x1p-7f; }
};

struct Signed16 {
  static constexpr std::size_t bytes = 2;
  std::size_t overread() const { return 0; }
  hn::Vec<F> load(const std::uint8_t* p) const {
    const hn::Rebind<std::int16_t, I> d16;
    const auto narrow = hn::LoadU(d16, reinterpret_cast<const std::int16_t*>(p));
    return hn::Mul(hn::ConvertTo(F(), hn::PromoteTo(I(), narrow)), hn::Set(F(), 0x1p-15f));
  }
  float one(const std::uint8_t* p) const { return static_cast<float>(stored_at<std::int16_t>(p)) * 0x1p-15f; }
};

struct Signed24 {
  static constexpr std::size_t bytes = 3;
#if HWY_TARGET != HWY_SCALAR
  using U32 = hn::ScalableTag<std::uint32_t>;
  using U8 = hn::Repartition<std::uint8_t, U32>;

  // Four samples are three words: block b of the vector takes words 3b, 3b+1, 3b+2, then every sample goes to
  // the upper three bytes of its lane.
  HWY_ALIGN std::uint32_t words[hn::MaxLanes(U32())];
  HWY_ALIGN std::uint8_t places[hn::MaxLanes(U8())];

  Signed24() {
    const std::size_t lanes = hn::Lanes(U32());
    for (std::size_t i = 0; i < lanes; ++i) {
      words[i] = static_cast<std::uint32_t>(std::min(i / 4 * 3 + i % 4, lanes - 1));
      const auto byte = static_cast<std::uint8_t>(i % 4 * 3);
      places[4 * i] = 0x80;  // Zero.
      for (std::uint8_t k = 0; k < 3; ++k) places[4 * i + 1 + k] = static_cast<std::uint8_t>(byte + k);
    }
  }
  std::size_t overread() const { return hn::Lanes(U32()); }
  hn::Vec<F> load(const std::uint8_t* p) const {
    const U32 du;
    auto taken = hn::BitCast(du, hn::LoadU(U8(), p));
    if (hn::Lanes(du) > 4) taken = hn::TableLookupLanes(taken, hn::SetTableIndices(du, words));
    const auto upper = hn::TableLookupBytesOr0(hn::BitCast(U8(), taken), hn::Load(U8(), places));
    return hn::Mul(hn::ConvertTo(F(), hn::BitCast(I(), upper)), hn::Set(F(), 0x1p-31f));
  }
#else
  std::size_t overread() const { return 0; }
  hn::Vec<F> load(const std::uint8_t* p) const { return hn::Set(F(), one(p)); }
#endif
  float one(const std::uint8_t* p) const {
    const std::uint32_t upper =
        std::uint32_t{p[0]} << 8 | std::uint32_t{p[1]} << 16 | std::uint32_t{p[2]} << 24;
    return static_cast<float>(std::bit_cast<std::int32_t>(upper)) * 0x1p-31f;
  }
};

struct Signed32 {
  static constexpr std::size_t bytes = 4;
  std::size_t overread() const { return 0; }
  hn::Vec<F> load(const std::uint8_t* p) const {
    const auto whole = hn::LoadU(I(), reinterpret_cast<const std::int32_t*>(p));
    return hn::Mul(hn::ConvertTo(F(), whole), hn::Set(F(), 0x1p-31f));
  }
  float one(const std::uint8_t* p) const { return static_cast<float>(stored_at<std::int32_t>(p)) * 0x1p-31f; }
};

struct Float32 {
  static constexpr std::size_t bytes = 4;
  std::size_t overread() const { return 0; }
  hn::Vec<F> load(const std::uint8_t* p) const { return hn::LoadU(F(), reinterpret_cast<const float*>(p)); }
  float one(const std::uint8_t* p) const { return stored_at<float>(p); }
};

struct Float64 {
  static constexpr std::size_t bytes = 8;
  std::size_t overread() const { return 0; }
#if HWY_TARGET != HWY_SCALAR
  hn::Vec<F> load(const std::uint8_t* p) const {
    const hn::ScalableTag<double> dd;
    const hn::Half<F> half;
    const auto* from = reinterpret_cast<const double*>(p);
    const auto lower = hn::DemoteTo(half, hn::LoadU(dd, from));
    const auto upper = hn::DemoteTo(half, hn::LoadU(dd, from + hn::Lanes(dd)));
    return hn::Combine(F(), upper, lower);
  }
#else
  hn::Vec<F> load(const std::uint8_t* p) const { return hn::Set(F(), one(p)); }
#endif
  float one(const std::uint8_t* p) const { return static_cast<float>(stored_at<double>(p)); }
};

// How many of `samples` may be taken by whole vectors without looking beyond `bytes_left`.
template <typename Decoder>
std::size_t vector_samples(const Decoder& decoder, std::size_t samples) {
  const std::size_t lanes = hn::Lanes(F());
  const std::size_t kept = (decoder.overread() + Decoder::bytes - 1) / Decoder::bytes;
  return samples > kept ? (samples - kept) / lanes * lanes : 0;
}

template <typename Decoder>
void unpack_one(const std::uint8_t* p, float* out, std::size_t samples) {
  const Decoder decoder;
  const std::size_t lanes = hn::Lanes(F());
  std::size_t i = 0;
  for (const std::size_t end = vector_samples(decoder, samples); i < end; i += lanes) {
    hn::StoreU(decoder.load(p + i * Decoder::bytes), F(), out + i);
  }
  for (; i < samples; ++i) out[i] = decoder.one(p + i * Decoder::bytes);
}

/// Lets the processor fetch what follows these bytes some pages later: pages of a file need not lie one after
/// the other in memory, and what the processor fetches of its own accord ends with each. Addresses beyond the
/// file do no harm.
HWY_INLINE void ask_for(const std::uint8_t* p, std::size_t bytes) {
  constexpr std::size_t ahead = 8192;
  constexpr std::size_t line = 64;
  for (std::size_t at = 0; at < bytes; at += line) hwy::Prefetch(p + ahead + at);
}

template <typename Decoder>
void unpack_two(const std::uint8_t* p, float* left, float* right, std::size_t frames,
                [[maybe_unused]] Fetching fetching) {
  const Decoder decoder;
  std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  const F d;
  const std::size_t lanes = hn::Lanes(d);
  for (const std::size_t end = vector_samples(decoder, 2 * frames) / 2; i + lanes <= end; i += lanes) {
    if (fetching == Fetching::ask) ask_for(p + 2 * i * Decoder::bytes, 2 * lanes * Decoder::bytes);
    const auto lower = decoder.load(p + 2 * i * Decoder::bytes);
    const auto upper = decoder.load(p + (2 * i + lanes) * Decoder::bytes);
    hn::StoreU(hn::ConcatEven(d, upper, lower), d, left + i);
    hn::StoreU(hn::ConcatOdd(d, upper, lower), d, right + i);
  }
#endif
  for (; i < frames; ++i) {
    left[i] = decoder.one(p + 2 * i * Decoder::bytes);
    right[i] = decoder.one(p + (2 * i + 1) * Decoder::bytes);
  }
}

constexpr std::size_t section_samples = 2048;

// Any other number of channels: floats side by side first, as many as stay in the nearest cache.
template <typename Decoder>
void unpack_many(const std::uint8_t* p, AudioView<float> out) {
  HWY_ALIGN float section[section_samples];
  const std::size_t channels = out.channels.size();
  assert(channels <= section_samples);
  const std::size_t section_frames = section_samples / channels;
  for (std::size_t first = 0; first < out.frames; first += section_frames) {
    const std::size_t frames = std::min(section_frames, out.frames - first);
    unpack_one<Decoder>(p + first * channels * Decoder::bytes, section, frames * channels);
    for (std::size_t c = 0; c < channels; ++c) {
      float* to = out.channels[c] + out.first + first;
      for (std::size_t i = 0; i < frames; ++i) to[i] = section[i * channels + c];
    }
  }
}

template <typename Decoder>
void unpack_as(const std::uint8_t* p, AudioView<float> out, Fetching fetching) {
  switch (out.channels.size()) {
    case 1:
      return unpack_one<Decoder>(p, out.channels[0] + out.first, out.frames);
    case 2:
      return unpack_two<Decoder>(p, out.channels[0] + out.first, out.channels[1] + out.first, out.frames,
                                 fetching);
    default:
      return unpack_many<Decoder>(p, out);
  }
}

void UnpackSamples(PackedSample kind, const std::uint8_t* p, AudioView<float> out, Fetching fetching) {
  switch (kind) {
    case PackedSample::unsigned8:
      return unpack_as<Unsigned8>(p, out, fetching);
    case PackedSample::signed16:
      return unpack_as<Signed16>(p, out, fetching);
    case PackedSample::signed24:
      return unpack_as<Signed24>(p, out, fetching);
    case PackedSample::signed32:
      return unpack_as<Signed32>(p, out, fetching);
    case PackedSample::float32:
      return unpack_as<Float32>(p, out, fetching);
    case PackedSample::float64:
      return unpack_as<Float64>(p, out, fetching);
  }
}

// Four bytes a sample become three: four samples are 12 bytes, stored as 16 whose last are overwritten by the
// next ones.
void PackSigned24(const std::int32_t* samples, std::size_t count, std::uint8_t* to) {
  std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::FixedTag<std::uint8_t, 16> d;
  HWY_ALIGN static constexpr std::uint8_t places[16] = {1, 2, 3, 5, 6, 7, 9, 10, 11, 13, 14, 15};
  const auto upper = hn::Load(d, places);
  for (; i + 6 <= count; i += 4) {
    const auto four = hn::LoadU(d, reinterpret_cast<const std::uint8_t*>(samples + i));
    hn::StoreU(hn::TableLookupBytes(four, upper), d, to + 3 * i);
  }
#endif
  for (; i < count; ++i) {
    for (std::size_t k = 0; k < 3; ++k)
      to[3 * i + k] = static_cast<std::uint8_t>(samples[i] >> (8 * (k + 1)));
  }
}

bool AllFinite(const std::uint8_t* p, std::size_t count) {
  // A sample is not finite when its exponent is all ones; the greatest magnitude, taken as an integer, tells.
  const I d;
  const std::size_t lanes = hn::Lanes(d);
  const auto magnitude = hn::Set(d, 0x7fffffff);
  auto greatest = hn::Zero(d);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto bits = hn::LoadU(d, reinterpret_cast<const std::int32_t*>(p + 4 * i));
    greatest = hn::Max(greatest, hn::And(bits, magnitude));
  }
  std::int32_t rest = 0;
  for (; i < count; ++i) rest = std::max(rest, stored_at<std::int32_t>(p + 4 * i) & 0x7fffffff);
  constexpr std::int32_t infinity = 0x7f800000;
  return rest < infinity && hn::AllTrue(d, hn::Lt(greatest, hn::Set(d, infinity)));
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace gainstage
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage {

HWY_EXPORT(UnpackSamples);
HWY_EXPORT(AllFinite);
HWY_EXPORT(PackSigned24);

void unpack(PackedSample kind, std::span<const std::byte> bytes, AudioView<float> out,
            Fetching fetching) noexcept {
  assert(bytes.size() == out.channels.size() * out.frames * bytes_of(kind));
  if (bytes.empty()) return;
  HWY_DYNAMIC_DISPATCH(UnpackSamples)
  (kind, reinterpret_cast<const std::uint8_t*>(bytes.data()), out, fetching);
}

bool all_finite(std::span<const float> samples) noexcept { return all_finite(std::as_bytes(samples)); }

bool all_finite(std::span<const std::byte> bytes) noexcept {
  assert(bytes.size() % sizeof(float) == 0);
  return HWY_DYNAMIC_DISPATCH(AllFinite)(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                         bytes.size() / sizeof(float));
}

void pack(PackedSample kind, std::span<const std::int32_t> samples, std::span<std::byte> bytes) noexcept {
  assert(bytes.size() == samples.size() * bytes_of(kind));
  if (samples.empty()) return;
  std::byte* to = bytes.data();
  if (kind == PackedSample::signed32) {
    std::memcpy(to, samples.data(), bytes.size());
  } else if (kind == PackedSample::signed16) {
    for (const std::int32_t sample : samples) {
      const auto upper = static_cast<std::int16_t>(sample >> 16);
      std::memcpy(to, &upper, 2);
      to += 2;
    }
  } else {
    assert(kind == PackedSample::signed24);
    HWY_DYNAMIC_DISPATCH(PackSigned24)(samples.data(), samples.size(), reinterpret_cast<std::uint8_t*>(to));
  }
}

}  // namespace gainstage
#endif  // HWY_ONCE
