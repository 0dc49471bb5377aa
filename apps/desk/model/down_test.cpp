// SPDX-License-Identifier: MIT
// A fader that the session has at minus infinity is as silent on the desk, and is heard, predicted, planned
// and saved once it is raised.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>

#include "desk.h"
#include "engine/engine.h"
#include "engine/live/live_test.h"
#include "test_desk.h"
#include "workspace/daw_session.h"

namespace gainstage::desk {
namespace {

using namespace test;
using gainstage::test::Channels;
using gainstage::test::difference;
using gainstage::test::Player;
using gainstage::test::samples_of;

constexpr double down = -std::numeric_limits<double>::infinity();
constexpr double raised_db = -5.25;
const std::vector<double> all_down{down, down, down, down, down};

Json integrated(OpenDesk& desk) { return desk.state()["prediction"]["integrated_lufs"]; }

bool has_note(OpenDesk& desk, const std::string& code) {
  const Json& notes = desk.state()["notes"];
  return std::ranges::any_of(notes, [&](const Json& note) { return note["code"] == code; });
}

bool says(OpenDesk& desk, const std::string& sentence) {
  const Json& notes = desk.state()["notes"];
  return std::ranges::any_of(notes, [&](const Json& note) { return note["sentence"] == sentence; });
}

/// Saves, and waits for it; false where it failed.
bool save(OpenDesk& desk, const Json& what, const Json& names) {
  const std::size_t before = desk.state()["save"]["saved"].size();
  desk.must({{"do", "save"}, {"what", what}, {"names", names}});
  return desk.wait([&] {
    return desk.state()["save"]["saved"].size() >= before + what.size() || has_note(desk, "save-failed");
  }) && !has_note(desk, "save-failed");
}

/// What is heard of the desk as it stands, played as fast as it goes.
Channels heard(OpenDesk& desk, std::size_t frames) {
  Player player(*desk->playable());
  const LiveSettings& live = desk->live();
  for (std::uint32_t s = 0; s < live.strips.size(); ++s) {
    player.trim(s, live.strips[s].trim);
    player.fader(s, live.strips[s].fader);
  }
  player.take(4800);
  player.play();
  return player.take(frames);
}

class WhatIsDown : public testing::TestWithParam<const char*> {
 protected:
  std::string named(const std::string& stem) const { return stem + GetParam(); }
  /// The song with the guitar's fader there, and the others' where somebody mixed them.
  std::string with_guitar(const std::string& stem, double db) const {
    return song.session(named(stem), {-3.0, db, -6.0, -7.5, -9.0});
  }
  SongFolder song{6.0};
};

TEST_P(WhatIsDown, IsSilentUntilItIsRaised) {
  const std::string path = with_guitar("down", down);
  const std::string bytes = gainstage::test::bytes_of(path);
  OpenDesk desk(path, "ebu-r128");
  ASSERT_TRUE(desk.wait_for_phase("ready")) << desk.state()["failure"];
  const std::string guitar = strip_called(desk, "guitar");
  EXPECT_TRUE(desk.state()["strips"][guitar]["fader_db"].is_null());
  EXPECT_TRUE(desk.state()["strips"][guitar]["levels"]["fader_out"]["peak_dbfs"].is_null());
  EXPECT_TRUE(desk.state()["strips"][guitar]["levels"]["insert_in"]["peak_dbfs"].is_number());
  EXPECT_FALSE(is_in_a_step(desk, guitar)) << "in a mix, what is down is meant so";
  EXPECT_TRUE(says(desk, "guitar is down in the session: the plan leaves it out until it is raised."));
  EXPECT_FALSE(desk.state()["save"]["dirty"].get<bool>());
  EXPECT_NEAR(integrated(desk).get<double>(), played(path).integrated.value, agreed_lu);
  ASSERT_TRUE(save(desk, {"session"}, {{"session", named("same")}}));
  EXPECT_EQ(gainstage::test::bytes_of(song.path(named("same"))), bytes);
  EXPECT_EQ(gainstage::test::bytes_of(path), bytes);

  // The plan leaves it where it is, whatever the strength.
  desk.must({{"do", "strength"}, {"percent", 100}});
  EXPECT_TRUE(desk.state()["strips"][guitar]["fader_db"].is_null());
  EXPECT_NEAR(integrated(desk).get<double>(), -23.0, 0.06);
}

TEST_P(WhatIsDown, IsHeardPredictedAndSavedWhereItIsRaisedTo) {
  OpenDesk desk(with_guitar("down", down));
  ASSERT_TRUE(desk.wait_for_phase("ready")) << desk.state()["failure"];
  const std::string guitar = strip_called(desk, "guitar");
  const std::string wanted = with_guitar("wanted", raised_db);
  // In Ardour a mono track is written 3 dB higher than it is heard; the guitar is stereo.
  desk.must(gain(guitar, "fader", raised_db));
  const Measure reference = played(wanted);
  EXPECT_NEAR(integrated(desk).get<double>(), reference.integrated.value, agreed_lu);
  EXPECT_GE(desk.state()["prediction"]["true_peak_dbtp"].get<double>(), reference.true_peak.value - 0.001);
  EXPECT_EQ(desk.state()["strips"][guitar]["moved_db"], raised_db);
  EXPECT_TRUE(desk.state()["strips"][guitar]["levels"]["fader_out"]["peak_dbfs"].is_number());
  ASSERT_TRUE(desk.wait_for_exact_peak());
  EXPECT_NEAR(desk.state()["prediction"]["true_peak_dbtp"].get<double>(), reference.true_peak.value, 0.01);
  ASSERT_TRUE(desk.wait_for_phase("ready"));
  EXPECT_TRUE(is_in_a_step(desk, guitar)) << "raised, it is planned";

  ASSERT_TRUE(save(desk, {"session", "mix", "report"},
                   {{"session", named("raised")}, {"mix", "raised.wav"}, {"report", "raised.html"}}));
  EXPECT_NEAR(played(song.path(named("raised"))).integrated.value, reference.integrated.value, agreed_lu);
  EXPECT_NEAR(played(song.path(named("raised"))).true_peak.value, reference.true_peak.value, 0.001);
  const Channels mix = samples_of(song.path("raised.wav"));
  EXPECT_LE(difference(heard(desk, mix[0].size()), mix), 1e-4);
  const Json report = Json::parse(gainstage::test::bytes_of(song.path("raised.json")));
  const auto stage = std::ranges::find(report["stages"], Json("guitar: fader"),
                                       [](const Json& entry) { return entry["stage"]; });
  ASSERT_NE(stage, report["stages"].end());
  EXPECT_TRUE((*stage)["from_db"].is_null());
  EXPECT_NEAR((*stage)["to_db"].get<double>(), raised_db, 0.001);
}

TEST_P(WhatIsDown, IsUndoneComparedStoredAndKept) {
  const std::string path = with_guitar("down", down);
  std::string guitar;
  {
    OpenDesk desk(path);
    ASSERT_TRUE(desk.wait_for_phase("ready")) << desk.state()["failure"];
    guitar = strip_called(desk, "guitar");
    const std::size_t strip = std::stoul(guitar.substr(1));
    const double before = integrated(desk);
    desk.must({{"do", "store"}, {"slot", "A"}});
    desk.must(gain(guitar, "fader", raised_db));
    const double after = integrated(desk);
    EXPECT_GT(after, before + 0.05);
    desk.must({{"do", "compare"}, {"on", true}, {"hears", "before"}});
    EXPECT_EQ(desk->live().strips[strip].fader, 0.0);
    EXPECT_NEAR(desk.state()["compare"]["matched_db"].get<double>(), after - before, 0.01);
    desk.must({{"do", "compare"}, {"on", false}});
    desk.must({{"do", "undo"}});
    EXPECT_TRUE(desk.state()["strips"][guitar]["fader_db"].is_null());
    EXPECT_NEAR(integrated(desk).get<double>(), before, 1e-6);
    EXPECT_EQ(desk->live().strips[strip].fader, 0.0);
    EXPECT_FALSE(desk.state()["save"]["dirty"].get<bool>());
    desk.must({{"do", "redo"}});
    EXPECT_NEAR(integrated(desk).get<double>(), after, 1e-6);
    desk.must({{"do", "recall"}, {"slot", "A"}});
    EXPECT_TRUE(desk.state()["strips"][guitar]["fader_db"].is_null());
    desk.must({{"do", "undo"}});
    desk.must(gain(strip_called(desk, "voice"), "fader", nullptr));
  }
  OpenDesk again(path);
  ASSERT_TRUE(again.wait_for_phase("ready"));
  again.must({{"do", "undo"}});
  EXPECT_EQ(again.state()["strips"][guitar]["fader_db"], raised_db);
  again.must({{"do", "reset"}});
  EXPECT_TRUE(again.state()["strips"][guitar]["fader_db"].is_null());
  EXPECT_FALSE(again.state()["save"]["dirty"].get<bool>());
}

TEST_P(WhatIsDown, OfAWholeSessionIsBroughtUpByThePlan) {
  const std::string path = song.session(named("down"), all_down);
  const std::string bytes = gainstage::test::bytes_of(path);
  OpenDesk desk(path, "ebu-r128");
  ASSERT_TRUE(desk.wait_for_phase("ready")) << desk.state()["failure"];
  EXPECT_TRUE(has_note(desk, "all-down"));
  EXPECT_FALSE(has_note(desk, "rough-mix"));
  EXPECT_TRUE(integrated(desk).is_null());
  EXPECT_TRUE(desk.state()["prediction"]["true_peak_dbtp"].is_null());
  ASSERT_TRUE(save(desk, {"session"}, {{"session", named("same")}}));
  EXPECT_EQ(gainstage::test::bytes_of(song.path(named("same"))), bytes);

  // A hand that raises a fader makes no other plan.
  desk.must(gain(strip_called(desk, "kick"), "fader", -12.0));
  EXPECT_EQ(desk.state()["phase"], "ready");
  desk.must({{"do", "undo"}});

  // Heard as it comes up with the strength.
  double before = down;
  for (const int percent : {10, 50, 100}) {
    desk.must({{"do", "strength"}, {"percent", percent}});
    const double now = integrated(desk);
    EXPECT_GT(now, before) << percent;
    before = now;
  }
  EXPECT_NEAR(before, -23.0, 0.06);
  ASSERT_TRUE(save(desk, {"session"}, {{"session", named("planned")}}));
  EXPECT_NEAR(played(song.path(named("planned"))).integrated.value, -23.0, 0.06);

  // And step by step.
  before = down;
  const Json steps = desk.state()["method"]["steps"];
  for (const Json& step : steps) {
    desk.must({{"do", "step"}, {"step", step["id"]}});
    ASSERT_TRUE(desk.wait_for_phase("ready"));
    double loudest = 0.0;
    for (const LiveSettings::Strip& strip : desk->live().strips) loudest += strip.fader;
    EXPECT_EQ(step["id"] == "down", loudest == 1.0) << "but for the master";
  }
  EXPECT_NEAR(integrated(desk).get<double>(), -23.0, 0.06);
  desk.must({{"do", "strength"}, {"percent", 0}});
  EXPECT_TRUE(integrated(desk).is_null());
}

/// The text with what follows a place in it replaced, up to the next quote.
std::string with_value(std::string text, const std::vector<std::string>& way, const std::string& value) {
  std::size_t at = 0;
  for (const std::string& step : way) {
    at = text.find(step, at);
    EXPECT_NE(at, std::string::npos) << step;
    at += step.size();
  }
  return text.replace(at, text.find('"', at) - at, value);
}

// In Ardour a VCA's part in its members' gain is told from where it was assigned.
TEST(WhatIsDownInArdour, IsRaisedOfAVcaAndTheMaster) {
  const SongFolder song(6.0);
  const std::string plain = gainstage::test::bytes_of(song.session("plain.ardour", {-3, -4, -5, -6, -7}));
  const auto session = [&](const std::string& name, double vca, double master) {
    std::string text = with_value(plain, {"<Route ", "name=\"Master\"", "name=\"gaincontrol\"", "value=\""},
                                  fmt::format("{}", master));
    const std::size_t guitar = text.find("name=\"guitar\"", text.find("<Routes>"));
    const std::size_t control = text.find("name=\"gaincontrol\"", guitar);
    const std::size_t end = text.find("/>", control);
    EXPECT_NE(end, std::string::npos);
    text.replace(end, 2, "><masters><master id=\"99001\" val-master=\"0.5\"/></masters></Controllable>");
    const std::string none = "<Slavable/>";
    text.replace(text.find(none, control), none.size(), "<Slavable><Master number=\"1\"/></Slavable>");
    text.insert(text.find("<Routes>"),
                fmt::format("<VCAManager><VCA name=\"Band\" number=\"1\"><Controllable name=\"gaincontrol\" "
                            "id=\"99001\" value=\"{}\"/></VCA></VCAManager>",
                            vca));
    std::ofstream(song.path(name)) << text;
    return song.path(name);
  };
  const double low = to_ratio(Db{-9.0});
  const std::string down_vca = session("vca.ardour", 0.0, 1.0);
  const double wanted = played(session("wanted.ardour", low, 1.0)).integrated.value;
  const double quiet = played(down_vca).integrated.value;
  EXPECT_GT(wanted, quiet + 0.05) << "or the VCA does nothing";
  const auto check = [&](const std::string& path, const std::string& strip, double before, double after) {
    OpenDesk desk(path);
    ASSERT_TRUE(desk.wait_for_phase("ready")) << desk.state()["failure"];
    const std::string id = strip_called(desk, strip);
    if (std::isfinite(before)) {
      EXPECT_NEAR(integrated(desk).get<double>(), before, agreed_lu);
    } else {
      EXPECT_TRUE(integrated(desk).is_null());
    }
    desk.must(gain(id, "fader", -9.0));
    EXPECT_NEAR(integrated(desk).get<double>(), after, agreed_lu);
    ASSERT_TRUE(save(desk, {"session"}, {{"session", strip + "-raised.ardour"}}));
    EXPECT_NEAR(played(song.path(strip + "-raised.ardour")).integrated.value, after, 1e-4);
  };
  check(down_vca, "Band", quiet, wanted);
  check(session("master.ardour", 0.7, 0.0), "Master", down,
        played(session("wanted.ardour", 0.7, low)).integrated.value);
}

INSTANTIATE_TEST_SUITE_P(Formats, WhatIsDown, testing::Values(".ardour", ".rpp", ".dawproject"),
                         [](const auto& format) { return std::string(format.param).substr(1); });

}  // namespace
}  // namespace gainstage::desk
