// SPDX-License-Identifier: MIT
#include "demo/drums.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>

#include "demo/filters.h"
#include "demo/oscillators.h"
#include "demo/random.h"

namespace gainstage::demo {

namespace {

/// A value that falls by e in a given time, a sample at a time.
class Decay {
 public:
  Decay(double start, double seconds, double rate_hz)
      : value_(start), factor_(decay_factor(seconds, rate_hz)) {}
  double next() {
    const double now = value_;
    value_ *= factor_;
    return now;
  }

 private:
  double value_;
  double factor_;
};

/// A skin that sinks to 51 Hz, the beater's click, and the shell's knock.
Signal kick_hit(double velocity, double rate_hz, Random& random) {
  Signal out(to_frames(0.5, rate_hz));
  Decay body(1.0, 0.105, rate_hz);
  Decay sweep(95.0, 0.022, rate_hz);
  Decay snap(420.0, 0.004, rate_hz);
  Decay click(0.55 * velocity, 0.0045, rate_hz);
  Decay knock(0.28, 0.028, rate_hz);
  Biquad beater = Biquad::bandpass(3400.0, 0.7, rate_hz);
  Phase skin;
  Phase shell;
  for (std::size_t n = 0; n < out.size(); ++n) {
    const double attack = std::min(1.0, static_cast<double>(n) / (0.0012 * rate_hz));
    const double tone = attack * body.next() * sine(skin.turns);
    skin.advance((51.0 + sweep.next() + snap.next()) / rate_hz);
    shell.advance(212.0 / rate_hz);
    const double noise = beater.process(random.noise()) * click.next() * 2.2;
    out[n] = static_cast<float>(velocity * soft_clip(1.7 * tone + knock.next() * sine(shell.turns) + noise));
  }
  fade_out(out, 0.05, rate_hz);
  return out;
}

/// Two modes of the skin, the wires under it, the stick on it. Soft strokes are duller and have more wire.
Signal snare_hit(double velocity, double rate_hz, Random& random) {
  Signal out(to_frames(0.42, rate_hz));
  Decay low(0.75, 0.075, rate_hz);
  Decay high(0.42, 0.045, rate_hz);
  Decay bend(26.0, 0.02, rate_hz);
  Decay wires(0.85, 0.085, rate_hz);
  Decay tail(0.22, 0.16, rate_hz);
  Decay stick(0.9 * velocity, 0.003, rate_hz);
  Biquad wire_low = Biquad::highpass(900.0, 0.7, rate_hz);
  Biquad wire_ring = Biquad::peak(4800.0, 0.8, 5.0, rate_hz);
  Biquad air = Biquad::lowpass(5000.0 + 7000.0 * velocity, 0.7, rate_hz);
  Phase first;
  Phase second;
  for (std::size_t n = 0; n < out.size(); ++n) {
    const double drop = bend.next();
    first.advance((187.0 + drop) / rate_hz);
    second.advance((334.0 + 1.6 * drop) / rate_hz);
    const double skin = low.next() * sine(first.turns) + high.next() * sine(second.turns);
    const double hiss = air.process(wire_ring.process(wire_low.process(random.noise())));
    const double noise = hiss * (wires.next() + tail.next() + stick.next());
    out[n] = static_cast<float>(velocity * soft_clip(1.25 * (skin + 0.7 * noise)));
  }
  fade_out(out, 0.05, rate_hz);
  return out;
}

/// Six squares out of tune with each other, as beaten metal, and noise.
Signal hat_hit(double velocity, bool is_open, double seconds, double rate_hz, Random& random) {
  constexpr std::array<double, 6> partials_hz = {3173.0, 3901.0, 4637.0, 5471.0, 6689.0, 8231.0};
  Signal out(to_frames(seconds, rate_hz));
  Decay body(1.0, is_open ? 0.22 : 0.022 + 0.024 * velocity, rate_hz);
  Decay tick(0.8 * velocity, 0.0025, rate_hz);
  Biquad bottom = Biquad::highpass(5200.0, 0.8, rate_hz);
  Biquad bottom_again = Biquad::highpass(3800.0, 0.6, rate_hz);
  Biquad top = Biquad::lowpass(9000.0 + 5000.0 * velocity, 0.6, rate_hz);
  std::array<Phase, 6> phases;
  for (Phase& phase : phases) phase.turns = random.uniform();
  const double tuning = 1.0 + 0.01 * random.noise();
  for (std::size_t n = 0; n < out.size(); ++n) {
    double metal = 0.0;
    for (std::size_t p = 0; p < phases.size(); ++p) {
      const double step = tuning * partials_hz[p] / rate_hz;
      metal += square(phases[p].turns, step);
      phases[p].advance(step);
    }
    const double raw = 0.1 * metal + 0.75 * random.noise();
    const double bright = top.process(bottom_again.process(bottom.process(raw)));
    out[n] = static_cast<float>(velocity * bright * (body.next() + tick.next()));
  }
  fade_out(out, 0.03, rate_hz);
  return out;
}

Signal tom_hit(double velocity, double pitch_hz, double rate_hz, Random& random) {
  Signal out(to_frames(0.8, rate_hz));
  Decay body(0.9, 0.19, rate_hz);
  Decay overtone(0.3, 0.07, rate_hz);
  Decay bend(0.32, 0.05, rate_hz);
  Decay stick(0.5 * velocity, 0.006, rate_hz);
  Biquad skin = Biquad::bandpass(2600.0, 0.6, rate_hz);
  Phase first;
  Phase second;
  for (std::size_t n = 0; n < out.size(); ++n) {
    const double stretch = 1.0 + bend.next();
    first.advance(pitch_hz * stretch / rate_hz);
    second.advance(1.59 * pitch_hz * stretch / rate_hz);  // Ratio of a membrane's first two modes.
    const double tone = body.next() * sine(first.turns) + overtone.next() * sine(second.turns);
    out[n] = static_cast<float>(velocity *
                                soft_clip(1.2 * tone + 1.6 * skin.process(random.noise()) * stick.next()));
  }
  fade_out(out, 0.1, rate_hz);
  return out;
}

/// Forty partials that no instrument maker tuned, each with its own life, in a wash of noise.
Signal crash_hit(double velocity, double rate_hz, Random& random) {
  Signal out(to_frames(3.2, rate_hz));
  constexpr std::size_t partial_count = 40;
  for (std::size_t p = 0; p < partial_count; ++p) {
    const double hz = 420.0 * std::exp2(4.9 * random.uniform());
    // A decaying sine as a two-pole resonance that was struck once: y = 2 r cos(w) y' - r^2 y''.
    const double level = 0.07 * (0.4 + random.uniform());
    const double r = decay_factor(0.35 + 900.0 / (hz + 500.0), rate_hz);
    const double w = 2.0 * std::numbers::pi * hz / rate_hz;
    const double start = 2.0 * std::numbers::pi * random.uniform();
    const double feedback = 2.0 * r * std::cos(w);
    double older = level * std::sin(start - w) / r;
    double old = level * std::sin(start);
    for (float& sample : out) {
      sample += static_cast<float>(old);
      const double next = feedback * old - r * r * older;
      older = old;
      old = next;
    }
  }
  Decay wash(0.6, 0.55, rate_hz);
  Decay splash(0.7, 0.05, rate_hz);
  Biquad bottom = Biquad::highpass(2800.0, 0.6, rate_hz);
  StateVariable top;
  for (std::size_t n = 0; n < out.size(); ++n) {
    if (n % 64 == 0) {
      const double seconds = static_cast<double>(n) / rate_hz;
      top.tune(4500.0 + 10500.0 * std::exp(-seconds / 0.7), 0.7, rate_hz);
    }
    const double noise = top.process(bottom.process(random.noise())).low;
    const double swell = std::min(1.0, static_cast<double>(n) / (0.004 * rate_hz));
    out[n] = static_cast<float>(velocity * swell * (out[n] + noise * (wash.next() + splash.next())));
  }
  fade_out(out, 0.4, rate_hz);
  return out;
}

/// When the next stroke, or the foot, chokes a hat that still rings.
double next_hat_s(std::span<const Hit> hits, std::size_t i) {
  for (std::size_t next = i + 1; next < hits.size(); ++next) {
    if (hits[next].drum == Drum::closed_hat || hits[next].drum == Drum::open_hat)
      return to_seconds(hits[next].beat);
  }
  return song_seconds;
}

}  // namespace

Kit play_kit(std::span<const Hit> hits, std::size_t frames, double rate_hz) {
  Kit kit{Signal(frames), Signal(frames), Signal(frames), Signal(frames), Signal(frames)};
  Random random(11);
  for (std::size_t i = 0; i < hits.size(); ++i) {
    const Hit& hit = hits[i];
    const std::size_t at = to_frames(to_seconds(hit.beat), rate_hz);
    switch (hit.drum) {
      case Drum::kick:
        add(kit.kick, at, kick_hit(hit.velocity, rate_hz, random));
        break;
      case Drum::snare:
        add(kit.snare, at, snare_hit(hit.velocity, rate_hz, random));
        break;
      case Drum::high_tom:
        add(kit.toms, at, tom_hit(hit.velocity, 138.0, rate_hz, random));
        break;
      case Drum::low_tom:
        add(kit.toms, at, tom_hit(hit.velocity, 92.0, rate_hz, random));
        break;
      case Drum::crash:
        add(kit.crash, at, crash_hit(hit.velocity, rate_hz, random));
        break;
      case Drum::closed_hat:
      case Drum::open_hat: {
        const bool is_open = hit.drum == Drum::open_hat;
        const double until_s = next_hat_s(hits, i) - to_seconds(hit.beat);
        Signal sound =
            hat_hit(hit.velocity, is_open, std::min(until_s, is_open ? 0.9 : 0.22), rate_hz, random);
        fade_out(sound, 0.004, rate_hz);
        add(kit.hats, at, sound);
        break;
      }
    }
  }
  return kit;
}

}  // namespace gainstage::demo
