// SPDX-License-Identifier: MIT
#include "engine/measure_build.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/channel_weights.h"
#include "engine/excerpt.h"
#include "engine/job.h"
#include "engine/limited_stream.h"
#include "engine/mix_blocks.h"
#include "meters/level_meters.h"
#include "meters/loudness.h"
#include "meters/true_peak.h"

namespace gainstage {
namespace {

/// The meters of one step, in parts that may run side by side.
class StepMeter {
 public:
  static constexpr std::size_t parts = 3;

  StepMeter(const Session& session, TruePeakFilter filter) : true_peak_(filter) {
    const Format format{session.sample_rate_hz, session.channels, 1};
    loudness_.prepare(format, channel_weights(session));
    true_peak_.prepare(format);
    levels_.prepare(format);
  }

  void process(std::size_t part, AudioView<const float> block) {
    if (part == 0) loudness_.process(block);
    if (part == 1) true_peak_.process(block);
    if (part == 2) levels_.process(block);
  }

  MixMeasurements finish() {
    true_peak_.finish();
    levels_.finish();
    MixMeasurements mix;
    mix.sample_peak = levels_.sample_peak().peak();
    mix.true_peak = true_peak_.peak();
    mix.true_peak_at_s = true_peak_.peak_at_seconds();
    mix.rms = levels_.rms().rms();
    mix.vu_max = VuMeter::vu(levels_.vu().greatest_needle(), Db{-18.0});
    mix.momentary_max = loudness_.momentary_max();
    mix.short_term_max = loudness_.short_term_max();
    mix.hop_energies.assign(loudness_.hop_energies().begin(), loudness_.hop_energies().end());
    return mix;
  }

 private:
  LoudnessMeter loudness_;
  TruePeakMeter true_peak_;
  LevelMeters levels_;
};

TruePeakFilter other_filter(TruePeakFilter filter) {
  return filter == TruePeakFilter::bs1770_4x ? TruePeakFilter::oversampled_16x : TruePeakFilter::bs1770_4x;
}

}  // namespace

Result<std::vector<MixMeasurements>> measure_build(const Session& session,
                                                   const std::vector<std::vector<std::size_t>>& steps,
                                                   const std::vector<Db>& gains,
                                                   const MeasureOptions& options, const WorkOptions& work) {
  if (steps.empty()) return std::vector<MixMeasurements>{};
  Job job(work);
  std::vector<std::vector<MixOperation>> operations;
  for (const std::vector<std::size_t>& tracks : steps) operations.push_back(plan_mix(gains, tracks));
  Result<MixBlocks> blocks = MixBlocks::open(session, std::move(operations), options.non_finite, job);
  if (!blocks) return tl::unexpected(std::move(blocks.error()));

  std::vector<AudioBuffer> mixes;
  std::vector<StepMeter> meters;
  for (std::size_t step = 0; step < steps.size(); ++step) {
    mixes.emplace_back(session.channels, blocks->max_block_frames());
    meters.emplace_back(session, options.true_peak);
  }
  while (true) {
    const Result<std::size_t> frames = blocks->next(mixes, job);
    if (!frames) return tl::unexpected(frames.error());
    if (*frames == 0) break;
    job.for_each(steps.size() * StepMeter::parts, [&](std::size_t i) {
      const std::size_t step = i / StepMeter::parts;
      meters[step].process(i % StepMeter::parts, std::as_const(mixes[step]).view(*frames));
    });
    if (const Result<void> going = job.go_on("measuring the build", blocks->share_done()); !going) {
      return tl::unexpected(going.error());
    }
  }
  std::vector<MixMeasurements> build;
  for (StepMeter& meter : meters) build.push_back(meter.finish());
  return build;
}

Result<LimitedMix> measure_limited(const Session& session, const std::vector<Db>& gains, Db ceiling,
                                   const MeasureOptions& options, const WorkOptions& work) {
  Job job(work);
  Result<MixBlocks> blocks = MixBlocks::open(session, {plan_mix(gains)}, options.non_finite, job);
  if (!blocks) return tl::unexpected(std::move(blocks.error()));
  std::vector<AudioBuffer> mix;
  mix.emplace_back(session.channels, blocks->max_block_frames());
  LimitedStream limiter(session, blocks->max_block_frames(), ceiling);
  StepMeter meter(session, options.true_peak);
  TruePeakMeter other_true_peak(other_filter(options.true_peak));
  other_true_peak.prepare({session.sample_rate_hz, session.channels, 1});
  const auto measure = [&](AudioView<const float> block) {
    job.for_each(StepMeter::parts + 1, [&](std::size_t part) {
      part < StepMeter::parts ? meter.process(part, block) : other_true_peak.process(block);
    });
  };
  while (true) {
    const Result<std::size_t> frames = blocks->next(mix, job);
    if (!frames) return tl::unexpected(frames.error());
    if (*frames == 0) break;
    measure(limiter.process(mix[0].view(*frames)).samples);
    if (const Result<void> going = job.go_on("measuring behind the limiter", blocks->share_done()); !going) {
      return tl::unexpected(going.error());
    }
  }
  while (limiter.has_tail()) measure(limiter.next_tail().samples);
  other_true_peak.finish();
  const MixMeasurements measured = meter.finish();
  return LimitedMix{measured, std::max(measured.true_peak, other_true_peak.peak())};
}

Result<std::vector<std::size_t>> tracks_at(const Session& session, const std::vector<Db>& gains,
                                           double seconds) {
  // Room for the interpolation around the peak, whose place is known to a fraction of a sample.
  constexpr double around_s = 0.02;
  struct Source {
    std::size_t number;
    const Track& track;
    double ratio;
    Excerpt excerpt;

    /// Its part in a channel of the mix.
    double at(std::size_t channel, double at_s) const {
      const auto source = track.source_channel(channel);
      return source ? ratio * excerpt.at(*source, at_s) : 0.0;
    }
  };
  std::vector<Source> sources;
  for (std::size_t track = 0; track < session.tracks.size(); ++track) {
    const double ratio = to_ratio(gains[track]);
    if (ratio == 0.0) continue;
    Result<Excerpt> excerpt =
        read_excerpt(session, session.tracks[track], seconds - around_s, 2.0 * around_s);
    if (!excerpt) return tl::unexpected(std::move(excerpt.error()));
    sources.push_back({track, session.tracks[track], ratio, std::move(*excerpt)});
  }

  double peak = 0.0;
  double peak_s = seconds;
  std::size_t peak_channel = 0;
  for (std::size_t channel = 0; channel < session.channels; ++channel) {
    for (int step = -16; step <= 16; ++step) {
      const double at_s = seconds + 0.125 * step / session.sample_rate_hz;
      double sum = 0.0;
      for (const Source& source : sources) sum += source.at(channel, at_s);
      if (std::abs(sum) <= std::abs(peak)) continue;
      peak = sum;
      peak_s = at_s;
      peak_channel = channel;
    }
  }

  std::vector<std::pair<double, std::size_t>> shares;
  for (const Source& source : sources) {
    const double share = source.at(peak_channel, peak_s) * (peak < 0.0 ? -1.0 : 1.0);
    if (share > 0.0) shares.emplace_back(-share, source.number);
  }
  std::ranges::sort(shares);
  std::vector<std::size_t> tracks;
  for (const auto& [share, track] : shares) tracks.push_back(track);
  return tracks;
}

}  // namespace gainstage
