// SPDX-License-Identifier: MIT
// Where on the desk a plan's moves go: which stage of a DAW's session is turned by how much, and why there.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "session/session.h"
#include "session/signal_flow.h"
#include "staging/plan.h"

namespace gainstage {

enum class Place {
  automatic,  ///< The nominal level in the trim, the balance on the faders, the raise on the faders or the
              ///< master.
  clip,       ///< All in the gains of the clips.
  trim,       ///< All in the trim.
  fader,      ///< All on the faders.
  vca,        ///< What the tracks of a VCA have in common on the VCA, the rest on the faders.
  master,     ///< The balance on the faders, the raise on the master.
};

std::string_view to_string(Place place);

struct PlacementOptions {
  Place place = Place::automatic;
  bool before_inserts = false;  ///< Level may change into inserts that it matters to.
  Db zero_vu{-18.0};            ///< dBFS of 0 VU.
};

/// Behind a track's trim, before its first insert, as the session stands.
struct InsertLevel {
  Db sample_peak{silent_db};
  Db vu_while_sounding{silent_db};  ///< Mean, dBFS.
};

/// One stage's move, with its reason.
struct StageMove {
  StageChange change;
  std::string why;
};

struct Placement {
  std::vector<StageMove> moves;   ///< In the order of the flow; none of 0 dB.
  std::vector<Db> nominals;       ///< One a track: what goes to it before its inserts.
  Db master;                      ///< The part of the raise that goes to the master.
  std::vector<StageLoss> losses;  ///< What no stage of the format could take.
};

/// Distributes mix_gains(plan) of the session's tracks over the stages of its flow, so that what each track
/// adds to the mix changes by its gain. `inserts`: one a track; absent where it can't be known.
///
/// - Automation is never overwritten: a change multiplies a stage's static value and its points alike, so the
/// greatest
///   of them decides how much fits.
/// - A track with an insert that level matters to keeps its level into it; its whole move goes to the fader
/// behind,
///   unless `before_inserts`.
/// - Where a bus or the master has such inserts, the raise goes to the master's fader, behind them.
/// - A fader that would pass what the format holds gives the excess to the trim, where nothing hinders, else
/// to the
///   master, for all tracks alike.
/// - Sends that are taken before the fader and reach the mix move with the fader: else the balance of the
/// track's sound
///   would change.
/// - Silent tracks stay.
Placement place(const Session& session, const GainPlan& plan,
                std::span<const std::optional<InsertLevel>> inserts, const PlacementOptions& options);

}  // namespace gainstage
