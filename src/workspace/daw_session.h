// SPDX-License-Identifier: MIT
// A DAW's session, opened with its media.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "engine/flow_session.h"
#include "session_format/open_session.h"
#include "staging/plan.h"

namespace gainstage {

/// Files for as long as this lives, in a hidden folder of the system's place for temporary ones.
class TemporaryMedia {
 public:
  static Result<TemporaryMedia> create();
  TemporaryMedia(TemporaryMedia&& other) noexcept;
  TemporaryMedia& operator=(TemporaryMedia&&) = delete;
  ~TemporaryMedia();

  const std::string& path() const { return path_; }

 private:
  explicit TemporaryMedia(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

struct DawSession {
  std::string path;
  OpenSession document;
  Session session;                   ///< Its flow knows where the media are.
  std::vector<std::string> kept;     ///< Tracks of which a part can't be heard.
  std::vector<std::size_t> unheard;  ///< Strips of which nothing can.
  std::vector<Warning> notes;        ///< Of reading, media, inserts.
  bool has_missing_media = false;
  std::map<std::string, std::string> printed = {};
  std::unique_ptr<TemporaryMedia> media = {};
};

/// Whether an operand is a DAW's session: a file that is called as one.
bool is_daw_session(const std::string& path);

/// Reads the session and finds its media; `printed_folder` holds stems called as the tracks, empty: none.
/// Errors: those of reading; bad_input where nothing is left to hear.
Result<DawSession> load_daw_session(const std::string& path, const std::string& printed_folder,
                                    Emptiness emptiness = Emptiness::refuse);

/// The same session with other bytes (of the same document, patched), its media where they were found.
Result<Session> session_of_bytes(const DawSession& like, const std::string& bytes);

/// "song-staged.ardour" beside "song.ardour".
std::string staged_session_path(const std::string& path);

/// Whether the session's faders are elsewhere than at 0 dB, or are automated: somebody has mixed it.
bool was_mixed_by_hand(const SignalFlow& flow);

}  // namespace gainstage
