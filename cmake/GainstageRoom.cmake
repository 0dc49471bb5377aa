# SPDX-License-Identifier: MIT

# What every target of the project is compiled with.
function(gainstage_compile_options target)
  # GCC 12 sees overlapping copies in std::string where there are none (its bug 105651), and the use of freed memory in the
  # destructors of vectors that were moved from. The address sanitizer sees both where they are.
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wconversion -Wshadow
                                           $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict;-Wno-use-after-free>)
  # Whether a machine has fused multiply-adds may change no figure.
  target_compile_options(${target} PRIVATE -ffp-contract=off)
  if(GAINSTAGE_DEVELOPER)
    # At -O3 some of GCC's warnings of what happens at run time are wrong, so only the quick builds are stopped by them.
    target_compile_options(${target} PRIVATE $<$<NOT:$<CONFIG:Release>>:-Werror>)
  endif()
endfunction()

# gainstage_room(NAME SOURCES file... [DEPENDS room...] [LINK library...])
# One room of src/ as the static library gainstage::NAME. DEPENDS are other rooms.
function(gainstage_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;DEPENDS;LINK" ${ARGN})
  add_library(gainstage_${name} STATIC ${ROOM_SOURCES})
  add_library(gainstage::${name} ALIAS gainstage_${name})
  set_target_properties(gainstage_${name} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON)
  target_include_directories(gainstage_${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>
                                                      $<INSTALL_INTERFACE:include/gainstage>)
  foreach(room IN LISTS ROOM_DEPENDS)
    target_link_libraries(gainstage_${name} PUBLIC gainstage_${room})
  endforeach()
  target_link_libraries(gainstage_${name} PUBLIC ${ROOM_LINK})
  target_compile_features(gainstage_${name} PUBLIC cxx_std_20)
  gainstage_compile_options(gainstage_${name})
  set_property(GLOBAL APPEND PROPERTY GAINSTAGE_ROOMS ${name})
endfunction()

# gainstage_test(NAME SOURCES file... LINK library... [LABEL slow|bad-input])
# One test program; every case becomes a ctest of its own. Does nothing for users. Label bad-input what reads bytes from
# strangers: scripts/test runs it under the sanitizers too.
function(gainstage_test name)
  if(NOT GAINSTAGE_DEVELOPER)
    return()
  endif()
  cmake_parse_arguments(TEST "" "LABEL" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  target_link_libraries(${name} PRIVATE ${TEST_LINK} GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE GAINSTAGE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  gainstage_compile_options(${name})
  if(TEST_LABEL)
    gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES LABELS ${TEST_LABEL})
    if(TEST_LABEL STREQUAL "bad-input")
      add_dependencies(bad_input_tests ${name})
    endif()
  else()
    gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60)
  endif()
endfunction()

# gainstage_test_on_each_vector(NAME)
# Runs the test program NAME, of gainstage_test(), once for each kind of vectors that kernels are built for; those that the
# machine does not have are skipped.
function(gainstage_test_on_each_vector name)
  if(NOT GAINSTAGE_DEVELOPER)
    return()
  endif()
  target_sources(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/support/vectors_main.cpp)
  target_link_libraries(${name} PRIVATE PkgConfig::hwy)
  foreach(vectors SCALAR SSSE3 SSE4 AVX2 AVX3 NEON)
    add_test(NAME ${name}.on_${vectors} COMMAND ${name} --vectors=${vectors})
    set_tests_properties(${name}.on_${vectors} PROPERTIES SKIP_RETURN_CODE 77 LABELS vectors)
  endforeach()
endfunction()
