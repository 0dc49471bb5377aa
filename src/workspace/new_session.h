// SPDX-License-Identifier: MIT
// A DAW's session around stems that were staged.
#pragma once

#include <string>
#include <vector>

#include "audio_file/audio_writer.h"
#include "base/error.h"
#include "report/report.h"
#include "session/session.h"
#include "staging/plan.h"

namespace gainstage {

enum class CopyMedia { no, yes };

struct NewSessionOptions {
  CopyMedia copy_media = CopyMedia::no;
  Overwrite overwrite = Overwrite::no;
};

struct WrittenSession {
  ReportSession report;            ///< Where its stages stand; they come from 0 dB.
  std::vector<std::string> notes;  ///< Sentences of what the DAW will play otherwise.
};

/// Refuses a session among the stems, one that is there already unless it may be replaced, and one whose
/// folder is not there.
Result<void> check_new_session(const std::string& path, const std::string& stems_folder,
                               const Session& session, bool may_replace);

/// Writes the session, by the ending of its name: a track a stem, the nominal level in its trim, the balance
/// and the raise on its fader, as far as these go; what passes a fader goes to its trim. In Ardour a mono
/// track gets 3 dB more, which its pan takes away. Silent stems come along at 0 dB.
Result<WrittenSession> write_new_session(const std::string& path, const Session& session,
                                         const GainPlan& plan, const NewSessionOptions& options);

}  // namespace gainstage
