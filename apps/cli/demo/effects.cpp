// SPDX-License-Identifier: MIT
#include "demo/effects.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include "demo/filters.h"
#include "demo/oscillators.h"

namespace gainstage::demo {

namespace {

constexpr std::size_t line_count = 8;

/// Ring of samples of a fixed length.
class Delay {
 public:
  explicit Delay(std::size_t frames = 1) : samples_(std::max<std::size_t>(frames, 1)) {}

  float oldest() const { return samples_[at_]; }
  void push(float x) {
    samples_[at_] = x;
    if (++at_ == samples_.size()) at_ = 0;
  }
  /// Value `frames` ago, between samples too; at least 1 and less than the length.
  double tap(double frames) const {
    const auto whole = static_cast<std::size_t>(frames);
    const double part = frames - static_cast<double>(whole);
    const std::size_t n = samples_.size();
    const std::size_t newer = (at_ + n - whole) % n;
    const std::size_t older = newer == 0 ? n - 1 : newer - 1;
    return samples_[newer] + part * (samples_[older] - samples_[newer]);
  }

 private:
  Signal samples_;
  std::size_t at_ = 0;
};

/// Schroeder's all-pass: smears an onset without colouring it.
class Diffuser {
 public:
  Diffuser(double seconds, double rate_hz) : delay_(to_frames(seconds, rate_hz)) {}
  double process(double x) {
    constexpr double g = 0.65;
    const double old = delay_.oldest();
    const double in = x - g * old;
    delay_.push(static_cast<float>(in));
    return old + g * in;
  }

 private:
  Delay delay_;
};

/// A stretch of time that is shorter than every delay of the network, so that its lines can be worked on one
/// by one.
constexpr std::size_t stretch = 64;
using Stretch = std::array<float, stretch>;

/// A delay line, a stretch at a time.
class Line {
 public:
  Line(double seconds, double rate_hz) : samples_(std::max(to_frames(seconds, rate_hz), stretch)) {}

  /// What comes out during the next stretch.
  void read(Stretch& out) const {
    std::size_t at = at_;
    for (float& x : out) {
      x = samples_[at];
      if (++at == samples_.size()) at = 0;
    }
  }
  /// What goes in during it.
  void write(const Stretch& in) {
    for (const float x : in) {
      samples_[at_] = x;
      if (++at_ == samples_.size()) at_ = 0;
    }
  }

 private:
  Signal samples_;
  std::size_t at_ = 0;
};

/// Product with the 8x8 Hadamard matrix over sqrt(8), by butterflies: keeps the energy.
void mix_lines(std::array<Stretch, line_count>& lines) {
  for (std::size_t half = 1; half < line_count; half *= 2) {
    for (std::size_t i = 0; i < line_count; i += 2 * half) {
      for (std::size_t j = i; j < i + half; ++j) {
        for (std::size_t t = 0; t < stretch; ++t) {
          const float a = lines[j][t];
          const float b = lines[j + half][t];
          lines[j][t] = a + b;
          lines[j + half][t] = a - b;
        }
      }
    }
  }
  for (Stretch& line : lines) {
    for (float& x : line) x *= 0.35355339f;
  }
}

/// `source(n)` is what goes in at frame n.
template <typename Source>
void reverberate(Stereo& to, std::size_t frames, const Reverb& reverb, double wet, double rate_hz,
                 const Source& source) {
  // Lengths without common echoes, 25 to 68 ms in a room of size 1.
  constexpr std::array<double, line_count> line_s = {0.0253, 0.0297, 0.0341, 0.0411,
                                                     0.0463, 0.0533, 0.0601, 0.0677};
  std::vector<Line> lines;
  std::array<float, line_count> loss{};
  std::array<float, line_count> damped{};
  const auto damping =
      static_cast<float>(1.0 - std::exp(-2.0 * std::numbers::pi * reverb.damping_hz / rate_hz));  // One pole.
  for (std::size_t i = 0; i < line_count; ++i) {
    const double seconds = line_s[i] * reverb.size;
    lines.emplace_back(seconds, rate_hz);
    loss[i] = static_cast<float>(std::pow(10.0, -3.0 * seconds / reverb.seconds));
  }
  Delay predelay(to_frames(reverb.predelay_s, rate_hz));
  std::array<Diffuser, 3> diffusers = {Diffuser(0.0047, rate_hz), Diffuser(0.0079, rate_hz),
                                       Diffuser(0.0113, rate_hz)};
  OnePole rumble(reverb.highpass_hz, rate_hz);
  const auto gain = static_cast<float>(wet);

  Stretch in{};
  std::array<Stretch, line_count> ends{};
  for (std::size_t at = 0; at < frames; at += stretch) {
    const std::size_t count = std::min(stretch, frames - at);
    for (std::size_t t = 0; t < count; ++t) {
      double x = predelay.oldest();
      predelay.push(static_cast<float>(rumble.highpass(source(at + t))));
      for (Diffuser& diffuser : diffusers) x = diffuser.process(x);
      in[t] = static_cast<float>(x);
    }
    for (std::size_t i = 0; i < line_count; ++i) lines[i].read(ends[i]);
    for (std::size_t t = 0; t < stretch; ++t) {
      for (std::size_t i = 0; i < line_count; ++i) {
        damped[i] += damping * (ends[i][t] - damped[i]);
        ends[i][t] = loss[i] * damped[i];
      }
    }
    for (std::size_t t = 0; t < count; ++t) {
      to.left[at + t] += gain * (ends[0][t] - ends[2][t] + ends[4][t] - ends[6][t]);
      to.right[at + t] += gain * (ends[1][t] - ends[3][t] + ends[5][t] - ends[7][t]);
    }
    mix_lines(ends);
    for (std::size_t i = 0; i < line_count; ++i) {
      const float sign = i % 2 == 0 ? 1.0f : -1.0f;
      for (std::size_t t = 0; t < stretch; ++t) ends[i][t] += sign * in[t];
      lines[i].write(ends[i]);
    }
  }
}

}  // namespace

void add_reverb(Stereo& to, std::span<const float> source, const Reverb& reverb, double wet, double rate_hz) {
  reverberate(to, std::min(to.left.size(), source.size()), reverb, wet, rate_hz,
              [&](std::size_t n) { return static_cast<double>(source[n]); });
}

void add_reverb(Stereo& to, const Reverb& reverb, double wet, double rate_hz) {
  reverberate(to, to.left.size(), reverb, wet, rate_hz,
              [&](std::size_t n) { return 0.5 * (static_cast<double>(to.left[n]) + to.right[n]); });
}

void chorus(Stereo& signal, double rate_of_swing_hz, double depth_ms, double mix, double rate_hz) {
  const double centre = 0.001 * (depth_ms + 8.0) * rate_hz;
  const double depth = 0.001 * depth_ms * rate_hz;
  const auto longest = static_cast<std::size_t>(centre + depth) + 4;
  Delay left(longest);
  Delay right(longest);
  Phase swing;
  const double step = rate_of_swing_hz / rate_hz;
  for (std::size_t n = 0; n < signal.left.size(); ++n) {
    left.push(signal.left[n]);
    right.push(signal.right[n]);
    const double a = sine(swing.turns);
    const double b = sine(swing.turns + 0.25);
    signal.left[n] +=
        static_cast<float>(mix * (left.tap(centre + depth * a) + 0.5 * right.tap(centre - depth * b)));
    signal.right[n] +=
        static_cast<float>(mix * (right.tap(centre - depth * a) + 0.5 * left.tap(centre + depth * b)));
    swing.advance(step);
  }
}

void add_echo(Stereo& to, double delay_s, double feedback, double wet, double rate_hz) {
  Delay left(to_frames(delay_s, rate_hz));
  Delay right(to_frames(delay_s, rate_hz));
  OnePole tape_left(3200.0, rate_hz);
  OnePole tape_right(3200.0, rate_hz);
  for (std::size_t n = 0; n < to.left.size(); ++n) {
    const double in = 0.5 * (to.left[n] + to.right[n]);
    const double out_left = tape_left.lowpass(left.oldest());
    const double out_right = tape_right.lowpass(right.oldest());
    left.push(static_cast<float>(in + feedback * out_right));
    right.push(static_cast<float>(out_left));
    to.left[n] += static_cast<float>(wet * out_left);
    to.right[n] += static_cast<float>(wet * out_right);
  }
}

void compress(std::span<float> signal, const Compressor& compressor, double rate_hz) {
  const double threshold = std::pow(10.0, compressor.threshold_db / 20.0);
  const double slope = 1.0 / compressor.ratio - 1.0;
  const double attack = 1.0 - decay_factor(compressor.attack_s, rate_hz);
  const double release = 1.0 - decay_factor(compressor.release_s, rate_hz);
  // The gain is worked out every 16 samples: a third of a millisecond is faster than any attack used here.
  constexpr std::size_t stride = 16;
  double envelope = 0.0;
  double gain = 1.0;
  for (std::size_t n = 0; n < signal.size(); ++n) {
    const double level = std::abs(static_cast<double>(signal[n]));
    envelope += (level > envelope ? attack : release) * (level - envelope);
    if (n % stride == 0) gain = envelope > threshold ? std::pow(envelope / threshold, slope) : 1.0;
    signal[n] = static_cast<float>(gain * signal[n]);
  }
}

}  // namespace gainstage::demo
