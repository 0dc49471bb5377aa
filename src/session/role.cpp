// SPDX-License-Identifier: MIT
#include "session/role.h"

#include <array>
#include <cassert>
#include <cctype>
#include <string>

namespace gainstage {
namespace {

constexpr std::array roles{
    RoleInfo{Role::kick, "kick", Family::drums, Band::low},
    RoleInfo{Role::sub, "sub", Family::bass, Band::low},
    RoleInfo{Role::bass, "bass", Family::bass, Band::low},
    RoleInfo{Role::snare, "snare", Family::drums, Band::mid},
    RoleInfo{Role::toms, "toms", Family::drums, Band::mid},
    RoleInfo{Role::drums, "drums", Family::drums, Band::mid},
    RoleInfo{Role::percussion, "percussion", Family::drums, {}},
    RoleInfo{Role::electric_guitar, "electric guitar", Family::guitars, Band::mid},
    RoleInfo{Role::acoustic_guitar, "acoustic guitar", Family::guitars, Band::mid},
    RoleInfo{Role::keys, "keys", Family::keys, Band::mid},
    RoleInfo{Role::organ, "organ", Family::keys, Band::mid},
    RoleInfo{Role::strings, "strings", Family::orchestra, Band::mid},
    RoleInfo{Role::brass, "brass", Family::orchestra, Band::mid},
    RoleInfo{Role::pad, "pad", Family::synths, Band::mid},
    RoleInfo{Role::synth, "synth", Family::synths, Band::mid},
    RoleInfo{Role::pluck, "pluck", Family::synths, Band::mid},
    RoleInfo{Role::lead_vocal, "lead vocal", Family::voice, Band::mid},
    RoleInfo{Role::backing_vocal, "backing vocal", Family::voice, Band::mid},
    RoleInfo{Role::dialogue, "dialogue", Family::voice, Band::mid},
    RoleInfo{Role::music_bed, "music bed", Family::other, Band::mid},
    RoleInfo{Role::accompaniment, "accompaniment", Family::other, Band::mid},
    RoleInfo{Role::hats, "hats", Family::drums, Band::high},
    RoleInfo{Role::cymbals, "cymbals", Family::drums, Band::high},
    RoleInfo{Role::overheads, "overheads", Family::drums, Band::high},
    RoleInfo{Role::room, "room", Family::drums, Band::high},
    RoleInfo{Role::shaker, "shaker", Family::drums, Band::high},
    RoleInfo{Role::tambourine, "tambourine", Family::drums, Band::high},
    RoleInfo{Role::air, "air", Family::other, Band::high},
    RoleInfo{Role::effects, "effects", Family::effects, Band::effects},
    RoleInfo{Role::reverb_return, "reverb return", Family::effects, Band::effects},
    RoleInfo{Role::other, "other", Family::other, {}},
};

std::string folded(std::string_view name) {
  std::string result;
  for (char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    result += (c == '-' || c == '_') ? ' ' : static_cast<char>(std::tolower(byte));
  }
  return result;
}

}  // namespace

std::span<const RoleInfo> all_roles() { return roles; }

const RoleInfo& info(Role role) {
  const RoleInfo& found = roles[static_cast<std::size_t>(role)];
  assert(found.role == role);
  return found;
}

std::optional<Role> role_by_name(std::string_view name) {
  const std::string wanted = folded(name);
  for (const RoleInfo& entry : roles) {
    if (entry.name == wanted) return entry.role;
  }
  return std::nullopt;
}

std::string_view to_string(Family family) {
  constexpr std::array<std::string_view, 9> names{"drums",     "bass",  "guitars", "keys", "synths",
                                                  "orchestra", "voice", "effects", "other"};
  return names[static_cast<std::size_t>(family)];
}

std::string_view to_string(Band band) {
  constexpr std::array<std::string_view, 4> names{"low", "mid", "high", "effects"};
  return names[static_cast<std::size_t>(band)];
}

std::optional<Band> band_by_name(std::string_view name) {
  for (Band band : {Band::low, Band::mid, Band::high, Band::effects}) {
    if (to_string(band) == name) return band;
  }
  return std::nullopt;
}

}  // namespace gainstage
