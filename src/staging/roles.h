// SPDX-License-Identifier: MIT
// What a track is: from its name first, from its sound where the name does not decide or the sound
// contradicts it.
#pragma once

#include <optional>
#include <string_view>

#include "staging/measurements.h"
#include "staging/options.h"
#include "staging/plan.h"

namespace gainstage {

struct NamedRole {
  Role role;
  double confidence;  ///< 0..1; lower for short abbreviations and words of several meanings.
};

/// The role a file name tells: words and abbreviations of English, German, French, Spanish, Italian and
/// Portuguese; numbers, sides and microphones are passed over. Absent when no word is known. Thread: any.
std::optional<NamedRole> role_from_name(std::string_view file_name);

/// The role the sound suggests; never surer than 0.6. `crest` is sample peak less RMS.
NamedRole role_from_audio(const AudioFeatures& features, Db crest);

/// Both together; the user's word is final.
RoleGuess guess_role(std::string_view file_name, const AudioFeatures& features, Db crest,
                     std::optional<Role> users = {});

}  // namespace gainstage
