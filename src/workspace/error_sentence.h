// SPDX-License-Identifier: MIT
// An error as it is told to people.
#pragma once

#include <string>

#include "base/error.h"

namespace gainstage {

/// The sentence with the file it is about in front, unless it names it.
std::string sentence_of(const Error& error);

}  // namespace gainstage
