// SPDX-License-Identifier: MIT
#include "mix/flow_paths.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "session/flow_check.h"

namespace gainstage {
namespace {

constexpr double rate_hz = 48000.0;
double ratio(double db) { return std::pow(10.0, db / 20.0); }
double db(double amplitude) { return 20.0 * std::log10(std::abs(amplitude)); }

Strip strip(const std::string& name, StripKind kind, std::optional<std::size_t> to,
            std::size_t channels = 2) {
  Strip made;
  made.id = made.name = name;
  made.kind = kind;
  made.channels = channels;
  if (to) made.outputs.push_back({.to = to});
  return made;
}

SignalFlow flow_of(std::vector<Strip> strips) {
  SignalFlow flow;
  flow.format = "ardour";
  flow.sample_rate_hz = rate_hz;
  flow.strips = std::move(strips);
  EXPECT_TRUE(check_flow(flow));
  return flow;
}

std::vector<double> at(TimedGains gains, Frames frame) {
  std::vector<double> values;
  gains.for_each(frame, 1, [&](const TimedGains::Stretch& stretch) {
    values.assign(stretch.begin.begin(), stretch.begin.end());
  });
  return values;
}

// The chains of the reference measurements in Ardour: levels there are of a sine of -12 dBFS.
TEST(FlowPaths, GiveTheLevelsThatArdourExports) {
  SignalFlow flow = flow_of({strip("Master", StripKind::master, std::nullopt),
                             strip("DRUMS", StripKind::bus, 0), strip("kick", StripKind::track, 1, 1),
                             strip("bass", StripKind::track, 0, 1), strip("gtr", StripKind::track, 0, 1),
                             strip("vox", StripKind::track, 0, 1), strip("FX", StripKind::bus, 0)});
  for (std::size_t i : {2, 3, 4, 5}) flow.strips[i].pan.law = PanLaw::ardour;
  flow.strips[1].fader.ratio = ratio(-2.0);
  EXPECT_NEAR(-12.0 + db(at(FlowPaths(flow).to_mix(2, rate_hz), 0)[0]), -17.0, 0.001);

  flow.vcas.push_back({.id = "1", .name = "VCA", .gain = {.ratio = ratio(-4.0)}});
  flow.strips[3].vcas = flow.strips[4].vcas = {0};
  flow.strips[3].fader.ratio = ratio(-6.0);
  EXPECT_NEAR(-12.0 + db(0.5) + db(at(FlowPaths(flow).to_mix(3, rate_hz), 0)[1]), -31.021, 0.001);

  flow.strips[4].trim.ratio = ratio(3.0);
  flow.strips[4].is_inverted = {true};
  const double gtr = at(FlowPaths(flow).to_mix(4, rate_hz), 0)[0];
  EXPECT_NEAR(-12.0 + db(gtr), -16.0, 0.001);
  EXPECT_LT(gtr, 0.0);

  flow.strips[5].sends.push_back(
      {.name = "fx", .to = 6, .gain = {.ratio = ratio(-10.0)}, .pan = {.law = PanLaw::ardour}});
  flow.strips[5].fader.automation =
      Automation{AutomationScale::ardour_fader, {{0.0, 1.0}, {1.0, 1.0}, {2.0, ratio(-12.0)}}};
  EXPECT_NEAR(-12.0 + db(at(FlowPaths(flow).to_mix(5, rate_hz), 100)[0]), -12.613, 0.001);
  EXPECT_NEAR(-12.0 + db(at(FlowPaths(flow).to_mix(5, rate_hz), 3 * 48000)[0]), -24.613, 0.001);
}

TEST(FlowPaths, TakeSendsWhereTheyAreTaken) {
  SignalFlow flow =
      flow_of({strip("Master", StripKind::master, std::nullopt), strip("Echo", StripKind::bus, 0),
               strip("Voice", StripKind::track, std::nullopt)});
  Strip& voice = flow.strips[2];
  voice.trim.ratio = 0.5;
  voice.fader.ratio = 0.25;
  voice.pan = {.law = PanLaw::reaper, .position = 1.0};
  voice.sends.push_back({.name = "echo", .to = 1, .tap = Send::Tap::before_fader});
  EXPECT_EQ(at(FlowPaths(flow).to_mix(2, rate_hz), 0), (std::vector<double>{0.5, 0.0, 0.0, 0.5}));
  voice.sends[0].tap = Send::Tap::after_fader;
  EXPECT_EQ(at(FlowPaths(flow).to_mix(2, rate_hz), 0), (std::vector<double>{0.125, 0.0, 0.0, 0.125}));
  voice.sends[0].tap = Send::Tap::after_pan;
  EXPECT_EQ(at(FlowPaths(flow).to_mix(2, rate_hz), 0), (std::vector<double>{0.0, 0.0, 0.0, 0.125}));
  voice.sends[0].is_mono = true;
  EXPECT_EQ(at(FlowPaths(flow).to_mix(2, rate_hz), 0), (std::vector<double>{0.0, 0.0, 0.125, 0.125}));
}

TEST(FlowPaths, AreSilentBehindAMute) {
  SignalFlow flow = flow_of({strip("Master", StripKind::master, std::nullopt),
                             strip("Bus", StripKind::bus, 0), strip("Voice", StripKind::track, 1)});
  flow.strips[1].mute.automation = Automation{
      AutomationScale::value, {{0.0, 0.0, AutomationShape::hold}, {1.0, 1.0, AutomationShape::hold}}};
  EXPECT_EQ(at(FlowPaths(flow).to_mix(2, rate_hz), 47999)[0], 1.0);
  EXPECT_EQ(at(FlowPaths(flow).to_mix(2, rate_hz), 48000)[0], 0.0);
}

TEST(FlowPaths, TellWhetherAStripReachesTheMix) {
  SignalFlow flow =
      flow_of({strip("Master", StripKind::master, std::nullopt), strip("Cue", StripKind::bus, std::nullopt),
               strip("Voice", StripKind::track, 1), strip("Bass", StripKind::track, 0)});
  const FlowPaths paths(flow);
  EXPECT_FALSE(paths.reaches_mix(2));
  EXPECT_TRUE(paths.reaches_mix(3));
}

/// A random flow without circles: tracks into buses into the master, sends among them, VCAs, automation.
SignalFlow random_flow(unsigned seed) {
  std::mt19937 random(seed);
  const auto pick = [&](std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
  };
  const auto gain = [&] {
    GainControl control{ratio(std::uniform_real_distribution<double>(-18.0, 6.0)(random))};
    if (pick(3) == 0) {
      Automation curve{pick(2) == 0 ? AutomationScale::ardour_fader : AutomationScale::value, {}};
      for (int i = 0; i < 4; ++i)
        curve.points.push_back(
            {0.1 * i + 0.01, ratio(std::uniform_real_distribution<double>(-20.0, 3.0)(random))});
      control.automation = curve;
    }
    return control;
  };
  std::vector<Strip> strips{strip("Master", StripKind::master, std::nullopt)};
  for (std::size_t i = 1; i < 9; ++i) {
    Strip made = strip("s" + std::to_string(i), i < 4 ? StripKind::bus : StripKind::track,
                       pick(std::min<std::size_t>(i, 4)), i < 4 ? 2 : 1 + pick(2));
    made.trim = gain();
    made.fader = gain();
    made.pan = {.law = PanLaw::ardour,
                .position = std::uniform_real_distribution<double>(-1.0, 1.0)(random),
                .width = 0.3};
    made.mute.is_on = pick(8) == 0;
    if (i > 1 && pick(2) == 0) {
      made.sends.push_back({.name = "send",
                            .to = pick(std::min<std::size_t>(i, 4)),
                            .tap = static_cast<Send::Tap>(pick(4)),
                            .gain = gain()});
    }
    if (pick(2) == 0) made.vcas = {0};
    strips.push_back(made);
  }
  SignalFlow flow;
  flow.format = "ardour";
  flow.sample_rate_hz = rate_hz;
  flow.strips = std::move(strips);
  flow.vcas.push_back({.id = "1", .name = "VCA", .gain = gain(), .base_ratio = 0.7});
  EXPECT_TRUE(check_flow(flow));
  return flow;
}

/// The whole desk, strip by strip: what the master gives out of the tracks' sounds.
std::vector<AudioBuffer> play(const FlowPaths& paths, const SignalFlow& flow,
                              const std::vector<const AudioBuffer*>& sounds, std::size_t frames) {
  std::vector<AudioBuffer> inputs;
  for (const Strip& it : flow.strips) inputs.emplace_back(it.channels, frames);
  std::vector<AudioBuffer> mix;
  mix.emplace_back(paths.mix_channels(), frames);
  for (const std::size_t at : paths.order()) {
    if (sounds[at]) {
      for (std::size_t c = 0; c < flow.strips[at].channels; ++c)
        std::ranges::copy(sounds[at]->view().channel(c), inputs[at].view().channel(c).begin());
    }
    for (const FlowEdge& edge : paths.edges(at)) {
      TimedGains gains = paths.along(edge, rate_hz);
      add_through(gains, std::as_const(inputs[at]).view(), edge.to ? inputs[*edge.to].view() : mix[0].view(),
                  0);
    }
  }
  return mix;
}

// The mix of all tracks is the sum of what each adds to it, in any order.
TEST(FlowPaths, SuperposeToWhatTheDeskPlays) {
  constexpr std::size_t frames = 20000;
  for (unsigned seed = 1; seed <= 20; ++seed) {
    const SignalFlow flow = random_flow(seed);
    const FlowPaths paths(flow);
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> noise(-1.0f, 1.0f);
    std::vector<AudioBuffer> sounds;
    std::vector<const AudioBuffer*> heard(flow.strips.size());
    sounds.reserve(flow.strips.size());
    AudioBuffer sum(2, frames);
    for (std::size_t i = flow.strips.size(); i-- > 4;) {
      AudioBuffer& sound = sounds.emplace_back(flow.strips[i].channels, frames);
      for (std::size_t c = 0; c < sound.channels(); ++c)
        std::ranges::generate(sound.view().channel(c), [&] { return noise(random); });
      heard[i] = &sound;
      TimedGains gains = paths.to_mix(i, rate_hz);
      add_through(gains, std::as_const(sound).view(), sum.view(), 0);
    }
    const std::vector<AudioBuffer> mix = play(paths, flow, heard, frames);
    for (std::size_t c = 0; c < 2; ++c) {
      for (std::size_t i = 0; i < frames; ++i)
        // On a ramp the desk's straight pieces are multiplied, where the paths' product runs straight.
        ASSERT_NEAR(mix[0].view().channel(c)[i], sum.view().channel(c)[i], 2e-4) << seed << " " << i;
    }
  }
}

}  // namespace
}  // namespace gainstage
