// SPDX-License-Identifier: MIT
// Whatever a stranger sends: a sentence, in bounded time and memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <ctime>

#include "session/flow_check.h"
#include "session_format/dawproject/test_project.h"

namespace gainstage {
namespace {

using ::testing::HasSubstr;

constexpr double bounded_s = 60.0;  // Under the sanitizers; a second or two otherwise.

std::string sentence(const std::string& project_xml) { return sentence_of(read_xml(project_xml)); }
std::string sentence(const TestProject& project) { return sentence(project.xml()); }

// Of the processor: a busy machine must not fail a test.
double seconds_since(std::clock_t start) {
  return static_cast<double>(std::clock() - start) / static_cast<double>(CLOCKS_PER_SEC);
}

TEST(BadDawProject, HasToBeAProject) {
  const NewZipMember members[] = {{"metadata.xml", "<MetaData/>"}};
  EXPECT_THAT(sentence_of(DawProjectDocument::read(*write_zip(members))), HasSubstr("no project.xml"));
  EXPECT_THAT(sentence("<Session/>"), HasSubstr("element Session; Project"));
  EXPECT_THAT(sentence("<Project version='1.0'/>"), HasSubstr("no Structure"));
  EXPECT_THAT(sentence("<Project"), HasSubstr("can't be read"));
  EXPECT_THAT(sentence(""), HasSubstr("can't be read"));
}

TEST(BadDawProject, NamesTheLine) {
  TestProject project;
  project.volume = "<Volume unit='linear' value='x'/>";
  const auto read = read_xml(project.xml());
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().where.file, "project.xml");
  EXPECT_EQ(read.error().where.line, 3u);
}

TEST(BadDawProject, RefusesLevelsThatAreNone) {
  for (const std::string value :
       {"nan", "-0.5", "inf", "-inf", "0,5", "0.5 dB", "", "1e999", "0.5x", "--1"}) {
    TestProject project;
    project.volume = "<Volume id='v1' unit='linear' value='" + value + "'/>";
    EXPECT_THAT(sentence(project), HasSubstr("the fader of 'A' is")) << value;
    project = {};
    project.arrangement = on_track(
        "<Points unit='linear'><Target parameter='v1'/><RealPoint time='0' value='" + value + "'/></Points>");
    EXPECT_THAT(sentence(project), HasSubstr("the fader of 'A' is")) << value;
    project = {};
    project.volume = "<Volume unit='linear' value='0.5' max='" + value + "'/>";
    EXPECT_THAT(sentence(project), HasSubstr("max of the fader")) << value;
  }
  TestProject project;
  project.volume = "<Volume unit='decibel' value='1e9'/>";
  EXPECT_THAT(sentence(project), HasSubstr("no level"));
  for (const std::string unit : {"hertz", "", "dB"}) {
    project.volume = "<Volume unit='" + unit + "' value='1'/>";
    EXPECT_THAT(sentence(project), HasSubstr("expected for a level")) << unit;
  }
  project.volume = "<Volume value='1'/>";
  EXPECT_THAT(sentence(project), HasSubstr("expected for a level"));
}

TEST(BadDawProject, RefusesTimesThatAreNone) {
  for (const std::string time : {"nan", "inf", "", "1 s", "1e13"}) {
    TestProject project;
    project.arrangement = on_track("<Points unit='linear'><Target parameter='v1'/><RealPoint time='" + time +
                                   "' value='1'/></Points>");
    EXPECT_THAT(sentence(project), HasSubstr("finite number")) << time;
    project.arrangement = clip_on_track("time='" + time + "' duration='1'", audio_element());
    EXPECT_THAT(sentence(project), HasSubstr("finite number")) << time;
    project.arrangement = clip_on_track("time='0' duration='" + time + "'", audio_element());
    EXPECT_THAT(sentence(project), HasSubstr("finite number")) << time;
  }
  TestProject project;
  project.arrangement = clip_on_track("duration='1'", audio_element());
  EXPECT_THAT(sentence(project), HasSubstr("no time"));
  project = {};
  project.after_lanes = "<TempoAutomation unit='bpm'><RealPoint time='0' value='0'/></TempoAutomation>";
  EXPECT_THAT(sentence(project), HasSubstr("bpm"));
}

TEST(BadDawProject, RefusesReferencesToNothing) {
  TestProject project;
  project.channel = "destination='nowhere'";
  EXPECT_THAT(sentence(project), HasSubstr("the output of 'A' refers to \"nowhere\""));
  project.channel = "destination='v9'";
  EXPECT_THAT(sentence(project), HasSubstr("an element Volume; a channel is expected"));
  project = {};
  project.before_volume =
      "<Sends><Send destination='nowhere'><Volume unit='linear' value='1'/></Send></Sends>";
  EXPECT_THAT(sentence(project), HasSubstr("a send of 'A' refers to \"nowhere\""));
  project = {};
  project.arrangement = "<Lanes track='nowhere'/>";
  EXPECT_THAT(sentence(project), HasSubstr("A timeline of the arrangement refers to"));
  project.arrangement = on_track("<Clips><Clip time='0' duration='1' reference='nowhere'/></Clips>");
  EXPECT_THAT(sentence(project), HasSubstr("A clip refers to"));
  project = {};
  project.more_tracks = "<Track id='t2'><Channel id='c9' destination='c9'/></Track>";
  EXPECT_THAT(sentence(project), HasSubstr("several elements have that id"));
  // An automation of what is not there moves nothing.
  project = {};
  project.arrangement = on_track("<Points unit='linear'><Target parameter='nowhere'/></Points>");
  EXPECT_EQ(sentence(project), "");
}

TEST(BadDawProject, LeavesCyclesToTheCheckOfTheFlow) {
  TestProject project;
  project.channel = "destination='c2'";
  project.more_tracks = "<Track id='t2' name='B'><Channel id='c2' destination='c1'/></Track>";
  const auto checked = check_flow(document_of(project).flow());
  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error().sentence, HasSubstr("circle"));
}

TEST(BadDawProject, EndsReferencesThatGoRound) {
  TestProject project;
  project.arrangement = on_track("<Clips id='x'><Clip time='0' duration='4' reference='x'/></Clips>");
  EXPECT_THAT(sentence(project), HasSubstr("refer to themselves"));
  // Each level refers to the next one twice: a thousand million clips.
  std::string doubled = "<Clips id='n30'><Clip time='0' duration='1'>" + audio_element() + "</Clip></Clips>";
  std::string lanes;
  for (int i = 0; i < 30; ++i) {
    const std::string clip = "<Clip time='0' duration='1' reference='n" + std::to_string(i + 1) + "'/>";
    lanes += "<Clips id='n" + std::to_string(i) + "'>" + clip + clip + "</Clips>";
  }
  project.arrangement = on_track(lanes + doubled);
  const auto start = std::clock();
  EXPECT_THAT(sentence(project), HasSubstr("more than can be laid out"));
  EXPECT_LT(seconds_since(start), bounded_s);
}

TEST(BadDawProject, BoundsLoops) {
  TestProject project;
  project.arrangement =
      clip_on_track("time='0' duration='1e12' loopStart='0' loopEnd='0.01'", audio_element());
  EXPECT_THAT(sentence(project), HasSubstr("more than can be laid out"));
  project.arrangement = clip_on_track("time='0' duration='4' loopStart='0' loopEnd='1e-9'", audio_element());
  EXPECT_THAT(sentence(project), HasSubstr("too short"));
  project.arrangement = clip_on_track("time='0' loopStart='0' loopEnd='1'", audio_element());
  EXPECT_THAT(sentence(project), HasSubstr("never end"));
  project.arrangement = clip_on_track("time='0' duration='-4' loopStart='3' loopEnd='1'", audio_element());
  EXPECT_EQ(sentence(project), "");
}

// Small things that are looked at again and again must not be large.
TEST(BadDawProject, BoundsWhatALoopLooksAt) {
  const auto start = std::clock();
  std::string junk;
  for (int i = 0; i < 100'000; ++i) junk += "<Junk/>";
  const std::string loop = "time='0' duration='1e6' loopStart='0' loopEnd='0.001'";
  for (const std::string& content :
       {"<Clips>" + junk + "<Clip time='0' duration='1'/></Clips>", "<Lanes>" + junk + "</Lanes>",
        "<Clips><Clip time='0' duration='1'>" + junk + "</Clip></Clips>", "<Warps>" + junk + "</Warps>",
        "<Lanes><Points>" + junk + "<Target expression='pan'/></Points></Lanes>",
        "<Lanes><Points><Target expression='pan'/>" + junk + "</Points></Lanes>",
        "<Notes>" + junk + "</Notes>"}) {
    TestProject project;
    project.arrangement = clip_on_track(loop, content);
    EXPECT_THAT(sentence(project), HasSubstr("more than can be laid out"));
  }
  std::string attributes;
  for (int i = 0; i < 100'000; ++i) attributes += " a" + std::to_string(i) + "='1'";
  TestProject project;
  project.arrangement = clip_on_track(loop, "<Clips" + attributes + "/>");
  EXPECT_THAT(sentence(project), HasSubstr("100000 attributes"));
  EXPECT_LT(seconds_since(start), bounded_s);
}

TEST(BadDawProject, BoundsTracksAndTheirCurves) {
  const auto start = std::clock();
  TestProject project;
  for (int i = 0; i < 9'000; ++i)
    project.more_tracks += "<Track><Channel destination='c9' id='same'/></Track>";
  EXPECT_EQ(sentence(project), "");
  project.more_tracks += project.more_tracks;
  EXPECT_THAT(sentence(project), HasSubstr("more than 10000 tracks"));
  // Each of many lines crosses each of many changes of tempo.
  project = {};
  project.before_volume = "<Sends>";
  for (int i = 0; i < 5'000; ++i) {
    const std::string id = "s" + std::to_string(i);
    project.before_volume +=
        "<Send destination='c9'><Volume unit='linear' value='1' id='" + id + "'/></Send>";
    project.arrangement +=
        "<Points unit='linear'><Target parameter='" + id +
        "'/><RealPoint time='0' value='0' interpolation='linear'/><RealPoint time='1e6' value='1'/></Points>";
  }
  project.before_volume += "</Sends>";
  project.after_lanes = "<TempoAutomation unit='bpm'>";
  for (int i = 0; i < 10'000; ++i) {
    project.after_lanes += "<RealPoint time='" + std::to_string(i) + "' value='" +
                           std::to_string(60 + i % 7) + "' interpolation='linear'/>";
  }
  project.after_lanes += "</TempoAutomation>";
  EXPECT_THAT(sentence(project), HasSubstr("more than can be laid out"));
  EXPECT_LT(seconds_since(start), bounded_s);
}

TEST(BadDawProject, RefusesDeepNesting) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<Lanes>";
  TestProject project;
  for (int i = 0; i < 100'000; ++i) project.arrangement += "</Lanes>";
  project.arrangement = deep + project.arrangement;
  EXPECT_THAT(sentence(project), HasSubstr("deep"));
}

TEST(BadDawProject, ExpandsNoBombs) {
  std::string entities = "<!DOCTYPE Project [<!ENTITY a0 \"lol\">";
  for (int i = 1; i < 20; ++i) {
    const std::string one = "&a" + std::to_string(i - 1) + ";";
    entities +=
        "<!ENTITY a" + std::to_string(i) + " \"" + one + one + one + one + one + one + one + one + "\">";
  }
  std::string xml = TestProject{}.xml();
  xml.insert(xml.find("<Project"), entities + "]>");
  xml.replace(xml.find("name=\"A\""), 8, "name=\"&a19;\"");
  const auto read = read_xml(xml);
  ASSERT_TRUE(read) << read.error().sentence;
  EXPECT_EQ(read->flow().strips[0].name, "&a19;");
}

TEST(BadDawProject, RefusesXmlThatUnpacksFromNothing) {
  const std::string xml = TestProject{}.xml() + std::string(100 << 20, ' ');
  const auto start = std::clock();
  EXPECT_THAT(sentence(xml), HasSubstr("far more than any session"));
  EXPECT_LT(seconds_since(start), bounded_s);
}

TEST(BadDawProject, ReadsAHundredMegabytesInBoundedTime) {
  TestProject project;
  std::string& text = project.arrangement;
  text = "<Lanes track='t1'><Points unit='linear'><Target parameter='v1'/>";
  unsigned value = 1;
  for (int i = 0; text.size() < (100u << 20); ++i) {
    value = value * 1664525u + 1013904223u;
    text += "<RealPoint value=\"0." + std::to_string(value) + "\" interpolation=\"linear\" time=\"" +
            std::to_string(i) + ".5\" comment=\"" + std::to_string(value * 7u) + std::to_string(value * 13u) +
            "\"/>\n";
  }
  text += "</Points></Lanes>";
  const std::string xml = project.xml();
  const NewZipMember members[] = {{"project.xml", xml, NewZipMember::Method::stored}};
  const std::string bytes = *write_zip(members);
  const auto start = std::clock();
  const auto read = DawProjectDocument::read(bytes);
  ASSERT_TRUE(read) << read.error().sentence;
  EXPECT_GT(read->flow().strips[0].fader.automation->points.size(), 900'000u);
  EXPECT_LT(seconds_since(start), bounded_s);
}

TEST(BadDawProject, RefusesOddNames) {
  TestProject project;
  std::string xml = project.xml();
  xml.replace(xml.find("name=\"A\""), 8, "name=\"\xE9\"");
  EXPECT_THAT(sentence(xml), HasSubstr("not UTF-8"));
  project.channel = "audioChannels='-1' destination='c9'";
  EXPECT_THAT(sentence(project), HasSubstr("1 to 64"));
  project.channel = "audioChannels='2.5' destination='c9'";
  EXPECT_THAT(sentence(project), HasSubstr("1 to 64"));
  project.channel = "destination='c9' solo='maybe'";
  EXPECT_THAT(sentence(project), HasSubstr("true or false"));
  project = {};
  project.before_volume = "<Pan unit='linear' value='0' min='1' max='1'/>";
  EXPECT_THAT(sentence(project), HasSubstr("min has to be under max"));
}

TEST(BadDawProject, GivesASentenceForEveryTruncation) {
  const std::string xml =
      TestProject{.arrangement = clip_on_track("time='0' duration='4'", audio_element())}.xml();
  for (std::size_t length = 0; length + 2 < xml.size(); length += 7) {
    EXPECT_NE(sentence(xml.substr(0, length)), "") << length;
  }
}

}  // namespace
}  // namespace gainstage
