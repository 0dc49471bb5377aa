// SPDX-License-Identifier: MIT
// The strips of a desk and the stages that hands can move: what is fixed once a session is known.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "session/session.h"

namespace gainstage::desk {

using Json = nlohmann::json;

enum class Stage { trim, fader };

std::string_view to_string(Stage stage);

/// A stage as hands see it. Positions are dB on the stage's own scale; minus infinity is down.
struct StageInfo {
  double own_db = 0.0;       ///< Where the session has it; of an automation the greatest.
  double greatest_db = 0.0;  ///< As far as it goes up.
  double base_db = 0.0;      ///< What gains are told against: own_db, or 0 dB of what is down.
  bool is_writable = true;   ///< What it is moved by can be saved.
  bool is_automated = false;
  std::vector<StageRef> refs =
      {};  ///< What a save turns: one stage, or every clip of the strip. Empty: stems.

  bool can_move() const;  ///< Whether a hand can move it.
  bool is_down() const;   ///< In the session.
};

struct DeskStrip {
  std::string id;   ///< "s0", "v0".
  std::string key;  ///< What tells it apart when the session is opened again.
  std::string name;
  std::string kind;                  ///< "track", "bus", "folder", "master", "vca".
  std::size_t index = 0;             ///< Among the flow's strips, or its VCAs.
  std::optional<std::size_t> track;  ///< Among the session's tracks.
  bool is_vca = false;
  bool is_heard = true;
  bool is_muted = false;  ///< By the session, until the desk unmutes it.
  std::optional<StageInfo> trim;
  std::optional<StageInfo> fader;

  const std::optional<StageInfo>& stage(Stage which) const { return which == Stage::trim ? trim : fader; }
  bool has_down() const { return (trim && trim->is_down()) || (fader && fader->is_down()); }
};

/// The strips in the order of the flow, then the VCAs.
struct StageTable {
  std::vector<DeskStrip> strips;
  std::size_t flow_strips = 0;
  std::size_t master = 0;

  std::optional<std::size_t> find(std::string_view id) const;
  std::optional<std::size_t> strip_of_track(std::size_t track) const;
};

/// How far a stem's trim goes up: as far as a hot or a faint recording asks for.
inline constexpr double stem_trim_greatest_db = 60.0;
inline constexpr double stem_fader_greatest_db = 6.0;
inline constexpr double stem_master_greatest_db = 20.0;

/// Of a DAW's session.
StageTable daw_stages(const Session& session, std::span<const std::size_t> unheard);
/// Of flow_of_stems(): trim and fader of every track at 0 dB, and the master's fader.
StageTable stem_stages(const Session& session);

/// The session's document, but the overview.
Json session_json(const StageTable& table, const Session& session, std::string_view kind,
                  const std::string& file);

}  // namespace gainstage::desk
