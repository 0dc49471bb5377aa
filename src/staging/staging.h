// SPDX-License-Identifier: MIT
// The method, as pure functions: no file, thread, clock or sample. Peaks of a sum can't be known from its
// parts, so the engine measures twice in between:
//
//   measure tracks -> balance() -> measure the low end -> anchor() -> measure the build -> raise_together()
#pragma once

#include <span>

#include "staging/measurements.h"
#include "staging/options.h"
#include "staging/plan.h"

namespace gainstage {

/// Roles, nominal levels and the relative levels of all tracks, and the order they come in. Options must be
/// resolved.
Balance balance(const Session& session, const Measurements& measurements, const StagingOptions& options);

/// The tracks whose sum is set to the anchor: those of the first step.
std::span<const std::size_t> anchor_tracks(const Balance& balance);

/// Absolute levels: all faders moved by one gain so that the anchor tracks, measured together at the gains of
/// `balance`, read the anchor; then locks, ranges and strength.
Balance anchor(Balance balance, const MixMeasurements& low_end, const StagingOptions& options);

/// How anchor() moves the tracks that sound.
enum class AnchorMove {
  together,  ///< All by one gain: the master at the gains of `balance` is the anchored one but for that gain.
  by_locks,  ///< In whatever way; the low end's reading does not matter.
  apart,     ///< Ranges or the strength hold some of them back.
};
AnchorMove anchor_move(const Balance& balance, const StagingOptions& options);

/// Keeps the mix well under zero, then raises it to the target. `build` holds the master after each step of
/// `anchored`, measured at its gains; `tracks_at_peak` the tracks' levels where the whole mix peaks, loudest
/// first.
GainPlan raise_together(Balance anchored, std::span<const MixMeasurements> build,
                        std::span<const std::size_t> tracks_at_peak, const StagingOptions& options);

/// Through a limiter a raise loses some loudness. `limited` is the mix at plan.raise behind the limiter;
/// returns by how much the raise wants to change to meet the target, 0 dB when it does within 0.02 LU or when
/// more raise can't help.
Db limiter_correction(const GainPlan& plan, const MixMeasurements& limited, const StagingOptions& options);

/// By how much the limiter's ceiling must come down, so that the written file, dither and rounding included,
/// stays under the target's: >= 0 dB. `true_peak` is the greatest any detector reads behind the limiter; up
/// to 0.001 dB over the ceiling counts as none.
Db limiter_ceiling_excess(Db true_peak, const StagingOptions& options);

/// The plan with what was measured behind the limiter as its prediction and outcome.
GainPlan settle_behind_limiter(GainPlan plan, const MixMeasurements& limited, const StagingOptions& options);

}  // namespace gainstage
