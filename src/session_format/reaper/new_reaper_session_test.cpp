// SPDX-License-Identifier: MIT
#include "session_format/reaper/new_reaper_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "session_format/reaper/test_project.h"

namespace gainstage::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

NewSession song() {
  return {.name = "My Song",
          .sample_rate_hz = 44100.0,
          .tracks = {{.name = "Lead \"Vox\"",
                      .source_path = "stems/lead vox.wav",
                      .source_rate_hz = 48000.0,
                      .channels = 1,
                      .source_frames = 96000,
                      .trim_ratio = to_ratio(Db{-3.21}),
                      .fader_ratio = to_ratio(Db{4.5})},
                     {.name = "Bed",
                      .source_path = "D:\\stems\\bed.FLAC",
                      .source_rate_hz = 44100.0,
                      .channels = 5,
                      .source_frames = 1,
                      .trim_ratio = 1.0,
                      .fader_ratio = 0.0}},
          .master_ratio = 0.5};
}

TEST(NewReaperSession, IsReadAsItWasMeant) {
  const ReaperDocument document = must_read(*new_reaper_session(song()));
  const SignalFlow& flow = document.flow();
  EXPECT_EQ(flow.name, "My Song");
  EXPECT_EQ(flow.sample_rate_hz, 44100.0);
  EXPECT_THAT(flow.notes, IsEmpty());
  ASSERT_EQ(flow.strips.size(), 3u);
  const Strip& vox = flow.strips[0];
  EXPECT_EQ(vox.name, "Lead \"Vox\"");
  EXPECT_EQ(vox.channels, 2u);
  EXPECT_NEAR(to_db(vox.fader.ratio).value, 4.5, 1e-10);
  EXPECT_EQ(vox.pan.centre.value, 0.0);
  ASSERT_EQ(vox.clips.size(), 1u);
  EXPECT_NEAR(to_db(vox.clips[0].gain.ratio).value, -3.21, 1e-10);
  EXPECT_EQ(vox.clips[0].take_gain->ratio, 1.0);
  EXPECT_EQ(vox.clips[0].length_s, 2.0);
  EXPECT_EQ(flow.sources.at(0).path, "stems/lead vox.wav");
  EXPECT_EQ(flow.sources.at(1).path, "D:\\stems\\bed.FLAC");
  EXPECT_EQ(flow.strips[1].channels, 6u);
  EXPECT_EQ(flow.strips[2].channels, 6u);
  EXPECT_EQ(flow.strips[2].fader.ratio, 0.5);
  EXPECT_NE(vox.id, flow.strips[1].id);
  EXPECT_THAT(document.bytes(), HasSubstr("<SOURCE FLAC"));
}

TEST(NewReaperSession, IsTheSameForTheSameSession) {
  EXPECT_EQ(*new_reaper_session(song()), *new_reaper_session(song()));
}

TEST(NewReaperSession, SaysWhatAProjectCantHold) {
  const auto sentence = [](auto change) {
    NewSession session = song();
    change(session);
    const auto made = new_reaper_session(session);
    return made ? "" : made.error().sentence;
  };
  EXPECT_THAT(sentence([](NewSession& s) { s.tracks[1].fader_ratio = 20.0; }), HasSubstr("Bed: fader"));
  EXPECT_THAT(sentence([](NewSession& s) { s.tracks[0].trim_ratio = -1.0; }), HasSubstr("up to +24 dB"));
  EXPECT_THAT(sentence([](NewSession& s) { s.tracks[0].trim_ratio = NAN; }), HasSubstr("up to +24 dB"));
  EXPECT_THAT(sentence([](NewSession& s) { s.tracks[0].source_path = "a\nb.wav"; }),
              HasSubstr("rename the file"));
  EXPECT_THAT(sentence([](NewSession& s) { s.tracks[0].source_path = "\"'`.wav"; }),
              HasSubstr("rename the file"));
  EXPECT_THAT(sentence([](NewSession& s) { s.tracks[0].source_rate_hz = 0.0; }),
              HasSubstr("length in seconds"));
  EXPECT_THAT(sentence([](NewSession& s) { s.tracks[0].channels = 0; }), HasSubstr("0 channels"));
  EXPECT_THAT(sentence([](NewSession& s) { s.master_ratio = INFINITY; }), HasSubstr("master gain"));
  EXPECT_THAT(sentence([](NewSession& s) { s.sample_rate_hz = 0.0; }), HasSubstr("sample rate"));
}

}  // namespace
}  // namespace gainstage::test
