// SPDX-License-Identifier: MIT
#include "staging/text.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace gainstage {
namespace {

template <typename... Arguments>
std::string printed(const char* format, Arguments... arguments) {
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), format, arguments...);
  return buffer.data();
}

}  // namespace

std::string tenth(double value) {
  if (std::isinf(value)) return value < 0.0 ? "-inf" : "inf";
  const double rounded = std::round(value * 10.0) / 10.0;
  return printed("%.1f", rounded == 0.0 ? 0.0 : rounded);
}

std::string signed_db(Db gain) {
  const std::string number = tenth(gain.value);
  return (number.front() == '-' ? "" : "+") + number + " dB";
}

std::string clock_time(double seconds) {
  const double tenths = std::round(seconds * 10.0);
  const long minutes = static_cast<long>(tenths / 600.0);
  return printed("%ld:%04.1f", minutes, (tenths - 600.0 * static_cast<double>(minutes)) / 10.0);
}

}  // namespace gainstage
