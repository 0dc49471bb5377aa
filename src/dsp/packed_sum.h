// SPDX-License-Identifier: MIT
// Samples as they lie in files, times a ratio each, summed in double precision: the inside of a mix.
#pragma once

#include <cstddef>
#include <span>

#include "base/audio_view.h"
#include "dsp/packed_samples.h"

namespace gainstage {

/// Where a source's samples go.
enum class Spread {
  straight,  ///< Sample i to sum i: as many channels as the sums have.
  twice,     ///< Sample i to the sums 2 i and 2 i + 1: mono on two channels.
};

struct PackedSource {
  std::span<const std::byte> bytes;  ///< May go on beyond what is summed; whole vectors are read only within.
  double ratio = 1.0;
};

/// True for the formats that add_packed() takes: signed16, signed24 and float32.
bool can_add_packed(PackedSample kind) noexcept;

/// sums[i] += ratio * sample, source after source, for all sums. Every product and every sum is rounded to
/// double, on every machine; so the result depends on the order of the sources and on nothing else. Samples
/// are +-1 full scale and must be finite. [rt]
void add_packed(PackedSample kind, Spread spread, std::span<const PackedSource> sources,
                std::span<double> sums) noexcept;

/// Interleaved sums to planar floats, rounded once. sums.size() is out.channels x out.frames. [rt]
void round_sums(std::span<const double> sums, AudioView<float> out) noexcept;

}  // namespace gainstage
