// SPDX-License-Identifier: MIT
// What the eye sees of a signal while it plays: its spectrum, and how its two channels relate.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/bands.h"
#include "dsp/complex_fft.h"

namespace gainstage::desk {

inline constexpr std::size_t scope_bands = third_octave_centres_hz.size();
inline constexpr std::size_t scope_lines = 256;

/// One picture. Levels are the mean of both channels' powers, and 0 dBFS is a sine at full scale in both.
struct Scope {
  struct Point {
    std::int16_t side = 0;  ///< (L - R) / 2, 32767 full scale: a signal on the left only is positive.
    std::int16_t mid = 0;   ///< (L + R) / 2
  };

  float correlation = 0.0f;   ///< -1..1; 0 when a side is silent. Of some 0.3 s, as the next three.
  float width = 0.0f;         ///< Side's share of the energy, 0..1.
  float balance_db = 0.0f;    ///< Left over right; infinite when one is silent, 0 when both are.
  float mono_loss_db = 0.0f;  ///< Energy of (L+R)/2 over the mean of both.
  std::array<float, scope_bands> bands_dbfs{};
  std::array<float, scope_bands> hold_dbfs{};
  std::array<float, scope_lines>
      fine_dbfs{};  ///< Even in the logarithm from 20 Hz to 20 kHz; sines keep their level.
  std::array<float, scope_bands> widths{};
  std::array<float, scope_bands> balances_db{};
  std::vector<Point> points;
};

/// Looks at a window of some 170 ms. A band rises at once and falls with a time constant of 0.15 s; its hold
/// stays for 2 s, then falls by 20 dB a second. One thread at a time.
class ScopeAnalyser {
 public:
  explicit ScopeAnalyser(double sample_rate_hz);  // allocates

  void reset();
  /// Two channels, interleaved: what was played since the last call.
  void add(std::span<const float> interleaved);
  /// The picture now, `passed_s` after the last one.
  const Scope& look(double passed_s);

 private:
  struct Energies {
    double left = 0.0, right = 0.0, product = 0.0;
  };
  /// Of one frequency, both channels.
  struct Bin {
    float left = 0.0f, right = 0.0f, side = 0.0f;
  };
  struct BandBins {
    std::size_t first = 0, last = 0;  ///< Within.
    double first_share = 1.0, last_share = 1.0;
  };

  void transform();
  void fill_bands(double passed_s);
  void fill_lines(double passed_s);
  void fill_field();

  double sample_rate_hz_;
  ComplexFft fft_;
  AlignedVector<float> window_;
  double sine_power_;                  ///< What a full-scale sine gives in its greatest bin.
  double noise_power_;                 ///< What all bins give for a mean square of 1.
  AlignedVector<float> left_, right_;  ///< The window's samples, a ring.
  AlignedVector<float> ordered_left_, ordered_right_;
  std::size_t next_ = 0;
  std::vector<Bin> bins_;
  std::array<BandBins, scope_bands> bands_{};
  std::array<double, scope_lines + 1> edges_{};  ///< In bins.
  std::array<double, scope_bands> hold_left_s_{};
  Energies energies_;
  Scope scope_;
};

}  // namespace gainstage::desk
