// SPDX-License-Identifier: MIT
// What an Ardour session means: levels, curves, ways.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "session/audible_strips.h"
#include "session/flow_check.h"
#include "session_format/ardour/test_session.h"

namespace gainstage::test {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::SizeIs;

// A gain's automation is heard through Ardour's low-pass.
constexpr double lag_s = 1.0 / 156.825;

ArdourDocument with(const std::string& routes, const std::string& playlists = "",
                    const std::string& more = "") {
  Parts parts;
  parts.routes = routes;
  parts.playlists = playlists;
  parts.more = more;
  ArdourDocument document = must_read(session(parts));
  const auto sound = check_flow(document.flow());
  EXPECT_TRUE(sound) << sound.error().sentence;
  return document;
}

ArdourDocument with_fader_list(std::string_view style, std::string_view state, std::string_view events) {
  return with(track("2", "kick", amp("0.5", list("gain", style, state, events))));
}

TEST(ArdourFlow, HoldsTheGainsOfEveryStage) {
  Parts parts;
  parts.sources = "<Source id='s1' name='a.wav' type='audio' channel='0' gain='0.25'/>";
  parts.routes =
      track("2", "kick", trim("2") + send("3", "0.5") + amp("0.75")) + bus("3", "room", amp("1.5"));
  parts.playlists = playlist("2", region("hit", 1.0, "scale-amplitude='-0.3'"));
  const ArdourDocument document = must_read(session(parts));
  const Strip& kick = strip(document, "kick");
  EXPECT_EQ(document.flow().sources.at(0).gain.ratio, 0.25);
  EXPECT_EQ(document.flow().sources.at(0).path, "interchange/song/audiofiles/a.wav");
  EXPECT_EQ(kick.trim.ratio, 2.0);
  EXPECT_EQ(kick.fader.ratio, 0.75);
  EXPECT_EQ(kick.sends.at(0).gain.ratio, 0.5);
  EXPECT_EQ(kick.clips.at(0).gain.ratio, 0.3);
  EXPECT_TRUE(kick.clips.at(0).is_inverted);
  EXPECT_EQ(strip(document, "room").fader.ratio, 1.5);
  EXPECT_EQ(kick.fader.writable->greatest_ratio, 2.0);
  EXPECT_EQ(kick.trim.writable->greatest_ratio, 10.0);
}

TEST(ArdourFlow, ReadsPolarityFromTheLastBitOn) {
  const ArdourDocument document =
      with(bus("2", "keys", amp("1"), "<Controllable name='phase' value='1' phase-invert='01'/>"));
  EXPECT_THAT(strip(document, "keys").is_inverted, ElementsAre(true, false));
}

TEST(ArdourFlow, PlaysAutomationOnlyWhereItIsOn) {
  const std::string events = "a0 1\na282240000 0.5\n";
  for (const char* state : {"Play", "Touch", "Latch"}) {
    const ArdourDocument document = with_fader_list("Exponential", state, events);
    ASSERT_TRUE(strip(document, "kick").fader.automation) << state;
    EXPECT_THAT(strip(document, "kick").fader.automation->points, SizeIs(2));
    EXPECT_NEAR(strip(document, "kick").fader.automation->points[1].seconds, 1.0 + lag_s, 1e-12);
  }
  for (const char* state : {"Off", "Write", ""}) {
    EXPECT_FALSE(strip(with_fader_list("Exponential", state, events), "kick").fader.automation) << state;
  }
}

TEST(ArdourFlow, TakesTheScaleOfAListFromItsStyle) {
  const auto scale = [](std::string_view style) {
    return strip(with_fader_list(style, "Play", "a0 1"), "kick").fader.automation->scale;
  };
  EXPECT_EQ(scale("Exponential"), AutomationScale::ardour_fader);
  EXPECT_EQ(scale("Logarithmic"), AutomationScale::decibels);
  EXPECT_EQ(scale("Linear"), AutomationScale::value);
  EXPECT_EQ(scale(""), AutomationScale::ardour_fader);
  const ArdourDocument held = with_fader_list("Discrete", "Play", "a0 1");
  EXPECT_EQ(strip(held, "kick").fader.automation->points[0].shape, AutomationShape::hold);
}

TEST(ArdourFlow, PlaysAListThatIsOnAndEmptyAtItsNormalValue) {
  const ArdourDocument document = with_fader_list("Exponential", "Play", "");
  ASSERT_TRUE(strip(document, "kick").fader.automation);
  EXPECT_EQ(strip(document, "kick").fader.automation->points[0].value, 1.0);
  EXPECT_FALSE(strip(document, "kick").fader.writable) << "nothing that is written there would be heard";
  EXPECT_TRUE(has_note(document, "automation-empty"));
}

TEST(ArdourFlow, KeepsPointsWithinWhatTheControlHolds) {
  const ArdourDocument document = with_fader_list("Exponential", "Play", "a0 3\na9 -1");
  EXPECT_EQ(strip(document, "kick").fader.automation->points[0].value, 2.0);
  EXPECT_EQ(strip(document, "kick").fader.automation->points[1].value, 0.0);
  EXPECT_TRUE(has_note(document, "automation-beyond-limits"));
}

TEST(ArdourFlow, PutsPointsInTheOrderOfTime) {
  const ArdourDocument document = with_fader_list("Exponential", "Play", "a500 0.5\na100 0.1\na300 0.3\n");
  std::vector<double> values;
  for (const auto& point : strip(document, "kick").fader.automation->points) values.push_back(point.value);
  EXPECT_THAT(values, ElementsAre(0.1, 0.3, 0.5));
  EXPECT_TRUE(has_note(document, "automation-out-of-order"));
}

TEST(ArdourFlow, KnowsTimesInBeats) {
  const std::string tempo =
      "<TempoMap superclocks-per-second='282240000'><Tempos>"
      "<Tempo npm='60' note-type='4' sclock='0' quarters='0:0' omega='0'/>"
      "<Tempo npm='240' note-type='8' sclock='564480000' quarters='2:0' omega='0'/></Tempos></TempoMap>";
  const ArdourDocument document =
      with(track("2", "kick",
                 amp("1", list("gain", "Exponential", "Play", "b0 1\nb1920 0.9\nb3840 0.8\nb5760 0.7"))),
           "", tempo);
  std::vector<double> times;
  for (const auto& point : strip(document, "kick").fader.automation->points)
    times.push_back(point.seconds - lag_s);
  EXPECT_THAT(times, ElementsAre(DoubleNear(0.0, 1e-12), DoubleNear(1.0, 1e-12), DoubleNear(2.0, 1e-12),
                                 DoubleNear(2.5, 1e-12)));
}

TEST(ArdourFlow, KnowsTimesOnARampOfTheTempo) {
  // From 60 to 120 quarters a minute over 8 beats: the speed rises in proportion to the beats passed.
  const double spc = superclocks_per_second;
  const double omega = (2.0 / spc - 1.0 / spc) / 8.0;
  const std::string tempo = fmt::format(
      "<TempoMap superclocks-per-second='282240000'><Tempos><Tempo npm='60' enpm='120' note-type='4' "
      "sclock='0' "
      "quarters='0:0' omega='{}'/></Tempos></TempoMap>",
      omega);
  const ArdourDocument document =
      with(track("2", "kick", amp("1", list("gain", "Exponential", "Play", "b0 1\nb15360 0.9"))), "", tempo);
  double seconds = 0.0;  // By adding up short stretches of beats.
  for (int i = 0; i < 80000; ++i) seconds += 1e-4 / (1.0 + (i + 0.5) * 1e-4 / 8.0);
  EXPECT_NEAR(strip(document, "kick").fader.automation->points[1].seconds, seconds + lag_s, 1e-6);
}

TEST(ArdourFlow, PutsClipsInTheOrderOfTheirLayers) {
  const ArdourDocument document = with(track("2", "kick", amp("1")),
                                       playlist("2", region("top", 0.0, "layering-index='7' opaque='0'") +
                                                         region("low", 2.0, "layering-index='1'") +
                                                         region("mid", 1.0, "layering-index='2' muted='1'")));
  const auto& clips = strip(document, "kick").clips;
  ASSERT_THAT(clips, SizeIs(3));
  EXPECT_EQ(clips[0].name, "low");
  EXPECT_EQ(clips[1].name, "mid");
  EXPECT_EQ(clips[2].name, "top");
  EXPECT_TRUE(clips[0].is_opaque);
  EXPECT_FALSE(clips[2].is_opaque);
  EXPECT_TRUE(clips[1].is_muted);
  EXPECT_EQ(clips[0].start_s, 2.0);
  EXPECT_EQ(clips[0].length_s, 1.0);
}

TEST(ArdourFlow, TakesChannelsOfOneFileAndFilesOfOneChannel) {
  Parts parts;
  parts.sources =
      "<Source id='l' name='a.wav' type='audio' channel='0'/><Source id='r' name='a.wav' type='audio' "
      "channel='1'/>"
      "<Source id='x' name='b%L.wav' type='audio' channel='0'/><Source id='y' name='/far/b%R.wav' "
      "type='audio'/>"
      "<Source id='z' name='../../../stems/c.wav' type='audio'/>";
  parts.routes = track("2", "kick", amp("1"));
  const auto of = [](std::string_view a, std::string_view b) {
    return fmt::format(
        "<Region name='{}{}' type='audio' start='a0' length='a9@a0' channels='2' source-0='{}' "
        "source-1='{}'/>",
        a, b, a, b);
  };
  parts.playlists = playlist("2", of("l", "r") + of("x", "y") + of("r", "l") + of("z", "z"));
  const ArdourDocument document = must_read(session(parts));
  const auto& clips = strip(document, "kick").clips;
  EXPECT_THAT(clips[0].sources, ElementsAre(0));
  EXPECT_THAT(clips[0].source_channels, ElementsAre(0, 1));
  EXPECT_THAT(clips[1].sources, ElementsAre(1, 2));
  EXPECT_THAT(clips[1].source_channels, ElementsAre(0, 0));
  EXPECT_THAT(clips[2].source_channels, ElementsAre(1, 0));
  EXPECT_EQ(document.flow().sources[2].path, "/far/b%R.wav");
  EXPECT_EQ(document.flow().sources[3].path, "stems/c.wav");
}

TEST(ArdourFlow, LeavesOutRegionsOfUnknownSources) {
  const ArdourDocument document = with(
      track("2", "kick", amp("1")),
      playlist("2",
               "<Region name='gone' type='audio' start='a0' length='a9@a0' channels='1' source-0='77'/>"));
  EXPECT_THAT(strip(document, "kick").clips, SizeIs(0));
  EXPECT_TRUE(strip(document, "kick").has_unread_content);
  EXPECT_TRUE(has_note(document, "unknown-source"));
}

TEST(ArdourFlow, TakesSendsWhereTheyStand) {
  const ArdourDocument document = with(track("2", "kick",
                                             send("3", "0.1") + plugin("comp") + send("3", "0.2") + amp("1") +
                                                 send("3", "0.3") + plugin("late")) +
                                       bus("3", "room", amp("1")));
  const Strip& kick = strip(document, "kick");
  ASSERT_THAT(kick.sends, SizeIs(3));
  EXPECT_EQ(kick.sends[0].tap, Send::Tap::before_inserts);
  EXPECT_EQ(kick.sends[1].tap, Send::Tap::before_fader);
  EXPECT_EQ(kick.sends[2].tap, Send::Tap::after_fader);
  ASSERT_THAT(kick.inserts, SizeIs(2));
  EXPECT_FALSE(kick.inserts[0].is_after_fader);
  EXPECT_TRUE(kick.inserts[1].is_after_fader);
  EXPECT_EQ(kick.inserts[0].identifier, "lv2:urn:comp");
}

TEST(ArdourFlow, LeavesOutSendsToNowhere) {
  const ArdourDocument document = with(track("2", "kick", amp("1") + send("99", "1")));
  EXPECT_THAT(strip(document, "kick").sends, SizeIs(0));
  EXPECT_TRUE(has_note(document, "unknown-send-target"));
}

TEST(ArdourFlow, MutesAtTheMutePoints) {
  const auto kick = [](std::string_view points) {
    return with(track("2", "kick", send("3", "1") + amp("1") + send("3", "1"),
                      fmt::format("<MuteMaster mute-point='{}' muted='1'/>", points)) +
                bus("3", "room", amp("1")));
  };
  const ArdourDocument usual = kick("PostFader,Listen,Main");
  EXPECT_TRUE(strip(usual, "kick").mute.is_on);
  EXPECT_TRUE(strip(usual, "kick").sends[0].is_heard_when_muted);
  EXPECT_FALSE(strip(usual, "kick").sends[1].is_heard_when_muted);
  const ArdourDocument main_only = kick("Main");
  EXPECT_TRUE(strip(main_only, "kick").sends[1].is_heard_when_muted);
  const ArdourDocument sends_only = kick("PreFader,PostFader");
  EXPECT_FALSE(strip(sends_only, "kick").mute.is_on);
  EXPECT_TRUE(strip(sends_only, "kick").sends[0].mute.is_on);
  EXPECT_TRUE(strip(sends_only, "kick").sends[1].mute.is_on);
}

TEST(ArdourFlow, HandsSoloIsolationOn) {
  const std::string isolated = "<Controllable name='solo-iso' value='1' solo-isolated='1'/>";
  const ArdourDocument document =
      with(route("2", "kick", "AudioTrack", io("kick", 1, "drums") + isolated + amp("1")) +
           bus("3", "drums", amp("1")) +
           track("4", "vox", amp("1"), "<Controllable name='solo' value='1' self-solo='1'/>"));
  EXPECT_TRUE(strip(document, "kick").is_solo_safe);
  EXPECT_TRUE(strip(document, "drums").is_solo_safe);
  EXPECT_FALSE(strip(document, "vox").is_solo_safe);
  EXPECT_TRUE(strip(document, "vox").is_soloed);
}

TEST(ArdourFlow, FollowsVcasByTheirValueWhenAssigned) {
  const std::string vcas =
      "<VCAManager><VCA name='low' number='1'><Controllable name='gaincontrol' id='v1' value='0.5'>"
      "<masters><master id='v2' val-ctrl='1' val-master='0.4'/></masters></Controllable>"
      "<Slavable><Master number='2'/></Slavable></VCA>"
      "<VCA name='all' number='2'><Controllable name='gaincontrol' id='v2' value='0.9'/></VCA></VCAManager>";
  const auto follows = [](std::string_view number, std::string_view id, std::string_view base) {
    return fmt::format(
        "<masters><master id='{}' val-master='{}'/></masters>|<Slavable><Master number='{}'/></Slavable>", id,
        base, number);
  };
  const auto follower = [&](std::string_view id, std::string_view name, const std::string& how) {
    const auto bar = how.find('|');
    return track(id, name, amp("0.7", "", how.substr(0, bar)), how.substr(bar + 1));
  };
  const ArdourDocument document = with(follower("2", "kick", follows("1", "v1", "0.8")) +
                                           follower("3", "snare", follows("1", "v1", "0.6")) +
                                           follower("4", "vox", follows("2", "v2", "0.3")),
                                       "", vcas);
  const auto total = [&](std::string_view name) {
    const Strip& followed = strip(document, name);
    return vca_ratio(document.flow(), followed, 0.0) *
           (followed.second_fader ? followed.second_fader->ratio : 1.0);
  };
  const double low = 0.5 * 0.9 / 0.4;  // The lower VCA with the upper one's part.
  EXPECT_NEAR(total("kick"), low / 0.8, 1e-12);
  EXPECT_NEAR(total("snare"), low / 0.6, 1e-12);
  EXPECT_NEAR(total("vox"), 0.9 / 0.3, 1e-12);
}

TEST(ArdourFlow, GoesWhereItsPortsAreConnected) {
  const std::string crossed =
      "<IO direction='Input'><Port name='kick/audio_in 1'/></IO><IO direction='Output'>"
      "<Port name='kick/audio_out 1'><Connection other='Master/audio_in 2'/></Port>"
      "<Port name='kick/audio_out 2'><Connection other='Master/audio_in 1'/><Connection "
      "other='system:playback_9'/>"
      "</Port></IO>";
  const ArdourDocument document = with(route("2", "kick", "AudioTrack", crossed + amp("1")) +
                                       route("3", "lost", "AudioTrack", io("lost", 1, "")));
  const auto& outputs = strip(document, "kick").outputs;
  ASSERT_THAT(outputs, SizeIs(2));
  EXPECT_EQ(outputs[0].to, document.flow().master);
  EXPECT_THAT(outputs[0].channels, ElementsAre(1, 0));
  EXPECT_EQ(outputs[1].hardware, "system:playback_9");
  EXPECT_THAT(strip(document, "lost").outputs, SizeIs(0));
  EXPECT_TRUE(strip(document, "Master").outputs.at(0).channels.empty());
}

TEST(ArdourFlow, PansByTheChannelsAndTheChosenPanner) {
  const std::string pannable =
      "<Pannable><Controllable name='pan-azimuth' value='0.75'/><Controllable name='pan-width' "
      "value='0.9'/></Pannable>";
  const auto stereo = [&](std::string_view panner, std::string_view version) {
    Parts parts;
    parts.version = version;
    parts.routes =
        route("2", "keys", "AudioBus", io("keys", 2, "Master") + pannable + amp("1") + main_outs(panner));
    return must_read(session(parts)).flow().strips.at(1).pan;
  };
  EXPECT_EQ(stereo("", "7002").law, PanLaw::ardour_balance);
  EXPECT_EQ(stereo("", "3002").law, PanLaw::ardour);
  EXPECT_EQ(stereo("http://ardour.org/plugin/panner_2in2out", "7002").law, PanLaw::ardour);
  EXPECT_EQ(stereo("http://ardour.org/plugin/panner_balance", "3002").law, PanLaw::ardour_balance);
  EXPECT_EQ(stereo("", "7002").position, 0.5);
  EXPECT_EQ(stereo("http://ardour.org/plugin/panner_2in2out", "7002").width, 0.5)
      << "as wide as the side allows";
  const ArdourDocument mono = with(track("2", "kick", amp("1"), pannable));
  EXPECT_EQ(strip(mono, "kick").pan.law, PanLaw::ardour);
}

TEST(ArdourFlow, ReadsSessionsInSamples) {
  Parts parts;
  parts.version = "3002";
  parts.rate = "44100";
  parts.routes = "<Route id='2' name='kick' default-type='audio'><Diskstream playlist='list 2'/>" +
                 io("kick", 1, "Master") + amp("1", list("gain", "Linear", "Play", "0 1\n44100 0.5\n")) +
                 "</Route>";
  parts.playlists =
      "<Playlist id='9' name='list 2'><Region name='r' type='audio' start='4410' length='88200' "
      "position='22050' "
      "channels='1' source-0='s1' fade-in-active='0' fade-out-active='0'/></Playlist>";
  parts.more = "<Locations><Location flags='IsSessionRange' start='44100' end='132300'/></Locations>";
  const ArdourDocument document = must_read(session(parts));
  const Clip& clip = strip(document, "kick").clips.at(0);
  EXPECT_EQ(clip.start_s, 0.5);
  EXPECT_EQ(clip.length_s, 2.0);
  EXPECT_EQ(clip.offset_s, 0.1);
  EXPECT_NEAR(strip(document, "kick").fader.automation->points[1].seconds, 1.0 + lag_s, 1e-12);
  EXPECT_EQ(document.flow().start_s, 1.0);
  EXPECT_EQ(document.flow().length_s, 2.0);
}

TEST(ArdourFlow, ReadsNewerVersionsWithANote) {
  Parts parts;
  parts.version = "8100";
  EXPECT_TRUE(has_note(must_read(session(parts)), "newer-version"));
  parts.version = "7003";
  EXPECT_FALSE(has_note(must_read(session(parts)), "newer-version"));
}

TEST(ArdourFlow, LeavesTheMonitorSectionAside) {
  const ArdourDocument document =
      with(route("9", "Monitor", "MonitorOut", io("Monitor", 2, "hardware") + amp("0.1")));
  EXPECT_THAT(document.flow().strips, SizeIs(1));
  EXPECT_TRUE(has_note(document, "monitor-section"));
}

TEST(ArdourFlow, SaysThatTriggersAreNotPlayed) {
  const auto slots = [](std::string_view attribute) {
    return with(track("2", "kick",
                      fmt::format("<Processor type='triggerbox'><Triggers><Trigger/><Trigger {}/></Triggers>"
                                  "</Processor>",
                                  attribute) +
                          amp("1")));
  };
  EXPECT_TRUE(has_note(slots("region='7'"), "trigger-clips"));
  EXPECT_TRUE(strip(slots("region='7'"), "kick").has_unread_content);
  EXPECT_FALSE(has_note(slots(""), "trigger-clips"));
}

TEST(ArdourFlow, SaysWhatAGroupShares) {
  EXPECT_TRUE(has_note(with("", "", "<RouteGroups><RouteGroup name='g' active='1' gain='1'/></RouteGroups>"),
                       "route-group"));
  EXPECT_FALSE(has_note(with("", "", "<RouteGroups><RouteGroup name='g' active='1' gain='0'/></RouteGroups>"),
                        "route-group"));
}

}  // namespace
}  // namespace gainstage::test
