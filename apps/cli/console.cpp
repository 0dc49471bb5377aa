// SPDX-License-Identifier: MIT
#include "console.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace gainstage::cli {
namespace {

constexpr std::size_t usual_width = 100;  // Where there is no terminal to ask.

TextStyle style_of(int descriptor) {
  TextStyle style{false, usual_width};
  if (isatty(descriptor) == 0) return style;
  const char* no_colour = std::getenv("NO_COLOR");  // no-color.org: any value but an empty one.
  const char* terminal = std::getenv("TERM");
  const bool is_dumb = terminal && std::string_view(terminal) == "dumb";
  style.has_colour = !(no_colour && *no_colour) && !is_dumb;
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    style.width = std::max<std::size_t>(40, size.ws_col);
  }
  return style;
}

/// Writes all of it; the reason when the system does not take it, else 0.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

/// stderr is the last resort: there is nobody left to tell when it fails.
void write_to_stderr(std::string_view text) { static_cast<void>(write_all(STDERR_FILENO, text)); }

}  // namespace

Console::Console() : style_(style_of(STDOUT_FILENO)), error_style_(style_of(STDERR_FILENO)) {}

bool Console::has_progress() const { return !is_quiet() && isatty(STDERR_FILENO) != 0; }

void Console::print(std::string_view text) {
  if (!is_quiet()) results_ += text;
}

void Console::print_json(std::string_view text) { results_ += text; }

void Console::note(std::string_view text) {
  if (!is_quiet()) write_to_stderr(text);
}

void Console::warn(std::string_view sentence) {
  note(error_style_.paint("warning: ", Ink::caution) + printable(sentence) + '\n');
}

void Console::error(const Error& error) {
  write_to_stderr(error_style_.paint("gainstage: ", Ink::bad) + printable(sentence_of(error)) + '\n');
}

Result<void> Console::flush() {
  const int reason = write_all(STDOUT_FILENO, results_);
  results_.clear();
  if (reason == 0 || reason == EPIPE) return {};
  return failure(ErrorCode::io, fmt::format("the results can't be written to the standard output: {}",
                                            std::strerror(reason)));
}

}  // namespace gainstage::cli
