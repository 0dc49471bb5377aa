// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "session_format/reaper/test_project.h"

namespace gainstage::test {
namespace {

using ::testing::HasSubstr;

const std::string song =
    project("MASTER_VOLUME 0.5 0 -1 -1 1\n" +
            track("NAME Vox\nAUTOMODE 0\nVOLPAN 1 0.25 -1 -1 1\n"
                  "<VOLENV\nACT 1 -1\nPT 0 1 0\nPT 1 0.5 0\n>\n<VOLENV2\nACT 1 -1\nPT 0 1 0\nPT 1 0.5 0\n>\n"
                  "<ITEM\nPOSITION 1\nLENGTH 1\nVOLPAN 1 0 -0.5 -1\n<SOURCE WAVE\nFILE b\n>\n>\n"
                  "<ITEM\nPOSITION 0\nLENGTH 1\nVOLPAN 0.25 0 1 -1\n<SOURCE WAVE\nFILE a\n>\n"
                  "TAKE SEL\nTAKEVOLPAN 0 0.125 -1\n<SOURCE WAVE\nFILE c\n>\n>\n") +
            track("NAME Verb\nAUTOMODE 1\nVOLPAN 0.75 0 -1\nAUXRECV 0 0 0.5 0 0 0 0 0 0 -1:U 0 -1 ''\n"
                  "<VOLENV2\nACT 1 -1\nPT 0 1 0\nPT 1 0.5 0\n>"));

/// What the bytes are when one line is another; the line must be there once.
std::string with(std::string bytes, const std::string& line, const std::string& changed) {
  const std::size_t at = bytes.find(line);
  EXPECT_NE(at, std::string::npos) << line;
  EXPECT_EQ(bytes.find(line, at + 1), std::string::npos) << line;
  return bytes.replace(at, line.size(), changed);
}

const Db twice = to_db(2.0);
const Db half = to_db(0.5);

PatchedSession must_patch(const std::string& bytes, const std::vector<StageChange>& changes) {
  auto patched = must_read(bytes).patch(changes);
  if (patched) return std::move(*patched);
  ADD_FAILURE() << patched.error().sentence;
  return {};
}

std::string patched(const StageRef& stage, Db gain) {
  const PatchedSession session = must_patch(song, {{stage, gain}});
  EXPECT_TRUE(session.losses.empty());
  EXPECT_EQ(session.applied.size(), 1u);
  return session.bytes;
}

TEST(ReaperPatch, EndsAMute) {
  const std::string muted =
      project(track("NAME Vox\nVOLPAN 0.5 0 -1\nMUTESOLO 1 0 1\n") + track("NAME Bass\nMUTESOLO \"1\" 0\n") +
              track("NAME Drums\nMUTESOLO 0 1 0\n"));
  const ReaperDocument document = must_read(muted);
  EXPECT_TRUE(document.can_unmute(0));
  EXPECT_TRUE(document.can_unmute(1));
  EXPECT_FALSE(document.can_unmute(2));
  const std::vector<std::size_t> both{1, 0};
  const auto patched = document.patch({{{{StageKind::fader, 0, 0}, twice}}}, both);
  ASSERT_TRUE(patched);
  EXPECT_EQ(patched->bytes, with(with(with(muted, "VOLPAN 0.5", "VOLPAN 1"), "MUTESOLO 1", "MUTESOLO 0"),
                                 "MUTESOLO \"1\"", "MUTESOLO \"0\""));
  const std::vector<std::size_t> none{2};
  EXPECT_FALSE(document.patch({}, none));
}

TEST(ReaperPatch, IsTheSameBytesWithoutAChange) {
  EXPECT_EQ(must_patch(song, {}).bytes, song);
  EXPECT_EQ(patched({StageKind::fader, 0, 0}, Db{0.0}), song);
}

TEST(ReaperPatch, ChangesTheFaderAloneWhereTheEnvelopeMultipliesIt) {
  EXPECT_EQ(patched({StageKind::fader, 0, 0}, half), with(song, "VOLPAN 1 0.25", "VOLPAN 0.5 0.25"));
}

TEST(ReaperPatch, ChangesFaderAndEnvelopeWhereTheEnvelopeReplacesIt) {
  const std::string bytes = patched({StageKind::fader, 1, 0}, half);
  const std::size_t verb = song.find("NAME Verb");
  EXPECT_EQ(bytes.substr(0, verb), song.substr(0, verb));
  EXPECT_EQ(bytes.substr(verb),
            with(with(with(song.substr(verb), "VOLPAN 0.75", "VOLPAN 0.375"), "PT 0 1 0", "PT 0 0.5 0"),
                 "PT 1 0.5 0", "PT 1 0.25 0"));
}

TEST(ReaperPatch, ChangesTheEnvelopeBeforeThePlugins) {
  const Strip strip = must_read(patched({StageKind::trim, 0, 0}, half)).flow().strips[0];
  EXPECT_EQ(strip.trim.automation->points[0].value, 0.5);
  EXPECT_EQ(strip.trim.automation->points[1].value, 0.25);
  EXPECT_EQ(strip.fader.automation->points[0].value, 1.0);
}

TEST(ReaperPatch, ChangesItemsAndTakesByTheirOrderInTime) {
  EXPECT_EQ(patched({StageKind::clip, 0, 0}, twice), with(song, "VOLPAN 0.25 0 1", "VOLPAN 0.5 0 1"));
  EXPECT_EQ(patched({StageKind::take, 0, 0}, twice), with(song, "TAKEVOLPAN 0 0.125", "TAKEVOLPAN 0 0.25"));
  EXPECT_EQ(patched({StageKind::take, 0, 1}, twice), with(song, "VOLPAN 1 0 -0.5", "VOLPAN 1 0 -1"))
      << "the polarity stays inverted";
}

TEST(ReaperPatch, ChangesSendsAndTheMaster) {
  EXPECT_EQ(patched({StageKind::send, 0, 0}, half), with(song, "AUXRECV 0 0 0.5", "AUXRECV 0 0 0.25"));
  const std::string louder = with(song, "MASTER_VOLUME 0.5", "MASTER_VOLUME 1");
  EXPECT_EQ(patched({StageKind::fader, 2, 0}, twice), louder);
  EXPECT_EQ(patched({StageKind::master, 2, 0}, twice), louder);
}

TEST(ReaperPatch, ChangesOneStageTwiceByBoth) {
  const StageRef vox{StageKind::fader, 0, 0};
  EXPECT_EQ(must_patch(song, {{vox, half}, {vox, half}}).bytes,
            with(song, "VOLPAN 1 0.25", "VOLPAN 0.25 0.25"));
}

TEST(ReaperPatch, SilencesAtMinusInfinity) {
  EXPECT_EQ(patched({StageKind::fader, 0, 0}, silent_db), with(song, "VOLPAN 1 0.25", "VOLPAN 0 0.25"));
}

TEST(ReaperPatch, SetsAStageThatIsDown) {
  constexpr auto zero_db = StageChange::From::zero_db;
  const StageRef vox{StageKind::fader, 0, 0};
  const std::string down = with(song, "VOLPAN 1 0.25", "VOLPAN 0 0.25");
  EXPECT_EQ(must_patch(down, {{vox, half, zero_db}}).bytes, with(song, "VOLPAN 1 0.25", "VOLPAN 0.5 0.25"));
  EXPECT_EQ(must_patch(down, {{vox, Db{0.0}, zero_db}}).bytes, song);
  const PatchedSession too_far = must_patch(down, {{vox, Db{30.0}, zero_db}});
  ASSERT_EQ(too_far.losses.size(), 1u);
  EXPECT_NEAR(too_far.losses[0].gain.value, 6.0, 1e-9);
  // An envelope that replaces the fader is set at every point.
  const std::string verb = with(song,
                                "AUTOMODE 1\nVOLPAN 0.75 0 -1\nAUXRECV 0 0 0.5 0 0 0 0 0 0 -1:U 0 -1 ''\n"
                                "<VOLENV2\nACT 1 -1\nPT 0 1 0\nPT 1 0.5 0",
                                "AUTOMODE 1\nVOLPAN 0.75 0 -1\nAUXRECV 0 0 0.5 0 0 0 0 0 0 -1:U 0 -1 ''\n"
                                "<VOLENV2\nACT 1 -1\nPT 0 0 0\nPT 1 0 0");
  const Strip strip =
      must_read(must_patch(verb, {{{StageKind::fader, 1, 0}, half, zero_db}}).bytes).flow().strips[1];
  EXPECT_NEAR(strip.fader.least(), 0.5, 1e-12);
  EXPECT_NEAR(strip.fader.greatest(), 0.5, 1e-12);
}

TEST(ReaperPatch, KeepsEnoughDigits) {
  const std::string bytes = patched({StageKind::fader, 0, 0}, Db{-7.37});
  EXPECT_NEAR(to_db(must_read(bytes).flow().strips[0].fader.ratio).value, -7.37, 1e-10);
}

TEST(ReaperPatch, GivesBackWhatDoesNotFit) {
  const StageRef fader{StageKind::fader, 0, 0};
  const PatchedSession patched = must_patch(song, {{fader, Db{20.0}}, {fader, Db{6.5}}});
  ASSERT_EQ(patched.applied.size(), 2u);
  EXPECT_NEAR(patched.applied[1].gain.value, 4.0, 0.01 + 1e-9);
  ASSERT_EQ(patched.losses.size(), 1u);
  EXPECT_NEAR(patched.losses[0].gain.value + patched.applied[1].gain.value, 6.5, 1e-12);
  EXPECT_THAT(patched.losses[0].sentence, HasSubstr("+24.0 dB"));
  const PatchedSession envelope = must_patch(song, {{{StageKind::fader, 1, 0}, Db{12.0}}});
  ASSERT_EQ(envelope.losses.size(), 1u);
  EXPECT_NEAR(envelope.applied.at(0).gain.value, 6.02, 1e-12);
  EXPECT_LE(must_read(envelope.bytes).flow().strips[1].fader.automation->points[0].value, 2.0);
}

TEST(ReaperPatch, GivesBackWhatHasNoPlace) {
  for (const StageRef stage : {StageRef{StageKind::trim, 1, 0}, StageRef{StageKind::source, 0, 0},
                               StageRef{StageKind::output, 0, 0}}) {
    const PatchedSession patched = must_patch(song, {{stage, half}});
    EXPECT_EQ(patched.bytes, song);
    EXPECT_TRUE(patched.applied.empty());
    EXPECT_EQ(patched.losses.size(), 1u);
  }
}

TEST(ReaperPatch, RefusesWhatIsNotThere) {
  const ReaperDocument document = must_read(song);
  for (const StageKind kind : {StageKind::source, StageKind::clip, StageKind::take, StageKind::trim,
                               StageKind::fader, StageKind::send, StageKind::output, StageKind::vca}) {
    EXPECT_FALSE(document.patch(std::vector<StageChange>{{{kind, 99, 99}, half}}));
  }
  EXPECT_FALSE(document.patch(std::vector<StageChange>{{{StageKind::fader, 0, 0}, Db{NAN}}}));
  EXPECT_FALSE(document.patch(std::vector<StageChange>{{{StageKind::fader, 0, 0}, Db{HUGE_VAL}}}));
}

TEST(ReaperPatch, KeepsLineEndsQuotesAndWhatFollowsTheProject) {
  const std::string odd =
      "\xEF\xBB\xBF\r\n<REAPER_PROJECT 0.1 \"6.0/x64\" 1\r\n\t<TRACK\n  VOLPAN   \"1\"0 -1  \r\n  "
      ">\n>\n\njunk";
  const PatchedSession patched = must_patch(odd, {{{StageKind::fader, 0, 0}, half}});
  EXPECT_EQ(patched.bytes, with(odd, "\"1\"", "\"0.5\""));
}

TEST(ReaperPatch, MovesAVcasLeaderOnce) {
  const std::string none = " 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0";
  const std::string bytes = project(track("VOLPAN 0.5 0 -1\nGROUP_FLAGS" + none + " 1 0 0") +
                                    track("VOLPAN 1 0 -1\nGROUP_FLAGS" + none + " 0 1 0"));
  EXPECT_EQ(must_patch(bytes, {{{StageKind::vca, 0, 0}, half}}).bytes,
            with(bytes, "VOLPAN 0.5", "VOLPAN 0.25"));
  EXPECT_EQ(must_patch(bytes, {{{StageKind::fader, 0, 0}, half}}).bytes, bytes);
}

}  // namespace
}  // namespace gainstage::test
