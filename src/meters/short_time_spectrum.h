// SPDX-License-Identifier: MIT
// Energy spectra of overlapping frames, shared by what looks at frequencies.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "base/audio_view.h"
#include "base/units.h"
#include "dsp/complex_fft.h"

namespace gainstage {

/// Frame k is centred at round(k hop_frames) and twice a hop long, under a sine window: the frames' energies
/// add up to the signal's, no sample counts more than another. The first frame is centred at the start.
class ShortTimeSpectrum {
 public:
  void prepare(std::size_t channels, double hop_frames);  // [main]
  void reset() noexcept;                                  // [rt]

  std::size_t bins() const noexcept { return energy_.size(); }
  std::size_t window_frames() const noexcept { return window_.size(); }
  std::size_t fft_length() const noexcept { return fft_->length(); }
  std::span<const float> window() const noexcept { return window_; }

  /// Energy of each bin (both of a real signal's halves), channels summed; and of the side (L - R) / sqrt 2
  /// for two channels, so that mid and side add up to the whole. Empty spans: digital silence.
  struct Frame {
    std::span<const float> energy;
    std::span<const float> side;
  };

  /// Calls on_frame(Frame) for each frame that the block completes.
  template <typename OnFrame>
  void process(AudioView<const float> block, OnFrame on_frame) noexcept {
    for (std::size_t done = 0; done < block.frames;) {
      const std::size_t count = std::min(block.frames - done, window_.size() - filled_);
      append(block.section(done, count));
      done += count;
      if (filled_ < window_.size()) continue;
      on_frame(transform());
      advance();
    }
  }

  /// Adds silence until every sample has been in all of its frames.
  template <typename OnFrame>
  void finish(OnFrame on_frame) noexcept {
    while (frame_begin_ < position_) {
      append_silence(window_.size() - filled_);
      on_frame(transform());
      advance();
    }
  }

 private:
  void append(AudioView<const float> part) noexcept;
  void append_silence(std::size_t count) noexcept;
  Frame transform() noexcept;
  void load(std::size_t channel, std::span<float> to) noexcept;
  void advance() noexcept;
  Frames begin_of(Frames frame) const noexcept;

  double hop_frames_ = 1920.0;
  std::size_t channels_ = 0;
  std::optional<ComplexFft> fft_;
  std::vector<float> window_;
  std::vector<float> buffers_;  ///< A window's length of each channel, from frame_begin_ on.
  std::vector<float> energy_;
  std::vector<float> side_;
  std::vector<float> pair_energy_;  ///< Scratch: of channels from the third on.
  std::size_t filled_ = 0;
  Frames frame_ = 0;
  Frames frame_begin_ = 0;
  Frames position_ = 0;  ///< Frames of signal seen.
};

}  // namespace gainstage
