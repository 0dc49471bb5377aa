// SPDX-License-Identifier: MIT
// What a track is in the music, and where its role stands in the spectrum and in the band.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace gainstage {

enum class Role {
  kick,
  sub,
  bass,
  snare,
  toms,
  drums,
  percussion,
  electric_guitar,
  acoustic_guitar,
  keys,
  organ,
  strings,
  brass,
  pad,
  synth,
  pluck,
  lead_vocal,
  backing_vocal,
  dialogue,
  music_bed,
  accompaniment,
  hats,
  cymbals,
  overheads,
  room,
  shaker,
  tambourine,
  air,
  effects,
  reverb_return,
  other,
};

enum class Family { drums, bass, guitars, keys, synths, orchestra, voice, effects, other };

/// The part of the spectrum a role belongs to; the order of the build.
enum class Band { low, mid, high, effects };

/// What is known of a role. `band` is absent where the stem's own spectrum decides.
struct RoleInfo {
  Role role;
  std::string_view name;  ///< As written in options and reports: "lead vocal".
  Family family;
  std::optional<Band> band;
};

/// Every role, in the order of the enumeration. Thread: any.
std::span<const RoleInfo> all_roles();
const RoleInfo& info(Role role);
/// The role of this name, case, '-' and '_' aside ("Lead-Vocal"); absent when there is none.
std::optional<Role> role_by_name(std::string_view name);

std::string_view to_string(Family family);
std::string_view to_string(Band band);
std::optional<Band> band_by_name(std::string_view name);

}  // namespace gainstage
