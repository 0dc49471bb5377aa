// SPDX-License-Identifier: MIT
// What mixes of other people say about the level of a role.
#pragma once

#include "session/role.h"
#include "staging/options.h"

namespace gainstage {

/// Loudness of a role relative to the whole mix, as it stands in published and measured mixes.
struct Prior {
  double level_lu = 0.0;
  double sigma_lu = 5.0;  ///< Spread between songs.
  bool is_trusted_fully = false;
};

/// The table of docs/method.md. A figure stands for all tracks of the role together.
Prior prior(Role role, Style style);

/// How far a prior is followed, 0..1: confidence x s0^2 / (s0^2 + sigma^2), s0 = 4 dB.
double trust(const Prior& prior, double role_confidence);

}  // namespace gainstage
