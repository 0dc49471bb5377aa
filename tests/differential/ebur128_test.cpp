// SPDX-License-Identifier: MIT
// Against libebur128: loudness within 0.01 LU, sample peak and the standard's true peak within 0.01 dB, at 48
// kHz. At other rates libebur128 leaves out the high-pass's constant gain (up to 0.033 dB); there the
// standard decides.
#include <ebur128.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "meters/level_meters.h"
#include "meters/loudness.h"
#include "meters/true_peak.h"
#include "tests/differential/test_signals.h"

namespace gainstage::test {
namespace {

constexpr double tolerance = 0.01;

/// libebur128's state, fed with planar blocks.
class Reference {
 public:
  Reference(std::size_t channels, double rate_hz, int mode)
      : state_(ebur128_init(static_cast<unsigned>(channels), static_cast<unsigned long>(rate_hz), mode)) {}
  ~Reference() { ebur128_destroy(&state_); }
  Reference(const Reference&) = delete;
  Reference& operator=(const Reference&) = delete;

  void set_channels(std::span<const int> map) {
    for (std::size_t c = 0; c < map.size(); ++c)
      ebur128_set_channel(state_, static_cast<unsigned>(c), map[c]);
  }

  void process(AudioView<const float> block) {
    interleaved_.resize(block.frames * block.channels.size());
    for (std::size_t c = 0; c < block.channels.size(); ++c) {
      for (std::size_t i = 0; i < block.frames; ++i) {
        interleaved_[i * block.channels.size() + c] = block.channel(c)[i];
      }
    }
    ASSERT_EQ(ebur128_add_frames_float(state_, interleaved_.data(), block.frames), EBUR128_SUCCESS);
  }

  double integrated() const { return read(ebur128_loudness_global); }
  double momentary() const { return read(ebur128_loudness_momentary); }
  double short_term() const { return read(ebur128_loudness_shortterm); }
  Db sample_peak(std::size_t c) const {
    double peak = 0.0;
    ebur128_sample_peak(state_, static_cast<unsigned>(c), &peak);
    return to_db(peak);
  }
  Db true_peak(std::size_t c) const {
    double peak = 0.0;
    ebur128_true_peak(state_, static_cast<unsigned>(c), &peak);
    return to_db(peak);
  }

 private:
  double read(int (*reading)(ebur128_state*, double*)) const {
    double loudness = 0.0;
    EXPECT_EQ(reading(state_, &loudness), EBUR128_SUCCESS);
    return loudness;
  }

  ebur128_state* state_;
  std::vector<float> interleaved_;
};

void expect_near(double ours, double theirs, const std::string& what) {
  if (std::isinf(theirs)) {
    EXPECT_EQ(ours, theirs) << what;
  } else {
    EXPECT_NEAR(ours, theirs, tolerance) << what;
  }
}

template <typename Process>
void in_blocks(const AudioBuffer& audio, std::size_t block, Process process) {
  const AudioView<const float> all = audio.view();
  for (std::size_t first = 0; first < all.frames; first += block) {
    process(all.section(first, std::min(block, all.frames - first)));
  }
}

/// Everything but true peak, at every 10 ms where libebur128's windows end with ours.
void compare_loudness(const Signal& signal, std::span<const double> weights = {},
                      std::span<const int> map = {}) {
  SCOPED_TRACE(signal.name);
  const std::size_t channels = signal.audio.channels();
  Reference reference(channels, signal.rate_hz, EBUR128_MODE_I | EBUR128_MODE_S | EBUR128_MODE_SAMPLE_PEAK);
  reference.set_channels(map);
  LoudnessMeter loudness;
  loudness.prepare({signal.rate_hz, channels, 480}, weights);
  LevelMeters levels;
  levels.prepare({signal.rate_hz, channels, 480});

  double momentary_max = -INFINITY;
  double short_term_max = -INFINITY;
  double worst_momentary = 0.0;
  double worst_short_term = 0.0;
  std::size_t hops = 0;
  in_blocks(
      signal.audio, static_cast<std::size_t>(signal.rate_hz / 100.0), [&](AudioView<const float> block) {
        reference.process(block);
        loudness.process(block);
        levels.process(block);
        ++hops;
        // Under -90 LUFS libebur128 reads what is left in its single-precision ring.
        if (hops >= 40) {
          const double theirs = reference.momentary();
          momentary_max = std::max(momentary_max, theirs);
          if (theirs > -90.0)
            worst_momentary = std::max(worst_momentary, std::abs(loudness.momentary().value - theirs));
        }
        if (hops >= 300 && hops % 20 == 0) {
          const double theirs = reference.short_term();
          short_term_max = std::max(short_term_max, theirs);
          if (theirs > -90.0)
            worst_short_term = std::max(worst_short_term, std::abs(loudness.short_term().value - theirs));
        }
      });
  levels.finish();
  EXPECT_LT(worst_momentary, tolerance);
  EXPECT_LT(worst_short_term, tolerance);
  expect_near(loudness.integrated().value, reference.integrated(), "integrated");
  expect_near(loudness.momentary_max().value, momentary_max, "momentary max");
  EXPECT_GE(loudness.short_term_max().value, short_term_max - tolerance) << "ours looks more often";
  for (std::size_t c = 0; c < channels; ++c) {
    expect_near(levels.sample_peak().peak(c).value, reference.sample_peak(c).value, "sample peak");
  }
}

TEST(AgainstEbur128, LoudnessOfFormulas) {
  compare_loudness(stepped_noise(2, 15.0));
  compare_loudness(clipped_noise(2, 5.0));
  compare_loudness(sweep(10.0));
  compare_loudness(offset_noise(5.0));
}

TEST(AgainstEbur128, LoudnessAtEveryChannelCount) {
  const std::vector<int> map_51{EBUR128_LEFT,   EBUR128_RIGHT,         EBUR128_CENTER,
                                EBUR128_UNUSED, EBUR128_LEFT_SURROUND, EBUR128_RIGHT_SURROUND};
  const std::vector<std::pair<std::vector<int>, std::vector<double>>> layouts{
      {{EBUR128_LEFT}, {1}},
      {{EBUR128_LEFT, EBUR128_RIGHT}, {1, 1}},
      {{EBUR128_LEFT, EBUR128_RIGHT, EBUR128_CENTER}, {1, 1, 1}},
      {{EBUR128_LEFT, EBUR128_RIGHT, EBUR128_LEFT_SURROUND, EBUR128_RIGHT_SURROUND}, {1, 1, 1.41, 1.41}},
      {{EBUR128_LEFT, EBUR128_RIGHT, EBUR128_CENTER, EBUR128_LEFT_SURROUND, EBUR128_RIGHT_SURROUND},
       {1, 1, 1, 1.41, 1.41}},
      {map_51, {1, 1, 1, 0, 1.41, 1.41}},
      {{EBUR128_LEFT, EBUR128_RIGHT, EBUR128_CENTER, EBUR128_UNUSED, EBUR128_Mp090, EBUR128_Mm090,
        EBUR128_Mp135, EBUR128_Mm135},
       {1, 1, 1, 0, 1.41, 1.41, 1, 1}}};
  for (const auto& [map, weights] : layouts)
    compare_loudness(stepped_noise(weights.size(), 6.0), weights, map);
}

TEST(AgainstEbur128, LoudnessOfSongs) {
  const std::vector<std::string> files = song_files();
  if (files.empty()) GTEST_SKIP() << "No songs lie beside the project.";
  for (std::size_t i = 0; i < files.size(); i += 3) {
    Signal song = read_song(files[i], 15.0);
    if (song.rate_hz != 48000.0) song.rate_hz = 48000.0;  // Any audio does; only the filters' rate matters.
    compare_loudness(song);
  }
}

TEST(AgainstEbur128, EveryBlockSize) {
  const Signal signal = stepped_noise(2, 6.0);
  for (std::size_t block : {1, 7, 480, 1021, 4800}) {
    Reference reference(2, signal.rate_hz, EBUR128_MODE_I | EBUR128_MODE_SAMPLE_PEAK);
    LoudnessMeter loudness;
    loudness.prepare({signal.rate_hz, 2, block});
    in_blocks(signal.audio, block, [&](AudioView<const float> part) {
      reference.process(part);
      loudness.process(part);
    });
    EXPECT_NEAR(loudness.integrated().value, reference.integrated(), tolerance) << block;
  }
}

void compare_true_peak(const Signal& signal) {
  const std::size_t channels = signal.audio.channels();
  Reference reference(channels, signal.rate_hz, EBUR128_MODE_TRUE_PEAK);
  TruePeakMeter meter(TruePeakFilter::bs1770_4x);
  meter.prepare({signal.rate_hz, channels, 1000});
  in_blocks(signal.audio, 1000, [&](AudioView<const float> block) {
    reference.process(block);
    meter.process(block);
  });
  meter.finish();
  reference.process(
      AudioBuffer(channels, 100).view());  // libebur128 has no end: silence pushes the rest out.
  for (std::size_t c = 0; c < channels; ++c) {
    expect_near(meter.peak(c).value, reference.true_peak(c).value,
                signal.name + ", channel " + std::to_string(c));
  }
}

TEST(AgainstEbur128, TruePeakOfFormulas) {
  for (double rate : {44100.0, 48000.0, 88200.0, 96000.0, 176400.0, 192000.0}) {
    compare_true_peak(stepped_noise(2, 3.0, rate));
    compare_true_peak(clipped_noise(2, 1.0, rate));
    compare_true_peak(sweep(2.0, rate));
    compare_true_peak(offset_noise(1.0, rate));
  }
}

TEST(AgainstEbur128, TruePeakOfSongs) {
  const std::vector<std::string> files = song_files();
  if (files.empty()) GTEST_SKIP() << "No songs lie beside the project.";
  for (const std::string& file : files) compare_true_peak(read_song(file, 10.0));
}

}  // namespace
}  // namespace gainstage::test
