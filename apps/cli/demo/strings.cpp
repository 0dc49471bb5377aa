// SPDX-License-Identifier: MIT
#include "demo/strings.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "demo/effects.h"
#include "demo/filters.h"
#include "demo/oscillators.h"

namespace gainstage::demo {

Signal pluck(const Pluck& how, double rate_hz, Random& random) {
  const double hz = to_hz(how.pitch);
  const double period = rate_hz / hz;
  // Loop: weighted mean of two neighbours (delay `blend` of a sample), all-pass for the fraction, loss a
  // round trip.
  const double blend = 0.5 * (1.0 - how.brightness);
  const double loss = std::pow(10.0, -3.0 / (hz * how.ring_s));
  auto length = static_cast<std::size_t>(period - blend - 0.2);
  const double fraction = period - blend - static_cast<double>(length);
  const double allpass = (1.0 - fraction) / (1.0 + fraction);

  // Slope of a triangle: a step up from the bridge to the plectrum, a lower step down for the rest.
  Signal line(length);
  OnePole plectrum(how.pick_hz * (0.35 + 0.65 * how.velocity), rate_hz);
  const double kink = how.pluck_position * static_cast<double>(length);
  for (int round = 0; round < 2; ++round) {  // Once around first, so that the filter starts settled.
    for (std::size_t n = 0; n < length; ++n) {
      const double shape = static_cast<double>(n) < kink ? 1.0 - how.pluck_position : -how.pluck_position;
      line[n] = static_cast<float>(plectrum.lowpass(shape + 0.06 * random.noise()));
    }
  }

  const double release_s = 0.035;
  Signal out(to_frames(how.seconds + 4.0 * release_s, rate_hz));
  const std::size_t stop = to_frames(how.seconds, rate_hz);
  const double stopping = std::pow(10.0, -3.0 / (hz * 0.16));
  const std::size_t pickup = std::max<std::size_t>(1, static_cast<std::size_t>(how.pickup_position * period));
  std::size_t at = 0;
  double previous = 0.0;
  double allpass_in = 0.0;
  double allpass_out = 0.0;
  for (std::size_t n = 0; n < out.size(); ++n) {
    const double x = line[at];
    const double mean = (1.0 - blend) * x + blend * previous;
    previous = x;
    const double tuned = allpass * (mean - allpass_out) + allpass_in;
    allpass_in = mean;
    allpass_out = tuned;
    const std::size_t behind = at >= pickup ? at - pickup : at + length - std::min(pickup, length);
    out[n] = static_cast<float>(how.velocity * (x - 0.85 * line[behind % length]));
    line[at] = static_cast<float>(tuned * (n < stop ? loss : loss * stopping));
    if (++at == length) at = 0;
  }
  fade_out(out, 0.02, rate_hz);
  return out;
}

Signal play_bass(std::span<const Note> part, std::size_t frames, double rate_hz) {
  Random random(22);
  Signal out(frames);
  for (const Note& note : part) {
    Pluck finger;
    finger.pitch = note.pitch;
    finger.seconds = to_seconds(note.beats);
    finger.velocity = note.velocity;
    finger.ring_s = 7.0;
    finger.brightness = 0.15;
    finger.pick_hz = 1500.0;
    finger.pluck_position = 0.21;
    finger.pickup_position = 0.12;
    add(out, to_frames(to_seconds(note.beat), rate_hz), pluck(finger, rate_hz, random));
  }
  filter(out, Biquad::highpass(32.0, 0.7, rate_hz));
  filter(out, Biquad::peak(90.0, 0.8, 5.0, rate_hz));
  filter(out, Biquad::peak(190.0, 0.9, 3.0, rate_hz));
  filter(out, Biquad::peak(800.0, 0.9, 3.0, rate_hz));
  filter(out, Biquad::lowpass(4200.0, 0.7, rate_hz));
  compress(out, {.threshold_db = -16.0, .ratio = 4.0, .attack_s = 0.012, .release_s = 0.15}, rate_hz);
  for (float& x : out) x = static_cast<float>(soft_clip(1.6 * x) / 1.6);
  return out;
}

Signal play_rhythm_guitar(std::span<const Strum> part, std::size_t frames, double rate_hz) {
  Random random(33);
  Signal out(frames);
  for (const Strum& strum : part) {
    const double spread_s = strum.stroke == Stroke::palm_mute ? 0.003 : 0.011 - 0.004 * strum.velocity;
    const std::size_t count = strum.pitches.size();
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t string = strum.stroke == Stroke::up ? count - 1 - i : i;
      if (strum.stroke == Stroke::up && i >= 4) break;  // An up-stroke seldom reaches the lowest string.
      Pluck pick;
      pick.pitch = strum.pitches[string];
      pick.seconds = to_seconds(strum.beats);
      pick.velocity = strum.velocity * (1.0 + 0.1 * random.noise());
      pick.ring_s = strum.stroke == Stroke::palm_mute ? 0.32 : 5.0;
      pick.brightness = strum.stroke == Stroke::palm_mute ? 0.1 : 0.62;
      pick.pick_hz = strum.stroke == Stroke::palm_mute ? 3000.0 : 6500.0;
      pick.pluck_position = strum.stroke == Stroke::palm_mute ? 0.1 : 0.14;
      // The hand that mutes also digs in.
      const double gain = strum.stroke == Stroke::palm_mute ? 1.15 : 0.4;
      const double late_s = spread_s * static_cast<double>(i);
      add(out, to_frames(to_seconds(strum.beat) + late_s, rate_hz), pluck(pick, rate_hz, random), gain);
    }
  }
  // The amplifier: tight low end, gain into a soft clipper, and a 12 inch loudspeaker.
  filter(out, Biquad::highpass(110.0, 0.7, rate_hz));
  filter(out, Biquad::peak(900.0, 0.6, 4.0, rate_hz));
  filter(out, Biquad::lowpass(7500.0, 0.6, rate_hz));
  for (float& x : out) x = static_cast<float>(soft_clip(2.6 * x + 0.12) - soft_clip(0.12));
  filter(out, Biquad::highpass(80.0, 0.9, rate_hz));
  filter(out, Biquad::peak(200.0, 0.8, 3.0, rate_hz));
  filter(out, Biquad::peak(2600.0, 0.8, 7.0, rate_hz));
  filter(out, Biquad::peak(480.0, 0.9, -4.0, rate_hz));
  filter(out, Biquad::lowpass(5300.0, 0.9, rate_hz));
  filter(out, Biquad::lowpass(5600.0, 0.7, rate_hz));
  return out;
}

Signal play_picked_guitar(std::span<const Note> part, std::size_t frames, double rate_hz) {
  Random random(44);
  Signal out(frames);
  for (const Note& note : part) {
    Pluck pick;
    pick.pitch = note.pitch;
    pick.seconds = to_seconds(note.beats);
    pick.velocity = note.velocity;
    pick.ring_s = 3.2;
    pick.brightness = 0.75;
    pick.pick_hz = 7000.0;
    pick.pluck_position = 0.11;
    pick.pickup_position = 0.06;
    add(out, to_frames(to_seconds(note.beat), rate_hz), pluck(pick, rate_hz, random), 0.5);
  }
  filter(out, Biquad::highpass(160.0, 0.7, rate_hz));
  filter(out, Biquad::peak(3200.0, 0.8, 3.0, rate_hz));
  filter(out, Biquad::lowpass(7500.0, 0.7, rate_hz));
  compress(out, {.threshold_db = -18.0, .ratio = 3.0, .attack_s = 0.006, .release_s = 0.1}, rate_hz);
  for (float& x : out) x = static_cast<float>(soft_clip(1.3 * x) / 1.3);
  return out;
}

}  // namespace gainstage::demo
