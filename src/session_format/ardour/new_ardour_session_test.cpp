// SPDX-License-Identifier: MIT
#include "session_format/ardour/new_ardour_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "session/flow_check.h"
#include "session_format/ardour/test_session.h"

namespace gainstage::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

NewSession song() {
  NewSession session{"song", 48000.0, {}, 0.8};
  session.tracks.push_back({"kick", "/stems/kick.wav", 48000.0, 1, 96000, 2.0, 0.5});
  session.tracks.push_back({"keys <&> \"2\"", "stems/keys & co.wav", 44100.0, 2, 88200, 0.25, 1.5});
  session.tracks.push_back({"kick", "interchange/song/audiofiles/b.wav", 48000.0, 1, 4800, 1.0, 0.0});
  return session;
}

TEST(NewArdourSession, IsReadAsItWasAskedFor) {
  const auto text = new_ardour_session(song());
  ASSERT_TRUE(text);
  const ArdourDocument document = must_read(*text);
  const SignalFlow& flow = document.flow();
  EXPECT_TRUE(check_flow(flow));
  ASSERT_THAT(flow.strips, SizeIs(4));
  EXPECT_EQ(flow.name, "song");
  EXPECT_EQ(flow.strips[0].fader.ratio, 0.8);
  EXPECT_EQ(flow.strips[1].trim.ratio, 2.0);
  EXPECT_EQ(flow.strips[1].fader.ratio, 0.5);
  EXPECT_EQ(flow.strips[2].name, "keys <&> \"2\"");
  EXPECT_EQ(flow.strips[2].channels, 2u);
  EXPECT_EQ(flow.strips[3].name, "kick 2");
  EXPECT_EQ(flow.strips[3].fader.ratio, 0.0);
  EXPECT_EQ(flow.sources[0].path, "/stems/kick.wav");
  EXPECT_EQ(flow.sources[1].path, "stems/keys & co.wav");
  EXPECT_EQ(flow.sources[2].path, "interchange/song/audiofiles/b.wav");
  EXPECT_THAT(flow.strips[2].clips.at(0).source_channels, ElementsAre(0, 1));
  EXPECT_NEAR(flow.strips[2].clips[0].length_s, 2.0, 1e-9);
  EXPECT_NEAR(flow.length_s, 2.0, 1e-9);
  for (std::size_t i = 1; i < 4; ++i) EXPECT_EQ(flow.strips[i].outputs.at(0).to, flow.master);
}

TEST(NewArdourSession, IsTheSameEveryTime) {
  EXPECT_EQ(*new_ardour_session(song()), *new_ardour_session(song()));
}

TEST(NewArdourSession, RefusesWhatArdourCantHold) {
  const auto sentence = [](auto change) {
    NewSession session = song();
    change(session);
    const auto text = new_ardour_session(session);
    return text ? std::string() : text.error().sentence;
  };
  EXPECT_THAT(sentence([](auto& s) { s.tracks.clear(); }), HasSubstr("at least one"));
  EXPECT_THAT(sentence([](auto& s) { s.tracks[0].channels = 6; }), HasSubstr("6 channels"));
  EXPECT_THAT(sentence([](auto& s) { s.tracks[0].fader_ratio = 2.1; }), HasSubstr("+6 dB"));
  EXPECT_THAT(sentence([](auto& s) { s.tracks[0].fader_ratio = std::nan(""); }), HasSubstr("+6 dB"));
  EXPECT_THAT(sentence([](auto& s) { s.tracks[0].trim_ratio = 0.01; }), HasSubstr("-20"));
  EXPECT_THAT(sentence([](auto& s) { s.master_ratio = 5.0; }), HasSubstr("+6 dB"));
  EXPECT_THAT(sentence([](auto& s) { s.tracks[0].source_frames = 0; }), HasSubstr("expected some sound"));
  EXPECT_THAT(sentence([](auto& s) { s.sample_rate_hz = 0.0; }), HasSubstr("sample rate"));
  EXPECT_THAT(sentence([](auto& s) { s.tracks[0].name = "\xff"; }), HasSubstr("UTF-8"));
}

}  // namespace
}  // namespace gainstage::test
