// SPDX-License-Identifier: MIT
// How two channels relate: correlation, width, balance, what mono loses, and a vectorscope.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/audio_view.h"
#include "base/units.h"
#include "dsp/level.h"
#include "meters/hop_clock.h"
#include "meters/meter.h"

namespace gainstage {

/// For two channels; with any other number it reads nothing. Zero-lag, without weighting. Width by band is
/// SpectrumMeter's.
class StereoFieldMeter {
 public:
  static constexpr std::size_t scope_size = 65;

  /// Whether the vectorscope is drawn; it costs more than the rest.
  enum class Vectorscope { no, yes };
  explicit StereoFieldMeter(Vectorscope vectorscope = Vectorscope::yes) : vectorscope_(vectorscope) {}

  void prepare(Format format, double history_seconds = default_history_seconds);  // [main]
  void process(AudioView<const float> block) noexcept;                            // [rt], within the history
  void reset() noexcept;                                                          // [rt]

  // Of the whole signal since the last reset.
  double correlation() const noexcept;  ///< -1..1; 0 when a side is silent.
  double width() const noexcept;        ///< Side energy over total energy, 0..1; 0 in silence.
  Db balance() const noexcept;    ///< Left over right; infinite when one side is silent, 0 dB when both are.
  Db mono_loss() const noexcept;  ///< Energy of (L+R)/2 over the mean of L's and R's; 0 dB in silence.

  /// With a time constant of 0.3 s, every 10 ms.
  double live_correlation() const noexcept;
  /// Of each full 100 ms; 0 where a side is silent.
  std::span<const float> hop_correlations() const noexcept { return hop_correlations_; }
  /// How often each place was visited, scope_size rows from the top of scope_size columns from the left. Up
  /// is mid (L+R)/2, left is a signal on the left only, the edge is full scale. Every fourth frame that is
  /// not silent; all 0 without a vectorscope.
  std::span<const std::uint32_t> vectorscope() const noexcept { return scope_; }

 private:
  struct Energies {
    double left = 0.0;
    double right = 0.0;
    double product = 0.0;

    Energies& operator+=(const Energies& other) noexcept;
    double correlation() const noexcept;
  };

  void end_hop() noexcept;
  void draw(std::span<const float> left, std::span<const float> right) noexcept;
  Energies whole() const noexcept;

  Vectorscope vectorscope_;
  bool is_stereo_ = false;
  HopClock hops_;
  StereoSums sums_;  ///< Of the present 10 ms.
  Energies done_;    ///< Of all full hops.
  Energies tenth_;   ///< Of the hops of the present 100 ms.
  Energies live_;
  double keep_ = 0.0;  ///< What 10 ms leave of `live_`.
  std::size_t hops_in_tenth_ = 0;
  std::vector<float> hop_correlations_;
  std::array<std::uint32_t, scope_size * scope_size> scope_{};
};

static_assert(Meter<StereoFieldMeter>);

}  // namespace gainstage
