// SPDX-License-Identifier: MIT
// Whether a change of level before an insert is the same change behind it.
#pragma once

#include <string_view>

#include "session/signal_flow.h"

namespace gainstage {

/// By the words of a plug-in's name, its maker's usual product names, and its identifier.
///
/// - `linear`: gain and utility, equalisers and filters, delays, reverbs, chorus, phaser and other
/// modulation, pan and
///   width, meters. A dB before it is a dB behind it, so gain may move on either side. What level it gives
///   out is not known all the same: only plain gain at 0 dB passes levels through, and that can't be told
///   from a name.
/// - `non_linear`: compressors, limiters, gates, expanders, de-essers, saturation, distortion, amplifiers,
/// tape,
///   channel strips and consoles, exciters, pitch correction. Their sound depends on the level that goes in.
/// - `unknown`: anything else; to be treated as non-linear.
///
/// Where words of both kinds are in a name ("tape delay", "dynamic EQ") it is non-linear.
Insert::Kind insert_kind(std::string_view name, std::string_view identifier);

/// Whether a strip has an enabled insert before (or behind) its fader that level matters to.
bool has_non_linear_insert(const Strip& strip, bool is_after_fader);
/// Whether a strip has any enabled insert there.
bool has_insert(const Strip& strip, bool is_after_fader);

}  // namespace gainstage
