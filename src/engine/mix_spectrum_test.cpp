// SPDX-License-Identifier: MIT
#include "engine/mix_spectrum.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/engine.h"
#include "engine/test_session.h"

namespace gainstage {
namespace {

using namespace test;

// Noises made of different numbers are unlike each other: their products fade with the root of the samples.
TEST(MixSpectrum, AddsUpToThatOfTheMix) {
  TestSession stems;
  stems.add("a.wav", hiss(0.3), 24.0, 1);
  stems.add("b.wav", hiss(0.2), 24.0);
  stems.add("c.wav", hiss(0.6), 8.0, 1);
  const std::string path = stems.folder() / "mix.wav";
  RenderOptions options;
  options.format.sample_format = SampleFormat::float32;
  ASSERT_TRUE(render_mix(stems.session(), stems.gains(), path, options));
  const auto mix = measure_file(path, {});
  const auto heard = measure_session(stems.session(), {});
  ASSERT_TRUE(mix && heard);
  for (std::size_t band = 4; band < third_octave_centres_hz.size(); ++band) {
    double sum = 0.0;
    for (std::size_t t = 0; t < heard->tracks.size(); ++t)
      sum += spectrum_in_mix(stems.session(), stems.session().tracks[t], heard->tracks[t])[band];
    // Of the products of unlike noises 1 / sqrt(W T) of the power is left in a band W wide over T; four times
    // that, in dB.
    const double width_hz = 0.23 * third_octave_centres_hz[band];
    const double off_db = 4.34 * 4.0 / std::sqrt(width_hz * 24.0);
    EXPECT_NEAR(10.0 * std::log10(sum), 10.0 * std::log10(mix->spectrum[band]), off_db)
        << third_octave_centres_hz[band];
  }
}

}  // namespace
}  // namespace gainstage
