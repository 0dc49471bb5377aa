// SPDX-License-Identifier: MIT
// Clips in every nesting, against places and levels computed by hand. At 120 bpm a beat is half a second.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "session_format/dawproject/test_project.h"

namespace gainstage {
namespace {

bool has_note(const SignalFlow& flow, const std::string& code) {
  return std::any_of(flow.notes.begin(), flow.notes.end(),
                     [&](const FlowNote& note) { return note.code == code; });
}

SignalFlow flow_of(const std::string& arrangement, const std::string& after_lanes = "") {
  TestProject project;
  project.arrangement = arrangement;
  project.after_lanes = after_lanes;
  return document_of(project).flow();
}

std::vector<Clip> clips_of(const std::string& attributes, const std::string& content) {
  return flow_of(clip_on_track(attributes, content)).strips[0].clips;
}

std::string warped(double beats, double seconds) {
  return "<Warps timeUnit='beats' contentTimeUnit='seconds'>" + audio_element() +
         "<Warp time='0' contentTime='0'/>" + "<Warp time='" + std::to_string(beats) + "' contentTime='" +
         std::to_string(seconds) + "'/></Warps>";
}

double value_at(const Automation& curve, double seconds) {
  std::size_t i = 1;
  while (i + 1 < curve.points.size() && curve.points[i].seconds < seconds) ++i;
  const AutomationPoint& from = curve.points[i - 1];
  const AutomationPoint& to = curve.points[i];
  return from.value + (seconds - from.seconds) / (to.seconds - from.seconds) * (to.value - from.value);
}

TEST(DawProjectClips, PlacesAudio) {
  const SignalFlow flow =
      flow_of(clip_on_track("time='4' duration='8' playStart='1' name='Verse'", audio_element()));
  ASSERT_EQ(flow.sources.size(), 1u);
  EXPECT_EQ(flow.sources[0].path, "audio/a.wav");
  EXPECT_EQ(flow.sources[0].name, "a.wav");
  EXPECT_TRUE(flow.sources[0].is_in_session);
  EXPECT_EQ(flow.sources[0].channels, 1u);
  EXPECT_EQ(flow.sources[0].frames, 480000);
  EXPECT_EQ(flow.sample_rate_hz, 48000.0);
  ASSERT_EQ(flow.strips[0].clips.size(), 1u);
  const Clip& clip = flow.strips[0].clips[0];
  EXPECT_EQ(clip.name, "Verse");
  EXPECT_DOUBLE_EQ(clip.start_s, 2.0);
  EXPECT_DOUBLE_EQ(clip.length_s, 4.0);
  EXPECT_DOUBLE_EQ(clip.offset_s, 0.5);  // A beat.
  EXPECT_EQ(clip.rate, 1.0);
  EXPECT_EQ(clip.gain.ratio, 1.0);
  EXPECT_FALSE(clip.gain.writable);
}

TEST(DawProjectClips, CountsContentInItsOwnUnit) {
  const auto clips =
      clips_of("time='4' duration='8' contentTimeUnit='seconds' playStart='1'", audio_element());
  ASSERT_EQ(clips.size(), 1u);
  EXPECT_DOUBLE_EQ(clips[0].start_s, 2.0);
  EXPECT_DOUBLE_EQ(clips[0].offset_s, 1.0);
  const auto stopped =
      clips_of("time='4' contentTimeUnit='seconds' playStart='1' playStop='3'", audio_element());
  EXPECT_DOUBLE_EQ(stopped.at(0).length_s, 2.0);
  const auto whole = clips_of("time='4' contentTimeUnit='seconds'", audio_element());
  EXPECT_DOUBLE_EQ(whole.at(0).length_s, 10.0);
  const auto beyond = clips_of("time='0' duration='60' playStart='2'", audio_element());
  EXPECT_DOUBLE_EQ(beyond.at(0).length_s, 9.0);  // The file ends.
  const auto before = clips_of("time='4' duration='8' playStart='-2'", audio_element());
  EXPECT_DOUBLE_EQ(before.at(0).start_s, 3.0);
  EXPECT_DOUBLE_EQ(before.at(0).offset_s, 0.0);
}

TEST(DawProjectClips, TakesWarpsAtTheSameSpeedAsPlainAudio) {
  const auto clips = clips_of("time='2' duration='8' playStart='1'", warped(20.0, 10.0));
  ASSERT_EQ(clips.size(), 1u);
  EXPECT_DOUBLE_EQ(clips[0].start_s, 1.0);
  EXPECT_DOUBLE_EQ(clips[0].offset_s, 0.5);
  EXPECT_EQ(clips[0].rate, 1.0);
}

TEST(DawProjectClips, LeavesStretchedClips) {
  const SignalFlow flow = flow_of(clip_on_track("time='2' duration='8'", warped(10.0, 10.0)));
  ASSERT_EQ(flow.strips[0].clips.size(), 1u);
  EXPECT_NEAR(flow.strips[0].clips[0].rate, 2.0, 1e-12);
  EXPECT_TRUE(flow.strips[0].has_unread_content);
  EXPECT_TRUE(has_note(flow, "stretched-clip"));
  // The speed changes within: no single rate says it.
  const std::string bent = "<Warps timeUnit='beats' contentTimeUnit='seconds'>" + audio_element() +
                           "<Warp time='0' contentTime='0'/><Warp time='4' contentTime='2'/>"
                           "<Warp time='8' contentTime='5'/></Warps>";
  EXPECT_TRUE(clips_of("time='0' duration='8'", bent).empty());
  // What is heard of it runs at its own speed.
  EXPECT_EQ(clips_of("time='0' duration='4'", bent).size(), 1u);
}

TEST(DawProjectClips, KnowsThatATempoChangeStretchesWarpedAudio) {
  const std::string tempo =
      "<TempoAutomation unit='bpm'><Target parameter='tempo'/><RealPoint time='0' value='120'/><RealPoint "
      "time='4' "
      "value='60'/></TempoAutomation>";
  const std::string clip = clip_on_track("time='0' duration='8'", warped(8.0, 4.0));
  EXPECT_FALSE(has_note(flow_of(clip), "stretched-clip"));
  EXPECT_TRUE(has_note(flow_of(clip, tempo), "stretched-clip"));
  // Audio that is not warped plays at its own speed, and starts where its beat is.
  const SignalFlow flow =
      flow_of(clip_on_track("time='6' duration='4' contentTimeUnit='seconds'", audio_element()), tempo);
  EXPECT_DOUBLE_EQ(flow.strips[0].clips.at(0).start_s, 4.0);
  EXPECT_DOUBLE_EQ(flow.strips[0].clips.at(0).length_s, 4.0);
}

TEST(DawProjectClips, LaysOutClipsWithinClips) {
  const std::string inner = "<Clips><Clip time='1' duration='4' playStart='0'>" + warped(20.0, 10.0) +
                            "</Clip><Clip time='6' duration='4' playStart='2'>" + warped(20.0, 10.0) +
                            "</Clip></Clips>";
  // The outer clip shows beats 2 to 8 of its content, from beat 10 on.
  const auto clips = clips_of("time='10' duration='6' playStart='2'", inner);
  ASSERT_EQ(clips.size(), 2u);
  EXPECT_DOUBLE_EQ(clips[0].start_s, 5.0);
  EXPECT_DOUBLE_EQ(clips[0].length_s, 1.5);  // To beat 5 of the content.
  EXPECT_DOUBLE_EQ(clips[0].offset_s, 0.5);
  EXPECT_DOUBLE_EQ(clips[1].start_s, 7.0);
  EXPECT_DOUBLE_EQ(clips[1].length_s, 1.0);  // Cut by the outer one.
  EXPECT_DOUBLE_EQ(clips[1].offset_s, 1.0);
}

TEST(DawProjectClips, RepeatsLoops) {
  const auto clips =
      clips_of("time='0' duration='10' playStart='3' loopStart='1' loopEnd='4'", warped(20.0, 10.0));
  ASSERT_EQ(clips.size(), 4u);  // Beats 3-4, 1-4, 1-4, 1-4.
  EXPECT_DOUBLE_EQ(clips[0].length_s, 0.5);
  EXPECT_DOUBLE_EQ(clips[0].offset_s, 1.5);
  for (std::size_t i = 1; i < 4; ++i) {
    EXPECT_DOUBLE_EQ(clips[i].start_s, 0.5 + 1.5 * static_cast<double>(i - 1));
    EXPECT_DOUBLE_EQ(clips[i].length_s, 1.5);
    EXPECT_NEAR(clips[i].offset_s, 0.5, 1e-12);
  }
}

TEST(DawProjectClips, PlaysReferredContentWhereItIsReferredTo) {
  const auto clips =
      flow_of(on_track("<Clips><Clip time='0' duration='2'><Clips id='shared'><Clip time='0' "
                       "duration='2'>" +
                       audio_element() +
                       "</Clip></Clips></Clip><Clip time='8' duration='1' reference='shared'/></Clips>"))
          .strips[0]
          .clips;
  ASSERT_EQ(clips.size(), 2u);
  EXPECT_DOUBLE_EQ(clips[1].start_s, 4.0);
  EXPECT_DOUBLE_EQ(clips[1].length_s, 0.5);
  EXPECT_DOUBLE_EQ(clips[1].offset_s, 0.0);
}

TEST(DawProjectClips, MutesWhatIsSwitchedOff) {
  EXPECT_TRUE(clips_of("time='0' duration='2' enable='false'", audio_element()).at(0).is_muted);
  const auto inner =
      clips_of("time='0' duration='2' enable='false'",
               "<Clips><Clip time='0' duration='2' enable='true'>" + audio_element() + "</Clip></Clips>");
  EXPECT_TRUE(inner.at(0).is_muted);
}

TEST(DawProjectClips, DrawsFadesAsStraightLines) {
  const auto clips =
      clips_of("time='2' duration='8' fadeTimeUnit='beats' fadeInTime='1' fadeOutTime='2'", audio_element());
  ASSERT_TRUE(clips.at(0).fade_in);
  ASSERT_TRUE(clips[0].fade_out);
  EXPECT_DOUBLE_EQ(clips[0].fade_in->length_s, 0.5);
  EXPECT_DOUBLE_EQ(clips[0].fade_in->curve.points[0].value, 0.0);
  EXPECT_DOUBLE_EQ(clips[0].fade_in->curve.points[1].value, 1.0);
  EXPECT_DOUBLE_EQ(clips[0].fade_out->length_s, 1.0);
  EXPECT_DOUBLE_EQ(clips[0].fade_out->curve.points[0].seconds, 3.0);
  EXPECT_DOUBLE_EQ(clips[0].fade_out->curve.points[1].seconds, 4.0);
  EXPECT_DOUBLE_EQ(clips[0].fade_out->curve.points[1].value, 0.0);
  const auto seconds =
      clips_of("time='2' duration='8' fadeTimeUnit='seconds' fadeInTime='0.25'", audio_element());
  EXPECT_DOUBLE_EQ(seconds.at(0).fade_in->length_s, 0.25);
  EXPECT_FALSE(seconds[0].fade_out);
}

// The format's way to say crossfade: a negative fade in starts the clip that much earlier.
TEST(DawProjectClips, StartsBeforeTheClipForANegativeFadeIn) {
  const auto clips = clips_of("time='4' duration='4' playStart='4' fadeInTime='-1'", audio_element());
  EXPECT_DOUBLE_EQ(clips.at(0).start_s, 1.5);
  EXPECT_DOUBLE_EQ(clips[0].length_s, 2.5);
  EXPECT_DOUBLE_EQ(clips[0].offset_s, 1.5);
  EXPECT_DOUBLE_EQ(clips[0].fade_in->length_s, 0.5);
}

TEST(DawProjectClips, CutsAndMultipliesFadesOfNestedClips) {
  const std::string inner = "<Clips><Clip time='0' duration='8' fadeInTime='4' fadeTimeUnit='beats'>" +
                            audio_element() + "</Clip></Clips>";
  const auto cut = clips_of("time='0' duration='6' playStart='2'", inner);
  EXPECT_DOUBLE_EQ(cut.at(0).fade_in->curve.points[0].value, 0.5);
  EXPECT_DOUBLE_EQ(cut[0].fade_in->length_s, 1.0);
  const auto both = clips_of("time='0' duration='8' fadeInTime='2' fadeTimeUnit='beats'", inner);
  const Automation& curve = both.at(0).fade_in->curve;
  EXPECT_NEAR(value_at(curve, 0.5), 0.25 * 0.5, 1e-4);
  EXPECT_NEAR(value_at(curve, 0.77), 0.385 * 0.77, 1e-4);
  EXPECT_NEAR(value_at(curve, 1.5), 0.75, 1e-4);
}

std::string with_gain(const std::string& points, const std::string& attributes) {
  return "<Lanes>" + audio_element() + "<Points " + attributes + "><Target expression='gain'/>" + points +
         "</Points></Lanes>";
}

TEST(DawProjectClips, ReadsTheGainExpression) {
  auto clips =
      clips_of("time='0' duration='4'", with_gain("<RealPoint time='0' value='0.5'/>", "unit='linear'"));
  EXPECT_DOUBLE_EQ(clips.at(0).gain.ratio, 0.5);
  EXPECT_DOUBLE_EQ(clips[0].gain.writable->greatest_ratio, 2.0);
  EXPECT_FALSE(clips[0].envelope);
  clips = clips_of("time='0' duration='4'", with_gain("<RealPoint time='0' value='-6'/>", "unit='decibel'"));
  EXPECT_NEAR(clips.at(0).gain.ratio, 0.5011872336272722, 1e-15);
  clips = clips_of("time='4' duration='4' playStart='1'",
                   with_gain("<RealPoint time='0' value='0.5' interpolation='linear'/><RealPoint time='3' "
                             "value='0.25'/>",
                             ""));
  ASSERT_TRUE(clips.at(0).envelope);
  EXPECT_EQ(clips[0].gain.ratio, 1.0);
  EXPECT_DOUBLE_EQ(clips[0].gain.writable->greatest_ratio, 4.0);  // 0.5 may become 2.
  EXPECT_DOUBLE_EQ(clips[0].envelope->points[0].seconds, -0.5);   // The clip starts at beat 1.
  EXPECT_DOUBLE_EQ(clips[0].envelope->points[1].seconds, 1.0);
}

TEST(DawProjectClips, ReadsTheProposedGainElement) {
  const auto clips =
      clips_of("time='0' duration='4'", "<Gain unit='decibel' value='-20' max='12'/>" + audio_element());
  EXPECT_NEAR(clips.at(0).gain.ratio, 0.1, 1e-15);
  EXPECT_NEAR(clips[0].gain.writable->greatest_ratio, 3.9810717055349722, 1e-12);
}

TEST(DawProjectClips, MultipliesNestedGainsAndWritesTheInnerOne) {
  const auto clips =
      clips_of("time='0' duration='4'",
               "<Gain unit='linear' value='0.5'/><Clips><Clip time='0' duration='4'>" +
                   with_gain("<RealPoint time='0' value='0.5'/>", "unit='linear'") + "</Clip></Clips>");
  EXPECT_DOUBLE_EQ(clips.at(0).gain.ratio, 0.25);
  EXPECT_DOUBLE_EQ(clips[0].gain.writable->greatest_ratio, 1.0);
}

TEST(DawProjectClips, DoesNotWriteAGainThatSeveralClipsShare) {
  const auto clips = clips_of("time='0' duration='8' loopStart='0' loopEnd='4'",
                              with_gain("<RealPoint time='0' value='0.5'/>", "unit='linear'"));
  ASSERT_EQ(clips.size(), 2u);
  EXPECT_DOUBLE_EQ(clips[1].gain.ratio, 0.5);
  EXPECT_FALSE(clips[0].gain.writable);
  EXPECT_FALSE(clips[1].gain.writable);
}

TEST(DawProjectClips, TellsOfWhatItDoesNotRead) {
  const std::string notes = "<Notes><Note time='0' duration='1' channel='0' key='60'/></Notes>";
  SignalFlow flow = flow_of(clip_on_track("time='0' duration='4'", notes));
  EXPECT_TRUE(flow.strips[0].has_unread_content);
  EXPECT_TRUE(has_note(flow, "notes"));
  flow = flow_of(clip_on_track("time='0' duration='4'", "<Notes/>"));
  EXPECT_FALSE(flow.strips[0].has_unread_content);
  flow = flow_of(
      clip_on_track("time='0' duration='4'", "<Lanes>" + audio_element() +
                                                 "<Points unit='semitones'><Target expression='transpose'/>"
                                                 "<RealPoint time='0' value='2'/></Points></Lanes>"));
  EXPECT_TRUE(has_note(flow, "clip-expression"));
}

TEST(DawProjectClips, KeepsExternalPathsAsTheyStand) {
  for (const std::string path : {"C:\\Audio\\kick.wav", "/Volumes/Disk/kick.wav", "Media/kick.wav"}) {
    const SignalFlow flow = flow_of(
        clip_on_track("time='0' duration='4'",
                      "<Audio channels='2' sampleRate='44100' duration='2'><File external='true' path='" +
                          path + "'/></Audio>"));
    ASSERT_EQ(flow.sources.size(), 1u);
    EXPECT_EQ(flow.sources[0].path, path);
    EXPECT_EQ(flow.sources[0].name, "kick.wav");
    EXPECT_FALSE(flow.sources[0].is_in_session);
  }
}

TEST(DawProjectClips, FindsMediaHoweverTheirPathsAreWritten) {
  for (const std::string path : {"audio/a.wav", "./audio/a.wav", ".\\audio\\a.wav"}) {
    const SignalFlow flow = flow_of(clip_on_track(
        "time='0' duration='4'",
        "<Audio channels='2' sampleRate='44100' duration='2'><File path='" + path + "'/></Audio>"));
    EXPECT_EQ(flow.sources.at(0).path, "audio/a.wav") << path;
    EXPECT_FALSE(has_note(flow, "missing-media")) << path;
  }
  const SignalFlow flow = flow_of(clip_on_track(
      "time='0' duration='4'",
      "<Audio channels='2' sampleRate='44100' duration='2'><File path='audio/b.wav'/></Audio>"));
  EXPECT_TRUE(has_note(flow, "missing-media"));
}

TEST(DawProjectClips, OrdersThemByStart) {
  const auto clips = flow_of(on_track("<Clips><Clip time='8' duration='1' name='late'>" + audio_element() +
                                      "</Clip><Clip time='0' duration='1' name='early'>" + audio_element() +
                                      "</Clip></Clips>"))
                         .strips[0]
                         .clips;
  ASSERT_EQ(clips.size(), 2u);
  EXPECT_EQ(clips[0].name, "early");
  EXPECT_EQ(clips[1].name, "late");
}

TEST(DawProjectClips, ReadsTheRealRegions) {
  const auto bytes = shared_session("audio-regions.dawproject");
  if (!bytes) GTEST_SKIP() << "no shared/data/sessions/dawproject beside the checkout";
  const auto document = DawProjectDocument::read(*bytes);
  ASSERT_TRUE(document) << document.error().sentence;
  const SignalFlow& flow = document->flow();
  EXPECT_TRUE(flow.notes.empty()) << flow.notes[0].sentence;
  const auto& clips = flow.strips[0].clips;
  // Eight beats at 110 bpm of a loop of 1.83 beats, a second of sound at its own speed.
  ASSERT_EQ(clips.size(), 5u);
  EXPECT_NEAR(clips[4].start_s, 4.0, 1e-6);
  EXPECT_NEAR(clips[4].start_s + clips[4].length_s, 8.0 * 60.0 / 110.0, 1e-9);
  for (const Clip& clip : clips) {
    EXPECT_EQ(clip.rate, 1.0);
    EXPECT_NEAR(clip.offset_s, 0.0, 1e-9);
  }
  EXPECT_EQ(flow.sources.at(0).frames, 44100);
  std::string wav;
  ASSERT_TRUE(document->stream_source(0, 1 << 20, [&](std::string_view piece) -> Result<void> {
    wav += piece;
    return {};
  }));
  EXPECT_EQ(wav.size(), 176842u);
  EXPECT_EQ(wav.substr(0, 4), "RIFF");
  EXPECT_FALSE(document->stream_source(0, 1000, [](std::string_view) -> Result<void> { return {}; }));
}

}  // namespace
}  // namespace gainstage
