// SPDX-License-Identifier: MIT
// Buses, VCAs, trims and the master that the session has at minus infinity, and buses that it mutes.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "desk.h"
#include "engine/engine.h"
#include "test_desk.h"
#include "workspace/daw_session.h"

namespace gainstage::desk {
namespace {

using namespace test;

const std::string zeros_20 = "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0";

/// A REAPER project: kick and hats in a folder, the voice with a send to a bus, the guitar behind a VCA.
struct Song {
  std::map<std::string, double> faders = {{"Drums", 0.7}, {"kick", 0.4},   {"hats", 0.5},
                                          {"bass", 0.6},  {"voice", 0.45}, {"Verb", 0.8},
                                          {"VCA", 0.9},   {"guitar", 0.5}, {"Master", 0.75}};
  std::set<std::string> muted = {};
  int send_mode = 0;  ///< 0 behind the fader, 3 before it.
  std::string guitar_envelope = {};

  std::string text(const SongFolder& song) const {
    const auto track = [&](const std::string& name, const std::string& lines) {
      const bool has_item = std::filesystem::exists(song.stems() + "/" + name + ".wav");
      const std::string item = fmt::format(
          "<ITEM\nPOSITION 0\nLENGTH 6\nLOOP 0\nFADEIN 0 0 0\nFADEOUT 0 0 0\n<SOURCE WAVE\nFILE "
          "\"{}/{}.wav\"\n>\n>\n",
          song.stems(), name);
      return fmt::format("<TRACK\nNAME {}\nAUTOMODE 1\nVOLPAN {} 0 -1\nMUTESOLO {} 0 0\n{}{}>\n", name,
                         faders.at(name), muted.contains(name) ? 1 : 0, lines, has_item ? item : "");
    };
    return fmt::format(
               "<REAPER_PROJECT 0.1 \"6.83/x64\" 1\nSAMPLERATE 48000 1 0\nMASTER_VOLUME {} 0 -1 -1 1\n",
               faders.at("Master")) +
           track("Drums", "ISBUS 1 1\n") + track("kick", "") + track("hats", "ISBUS 2 -1\n") +
           track("bass", "") + track("voice", "") +
           track("Verb", fmt::format("AUXRECV 4 {} 0.6 0 0 0 0 0 0 -1:U 0 -1 ''\n", send_mode)) +
           track("guitar", "GROUP_FLAGS " + zeros_20 + " 0 1\n" + guitar_envelope) +
           track("VCA", "GROUP_FLAGS " + zeros_20 + " 1\n") + ">\n";
  }
  std::string write(const SongFolder& song, const std::string& name) const {
    std::ofstream(song.path(name)) << text(song);
    return song.path(name);
  }
};

/// -200 where it is silent.
double integrated(OpenDesk& desk) {
  const Json& value = desk.state()["prediction"]["integrated_lufs"];
  return value.is_null() ? -200.0 : value.get<double>();
}

double finite(Lufs loudness) { return std::isfinite(loudness.value) ? loudness.value : -200.0; }

void save_session(OpenDesk& desk, const std::string& name) {
  const std::size_t before = desk.state()["save"]["saved"].size();
  desk.must({{"do", "save"}, {"what", {"session"}}, {"names", {{"session", name}}}});
  ASSERT_TRUE(desk.wait([&] { return desk.state()["save"]["saved"].size() > before; }));
}

void strength(OpenDesk& desk, double percent) {
  ASSERT_TRUE(desk.wait_for_phase("ready"));
  desk.must({{"do", "strength"}, {"percent", percent}});
}

class DownOnTheDesk : public testing::TestWithParam<const char*> {};

TEST_P(DownOnTheDesk, IsAsTheSessionUntilItIsRaised) {
  const std::string name = GetParam();
  const SongFolder song(6.0);
  Song session;
  session.faders[name] = 0.0;
  const std::string path = session.write(song, "down.rpp");
  OpenDesk desk(path, "ebu-r128");
  ASSERT_TRUE(desk.wait_for_phase("ready")) << desk.state()["failure"];
  EXPECT_NEAR(integrated(desk), finite(played(path).integrated), agreed_lu);
  save_session(desk, "same.rpp");
  EXPECT_EQ(gainstage::test::bytes_of(song.path("same.rpp")), gainstage::test::bytes_of(path));

  constexpr double raised_db = -7.5;
  session.faders[name] = to_ratio(Db{raised_db});
  const std::string wanted = session.write(song, "wanted.rpp");
  desk.must(gain(strip_called(desk, name), "fader", raised_db));
  EXPECT_NEAR(integrated(desk), played(wanted).integrated.value, agreed_lu);
  ASSERT_TRUE(desk.wait_for_exact_peak());
  EXPECT_NEAR(desk.state()["prediction"]["true_peak_dbtp"].get<double>(), played(wanted).true_peak.value,
              0.01);
  save_session(desk, "raised.rpp");
  EXPECT_NEAR(played(song.path("raised.rpp")).integrated.value, played(wanted).integrated.value, 1e-4);
  desk.must({{"do", "undo"}});
  EXPECT_NEAR(integrated(desk), finite(played(path).integrated), agreed_lu);
}

// Law: the plan meets the target with what is down left out of it, and with it once it is raised.
TEST_P(DownOnTheDesk, IsPlannedOnceItIsRaised) {
  const std::string name = GetParam();
  const SongFolder song(6.0);
  Song session;
  session.faders[name] = 0.0;
  OpenDesk desk(session.write(song, "down.rpp"), "ebu-r128");
  const bool is_all = name == "Master";  // Then nothing is heard, and the plan brings it up.
  ASSERT_TRUE(desk.wait_for_phase("ready")) << desk.state()["failure"];
  const std::string strip = strip_called(desk, name);
  strength(desk, 100);
  EXPECT_NEAR(integrated(desk), -23.0, 0.06);
  EXPECT_EQ(desk.state()["strips"][strip]["fader_db"].is_null(), !is_all);
  strength(desk, 0);
  desk.must(gain(strip, "fader", -6.0));
  strength(desk, 100);
  EXPECT_NEAR(integrated(desk), -23.0, 0.06);
  EXPECT_FALSE(desk.state()["strips"][strip]["fader_db"].is_null());
  save_session(desk, "planned.rpp");
  EXPECT_NEAR(played(song.path("planned.rpp")).integrated.value, -23.0, 0.06);
}

INSTANTIATE_TEST_SUITE_P(Stages, DownOnTheDesk, testing::Values("Drums", "Verb", "VCA", "Master", "voice"),
                         [](const auto& stage) { return std::string(stage.param); });

TEST(WhatADownBusKeeps, IsNotPlannedUntilTheBusIsRaised) {
  const SongFolder song(6.0);
  Song session;
  session.faders["Drums"] = 0.0;
  OpenDesk desk(session.write(song, "down.rpp"), "ebu-r128");
  ASSERT_TRUE(desk.wait_for_phase("ready"));
  EXPECT_FALSE(is_in_a_step(desk, strip_called(desk, "kick")));
  const std::string drums = strip_called(desk, "Drums");
  EXPECT_TRUE(desk.state()["strips"][drums]["levels"]["insert_in"]["peak_dbfs"].is_number());
  desk.must(gain(drums, "fader", -3.0));
  ASSERT_TRUE(desk.wait_for_phase("ready"));
  EXPECT_TRUE(is_in_a_step(desk, strip_called(desk, "kick")));
}

// Automation elsewhere opens no way that a fader keeps closed.
TEST(AllFadersDown, IsSeenBesidesAutomatedPans) {
  const SongFolder song(6.0);
  Song session;
  for (const char* const name : {"kick", "hats", "bass", "voice", "VCA"}) session.faders[name] = 0.0;
  session.guitar_envelope = "<PANENV2\nACT 1 -1\nPT 0 0.5 0\nPT 4 -0.5 0\n>\n";
  OpenDesk desk(session.write(song, "down.rpp"), "ebu-r128");
  ASSERT_TRUE(desk.wait_for_phase("ready"));
  EXPECT_EQ(integrated(desk), -200.0);
  strength(desk, 100);
  EXPECT_NEAR(integrated(desk), -23.0, 0.06);
  // What is locked stays down, and out of the plan.
  strength(desk, 0);
  const std::string voice = strip_called(desk, "voice");
  desk.must({{"do", "lock"}, {"strip", voice}, {"on", true}});
  strength(desk, 100);
  EXPECT_TRUE(desk.state()["strips"][voice]["fader_db"].is_null());
  EXPECT_NEAR(integrated(desk), -23.0, 0.06);
}

TEST(DownTrim, IsRaisedByItsEnvelope) {
  const SongFolder song(6.0);
  Song session;
  session.guitar_envelope = "<VOLENV\nACT 1 -1\nPT 0 0 0\nPT 4 0 0\n>\n";
  OpenDesk desk(session.write(song, "down.rpp"));
  ASSERT_TRUE(desk.wait_for_phase("ready"));
  const std::string guitar = strip_called(desk, "guitar");
  EXPECT_TRUE(desk.state()["strips"][guitar]["trim_db"].is_null());
  session.guitar_envelope = "<VOLENV\nACT 1 -1\nPT 0 0.5 0\nPT 4 0.5 0\n>\n";
  desk.must(gain(guitar, "trim", to_db(0.5).value));
  const double wanted = played(session.write(song, "wanted.rpp")).integrated.value;
  EXPECT_NEAR(integrated(desk), wanted, agreed_lu);
  save_session(desk, "raised.rpp");
  EXPECT_NEAR(played(song.path("raised.rpp")).integrated.value, wanted, 1e-4);
}

TEST(FaderAutomation, ThatIsDownForAWhileStaysSo) {
  const SongFolder song(6.0);
  Song session;
  session.guitar_envelope = "<VOLENV2\nACT 1 -1\nPT 0 0.5 1\nPT 2 0 1\nPT 4 0.8 0\n>\n";
  const std::string path = session.write(song, "song.rpp");
  OpenDesk desk(path);
  ASSERT_TRUE(desk.wait_for_phase("ready"));
  const std::string guitar = strip_called(desk, "guitar");
  EXPECT_NEAR(desk.state()["strips"][guitar]["fader_db"].get<double>(), to_db(0.8).value, 1e-9);
  EXPECT_NEAR(integrated(desk), played(path).integrated.value, agreed_lu);
  desk.must(gain(guitar, "fader", to_db(0.4).value));
  session.guitar_envelope = "<VOLENV2\nACT 1 -1\nPT 0 0.25 1\nPT 2 0 1\nPT 4 0.4 0\n>\n";
  const double wanted = played(session.write(song, "wanted.rpp")).integrated.value;
  EXPECT_NEAR(integrated(desk), wanted, agreed_lu);
  save_session(desk, "moved.rpp");
  EXPECT_NEAR(played(song.path("moved.rpp")).integrated.value, wanted, 1e-4);
}

struct MuteCase {
  const char* strip;
  int send_mode;
};

class MutedOnTheDesk : public testing::TestWithParam<MuteCase> {};

TEST_P(MutedOnTheDesk, IsLeftOutUntilItIsUnmuted) {
  const std::string name = GetParam().strip;
  const SongFolder song(6.0);
  Song session;
  session.send_mode = GetParam().send_mode;
  const std::string open_path = session.write(song, "open.rpp");
  session.muted = {name};
  const std::string path = session.write(song, "muted.rpp");
  OpenDesk desk(path, "ebu-r128");
  ASSERT_TRUE(desk.wait_for_phase("ready")) << desk.state()["failure"];
  const std::string strip = strip_called(desk, name);
  EXPECT_TRUE(desk.state()["strips"][strip]["mute"].get<bool>());
  EXPECT_NEAR(integrated(desk), played(path).integrated.value, agreed_lu);
  strength(desk, 100);
  EXPECT_NEAR(integrated(desk), -23.0, 0.06) << "what is muted is not in the plan";
  strength(desk, 0);

  desk.must({{"do", "mute"}, {"strip", strip}, {"on", false}});
  EXPECT_NEAR(integrated(desk), played(open_path).integrated.value, agreed_lu);
  EXPECT_TRUE(desk.state()["strips"][strip]["levels"]["fader_out"]["peak_dbfs"].is_number());
  save_session(desk, "unmuted.rpp");
  EXPECT_EQ(gainstage::test::bytes_of(song.path("unmuted.rpp")), gainstage::test::bytes_of(open_path));
  strength(desk, 100);
  OpenDesk open(open_path, "ebu-r128");
  strength(open, 100);
  EXPECT_NEAR(integrated(desk), integrated(open), 1e-3) << "and unmuted it is";
}

INSTANTIATE_TEST_SUITE_P(Strips, MutedOnTheDesk,
                         testing::Values(MuteCase{"Drums", 0}, MuteCase{"Verb", 0}, MuteCase{"voice", 0},
                                         MuteCase{"voice", 3}, MuteCase{"Verb", 3}),
                         [](const auto& mute) {
                           return std::string(mute.param.strip) + (mute.param.send_mode == 3 ? "Early" : "");
                         });

}  // namespace
}  // namespace gainstage::desk
