// SPDX-License-Identifier: MIT
#include "staging/build_order.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace gainstage {
namespace {

struct Group {
  BuildStep step;
  bool has_focus = false;
  double lowest_hz = 1e9;
};

std::string group_name(Band band, Role role) {
  if (band == Band::low) return "low end";
  if (role == Role::other) return "other " + std::string(to_string(band)) + "s";
  return std::string(info(role).name);
}

}  // namespace

std::vector<BuildStep> build_order(const std::vector<HeardTrack>& tracks, const Measurements& measurements,
                                   const StagingOptions& options) {
  std::map<std::pair<Band, Role>, Group> groups;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    if (tracks[i].is_silent) continue;
    const Band band = tracks[i].role.band;
    const Role role = band == Band::low ? Role::bass : tracks[i].role.role;
    Group& group = groups[{band, role}];
    group.step.name = group_name(band, role);
    group.step.band = band;
    group.step.tracks.push_back(i);
    group.has_focus = group.has_focus || tracks[i].is_focus;
    group.lowest_hz = std::min(group.lowest_hz, measurements.tracks[i].features.median_frequency_hz);
  }
  std::vector<Group> ordered;
  for (auto& [key, group] : groups) ordered.push_back(std::move(group));
  const auto place = [&](Band band) { return std::find(options.order.begin(), options.order.end(), band); };
  std::stable_sort(ordered.begin(), ordered.end(), [&](const Group& a, const Group& b) {
    if (a.step.band != b.step.band) return place(a.step.band) < place(b.step.band);
    if (a.has_focus != b.has_focus) return a.has_focus;
    return a.lowest_hz < b.lowest_hz;
  });
  std::vector<BuildStep> steps;
  for (Group& group : ordered) steps.push_back(std::move(group.step));
  return steps;
}

}  // namespace gainstage
