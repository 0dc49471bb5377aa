// SPDX-License-Identifier: MIT
#include "dsp/pair_products.h"

#include <algorithm>
#include <cassert>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/pair_products.cpp"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>
//
#include "dsp/sum_of_lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Signals of a tile: as many as leave their products and themselves in registers.
constexpr std::size_t tile_rows = 4;
constexpr std::size_t tile_columns = HWY_MAX_BYTES >= 64 ? 4 : 2;

/// Products of a tile's rows and columns over `frames`; take(i, j, sum) gets them.
template <typename Take>
HWY_INLINE void multiply_tile(const float* const* rows, const float* const* columns, std::size_t frames,
                              Take take) {
  const Tag d;
  const std::size_t lanes = hn::Lanes(d);
  Vector sums[tile_rows][tile_columns];
  for (auto& row : sums) {
    for (Vector& sum : row) sum = hn::Zero(d);
  }
  std::size_t t = 0;
  for (; t + lanes <= frames; t += lanes) {
    Vector x[tile_columns];
    for (std::size_t j = 0; j < tile_columns; ++j) x[j] = hn::LoadU(d, columns[j] + t);
    for (std::size_t i = 0; i < tile_rows; ++i) {
      const Vector y = hn::LoadU(d, rows[i] + t);
      for (std::size_t j = 0; j < tile_columns; ++j) sums[i][j] = hn::MulAdd(y, x[j], sums[i][j]);
    }
  }
  HWY_ALIGN float totals[tile_rows * tile_columns];
  for (std::size_t at = 0; at < tile_rows * tile_columns; at += 4) {
    const Vector* const four = &sums[0][0] + at;
    store_sums_of_lanes(four[0], four[1], four[2], four[3], totals + at);
  }
  for (std::size_t i = 0; i < tile_rows; ++i) {
    for (std::size_t j = 0; j < tile_columns; ++j) {
      float sum = totals[i * tile_columns + j];
      for (std::size_t rest = t; rest < frames; ++rest) sum += rows[i][rest] * columns[j][rest];
      take(i, j, static_cast<double>(sum));
    }
  }
}

/// `frames` of all signals from `first` on.
void AddPairProducts(const SoundingRows& rows, std::size_t first, std::size_t frames, double weight,
                     double* sums) {
  const std::size_t sounding = rows.samples.size();
  for (std::size_t i = 0; i < sounding; i += tile_rows) {
    // A tile over the edge repeats the last signal and drops what comes of it.
    const float* tile[tile_rows];
    for (std::size_t k = 0; k < tile_rows; ++k) tile[k] = rows.samples[std::min(i + k, sounding - 1)] + first;
    for (std::size_t j = i; j < sounding; j += tile_columns) {
      const float* other[tile_columns];
      for (std::size_t k = 0; k < tile_columns; ++k) {
        other[k] = rows.samples[std::min(j + k, sounding - 1)] + first;
      }
      multiply_tile(tile, other, frames, [&](std::size_t a, std::size_t b, double sum) {
        if (i + a >= sounding || j + b >= sounding || j + b < i + a) return;
        sums[pair_place(rows.which[i + a], rows.which[j + b], rows.count)] += weight * sum;
      });
    }
  }
}

void AddScaled(double* sums, double factor, const float* x, std::size_t count) {
  const hn::ScalableTag<double> d;
  const hn::Rebind<float, decltype(d)> half;
  const auto scale = hn::Set(d, factor);
  std::size_t t = 0;
  for (; t + hn::Lanes(d) <= count; t += hn::Lanes(d)) {
    hn::StoreU(hn::MulAdd(scale, hn::PromoteTo(d, hn::LoadU(half, x + t)), hn::LoadU(d, sums + t)), d,
               sums + t);
  }
  for (; t < count; ++t) sums[t] += factor * static_cast<double>(x[t]);
}

}  // namespace HWY_NAMESPACE
}  // namespace gainstage
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage {

HWY_EXPORT(AddPairProducts);
HWY_EXPORT(AddScaled);

void add_pair_products(const SoundingRows& rows, std::size_t frames, double weight,
                       std::span<double> sums) noexcept {
  constexpr std::size_t part_frames = 768;  // Sixty-four signals of a part stay in the second cache.
  assert(rows.which.size() == rows.samples.size() && sums.size() == pair_count(rows.count));
  for (std::size_t first = 0; first < frames; first += part_frames) {
    HWY_DYNAMIC_DISPATCH(AddPairProducts)
    (rows, first, std::min(part_frames, frames - first), weight, sums.data());
  }
}

void add_scaled(std::span<double> sums, double factor, std::span<const float> x) noexcept {
  assert(sums.size() == x.size());
  HWY_DYNAMIC_DISPATCH(AddScaled)(sums.data(), factor, x.data(), x.size());
}

}  // namespace gainstage
#endif
