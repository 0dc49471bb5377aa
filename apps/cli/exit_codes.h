// SPDX-License-Identifier: MIT
// What the exit codes mean, for --help and the manual.
#pragma once

#include <array>
#include <string_view>

namespace gainstage::cli {

struct ExitCode {
  std::string_view code;
  std::string_view meaning;
};

inline constexpr std::array exit_codes{
    ExitCode{"0", "Done; a check passed."},
    ExitCode{"1", "A check failed, or the target was not reached under --strict."},
    ExitCode{"2", "Wrong use: an unknown option, a value that is not understood."},
    ExitCode{"3", "Bad input: a file or folder that can't be understood."},
    ExitCode{"4", "The system could not read or write: no space, no permission, the output exists."},
    ExitCode{"130", "Interrupted; nothing half-written is left."},
};

}  // namespace gainstage::cli
