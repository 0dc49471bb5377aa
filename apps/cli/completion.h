// SPDX-License-Identifier: MIT
// Completion scripts for shells, made from the table of options.
#pragma once

#include <string>
#include <string_view>

namespace gainstage::cli {

std::string bash_completion();
std::string zsh_completion();

/// The text as one word of a shell: quoted where it needs to be, and not taken for an option.
std::string shell_word(std::string_view text);

}  // namespace gainstage::cli
