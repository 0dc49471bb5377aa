// SPDX-License-Identifier: MIT
#include "session_format/dawproject/new_dawproject_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "session_format/dawproject/dawproject_document.h"

namespace gainstage {
namespace {

using ::testing::HasSubstr;

NewSession song() {
  return {.name = "Song & <Dance>",
          .sample_rate_hz = 48000.0,
          .tracks = {{"Kick \"in\"", "audio/kick.wav", 48000.0, 1, 96000, 0.5, 0.25},
                     {"Bass \xC3\xA9", "stems/bass.wav", 44100.0, 2, 44101, 1.0, 1.0},
                     {"Loud", "/absolute/loud.wav", 48000.0, 2, 480, 4.0, 1.5}},
          .master_ratio = 0.75};
}

TEST(NewDawProject, ReadsBackAsItWasWritten) {
  const EmbeddedMedia media[] = {{"audio/kick.wav", "RIFF of a kick"}};
  const auto bytes = new_dawproject_session(song(), media);
  ASSERT_TRUE(bytes) << bytes.error().sentence;
  const auto document = DawProjectDocument::read(*bytes);
  ASSERT_TRUE(document) << document.error().sentence;
  const SignalFlow& flow = document->flow();
  EXPECT_TRUE(flow.notes.empty()) << flow.notes[0].sentence;
  EXPECT_EQ(flow.name, "Song & <Dance>");
  ASSERT_EQ(flow.strips.size(), 4u);
  EXPECT_EQ(flow.master, 3u);
  EXPECT_EQ(flow.strips[3].fader.ratio, 0.75);
  EXPECT_EQ(flow.strips[0].name, "Kick \"in\"");
  EXPECT_EQ(flow.strips[1].name, "Bass \xC3\xA9");
  EXPECT_EQ(flow.strips[0].fader.ratio, 0.125);
  EXPECT_EQ(flow.strips[0].outputs[0].to, 3u);
  ASSERT_EQ(flow.sources.size(), 3u);
  EXPECT_TRUE(flow.sources[0].is_in_session);
  EXPECT_FALSE(flow.sources[1].is_in_session);
  EXPECT_EQ(flow.sources[1].path, "stems/bass.wav");
  EXPECT_EQ(flow.sources[1].frames, 44101);
  EXPECT_EQ(flow.sources[1].sample_rate_hz, 44100.0);
  EXPECT_EQ(flow.sources[0].channels, 1u);
  const Clip& kick = flow.strips[0].clips.at(0);
  EXPECT_EQ(kick.start_s, 0.0);
  EXPECT_NEAR(kick.length_s, 2.0, 1e-9);
  EXPECT_EQ(kick.offset_s, 0.0);
  // Six times is more than a fader holds: twice there, three times in the clip.
  EXPECT_EQ(flow.strips[2].fader.ratio, 2.0);
  EXPECT_NEAR(flow.strips[2].clips.at(0).gain.ratio, 3.0, 1e-8);
  std::string kick_bytes;
  ASSERT_TRUE(document->stream_source(0, 100, [&](std::string_view piece) -> Result<void> {
    kick_bytes += piece;
    return {};
  }));
  EXPECT_EQ(kick_bytes, "RIFF of a kick");
  EXPECT_FALSE(document->stream_source(1, 100, [](std::string_view) -> Result<void> { return {}; }));
}

TEST(NewDawProject, IsTheSameForTheSame) {
  EXPECT_EQ(*new_dawproject_session(song()), *new_dawproject_session(song()));
}

TEST(NewDawProject, HoldsNoTracksToo) {
  const auto bytes = new_dawproject_session({});
  ASSERT_TRUE(bytes);
  EXPECT_EQ(DawProjectDocument::read(*bytes)->flow().strips.size(), 1u);
}

TEST(NewDawProject, RefusesWhatItCannotHold) {
  NewSession session = song();
  session.master_ratio = 2.1;
  EXPECT_THAT(new_dawproject_session(session).error().sentence, HasSubstr("+6.02 dB"));
  session = song();
  session.tracks[1].name = "B\xE9";
  EXPECT_THAT(new_dawproject_session(session).error().sentence, HasSubstr("UTF-8"));
  session = song();
  session.tracks[1].source_path = "a\x01.wav";
  EXPECT_FALSE(new_dawproject_session(session));
  session = song();
  session.tracks[0].source_frames = 0;
  EXPECT_THAT(new_dawproject_session(session).error().sentence, HasSubstr("0 frames"));
  session = song();
  session.tracks[0].fader_ratio = std::nan("");
  EXPECT_FALSE(new_dawproject_session(session));
  session = song();
  const EmbeddedMedia outside[] = {{"../kick.wav", "x"}};
  EXPECT_FALSE(new_dawproject_session(session, outside));
  const EmbeddedMedia taken[] = {{"project.xml", "x"}};
  EXPECT_FALSE(new_dawproject_session(session, taken));
}

}  // namespace
}  // namespace gainstage
