// SPDX-License-Identifier: MIT
#include "dsp/k_weighting_plan.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "dsp/k_weighting.h"

namespace gainstage {
namespace {

/// The recursion of KWeightingPlan in double precision.
struct Exact {
  double high_pass_pull, high_pass_a2, shelf_pull, shelf_a2, shelf_level, shelf_b2;
  double x = 0.0, x_step = 0.0, y = 0.0, dy = 0.0, z = 0.0, dz = 0.0;

  explicit Exact(const KWeightingCoefficients& k)
      : high_pass_pull(1.0 + k.high_pass.a1 + k.high_pass.a2),
        high_pass_a2(k.high_pass.a2),
        shelf_pull(1.0 + k.shelf.a1 + k.shelf.a2),
        shelf_a2(k.shelf.a2),
        shelf_level((k.shelf.b0 + k.shelf.b1 + k.shelf.b2) / k.shelf.b0),
        shelf_b2(k.shelf.b2 / k.shelf.b0) {}

  void step(double sample) {
    const double step = sample - x;
    const double y2 = y - dy;
    const double z2 = z - dz;
    const double next_dy = (high_pass_a2 - high_pass_pull) * dy + (step - x_step) - high_pass_pull * y2;
    const double w = next_dy + shelf_level * y - shelf_b2 * dy;
    dz = (shelf_a2 - shelf_pull) * dz + w - shelf_pull * z2;
    dy = next_dy;
    y += dy;
    z += dz;
    x = sample;
    x_step = step;
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
    : shortest_hop(static_cast<std::size_t>(sample_rate_hz / 100.0)) {
  const KWeightingCoefficients k = k_weighting(sample_rate_hz);
  const Exact still(k);
  high_pass_pull = static_cast<float>(still.high_pass_pull);
  high_pass_keep = static_cast<float>(still.high_pass_a2 - still.high_pass_pull);
  shelf_pull = static_cast<float>(still.shelf_pull);
  shelf_keep = static_cast<float>(still.shelf_a2 - still.shelf_pull);
  shelf_level = static_cast<float>(still.shelf_level);
  shelf_b2 = static_cast<float>(still.shelf_b2);
  gain = k.shelf.b0 * k.high_pass.b0;

  // The poles of the shelf are a conjugate pair at every rate: their radius is the root of a2. After
  // `ringing` samples it has lost 180 dB.
  const std::size_t longest = shortest_hop + 1;
  const auto ringing = static_cast<std::size_t>(std::ceil(std::log(1e-9) / (0.5 * std::log(k.shelf.a2))));
  assert(ringing < shortest_hop);

  // A step up at the last sample of a hop, at the one before, and so on.
  const std::size_t count = std::max(longest, 4 * ringing + 1);
  std::vector<Exact> responses;
  Exact step_up = still;
  for (std::size_t i = 0; i < count; ++i) {
    step_up.step(1.0);
    responses.push_back(step_up);
  }
  shelf_of_high_pass = matrix_between(responses[2 * ringing], responses[4 * ringing]);
  for (std::size_t left = longest; left-- > 0;) {
    const Exact& after = responses[left];
    high_pass_weights[0].push_back(static_cast<float>(after.y));
    high_pass_weights[1].push_back(static_cast<float>(after.dy));
    if (left >= ringing) continue;
    ringing_weights[0].push_back(
        static_cast<float>(after.z - times(shelf_of_high_pass[0], after.y, after.dy)));
    ringing_weights[1].push_back(
        static_cast<float>(after.dz - times(shelf_of_high_pass[1], after.y, after.dy)));
  }

  const auto leap_from = [&](Exact memory, std::size_t frames) {
    for (std::size_t i = 0; i < frames; ++i) memory.step(0.0);
    return std::array{memory.y, memory.dy};
  };
  for (std::size_t i = 0; i < 2; ++i) {
    Exact high_pass = still, step = still, x_step = still;
    high_pass.y = 1.0;
    step.dy = 1.0;
    x_step.x_step = 1.0;
    const auto of_high_pass = leap_from(high_pass, shortest_hop + i);
    const auto of_step = leap_from(step, shortest_hop + i);
    leaps[i] = {{{{of_high_pass[0], of_step[0]}, {of_high_pass[1], of_step[1]}}},
                leap_from(x_step, shortest_hop + i)};
  }
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

void KWeightingPlan::leap(KWeightingMemory& memory, std::size_t frames, float x_step,
                          const std::array<double, 2>& high_pass_sums,
                          const std::array<double, 2>& ringing_sums) const noexcept {
  assert(frames == shortest_hop || frames == shortest_hop + 1);
  const Leap& over = leaps[frames - shortest_hop];
  const double y = memory.high_pass;
  const double dy = memory.high_pass_step;
  const double step = x_step;
  memory.high_pass = times(over.memory[0], y, dy) + over.x_step[0] * step + high_pass_sums[0];
  memory.high_pass_step = times(over.memory[1], y, dy) + over.x_step[1] * step + high_pass_sums[1];
  memory.ringing = ringing_sums;
  constexpr double threshold = 1e-18;
  for (double value : {memory.high_pass, memory.high_pass_step, memory.ringing[0], memory.ringing[1]}) {
    if (std::abs(value) > threshold) return;
  }
  memory.high_pass = memory.high_pass_step = 0.0;
  memory.ringing = {};
}

}  // namespace gainstage
