// SPDX-License-Identifier: MIT
// Units of level and loudness, with only the arithmetic that means something.
#pragma once

#include <cmath>
#include <compare>
#include <cstdint>
#include <limits>

namespace gainstage {

/// A gain, or a level relative to full scale: 20 log10 of an amplitude ratio. Minus infinity: silence.
struct Db {
  double value = 0.0;
  auto operator<=>(const Db&) const = default;
};

/// Absolute loudness (ITU-R BS.1770). Minus infinity: nothing passed the gate.
struct Lufs {
  double value = -std::numeric_limits<double>::infinity();
  auto operator<=>(const Lufs&) const = default;
};

inline constexpr Db silent_db{-std::numeric_limits<double>::infinity()};

constexpr Db operator-(Lufs target, Lufs measured) { return {target.value - measured.value}; }
constexpr Lufs operator+(Lufs level, Db gain) { return {level.value + gain.value}; }
constexpr Lufs operator-(Lufs level, Db gain) { return {level.value - gain.value}; }
constexpr Db operator+(Db a, Db b) { return {a.value + b.value}; }
constexpr Db operator-(Db a, Db b) { return {a.value - b.value}; }
constexpr Db operator-(Db a) { return {-a.value}; }
constexpr Db operator*(double factor, Db gain) { return {factor * gain.value}; }
constexpr Db& operator+=(Db& a, Db b) { return a = a + b; }

/// Amplitude ratio of a gain. Exact at 0 dB; zero at minus infinity.
inline double to_ratio(Db gain) { return std::pow(10.0, gain.value / 20.0); }
/// Power ratio of a gain.
inline double to_power_ratio(Db gain) { return std::pow(10.0, gain.value / 10.0); }
/// Inverse of to_ratio(); minus infinity for silence.
inline Db to_db(double ratio) { return {20.0 * std::log10(ratio)}; }
/// Inverse of to_power_ratio(); minus infinity for silence.
inline Db power_to_db(double power_ratio) { return {10.0 * std::log10(power_ratio)}; }
/// Loudness of a channel-weighted, K-weighted mean square (BS.1770-5, equation 2).
inline Lufs to_lufs(double weighted_mean_square) {
  return {-0.691 + 10.0 * std::log10(weighted_mean_square)};
}
/// Inverse of to_lufs().
inline double to_weighted_mean_square(Lufs loudness) {
  return std::pow(10.0, (loudness.value + 0.691) / 10.0);
}

/// A position or length in frames; one frame is one sample of every channel.
using Frames = std::int64_t;

}  // namespace gainstage
