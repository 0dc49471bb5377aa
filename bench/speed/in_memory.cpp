// SPDX-License-Identifier: MIT
// Integrated loudness, loudness range and true peak of samples in memory, against libebur128 in turn:
// speed_in_memory [SECONDS [ROUNDS]]. Prints JSON; times are of one core, the ratio is the median of the
// pairs. Processor time: what else the machine does counts less.
#include <ebur128.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "meters/loudness.h"
#include "meters/true_peak.h"
#include "speed/signals.h"

namespace {

using namespace gainstage;

constexpr std::size_t peer_block_frames = 4800;
/// Whole hops, few enough for both meters to find the samples in the second cache.
constexpr std::size_t own_block_frames = 64 * 480;

struct Figures {
  double seconds = 0.0;
  double integrated_lufs = 0.0;
  double true_peak_dbtp = 0.0;
};

double now_s() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

Figures with_gainstage(const AudioBuffer& samples, TruePeakFilter filter, std::size_t block_frames) {
  const double start_s = now_s();
  const Format format{48000.0, 2, block_frames};
  LoudnessMeter loudness;
  TruePeakMeter true_peak(filter);
  loudness.prepare(format, {}, default_history_seconds, HopDetail::peaks);
  true_peak.prepare(format);
  std::vector<HopLevels> levels;
  for (std::size_t at = 0; at < samples.frames(); at += block_frames) {
    const auto block = samples.view().section(at, std::min(block_frames, samples.frames() - at));
    if (block.frames % loudness.frames_in_hop() == 0) {
      levels.resize(block.frames / loudness.frames_in_hop() * block.channels.size());
      loudness.process(block, levels);
      true_peak.process(block, levels);
    } else {
      loudness.process(block);
      true_peak.process(block);
    }
  }
  true_peak.finish();
  const Lufs integrated = loudness.integrated();
  const Db range = loudness.loudness_range();
  Figures figures{now_s() - start_s, integrated.value, true_peak.peak().value};
  if (std::isnan(range.value)) figures.integrated_lufs = range.value;
  return figures;
}

struct CloseEbur128 {
  void operator()(ebur128_state* state) const { ebur128_destroy(&state); }
};

Figures with_libebur128(const std::vector<float>& interleaved) {
  const double start_s = now_s();
  const std::unique_ptr<ebur128_state, CloseEbur128> state(
      ebur128_init(2, 48000, EBUR128_MODE_I | EBUR128_MODE_LRA | EBUR128_MODE_TRUE_PEAK));
  const std::size_t frames = interleaved.size() / 2;
  for (std::size_t at = 0; at < frames; at += peer_block_frames) {
    ebur128_add_frames_float(state.get(), interleaved.data() + 2 * at,
                             std::min(peer_block_frames, frames - at));
  }
  Figures figures;
  double range = 0.0;
  ebur128_loudness_global(state.get(), &figures.integrated_lufs);
  ebur128_loudness_range(state.get(), &range);
  double greatest = 0.0;
  for (unsigned c = 0; c < 2; ++c) {
    double peak = 0.0;
    ebur128_true_peak(state.get(), c, &peak);
    greatest = std::max(greatest, peak);
  }
  figures.seconds = now_s() - start_s;
  figures.true_peak_dbtp = 20.0 * std::log10(greatest);
  return figures;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

nlohmann::ordered_json compare(bench::Signal signal, TruePeakFilter filter, std::size_t frames,
                               std::size_t rounds) {
  AudioBuffer samples(2, frames);
  bench::SignalSource(signal, 1).next(samples.view());
  std::vector<float> interleaved(2 * frames);
  for (std::size_t c = 0; c < 2; ++c) {
    for (std::size_t i = 0; i < frames; ++i) interleaved[2 * i + c] = samples.view().channel(c)[i];
  }
  const double to_ns = 1e9 / static_cast<double>(frames);
  std::vector<double> own, peer, ratios;
  Figures last_own, last_peer;
  for (std::size_t round = 0; round < rounds; ++round) {
    last_own = with_gainstage(samples, filter, own_block_frames);
    last_peer = with_libebur128(interleaved);
    own.push_back(last_own.seconds * to_ns);
    peer.push_back(last_peer.seconds * to_ns);
    ratios.push_back(last_peer.seconds / last_own.seconds);
  }
  return {{"signal", bench::name(signal)},
          {"true_peak", name(filter)},
          {"ns_per_frame", median(own)},
          {"libebur128_ns_per_frame", median(peer)},
          {"ratio", median(ratios)},
          {"ratio_min", *std::ranges::min_element(ratios)},
          {"ratio_max", *std::ranges::max_element(ratios)},
          {"integrated_difference_lu", last_own.integrated_lufs - last_peer.integrated_lufs},
          {"true_peak_difference_db", last_own.true_peak_dbtp - last_peer.true_peak_dbtp}};
}

}  // namespace

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 60.0;
  const std::size_t rounds = argc > 2 ? static_cast<std::size_t>(std::atoi(argv[2])) : 5;
  if (!(seconds >= 1.0) || rounds == 0) {
    fmt::print(stderr, "usage: speed_in_memory [SECONDS [ROUNDS]]\n");
    return 2;
  }
  nlohmann::ordered_json results = nlohmann::ordered_json::array();
  for (const TruePeakFilter filter : {TruePeakFilter::oversampled_16x, TruePeakFilter::bs1770_4x}) {
    for (const bench::Signal signal : bench::signals) {
      results.push_back(compare(signal, filter, static_cast<std::size_t>(seconds * 48000.0), rounds));
    }
  }
  fmt::print("{}\n", results.dump(2));
}
