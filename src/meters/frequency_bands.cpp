// SPDX-License-Identifier: MIT
#include "meters/frequency_bands.h"

#include <algorithm>
#include <cmath>

namespace gainstage {
namespace {

template <typename Value>
double sum(FrequencyRange range, std::span<const Value> bins, double bin_hz) {
  if (bins.empty()) return 0.0;
  // In units of bins, from the lower edge of bin 0.
  const double last = static_cast<double>(bins.size());
  const double from = std::clamp(range.from_hz / bin_hz + 0.5, 0.0, last);
  const double to = std::clamp(range.to_hz / bin_hz + 0.5, from, last);
  const std::size_t first_bin = static_cast<std::size_t>(from);
  const std::size_t last_bin = std::min(static_cast<std::size_t>(to), bins.size() - 1);
  if (first_bin >= last_bin)
    return first_bin < bins.size() ? (to - from) * static_cast<double>(bins[first_bin]) : 0.0;
  double total = (static_cast<double>(first_bin + 1) - from) * static_cast<double>(bins[first_bin]);
  for (std::size_t k = first_bin + 1; k < last_bin; ++k) total += static_cast<double>(bins[k]);
  return total + (to - static_cast<double>(last_bin)) * static_cast<double>(bins[last_bin]);
}

}  // namespace

FrequencyRange third_octave_range(std::size_t band) {
  constexpr double lowest = -17.0;  // 20 Hz
  const double exponent = (static_cast<double>(band) + lowest) / 10.0;
  return {1000.0 * std::pow(10.0, exponent - 0.05), 1000.0 * std::pow(10.0, exponent + 0.05)};
}

FrequencyRange erb_range(std::size_t band) {
  const double cam = erb_centre_cam(band);
  return {cam_to_hz(cam - 0.5), cam_to_hz(cam + 0.5)};
}

double sum_over(FrequencyRange range, std::span<const double> bins, double bin_hz) noexcept {
  return sum(range, bins, bin_hz);
}
double sum_over(FrequencyRange range, std::span<const float> bins, double bin_hz) noexcept {
  return sum(range, bins, bin_hz);
}

}  // namespace gainstage
