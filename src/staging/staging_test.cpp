// SPDX-License-Identifier: MIT
// The laws of the method, on measurements made up from a fixed seed.
#include "staging/staging.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "base/loudness_gate.h"
#include "staging/text.h"

namespace gainstage {
namespace {

struct Song {
  Session session;
  Measurements measurements;
};

/// One track of 60 s at about this loudness, sounding a share of the time, its energy around one band.
TrackMeasurements made_up_track(double lufs, double peak_dbfs, double sounding_share, double frequency_hz,
                                std::mt19937& random) {
  TrackMeasurements track;
  std::uniform_real_distribution<double> wobble(0.5, 1.5);
  const std::size_t hops = 600;
  for (std::size_t hop = 0; hop < hops; ++hop) {
    const bool sounds = static_cast<double>(hop % 100) < 100.0 * sounding_share;
    const double energy = to_weighted_mean_square({lufs}) * (sounds ? wobble(random) : 1e-7);
    track.hop_energies.push_back(energy);
    track.hop_vu.push_back(static_cast<float>(std::sqrt(0.5 * energy)));
    track.hop_peaks.push_back(static_cast<float>(to_ratio(Db{peak_dbfs}) * (sounds ? 1.0 : 1e-3)));
  }
  double total = 0.0;
  for (std::size_t band = 0; band < third_octave_centres_hz.size(); ++band) {
    const double octaves = std::log2(third_octave_centres_hz[band] / frequency_hz);
    track.features.spectrum[band] = to_weighted_mean_square({lufs}) * std::exp(-octaves * octaves);
    total += track.features.spectrum[band];
    if (third_octave_centres_hz[band] < 120.0)
      track.features.low_energy_share += track.features.spectrum[band];
  }
  track.features.low_energy_share /= total;
  track.features.median_frequency_hz = frequency_hz;
  track.features.harmonicity = 0.5;
  for (std::size_t frame = 0; frame < hops / 4; ++frame) {
    ErbFrame bands{};
    for (std::size_t band = 0; band < erb_band_count; ++band) {
      const double cam = 1.8 + static_cast<double>(band);
      const double octaves = std::log2((std::pow(10.0, cam / 21.366) - 1.0) / 0.004368 / frequency_hz);
      bands[band] = static_cast<float>(track.hop_energies[frame * 4] * std::exp(-octaves * octaves));
    }
    track.erb_frames.push_back(bands);
  }
  track.clip.sample_peak = Db{peak_dbfs};
  track.clip.true_peak = Db{peak_dbfs};
  track.clip.rms = Db{lufs};
  track.clip.duration_s = 60.0;
  track.clip.channels = 2;
  return track;
}

/// As if the file had been scaled.
void scale(Song& song, std::size_t i, Db gain) {
  TrackMeasurements& track = song.measurements.tracks[i];
  const double power = to_power_ratio(gain);
  const auto ratio = static_cast<float>(to_ratio(gain));
  for (double& energy : track.hop_energies) energy *= power;
  for (float& vu : track.hop_vu) vu *= ratio;
  for (float& peak : track.hop_peaks) peak *= ratio;
  for (double& band : track.features.spectrum) band *= power;
  for (ErbFrame& frame : track.erb_frames) {
    for (float& band : frame) band *= ratio * ratio;
  }
  track.clip.sample_peak += gain;
  track.clip.true_peak += gain;
  track.clip.rms += gain;
  const std::size_t n = song.session.tracks.size();
  for (std::size_t j = 0; j < n; ++j) {
    song.measurements.covariance[i * n + j] *= to_ratio(gain);
    song.measurements.covariance[j * n + i] *= to_ratio(gain);
  }
}

Song made_up_song() {
  std::mt19937 random(7);
  Song song;
  song.session.sample_rate_hz = 48000.0;
  const auto add = [&](const char* name, double lufs, double peak, double share, double frequency) {
    song.session.tracks.push_back({name, name, 48000.0, 2, 48000 * 60});
    song.measurements.tracks.push_back(made_up_track(lufs, peak, share, frequency, random));
  };
  add("Bass.wav", -20.0, -8.0, 0.9, 80.0);
  add("EGtr 1.wav", -24.0, -12.0, 0.7, 700.0);
  add("EGtr 2.wav", -28.0, -14.0, 0.7, 800.0);
  add("HH.wav", -40.0, -20.0, 0.8, 8000.0);
  add("Kick.wav", -18.0, -2.0, 0.8, 60.0);
  add("Lead Vox.wav", -30.0, -14.0, 0.5, 900.0);
  add("Snare.wav", -25.0, -4.0, 0.8, 400.0);
  const std::size_t n = song.session.tracks.size();
  song.measurements.covariance.assign(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    double sum = 0.0;
    for (double energy : song.measurements.tracks[i].hop_energies) sum += energy;
    song.measurements.covariance[i * n + i] = sum / 600.0;
  }
  return song;
}

MixMeasurements mix_at(Db true_peak, Lufs loudness) {
  MixMeasurements mix;
  mix.true_peak = true_peak;
  mix.sample_peak = true_peak - Db{0.2};
  mix.momentary_max = loudness + Db{4.0};
  mix.short_term_max = loudness + Db{2.0};
  mix.hop_energies.assign(600, to_weighted_mean_square(loudness));
  return mix;
}

std::vector<double> gains_of(const Balance& balance) {
  std::vector<double> gains;
  for (const TrackPlan& track : balance.tracks) gains.push_back(track.gain().value);
  return gains;
}

GainPlan whole_plan(const Song& song, const StagingOptions& options, const MixMeasurements& mix) {
  const Balance anchored =
      anchor(balance(song.session, song.measurements, options), mix_at(Db{-9.0}, {-20.0}), options);
  const std::vector<MixMeasurements> build(anchored.steps.size(), mix);
  const std::vector<std::size_t> at_peak{4, 0};
  return raise_together(anchored, build, at_peak, options);
}

TEST(Balance, ScalingATrackMovesItsOwnGainOnly) {
  const Song song = made_up_song();
  const auto before = gains_of(balance(song.session, song.measurements, {}));
  for (std::size_t i = 0; i < before.size(); ++i) {
    Song scaled = made_up_song();
    scale(scaled, i, Db{-11.3});
    auto after = gains_of(balance(scaled.session, scaled.measurements, {}));
    after[i] -= 11.3;
    // All gains are free of a common constant until the anchor is set.
    const double common = after[(i + 1) % after.size()] - before[(i + 1) % after.size()];
    for (std::size_t j = 0; j < before.size(); ++j)
      EXPECT_NEAR(after[j] - common, before[j], 0.021) << i << ' ' << j;
  }
}

TEST(Balance, DoesNotDependOnTheOrderOfTracks) {
  const Song song = made_up_song();
  Song turned = made_up_song();
  const std::size_t n = turned.session.tracks.size();
  std::reverse(turned.session.tracks.begin(), turned.session.tracks.end());
  std::reverse(turned.measurements.tracks.begin(), turned.measurements.tracks.end());
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      turned.measurements.covariance[i * n + j] = song.measurements.covariance_of(n - 1 - i, n - 1 - j);
    }
  }
  const auto forward = gains_of(balance(song.session, song.measurements, {}));
  auto backward = gains_of(balance(turned.session, turned.measurements, {}));
  std::reverse(backward.begin(), backward.end());
  for (std::size_t i = 0; i < n; ++i) EXPECT_NEAR(backward[i], forward[i], 0.0101);
}

TEST(Balance, LowsComeInFirstAndEffectsLast) {
  const Song song = made_up_song();
  const Balance result = balance(song.session, song.measurements, {});
  ASSERT_FALSE(result.steps.empty());
  EXPECT_EQ(result.steps.front().name, "low end");
  EXPECT_EQ(result.steps.front().tracks, (std::vector<std::size_t>{0, 4}));
  EXPECT_EQ(result.steps.back().name, "hats");
}

TEST(Balance, LowEndOfASongWithoutBassOrKickIsWhereItsLowsAre) {
  Song song = made_up_song();
  song.session.tracks[0].name = "Bandoneon.wav";
  song.session.tracks[4].name = "Drums.wav";
  song.measurements.tracks[0] = song.measurements.tracks[1];
  ASSERT_GT(song.measurements.tracks[4].features.low_energy_share, 0.4);
  ASSERT_LT(song.measurements.tracks[0].features.low_energy_share, 0.4);
  const Balance result = balance(song.session, song.measurements, {});
  ASSERT_EQ(result.steps.front().name, "low end");
  EXPECT_EQ(result.steps.front().tracks, (std::vector<std::size_t>{4}));
  EXPECT_EQ(result.tracks[4].role.role, Role::drums);
  EXPECT_TRUE(std::ranges::none_of(result.warnings, [](auto& w) { return w.code == "no-low-end"; }));
}

TEST(Balance, SilentTrackIsNamedAndLeftOut) {
  Song song = made_up_song();
  song.measurements.tracks[1] = TrackMeasurements{};
  const Balance result = balance(song.session, song.measurements, {});
  EXPECT_TRUE(result.tracks[1].is_silent);
  EXPECT_EQ(result.tracks[1].gain().value, 0.0);
  EXPECT_TRUE(std::any_of(result.warnings.begin(), result.warnings.end(),
                          [](const Warning& w) { return w.code == "silent" && w.track == "EGtr 1.wav"; }));
  for (const BuildStep& step : result.steps) {
    EXPECT_EQ(std::count(step.tracks.begin(), step.tracks.end(), 1u), 0);
  }
}

TEST(Balance, GroupMovesByOneGain) {
  const Song song = made_up_song();
  StagingOptions options;
  options.groups = {{"guitars", {"EGtr 1.wav", "EGtr 2.wav", "HH.wav"}}};
  const auto gains = gains_of(balance(song.session, song.measurements, options));
  EXPECT_DOUBLE_EQ(gains[1], gains[2]);
  EXPECT_DOUBLE_EQ(gains[1], gains[3]);
}

TEST(Balance, KeepingAllOfTheUsersLevelsKeepsThem) {
  Song song = made_up_song();
  scale(song, 2, Db{-25.0});  // Buried under the other guitar: the method would make it heard.
  StagingOptions options;
  options.keep_levels_percent = 100.0;
  const auto gains = gains_of(balance(song.session, song.measurements, options));
  const auto [least, greatest] = std::minmax_element(gains.begin(), gains.end());
  EXPECT_LE(*greatest - *least, 0.0101);
}

TEST(Balance, AudibilityMovesByThePartThatIsTheMethods) {
  Song song = made_up_song();
  scale(song, 2, Db{-25.0});
  StagingOptions options;
  const auto raised_with_kept = [&](double percent) {
    options.keep_levels_percent = percent;
    return balance(song.session, song.measurements, options).tracks[2].why;
  };
  EXPECT_NE(raised_with_kept(95.0).find("because the others cover it"), std::string::npos);
  EXPECT_EQ(raised_with_kept(100.0).find("because the others cover it"), std::string::npos);
}

TEST(Balance, CoherentTwinsAreTakenDownTogether) {
  Song song = made_up_song();
  const auto apart = gains_of(balance(song.session, song.measurements, {}));
  const std::size_t n = song.session.tracks.size();
  const double shared =
      std::sqrt(song.measurements.covariance_of(1, 1) * song.measurements.covariance_of(2, 2));
  song.measurements.covariance[1 * n + 2] = song.measurements.covariance[2 * n + 1] = shared;
  const auto together = gains_of(balance(song.session, song.measurements, {}));
  EXPECT_LT(together[1] - together[5], apart[1] - apart[5] - 2.0);
  EXPECT_LT(together[2] - together[5], apart[2] - apart[5] - 2.0);
}

TEST(Anchor, PutsTheLowEndOnTheAnchor) {
  const Song song = made_up_song();
  const Balance relative = balance(song.session, song.measurements, {});
  const Balance anchored = anchor(relative, mix_at(Db{-9.0}, {-20.0}), {});
  // Its sample peak read -9.2 dBFS, so every fader comes down by 2.8 dB.
  EXPECT_NEAR(anchored.tracks[0].gain().value - relative.tracks[0].gain().value, -2.8, 0.0101);
}

TEST(Anchor, LockedTracksStayAndTheOthersAreSetAroundThem) {
  const Song song = made_up_song();
  StagingOptions options;
  options.locked = {"Lead Vox.wav"};
  const Balance relative = balance(song.session, song.measurements, {});
  const Balance anchored =
      anchor(balance(song.session, song.measurements, options), mix_at(Db{-9.0}, {-20.0}), options);
  EXPECT_EQ(anchored.tracks[5].gain().value, 0.0);
  EXPECT_NEAR(anchored.tracks[4].gain().value,
              relative.tracks[4].gain().value - relative.tracks[5].gain().value, 0.0201);
}

TEST(Anchor, RangesHoldAndAreNamed) {
  const Song song = made_up_song();
  StagingOptions options;
  options.ranges = {{"HH.wav", {Db{-1.0}, Db{1.5}}}, {"Kick.wav", {Db{4.0}, Db{5.0}}}};
  const GainPlan plan = whole_plan(song, options, mix_at(Db{5.0}, {-15.0}));
  EXPECT_GE(plan.tracks[3].gain(), Db{-1.0});
  EXPECT_LE(plan.tracks[3].gain(), Db{1.5 + 1e-12});
  EXPECT_GE(plan.tracks[4].gain(), Db{4.0 - 1e-12});
  EXPECT_NE(plan.tracks[4].why.find("held by its range"), std::string::npos) << plan.tracks[4].why;
}

TEST(Anchor, NoStrengthMovesNothing) {
  const Song song = made_up_song();
  StagingOptions options;
  options.strength_percent = 0.0;
  const Balance anchored =
      anchor(balance(song.session, song.measurements, options), mix_at(Db{-9.0}, {-20.0}), options);
  for (const TrackPlan& track : anchored.tracks) EXPECT_NEAR(track.gain().value, 0.0, 1e-12);
}

TEST(Raise, MeetsTheTargetWhenPlainGainCan) {
  const Song song = made_up_song();
  const GainPlan plan = whole_plan(song, {}, mix_at(Db{-12.0}, {-23.0}));
  EXPECT_TRUE(plan.outcome.is_reached);
  EXPECT_NEAR(plan.raise.value, 9.0, 0.0101);
  EXPECT_NEAR(plan.predicted.integrated.value, -14.0, 0.0101);
}

TEST(Raise, StopsAtTheCeilingAndTellsTheShortfall) {
  const Song song = made_up_song();
  const GainPlan plan = whole_plan(song, {}, mix_at(Db{-6.0}, {-23.0}));
  EXPECT_FALSE(plan.outcome.is_reached);
  EXPECT_LE(plan.predicted.true_peak, Db{-1.0});
  EXPECT_NEAR(plan.outcome.shortfall.value, 4.0, 0.02);
  EXPECT_EQ(plan.outcome.peaks_from, (std::vector<std::string>{"Kick.wav", "Bass.wav"}));
}

TEST(Raise, AsksForALimiterOnlyWhenTold) {
  const Song song = made_up_song();
  StagingOptions options;
  options.reach = Reach::limit;
  const GainPlan plan = whole_plan(song, options, mix_at(Db{-6.0}, {-23.0}));
  EXPECT_TRUE(plan.outcome.needs_limiter);
  EXPECT_NEAR(plan.raise.value, 9.0, 0.0101);
  EXPECT_FALSE(whole_plan(song, options, mix_at(Db{-12.0}, {-23.0})).outcome.needs_limiter);
}

TEST(Raise, KeepsTheMixWellUnderZeroFirst) {
  const Song song = made_up_song();
  const GainPlan loud = whole_plan(song, {}, mix_at(Db{1.5}, {-12.0}));
  const GainPlan quiet = whole_plan(song, {}, mix_at(Db{-9.0}, {-12.0}));
  EXPECT_NEAR(loud.headroom_cut.value, 4.5, 0.0101);
  EXPECT_EQ(quiet.headroom_cut.value, 0.0);
  EXPECT_NEAR(loud.tracks[0].gain().value, quiet.tracks[0].gain().value - 4.5, 0.0101);
  EXPECT_NEAR(loud.readings.back().true_peak.value, -3.0, 0.0101);
  EXPECT_NEAR(loud.anchor_reading.value, quiet.anchor_reading.value + 10.5 - 4.5, 0.0101);
}

TEST(Raise, ReasonsEndWithTheGainThatIsLeft) {
  const Song song = made_up_song();
  const GainPlan plan = whole_plan(song, {}, mix_at(Db{1.5}, {-12.0}));
  for (const TrackPlan& track : plan.tracks) {
    EXPECT_TRUE(
        track.why.ends_with("4.5 dB less with all faders to keep headroom: " + signed_db(track.gain()) + "."))
        << track.why;
  }
}

TEST(Raise, TellsWhatTheAnchorReadsAfterKeepingHeadroom) {
  const Song song = made_up_song();
  const auto warning_of = [](const GainPlan& plan) {
    const auto found = std::ranges::find(plan.warnings, "headroom", &Warning::code);
    return found == plan.warnings.end() ? std::string() : found->sentence;
  };
  // The anchor step reads 0.2 dB under the true peak of 1.5 dBTP, less the 4.5 dB all faders came down.
  const std::string under = warning_of(whole_plan(song, {}, mix_at(Db{1.5}, {-12.0})));
  EXPECT_NE(under.find("now reads -3.2, 8.8 dB over the anchor of -12.0."), std::string::npos) << under;
  StagingOptions options;
  options.anchor = Db{-1.0};
  const std::string over = warning_of(whole_plan(song, options, mix_at(Db{1.5}, {-12.0})));
  EXPECT_NE(over.find("now reads -3.2, 2.2 dB under the anchor of -1.0."), std::string::npos) << over;
}

TEST(Raise, NeverCrossesTheCeilingWhateverTheMix) {
  const Song song = made_up_song();
  const Balance anchored =
      anchor(balance(song.session, song.measurements, {}), mix_at(Db{-9.0}, {-20.0}), {});
  std::mt19937 random(3);
  std::uniform_real_distribution<double> level(-60.0, 6.0);
  for (int trial = 0; trial < 100; ++trial) {
    const double peak = level(random);
    const std::vector<MixMeasurements> build(anchored.steps.size(), mix_at(Db{peak}, {peak - 12.0}));
    EXPECT_LE(raise_together(anchored, build, {}, {}).predicted.true_peak, Db{-1.0}) << peak;
  }
}

// 20 log10(1 + 2 * 2^-15 / 10^(-40/20)) = 0.0529 dB.
TEST(Raise, LeavesRoomForTheStepsOfTheFile) {
  const Song song = made_up_song();
  StagingOptions options;
  options.target = {"numbers", {-20.0}, {-40.0}};
  options.output_step = 0x1p-15;
  EXPECT_LE(whole_plan(song, options, mix_at(Db{-6.0}, {-23.0})).predicted.true_peak.value, -40.0529);
  options.output_step = 0.0;
  EXPECT_NEAR(whole_plan(song, options, mix_at(Db{-6.0}, {-23.0})).predicted.true_peak.value, -40.0, 0.0111);
}

TEST(Limiter, CeilingComesDownByWhatIsMeasuredOverIt) {
  StagingOptions options;
  EXPECT_EQ(limiter_ceiling_excess(Db{-1.0}, options), Db{});
  EXPECT_EQ(limiter_ceiling_excess(Db{-3.0}, options), Db{});
  EXPECT_NEAR(limiter_ceiling_excess(Db{-0.933}, options).value, 0.07, 1e-9);
  options.target.ceiling = Db{-40.0};
  options.output_step = 0x1p-15;
  EXPECT_NEAR(limiter_ceiling_excess(Db{-40.0}, options).value, 0.06, 1e-9);
}

TEST(Limiter, CorrectionMakesUpForWhatTheLimiterTakes) {
  const Song song = made_up_song();
  StagingOptions options;
  options.reach = Reach::limit;
  const GainPlan plan = whole_plan(song, options, mix_at(Db{-6.0}, {-23.0}));
  EXPECT_NEAR(limiter_correction(plan, mix_at(Db{-1.0}, {-14.5}), options).value, 0.5, 1e-9);
  EXPECT_EQ(limiter_correction(plan, mix_at(Db{-1.0}, {-14.01}), options).value, 0.0);
  EXPECT_TRUE(settle_behind_limiter(plan, mix_at(Db{-1.0}, {-14.01}), options).outcome.is_reached);
}

TEST(Limiter, SaysWhenItIsDrivenNoFurther) {
  const Song song = made_up_song();
  StagingOptions options;
  options.reach = Reach::limit;
  GainPlan plan = whole_plan(song, options, mix_at(Db{-6.0}, {-23.0}));
  const auto is_said = [&] {
    const GainPlan settled = settle_behind_limiter(plan, mix_at(Db{-1.0}, {-15.0}), options);
    return std::ranges::any_of(settled.warnings, [](const Warning& w) { return w.code == "limiter-end"; });
  };
  EXPECT_FALSE(is_said());
  plan.raise += limiter_correction(plan, mix_at(Db{-1.0}, {-40.0}), options);
  EXPECT_TRUE(is_said());
}

TEST(Order, ThatBeginsElsewhereIsNotALackOfLowEnd) {
  const Song song = made_up_song();
  StagingOptions options;
  options.order = {Band::high, Band::mid, Band::low, Band::effects};
  const Balance balanced = balance(song.session, song.measurements, options);
  const auto has = [&](std::string_view code) {
    return std::ranges::any_of(balanced.warnings, [&](const Warning& w) { return w.code == code; });
  };
  EXPECT_TRUE(has("low-end-later"));
  EXPECT_FALSE(has("no-low-end"));
}

}  // namespace
}  // namespace gainstage
