// SPDX-License-Identifier: MIT
#include "progress_bar.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

namespace gainstage::cli {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds patience{1000};
constexpr milliseconds between{100};

void write_to_terminal(std::string_view text) {
  // A bar that can't be drawn is no loss.
  static_cast<void>(!::write(STDERR_FILENO, text.data(), text.size()));
}

}  // namespace

ProgressBar::ProgressBar(const Console& console)
    : console_(console), begin_(std::chrono::steady_clock::now()), next_(begin_ + patience) {}

ProgressBar::~ProgressBar() { clear(); }

Progress ProgressBar::progress() {
  if (!console_.has_progress()) return {};
  return [this](std::string_view what, double share) { show(what, share); };
}

void ProgressBar::clear() {
  if (is_shown_) write_to_terminal("\r\x1b[K");
  is_shown_ = false;
}

void ProgressBar::show(std::string_view what, double share) {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + between;
  constexpr std::size_t cells = 24;
  const double done = std::clamp(share, 0.0, 1.0);
  const auto full = static_cast<std::size_t>(done * cells);
  std::string bar;
  for (std::size_t cell = 0; cell < cells; ++cell) bar += cell < full ? "━" : "─";
  const std::size_t room =
      console_.error_style().width > cells + 8 ? console_.error_style().width - cells - 8 : 0;
  std::string label(what);
  if (display_width(label) > room) label.clear();
  write_to_terminal(fmt::format("\r\x1b[K{} {:3.0f} % {}", bar, 100.0 * done, label));
  is_shown_ = true;
}

}  // namespace gainstage::cli
