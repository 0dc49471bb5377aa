// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cmath>

#include "engine/engine.h"
#include "engine/predict/desk_parts.h"
#include "engine/predict/heard_desk.h"
#include "engine/predict/mix_peaks.h"
#include "engine/predict/part_peaks.h"
#include "engine/predict/random_desk.h"

namespace gainstage {
namespace {

using namespace test;

constexpr std::size_t much_memory = std::size_t{1} << 30;
/// Sums are made in another order, and filters cut elsewhere.
constexpr double same_db = 0.0005;

double rendered_true_peak(const Session& session, const std::vector<Db>& gains, const std::string& path,
                          const MeasureOptions& options) {
  RenderOptions render;
  render.format.sample_format = SampleFormat::float32;
  render.overwrite = Overwrite::yes;
  const auto rendered = render_mix(session, gains, path, render);
  if (!rendered) throw std::runtime_error(rendered.error().sentence);
  const auto measured = measure_file(path, options);
  if (!measured) throw std::runtime_error(measured.error().sentence);
  return measured->measure.true_peak.value;
}

/// Over many gains, one after the other as a hand moves them: never under the exact peak, which is the
/// written file's.
void expect_peaks(const Session& session, const MeasureOptions& options, unsigned seed) {
  const auto parts = desk_parts(session).value();
  auto heard = hear_desk(session, parts, much_memory, options);
  ASSERT_TRUE(heard) << heard.error().sentence;
  MixPeaks& peaks = heard->peaks;
  TemporaryFolder folder;
  std::mt19937 random(seed);
  std::vector<Db> gains(parts.parts.size());
  for (int move = 0; move < 8; ++move) {
    const double expected = rendered_true_peak(parts.session, gains, folder / "mix.wav", options);
    const MixPeaks::Bound bound = peaks.bound(gains);
    EXPECT_GE(bound.true_peak.value, expected) << move;
    auto exact = exact_true_peak(parts.session, gains, peaks.hop_bounds(gains), options);
    ASSERT_TRUE(exact) << exact.error().sentence;
    if (std::isinf(expected)) {
      EXPECT_TRUE(std::isinf(exact->true_peak.value));
    } else {
      EXPECT_NEAR(exact->true_peak.value, expected, same_db) << move;
      EXPECT_GE(bound.true_peak.value, exact->true_peak.value);
    }
    const double found = exact->true_peak.value;
    if (move % 3 != 1) peaks.learn(*std::move(exact));
    if (move % 3 == 0) {
      EXPECT_NEAR(peaks.bound(gains).true_peak.value, found, 0.005) << move;
    }
    // One fader, or all of them.
    std::uniform_real_distribution<double> db(-6.0, 6.0);
    if (move % 2 == 0) {
      gains[random() % gains.size()] += Db{db(random)};
    } else {
      const Db all{db(random)};
      for (Db& gain : gains) gain += all;
    }
    if (move == 5) gains[0] = silent_db;
  }
}

TEST(ExactPeak, IsThatOfTheWrittenMixAndUnderTheBound) {
  for (const TruePeakFilter filter : {TruePeakFilter::oversampled_16x, TruePeakFilter::bs1770_4x}) {
    for (const double rate_hz : {48000.0, 44100.0, 11025.0}) {
      TestSession stems(rate_hz);
      stems.add("a.wav", phrases(0.4, 0.7), 3.0, 2, rate_hz);
      stems.add("b.wav", hiss(0.3), 2.27, 1, rate_hz);
      stems.add("c.wav", tone(82.4, 0.5), 3.33, 2, rate_hz);
      MeasureOptions options;
      options.true_peak = filter;
      expect_peaks(stems.session(), options, 7);
    }
  }
}

TEST(ExactPeak, OfStemsOfOtherRatesIsThatOfTheWrittenMix) {
  const VariedSession stems;
  expect_peaks(stems.session(), {}, 8);
}

TEST(ExactPeak, OfADeskIsThatOfTheWrittenMix) {
  RandomDesk desk(3);
  expect_peaks(desk.session(desk.flow), {}, 9);
}

TEST(ExactPeak, OfASampleAtTheVeryEndIsFound) {
  TestSession stems;
  AudioBuffer late = render(hiss(0.01), 48000.0, 2, 1.0, 3);
  late.view().channel(1)[47999] = -0.75f;
  stems.add("late.wav", late, 48000.0);
  stems.add("other.wav", hiss(0.02), 1.0);
  expect_peaks(stems.session(), {}, 10);
}

TEST(ExactPeak, MixesOnlyWhatTheBoundLeavesOpen) {
  TestSession stems;
  AudioBuffer kick = render(hiss(0.05), 48000.0, 2, 20.0, 3);
  for (std::size_t i = 0; i < 100; ++i) kick.view().channel(0)[600000 + i] = 0.9f;
  stems.add("kick.wav", kick, 48000.0);
  stems.add("bass.wav", hiss(0.1), 20.0);
  const auto parts = desk_parts(stems.session()).value();
  const auto heard = hear_desk(stems.session(), parts, much_memory, {});
  const std::vector<Db> gains = stems.gains();
  const auto exact = exact_true_peak(stems.session(), gains, heard->peaks.hop_bounds(gains), {});
  ASSERT_TRUE(exact);
  EXPECT_LE(exact->hops_mixed, 6u);
  EXPECT_NEAR(exact->at_s, 12.5, 0.01);
}

TEST(ExactPeak, StopsWhenItIsCancelled) {
  TestSession stems;
  stems.add("a.wav", hiss(0.1), 2.0);
  Cancellation cancellation;
  cancellation.cancel();
  WorkOptions work;
  work.cancellation = &cancellation;
  const std::vector<float> bounds(100, 10.0f);
  const auto exact = exact_true_peak(stems.session(), stems.gains(), bounds, {}, work);
  ASSERT_FALSE(exact);
  EXPECT_EQ(exact.error().code, ErrorCode::cancelled);
}

TEST(PartPeaks, DoNotDependOnTheBlocks) {
  const AudioBuffer sound = render(phrases(0.7, 0.3), 44100.0, 2, 1.3, 5);
  const auto bounds_in = [&](std::size_t block) {
    PartPeaks peaks(TruePeakFilter::oversampled_16x, 44100.0, 2);
    for (std::size_t first = 0; first < sound.frames(); first += block)
      peaks.process(sound.view().section(first, std::min(block, sound.frames() - first)));
    return peaks.finish();
  };
  const std::vector<float> whole = bounds_in(sound.frames());
  for (const std::size_t block : {1u, 7u, 441u, 882u, 4099u}) {
    const std::vector<float> cut = bounds_in(block);
    ASSERT_EQ(cut.size(), whole.size()) << block;
    for (std::size_t hop = 0; hop < cut.size(); ++hop) EXPECT_EQ(cut[hop], whole[hop]) << block << ' ' << hop;
  }
}

}  // namespace
}  // namespace gainstage
