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

// The composer's mix, and where it leaves what is usual for pop and rock: the kick and the bass carry the
// song, so both stand a decibel or two over a rock band's. The kit's picture is the overheads'; the spot
// microphone on the hats only sharpens it. The close guitar microphone leads and its twin fills. The second
// guitar and the keys share the middle and stay behind the voice, the pad is felt more than heard. The
// backing voices are a part of the chorus, not a cushion, so they are up. All is relative to a mix at -16
// LUFS.
constexpr std::array<DemoStem, 14> stems = {{
    // name, channels, rate, flaw, scatter, in mix
    {"01 Kick.wav", 1, 48000.0, DemoFlaw::none, {-6.5}, {-11.0}},
    {"02 SN top.wav", 2, 48000.0, DemoFlaw::none, {8.0}, {-12.5}},
    {"03 SN bot.wav", 2, 48000.0, DemoFlaw::silent, {0.0}, silent_db},
    {"04 HH.wav", 2, 48000.0, DemoFlaw::none, {9.0}, {-24.4}},
    {"05 OH.wav", 2, 48000.0, DemoFlaw::none, {-3.5}, {-13.2}},
    {"06 Bass DI.wav", 2, 48000.0, DemoFlaw::dc_offset, {-11.0}, {-7.7}},
    {"07 Gtr 1 SM57.wav", 2, 48000.0, DemoFlaw::none, {5.0}, {-11.7}},
    {"08 Gtr 1 U87.wav", 2, 48000.0, DemoFlaw::inverted, {-4.0}, {-14.9}},
    {"09 Gtr 2.wav", 2, 48000.0, DemoFlaw::none, {7.5}, {-14.1}},
    {"10 Keys.wav", 2, 44100.0, DemoFlaw::none, {-8.0}, {-13.4}},
    {"11 Pad.wav", 2, 48000.0, DemoFlaw::none, {10.5}, {-17.3}},
    {"12 LV.wav", 2, 48000.0, DemoFlaw::clipped, {11.5}, {-3.5}},
    {"13 BGV.wav", 2, 48000.0, DemoFlaw::none, {-9.5}, {-10.4}},
    {"14 FX Riser.wav", 2, 48000.0, DemoFlaw::none, {3.0}, {-16.3}},
}};

constexpr std::array<Recipe, stems.size()> recipes = {{
    {Source::kick, {-16.1}},
    {Source::snare_top, {-15.8}},
    {Source::snare_bottom, {0.0}},
    {Source::hats, {-24.2}},
    {Source::overheads, {-14.2}},
    {Source::bass, {-8.1}},
    {Source::guitar_57, {-21.8}},
    {Source::guitar_87, {-25.0}},
    {Source::picked_guitar, {-9.7}},
    {Source::keys, {-12.1}},
    {Source::pad, {-15.6}},
    {Source::lead_voice, {5.2}},
    {Source::backing_voices, {-9.2}},
    {Source::riser, {-22.0}},
}};

/// Writes a stem at the level of its file, over full scale where it is to clip: the writer cuts it off there.
Result<void> write_stem(const std::string& path, const demo::Stereo& recorded, const DemoStem& stem,
                        const Recipe& recipe, Overwrite overwrite) {
  const WriteFormat format{Container::wav, SampleFormat::pcm24, stem.sample_rate_hz, stem.channels};
  Result<AudioWriter> writer = AudioWriter::create(path, format, overwrite);
  if (!writer) return tl::unexpected(writer.error());
  const double sign = stem.flaw == DemoFlaw::inverted ? -1.0 : 1.0;
  const float gain = static_cast<float>(sign * to_ratio(recipe.fader + stem.scatter));
  const float offset = stem.flaw == DemoFlaw::dc_offset ? dc_offset : 0.0f;
  AudioBuffer block(stem.channels, 16384);
  const std::size_t frames = recorded.left.size();
  for (std::size_t at = 0; at < frames; at += block.frames()) {
    const AudioView<float> filled = block.view(std::min(block.frames(), frames - at));
    for (std::size_t c = 0; c < stem.channels; ++c) {
      const float* from = (c == 0 ? recorded.left : recorded.right).data() + at;
      for (float& sample : filled.channel(c)) sample = gain * *from++ + offset;
    }
    const AudioBuffer& ready = block;
    if (Result<void> written = writer->write(ready.view(filled.frames)); !written) return written;
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
    const demo::Stereo recorded = studio.record(recipes[i].source, stem.sample_rate_hz);
    if (Result<void> written = write_stem(path, recorded, stem, recipes[i], overwrite); !written) {
      return give_up(written.error());
    }
    paths.push_back(path);
  }
  if (work.progress) work.progress("writing the demo", 1.0);
  return paths;
}

}  // namespace gainstage
