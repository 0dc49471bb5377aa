// SPDX-License-Identifier: MIT
// Writes a stereo file of 48 kHz and 24 bits for timing: speed_material FILE SIGNAL SECONDS SEED.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "audio_file/audio_writer.h"
#include "speed/signals.h"

namespace {

using namespace gainstage;

Result<void> write(const std::string& path, bench::Signal signal, std::int64_t frames, std::uint32_t seed) {
  auto writer =
      AudioWriter::create(path, {path.ends_with(".flac") ? Container::flac : Container::wav}, Overwrite::yes);
  if (!writer) return tl::unexpected(writer.error());
  bench::SignalSource source(signal, seed);
  AudioBuffer block(2, 48000);
  for (std::int64_t done = 0; done < frames;) {
    const auto count = static_cast<std::size_t>(std::min<std::int64_t>(frames - done, 48000));
    source.next(block.view(count));
    if (auto written = writer->write(block.view(count)); !written) return written;
    done += static_cast<std::int64_t>(count);
  }
  return writer->commit();
}

}  // namespace

int main(int argc, char** argv) {
  const auto signal = argc == 5 ? bench::signal_of(argv[2]) : std::nullopt;
  if (!signal) {
    fmt::print(stderr, "usage: speed_material FILE SIGNAL SECONDS SEED\n");
    return 2;
  }
  const auto frames = static_cast<std::int64_t>(std::atof(argv[3]) * 48000.0);
  const auto written = write(argv[1], *signal, frames, static_cast<std::uint32_t>(std::atoi(argv[4])));
  if (written) return 0;
  fmt::print(stderr, "speed_material: {}: {}\n", argv[1], written.error().sentence);
  return 4;
}
