// SPDX-License-Identifier: MIT
// A stereo mix rounded, dithered, interleaved and packed, and the same without dither: a copy on the grid.
#include <benchmark/benchmark.h>

#include <vector>

#include "audio_file/quantizer.h"
#include "dsp/packed_samples.h"
#include "kernels/signals.h"

namespace gainstage::bench {
namespace {

constexpr std::size_t frames = 32768;

void quantize_and_pack(benchmark::State& state, const AudioBuffer& samples) {
  const auto bits = static_cast<int>(state.range(0));
  const PackedSample kind = bits == 16 ? PackedSample::signed16 : PackedSample::signed24;
  Quantizer quantizer(bits);
  std::vector<std::int32_t> integers(2 * frames);
  std::vector<std::byte> bytes(integers.size() * bytes_of(kind));
  for (auto _ : state) {
    quantizer.process(samples.view(), integers);
    pack(kind, integers, bytes);
    benchmark::DoNotOptimize(bytes.data());
  }
  state.SetLabel(quantizer.is_dithering() ? "dithered" : "on the grid");
  state.counters["frames"] =
      benchmark::Counter(static_cast<double>(frames), benchmark::Counter::kIsIterationInvariantRate,
                         benchmark::Counter::kIs1000);
}

void dithered(benchmark::State& state) { quantize_and_pack(state, stereo(Kind::music, frames)); }
void on_the_grid(benchmark::State& state) {
  AudioBuffer samples = stereo(Kind::music, frames);
  for (std::size_t c = 0; c < 2; ++c) {
    for (float& sample : samples.view().channel(c)) sample = std::round(sample * 0x1p15f) * 0x1p-15f;
  }
  quantize_and_pack(state, samples);
}

BENCHMARK(dithered)->Arg(16)->Arg(24);
BENCHMARK(on_the_grid)->Arg(16)->Arg(24);

}  // namespace
}  // namespace gainstage::bench
