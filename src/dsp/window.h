// SPDX-License-Identifier: MIT
// Window functions.
#pragma once

#include <cstddef>
#include <vector>

namespace gainstage {

/// Kaiser window at `position` in -1..1 (0 outside): I0(beta sqrt(1 - position^2)) / I0(beta).
double kaiser_window(double position, double beta);

/// Hann window at `position` in -1..1 (0 outside).
double hann_window(double position);

/// sin(pi (i + 1/2) / length). Its squares, half a length apart, add up to exactly 1: frames that overlap by
/// half hold the signal's energy, no more and no less.
std::vector<float> sine_window(std::size_t length);

}  // namespace gainstage
