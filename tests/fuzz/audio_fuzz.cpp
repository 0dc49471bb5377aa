// SPDX-License-Identifier: MIT
// Any bytes at all are read or refused with a sentence, and what is promised about a reader holds.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>

#include "audio_file/audio_reader.h"
#include "audio_file/mpeg_frames.h"
#include "audio_file/promised_data.h"
#include "audio_file/resampled_reader.h"
#include "fuzz_target.h"

namespace {

using namespace gainstage;

constexpr Frames most_frames = 2'000'000;

void require(bool holds, const char* claim) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", claim);
  std::abort();
}

void check_error(const Error& error, const std::string& path) {
  require(error.sentence.size() > 10 && error.sentence.ends_with('.'), "an error is a sentence");
  require(error.where.file == path, "an error names its file");
}

template <typename Reader>
void read_through(Reader& reader, std::size_t channels, const std::string& path) {
  AudioBuffer block(channels, 4096);
  for (Frames total = 0; total < most_frames;) {
    auto got = reader.read(block.view());
    if (!got) return check_error(got.error(), path);
    require(*got <= block.frames(), "no more frames than asked for");
    if (*got == 0) return;
    total += static_cast<Frames>(*got);
  }
}

void check_info(const AudioFileInfo& info) {
  require(info.channels() >= 1 && info.channels() <= 64, "1 to 64 channels");
  require(info.sample_rate_hz >= 8'000 && info.sample_rate_hz <= 384'000, "8 to 384 kHz");
  require(info.frames >= 0 && info.missing_frames >= 0, "lengths are not negative");
  require(info.missing_frames == 0 || info.is_truncated, "what misses frames is truncated");
  require(info.bits >= 8 && info.bits <= 64, "8 to 64 bits");
}

void open_and_read(const std::string& path) {
  auto reader = AudioReader::open(path);
  if (!reader) return check_error(reader.error(), path);
  check_info(reader->info());
  const std::size_t channels = reader->info().channels();
  read_through(*reader, channels, path);
  check_info(reader->info());
  if (auto sought = reader->seek(reader->info().frames / 2); sought) {
    AudioBuffer block(channels, 100);
    if (auto got = reader->read(block.view()); !got) check_error(got.error(), path);
  } else {
    check_error(sought.error(), path);
  }
  if (reader->info().frames > 100'000) return;
  auto resampled = ResampledReader::open(path, 44100.0, channels + 1);
  if (resampled) read_through(*resampled, channels + 1, path);
}

void parse_headers(std::span<const std::uint8_t> bytes) {
  const ReadAt read_at = [&](std::uint64_t offset, std::span<std::byte> to) -> std::size_t {
    if (offset >= bytes.size()) return 0;
    const std::size_t count = std::min<std::size_t>(to.size(), bytes.size() - offset);
    std::memcpy(to.data(), bytes.data() + offset, count);
    return count;
  };
  (void)promised_data(read_at);
  (void)count_mpeg_frames(read_at);
}

}  // namespace

// libsndfile 1.2.0 leaks these few bytes when it refuses a Vorbis stream; the sanitizer is not to stop for
// them.
extern "C" const char* __lsan_default_suppressions() { return "leak:vorbis_info_init\n"; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span bytes(data, size);
  parse_headers(bytes);
  const int file = memfd_create("input", MFD_CLOEXEC);
  require(file >= 0 && write(file, data, size) == static_cast<ssize_t>(size), "the input is written");
  open_and_read("/proc/self/fd/" + std::to_string(file));
  close(file);
  return 0;
}
