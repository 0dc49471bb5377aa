# SPDX-License-Identifier: MIT
# Builds for 64-bit ARM on another machine, with Debian's cross compiler, and runs the tests under QEMU.
# GAINSTAGE_SYSROOT: a Debian of that architecture with the packages of [build] and [test].
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)

list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES GAINSTAGE_SYSROOT)
set(CMAKE_SYSROOT ${GAINSTAGE_SYSROOT})
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${GAINSTAGE_SYSROOT})
set(ENV{PKG_CONFIG_LIBDIR} ${GAINSTAGE_SYSROOT}/usr/lib/aarch64-linux-gnu/pkgconfig:${GAINSTAGE_SYSROOT}/usr/share/pkgconfig)

set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64 -L ${GAINSTAGE_SYSROOT})
