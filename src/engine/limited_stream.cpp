// SPDX-License-Identifier: MIT
#include "engine/limited_stream.h"

#include <algorithm>

namespace gainstage {

LimitedStream::LimitedStream(const Session& session, std::size_t max_block_frames, Db ceiling)
    : ratios_(max_block_frames), silence_(session.channels, max_block_frames) {
  limiter_.prepare({session.sample_rate_hz, session.channels, max_block_frames}, ceiling);
  to_drop_ = limiter_.latency_frames();
  tail_ = to_drop_;
}

LimitedStream::Block LimitedStream::process(AudioView<float> block) {
  const std::span<float> ratios = std::span(ratios_).first(block.frames);
  limiter_.process(block, ratios);
  const std::size_t dropped = std::min(to_drop_, block.frames);
  to_drop_ -= dropped;
  return {block.section(dropped, block.frames - dropped), ratios.subspan(dropped)};
}

LimitedStream::Block LimitedStream::next_tail() {
  const AudioView<float> block = silence_.view(std::min(tail_, silence_.frames()));
  for (std::size_t c = 0; c < block.channels.size(); ++c) std::ranges::fill(block.channel(c), 0.0f);
  tail_ -= block.frames;
  return process(block);
}

}  // namespace gainstage
