// SPDX-License-Identifier: MIT
#include "desk/server/pacer.h"

#include <algorithm>
#include <cmath>

namespace gainstage::desk {
namespace {

constexpr double most_trim = 0.005;
/// Twenty milliseconds off are brought back within some ten seconds.
constexpr double trim_per_ms = most_trim / 10.0;
constexpr double most_caught_up_s = 1.0;
constexpr auto settling = std::chrono::milliseconds(400);
/// A buffer this much fuller than wanted is let run down at once.
constexpr double far_over_ms = 100.0;

}  // namespace

Pacer::Pacer(double frames_per_s, double block_frames, double factor)
    : frames_per_s_(frames_per_s), block_frames_(block_frames), factor_(factor) {}

void Pacer::start(Time now) {
  last_ = now;
  settled_at_ = now;
}

void Pacer::lead_begins(double lead_ms, Time now) {
  lead_ms_ = lead_ms;
  trim_ = 0.0;
  owe(lead_ms);
  settled_at_ = now + settling;
}

void Pacer::heard(double fill_ms, Time now) {
  if (lead_ms_ <= 0.0 || now < settled_at_) return;
  const double missing_ms = lead_ms_ - fill_ms;
  if (missing_ms > lead_ms_ / 2.0 || missing_ms < -far_over_ms) {
    // Whatever a page says, the others lose no more than this at a time.
    owe(std::max(missing_ms, -2.0 * far_over_ms));
    trim_ = 0.0;
    settled_at_ = now + settling;
    return;
  }
  trim_ = std::clamp(missing_ms * trim_per_ms, -most_trim, most_trim);
}

std::size_t Pacer::due(Time now) {
  const double passed_s = std::chrono::duration<double>(now - last_).count();
  last_ = now;
  owed_frames_ += std::clamp(passed_s, 0.0, most_caught_up_s) * frames_per_s();
  if (owed_frames_ < block_frames_) return 0;
  const double blocks = std::floor(owed_frames_ / block_frames_);
  owed_frames_ -= blocks * block_frames_;
  return static_cast<std::size_t>(blocks);
}

Pacer::Time Pacer::next() const {
  const double wait_s = std::max(0.0, block_frames_ - owed_frames_) / frames_per_s();
  return last_ + std::chrono::ceil<std::chrono::nanoseconds>(std::chrono::duration<double>(wait_s));
}

}  // namespace gainstage::desk
