// SPDX-License-Identifier: MIT
// True peak, of what skipping helps and of what it does not.
#include <benchmark/benchmark.h>

#include "kernels/signals.h"
#include "meters/true_peak.h"

namespace gainstage::bench {
namespace {

constexpr std::size_t seconds = 30;
constexpr std::size_t block_frames = 48000;

void true_peak(benchmark::State& state) {
  const auto filter = static_cast<TruePeakFilter>(state.range(1));
  const AudioBuffer samples = stereo(static_cast<Kind>(state.range(0)), seconds * 48000);
  state.SetLabel(std::string(gainstage::name(filter)) + " " + name(state.range(0)));
  TruePeakMeter meter(filter);
  meter.prepare({rate_hz, 2, block_frames});
  for (auto _ : state) {
    meter.reset();
    for (std::size_t at = 0; at < samples.frames(); at += block_frames)
      meter.process(samples.view().section(at, block_frames));
    meter.finish();
    benchmark::DoNotOptimize(meter.peak_ratio());
  }
  state.counters["frames"] =
      benchmark::Counter(static_cast<double>(samples.frames()), benchmark::Counter::kIsIterationInvariantRate,
                         benchmark::Counter::kIs1000);
}

BENCHMARK(true_peak)->ArgsProduct({benchmark::CreateDenseRange(0, 5, 1), {0, 1}});

}  // namespace
}  // namespace gainstage::bench
