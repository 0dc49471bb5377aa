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

constexpr std::size_t buffer_samples = 64 * 1024;

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
  std::vector<std::byte> packed;  // Of WAV; a codec takes the integers.
  std::vector<float> floats;
  Frames written = 0;

  std::size_t buffer_frames() const { return std::max<std::size_t>(1, buffer_samples / format.channels); }

  tl::unexpected<Error> failed() const {
    if (auto checked = output->check(); !checked) return tl::unexpected(checked.error());
    return failure(ErrorCode::io,
                   fmt::format("The file can't be written: {}.", sound_file_message(sf_strerror(file.get()))),
                   {.file = path});
  }

  Result<void> check_finite(AudioView<const float> block) const {
    for (std::size_t c = 0; c < format.channels; ++c) {
      const std::span<const float> samples = block.channel(c);
      if (all_finite(samples)) continue;
      const auto bad =
          std::find_if(samples.begin(), samples.end(), [](float x) { return !std::isfinite(x); });
      const double second = static_cast<double>(written + (bad - samples.begin())) / format.sample_rate_hz;
      return failure(
          ErrorCode::bad_input,
          fmt::format("The sample to be written at {:.3f} s, channel {}, is not a finite number; no file "
                      "was written.",
                      second, c + 1),
          {.file = path, .seconds = second});
    }
    return {};
  }

  // The library's own packing takes as long as all else of writing.
  sf_count_t write_packed(std::size_t frames) {
    const bool is_16 = format.sample_format == SampleFormat::pcm16;
    const PackedSample kind = is_16 ? PackedSample::signed16 : PackedSample::signed24;
    const std::size_t frame_bytes = format.channels * bytes_of(kind);
    const std::span<std::byte> bytes = std::span(packed).first(frames * frame_bytes);
    pack(kind, std::span(integers).first(frames * format.channels), bytes);
    const sf_count_t taken = sf_write_raw(file.get(), bytes.data(), static_cast<sf_count_t>(bytes.size()));
    return taken / static_cast<sf_count_t>(frame_bytes);
  }

  Result<void> write_section(AudioView<const float> block) {
    const std::size_t samples = block.frames * format.channels;
    sf_count_t taken = 0;
    if (quantizer) {
      quantizer->process(block, std::span(integers).first(samples));
      taken = packed.empty()
                  ? sf_writef_int(file.get(), integers.data(), static_cast<sf_count_t>(block.frames))
                  : write_packed(block.frames);
    } else {
      for (std::size_t c = 0; c < format.channels; ++c) {
        const std::span<const float> from = block.channel(c);
        for (std::size_t i = 0; i < from.size(); ++i) floats[i * format.channels + c] = from[i];
      }
      taken = sf_writef_float(file.get(), floats.data(), static_cast<sf_count_t>(block.frames));
    }
    if (taken != static_cast<sf_count_t>(block.frames) || !output->check()) return failed();
    written += static_cast<Frames>(block.frames);
    return {};
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

  const std::size_t samples = state->buffer_frames() * format.channels;
  if (format.sample_format == SampleFormat::float32) {
    state->floats.resize(samples);
  } else {
    state->quantizer.emplace(format.sample_format == SampleFormat::pcm16 ? 16 : 24);
    state->integers.resize(samples);
    if (format.container == Container::wav) state->packed.resize(samples * sizeof(std::int32_t));
  }
  return AudioWriter(std::move(state));
}

Result<void> AudioWriter::write(AudioView<const float> block) {
  State& s = *state_;
  assert(block.channels.size() == s.format.channels);
  if (auto finite = s.check_finite(block); !finite) return finite;
  for (std::size_t done = 0; done < block.frames;) {
    const std::size_t frames = std::min(s.buffer_frames(), block.frames - done);
    if (auto written = s.write_section(block.section(done, frames)); !written) return written;
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
