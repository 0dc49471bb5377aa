// SPDX-License-Identifier: MIT
// Sixty-four stereo tracks summed from the bytes of their files, a block that stays in the third cache.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <vector>

#include "kernels/signals.h"
#include "mix/mix_plan.h"

namespace gainstage::bench {
namespace {

constexpr std::size_t tracks = 64;
constexpr std::size_t block_frames = 8192;
constexpr std::size_t tile_frames = 4096;

std::vector<std::byte> packed(PackedSample kind, const AudioBuffer& samples) {
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i < samples.frames(); ++i) {
    for (std::size_t c = 0; c < samples.channels(); ++c) {
      const float sample = std::clamp(samples.view().channel(c)[i], -1.0f, 1.0f);
      std::byte at[4];
      if (kind == PackedSample::float32) {
        std::memcpy(at, &sample, 4);
      } else {
        const auto upper = static_cast<std::int32_t>(sample * 0x1.fffffep30f);
        pack(kind, {&upper, 1}, {at, bytes_of(kind)});
      }
      bytes.insert(bytes.end(), at, at + bytes_of(kind));
    }
  }
  return bytes;
}

void mix(benchmark::State& state, PackedSample kind) {
  const std::vector<std::byte> block = packed(kind, stereo(Kind::music, block_frames));
  const std::vector<std::vector<std::byte>> blocks(tracks, block);
  std::vector<MixSource> sources;
  std::vector<Db> gains;
  for (const std::vector<std::byte>& bytes : blocks) {
    sources.push_back({kind, Spread::straight, bytes, block_frames});
    gains.push_back({-0.1 * static_cast<double>(gains.size())});
  }
  const std::vector<MixOperation> plan = plan_mix(gains);
  MixSums sums(2, block_frames);
  AudioBuffer out(2, block_frames);
  for (auto _ : state) {
    for (std::size_t first = 0; first < block_frames; first += tile_frames) {
      sums.clear(first, tile_frames);
      sums.add(plan, sources, first, tile_frames);
      sums.store(out.view(), first, tile_frames);
    }
    benchmark::DoNotOptimize(out.view().channel(0).data());
  }
  state.counters["track_frames"] =
      benchmark::Counter(static_cast<double>(tracks * block_frames),
                         benchmark::Counter::kIsIterationInvariantRate, benchmark::Counter::kIs1000);
}

BENCHMARK_CAPTURE(mix, signed16, PackedSample::signed16);
BENCHMARK_CAPTURE(mix, signed24, PackedSample::signed24);
BENCHMARK_CAPTURE(mix, float32, PackedSample::float32);

}  // namespace
}  // namespace gainstage::bench
