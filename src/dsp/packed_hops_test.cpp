// SPDX-License-Identifier: MIT
// Hops of samples as they lie in a file against the same samples unpacked first: every number of hops, at any
// place, on every target.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <random>
#include <vector>

#include "base/audio_view.h"
#include "dsp/each_target.h"
#include "dsp/k_weighting_hops.h"
#include "dsp/packed_samples.h"
#include "dsp/test_weights.h"

namespace gainstage {
namespace {

constexpr std::size_t frame_bytes = 2 * bytes_of(PackedSample::signed24);

struct Readings {
  std::array<KWeightingMemory, 2> memories;
  std::vector<HopLevels> levels;
  std::vector<double> sums;

  /// Hop n of channel c is hops[2 n + c].
  std::vector<KWeightingHop> hops(std::size_t count, std::size_t frames) {
    levels.assign(2 * count, {});
    std::vector<KWeightingHop> result;
    for (std::size_t i = 0; i < 2 * count; ++i) {
      result.push_back({nullptr, frames, nullptr, &memories[i % 2], &levels[i], 0.0});
    }
    return result;
  }
  void take_sums(const std::vector<KWeightingHop>& hops) {
    sums.clear();
    for (const KWeightingHop& hop : hops) sums.push_back(hop.sum);
  }
};

/// Bits, so that a zero with a sign differs too. Of less than HopDetail::all, only what is told.
void expect_same(const Readings& packed, const Readings& unpacked, HopDetail detail) {
  EXPECT_EQ(packed.sums, unpacked.sums);
  for (std::size_t i = 0; i < packed.levels.size(); ++i) {
    const HopLevels& a = packed.levels[i];
    const HopLevels& b = unpacked.levels[i];
    if (detail == HopDetail::all) {
      ASSERT_EQ(std::memcmp(&a, &b, sizeof(HopLevels)), 0) << "hop " << i / 2 << ", channel " << i % 2;
    } else {
      ASSERT_EQ(a.peak, b.peak);
      ASSERT_EQ(a.bend, b.bend);
    }
  }
  for (std::size_t c = 0; c < 2; ++c) {
    const KWeightingMemory& a = packed.memories[c];
    const KWeightingMemory& b = unpacked.memories[c];
    EXPECT_EQ(a.high_pass, b.high_pass);
    EXPECT_EQ(a.high_pass_step, b.high_pass_step);
    EXPECT_EQ(a.ringing, b.ringing);
    EXPECT_EQ(a.newest, b.newest);
    EXPECT_EQ(a.before, b.before);
    EXPECT_EQ(a.trend, b.trend);
  }
}

/// Noise, full scale on both sides, and a hop of silence.
std::vector<std::byte> material(std::size_t frames, std::size_t hop_frames, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<std::byte> bytes(frames * frame_bytes);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
  if (frames < 3 * hop_frames) return bytes;
  constexpr std::array<unsigned char, frame_bytes> extremes{0xff, 0xff, 0x7f, 0x00, 0x00, 0x80};
  std::memcpy(bytes.data() + hop_frames * frame_bytes, extremes.data(), frame_bytes);
  const auto silent = bytes.begin() + static_cast<std::ptrdiff_t>(2 * hop_frames * frame_bytes);
  std::fill(silent, silent + static_cast<std::ptrdiff_t>(hop_frames * frame_bytes), std::byte{0});
  return bytes;
}

TEST(PackedHops, GiveWhatTheSameSamplesGiveUnpackedToTheLastBit) {
  const TickWeights weights = some_weights();
  on_each_target([&] {
    for (const double rate_hz : {8000.0, 22100.0, 44100.0, 48000.0, 96000.0}) {
      const KWeightingPlan plan(rate_hz);
      ASSERT_TRUE(plan.has_ticks);
      for (const HopDetail detail : {HopDetail::all, HopDetail::peaks}) {
        for (std::size_t count = 1; count <= 19; ++count) {
          SCOPED_TRACE(testing::Message() << rate_hz << " Hz, " << count << " hops");
          const std::size_t frames = count * plan.shortest_hop;
          const std::vector<std::byte> source =
              material(frames, plan.shortest_hop, static_cast<unsigned>(count));
          // The samples end with their allocation, so that a look beyond it is seen by the address sanitizer.
          const std::size_t place = count % 17;
          const auto bytes = std::make_unique<std::byte[]>(place + source.size());
          std::ranges::copy(source, bytes.get() + place);
          AudioBuffer samples(2, frames);
          unpack(PackedSample::signed24, source, samples.view());

          Readings packed, unpacked;
          // Twice, so that the filter remembers something.
          for (int round = 0; round < 2; ++round) {
            std::vector<KWeightingHop> of_bytes = packed.hops(count, plan.shortest_hop);
            run_packed_hops(plan, {bytes.get() + place, source.size()}, of_bytes, weights, {}, detail);
            packed.take_sums(of_bytes);

            std::vector<KWeightingHop> of_samples = unpacked.hops(count, plan.shortest_hop);
            for (std::size_t i = 0; i < of_samples.size(); ++i) {
              of_samples[i].in = samples.view().channel(i % 2).data() + i / 2 * plan.shortest_hop;
            }
            run_hops(plan, of_samples, weights, {}, detail);
            unpacked.take_sums(of_samples);
            expect_same(packed, unpacked, detail);
          }
        }
      }
    }
  });
}

}  // namespace
}  // namespace gainstage
