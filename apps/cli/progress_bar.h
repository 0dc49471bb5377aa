// SPDX-License-Identifier: MIT
// One line on stderr that says how far the work is; only on a terminal, and only for work of more than a
// second.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "console.h"
#include "engine/progress.h"

namespace gainstage::cli {

/// Gone without a trace when it ends.
class ProgressBar {
 public:
  explicit ProgressBar(const Console& console);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// To be put into WorkOptions; lives as long as the bar. Empty when nobody would see it.
  Progress progress();
  void clear();

 private:
  void show(std::string_view what, double share);

  const Console& console_;
  std::chrono::steady_clock::time_point begin_;
  std::chrono::steady_clock::time_point next_;
  bool is_shown_ = false;
};

}  // namespace gainstage::cli
