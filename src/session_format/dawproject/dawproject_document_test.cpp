// SPDX-License-Identifier: MIT
// What goes back: nothing where nothing changes, the values named and no other where something does.
#include "session_format/dawproject/dawproject_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "session/flow_check.h"
#include "session_format/dawproject/test_project.h"

namespace gainstage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// "line:element.attribute from -> to" of every attribute that differs; the elements must be the same.
std::vector<std::string> differences(const std::string& before, const std::string& after) {
  const auto a = XmlText::read(project_xml_of(before));
  const auto b = XmlText::read(project_xml_of(after));
  std::vector<std::string> found;
  const std::function<void(pugi::xml_node, pugi::xml_node)> compare = [&](pugi::xml_node x,
                                                                          pugi::xml_node y) {
    EXPECT_STREQ(x.name(), y.name());
    EXPECT_STREQ(x.value(), y.value());
    auto other = y.attributes_begin();
    for (const pugi::xml_attribute attribute : x.attributes()) {
      ASSERT_NE(other, y.attributes_end());
      EXPECT_STREQ(attribute.name(), other->name());
      if (std::string_view(attribute.value()) != other->value()) {
        found.push_back(std::string(x.name()) + "." + attribute.name() + " " + attribute.value() + " -> " +
                        other->value());
      }
      ++other;
    }
    EXPECT_EQ(other, y.attributes_end());
    pugi::xml_node child = y.first_child();
    for (const pugi::xml_node inner : x.children()) {
      compare(inner, child);
      child = child.next_sibling();
    }
    EXPECT_FALSE(child);
  };
  compare(a->root(), b->root());
  return found;
}

void expect_other_members_same(const std::string& before, const std::string& after) {
  const auto a = ZipArchive::read(before);
  const auto b = ZipArchive::read(after);
  ASSERT_EQ(a->members().size(), b->members().size());
  for (std::size_t i = 0; i < a->members().size(); ++i) {
    EXPECT_EQ(a->members()[i].name, b->members()[i].name);
    if (a->members()[i].name == "project.xml") continue;
    EXPECT_EQ(a->members()[i].in_archive, b->members()[i].in_archive);
    EXPECT_EQ(*a->content(i, 1 << 30), *b->content(i, 1 << 30));
  }
}

constexpr StageRef fader_a{StageKind::fader, 0, 0};

PatchedSession patched(const DawProjectDocument& document, const std::vector<StageChange>& changes) {
  auto result = document.patch(changes);
  if (!result) throw std::runtime_error(result.error().sentence);
  return *std::move(result);
}

TEST(DawProjectPatch, GivesBackTheSameBytesForNoChange) {
  const DawProjectDocument document = document_of({});
  EXPECT_EQ(patched(document, {}).bytes, document.bytes());
  const PatchedSession none = patched(document, {{fader_a, Db{0.0}}, {{StageKind::trim, 0, 0}, Db{0.0}}});
  EXPECT_EQ(none.bytes, document.bytes());
  EXPECT_TRUE(none.losses.empty());
}

TEST(DawProjectPatch, EndsAMute) {
  TestProject project;
  project.before_volume = "<Mute id='m1' value='true'/>";
  project.more_tracks = "<Track name='Off' loaded='false'><Channel id='c2' destination='c9'/></Track>";
  const DawProjectDocument document = document_of(project);
  EXPECT_TRUE(document.can_unmute(0));
  EXPECT_FALSE(document.can_unmute(1)) << "what is switched off has no mute";
  const std::vector<std::size_t> first{0};
  const auto result = document.patch({}, first);
  ASSERT_TRUE(result);
  EXPECT_THAT(differences(document.bytes(), result->bytes), ElementsAre("Mute.value true -> false"));
  expect_other_members_same(document.bytes(), result->bytes);
  const std::vector<std::size_t> second{1};
  EXPECT_FALSE(document.patch({}, second));
}

TEST(DawProjectPatch, MovesAFaderInItsUnit) {
  DawProjectDocument document = document_of({});
  auto result = patched(document, {{fader_a, Db{-6.0}}});
  EXPECT_THAT(differences(document.bytes(), result.bytes), ElementsAre("Volume.value 0.5 -> 0.250593617"));
  expect_other_members_same(document.bytes(), result.bytes);

  TestProject decibel;
  decibel.volume = "<Volume max='6' unit='decibel' value = '-7.25' />";
  document = document_of(decibel);
  result = patched(document, {{fader_a, Db{1.5}}});
  EXPECT_THAT(differences(document.bytes(), result.bytes), ElementsAre("Volume.value -7.25 -> -5.75000000"));
  decibel.volume = "<Volume max='6' unit='decibel' value = '-5.75000000' />";
  EXPECT_EQ(project_xml_of(result.bytes), decibel.xml());
}

TEST(DawProjectPatch, MovesEveryPointOfTheAutomationByTheSame) {
  TestProject project;
  project.arrangement =
      on_track(
          "<Points unit='decibel'><Target parameter='v1'/><RealPoint time='0' value='-inf'/><RealPoint "
          "time='1' "
          "value='-3' interpolation='linear'/></Points>") +
      clip_on_track("time='0' duration='1'",
                    "<Lanes><Points unit='linear'><Target parameter='v1'/><RealPoint time='0' "
                    "value='0.1'/></Points></Lanes>");
  const DawProjectDocument document = document_of(project);
  const auto result = patched(document, {{fader_a, Db{-20.0}}});
  EXPECT_THAT(differences(document.bytes(), result.bytes),
              ElementsAre("Volume.value 0.5 -> 0.0500000000", "RealPoint.value -3 -> -23.0000000",
                          "RealPoint.value 0.1 -> 0.0100000000"));
  EXPECT_THAT(result.applied, ::testing::SizeIs(1));
}

TEST(DawProjectPatch, StopsAtTheCeilingAndSaysWhatIsLost) {
  TestProject project;
  project.arrangement =
      on_track("<Points unit='linear'><Target parameter='v1'/><RealPoint time='0' value='1'/></Points>");
  const DawProjectDocument document = document_of(project);
  const auto result = patched(document, {{fader_a, Db{8.0}}});
  ASSERT_EQ(result.applied.size(), 1u);
  EXPECT_NEAR(result.applied[0].gain.value, 6.0205999, 1e-6);
  ASSERT_EQ(result.losses.size(), 1u);
  EXPECT_NEAR(result.losses[0].gain.value, 8.0 - 6.0205999, 1e-6);
  EXPECT_THAT(result.losses[0].sentence, HasSubstr("+6.02 dB"));
  EXPECT_THAT(differences(document.bytes(), result.bytes),
              ElementsAre("Volume.value 0.5 -> 1.00000000", "RealPoint.value 1 -> 2.00000000"));
  const auto again = DawProjectDocument::read(result.bytes);
  EXPECT_EQ(patched(*again, {{fader_a, Db{1.0}}}).bytes, result.bytes);
}

TEST(DawProjectPatch, LosesWhatTheFormatHasNoPlaceFor) {
  TestProject project;
  project.arrangement = clip_on_track("time='0' duration='4'", audio_element());
  project.more_tracks = "<Track id='t2' name='V'><Channel id='c2' role='vca'/></Track>";
  const DawProjectDocument document = document_of(project);
  const std::vector<StageChange> changes{{{StageKind::trim, 0, 0}, Db{1.0}},
                                         {{StageKind::clip, 0, 0}, Db{2.0}},
                                         {{StageKind::vca, 0, 0}, Db{3.0}},
                                         {{StageKind::send, 0, 7}, Db{4.0}},
                                         {{StageKind::fader, 99, 0}, Db{5.0}}};
  const auto result = patched(document, changes);
  EXPECT_EQ(result.bytes, document.bytes());
  EXPECT_TRUE(result.applied.empty());
  ASSERT_EQ(result.losses.size(), 5u);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(result.losses[i].stage, changes[i].stage);
    EXPECT_EQ(result.losses[i].gain, changes[i].gain);
    EXPECT_FALSE(result.losses[i].sentence.empty());
  }
}

TEST(DawProjectPatch, MovesTheMasterSendsAndClipGains) {
  TestProject project;
  project.before_volume =
      "<Sends><Send destination='c2'><Volume unit='linear' value='0.1' max='1'/></Send></Sends>";
  project.more_tracks = "<Track id='t2' name='FX'><Channel id='c2' role='effect' destination='c9'/></Track>";
  project.arrangement =
      clip_on_track("time='0' duration='4'", "<Lanes>" + audio_element() +
                                                 "<Points unit='decibel'><Target expression='gain'/>"
                                                 "<RealPoint time='0' value='-1.5'/></Points></Lanes>");
  const DawProjectDocument document = document_of(project);
  const auto result = patched(document, {{{StageKind::master, 0, 0}, Db{-1.0}},
                                         {{StageKind::send, 0, 0}, Db{6.0}},
                                         {{StageKind::clip, 0, 0}, Db{-2.0}}});
  EXPECT_THAT(differences(document.bytes(), result.bytes),
              ElementsAre("Volume.value 0.1 -> 0.199526231", "Volume.value 1 -> 0.891250938",
                          "RealPoint.value -1.5 -> -3.50000000"));
  ASSERT_EQ(result.applied.size(), 3u);
  EXPECT_EQ(result.applied[0].stage.kind, StageKind::master);
}

TEST(DawProjectPatch, LeavesSilenceInItsOwnWords) {
  TestProject project;
  project.volume = "<Volume unit='decibel' value='-inf' max='6'/>";
  const DawProjectDocument document = document_of(project);
  EXPECT_EQ(patched(document, {{fader_a, Db{3.0}}}).bytes, document.bytes());
}

TEST(DawProjectPatch, SetsAFaderThatIsDown) {
  constexpr auto zero_db = StageChange::From::zero_db;
  for (const auto& [volume, set] :
       {std::pair("<Volume unit='decibel' value='-inf' max='6'/>", "Volume.value -inf -> -4.50000000"),
        {"<Volume unit='linear' value='0' max='2'/>", "Volume.value 0 -> 0.595662144"},
        {"<Volume unit='percent' value='0' max='100'/>", "Volume.value 0 -> 59.5662144"}}) {
    TestProject project;
    project.volume = volume;
    const DawProjectDocument document = document_of(project);
    const auto result = patched(document, {{fader_a, Db{-4.5}, zero_db}});
    EXPECT_THAT(differences(document.bytes(), result.bytes), ElementsAre(set));
    const auto too_far = patched(document, {{fader_a, Db{9.0}, zero_db}});
    EXPECT_EQ(too_far.losses.size(), 1u);
  }
  TestProject project;
  project.volume = "<Volume unit='linear' value='0' max='0.5'/>";
  const auto low = patched(document_of(project), {{fader_a, Db{0.0}, zero_db}});
  EXPECT_NEAR(low.applied.at(0).gain.value, to_db(0.5).value, 1e-9) << "as far as it goes";
}

TEST(DawProjectPatch, KeepsMarksLineEndsAndComments) {
  std::string xml = "\xEF\xBB\xBF" + TestProject{}.xml();
  for (std::size_t at = xml.find('\n'); at != std::string::npos; at = xml.find('\n', at + 2))
    xml.insert(at, 1, '\r');
  xml.insert(xml.find("<Volume id=\"v1\""), "<!-- <Volume id='v1' value='0.5'/> -->\t");
  const auto document = read_xml(xml);
  ASSERT_TRUE(document) << document.error().sentence;
  const auto result = patched(*document, {{fader_a, Db{-6.0}}});
  std::string expected = xml;
  expected.replace(expected.find("value=\"0.5\"") + 7, 3, "0.250593617");
  EXPECT_EQ(project_xml_of(result.bytes), expected);
}

TEST(DawProjectPatch, RefusesChangesThatAreNone) {
  const DawProjectDocument document = document_of({});
  EXPECT_FALSE(document.patch(std::vector<StageChange>{{fader_a, Db{std::nan("")}}}));
  EXPECT_FALSE(document.patch(std::vector<StageChange>{{fader_a, silent_db}}));
  EXPECT_FALSE(document.patch(std::vector<StageChange>{{fader_a, Db{1.0}}, {fader_a, Db{1.0}}}));
}

std::vector<StageRef> stages_of(const SignalFlow& flow) {
  std::vector<StageRef> stages;
  for (std::size_t i = 0; i < flow.strips.size(); ++i) {
    const Strip& strip = flow.strips[i];
    if (strip.fader.writable) stages.push_back({StageKind::fader, i, 0});
    for (std::size_t k = 0; k < strip.sends.size(); ++k) {
      if (strip.sends[k].gain.writable) stages.push_back({StageKind::send, i, k});
    }
    for (std::size_t k = 0; k < strip.clips.size(); ++k) {
      if (strip.clips[k].gain.writable) stages.push_back({StageKind::clip, i, k});
    }
  }
  return stages;
}

const GainControl& control(const SignalFlow& flow, const StageRef& stage) {
  const Strip& strip = flow.strips.at(stage.strip);
  if (stage.kind == StageKind::send) return strip.sends.at(stage.item).gain;
  if (stage.kind == StageKind::clip) return strip.clips.at(stage.item).gain;
  return strip.fader;
}

class DawProjectSamples : public ::testing::TestWithParam<const char*> {};

TEST_P(DawProjectSamples, SurviveByteForByte) {
  const auto bytes = shared_session(GetParam());
  if (!bytes) GTEST_SKIP() << "no shared/data/sessions/dawproject beside the checkout";
  const auto document = DawProjectDocument::read(*bytes);
  ASSERT_TRUE(document) << document.error().sentence;
  EXPECT_EQ(patched(*document, {}).bytes, *bytes);
  const auto checked = check_flow(document->flow());
  EXPECT_TRUE(checked) << checked.error().sentence;
}

TEST_P(DawProjectSamples, HoldTheGainsOfAPlan) {
  const auto bytes = shared_session(GetParam());
  if (!bytes) GTEST_SKIP() << "no shared/data/sessions/dawproject beside the checkout";
  const auto document = DawProjectDocument::read(*bytes);
  ASSERT_TRUE(document) << document.error().sentence;
  std::mt19937 random(3);
  std::uniform_real_distribution<double> gains(-12.0, 12.0);
  for (int round = 0; round < 20; ++round) {
    std::vector<StageChange> plan;
    for (const StageRef& stage : stages_of(document->flow())) plan.push_back({stage, Db{gains(random)}});
    const auto result = patched(*document, plan);
    expect_other_members_same(*bytes, result.bytes);
    const auto after = DawProjectDocument::read(result.bytes);
    ASSERT_TRUE(after) << after.error().sentence;
    std::size_t values = 0;
    for (const StageChange& change : result.applied) {
      const GainControl& from = control(document->flow(), change.stage);
      const GainControl& to = control(after->flow(), change.stage);
      const double ratio = to_ratio(change.gain);
      EXPECT_NEAR(to.ratio, from.ratio * ratio, 1e-8);
      EXPECT_LE(to.ratio, from.writable->greatest_ratio * (1.0 + 1e-9));
      values += from.ratio > 0.0;
      if (!from.automation) continue;
      for (std::size_t i = 0; i < from.automation->points.size(); ++i) {
        EXPECT_NEAR(to.automation->points[i].value, from.automation->points[i].value * ratio, 1e-8);
        ++values;
      }
    }
    EXPECT_EQ(differences(*bytes, result.bytes).size(), values);
    for (std::size_t i = 0; i < plan.size(); ++i) {
      double sum = 0.0;
      for (const StageChange& change : result.applied)
        sum += change.stage == plan[i].stage ? change.gain.value : 0.0;
      for (const StageLoss& loss : result.losses) sum += loss.stage == plan[i].stage ? loss.gain.value : 0.0;
      EXPECT_NEAR(sum, plan[i].gain.value, 1e-12);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Shared, DawProjectSamples,
                         ::testing::Values("audio-regions.dawproject", "automation.dawproject"));

}  // namespace
}  // namespace gainstage
