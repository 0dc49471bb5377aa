// SPDX-License-Identifier: MIT
// The laws of every meter: readings do not depend on how the signal was cut into blocks, reset() equals
// freshly prepared, and process() does not allocate.
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "meters/k_weighting_filter.h"
#include "meters/level_meters.h"
#include "meters/loudness.h"
#include "meters/ppm.h"
#include "meters/spectrum.h"
#include "meters/stereo_field.h"
#include "meters/true_peak.h"
#include "tests/support/allocation_counter.h"

namespace gainstage {
namespace {

/// Noise bursts with pauses of digital silence, an offset, a few samples over full scale and a pulse at the
/// end.
AudioBuffer material(std::size_t channels, std::size_t frames, double rate_hz) {
  AudioBuffer buffer(channels, frames);
  std::mt19937 random(17);
  std::uniform_real_distribution<float> noise(-0.6f, 0.6f);
  for (std::size_t c = 0; c < channels; ++c) {
    const std::span<float> x = buffer.view().channel(c);
    float last = 0.0f;
    for (std::size_t i = 0; i < frames; ++i) {
      last = 0.7f * last + noise(random);
      const double seconds = static_cast<double>(i) / rate_hz;
      const bool sounds = std::fmod(seconds, 2.1) < 1.3;
      const float level = 0.2f + 0.3f * static_cast<float>(std::sin(seconds + static_cast<double>(c)));
      x[i] = sounds ? level * last + 0.01f : 0.0f;
      if (i % 9973 < 4) x[i] = 1.0f + 0.125f * static_cast<float>(i % 3);
    }
    x[frames - 1] = 0.9f;
  }
  return buffer;
}

void append(std::vector<double>& out, std::span<const float> values) {
  out.insert(out.end(), values.begin(), values.end());
}

std::vector<double> readings(const SamplePeakMeter& m) {
  std::vector<double> r{m.peak_ratio(), m.peak(0).value, m.unfinished_hop_peak()};
  append(r, m.hop_peaks());
  return r;
}
std::vector<double> readings(const RmsMeter& m) { return {m.mean_square(), m.rms(0).value}; }
std::vector<double> readings(TruePeakMeter& m) {
  m.finish();
  return {m.peak_ratio(), m.peak_ratio(0), m.peak_at_seconds()};
}
std::vector<double> readings(const LoudnessMeter& m) {
  std::vector<double> r{m.momentary().value,      m.short_term().value, m.momentary_max().value,
                        m.short_term_max().value, m.integrated().value, m.loudness_range().value};
  r.insert(r.end(), m.hop_energies().begin(), m.hop_energies().end());
  return r;
}

/// The filter as a meter: its energies and every sample it writes.
class WeightedSamples {
 public:
  void prepare(Format format) {
    filter_.prepare(format);
    out_ = AudioBuffer(format.channels, format.max_block_frames);
    heard_.clear();
    heard_.reserve(format.channels * 500000);
  }
  void process(AudioView<const float> block) noexcept {
    const AudioView<float> out = out_.view(block.frames);
    filter_.process(block, out, [&](std::span<const double> sums, Frames) {
      energies_ = 0.9 * energies_ + sums[0];  // Their order matters.
    });
    for (std::size_t i = 0; i < out.frames; ++i) {
      for (std::size_t c = 0; c < out.channels.size(); ++c) heard_.push_back(out.channel(c)[i]);
    }
  }
  void reset() noexcept {
    filter_.reset();
    heard_.clear();
    energies_ = 0.0;
  }
  std::vector<double> readings() const {
    std::vector<double> r{energies_};
    r.insert(r.end(), heard_.begin(), heard_.end());
    return r;
  }

 private:
  KWeightingFilter filter_;
  AudioBuffer out_;
  std::vector<float> heard_;
  double energies_ = 0.0;
};
std::vector<double> readings(const WeightedSamples& m) { return m.readings(); }

std::vector<double> readings(const VuMeter& m) {
  std::vector<double> r{m.needle(0), m.needle(), m.greatest_needle(0), m.greatest_needle()};
  append(r, m.hop_needles());
  return r;
}
std::vector<double> readings(const PpmMeter& m) { return {m.level(0).value, m.level_max(0).value}; }
std::vector<double> readings(const KSystemMeter& m) {
  return {m.level(0).value, m.level_max(0).value, m.level_max().value, m.peak(0).value};
}
std::vector<double> readings(const DcOffsetMeter& m) { return {m.mean(0), m.offset().value}; }
std::vector<double> readings(const NoiseFloorMeter& m) { return {m.level().value_or(Db{-1000.0}).value}; }
std::vector<double> readings(const StereoFieldMeter& m) {
  std::vector<double> r{m.correlation(), m.width(), m.balance().value, m.mono_loss().value,
                        m.live_correlation()};
  append(r, m.hop_correlations());
  r.insert(r.end(), m.vectorscope().begin(), m.vectorscope().end());
  return r;
}
std::vector<double> readings(const ClipDetector& m) {
  std::vector<double> r{static_cast<double>(m.runs()), static_cast<double>(m.longest_frames()),
                        m.over().value};
  for (const ClipDetector::Run& run : m.longest_runs()) {
    r.insert(r.end(), {static_cast<double>(run.begin), static_cast<double>(run.frames),
                       static_cast<double>(run.channel), static_cast<double>(run.peak)});
  }
  return r;
}

std::vector<double> readings(LevelMeters& m) {
  m.finish();
  std::vector<double> r;
  const auto add = [&](const auto& meter) {
    const std::vector<double> of_meter = readings(meter);
    r.insert(r.end(), of_meter.begin(), of_meter.end());
  };
  add(m.sample_peak()), add(m.rms()), add(m.vu()), add(m.k_system());
  add(m.noise_floor()), add(m.dc_offset()), add(m.clips());
  return r;
}

/// The spectrum as it is measured for a track, which is all of it.
struct TrackSpectrumMeter : SpectrumMeter {
  TrackSpectrumMeter() : SpectrumMeter(SpectrumDetail::track) {}
};
std::vector<double> readings(TrackSpectrumMeter& m) {
  m.finish();
  const AudioFeatureCollector::Features f = m.features();
  std::vector<double> r{f.low_energy_share, f.median_frequency_hz, f.centroid_hz,
                        f.flatness,         f.onsets_per_second,   f.harmonicity};
  for (double power : m.third_octaves()) r.push_back(power);
  for (double width : m.widths()) r.push_back(width);
  for (const ErbFrame& frame : m.erb_frames()) append(r, frame);
  return r;
}

template <Meter M>
void feed(M& meter, const AudioBuffer& buffer, std::size_t block_frames) {
  const AudioView<const float> all = buffer.view();
  for (std::size_t first = 0; first < all.frames; first += block_frames) {
    meter.process(all.section(first, std::min(block_frames, all.frames - first)));
  }
}

template <typename M>
class MeterLaws : public testing::Test {};

using AllMeters = testing::Types<LevelMeters, TruePeakMeter, LoudnessMeter, WeightedSamples, PpmMeter,
                                 StereoFieldMeter, TrackSpectrumMeter>;
TYPED_TEST_SUITE(MeterLaws, AllMeters);

TYPED_TEST(MeterLaws, BlockSizeChangesNothing) {
  for (double rate : {48000.0, 8009.0}) {
    const AudioBuffer audio = material(2, static_cast<std::size_t>(5.03 * rate), rate);
    TypeParam whole;
    whole.prepare({rate, 2, audio.frames()});
    feed(whole, audio, audio.frames());
    const std::vector<double> expected = readings(whole);
    for (std::size_t block : {1, 7, 480, 1021, 4800}) {
      TypeParam meter;
      meter.prepare({rate, 2, block});
      feed(meter, audio, block);
      EXPECT_EQ(readings(meter), expected) << "blocks of " << block << " at " << rate << " Hz";
    }
  }
}

TYPED_TEST(MeterLaws, ResetEqualsFreshlyPrepared) {
  const AudioBuffer audio = material(2, 48000 * 4 + 77, 48000.0);
  TypeParam fresh;
  fresh.prepare({48000.0, 2, 1024});
  TypeParam used;
  used.prepare({48000.0, 2, 1024});
  feed(used, audio, 1000);
  used.reset();
  EXPECT_EQ(readings(used), readings(fresh));
  used.reset();
  fresh.reset();
  feed(used, audio, 1024);
  feed(fresh, audio, 1024);
  EXPECT_EQ(readings(used), readings(fresh));
}

TYPED_TEST(MeterLaws, ProcessDoesNotAllocate) {
  const AudioBuffer audio = material(2, 48000 * 4, 48000.0);
  const AudioView<const float> all = audio.view();
  TypeParam meter;
  meter.prepare({48000.0, 2, 1024});
  const std::size_t before = test::allocations();
  for (std::size_t first = 0; first + 1024 <= all.frames; first += 1024)
    meter.process(all.section(first, 1024));
  meter.reset();
  EXPECT_EQ(test::allocations() - before, 0u);
}

TYPED_TEST(MeterLaws, AnyNumberOfChannelsAndAnyRateIsRead) {
  for (std::size_t channels : {1, 3, 64}) {
    for (double rate : {8000.0, 11025.0, 44100.0, 48017.0, 384000.0}) {
      const AudioBuffer audio = material(channels, static_cast<std::size_t>(0.2 * rate), rate);
      TypeParam meter;
      meter.prepare({rate, channels, 1024});
      feed(meter, audio, 1024);
      for (double value : readings(meter))
        EXPECT_FALSE(std::isnan(value)) << channels << " channels, " << rate;
    }
  }
}

}  // namespace
}  // namespace gainstage
