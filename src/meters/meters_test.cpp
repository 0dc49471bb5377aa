// SPDX-License-Identifier: MIT
// What holds for every meter: block size, reset, and a reading of a known signal.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "meters/k_weighting_filter.h"
#include "meters/loudness.h"
#include "meters/rms.h"
#include "meters/sample_peak.h"
#include "meters/true_peak.h"

namespace gainstage {
namespace {

AudioBuffer sine(double rate_hz, double hz, double peak_db, double seconds, double phase = 0.0) {
  AudioBuffer buffer(2, static_cast<std::size_t>(rate_hz * seconds));
  const AudioView<float> view = buffer.view();
  for (std::size_t i = 0; i < view.frames; ++i) {
    const double value = to_ratio({peak_db}) *
                         std::sin(2.0 * std::numbers::pi * hz * static_cast<double>(i) / rate_hz + phase);
    for (std::size_t c = 0; c < 2; ++c) view.channel(c)[i] = static_cast<float>(value);
  }
  return buffer;
}

template <Meter M>
void feed(M& meter, const AudioBuffer& buffer, std::size_t block_frames) {
  const AudioView<const float> all = buffer.view();
  for (std::size_t first = 0; first < all.frames; first += block_frames) {
    meter.process(all.section(first, std::min(block_frames, all.frames - first)));
  }
}

TEST(LoudnessMeter, ReadsTheStandardsSine) {
  for (double rate : {44100.0, 48000.0, 96000.0, 48017.0}) {
    LoudnessMeter meter;
    meter.prepare({rate, 2, 1024});
    feed(meter, sine(rate, 1000.0, -23.0, 5.0), 777);
    EXPECT_NEAR(meter.integrated().value, -22.993, 0.006) << rate;
    EXPECT_NEAR(meter.momentary_max().value, -22.993, 0.01) << rate;
    EXPECT_NEAR(meter.short_term_max().value, -22.993, 0.006) << rate;
  }
}

TEST(TruePeakMeter, SeesBetweenTheSamples) {
  for (TruePeakFilter filter : {TruePeakFilter::oversampled_16x, TruePeakFilter::bs1770_4x}) {
    TruePeakMeter meter(filter);
    meter.prepare({48000.0, 2, 1024});
    feed(meter, sine(48000.0, 12000.0, -6.0, 0.1, std::numbers::pi / 4.0), 100);
    meter.finish();
    EXPECT_NEAR(meter.peak().value, -6.0, 0.4);
  }
}

TEST(RmsMeter, OfASineIsThreeDecibelsUnderItsPeak) {
  RmsMeter meter;
  meter.prepare({48000.0, 2, 1024});
  feed(meter, sine(48000.0, 1000.0, -6.0, 1.0), 100);
  EXPECT_NEAR((meter.rms() + aes17_offset).value, -6.0, 1e-6);
}

}  // namespace
}  // namespace gainstage
