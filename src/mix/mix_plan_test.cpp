// SPDX-License-Identifier: MIT
#include "mix/mix_plan.h"

#include <gtest/gtest.h>

#include <random>

namespace gainstage {
namespace {

TEST(PlanMix, MultipliesEachTrackByItsGain) {
  const std::vector<Db> gains{{0.0}, {20.0}, {-20.0}};
  const std::vector<MixOperation> plan = plan_mix(gains);
  ASSERT_EQ(plan.size(), 3u);
  EXPECT_EQ(plan[0].track, 0u);
  EXPECT_EQ(plan[0].ratio, 1.0);
  EXPECT_EQ(plan[1].track, 1u);
  EXPECT_EQ(plan[1].ratio, 10.0);
  EXPECT_EQ(plan[2].track, 2u);
  EXPECT_EQ(plan[2].ratio, 0.1);
}

TEST(PlanMix, LeavesOutTracksAtMinusInfinity) {
  const std::vector<Db> gains{silent_db, {0.0}};
  const std::vector<MixOperation> plan = plan_mix(gains);
  ASSERT_EQ(plan.size(), 1u);
  EXPECT_EQ(plan[0].track, 1u);
}

TEST(PlanMix, TakesOnlyTheTracksAskedFor) {
  const std::vector<Db> gains{{0.0}, {0.0}, {0.0}};
  const std::vector<std::size_t> tracks{2, 0};
  const std::vector<MixOperation> plan = plan_mix(gains, tracks);
  ASSERT_EQ(plan.size(), 2u);
  EXPECT_EQ(plan[0].track, 2u);
  EXPECT_EQ(plan[1].track, 0u);
}

// Twenty tracks of three formats, more than are summed together, one of them mono and some that end early.
class MixSumsTest : public testing::Test {
 protected:
  static constexpr std::size_t frames = 1000;
  static constexpr std::size_t tracks = 20;

  MixSumsTest() {
    std::mt19937 random(1);
    for (std::size_t t = 0; t < tracks; ++t) {
      const PackedSample kind = t < 12 ? PackedSample::signed24 : PackedSample::signed16;
      const Spread spread = t == 5 ? Spread::twice : Spread::straight;
      const std::size_t sounding = t % 3 == 0 ? 700 : frames;
      bytes[t].resize(sounding * bytes_of(kind) * (spread == Spread::twice ? 1 : 2));
      for (std::byte& byte : bytes[t]) byte = static_cast<std::byte>(random());
      sources.push_back({kind, spread, bytes[t], sounding});
      plan.push_back({t, 0.01 * static_cast<double>(t + 1)});
    }
  }

  AudioBuffer mix_in_cuts(std::size_t cut) const {
    MixSums sums(2, frames);
    AudioBuffer mix(2, frames);
    for (std::size_t first = 0; first < frames; first += cut) {
      const std::size_t count = std::min(cut, frames - first);
      sums.clear(first, count);
      sums.add(plan, sources, first, count);
      sums.store(mix.view(), first, count);
    }
    return mix;
  }

  float at(std::size_t track, std::size_t channel, std::size_t frame) const {
    const MixSource& source = sources[track];
    if (frame >= source.frames) return 0.0f;
    const std::size_t sample = source.spread == Spread::twice ? frame : 2 * frame + channel;
    float value = 0.0f;
    float* const out = &value;
    unpack(source.kind, source.bytes.subspan(sample * bytes_of(source.kind), bytes_of(source.kind)),
           {{&out, 1}, 0, 1});
    return value;
  }

  std::vector<std::byte> bytes[tracks];
  std::vector<MixSource> sources;
  std::vector<MixOperation> plan;
};

TEST_F(MixSumsTest, SumsInDoubleInTheOrderOfTheTracksAndRoundsOnce) {
  const AudioBuffer mix = mix_in_cuts(frames);
  for (std::size_t c = 0; c < 2; ++c) {
    for (std::size_t i = 0; i < frames; ++i) {
      double sum = 0.0;
      for (const MixOperation& operation : plan) {
        const double product = operation.ratio * static_cast<double>(at(operation.track, c, i));
        sum += product;
      }
      ASSERT_EQ(mix.view().channel(c)[i], static_cast<float>(sum)) << "channel " << c << " frame " << i;
    }
  }
}

TEST_F(MixSumsTest, DoesNotDependOnHowTheBlockIsCut) {
  const AudioBuffer expected = mix_in_cuts(frames);
  for (const std::size_t cut : {1u, 7u, 256u, 699u}) {
    const AudioBuffer mix = mix_in_cuts(cut);
    for (std::size_t c = 0; c < 2; ++c) {
      for (std::size_t i = 0; i < frames; ++i) {
        ASSERT_EQ(mix.view().channel(c)[i], expected.view().channel(c)[i]) << "cut " << cut;
      }
    }
  }
}

}  // namespace
}  // namespace gainstage
