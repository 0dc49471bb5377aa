// SPDX-License-Identifier: MIT
// Loudness of samples in memory: K-weighting and its energies, the whole meter, and libebur128 with
// integrated loudness, range and true peak. "frame" is the time one frame of all channels takes.
#include <benchmark/benchmark.h>
#include <ebur128.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include "meters/k_weighting_filter.h"
#include "meters/loudness.h"

namespace gainstage {
namespace {

constexpr double rate_hz = 48000.0;
constexpr std::size_t seconds = 20;

enum class Material { music, offset_and_quiet_noise, sine, low_and_noise, quiet_noise };

/// Notes that fade, over noise; and what is hard on a filter.
AudioBuffer material(Material kind, std::size_t channels) {
  AudioBuffer audio(channels, seconds * static_cast<std::size_t>(rate_hz));
  std::mt19937 random(1);
  std::normal_distribution<double> gauss;
  for (std::size_t c = 0; c < channels; ++c) {
    const std::span<float> x = audio.view().channel(c);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double t = static_cast<double>(i) / rate_hz;
      const auto sine = [&](double hz) { return std::sin(2.0 * std::numbers::pi * hz * t); };
      const double beat = std::fmod(t, 0.5);
      const auto value = [&] {
        switch (kind) {
          case Material::music:
            return std::exp(-6.0 * beat) * (0.4 * sine(55.0) + 0.2 * sine(440.0 + 110.0 * std::floor(t))) +
                   0.02 * gauss(random);
          case Material::offset_and_quiet_noise:
            return 0.5 + 1.8e-4 * gauss(random);
          case Material::sine:
            return sine(997.0);
          case Material::low_and_noise:
            return 0.9 * sine(10.0) + 3.2e-3 * gauss(random);
          case Material::quiet_noise:
            return 5e-4 * gauss(random);
        }
        return 0.0;
      };
      x[i] = static_cast<float>(value());
    }
  }
  return audio;
}

template <typename Process>
void in_blocks(AudioView<const float> audio, std::size_t block, Process process) {
  for (std::size_t first = 0; first < audio.frames; first += block) {
    process(audio.section(first, std::min(block, audio.frames - first)));
  }
}

void count_frames(benchmark::State& state, std::size_t frames) {
  state.counters["frame"] =
      benchmark::Counter(static_cast<double>(frames),
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

Material material_of(const benchmark::State& state) { return static_cast<Material>(state.range(0)); }

void energies(benchmark::State& state) {
  const auto block = static_cast<std::size_t>(state.range(1));
  const AudioBuffer audio = material(material_of(state), static_cast<std::size_t>(state.range(2)));
  KWeightingFilter filter;
  filter.prepare({rate_hz, audio.channels(), block});
  for (auto _ : state) {
    double sum = 0.0;
    in_blocks(audio.view(), block, [&](AudioView<const float> part) {
      filter.process(part, [&](std::span<const double> sums, Frames) { sum += sums[0]; });
    });
    benchmark::DoNotOptimize(sum);
  }
  count_frames(state, audio.frames());
}

void weighted_samples(benchmark::State& state) {
  const auto block = static_cast<std::size_t>(state.range(1));
  const AudioBuffer audio = material(material_of(state), static_cast<std::size_t>(state.range(2)));
  AudioBuffer out(audio.channels(), block);
  KWeightingFilter filter;
  filter.prepare({rate_hz, audio.channels(), block});
  for (auto _ : state) {
    in_blocks(audio.view(), block,
              [&](AudioView<const float> part) { filter.process(part, out.view(part.frames)); });
    benchmark::DoNotOptimize(out.view().channel(0).data());
    benchmark::ClobberMemory();
  }
  count_frames(state, audio.frames());
}

void meter(benchmark::State& state) {
  const auto block = static_cast<std::size_t>(state.range(1));
  const AudioBuffer audio = material(material_of(state), static_cast<std::size_t>(state.range(2)));
  for (auto _ : state) {
    LoudnessMeter loudness;
    loudness.prepare({rate_hz, audio.channels(), block});
    in_blocks(audio.view(), block, [&](AudioView<const float> part) { loudness.process(part); });
    benchmark::DoNotOptimize(loudness.integrated());
    benchmark::DoNotOptimize(loudness.loudness_range());
  }
  count_frames(state, audio.frames());
}

void libebur128(benchmark::State& state) {
  const auto block = static_cast<std::size_t>(state.range(1));
  const AudioBuffer audio = material(material_of(state), 2);
  std::vector<float> interleaved;
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    for (std::size_t c = 0; c < 2; ++c) interleaved.push_back(audio.view().channel(c)[i]);
  }
  for (auto _ : state) {
    ebur128_state* reference = ebur128_init(2, static_cast<unsigned long>(rate_hz),
                                            EBUR128_MODE_I | EBUR128_MODE_LRA | EBUR128_MODE_TRUE_PEAK);
    for (std::size_t first = 0; first < audio.frames(); first += block) {
      ebur128_add_frames_float(reference, interleaved.data() + 2 * first,
                               std::min(block, audio.frames() - first));
    }
    double loudness = 0.0;
    double range = 0.0;
    ebur128_loudness_global(reference, &loudness);
    ebur128_loudness_range(reference, &range);
    benchmark::DoNotOptimize(loudness + range);
    ebur128_destroy(&reference);
  }
  count_frames(state, audio.frames());
}

/// Material, frames of a block, channels.
void on_everything(benchmark::internal::Benchmark* bench) {
  for (long kind = 0; kind <= static_cast<long>(Material::quiet_noise); ++kind) bench->Args({kind, 48000, 2});
  for (const long block : {64, 1024, 4800}) bench->Args({0, block, 2});
  for (const long channels : {1, 6, 16}) bench->Args({0, 48000, channels});
}

BENCHMARK(energies)->Apply(on_everything)->Unit(benchmark::kMillisecond);
BENCHMARK(weighted_samples)->Args({0, 48000, 2})->Args({0, 1024, 2})->Unit(benchmark::kMillisecond);
BENCHMARK(meter)->Apply(on_everything)->Unit(benchmark::kMillisecond);
BENCHMARK(libebur128)
    ->Args({0, 4800, 2})
    ->Args({2, 4800, 2})
    ->Args({4, 4800, 2})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace gainstage
