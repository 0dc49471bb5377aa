// SPDX-License-Identifier: MIT
// What the user can ask of the method. Defaults are those of the method.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/units.h"
#include "session/role.h"
#include "session/session.h"

namespace gainstage {

enum class AnchorDetector { peak, true_peak, vu, rms, short_term };
enum class Style { automatic, rock, pop };
/// What to do when plain gain can't reach the target under the ceiling.
enum class Reach {
  stop,   ///< Raise until the true peak meets the ceiling.
  limit,  ///< Raise to the target through a true-peak limiter.
  lower,  ///< As stop, and name the destinations whose target is met.
};

/// Hard limits of a track's gain_db.
struct GainRange {
  Db low;
  Db high;
};

/// Tracks that keep their balance among each other and move by one gain.
struct TrackGroup {
  std::string name;
  std::vector<std::string> tracks;
};

/// The absolute level the delivery asks for.
struct DeliveryTarget {
  std::string name;
  Lufs integrated{-14.0};
  Db ceiling{-1.0};  ///< Greatest true peak, dBTP.
};

struct StagingOptions {
  DeliveryTarget target{"spotify", {-14.0}, {-1.0}};
  Db anchor{-12.0};  ///< Level of the low end on the master, in the detector's unit.
  AnchorDetector anchor_detector = AnchorDetector::peak;
  Db nominal{-18.0};  ///< dBFS of 0 VU.
  Style style = Style::automatic;
  std::map<std::string, Role> roles;
  std::set<std::string> locked;
  std::map<std::string, GainRange> ranges;
  std::optional<std::string> focus;
  std::vector<TrackGroup> groups;
  double strength_percent = 100.0;
  double keep_levels_percent = 0.0;
  Reach reach = Reach::stop;
  double output_step = 0.0;  ///< Of the samples that will be written, full scale 1; 0: floating point.
  std::vector<Band> order{Band::low, Band::mid, Band::high, Band::effects};
};

/// The full name of the track that the user means: its name in full, or without extension when only one has
/// it. Error: usage; the sentence lists the tracks there are.
Result<std::string> full_track_name(const Session& session, const std::string& given);

/// Checks that every track named in the options exists (by full name, or by its stem without extension when
/// that is unique) and replaces the names by the full ones; that no track has two roles
/// or two ranges, whatever way it is spelled; that ranges are not empty, groups do not overlap, that locks,
/// ranges and groups can hold together, and the order is a permutation. The sentence of an error about a name
/// lists the tracks there are.
Result<StagingOptions> resolve_names(const Session& session, StagingOptions options);

std::string_view to_string(AnchorDetector detector);
std::string_view to_string(Style style);
std::string_view to_string(Reach reach);

}  // namespace gainstage
