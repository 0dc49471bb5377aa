// SPDX-License-Identifier: MIT
// The HTML report's page, as it was when the program was built, and how a report gets into it.
#pragma once

#include <string>
#include <string_view>

namespace gainstage {

/// The page without a report in it. Empty when the program was built with GAINSTAGE_HTML=OFF. Thread: any.
std::string_view report_page();

/// The page with `json` in its data block. The JSON is escaped, so that no text in it (a track's name, a
/// sentence) can end the block. Empty when the page is empty or has no data block.
std::string fill_report_page(std::string_view page, std::string_view json);

}  // namespace gainstage
