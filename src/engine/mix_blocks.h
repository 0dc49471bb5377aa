// SPDX-License-Identifier: MIT
// The sums of a session, block by block: of all tracks, or after every step of the build. Internal to the
// room.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "base/audio_view.h"
#include "engine/mix_sources.h"
#include "mix/mix_plan.h"

namespace gainstage {

class MixBlocks {
 public:
  /// As long as the longest track of the session; tracks that are in no step are not read.
  static Result<MixBlocks> open(const Session& session, std::vector<std::vector<MixOperation>> steps,
                                NonFinite non_finite, Job& job);

  /// Reads the next block and sums it: mixes[i] is the sum of the steps 0 .. i. Returns its frames; 0 at the
  /// end. `meanwhile`, if there is any, is called once while it is summed, unless it is the end.
  Result<std::size_t> next(std::span<AudioBuffer> mixes, Job& job,
                           const std::function<void()>& meanwhile = nullptr);

  std::size_t max_block_frames() const { return sources_.max_block_frames(); }
  double share_done() const;

 private:
  MixBlocks(MixSources sources, const Session& session, std::vector<std::vector<MixOperation>> steps);

  MixSources sources_;
  std::vector<std::vector<MixOperation>> steps_;
  MixSums sums_;
  double expected_frames_;
  Frames frames_done_ = 0;
};

}  // namespace gainstage
