// SPDX-License-Identifier: MIT
// Levels, pans, sends, routes and their automation, against values computed by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "session/flow_check.h"
#include "session_format/dawproject/test_project.h"

namespace gainstage {
namespace {

using ::testing::HasSubstr;

bool has_note(const SignalFlow& flow, const std::string& code) {
  return std::any_of(flow.notes.begin(), flow.notes.end(),
                     [&](const FlowNote& note) { return note.code == code; });
}

GainControl fader_of(const std::string& volume_attributes) {
  TestProject project;
  project.volume = "<Volume id=\"v1\" " + volume_attributes + "/>";
  return document_of(project).flow().strips[0].fader;
}

TEST(DawProjectStructure, ReadsTheMixer) {
  const SignalFlow flow = document_of({}).flow();
  EXPECT_EQ(flow.format, "dawproject");
  EXPECT_EQ(flow.version, "1.0");
  EXPECT_EQ(flow.name, "Song");
  ASSERT_EQ(flow.strips.size(), 2u);
  EXPECT_EQ(flow.strips[0].name, "A");
  EXPECT_EQ(flow.strips[0].id, "c1");
  EXPECT_EQ(flow.strips[0].kind, StripKind::track);
  EXPECT_EQ(flow.strips[0].channels, 2u);
  EXPECT_EQ(flow.strips[0].outputs.at(0).to, 1u);
  EXPECT_EQ(flow.master, 1u);
  EXPECT_EQ(flow.strips[1].kind, StripKind::master);
  EXPECT_EQ(flow.strips[1].outputs.at(0).to, std::nullopt);
  EXPECT_FALSE(flow.strips[0].trim.writable);
  EXPECT_TRUE(flow.notes.empty()) << flow.notes[0].sentence;
}

// 20 log10 0.316228 = -10.0000 dB; 10^(-6/20) = 0.501187; 10^(6/20) = 1.995262.
TEST(DawProjectStructure, ReadsLevelsInEveryUnit) {
  EXPECT_DOUBLE_EQ(fader_of("unit='linear' value='0.316228' max='2'").ratio, 0.316228);
  EXPECT_NEAR(fader_of("unit='decibel' value='-6' max='6'").ratio, 0.5011872336272722, 1e-15);
  EXPECT_EQ(fader_of("unit='decibel' value='0'").ratio, 1.0);
  EXPECT_EQ(fader_of("unit='decibel' value='-inf'").ratio, 0.0);
  EXPECT_EQ(fader_of("unit='linear' value='0.0'").ratio, 0.0);
  EXPECT_EQ(fader_of("unit='normalized' value='0.25'").ratio, 0.25);
  EXPECT_EQ(fader_of("unit='percent' value='25'").ratio, 0.25);
  EXPECT_EQ(fader_of("unit='linear' value='1e-3'").ratio, 1e-3);
  EXPECT_EQ(fader_of("unit='linear'").ratio, 1.0);
}

TEST(DawProjectStructure, HoldsUpToTheStatedMaximum) {
  EXPECT_EQ(fader_of("unit='linear' value='0.5' max='4'").writable->greatest_ratio, 4.0);
  EXPECT_NEAR(fader_of("unit='decibel' value='0' max='6'").writable->greatest_ratio, 1.9952623149688795,
              1e-15);
  EXPECT_EQ(fader_of("unit='linear' value='0.5'").writable->greatest_ratio, 2.0);
  EXPECT_EQ(fader_of("unit='decibel' value='0'").writable->greatest_ratio, 2.0);
  EXPECT_EQ(fader_of("unit='normalized' value='0.5'").writable->greatest_ratio, 1.0);
  EXPECT_EQ(fader_of("unit='percent' value='50'").writable->greatest_ratio, 1.0);
  // What is there can stay there.
  EXPECT_EQ(fader_of("unit='linear' value='3' max='2'").writable->greatest_ratio, 3.0);
  // Nothing stated, nothing to write.
  EXPECT_FALSE(fader_of("unit='linear' max='2'").writable);
}

TEST(DawProjectStructure, SaysWhereAUnitHasNoLaw) {
  TestProject project;
  project.volume = "<Volume unit='normalized' value='0.5'/>";
  EXPECT_TRUE(has_note(document_of(project).flow(), "level-unit"));
}

Pan pan_of(const std::string& attributes) {
  TestProject project;
  project.before_volume = "<Pan id='p1' " + attributes + "/>";
  return document_of(project).flow().strips[0].pan;
}

TEST(DawProjectStructure, ReadsPansInEveryUnit) {
  EXPECT_EQ(pan_of("unit='normalized' value='0.5' min='0' max='1'").position, 0.0);
  EXPECT_EQ(pan_of("unit='normalized' value='0.25'").position, -0.5);
  EXPECT_EQ(pan_of("unit='linear' value='0.25'").position, 0.25);
  EXPECT_EQ(pan_of("unit='linear' value='-1' min='-1' max='1'").position, -1.0);
  EXPECT_EQ(pan_of("unit='percent' value='75'").position, 0.5);
  EXPECT_EQ(pan_of("unit='percent' value='-50' min='-100' max='100'").position, -0.5);
  EXPECT_EQ(pan_of("unit='normalized'").position, 0.0);
  EXPECT_EQ(pan_of("unit='normalized' value='1.5'").position, 1.0);
  EXPECT_EQ(pan_of("unit='normalized' value='0.5'").law, PanLaw::dawproject);
}

TEST(DawProjectStructure, ReadsSends) {
  TestProject project;
  project.before_volume =
      "<Sends><Send destination='c2' type='pre'><Enable value='false'/><Pan unit='normalized' value='0'/>"
      "<Volume unit='decibel' value='-20' max='0'/></Send><Send destination='c2'><Volume unit='linear' "
      "value='0.5' "
      "max='1'/></Send></Sends>";
  project.more_tracks =
      "<Track id='t2' name='FX'><Channel id='c2' role='effect' destination='c9'><Sends><Send "
      "destination='c2' "
      "type='post'><Enable value='false'/><Volume unit='linear' value='0'/></Send></Sends></Channel></Track>";
  const SignalFlow flow = document_of(project).flow();
  ASSERT_EQ(flow.strips[0].sends.size(), 2u);
  const Send& first = flow.strips[0].sends[0];
  EXPECT_EQ(first.to, 1u);
  EXPECT_EQ(first.name, "FX");
  EXPECT_EQ(first.tap, Send::Tap::before_fader);
  EXPECT_FALSE(first.is_enabled);
  EXPECT_EQ(first.pan.position, -1.0);
  EXPECT_NEAR(first.gain.ratio, 0.1, 1e-15);
  EXPECT_EQ(first.gain.writable->greatest_ratio, 1.0);
  const Send& second = flow.strips[0].sends[1];
  EXPECT_EQ(second.tap, Send::Tap::after_pan);
  EXPECT_TRUE(second.is_enabled);
  EXPECT_EQ(flow.strips[1].kind, StripKind::bus);
  EXPECT_TRUE(flow.strips[1].sends.empty());  // Into itself, switched off.
}

// As Bitwig writes them: each effect track has a send to each, switched off.
TEST(DawProjectStructure, TakesSwitchedOffSendsForNoWayRound) {
  TestProject project;
  for (const std::string own : {"c2", "c3"}) {
    project.more_tracks +=
        "<Track name='" + own + "'><Channel id='" + own + "' role='effect' destination='c9'><Sends>";
    for (const std::string other : {"c2", "c3"}) {
      project.more_tracks += "<Send destination='" + other +
                             "'><Enable value='false'/><Volume unit='linear' value='0' max='1'/></Send>";
    }
    project.more_tracks += "</Sends></Channel></Track>";
  }
  const SignalFlow flow = document_of(project).flow();
  EXPECT_EQ(flow.strips[1].sends.size(), 1u);
  const auto checked = check_flow(flow);
  EXPECT_TRUE(checked) << checked.error().sentence;
}

TEST(DawProjectStructure, ReadsDevicesAsInserts) {
  TestProject project;
  project.before_volume =
      "<Devices><Vst3Plugin deviceName='Pro-Q' deviceID='72C4' deviceRole='audioFX' name='My EQ'><Enabled "
      "value='false'/></Vst3Plugin><ClapPlugin deviceName='Surge' deviceID='org.surge' "
      "deviceRole='instrument' "
      "loaded='false'/><Equalizer deviceName='EQ' deviceRole='audioFX'/><Compressor deviceName='Comp' "
      "deviceRole='audioFX'/><Vst2Plugin deviceName='X' deviceID='1234' deviceRole='analyzer'/></Devices>";
  const auto inserts = document_of(project).flow().strips[0].inserts;
  ASSERT_EQ(inserts.size(), 5u);
  EXPECT_EQ(inserts[0].name, "Pro-Q");
  EXPECT_EQ(inserts[0].identifier, "vst3:72C4");
  EXPECT_FALSE(inserts[0].is_enabled);
  EXPECT_FALSE(inserts[0].is_after_fader);
  EXPECT_EQ(inserts[0].kind, Insert::Kind::unknown);
  EXPECT_EQ(inserts[1].identifier, "clap:org.surge");
  EXPECT_FALSE(inserts[1].is_enabled);
  EXPECT_EQ(inserts[2].kind, Insert::Kind::linear);
  EXPECT_EQ(inserts[3].kind, Insert::Kind::non_linear);
  EXPECT_EQ(inserts[3].identifier, "builtin:Comp");
  EXPECT_EQ(inserts[4].kind, Insert::Kind::linear);
}

// Bitwig's way: the channel of a group has the role "master" too.
TEST(DawProjectStructure, TellsTheMasterFromGroups) {
  TestProject project;
  project.channel = "destination='c9'";
  project.more_tracks =
      "<Track contentType='tracks' id='t2' name='Drums'><Channel id='c2' role='master' destination='c9'/>"
      "<Track id='t3' name='Kit' contentType='tracks'><Channel id='c3' role='submix' destination='c2'/>"
      "<Track id='t4' name='Kick'><Channel id='c4' destination='t3'/></Track></Track>"
      "<Track id='t5' name='Snare'><Channel id='c5'/></Track></Track>"
      "<Track id='t6' name='Folder'><Track id='t7' name='Hat'><Channel id='c7' "
      "destination='c9'/></Track></Track>";
  const SignalFlow flow = document_of(project).flow();
  ASSERT_EQ(flow.strips.size(), 7u);
  EXPECT_EQ(flow.strips[flow.master].name, "Master");
  EXPECT_EQ(flow.strips[1].kind, StripKind::folder);
  EXPECT_EQ(flow.strips[2].kind, StripKind::folder);
  EXPECT_EQ(flow.strips[2].outputs[0].to, 1u);
  EXPECT_EQ(flow.strips[3].outputs[0].to, 2u);  // By the id of the track.
  EXPECT_EQ(flow.strips[4].outputs[0].to, 1u);  // Stated nowhere: its group.
  EXPECT_TRUE(has_note(flow, "no-destination"));
  EXPECT_EQ(flow.strips[5].name, "Hat");
}

TEST(DawProjectStructure, MakesAMasterWhereNoneIsStated) {
  TestProject project;
  project.master_role = "regular";
  const SignalFlow flow = document_of(project).flow();
  ASSERT_EQ(flow.strips.size(), 3u);
  EXPECT_EQ(flow.master, 2u);
  EXPECT_EQ(flow.strips[2].kind, StripKind::master);
  EXPECT_FALSE(flow.strips[2].fader.writable);
  EXPECT_EQ(flow.strips[1].outputs[0].to, 2u);
  EXPECT_TRUE(has_note(flow, "no-master"));
}

TEST(DawProjectStructure, KnowsVcasButNotTheirMembers) {
  TestProject project;
  project.more_tracks =
      "<Track id='t2' name='V'><Channel id='c2' role='vca'><Volume unit='decibel' "
      "value='-6'/></Channel></Track>";
  const SignalFlow flow = document_of(project).flow();
  EXPECT_EQ(flow.strips.size(), 2u);
  ASSERT_EQ(flow.vcas.size(), 1u);
  EXPECT_NEAR(flow.vcas[0].gain.ratio, 0.5011872336272722, 1e-15);
  EXPECT_FALSE(flow.vcas[0].gain.writable);
  EXPECT_TRUE(has_note(flow, "vca-members"));
}

TEST(DawProjectStructure, ReadsSwitches) {
  TestProject project;
  project.before_volume = "<Mute id='m1' value='true'/>";
  project.channel = "destination='c9' solo='true' audioChannels='1'";
  project.arrangement = on_track(
      "<Points><Target parameter='m1'/><BoolPoint time='0' value='false'/>"
      "<BoolPoint time='2' value='true'/></Points>");
  const Strip strip = document_of(project).flow().strips[0];
  EXPECT_TRUE(strip.is_soloed);
  EXPECT_EQ(strip.channels, 1u);
  EXPECT_TRUE(strip.mute.is_on);
  ASSERT_TRUE(strip.mute.automation);
  const auto& points = strip.mute.automation->points;
  ASSERT_EQ(points.size(), 2u);
  EXPECT_EQ(points[0].value, 0.0);
  EXPECT_EQ(points[1].value, 1.0);
  EXPECT_EQ(points[1].seconds, 1.0);
  EXPECT_EQ(points[1].shape, AutomationShape::hold);
}

TEST(DawProjectStructure, MutesTracksThatAreSwitchedOff) {
  TestProject project;
  project.more_tracks = "<Track name='Off' loaded='false'><Channel id='c2' destination='c9'/></Track>";
  const SignalFlow flow = document_of(project).flow();
  EXPECT_FALSE(flow.strips[0].mute.is_on);
  EXPECT_TRUE(flow.strips[1].mute.is_on);
  EXPECT_TRUE(has_note(flow, "inactive-track"));
}

TEST(DawProjectStructure, ReadsAutomationInItsOwnUnitAndTime) {
  TestProject project;
  project.arrangement = on_track(
      "<Points unit='decibel'><Target parameter='v1'/><RealPoint time='1' value='-6' "
      "interpolation='linear'/><RealPoint time='3' value='-inf'/></Points>");
  auto fader = document_of(project).flow().strips[0].fader;
  ASSERT_TRUE(fader.automation);
  EXPECT_EQ(fader.playback, GainControl::Playback::replaces);
  EXPECT_EQ(fader.automation->scale, AutomationScale::decibels);
  ASSERT_EQ(fader.automation->points.size(), 2u);
  EXPECT_EQ(fader.automation->points[0].seconds, 0.5);
  EXPECT_NEAR(fader.automation->points[0].value, 0.5011872336272722, 1e-15);
  EXPECT_EQ(fader.automation->points[0].shape, AutomationShape::linear);
  EXPECT_EQ(fader.automation->points[1].value, 0.0);
  EXPECT_EQ(fader.automation->points[1].shape, AutomationShape::hold);

  // No unit: that of the parameter. Lanes may count otherwise than those around them.
  project.arrangement =
      "<Lanes track='t1' timeUnit='seconds'><Points><Target parameter='v1'/><RealPoint time='1' "
      "value='0.25'/></Points></Lanes>";
  fader = document_of(project).flow().strips[0].fader;
  EXPECT_EQ(fader.automation->scale, AutomationScale::value);
  EXPECT_EQ(fader.automation->points[0].seconds, 1.0);
  EXPECT_EQ(fader.automation->points[0].value, 0.25);
}

TEST(DawProjectStructure, OrdersPointsAndLeavesOutEmptyCurves) {
  TestProject project;
  project.arrangement = on_track(
      "<Points unit='linear'><Target parameter='v1'/><RealPoint time='4' value='0.4'/><RealPoint time='2' "
      "value='0.2'/><RealPoint time='4' value='0.5'/></Points><Points unit='linear'><Target "
      "parameter='v9'/></Points>");
  const SignalFlow flow = document_of(project).flow();
  const auto& points = flow.strips[0].fader.automation->points;
  ASSERT_EQ(points.size(), 3u);
  EXPECT_EQ(points[0].value, 0.2);
  EXPECT_EQ(points[1].value, 0.4);
  EXPECT_EQ(points[2].value, 0.5);
  EXPECT_TRUE(has_note(flow, "unordered-automation"));
  EXPECT_FALSE(flow.strips[1].fader.automation);
}

TEST(DawProjectStructure, BendsAStraightLineWhereTheTempoChanges) {
  TestProject project;
  project.arrangement = on_track(
      "<Points unit='linear'><Target parameter='v1'/><RealPoint time='0' value='0' "
      "interpolation='linear'/><RealPoint time='8' value='1'/></Points>");
  // Four beats at 60 bpm, then 120 bpm: half of the way takes 4 s, the other half 2 s.
  project.after_lanes =
      "<TempoAutomation unit='bpm'><Target parameter='tempo'/><RealPoint time='0' value='60'/><RealPoint "
      "time='4' "
      "value='120'/></TempoAutomation>";
  const auto points = document_of(project).flow().strips[0].fader.automation->points;
  ASSERT_EQ(points.size(), 3u);
  EXPECT_EQ(points[1].seconds, 4.0);
  EXPECT_EQ(points[1].value, 0.5);
  EXPECT_EQ(points[2].seconds, 6.0);
}

// Cubase states the tempo in TempoAutomation alone, and in seconds.
TEST(DawProjectStructure, TakesTheTempoFromItsAutomation) {
  TestProject project;
  project.after_lanes =
      "<TempoAutomation timeUnit='seconds'><RealPoint time='0' value='60' interpolation='linear'/><RealPoint "
      "time='4' "
      "value='120'/></TempoAutomation>";
  project.arrangement = on_track(
      "<Points unit='linear'><Target parameter='v1'/><RealPoint time='6' value='1'/><RealPoint time='8' "
      "value='1'/></Points>");
  std::string xml = project.xml();
  xml.erase(xml.find("<Tempo "), xml.find("/>", xml.find("<Tempo ")) + 2 - xml.find("<Tempo "));
  const auto document = read_xml(xml);
  ASSERT_TRUE(document) << document.error().sentence;
  EXPECT_FALSE(has_note(document->flow(), "no-tempo"));
  // 4 s at 90 bpm in the mean are six beats; two more at 120 bpm take a second.
  const auto& points = document->flow().strips[0].fader.automation->points;
  EXPECT_NEAR(points[0].seconds, 4.0, 1e-12);
  EXPECT_NEAR(points[1].seconds, 5.0, 1e-12);
}

TEST(DawProjectStructure, ReadsAutomatedPansAndSends) {
  TestProject project;
  project.before_volume =
      "<Pan id='p1' unit='normalized' value='0.5' min='0' max='1'/><Sends><Send destination='c2'><Enable "
      "id='e1' "
      "value='false'/><Volume id='s1' unit='linear' value='1'/></Send></Sends>";
  project.more_tracks = "<Track name='FX'><Channel id='c2' role='effect' destination='c9'/></Track>";
  project.arrangement = on_track(
      "<Points unit='normalized'><Target parameter='p1'/><RealPoint time='0' value='0.75'/></Points>"
      "<Points unit='linear'><Target parameter='s1'/><RealPoint time='0' value='0.125'/></Points>"
      "<Points><Target parameter='e1'/><BoolPoint time='0' value='true'/><BoolPoint time='2' "
      "value='false'/></Points>");
  const Strip strip = document_of(project).flow().strips[0];
  EXPECT_EQ(strip.pan.automation->points[0].value, 0.5);
  const Send& send = strip.sends.at(0);
  EXPECT_EQ(send.gain.automation->points[0].value, 0.125);
  EXPECT_TRUE(send.is_enabled);
  EXPECT_TRUE(send.mute.is_on);
  EXPECT_EQ(send.mute.automation->points[0].value, 0.0);
  EXPECT_EQ(send.mute.automation->points[1].value, 1.0);
}

TEST(DawProjectStructure, SaysWhatItDoesNotPlay) {
  TestProject project;
  project.version = "2.3";
  project.arrangement = clip_on_track("time='0' duration='4'",
                                      "<Lanes><Points unit='linear'><Target parameter='v1'/><RealPoint "
                                      "time='0' value='0.1'/></Points></Lanes>");
  const SignalFlow flow = document_of(project).flow();
  EXPECT_FALSE(flow.strips[0].fader.automation);
  EXPECT_TRUE(has_note(flow, "clip-automation"));
  EXPECT_TRUE(has_note(flow, "newer-version"));
}

TEST(DawProjectStructure, ReadsTheRealAutomation) {
  const auto bytes = shared_session("automation.dawproject");
  if (!bytes) GTEST_SKIP() << "no shared/data/sessions/dawproject beside the checkout";
  const auto document = DawProjectDocument::read(*bytes);
  ASSERT_TRUE(document) << document.error().sentence;
  const SignalFlow& flow = document->flow();
  ASSERT_EQ(flow.strips.size(), 3u);
  EXPECT_EQ(flow.master, 2u);
  EXPECT_EQ(flow.strips[1].kind, StripKind::bus);
  const Strip& track = flow.strips[0];
  EXPECT_EQ(track.fader.ratio, 0.056333);
  EXPECT_FALSE(track.has_unread_content);  // Its notes are empty.
  ASSERT_TRUE(track.fader.automation);
  ASSERT_EQ(track.fader.automation->points.size(), 3u);
  EXPECT_NEAR(track.fader.automation->points[1].seconds, 1.5 * 60.0 / 110.0, 1e-12);
  EXPECT_EQ(track.fader.automation->points[1].value, 0.354813);
  EXPECT_EQ(track.pan.automation->points[1].value, -1.0);
  EXPECT_EQ(track.mute.automation->points[1].value, 1.0);
  EXPECT_EQ(track.sends.size(), 1u);
  EXPECT_FALSE(track.sends[0].is_enabled);
  EXPECT_EQ(track.sends[0].gain.writable->greatest_ratio, 1.0);
}

}  // namespace
}  // namespace gainstage
