// SPDX-License-Identifier: MIT
// The loudness of a mix after a fader's move, told by MixLoudness against rendering and measuring it:
// speed_fader_move STEMS_DIR [MOVES]. Prints JSON; the moves' times are of one core.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <random>
#include <vector>

#include "audio_file/audio_reader.h"
#include "engine/engine.h"
#include "engine/mix_loudness.h"

namespace {

using namespace gainstage;
namespace fs = std::filesystem;

double now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Result<Session> open(const std::string& folder) {
  Session session;
  session.name = folder;
  session.sample_rate_hz = 48000.0;
  session.channels = 2;
  std::vector<std::string> paths;
  for (const auto& entry : fs::directory_iterator(folder)) paths.push_back(entry.path().string());
  std::ranges::sort(paths);
  for (const std::string& path : paths) {
    const auto reader = AudioReader::open(path);
    if (!reader) return tl::unexpected(reader.error());
    const std::string name = fs::path(path).filename().string();
    session.tracks.push_back(
        {name, path, reader->info().sample_rate_hz, reader->info().channels(), reader->info().frames});
  }
  return session;
}

struct Moves {
  std::vector<double> times_ms;
  std::vector<Db> gains;
};

/// Faders moved one by one, within 12 dB around where they are.
Moves move_faders(MixLoudness& mix, std::vector<Db> gains, std::size_t count) {
  Moves moves{{}, std::move(gains)};
  std::mt19937 random(1);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t track = random() % mix.tracks();
    const Db gain{-30.0 + static_cast<double>(random() % 1200) / 100.0};
    const double start_s = now_s();
    mix.set_gain(track, gain);
    const MixLoudness::Reading reading = mix.reading();
    if (std::isnan(reading.integrated.value)) std::abort();
    moves.times_ms.push_back((now_s() - start_s) * 1e3);
    moves.gains[track] = gain;
  }
  return moves;
}

Result<nlohmann::ordered_json> compare(const Session& session, MixLoudness::Detail detail,
                                       std::size_t count) {
  double start_s = now_s();
  auto mix = MixLoudness::measure(session, detail);
  if (!mix) return tl::unexpected(mix.error());
  const double measure_s = now_s() - start_s;
  std::vector<Db> gains(session.tracks.size(), Db{-24.0});
  mix->set_gains(gains);
  Moves moves = move_faders(*mix, std::move(gains), count);
  std::ranges::sort(moves.times_ms);

  const fs::path path =
      fs::temp_directory_path() / fmt::format("gainstage-fader-move-{}.wav", std::random_device{}());
  RenderOptions rendering;
  rendering.format.sample_format = SampleFormat::float32;
  start_s = now_s();
  const auto rendered = render_mix(session, moves.gains, path.string(), rendering);
  if (!rendered) return tl::unexpected(rendered.error());
  MeasureOptions measuring;
  measuring.with_spectrum = measuring.with_stereo = false;
  const auto measured = measure_file(path.string(), measuring);
  const double rendered_s = now_s() - start_s;
  fs::remove(path);
  if (!measured) return tl::unexpected(measured.error());

  const MixLoudness::Reading told = mix->reading();
  const Measure& heard = measured->measure;
  return nlohmann::ordered_json{
      {"detail", detail == MixLoudness::Detail::tenths ? "tenths" : "hundredths"},
      {"tracks", session.tracks.size()},
      {"measure_s", measure_s},
      {"move_ms", moves.times_ms[moves.times_ms.size() / 2]},
      {"move_ms_max", moves.times_ms.back()},
      {"render_and_measure_s", rendered_s},
      {"integrated_difference_lu", told.integrated.value - heard.integrated.value},
      {"momentary_max_difference_lu", told.momentary_max.value - heard.momentary_max.value},
      {"short_term_max_difference_lu", told.short_term_max.value - heard.short_term_max.value},
      {"loudness_range_difference_lu", told.loudness_range.value - heard.loudness_range.value}};
}

int complain(const Error& error) {
  fmt::print(stderr, "speed_fader_move: {}: {}\n", error.where.file, error.sentence);
  return 3;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t count = argc > 2 ? static_cast<std::size_t>(std::atoi(argv[2])) : 200;
  if (argc < 2 || count == 0) {
    fmt::print(stderr, "usage: speed_fader_move STEMS_DIR [MOVES]\n");
    return 2;
  }
  const auto session = open(argv[1]);
  if (!session) return complain(session.error());
  nlohmann::ordered_json results = nlohmann::ordered_json::array();
  for (const auto detail : {MixLoudness::Detail::tenths, MixLoudness::Detail::hundredths}) {
    auto result = compare(*session, detail, count);
    if (!result) return complain(result.error());
    results.push_back(std::move(*result));
  }
  fmt::print("{}\n", results.dump(2));
}
