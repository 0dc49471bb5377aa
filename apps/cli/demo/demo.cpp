// SPDX-License-Identifier: MIT
#include "demo/demo.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <system_error>

#include "base/audio_view.h"
#include "demo/studio.h"

namespace gainstage {

namespace {

namespace fs = std::filesystem;
using demo::Source;

/// -36 dBFS: a converter that was never calibrated.
constexpr float dc_offset = 0.0158f;

/// Where a stem comes from, and the fader that brings it to DemoStem::in_mix.
struct Recipe {
  Source source;
  Db fader;
};

constexpr std::array<DemoStem, 14> stems = {{
    // name, channels, rate, flaw, scatter, in mix
    {"01 Kick.wav", 1, 48000.0, DemoFlaw::none, {-6.5}, {-10.9}},
    {"02 SN top.wav", 2, 48000.0, DemoFlaw::none, {8.0}, {-12.4}},
    {"03 SN bot.wav", 2, 48000.0, DemoFlaw::silent, {0.0}, silent_db},
    {"04 HH.wav", 2, 48000.0, DemoFlaw::none, {9.0}, {-24.3}},
    {"05 OH.wav", 2, 48000.0, DemoFlaw::none, {-3.5}, {-13.0}},
    {"06 Bass DI.wav", 2, 48000.0, DemoFlaw::dc_offset, {-11.0}, {-7.6}},
    {"07 Gtr 1 SM57.wav", 2, 48000.0, DemoFlaw::none, {5.0}, {-11.5}},
    {"08 Gtr 1 U87.wav", 2, 48000.0, DemoFlaw::inverted, {-4.0}, {-14.8}},
    {"09 Gtr 2.wav", 2, 48000.0, DemoFlaw::none, {7.5}, {-14.0}},
    {"10 Keys.wav", 2, 44100.0, DemoFlaw::none, {-8.0}, {-13.3}},
    {"11 Pad.wav", 2, 48000.0, DemoFlaw::none, {10.5}, {-17.2}},
    {"12 LV.wav", 2, 48000.0, DemoFlaw::clipped, {11.5}, {-3.4}},
    {"13 BGV.wav", 2, 48000.0, DemoFlaw::none, {-9.5}, {-10.3}},
    {"14 FX Riser.wav", 2, 48000.0, DemoFlaw::none, {3.0}, {-16.2}},
}};

constexpr std::array<Recipe, stems.size()> recipes = {{
    {Source::kick, {-16.0}},
    {Source::snare_top, {-15.7}},
    {Source::snare_bottom, {0.0}},
    {Source::hats, {-24.1}},
    {Source::overheads, {-14.1}},
    {Source::bass, {-8.0}},
    {Source::guitar_57, {-21.0}},
    {Source::guitar_87, {-24.2}},
    {Source::picked_guitar, {-9.6}},
    {Source::keys, {-12.0}},
    {Source::pad, {-15.5}},
    {Source::lead_voice, {-3.1}},
    {Source::backing_voices, {-9.7}},
    {Source::riser, {-21.9}},
}};

/// A stem at the level of its file, over full scale where it is to clip.
AudioBuffer staged(const demo::Stereo& recorded, const DemoStem& stem, const Recipe& recipe) {
  const double sign = stem.flaw == DemoFlaw::inverted ? -1.0 : 1.0;
  const float gain = static_cast<float>(sign * to_ratio(recipe.fader + stem.scatter));
  const float offset = stem.flaw == DemoFlaw::dc_offset ? dc_offset : 0.0f;
  AudioBuffer out(stem.channels, recorded.left.size());
  const auto put = [&](std::size_t channel, const demo::Signal& from) {
    std::ranges::transform(from, out.view().channel(channel).begin(),
                           [&](float x) { return gain * x + offset; });
  };
  put(0, recorded.left);
  if (stem.channels > 1) put(1, recorded.right);
  return out;
}

Result<void> write_stem(const std::string& path, const AudioBuffer& audio, const DemoStem& stem,
                        Overwrite overwrite) {
  const WriteFormat format{Container::wav, SampleFormat::pcm24, stem.sample_rate_hz, stem.channels};
  Result<AudioWriter> writer = AudioWriter::create(path, format, overwrite);
  if (!writer) return tl::unexpected(writer.error());
  constexpr std::size_t block_frames = 65536;
  for (std::size_t at = 0; at < audio.frames(); at += block_frames) {
    const std::size_t count = std::min(block_frames, audio.frames() - at);
    if (Result<void> written = writer->write(audio.view().section(at, count)); !written) return written;
  }
  return writer->commit();
}

/// Refuses before the work, not after it.
Result<void> make_ready(const fs::path& folder, Overwrite overwrite) {
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (problem) {
    return failure(
        ErrorCode::io,
        "The folder can't be made: " + problem.message() + ". Name one in a place that can be written to.",
        {.file = folder.string()});
  }
  if (overwrite == Overwrite::yes) return {};
  for (const DemoStem& stem : stems) {
    if (fs::exists(folder / stem.name, problem)) {
      return failure(ErrorCode::io, "The file exists. Name another folder, or allow to overwrite it.",
                     {.file = (folder / stem.name).string()});
    }
  }
  return {};
}

}  // namespace

std::span<const DemoStem> demo_stems() { return stems; }

std::vector<std::optional<Db>> demo_balance() {
  std::vector<std::optional<Db>> gains;
  for (const DemoStem& stem : stems) {
    gains.push_back(stem.flaw == DemoFlaw::silent ? std::nullopt : std::optional<Db>(-stem.scatter));
  }
  return gains;
}

Result<std::vector<std::string>> write_demo(const std::string& folder, Overwrite overwrite,
                                            const WorkOptions& work) {
  if (Result<void> ready = make_ready(folder, overwrite); !ready) return tl::unexpected(ready.error());
  std::vector<std::string> paths;
  const auto give_up = [&](Error error) -> Result<std::vector<std::string>> {
    std::error_code ignored;  // The error that led here is the one to tell.
    for (const std::string& path : paths) fs::remove(path, ignored);
    return tl::unexpected(std::move(error));
  };
  const demo::Studio studio;
  for (std::size_t i = 0; i < stems.size(); ++i) {
    const DemoStem& stem = stems[i];
    if (work.cancellation != nullptr && work.cancellation->is_cancelled()) {
      return give_up({ErrorCode::cancelled,
                      "Stopped before the demo was written; what there was of it is removed.",
                      {}});
    }
    if (work.progress)
      work.progress("writing the demo", static_cast<double>(i) / static_cast<double>(stems.size()));
    const std::string path = (fs::path(folder) / stem.name).string();
    const AudioBuffer audio = staged(studio.record(recipes[i].source, stem.sample_rate_hz), stem, recipes[i]);
    if (Result<void> written = write_stem(path, audio, stem, overwrite); !written)
      return give_up(written.error());
    paths.push_back(path);
  }
  if (work.progress) work.progress("writing the demo", 1.0);
  return paths;
}

}  // namespace gainstage
