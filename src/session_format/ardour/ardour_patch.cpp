// SPDX-License-Identifier: MIT
// New gains in the bytes of a session.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "session_format/ardour/ardour_document.h"
#include "session_format/ardour/reading.h"

namespace gainstage {
namespace {

using ardour::StageInBytes;

/// Towards 0 dB, so that what is cut still fits.
double whole_hundredths(double db) { return std::trunc(db * 100.0) / 100.0; }

/// As much of a gain as the control can hold.
Db that_fits(const StageInBytes& stage, Db so_far, Db gain) {
  constexpr double slack = 1.0 + 1e-9;
  const double before = to_ratio(so_far);
  const double greatest = stage.greatest_played * before;
  const double least = stage.least_played * before;
  const double ratio = to_ratio(gain);
  if (gain.value > 0.0 && greatest * ratio > stage.greatest * slack) {
    return {std::max(0.0, whole_hundredths(to_db(stage.greatest / greatest).value))};
  }
  if (gain.value < 0.0 && least * ratio * slack < stage.least) {
    return {std::min(0.0, whole_hundredths(to_db(stage.least / least).value))};
  }
  return gain;
}

}  // namespace

Result<PatchedSession> ArdourDocument::patch(std::span<const StageChange> changes,
                                             std::span<const std::size_t> unmuted) const {
  PatchedSession patched;
  std::map<StageRef, Db> totals;
  std::set<StageRef> from_zero;
  for (const auto& [ref, gain, from] : changes) {
    if (!std::isfinite(gain.value)) {
      return failure(ErrorCode::usage, "A change of gain is not a finite number of dB; expected one.");
    }
    const auto stage = stages_.find(ref);
    if (stage == stages_.end()) {
      patched.losses.push_back({ref, gain, "Ardour has no such control here, or none that can be written."});
      continue;
    }
    Db& total = totals[ref];
    StageInBytes moved = stage->second;
    if (from == StageChange::From::zero_db) {
      from_zero.insert(ref);
      moved.least_played = moved.greatest_played = 1.0;
    }
    const Db fitting = that_fits(moved, total, gain);
    if (fitting.value != 0.0 || gain.value == 0.0) patched.applied.push_back({ref, fitting});
    if (fitting.value != gain.value) {
      const bool is_up = gain.value > 0.0;
      patched.losses.push_back(
          {ref, gain - fitting,
           fmt::format("The control ends at {:+.1f} dB in Ardour; {:+.2f} dB of {:+.2f} dB did not fit.",
                       to_db(is_up ? stage->second.greatest : stage->second.least).value,
                       (gain - fitting).value, gain.value)});
    }
    total += fitting;
  }
  std::vector<XmlEdit> edits;
  for (const auto& [ref, total] : totals) {
    const bool is_set = from_zero.contains(ref);
    if (total.value == 0.0 && !is_set) continue;
    const double ratio = to_ratio(total);
    for (const auto& number : stages_.at(ref).numbers) {
      const double value = is_set ? ratio : number.value * ratio;
      if (value != number.value) edits.push_back({number.where, fmt::format("{}", value)});
    }
  }
  for (const std::size_t strip : unmuted) {
    const auto mute = mutes_.find(strip);
    if (mute == mutes_.end())
      return failure(ErrorCode::usage, "A strip that shall be unmuted is not muted in the session.");
    edits.insert(edits.end(), mute->second.begin(), mute->second.end());
  }
  auto bytes = apply_edits(bytes_, std::move(edits));
  if (!bytes) return tl::unexpected(std::move(bytes.error()));
  patched.bytes = std::move(*bytes);
  return patched;
}

}  // namespace gainstage
