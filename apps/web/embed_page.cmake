# SPDX-License-Identifier: MIT
# Writes OUTPUT, a C++ source with the bytes of PAGE. Needs nothing but CMake.
file(READ ${PAGE} bytes HEX)
if(bytes STREQUAL "")
  message(FATAL_ERROR "${PAGE} is empty")
endif()
string(REPEAT "[0-9a-f]" 192 line)
string(REGEX REPLACE "(${line})" "\\1\"\n\"" lines "${bytes}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" lines "${lines}")
file(WRITE ${OUTPUT}.new
"// SPDX-License-Identifier: MIT
// Made from the page that Vite built.
#include \"report_page.h\"

namespace gainstage {
namespace {

constexpr char page[] =
\"${lines}\";

}  // namespace

std::string_view report_page() { return {page, sizeof(page) - 1}; }

}  // namespace gainstage
")
file(RENAME ${OUTPUT}.new ${OUTPUT})
