// SPDX-License-Identifier: MIT
// The gates of BS.1770-5 and Tech 3342 as pure functions of block energies, so that a meter and a plan agree:
// the loudness of a signal at another gain follows from the same energies.
#pragma once

#include <span>
#include <vector>

#include "base/units.h"

namespace gainstage {

/// A gating block or momentary reading is 4 hops of 100 ms, a short-term reading 30.
inline constexpr std::size_t momentary_hops = 4;
inline constexpr std::size_t short_term_hops = 30;

/// Integrated loudness (BS.1770-5, equations 3 to 7) of a signal after `gain`.
///
/// `hop_energies` are channel-weighted, K-weighted mean squares of consecutive 100 ms hops; blocks are 400 ms
/// (4 hops) overlapping by 75 %. Gates: over -70 LUFS, then over the mean of what passed less 10 LU.
/// Minus infinity when nothing passes or the signal is shorter than a block.
Lufs integrated_loudness(std::span<const double> hop_energies, Db gain = {});

/// How many of the gating blocks that count for the integrated loudness each hop lies in, 0 to 4.
std::vector<double> gated_blocks_of_hops(std::span<const double> hop_energies);

/// Loudness range in LU (EBU Tech 3342) of a signal after `gain`, from the same 100 ms hops.
///
/// Short-term windows of 3 s every 100 ms; gates at -70 LUFS and 20 LU under the mean of what passed (both
/// inclusive); 95th less 10th percentile. Zero when fewer than two windows pass.
///
/// Tech 3342 advises 1.5 s of silence after a file, so that a meter with a delay sees its end. Nothing is
/// delayed here, so none is added; as with ffmpeg, a short file's range then tells of its sound only.
Db loudness_range(std::span<const double> hop_energies, Db gain = {});

}  // namespace gainstage
