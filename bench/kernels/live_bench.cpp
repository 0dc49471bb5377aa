// SPDX-License-Identifier: MIT
// A second of 64 stereo stems of 24-bit WAV, played live with every tap metered: all threads' time over 1 s
// is the share of a core.
#include <benchmark/benchmark.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "audio_file/audio_writer.h"
#include "engine/live/live_desk.h"

namespace gainstage {
namespace {

constexpr std::size_t stems = 64;
constexpr std::size_t seconds = 60;

Session made_session(const std::filesystem::path& folder) {
  Session session;
  session.name = "live";
  session.sample_rate_hz = 48000.0;
  for (std::size_t i = 0; i < stems; ++i) {
    const std::string path = folder / ("stem" + std::to_string(i) + ".wav");
    auto writer =
        AudioWriter::create(path, {Container::wav, SampleFormat::pcm24, 48000.0, 2}, Overwrite::yes);
    AudioBuffer block(2, 48000);
    for (std::size_t second = 0; second < seconds; ++second) {
      std::uint32_t state = static_cast<std::uint32_t>(1 + second + seconds * i);
      for (std::size_t c = 0; c < 2; ++c) {
        for (float& x : block.view().channel(c)) {
          state = state * 1664525u + 1013904223u;
          x = 0.02f * (static_cast<float>(state >> 8) / 8388608.0f - 1.0f);
        }
      }
      if (!writer || !writer->write(block.view())) std::abort();
    }
    if (!writer->commit()) std::abort();
    session.tracks.push_back({path, path, 48000.0, 2, static_cast<Frames>(seconds * 48000)});
  }
  return session;
}

void play_a_second(benchmark::State& state) {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "gainstage-live-bench";
  std::filesystem::create_directories(folder);
  Session desk = flow_of_stems(made_session(folder));
  const bool is_moving = state.range(0) == 1;
  for (std::size_t i = 0; is_moving && i < stems; ++i) {
    Strip& strip = desk.flow->strips[i];
    strip.pan = {.law = PanLaw::ardour, .position = 0.3};
    strip.fader.automation = Automation{AutomationScale::decibels, {{0.0, 1.0}, {30.0, 0.3}, {60.0, 1.0}}};
  }
  auto opened = LiveDesk::open(desk, {});
  LiveDesk& live = **opened;
  if (!live.send({.kind = LiveCommand::Kind::loop, .first = 0, .last = seconds * 48000})) std::abort();
  if (!live.send({.kind = LiveCommand::Kind::play})) std::abort();
  AudioBuffer block(2, 480);
  LiveLook look;
  float sum = 0.0f;
  for (int i = 0; i < 50; ++i) {
    live.process(block.view());
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  for (auto _ : state) {
    for (int i = 0; i < 100; ++i) {
      live.process(block.view());
      sum += block.view().channel(0)[7];
      if (i % 3 == 0) live.look(look);
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
  benchmark::DoNotOptimize(sum);
  live.look(look);
  state.counters["underruns"] = look.underruns;
  state.counters["mixing"] = static_cast<double>(look.master.load);
  std::filesystem::remove_all(folder);
}
BENCHMARK(play_a_second)
    ->Arg(0)
    ->Arg(1)
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Iterations(20)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace gainstage
