// SPDX-License-Identifier: MIT
// How a pan spreads a sound over two channels.
#pragma once

#include <array>
#include <cstddef>

#include "session/signal_flow.h"

namespace gainstage {

/// Amplitude from each channel that goes in to the two that come out.
struct PanMatrix {
  std::array<std::array<double, 2>, 2> gains{};  ///< [in][out]; of one channel that goes in only [0].
};

/// Of a sound of one or two channels, at a position from -1 (left) to 1 (right).
///
/// - `none`: one channel to both, two straight through.
/// - `ardour`, one channel: at x = 0 .. 1 from the left, right = x (s x + 1 - s), left the same of 1 - x,
/// with
///   s = 2 - 4 * 10^(-3/20): -3 dB at the centre, 0 dB at the ends. Two channels: each so, at the position
///   less and plus half the width.
/// - `ardour_balance`: of two channels the far one falls linearly to nothing; the near one stays.
/// - `reaper`: the same balance, times a gain that runs straight from the centre's to 0 dB at a side; where
/// the law is
///   compensated, from 0 dB to that of a side. How it runs in between is not documented; the ends are.
/// - `dawproject`: a balance without a gain at the centre, as Bitwig's tracks have it.
PanMatrix pan_matrix(const Pan& pan, std::size_t channels, double position);

/// Position over time.
double position_at(const Pan& pan, double seconds);

}  // namespace gainstage
