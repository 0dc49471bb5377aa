// SPDX-License-Identifier: MIT
// Errors as values. A sentence says what was found, what was expected, and what to do.
#pragma once

#include <optional>
#include <string>
#include <tl/expected.hpp>

namespace gainstage {

/// What kind of failure it is; the command line's exit codes follow from it.
enum class ErrorCode {
  usage,      ///< An option or argument is wrong (exit 2).
  bad_input,  ///< A file or session can't be understood or used (exit 3).
  io,         ///< The system refused to read or write (exit 4).
  cancelled,  ///< The user stopped the work (exit 130).
};

/// Where something was found. Empty or absent: not applicable. Made as {.file = path, .seconds = 1.5}.
struct Where {
  std::string file = {};
  std::string track = {};
  std::optional<std::size_t> line = {};
  std::optional<double> seconds = {};
};

struct Error {
  ErrorCode code = ErrorCode::bad_input;
  std::string sentence;
  Where where;
};

template <typename T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> failure(ErrorCode code, std::string sentence, Where where = {}) {
  return tl::unexpected<Error>(Error{code, std::move(sentence), std::move(where)});
}

}  // namespace gainstage
