# SPDX-License-Identifier: MIT
# Everything comes from the system's packages; nothing is downloaded here.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
# Headers only: Asio and Beast.
if(GAINSTAGE_DESK)
  find_package(Boost 1.74 REQUIRED)
endif()
find_package(tl-expected REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(tomlplusplus REQUIRED)
pkg_check_modules(sndfile REQUIRED IMPORTED_TARGET sndfile)
pkg_check_modules(soxr REQUIRED IMPORTED_TARGET soxr)
pkg_check_modules(pugixml REQUIRED IMPORTED_TARGET pugixml)
# Into the programs where there is an archive of it: a library that is not loaded does not slow their start.
find_library(GAINSTAGE_PUGIXML_ARCHIVE ${CMAKE_STATIC_LIBRARY_PREFIX}pugixml${CMAKE_STATIC_LIBRARY_SUFFIX}
             HINTS ${pugixml_LIBRARY_DIRS})
mark_as_advanced(GAINSTAGE_PUGIXML_ARCHIVE)
if(GAINSTAGE_PUGIXML_ARCHIVE)
  set_target_properties(PkgConfig::pugixml PROPERTIES INTERFACE_LINK_LIBRARIES ${GAINSTAGE_PUGIXML_ARCHIVE})
endif()
# By pkg-config: its CMake file asks for programs that the library does not need.
pkg_check_modules(libzip REQUIRED IMPORTED_TARGET libzip)
# The name it is loaded by when the program runs: libzip.so.4.
execute_process(COMMAND ${CMAKE_OBJDUMP} -p ${pkgcfg_lib_libzip_zip} OUTPUT_VARIABLE facts COMMAND_ERROR_IS_FATAL ANY)
if(NOT facts MATCHES "SONAME +(libzip\\.so\\.[0-9]+)")
  message(FATAL_ERROR "${pkgcfg_lib_libzip_zip} does not say by what name it is to be loaded.")
endif()
set(GAINSTAGE_ZIP_LIBRARY ${CMAKE_MATCH_1})
pkg_check_modules(hwy REQUIRED IMPORTED_TARGET libhwy)
if(GAINSTAGE_DEVELOPER)
  find_package(rapidcheck REQUIRED)
  find_package(benchmark REQUIRED)
  pkg_check_modules(kissfft REQUIRED IMPORTED_TARGET kissfft-float)
  pkg_check_modules(ebur128 REQUIRED IMPORTED_TARGET libebur128)
endif()
