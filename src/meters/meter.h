// SPDX-License-Identifier: MIT
// What every meter offers. One shape, checked by the compiler, no base class.
#pragma once

#include <concepts>

#include "base/audio_view.h"

namespace gainstage {

/// prepare() [main] allocates; process() and reset() [rt] don't, unless a meter that keeps a history says
/// otherwise. Laws: a reading does not depend on how the signal was cut into blocks; reset() equals freshly
/// prepared. Samples are finite: who reads files replaces what is not.
template <typename T>
concept Meter = requires(T meter, Format format, AudioView<const float> block) {
  { meter.prepare(format) } -> std::same_as<void>;
  { meter.process(block) }
  noexcept;
  { meter.reset() }
  noexcept;
};

/// For how long a history has room when prepared, if not told. A longer signal makes process() allocate.
inline constexpr double default_history_seconds = 600.0;

}  // namespace gainstage
