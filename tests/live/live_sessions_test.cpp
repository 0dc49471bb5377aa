// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "engine/live/live_test.h"
#include "session_format/open_session.h"

namespace gainstage {
namespace {

namespace fs = std::filesystem;

constexpr double longest_s = 12.0;

/// Real sessions come without their media: noise stands in for each that is missing, as long as it is wanted.
void make_media(SignalFlow& flow, const test::TemporaryFolder& folder) {
  std::vector<std::size_t> channels(flow.sources.size(), 1);
  for (const Strip& strip : flow.strips) {
    for (const Clip& clip : strip.clips) {
      for (const std::size_t source : clip.sources) {
        if (clip.sources.size() > 1) continue;
        std::size_t& wide = channels[source];
        wide = std::max(wide, clip.source_channels.empty() ? std::size_t{2} : wide);
        for (const std::size_t channel : clip.source_channels) wide = std::max(wide, channel + 1);
      }
    }
  }
  for (std::size_t i = 0; i < flow.sources.size(); ++i) {
    SessionSource& source = flow.sources[i];
    const double rate_hz = source.sample_rate_hz > 0.0 ? source.sample_rate_hz : 44100.0;
    const std::string path = folder / ("source" + std::to_string(i) + ".wav");
    const std::size_t wide = source.channels > 0 ? source.channels : channels[i];
    const AudioBuffer samples = test::noise(wide, static_cast<std::size_t>(60.0 * rate_hz), 0.05f);
    if (!test::write_audio(path, {Container::wav, SampleFormat::pcm24, rate_hz, wide}, samples))
      throw std::runtime_error("no source");
    source.found_path = path;
  }
}

/// Where the first clips sound, and not longer than a test may take.
void shorten(SignalFlow& flow) {
  double first_s = 1e9;
  for (const Strip& strip : flow.strips) {
    for (const Clip& clip : strip.clips) first_s = std::min(first_s, clip.start_s);
  }
  if (first_s < 1e9) flow.start_s = std::max(flow.start_s, first_s - 0.5);
  flow.length_s = longest_s;
}

TEST(LiveSessions, OfRealApplicationsAreTheRenderedMix) {
  const fs::path root = fs::path(GAINSTAGE_SOURCE_DIR) / ".." / "shared" / "data" / "sessions";
  if (!fs::is_directory(root)) GTEST_SKIP() << "no shared/data/sessions beside the checkout";
  std::size_t played = 0;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_regular_file() || !format_of_name(name)) continue;
    const auto opened = OpenSession::read(test::bytes_of(entry.path().string()), name);
    if (!opened) continue;
    const test::TemporaryFolder folder;
    SignalFlow flow = opened->flow();
    make_media(flow, folder);
    shorten(flow);
    find_media(flow, {folder.path().string(), {}});
    auto made = session_of(flow);
    if (!made) continue;
    const Session& session = made->session;
    const test::Channels expected = test::rendered(session, std::vector<Db>(session.tracks.size()), folder);
    test::Player player(session);
    player.play();
    const test::Channels heard = player.take(expected[0].size());
    // Floats are summed in another order: half a step of the last place at the mix's own level.
    const double loudest = std::max(1.0, test::greatest(expected));
    EXPECT_LE(test::difference(heard, expected), 1e-6 * loudest) << name;
    EXPECT_GT(test::greatest(expected), 0.0) << name;
    ++played;
    std::printf("%s: %zu strips, greatest %.3f\n", name.c_str(), session.flow->strips.size(),
                test::greatest(expected));
  }
  EXPECT_GT(played, 0u);
}

}  // namespace
}  // namespace gainstage
