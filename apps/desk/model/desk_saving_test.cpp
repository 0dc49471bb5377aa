// SPDX-License-Identifier: MIT
// What a desk saves, and what it refuses to.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "desk.h"
#include "engine/engine.h"
#include "test_desk.h"

namespace gainstage::desk {
namespace {

namespace fs = std::filesystem;
using test::gain;
using test::OpenDesk;
using test::SongFolder;

/// Waits for a save to end; true where nothing failed.
bool saved(OpenDesk& desk) {
  if (!desk.wait([&] {
        const Json& job = desk.state()["job"];
        return job.is_null() || job["what"] == "measuring the true peak";
      }))
    return false;
  for (const Json& note : desk.state()["notes"]) {
    if (note["code"] == "save-failed") return false;
  }
  return true;
}

TEST(DeskOnStems, SavesSessionMixStemsAndReport) {
  const SongFolder song(4.0);
  OpenDesk desk(song.stems(), "ebu-r128");
  ASSERT_TRUE(desk.wait_for_phase("ready"));
  desk.must({{"do", "strength"}, {"percent", 100}});
  EXPECT_TRUE(desk.state()["save"]["dirty"]);
  desk.must({{"do", "save"}, {"what", {"session", "mix", "stems", "report"}}});
  EXPECT_FALSE(desk.refusal({{"do", "save"}, {"what", {"mix"}}}).empty()) << "one at a time";
  ASSERT_TRUE(saved(desk)) << desk.state()["notes"].dump(1);
  EXPECT_FALSE(desk.state()["save"]["dirty"]);
  for (const char* name :
       {"song-staged.ardour", "song-mix.wav", "song-stems/kick.wav", "song-staged.report.json"})
    EXPECT_TRUE(fs::exists(song.path(name))) << name;
  const auto mix = measure_file(song.path("song-mix.wav"), {});
  ASSERT_TRUE(mix);
  EXPECT_NEAR(mix->measure.integrated.value, -23.0, 0.06);
  // The stems of a save, mixed as they are, are the mix.
  const auto stems = load_stems(song.path("song-stems"));
  ASSERT_TRUE(stems);
  OpenDesk session(song.path("song-staged.ardour"), "ebu-r128");
  ASSERT_TRUE(session.wait_for_phase("ready")) << session.state()["failure"];
  EXPECT_NEAR(session.state()["prediction"]["integrated_lufs"].get<double>(), mix->measure.integrated.value,
              0.02);
  // Again only when it is said.
  EXPECT_FALSE(desk.refusal({{"do", "save"}, {"what", {"mix"}}}).empty());
  desk.must({{"do", "save"}, {"what", {"mix"}}, {"force", true}});
  ASSERT_TRUE(saved(desk));
}

TEST(DeskOnASession, SavesAnotherSessionThatPlaysWhatWasPredicted) {
  const SongFolder song(5.0);
  const std::string path = song.ardour();
  const std::string bytes = gainstage::test::bytes_of(path);
  OpenDesk desk(path);
  ASSERT_TRUE(desk.wait_for_phase("ready"));
  desk.must({{"do", "strength"}, {"percent", 40}});
  desk.must(gain("s2", "fader", nullptr));
  ASSERT_TRUE(desk.wait_for_exact_peak());
  const Json prediction = desk.state()["prediction"];
  desk.must({{"do", "save"}, {"what", {"session", "report"}}, {"names", {{"session", "after.ardour"}}}});
  ASSERT_TRUE(saved(desk)) << desk.state()["notes"].dump(1);
  EXPECT_EQ(gainstage::test::bytes_of(path), bytes);
  const Json entry = desk.state()["save"]["saved"][0];
  EXPECT_NEAR(entry["measured"]["integrated_lufs"].get<double>(), prediction["integrated_lufs"].get<double>(),
              0.02);
  OpenDesk after(song.path("after.ardour"));
  ASSERT_TRUE(after.wait_for_phase("ready")) << after.state()["failure"];
  EXPECT_NEAR(after.state()["prediction"]["integrated_lufs"].get<double>(),
              prediction["integrated_lufs"].get<double>(), 0.02);
}

TEST(DeskOnStems, RefusesNamesThatLeadElsewhere) {
  const SongFolder song(3.0);
  std::ofstream(song.path("precious.wav")) << "not ours";
  OpenDesk desk(song.stems());
  ASSERT_TRUE(desk.wait_for_phase("ready"));
  for (const char* name : {"../mix.wav", "/tmp/mix.wav", "a/b.wav", "a\\b.wav", ".mix.wav", "mix", "mix.exe",
                           "", "..", "song", "mix.wav\n", "C:mix.wav", "precious.wav", " mix.wav"}) {
    for (const bool force : {false, true})
      EXPECT_FALSE(
          desk.refusal({{"do", "save"}, {"what", {"mix"}}, {"names", {{"mix", name}}}, {"force", force}})
              .empty())
          << name;
  }
  const char* const wrong[] = {
      R"({"do":"save"})",
      R"({"do":"save","what":"mix"})",
      R"({"do":"save","what":[]})",
      R"({"do":"save","what":["mix","mix"]})",
      R"({"do":"save","what":["soup"]})",
      R"({"do":"save","what":[7]})",
      R"({"do":"save","what":["mix"],"names":["a"]})",
      R"({"do":"save","what":["mix"],"names":{"mix":7}})",
      R"({"do":"save","what":["mix"],"force":"yes"})",
      R"({"do":"save","what":["session"],"names":{"session":"x.xml"}})",
      R"({"do":"save","what":["stems"],"names":{"stems":"song"}})",
      R"({"do":"save","what":["report"],"names":{"report":"x.pdf"}})",
      R"({"do":"store","slot":"E"})",
      R"({"do":"store"})",
      R"({"do":"recall","slot":"A"})",
      R"({"do":"recall","slot":"AB"})",
      R"({"do":"undo"})",
      R"({"do":"explode"})",
      R"({"do":7})",
      R"({})",
      R"([])",
      R"(null)",
  };
  for (const char* const text : wrong) EXPECT_FALSE(desk.refusal(Json::parse(text)).empty()) << text;
  EXPECT_EQ(gainstage::test::bytes_of(song.path("precious.wav")), "not ours");
}

TEST(DeskOnStems, ASaveCanBeCancelled) {
  const SongFolder song(60.0);
  OpenDesk desk(song.stems());
  ASSERT_TRUE(desk.wait_for_phase("ready"));
  desk.must({{"do", "save"}, {"what", {"mix", "stems", "report"}}});
  desk.must({{"do", "cancel"}});
  saved(desk);
  EXPECT_TRUE(desk.state()["job"].is_null() || desk.state()["job"]["what"] == "measuring the true peak");
  EXPECT_FALSE(fs::exists(song.path("song-stems")));
}

}  // namespace
}  // namespace gainstage::desk
