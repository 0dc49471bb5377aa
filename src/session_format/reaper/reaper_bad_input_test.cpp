// SPDX-License-Identifier: MIT
// Projects that are damaged or made to harm: a sentence, in bounded time and memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "session_format/reaper/test_project.h"

namespace gainstage::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string repeated(const std::string& text, std::size_t bytes) {
  std::string all;
  all.reserve(bytes + text.size());
  while (all.size() < bytes) all += text;
  return all;
}

TEST(ReaperBadInput, OfAnotherKindIsNamed) {
  for (const char* bytes :
       {"", "\n\n", "RIFF....WAVE", "<TRACK\n>\n", "<?xml version=\"1.0\"?>\n<Project>\n>\n"}) {
    EXPECT_THAT(error_of(bytes), ::testing::Not(IsEmpty())) << bytes;
  }
  EXPECT_THAT(error_of("<TRACK\n>\n"), HasSubstr("no REAPER project"));
  EXPECT_THAT(error_of(std::string("\xFF\xFE<\0R\0", 6)), HasSubstr("no REAPER project"));
}

TEST(ReaperBadInput, ThatIsCutShortIsSoAtEveryLine) {
  const std::string whole = project(track("NAME a\n" + item("VOLPAN 1 0 1 -1")));
  for (std::size_t end = whole.find('\n'); end + 2 < whole.size(); end = whole.find('\n', end + 1)) {
    EXPECT_THAT(error_of(whole.substr(0, end + 1)), HasSubstr("is never closed")) << end;
  }
}

TEST(ReaperBadInput, HasGainsThatAreNone) {
  for (const char* gain : {"nan", "inf", "-inf", "-1", "1e999", "", "\"\"", "1,5", "loud"}) {
    const std::string word = *gain ? gain : "''";
    EXPECT_THAT(error_of(project(track("VOLPAN " + word + " 0 -1"))), HasSubstr("Line 4: VOLPAN has"))
        << gain;
    EXPECT_THAT(error_of(project(track(item("VOLPAN " + word + " 0 1 -1")))), HasSubstr("VOLPAN has"))
        << gain;
    EXPECT_THAT(error_of(project("MASTER_VOLUME " + word + " 0 -1")), HasSubstr("MASTER_VOLUME has")) << gain;
    EXPECT_THAT(error_of(project(track("") + track("AUXRECV 0 0 " + word + " 0 0 0 0 0 0"))),
                HasSubstr("AUXRECV has"))
        << gain;
    EXPECT_THAT(error_of(project(track("<VOLENV2\nACT 1 -1\nPT 0 " + word + " 0\n>"))), HasSubstr("PT has"))
        << gain;
  }
  EXPECT_THAT(error_of(project(track(item("VOLPAN 1 0 nan -1")))), HasSubstr("VOLPAN has"));
}

TEST(ReaperBadInput, HasNumbersOutOfTheirRange) {
  EXPECT_THAT(error_of(project(track("VOLPAN 1 7 -1"))), HasSubstr("a pan of 7"));
  EXPECT_THAT(error_of(project(track(item("FADEIN 6e+75 0.5 0")))), HasSubstr("FADEIN has 6e+75"));
  EXPECT_THAT(error_of(project(track("VOLPAN 1 0 0"))), HasSubstr("pan law is 0"));
  EXPECT_THAT(error_of(project("PANLAW 0")), HasSubstr("PANLAW"));
  EXPECT_THAT(error_of(project(track("NCHAN 1000000000"))), HasSubstr("NCHAN is 1000000000"));
  EXPECT_THAT(error_of(project(track("NCHAN 1e300"))), HasSubstr("no count"));
  EXPECT_THAT(error_of(project(track("MAINSEND 1 -5"))), HasSubstr("MAINSEND goes to channel -5"));
  EXPECT_THAT(error_of(project(track("<ITEM\nLENGTH -1\n>"))), HasSubstr("LENGTH is -1"));
  EXPECT_THAT(error_of(project(track("<VOLENV2\nPT nan 1 0\n>"))), HasSubstr("PT has nan"));
}

TEST(ReaperBadInput, ReceivesFromNowhereOrItself) {
  const std::string a = track("NAME Vox");
  EXPECT_THAT(error_of(project(a + track("NAME Verb\nAUXRECV 5 0 1 0 0 0 0 0 0"))),
              AllOf(HasSubstr("Verb receives from track 6, but the project has 2"), HasSubstr("Line ")));
  EXPECT_THAT(error_of(project(a + track("NAME Verb\nAUXRECV -1 0 1 0 0 0 0 0 0"))), HasSubstr("track 0"));
  EXPECT_THAT(error_of(project(a + track("NAME Verb\nAUXRECV 1 0 1 0 0 0 0 0 0"))),
              HasSubstr("Verb receives from itself"));
}

TEST(ReaperBadInput, ThatGoesInCirclesIsLeftToTheFlowsOwnCheck) {
  EXPECT_THAT(error_of(project(track("AUXRECV 1 0 1 0 0 0 0 0 0") + track("AUXRECV 0 0 1 0 0 0 0 0 0"))),
              IsEmpty());
}

TEST(ReaperBadInput, HasNamesThatAreNoText) {
  const SignalFlow flow = must_read(project(track("NAME \xFF\x01kick"))).flow();
  EXPECT_EQ(flow.strips[0].name, "\xEF\xBF\xBD\xEF\xBF\xBDkick");
}

TEST(ReaperBadInput, HasFoldersThatNeverOpenOrClose) {
  EXPECT_THAT(error_of(project(track("ISBUS 2 -1000000000000"))), IsEmpty());
  EXPECT_THAT(error_of(project(repeated(track("ISBUS 1 1"), 100000))), IsEmpty());
}

TEST(ReaperBadInput, OfManyThingsIsRefused) {
  EXPECT_THAT(error_of(project(repeated("<TRACK\n>\n", 1'000'000))), HasSubstr("more than 20000 tracks"));
  EXPECT_THAT(error_of(project(track(repeated("<ITEM\n>\n", 3'000'000)))),
              HasSubstr("more than 200000 takes"));
  EXPECT_THAT(error_of(project(track("<ITEM\n" + repeated("TAKE\n", 2'000'000) + ">"))),
              HasSubstr("more than 200000 takes"));
  EXPECT_THAT(error_of(project(track("<FXCHAIN\n" + repeated("<JS a\n>\n", 3'000'000) + ">"))),
              HasSubstr("more than 200000 plug-ins"));
  EXPECT_THAT(error_of(project(track("") + track(repeated("AUXRECV 0\n", 3'000'000)))),
              HasSubstr("more than 200000 sends"));
  EXPECT_THAT(error_of(project(track("<VOLENV2\n" + repeated("PT 0 1\n", 30'000'000) + ">"))),
              HasSubstr("more than 3000000 envelope points"));
  EXPECT_THAT(error_of(repeated("a\n", 40'000'000)), HasSubstr("more than 16777216 lines"));
}

TEST(ReaperBadInput, OfAHundredMegabytesTakesSeconds) {
  // As large sessions grow: MIDI, and plug-ins' base64.
  const std::string midi =
      "<ITEM\nLENGTH 1\n<SOURCE MIDI\n" + repeated("E 480 90 3c 60\n", 70'000'000) + ">\n>\n";
  const std::string base64 =
      repeated("ZXZnMu5e7f4EAAAAAQAAAAAAAAACAAAAAAAAAAQAAAAAAAAACAAAAAAAAAAIAAAA\n", 30'000'000);
  std::string bytes = project(track(midi + "<FXCHAIN\n<VST \"VST: X\" x.dll\n" + base64 + ">\n>"));
  ASSERT_GT(bytes.size(), 100'000'000u);
  const auto start = std::chrono::steady_clock::now();
  const ReaperDocument document = must_read(std::move(bytes));
  const auto patched = document.patch(std::vector<StageChange>{});
  EXPECT_EQ(patched->bytes, document.bytes());
  // Half a second here; forty times that is left for sanitizers and busy machines.
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST(ReaperBadInput, OfOneEndlessLineTakesSeconds) {
  EXPECT_THAT(error_of(project(track("NAME " + repeated("a ", 50'000'000)))), IsEmpty());
  EXPECT_THAT(error_of(project(track("VOLPAN " + repeated("9", 10'000'000)))), HasSubstr("VOLPAN has 999"));
}

}  // namespace
}  // namespace gainstage::test
