// SPDX-License-Identifier: MIT
// What is known of each track before any level is set.
#pragma once

#include <vector>

#include "session/session.h"
#include "staging/activity.h"
#include "staging/measurements.h"
#include "staging/options.h"
#include "staging/plan.h"

namespace gainstage {

struct HeardTrack {
  RoleGuess role;
  bool is_silent = false;
  bool is_focus = false;
  SoundingLoudness sounding;
  std::vector<bool> sounding_hops;
  Db vu_while_sounding{silent_db};
  Db crest_while_sounding;  ///< Sample peak less the mean VU while it sounds.
  bool is_kit_without_lows = false;
  double measure_against_prior = 0.0;  ///< B with a part of the tilt, to be held against a role's prior, dB.
  double balance_measure = 0.0;        ///< B of the method, dB: how far it stands out at its present level.
};

std::vector<HeardTrack> hear(const Session& session, const Measurements& measurements,
                             const StagingOptions& options);

/// The style asked for; when it is automatic, pop where synths outnumber guitars, organs and the microphones
/// of a kit.
Style style_of(const std::vector<HeardTrack>& tracks, Style asked);

/// How many of the tracks of i's role sound while i sounds, itself included; >= 1.
double mean_company(const std::vector<HeardTrack>& tracks, std::size_t i);

}  // namespace gainstage
