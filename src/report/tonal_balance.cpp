// SPDX-License-Identifier: MIT
#include "report/tonal_balance.h"

#include <cmath>

namespace gainstage {
namespace {

// Mean 1/3-octave band energy of popular mixes re the 1 kHz band, dB: the MUSDB18 stems' published mean
// spectra, put together at the mean stem balance of commercial mixes. It falls by 4.2 dB an octave per hertz
// from 100 Hz to 4 kHz.
constexpr ThirdOctaves popular_mix_db{-10.9, -9.1, -7.3, -5.5, -2.8, -0.9,  1.1,   2.3,   2.3,  1.8,  1.4,
                                      0.9,   1.2,  1.4,  1.7,  1.5,  0.7,   0.0,   -0.9,  -1.5, -2.5, -2.4,
                                      -3.5,  -5.2, -8.1, -8.8, -9.5, -10.7, -13.6, -18.4, -24.9};

constexpr double lowest_hz = 40.0;
constexpr double highest_hz = 16000.0;

}  // namespace

std::optional<ThirdOctaves> tonal_balance_target(const ThirdOctaves& powers) {
  double sum = 0.0;
  int bands = 0;
  for (std::size_t band = 0; band < powers.size(); ++band) {
    const double centre_hz = third_octave_centres_hz[band];
    if (centre_hz < lowest_hz || centre_hz > highest_hz || !(powers[band] > 0.0)) continue;
    sum += power_to_db(powers[band]).value - popular_mix_db[band];
    ++bands;
  }
  if (bands == 0) return std::nullopt;
  ThirdOctaves target = popular_mix_db;
  for (double& level : target) level += sum / bands;
  return target;
}

}  // namespace gainstage
