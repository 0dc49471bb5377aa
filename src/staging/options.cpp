// SPDX-License-Identifier: MIT
#include "staging/options.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace gainstage {
namespace {

std::string_view without_extension(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? name : name.substr(0, dot);
}

std::string list_of_tracks(const Session& session) {
  std::string list;
  for (const Track& track : session.tracks) list += (list.empty() ? "" : ", ") + track.name;
  return list;
}

Result<void> check_groups(const std::vector<TrackGroup>& groups) {
  std::map<std::string, std::string> group_of;
  for (const TrackGroup& group : groups) {
    for (const std::string& track : group.tracks) {
      const auto [entry, is_new] = group_of.emplace(track, group.name);
      if (is_new) continue;
      return failure(ErrorCode::usage, "'" + track + "' is in the groups '" + entry->second + "' and '" +
                                           group.name + "'; a track can be in one group, once.");
    }
  }
  return {};
}

Result<void> check_order(const std::vector<Band>& order) {
  std::vector<Band> sorted = order;
  std::sort(sorted.begin(), sorted.end());
  if (sorted == std::vector{Band::low, Band::mid, Band::high, Band::effects}) return {};
  return failure(ErrorCode::usage, "the order must hold low, mid, high and effects once each.");
}

Result<void> check_range(const std::string& track, const GainRange& range) {
  if (range.low <= range.high) return {};
  return failure(ErrorCode::usage,
                 "the range of '" + track + "' is empty; write the lower limit first, as in -6..3.");
}

/// What is bound twice must be possible: a lock means 0 dB, and a group's members move by one gain.
Result<void> check_bounds(const StagingOptions& options) {
  for (const std::string& track : options.locked) {
    const auto range = options.ranges.find(track);
    if (range == options.ranges.end() || (range->second.low <= Db{} && Db{} <= range->second.high)) continue;
    return failure(ErrorCode::usage, "'" + track +
                                         "' is locked, which means 0 dB, but its range leaves 0 dB out; " +
                                         "drop one of the two.");
  }
  for (const TrackGroup& group : options.groups) {
    GainRange common{silent_db, -silent_db};
    bool is_locked = false;
    for (const std::string& track : group.tracks) {
      is_locked = is_locked || options.locked.contains(track);
      const auto range = options.ranges.find(track);
      if (range == options.ranges.end()) continue;
      common = {std::max(common.low, range->second.low), std::min(common.high, range->second.high)};
    }
    const bool has_zero = common.low <= Db{} && Db{} <= common.high;
    if (common.low <= common.high && (!is_locked || has_zero)) continue;
    return failure(ErrorCode::usage,
                   "no gain is within the ranges and locks of all tracks of the group '" + group.name +
                       "', and a group moves by one gain; widen a range or part the group.");
  }
  return {};
}

/// A copy of a map or of its keys alone, under full names.
template <typename Value>
Result<std::map<std::string, Value>> with_full_names(const Session& session,
                                                     const std::map<std::string, Value>& given) {
  std::map<std::string, Value> named;
  for (const auto& [name, value] : given) {
    auto full = full_track_name(session, name);
    if (!full) return tl::unexpected(full.error());
    if (!named.emplace(*full, value).second) {
      return failure(ErrorCode::usage,
                     "'" + *full + "' is given two roles or ranges, under two spellings; keep one.");
    }
  }
  return named;
}

}  // namespace

Result<std::string> full_track_name(const Session& session, const std::string& given) {
  std::vector<std::string> matches;
  for (const Track& track : session.tracks) {
    if (track.name == given) return track.name;
    if (without_extension(track.name) == given) matches.push_back(track.name);
  }
  if (matches.size() == 1) return matches.front();
  const std::string found = matches.empty()
                                ? "no track is called '" + given + "'"
                                : "'" + given + "' could be several tracks; give the file name in full";
  return failure(ErrorCode::usage, found + ". The tracks are: " + list_of_tracks(session) + ".");
}

Result<StagingOptions> resolve_names(const Session& session, StagingOptions options) {
  auto roles = with_full_names(session, options.roles);
  if (!roles) return tl::unexpected(roles.error());
  options.roles = *roles;

  auto ranges = with_full_names(session, options.ranges);
  if (!ranges) return tl::unexpected(ranges.error());
  options.ranges = *ranges;
  for (const auto& [track, range] : options.ranges) {
    if (auto checked = check_range(track, range); !checked) return tl::unexpected(checked.error());
  }

  std::set<std::string> locked;
  for (const std::string& name : options.locked) {
    auto full = full_track_name(session, name);
    if (!full) return tl::unexpected(full.error());
    locked.insert(*full);
  }
  options.locked = locked;

  if (options.focus) {
    auto full = full_track_name(session, *options.focus);
    if (!full) return tl::unexpected(full.error());
    options.focus = *full;
  }
  for (TrackGroup& group : options.groups) {
    for (std::string& name : group.tracks) {
      auto full = full_track_name(session, name);
      if (!full) return tl::unexpected(full.error());
      name = *full;
    }
  }
  if (auto checked = check_groups(options.groups); !checked) return tl::unexpected(checked.error());
  if (auto checked = check_bounds(options); !checked) return tl::unexpected(checked.error());
  if (auto checked = check_order(options.order); !checked) return tl::unexpected(checked.error());
  return options;
}

std::string_view to_string(AnchorDetector detector) {
  constexpr std::array<std::string_view, 5> names{"peak", "true-peak", "vu", "rms", "short-term"};
  return names[static_cast<std::size_t>(detector)];
}

std::string_view to_string(Style style) {
  constexpr std::array<std::string_view, 3> names{"auto", "rock", "pop"};
  return names[static_cast<std::size_t>(style)];
}

std::string_view to_string(Reach reach) {
  constexpr std::array<std::string_view, 3> names{"stop", "limit", "lower"};
  return names[static_cast<std::size_t>(reach)];
}

}  // namespace gainstage
