// SPDX-License-Identifier: MIT
// The vocabulary of track names: which words, alone or together, mean which role.
#pragma once

#include <span>
#include <string_view>

#include "session/role.h"

namespace gainstage {

/// All of `words` (each a list of alternatives parted by '|') in a name mean `role`.
struct RoleWords {
  std::string_view words;  ///< Required words parted by ' '.
  Role role;
  double confidence;
};

/// Rules; one with more words beats one with fewer, then the surer one, then the earlier one. Words are lower
/// case, without accents, in English, German, French, Spanish, Italian and Portuguese.
std::span<const RoleWords> role_words();

/// Words that say nothing about the role: sides, microphones, takes, processing.
std::span<const std::string_view> passed_over_words();

}  // namespace gainstage
