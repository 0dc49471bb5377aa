// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <mutex>

#include "engine/engine.h"
#include "engine/measure_build.h"
#include "engine/test_session.h"

namespace gainstage {
namespace {

using namespace gainstage::test;

WorkOptions threads(std::size_t count) {
  WorkOptions work;
  work.threads = count;
  return work;
}

void expect_same(const Measurements& a, const Measurements& b) {
  EXPECT_EQ(a.covariance, b.covariance);
  ASSERT_EQ(a.tracks.size(), b.tracks.size());
  for (std::size_t i = 0; i < a.tracks.size(); ++i) {
    EXPECT_EQ(a.tracks[i].hop_energies, b.tracks[i].hop_energies) << i;
    EXPECT_EQ(a.tracks[i].hop_vu, b.tracks[i].hop_vu) << i;
    EXPECT_EQ(a.tracks[i].hop_peaks, b.tracks[i].hop_peaks) << i;
    EXPECT_EQ(a.tracks[i].erb_frames, b.tracks[i].erb_frames) << i;
    EXPECT_EQ(a.tracks[i].clip.integrated, b.tracks[i].clip.integrated) << i;
    EXPECT_EQ(a.tracks[i].clip.true_peak, b.tracks[i].clip.true_peak) << i;
    EXPECT_EQ(a.tracks[i].clip.rms, b.tracks[i].clip.rms) << i;
    EXPECT_EQ(a.tracks[i].features.spectrum, b.tracks[i].features.spectrum) << i;
  }
}

TEST(MeasureSession, DoesNotDependOnTheNumberOfThreads) {
  const VariedSession stems;
  const auto one = measure_session(stems.session(), {}, threads(1));
  const auto four = measure_session(stems.session(), {}, threads(4));
  ASSERT_TRUE(one && four);
  expect_same(*one, *four);
}

TEST(MeasureSession, SeesEachTrackAsItIs) {
  const VariedSession stems;
  const auto measured = measure_session(stems.session(), {});
  ASSERT_TRUE(measured) << measured.error().sentence;
  const std::vector<TrackMeasurements>& tracks = measured->tracks;
  ASSERT_EQ(tracks.size(), 8u);
  EXPECT_EQ(tracks[0].clip.channels, 1u);
  EXPECT_TRUE(tracks[0].is_dual_mono);
  EXPECT_FALSE(tracks[1].is_dual_mono);
  EXPECT_EQ(tracks[2].clip.sample_rate_hz, 44100.0);
  EXPECT_NEAR(tracks[2].clip.duration_s, 4.5, 1e-9);
  EXPECT_EQ(tracks[2].hop_energies.size(), 45u);
  EXPECT_EQ(tracks[4].hop_energies.size(), 1u);
  EXPECT_GT(tracks[4].clip.sample_peak, Db{-7.0});
  EXPECT_TRUE(tracks[5].clip.is_silent());
  EXPECT_EQ(tracks[5].clip.activity_percent, 0.0);
  EXPECT_TRUE(tracks[6].hop_energies.empty());
  EXPECT_GT(tracks[6].clip.rms, Db{-12.0});
  EXPECT_NEAR(tracks[7].clip.sample_peak.value, -13.98, 0.01);
  EXPECT_NEAR(tracks[7].clip.activity_percent, 100.0, 1e-9);
}

// A mono source is on two channels of the mix: twice the energy of its one channel.
TEST(MeasureSession, CountsAMonoSourceOnBothChannels) {
  TestSession stems;
  stems.add("a.wav", tone(1000.0, 0.5), 3.0, 1);
  stems.add("b.wav", tone(1000.0, 0.5), 3.0, 2);
  const auto measured = measure_session(stems.session(), {});
  ASSERT_TRUE(measured);
  const double mono = measured->tracks[0].hop_energies[10];
  EXPECT_NEAR(mono / measured->tracks[1].hop_energies[10], 1.0, 1e-6);
  EXPECT_NEAR(measured->tracks[1].clip.integrated.value - measured->tracks[0].clip.integrated.value, 3.0103,
              1e-4);
  EXPECT_NEAR(measured->covariance_of(0, 1) / measured->covariance_of(1, 1), 1.0, 1e-6);
}

TEST(MeasureSession, CovarianceTellsTheEnergyOfTheMix) {
  TestSession stems;
  stems.add("a.wav", phrases(0.3, 0.7), 4.0);
  stems.add("b.wav", phrases(0.3, 1.1), 3.0, 1);
  stems.add("c.wav", tone(200.0, 0.1), 4.0);
  const auto measured = measure_session(stems.session(), {});
  ASSERT_TRUE(measured);
  const std::vector<Db> gains{{-3.0}, {2.0}, {4.5}};
  const auto build = measure_build(stems.session(), {{0, 1, 2}}, gains, {});
  ASSERT_TRUE(build);
  double energy = 0.0;
  for (const double hop : build->front().hop_energies) energy += hop / 40.0;
  double expected = 0.0;
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      expected += to_ratio(gains[i]) * to_ratio(gains[j]) * measured->covariance_of(i, j);
    }
  }
  EXPECT_NEAR(power_to_db(energy / expected).value, 0.0, 1e-4);
}

TEST(MeasureSession, WeighsSurroundChannels) {
  TestSession stems(48000.0, 6);
  stems.add(
      "a.wav",
      [](double t, std::size_t c, std::mt19937&) {
        return c == 4 ? static_cast<float>(0.5 * std::sin(2.0 * std::numbers::pi * 1000.0 * t)) : 0.0f;
      },
      2.0, 6);
  stems.add(
      "b.wav",
      [](double t, std::size_t c, std::mt19937&) {
        return c == 0 ? static_cast<float>(0.5 * std::sin(2.0 * std::numbers::pi * 1000.0 * t)) : 0.0f;
      },
      2.0, 2);
  const auto measured = measure_session(stems.session(), {});
  ASSERT_TRUE(measured) << measured.error().sentence;
  EXPECT_NEAR(measured->tracks[0].hop_energies[10] / measured->tracks[1].hop_energies[10], 1.41, 1e-5);
  EXPECT_NEAR(measured->covariance_of(0, 0) / measured->covariance_of(1, 1), 1.41, 1e-5);
  EXPECT_TRUE(measured->tracks[1].is_one_sided);
}

// Clipping is a fact of the file: resampling moves the samples off the ceiling.
TEST(MeasureSession, FindsClippingBeforeResampling) {
  TestSession stems;
  AudioBuffer clipped = render(tone(100.0, 1.5), 44100.0, 2, 1.0, 1);
  for (std::size_t c = 0; c < 2; ++c) {
    for (float& sample : clipped.view().channel(c)) sample = std::clamp(sample, -1.0f, 1.0f);
  }
  stems.add("a.wav", clipped, 44100.0);
  stems.add("b.wav", hiss(0.1), 1.0);
  const auto measured = measure_session(stems.session(), {});
  ASSERT_TRUE(measured);
  EXPECT_EQ(measured->tracks[0].clip.clipping.runs, 400u);
  EXPECT_EQ(measured->tracks[1].clip.clipping.runs, 0u);
}

TEST(MeasureSession, RefusesWhatIsNotANumber) {
  TestSession stems;
  stems.add("good.wav", hiss(0.1), 1.0);
  stems.add("odd.wav", hiss(0.1), 1.0);
  std::string bytes = bytes_of(stems.session().tracks[1].source_path);
  const float bad = std::numeric_limits<float>::quiet_NaN();
  // Two of the last frame's samples, and one half a second earlier.
  for (const std::size_t from_end : {4u, 8u, 24000u * 8u}) {
    std::memcpy(bytes.data() + bytes.size() - from_end, &bad, sizeof bad);
  }
  put_bytes(stems.session().tracks[1].source_path, bytes);

  const auto refused = measure_session(stems.session(), {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::bad_input);
  EXPECT_NE(refused.error().sentence.find("'odd.wav' holds 3 samples"), std::string::npos)
      << refused.error().sentence;
  EXPECT_NE(refused.error().sentence.find("0.500 s"), std::string::npos) << refused.error().sentence;

  MeasureOptions options;
  options.non_finite = NonFinite::silence;
  const auto taken = measure_session(stems.session(), options);
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->tracks[1].clip.non_finite_samples, 3u);
  EXPECT_TRUE(std::isfinite(taken->tracks[1].clip.integrated.value));
}

TEST(MeasureSession, StopsWhenCancelled) {
  const VariedSession stems;
  Cancellation cancellation;
  WorkOptions work;
  work.cancellation = &cancellation;
  work.progress = [&](std::string_view, double) { cancellation.cancel(); };
  const auto measured = measure_session(stems.session(), {}, work);
  ASSERT_FALSE(measured);
  EXPECT_EQ(measured.error().code, ErrorCode::cancelled);
}

TEST(MeasureSession, SaysWhichFileIsMissing) {
  TestSession stems;
  stems.add("a.wav", hiss(0.1), 0.5);
  Session session = stems.session();
  session.tracks.push_back({"gone.wav", stems.folder() / "gone.wav", 48000.0, 2, 1000});
  const auto measured = measure_session(session, {});
  ASSERT_FALSE(measured);
  EXPECT_EQ(measured.error().where.track, "gone.wav");
}

TEST(MeasureSession, OpensMoreFilesThanTheSoftLimitAllows) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  constexpr std::size_t tracks = 80;
  if (before.rlim_max < 2 * tracks + 100)
    GTEST_SKIP() << "the hard limit of open files is too low to raise the soft one";
  TestSession stems;
  for (std::size_t i = 0; i < tracks; ++i)
    stems.add("t" + std::to_string(1000 + i) + ".wav", hiss(0.1), 0.05, 1);
  const rlimit low{64, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  const auto measured = measure_session(stems.session(), {});
  EXPECT_TRUE(measured) << measured.error().sentence;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
}

TEST(MeasureFile, CountsDualMonoTwice) {
  TestSession stems;
  stems.add("a.wav", tone(1000.0, 0.5), 2.0, 1);
  MeasureOptions options;
  const auto mono = measure_file(stems.session().tracks[0].source_path, options);
  options.is_dual_mono = true;
  const auto dual = measure_file(stems.session().tracks[0].source_path, options);
  ASSERT_TRUE(mono && dual);
  EXPECT_NEAR(dual->measure.integrated.value - mono->measure.integrated.value, 3.0103, 1e-4);
  EXPECT_EQ(dual->measure.channels, 1u);
}

TEST(MeasureFile, AgreesWithTheTrackOfASession) {
  const VariedSession stems;
  const auto session = measure_session(stems.session(), {});
  ASSERT_TRUE(session);
  for (const std::size_t i : {0u, 1u, 3u, 4u, 6u}) {
    const auto file = measure_file(stems.session().tracks[i].source_path, {});
    ASSERT_TRUE(file);
    const Measure& track = session->tracks[i].clip;
    EXPECT_EQ(file->measure.integrated, track.integrated) << i;
    EXPECT_EQ(file->measure.true_peak, track.true_peak) << i;
    EXPECT_EQ(file->measure.sample_peak, track.sample_peak) << i;
    EXPECT_EQ(file->measure.vu_mean, track.vu_mean) << i;
    EXPECT_EQ(file->measure.rms, track.rms) << i;
    EXPECT_EQ(file->measure.activity_percent, track.activity_percent) << i;
  }
}

TEST(MeasureFile, DrawsHistoryWhenAsked) {
  TestSession stems;
  stems.add("a.wav", tone(997.0, 0.1), 5.0);
  MeasureOptions options;
  options.with_history = true;
  const auto file = measure_file(stems.session().tracks[0].source_path, options);
  ASSERT_TRUE(file);
  ASSERT_EQ(file->momentary_lufs.size(), 50u);
  ASSERT_EQ(file->short_term_lufs.size(), 50u);
  EXPECT_NEAR(file->momentary_lufs[20], file->measure.momentary_max.value, 0.01);
  EXPECT_NEAR(file->short_term_lufs[45], file->measure.short_term_max.value, 0.01);
  EXPECT_LT(file->short_term_lufs[3], file->momentary_lufs[3]);
  EXPECT_EQ(file->correlation.size(), 50u);
  EXPECT_EQ(file->vectorscope.size(), vectorscope_size * vectorscope_size);
}

TEST(MeasureFile, TellsProgressFromOneThreadAtATime) {
  TestSession stems;
  stems.add("a.wav", hiss(0.1), 5.0);
  std::mutex mutex;
  double last = 0.0;
  std::size_t calls = 0;
  WorkOptions work;
  work.progress = [&](std::string_view what, double share) {
    const std::unique_lock lock(mutex, std::try_to_lock);
    EXPECT_TRUE(lock.owns_lock());
    EXPECT_FALSE(what.empty());
    EXPECT_GE(share, last);
    EXPECT_LE(share, 1.0);
    last = share;
    ++calls;
  };
  ASSERT_TRUE(measure_file(stems.session().tracks[0].source_path, {}, work));
  EXPECT_GE(calls, 1u);
}

TEST(FindPairs, FindsInvertedAndDelayedTwins) {
  TestSession stems;
  const AudioBuffer take = render(phrases(0.4, 0.6), 48000.0, 1, 6.0, 77);
  AudioBuffer inverted(1, take.frames());
  AudioBuffer later(1, take.frames());
  constexpr std::size_t delay = 240;  // 5 ms
  for (std::size_t i = 0; i < take.frames(); ++i) {
    inverted.view().channel(0)[i] = -0.5f * take.view().channel(0)[i];
    later.view().channel(0)[i] = i < delay ? 0.0f : take.view().channel(0)[i - delay];
  }
  stems.add("guitar 1.wav", take, 48000.0);
  stems.add("guitar 2.wav", inverted, 48000.0);
  stems.add("guitar 3.wav", later, 48000.0);
  stems.add("guitar 4.wav", phrases(0.4, 0.6), 6.0, 1);
  const auto measured = measure_session(stems.session(), {});
  ASSERT_TRUE(measured) << measured.error().sentence;
  ASSERT_EQ(measured->pairs.size(), 3u);
  for (const PairFinding& pair : measured->pairs) {
    if (pair.first == 0 && pair.second == 1) {
      EXPECT_NEAR(pair.correlation, -1.0, 1e-3);
      EXPECT_EQ(pair.delay_s, 0.0);
    } else {
      EXPECT_EQ(pair.second, 2u);
      EXPECT_NEAR(pair.delay_s, 0.005, 1e-9);
      EXPECT_GT(std::abs(pair.correlation), 0.95);
      EXPECT_EQ(pair.correlation < 0.0, pair.first == 1);
    }
  }
}

TEST(FindPairs, FindsATwinAtAnotherRate) {
  TestSession stems;
  const auto partials = [](double sign, double delay_s) {
    return [=](double t, std::size_t, std::mt19937&) {
      double sum = 0.0;
      for (int p = 1; p <= 12; ++p) {
        const double hz = 97.0 * p * std::sqrt(static_cast<double>(p));
        sum += 0.05 * std::sin(2.0 * std::numbers::pi * hz * (t - delay_s) + 0.7 * p * p);
      }
      return static_cast<float>(sign * sum * (1.0 + 0.5 * std::sin(3.0 * t)));
    };
  };
  stems.add("guitar 1.wav", partials(1.0, 0.0), 5.0, 1);
  stems.add("guitar 2.wav", partials(-1.0, 0.0025), 5.0, 2, 44100.0);
  const auto measured = measure_session(stems.session(), {});
  ASSERT_TRUE(measured);
  ASSERT_EQ(measured->pairs.size(), 1u);
  EXPECT_NEAR(measured->pairs[0].correlation, -1.0, 0.02);
  EXPECT_NEAR(measured->pairs[0].delay_s, 0.0025, 1e-9);
}

TEST(MeasureSession, HearsSpectrumAndFeatures) {
  TestSession stems;
  stems.add("low.wav", tone(60.0, 0.3), 4.0, 1);
  stems.add("noise.wav", hiss(0.3), 4.0, 2, 44100.0);
  const auto measured = measure_session(stems.session(), {});
  ASSERT_TRUE(measured);
  const TrackMeasurements& low = measured->tracks[0];
  const TrackMeasurements& noise = measured->tracks[1];
  EXPECT_EQ(low.erb_frames.size(), 10u);
  EXPECT_GT(low.features.low_energy_share, 0.95);
  EXPECT_NEAR(low.features.median_frequency_hz, 60.0, 15.0);
  EXPECT_GT(noise.features.flatness, 0.3);
  EXPECT_GT(noise.features.median_frequency_hz, 8000.0);
  EXPECT_GT(low.features.harmonicity, noise.features.harmonicity);
}

}  // namespace
}  // namespace gainstage
