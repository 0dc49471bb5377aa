// SPDX-License-Identifier: MIT
// A session as a desk opens it: a DAW's, or a folder of stems.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "hearing_now.h"
#include "session/session.h"
#include "stage_table.h"
#include "workspace/daw_session.h"
#include "workspace/stems.h"

namespace gainstage::desk {

struct OpenedSession {
  std::string path;    ///< Absolute.
  std::string folder;  ///< Where it lies: all that is saved is beside it.
  std::string file;    ///< Its name there.
  std::string kind;    ///< "stems", "ardour", "reaper", "dawproject".
  std::optional<DawSession> daw;
  std::optional<Stems> stems;
  Session playable;  ///< With a flow.
  // In both sessions no strip is muted that DeskStrip::is_muted says is, and no stage is down that
  // StageInfo::is_down() says is: it stands at its base. `own` turns them down as any other.
  StageTable table;
  std::vector<StripRatios> own;  ///< As the session stands: one a strip of the flow.
  bool is_all_down = false;      ///< Nothing is heard but for stages that are down: the plan brings them up.
  std::vector<Warning> notes;
  std::string fingerprint;     ///< Of what the session says; another one where it was changed.
  double keep_levels = 0.0;    ///< Percent: how much a mix made by hand counts.
  bool keeps_nominal = false;  ///< It stands as it was staged.

  /// Whose tracks are measured and planned.
  const Session& session() const { return daw ? daw->session : stems->session; }
  bool is_stems() const { return stems.has_value(); }
};

/// The strips of the table that the session holds muted or down, as far as the desk can undo that.
std::vector<std::size_t> closed_strips(const OpenedSession& opened);

/// The session in which these strips are as it has them itself.
Session with_own(const OpenedSession& opened, std::span<const std::size_t> strips);

/// The session in which what closed_strips() give out reaches no other strip, so that each has the levels
/// the session gives it, and they those of their base.
Session with_closed_ways(const OpenedSession& opened);

/// `printed`: a folder of printed stems; empty: none. Errors: those of reading.
Result<std::unique_ptr<OpenedSession>> open_session(const std::string& path, const std::string& printed);

}  // namespace gainstage::desk
