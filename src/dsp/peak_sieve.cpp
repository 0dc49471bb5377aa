// SPDX-License-Identifier: MIT
#include "dsp/peak_sieve.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/peak_sieve.cpp"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

#include "dsp/lane_tiles-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

#if HWY_HAVE_SCALABLE
using Tag = hn::FixedTag<std::int16_t, 8>;
#else
using Tag = hn::CappedTag<std::int16_t, PeakSieve::side_by_side>;
#endif
using Vector = hn::Vec<Tag>;
using Near = PeakSieve::Near;

constexpr std::size_t lane_count = hn::MaxLanes(Tag());
/// Samples of a lane that are turned into rows together.
constexpr std::size_t tile_frames = lane_count == 1 ? 1 : 8;
/// Outputs of the first stage computed together: what they share of samples is loaded once.
constexpr std::size_t together = lane_count == 32 ? 8 : 4;
/// Frames of the first stage that the second needs before and after.
constexpr std::size_t margin = 2;
constexpr std::size_t near_taps = PeakSieve::near_taps;

/// None beyond 16 bits. The sum's last bits are the integer: above it, a float has no room for fractions.
HWY_INLINE void to_integers(const float* x, std::size_t count, float scale, std::int16_t* out) {
  const hn::CappedTag<float, 16> d;
  const hn::RebindToUnsigned<decltype(d)> bits;
  const hn::Rebind<std::uint16_t, decltype(d)> half;
  const hn::RebindToSigned<decltype(half)> integers;
  const auto factor = hn::Set(d, scale);
  const auto shift = hn::Set(d, 0x1.8p23f);
  for (std::size_t n = 0; n < count; n += hn::Lanes(d)) {
    const auto sum = hn::BitCast(bits, hn::MulAdd(factor, hn::LoadU(d, x + n), shift));
    hn::StoreU(hn::BitCast(integers, hn::TruncateTo(half, sum)), integers, out + n);
  }
}

#if HWY_TARGET != HWY_SCALAR

/// Interleaves vectors i and i + 1, taken as lanes of Wide.
template <typename Wide>
HWY_INLINE void interleave(Vector a, Vector b, Vector& lower, Vector& upper) {
  const hn::Repartition<Wide, Tag> wide;
  lower = hn::BitCast(Tag(), hn::InterleaveLower(wide, hn::BitCast(wide, a), hn::BitCast(wide, b)));
  upper = hn::BitCast(Tag(), hn::InterleaveUpper(wide, hn::BitCast(wide, a), hn::BitCast(wide, b)));
}

/// tile[i]: sample at + i of every lane.
HWY_INLINE void load_tile(const std::int16_t* const* lanes, std::size_t at, Vector (&tile)[tile_frames]) {
  Vector x[8], pairs[8], fours[8];
  for (std::size_t i = 0; i < 8; ++i) x[i] = tiles::load_blocks<tile_frames>(Tag(), lanes + i, at);
  // Of lanes 2 i and 2 i + 1: samples 0 to 3, and 4 to 7.
  for (std::size_t i = 0; i < 4; ++i) {
    interleave<std::int16_t>(x[2 * i], x[2 * i + 1], pairs[i], pairs[4 + i]);
  }
  // Of four lanes: two samples each.
  for (std::size_t i = 0; i < 8; i += 4) {
    interleave<std::int32_t>(pairs[i], pairs[i + 1], fours[i], fours[i + 1]);
    interleave<std::int32_t>(pairs[i + 2], pairs[i + 3], fours[i + 2], fours[i + 3]);
  }
  for (std::size_t i = 0; i < 8; i += 4) {
    interleave<std::int64_t>(fours[i], fours[i + 2], tile[i], tile[i + 1]);
    interleave<std::int64_t>(fours[i + 1], fours[i + 3], tile[i + 2], tile[i + 3]);
  }
}

#else

HWY_INLINE void load_tile(const std::int16_t* const* lanes, std::size_t at, Vector (&tile)[tile_frames]) {
  tile[0] = hn::LoadU(Tag(), lanes[0] + at);
}

#endif

/// As StretchPeak has it: tap j's samples of output r lie at older[(j + r) % together] and newer[(r - j) %
/// together].
template <std::size_t j, std::size_t half>
HWY_INLINE void add_taps(const std::int16_t* taps, const std::int16_t* x, Vector (&older)[together],
                         Vector (&newer)[together], Vector (&sums)[together]) {
  const Tag d;
  constexpr std::size_t turns = half * together;
  if constexpr (j + near_taps == half) {
    const Vector quarter = hn::Set(d, std::int16_t{8192});
    for (Vector& sum : sums) sum = hn::MulFixedPoint15(sum, quarter);
  }
  const Vector tap = hn::Set(d, taps[j]);
  for (std::size_t r = 0; r < together; ++r) {
    const Vector both = hn::Add(older[(r + j) % together], newer[(r + turns - j) % together]);
    sums[r] = hn::Add(sums[r], hn::MulFixedPoint15(both, tap));
  }
  if constexpr (j + 1 < half) {
    older[j % together] = hn::Load(d, x + (j + together) * lane_count);
    newer[(turns - j - 1) % together] = hn::Load(d, x + (2 * half - 2 - j) * lane_count);
    add_taps<j + 1, half>(taps, x, older, newer, sums);
  }
}

/// What lies halfway, divided by four: row n of `halfway` after row n + half - 1 of `rows`.
template <std::size_t half>
HWY_INLINE void interpolate_halfway(const std::int16_t* taps, std::size_t frames, const std::int16_t* rows,
                                    std::int16_t* halfway) {
  const Tag d;
  for (std::size_t n = 0; n < frames; n += together) {
    const std::int16_t* const x = rows + n * lane_count;
    Vector older[together], newer[together], sums[together];
    for (std::size_t r = 0; r < together; ++r) {
      older[r] = hn::Load(d, x + r * lane_count);
      newer[r] = hn::Load(d, x + (2 * half - 1 + r) * lane_count);
      sums[r] = hn::Zero(d);
    }
    add_taps<0, half>(taps, x, older, newer, sums);
    for (std::size_t r = 0; r < together; ++r) {
      hn::Store(hn::ShiftRight<2>(sums[r]), d, halfway + (n + r) * lane_count);
    }
  }
}

/// A second difference, from what two neighbours add to the ones before them.
HWY_INLINE Vector bend(Vector before, Vector after) { return hn::Abs(hn::Sub(after, before)); }

/// The closer bound of all phases around a value halfway: `sample` is the greater of the samples beside it,
/// `bend_beside` the greater second difference at them.
HWY_INLINE Vector closer_bound(const PeakSieve::Call& call, Vector sample, Vector halfway, Vector bend_beside,
                               Vector bend_halfway, Vector bent) {
  const Tag d;
  const hn::RebindToUnsigned<Tag> positive;
  const Vector most = hn::Max(sample, halfway);
  const Vector least = hn::Min(sample, halfway);
  const Vector near = hn::BitCast(
      d, hn::AverageRound(hn::BitCast(positive, bend_beside), hn::BitCast(positive, bend_halfway)));
  Vector greatest = hn::Zero(d);
  for (const Near& bound : call.phases) {
    const auto part = [&](std::int16_t factor, Vector of_it)
                          HWY_ATTR { return hn::MulFixedPoint15(hn::Set(d, factor), of_it); };
    const Vector level = hn::Add(part(bound.greater, most), part(bound.lesser, least));
    const Vector bends = hn::Add(part(bound.near, near), part(bound.far, bent));
    greatest = hn::Max(greatest, hn::Add(level, bends));
  }
  return greatest;
}

/// Where stretches of one group of lanes begin, found anew.
class Found {
 public:
  Found(const PeakSieve::Call& call, std::size_t first, std::size_t found)
      : call_(call), first_(first), found_(found) {}

  /// Place `n` of the lanes in `mask`; whether there was room.
  template <typename Mask>
  HWY_INLINE bool take(std::size_t n, Mask mask, const std::size_t* lane_starts) {
    std::array<std::uint8_t, 8> bytes{};
    hn::StoreMaskBits(Tag(), mask, bytes.data());
    std::uint32_t bits = 0;
    for (std::size_t i = 0; 8 * i < lane_count; ++i) bits |= std::uint32_t{bytes[i]} << (8 * i);
    for (; bits != 0; bits &= bits - 1) {
      const auto lane = static_cast<std::size_t>(hwy::Num0BitsBelowLS1Bit_Nonzero32(bits));
      if (lane >= lane_count) break;
      if (n < covered_[lane]) continue;
      if (found_ == call_.starts.size()) return false;
      covered_[lane] = n + call_.places;
      call_.starts[found_++] =
          static_cast<std::uint32_t>(std::min(lane_starts[first_ + lane] + n, call_.count - call_.places));
    }
    return true;
  }

  std::size_t found() const { return found_; }

 private:
  const PeakSieve::Call& call_;
  std::size_t first_;
  std::size_t found_;
  std::array<std::size_t, lane_count> covered_{};
};

/// `x`: rows of samples, `y`: of a quarter of what lies halfway after each. Place n lies after sample n + 2.
template <class Take>
HWY_INLINE bool sift(const PeakSieve::Call& call, const std::int16_t* x, const std::int16_t* y,
                     std::size_t places, Take take) {
  const Tag d;
  const auto sample = [=](std::size_t n)
                          HWY_ATTR { return hn::ShiftRight<2>(hn::Load(Tag(), x + n * lane_count)); };
  const auto halfway = [=](std::size_t n) HWY_ATTR { return hn::Load(Tag(), y + n * lane_count); };
  // From sample n to what lies halfway after it, and from there to the next sample.
  const auto up = [=](std::size_t n) HWY_ATTR { return hn::Sub(halfway(n), sample(n)); };
  const auto down = [=](std::size_t n) HWY_ATTR { return hn::Sub(sample(n + 1), halfway(n)); };
  const Vector factor = hn::Set(d, call.bend);
  const Vector ignored = hn::Set(d, call.ignored);
  // The greater of the second differences at a sample and after it, of samples n + 1 and n + 2; that at
  // sample n + 3.
  Vector before = hn::Max(bend(down(0), up(1)), bend(up(1), down(1)));
  Vector here = hn::Max(bend(down(1), up(2)), bend(up(2), down(2)));
  Vector rise = up(3);
  Vector at_next = bend(down(2), rise);
  Vector last_halfway = halfway(3);
  Vector level = hn::Abs(sample(2)), next_level = hn::Abs(sample(3));
  Vector between = hn::Abs(halfway(2)), next_between = hn::Abs(last_halfway);
  for (std::size_t n = 0; n < places; ++n) {
    const Vector new_sample = sample(n + 4);
    const Vector new_halfway = halfway(n + 4);
    const Vector fall = hn::Sub(new_sample, last_halfway);
    const Vector after = hn::Max(at_next, bend(rise, fall));
    rise = hn::Sub(new_halfway, new_sample);
    at_next = bend(fall, rise);
    last_halfway = new_halfway;
    const Vector bent = hn::Max(hn::Max(before, here), hn::Max(after, at_next));
    before = here;
    here = after;

    const Vector loudest = hn::Max(hn::Max(level, between), next_level);
    const auto is_open = hn::Gt(hn::Add(loudest, hn::MulFixedPoint15(factor, bent)), ignored);
    if (HWY_UNLIKELY(!hn::AllFalse(d, is_open))) {
      const Vector beside = hn::Max(bend(down(n + 1), up(n + 2)), bend(down(n + 2), up(n + 3)));
      const Vector closer =
          closer_bound(call, hn::Max(level, next_level), between, beside, bend(up(n + 2), down(n + 2)), bent);
      const auto is_closer = hn::Or(hn::Gt(closer, hn::Set(d, call.ignored_closer)),
                                    hn::Gt(between, hn::Set(d, call.ignored_halfway)));
      const auto is_left = hn::And(is_open, is_closer);
      if (!hn::AllFalse(d, is_left) && !take(n, is_left)) return false;
    }
    level = next_level;
    next_level = hn::Abs(new_sample);
    between = next_between;
    next_between = hn::Abs(new_halfway);
  }
  return true;
}

template <std::size_t half>
HWY_INLINE std::size_t sieve(const PeakSieve::Call& call) {
  constexpr std::size_t taps = 2 * (half + margin);
  to_integers(call.x, call.count + taps - 1, call.scale, call.samples);
  const std::size_t part = (call.count + PeakSieve::side_by_side - 1) / PeakSieve::side_by_side;
  std::size_t starts[PeakSieve::side_by_side];
  for (std::size_t i = 0; i < PeakSieve::side_by_side; ++i) starts[i] = std::min(i * part, call.count - part);

  const std::size_t frames = (part + 2 * margin + together - 1) / together * together;
  std::size_t found = 0;
  for (std::size_t first = 0; first < PeakSieve::side_by_side; first += lane_count) {
    const std::int16_t* lanes[lane_count];
    for (std::size_t l = 0; l < lane_count; ++l) lanes[l] = call.samples + starts[first + l];
    for (std::size_t k = 0; k < frames + 2 * half - 1; k += tile_frames) {
      Vector tile[tile_frames];
      load_tile(lanes, k, tile);
      for (std::size_t i = 0; i < tile_frames; ++i) {
        hn::Store(tile[i], Tag(), call.rows + (k + i) * lane_count);
      }
    }
    interpolate_halfway<half>(call.taps, frames, call.rows, call.halfway);
    Found finding(call, first, found);
    const bool is_room =
        sift(call, call.rows + (half - 1) * lane_count, call.halfway, part,
             [&](std::size_t n, auto mask) HWY_ATTR { return finding.take(n, mask, starts); });
    if (!is_room) return call.starts.size() + 1;
    found = finding.found();
  }
  return found;
}

std::size_t Sieve(const PeakSieve::Call& call) {
  if (call.half == 8) return sieve<8>(call);
  if (call.half == 12) return sieve<12>(call);
  if (call.half == 16) return sieve<16>(call);
  return sieve<24>(call);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace gainstage
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage {

HWY_EXPORT(Sieve);

namespace {

constexpr std::size_t most_lanes = PeakSieve::side_by_side;
/// As the kernel has it.
constexpr double far_scale = 4.0;
constexpr double one = 32768.0;
/// By which an integer is off the sample that it stands for.
constexpr double sample_error = 0.51;
/// Samples that are turned to integers, and rows that are laid out, beyond those needed.
constexpr std::size_t most_beyond = 32;

/// No less than `factor`. What does not fit is short of it by 2^-15, a unit at most of what it is applied to.
std::int16_t at_least(double factor) {
  assert(factor <= 1.0);
  return static_cast<std::int16_t>(std::min(std::ceil(std::max(factor, 0.0) * one), one - 1.0));
}

}  // namespace

PeakSieve::PeakSieve(const Interpolator& first, const Interpolator& second)
    : first_(fold(first)), bound_(bound(second)) {
  assert(first.factor == 2 && (first.taps == 24 || first.taps == 48));
  assert((second.factor == 2 || second.factor == 4 || second.factor == 8) && second.taps == 8);
  margin_ = second.taps / (2 * first.factor);
  const double first_norm = l1_norm(first.phase(1));
  double second_norm = 1.0;
  for (std::size_t p = 1; p < second.factor; ++p)
    second_norm = std::max(second_norm, l1_norm(second.phase(p)));
  norm_ = std::max(1.0, first_norm) * second_norm;
  assert(bound_.bend < 0.5 * bound_.level);  // With a quarter for the level, a bound keeps within 16 bits.
  for (std::size_t i = 0; i < phases_.size(); ++i) {
    const std::size_t last = second.factor / 2;
    const std::size_t p = std::min(i + 1, last);
    phases_[i] = near_bound(second, p, i + 1 < phases_.size() ? p : last);
  }

  // Two samples added, and what the filter makes of them, are not beyond 16 bits; some are kept for rounding.
  full_scale_ = std::floor((one - 65.0) / std::max(2.0, first_norm));
  const std::size_t half = first.taps / 2;
  error_ = sample_error * first_norm + 0.5;  // The latter for what the far taps give, divided.
  double far_norm = 0.0;
  for (std::size_t j = 0; j < half; ++j) {
    const double tap = static_cast<double>(first_.coefficients[j]);
    const double scale = j + PeakSieve::near_taps < half ? far_scale : 1.0;
    const double rounded = std::nearbyint(tap * scale * one);
    assert(std::abs(rounded) < one);
    integer_taps_.push_back(static_cast<std::int16_t>(rounded));
    // The tap's rounding, times two samples; and the product's.
    error_ += std::abs(rounded / (scale * one) - tap) * 2.0 * (full_scale_ + 1.0) + 0.5 / scale;
    if (scale > 1.0) far_norm += 2.0 * scale * std::abs(tap);
    if (3 * j < half) left_out_ += 2.0 * std::abs(tap) * (full_scale_ + 1.0);
  }
  assert(error_ < 60.0 && far_norm < first_norm);

  samples_.resize(most_places + taps() + most_beyond);
  rows_.resize((most_places / side_by_side + taps() + most_beyond) * most_lanes);
  halfway_.resize((most_places / side_by_side + 2 * margin_ + most_beyond) * most_lanes);
}

std::size_t PeakSieve::stretches(SieveTaps used, const float* x, std::size_t count, float wanted,
                                 float greatest_sample, std::size_t places,
                                 std::span<std::uint32_t> starts) noexcept {
  assert(count >= side_by_side * places && count <= most_places);
  const std::size_t too_many = starts.size() + 1;
  const double greatest = static_cast<double>(greatest_sample);
  // Where the scale would not be a normal number, everything counts.
  if (!(greatest > 1e-30 && greatest < 1e30)) return too_many;
  const double scale = full_scale_ / greatest;
  const double least = static_cast<double>(wanted) * scale - interpolation_rounding * norm_ * full_scale_;

  // Levels are compared divided by four, which drops up to three quarters. How far they, and second
  // differences, can be off:
  const double halfway_error = used == SieveTaps::all ? error_ : error_ + left_out_;
  const double error = halfway_error / 4.0 + 0.75;
  const double bend_error = (halfway_error + sample_error) / 2.0 + 1.5;
  const auto below = [](double value) {
    return static_cast<std::int16_t>(std::clamp(std::floor(value) - 1.0, 0.0, one - 2.0));
  };
  const double bend = bound_.bend / bound_.level;
  const double level = least / 4.0 / bound_.level - error;
  // Every product that is rounded counts for half a unit.
  const std::int16_t of_bound = below(level - bend * bend_error - 2.0);
  const std::int16_t of_halfway = below(least / 4.0 - error - 1.0);
  std::array<Near, 3> phases;
  double of_bends = 0.0;
  for (std::size_t i = 0; i < phases.size(); ++i) {
    const auto part = [this](double factor) { return at_least(factor / bound_.level); };
    const NearBound& near = phases_[i];
    phases[i] = {part(near.greater), part(near.lesser), part(2.0 * near.near), part(near.far)};
    of_bends = std::max(of_bends, (2.0 * near.near + near.far) / bound_.level);
  }
  const std::int16_t of_closer = below(level - of_bends * bend_error - 5.0);
  if (of_bound == 0 || of_closer == 0) return too_many;
  const std::size_t half = first_.taps / 2;
  const std::size_t left_out = used == SieveTaps::all ? 0 : half / 3;
  const Call call{integer_taps_.data() + left_out,
                  half - left_out,
                  x + left_out,
                  count,
                  static_cast<float>(scale),
                  at_least(bend),
                  phases,
                  of_bound,
                  of_closer,
                  of_halfway,
                  places,
                  starts,
                  samples_.data(),
                  rows_.data(),
                  halfway_.data()};
  const std::size_t found = HWY_DYNAMIC_DISPATCH(Sieve)(call);
  if (found < too_many) std::ranges::sort(starts.first(found));
  return found;
}

}  // namespace gainstage
#endif  // HWY_ONCE
