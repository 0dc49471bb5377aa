// SPDX-License-Identifier: MIT
#include "report_page.h"

namespace gainstage {

std::string_view report_page() { return {}; }

}  // namespace gainstage
