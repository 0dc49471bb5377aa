// SPDX-License-Identifier: MIT
// A live desk under test, and what it gave out.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "engine/engine.h"
#include "engine/flow_session.h"
#include "engine/live/live_desk.h"
#include "engine/test_session.h"

namespace gainstage::test {

using Channels = std::vector<std::vector<float>>;

/// The mix of a session as the whole program writes it.
inline Channels rendered(const Session& session, const std::vector<Db>& gains,
                         const TemporaryFolder& folder) {
  const std::string path = folder / "rendered.wav";
  RenderOptions options;
  options.format.sample_format = SampleFormat::float32;
  options.overwrite = Overwrite::yes;
  const auto done = render_mix(session, gains, path, options);
  if (!done) throw std::runtime_error(done.error().sentence);
  return samples_of(path);
}

/// Plays a desk as fast as its sources are read, or, in real time, as they come.
class Player {
 public:
  explicit Player(const Session& session) : Player(session, {.waits_for_sources = true}) {}
  Player(const Session& session, const LiveOptions& options) : channels_(session.channels) {
    auto opened = LiveDesk::open(session, options);
    if (!opened) throw std::runtime_error(opened.error().sentence);
    desk_ = *std::move(opened);
  }

  LiveDesk& desk() { return *desk_; }
  void send(const LiveCommand& command) { EXPECT_TRUE(desk_->send(command)); }
  void play() { send({.kind = LiveCommand::Kind::play}); }
  void pause() { send({.kind = LiveCommand::Kind::pause}); }
  void seek(Frames to) { send({.kind = LiveCommand::Kind::seek, .first = to}); }
  void loop(Frames first, Frames last) {
    send({.kind = LiveCommand::Kind::loop, .first = first, .last = last});
  }
  void trim(std::uint32_t strip, double ratio) {
    send({.kind = LiveCommand::Kind::trim, .strip = strip, .value = ratio});
  }
  void fader(std::uint32_t strip, double ratio) {
    send({.kind = LiveCommand::Kind::fader, .strip = strip, .value = ratio});
  }

  /// The next frames of what is given out.
  Channels take(std::size_t frames, std::size_t block_frames = 480) {
    Channels out(channels_);
    AudioBuffer block(channels_, block_frames);
    for (std::size_t done = 0; done < frames;) {
      const std::size_t count = std::min(block_frames, frames - done);
      const LiveBlock what = desk_->process(block.view(count));
      blocks.push_back(what);
      for (std::size_t c = 0; c < channels_; ++c) {
        const std::span<const float> samples = std::as_const(block).view(count).channel(c);
        out[c].insert(out[c].end(), samples.begin(), samples.end());
      }
      done += count;
    }
    return out;
  }

  LiveLook look() {
    LiveLook seen;
    desk_->look(seen);
    return seen;
  }

  std::vector<LiveBlock> blocks;

 private:
  std::size_t channels_;
  std::unique_ptr<LiveDesk> desk_;
};

/// Greatest difference of what both have, from a frame of the second one on.
inline double difference(const Channels& a, const Channels& b, std::size_t from = 0, std::size_t first = 0) {
  double greatest = 0.0;
  for (std::size_t c = 0; c < a.size(); ++c) {
    for (std::size_t i = first; i < a[c].size(); ++i) {
      const double other = from + i < b[c].size() ? static_cast<double>(b[c][from + i]) : 0.0;
      greatest = std::max(greatest, std::abs(static_cast<double>(a[c][i]) - other));
    }
  }
  return greatest;
}

inline double greatest(const Channels& a) { return difference(a, Channels(a.size())); }

/// The greatest step from one sample to the next.
inline double greatest_step(const Channels& a) {
  double step = 0.0;
  for (const std::vector<float>& samples : a) {
    for (std::size_t i = 1; i < samples.size(); ++i)
      step = std::max(step, std::abs(static_cast<double>(samples[i]) - static_cast<double>(samples[i - 1])));
  }
  return step;
}

}  // namespace gainstage::test
