// SPDX-License-Identifier: MIT
// Where text goes: results to stdout, everything else to stderr.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "report/text_table.h"
#include "workspace/error_sentence.h"

namespace gainstage::cli {

enum class Verbosity { normal, quiet };

/// Thread: main, but error().
class Console {
 public:
  Console();
  void set_verbosity(Verbosity verbosity) { verbosity_ = verbosity; }

  bool is_quiet() const { return verbosity_ == Verbosity::quiet; }
  bool has_progress() const;  ///< stderr is a terminal, and nothing was said against it.
  const TextStyle& style() const { return style_; }              ///< Of stdout.
  const TextStyle& error_style() const { return error_style_; }  ///< Of stderr.

  /// A result, for people: not printed when quiet.
  void print(std::string_view text);
  /// A result that was asked for by --json.
  void print_json(std::string_view text);
  /// Something to know, on stderr; not when quiet.
  void note(std::string_view text);
  void warn(std::string_view sentence);
  void error(const Error& error);
  /// Hands all results to the system. Errors: io when it does not take them; a reader that has gone away is
  /// none.
  Result<void> flush();

 private:
  Verbosity verbosity_ = Verbosity::normal;
  TextStyle style_;
  TextStyle error_style_;
  std::string results_;
};

}  // namespace gainstage::cli
