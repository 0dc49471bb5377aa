// SPDX-License-Identifier: MIT
// What is saved from a desk: a session, a mix, stems, a report, each under the folder the session lies in.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/progress.h"
#include "message.h"
#include "opened_session.h"
#include "planning.h"
#include "values.h"

namespace gainstage::desk {

enum class Saved : std::uint8_t { session, mix, stems, report };

std::string_view to_string(Saved what);

struct SaveRequest {
  struct Item {
    Saved what = Saved::session;
    std::string name;  ///< Within the session's folder.
  };
  std::vector<Item> items;
  bool may_replace = false;
};

/// Names to begin with.
Json suggested_names(const OpenedSession& opened);

/// Checks what a page asks for. A name has no folder in it, does not begin with a dot, is none of the
/// session's own files, and is not there already, unless the desk wrote it (`outputs`) and `force` is said.
/// Errors: usage.
Result<SaveRequest> save_request_of(const Message& message, const OpenedSession& opened,
                                    const std::vector<std::string>& outputs, bool has_plan);

/// What a save needs of the desk as it stands.
struct SaveState {
  DeskValues values;
  std::vector<StripRatios> ratios;
  std::optional<DeskPlan> plan;
  std::vector<Target> targets;
};

struct SaveResult {
  std::vector<std::string> outputs;  ///< Names that are there now, also where it failed on the way.
  Json saved = Json::array();        ///< As state.save.saved has them.
  std::optional<Error> error;
};

/// `measurements`, `levels`: null until the session is measured. Thread: any.
SaveResult save(const OpenedSession& opened, const SaveRequest& request, const SaveState& state,
                const Measurements* measurements, const FlowLevels* levels, const WorkOptions& work);

}  // namespace gainstage::desk
