// SPDX-License-Identifier: MIT
#include "demo/synths.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "demo/filters.h"
#include "demo/oscillators.h"
#include "demo/random.h"

namespace gainstage::demo {

namespace {

Signal electric_piano_note(const Note& note, double rate_hz) {
  const double hz = to_hz(note.pitch);
  const double held_s = to_seconds(note.beats);
  Signal out(to_frames(held_s + 0.3, rate_hz));
  const std::size_t release = to_frames(held_s, rate_hz);
  const double ring_s = 2.6 * std::exp2((60.0 - note.pitch) / 24.0);  // Low notes ring longer.
  const double ring = decay_factor(ring_s, rate_hz);
  const double damp = decay_factor(0.06, rate_hz);
  const double mellow = decay_factor(0.55, rate_hz);
  const double tine_decay = decay_factor(0.11, rate_hz);
  double level = 0.5 * note.velocity;
  double bark = 3.4 * note.velocity * note.velocity;  // Index of modulation: louder is brighter.
  double tine = 0.5 * note.velocity;
  Phase bar;
  Phase strike;
  for (std::size_t n = 0; n < out.size(); ++n) {
    const double attack = std::min(1.0, static_cast<double>(n) / (0.002 * rate_hz));
    // Index in radians; a turn is 2 pi.
    double turns = bar.turns + (0.5 + bark) * sine(bar.turns) * 0.159154943091895336;
    turns -= std::floor(turns);
    out[n] = static_cast<float>(attack * level * (sine(turns) + 0.3 * tine * sine(strike.turns)));
    bar.advance(hz / rate_hz);
    strike.advance(std::min(9.0 * hz, 9000.0) / rate_hz);
    level *= n < release ? ring : damp;
    bark *= mellow;
    tine *= tine_decay;
  }
  fade_out(out, 0.02, rate_hz);
  return out;
}

}  // namespace

Stereo play_keys(std::span<const Note> part, std::size_t frames, double rate_hz) {
  Stereo out = Stereo::silence(frames);
  for (const Note& note : part) {
    // Low keys a little to the left.
    const double position = std::clamp((note.pitch - 60.0) / 24.0, -0.4, 0.4);
    add(out, to_frames(to_seconds(note.beat), rate_hz), electric_piano_note(note, rate_hz), 0.45, position);
  }
  Phase tremolo;
  Biquad bottom_left = Biquad::highpass(120.0, 0.7, rate_hz);
  Biquad bottom_right = bottom_left;
  for (std::size_t n = 0; n < frames; ++n) {
    const double swing = 0.16 * sine(tremolo.turns);
    tremolo.advance(4.0 / rate_hz);
    out.left[n] = static_cast<float>(soft_clip((1.0 + swing) * bottom_left.process(out.left[n])));
    out.right[n] = static_cast<float>(soft_clip((1.0 - swing) * bottom_right.process(out.right[n])));
  }
  return out;
}

Stereo play_pad(std::span<const Note> part, std::size_t frames, double rate_hz) {
  constexpr std::array<double, 3> detune_cents = {-9.0, 1.0, 8.0};
  Random random(55);
  Stereo out = Stereo::silence(frames);
  for (const Note& note : part) {
    const std::size_t start = to_frames(to_seconds(note.beat), rate_hz);
    const double held_s = to_seconds(note.beats);
    constexpr double attack_s = 0.45;
    constexpr double release_s = 0.9;
    const std::size_t end = std::min(frames, start + to_frames(held_s + release_s, rate_hz));
    Signal envelope(end - start);
    for (std::size_t n = 0; n < envelope.size(); ++n) {
      const double seconds = static_cast<double>(n) / rate_hz;
      const double rise = std::min(1.0, seconds / attack_s);
      const double fall = std::clamp(1.0 - (seconds - held_s) / release_s, 0.0, 1.0);
      envelope[n] = static_cast<float>(0.05 * note.velocity * rise * fall);
    }
    for (Signal* side : {&out.left, &out.right}) {
      for (const double cents : detune_cents) {
        const double drift = side == &out.left ? 1.5 : -1.5;
        const double step = to_hz(note.pitch + (cents + drift) / 100.0) / rate_hz;
        Phase phase{random.uniform()};
        for (std::size_t n = 0; n < envelope.size(); ++n) {
          (*side)[start + n] += envelope[n] * static_cast<float>(saw(phase.turns, step));
          phase.advance(step);
        }
      }
    }
  }
  StateVariable left;
  StateVariable right;
  Phase sweep;
  for (std::size_t n = 0; n < frames; ++n) {
    if (n % 64 == 0) {
      // Two sides whose filters breathe against each other, over four bars.
      left.tune(1150.0 + 550.0 * sine(sweep.turns), 0.8, rate_hz);
      right.tune(1150.0 + 550.0 * sine(sweep.turns + 0.3), 0.8, rate_hz);
      sweep.advance(64.0 / (to_seconds(4.0 * beats_per_bar) * rate_hz));
    }
    out.left[n] = static_cast<float>(left.process(out.left[n]).low);
    out.right[n] = static_cast<float>(right.process(out.right[n]).low);
  }
  const Biquad bottom = Biquad::highpass(150.0, 0.7, rate_hz);
  filter(out.left, bottom);
  filter(out.right, bottom);
  return out;
}

Stereo play_riser(std::span<const Rise> part, std::size_t frames, double rate_hz) {
  Random random(66);
  Stereo out = Stereo::silence(frames);
  for (const Rise& rise : part) {
    const double seconds = to_seconds(static_cast<double>(rise.bars) * beats_per_bar);
    const std::size_t arrival = to_frames(to_seconds(bar_beat(rise.arrival_bar)), rate_hz);
    const std::size_t length = to_frames(seconds, rate_hz);
    for (Signal* side : {&out.left, &out.right}) {
      StateVariable sweep;
      Phase tone{random.uniform()};
      for (std::size_t n = 0; n < length; ++n) {
        const double share = static_cast<double>(n) / static_cast<double>(length);
        if (n % 32 == 0) sweep.tune(250.0 * std::exp2(5.2 * share), 1.2 + 1.8 * share, rate_hz);
        const double step = 110.0 * std::exp2(2.0 * share) / rate_hz;
        tone.advance(step);
        const double noise = sweep.process(random.noise() + 0.25 * saw(tone.turns, step)).band;
        const double swell = share * share * std::min(1.0, (1.0 - share) * 60.0);
        (*side)[arrival - length + n] += static_cast<float>(0.5 * swell * noise);
      }
    }
    // The boom: a sinking sine under a gust.
    Signal boom(to_frames(1.8, rate_hz));
    Phase phase;
    StateVariable gust;
    const double fall = decay_factor(0.4, rate_hz);
    double level = 0.5;
    for (std::size_t n = 0; n < boom.size(); ++n) {
      const double t = static_cast<double>(n) / rate_hz;
      if (n % 64 == 0) gust.tune(300.0 + 2600.0 * std::exp(-t / 0.3), 0.7, rate_hz);
      phase.advance((38.0 + 30.0 * std::exp(-t / 0.25)) / rate_hz);
      const double attack = std::min(1.0, t / 0.004);
      boom[n] =
          static_cast<float>(attack * level * (sine(phase.turns) + 0.5 * gust.process(random.noise()).low));
      level *= fall;
    }
    fade_out(boom, 0.3, rate_hz);
    add(out, arrival, boom, 1.0, 0.0);
  }
  return out;
}

}  // namespace gainstage::demo
