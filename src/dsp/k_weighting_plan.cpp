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
    const double next_dy = dy + second_difference - k.high_pass_pull * (y - dy) - k.high_pass_leak * dy;
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
  exact_.high_pass_leak = 1.0 + exact_.high_pass_pull - k.high_pass.a2;
  exact_.shelf_pull = 1.0 + k.shelf.a1 + k.shelf.a2;
  exact_.shelf_keep = k.shelf.a2 - exact_.shelf_pull;
  exact_.shelf_level = (k.shelf.b0 + k.shelf.b1 + k.shelf.b2) / k.shelf.b0;
  exact_.shelf_b2 = k.shelf.b2 / k.shelf.b0;
  high_pass_pull = static_cast<float>(exact_.high_pass_pull);
  high_pass_leak = static_cast<float>(exact_.high_pass_leak);
  shelf_pull = static_cast<float>(exact_.shelf_pull);
  shelf_keep = static_cast<float>(exact_.shelf_keep);
  shelf_level = static_cast<float>(exact_.shelf_level);
  shelf_b2 = static_cast<float>(exact_.shelf_b2);
  gain = k.shelf.b0 * k.high_pass.b0;
  trend_steps = shortest_hop / 4;
  per_trend_step = 1.0f / static_cast<float>(trend_steps);

  // The poles of the shelf are a conjugate pair at every rate: their radius is the root of a2. After
  // `ringing` samples it has lost 180 dB.
  const auto ringing = static_cast<std::size_t>(std::ceil(std::log(1e-9) / (0.5 * std::log(k.shelf.a2))));
  assert(ringing < shortest_hop);

  // A step up, as far on as the shelf's own part is long over.
  Exact settled[2];
  Exact step_up;
  for (std::size_t i = 0; i <= 4 * ringing; ++i) {
    step_up.step(exact_, i == 0 ? 1.0 : i == 1 ? -1.0 : 0.0);
    if (i == 2 * ringing) settled[0] = step_up;
  }
  settled[1] = step_up;
  shelf_of_high_pass = matrix_between(settled[0], settled[1]);

  const auto ringing_end = std::ranges::find_if(tick_ends, [=](std::size_t end) { return end >= ringing; });
  assert(ringing_end != tick_ends.end());
  std::array<std::vector<double>, 4> echoes;
  for (std::size_t value = 0; value < echoes.size(); ++value) {
    Exact memory;
    if (value < 2) {
      (value == 0 ? memory.y : memory.dy) = 1.0;
      memory.z = times(shelf_of_high_pass[0], memory.y, memory.dy);
      memory.dz = times(shelf_of_high_pass[1], memory.y, memory.dy);
    } else {
      (value == 2 ? memory.z : memory.dz) = 1.0;
    }
    const std::size_t frames = value < 2 ? shortest_hop : *ringing_end;
    for (std::size_t i = 0; i < frames; ++i) {
      memory.step(exact_, 0.0);
      echoes[value].push_back(memory.z);
    }
    std::vector<float>& rounded = value < 2 ? high_pass_echoes[value] : ringing_echoes[value - 2];
    rounded.assign(echoes[value].begin(), echoes[value].end());
    if (value >= 2) continue;
    over_hop[0][value] = memory.y;
    over_hop[1][value] = memory.dy;
    memory.step(exact_, 0.0);
    rounded.push_back(static_cast<float>(memory.z));
  }
  for (std::size_t i = 0; i < echoes.size(); ++i) {
    for (std::size_t j = 0; j < echoes.size(); ++j) {
      const std::size_t frames = std::min(echoes[i].size(), echoes[j].size());
      for (std::size_t at = 0; at < frames; ++at) echo_products[i][j] += echoes[i][at] * echoes[j][at];
    }
  }
}

KWeightingRun KWeightingPlan::begin(const KWeightingMemory& memory) const noexcept {
  const float step = (memory.newest - memory.before) - memory.trend;
  KWeightingRun run{memory.newest, memory.trend, 0.0f, -step, step, 0.0f, -step, step, {}, 0};
  std::ranges::transform(missed(memory, step), run.missed.begin(),
                         [](double value) { return static_cast<float>(value); });
  return run;
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
