// SPDX-License-Identifier: MIT
// New gains in the bytes: they and nothing else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <pugixml.hpp>
#include <random>

#include "session_format/ardour/test_session.h"

namespace gainstage::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// Every attribute and text of a document by its place.
std::map<std::string, std::string> values_of(const std::string& bytes) {
  pugi::xml_document document;
  EXPECT_TRUE(document.load_buffer(bytes.data(), bytes.size()));
  std::map<std::string, std::string> values;
  struct Open {
    pugi::xml_node node;
    std::string path;
  };
  std::vector<Open> open{{document.document_element(), ""}};
  while (!open.empty()) {
    const Open here = open.back();
    open.pop_back();
    values[here.path + "|text"] = here.node.child_value();
    for (const auto attribute : here.node.attributes())
      values[here.path + "@" + attribute.name()] = attribute.value();
    int count = 0;
    for (const auto child : here.node.children()) {
      if (child.type() == pugi::node_element) {
        open.push_back({child, fmt::format("{}/{}[{}]", here.path, child.name(), count++)});
      }
    }
  }
  return values;
}

std::vector<std::string> differences(const std::string& before, const std::string& after) {
  const auto a = values_of(before);
  const auto b = values_of(after);
  EXPECT_EQ(a.size(), b.size());
  std::vector<std::string> places;
  for (const auto& [place, value] : a) {
    if (b.at(place) != value) places.push_back(place);
  }
  return places;
}

std::string whole_session() {
  Parts parts;
  parts.routes =
      track("2", "kick",
            trim("2") + send("3", "0.5") + amp("0.75", list("gain", "Exponential", "Play", "a0 0.5\na9 1"))) +
      bus("3", "room", amp("1.5"));
  parts.playlists = playlist("2", region("hit", 1.0, "scale-amplitude='-0.3'"));
  parts.more =
      "<VCAManager><VCA name='v' number='1'><Controllable name='gaincontrol' id='v1' "
      "value='0.5'/></VCA></VCAManager>";
  return session(parts);
}

std::vector<StageRef> writable_stages(const SignalFlow& flow) {
  std::vector<StageRef> stages;
  for (std::size_t s = 0; s < flow.strips.size(); ++s) {
    const Strip& strip = flow.strips[s];
    if (strip.fader.writable) stages.push_back(fader_of(flow, s));
    if (strip.trim.writable) stages.push_back({StageKind::trim, s, 0});
    for (std::size_t i = 0; i < strip.clips.size(); ++i) stages.push_back({StageKind::clip, s, i});
    for (std::size_t i = 0; i < strip.sends.size(); ++i) stages.push_back({StageKind::send, s, i});
  }
  for (std::size_t v = 0; v < flow.vcas.size(); ++v) stages.push_back({StageKind::vca, v, 0});
  return stages;
}

TEST(ArdourPatch, OfNothingIsTheSameBytes) {
  const std::string bytes = whole_session();
  const ArdourDocument document = must_read(bytes);
  EXPECT_EQ(document.bytes(), bytes);
  EXPECT_EQ(document.patch({})->bytes, bytes);
  const StageChange nothing{{StageKind::fader, 1, 0}, {0.0}};
  EXPECT_EQ(document.patch({{nothing}})->bytes, bytes);
}

TEST(ArdourPatch, EndsAMuteWhereverItStands) {
  Parts parts;
  parts.routes = track("2", "kick", amp("1"),
                       "<MuteMaster mute-point='PostFader,Listen,Main' muted='1'/>"
                       "<Controllable name='mute' id='m2' value='1'/>") +
                 track("3", "snare", amp("1"), "<MuteMaster muted='yes'/>") + bus("4", "room", amp("1"));
  const std::string bytes = session(parts);
  const ArdourDocument document = must_read(bytes);
  for (std::size_t s = 0; s < document.flow().strips.size(); ++s) {
    const bool is_muted = document.flow().strips[s].mute.is_on;
    EXPECT_EQ(document.can_unmute(s), is_muted) << s;
    const auto patched = document.patch({}, {{s}});
    ASSERT_EQ(patched.has_value(), is_muted);
    if (!is_muted) continue;
    EXPECT_THAT(differences(bytes, patched->bytes), SizeIs(document.flow().strips[s].name == "kick" ? 2 : 1));
    const ArdourDocument again = must_read(patched->bytes);
    EXPECT_FALSE(again.flow().strips[s].mute.is_on);
    EXPECT_FALSE(again.can_unmute(s));
  }
}

TEST(ArdourPatch, CantUnmuteARouteThatIsNotActive) {
  Parts parts;
  parts.routes = track("2", "kick", amp("1"), "<MuteMaster muted='1'/>");
  const std::size_t at = parts.routes.find("<Route ");
  ASSERT_NE(at, std::string::npos);
  parts.routes.insert(at + 7, "active='0' ");
  const ArdourDocument document = must_read(session(parts));
  for (std::size_t s = 0; s < document.flow().strips.size(); ++s) EXPECT_FALSE(document.can_unmute(s));
}

TEST(ArdourPatch, ChangesTheNamedValueAlone) {
  const std::string bytes = whole_session();
  const ArdourDocument document = must_read(bytes);
  for (const StageRef& stage : writable_stages(document.flow())) {
    const auto patched = document.patch({{StageChange{stage, {-3.0}}}});
    ASSERT_TRUE(patched);
    EXPECT_THAT(patched->losses, IsEmpty());
    EXPECT_THAT(patched->applied, SizeIs(1));
    const bool has_list = stage == StageRef{StageKind::fader, 1, 0};
    EXPECT_THAT(differences(bytes, patched->bytes), SizeIs(has_list ? 2 : 1))
        << stage_name(document.flow(), stage);
    const ArdourDocument again = must_read(patched->bytes);
    const GainControl& before = *find_stage(document.flow(), stage);
    const GainControl& after = *find_stage(again.flow(), stage);
    EXPECT_NEAR(after.ratio, before.ratio * to_ratio({-3.0}), 1e-12);
    ASSERT_EQ(before.automation.has_value(), after.automation.has_value());
    for (std::size_t i = 0; before.automation && i < before.automation->points.size(); ++i) {
      EXPECT_NEAR(after.automation->points[i].value, before.automation->points[i].value * to_ratio({-3.0}),
                  1e-12);
      EXPECT_EQ(after.automation->points[i].seconds, before.automation->points[i].seconds);
    }
  }
}

TEST(ArdourPatch, ThereAndBackIsWhereItWas) {
  const std::string bytes = whole_session();
  const ArdourDocument document = must_read(bytes);
  std::mt19937 random(3);
  std::uniform_real_distribution<double> gain(-12.0, 0.0);
  for (int round = 0; round < 50; ++round) {
    std::vector<StageChange> there;
    std::vector<StageChange> back;
    for (const StageRef& stage : writable_stages(document.flow())) {
      const double db = gain(random);
      there.push_back({stage, {db}});
      back.push_back({stage, {-db}});
    }
    const ArdourDocument moved = must_read(document.patch(there)->bytes);
    const auto returned = moved.patch(back);
    ASSERT_THAT(returned->losses, IsEmpty());
    const ArdourDocument again = must_read(returned->bytes);
    for (const StageRef& stage : writable_stages(document.flow())) {
      EXPECT_NEAR(find_stage(again.flow(), stage)->ratio, find_stage(document.flow(), stage)->ratio, 1e-12);
    }
  }
}

TEST(ArdourPatch, KeepsPolarityAndSilence) {
  Parts parts;
  parts.routes = track("2", "kick", amp("0"));
  parts.playlists = playlist("2", region("hit", 1.0, "scale-amplitude='-0.5'"));
  const ArdourDocument document = must_read(session(parts));
  const auto patched = document.patch(
      {{StageChange{{StageKind::clip, 1, 0}, {-6.0}}, StageChange{{StageKind::fader, 1, 0}, {-6.0}}}});
  EXPECT_THAT(patched->bytes, HasSubstr("scale-amplitude='-0.25"));
  EXPECT_THAT(patched->bytes, HasSubstr("value=\"0\""));
}

TEST(ArdourPatch, StopsAtTheControlsEndAndSaysSo) {
  Parts parts;
  parts.routes = track("2", "kick", trim("0.2") + amp("1"));
  const ArdourDocument document = must_read(session(parts));
  const auto up = document.patch({{StageChange{{StageKind::fader, 1, 0}, {9.0}}}});
  ASSERT_THAT(up->losses, SizeIs(1));
  EXPECT_NEAR(up->applied.at(0).gain.value, 6.02, 1e-9);
  EXPECT_NEAR(up->losses[0].gain.value, 2.98, 1e-9);
  EXPECT_LE(strip(must_read(up->bytes), "kick").fader.ratio, 2.0);
  const auto down = document.patch({{StageChange{{StageKind::trim, 1, 0}, {-9.0}}}});
  ASSERT_THAT(down->losses, SizeIs(1));
  EXPECT_NEAR(down->applied.at(0).gain.value, -6.02, 1e-9);
  EXPECT_GE(strip(must_read(down->bytes), "kick").trim.ratio, 0.1);
}

TEST(ArdourPatch, HeedsTheHighestPointOfAnAutomation) {
  Parts parts;
  parts.routes = track("2", "kick", amp("0.1", list("gain", "Exponential", "Play", "a0 0.5\na9 1.9\na12 1")));
  const ArdourDocument document = must_read(session(parts));
  const auto patched = document.patch({{StageChange{{StageKind::fader, 1, 0}, {3.0}}}});
  EXPECT_NEAR(patched->applied.at(0).gain.value, 0.44, 1e-9);
  EXPECT_LE(strip(must_read(patched->bytes), "kick").fader.automation->points[1].value, 2.0);
}

TEST(ArdourPatch, LeavesAListThatIsOffAlone) {
  Parts parts;
  parts.routes = track("2", "kick", amp("0.5", list("gain", "Exponential", "Off", "a0 0.5\na9 1.9")));
  const std::string bytes = session(parts);
  const auto patched = must_read(bytes).patch({{StageChange{{StageKind::fader, 1, 0}, {-3.0}}}});
  EXPECT_THAT(differences(bytes, patched->bytes), SizeIs(1));
}

TEST(ArdourPatch, SetsAStageThatIsDown) {
  constexpr auto zero_db = StageChange::From::zero_db;
  const StageRef kick{StageKind::fader, 1, 0};
  Parts parts;
  parts.routes = track("2", "kick", amp("0"));
  const std::string bytes = session(parts);
  const ArdourDocument document = must_read(bytes);
  for (const double db : {-7.37, 0.0}) {
    const auto patched = document.patch({{StageChange{kick, {db}, zero_db}}});
    EXPECT_THAT(differences(bytes, patched->bytes), SizeIs(1));
    EXPECT_NEAR(to_db(strip(must_read(patched->bytes), "kick").fader.ratio).value, db, 1e-9);
    EXPECT_EQ(patched->applied.at(0).gain.value, db);
  }
  const auto too_far = document.patch({{StageChange{kick, {8.0}, zero_db}}});
  EXPECT_NEAR(too_far->losses.at(0).gain.value, 1.98, 1e-9);
  EXPECT_LE(strip(must_read(too_far->bytes), "kick").fader.ratio, 2.0);

  parts.routes = track("2", "kick", amp("0.7", list("gain", "Exponential", "Play", "a0 0\na9 0")));
  const auto automated = must_read(session(parts)).patch({{StageChange{kick, {-6.0}, zero_db}}});
  const GainControl fader = strip(must_read(automated->bytes), "kick").fader;
  for (const double seconds : {0.0, 4.0, 20.0})
    EXPECT_NEAR(to_db(fader.ratio_at(seconds)).value, -6.0, 1e-9) << seconds;
}

TEST(ArdourPatch, SumsChangesOfOneStage) {
  const ArdourDocument document = must_read(whole_session());
  const StageRef room{StageKind::fader, 2, 0};
  const auto twice = document.patch({{StageChange{room, {-1.0}}, StageChange{room, {-2.0}}}});
  const auto once = document.patch({{StageChange{room, {-3.0}}}});
  EXPECT_EQ(twice->bytes, once->bytes);
}

TEST(ArdourPatch, SaysWhatItCantReach) {
  const ArdourDocument document = must_read(whole_session());
  for (const StageRef stage : {StageRef{StageKind::source, 0, 0}, StageRef{StageKind::clip, 1, 9},
                               StageRef{StageKind::trim, 2, 0}, StageRef{StageKind::take, 1, 0}}) {
    const auto patched = document.patch({{StageChange{stage, {-1.0}}}});
    EXPECT_THAT(patched->losses, SizeIs(1));
    EXPECT_EQ(patched->bytes, document.bytes());
  }
  EXPECT_FALSE(document.patch({{StageChange{{StageKind::fader, 1, 0}, {std::nan("")}}}}));
}

TEST(ArdourPatch, FindsNumbersHoweverTheTextIsWritten) {
  Parts parts;
  parts.routes =
      track("2", "a > b",
            "<Processor\n\ttype = 'amp'><Automation><AutomationList automation-id='gain' state='Play' "
            "interpolation-style='Exponential'><events ><![CDATA[a0  0.5\r\n  a9\t0.25 "
            "]]></events></AutomationList>"
            "</Automation><!-- value='7' --><Controllable id = \"value='3'\" name='gaincontrol'\n "
            "value\t=\n'0.5'/></Processor>");
  const std::string bytes = session(parts);
  const auto patched = must_read(bytes).patch({{StageChange{{StageKind::fader, 1, 0}, to_db(0.5)}}});
  EXPECT_THAT(patched->bytes, HasSubstr("a0  0.25\r\n  a9\t0.125 ]]>"));
  EXPECT_THAT(patched->bytes, HasSubstr("value\t=\n'0.25'"));
  EXPECT_THAT(differences(bytes, patched->bytes), SizeIs(2));
}

TEST(ArdourPatch, LeavesNumbersWithEntitiesAsTheyAre) {
  Parts parts;
  parts.routes = track("2", "kick", amp("0.5", list("gain", "Exponential", "Play", "a0 0.5&#10;a9 &#49;"))) +
                 track("3", "bass", amp("0.&#53;"));
  const ArdourDocument document = must_read(session(parts));
  EXPECT_EQ(strip(document, "kick").fader.automation->points[1].value, 1.0);
  EXPECT_EQ(strip(document, "bass").fader.ratio, 0.5);
  EXPECT_FALSE(strip(document, "kick").fader.writable);
  EXPECT_FALSE(strip(document, "bass").fader.writable);
}

class RealSessions : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(GAINSTAGE_SOURCE_DIR) / ".." / "shared" / "data" / "sessions" / "ardour";
    if (!std::filesystem::is_directory(folder_))
      GTEST_SKIP() << "no shared/data/sessions/ardour beside the checkout";
  }
  std::string bytes_of(const char* name) const {
    std::ifstream file(folder_ / name, std::ios::binary);
    EXPECT_TRUE(file) << name;
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::filesystem::path folder_;
};

TEST_F(RealSessions, StayAsTheyAreWithoutAChange) {
  for (const char* name : {"with-you-10.ardour", "with-you-25.ardour"}) {
    const std::string bytes = bytes_of(name);
    EXPECT_EQ(must_read(bytes).patch({})->bytes, bytes) << name;
  }
}

TEST_F(RealSessions, ChangeByTheNamedValuesAlone) {
  for (const char* name : {"with-you-10.ardour", "with-you-25.ardour"}) {
    const std::string bytes = bytes_of(name);
    const ArdourDocument document = must_read(bytes);
    const auto stages = writable_stages(document.flow());
    EXPECT_GT(stages.size(), 50u);
    std::vector<StageChange> changes;
    std::size_t silent = 0;
    for (const StageRef& stage : stages) {
      changes.push_back({stage, {-0.5}});
      silent += find_stage(document.flow(), stage)->ratio == 0.0 ? 1 : 0;
    }
    const auto patched = document.patch(changes);
    EXPECT_THAT(patched->losses, IsEmpty());
    EXPECT_EQ(differences(bytes, patched->bytes).size(), stages.size() - silent) << name;
    const ArdourDocument again = must_read(patched->bytes);
    for (const StageRef& stage : stages) {
      EXPECT_NEAR(find_stage(again.flow(), stage)->ratio,
                  find_stage(document.flow(), stage)->ratio * to_ratio({-0.5}), 1e-12);
    }
  }
}

TEST_F(RealSessions, AreReadWhole) {
  const ArdourDocument document = must_read(bytes_of("with-you-25.ardour"));
  const SignalFlow& flow = document.flow();
  EXPECT_THAT(flow.strips, SizeIs(26));
  EXPECT_EQ(flow.sample_rate_hz, 44100.0);
  EXPECT_EQ(flow.name, "200119-song-idea");
  EXPECT_NEAR(strip(document, "coo-beat-110bpm").fader.ratio, 0.51186227798461914, 1e-15);
  EXPECT_TRUE(strip(document, "coo-beat-110bpm").mute.is_on);
  EXPECT_TRUE(strip(document, "MIDI").has_unread_content);
  EXPECT_EQ(strip(document, "Master").inserts.at(0).name, "Calf Compressor");
}

}  // namespace
}  // namespace gainstage::test
