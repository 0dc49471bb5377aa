// SPDX-License-Identifier: MIT
// REAPER's envelopes: which control they belong to, in which sense, and what a change of it may do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "session_format/reaper/test_project.h"

namespace gainstage::test {
namespace {

using Playback = GainControl::Playback;

std::string envelope(const std::string& name, const std::string& lines) {
  return "<" + name + "\nEGUID {1}\nACT 1 -1\nVIS 1 1 1\nDEFSHAPE 0 -1 -1\n" + lines + "\n>\n";
}
Strip only_track(const std::string& lines) { return must_read(project(track(lines))).flow().strips.at(0); }

TEST(ReaperEnvelope, HasAShapeForEachPoint) {
  const Strip strip = only_track(envelope("VOLENV2",
                                          "PT 0 1 0\nPT 1 0.5 1\nPT 2 0.5 2\nPT 3 0.5 3\nPT 4 0.5 4\n"
                                          "PT 5 0.5 5 0 0 0 -0.75\nPT 6 0.25"));
  ASSERT_TRUE(strip.fader.automation);
  EXPECT_EQ(strip.fader.automation->scale, AutomationScale::value);
  const std::vector<AutomationPoint>& points = strip.fader.automation->points;
  const AutomationShape expected[] = {AutomationShape::linear,         AutomationShape::hold,
                                      AutomationShape::slow_start_end, AutomationShape::fast_start,
                                      AutomationShape::fast_end,       AutomationShape::bezier,
                                      AutomationShape::linear};
  ASSERT_EQ(points.size(), 7u);
  for (std::size_t i = 0; i < 7; ++i) {
    EXPECT_EQ(points[i].shape, expected[i]) << i;
    EXPECT_EQ(points[i].seconds, static_cast<double>(i));
  }
  EXPECT_EQ(points[5].tension, -0.75);
  EXPECT_EQ(points[6].value, 0.25);
}

TEST(ReaperEnvelope, RunsOnTheFaderWhereVoltypeSaysSo) {
  EXPECT_EQ(only_track(envelope("VOLENV2", "VOLTYPE 1\nPT 0 1 0")).fader.automation->scale,
            AutomationScale::reaper_fader);
}

TEST(ReaperEnvelope, MultipliesTheFaderInTrimAndReplacesItInRead) {
  const std::string volume = "VOLPAN 0.5 0 -1\n" + envelope("VOLENV2", "PT 0 0.25 0");
  EXPECT_EQ(only_track("AUTOMODE 0\n" + volume).fader.playback, Playback::multiplies);
  for (const char* mode : {"1", "2", "4"}) {
    EXPECT_EQ(only_track(std::string("AUTOMODE ") + mode + "\n" + volume).fader.playback, Playback::replaces);
  }
  EXPECT_EQ(only_track("AUTOMODE 0\n" + volume).fader.ratio, 0.5);
  EXPECT_TRUE(has_note(must_read(project(track("AUTOMODE 3\n" + volume))).flow(), "automation-mode"));
}

TEST(ReaperEnvelope, ObeysTheProjectsOwnMode) {
  const std::string volume = track("AUTOMODE 0\n" + envelope("VOLENV2", "PT 0 0.25 0"));
  EXPECT_EQ(must_read(project("GLOBAL_AUTO 1\n" + volume)).flow().strips[0].fader.playback,
            Playback::replaces);
  EXPECT_FALSE(must_read(project("GLOBAL_AUTO 6\n" + volume)).flow().strips[0].fader.automation);
}

TEST(ReaperEnvelope, IsNotPlayedWhenBypassedOrEmpty) {
  EXPECT_FALSE(only_track("<VOLENV2\nACT 0 -1\nPT 0 0.25 0\n>").fader.automation);
  EXPECT_FALSE(only_track(envelope("VOLENV2", "")).fader.automation);
}

TEST(ReaperEnvelope, StandsBeforeThePluginsAtTheFaderOrAfterIt) {
  const Strip strip = only_track("VOLPAN 1 0 -1\n" + envelope("VOLENV", "PT 0 0.5 0") +
                                 envelope("VOLENV2", "PT 0 0.25 0") + envelope("VOLENV3", "PT 0 0.125 0"));
  EXPECT_EQ(strip.trim.automation->points[0].value, 0.5);
  EXPECT_EQ(strip.trim.playback, Playback::replaces);
  EXPECT_TRUE(strip.trim.writable);
  EXPECT_EQ(strip.fader.automation->points[0].value, 0.25);
  EXPECT_EQ(strip.second_fader->automation->points[0].value, 0.125);
  EXPECT_FALSE(strip.second_fader->writable);
}

TEST(ReaperEnvelope, TurnsPanAndMuteIntoOurSense) {
  const Strip strip =
      only_track(envelope("PANENV2", "PT 0 1 0\nPT 1 -0.5 0") + envelope("MUTEENV", "PT 0 1 1\nPT 1 0 1"));
  EXPECT_EQ(strip.pan.automation->points[0].value, -1.0) << "1 is left";
  EXPECT_EQ(strip.pan.automation->points[1].value, 0.5);
  EXPECT_EQ(strip.mute.automation->points[0].value, 0.0) << "1 passes";
  EXPECT_EQ(strip.mute.automation->points[1].value, 1.0);
}

TEST(ReaperEnvelope, OfASendFollowsItsReceiveAndItsSendersMode) {
  const std::string receive = "NAME Verb\nAUTOMODE 0\nAUXRECV 0 0 0.5 0 0 0 0 0 0 -1:U 0 ";
  const auto send = [&](const std::string& mode) {
    return must_read(project(track("AUTOMODE 1") +
                             track(receive + mode + " ''\n" + envelope("AUXVOLENV", "PT 0 0.25 0") +
                                   envelope("AUXPANENV", "PT 0 1 0") + envelope("AUXMUTEENV", "PT 0 0 1") +
                                   "AUXRECV 0 3 1 0 0 0 0 0 0 -1:U 0 -1 ''")))
        .flow()
        .strips[0]
        .sends;
  };
  ASSERT_EQ(send("-1").size(), 2u);
  EXPECT_EQ(send("-1")[0].gain.playback, Playback::replaces);
  EXPECT_EQ(send("0")[0].gain.playback, Playback::multiplies);
  EXPECT_EQ(send("0")[0].gain.ratio, 0.5);
  EXPECT_EQ(send("0")[0].gain.automation->points[0].value, 0.25);
  EXPECT_EQ(send("0")[0].pan.automation->points[0].value, -1.0);
  EXPECT_EQ(send("0")[0].mute.automation->points[0].value, 1.0);
  EXPECT_FALSE(send("0")[1].gain.automation);
}

TEST(ReaperEnvelope, OfATakeIsOnTheItemsTime) {
  const Strip strip =
      only_track("<ITEM\nPOSITION 10\nLENGTH 4\nVOLPAN 0.5 0 0.25 -1\n<SOURCE WAVE\nFILE a\n>\n" +
                 envelope("VOLENV", "PT 0 1 0\nPT 4 0.5 0") + envelope("PANENV", "PT 0 -1 0") + ">");
  const Clip& clip = strip.clips.at(0);
  EXPECT_EQ(clip.envelope->points[1].seconds, 4.0);
  EXPECT_EQ(clip.envelope->points[1].value, 0.5);
  EXPECT_EQ(clip.pan.automation->points[0].value, 1.0);
  EXPECT_FALSE(strip.trim.automation);
}

TEST(ReaperEnvelope, OfTheMaster) {
  const SignalFlow flow =
      must_read(project("MASTERAUTOMODE 1\nMASTER_VOLUME 0.5 0 -1 -1 1\n" +
                        envelope("MASTERVOLENV", "PT 0 0.25 0") + envelope("MASTERVOLENV2", "PT 0 0.75 0") +
                        envelope("MASTERVOLENV3", "PT 0 0.125 0")))
          .flow();
  const Strip& master = flow.strips[flow.master];
  EXPECT_EQ(master.trim.automation->points[0].value, 0.25);
  EXPECT_EQ(master.fader.automation->points[0].value, 0.75);
  EXPECT_EQ(master.fader.playback, Playback::replaces);
  EXPECT_EQ(master.second_fader->automation->points[0].value, 0.125);
}

TEST(ReaperEnvelope, IsPutInOrderOfTime) {
  const SignalFlow flow =
      must_read(project(track(envelope("VOLENV2", "PT 2 0.5 0\nPT 0 1 0\nPT 2 0.25 0")))).flow();
  const std::vector<AutomationPoint>& points = flow.strips[0].fader.automation->points;
  EXPECT_EQ(points[0].value, 1.0);
  EXPECT_EQ(points[1].value, 0.5);
  EXPECT_EQ(points[2].value, 0.25);
  EXPECT_TRUE(has_note(flow, "envelope-order"));
}

TEST(ReaperEnvelope, HoldsTheLeastRangeItsPointsFitIn) {
  const auto range = [](const std::string& value) {
    return only_track("AUTOMODE 1\n" + envelope("VOLENV2", "PT 0 " + value + " 0"))
        .fader.writable->greatest_ratio;
  };
  EXPECT_EQ(range("1"), 2.0);
  EXPECT_EQ(range("2.5"), 4.0);
  EXPECT_EQ(range("5"), 16.0);
}

TEST(ReaperEnvelope, StaysAsItIsUnderAutomationItems) {
  const SignalFlow flow =
      must_read(project(track("AUTOMODE 1\nVOLPAN 1 0 -1\n" +
                              envelope("VOLENV2", "POOLEDENVINST 1 0 4 0 1 0 0.5 1 1\nPT 0 1 0"))))
          .flow();
  EXPECT_FALSE(flow.strips[0].fader.writable);
  EXPECT_TRUE(has_note(flow, "automation-item"));
}

}  // namespace
}  // namespace gainstage::test
