// SPDX-License-Identifier: MIT
// The scramble-and-recover benchmark of docs/method.md: each stem of a mix gets a random gain, and the plan
// is asked to find the mix again. Prints the mean absolute error in dB, of the plan and of simpler ways.
#include <fmt/format.h>

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "balance/scramble.h"
#include "balance/settings.h"
#include "balance/songs.h"
#include "session/role.h"
#include "staging/staging.h"

namespace gainstage::bench {
namespace {

namespace fs = std::filesystem;

/// A folder for the demo and for scrambled files, which goes at the end.
class WorkFolder {
 public:
  WorkFolder()
      : path_(fs::temp_directory_path() / fmt::format("gainstage-balance-{}", std::uint64_t(::getpid()))) {
    fs::create_directories(path_);
  }
  ~WorkFolder() {
    std::error_code ignored;  // A folder under the system's temporary one that stays harms nobody.
    fs::remove_all(path_, ignored);
  }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  std::string folder(const std::string& name) const {
    fs::create_directories(path_ / name);
    return (path_ / name).string();
  }

 private:
  fs::path path_;
};

/// One track over all seeds.
struct TrackResult {
  std::string name;
  RoleGuess role;
  std::map<Method, double> mean_error_db;
  double spread_db =
      0.0;  ///< Of staging's error over the seeds, greatest less least: the scramble must not matter.
};

struct SongResult {
  std::string name;
  std::map<Method, Score> scores;
  std::vector<TrackResult> tracks;
  std::vector<std::string> silent;
  std::optional<double> files_differ_db;  ///< Greatest difference of a gain planned from scrambled files.
};

SongResult run(const Song& song, const Settings& settings) {
  const std::size_t n = song.session.tracks.size();
  SongResult result;
  result.name = song.name;
  std::map<Method, std::vector<double>> all;
  std::map<Method, std::vector<std::vector<double>>> by_track;
  Balance last;
  for (std::uint64_t seed = 1; seed <= settings.seeds; ++seed) {
    const std::vector<Db> scramble = random_gains(n, seed);
    const Measurements scrambled = scaled(song.measurements, scramble);
    last = plan(song, scrambled, settings.staging);
    for (const Method method : methods) {
      const std::vector<double> off = errors(scramble, gains_of(method, scrambled, last), last);
      all[method].insert(all[method].end(), off.begin(), off.end());
      by_track[method].push_back(off);
    }
  }
  for (const Method method : methods) result.scores[method] = score(all[method]);
  for (std::size_t i = 0; i < n; ++i) {
    if (last.tracks[i].is_silent) {
      result.silent.push_back(song.session.tracks[i].name);
      continue;
    }
    TrackResult track{song.session.tracks[i].name, last.tracks[i].role, {}, 0.0};
    for (const Method method : methods) {
      double sum = 0.0;
      for (const std::vector<double>& off : by_track[method]) sum += off[i];
      track.mean_error_db[method] = sum / static_cast<double>(by_track[method].size());
    }
    double least = by_track[Method::staging][0][i];
    double greatest = least;
    for (const std::vector<double>& off : by_track[Method::staging]) {
      least = std::min(least, off[i]);
      greatest = std::max(greatest, off[i]);
    }
    track.spread_db = greatest - least;
    result.tracks.push_back(std::move(track));
  }
  return result;
}

/// The first seed again, but through files.
Result<double> difference_from_files(const Song& song, const Settings& settings, const std::string& folder) {
  const std::vector<Db> scramble = random_gains(song.session.tracks.size(), 1);
  const Result<Measurements> measured = measured_from_files(song, scramble, folder);
  if (!measured) return tl::unexpected(measured.error());
  const Measurements computed = scaled(song.measurements, scramble);
  const Balance by_files = plan(song, *measured, settings.staging);
  const Balance by_numbers = plan(song, computed, settings.staging);
  const auto a = errors(scramble, gains_of(Method::staging, *measured, by_files), by_files);
  const auto b = errors(scramble, gains_of(Method::staging, computed, by_numbers), by_numbers);
  double greatest = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::isnan(a[i]) != std::isnan(b[i])) return std::numeric_limits<double>::infinity();
    if (!std::isnan(a[i])) greatest = std::max(greatest, std::abs(a[i] - b[i]));
  }
  return greatest;
}

void print(const std::vector<SongResult>& results, const Settings& settings) {
  fmt::print("{:<24}{:>10}{:>10}{:>16}{:>11}   mean absolute error, dB; {} seeds\n", "song", "staging",
             "nothing", "equal loudness", "equal RMS", settings.seeds);
  std::map<Method, double> means;
  for (const SongResult& result : results) {
    const auto at = [&](Method method) { return result.scores.at(method).mean_absolute_db; };
    fmt::print("{:<24}{:>10.2f}{:>10.2f}{:>16.2f}{:>11.2f}", result.name, at(Method::staging),
               at(Method::nothing), at(Method::equal_loudness), at(Method::equal_rms));
    if (result.files_differ_db) fmt::print("   from files: within {:.3f} dB", *result.files_differ_db);
    fmt::print("\n");
    for (const Method method : methods) means[method] += at(method) / static_cast<double>(results.size());
  }
  fmt::print("{:<24}{:>10.2f}{:>10.2f}{:>16.2f}{:>11.2f}\n", "mean", means[Method::staging],
             means[Method::nothing], means[Method::equal_loudness], means[Method::equal_rms]);
  if (!settings.with_tracks) return;
  for (const SongResult& result : results) {
    fmt::print("\n{:<24}{:>18}{:>6}{:>10}{:>16}{:>11}{:>8}   signed error, dB\n", result.name, "role", "sure",
               "staging", "equal loudness", "equal RMS", "spread");
    for (const TrackResult& track : result.tracks) {
      fmt::print("{:<24}{:>18}{:>6.2f}{:>+10.2f}{:>+16.2f}{:>+11.2f}{:>8.3f}\n", track.name,
                 info(track.role.role).name, track.role.confidence, track.mean_error_db.at(Method::staging),
                 track.mean_error_db.at(Method::equal_loudness), track.mean_error_db.at(Method::equal_rms),
                 track.spread_db);
    }
    for (const std::string& name : result.silent) fmt::print("{:<24}{:>18}\n", name, "(silent)");
  }
}

nlohmann::ordered_json to_json(const std::vector<SongResult>& results, const Settings& settings) {
  nlohmann::ordered_json json;
  json["schema"] = "gainstage-balance-benchmark/1";
  json["seeds"] = settings.seeds;
  json["style"] = to_string(settings.staging.style);
  json["strength_percent"] = settings.staging.strength_percent;
  json["keep_levels_percent"] = settings.staging.keep_levels_percent;
  json["names"] = !settings.without_names;
  std::map<Method, double> means;
  for (const SongResult& result : results) {
    nlohmann::ordered_json song;
    song["name"] = result.name;
    for (const auto& [method, figures] : result.scores) {
      song["scores"][std::string(to_string(method))] = {{"mae_db", figures.mean_absolute_db},
                                                        {"rmse_db", figures.root_mean_square_db},
                                                        {"p90_db", figures.percentile_90_db}};
      means[method] += figures.mean_absolute_db / static_cast<double>(results.size());
    }
    if (result.files_differ_db) song["files_differ_db"] = *result.files_differ_db;
    song["tracks"] = nlohmann::ordered_json::array();
    for (const TrackResult& track : result.tracks) {
      nlohmann::ordered_json entry{{"name", track.name},
                                   {"role", info(track.role.role).name},
                                   {"band", to_string(track.role.band)},
                                   {"role_confidence", track.role.confidence}};
      for (const auto& [method, error] : track.mean_error_db) {
        entry["error_db"][std::string(to_string(method))] = error;
      }
      entry["spread_db"] = track.spread_db;
      song["tracks"].push_back(std::move(entry));
    }
    song["silent"] = result.silent;
    json["songs"].push_back(std::move(song));
  }
  for (const auto& [method, mean] : means) json["mean_mae_db"][std::string(to_string(method))] = mean;
  return json;
}

int complain(const Error& error) {
  fmt::print(stderr, "balance_bench: {}{}{}\n", error.where.file, error.where.file.empty() ? "" : ": ",
             error.sentence);
  return 3;
}

int run_all(Settings settings) {
  const WorkFolder work;
  std::vector<Song> songs;
  for (const std::string& folder : settings.folders) {
    Result<Song> song = song_from_folder(folder);
    if (!song) return complain(song.error());
    songs.push_back(std::move(*song));
  }
  if (settings.with_demo) {
    Result<Song> song = demo_song(work.folder("demo"));
    if (!song) return complain(song.error());
    songs.push_back(std::move(*song));
  }
  std::vector<SongResult> results;
  for (Song& song : songs) {
    if (settings.without_names) {
      for (std::size_t i = 0; i < song.session.tracks.size(); ++i) {
        song.session.tracks[i].name = fmt::format("{:03}.wav", i + 1);
      }
    }
    results.push_back(run(song, settings));
    if (settings.from_files) {
      const Result<double> difference = difference_from_files(song, settings, work.folder("scrambled"));
      if (!difference) return complain(difference.error());
      results.back().files_differ_db = *difference;
    }
  }
  if (settings.as_json) {
    fmt::print("{}\n", to_json(results, settings).dump(2));
  } else {
    print(results, settings);
  }
  return 0;
}

}  // namespace
}  // namespace gainstage::bench

int main(int argc, char** argv) {
  using namespace gainstage;
  const std::vector<std::string_view> arguments(argv + 1, argv + argc);
  Result<bench::Settings> parsed = bench::parse_settings(arguments);
  if (!parsed) {
    fmt::print(stderr, "balance_bench: {}\n", parsed.error().sentence);
    return 2;
  }
  bench::Settings& settings = *parsed;
  if (settings.wants_help) {
    fmt::print("{}", bench::usage());
    return 0;
  }
  if (settings.folders.empty()) {
    settings.with_demo = true;
    for (const char* song : {"hydrogen", "rubidium"}) {
      const std::filesystem::path folder =
          std::filesystem::path(GAINSTAGE_SOURCE_DIR) / "../shared/data/stems" / song;
      if (std::filesystem::is_directory(folder)) {
        settings.folders.push_back(folder.string());
      } else {
        fmt::print(stderr, "balance_bench: {} is not there and left out\n", folder.string());
      }
    }
  }
  return bench::run_all(std::move(settings));
}
