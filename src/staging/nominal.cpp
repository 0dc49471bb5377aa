// SPDX-License-Identifier: MIT
#include "staging/nominal.h"

#include <algorithm>

#include "staging/rounding.h"

namespace gainstage {
namespace {

constexpr Db percussive_crest{15.0};
constexpr Db percussive_peak{-10.0};
constexpr Db greatest_peak{-6.0};

}  // namespace

NominalLevel nominal_level(const HeardTrack& track, Db sample_peak, Db zero_vu) {
  if (track.is_silent) return {};
  const Db room = greatest_peak - sample_peak;
  if (track.crest_while_sounding > percussive_crest) {
    return {rounded(percussive_peak - sample_peak), true, false};
  }
  const Db wanted = zero_vu - track.vu_while_sounding;
  return {rounded(std::min(wanted, room)), false, wanted > room};
}

}  // namespace gainstage
