// SPDX-License-Identifier: MIT
#include "engine/live/live_mixer.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace gainstage {
namespace {

void silence(AudioView<float> block) {
  for (std::size_t c = 0; c < block.channels.size(); ++c) std::ranges::fill(block.channel(c), 0.0f);
}

void add_sound(AudioView<const float> in, AudioView<float> out) {
  for (std::size_t c = 0; c < out.channels.size(); ++c) {
    const float* const from = in.channel(c).data();
    float* const to = out.channel(c).data();
    for (std::size_t k = 0; k < out.frames; ++k) to[k] += from[k];
  }
}

/// A stretch of one channel into another, by a gain that runs straight.
struct Way {
  const float* from;
  float* to;
  std::size_t frames;
  double begin;
  double step;
};

void add_way(const Way& way) {
  if (way.step == 0.0) {
    const auto gain = static_cast<float>(way.begin);
    for (std::size_t k = 0; k < way.frames; ++k) way.to[k] += gain * way.from[k];
    return;
  }
  for (std::size_t k = 0; k < way.frames; ++k)
    way.to[k] += static_cast<float>(way.begin + way.step * static_cast<double>(k)) * way.from[k];
}

void set_way(const Way& way) {
  const auto gain = static_cast<float>(way.begin);
  if (gain == 1.0f) {
    std::copy_n(way.from, way.frames, way.to);
    return;
  }
  for (std::size_t k = 0; k < way.frames; ++k) way.to[k] = gain * way.from[k];
}

}  // namespace

LiveMixer::LiveMixer(const LivePlan& plan, std::size_t hop_frames)
    : plan_(&plan),
      strips_(plan.strips.size()),
      ramp_frames_(std::max<Frames>(1, static_cast<Frames>(std::floor(0.01 * plan.sample_rate_hz)))) {
  mix_.samples = AudioBuffer(plan.mix_channels, hop_frames);
  std::size_t widest = 1;
  for (const LiveStrip& strip : plan.strips) {
    widest = std::max(widest, strip.channels);
    for (const LiveWay& way : strip.ways) {
      if (way.to) strips_[*way.to].has_feeders = true;
    }
  }
  behind_trim_ = AudioBuffer(widest, hop_frames);
  behind_fader_ = AudioBuffer(widest, hop_frames);
  for (std::size_t i = 0; i < strips_.size(); ++i) {
    Strip& strip = strips_[i];
    if (strip.has_feeders) strip.fed = AudioBuffer(plan.strips[i].channels, hop_frames);
    strip.insert_in.samples = AudioBuffer(plan.strips[i].channels, hop_frames);
    strip.fader_out.samples = AudioBuffer(plan.strips[i].wide, hop_frames);
  }
}

void LiveMixer::go_trim(std::size_t strip, double ratio) noexcept {
  strips_[strip].trim.go(ratio, ramp_frames_);
}

void LiveMixer::go_fader(std::size_t strip, double ratio) noexcept {
  strips_[strip].fader.go(ratio, ramp_frames_);
}

void LiveMixer::begin_hop() noexcept {
  for (Strip& strip : strips_) strip.insert_in.is_silent = strip.fader_out.is_silent = true;
  mix_.is_silent = true;
}

/// Of the present piece, to be written as a whole.
AudioView<float> LiveMixer::open_piece(HopSound& sound) noexcept {
  if (sound.is_silent) silence(sound.samples.view(at_));
  sound.is_silent = sound.is_piece_silent = false;
  return sound.samples.view().section(at_, frames_);
}

void LiveMixer::close_silent(HopSound& sound) noexcept {
  if (!sound.is_silent) silence(sound.samples.view().section(at_, frames_));
  sound.is_piece_silent = true;
}

LiveMixer::Source LiveMixer::through(const Ramp& ramp, const Source& source,
                                     AudioBuffer& scratch) const noexcept {
  if (!ramp.is_moving()) {
    const double scale = source.scale * ramp.end();
    return {source.samples, scale, source.is_silent || scale == 0.0};
  }
  const std::size_t channels = source.samples.channels.size();
  const AudioView<float> whole = scratch.view(frames_);
  for (std::size_t c = 0; c < channels; ++c) {
    const std::span<const float> from = source.samples.channel(c);
    const std::span<float> to = whole.channel(c);
    for (std::size_t k = 0; k < frames_; ++k)
      to[k] = static_cast<float>(ramp.at(static_cast<Frames>(k))) * from[k];
  }
  return {
      {AudioView<const float>(whole).channels.first(channels), 0, frames_}, source.scale, source.is_silent};
}

void LiveMixer::add(const LiveMatrix& matrix, const Source& source, AudioView<float> out) const noexcept {
  const std::size_t ins = source.samples.channels.size();
  const std::size_t outs = out.channels.size();
  const auto add_stretch = [&](std::size_t first, std::size_t frames, const double* begin, const double* step,
                               double steps_before) {
    for (std::size_t i = 0; i < ins; ++i) {
      for (std::size_t o = 0; o < outs; ++o) {
        const double slope = step == nullptr ? 0.0 : step[i * outs + o];
        const double gain = begin[i * outs + o] + slope * steps_before;
        if (gain == 0.0 && slope == 0.0) continue;
        add_way({source.samples.channel(i).data() + first, out.channel(o).data() + first, frames,
                 source.scale * gain, source.scale * slope});
      }
    }
  };
  if (!matrix.moving) {
    add_stretch(0, frames_, matrix.constant.data(), nullptr, 0.0);
    return;
  }
  for (const FeedSlot::Stretch& stretch : slot_->of(*matrix.moving)) {
    const std::size_t first = std::max(offset_, stretch.first);
    const std::size_t last = std::min(offset_ + frames_, stretch.first + stretch.frames);
    if (first >= last) continue;
    const double* const begin = slot_->values.data() + stretch.values;
    add_stretch(first - offset_, last - first, begin, stretch.is_constant ? nullptr : begin + ins * outs,
                static_cast<double>(first - stretch.first));
  }
}

/// As add(), over whatever was there.
void LiveMixer::pass(const LiveMatrix& matrix, const Source& source, AudioView<float> out) noexcept {
  const std::size_t ins = source.samples.channels.size();
  const std::size_t outs = out.channels.size();
  if (matrix.moving) {
    silence(out);
    add(matrix, source, out);
    return;
  }
  for (std::size_t o = 0; o < outs; ++o) {
    bool is_set = false;
    for (std::size_t i = 0; i < ins; ++i) {
      const double gain = source.scale * matrix.constant[i * outs + o];
      if (gain == 0.0) continue;
      const Way way{source.samples.channel(i).data(), out.channel(o).data(), frames_, gain, 0.0};
      is_set ? add_way(way) : set_way(way);
      is_set = true;
    }
    if (!is_set) std::ranges::fill(out.channel(o), 0.0f);
  }
}

/// What enters a strip: its own clips and what the strips before it gave.
void LiveMixer::take_in(std::size_t i) noexcept {
  Strip& strip = strips_[i];
  const LiveStrip& plan = plan_->strips[i];
  const bool has_clips = slot_ != nullptr && plan.feed && slot_->is_silent[plan.feed_index] == 0;
  AudioView<const float> clips;
  if (has_clips) {
    clips = slot_->sound.view();
    clips = {clips.channels.subspan(*plan.feed, plan.channels), offset_, frames_};
  }
  if (has_clips && strip.is_fed) add_sound(clips, strip.fed.view(frames_));
  strip.in.is_silent = !has_clips && !strip.is_fed;
  if (strip.in.is_silent) return;
  strip.in.samples = strip.is_fed ? std::as_const(strip.fed).view(frames_) : clips;
}

void LiveMixer::give_out(std::size_t i, const Source& before, const Source& behind) noexcept {
  const Strip& strip = strips_[i];
  for (const LiveWay& way : plan_->strips[i].ways) {
    const Source& source = way.is_behind_fader ? behind : before;
    if (source.is_silent) continue;
    bool is_first = false;
    AudioView<float> out;
    if (way.to) {
      Strip& to = strips_[*way.to];
      is_first = !std::exchange(to.is_fed, true);
      out = to.fed.view(frames_);
    } else {
      is_first = mix_.is_piece_silent;
      out = open_piece(mix_);
    }
    if (way.is_fader_out) {
      const AudioView<const float> sound = strip.fader_out.samples.view().section(at_, frames_);
      if (is_first) {
        for (std::size_t c = 0; c < out.channels.size(); ++c)
          std::ranges::copy(sound.channel(c), out.channel(c).begin());
      } else {
        add_sound(sound, out);
      }
    } else if (is_first) {
      pass(way.gains, source, out);
    } else {
      add(way.gains, source, out);
    }
  }
}

void LiveMixer::mix(const FeedSlot* slot, std::size_t offset, std::size_t frames, std::size_t at) noexcept {
  slot_ = slot;
  offset_ = offset;
  frames_ = frames;
  at_ = at;
  mix_.is_piece_silent = true;
  for (Strip& strip : strips_) strip.is_fed = false;
  for (const std::size_t i : plan_->order) {
    Strip& strip = strips_[i];
    const LiveStrip& plan = plan_->strips[i];
    take_in(i);
    if (strip.in.is_silent) {
      close_silent(strip.insert_in);
      close_silent(strip.fader_out);
    } else {
      const Source before = through(strip.trim, {strip.in.samples}, behind_trim_);
      const Source behind = through(strip.fader, before, behind_fader_);
      if (before.is_silent) {
        close_silent(strip.insert_in);
      } else {
        pass(plan.to_insert_in, before, open_piece(strip.insert_in));
      }
      if (behind.is_silent) {
        close_silent(strip.fader_out);
      } else {
        pass(plan.to_fader_out, behind, open_piece(strip.fader_out));
      }
      give_out(i, before, behind);
    }
    strip.trim.advance(static_cast<Frames>(frames));
    strip.fader.advance(static_cast<Frames>(frames));
  }
  if (mix_.is_piece_silent) close_silent(mix_);
}

void LiveMixer::gate_mix(const Ramp& gate, std::size_t frames, std::size_t at) noexcept {
  if (mix_.is_piece_silent || (!gate.is_moving() && gate.end() == 1.0)) return;
  const AudioView<float> piece = mix_.samples.view().section(at, frames);
  for (std::size_t c = 0; c < piece.channels.size(); ++c) {
    const std::span<float> samples = piece.channel(c);
    for (std::size_t k = 0; k < frames; ++k)
      samples[k] *= static_cast<float>(gate.at(static_cast<Frames>(k)));
  }
}

void LiveMixer::silence_mix(std::size_t frames) noexcept {
  if (!mix_.is_silent) silence(mix_.samples.view(frames));
}

LiveSound LiveMixer::tap(std::size_t strip, LiveTap tap) const noexcept {
  const Strip& it = strips_[strip];
  if (tap == LiveTap::clip) return it.in;
  const HopSound& sound = tap == LiveTap::insert_in ? it.insert_in : it.fader_out;
  return {sound.samples.view().section(at_, frames_), sound.is_piece_silent};
}

LiveSound LiveMixer::mix_sound() const noexcept {
  return {mix_.samples.view().section(at_, frames_), mix_.is_piece_silent};
}

LiveSound LiveMixer::hop_insert_in(std::size_t strip, std::size_t frames) const noexcept {
  return {strips_[strip].insert_in.samples.view(frames), strips_[strip].insert_in.is_silent};
}

LiveSound LiveMixer::hop_fader_out(std::size_t strip, std::size_t frames) const noexcept {
  return {strips_[strip].fader_out.samples.view(frames), strips_[strip].fader_out.is_silent};
}

LiveSound LiveMixer::hop_mix(std::size_t frames) const noexcept {
  return {mix_.samples.view(frames), mix_.is_silent};
}

}  // namespace gainstage
