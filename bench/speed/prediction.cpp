// SPDX-License-Identifier: MIT
// How long a desk takes to know its session, and to predict after a move: speed_prediction STEMS_DIR.
// Prints JSON.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <vector>

#include "audio_file/audio_reader.h"
#include "engine/engine.h"
#include "engine/predict/heard_desk.h"

namespace {

using namespace gainstage;
namespace fs = std::filesystem;

double now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Result<Session> open(const std::string& folder) {
  Session session{folder, 48000.0, 2, {}, {}};
  std::vector<std::string> paths;
  for (const auto& entry : fs::directory_iterator(folder)) paths.push_back(entry.path().string());
  std::ranges::sort(paths);
  for (const std::string& path : paths) {
    const auto reader = AudioReader::open(path);
    if (!reader) return tl::unexpected(reader.error());
    session.tracks.push_back({fs::path(path).filename().string(), path, reader->info().sample_rate_hz,
                              reader->info().channels(), reader->info().frames});
  }
  return session;
}

Result<nlohmann::ordered_json> times_of(const Session& session) {
  nlohmann::ordered_json times{{"tracks", session.tracks.size()}, {"seconds", session.duration_s()}};
  const auto lap = [&](const char* what, auto&& work) {
    const double start_s = now_s();
    auto result = work();
    times[what] = now_s() - start_s;
    return result;
  };
  const MeasureOptions options;
  const StagingOptions staging;
  const auto parts = desk_parts(session);
  if (!parts) return tl::unexpected(parts.error());
  const auto measured = lap("measure_s", [&] { return measure_session(session, options); });
  if (!measured) return tl::unexpected(measured.error());
  auto heard = lap("hear_s", [&] { return hear_desk(session, *parts, std::size_t{512} << 20, options); });
  if (!heard) return tl::unexpected(heard.error());
  const auto planned = lap("plan_s", [&] { return plan(session, heard->measurements, staging, options); });
  if (!planned) return tl::unexpected(planned.error());

  std::vector<Db> gains = mix_gains(*planned);
  const auto find = [&](const char* what) -> Result<void> {
    MixPeaks::Bound bound;
    times[fmt::format("{}_bound_s", what)] = nullptr;
    bound = lap(fmt::format("{}_bound_s", what).c_str(), [&] { return heard->peaks.bound(gains); });
    auto exact = lap(fmt::format("{}_exact_s", what).c_str(), [&] {
      return exact_true_peak(parts->session, gains, heard->peaks.hop_bounds(gains), options);
    });
    if (!exact) return tl::unexpected(exact.error());
    times[fmt::format("{}_bound_over_db", what)] = bound.true_peak.value - exact->true_peak.value;
    times[fmt::format("{}_hops", what)] = exact->hops_mixed;
    heard->peaks.learn(*std::move(exact));
    return {};
  };
  lap("set_all_s", [&] { return heard->loudness.set_gains(gains), 0; });
  if (const auto found = find("first"); !found) return tl::unexpected(found.error());
  const double moves_db[] = {1.0, -1.0, 3.0};
  for (std::size_t i = 0; i < std::size(moves_db); ++i) {
    gains[i * gains.size() / std::size(moves_db)] += Db{moves_db[i]};
    lap(fmt::format("move{}_loudness_s", i).c_str(),
        [&] { return heard->loudness.set_gains(gains), heard->loudness.reading(); });
    if (const auto found = find(fmt::format("move{}", i).c_str()); !found)
      return tl::unexpected(found.error());
  }
  for (Db& gain : gains) gain += Db{-2.0};
  if (const auto found = find("all"); !found) return tl::unexpected(found.error());
  return times;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: speed_prediction STEMS_DIR\n");
    return 2;
  }
  const auto session = open(argv[1]);
  const auto times =
      session ? times_of(*session) : Result<nlohmann::ordered_json>(tl::unexpected(session.error()));
  if (!times) {
    fmt::print(stderr, "speed_prediction: {}: {}\n", times.error().where.file, times.error().sentence);
    return 3;
  }
  fmt::print("{}\n", times->dump(2));
}
