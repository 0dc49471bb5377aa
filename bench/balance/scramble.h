// SPDX-License-Identifier: MIT
// Scramble and recover: how near a way of setting levels comes to the balance a human chose.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "session/session.h"
#include "staging/measurements.h"
#include "staging/options.h"
#include "staging/plan.h"

namespace gainstage::bench {

/// A song whose tracks are measured at the level they have in the human mix.
struct Song {
  std::string name;
  Session session;
  Measurements measurements;
  std::vector<Db> to_mix_level;  ///< What the files themselves are off that level by, to be added.
};

/// What would be measured were each track first changed by its gain. Levels shift, energies scale; what
/// doesn't depend on level (clipped runs, pairs, features) stays. Exact but for BS.1770's absolute gate.
Measurements scaled(const Measurements& measurements, std::span<const Db> gains);

/// Uniform in +-12 dB, the same for the same seed on every machine.
std::vector<Db> random_gains(std::size_t count, std::uint64_t seed);

/// Ways to set levels. All give relative gains, one a track.
enum class Method { staging, nothing, equal_loudness, equal_rms };
inline constexpr Method methods[] = {Method::staging, Method::nothing, Method::equal_loudness,
                                     Method::equal_rms};
std::string_view to_string(Method method);

/// The plan of balance() and anchor(), the low end taken to be at the anchor already.
Balance plan(const Song& song, const Measurements& scrambled, const StagingOptions& options);

/// Relative gains of a method on scrambled measurements; `staged` is plan() of the same.
std::vector<Db> gains_of(Method method, const Measurements& scrambled, const Balance& staged);

/// Signed error of each track: scramble + gain, less the mean of that over the tracks that sound. Not finite
/// for silent tracks, which count nowhere.
std::vector<double> errors(std::span<const Db> scramble, std::span<const Db> gains, const Balance& staged);

struct Score {
  double mean_absolute_db = 0.0;
  double root_mean_square_db = 0.0;
  double percentile_90_db = 0.0;  ///< Of the absolute errors.
};
Score score(std::span<const double> errors);

}  // namespace gainstage::bench
