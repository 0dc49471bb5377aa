// SPDX-License-Identifier: MIT
// Sessions and desks for the tests of this folder.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "audio_file/test_files.h"
#include "desk.h"
#include "engine/engine.h"
#include "engine/test_session.h"
#include "moves.h"
#include "session_at.h"
#include "workspace/daw_session.h"
#include "workspace/new_session.h"
#include "workspace/stems.h"

namespace gainstage::desk::test {

/// A flow as desks have them: four tracks, two of them into a bus, a VCA over two, a master.
///   s0 Kick -> s3 Drums, s1 Snare -> s3 Drums, s2 Voice -> master, s3 Drums -> s5 master, s4 Guitar ->
///   master
inline Session small_flow() {
  Session session;
  session.name = "small";
  session.sample_rate_hz = 48000.0;
  SignalFlow flow;
  flow.format = "ardour";
  flow.master = 5;
  const auto strip = [&](const std::string& name, StripKind kind, std::optional<std::size_t> to) {
    Strip own{.id = "id-" + name, .name = name, .kind = kind};
    own.trim.writable = GainControl::Range{10.0};
    own.fader.writable = GainControl::Range{2.0};
    if (to) own.outputs.push_back({.to = *to});
    flow.strips.push_back(own);
  };
  strip("Kick", StripKind::track, 3);
  strip("Snare", StripKind::track, 3);
  strip("Voice", StripKind::track, 5);
  strip("Drums", StripKind::bus, 5);
  strip("Guitar", StripKind::track, 5);
  strip("Master", StripKind::master, std::nullopt);
  flow.strips[0].fader.ratio = 0.5;
  Vca vca{.id = "vca-band", .name = "Band"};
  vca.gain.writable = GainControl::Range{2.0};
  flow.vcas.push_back(vca);
  flow.strips[2].vcas = flow.strips[4].vcas = {0};
  for (const std::size_t s : {0U, 1U, 2U, 4U}) {
    session.tracks.push_back({.name = flow.strips[s].name,
                              .source_path = "",
                              .source_rate_hz = 48000.0,
                              .channels = 2,
                              .source_frames = 48000,
                              .strip = s});
  }
  session.flow = flow;
  return session;
}

/// A plan that moves every track, and steps through them.
inline PlacedPlan plan_of(const StageTable& table) {
  PlacedPlan plan;
  for (std::size_t i = 0; i < table.strips.size(); ++i) {
    Position at = own_position(table.strips[i]);
    if (table.strips[i].track) at.trim_db += 3.0 + static_cast<double>(i), at.fader_db -= 7.25;
    plan.before_raise.push_back(at);
    if (table.strips[i].track) at.fader_db += 5.5;
    plan.raised.push_back(at);
  }
  plan.steps = {{WalkStep::down, "Faders down", {}, "", {}},
                {WalkStep::low, "Low end", {0}, "", {}},
                {WalkStep::mid, "Mids", {1, 2, 4}, "", {}},
                {WalkStep::audibility, "Audibility", {}, "", {}},
                {WalkStep::raise, "Raise", {}, "", {}}};
  return plan;
}

/// A song of some seconds in a folder of its own.
class SongFolder {
 public:
  explicit SongFolder(double seconds = 8.0) {
    namespace gt = gainstage::test;
    std::filesystem::create_directory(stems());
    add("bass.wav", gt::phrases(0.5, 0.9), 1, seconds, 1);
    add("kick.wav", gt::phrases(0.9, 0.5), 1, seconds, 2);
    add("guitar.wav", gt::phrases(0.3, 1.3), 2, seconds, 3);
    add("voice.wav", gt::phrases(0.2, 1.7), 1, seconds, 4);
    add("hats.wav", gt::phrases(0.1, 0.25), 2, seconds, 5);
  }

  std::string folder() const { return folder_ / ""; }
  std::string path(const std::string& name) const { return folder_ / name; }
  std::string stems() const { return folder_ / "song"; }

  /// An Ardour session around the stems, its faders moved.
  std::string ardour() const { return session("song.ardour", {-3.0, -4.5, -6.0, -7.5, -9.0}); }

  /// A session around the stems, of the format that its name says; one fader for each of bass, guitar, hats,
  /// kick and voice, dB.
  std::string session(const std::string& name, const std::vector<double>& faders) const {
    const auto stems_session = load_stems(stems()).value();
    GainPlan plan;
    for (const Track& track : stems_session.session.tracks) {
      TrackPlan own;
      own.name = track.name;
      own.fader = Db{faders.at(plan.tracks.size())};
      plan.tracks.push_back(own);
    }
    const auto written = write_new_session(path(name), stems_session.session, plan, {});
    EXPECT_TRUE(written) << (written ? "" : written.error().sentence);
    return path(name);
  }

 private:
  void add(const std::string& name, const gainstage::test::Signal& signal, std::size_t channels,
           double seconds, unsigned seed) {
    const AudioBuffer samples = gainstage::test::render(signal, 48000.0, channels, seconds, seed);
    const auto written = gainstage::test::write_audio(
        stems() + "/" + name, {Container::wav, SampleFormat::float32, 48000.0, channels}, samples);
    if (!written) throw std::runtime_error(written.error().sentence);
  }

  gainstage::test::TemporaryFolder folder_;
};

inline constexpr double agreed_lu = 0.02;  ///< A prediction's distance from what a file measures, at most.

/// The command that moves a stage.
inline Json gain(const std::string& strip, const std::string& stage, const Json& db) {
  return {{"do", "gain"}, {"strip", strip}, {"stage", stage}, {"db", db}};
}

/// A desk that is polled as the server does.
class OpenDesk {
 public:
  explicit OpenDesk(const std::string& path, const std::string& target = "spotify") {
    DeskOptions options;
    options.path = path;
    options.target = target;
    options.threads = 2;
    desk_ = Desk::open(std::move(options));
  }

  Desk& operator*() { return *desk_; }
  Desk* operator->() { return desk_.get(); }
  const Json& state() const { return desk_->state(); }
  void close() { desk_.reset(); }

  /// Polls until the claim holds; false after a minute.
  template <typename Claim>
  bool wait(Claim claim) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(120);
    while (std::chrono::steady_clock::now() < end) {
      desk_->poll();
      if (claim()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return false;
  }
  bool wait_for_phase(const std::string& phase) {
    return wait([&] { return state()["phase"] == phase || state()["phase"] == "failed"; }) &&
           state()["phase"] == phase;
  }
  bool wait_for_exact_peak() {
    return wait([&] {
      return state()["prediction"].is_object() && state()["prediction"]["true_peak_is"] == "exact";
    });
  }

  Result<void> send(const Json& message) { return desk_->command(message); }
  /// Carries it out, and fails the test where the desk refuses.
  void must(const Json& message) {
    const auto done = send(message);
    EXPECT_TRUE(done) << message.dump() << ": " << (done ? "" : done.error().sentence);
  }
  /// The sentence of a refusal.
  std::string refusal(const Json& message) {
    const auto done = send(message);
    EXPECT_FALSE(done) << message.dump();
    return done ? "" : done.error().sentence;
  }

 private:
  std::unique_ptr<Desk> desk_;
};

/// What a DAW's session sounds like as it is written.
inline Measure played(const std::string& path) {
  const auto daw = load_daw_session(path, "");
  EXPECT_TRUE(daw) << (daw ? "" : daw.error().sentence);
  const auto measured = measure_mix(daw->session, {});
  EXPECT_TRUE(measured);
  return measured->measure;
}

inline std::string strip_called(OpenDesk& desk, const std::string& name) {
  std::string id;
  for (const Json& strip : desk->session()["strips"]) {
    // The leader of a VCA is a strip too, and comes before it.
    if (strip["name"] == name) id = strip["id"];
  }
  EXPECT_FALSE(id.empty()) << name;
  return id;
}

/// Whether a step of the method brings the strip in.
inline bool is_in_a_step(OpenDesk& desk, const std::string& strip) {
  const Json& steps = desk.state()["method"]["steps"];
  return std::ranges::any_of(steps, [&](const Json& step) {
    return std::ranges::find(step["tracks"], Json(strip)) != step["tracks"].end();
  });
}

}  // namespace gainstage::desk::test
