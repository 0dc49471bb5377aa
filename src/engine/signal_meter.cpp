// SPDX-License-Identifier: MIT
#include "engine/signal_meter.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "staging/activity.h"

namespace gainstage {
namespace {

Clipping clipping(const ClipDetector& detector) {
  Clipping clipping;
  clipping.runs = detector.runs();
  clipping.longest_frames = static_cast<std::size_t>(detector.longest_frames());
  clipping.over = detector.over();
  for (const ClipDetector::Run& run : detector.longest_runs()) {
    clipping.places.push_back(
        {detector.seconds(run), run.channel, static_cast<std::size_t>(run.frames), ClipDetector::over(run)});
  }
  return clipping;
}

}  // namespace

SourceMeter::SourceMeter(const AudioFileInfo& info) : channels_(info.channels()) {
  const Format format{info.sample_rate_hz, channels_, 1};
  levels_.prepare(format, info.ceiling());
}

void SourceMeter::process(AudioView<const float> block) {
  levels_.process(block);
  compare(block);
}

void SourceMeter::process(AudioView<const float> block, std::span<const HopLevels> levels) {
  levels_.process(block, levels);
  compare(block);
}

void SourceMeter::compare(AudioView<const float> block) {
  if (channels_ == 2) are_equal_ = are_equal_ && std::ranges::equal(block.channel(0), block.channel(1));
}

bool SourceMeter::is_one_sided() const {
  const SamplePeakMeter& peak = levels_.sample_peak();
  return channels_ == 2 && std::isinf(peak.peak(0).value) != std::isinf(peak.peak(1).value);
}

void SourceMeter::fill(Measure& measure, const SourceReader& reader) const {
  measure.sample_peak = levels_.sample_peak().peak();
  measure.dc_offset = levels_.dc_offset().offset();
  measure.clipping = clipping(levels_.clips());
  measure.non_finite_samples = reader.non_finite_samples();
  measure.first_non_finite_s = reader.first_non_finite_s();
  measure.sample_rate_hz = reader.info().sample_rate_hz;
  measure.channels = reader.info().channels();
  measure.duration_s = static_cast<double>(reader.frames_read()) / measure.sample_rate_hz;
}

SignalMeter::SignalMeter(const MeasureOptions& options, double sample_rate_hz,
                         std::span<const double> weights, std::optional<SpectrumDetail> spectrum,
                         SpectrumTransforms* transforms)
    : options_(options),
      has_stereo_(options.with_stereo && weights.size() == 2),
      true_peak_(options.true_peak),
      stereo_(options.with_history ? StereoFieldMeter::Vectorscope::yes : StereoFieldMeter::Vectorscope::no) {
  const Format format{sample_rate_hz, weights.size(), 1};
  loudness_.prepare(format, weights);
  true_peak_.prepare(format);
  stereo_.prepare(format);
  if (spectrum) {
    spectrum_.emplace(*spectrum);
    transforms == nullptr ? spectrum_->prepare(format) : spectrum_->prepare_sharing(format, *transforms);
  }
}

void SignalMeter::process(std::size_t part, AudioView<const float> block) {
  switch (part) {
    case 0:
      loudness_.process(block);
      break;
    case 1:
      true_peak_.process(block);
      break;
    case 2:
      if (spectrum_) spectrum_->process(block);
      break;
    default:
      if (has_stereo_) stereo_.process(block);
  }
}

std::span<const HopLevels> SignalMeter::process_hops(AudioView<const float> block,
                                                     std::span<const std::byte> ahead) {
  hop_levels_.resize(block.frames / loudness_.frames_in_hop() * block.channels.size());
  loudness_.process(block, hop_levels_, ahead);
  true_peak_.process(block, hop_levels_);
  return hop_levels_;
}

std::span<const HopLevels> SignalMeter::process_packed_hops(std::span<const std::byte> bytes,
                                                            AudioView<float> samples, double ceiling,
                                                            std::span<const std::byte> ahead) {
  hop_levels_.resize(samples.frames / loudness_.frames_in_hop() * samples.channels.size());
  loudness_.process_packed(bytes, hop_levels_, ahead);
  unpack_looked_at(bytes, samples, ceiling);
  true_peak_.process(samples, hop_levels_);
  return hop_levels_;
}

void SignalMeter::unpack_looked_at(std::span<const std::byte> bytes, AudioView<float> samples,
                                   double ceiling) {
  const std::size_t channels = samples.channels.size();
  const std::size_t hops = hop_levels_.size() / channels;
  const std::size_t frames = loudness_.frames_in_hop();
  // The first may end a clipped run, as any hop after one that is loud enough.
  std::size_t unpacked = 0;
  const auto unpack_until = [&](std::size_t from, std::size_t end) {
    from = std::max(from, unpacked);
    if (from >= end) return;
    const std::size_t hop_bytes = bytes.size() / hops;
    unpack(PackedSample::signed24, bytes.subspan(from * hop_bytes, (end - from) * hop_bytes),
           samples.section(from * frames, (end - from) * frames), Fetching::was_asked);
    unpacked = end;
  };
  unpack_until(0, 1);
  for (std::size_t hop = 1; hop < hops; ++hop) {
    for (std::size_t c = 0; c < channels; ++c) {
      const HopLevels& before = hop_levels_[(hop - 1) * channels + c];
      const HopLevels& levels = hop_levels_[hop * channels + c];
      const bool can_clip = static_cast<double>(std::max(before.peak, levels.peak)) >= ceiling;
      if (can_clip || true_peak_.may_look_at(c, before, levels, frames)) unpack_until(hop - 1, hop + 1);
    }
  }
  unpack_until(hops - 1, hops);
}

void SignalMeter::finish(SpectrumTransforms* transforms) {
  true_peak_.finish();
  if (!spectrum_) return;
  transforms == nullptr ? spectrum_->finish() : spectrum_->finish(*transforms);
}

void SignalMeter::fill(Measure& measure, const LevelMeters& levels) const {
  measure.integrated = loudness_.integrated();
  measure.momentary_max = loudness_.momentary_max();
  measure.short_term_max = loudness_.short_term_max();
  measure.loudness_range = loudness_.loudness_range();
  measure.true_peak = std::max(true_peak_.peak(), measure.sample_peak);
  measure.true_peak_filter = name(options_.true_peak);
  measure.rms = levels.rms().rms();
  measure.vu_max = VuMeter::vu(levels.vu().greatest_needle(), options_.vu_reference);
  measure.k_system = levels.k_system().level_max() - options_.k_reference;
  measure.noise_floor = levels.noise_floor().level();
  if (!measure.is_silent()) {
    measure.crest = measure.sample_peak - measure.rms;
    if (std::isfinite(measure.integrated.value)) {
      measure.plr = Db{measure.true_peak.value - measure.integrated.value};
    }
    if (std::isfinite(measure.short_term_max.value)) {
      measure.psr = Db{measure.true_peak.value - measure.short_term_max.value};
    }
  }
  if (has_stereo_) {
    measure.stereo =
        StereoField{stereo_.correlation(), stereo_.width(), stereo_.balance(), stereo_.mono_loss()};
  }

  const std::vector<bool> sounds = sounding_hops(loudness_.hop_energies());
  const std::span<const float> needles = levels.vu().hop_needles();
  double sum = 0.0;
  std::size_t count = 0;
  for (std::size_t hop = 0; hop < std::min(sounds.size(), needles.size()); ++hop) {
    if (!sounds[hop]) continue;
    sum += static_cast<double>(needles[hop]);
    ++count;
  }
  if (sounds.empty()) {  // Shorter than a hop.
    measure.activity_percent = measure.is_silent() ? 0.0 : 100.0;
    measure.vu_mean = measure.vu_max;
  } else {
    measure.activity_percent = 100.0 * static_cast<double>(count) / static_cast<double>(sounds.size());
    measure.vu_mean =
        count == 0 ? silent_db : VuMeter::vu(sum / static_cast<double>(count), options_.vu_reference);
  }
}

}  // namespace gainstage
