// SPDX-License-Identifier: MIT
// Writes a short file in every format libsndfile can write, as seeds for the fuzz target of the reader.
// Usage: audio_seeds FOLDER
#include <sndfile.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

namespace {

bool write_seed(const std::string& path, int format, int channels, int rate_hz) {
  SF_INFO info{};
  info.format = format;
  info.channels = channels;
  info.samplerate = rate_hz;
  if (!sf_format_check(&info)) return false;
  SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
  if (!file) return false;
  constexpr std::size_t frames = 700;
  std::vector<float> samples(frames * static_cast<std::size_t>(channels));
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i] = 0.4f * std::sin(0.05f * static_cast<float>(i));
  sf_writef_float(file, samples.data(), static_cast<sf_count_t>(frames));
  return sf_close(file) == 0;
}

int format_count(int command) {
  int count = 0;
  sf_command(nullptr, command, &count, sizeof count);
  return count;
}

int format_at(int command, int index) {
  SF_FORMAT_INFO format{};
  format.format = index;
  sf_command(nullptr, command, &format, sizeof format);
  return format.format;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  int written = 0;
  for (int m = 0; m < format_count(SFC_GET_FORMAT_MAJOR_COUNT); ++m) {
    for (int s = 0; s < format_count(SFC_GET_FORMAT_SUBTYPE_COUNT); ++s) {
      const int format = format_at(SFC_GET_FORMAT_MAJOR, m) | format_at(SFC_GET_FORMAT_SUBTYPE, s);
      for (const int channels : {1, 2}) {
        char name[40];
        std::snprintf(name, sizeof name, "%08x-%dch", static_cast<unsigned>(format), channels);
        const std::string path = (folder / name).string();
        const bool is_written = write_seed(path, format, channels, 44100) ||
                                write_seed(path, format, channels, 8000) ||
                                write_seed(path, format, channels, 48000);
        if (is_written) {
          ++written;
        } else {
          std::filesystem::remove(path);
        }
      }
    }
  }
  std::printf("%d seeds\n", written);
  return written > 20 ? 0 : 1;
}
