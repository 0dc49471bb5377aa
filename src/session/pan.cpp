// SPDX-License-Identifier: MIT
#include "session/pan.h"

#include <algorithm>
#include <cmath>

namespace gainstage {
namespace {

using Sides = std::array<double, 2>;

/// `place` runs from 0 (left) to 1 (right).
Sides ardour_mono(double place) {
  const double bend = 2.0 - 4.0 * std::pow(10.0, -3.0 / 20.0);
  const auto gain = [&](double nearness) { return nearness * (bend * nearness + 1.0 - bend); };
  const double x = std::clamp(place, 0.0, 1.0);
  return {gain(1.0 - x), gain(x)};
}

Sides balance(double position) { return {std::min(1.0, 1.0 - position), std::min(1.0, 1.0 + position)}; }

PanMatrix straight(Sides sides, std::size_t channels) {
  PanMatrix matrix;
  if (channels == 1) {
    matrix.gains[0] = sides;
  } else {
    matrix.gains[0] = {sides[0], 0.0};
    matrix.gains[1] = {0.0, sides[1]};
  }
  return matrix;
}

}  // namespace

PanMatrix pan_matrix(const Pan& pan, std::size_t channels, double position) {
  const double place = std::clamp(position, -1.0, 1.0);
  switch (pan.law) {
    case PanLaw::none:
      break;
    case PanLaw::ardour: {
      const double middle = 0.5 * (place + 1.0);
      PanMatrix matrix;
      if (channels == 1) {
        matrix.gains[0] = ardour_mono(middle);
      } else {
        matrix.gains[0] = ardour_mono(middle - 0.5 * pan.width);
        matrix.gains[1] = ardour_mono(middle + 0.5 * pan.width);
      }
      return matrix;
    }
    case PanLaw::ardour_balance:
    case PanLaw::dawproject:
      return straight(balance(place), channels);
    case PanLaw::reaper: {
      const double centre = to_ratio(pan.centre);
      const double gain = std::min(centre, 1.0) + std::abs(1.0 - centre) * std::abs(place);
      Sides sides = balance(place);
      for (double& side : sides) side *= gain;
      return straight(sides, channels);
    }
  }
  return straight({1.0, 1.0}, channels);
}

double position_at(const Pan& pan, double seconds) {
  return pan.automation ? pan.automation->value_at(seconds) : pan.position;
}

}  // namespace gainstage
