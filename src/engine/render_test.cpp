// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/loudness_gate.h"
#include "engine/engine.h"
#include "engine/measure_build.h"
#include "engine/test_session.h"

namespace gainstage {
namespace {

using namespace gainstage::test;

RenderOptions options_of(SampleFormat format) {
  RenderOptions options;
  options.format.sample_format = format;
  return options;
}

WorkOptions threads(std::size_t count) {
  WorkOptions work;
  work.threads = count;
  return work;
}

TEST(RenderMix, MeasuresAsPredicted) {
  const VariedSession stems;
  std::vector<Db> gains = stems.gains(-16.0);
  gains[1] = {-9.79};
  gains[3] = silent_db;
  const auto build = measure_build(stems.session(), {{0, 3, 5}, {1, 2, 4, 6, 7}}, gains, {});
  ASSERT_TRUE(build) << build.error().sentence;
  const MixMeasurements& predicted = build->back();
  for (const SampleFormat format : {SampleFormat::float32, SampleFormat::pcm24}) {
    const std::string path = stems.folder() / (format == SampleFormat::pcm24 ? "mix24.wav" : "mix32.wav");
    ASSERT_TRUE(render_mix(stems.session(), gains, path, options_of(format)));
    const auto file = measure_file(path, {});
    ASSERT_TRUE(file);
    const Measure& written = file->measure;
    EXPECT_NEAR(written.integrated.value, integrated_loudness(predicted.hop_energies).value, 0.01);
    EXPECT_NEAR(written.loudness_range.value, loudness_range(predicted.hop_energies).value, 0.01);
    EXPECT_NEAR(written.momentary_max.value, predicted.momentary_max.value, 0.01);
    EXPECT_NEAR(written.short_term_max.value, predicted.short_term_max.value, 0.01);
    EXPECT_NEAR(written.true_peak.value, predicted.true_peak.value, 0.01);
    EXPECT_NEAR(written.sample_peak.value, predicted.sample_peak.value, 0.01);
    EXPECT_NEAR(written.rms.value, predicted.rms.value, 0.01);
    EXPECT_NEAR(written.vu_max.value, predicted.vu_max.value, 0.01);
    EXPECT_NEAR(written.duration_s, 6.2, 1e-9);
  }
}

TEST(RenderMix, WritesTheSameBytesWithAnyNumberOfThreads) {
  const VariedSession stems;
  for (const std::size_t count : {1u, 2u, 5u}) {
    const std::string path = stems.folder() / ("mix" + std::to_string(count) + ".wav");
    RenderOptions options = options_of(SampleFormat::pcm24);
    options.limiter_ceiling = Db{-6.0};
    ASSERT_TRUE(render_mix(stems.session(), stems.gains(), path, options, threads(count)));
  }
  const std::string one = bytes_of(stems.folder() / "mix1.wav");
  EXPECT_EQ(one, bytes_of(stems.folder() / "mix2.wav"));
  EXPECT_EQ(one, bytes_of(stems.folder() / "mix5.wav"));
}

// WAV is summed straight from its bytes, FLAC from decoded floats.
TEST(RenderMix, WritesTheSameBytesFromWhateverHoldsTheSamples) {
  const TemporaryFolder folder;
  for (const Container container : {Container::wav, Container::flac}) {
    const std::string extension = container == Container::wav ? ".wav" : ".flac";
    Session session;
    session.sample_rate_hz = 48000.0;
    for (std::size_t i = 0; i < 11; ++i) {
      const std::size_t channels = i == 4 ? 1 : 2;
      const AudioBuffer samples =
          render(hiss(0.1), 48000.0, channels, 0.3 + 0.07 * static_cast<double>(i % 3),
                 static_cast<unsigned>(10 * i));
      const std::string path = folder / (std::to_string(i) + extension);
      const SampleFormat format = i < 3 ? SampleFormat::pcm16 : SampleFormat::pcm24;
      ASSERT_TRUE(write_audio(path, {container, format, 48000.0, channels}, samples));
      session.tracks.push_back({path, path, 48000.0, channels, static_cast<Frames>(samples.frames())});
    }
    const std::vector<Db> gains(session.tracks.size(), Db{-3.7});
    ASSERT_TRUE(
        render_mix(session, gains, folder / ("mix" + extension.substr(1)), options_of(SampleFormat::pcm24)));
  }
  EXPECT_EQ(bytes_of(folder / "mixwav"), bytes_of(folder / "mixflac"));
}

TEST(RenderMix, IsAsLongAsATrackThatIsNotHeardNorRead) {
  TestSession stems;
  stems.add("a.wav", hiss(0.3), 0.5);
  stems.add("b.wav", hiss(0.3), 1.0, 2, 44100.0);
  const std::string path = stems.session().tracks[1].source_path;
  std::string bytes = bytes_of(path);
  bytes.replace(bytes.size() - 4, 4, "\xff\xff\xff\x7f");  // Not a number.
  put_bytes(path, bytes);
  const std::string mix = stems.folder() / "mix.wav";
  EXPECT_FALSE(render_mix(stems.session(), {{0.0}, {0.0}}, mix, options_of(SampleFormat::float32)));
  ASSERT_TRUE(render_mix(stems.session(), {{0.0}, silent_db}, mix, options_of(SampleFormat::float32)));
  EXPECT_EQ(samples_of(mix)[0].size(), 48000u);
}

TEST(RenderMix, PutsChannelsWhereTheTrackSays) {
  TestSession stems(48000.0, 6);
  stems.add("a.wav", hiss(0.3), 0.2, 4);
  Session session = stems.session();
  session.tracks[0].mix_channels = {1, 0, 4, 5};
  const std::string path = stems.folder() / "mix.wav";
  ASSERT_TRUE(render_mix(session, {{0.0}}, path, options_of(SampleFormat::float32)));
  const auto mix = samples_of(path);
  const auto source = samples_of(session.tracks[0].source_path);
  const std::vector<float> silence(source[0].size());
  EXPECT_EQ(mix,
            (std::vector<std::vector<float>>{source[1], source[0], silence, silence, source[2], source[3]}));
}

TEST(RenderMix, SumsExactly) {
  TestSession stems;
  stems.add("a.wav", hiss(0.3), 1.5);
  stems.add("b.wav", hiss(0.3), 1.0, 1);
  const std::string path = stems.folder() / "mix.wav";
  ASSERT_TRUE(render_mix(stems.session(), {{-2.0}, {1.0}}, path, options_of(SampleFormat::float32)));
  const auto mix = samples_of(path);
  const auto a = samples_of(stems.session().tracks[0].source_path);
  const auto b = samples_of(stems.session().tracks[1].source_path);
  ASSERT_EQ(mix[0].size(), a[0].size());
  for (std::size_t c = 0; c < 2; ++c) {
    for (std::size_t i = 0; i < mix[c].size(); ++i) {
      double sum = to_ratio({-2.0}) * static_cast<double>(a[c][i]);
      if (i < b[0].size()) sum += to_ratio({1.0}) * static_cast<double>(b[0][i]);
      ASSERT_EQ(mix[c][i], static_cast<float>(sum)) << "frame " << i;
    }
  }
}

TEST(RenderMix, KeepsUnderTheLimitersCeiling) {
  TestSession stems;
  stems.add("a.wav", phrases(0.9, 0.4), 3.0);
  stems.add("b.wav", phrases(0.9, 0.7), 2.5);
  const std::string path = stems.folder() / "mix.wav";
  RenderOptions options = options_of(SampleFormat::pcm24);
  options.limiter_ceiling = Db{-1.0};
  const auto report = render_mix(stems.session(), stems.gains(6.0), path, options);
  ASSERT_TRUE(report) << report.error().sentence;
  const auto file = measure_file(path, {});
  ASSERT_TRUE(file);
  EXPECT_LE(file->measure.true_peak.value, -0.95);
  EXPECT_NEAR(file->measure.duration_s, 3.0, 1e-9);
  ASSERT_TRUE(report->limiter);
  const LimiterReport& limiter = *report->limiter;
  EXPECT_GT(limiter.greatest_reduction, Db{6.0});
  EXPECT_GT(limiter.mean_reduction_while_active, Db{0.0});
  EXPECT_LT(limiter.mean_reduction_while_active, limiter.greatest_reduction);
  EXPECT_GT(limiter.active_share, 0.1);
  EXPECT_LE(limiter.active_share, 1.0);
  ASSERT_EQ(limiter.reduction_db.size(), 30u);
  EXPECT_EQ(static_cast<double>(*std::ranges::max_element(limiter.reduction_db)),
            limiter.greatest_reduction.value);
}

TEST(RenderMix, LimiterLeavesAMixUnderTheCeilingAsItIs) {
  const VariedSession stems;
  RenderOptions options = options_of(SampleFormat::pcm24);
  ASSERT_TRUE(render_mix(stems.session(), stems.gains(-20.0), stems.folder() / "plain.wav", options));
  options.limiter_ceiling = Db{-1.0};
  const auto report =
      render_mix(stems.session(), stems.gains(-20.0), stems.folder() / "limited.wav", options);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->limiter->active_share, 0.0);
  EXPECT_EQ(report->limiter->greatest_reduction, Db{0.0});
  EXPECT_EQ(bytes_of(stems.folder() / "plain.wav"), bytes_of(stems.folder() / "limited.wav"));
}

TEST(RenderMix, LeavesNothingWhenCancelled) {
  const VariedSession stems;
  const std::size_t files_before = stems.folder().names().size();
  Cancellation cancellation;
  WorkOptions work;
  work.cancellation = &cancellation;
  work.progress = [&](std::string_view, double) { cancellation.cancel(); };
  const auto report = render_mix(stems.session(), stems.gains(), stems.folder() / "mix.wav",
                                 options_of(SampleFormat::pcm24), work);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::cancelled);
  EXPECT_EQ(stems.folder().names().size(), files_before);
}

TEST(RenderMix, RefusesWhatIsNotANumber) {
  TestSession stems;
  stems.add("odd.wav", hiss(0.1), 1.0);
  std::string bytes = bytes_of(stems.session().tracks[0].source_path);
  const float bad = std::numeric_limits<float>::infinity();
  std::memcpy(bytes.data() + bytes.size() - 4, &bad, sizeof bad);
  put_bytes(stems.session().tracks[0].source_path, bytes);
  const std::string path = stems.folder() / "mix.wav";
  RenderOptions options = options_of(SampleFormat::pcm24);
  const auto refused = render_mix(stems.session(), stems.gains(), path, options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::bad_input);
  EXPECT_EQ(stems.folder().names().size(), 1u);
  options.non_finite = NonFinite::silence;
  EXPECT_TRUE(render_mix(stems.session(), stems.gains(), path, options));
}

TEST(RenderStems, ChangesNothingButTheGain) {
  const VariedSession stems;
  const std::string folder = stems.folder() / "stems";
  const auto report =
      render_stems(stems.session(), stems.gains(-6.0), folder, options_of(SampleFormat::float32));
  ASSERT_TRUE(report) << report.error().sentence;
  ASSERT_EQ(report->paths.size(), stems.session().tracks.size());
  for (std::size_t i = 0; i < report->paths.size(); ++i) {
    const auto before = samples_of(stems.session().tracks[i].source_path);
    const auto after = samples_of(report->paths[i]);
    ASSERT_EQ(after.size(), before.size());
    for (std::size_t c = 0; c < after.size(); ++c) {
      ASSERT_EQ(after[c].size(), before[c].size());
      for (std::size_t k = 0; k < after[c].size(); ++k) {
        ASSERT_EQ(after[c][k], static_cast<float>(to_ratio({-6.0}) * static_cast<double>(before[c][k])));
      }
    }
  }
}

TEST(RenderStems, TurnsToFloatWhenOneWouldClip) {
  const VariedSession stems;
  std::vector<Db> gains = stems.gains(-12.0);
  RenderOptions options = options_of(SampleFormat::pcm16);
  const auto fits = render_stems(stems.session(), gains, stems.folder() / "fits", options);
  ASSERT_TRUE(fits);
  EXPECT_EQ(fits->sample_format, SampleFormat::pcm16);
  gains[3] = {6.0};
  options.format.container = Container::flac;
  const auto clips = render_stems(stems.session(), gains, stems.folder() / "clips", options);
  ASSERT_TRUE(clips) << clips.error().sentence;
  EXPECT_EQ(clips->sample_format, SampleFormat::float32);
  EXPECT_EQ(clips->container, Container::wav);
  EXPECT_EQ(clips->paths[0], (stems.folder().path() / "clips" / "bass.wav").string());
}

TEST(RenderStems, TellsNamesApartThatDifferInExtensionOnly) {
  TestSession stems;
  stems.add("kick.aif", hiss(0.1), 0.2);
  stems.add("kick.wav", hiss(0.1), 0.2);
  const auto report =
      render_stems(stems.session(), stems.gains(), stems.folder() / "stems", options_of(SampleFormat::pcm24));
  ASSERT_TRUE(report);
  EXPECT_NE(report->paths[0], report->paths[1]);
}

TEST(RenderStems, LeavesNothingWhenCancelled) {
  const VariedSession stems;
  Cancellation cancellation;
  WorkOptions work;
  work.cancellation = &cancellation;
  work.progress = [&](std::string_view what, double) {
    if (what == "writing the stems") cancellation.cancel();
  };
  const std::string folder = stems.folder() / "stems";
  const auto report =
      render_stems(stems.session(), stems.gains(-6.0), folder, options_of(SampleFormat::pcm24), work);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::cancelled);
  EXPECT_TRUE(std::filesystem::is_empty(folder));
}

TEST(TracksAt, NamesTheLoudestFirst) {
  TestSession stems;
  // All peak at 0.25 s; the third pulls the other way.
  stems.add("a.wav", tone(1.0, 0.2), 1.0, 1);
  stems.add("b.wav", tone(1.0, 0.5), 1.0, 2, 44100.0);
  stems.add("c.wav", tone(1.0, -0.1), 1.0);
  const auto tracks = tracks_at(stems.session(), {{0.0}, {0.0}, {0.0}}, 0.25);
  ASSERT_TRUE(tracks);
  EXPECT_EQ(*tracks, (std::vector<std::size_t>{1, 0}));
  const auto raised = tracks_at(stems.session(), {{12.0}, {0.0}, {0.0}}, 0.25);
  ASSERT_TRUE(raised);
  EXPECT_EQ(*raised, (std::vector<std::size_t>{0, 1}));
}

}  // namespace
}  // namespace gainstage
