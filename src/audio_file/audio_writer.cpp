// SPDX-License-Identifier: MIT
#include "audio_file/audio_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "audio_file/output_file.h"
#include "audio_file/quantizer.h"
#include "audio_file/sound_file.h"
#include "dsp/packed_samples.h"

namespace gainstage {

namespace {

// What goes to the file at once; a whole piece of OutputFile's and hardly more, so that little is copied
// there.
constexpr std::size_t buffer_bytes = 512 * 1024;
// Stays in the nearest cache from one step of the way to the next.
constexpr std::size_t section_samples = 4096;

OutputFile& output_of(void* user) { return *static_cast<OutputFile*>(user); }

// The library's own writing loses some errors while closing; OutputFile remembers them.
SF_VIRTUAL_IO virtual_io() {
  return {
      .get_filelen = [](void* user) -> sf_count_t { return output_of(user).size(); },
      .seek = [](sf_count_t offset, int whence, void* user) -> sf_count_t {
        return output_of(user).seek(offset, whence);
      },
      .read = [](void* to, sf_count_t count, void* user) -> sf_count_t {
        const std::span bytes(static_cast<std::byte*>(to), static_cast<std::size_t>(count));
        return static_cast<sf_count_t>(output_of(user).read(bytes));
      },
      .write = [](const void* from, sf_count_t count, void* user) -> sf_count_t {
        const std::span bytes(static_cast<const std::byte*>(from), static_cast<std::size_t>(count));
        return static_cast<sf_count_t>(output_of(user).write(bytes));
      },
      .tell = [](void* user) -> sf_count_t { return output_of(user).position(); },
  };
}

int subtype_of(SampleFormat format) {
  switch (format) {
    case SampleFormat::pcm16:
      return SF_FORMAT_PCM_16;
    case SampleFormat::pcm24:
      return SF_FORMAT_PCM_24;
    case SampleFormat::float32:
      return SF_FORMAT_FLOAT;
  }
  return 0;
}

Result<void> check_format(const std::string& path, const WriteFormat& format) {
  const auto unusable = [&](std::string sentence) {
    return failure(ErrorCode::usage, std::move(sentence), {.file = path});
  };
  const double rate = format.sample_rate_hz;
  if (!(rate >= 1.0 && rate <= 0x1p31 - 1.0) || rate != std::floor(rate)) {
    return unusable(
        fmt::format("A file can't have a sample rate of {} Hz; expected a whole number of hertz.", rate));
  }
  if (format.channels < 1 || format.channels > 1024) {
    return unusable(fmt::format("A file can't have {} channels; expected 1 to 1024.", format.channels));
  }
  if (format.container != Container::flac) return {};
  if (format.sample_format == SampleFormat::float32) {
    return unusable("FLAC can't hold 32-bit float samples; write WAV, or 24 bits.");
  }
  if (format.channels > 8) {
    return unusable(fmt::format("FLAC holds at most 8 channels, not {}; write WAV.", format.channels));
  }
  // RFC 9639, table 15: other rates above 65535 Hz can only be said in tens of hertz.
  if (rate > 655350.0 || (rate > 65535.0 && std::fmod(rate, 10.0) != 0.0)) {
    return unusable(fmt::format("FLAC can't hold a sample rate of {} Hz; write WAV.", rate));
  }
  return {};
}

}  // namespace

struct AudioWriter::State {
  WriteFormat format;
  std::string path;
  std::unique_ptr<OutputFile> output;  // Before `file`: the library still writes while it is closed.
  SoundFile file;
  std::optional<Quantizer> quantizer;
  std::vector<std::int32_t> integers;
  std::vector<std::byte> packed;  // Of WAV's integers; a codec takes them as they are.
  std::vector<float> floats;
  Frames written = 0;

  std::size_t sample_bytes() const {
    if (packed.empty()) return 4;
    return bytes_of(packed_kind());
  }
  PackedSample packed_kind() const {
    return format.sample_format == SampleFormat::pcm16 ? PackedSample::signed16 : PackedSample::signed24;
  }

  tl::unexpected<Error> failed() const {
    if (auto checked = output->check(); !checked) return tl::unexpected(checked.error());
    return failure(ErrorCode::io,
                   fmt::format("The file can't be written: {}.", sound_file_message(sf_strerror(file.get()))),
                   {.file = path});
  }

  Result<void> check_finite(AudioView<const float> section, std::size_t before) const {
    for (std::size_t c = 0; c < format.channels; ++c) {
      const std::span<const float> samples = section.channel(c);
      if (all_finite(samples)) continue;
      const auto bad =
          std::find_if(samples.begin(), samples.end(), [](float x) { return !std::isfinite(x); });
      const Frames at = written + static_cast<Frames>(before) + (bad - samples.begin());
      const double second = static_cast<double>(at) / format.sample_rate_hz;
      return failure(
          ErrorCode::bad_input,
          fmt::format("The sample to be written at {:.3f} s, channel {}, is not a finite number; no file "
                      "was written.",
                      second, c + 1),
          {.file = path, .seconds = second});
    }
    return {};
  }

  // Puts a section at its place in the buffer, `first` frames from its start.
  void convert(AudioView<const float> section, std::size_t first) {
    const std::size_t samples = section.frames * format.channels;
    const std::size_t at = first * format.channels;
    if (!quantizer) {
      for (std::size_t c = 0; c < format.channels; ++c) {
        const std::span<const float> from = section.channel(c);
        float* const to = floats.data() + at + c;
        for (std::size_t i = 0; i < from.size(); ++i) to[i * format.channels] = from[i];
      }
    } else if (packed.empty()) {
      quantizer->process(section, std::span(integers).subspan(at, samples));
    } else {
      const std::span<std::int32_t> values = std::span(integers).first(samples);
      quantizer->process(section, values);
      // The library's own packing takes as long as all else of writing.
      pack(packed_kind(), values, std::span(packed).subspan(at * sample_bytes(), samples * sample_bytes()));
    }
  }

  sf_count_t write_buffer(std::size_t frames) {
    const auto count = static_cast<sf_count_t>(frames);
    if (!quantizer) return sf_writef_float(file.get(), floats.data(), count);
    if (packed.empty()) return sf_writef_int(file.get(), integers.data(), count);
    const auto frame_bytes = static_cast<sf_count_t>(format.channels * sample_bytes());
    return sf_write_raw(file.get(), packed.data(), count * frame_bytes) / frame_bytes;
  }

  // At most buffer_frames().
  Result<void> write(AudioView<const float> block) {
    const std::size_t section_frames = std::max<std::size_t>(1, section_samples / format.channels);
    for (std::size_t done = 0; done < block.frames; done += section_frames) {
      const auto section = block.section(done, std::min(section_frames, block.frames - done));
      if (auto finite = check_finite(section, done); !finite) return finite;
      convert(section, done);
    }
    if (write_buffer(block.frames) != static_cast<sf_count_t>(block.frames) || !output->check())
      return failed();
    written += static_cast<Frames>(block.frames);
    return {};
  }

  std::size_t buffer_frames() const {
    const std::size_t frame_bytes = format.channels * sample_bytes();
    return (buffer_bytes + frame_bytes - 1) / frame_bytes;
  }
};

AudioWriter::AudioWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
AudioWriter::AudioWriter(AudioWriter&&) noexcept = default;
AudioWriter& AudioWriter::operator=(AudioWriter&&) noexcept = default;
AudioWriter::~AudioWriter() = default;

Result<AudioWriter> AudioWriter::create(const std::string& path, const WriteFormat& format,
                                        Overwrite overwrite) {
  if (auto checked = check_format(path, format); !checked) return tl::unexpected(checked.error());
  auto output = OutputFile::create(path, overwrite);
  if (!output) return tl::unexpected(output.error());

  auto state = std::make_unique<State>();
  state->format = format;
  state->path = path;
  state->output = std::move(*output);
  SF_INFO info{};
  info.samplerate = static_cast<int>(format.sample_rate_hz);
  info.channels = static_cast<int>(format.channels);
  info.format = (format.container == Container::flac ? SF_FORMAT_FLAC : SF_FORMAT_RF64) |
                subtype_of(format.sample_format);
  SF_VIRTUAL_IO io = virtual_io();
  OpenedSoundFile opened = open_sound_file_for_writing(io, info, state->output.get());
  if (!opened.file) {
    if (auto written = state->output->check(); !written) return tl::unexpected(written.error());
    return failure(ErrorCode::io, fmt::format("The file can't be written: {}.", opened.message),
                   {.file = path});
  }
  state->file = std::move(opened.file);
  // RF64 has no PEAK chunk, which would hold the time of writing, as long as SFC_SET_ADD_PEAK_CHUNK is not
  // called: with SF_FALSE too it adds one (libsndfile 1.2.0).
  sf_command(state->file.get(), SFC_RF64_AUTO_DOWNGRADE, nullptr, SF_TRUE);

  const std::size_t samples = buffer_bytes / sizeof(float) + format.channels;
  if (format.sample_format == SampleFormat::float32) {
    state->floats.resize(samples);
  } else {
    state->quantizer.emplace(format.sample_format == SampleFormat::pcm16 ? 16 : 24);
    const bool is_packed = format.container == Container::wav;
    state->integers.resize(is_packed ? std::max(section_samples, format.channels) : samples);
    if (is_packed) state->packed.resize(buffer_bytes + format.channels * sizeof(std::int32_t));
  }
  return AudioWriter(std::move(state));
}

Result<void> AudioWriter::write(AudioView<const float> block) {
  State& s = *state_;
  assert(block.channels.size() == s.format.channels);
  for (std::size_t done = 0; done < block.frames;) {
    const std::size_t frames = std::min(s.buffer_frames(), block.frames - done);
    if (auto written = s.write(block.section(done, frames)); !written) return written;
    done += frames;
  }
  return {};
}

Result<void> AudioWriter::commit() {
  State& s = *state_;
  assert(s.file);
  const int closed = sf_close(s.file.release());
  if (auto written = s.output->check(); !written) return written;
  if (closed != SF_ERR_NO_ERROR) {
    return failure(
        ErrorCode::io,
        fmt::format("The file can't be finished: {}.", sound_file_message(sf_error_number(closed))),
        {.file = s.path});
  }
  return s.output->commit();
}

std::uint64_t AudioWriter::clipped_samples() const {
  return state_->quantizer ? state_->quantizer->clipped_samples() : 0;
}

}  // namespace gainstage
