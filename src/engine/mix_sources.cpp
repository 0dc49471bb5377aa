// SPDX-License-Identifier: MIT
#include "engine/mix_sources.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include "audio_file/file_pages.h"
#include "engine/decoded_samples.h"

namespace gainstage {
namespace {

// Less is let go of by the reader, when it has become more.
constexpr std::size_t worth_letting_go_bytes = 128 * 1024;

std::vector<std::optional<std::size_t>> source_channels(const Track& track, std::size_t mix_channels) {
  std::vector<std::optional<std::size_t>> sources;
  for (std::size_t c = 0; c < mix_channels; ++c) sources.push_back(track.source_channel(c));
  return sources;
}

/// Every channel of the source goes to that of the same number, and the mix has no more.
bool is_straight(const std::vector<std::optional<std::size_t>>& sources, std::size_t channels) {
  bool is_same = sources.size() == channels;
  for (std::size_t c = 0; c < sources.size(); ++c) is_same = is_same && sources[c] == c;
  return is_same;
}

/// As many frames as keep all that a block is copied to under a budget; whole tenths of a second. Those that
/// are summed where they lie in the file need no more than the sums do.
std::size_t mix_block_frames(double sample_rate_hz, std::size_t channels) {
  constexpr std::size_t budget_samples = std::size_t{4} << 20;  // 16 MiB of floats.
  constexpr std::size_t most_frames = std::size_t{1} << 18;
  const auto hop = static_cast<std::size_t>(std::ceil(0.1 * sample_rate_hz));
  const std::size_t frames = std::min(most_frames, budget_samples / std::max<std::size_t>(1, channels));
  return hop * std::max<std::size_t>(1, frames / hop);
}

/// Frames of a source at another rate.
Frames length_at(const AudioFileInfo& source, double rate_hz) {
  return std::llround(static_cast<double>(source.frames) * rate_hz / source.sample_rate_hz);
}

}  // namespace

Result<MixSources> MixSources::open(const Session& session, const std::vector<bool>& is_heard,
                                    NonFinite non_finite, std::size_t other_channels, Job& job) {
  std::vector<std::size_t> tracks(session.tracks.size());
  std::iota(tracks.begin(), tracks.end(), std::size_t{0});
  auto readers = open_sources(session, tracks, job);
  if (!readers) return tl::unexpected(readers.error());
  MixSources sources;
  sources.non_finite_ = non_finite;
  sources.mix_channels_ = session.channels;
  sources.blocks_.resize(tracks.size());
  sources.streams_.reserve(tracks.size());
  std::size_t copied_channels = other_channels;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    const Track& track = session.tracks[i];
    const std::size_t channels = (*readers)[i].source().channels();
    const Frames length = length_at((*readers)[i].source(), session.sample_rate_hz);
    Stream stream{track.name, std::move((*readers)[i]),
                  channels,   source_channels(track, session.channels),
                  length,     is_heard[i]};
    MixSource& block = sources.blocks_[i];
    const bool is_twice = channels == 1 && session.channels == 2;
    const bool is_in_place = is_twice || is_straight(stream.source_channels, channels);
    stream.is_packed = stream.reader.packed() && track.channels == channels && is_in_place;
    if (job.decoded() != nullptr && track.channels == channels && is_in_place) {
      stream.kept = job.decoded()->samples(session, track);
      stream.is_kept = !stream.kept.empty();
    }
    if (stream.is_kept) {
      block.kind = PackedSample::float32;
      block.spread = is_twice ? Spread::twice : Spread::straight;
    } else if (stream.is_packed) {
      block.kind = *stream.reader.packed();
      block.spread = is_twice ? Spread::twice : Spread::straight;
    }
    // Floats are looked at twice: whether they are numbers, then to be summed.
    if (stream.is_heard && !stream.is_kept && !(stream.is_packed && block.kind != PackedSample::float32)) {
      copied_channels += track.channels;
    }
    sources.streams_.push_back(std::move(stream));
  }
  sources.max_block_frames_ = mix_block_frames(session.sample_rate_hz, copied_channels);
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    Stream& stream = sources.streams_[i];
    if (stream.is_packed || stream.is_kept || !stream.is_heard) continue;
    stream.planar = AudioBuffer(session.tracks[i].channels, sources.max_block_frames_);
    stream.interleaved.resize(session.channels * sources.max_block_frames_);
  }
  return sources;
}

void MixSources::interleave(Stream& stream, std::size_t frames) const {
  for (std::size_t c = 0; c < mix_channels_; ++c) {
    if (!stream.source_channels[c]) continue;
    const std::span<const float> from = stream.planar.view(frames).channel(*stream.source_channels[c]);
    float* const to = stream.interleaved.data() + c;
    for (std::size_t i = 0; i < frames; ++i) to[i * mix_channels_] = from[i];
  }
}

Result<void> MixSources::read(Stream& stream, MixSource& block) {
  if (!stream.is_heard) {
    block.frames = std::min(max_block_frames_, static_cast<std::size_t>(stream.frames_left));
    stream.frames_left -= static_cast<Frames>(block.frames);
    return {};
  }
  if (stream.is_kept) {
    block.frames = std::min(max_block_frames_, stream.kept.size() / stream.channels);
    block.bytes = std::as_bytes(stream.kept.first(block.frames * stream.channels));
    stream.kept = stream.kept.subspan(block.frames * stream.channels);
    return {};
  }
  if (!stream.is_packed) {
    const auto frames = read_whole_block(stream.reader, stream.name, non_finite_, stream.planar.view());
    if (!frames) return tl::unexpected(frames.error());
    interleave(stream, *frames);
    block.bytes = std::as_bytes(std::span(stream.interleaved).first(*frames * mix_channels_));
    block.frames = *frames;
    return {};
  }
  auto bytes = stream.reader.read_packed(max_block_frames_);
  if (!bytes) {
    bytes.error().where.track = stream.name;
    return tl::unexpected(std::move(bytes.error()));
  }
  block.bytes = *bytes;
  block.frames = bytes->size() / (bytes_of(block.kind) * stream.channels);
  return check_finite(stream.reader, stream.name, non_finite_);
}

void MixSources::let_go(std::span<const MixOperation> operations, std::size_t first,
                        std::size_t count) const {
  std::array<std::span<const std::byte>, MixSums::most_together> pages;
  while (!operations.empty()) {
    const auto some = operations.first(std::min(operations.size(), pages.size()));
    operations = operations.subspan(some.size());
    std::size_t held = 0;
    for (const MixOperation& operation : some) {
      const Stream& stream = streams_[operation.track];
      const MixSource& block = blocks_[operation.track];
      if (stream.is_kept || !stream.is_packed || !stream.reader.is_in_place() || block.frames <= first)
        continue;
      const std::size_t frame_bytes = bytes_of(block.kind) * stream.channels;
      const std::size_t frames = std::min(count, block.frames - first);
      if (frames * frame_bytes < worth_letting_go_bytes) continue;
      pages[held++] = block.bytes.subspan(first * frame_bytes, frames * frame_bytes);
    }
    gainstage::let_go(std::span(pages).first(held));
  }
}

Result<std::size_t> MixSources::read(Job& job) {
  const auto done =
      job.try_each(streams_.size(), [&](std::size_t i) { return read(streams_[i], blocks_[i]); });
  if (!done) return tl::unexpected(done.error());
  std::size_t longest = 0;
  for (const MixSource& block : blocks_) longest = std::max(longest, block.frames);
  return longest;
}

}  // namespace gainstage
