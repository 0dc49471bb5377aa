// SPDX-License-Identifier: MIT
// Names that can be shown and written to JSON, from whatever bytes a file system holds.
#pragma once

#include <string>
#include <string_view>

namespace gainstage {

/// The same text where it is UTF-8 (Unicode 15, table 3-7) without control characters; each byte that is not
/// becomes U+FFFD.
std::string to_printable_utf8(std::string_view bytes);

}  // namespace gainstage
