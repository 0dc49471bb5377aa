// SPDX-License-Identifier: MIT
// What instruments make: plain runs of samples, and how they are put together.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace gainstage::demo {

using Signal = std::vector<float>;

struct Stereo {
  Signal left;
  Signal right;

  static Stereo silence(std::size_t frames) { return {Signal(frames), Signal(frames)}; }
};

inline std::size_t to_frames(double seconds, double rate_hz) {
  return seconds <= 0.0 ? 0 : static_cast<std::size_t>(seconds * rate_hz + 0.5);
}

/// Adds `sound` from frame `at`; what reaches past the end is left out.
inline void add(std::span<float> to, std::size_t at, std::span<const float> sound, double gain = 1.0) {
  if (at >= to.size()) return;
  const std::size_t count = std::min(sound.size(), to.size() - at);
  const float factor = static_cast<float>(gain);
  for (std::size_t i = 0; i < count; ++i) to[at + i] += factor * sound[i];
}

inline void scale(std::span<float> signal, double gain) {
  const float factor = static_cast<float>(gain);
  for (float& x : signal) x *= factor;
}

/// Where a sound stands: -1 left, 0 centre, 1 right. Constant power, unity at the sides.
struct PanGains {
  double left;
  double right;
};
inline PanGains pan_gains(double position) {
  const double angle = (position + 1.0) * 0.25 * 3.14159265358979324;
  return {std::cos(angle), std::sin(angle)};
}

/// Adds a mono sound to a stereo picture.
inline void add(Stereo& to, std::size_t at, std::span<const float> sound, double gain, double position) {
  const PanGains pan = pan_gains(position);
  add(to.left, at, sound, gain * pan.left);
  add(to.right, at, sound, gain * pan.right);
}

/// Fades the last `seconds` of a sound to nothing, so that it can be cut there.
inline void fade_out(std::span<float> sound, double seconds, double rate_hz) {
  const std::size_t count = std::min(sound.size(), to_frames(seconds, rate_hz));
  for (std::size_t i = 0; i < count; ++i) {
    sound[sound.size() - 1 - i] *= static_cast<float>(i) / static_cast<float>(count);
  }
}

}  // namespace gainstage::demo
