// SPDX-License-Identifier: MIT
#include "demo/voice.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>

#include "demo/filters.h"
#include "demo/oscillators.h"
#include "demo/random.h"

namespace gainstage::demo {

namespace {

constexpr std::size_t formant_count = 5;
using Formants = std::array<double, formant_count>;

/// Formant frequencies of a sung tenor; the upper three lie close together, which is what carries over a band
/// (Sundberg's singer's formant).
Formants formants_of(char vowel) {
  switch (vowel) {
    case 'a':
      return {650, 1080, 2650, 2900, 3250};
    case 'e':
      return {430, 1700, 2600, 3200, 3580};
    case 'i':
      return {300, 1950, 2800, 3250, 3540};
    case 'o':
      return {420, 820, 2600, 2800, 3000};
    case 'u':
      return {350, 640, 2500, 2900, 3300};
    default:
      return {520, 1350, 2550, 2950, 3350};
  }
}
constexpr Formants bandwidths = {115, 115, 130, 150, 190};

/// What the mouth does at an instant. Levels are amplitudes.
struct Mouth {
  Formants formants = formants_of('@');
  double voice = 0.0;
  double breath = 0.0;
  double hiss = 0.0;
  double hiss_hz = 6000.0;
};

/// A consonant: how long before the beat it starts, and what it does until the vowel begins.
struct Gesture {
  double seconds = 0.0;
  Mouth mouth;
  double burst = 0.0;  ///< Hiss of its last 14 ms.
  double burst_hz = 4000.0;
};

Gesture gesture_of(char consonant, const Mouth& vowel) {
  Gesture gesture;
  gesture.mouth = vowel;
  Mouth& mouth = gesture.mouth;
  mouth.voice = 0.0;
  mouth.breath = 0.0;
  switch (consonant) {
    case 's':
      gesture.seconds = 0.11;
      mouth.hiss = 0.16;
      mouth.hiss_hz = 7200.0;
      break;
    case 'f':
      gesture.seconds = 0.08;
      mouth.hiss = 0.06;
      mouth.hiss_hz = 5200.0;
      break;
    case 'h':
      gesture.seconds = 0.07;
      mouth.breath = 0.35;
      break;
    case 't':
      gesture.seconds = 0.07;
      gesture.burst = 0.22;
      gesture.burst_hz = 4600.0;
      break;
    case 'd':
      gesture.seconds = 0.05;
      mouth.voice = 0.08 * vowel.voice;
      gesture.burst = 0.1;
      gesture.burst_hz = 3600.0;
      break;
    case 'b':
      gesture.seconds = 0.055;
      mouth.voice = 0.08 * vowel.voice;
      gesture.burst = 0.08;
      gesture.burst_hz = 1100.0;
      break;
    case 'm':
    case 'n':
      gesture.seconds = 0.085;
      mouth.voice = 0.4 * vowel.voice;
      mouth.formants = {270, consonant == 'm' ? 1000.0 : 1500.0, 2200, 2800, 3400};
      break;
    case 'l':
      gesture.seconds = 0.065;
      mouth.voice = 0.55 * vowel.voice;
      mouth.formants = {360, 1050, 2700, 3100, 3500};
      break;
    case 'w':
      gesture.seconds = 0.075;
      mouth.voice = 0.6 * vowel.voice;
      mouth.formants = formants_of('u');
      break;
    default:
      break;
  }
  return gesture;
}

/// Two-pole resonator with unity gain at 0 Hz (Klatt 1980).
class Resonator {
 public:
  void tune(double hz, double bandwidth_hz, double rate_hz) {
    const double r = std::exp(-std::numbers::pi * bandwidth_hz / rate_hz);
    c_ = -r * r;
    b_ = 2.0 * r * std::cos(2.0 * std::numbers::pi * hz / rate_hz);
    a_ = 1.0 - b_ - c_;
  }
  double process(double x) {
    const double y = a_ * x + b_ * y1_ + c_ * y2_;
    y2_ = y1_;
    y1_ = y;
    return y;
  }

 private:
  double a_ = 1.0, b_ = 0.0, c_ = 0.0, y1_ = 0.0, y2_ = 0.0;
};

/// Derivative of the glottal flow, open for 0.56 of the period: a t^2 - b t^3 (Klatt and Klatt 1990). It
/// jumps back to zero at the closure; a band-limited step rounds the jump.
double glottal_source(double turns, double step) {
  constexpr double open = 0.56;
  const double t = turns / open;
  const double flow = turns < open ? 2.0 * t - 3.0 * t * t : 0.0;
  double since_closure = turns - open;
  if (since_closure < 0.0) since_closure += 1.0;
  return flow + 0.5 * band_limited_step(since_closure, step);
}

/// Follows the part: what the singer aims at, at any time.
class Reading {
 public:
  Reading(std::span<const Syllable> part, double late_s) : part_(part), late_s_(late_s) {}

  struct Aim {
    Mouth mouth;
    double pitch = 60.0;
    double note_s = 0.0;  ///< Since the note began.
    bool is_breathing_in = false;
  };

  Aim at(double seconds) {
    while (next_ < part_.size() && seconds >= onset_s(next_) - gesture(next_).seconds) ++next_;
    Aim aim;
    if (next_ == 0) {
      aim.mouth.voice = 0.0;
      aim.pitch = part_.empty() ? 60.0 : part_[0].note.pitch;
      aim.is_breathing_in = breathes_before(0, seconds);
      return aim;
    }
    const std::size_t now = next_ - 1;
    const Syllable& syllable = part_[now];
    aim.pitch = syllable.note.pitch;
    const double since = seconds - onset_s(now);
    aim.note_s = std::max(0.0, since);
    if (since < 0.0) {
      const Gesture onset = gesture(now);
      aim.mouth = onset.mouth;
      if (since > -0.014) {
        aim.mouth.hiss = std::max(aim.mouth.hiss, onset.burst);
        if (onset.burst > 0.0) aim.mouth.hiss_hz = onset.burst_hz;
      }
    } else if (since < to_seconds(syllable.note.beats)) {
      aim.mouth = vowel(now);
      // A held note swells a little, and the breath gives way before the next.
      const double share = since / to_seconds(syllable.note.beats);
      aim.mouth.voice *= 0.92 + 0.12 * std::min(1.0, since / 0.6) - 0.3 * std::max(0.0, share - 0.6);
    } else {
      aim.mouth.formants = formants_of(syllable.vowel);
    }
    if (next_ < part_.size()) aim.is_breathing_in = breathes_before(next_, seconds);
    return aim;
  }

 private:
  double onset_s(std::size_t i) const { return to_seconds(part_[i].note.beat) + late_s_; }
  Mouth vowel(std::size_t i) const {
    Mouth mouth;
    mouth.formants = formants_of(part_[i].vowel);
    mouth.voice = part_[i].note.velocity;
    return mouth;
  }
  Gesture gesture(std::size_t i) const { return gesture_of(part_[i].consonant, vowel(i)); }
  /// A third of a second of breath, ending 60 ms before a phrase that follows a rest.
  bool breathes_before(std::size_t i, double seconds) const {
    const double onset = onset_s(i) - gesture(i).seconds;
    if (i > 0) {
      const double rest_s = onset - onset_s(i - 1) - to_seconds(part_[i - 1].note.beats);
      if (rest_s < 0.22) return false;
      if (seconds < onset_s(i - 1) + to_seconds(part_[i - 1].note.beats) + 0.05) return false;
    }
    return seconds > onset - 0.38 && seconds < onset - 0.06;
  }

  std::span<const Syllable> part_;
  double late_s_;
  std::size_t next_ = 0;
};

/// Glides to what it is told, so that nothing in the mouth jumps.
double approach(double& value, double aim, double factor) { return value += factor * (aim - value); }

}  // namespace

void sing(std::span<const Syllable> part, const Singer& singer, std::span<float> out, double rate_hz) {
  constexpr std::size_t stride = 32;  // Muscles move slowly: decisions are taken every 32 samples.
  const double tick_s = static_cast<double>(stride) / rate_hz;
  const auto glide = [&](double seconds) { return 1.0 - std::exp(-tick_s / seconds); };
  const double fast = glide(0.009);
  const double medium = glide(0.018);
  const double slow = glide(0.028);

  Random random(singer.seed);
  Reading reading(part, singer.late_s);
  Mouth mouth;
  double pitch = part.empty() ? 60.0 : part[0].note.pitch;
  double inhaled = 0.0;
  double drift = 0.0;
  double voice = 0.0;
  std::size_t quiet_ticks = 0;
  double hz = to_hz(pitch);
  Phase glottis;
  Phase vibrato;
  std::array<Resonator, formant_count> tract;
  Resonator breath_colour;
  breath_colour.tune(1700.0, 900.0, rate_hz);
  StateVariable teeth;
  Biquad presence = Biquad::high_shelf(1100.0, 7.0, rate_hz);
  // Five resonances leave nothing over 4 kHz; a little of the source goes past them.
  Biquad brilliance = Biquad::highpass(4200.0, 0.7, rate_hz);
  Biquad chest = Biquad::highpass(110.0, 0.7, rate_hz);

  for (std::size_t n = 0; n < out.size(); ++n) {
    if (n % stride == 0) {
      const Reading::Aim aim = reading.at(static_cast<double>(n) / rate_hz);
      if (mouth.voice < 0.02 && aim.mouth.voice > 0.0)
        pitch = aim.pitch - 0.7;  // Scoops into a phrase from below.
      approach(pitch, aim.pitch, slow);
      approach(drift, 14.0 * random.noise(), glide(0.12));
      vibrato.advance(singer.vibrato_hz * tick_s * (1.0 + 0.01 * drift));
      const double swing =
          singer.vibrato_cents * std::clamp((aim.note_s - 0.22) / 0.4, 0.0, 1.0) * sine(vibrato.turns);
      hz = to_hz(pitch + (swing + drift + singer.detune_cents) / 100.0);
      for (std::size_t f = 0; f < formant_count; ++f) {
        approach(mouth.formants[f], aim.mouth.formants[f], medium);
        double formant_hz = singer.tract * mouth.formants[f];
        // On high notes a singer opens the mouth until the first formant is not under the tone.
        if (f == 0) formant_hz = std::max(formant_hz, 1.02 * hz);
        tract[f].tune(formant_hz, bandwidths[f], rate_hz);
      }
      approach(mouth.voice, aim.mouth.voice, aim.mouth.voice > mouth.voice ? fast : medium);
      approach(mouth.breath, aim.mouth.breath, medium);
      approach(mouth.hiss, aim.mouth.hiss, fast);
      mouth.hiss_hz = aim.mouth.hiss > 0.0 ? aim.mouth.hiss_hz : mouth.hiss_hz;
      teeth.tune(mouth.hiss_hz, 1.6, rate_hz);
      const double effort =
          aim.mouth.voice + aim.mouth.breath + aim.mouth.hiss + (aim.is_breathing_in ? 1.0 : 0.0);
      quiet_ticks = effort > 0.0 ? 0 : quiet_ticks + 1;
      approach(inhaled, aim.is_breathing_in && singer.breathes_audibly ? 1.0 : 0.0, glide(0.06));
    }
    // 0.4 s after the last effort nothing sounds any more.
    if (static_cast<double>(quiet_ticks) * tick_s > 0.4) {
      out[n] = 0.0f;
      continue;
    }
    approach(voice, mouth.voice, 0.05);
    const double step = hz / rate_hz;
    glottis.advance(step);
    const double noise = random.noise();
    // Breath comes through while the glottis is open.
    const double air =
        noise * (singer.breathiness * voice * (glottis.turns < 0.56 ? 1.0 : 0.3) + mouth.breath * 0.3);
    double x = voice * presence.process(glottal_source(glottis.turns, step)) + air;
    const double shine = 0.08 * brilliance.process(x + 0.6 * air);
    for (Resonator& resonator : tract) x = resonator.process(x);
    const double hiss = mouth.hiss * teeth.process(noise).band;
    const double inhale = 0.02 * inhaled * breath_colour.process(noise);
    out[n] = static_cast<float>(chest.process(0.35 * x) + shine + hiss + inhale);
  }
}

}  // namespace gainstage::demo
