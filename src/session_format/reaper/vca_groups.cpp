// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "session_format/reaper/track.h"

namespace gainstage {
namespace {

// Words of GROUP_FLAGS, each a mask of groups: 1 volume lead, 2 volume follow, ... 21 VCA lead, 22 VCA
// follow, 23 VCA follow before the plug-ins.
constexpr std::size_t vca_lead_word = 21;
constexpr std::size_t vca_follow_word = 22;
constexpr std::size_t vca_follow_before_fx_word = 23;

/// So many leaders no console has; it bounds the work of a hostile project.
constexpr std::size_t most_leaders = 1000;

/// Of each strip: whether anything but a VCA's moves goes through it.
std::vector<bool> strips_with_sound(const SignalFlow& flow) {
  std::vector<bool> have_sound(flow.strips.size(), false);
  for (std::size_t i = 0; i < flow.strips.size(); ++i) {
    const Strip& strip = flow.strips[i];
    if (!strip.clips.empty() || strip.has_unread_content) have_sound[i] = true;
    for (const Send& send : strip.sends) have_sound[send.to] = true;
    for (const Output& output : strip.outputs) {
      if (output.to) have_sound[*output.to] = true;
    }
  }
  return have_sound;
}

/// The leaders of the groups that `follower` is in.
std::vector<std::size_t> leaders_of(const std::vector<TrackHead>& heads,
                                    const std::vector<std::size_t>& leaders, const VcaGroups& follower,
                                    std::optional<std::size_t> itself) {
  std::vector<std::size_t> vcas;
  for (std::size_t vca = 0; vca < leaders.size(); ++vca) {
    const std::uint64_t follows = follower.follows | follower.follows_before_fx;
    if (leaders[vca] != itself && (heads[leaders[vca]].groups.leads & follows) != 0) vcas.push_back(vca);
  }
  return vcas;
}

}  // namespace

void read_groups(Reading& reading, const RppWords& words, unsigned first_bit, VcaGroups& groups) {
  const auto bits = [&](std::size_t word) {
    const long mask = reading.whole_number(words, word, 0);
    return static_cast<std::uint64_t>(static_cast<std::uint32_t>(mask)) << first_bit;
  };
  groups.leads |= bits(vca_lead_word);
  groups.follows |= bits(vca_follow_word);
  groups.follows_before_fx |= bits(vca_follow_before_fx_word);
}

void link_vcas(Reading& reading, const std::vector<TrackHead>& heads, const VcaGroups& master) {
  SignalFlow& flow = reading.flow;
  std::vector<std::size_t> leaders;
  for (std::size_t i = 0; i < heads.size(); ++i) {
    if (heads[i].groups.leads != 0) leaders.push_back(i);
  }
  if (leaders.empty()) return;
  if (leaders.size() > most_leaders) {
    reading.fail(
        heads[leaders.back()].block,
        fmt::format("{} tracks lead VCA groups; more than {} are not read.", leaders.size(), most_leaders));
    return;
  }
  const std::vector<bool> have_sound = strips_with_sound(flow);
  std::vector<std::optional<std::size_t>> vca_of(flow.strips.size());
  for (std::size_t vca = 0; vca < leaders.size(); ++vca) {
    Strip& leader = flow.strips[leaders[vca]];
    const TrackHead& head = heads[leaders[vca]];
    flow.vcas.push_back({.id = leader.id,
                         .name = leader.name,
                         .gain = leader.fader,
                         .vcas = leaders_of(heads, leaders, head.groups, leaders[vca])});
    if (have_sound[leaders[vca]]) {
      flow.vcas.back().gain.writable.reset();
      reading.note("vca-leader-with-sound", leader.name,
                   fmt::format("{}: leads a VCA group and has sound of its own; its fader stays as it is.",
                               leader.name));
    } else {
      vca_of[leaders[vca]] = vca;
    }
    leader.fader.writable.reset();
  }
  for (std::size_t i = 0; i < heads.size(); ++i) {
    flow.strips[i].vcas = leaders_of(heads, leaders, heads[i].groups, i);
    if (heads[i].groups.follows_before_fx != 0 && !flow.strips[i].vcas.empty()) {
      reading.note("vca-before-fx", flow.strips[i].name,
                   fmt::format("{}: follows a VCA before its plug-ins; it is taken as if after them.",
                               flow.strips[i].name));
    }
  }
  flow.strips[flow.master].vcas = leaders_of(heads, leaders, master, std::nullopt);
  for (StagePlace& place : reading.places) {
    if (place.stage.kind != StageKind::fader || !vca_of[place.stage.strip]) continue;
    place.stage = {StageKind::vca, *vca_of[place.stage.strip], 0};
  }
}

}  // namespace gainstage
