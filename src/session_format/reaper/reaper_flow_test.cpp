// SPDX-License-Identifier: MIT
// What a REAPER project means, against values worked out by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "session_format/reaper/test_project.h"

namespace gainstage::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Strip only_track(const std::string& lines) { return must_read(project(track(lines))).flow().strips.at(0); }
Clip only_clip(const std::string& lines) { return only_track(item(lines)).clips.at(0); }

TEST(ReaperFlow, ReadsATracksFaderPanAndSwitches) {
  const Strip strip =
      only_track("NAME \"Lead Vox\"\nVOLPAN 0.5 -0.25 -1 -1 1\nMUTESOLO 1 2 1\nIPHASE 1\nNCHAN 4");
  EXPECT_EQ(strip.name, "Lead Vox");
  EXPECT_EQ(strip.fader.ratio, 0.5);
  EXPECT_EQ(strip.pan.position, -0.25);
  EXPECT_EQ(strip.pan.law, PanLaw::reaper);
  EXPECT_TRUE(strip.mute.is_on && strip.is_soloed && strip.is_solo_safe);
  EXPECT_THAT(strip.is_inverted, ElementsAre(true, true, true, true));
  EXPECT_EQ(strip.channels, 4u);
  ASSERT_TRUE(strip.fader.writable);
  EXPECT_NEAR(to_db(strip.fader.writable->greatest_ratio).value, 24.0, 1e-9);
  EXPECT_FALSE(strip.trim.writable);
}

TEST(ReaperFlow, NamesAnUnnamedTrackByItsNumber) { EXPECT_EQ(only_track("VOLPAN 1 0 -1").name, "Track 1"); }

TEST(ReaperFlow, TakesTheProjectsPanLawUnlessTheTrackHasItsOwn) {
  const auto centre = [](const char* project_law, const char* track_law) {
    return must_read(project(std::string("PANLAW ") + project_law + "\n" +
                             track(std::string("VOLPAN 1 0 ") + track_law)))
        .flow()
        .strips[0]
        .pan.centre.value;
  };
  EXPECT_EQ(centre("1", "-1"), 0.0);
  EXPECT_NEAR(centre("0.5", "-1"), -6.0206, 1e-4);
  EXPECT_NEAR(centre("0.5", "0.70710678"), -3.0103, 1e-4);
  EXPECT_NEAR(centre("1.41421356", "-1"), 3.0103, 1e-4);
}

TEST(ReaperFlow, PutsTracksIntoTheFoldersTheyLieIn) {
  const SignalFlow flow = must_read(project(track("NAME Drums\nISBUS 1 1") + track("NAME Shells\nISBUS 1 1") +
                                            track("NAME Kick") + track("NAME Snare\nISBUS 2 -2") +
                                            track("NAME Bass\nMAINSEND 1 0")))
                              .flow();
  EXPECT_EQ(flow.strips[0].kind, StripKind::folder);
  EXPECT_EQ(flow.strips[2].kind, StripKind::track);
  EXPECT_EQ(flow.strips[0].outputs.at(0).to, flow.master);
  EXPECT_EQ(flow.strips[1].outputs.at(0).to, 0u);
  EXPECT_EQ(flow.strips[2].outputs.at(0).to, 1u);
  EXPECT_EQ(flow.strips[3].outputs.at(0).to, 1u);
  EXPECT_EQ(flow.strips[4].outputs.at(0).to, flow.master);
}

TEST(ReaperFlow, LeavesATrackWithoutMainSendOutOfTheMaster) {
  const Strip strip = only_track("MAINSEND 0 0\nHWOUT 1024 0 0.5 0 0 0 0 -1:U -1");
  ASSERT_EQ(strip.outputs.size(), 1u);
  EXPECT_FALSE(strip.outputs[0].to);
  EXPECT_EQ(strip.outputs[0].hardware, "hardware 1024");
  EXPECT_EQ(strip.outputs[0].gain.ratio, 0.5);
}

TEST(ReaperFlow, SendsTheMainOutputToOtherChannels) {
  EXPECT_THAT(only_track("NCHAN 2\nMAINSEND 1 2").outputs.at(0).channels, ElementsAre(2u, 3u));
}

TEST(ReaperFlow, ReadsTheMaster) {
  const SignalFlow flow =
      must_read(project("MASTER_VOLUME 0.25 0.5 -1 -1 1\nMASTER_NCH 4 2\nMASTERMUTESOLO 5\n"
                        "<MASTERFXLIST\nBYPASS 0 0\n<VST \"VST3: Pro-L\" pl.vst3 0 \"\"\n>\n>"))
          .flow();
  const Strip& master = flow.strips.at(flow.master);
  EXPECT_EQ(master.kind, StripKind::master);
  EXPECT_EQ(master.fader.ratio, 0.25);
  EXPECT_EQ(master.pan.position, 0.5);
  EXPECT_EQ(master.channels, 4u);
  EXPECT_TRUE(master.mute.is_on);
  EXPECT_TRUE(has_note(flow, "master-mono"));
  EXPECT_FALSE(master.outputs.at(0).to);
  ASSERT_EQ(master.inserts.size(), 1u);
  EXPECT_EQ(master.inserts[0].name, "Pro-L");
  EXPECT_EQ(master.inserts[0].identifier, "vst3:pl.vst3");
}

TEST(ReaperFlow, MultipliesItemAndTakeGain) {
  const Clip clip = only_clip("VOLPAN 0.5 0 -0.25 -1");
  EXPECT_EQ(clip.gain.ratio, 0.5);
  EXPECT_EQ(clip.take_gain->ratio, 0.25);
  EXPECT_TRUE(clip.is_inverted);
  EXPECT_EQ(clip.pan.law, PanLaw::none);
  EXPECT_TRUE(clip.gain.writable && clip.take_gain->writable);
}

TEST(ReaperFlow, ReadsAnItemsPlaceAndFades) {
  const Clip clip = must_read(project(track("<ITEM\nPOSITION 2.5\nLENGTH 4\nSOFFS 0.75\nLOOP 1\nMUTE 1 0\n"
                                            "FADEIN 0 0.5 0 0 0 0\nFADEOUT 2 0.5 1 2 0 0\nNAME riff\n"
                                            "<SOURCE FLAC\nFILE \"D:\\x\\riff.flac\"\n>\n>")))
                        .flow()
                        .strips[0]
                        .clips.at(0);
  EXPECT_EQ(clip.name, "riff");
  EXPECT_EQ(clip.start_s, 2.5);
  EXPECT_EQ(clip.length_s, 4.0);
  EXPECT_EQ(clip.offset_s, 0.75);
  EXPECT_EQ(clip.loop_s, 0.0);
  EXPECT_TRUE(clip.is_muted);
  ASSERT_TRUE(clip.fade_in && clip.fade_out);
  EXPECT_EQ(clip.fade_in->length_s, 0.5);
  EXPECT_EQ(clip.fade_in->curve.points.size(), 2u);
  EXPECT_EQ(clip.fade_out->length_s, 1.0) << "the crossfade wins over the fade by hand";
  EXPECT_EQ(clip.fade_out->curve.points.front().seconds, 3.0);
  EXPECT_EQ(clip.fade_out->curve.points.front().value, 1.0);
  EXPECT_EQ(clip.fade_out->curve.points.back().value, 0.0);
  EXPECT_EQ(clip.fade_out->curve.points[8].value, 0.25) << "(1/2)^2 half way";
}

TEST(ReaperFlow, PlaysTheActiveTake) {
  const std::string takes =
      "<ITEM\nLENGTH 1\nNAME one\nVOLPAN 0.5 0 0.1 -1\n<SOURCE WAVE\nFILE 1.wav\n>\n"
      "TAKE SEL\nNAME two\nTAKEVOLPAN 0 -0.2 -1\nSOFFS 3\n<SOURCE WAVE\nFILE 2.wav\n>\n"
      "TAKE NULL\n>";
  const SignalFlow flow = must_read(project(track(takes))).flow();
  ASSERT_EQ(flow.strips[0].clips.size(), 1u);
  const Clip& clip = flow.strips[0].clips[0];
  EXPECT_EQ(clip.name, "two");
  EXPECT_EQ(clip.gain.ratio, 0.5);
  EXPECT_EQ(clip.take_gain->ratio, 0.2);
  EXPECT_TRUE(clip.is_inverted);
  EXPECT_EQ(clip.offset_s, 3.0);
  EXPECT_EQ(flow.sources.at(clip.sources.at(0)).path, "2.wav");
}

TEST(ReaperFlow, PlaysAllTakesWithOneSharedItemGain) {
  const SignalFlow flow = must_read(project(track("<ITEM\nLENGTH 1\nALLTAKES 1\nVOLPAN 0.5 0 0.1 -1\n"
                                                  "<SOURCE WAVE\nFILE 1.wav\n>\nTAKE\nTAKEVOLPAN 0 0.2 -1\n"
                                                  "<SOURCE WAVE\nFILE 2.wav\n>\n>")))
                              .flow();
  ASSERT_EQ(flow.strips[0].clips.size(), 2u);
  for (const Clip& clip : flow.strips[0].clips) {
    EXPECT_EQ(clip.gain.ratio, 0.5);
    EXPECT_FALSE(clip.gain.writable);
    EXPECT_TRUE(clip.take_gain->writable);
  }
}

TEST(ReaperFlow, IsSilentWhereTheActiveTakeIsEmpty) {
  EXPECT_THAT(only_track("<ITEM\nLENGTH 1\nTAKE NULL\nTAKE\n<SOURCE WAVE\nFILE 2.wav\n>\n>").clips,
              IsEmpty());
}

TEST(ReaperFlow, TakesTheChannelsOfTheSource) {
  EXPECT_THAT(only_clip("CHANMODE 0").source_channels, IsEmpty());
  EXPECT_THAT(only_clip("CHANMODE 1").source_channels, ElementsAre(1u, 0u));
  EXPECT_THAT(only_clip("CHANMODE 3").source_channels, ElementsAre(0u));
  EXPECT_THAT(only_clip("CHANMODE 66").source_channels, ElementsAre(63u));
  EXPECT_THAT(only_clip("CHANMODE 67").source_channels, ElementsAre(0u, 1u));
  EXPECT_THAT(only_clip("CHANMODE 131").source_channels, ElementsAre(64u));
  EXPECT_THAT(only_clip("CHANMODE 195").source_channels, ElementsAre(64u, 65u));
}

TEST(ReaperFlow, SaysWhichSoundItDoesNotRead) {
  const auto unread = [](const std::string& lines, const std::string& code) {
    const SignalFlow flow = must_read(project(track(lines))).flow();
    return flow.strips[0].has_unread_content && has_note(flow, code);
  };
  EXPECT_TRUE(unread(item("PLAYRATE 1.5 1 0 -1"), "stretched-clip"));
  EXPECT_TRUE(unread(item("PLAYRATE 1 1 -2 -1"), "stretched-clip"));
  EXPECT_TRUE(unread(item("SM 0 0 + 1 2"), "stretched-clip"));
  EXPECT_TRUE(unread(item("CHANMODE 2"), "mono-downmix"));
  EXPECT_TRUE(unread(item("<TAKEFX\nBYPASS 0 0\n<JS a\n>\n>"), "take-fx"));
  EXPECT_TRUE(unread("<ITEM\nLENGTH 1\n<SOURCE MIDI\nHASDATA 1 960 QN\n>\n>", "unread-source"));
  EXPECT_TRUE(
      unread("<ITEM\nLENGTH 1\n<SOURCE SECTION\nMODE 3\n<SOURCE WAVE\nFILE a\n>\n>\n>", "unread-source"));
  EXPECT_FALSE(unread(item("<TAKEFX\nBYPASS 1 0\n<JS a\n>\n>"), "take-fx"));
  EXPECT_FALSE(unread(item("PLAYRATE 1 1 0 -1"), "stretched-clip"));
}

TEST(ReaperFlow, FindsTheSectionOfASource) {
  const Clip clip = only_track(
                        "<ITEM\nLENGTH 2\nLOOP 1\nSOFFS 0.5\n<SOURCE SECTION\nLENGTH 3\nSTARTPOS 10\n"
                        "<SOURCE WAVE\nFILE a\n>\n>\n>")
                        .clips.at(0);
  EXPECT_EQ(clip.offset_s, 10.5);
  EXPECT_FALSE(clip.loop_s);
}

TEST(ReaperFlow, KeepsWindowsPathsAndNamesOneSourceOnce) {
  const SignalFlow flow =
      must_read(project(track("<ITEM\n<SOURCE WAVE\nFILE \"D:\\My Songs\\kick.wav\" 1\n>\n>\n"
                              "<ITEM\n<SOURCE WAVE\nFILE \"media\\kick.wav\"\n>\n>\n"
                              "<ITEM\n<SOURCE WAVE\nFILE media/kick.wav\n>\n>")))
          .flow();
  ASSERT_EQ(flow.sources.size(), 2u);
  EXPECT_EQ(flow.sources[0].path, "D:\\My Songs\\kick.wav");
  EXPECT_EQ(flow.sources[0].name, "kick.wav");
  EXPECT_EQ(flow.sources[1].path, "media/kick.wav");
}

TEST(ReaperFlow, LetsEnclosedItemsHideWhatEnclosesThem) {
  const std::string items =
      "<ITEM\nPOSITION 1\nLENGTH 1\n<SOURCE WAVE\nFILE b\n>\n>\n"
      "<ITEM\nPOSITION 0\nLENGTH 4\n<SOURCE WAVE\nFILE a\n>\n>\n"
      "<ITEM\nPOSITION 3\nLENGTH 4\n<SOURCE WAVE\nFILE c\n>\n>\n";
  const auto opaque = [&](const std::string& mix, const std::string& track_lines) {
    const SignalFlow flow = must_read(project(mix + "\n" + track(track_lines + items))).flow();
    std::string found;
    for (const Clip& clip : flow.strips[0].clips) found += clip.is_opaque ? '1' : '0';
    return found;
  };
  EXPECT_EQ(opaque("ITEMMIX 0", ""), "010");
  EXPECT_EQ(opaque("ITEMMIX 1", ""), "000");
  EXPECT_EQ(opaque("ITEMMIX 2", ""), "111");
  EXPECT_EQ(opaque("ITEMMIX 0", "FREEMODE 1\n"), "000");
}

TEST(ReaperFlow, MutesItemsInLanesThatDoNotPlay) {
  const std::string items =
      "<ITEM\nYPOS 0 0.5 2\n<SOURCE WAVE\nFILE a\n>\n>\n"
      "<ITEM\nYPOS 0.5 0.5 2\n<SOURCE WAVE\nFILE b\n>\n>\n";
  const Strip strip = only_track("FREEMODE 2\nLANESOLO 2 0 0 0 0 0 0 0\n" + items);
  EXPECT_TRUE(strip.clips.at(0).is_muted);
  EXPECT_FALSE(strip.clips.at(1).is_muted);
}

TEST(ReaperFlow, ReadsSendsFromTheTrackThatReceives) {
  const SignalFlow flow =
      must_read(project(track("NAME Vox") + track("NAME Verb\nAUXRECV 0 0 0.5 0.25 0 0 0 0 0 -1:U 0 -1 ''\n"
                                                  "AUXRECV 0 1 0.25 0 1 1 1 0 0 -1:U 0 -1 ''\n"
                                                  "AUXRECV 0 3 2 0 0 0 0 0 0 0.5 0 -1 ''\n"
                                                  "AUXRECV 0 0 1 0 0 0 0 -1 0 -1:U 0 -1 ''")))
          .flow();
  const std::vector<Send>& sends = flow.strips[0].sends;
  ASSERT_EQ(sends.size(), 3u) << "one sends MIDI only";
  EXPECT_EQ(sends[0].to, 1u);
  EXPECT_EQ(sends[0].tap, Send::Tap::after_pan);
  EXPECT_EQ(sends[0].gain.ratio, 0.5);
  EXPECT_EQ(sends[0].pan.position, 0.25);
  EXPECT_EQ(sends[1].tap, Send::Tap::before_inserts);
  EXPECT_TRUE(sends[1].mute.is_on && sends[1].is_mono && sends[1].is_inverted);
  EXPECT_EQ(sends[2].tap, Send::Tap::before_fader);
  EXPECT_NEAR(sends[2].pan.centre.value, -6.0206, 1e-4);
  EXPECT_EQ(flow.strips[1].kind, StripKind::bus);
}

TEST(ReaperFlow, LeavesOutSendsThatOnlyPluginsHear) {
  const SignalFlow flow =
      must_read(project(track("") + track("NCHAN 4\nAUXRECV 0 0 1 0 0 0 0 0 2 -1:U 0 -1 ''"))).flow();
  EXPECT_FALSE(flow.strips[0].sends.at(0).is_enabled);
  EXPECT_TRUE(has_note(flow, "send-channels"));
}

TEST(ReaperFlow, ListsPluginsBeforeTheFader) {
  const Strip strip = only_track(
      "FX 1\n<FXCHAIN\nSHOW 0\nBYPASS 0 0 0\n<VST \"VST: ReaComp (Cockos)\" reacomp.dll 0 "
      "\"\"\nZXZ=\n>\nWAK 0\nBYPASS 1 0 0\n<JS loser/3BandEQ \"\"\n>\nBYPASS 0 1 0\n"
      "<LV2 \"LV2: Gate\" http://x/gate\n>\n>");
  ASSERT_EQ(strip.inserts.size(), 3u);
  EXPECT_EQ(strip.inserts[0].name, "ReaComp (Cockos)");
  EXPECT_EQ(strip.inserts[0].identifier, "vst2:reacomp.dll");
  EXPECT_TRUE(strip.inserts[0].is_enabled);
  EXPECT_FALSE(strip.inserts[0].is_after_fader);
  EXPECT_EQ(strip.inserts[0].kind, Insert::Kind::non_linear);
  EXPECT_EQ(strip.inserts[1].kind, Insert::Kind::linear);
  EXPECT_EQ(strip.inserts[1].identifier, "js:loser/3BandEQ");
  EXPECT_FALSE(strip.inserts[1].is_enabled);
  EXPECT_FALSE(strip.inserts[2].is_enabled) << "offline";
  EXPECT_FALSE(only_track("FX 0\n<FXCHAIN\nBYPASS 0 0 0\n<JS a\n>\n>").inserts.at(0).is_enabled);
}

TEST(ReaperFlow, MakesAVcaOfATrackThatLeads) {
  const std::string none = " 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0";
  const SignalFlow flow =
      must_read(project(track("NAME Lead\nVOLPAN 0.5 0 -1\nGROUP_FLAGS" + none + " 2 0 0") +
                        track("NAME Kick\nGROUP_FLAGS" + none + " 0 2 0") +
                        track("NAME Bass\nGROUP_FLAGS" + none + " 0 1 0") +
                        track("NAME Loud\nGROUP_FLAGS" + none + " 1 2 0\n" + item(""))))
          .flow();
  ASSERT_EQ(flow.vcas.size(), 2u);
  EXPECT_EQ(flow.vcas[0].name, "Lead");
  EXPECT_EQ(flow.vcas[0].gain.ratio, 0.5);
  EXPECT_TRUE(flow.vcas[0].gain.writable);
  EXPECT_FALSE(flow.strips[0].fader.writable);
  EXPECT_THAT(flow.strips[1].vcas, ElementsAre(0u));
  EXPECT_THAT(flow.strips[2].vcas, ElementsAre(1u));
  EXPECT_THAT(flow.vcas[1].vcas, ElementsAre(0u));
  EXPECT_FALSE(flow.vcas[1].gain.writable) << "its own sound goes through the same fader";
  EXPECT_TRUE(has_note(flow, "vca-leader-with-sound"));
}

TEST(ReaperFlow, SaysWhatItKnowsOfTheProject) {
  const SignalFlow old = must_read("<REAPER_PROJECT 0.1 \"6.11/x64\" 1\nSAMPLERATE 44100 0 0\n>").flow();
  EXPECT_EQ(old.format, "reaper");
  EXPECT_EQ(old.version, "6.11/x64");
  EXPECT_EQ(old.sample_rate_hz, 0.0);
  EXPECT_TRUE(has_note(old, "no-sample-rate"));
  EXPECT_FALSE(has_note(old, "newer-version"));
  EXPECT_TRUE(has_note(must_read("<REAPER_PROJECT 0.1 \"8.0/x64\" 1\n>").flow(), "newer-version"));
  EXPECT_TRUE(has_note(must_read("<REAPER_PROJECT 0.2 \"7.0/x64\" 1\n>").flow(), "newer-version"));
  EXPECT_THAT(must_read(project(track(item("")))).flow().notes, IsEmpty());
}

TEST(ReaperFlow, KeepsIdsUnique) {
  const SignalFlow flow = must_read(project(track("") + track("") + "<TRACK\n>\n<TRACK\n>\n")).flow();
  EXPECT_NE(flow.strips[0].id, flow.strips[1].id);
  EXPECT_NE(flow.strips[2].id, flow.strips[3].id);
}

}  // namespace
}  // namespace gainstage::test
