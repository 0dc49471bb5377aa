// SPDX-License-Identifier: MIT
// Runs one kernel on fixed noise, counted by callgrind: kernel_instructions NAME. Prints the kind of vectors
// it ran on.
#include <fmt/format.h>
#include <hwy/targets.h>
#include <valgrind/callgrind.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "base/audio_view.h"
#include "dsp/pair_products.h"
#include "meters/loudness.h"
#include "meters/true_peak.h"

namespace {

using namespace gainstage;

/// White noise that swells and fades, so that some of it can't hold the greatest peak.
AudioBuffer material(std::size_t channels, std::size_t frames) {
  AudioBuffer buffer(channels, frames);
  std::uint32_t state = 1;
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t i = 0; i < frames; ++i) {
      state = state * 1664525u + 1013904223u;
      const float level = 0.1f + 0.8f * static_cast<float>(i % 24000) / 24000.0f;
      buffer.view().channel(c)[i] = level * (static_cast<float>(state >> 8) / 8388608.0f - 1.0f);
    }
  }
  return buffer;
}

constexpr std::size_t frames = 96000;

template <typename Work>
void counted(Work work) {
  work();  // What happens once in a program's life is left out.
  CALLGRIND_TOGGLE_COLLECT;
  work();
  CALLGRIND_TOGGLE_COLLECT;
}

void loudness() {
  const AudioBuffer samples = material(2, frames);
  LoudnessMeter meter;
  meter.prepare({48000.0, 2, frames});
  counted([&] { meter.process(samples.view()); });
}

/// The same from 24-bit samples as they lie in a file, with their levels.
void packed_loudness() {
  const AudioBuffer samples = material(2, frames);
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i < frames; ++i) {
    for (std::size_t c = 0; c < 2; ++c) {
      const auto value = static_cast<std::int32_t>(8388607.0f * samples.view().channel(c)[i]);
      for (int shift = 0; shift < 24; shift += 8) bytes.push_back(static_cast<std::byte>(value >> shift));
    }
  }
  LoudnessMeter meter;
  meter.prepare({48000.0, 2, frames});
  std::vector<HopLevels> levels(2 * frames / meter.frames_in_hop());
  counted([&] { meter.process_packed(bytes, levels); });
}

void true_peak() {
  const AudioBuffer samples = material(2, frames);
  TruePeakMeter meter;
  meter.prepare({48000.0, 2, frames});
  counted([&] {
    meter.reset();
    meter.process(samples.view());
  });
}

void pair_products() {
  constexpr std::size_t tracks = 32;
  constexpr std::size_t hop_frames = 4800;
  const AudioBuffer samples = material(tracks, hop_frames);
  std::vector<const float*> rows;
  std::vector<std::size_t> which;
  for (std::size_t i = 0; i < tracks; ++i) {
    rows.push_back(samples.view().channel(i).data());
    which.push_back(i);
  }
  std::vector<double> sums(pair_count(tracks));
  counted([&] { add_pair_products({rows, which, tracks}, hop_frames, 1.0, sums); });
}

}  // namespace

int main(int argc, char** argv) {
  constexpr std::array<std::pair<std::string_view, void (*)()>, 4> kernels{
      {{"loudness", loudness},
       {"packed_loudness", packed_loudness},
       {"true_peak", true_peak},
       {"pair_products", pair_products}}};
  for (const auto& [name, run] : kernels) {
    if (argc == 2 && name == argv[1]) {
      run();
      const std::int64_t targets = hwy::SupportedTargets();
      fmt::print("{}\n", hwy::TargetName(targets & -targets));  // The lowest bit is the best of them.
      return 0;
    }
  }
  return 2;
}
