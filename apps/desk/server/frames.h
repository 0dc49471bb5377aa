// SPDX-License-Identifier: MIT
// The binary frames of docs/desk-api.md, as bytes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "desk/scope/scope.h"
#include "engine/live/live_desk.h"

namespace gainstage::desk {

enum class SampleFormat : std::uint8_t { float32, int16 };

/// A block of the mix on its way to pages: two channels, interleaved.
struct AudioChunk {
  std::uint64_t number = 0;  ///< Of all that were made; a gap is what was dropped.
  LiveBlock block = {};
  std::vector<float> samples = {};
};

/// `sequence` is the page's own.
std::string audio_frame(const AudioChunk& chunk, SampleFormat format, std::uint32_t sequence);
std::string meter_frame(const LiveLook& look, double monitor_ratio);

inline constexpr std::uint16_t master_strip = 65535;
std::string scope_frame(const Scope& scope, std::uint16_t strip);

}  // namespace gainstage::desk
