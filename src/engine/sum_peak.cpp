// SPDX-License-Identifier: MIT
#include "engine/sum_peak.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

#include "audio_file/audio_reader.h"
#include "engine/job.h"
#include "engine/source_reader.h"
#include "meters/level_ticks.h"

namespace gainstage {
namespace {

/// A track of the sum, read tenth by tenth in any order.
struct Part {
  const Track* track;
  double ratio;
  AudioReader reader;
  Frames position = 0;
};

/// First frame of a tenth, as LevelTicker cuts.
Frames begin_of(std::size_t tenth, double rate_hz) {
  return static_cast<Frames>(static_cast<double>(tenth * ticks_per_tenth) * (rate_hz / ticks_per_second) +
                             0.5);
}

/// No sample of the sum in a tenth is greater. The part of a second after the last tenth has no peak of its
/// own: the track's stands for it. Rounding of the sum to float comes on top.
double bound_of(const TrackMeasurements& track, std::size_t tenth) {
  return tenth < track.hop_peaks.size() ? static_cast<double>(track.hop_peaks[tenth])
                                        : to_ratio(track.clip.sample_peak);
}

class Summation {
 public:
  Summation(const Session& session, std::vector<Part> parts)
      : session_(session),
        parts_(std::move(parts)),
        most_frames_(static_cast<std::size_t>(std::ceil(0.1 * session.sample_rate_hz)) + 1),
        sums_(session.channels * most_frames_) {
    std::size_t channels = 0;
    for (const Part& part : parts_) channels = std::max(channels, part.track->channels);
    block_ = AudioBuffer(channels, most_frames_);
  }

  /// The greatest |sample| in a tenth.
  Result<double> peak(std::size_t tenth) {
    const Frames first = begin_of(tenth, session_.sample_rate_hz);
    const auto frames = static_cast<std::size_t>(begin_of(tenth + 1, session_.sample_rate_hz) - first);
    std::ranges::fill(sums_, 0.0);
    for (Part& part : parts_) {
      if (const Result<void> added = add(part, first, frames); !added) return tl::unexpected(added.error());
    }
    float peak = 0.0f;
    for (const double sum : sums_) peak = std::max(peak, std::abs(static_cast<float>(sum)));
    return static_cast<double>(peak);
  }

 private:
  Result<void> add(Part& part, Frames first, std::size_t frames) {
    if (first >= part.reader.info().frames) return {};
    if (part.position != first) {
      if (const Result<void> gone = part.reader.seek(first); !gone) return gone;
    }
    const AudioView<float> room{block_.view().channels.first(part.track->channels), 0, frames};
    std::size_t filled = 0;
    while (filled < frames) {
      const Result<std::size_t> got = part.reader.read(room.section(filled, frames - filled));
      if (!got) return tl::unexpected(got.error());
      if (*got == 0) break;
      filled += *got;
    }
    part.position = first + static_cast<Frames>(filled);
    silence_non_finite(room.section(0, filled));
    for (std::size_t c = 0; c < session_.channels; ++c) {
      const std::optional<std::size_t> source = part.track->source_channel(c);
      if (!source) continue;
      const std::span<const float> samples = room.channel(*source).first(filled);
      double* const sums = sums_.data() + c * most_frames_;
      for (std::size_t i = 0; i < filled; ++i) sums[i] += part.ratio * static_cast<double>(samples[i]);
    }
    return {};
  }

  const Session& session_;
  std::vector<Part> parts_;
  std::size_t most_frames_;
  std::vector<double> sums_;  ///< Channel after channel.
  AudioBuffer block_;
};

}  // namespace

bool can_bound_peak(const Session& session, std::span<const std::size_t> tracks) {
  return std::ranges::all_of(tracks, [&](std::size_t i) {
    const Track& track = session.tracks[i];
    return !track.strip && track.source_rate_hz == session.sample_rate_hz;
  });
}

Result<SumPeak> sum_peak(const Session& session, const Measurements& measurements, std::span<const Db> gains,
                         std::span<const std::size_t> tracks, const WorkOptions& work) {
  Job job(work);
  allow_open_files(tracks.size());
  std::vector<Part> parts;
  std::vector<double> bounds;
  for (const std::size_t i : tracks) {
    const double ratio = to_ratio(gains[i]);
    if (ratio == 0.0) continue;
    const Track& track = session.tracks[i];
    Result<AudioReader> reader = AudioReader::open(track.source_path);
    if (!reader) {
      reader.error().where.track = track.name;
      return tl::unexpected(std::move(reader.error()));
    }
    std::size_t tenths = 0;
    while (begin_of(tenths, session.sample_rate_hz) < reader->info().frames) ++tenths;
    bounds.resize(std::max(bounds.size(), tenths));
    for (std::size_t tenth = 0; tenth < tenths; ++tenth) {
      bounds[tenth] += ratio * bound_of(measurements.tracks[i], tenth);
    }
    parts.push_back({&track, ratio, std::move(*reader)});
  }

  SumPeak result;
  result.tenths = bounds.size();
  if (bounds.empty()) return result;
  constexpr double rounding = 1.0 + 1e-6;
  for (double& bound : bounds) bound *= rounding;
  // The greatest bound from each tenth on: where it is not over what was found, the search ends.
  std::vector<double> later(bounds.size() + 1);
  for (std::size_t tenth = bounds.size(); tenth-- > 0;)
    later[tenth] = std::max(bounds[tenth], later[tenth + 1]);

  Summation summation(session, std::move(parts));
  double greatest = 0.0;
  const auto visit = [&](std::size_t tenth) -> Result<void> {
    const Result<double> peak = summation.peak(tenth);
    if (!peak) return tl::unexpected(peak.error());
    greatest = std::max(greatest, *peak);
    ++result.summed_tenths;
    return {};
  };
  const auto loudest = static_cast<std::size_t>(std::ranges::max_element(bounds) - bounds.begin());
  if (const Result<void> done = visit(loudest); !done) return tl::unexpected(done.error());
  for (std::size_t tenth = 0; tenth < bounds.size() && later[tenth] > greatest; ++tenth) {
    if (tenth == loudest || bounds[tenth] <= greatest) continue;
    if (const Result<void> done = visit(tenth); !done) return tl::unexpected(done.error());
    const double share = static_cast<double>(tenth) / static_cast<double>(bounds.size());
    if (const Result<void> going = job.go_on("measuring the low end", share); !going) {
      return tl::unexpected(going.error());
    }
  }
  result.peak = to_db(greatest);
  return result;
}

}  // namespace gainstage
