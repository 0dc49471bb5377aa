// SPDX-License-Identifier: MIT
#include "mix/mix_plan.h"

#include <gtest/gtest.h>

#include <random>
#include <utility>

namespace gainstage {
namespace {

Session session_of(std::vector<std::size_t> channels, std::size_t mix_channels) {
  Session session;
  session.sample_rate_hz = 48000.0;
  session.channels = mix_channels;
  for (std::size_t i = 0; i < channels.size(); ++i) {
    session.tracks.push_back({"t" + std::to_string(i), "", 48000.0, channels[i], 0});
  }
  return session;
}

AudioBuffer noise(std::size_t channels, std::size_t frames, unsigned seed) {
  AudioBuffer buffer(channels, frames);
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> uniform(-1.0f, 1.0f);
  for (std::size_t c = 0; c < channels; ++c) {
    for (float& sample : buffer.view().channel(c)) sample = uniform(random);
  }
  return buffer;
}

TEST(PlanMix, PutsMonoOnTheFirstTwoChannelsAndTheRestInPlace) {
  const std::vector<Db> gains{{0.0}, {20.0}, {-20.0}};
  const std::vector<MixOperation> plan = plan_mix(session_of({1, 2, 3}, 3), gains);
  ASSERT_EQ(plan.size(), 7u);
  EXPECT_EQ(plan[0].mix_channel, 0u);
  EXPECT_EQ(plan[1].mix_channel, 1u);
  EXPECT_EQ(plan[1].source_channel, 0u);
  EXPECT_EQ(plan[1].ratio, 1.0);
  EXPECT_EQ(plan[3].source_channel, 1u);
  EXPECT_EQ(plan[3].ratio, 10.0);
  EXPECT_EQ(plan[6].track, 2u);
  EXPECT_EQ(plan[6].mix_channel, 2u);
  EXPECT_EQ(plan[6].ratio, 0.1);
}

TEST(PlanMix, PutsChannelsWhereTheTrackSays) {
  Session session = session_of({4}, 6);
  session.tracks[0].mix_channels = {1, 0, 4, 5};
  const std::vector<MixOperation> plan = plan_mix(session, std::vector<Db>{{0.0}});
  std::vector<std::pair<std::size_t, std::size_t>> ways;
  for (const MixOperation& operation : plan)
    ways.emplace_back(operation.source_channel, operation.mix_channel);
  EXPECT_EQ(ways, (std::vector<std::pair<std::size_t, std::size_t>>{{1, 0}, {0, 1}, {2, 4}, {3, 5}}));
}

TEST(PlanMix, LeavesOutTracksAtMinusInfinity) {
  const std::vector<Db> gains{silent_db, {0.0}};
  const std::vector<MixOperation> plan = plan_mix(session_of({2, 2}, 2), gains);
  ASSERT_EQ(plan.size(), 2u);
  EXPECT_EQ(plan[0].track, 1u);
}

TEST(PlanMix, TakesOnlyTheTracksAskedFor) {
  const std::vector<Db> gains{{0.0}, {0.0}, {0.0}};
  const std::vector<std::size_t> tracks{2, 0};
  const std::vector<MixOperation> plan = plan_mix(session_of({2, 2, 2}, 2), gains, tracks);
  ASSERT_EQ(plan.size(), 4u);
  EXPECT_EQ(plan[0].track, 2u);
  EXPECT_EQ(plan[2].track, 0u);
}

class MixSumsTest : public testing::Test {
 protected:
  static constexpr std::size_t frames = 1000;
  AudioBuffer a = noise(2, frames, 1);
  AudioBuffer b = noise(1, frames, 2);
  std::vector<AudioView<const float>> sources{std::as_const(a).view(), std::as_const(b).view(700)};
  std::vector<MixOperation> plan = plan_mix(session_of({2, 1}, 2), std::vector<Db>{{-3.0}, {2.5}});
};

TEST_F(MixSumsTest, SumsInDoubleAndRoundsOnce) {
  MixSums sums(2, frames);
  AudioBuffer mix(2, frames);
  sums.clear(0, frames);
  sums.add(plan, sources, 0, frames);
  sums.store(mix.view(), 0, frames);
  const double first = to_ratio({-3.0});
  const double second = to_ratio({2.5});
  for (std::size_t c = 0; c < 2; ++c) {
    for (std::size_t i = 0; i < frames; ++i) {
      double sum = first * static_cast<double>(sources[0].channel(c)[i]);
      if (i < 700) sum += second * static_cast<double>(sources[1].channel(0)[i]);
      ASSERT_EQ(mix.view().channel(c)[i], static_cast<float>(sum)) << "channel " << c << " frame " << i;
    }
  }
}

TEST_F(MixSumsTest, DoesNotDependOnHowTheBlockIsCut) {
  MixSums whole(2, frames);
  AudioBuffer expected(2, frames);
  whole.clear(0, frames);
  whole.add(plan, sources, 0, frames);
  whole.store(expected.view(), 0, frames);
  for (const std::size_t cut : {1u, 7u, 256u, 699u}) {
    MixSums parts(2, frames);
    AudioBuffer mix(2, frames);
    for (std::size_t first = 0; first < frames; first += cut) {
      const std::size_t count = std::min<std::size_t>(cut, frames - first);
      parts.clear(first, count);
      parts.add(plan, sources, first, count);
      parts.store(mix.view(), first, count);
    }
    for (std::size_t c = 0; c < 2; ++c) {
      for (std::size_t i = 0; i < frames; ++i) {
        ASSERT_EQ(mix.view().channel(c)[i], expected.view().channel(c)[i]) << "cut " << cut;
      }
    }
  }
}

}  // namespace
}  // namespace gainstage
