// SPDX-License-Identifier: MIT
// What a live desk shows, against meters over the same samples.
#include <gtest/gtest.h>

#include "engine/live/live_test.h"
#include "meters/level_ticks.h"
#include "meters/loudness.h"
#include "meters/true_peak.h"
#include "meters/vu.h"

namespace gainstage {
namespace {

using test::Channels;
using test::Player;

AudioBuffer buffer_of(const Channels& samples) {
  AudioBuffer buffer(samples.size(), samples[0].size());
  for (std::size_t c = 0; c < samples.size(); ++c)
    std::ranges::copy(samples[c], buffer.view().channel(c).begin());
  return buffer;
}

float db(double ratio) { return static_cast<float>(to_db(ratio).value); }

TEST(LiveMeters, ShowTheMasterAsMetersOfItsSamplesDo) {
  const test::VariedSession stems;
  const Session desk = flow_of_stems(stems.session());
  Player player(desk);
  player.play();
  LoudnessMeter loudness;
  loudness.prepare({48000.0, 2, 480});
  TruePeakMeter true_peak(TruePeakFilter::oversampled_16x);
  true_peak.prepare({48000.0, 2, 480});
  for (int i = 0; i < 550; ++i) {
    const Channels out = player.take(480);
    const AudioBuffer block = buffer_of(out);
    loudness.process(std::as_const(block).view());
    true_peak.process(std::as_const(block).view());
    const LiveMaster master = player.look().master;
    ASSERT_NEAR(master.peak_dbfs, db(test::greatest(out)), 1e-5) << i;
    if (std::isfinite(master.momentary_lufs)) {
      ASSERT_NEAR(master.momentary_lufs, loudness.momentary().value, 1e-3) << i;
      ASSERT_NEAR(master.short_term_lufs, loudness.short_term().value, 1e-3) << i;
    }
  }
  const LiveMaster master = player.look().master;
  EXPECT_NEAR(master.true_peak_max_dbtp, true_peak.peak().value, 1e-4);
  EXPECT_NEAR(master.integrated_lufs, loudness.integrated().value, 1e-3);
  EXPECT_NEAR(master.loudness_range_lu, loudness.loudness_range().value, 1e-3);
  EXPECT_NEAR(master.momentary_max_lufs, loudness.momentary_max().value, 1e-3);
  EXPECT_NEAR(master.short_term_max_lufs, loudness.short_term_max().value, 1e-3);
  EXPECT_NEAR(master.plr_lu, true_peak.peak().value - loudness.integrated().value, 2e-3);
}

TEST(LiveMeters, ShowTheTapsOfAStrip) {
  test::TestSession stems(44100.0);
  stems.add("a.wav", test::phrases(0.5, 0.7), 3.0, 2, 44100.0);
  const Channels source = test::samples_of(stems.session().tracks[0].source_path);
  const Session desk = flow_of_stems(stems.session());
  Player player(desk);
  player.trim(0, 0.5);
  player.fader(0, 0.25);
  player.take(441);
  player.play();
  LoudnessMeter loudness;
  loudness.prepare({44100.0, 2, 441});
  LevelTicker ticker;
  ticker.prepare({44100.0, 2, 441});
  VuMeter vu;
  vu.prepare({44100.0, 2, 441});
  std::vector<float> peaks;
  for (std::size_t hop = 0; hop < 280; ++hop) {
    player.take(441);
    AudioBuffer block(2, 441);
    for (std::size_t c = 0; c < 2; ++c) {
      for (std::size_t i = 0; i < 441; ++i) block.view().channel(c)[i] = 0.5f * source[c][441 * hop + i];
    }
    loudness.process(std::as_const(block).view());
    ticker.process(std::as_const(block).view(), [&](const LevelTicks& ticks) { vu.process(ticks); });
    peaks.push_back(static_cast<float>(
        test::greatest({{block.view().channel(0).begin(), block.view().channel(0).end()},
                        {block.view().channel(1).begin(), block.view().channel(1).end()}})));
    const LiveStripLevels levels = player.look().strips[0];
    ASSERT_NEAR(levels.insert_in.peak_dbfs, db(peaks.back()), 1e-5) << hop;
    ASSERT_NEAR(levels.fader_out.peak_dbfs, db(0.25 * peaks.back()), 1e-5) << hop;
    // The greatest of 1.9 to 2 s.
    const auto last = [&](std::size_t hops) {
      return *std::max_element(peaks.end() - static_cast<std::ptrdiff_t>(std::min(hops, peaks.size())),
                               peaks.end());
    };
    ASSERT_GE(levels.insert_in.hold_dbfs, db(last(190)) - 1e-4f) << hop;
    ASSERT_LE(levels.insert_in.hold_dbfs, db(last(201)) + 1e-4f) << hop;
    ASSERT_NEAR(levels.insert_in.vu_db, VuMeter::vu(vu.needle(), Db{-18.0}).value, 1e-2) << hop;
    ASSERT_NEAR(levels.fader_out.vu_db, VuMeter::vu(0.25 * vu.needle(), Db{-18.0}).value, 1e-2) << hop;
    ASSERT_NEAR(levels.insert_in.momentary_lufs, loudness.momentary().value, 1e-2) << hop;
    ASSERT_NEAR(levels.fader_out.momentary_lufs, loudness.momentary().value + to_db(0.25).value, 1e-2) << hop;
  }
}

TEST(LiveMeters, LosePeaksNeitherBetweenLooksNorBlocks) {
  test::TestSession stems;
  AudioBuffer pulses(2, 96000);
  pulses.view().channel(1)[30001] = -0.75f;
  stems.add("a.wav", pulses, 48000.0);
  const Session desk = flow_of_stems(stems.session());
  Player player(desk);
  player.play();
  player.take(29000, 37);
  EXPECT_EQ(player.look().strips[0].insert_in.peak_dbfs, db(0.0));
  player.take(20000, 37);
  EXPECT_FLOAT_EQ(player.look().strips[0].insert_in.peak_dbfs, db(0.75));
  EXPECT_EQ(player.look().strips[0].insert_in.peak_dbfs, db(0.0));
}

TEST(LiveMeters, TellWhereAStripClips) {
  test::TestSession stems;
  AudioBuffer pulses(1, 96000);
  pulses.view().channel(0)[20000] = 0.8f;
  pulses.view().channel(0)[30001] = -0.9f;
  stems.add("a.wav", pulses, 48000.0);
  const Session desk = flow_of_stems(stems.session());
  Player player(desk);
  player.trim(0, 2.0);
  player.fader(0, 0.4);
  player.take(480);
  player.loop(0, 48000);
  player.play();
  player.take(24000);
  EXPECT_NEAR(player.look().clips[0].over_db, db(1.6), 1e-5);
  EXPECT_EQ(player.look().clips[0].at_s, 20000.0 / 48000.0);
  player.take(24000);
  LiveClip clip = player.look().clips[0];
  EXPECT_NEAR(clip.over_db, db(1.8), 1e-5);
  EXPECT_EQ(clip.tap, LiveTap::insert_in);
  EXPECT_EQ(clip.at_s, 30001.0 / 48000.0);
  EXPECT_EQ(player.look().clips[1].over_db, 0.0f);
  player.desk().clear_clips();
  EXPECT_EQ(player.look().clips[0].over_db, 0.0f);
  player.take(24000);
  EXPECT_EQ(player.look().clips[0].at_s, 20000.0 / 48000.0);
}

TEST(LiveMeters, CountTheMastersFiguresFromAJumpOn) {
  test::TestSession stems;
  AudioBuffer loud(2, 192000);
  for (std::size_t i = 0; i < 192000; ++i) {
    const double at = static_cast<double>(i) / 48000.0;
    loud.view().channel(0)[i] = loud.view().channel(1)[i] =
        static_cast<float>((i < 96000 ? 0.8 : 0.1) * std::sin(6283.0 * at));
  }
  stems.add("a.wav", loud, 48000.0);
  const Session desk = flow_of_stems(stems.session());
  Player player(desk);
  player.play();
  player.take(48000);
  EXPECT_NEAR(player.look().master.true_peak_max_dbtp, db(0.8), 0.01);
  EXPECT_NEAR(player.look().master.correlation, 1.0, 1e-5);
  player.seek(100000);
  player.take(333);
  player.take(60000);
  EXPECT_NEAR(player.look().master.true_peak_max_dbtp, db(0.1), 0.02);
  EXPECT_NEAR(player.look().master.integrated_lufs, -20.0, 0.5);
}

TEST(LiveMeters, FallToSilenceInAPauseButKeepTheIntegrated) {
  test::TestSession stems;
  stems.add("a.wav", test::hiss(0.5), 4.0);
  const Session desk = flow_of_stems(stems.session());
  Player player(desk);
  player.play();
  player.take(96000);
  const float integrated = player.look().master.integrated_lufs;
  EXPECT_TRUE(std::isfinite(integrated));
  player.pause();
  player.take(480 * 1000);
  const LiveLook look = player.look();
  player.take(480);
  EXPECT_EQ(look.master.momentary_lufs, db(0.0));
  EXPECT_EQ(look.strips[0].fader_out.momentary_lufs, db(0.0));
  EXPECT_LT(look.strips[0].fader_out.vu_db, -100.0f);
  EXPECT_EQ(player.look().strips[0].fader_out.peak_dbfs, db(0.0));
  EXPECT_NEAR(player.look().master.integrated_lufs, integrated, 0.02);
}

TEST(LiveProbes, GiveWhatIsHeardAtATap) {
  test::TestSession stems;
  stems.add("a.wav", test::hiss(0.5), 4.0, 1);
  stems.add("b.wav", test::hiss(0.5), 4.0);
  const Channels a = test::samples_of(stems.session().tracks[0].source_path);
  const Channels b = test::samples_of(stems.session().tracks[1].source_path);
  const Session desk = flow_of_stems(stems.session());
  Player player(desk);
  player.send({.kind = LiveCommand::Kind::watch, .tap = LiveTap::clip, .probe = 2, .strip = 0});
  player.send({.kind = LiveCommand::Kind::watch, .tap = LiveTap::insert_in, .probe = 7, .strip = 1});
  player.play();
  player.take(10000);
  std::vector<float> samples;
  ASSERT_EQ(player.desk().read_probe(2, samples), 10000u);
  for (std::size_t i = 0; i < 10000; ++i) {
    ASSERT_EQ(samples[2 * i], a[0][i]);
    ASSERT_EQ(samples[2 * i + 1], a[0][i]);
  }
  EXPECT_EQ(player.desk().read_probe(0, samples), 0u);
  player.take(70000);
  ASSERT_EQ(player.desk().read_probe(7, samples), 48000u);
  for (std::size_t i = 0; i < 48000; ++i) {
    ASSERT_EQ(samples[2 * i], b[0][32000 + i]);
    ASSERT_EQ(samples[2 * i + 1], b[1][32000 + i]);
  }
  player.send({.kind = LiveCommand::Kind::watch, .probe = 7});
  player.take(480);
  EXPECT_EQ(player.desk().read_probe(7, samples), 0u);
}

TEST(LiveMonitor, LetsATapBeHeardInPlaceOfTheMix) {
  test::TestSession stems;
  stems.add("a.wav", test::hiss(0.5), 2.0, 1);
  stems.add("b.wav", test::hiss(0.5), 2.0);
  const Channels a = test::samples_of(stems.session().tracks[0].source_path);
  const Session desk = flow_of_stems(stems.session());
  Player player(desk);
  player.trim(0, 0.5);
  player.fader(0, 0.5);
  player.play();
  player.take(4800);
  for (const auto& [tap, ratio] :
       {std::pair{LiveTap::clip, 1.0f}, {LiveTap::insert_in, 0.5f}, {LiveTap::fader_out, 0.25f}}) {
    player.send({.kind = LiveCommand::Kind::listen, .tap = tap, .strip = 0});
    player.take(480);
    const auto first = static_cast<std::size_t>(player.blocks.back().first) + 480;
    const Channels out = player.take(4800);
    for (std::size_t i = 0; i < 4800; ++i) {
      ASSERT_EQ(out[0][i], ratio * a[0][first + i]);
      ASSERT_EQ(out[1][i], ratio * a[0][first + i]);
    }
  }
}

TEST(LiveMonitor, TurnsAndSumsWhatIsHeard) {
  test::TestSession stems;
  stems.add("a.wav", test::hiss(0.5), 2.0);
  const Channels a = test::samples_of(stems.session().tracks[0].source_path);
  const Session desk = flow_of_stems(stems.session());
  Player player(desk);
  player.send({.kind = LiveCommand::Kind::monitor, .value = 0.5});
  player.send({.kind = LiveCommand::Kind::mono, .value = 1.0});
  player.take(480);
  player.play();
  const Channels out = player.take(48000);
  for (std::size_t i = 0; i < 48000; ++i) {
    ASSERT_NEAR(out[0][i], 0.25f * (a[0][i] + a[1][i]), 1e-7f);
    ASSERT_NEAR(out[1][i], 0.25f * (a[0][i] + a[1][i]), 1e-7f);
  }
  EXPECT_NEAR(player.look().master.correlation, 0.0, 0.1);
}

}  // namespace
}  // namespace gainstage
