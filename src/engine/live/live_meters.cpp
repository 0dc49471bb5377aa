// SPDX-License-Identifier: MIT
#include "engine/live/live_meters.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/loudness_gate.h"
#include "dsp/level.h"
#include "dsp/packed_samples.h"
#include "engine/channel_weights.h"

namespace gainstage {
namespace {

constexpr std::size_t hops_in_tenth = 10;
constexpr std::size_t momentary_window = 40;
constexpr std::size_t short_term_window = 300;
constexpr std::size_t hops_together = 64;  ///< Whose samples stay in the nearest caches.

float lufs(double weighted_mean_square) { return static_cast<float>(to_lufs(weighted_mean_square).value); }
float db(float ratio) { return static_cast<float>(to_db(static_cast<double>(ratio)).value); }

}  // namespace

LiveHop::LiveHop(double sample_rate_hz)
    : frames_per_tick_(sample_rate_hz / ticks_per_second),
      most_frames_(static_cast<std::size_t>(std::ceil(sample_rate_hz / 100.0)) + 1) {
  measure();
}

Frames LiveHop::begin_of(Frames tick) const noexcept {
  return static_cast<Frames>(static_cast<double>(tick) * frames_per_tick_ + 0.5);
}

void LiveHop::next() noexcept {
  tick_ += static_cast<Frames>(ticks);
  measure();
}

void LiveHop::measure() noexcept {
  Frames begin = begin_of(tick_);
  frames_ = 0;
  for (std::size_t i = 0; i < ticks; ++i) {
    const Frames end = begin_of(tick_ + static_cast<Frames>(i) + 1);
    lengths_[i] = static_cast<std::uint32_t>(end - begin);
    frames_ += lengths_[i];
    shares_[i] = 1.0 / static_cast<double>(lengths_[i]);
    begin = end;
  }
}

LiveMeters::LiveMeters(const LivePlan& plan, const LiveOptions& options)
    : plan_(&plan),
      vu_reference_(options.vu_reference),
      hop_(plan.sample_rate_hz),
      worst_(plan.strips.size()),
      known_clips_(plan.strips.size()),
      shown_(2 * plan.strips.size() + 1) {
  std::size_t channels = 0;
  const auto add = [&](std::size_t wide) {
    Tap& tap = taps_.emplace_back();
    tap.channel = channels;
    tap.channels = wide;
    channels += wide;
    const std::vector<double> weights = channel_weights(default_layout(wide));
    weights_.insert(weights_.end(), weights.begin(), weights.end());
  };
  for (const LiveStrip& strip : plan.strips) {
    add(strip.channels);
    add(strip.wide);
  }
  add(plan.mix_channels);
  channels_.resize(channels);
  sums_.resize(channels);
  zeros_ = AudioBuffer(1, hop_.most_frames());
  no_samples_.assign(channels, nullptr);
  silent_mix_.assign(plan.mix_channels, zeros_.view().channel(0).data());
  ticks_.resize(channels * LiveHop::ticks);
  vu_.prepare({plan.sample_rate_hz, channels, hop_.most_frames()}, 0.0);
  weighting_.emplace(plan.sample_rate_hz);
  memories_.resize(channels);
  weighted_.reserve(hops_together);
  weighted_channels_.reserve(hops_together);
  hop_frames_.fill(static_cast<Frames>(hop_.frames()));
  window_frames_ = static_cast<Frames>(momentary_window * hop_.frames());
  true_peak_.prepare({plan.sample_rate_hz, plan.mix_channels, hop_.most_frames()});
}

void LiveMeters::begin_piece(std::size_t at, std::optional<Frames> position) noexcept {
  if (at == 0) piece_count_ = 0;
  if (piece_count_ < pieces_.size()) pieces_[piece_count_++] = {at, position};
}

/// Where in the session a frame of the hop is.
double LiveMeters::seconds_at(std::size_t frame) const noexcept {
  double seconds = 0.0;
  for (std::size_t i = 0; i < piece_count_ && pieces_[i].at <= frame; ++i) {
    if (!pieces_[i].position) continue;
    seconds = static_cast<double>(*pieces_[i].position + static_cast<Frames>(frame - pieces_[i].at)) /
              plan_->sample_rate_hz;
  }
  return seconds;
}

/// Takes the samples, and sums up their milliseconds.
void LiveMeters::read_tap(std::size_t t, const LiveSound& sound) noexcept {
  Tap& tap = taps_[t];
  bool is_silent = sound.is_silent;
  // Gains may make more of great samples than a float holds.
  for (std::size_t c = 0; c < tap.channels && !is_silent; ++c)
    is_silent = !all_finite(sound.samples.channel(c));
  tap.peak = 0.0f;
  for (std::size_t c = 0; c < tap.channels; ++c) {
    const std::size_t channel = tap.channel + c;
    const std::span<LevelTick> ticks = std::span(ticks_).subspan(channel * LiveHop::ticks, LiveHop::ticks);
    channels_[channel] = is_silent ? nullptr : sound.samples.channel(c).data();
    if (is_silent) {
      std::ranges::fill(ticks, LevelTick{});
      continue;
    }
    sum_up_ticks(sound.samples.channel(c), hop_.lengths(), ticks);
    for (const LevelTick& tick : ticks) tap.peak = std::max(tap.peak, tick.peak);
  }
}

void LiveMeters::look_for_clips(std::size_t t) noexcept {
  const std::size_t strip = t / 2;
  const Tap& tap = taps_[t];
  if (!(tap.peak > 1.0f) || !(tap.peak > worst_[strip])) return;
  std::size_t first = 0;
  for (std::size_t i = 0; i < LiveHop::ticks; ++i) {
    for (std::size_t c = 0; c < tap.channels; ++c) {
      if (ticks_[(tap.channel + c) * LiveHop::ticks + i].peak != tap.peak) continue;
      // Within the millisecond.
      const float* const samples = channels_[tap.channel + c];
      std::size_t frame = first;
      while (frame + 1 < first + hop_.lengths()[i] && std::abs(samples[frame]) != tap.peak) ++frame;
      const LiveClip clip{db(tap.peak), t % 2 == 0 ? LiveTap::insert_in : LiveTap::fader_out,
                          seconds_at(frame)};
      // Told again with the next worse one when there is no room.
      if (clips_.push({static_cast<std::uint32_t>(strip), clears_seen_, clip})) worst_[strip] = tap.peak;
      return;
    }
    first += hop_.lengths()[i];
  }
}

void LiveMeters::run_hops_so_far() noexcept {
  run_hops(*weighting_, weighted_);
  for (std::size_t i = 0; i < weighted_.size(); ++i) sums_[weighted_channels_[i]] = weighted_[i].sum;
  weighted_.clear();
  weighted_channels_.clear();
}

/// K-weights the hop of some taps.
void LiveMeters::weight(std::span<const Tap> taps) noexcept {
  for (const Tap& tap : taps) {
    for (std::size_t channel = tap.channel; channel < tap.channel + tap.channels; ++channel) {
      sums_[channel] = 0.0;
      if (weights_[channel] == 0.0) continue;
      const float* samples = channels_[channel];
      if (samples == nullptr && memories_[channel].is_zero()) continue;
      if (samples == nullptr) samples = zeros_.view().channel(0).data();
      weighted_.push_back({.in = samples, .frames = hop_.frames(), .memory = &memories_[channel]});
      weighted_channels_.push_back(channel);
      if (weighted_.size() == hops_together) run_hops_so_far();
    }
  }
  if (!weighted_.empty()) run_hops_so_far();
}

void LiveMeters::show(std::size_t t) noexcept {
  Tap& tap = taps_[t];
  Shown& shown = shown_[t];
  double energy = 0.0;
  for (std::size_t channel = tap.channel; channel < tap.channel + tap.channels; ++channel)
    energy += weights_[channel] * sums_[channel];
  tap.momentary_sum = tap.momentary.push(energy);
  shown.momentary.store(static_cast<float>(tap.momentary_sum / static_cast<double>(window_frames_)),
                        std::memory_order_relaxed);
  if (tap.peak > 0.0f) shown.peak.raise(tap.peak);
  tap.tenth = std::max(tap.tenth, tap.peak);
  const std::size_t tenth = hops_ / hops_in_tenth % tap.tenths.size();
  tap.tenths[tenth] = tap.tenth;
  shown.hold.store(*std::ranges::max_element(tap.tenths), std::memory_order_relaxed);
  if (hops_ % hops_in_tenth == hops_in_tenth - 1) tap.tenth = 0.0f;
  double needle = 0.0;
  for (std::size_t channel = tap.channel; channel < tap.channel + tap.channels; ++channel)
    needle = std::max(needle, vu_.needle(channel));
  shown.needle.store(static_cast<float>(needle), std::memory_order_relaxed);
}

void LiveMeters::reset_master() noexcept {
  true_peak_.reset();
  const std::uint32_t resets = master_.resets + 1;
  master_ = {};
  master_.resets = resets;
  momentary_.reset();
  short_term_.reset();
  const Tap& tap = taps_.back();
  for (std::size_t c = 0; c < tap.channels; ++c) memories_[tap.channel + c] = {};
  master_hops_ = 0;
  tenth_sum_ = 0.0;
  tenth_frames_ = 0;
  tenth_hops_ = 0;
}

void LiveMeters::meter_master(const LiveSound& mix) noexcept {
  const Tap& tap = taps_.back();
  double energy = 0.0;
  for (std::size_t channel = tap.channel; channel < tap.channel + tap.channels; ++channel)
    energy += weights_[channel] * sums_[channel];
  const auto frames = static_cast<double>(hop_.frames());
  const double momentary = momentary_.push(energy);
  const double short_term = short_term_.push(energy);
  master_.momentary = momentary / static_cast<double>(window_frames_);
  master_.short_term = short_term / (static_cast<double>(short_term_window) * plan_->sample_rate_hz / 100.0);

  StereoSums sums;
  const bool is_silent = channels_[tap.channel] == nullptr;
  if (!is_silent) add_stereo(sums, mix.samples.channel(0), mix.samples.channel(1));
  const double left = left_.push(sums.left.total());
  const double right = right_.push(sums.right.total());
  const double product = product_.push(sums.product.total());
  const double both = std::sqrt(left * right);
  master_.correlation = both > 0.0 ? static_cast<float>(std::clamp(product / both, -1.0, 1.0)) : 0.0f;

  const bool was_played =
      std::any_of(pieces_.begin(), pieces_.begin() + static_cast<std::ptrdiff_t>(piece_count_),
                  [](const Piece& piece) { return piece.position.has_value(); });
  if (!was_played) return;
  if (!is_silent) {
    true_peak_.process(mix.samples);
    master_.true_peak_max = static_cast<float>(true_peak_.peak_ratio());
  } else {
    true_peak_.process({silent_mix_, 0, hop_.frames()});
  }
  ++master_hops_;
  if (master_hops_ >= momentary_window)
    master_.momentary_max = std::max(master_.momentary_max, master_.momentary);
  if (master_hops_ >= short_term_window)
    master_.short_term_max = std::max(master_.short_term_max, master_.short_term);
  tenth_sum_ += energy;
  tenth_frames_ += static_cast<Frames>(frames);
  if (++tenth_hops_ < hops_in_tenth) return;
  energies_.push({master_.resets, tenth_sum_ / static_cast<double>(tenth_frames_)});
  tenth_sum_ = 0.0;
  tenth_frames_ = 0;
  tenth_hops_ = 0;
}

void LiveMeters::end_hop(const LiveMixer& mixer) noexcept {
  const std::size_t frames = hop_.frames();
  if (const std::uint32_t clears = clears_.load(std::memory_order_acquire); clears != clears_seen_) {
    clears_seen_ = clears;
    std::ranges::fill(worst_, 0.0f);
  }
  const std::size_t strips = plan_->strips.size();
  for (std::size_t i = 0; i < strips; ++i) {
    read_tap(2 * i, mixer.hop_insert_in(i, frames));
    look_for_clips(2 * i);
    read_tap(2 * i + 1, mixer.hop_fader_out(i, frames));
    look_for_clips(2 * i + 1);
  }
  const LiveSound mix = mixer.hop_mix(frames);
  read_tap(2 * strips, mix);
  // Only the ticks are looked at; the samples' place is taken by as many channels of nothing.
  vu_.process({ticks_, hop_.lengths(), hop_.shares(), {no_samples_, 0, frames}, 0});
  weight(taps_);
  Frames& oldest = hop_frames_[hops_ % hop_frames_.size()];
  window_frames_ += static_cast<Frames>(frames) - oldest;
  oldest = static_cast<Frames>(frames);
  for (std::size_t t = 0; t < taps_.size(); ++t) show(t);
  meter_master(mix);
  ++hops_;
  hop_.next();
  piece_count_ = 0;
}

void LiveMeters::clear_clips() {
  clears_.fetch_add(1, std::memory_order_release);
  std::ranges::fill(known_clips_, LiveClip{});
}

void LiveMeters::look(LiveLook& look, const MasterNow& master) {
  const auto level = [&](Shown& shown) -> LiveLevel {
    return {db(shown.peak.take()), db(shown.hold.load(std::memory_order_relaxed)),
            static_cast<float>(
                VuMeter::vu(static_cast<double>(shown.needle.load(std::memory_order_relaxed)), vu_reference_)
                    .value),
            lufs(static_cast<double>(shown.momentary.load(std::memory_order_relaxed)))};
  };
  look.strips.resize(plan_->strips.size());
  for (std::size_t i = 0; i < look.strips.size(); ++i)
    look.strips[i] = {level(shown_[2 * i]), level(shown_[2 * i + 1])};

  ClipEvent event;
  for (std::size_t i = 0; i < clips_.capacity() && clips_.pop(event); ++i) {
    LiveClip& known = known_clips_[event.strip];
    if (event.clears == clears_.load(std::memory_order_relaxed) && event.clip.over_db > known.over_db)
      known = event.clip;
  }
  look.clips = known_clips_;

  // Energies may come from behind a reset that `master` does not know yet.
  const auto begin_anew = [&](std::uint32_t resets) {
    if (static_cast<std::int32_t>(resets - known_resets_) <= 0) return;
    known_resets_ = resets;
    known_energies_.clear();
    judged_energies_ = ranged_energies_ = 0;
    integrated_ = {};
    range_ = {};
  };
  begin_anew(master.resets);
  Energy energy;
  for (std::size_t i = 0; i < energies_.capacity() && energies_.pop(energy); ++i) {
    begin_anew(energy.resets);
    if (energy.resets == known_resets_) known_energies_.push_back(energy.mean_square);
  }
  const std::size_t count = known_energies_.size();
  if (count != judged_energies_) integrated_ = integrated_loudness(known_energies_);
  judged_energies_ = count;
  // The range sorts: of a long history it is looked at less often.
  if (count >= ranged_energies_ + 1 + ranged_energies_ / 256) {
    range_ = loudness_range(known_energies_);
    ranged_energies_ = count;
  }
  LiveMaster& out = look.master;
  out.peak_dbfs = db(shown_.back().peak.take());
  out.true_peak_max_dbtp = db(master.true_peak_max);
  out.momentary_lufs = lufs(master.momentary);
  out.short_term_lufs = lufs(master.short_term);
  out.integrated_lufs = static_cast<float>(integrated_.value);
  out.loudness_range_lu = static_cast<float>(range_.value);
  out.plr_lu = std::isfinite(integrated_.value) ? out.true_peak_max_dbtp - out.integrated_lufs : 0.0f;
  out.momentary_max_lufs = lufs(master.momentary_max);
  out.short_term_max_lufs = lufs(master.short_term_max);
  out.correlation = master.correlation;
}

}  // namespace gainstage
