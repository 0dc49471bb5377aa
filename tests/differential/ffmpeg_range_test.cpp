// SPDX-License-Identifier: MIT
// Loudness range against ffmpeg's ebur128 filter, whose windows also follow every 100 ms. One thing differs:
// ffmpeg takes percentiles one rank lower than Tech 3342 ((n - 1) p + 1), which shows where few windows pass
// the gate.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sndfile.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

#include "meters/loudness.h"
#include "tests/differential/test_signals.h"

namespace gainstage::test {
namespace {

/// The last lavfi.r128.LRA that ffmpeg reports of a file.
std::optional<double> ffmpeg_range(const std::string& path) {
  const std::string command =
      "ffmpeg -nostdin -v error -i '" + path +
      "' -af ebur128=metadata=1,ametadata=mode=print:key=lavfi.r128.LRA:file=- -f null - 2>&1";
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return std::nullopt;
  std::optional<double> range;
  std::array<char, 256> line{};
  while (std::fgets(line.data(), line.size(), pipe) != nullptr) {
    const std::string text(line.data());
    const std::string key = "lavfi.r128.LRA=";
    if (text.starts_with(key)) range = std::stod(text.substr(key.size()));
  }
  pclose(pipe);
  return range;
}

void write_wav(const Signal& signal, const std::string& path) {
  SF_INFO info{};
  info.samplerate = static_cast<int>(signal.rate_hz);
  info.channels = static_cast<int>(signal.audio.channels());
  info.format = SF_FORMAT_WAV | SF_FORMAT_FLOAT;
  SNDFILE* const file = sf_open(path.c_str(), SFM_WRITE, &info);
  ASSERT_NE(file, nullptr) << sf_strerror(nullptr);
  const AudioView<const float> all = signal.audio.view();
  const std::size_t channels = all.channels.size();
  std::vector<float> interleaved(all.frames * channels);
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t i = 0; i < all.frames; ++i) interleaved[i * channels + c] = all.channel(c)[i];
  }
  sf_write_float(file, interleaved.data(), static_cast<sf_count_t>(interleaved.size()));
  sf_close(file);
}

/// Loudness range by ffmpeg's ranks, from our energies.
double range_by_ffmpegs_ranks(std::span<const double> hops) {
  std::vector<double> windows;
  for (std::size_t i = 0; i + 30 <= hops.size(); ++i) {
    double sum = 0.0;
    for (std::size_t k = 0; k < 30; ++k) sum += hops[i + k] / 30.0;
    if (to_lufs(sum).value >= -70.0) windows.push_back(sum);
  }
  double mean = 0.0;
  for (double window : windows) mean += window / static_cast<double>(windows.size());
  std::erase_if(windows, [&](double window) { return window < 0.01 * mean; });
  if (windows.empty()) return 0.0;
  std::sort(windows.begin(), windows.end());
  const auto at = [&](double share) {
    const double rank = std::floor(share * static_cast<double>(windows.size()) + 0.5);
    return to_lufs(windows[static_cast<std::size_t>(std::max(rank, 1.0)) - 1]);
  };
  return (at(0.95) - at(0.10)).value;
}

struct Ranges {
  double ours = 0.0;
  double ours_by_their_ranks = 0.0;
  double theirs = 0.0;
};

Ranges ranges(const Signal& signal) {
  const std::string path =
      (std::filesystem::temp_directory_path() / ("gainstage-range-" + std::to_string(getpid()) + ".wav"))
          .string();
  write_wav(signal, path);
  const std::optional<double> theirs = ffmpeg_range(path);
  std::filesystem::remove(path);
  EXPECT_TRUE(theirs) << "ffmpeg reported no loudness range";
  LoudnessMeter meter;
  meter.prepare({signal.rate_hz, signal.audio.channels(), signal.audio.frames()});
  meter.process(signal.audio.view());
  return {meter.loudness_range().value, range_by_ffmpegs_ranks(meter.hop_energies()), theirs.value_or(NAN)};
}

bool has_ffmpeg() { return std::system("ffmpeg -version >/dev/null 2>&1") == 0; }

TEST(AgainstFfmpeg, LoudnessRangeOfAFormula) {
  if (!has_ffmpeg()) GTEST_SKIP() << "ffmpeg is not installed.";
  const Ranges noise = ranges(stepped_noise(2, 120.0));
  EXPECT_NEAR(noise.ours, noise.theirs, 0.1);
  EXPECT_NEAR(noise.ours_by_their_ranks, noise.theirs, 0.03);
}

TEST(AgainstFfmpeg, LoudnessRangeOfSongs) {
  if (!has_ffmpeg()) GTEST_SKIP() << "ffmpeg is not installed.";
  const std::vector<std::string> files = song_files();
  if (files.empty()) GTEST_SKIP() << "No songs lie beside the project.";
  for (std::size_t i = 0; i < files.size(); i += 9) {
    const Signal song = read_song(files[i], 120.0);
    const Ranges of_song = ranges(song);
    EXPECT_NEAR(of_song.ours_by_their_ranks, of_song.theirs, 0.03) << song.name;
    fmt::print("{}: {:.3f} LU, ffmpeg {:.3f}\n", song.name, of_song.ours, of_song.theirs);
  }
}

}  // namespace
}  // namespace gainstage::test
