// SPDX-License-Identifier: MIT
// New gains in a project's own bytes.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "session_format/reaper/reaper_document.h"
#include "session_format/reaper/rpp_text.h"

namespace gainstage {
namespace {

/// One name for each stage: the master is its strip's fader.
StageRef place_name(const SignalFlow& flow, StageRef stage) {
  if (stage.kind == StageKind::master) return {StageKind::fader, flow.master, 0};
  if (stage.kind == StageKind::fader || stage.kind == StageKind::trim || stage.kind == StageKind::vca)
    stage.item = 0;
  return stage;
}

/// The place without quotes, which stay: what follows a closing quote need not be a space.
ReaperGainPlace within_quotes(const std::string& bytes, ReaperGainPlace place) {
  const char first = bytes[place.begin];
  if (first != '"' && first != '\'' && first != '`') return place;
  const bool is_closed = place.size > 1 && bytes[place.begin + place.size - 1] == first;
  return {place.begin + 1, place.size - (is_closed ? 2 : 1), place.greatest};
}

double value_at(const std::string& bytes, const ReaperGainPlace& place) {
  const ReaperGainPlace bare = within_quotes(bytes, place);
  return parse_rpp_number(std::string_view(bytes).substr(bare.begin, bare.size)).value_or(0.0);
}

std::span<const StagePlace> places_of(const std::vector<StagePlace>& places, const StageRef& stage) {
  const auto first =
      std::lower_bound(places.begin(), places.end(), stage,
                       [](const StagePlace& place, const StageRef& wanted) { return place.stage < wanted; });
  const auto last =
      std::upper_bound(first, places.end(), stage,
                       [](const StageRef& wanted, const StagePlace& place) { return wanted < place.stage; });
  return {first, last};
}

/// The part of the gain that all places hold, rounded down to a hundredth of a dB where it is not all of it.
Db what_fits(const std::string& bytes, std::span<const StagePlace> places, double already,
             const StageChange& change) {
  const Db gain = change.gain;
  if (gain.value <= 0.0) return gain;
  const double ratio = to_ratio(gain);
  double most = ratio;
  for (const StagePlace& place : places) {
    const bool is_set = change.from == StageChange::From::zero_db;
    const double value = (is_set ? 1.0 : std::abs(value_at(bytes, place.place))) * already;
    // A value that is a last digit over its range is within it.
    if (value > 0.0 && value * most > place.place.greatest * (1.0 + 1e-9))
      most = place.place.greatest / value;
  }
  if (most == ratio) return gain;
  return Db{std::max(0.0, std::floor(to_db(most).value * 100.0) / 100.0)};
}

}  // namespace

Result<PatchedSession> ReaperDocument::patch(std::span<const StageChange> changes,
                                             std::span<const std::size_t> unmuted) const {
  PatchedSession patched;
  std::map<StageRef, double> ratios;
  std::set<StageRef> from_zero;
  for (const StageChange& change : changes) {
    const StageRef name = place_name(flow_, change.stage);
    const GainControl* const control = find_stage(flow_, name);
    if (!control) {
      return failure(ErrorCode::usage,
                     "A change names a stage that the project does not have; plan it again.");
    }
    if (std::isnan(change.gain.value) || change.gain.value == HUGE_VAL) {
      return failure(ErrorCode::usage, fmt::format("A change of {} dB is no gain.", change.gain.value));
    }
    const std::span<const StagePlace> places = places_of(places_, name);
    if (!control->writable || places.empty()) {
      patched.losses.push_back(
          {change.stage, change.gain, "REAPER has no number in the project for this stage."});
      continue;
    }
    const auto [ratio, is_new] = ratios.try_emplace(name, 1.0);
    const bool is_set = change.from == StageChange::From::zero_db;
    if (is_set) from_zero.insert(name);
    const Db gain = what_fits(bytes_, places, ratio->second, change);
    if (gain != change.gain) {
      patched.losses.push_back(
          {change.stage, change.gain - gain,
           fmt::format("REAPER holds up to {:+.1f} dB here, so {:.2f} dB of {:+.2f} dB are left.",
                       to_db(control->writable->greatest_ratio).value, (change.gain - gain).value,
                       change.gain.value)});
      if (gain.value == 0.0 && !is_set) continue;
    }
    ratio->second *= to_ratio(gain);
    patched.applied.push_back({change.stage, gain});
  }

  struct Edit {
    ReaperGainPlace place;
    double before;
    double after;
  };
  std::vector<Edit> edits;
  for (const auto& [stage, ratio] : ratios) {
    const bool is_set = from_zero.contains(stage);
    if (ratio == 1.0 && !is_set) continue;
    for (const StagePlace& place : places_of(places_, stage)) {
      const double before = value_at(bytes_, place.place);
      edits.push_back({within_quotes(bytes_, place.place), before, is_set ? ratio : before * ratio});
    }
  }
  for (const std::size_t strip : unmuted) {
    const auto mute = mutes_.find(strip);
    if (mute == mutes_.end())
      return failure(ErrorCode::usage, "A strip that shall be unmuted is not muted in the project.");
    edits.push_back({within_quotes(bytes_, mute->second), value_at(bytes_, mute->second), 0.0});
  }
  std::sort(edits.begin(), edits.end(),
            [](const Edit& a, const Edit& b) { return a.place.begin < b.place.begin; });
  std::size_t copied = 0;
  patched.bytes.reserve(bytes_.size() + edits.size() * 16);
  for (const Edit& edit : edits) {
    if (edit.after == edit.before) continue;
    patched.bytes.append(bytes_, copied, edit.place.begin - copied);
    patched.bytes += rpp_number(edit.after);
    copied = edit.place.begin + edit.place.size;
  }
  patched.bytes.append(bytes_, copied, std::string::npos);
  return patched;
}

}  // namespace gainstage
