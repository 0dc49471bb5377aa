// SPDX-License-Identifier: MIT
#include "engine/source_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "dsp/packed_samples.h"
#include "dsp/packed_sum.h"

namespace gainstage {

std::size_t block_frames(double sample_rate_hz, std::size_t channels) {
  constexpr std::size_t budget_samples = std::size_t{4} << 20;  // 16 MiB of floats
  const auto hop = static_cast<std::size_t>(std::ceil(0.1 * sample_rate_hz));
  const std::size_t hops = budget_samples / std::max<std::size_t>(1, hop * channels);
  return hop * std::clamp<std::size_t>(hops, 1, 10);
}

NonFiniteFound silence_non_finite(AudioView<float> block) noexcept {
  NonFiniteFound found;
  for (std::size_t c = 0; c < block.channels.size(); ++c) {
    const std::span<float> samples = block.channel(c);
    if (all_finite(samples)) continue;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      if (std::isfinite(samples[i])) continue;
      samples[i] = 0.0f;
      found.first_frame = found.samples == 0 ? i : std::min(found.first_frame, i);
      ++found.samples;
    }
  }
  return found;
}

Error non_finite_error(const std::string& file, std::size_t samples, double seconds) {
  return {
      ErrorCode::bad_input,
      fmt::format(
          "'{}' holds {} NaN or infinite, the first at {:.3f} s. Export the file again, or use --force to "
          "take them as silence.",
          file, samples == 1 ? "a sample that is" : fmt::format("{} samples that are", samples), seconds),
      {file, {}, {}, seconds}};
}

namespace {

/// Of samples that are made here.
AudioFileInfo made_info(const std::string& name, const Session& session, Frames frames) {
  AudioFileInfo info;
  info.path = name;
  info.kind = SampleKind::floating;
  info.bits = 32;
  info.sample_rate_hz = session.sample_rate_hz;
  info.frames = frames;
  info.layout = default_layout(session.channels);
  info.positions = usual_positions(session.channels);
  return info;
}

}  // namespace

Result<SourceReader> SourceReader::open(const std::string& path) {
  Result<AudioReader> reader = AudioReader::open(path);
  if (!reader) return tl::unexpected(std::move(reader.error()));
  AudioFileInfo info = reader->info();
  return SourceReader(std::move(*reader), std::move(info));
}

Result<SourceReader> SourceReader::open(const Session& session, const Track& track) {
  if (!track.strip) return open(track.source_path);
  auto strip = StripReader::open(session, track);
  if (!strip) return tl::unexpected(std::move(strip.error()));
  AudioFileInfo info = made_info(track.name, session, strip->frames());
  return SourceReader(std::move(*strip), std::move(info));
}

Result<SourceReader> SourceReader::open_mix(const Session& session) {
  auto mix = MixReader::open(session);
  if (!mix) return tl::unexpected(std::move(mix.error()));
  AudioFileInfo info = made_info(session.name, session, mix->frames());
  return SourceReader(std::move(*mix), std::move(info));
}

Result<void> SourceReader::seek(Frames frame) {
  if (AudioReader* const file = std::get_if<AudioReader>(&reader_)) return file->seek(frame);
  if (StripReader* const strip = std::get_if<StripReader>(&reader_)) strip->seek(frame);
  if (MixReader* const mix = std::get_if<MixReader>(&reader_)) mix->seek(frame);
  return {};
}

std::span<const std::byte> SourceReader::ahead(std::size_t frames) {
  AudioReader* const file = std::get_if<AudioReader>(&reader_);
  return file ? file->ahead(frames) : std::span<const std::byte>();
}

void SourceReader::hold(std::size_t bytes) {
  if (AudioReader* const file = std::get_if<AudioReader>(&reader_)) file->hold(bytes);
}

bool SourceReader::is_plain() const {
  const AudioReader* const file = std::get_if<AudioReader>(&reader_);
  return file && file->packed() && can_add_packed(*file->packed());
}

bool SourceReader::has_packed_stereo() const {
  const AudioReader* const file = std::get_if<AudioReader>(&reader_);
  return file && file->packed() == PackedSample::signed24 && info_.channels() == 2;
}

Result<std::span<const std::byte>> SourceReader::read_packed_stereo(std::size_t frames) {
  auto bytes = std::get<AudioReader>(reader_).read_packed(frames);
  if (bytes) frames_read_ += static_cast<Frames>(bytes->size() / (2 * bytes_of(PackedSample::signed24)));
  return bytes;
}

Result<std::size_t> SourceReader::read(AudioView<float> block) {
  std::size_t filled = 0;
  while (filled < block.frames) {
    const AudioView<float> rest = block.section(filled, block.frames - filled);
    Result<std::size_t> frames = std::visit([&](auto& reader) { return reader.read(rest); }, reader_);
    if (!frames) return frames;
    if (*frames == 0) break;
    filled += *frames;
  }
  if (is_made()) {
    // Taken out where they were read.
    const StripReader* const strip = std::get_if<StripReader>(&reader_);
    const NonFiniteCount count = strip ? strip->non_finite() : std::get<MixReader>(reader_).non_finite();
    non_finite_samples_ = count.samples;
    first_non_finite_s_ = count.first_s;
    frames_read_ += static_cast<Frames>(filled);
    return filled;
  }
  NonFiniteFound found;
  if (info().kind == SampleKind::floating) found = silence_non_finite(block.section(0, filled));
  if (found.samples > 0) {
    if (!first_non_finite_s_) {
      first_non_finite_s_ =
          static_cast<double>(frames_read_ + static_cast<Frames>(found.first_frame)) / info().sample_rate_hz;
    }
    non_finite_samples_ += found.samples;
  }
  frames_read_ += static_cast<Frames>(filled);
  return filled;
}

}  // namespace gainstage
