# SPDX-License-Identifier: MIT
# What is installed and packaged: the program (component gainstage), and the rooms of src/ as a library (component
# gainstage-dev) for find_package(gainstage) and pkg-config. Both descriptions follow from what the rooms link.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# Libraries that a room may link: target, its package for find_dependency, its pkg-config module (- for none).
set(known_libraries
    "tl::expected tl-expected -"
    "fmt::fmt fmt fmt"
    "nlohmann_json::nlohmann_json nlohmann_json nlohmann_json"
    "Threads::Threads Threads -")

get_property(rooms GLOBAL PROPERTY GAINSTAGE_ROOMS)
set(libraries)
foreach(room IN LISTS rooms)
  get_target_property(links gainstage_${room} LINK_LIBRARIES)
  list(APPEND libraries ${links})
endforeach()
list(FILTER libraries EXCLUDE REGEX "^(gainstage(_|::)|links-NOTFOUND)")
list(REMOVE_DUPLICATES libraries)
list(SORT libraries)

set(GAINSTAGE_FIND_DEPENDENCIES)
set(GAINSTAGE_PC_REQUIRES)
foreach(library IN LISTS libraries)
  if(library MATCHES "^PkgConfig::(.+)$")
    set(module ${${CMAKE_MATCH_1}_MODULE_NAME})
    string(APPEND GAINSTAGE_FIND_DEPENDENCIES
           "pkg_check_modules(${CMAKE_MATCH_1} REQUIRED IMPORTED_TARGET ${module})\n")
    list(APPEND GAINSTAGE_PC_REQUIRES ${module})
    continue()
  endif()
  set(known ${known_libraries})
  list(FILTER known INCLUDE REGEX "^${library} ")
  if(NOT known)
    message(FATAL_ERROR "A room links ${library}, which cmake/GainstageInstall.cmake does not know. Add it to the table.")
  endif()
  separate_arguments(known)
  list(GET known 1 package)
  list(GET known 2 module)
  string(APPEND GAINSTAGE_FIND_DEPENDENCIES "find_dependency(${package})\n")
  if(NOT module STREQUAL "-")
    list(APPEND GAINSTAGE_PC_REQUIRES ${module})
  endif()
endforeach()
list(JOIN GAINSTAGE_PC_REQUIRES ", " GAINSTAGE_PC_REQUIRES)

# A static library comes before those it needs; src/CMakeLists.txt adds the rooms the other way round.
set(GAINSTAGE_PC_LIBS)
set(names ${rooms})
list(REVERSE names)
foreach(room IN LISTS names)
  string(APPEND GAINSTAGE_PC_LIBS " -lgainstage_${room}")
endforeach()

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/gainstage)
list(TRANSFORM rooms PREPEND gainstage_ OUTPUT_VARIABLE room_targets)
install(TARGETS ${room_targets} EXPORT gainstageTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT gainstage-dev)
install(EXPORT gainstageTargets NAMESPACE gainstage:: DESTINATION ${package_dir} COMPONENT gainstage-dev)
foreach(room IN LISTS rooms)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/src/${room} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/gainstage
          COMPONENT gainstage-dev FILES_MATCHING PATTERN "*.h" PATTERN "*-inl.h" EXCLUDE)
endforeach()
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/gainstageConfig.cmake.in
                              ${PROJECT_BINARY_DIR}/gainstageConfig.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/gainstageConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/gainstageConfig.cmake ${PROJECT_BINARY_DIR}/gainstageConfigVersion.cmake
        DESTINATION ${package_dir} COMPONENT gainstage-dev)
file(RELATIVE_PATH GAINSTAGE_PC_TO_PREFIX /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
configure_file(${PROJECT_SOURCE_DIR}/cmake/gainstage.pc.in ${PROJECT_BINARY_DIR}/gainstage.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/gainstage.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
        COMPONENT gainstage-dev)

install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/gainstage RENAME copyright
        COMPONENT gainstage)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/gainstage-dev RENAME copyright
        COMPONENT gainstage-dev)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_VENDOR "The Gainstage authors")
set(CPACK_PACKAGE_CONTACT "The Gainstage authors <gainstage@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL gainstage gainstage-dev)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_GAINSTAGE_PACKAGE_NAME gainstage)
set(CPACK_DEBIAN_GAINSTAGE_PACKAGE_SECTION sound)
set(CPACK_DEBIAN_GAINSTAGE_PACKAGE_SHLIBDEPS ON)
# What is loaded only when it is needed is not among the libraries that were linked: libzip.so.4 is in libzip4.
string(REPLACE ".so." "" CPACK_DEBIAN_GAINSTAGE_PACKAGE_DEPENDS ${GAINSTAGE_ZIP_LIBRARY})
set(CPACK_COMPONENT_GAINSTAGE_DESCRIPTION
    "Sets the levels of a multitrack session from the low end up, raises the mix to a delivery target\n\
and says why it moved every dB.")
set(CPACK_DEBIAN_GAINSTAGE-DEV_PACKAGE_NAME gainstage-dev)
set(CPACK_DEBIAN_GAINSTAGE-DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_GAINSTAGE-DEV_PACKAGE_DEPENDS
    "libexpected-dev, libfmt-dev, libhwy-dev, libpugixml-dev, libsndfile1-dev, libsoxr-dev, libzip-dev, nlohmann-json3-dev")
set(CPACK_COMPONENT_GAINSTAGE-DEV_DESCRIPTION
    "Headers and static libraries of gainstage: meters, the staging method and the engine that renders.")
if(PROJECT_IS_TOP_LEVEL)
  include(CPack)
endif()
