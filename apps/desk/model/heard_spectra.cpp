// SPDX-License-Identifier: MIT
#include "heard_spectra.h"

#include <cmath>

#include "engine/mix_spectrum.h"

namespace gainstage::desk {
namespace {

double rounded(double db) { return std::round(100.0 * db) / 100.0; }

/// By how much a track is louder in the mix than behind its fader: what buses and the master do to it.
double in_mix_db(const OpenedSession& opened, const TrackMeasurements& heard, std::size_t strip,
                 const FlowLevels& levels) {
  if (opened.is_stems() || !levels[strip].fader_out) return 0.0;
  const double db = (heard.clip.rms - levels[strip].fader_out->rms).value;
  return std::isfinite(db) ? db : 0.0;
}

}  // namespace

Json spectra_of(const OpenedSession& opened, const Measurements& measurements, const FlowLevels& levels) {
  Json spectra = Json::object();
  const Session& session = opened.session();
  for (std::size_t t = 0; t < session.tracks.size(); ++t) {
    const TrackMeasurements& heard = measurements.tracks[t];
    if (heard.clip.is_silent()) continue;
    const std::size_t strip = *opened.table.strip_of_track(t);
    const double in_mix = in_mix_db(opened, heard, strip, levels);
    Json bands = Json::array();
    for (const double power : spectrum_in_mix(session, session.tracks[t], heard)) {
      bands.push_back(power > 0.0 ? Json(rounded(10.0 * std::log10(power) - in_mix)) : Json());
    }
    spectra[opened.table.strips[strip].id] = {{"fader_out_dbfs", std::move(bands)},
                                              {"in_mix_db", rounded(in_mix)}};
  }
  return spectra;
}

}  // namespace gainstage::desk
