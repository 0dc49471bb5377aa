// SPDX-License-Identifier: MIT
#include "dsp/k_weighting_plan.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "dsp/k_weighting.h"

namespace gainstage {
namespace {

struct Exact {
  double y = 0.0, dy = 0.0, z = 0.0, dz = 0.0;

  /// The recursion of KWeightingPlan in double precision.
  void step(const KWeightingPlan::Coefficients& k, double second_difference) {
    const double next_dy = k.high_pass_keep * dy + second_difference - k.high_pass_pull * (y - dy);
    const double w = next_dy + k.shelf_level * y - k.shelf_b2 * dy;
    dz = k.shelf_keep * dz + w - k.shelf_pull * (z - dz);
    dy = next_dy;
    y += dy;
    z += dz;
  }
};

/// The matrix that takes the columns (a, b) to (c, d).
std::array<std::array<double, 2>, 2> matrix_between(const Exact& first, const Exact& second) {
  const double determinant = first.y * second.dy - second.y * first.dy;
  const auto row = [&](double c, double d) {
    return std::array{(c * second.dy - d * first.dy) / determinant,
                      (d * first.y - c * second.y) / determinant};
  };
  return {row(first.z, second.z), row(first.dz, second.dz)};
}

double times(const std::array<double, 2>& row, double first, double second) {
  return row[0] * first + row[1] * second;
}

}  // namespace

KWeightingPlan::KWeightingPlan(double sample_rate_hz)
    : shortest_hop(static_cast<std::size_t>(sample_rate_hz / 100.0)),
      has_ticks(static_cast<double>(shortest_hop) * 100.0 == sample_rate_hz) {
  for (std::size_t tick = 0; tick < ticks_per_hop; ++tick) {
    const double end = static_cast<double>(tick + 1) * sample_rate_hz / 1000.0;
    tick_ends[tick] = std::min(shortest_hop, static_cast<std::size_t>(end + 0.5));
  }
  const KWeightingCoefficients k = k_weighting(sample_rate_hz);
  exact_.high_pass_pull = 1.0 + k.high_pass.a1 + k.high_pass.a2;
  exact_.high_pass_keep = k.high_pass.a2 - exact_.high_pass_pull;
  exact_.shelf_pull = 1.0 + k.shelf.a1 + k.shelf.a2;
  exact_.shelf_keep = k.shelf.a2 - exact_.shelf_pull;
  exact_.shelf_level = (k.shelf.b0 + k.shelf.b1 + k.shelf.b2) / k.shelf.b0;
  exact_.shelf_b2 = k.shelf.b2 / k.shelf.b0;
  high_pass_pull = static_cast<float>(exact_.high_pass_pull);
  high_pass_keep = static_cast<float>(exact_.high_pass_keep);
  shelf_pull = static_cast<float>(exact_.shelf_pull);
  shelf_keep = static_cast<float>(exact_.shelf_keep);
  shelf_level = static_cast<float>(exact_.shelf_level);
  shelf_b2 = static_cast<float>(exact_.shelf_b2);
  gain = k.shelf.b0 * k.high_pass.b0;

  // The poles of the shelf are a conjugate pair at every rate: their radius is the root of a2. After
  // `ringing` samples it has lost 180 dB.
  const auto ringing = static_cast<std::size_t>(std::ceil(std::log(1e-9) / (0.5 * std::log(k.shelf.a2))));
  assert(ringing < shortest_hop);

  // A step up at the last sample of a hop, at the one before, and so on.
  const std::size_t count = std::max(shortest_hop, 4 * ringing + 1);
  std::vector<Exact> responses;
  Exact step_up;
  for (std::size_t i = 0; i < count; ++i) {
    step_up.step(exact_, i == 0 ? 1.0 : i == 1 ? -1.0 : 0.0);
    responses.push_back(step_up);
  }
  shelf_of_high_pass = matrix_between(responses[2 * ringing], responses[4 * ringing]);
  for (std::size_t left = shortest_hop; left-- > 0;) {
    const Exact& after = responses[left];
    high_pass_weights[0].push_back(static_cast<float>(after.y));
    high_pass_weights[1].push_back(static_cast<float>(after.dy));
    if (left >= ringing) continue;
    ringing_weights[0].push_back(
        static_cast<float>(after.z - times(shelf_of_high_pass[0], after.y, after.dy)));
    ringing_weights[1].push_back(
        static_cast<float>(after.dz - times(shelf_of_high_pass[1], after.y, after.dy)));
  }

  const auto leap_from = [&](Exact memory, double x_step) {
    for (std::size_t i = 0; i < shortest_hop; ++i) memory.step(exact_, i == 0 ? -x_step : 0.0);
    return std::array{memory.y, memory.dy};
  };
  const auto of_high_pass = leap_from({1.0, 0.0, 0.0, 0.0}, 0.0);
  const auto of_step = leap_from({0.0, 1.0, 0.0, 0.0}, 0.0);
  over_hop = {{{{of_high_pass[0], of_step[0]}, {of_high_pass[1], of_step[1]}}}, leap_from({}, 1.0)};
}

KWeightingRun KWeightingPlan::begin(const KWeightingMemory& memory, float x, float x_step) const noexcept {
  const double y = memory.high_pass;
  const double dy = memory.high_pass_step;
  const double z = memory.ringing[0] + times(shelf_of_high_pass[0], y, dy);
  const double dz = memory.ringing[1] + times(shelf_of_high_pass[1], y, dy);
  return {x,
          x_step,
          static_cast<float>(y),
          static_cast<float>(y - dy),
          static_cast<float>(dy),
          static_cast<float>(z),
          static_cast<float>(z - dz),
          static_cast<float>(dz)};
}

void KWeightingPlan::leap(KWeightingMemory& memory, float x_step, const std::array<double, 2>& high_pass_sums,
                          const std::array<double, 2>& ringing_sums) const noexcept {
  const double y = memory.high_pass;
  const double dy = memory.high_pass_step;
  const double step = x_step;
  memory.high_pass = times(over_hop.memory[0], y, dy) + over_hop.x_step[0] * step + high_pass_sums[0];
  memory.high_pass_step = times(over_hop.memory[1], y, dy) + over_hop.x_step[1] * step + high_pass_sums[1];
  memory.ringing = ringing_sums;
  constexpr double threshold = 1e-18;
  for (double value : {memory.high_pass, memory.high_pass_step, memory.ringing[0], memory.ringing[1]}) {
    if (std::abs(value) > threshold) return;
  }
  memory.high_pass = memory.high_pass_step = 0.0;
  memory.ringing = {};
}

void KWeightingPlan::step(KWeightingMemory& memory, float second_difference) const noexcept {
  const double y = memory.high_pass;
  const double dy = memory.high_pass_step;
  Exact now{y, dy, memory.ringing[0] + times(shelf_of_high_pass[0], y, dy),
            memory.ringing[1] + times(shelf_of_high_pass[1], y, dy)};
  now.step(exact_, static_cast<double>(second_difference));
  memory.high_pass = now.y;
  memory.high_pass_step = now.dy;
  memory.ringing = {now.z - times(shelf_of_high_pass[0], now.y, now.dy),
                    now.dz - times(shelf_of_high_pass[1], now.y, now.dy)};
}

}  // namespace gainstage
