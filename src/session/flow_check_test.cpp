// SPDX-License-Identifier: MIT
#include "session/flow_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "session/audible_strips.h"

namespace gainstage {
namespace {

using testing::HasSubstr;

Strip strip(const std::string& name, StripKind kind, std::optional<std::size_t> to) {
  Strip made;
  made.id = made.name = name;
  made.kind = kind;
  made.outputs.push_back({.to = to, .hardware = to ? "" : "system:playback"});
  return made;
}

/// Master, drums bus, kick and snare into it, voice into the master.
SignalFlow small_flow() {
  SignalFlow flow;
  flow.format = "ardour";
  flow.sample_rate_hz = 48000.0;
  flow.strips = {strip("Master", StripKind::master, std::nullopt), strip("Drums", StripKind::bus, 0),
                 strip("Kick", StripKind::track, 1), strip("Snare", StripKind::track, 1),
                 strip("Voice", StripKind::track, 0)};
  return flow;
}

std::string problem(const SignalFlow& flow) {
  const auto checked = check_flow(flow);
  return checked ? "" : checked.error().sentence;
}

TEST(FlowCheck, TakesASoundFlow) { EXPECT_EQ(problem(small_flow()), ""); }

TEST(FlowCheck, NamesTheStripsAlongACircle) {
  SignalFlow flow = small_flow();
  flow.strips.push_back(strip("Echo", StripKind::bus, 1));
  flow.strips[1].sends.push_back({.name = "echo", .to = 5});
  EXPECT_THAT(problem(flow), HasSubstr("'Drums' -> 'Echo' -> 'Drums'"));
}

TEST(FlowCheck, RefusesASendIntoItself) {
  SignalFlow flow = small_flow();
  flow.strips[1].sends.push_back({.name = "self", .to = 1});
  EXPECT_THAT(problem(flow), HasSubstr("'Drums' has a send into itself"));
}

TEST(FlowCheck, RefusesWhatIsNotThere) {
  SignalFlow flow = small_flow();
  flow.strips[4].outputs[0].to = 17;
  EXPECT_THAT(problem(flow), HasSubstr("'Voice' goes out to a strip that is not there"));
  flow = small_flow();
  flow.strips[4].vcas.push_back(0);
  EXPECT_THAT(problem(flow), HasSubstr("'Voice' follows a VCA that is not there"));
}

TEST(FlowCheck, RefusesGainsThatAreNone) {
  for (const double bad :
       {-0.5, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    SignalFlow flow = small_flow();
    flow.strips[3].fader.ratio = bad;
    EXPECT_THAT(problem(flow), HasSubstr("the fader of 'Snare'"));
  }
}

TEST(FlowCheck, RefusesAutomationThatRunsBackwardsOrIsEmpty) {
  SignalFlow flow = small_flow();
  flow.strips[3].fader.automation = Automation{};
  EXPECT_THAT(problem(flow), HasSubstr("automation without points"));
  flow.strips[3].fader.automation = Automation{AutomationScale::value, {{2.0, 1.0}, {1.0, 1.0}}};
  EXPECT_THAT(problem(flow), HasSubstr("runs backwards in time"));
}

TEST(FlowCheck, RefusesVcasInACircle) {
  SignalFlow flow = small_flow();
  flow.vcas = {{.id = "1", .name = "A", .vcas = {1}}, {.id = "2", .name = "B", .vcas = {0}}};
  EXPECT_THAT(problem(flow), HasSubstr("VCAs follow each other in a circle"));
}

TEST(FlowCheck, WantsOneMaster) {
  SignalFlow flow = small_flow();
  flow.strips[1].kind = StripKind::master;
  EXPECT_THAT(problem(flow), HasSubstr("2 master tracks"));
}

TEST(FlowCheck, OrdersStripsBeforeThoseTheyFeed) {
  const auto order = processing_order(small_flow());
  const auto place = [&](std::size_t strip) { return std::ranges::find(order, strip) - order.begin(); };
  ASSERT_EQ(order.size(), 5u);
  EXPECT_LT(place(2), place(1));
  EXPECT_LT(place(3), place(1));
  EXPECT_EQ(order.back(), 0u);
}

TEST(Solo, SilencesAllButTheTrackAndItsWayOut) {
  SignalFlow flow = small_flow();
  flow.strips[2].is_soloed = true;
  EXPECT_EQ(unsilenced_by_solo(flow), (std::vector<bool>{true, true, true, false, false}));
}

TEST(Solo, OfABusLetsWhatFeedsItThrough) {
  SignalFlow flow = small_flow();
  flow.strips[1].is_soloed = true;
  EXPECT_EQ(unsilenced_by_solo(flow), (std::vector<bool>{true, true, true, true, false}));
}

TEST(Solo, LeavesTheSafeOnesAlone) {
  SignalFlow flow = small_flow();
  flow.strips[2].is_soloed = true;
  flow.strips[4].is_solo_safe = true;
  EXPECT_TRUE(unsilenced_by_solo(flow)[4]);
}

TEST(Solo, GoesAlongSends) {
  SignalFlow flow = small_flow();
  flow.strips.push_back(strip("Echo", StripKind::bus, 0));
  flow.strips[4].sends.push_back({.name = "echo", .to = 5});
  flow.strips[4].is_soloed = true;
  EXPECT_TRUE(unsilenced_by_solo(flow)[5]);
}

TEST(Vca, MultipliesThroughAllThatAreFollowed) {
  SignalFlow flow = small_flow();
  flow.vcas = {{.id = "1", .name = "A", .gain = {.ratio = 0.5}},
               {.id = "2", .name = "B", .gain = {.ratio = 0.8}, .base_ratio = 0.4, .vcas = {0}}};
  flow.strips[2].vcas = {1};
  EXPECT_DOUBLE_EQ(vca_ratio(flow, flow.strips[2], 0.0), 1.0);
  EXPECT_DOUBLE_EQ(mute_factor(flow, flow.strips[2], 0.0), 1.0);
  flow.vcas[0].is_muted = true;
  EXPECT_DOUBLE_EQ(mute_factor(flow, flow.strips[2], 0.0), 0.0);
}

}  // namespace
}  // namespace gainstage
