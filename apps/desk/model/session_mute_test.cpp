// SPDX-License-Identifier: MIT
// What the session mutes and the desk unmutes is heard, predicted, planned and saved.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "desk.h"
#include "engine/engine.h"
#include "test_desk.h"
#include "workspace/daw_session.h"

namespace gainstage::desk {
namespace {

using namespace test;

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The song's Ardour session in which the guitar is muted, and its strip.
struct MutedSong {
  MutedSong() : path(song.ardour()), open_path(song.path("open.ardour")) {
    std::filesystem::copy_file(path, open_path);
    std::string text = text_of(path);
    std::size_t route = text.find("<Route ");
    while (route != std::string::npos &&
           text.substr(route, text.find('>', route) - route).find("\"guitar") == std::string::npos)
      route = text.find("<Route ", route + 1);
    const std::size_t mute = text.find("muted=\"0\"", route);
    EXPECT_NE(mute, std::string::npos);
    text[mute + 7] = '1';
    std::ofstream(path) << text;
  }

  SongFolder song{6.0};
  std::string path;
  std::string open_path;  ///< The same without the mute.
};

std::string guitar_of(OpenDesk& desk) { return strip_called(desk, "guitar"); }

Json mute(const std::string& strip, bool is_on) { return {{"do", "mute"}, {"strip", strip}, {"on", is_on}}; }

double predicted(OpenDesk& desk) { return desk.state()["prediction"]["integrated_lufs"]; }

TEST(SessionMute, IsLeftOutUntilTheDeskUnmutesIt) {
  const MutedSong song;
  OpenDesk desk(song.path);
  ASSERT_TRUE(desk.wait_for_phase("ready")) << desk.state()["failure"];
  const std::string guitar = guitar_of(desk);
  const std::size_t strip = std::stoul(guitar.substr(1));
  EXPECT_TRUE(desk.state()["strips"][guitar]["mute"].get<bool>());
  EXPECT_NEAR(predicted(desk), played(song.path).integrated.value, agreed_lu);
  EXPECT_EQ(desk->live().strips[strip].fader, 0.0);
  EXPECT_FALSE(desk->playable()->flow->strips[strip].mute.is_on) << "or no ratio makes it heard";
  EXPECT_FALSE(is_in_a_step(desk, guitar));
  EXPECT_FALSE(desk.state()["save"]["dirty"].get<bool>());

  desk.must(mute(guitar, false));
  EXPECT_FALSE(desk.state()["strips"][guitar]["mute"].get<bool>());
  EXPECT_NEAR(predicted(desk), played(song.open_path).integrated.value, agreed_lu);
  EXPECT_EQ(desk->live().strips[strip].fader, 1.0);
  EXPECT_TRUE(desk.state()["save"]["dirty"].get<bool>());
  ASSERT_TRUE(desk.wait_for_phase("ready"));
  EXPECT_TRUE(is_in_a_step(desk, guitar));
  EXPECT_EQ(desk.state()["undo"], "Unmute of guitar");

  desk.must({{"do", "compare"}, {"on", true}, {"hears", "before"}});
  EXPECT_EQ(desk->live().strips[strip].fader, 0.0);
  desk.must({{"do", "compare"}, {"on", false}});
  desk.must({{"do", "undo"}});
  EXPECT_TRUE(desk.state()["strips"][guitar]["mute"].get<bool>());
  EXPECT_FALSE(desk.state()["save"]["dirty"].get<bool>());
}

TEST(SessionMute, LevelsAreThoseOfTheSession) {
  const MutedSong song;
  OpenDesk desk(song.path);
  ASSERT_TRUE(desk.wait_for_phase("ready"));
  const auto master = [&]() -> const Json& {
    const auto strips = desk->session()["strips"];
    const auto found = std::ranges::find(strips, "master", [](const Json& s) { return s["kind"]; });
    return desk.state()["strips"][(*found)["id"].get<std::string>()]["levels"]["fader_out"];
  };
  EXPECT_NEAR(master()["integrated_lufs"].get<double>(), played(song.path).integrated.value, agreed_lu);
  desk.must(mute(guitar_of(desk), false));
  EXPECT_TRUE(master().is_null()) << "what feeds it is not what was heard";
}

TEST(SessionMute, IsSavedAsTheDeskHasIt) {
  const MutedSong song;
  OpenDesk desk(song.path);
  ASSERT_TRUE(desk.wait_for_phase("ready"));
  const std::string guitar = guitar_of(desk);
  const auto save = [&](const std::string& name) {
    desk.must({{"do", "save"},
               {"what", {"session", "mix"}},
               {"names", {{"session", name}, {"mix", name + ".wav"}}}});
    EXPECT_TRUE(desk.wait(
        [&] { return desk.state()["save"]["saved"].size() % 2 == 0 && desk.state()["job"].is_null(); }));
    EXPECT_NEAR(played(song.song.path(name)).integrated.value, predicted(desk), agreed_lu);
    const auto mix = measure_file(song.song.path(name + ".wav"), {});
    EXPECT_TRUE(mix);
    EXPECT_NEAR(mix->measure.integrated.value, predicted(desk), agreed_lu);
  };
  desk.must(gain(guitar, "fader", -9.0));
  ASSERT_TRUE(desk.wait_for_exact_peak());
  save("muted.ardour");
  desk.must(mute(guitar, false));
  ASSERT_TRUE(desk.wait_for_exact_peak());
  save("unmuted.ardour");
}

TEST(SessionMute, IsSilenceInTheReport) {
  const MutedSong song;
  OpenDesk desk(song.path);
  ASSERT_TRUE(desk.wait_for_phase("ready"));
  desk.must(gain(strip_called(desk, "bass"), "fader", nullptr));
  desk.must({{"do", "save"}, {"what", {"report"}}, {"names", {{"report", "song.html"}}}});
  ASSERT_TRUE(desk.wait([&] { return !desk.state()["save"]["saved"].empty(); }));
  const Json report = Json::parse(text_of(song.song.path("song.json")));
  std::size_t silent = 0;
  for (const Json& track : report["tracks"]) {
    EXPECT_TRUE(track["stages"]["fader_db"].is_number()) << track["name"];
    EXPECT_EQ(track["total_db"].is_null(), track["silent"].get<bool>()) << track["name"];
    silent += track["silent"].get<bool>() ? 1 : 0;
  }
  EXPECT_EQ(silent, 2U);
}

TEST(SessionMute, OfTheDeskIsTakenUpAgain) {
  const MutedSong song;
  std::string guitar;
  {
    OpenDesk desk(song.path);
    ASSERT_TRUE(desk.wait_for_phase("ready"));
    guitar = guitar_of(desk);
    desk.must(mute(guitar, false));
  }
  OpenDesk again(song.path);
  ASSERT_TRUE(again.wait_for_phase("ready"));
  EXPECT_FALSE(again.state()["strips"][guitar]["mute"].get<bool>());
  again.must({{"do", "reset"}});
  EXPECT_TRUE(again.state()["strips"][guitar]["mute"].get<bool>());
}

}  // namespace
}  // namespace gainstage::desk
