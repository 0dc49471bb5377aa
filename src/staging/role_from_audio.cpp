// SPDX-License-Identifier: MIT
#include <algorithm>
#include <numeric>

#include "staging/roles.h"

namespace gainstage {
namespace {

// Profiles by rule of thumb over the spectra of R 4 (bass and kick have most of their energy under 120 Hz,
// the rest of a kit the most over 5 kHz). What the sound alone can tell is never sure.
constexpr double percussive_crest_db = 15.0;
constexpr double low_band_limit_hz = 150.0;
constexpr double high_band_limit_hz = 2500.0;

double share_between(const ThirdOctaves& powers, double low_hz, double high_hz) {
  double inside = 0.0;
  for (std::size_t i = 0; i < powers.size(); ++i) {
    if (third_octave_centres_hz[i] >= low_hz && third_octave_centres_hz[i] < high_hz) inside += powers[i];
  }
  const double total = std::accumulate(powers.begin(), powers.end(), 0.0);
  return total > 0.0 ? inside / total : 0.0;
}

Band band_of_spectrum(const AudioFeatures& features) {
  if (features.median_frequency_hz < low_band_limit_hz) return Band::low;
  if (features.median_frequency_hz > high_band_limit_hz) return Band::high;
  return Band::mid;
}

/// A name that speaks of the low end, on a track that has none of it, or the other way round.
bool contradicts(Band named, const AudioFeatures& features) {
  if (features.median_frequency_hz <= 0.0) return false;
  if (named == Band::low) return features.median_frequency_hz > 1500.0;
  if (named == Band::high) return features.median_frequency_hz < 100.0;
  return false;
}

}  // namespace

NamedRole role_from_audio(const AudioFeatures& features, Db crest) {
  const bool is_percussive = crest.value > percussive_crest_db;
  const double high_share = share_between(features.spectrum, 5000.0, 25000.0);
  if (features.low_energy_share > 0.5) {
    if (is_percussive && features.harmonicity < 0.6) return {Role::kick, 0.55};
    return {Role::bass, 0.6};
  }
  if (high_share > 0.4 && features.flatness > 0.02) {
    return {features.onsets_per_second > 1.5 ? Role::hats : Role::cymbals, 0.5};
  }
  if (is_percussive && features.onsets_per_second > 1.0) {
    return {features.low_energy_share > 0.15 ? Role::drums : Role::percussion, 0.45};
  }
  if (features.harmonicity > 0.7 && features.onsets_per_second < 0.7) return {Role::pad, 0.4};
  return {Role::other, 0.3};
}

RoleGuess guess_role(std::string_view file_name, const AudioFeatures& features, Db crest,
                     std::optional<Role> users) {
  const auto placed = [&](NamedRole role, RoleSource source) {
    return RoleGuess{role.role, info(role.role).band.value_or(band_of_spectrum(features)), role.confidence,
                     source};
  };
  if (users) return placed({*users, 1.0}, RoleSource::user);
  const NamedRole heard = role_from_audio(features, crest);
  const std::optional<NamedRole> named = role_from_name(file_name);
  if (!named) return placed(heard, RoleSource::audio);
  if (const auto band = info(named->role).band; band && contradicts(*band, features)) {
    // The name is doubted: its role stays as a label, the spectrum places it.
    RoleGuess doubted = placed({named->role, 0.4 * named->confidence}, RoleSource::name);
    doubted.band = band_of_spectrum(features);
    return doubted;
  }
  if (named->confidence < heard.confidence) return placed(heard, RoleSource::audio);
  return placed(*named, RoleSource::name);
}

}  // namespace gainstage
