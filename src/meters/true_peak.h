// SPDX-License-Identifier: MIT
// True peak: the largest level the signal has between and at its samples (BS.1770-5, annex 2).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/audio_view.h"
#include "base/units.h"
#include "dsp/interpolator.h"
#include "dsp/k_weighting_hops.h"
#include "dsp/peak_sieve.h"
#include "dsp/stretch_peak.h"
#include "meters/meter.h"

namespace gainstage {

/// oversampled_16x: at least sixteen times 44.1 or 48 kHz, flat to 20 kHz: never more than 0.15 dB under the
/// continuous signal there. Content between 20 kHz and half the rate reads lower. bs1770_4x: the standard's
/// order 48 and four phases (twice from 96 kHz on, none from 192 kHz on), as a Hann-windowed sinc: the filter
/// of libebur128. The table in the standard is an example of its requirements; on bright material the two
/// differ by some tenths of a decibel.
enum class TruePeakFilter { oversampled_16x, bs1770_4x };

/// Name of the filter for reports.
std::string_view name(TruePeakFilter filter);

/// The filter at a sample rate as it is computed: few phases with many taps, then many phases with few.
struct InterpolatorStages {
  Interpolator first;
  Interpolator second;  ///< Runs on what the first gives; its factor is 1 where one stage is all.
};
InterpolatorStages true_peak_stages(TruePeakFilter filter, double sample_rate_hz);

/// The interpolator that the filter uses at a sample rate, in one step.
Interpolator true_peak_interpolator(TruePeakFilter filter, double sample_rate_hz);

/// The greatest of the samples and of the interpolated signal, per channel since the last reset.
///
/// Regions that can't hold a new maximum are skipped: an output of a filter is never more than the sum of its
/// taps' magnitudes times the greatest sample that went in, nor much more than the two samples it lies
/// between where the signal bends little (InterpolationBound). Of the rest, stretches are searched side by
/// side (StretchPeak): short ones around loud samples, or around what integers tell apart (PeakSieve), or
/// everything. Readings are those of the full computation. The interpolated signal lags the samples by
/// latency_frames(); finish() reads the rest, silence following.
class TruePeakMeter {
 public:
  explicit TruePeakMeter(TruePeakFilter filter = TruePeakFilter::oversampled_16x) : filter_(filter) {}

  void prepare(Format format);                          // [main]
  void process(AudioView<const float> block) noexcept;  // [rt]
  /// As process(block), for a block of hops of one length: what LoudnessMeter tells of the same samples saves
  /// looking at most of them. [rt]
  void process(AudioView<const float> block, std::span<const HopLevels> levels) noexcept;
  /// Whether process(block, levels) may look at the samples of a hop and of the one before it in the block
  /// that comes next, with these levels. It always looks at a block's first and last hop. [rt]
  bool may_look_at(std::size_t channel, const HopLevels& before, const HopLevels& hop,
                   std::size_t hop_frames) const noexcept;
  void finish() noexcept;  // [rt] after the last block, once
  void reset() noexcept;   // [rt]
  /// Readings begin anew; what comes is still interpolated with the samples before. [rt]
  void forget_peaks() noexcept;

  TruePeakFilter filter() const noexcept { return filter_; }
  Frames latency_frames() const noexcept { return first_.factor == 1 ? 0 : static_cast<Frames>(taps_ / 2); }

  Db peak(std::size_t channel) const noexcept { return to_db(peak_ratio(channel)); }
  Db peak() const noexcept { return to_db(peak_ratio()); }  ///< dBTP, greatest channel.
  double peak_ratio(std::size_t channel) const noexcept;
  double peak_ratio() const noexcept;
  double peak_at_seconds() const noexcept;  ///< Where the greatest channel has it first; 0 in silence.

 private:
  struct Maximum {
    float ratio = 0.0f;
    double frame = 0.0;
  };
  struct Channel {
    Maximum sample;
    Maximum between;
    float history_peak = 0.0f;  ///< At least the greatest |sample| in the history.
    float history_bend = 0.0f;  ///< At least the greatest second difference that ends there; -1: unknown.
    unsigned unsurveyed = 0;    ///< Windows to come in which loud places are not looked for,
    unsigned finely = 0;        ///< those that are sieved with all taps,
    unsigned unsieved = 0;      ///< and those that are looked at everywhere at once.
  };

  /// What a window's samples do not go beyond.
  struct Reach {
    float peak = 0.0f;  ///< Greatest |sample|.
    float bend = 0.0f;  ///< Greatest second difference; -1: unknown.
  };

  /// Samples in a row that some outputs depend on: output n depends on taps_ of them, samples[n] first.
  struct Window {
    const float* samples = nullptr;  ///< twice interpolation_slack more may be read.
    std::size_t outputs = 0;
    Frames first_frame = 0;  ///< Of the first output, counted from the last sample that it depends on.
    Reach reach;
  };

  Maximum maximum(const Channel& channel) const noexcept;
  Maximum maximum() const noexcept;
  void process_channel(std::size_t c, std::span<const float> samples) noexcept;
  /// `levels`: of the first hop, those of the channel `stride` apart.
  void process_hops(std::size_t c, std::span<const float> samples, const HopLevels* levels,
                    std::size_t stride, std::size_t hop_frames) noexcept;
  void look_at(std::size_t c, std::span<const float> samples, std::size_t first, std::size_t count,
               Reach reach) noexcept;
  /// Whether an output that depends on such samples can be a new maximum.
  bool promises(const Channel& channel, const Reach& reach) const noexcept;
  void keep_history(std::size_t c, std::span<const float> samples) noexcept;
  void take_samples(Channel& channel, std::span<const float> samples, float peak, Frames first) noexcept;
  float wanted(const Channel& channel, const Window& window) const noexcept;
  float loud_level(const Window& window, float wanted) const noexcept;
  void search(Channel& channel, const Window& window) noexcept;
  void search_sieved(Channel& channel, const Window& window) noexcept;
  void search_everywhere(Channel& channel, const Window& window) noexcept;
  /// `starts`: outputs of the window at which stretches of so many places begin.
  void search_stretches(Channel& channel, const Window& window, std::span<const std::uint32_t> starts,
                        std::size_t places) noexcept;
  void search_cell(Channel& channel, const float* samples, std::size_t count, Frames first) noexcept;
  void search_between(Channel& channel, const FoldedInterpolator& interpolator, const float* x,
                      std::size_t count, double first_frame, double step) noexcept;
  void take_maximum(Channel& channel, std::span<const float> values, double first_frame,
                    double step) noexcept;
  float floor_of(const Channel& channel) const noexcept {
    return std::max(channel.between.ratio, channel.sample.ratio);
  }

  TruePeakFilter filter_;
  double sample_rate_hz_ = 48000.0;
  // Interpolation in two stages: few phases with many taps, then many phases with few taps.
  FoldedInterpolator first_;
  FoldedInterpolator second_;
  std::size_t taps_ = 0;      ///< Of both stages together: samples that one output depends on.
  std::size_t margin_ = 0;    ///< Frames of the first stage that the second needs before and after.
  double norm_ = 1.0;         ///< Greatest L1 norm of an output over the samples, rounding included.
  InterpolationBound bound_;  ///< Of both stages.
  std::optional<StretchPeak> stretches_;  ///< Absent where there is nothing between the samples.
  std::optional<PeakSieve> sieve_;        ///< Absent where there are not two stages.
  std::vector<Channel> channels_;
  std::vector<float> histories_;     ///< The last taps_ - 1 samples of each channel.
  std::vector<float> scratch_;       ///< History and the samples after it in a row, where they do not lie so.
  std::vector<std::uint32_t> loud_;  ///< Where stretches around loud places begin.
  Frames position_ = 0;              ///< Frames seen before the present block.
};

static_assert(Meter<TruePeakMeter>);

}  // namespace gainstage
