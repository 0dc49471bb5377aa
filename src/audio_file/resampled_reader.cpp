// SPDX-License-Identifier: MIT
#include "audio_file/resampled_reader.h"

#include <fmt/format.h>
#include <soxr.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <vector>

#include "dsp/packed_samples.h"
#include "dsp/packed_sum.h"

namespace gainstage {

namespace {

constexpr std::size_t input_frames = 4096;

struct DeleteResampler {
  void operator()(soxr_t resampler) const { soxr_delete(resampler); }
};
using Resampler = std::unique_ptr<soxr, DeleteResampler>;

// round(frames * to / from), halves up, without overflow.
Frames length_at(Frames frames, std::int64_t from_hz, std::int64_t to_hz) {
  return frames / from_hz * to_hz + (frames % from_hz * to_hz + from_hz / 2) / from_hz;
}

}  // namespace

struct ResampledReader::State {
  explicit State(AudioReader opened) : reader(std::move(opened)) {}

  AudioReader reader;
  std::int64_t source_rate_hz = 0;
  std::int64_t rate_hz = 0;
  std::size_t channels = 0;
  Resampler resampler;  // Null when the rates are equal.
  AudioBuffer input;    // As wide as the source.
  std::size_t input_begin = 0;
  std::size_t input_end = 0;
  bool is_input_over = false;
  Frames source_position = 0;  // Frames read from the source.
  Frames position = 0;         // Frames given out.
  std::size_t non_finite_samples = 0;
  std::optional<Frames> first_non_finite;
  std::vector<float> finite;  // Packed samples with what is not a number taken out.
  bool is_in_place = false;

  std::size_t source_channels() const { return reader.info().channels(); }

  Result<std::size_t> read_source(AudioView<float> block) {
    auto got = reader.read(block);
    if (!got) return got;
    if (reader.info().kind == SampleKind::floating) {
      for (std::size_t c = 0; c < source_channels(); ++c) silence_non_finite(block.channel(c).first(*got));
    }
    source_position += static_cast<Frames>(*got);
    return got;
  }

  void silence_non_finite(std::span<float> samples) {
    if (all_finite(samples)) return;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      if (!std::isfinite(samples[i])) silence(samples[i], i);
    }
  }

  // Interleaved floats at any place of the memory.
  std::span<const std::byte> without_non_finite(std::span<const std::byte> bytes) {
    if (all_finite(bytes)) return bytes;
    finite.resize(bytes.size() / sizeof(float));
    std::memcpy(finite.data(), bytes.data(), bytes.size());
    for (std::size_t i = 0; i < finite.size(); ++i) {
      if (!std::isfinite(finite[i])) silence(finite[i], i / source_channels());
    }
    return std::as_bytes(std::span(finite));
  }

  void silence(float& sample, std::size_t frame_of_block) {
    sample = 0.0f;
    ++non_finite_samples;
    const Frames frame = source_position + static_cast<Frames>(frame_of_block);
    first_non_finite = std::min(first_non_finite.value_or(frame), frame);
  }

  Result<void> fill_input() {
    auto got = read_source(input.view());
    if (!got) return tl::unexpected(got.error());
    input_begin = 0;
    input_end = *got;
    is_input_over = *got == 0;
    return {};
  }

  // As many frames as the source makes, which is known only at its end.
  Frames frames_left() const {
    if (!is_input_over) return std::numeric_limits<Frames>::max();
    return length_at(source_position, source_rate_hz, rate_hz) - position;
  }

  Result<std::size_t> resample(AudioView<float> block) {
    std::vector<const float*> in(source_channels());
    std::vector<float*> out(source_channels());
    std::size_t done = 0;
    while (done < block.frames) {
      if (input_begin == input_end && !is_input_over) {
        if (auto filled = fill_input(); !filled) return tl::unexpected(filled.error());
      }
      for (std::size_t c = 0; c < in.size(); ++c) {
        in[c] = input.view().channels[c] + input_begin;
        out[c] = block.channels[c] + block.first + done;
      }
      const std::size_t offered = input_end - input_begin;
      std::size_t used = 0;
      std::size_t made = 0;
      const soxr_error_t error = soxr_process(resampler.get(), is_input_over ? nullptr : in.data(), offered,
                                              &used, out.data(), block.frames - done, &made);
      if (error) {
        return failure(
            ErrorCode::io,
            fmt::format("The file can't be resampled from {} to {} Hz: {}.", source_rate_hz, rate_hz, error),
            {.file = reader.info().path});
      }
      input_begin += used;
      done += made;
      if (is_input_over && made == 0) break;
    }
    return fit_to_length(block, done);
  }

  // The resampler may end a frame early or late; the length is exact here.
  std::size_t fit_to_length(AudioView<float> block, std::size_t made) {
    const Frames left = std::max<Frames>(frames_left(), 0);
    const auto frames = static_cast<std::size_t>(std::min<Frames>(left, static_cast<Frames>(block.frames)));
    if (!is_input_over) return made;
    for (std::size_t c = 0; c < source_channels(); ++c) {
      for (std::size_t i = made; i < frames; ++i) block.channel(c)[i] = 0.0f;
    }
    return frames;
  }

  // To a place where a frame of the source is one of the session too, far enough before the wanted frame for
  // the resampler's filter to be full there; from there it is read and thrown away.
  Result<void> seek_resampled(Frames frame) {
    constexpr Frames run_in = 16384;  // Frames of the source.
    const std::int64_t common = std::gcd(source_rate_hz, rate_hz);
    const Frames source_period = source_rate_hz / common;
    const Frames period = rate_hz / common;
    const Frames periods = std::max<Frames>(0, frame / period - run_in / source_period - 1);
    if (auto sought = reader.seek(periods * source_period); !sought) return sought;
    if (const soxr_error_t error = soxr_clear(resampler.get())) {
      return failure(ErrorCode::io, fmt::format("The resampler can't be reset: {}.", error),
                     {.file = reader.info().path});
    }
    source_position = periods * source_period;
    position = periods * period;
    input_begin = input_end = 0;
    is_input_over = false;
    AudioBuffer unwanted(source_channels(), input_frames);
    while (position < frame) {
      const auto count = std::min(input_frames, static_cast<std::size_t>(frame - position));
      auto got = resample(unwanted.view(count));
      if (!got) return tl::unexpected(got.error());
      if (*got == 0) break;
      position += static_cast<Frames>(*got);
    }
    return {};
  }

  // The rest of the mix's channels: the second one of a mono source, silence elsewhere.
  void widen(AudioView<float> block) const {
    std::size_t next = source_channels();
    if (next == 1 && channels > 1) {
      std::copy_n(block.channel(0).data(), block.frames, block.channel(1).data());
      next = 2;
    }
    for (; next < channels; ++next) std::fill_n(block.channel(next).data(), block.frames, 0.0f);
  }
};

ResampledReader::ResampledReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
ResampledReader::ResampledReader(ResampledReader&&) noexcept = default;
ResampledReader& ResampledReader::operator=(ResampledReader&&) noexcept = default;
ResampledReader::~ResampledReader() = default;

Result<ResampledReader> ResampledReader::open(const std::string& path, double sample_rate_hz,
                                              std::size_t channels) {
  if (!(sample_rate_hz >= 1.0 && sample_rate_hz < 0x1p31) || sample_rate_hz != std::floor(sample_rate_hz)) {
    return failure(
        ErrorCode::usage,
        fmt::format("The session's sample rate is {} Hz; expected a whole number of hertz.", sample_rate_hz),
        {.file = path});
  }
  auto reader = AudioReader::open(path);
  if (!reader) return tl::unexpected(reader.error());
  const std::size_t source_channels = reader->info().channels();
  if (source_channels > channels) {
    return failure(
        ErrorCode::usage,
        fmt::format("The file has {} channels, more than the session's {}.", source_channels, channels),
        {.file = path});
  }

  auto state = std::make_unique<State>(std::move(*reader));
  state->channels = channels;
  state->source_rate_hz = static_cast<std::int64_t>(state->reader.info().sample_rate_hz);
  state->rate_hz = static_cast<std::int64_t>(sample_rate_hz);
  if (state->source_rate_hz != state->rate_hz) {
    const soxr_io_spec_t samples = soxr_io_spec(SOXR_FLOAT32_S, SOXR_FLOAT32_S);
    const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_VHQ, 0);
    const soxr_runtime_spec_t runtime = soxr_runtime_spec(1);
    soxr_error_t error = nullptr;
    state->resampler.reset(soxr_create(state->reader.info().sample_rate_hz, sample_rate_hz,
                                       static_cast<unsigned>(source_channels), &error, &samples, &quality,
                                       &runtime));
    if (error) {
      return failure(ErrorCode::io, fmt::format("The resampler can't be made: {}.", error), {.file = path});
    }
    state->input = AudioBuffer(source_channels, input_frames);
  }
  return ResampledReader(std::move(state));
}

const AudioFileInfo& ResampledReader::source() const { return state_->reader.info(); }

Result<std::size_t> ResampledReader::read(AudioView<float> block) {
  State& s = *state_;
  assert(block.channels.size() == s.channels);
  const AudioView<float> narrow{block.channels.first(s.source_channels()), block.first, block.frames};
  auto got = s.resampler ? s.resample(narrow) : s.read_source(narrow);
  if (!got) return got;
  s.position += static_cast<Frames>(*got);
  s.widen(block.section(0, *got));
  return got;
}

std::optional<PackedSample> ResampledReader::packed() const {
  const std::optional<PackedSample> kind = state_->reader.packed();
  return !state_->resampler && kind && can_add_packed(*kind) ? kind : std::nullopt;
}

Result<std::span<const std::byte>> ResampledReader::read_packed(std::size_t frames) {
  State& s = *state_;
  assert(packed());
  auto bytes = s.reader.read_packed(frames);
  if (!bytes) return bytes;
  const std::byte* const in_file = bytes->data();
  if (*packed() == PackedSample::float32) bytes = s.without_non_finite(*bytes);
  s.is_in_place = s.reader.is_in_place() && bytes->data() == in_file;
  const std::size_t frame_bytes = s.source_channels() * bytes_of(*packed());
  s.source_position += static_cast<Frames>(bytes->size() / frame_bytes);
  s.position = s.source_position;
  return bytes;
}

bool ResampledReader::is_in_place() const { return state_->is_in_place; }

Result<void> ResampledReader::seek(Frames frame) {
  State& s = *state_;
  if (s.resampler) return s.seek_resampled(frame);
  if (auto sought = s.reader.seek(frame); !sought) return sought;
  s.source_position = s.position = frame;
  return {};
}

std::size_t ResampledReader::non_finite_samples() const { return state_->non_finite_samples; }

std::optional<double> ResampledReader::first_non_finite_s() const {
  if (!state_->first_non_finite) return std::nullopt;
  return static_cast<double>(*state_->first_non_finite) / static_cast<double>(state_->source_rate_hz);
}

}  // namespace gainstage
