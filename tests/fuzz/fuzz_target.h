// SPDX-License-Identifier: MIT
// What a fuzz target defines. With Clang it links libFuzzer, which searches without end; otherwise
// fuzz_main.cpp, which tries the same mutations at every run, as a test.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

/// Takes any bytes, returns 0. Finding: a crash, a sanitizer's report, a failed assertion, a hang.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

inline std::string_view as_text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}
