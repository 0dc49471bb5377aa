// SPDX-License-Identifier: MIT
// All meters of level together, and the stereo field.
#include <benchmark/benchmark.h>

#include <utility>

#include "kernels/signals.h"
#include "meters/level_meters.h"
#include "meters/level_ticks.h"
#include "meters/stereo_field.h"

namespace gainstage::bench {
namespace {

constexpr std::size_t seconds = 10;
constexpr std::size_t block_frames = 48000;

template <typename Process>
void measure(benchmark::State& state, Process process) {
  const AudioBuffer samples = stereo(static_cast<Kind>(state.range(0)), seconds * 48000);
  state.SetLabel(name(state.range(0)));
  for (auto _ : state) {
    for (std::size_t at = 0; at < samples.frames(); at += block_frames)
      process(samples.view().section(at, block_frames));
  }
  state.counters["frames"] =
      benchmark::Counter(static_cast<double>(samples.frames()), benchmark::Counter::kIsIterationInvariantRate,
                         benchmark::Counter::kIs1000);
}

void level_ticks(benchmark::State& state) {
  LevelTicker ticker;
  ticker.prepare({rate_hz, 2, block_frames});
  measure(state, [&](AudioView<const float> block) {
    ticker.process(block, [](const LevelTicks& ticks) { benchmark::DoNotOptimize(ticks.all.data()); });
  });
}

void level_meters(benchmark::State& state) {
  LevelMeters meters;
  meters.prepare({rate_hz, 2, block_frames});
  measure(state, [&](AudioView<const float> block) {
    if (meters.vu().hop_needles().size() > 5000) meters.reset();
    meters.process(block);
  });
  benchmark::DoNotOptimize(meters.rms().mean_square());
}

void stereo_field(benchmark::State& state) {
  StereoFieldMeter meter;
  meter.prepare({rate_hz, 2, block_frames});
  measure(state, [&](AudioView<const float> block) {
    if (meter.hop_correlations().size() > 5000) meter.reset();
    meter.process(block);
  });
  benchmark::DoNotOptimize(meter.correlation());
}

BENCHMARK(level_ticks)->Arg(0);
BENCHMARK(level_meters)->DenseRange(0, 5);
BENCHMARK(stereo_field)->Arg(0)->Arg(1);

}  // namespace
}  // namespace gainstage::bench
