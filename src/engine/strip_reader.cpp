// SPDX-License-Identifier: MIT
#include "engine/strip_reader.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "dsp/packed_samples.h"

namespace gainstage {
namespace {

std::vector<bool> are_printed(const Session& session) {
  std::vector<bool> printed;
  for (const std::string& path : printed_stems(session)) printed.push_back(!path.empty());
  return printed;
}

TimedGains gains_of(const Session& session, const Track& track) {
  const FlowPaths paths(*session.flow, are_printed(session));
  return track.way.empty() ? paths.to_mix(*track.strip, session.sample_rate_hz)
                           : paths.to_mix(track.way, session.sample_rate_hz);
}

}  // namespace

std::vector<std::string> printed_stems(const Session& session) {
  std::vector<std::string> stems(session.flow->strips.size());
  for (const Track& track : session.tracks) {
    if (track.strip) stems[*track.strip] = track.source_path;
  }
  return stems;
}

Result<StripInput> StripInput::open(const Session& session, std::size_t strip,
                                    const std::string& printed_path) {
  StripInput input(ClipReader(*session.flow, strip, session.sample_rate_hz));
  if (printed_path.empty()) return input;
  auto printed = PlacedSource::open(printed_path, session.sample_rate_hz);
  if (!printed) return tl::unexpected(printed.error());
  input.printed_ = *std::move(printed);
  return input;
}

NonFiniteCount StripInput::non_finite() const {
  if (printed_) return {printed_->non_finite_samples(), printed_->first_non_finite_s()};
  return clips_.non_finite();
}

Result<void> StripInput::read(Frames first, AudioView<float> block) {
  if (!printed_) return clips_.read(first, block);
  if (printed_sound_.frames() < block.frames)
    printed_sound_ = AudioBuffer(printed_->channels(), block.frames);
  const AudioView<float> sound = printed_sound_.view(block.frames);
  if (auto read = printed_->read(first, sound); !read) return read;
  for (std::size_t c = 0; c < block.channels.size(); ++c) {
    if (c < sound.channels.size() || sound.channels.size() == 1) {
      std::ranges::copy(sound.channel(std::min(c, sound.channels.size() - 1)), block.channel(c).begin());
    } else {
      std::ranges::fill(block.channel(c), 0.0f);
    }
  }
  return {};
}

StripReader::StripReader(const Session& session, const Track& track, StripInput input)
    : gains_(gains_of(session, track)),
      input_(std::move(input)),
      sample_rate_hz_(session.sample_rate_hz),
      channels_(session.flow->strips[*track.strip].channels),
      frames_(track.source_frames) {}

Result<StripReader> StripReader::open(const Session& session, const Track& track) {
  auto input = StripInput::open(session, *track.strip, track.source_path);
  if (!input) return tl::unexpected(input.error());
  return StripReader(session, track, *std::move(input));
}

void StripReader::silence_non_finite(AudioView<float> block) {
  for (std::size_t c = 0; c < block.channels.size(); ++c) {
    const std::span<float> samples = block.channel(c);
    if (all_finite(std::span<const float>(samples))) continue;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      if (std::isfinite(samples[i])) continue;
      samples[i] = 0.0f;
      ++over_.samples;
      const double at_s = static_cast<double>(next_ + static_cast<Frames>(i)) / sample_rate_hz_;
      over_.first_s = std::min(over_.first_s.value_or(at_s), at_s);
    }
  }
}

Result<std::size_t> StripReader::read(AudioView<float> block) {
  const auto left = static_cast<std::size_t>(std::max<Frames>(0, frames_ - next_));
  const AudioView<float> wanted = block.section(0, std::min(block.frames, left));
  for (std::size_t c = 0; c < wanted.channels.size(); ++c) std::ranges::fill(wanted.channel(c), 0.0f);
  if (wanted.frames == 0) return std::size_t{0};
  if (sound_.frames() < wanted.frames) sound_ = AudioBuffer(channels_, wanted.frames);
  const AudioView<float> sound = sound_.view(wanted.frames);
  if (auto read = input_.read(next_, sound); !read) return tl::unexpected(read.error());
  add_through(gains_, sound, wanted, next_);
  silence_non_finite(wanted);
  next_ += static_cast<Frames>(wanted.frames);
  return wanted.frames;
}

Result<MixReader> MixReader::open(const Session& session) {
  std::vector<StripReader> strips;
  for (const Track& track : session.tracks) {
    auto strip = StripReader::open(session, track);
    if (!strip) return tl::unexpected(strip.error());
    strips.push_back(*std::move(strip));
  }
  return MixReader(std::move(strips));
}

Frames MixReader::frames() const {
  Frames longest = 0;
  for (const StripReader& strip : strips_) longest = std::max(longest, strip.frames());
  return longest;
}

void MixReader::seek(Frames frame) {
  for (StripReader& strip : strips_) strip.seek(frame);
}

NonFiniteCount MixReader::non_finite() const {
  NonFiniteCount all;
  for (const StripReader& strip : strips_) {
    const NonFiniteCount own = strip.non_finite();
    all.samples += own.samples;
    if (own.first_s) all.first_s = std::min(all.first_s.value_or(*own.first_s), *own.first_s);
  }
  return all;
}

Result<std::size_t> MixReader::read(AudioView<float> block) {
  const std::size_t channels = block.channels.size();
  if (part_.frames() < block.frames) part_ = AudioBuffer(channels, block.frames);
  sums_.assign(channels * block.frames, 0.0);
  std::size_t longest = 0;
  for (StripReader& strip : strips_) {
    const auto frames = strip.read(part_.view(block.frames));
    if (!frames) return frames;
    longest = std::max(longest, *frames);
    for (std::size_t c = 0; c < channels; ++c) {
      const std::span<const float> part = std::as_const(part_).view(*frames).channel(c);
      double* const sums = sums_.data() + c * block.frames;
      for (std::size_t i = 0; i < part.size(); ++i) sums[i] += static_cast<double>(part[i]);
    }
  }
  for (std::size_t c = 0; c < channels; ++c) {
    const double* const sums = sums_.data() + c * block.frames;
    std::transform(sums, sums + longest, block.channel(c).begin(),
                   [](double sum) { return static_cast<float>(sum); });
  }
  return longest;
}

}  // namespace gainstage
