// SPDX-License-Identifier: MIT
// Text messages from pages: JSON from strangers, taken apart with care.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "desk/server/merge_patch.h"

namespace gainstage::desk {

/// An object with a text `do`, and no id or one that is a number or a short text. Errors: usage, with what is
/// wrong with it; whoever sends such has no business here. Nesting is limited to 16, as the library's copies
/// are recursive.
Result<Json> read_message(std::string_view text);

/// The reply to a message, as JSON text.
std::string reply_text(const Json& message, const Result<void>& outcome);

// Fields of a message. Errors: usage, naming the field.

/// A finite number from `least` to `most`.
Result<double> number_in(const Json& message, const char* field, double least, double most);
/// As number_in(), none where the field is null or absent.
Result<std::optional<double>> optional_number_in(const Json& message, const char* field, double least,
                                                 double most);

}  // namespace gainstage::desk
