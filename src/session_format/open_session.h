// SPDX-License-Identifier: MIT
// A DAW's session of any format there is a reader for.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/error.h"
#include "session_format/ardour/ardour_document.h"
#include "session_format/dawproject/dawproject_document.h"
#include "session_format/patched_session.h"
#include "session_format/reaper/reaper_document.h"

namespace gainstage {

enum class SessionFormat { ardour, reaper, dawproject };

std::string_view to_string(SessionFormat format);
/// ".ardour", ".rpp", ".dawproject".
std::string_view ending_of(SessionFormat format);
/// By the ending of a file's name, in upper or lower case; nothing where it is of no session.
std::optional<SessionFormat> format_of_name(std::string_view file_name);

class OpenSession {
 public:
  /// By content: a zip, "<REAPER_PROJECT" or XML with a Session; `file_name` (the last part of the path)
  /// tells where the content does not, and is named in errors. Errors: bad_input, as the format's reader has
  /// them, or for bytes that are of no format there is.
  static Result<OpenSession> read(std::string bytes, const std::string& file_name);

  SessionFormat format() const { return static_cast<SessionFormat>(document_.index()); }
  const SignalFlow& flow() const;
  const std::string& bytes() const;
  /// Whether a strip is muted, and patch() can end that.
  bool can_unmute(std::size_t strip) const;
  /// `unmuted`: strips that are not muted any more. No change: the same bytes.
  Result<PatchedSession> patch(std::span<const StageChange> changes,
                               std::span<const std::size_t> unmuted = {}) const;

  /// The bytes of a source that lies in the session's own file (`is_in_session`), at most `most_bytes`.
  Result<void> stream_source(std::size_t source, std::uint64_t most_bytes,
                             const std::function<Result<void>(std::string_view)>& sink) const;

 private:
  using Document = std::variant<ArdourDocument, ReaperDocument, DawProjectDocument>;
  explicit OpenSession(Document document) : document_(std::move(document)) {}

  Document document_;
};

}  // namespace gainstage
