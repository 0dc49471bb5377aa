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
# By pkg-config: its CMake file asks for programs that the library does not need.
pkg_check_modules(libzip REQUIRED IMPORTED_TARGET libzip)
pkg_check_modules(hwy REQUIRED IMPORTED_TARGET libhwy)
if(GAINSTAGE_DEVELOPER)
  find_package(rapidcheck REQUIRED)
  find_package(benchmark REQUIRED)
  pkg_check_modules(kissfft REQUIRED IMPORTED_TARGET kissfft-float)
  pkg_check_modules(ebur128 REQUIRED IMPORTED_TARGET libebur128)
endif()
