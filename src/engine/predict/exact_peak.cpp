// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "engine/job.h"
#include "engine/mix_blocks.h"
#include "engine/predict/mix_peaks.h"
#include "engine/source_reader.h"
#include "meters/hop_clock.h"
#include "meters/true_peak.h"

namespace gainstage {
namespace {

/// Samples before a hop that its readings depend on, and more.
constexpr Frames run_up = 256;

Frames begin_of(std::size_t hop, double rate_hz) {
  return std::llround(static_cast<double>(hop) * (rate_hz / MixPeaks::hops_per_second));
}

/// Reads a mix hop by hop. What lies between the samples is read some frames late: a reading that is taken
/// while a hop passes may be of the end of the hop before.
class HopMeter {
 public:
  HopMeter(const Session& session, const MeasureOptions& options, std::size_t hops)
      : rate_hz_(session.sample_rate_hz), meter_(options.true_peak), readings_(hops) {
    meter_.prepare({rate_hz_, session.channels, 1});
  }

  /// The next frames are those from `frame` on; what was before is not known.
  void jump(Frames frame) {
    meter_.reset();
    begin_ = frame;
  }
  /// Frames that no reading is taken of.
  void run_up_on(AudioView<const float> block) {
    meter_.process(block);
    meter_.forget_peaks();
  }
  /// Frames of one hop, or, after the last one, what its readings still need.
  void process(std::size_t hop, AudioView<const float> block) {
    meter_.process(block);
    take(hop);
  }
  void finish(std::size_t hop) {
    meter_.finish();
    take(hop);
  }

  double greatest() const { return greatest_; }
  double greatest_at_s() const { return greatest_at_s_; }
  float reading(std::size_t hop) const { return readings_[hop]; }

 private:
  void take(std::size_t hop) {
    const double ratio = meter_.peak_ratio();
    // Late by less than a hop.
    for (std::size_t i = hop - std::min<std::size_t>(hop, 1); i < std::min(hop + 1, readings_.size()); ++i)
      readings_[i] = std::max(readings_[i], static_cast<float>(ratio));
    if (ratio > greatest_) {
      greatest_ = ratio;
      greatest_at_s_ = static_cast<double>(begin_) / rate_hz_ + meter_.peak_at_seconds();
    }
    meter_.forget_peaks();
  }

  double rate_hz_;
  TruePeakMeter meter_;
  std::vector<float> readings_;
  Frames begin_ = 0;
  double greatest_ = 0.0;
  double greatest_at_s_ = 0.0;
};

/// Sums the mix of tracks at the session's rate from any frame on.
class Summation {
 public:
  static Result<Summation> open(const Session& session, std::span<const double> ratios, Job& job) {
    Summation made(session);
    allow_open_files(ratios.size());
    std::vector<std::size_t> tracks;
    for (std::size_t i = 0; i < ratios.size(); ++i) {
      if (ratios[i] != 0.0) tracks.push_back(i);
    }
    std::vector<std::optional<Source>> opened(tracks.size());
    const Result<void> all = job.try_each(tracks.size(), [&](std::size_t i) -> Result<void> {
      const Track& track = session.tracks[tracks[i]];
      Result<SourceReader> reader = SourceReader::open(session, track);
      if (!reader) {
        reader.error().where.track = track.name;
        return tl::unexpected(std::move(reader.error()));
      }
      opened[i].emplace(Source{&track, ratios[tracks[i]], std::move(*reader), 0,
                               AudioBuffer(track.channels, made.most_frames_), 0});
      return {};
    });
    if (!all) return tl::unexpected(all.error());
    for (std::optional<Source>& source : opened) made.sources_.push_back(std::move(*source));
    return made;
  }

  std::size_t most_frames() const { return most_frames_; }

  /// The frames first .. first + frames - 1, at most most_frames(); silence beyond both ends of the session.
  Result<AudioView<const float>> sum(Frames first, std::size_t frames, Job& job) {
    const auto before = static_cast<std::size_t>(std::clamp<Frames>(-first, 0, static_cast<Frames>(frames)));
    const Result<void> read = job.try_each(sources_.size(), [&](std::size_t i) {
      return fill(sources_[i], first + static_cast<Frames>(before), frames - before);
    });
    if (!read) return tl::unexpected(read.error());
    job.for_each(mix_.channels(), [&](std::size_t c) {
      const std::span<double> sums = std::span(sums_).subspan(c * most_frames_, frames);
      std::ranges::fill(sums, 0.0);
      for (const Source& source : sources_) {
        const std::optional<std::size_t> from = source.track->source_channel(c);
        if (!from) continue;
        const std::span<const float> samples = source.buffer.view(source.filled).channel(*from);
        for (std::size_t i = 0; i < samples.size(); ++i)
          sums[before + i] += source.ratio * static_cast<double>(samples[i]);
      }
      std::ranges::transform(sums, mix_.view().channel(c).begin(),
                             [](double sum) { return static_cast<float>(sum); });
    });
    return std::as_const(mix_).view(frames);
  }

 private:
  struct Source {
    const Track* track;
    double ratio;
    SourceReader reader;
    Frames position;
    AudioBuffer buffer;
    std::size_t filled;
  };

  explicit Summation(const Session& session)
      : most_frames_(static_cast<std::size_t>(std::ceil(session.sample_rate_hz / MixPeaks::hops_per_second)) +
                     static_cast<std::size_t>(run_up)),
        sums_(session.channels * most_frames_),
        mix_(session.channels, most_frames_) {}

  static Result<void> fill(Source& source, Frames first, std::size_t frames) {
    source.filled = 0;
    if (first >= source.reader.info().frames) return {};
    if (source.position != first) {
      if (const Result<void> gone = source.reader.seek(first); !gone) return gone;
    }
    const Result<std::size_t> got = source.reader.read(source.buffer.view(frames));
    if (!got) return tl::unexpected(got.error());
    source.filled = *got;
    source.position = first + static_cast<Frames>(*got);
    return {};
  }

  std::size_t most_frames_;
  std::vector<Source> sources_;
  std::vector<double> sums_;  ///< Channel after channel.
  AudioBuffer mix_;
};

bool can_seek(const Session& session) {
  return std::ranges::all_of(
      session.tracks, [&](const Track& track) { return track.source_rate_hz == session.sample_rate_hz; });
}

class Search {
 public:
  Search(const Session& session, std::span<const Db> gains, std::span<const float> hop_bounds,
         const MeasureOptions& options, const WorkOptions& work)
      : session_(session),
        gains_(gains.begin(), gains.end()),
        bounds_(hop_bounds.begin(), hop_bounds.end()),
        options_(options),
        job_(work),
        meter_(session, options, hop_bounds.size()),
        is_mixed_(hop_bounds.size()) {
    found_.hop_peaks = bounds_;
    for (const Db gain : gains) found_.ratios.push_back(to_ratio(gain));
  }

  Result<ExactPeak> run() {
    if (!bounds_.empty()) {
      if (const Result<void> done = search(); !done) return tl::unexpected(done.error());
    }
    if (meter_.greatest() > 0.0) found_.true_peak = to_db(meter_.greatest());
    found_.at_s = meter_.greatest_at_s();
    return std::move(found_);
  }

 private:
  Result<void> search() {
    if (!can_seek(session_)) return mix_all();
    auto summation = Summation::open(session_, found_.ratios, job_);
    if (!summation) return tl::unexpected(std::move(summation.error()));
    // A few of the highest tell how much is left; where that is much, it is read in one go, which takes less
    // time a hop.
    constexpr std::size_t first_looks = 6;
    constexpr double worth_all = 0.2;
    for (std::size_t look = 0; look < first_looks; ++look) {
      std::size_t highest = bounds_.size();
      for (std::size_t hop = 0; hop < bounds_.size(); ++hop) {
        if (is_open(hop) && (highest == bounds_.size() || bounds_[hop] > bounds_[highest])) highest = hop;
      }
      if (highest == bounds_.size()) return {};
      if (const Result<void> done = mix_run(*summation, highest, highest + 1); !done) return done;
    }
    std::size_t left = 0;
    for (std::size_t hop = 0; hop < bounds_.size(); ++hop) left += is_open(hop) ? 1 : 0;
    if (static_cast<double>(left) > worth_all * static_cast<double>(bounds_.size())) return mix_all();
    for (std::size_t hop = 0; hop < bounds_.size(); ++hop) {
      if (!is_open(hop)) continue;
      std::size_t end = hop + 1;
      while (end < bounds_.size() && is_open(end)) ++end;
      if (const Result<void> done = mix_run(*summation, hop, end); !done) return done;
      hop = end;
    }
    return {};
  }

  /// Whether it may be over what was found.
  bool is_open(std::size_t hop) const {
    return !is_mixed_[hop] && static_cast<double>(bounds_[hop]) > meter_.greatest();
  }

  void settle(std::size_t hop) {
    if (!is_mixed_[hop]) ++found_.hops_mixed;
    is_mixed_[hop] = true;
    found_.hop_peaks[hop] = meter_.reading(hop);
  }

  Result<void> mix_run(Summation& summation, std::size_t first, std::size_t end) {
    Frames frame = begin_of(first, session_.sample_rate_hz);
    meter_.jump(frame - run_up);
    const auto before = summation.sum(frame - run_up, static_cast<std::size_t>(run_up), job_);
    if (!before) return tl::unexpected(before.error());
    meter_.run_up_on(*before);
    std::size_t hop = first;
    // One hop at least; the rest of the run as long as it is open.
    for (; hop < end && (hop == first || is_open(hop)); ++hop) {
      const Frames next = begin_of(hop + 1, session_.sample_rate_hz);
      const auto block = summation.sum(frame, static_cast<std::size_t>(next - frame), job_);
      if (!block) return tl::unexpected(block.error());
      meter_.process(hop, *block);
      frame = next;
      const double share = static_cast<double>(hop) / static_cast<double>(bounds_.size());
      if (const Result<void> going = job_.go_on("finding the true peak", share); !going) return going;
    }
    const auto after = summation.sum(frame, static_cast<std::size_t>(run_up), job_);
    if (!after) return tl::unexpected(after.error());
    meter_.process(hop, *after);
    for (std::size_t i = first; i < hop; ++i) settle(i);
    return {};
  }

  Result<void> mix_all() {
    Result<MixBlocks> blocks = MixBlocks::open(session_, {plan_mix(gains_)}, options_.non_finite, job_);
    if (!blocks) return tl::unexpected(std::move(blocks.error()));
    std::vector<AudioBuffer> mix;
    mix.emplace_back(session_.channels, blocks->max_block_frames());
    meter_.jump(0);
    HopClock hops(session_.sample_rate_hz, MixPeaks::hops_per_second);
    std::size_t hop = 0;
    while (true) {
      const Result<std::size_t> frames = blocks->next(mix, job_);
      if (!frames) return tl::unexpected(frames.error());
      if (*frames == 0) break;
      const AudioView<const float> block = std::as_const(mix[0]).view(*frames);
      hops.advance(
          *frames,
          [&](std::size_t first, std::size_t count) { meter_.process(hop, block.section(first, count)); },
          [&] { ++hop; });
      if (const Result<void> going = job_.go_on("finding the true peak", blocks->share_done()); !going)
        return going;
    }
    meter_.finish(hop);
    for (std::size_t i = 0; i < bounds_.size(); ++i) settle(i);
    return {};
  }

  const Session& session_;
  std::vector<Db> gains_;
  std::vector<float> bounds_;
  const MeasureOptions& options_;
  Job job_;
  HopMeter meter_;
  std::vector<bool> is_mixed_;
  ExactPeak found_;
};

}  // namespace

Result<ExactPeak> exact_true_peak(const Session& session, std::span<const Db> gains,
                                  std::span<const float> hop_bounds, const MeasureOptions& options,
                                  const WorkOptions& work) {
  return Search(session, gains, hop_bounds, options, work).run();
}

}  // namespace gainstage
