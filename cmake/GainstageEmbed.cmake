# SPDX-License-Identifier: MIT
# Puts a file into a program: gainstage_embed(TARGET FILE NAME) compiles FILE's bytes into TARGET, declared as
#   namespace gainstage::embedded { extern const std::string_view NAME; }
# Run as a script (cmake -P with INPUT, OUTPUT, NAME) it writes the source.
if(CMAKE_SCRIPT_MODE_FILE)
  file(READ "${INPUT}" bytes HEX)
  string(REGEX REPLACE "(................................................................)" "\\1\n" bytes "${bytes}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${bytes}")
  file(WRITE "${OUTPUT}" "#include <string_view>
namespace gainstage::embedded {
namespace {
constexpr char bytes[] = {
${bytes}'\\0'};
}
extern const std::string_view ${NAME};
const std::string_view ${NAME}{bytes, sizeof bytes - 1};
}
")
  return()
endif()

set(GAINSTAGE_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

function(gainstage_embed target file name)
  get_filename_component(input ${file} ABSOLUTE)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded_${name}.cpp)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DINPUT=${input} -DOUTPUT=${output} -DNAME=${name} -P ${GAINSTAGE_EMBED_SCRIPT}
    DEPENDS ${input} ${GAINSTAGE_EMBED_SCRIPT}
    COMMENT "Embedding ${name}"
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
