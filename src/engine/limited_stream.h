// SPDX-License-Identifier: MIT
// The limiter in a stream of blocks, its delay taken out: frame 0 in is frame 0 out. Internal to the room.
#pragma once

#include <span>
#include <vector>

#include "base/audio_view.h"
#include "mix/limiter.h"
#include "session/session.h"

namespace gainstage {

class LimitedStream {
 public:
  /// What comes out: less than went in at the beginning, the rest as the tail.
  struct Block {
    AudioView<float> samples;
    std::span<const float> gain_ratios;  ///< Of each frame, 1 where nothing was done.
  };

  LimitedStream(const Session& session, std::size_t max_block_frames, Db ceiling);

  /// In place. The result is valid until the next call.
  Block process(AudioView<float> block);
  /// After the last block: what the limiter still holds, until has_tail() is false.
  bool has_tail() const { return tail_ > 0; }
  Block next_tail();

 private:
  Limiter limiter_;
  std::size_t to_drop_;
  std::size_t tail_;
  std::vector<float> ratios_;
  AudioBuffer silence_;
};

}  // namespace gainstage
