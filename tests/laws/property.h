// SPDX-License-Identifier: MIT
// RapidCheck from a fixed seed, inside GoogleTest.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/detail/Configuration.h>

#include <cmath>
#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/units.h"

namespace gainstage::test {

/// Checks the property on that many cases, the same ones in every run unless the environment's RC_PARAMS says
/// else ("seed=7 max_success=100"). A case takes a second and its values are few, so a counterexample is
/// shown as it was found instead of being made smaller by a hundred tries.
template <typename Property>
void holds(int cases, Property property) {
  rc::detail::Configuration defaults;
  defaults.testParams.maxSuccess = cases;
  defaults.testParams.disableShrinking = true;
  setenv("RC_PARAMS", "seed=1770", 0);  // RapidCheck prints the seed it finds there.
  const auto params = rc::detail::configFromString(std::getenv("RC_PARAMS"), defaults).testParams;
  const rc::detail::TestResult result =
      rc::detail::checkTestable(std::move(property), rc::detail::TestMetadata{}, params);
  if (result.is<rc::detail::SuccessResult>()) return;
  std::ostringstream message;
  rc::detail::printResultMessage(result, message);
  ADD_FAILURE() << message.str();
}

/// Evenly in low..high, in steps of a ten thousandth.
inline rc::Gen<double> between(double low, double high) {
  constexpr int steps = 10000;
  return rc::gen::map(rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, steps + 1)),
                      [=](int step) { return low + (high - low) * static_cast<double>(step) / steps; });
}

/// Evenly in low..high, both included.
inline rc::Gen<std::size_t> whole_between(std::size_t low, std::size_t high) {
  return rc::gen::resize(rc::kNominalSize, rc::gen::inRange(low, high + 1));
}

inline rc::Gen<std::vector<double>> gains_between(std::size_t count, double low, double high) {
  return rc::gen::container<std::vector<double>>(count, between(low, high));
}

inline void must_be_near(double found, double expected, double tolerance, std::string_view what) {
  if (found == expected || std::abs(found - expected) <= tolerance) return;
  RC_FAIL(fmt::format("{}: {:.17g}, expected {:.17g} within {}", what, found, expected, tolerance));
}

/// The value, or a failed property with the error's sentence.
template <typename T>
T value_of(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().sentence);
  return std::move(*result);
}

}  // namespace gainstage::test
