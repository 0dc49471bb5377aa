// SPDX-License-Identifier: MIT
// What is predicted of real sessions is what they play; where their media are missing, of other sound.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <random>

#include "engine/predict/heard_desk.h"
#include "engine/test_session.h"
#include "workspace/daw_session.h"

namespace gainstage {
namespace {

namespace fs = std::filesystem;

/// Sessions of real songs; none where there is no such folder.
std::vector<std::string> real_sessions() {
  std::vector<std::string> paths;
  std::error_code error;
  const fs::path folder = fs::path(GAINSTAGE_SOURCE_DIR) / "../shared/data/sessions";
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (is_daw_session(entry->path().string())) paths.push_back(entry->path().string());
  }
  std::ranges::sort(paths);
  return paths;
}

constexpr double heard_s = 12.0;

/// Noise that comes and goes, in a few files.
class MadeUpMedia {
 public:
  MadeUpMedia() {
    for (unsigned i = 0; i < 6; ++i) {
      paths_.push_back(folder_ / fmt::format("{}.wav", i));
      const AudioBuffer sound = test::render(test::phrases(0.3, 0.3 + 0.2 * i), rate_hz, 1, 2.0 * heard_s, i);
      const auto written =
          test::write_audio(paths_.back(), {Container::wav, SampleFormat::float32, rate_hz, 1}, sound);
      if (!written) throw std::runtime_error(written.error().sentence);
    }
  }

  /// Puts them in place of what is missing, so that all clips sound.
  void fill(SignalFlow& flow) const {
    for (std::size_t i = 0; i < flow.sources.size(); ++i) {
      SessionSource& source = flow.sources[i];
      if (source.found_path) continue;
      source.found_path = paths_[i % paths_.size()];
      source.channels = 1;
      source.sample_rate_hz = rate_hz;
      source.frames = static_cast<Frames>(2.0 * heard_s * rate_hz);
      for (Strip& strip : flow.strips) {
        for (Clip& clip : strip.clips) {
          if (std::ranges::find(clip.sources, i) == clip.sources.end()) continue;
          clip.sources = {i};
          clip.source_channels.clear();
          clip.loop_s = 0.0;
          clip.rate = 1.0;
        }
      }
    }
  }

 private:
  static constexpr double rate_hz = 48000.0;
  test::TemporaryFolder folder_;
  std::vector<std::string> paths_;
};

/// A stretch from the midst of a session.
std::optional<Session> stretch_of(const DawSession& daw, const MadeUpMedia& media) {
  SignalFlow flow = *daw.session.flow;
  media.fill(flow);
  double end_s = 0.0;
  for (const Strip& strip : flow.strips) {
    for (const Clip& clip : strip.clips) end_s = std::max(end_s, clip.start_s + clip.length_s);
  }
  flow.start_s = std::floor(0.5 * end_s);
  flow.length_s = std::min(heard_s, end_s - flow.start_s);
  auto made = session_of(std::move(flow), daw.printed);
  if (!made) return std::nullopt;
  return std::move(made->session);
}

void move_at_random(SignalFlow& flow, std::vector<double>& trims, std::vector<double>& faders,
                    std::mt19937& random) {
  std::uniform_real_distribution<double> db(-9.0, 6.0);
  const auto ratio = [&] { return random() % 2 == 0 ? 1.0 : to_ratio(Db{db(random)}); };
  trims.assign(flow.strips.size(), 1.0);
  faders.assign(flow.strips.size(), 1.0);
  for (std::size_t i = 0; i < flow.strips.size(); ++i) {
    Strip& strip = flow.strips[i];
    if (!strip.trim.automation) strip.trim.ratio *= trims[i] = ratio();
    faders[i] = ratio();
    if (!strip.second_fader) strip.second_fader.emplace();
    if (strip.second_fader->automation) {
      faders[i] = 1.0;
    } else {
      strip.second_fader->ratio *= faders[i];
    }
  }
}

TEST(Prediction, OfRealSessionsIsWhatTheyPlay) {
  const MadeUpMedia media;
  std::size_t readings = 0;
  for (const std::string& path : real_sessions()) {
    SCOPED_TRACE(path);
    const auto daw = load_daw_session(path, "", Emptiness::allow);
    if (!daw) continue;  // Other tests read what can't be opened.
    const auto session = stretch_of(*daw, media);
    if (!session || session->tracks.empty()) continue;
    const auto parts = desk_parts(*session);
    ASSERT_TRUE(parts) << parts.error().sentence;
    MeasureOptions options;
    options.non_finite = NonFinite::silence;
    auto heard = hear_desk(*session, *parts, std::size_t{1} << 30, options);
    ASSERT_TRUE(heard) << heard.error().sentence;
    RecordProperty(fs::path(path).filename().string(), static_cast<int>(parts->parts.size()));
    std::mt19937 random(5);
    for (int move = 0; move < 2; ++move) {
      Session moved = *session;
      std::vector<double> trims, faders;
      move_at_random(*moved.flow, trims, faders, random);
      const std::vector<Db> gains = gains_of(parts->parts, trims, faders);
      const auto played = measure_mix(moved, options);
      ASSERT_TRUE(played) << played.error().sentence;
      const Measure& mix = played->measure;
      if (!(mix.integrated > Lufs{-69.0})) continue;
      const MixLoudness::Reading predicted = heard->loudness.loudness(gains);
      EXPECT_NEAR(predicted.integrated.value, mix.integrated.value, 0.001);
      EXPECT_NEAR(predicted.momentary_max.value, mix.momentary_max.value, 0.001);
      // A stretch may be shorter than the meter's 3 s.
      if (std::isfinite(mix.short_term_max.value)) {
        EXPECT_NEAR(predicted.short_term_max.value, mix.short_term_max.value, 0.001);
      }
      EXPECT_GE(heard->peaks.bound(gains).true_peak, mix.true_peak);
      const auto exact = exact_true_peak(parts->session, gains, heard->peaks.hop_bounds(gains), options);
      ASSERT_TRUE(exact) << exact.error().sentence;
      EXPECT_NEAR(exact->true_peak.value, mix.true_peak.value, 0.0005);
      ++readings;
    }
  }
  if (readings == 0) GTEST_SKIP() << "no sessions under ../shared/data/sessions";
  RecordProperty("readings", static_cast<int>(readings));
}

}  // namespace
}  // namespace gainstage
