# SPDX-License-Identifier: MIT
# Writes OUTPUT, a C++ source with the bytes of every file under FOLDER; PAGE is the one that is served as "/". Needs
# nothing but CMake.
cmake_minimum_required(VERSION 3.25)
file(GLOB_RECURSE files RELATIVE ${FOLDER} ${FOLDER}/*)
list(SORT files)
string(REPEAT "[0-9a-f]" 192 line)
set(arrays)
set(table)
set(number 0)
foreach(name IN LISTS files)
  file(READ ${FOLDER}/${name} bytes HEX)
  string(REGEX REPLACE "(${line})" "\\1\"\n\"" bytes "${bytes}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" bytes "${bytes}")
  string(APPEND arrays "constexpr char file_${number}[] =\n\"${bytes}\";\n\n")
  set(path "/${name}")
  if(name STREQUAL PAGE)
    set(path "/")
  endif()
  string(APPEND table "    WebFile{\"${path}\", {file_${number}, sizeof(file_${number}) - 1}},\n")
  math(EXPR number "${number} + 1")
endforeach()
if(NOT PAGE IN_LIST files)
  message(FATAL_ERROR "${FOLDER} has no ${PAGE}")
endif()
file(WRITE ${OUTPUT}.new
"// SPDX-License-Identifier: MIT
// Made from the files that Vite built.
#include <array>

#include \"desk/server/web_files.h\"

namespace gainstage::desk {
namespace {

${arrays}constexpr std::array files{
${table}};

}  // namespace

std::span<const WebFile> web_files() { return files; }

}  // namespace gainstage::desk
")
file(RENAME ${OUTPUT}.new ${OUTPUT})
