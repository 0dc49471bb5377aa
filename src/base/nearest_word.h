// SPDX-License-Identifier: MIT
// What a misspelt word probably was meant to be, for the sentences of errors.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gainstage {

/// The word of `known` that is fewest edits away (a letter put in, left out, replaced, or swapped with the
/// next), if those are at most 3 and less than half of the word's letters. Thread: any.
std::optional<std::string> nearest_word(std::string_view word, std::span<const std::string> known);

}  // namespace gainstage
