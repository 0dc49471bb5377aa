// SPDX-License-Identifier: MIT
// The fields of a message from a page. Nothing in it is trusted: every field is looked at here before it is
// used.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "stage_table.h"

namespace gainstage::desk {

/// Errors of all: usage, with what was found and what is expected.
class Message {
 public:
  explicit Message(const Json& json) : json_(json) {}

  bool has(const char* name) const { return json_.is_object() && json_.contains(name); }
  Result<std::string> text(const char* name) const;  ///< At most 200 bytes, no control characters.
  Result<std::optional<std::string>> text_or_null(const char* name) const;
  Result<bool> flag(const char* name) const;
  Result<bool> flag(const char* name, bool fallback) const;  ///< Where it is absent.
  Result<double> number(const char* name, double least, double greatest) const;
  Result<std::optional<double>> number_or_null(const char* name, double least, double greatest) const;
  Result<std::size_t> strip(const StageTable& table) const;
  Result<std::optional<std::size_t>> strip_or_null(const StageTable& table) const;
  Result<std::optional<double>> gesture() const;
  const Json& json() const { return json_; }

 private:
  const Json& json_;
};

/// A piece of what a page sent, fit to be shown in a sentence.
std::string shown(const Json& json);

}  // namespace gainstage::desk
