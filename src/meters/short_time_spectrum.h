// SPDX-License-Identifier: MIT
// Energy spectra of overlapping frames, shared by what looks at frequencies.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "base/audio_view.h"
#include "base/units.h"
#include "dsp/complex_fft.h"

namespace gainstage {

/// A sine window of twice a hop, and the transform of what it lets through. Scratch memory of its own: not on
/// two threads at once, but for any number of signals in turn.
struct ShortTimeTransform {
  explicit ShortTimeTransform(double hop_frames);

  static std::size_t window_frames(double hop_frames);

  AlignedVector<float> window;
  ComplexFft fft;
};

/// Frame k is centred at round(k hop_frames) and twice a hop long, under a sine window: the frames' energies
/// add up to the signal's, no sample counts more than another. The first frame is centred at the start.
class ShortTimeSpectrum {
 public:
  void prepare(std::size_t channels, double hop_frames);  // [main]
  void reset() noexcept;                                  // [rt]

  std::size_t bins() const noexcept { return fft_length_ / 2 + 1; }
  std::size_t window_frames() const noexcept { return window_frames_; }
  std::size_t fft_length() const noexcept { return fft_length_; }

  /// Energies by bin (both of a real signal's halves), channels summed; and of the side (L - R) / sqrt 2 for
  /// two channels, so that mid and side add up to the whole. Valid until the next frame.
  class Frame {
   public:
    /// Adds `share` of them. Digital silence has none; `side` is left alone unless there are two channels.
    /// [rt]
    void add_to(float share, std::span<float> energy, std::span<float> side) const noexcept;

   private:
    friend class ShortTimeSpectrum;
    const ShortTimeSpectrum* spectrum = nullptr;
    const ComplexFft* fft = nullptr;  ///< Null: silence.
  };

  /// Calls on_frame(Frame) for each frame that the block completes. A frame that lies in the block is read
  /// from there. `transform` is of the prepared hop.
  template <typename OnFrame>
  void process(AudioView<const float> block, ShortTimeTransform& transform, OnFrame on_frame) noexcept {
    const auto window = static_cast<Frames>(window_frames_);
    const Frames begin = position_;
    const Frames end = begin + static_cast<Frames>(block.frames);
    while (frame_begin_ + window <= end) {
      if (frame_begin_ >= begin) {
        const auto first = static_cast<std::size_t>(frame_begin_ - begin);
        on_frame(transformed(block.section(first, window_frames_), transform));
      } else {
        append(block.section(0, window_frames_ - filled_), filled_);
        on_frame(transformed(history(), transform));
      }
      advance();
    }
    // What the next frame needs of the block.
    const auto first = static_cast<std::size_t>(std::max(Frames{0}, frame_begin_ - begin));
    append(block.section(first, block.frames - first), filled_);
    filled_ += block.frames - first;
    position_ = end;
  }

  /// Adds silence until every sample has been in all of its frames.
  template <typename OnFrame>
  void finish(ShortTimeTransform& transform, OnFrame on_frame) noexcept {
    while (frame_begin_ < position_) {
      append_silence();
      on_frame(transformed(history(), transform));
      advance();
    }
  }

 private:
  void append(AudioView<const float> part, std::size_t at) noexcept;
  void append_silence() noexcept;
  Frame transformed(AudioView<const float> frame, ShortTimeTransform& transform) noexcept;
  void transform_pair(AudioView<const float> frame, std::size_t channel,
                      ShortTimeTransform& transform) const noexcept;
  void advance() noexcept;
  Frames begin_of(Frames frame) const noexcept;
  AudioView<const float> history() const noexcept { return history_.view(); }

  double hop_frames_ = 1920.0;
  std::size_t channels_ = 0;
  std::size_t window_frames_ = 0;
  std::size_t fft_length_ = 0;
  AlignedVector<float> silence_;  ///< Beside the last of an odd number of channels.
  AudioBuffer history_;           ///< A window's length of each channel, from frame_begin_ on.
  std::vector<float> energy_;     ///< Where one transform does not hold all channels.
  std::size_t filled_ = 0;        ///< Of the history: from frame_begin_ to position_.
  Frames frame_ = 0;
  Frames frame_begin_ = 0;
  Frames position_ = 0;  ///< Frames of signal seen.
};

}  // namespace gainstage
