// SPDX-License-Identifier: MIT
#include "engine/track_source.h"

namespace gainstage {

Result<TrackSource> TrackSource::open(const Session& session, const Track& track) {
  if (track.strip) {
    auto strip = SourceReader::open(session, track);
    if (!strip) return tl::unexpected(std::move(strip.error()));
    return TrackSource(std::move(*strip));
  }
  auto file = ResampledReader::open(track.source_path, session.sample_rate_hz, track.channels);
  if (!file) return tl::unexpected(std::move(file.error()));
  return TrackSource(std::move(*file));
}

const AudioFileInfo& TrackSource::source() const {
  const ResampledReader* const file = std::get_if<ResampledReader>(&reader_);
  return file ? file->source() : std::get<SourceReader>(reader_).info();
}

Result<std::size_t> TrackSource::read(AudioView<float> block) {
  return std::visit([&](auto& reader) { return reader.read(block); }, reader_);
}

std::optional<PackedSample> TrackSource::packed() const {
  const ResampledReader* const file = std::get_if<ResampledReader>(&reader_);
  return file ? file->packed() : std::nullopt;
}

Result<std::span<const std::byte>> TrackSource::read_packed(std::size_t frames) {
  return std::get<ResampledReader>(reader_).read_packed(frames);
}

bool TrackSource::is_in_place() const {
  const ResampledReader* const file = std::get_if<ResampledReader>(&reader_);
  return file && file->is_in_place();
}

std::size_t TrackSource::non_finite_samples() const {
  return std::visit([](const auto& reader) { return reader.non_finite_samples(); }, reader_);
}

std::optional<double> TrackSource::first_non_finite_s() const {
  return std::visit([](const auto& reader) { return reader.first_non_finite_s(); }, reader_);
}

}  // namespace gainstage
