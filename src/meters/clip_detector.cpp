// SPDX-License-Identifier: MIT
#include "meters/clip_detector.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <tuple>

namespace gainstage {

double fixed_point_ceiling(int bits) { return 1.0 - std::ldexp(1.0, 1 - bits); }

void ClipDetector::prepare(Format format, double ceiling) {
  sample_rate_hz_ = format.sample_rate_hz;
  // A ceiling that float can't hold rounds down, so that the samples rounded the same way still reach it.
  ceiling_ = std::min(static_cast<float>(ceiling), 1.0f);
  open_.resize(format.channels);
  reset();
}

void ClipDetector::process(const LevelTicks& ticks) noexcept {
  assert(ticks.samples.channels.size() == open_.size());
  for (std::size_t c = 0; c < open_.size(); ++c) {
    look_at_ticks(c, ticks.channel(c), ticks.frames, ticks.samples.channel(c), ticks.position);
  }
}

void ClipDetector::process(const LevelHops& hops) noexcept {
  assert(hops.channels() == open_.size());
  const std::size_t frames = hops.samples.frames / hops.count();
  for (std::size_t n = 0; n < hops.count(); ++n) {
    const std::span<const HopLevels> hop = hops.hop(n);
    for (std::size_t c = 0; c < open_.size(); ++c) {
      if (hop[c].peak < ceiling_ && open_[c].frames == 0) [[likely]]
        continue;
      const std::size_t first = n * frames;
      look_at_ticks(c, std::span<const HopLevels::Tick>(hop[c].ticks), hops.frames,
                    hops.samples.channel(c).subspan(first, frames),
                    hops.position + static_cast<Frames>(first));
    }
  }
}

template <typename Tick>
void ClipDetector::look_at_ticks(std::size_t channel, std::span<const Tick> ticks,
                                 std::span<const std::uint32_t> lengths, std::span<const float> samples,
                                 Frames position) noexcept {
  std::size_t first = 0;
  for (std::size_t t = 0; t < ticks.size(); ++t) {
    if (ticks[t].peak >= ceiling_ || open_[channel].frames > 0) [[unlikely]] {
      look_at(channel, samples.subspan(first, lengths[t]), position + static_cast<Frames>(first));
    }
    first += lengths[t];
  }
}

void ClipDetector::look_at(std::size_t channel, std::span<const float> samples, Frames position) noexcept {
  Run& open = open_[channel];
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const float magnitude = std::abs(samples[i]);
    if (magnitude >= ceiling_) {
      if (open.frames == 0) open = {position + static_cast<Frames>(i), 0, channel, 0.0f};
      ++open.frames;
      open.peak = std::max(open.peak, magnitude);
    } else if (open.frames > 0) {
      if (counts(open)) tally_.add(open);
      open = {};
    }
  }
}

void ClipDetector::reset() noexcept {
  std::fill(open_.begin(), open_.end(), Run{});
  tally_ = {};
}

void ClipDetector::Tally::add(const Run& run) noexcept {
  ++runs;
  longest = std::max(longest, run.frames);
  peak = std::max(peak, run.peak);
  const auto order = [](const Run& a, const Run& b) {
    return std::make_tuple(-a.frames, a.begin, a.channel) < std::make_tuple(-b.frames, b.begin, b.channel);
  };
  if (kept_count == kept_runs) {
    if (!order(run, kept[kept_count - 1])) return;
    --kept_count;
  }
  Run* const end = kept.data() + kept_count;
  Run* const place = std::upper_bound(kept.data(), end, run, order);
  std::move_backward(place, end, end + 1);
  *place = run;
  ++kept_count;
}

ClipDetector::Tally ClipDetector::with_open_runs() const noexcept {
  Tally tally = tally_;
  for (const Run& run : open_) {
    if (run.frames > 0 && counts(run)) tally.add(run);
  }
  return tally;
}

std::size_t ClipDetector::runs() const noexcept { return with_open_runs().runs; }
Frames ClipDetector::longest_frames() const noexcept { return with_open_runs().longest; }
Db ClipDetector::over() const noexcept { return over(Run{0, 0, 0, with_open_runs().peak}); }

std::vector<ClipDetector::Run> ClipDetector::longest_runs() const {
  const Tally tally = with_open_runs();
  std::vector<Run> result(tally.kept.begin(),
                          tally.kept.begin() + static_cast<std::ptrdiff_t>(tally.kept_count));
  std::sort(result.begin(), result.end(), [](const Run& a, const Run& b) {
    return std::make_tuple(a.begin, a.channel) < std::make_tuple(b.begin, b.channel);
  });
  return result;
}

Db ClipDetector::over(const Run& run) noexcept { return to_db(std::max(1.0, static_cast<double>(run.peak))); }

}  // namespace gainstage
