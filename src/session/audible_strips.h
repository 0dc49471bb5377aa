// SPDX-License-Identifier: MIT
// Mute and solo: which strips are heard.
#pragma once

#include <vector>

#include "session/signal_flow.h"

namespace gainstage {

/// One a strip. Where nothing is soloed, all are. Else those that are soloed (by themselves or by a VCA they
/// follow), solo-safe, feed a soloed strip or are fed by one, by outputs or sends, and the master. Mutes are
/// not in it: they may be automated (see mute_factor()).
std::vector<bool> unsilenced_by_solo(const SignalFlow& flow);

/// 0 where the strip is muted at this time, by itself or by a VCA it follows; else 1. A muted strip sends
/// nothing either, unless the send says that it goes on.
double mute_factor(const SignalFlow& flow, const Strip& strip, double seconds);

/// What the VCAs a strip follows make of its fader, those that they follow in turn among them.
double vca_ratio(const SignalFlow& flow, const Strip& strip, double seconds);

/// The VCAs a strip follows, directly or not, each once, in rising order.
std::vector<std::size_t> followed_vcas(const SignalFlow& flow, const Strip& strip);

}  // namespace gainstage
