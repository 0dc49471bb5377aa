// SPDX-License-Identifier: MIT
#include "tests/differential/test_signals.h"

#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numbers>
#include <random>
#include <stdexcept>

namespace gainstage::test {
namespace {

AudioBuffer silence(std::size_t channels, double seconds, double rate_hz) {
  return {channels, static_cast<std::size_t>(seconds * rate_hz)};
}

}  // namespace

Signal stepped_noise(std::size_t channels, double seconds, double rate_hz) {
  Signal signal{"stepped noise", rate_hz, silence(channels, seconds, rate_hz)};
  std::mt19937 random(11);
  std::normal_distribution<float> gauss;
  std::uniform_real_distribution<double> level_db(-60.0, -10.0);
  const std::size_t step = static_cast<std::size_t>(rate_hz / 2.0);
  for (std::size_t c = 0; c < channels; ++c) {
    const std::span<float> x = signal.audio.view().channel(c);
    float gain = 0.0f;
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (i % step == 0)
        gain = random() % 8 == 0 ? 0.0f : static_cast<float>(std::pow(10.0, level_db(random) / 20.0));
      x[i] = gain * gauss(random);
    }
  }
  return signal;
}

Signal clipped_noise(std::size_t channels, double seconds, double rate_hz) {
  Signal signal{"clipped noise", rate_hz, silence(channels, seconds, rate_hz)};
  std::mt19937 random(12);
  std::normal_distribution<float> gauss;
  for (std::size_t c = 0; c < channels; ++c) {
    for (float& x : signal.audio.view().channel(c)) x = std::clamp(gauss(random), -1.0f, 1.0f);
  }
  return signal;
}

Signal sweep(double seconds, double rate_hz) {
  Signal signal{"sweep", rate_hz, silence(2, seconds, rate_hz)};
  const double octaves = std::log(22000.0 / 20.0);
  for (std::size_t c = 0; c < 2; ++c) {
    const std::span<float> x = signal.audio.view().channel(c);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double t = static_cast<double>(i) / rate_hz;
      const double turns = 20.0 * seconds / octaves * (std::exp(t / seconds * octaves) - 1.0);
      x[i] = static_cast<float>(0.5 *
                                std::sin(2.0 * std::numbers::pi * (turns + 0.25 * static_cast<double>(c))));
    }
  }
  return signal;
}

Signal offset_noise(double seconds, double rate_hz) {
  Signal signal{"offset", rate_hz, silence(2, seconds, rate_hz)};
  std::mt19937 random(13);
  std::normal_distribution<float> gauss(0.5f, 0.0002f);
  for (std::size_t c = 0; c < 2; ++c) {
    for (float& x : signal.audio.view().channel(c)) x = gauss(random);
  }
  return signal;
}

std::vector<std::string> song_files() {
  const std::filesystem::path folder = std::filesystem::path(GAINSTAGE_SOURCE_DIR) / "../shared/data/stems";
  std::vector<std::string> files;
  if (!std::filesystem::is_directory(folder)) return files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".flac") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

Signal read_song(const std::string& path, double seconds) {
  SF_INFO info{};
  SNDFILE* const file = sf_open(path.c_str(), SFM_READ, &info);
  if (file == nullptr) throw std::runtime_error(path + ": " + sf_strerror(nullptr));
  const std::size_t channels = static_cast<std::size_t>(info.channels);
  const std::size_t frames =
      std::min(static_cast<std::size_t>(info.frames), static_cast<std::size_t>(seconds * info.samplerate));
  std::vector<float> interleaved(frames * channels);
  sf_readf_float(file, interleaved.data(), static_cast<sf_count_t>(frames));
  sf_close(file);
  Signal signal{std::filesystem::path(path).filename().string(), static_cast<double>(info.samplerate),
                AudioBuffer(channels, frames)};
  for (std::size_t c = 0; c < channels; ++c) {
    const std::span<float> x = signal.audio.view().channel(c);
    for (std::size_t i = 0; i < frames; ++i) x[i] = interleaved[i * channels + c];
  }
  return signal;
}

}  // namespace gainstage::test
