// SPDX-License-Identifier: MIT
// Sessions of made-up stems for tests of this room.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include "audio_file/test_files.h"
#include "session/session.h"

namespace gainstage::test {

/// A sample of a channel at a time.
using Signal = std::function<float(double seconds, std::size_t channel, std::mt19937& random)>;

inline Signal tone(double frequency_hz, double amplitude) {
  return [=](double t, std::size_t, std::mt19937&) {
    return static_cast<float>(amplitude * std::sin(2.0 * std::numbers::pi * frequency_hz * t));
  };
}

inline Signal hiss(double amplitude) {
  return [=](double, std::size_t, std::mt19937& random) {
    return static_cast<float>(std::uniform_real_distribution<double>(-amplitude, amplitude)(random));
  };
}

/// Noise that comes and goes, different in every second: like music to a meter.
inline Signal phrases(double amplitude, double every_s) {
  return [=](double t, std::size_t, std::mt19937& random) {
    const double place = std::fmod(t, every_s) / every_s;
    const double level = amplitude * std::exp(-4.0 * place) * (1.0 + 0.5 * std::sin(t));
    return static_cast<float>(std::uniform_real_distribution<double>(-level, level)(random));
  };
}

inline Signal silence() {
  return [](double, std::size_t, std::mt19937&) { return 0.0f; };
}

inline AudioBuffer render(const Signal& signal, double rate_hz, std::size_t channels, double seconds,
                          unsigned seed) {
  AudioBuffer buffer(channels, static_cast<std::size_t>(seconds * rate_hz));
  for (std::size_t c = 0; c < channels; ++c) {
    std::mt19937 random(seed + static_cast<unsigned>(c));
    const std::span<float> samples = buffer.view().channel(c);
    for (std::size_t i = 0; i < samples.size(); ++i)
      samples[i] = signal(static_cast<double>(i) / rate_hz, c, random);
  }
  return buffer;
}

/// A session in a folder of its own.
class TestSession {
 public:
  explicit TestSession(double sample_rate_hz = 48000.0, std::size_t channels = 2) {
    session_.name = "test";
    session_.sample_rate_hz = sample_rate_hz;
    session_.channels = channels;
  }

  /// Tracks are to be added in the order of their names.
  void add(const std::string& name, const AudioBuffer& samples, double rate_hz,
           SampleFormat format = SampleFormat::float32) {
    const std::string path = folder_ / name;
    const auto written = write_audio(path, {Container::wav, format, rate_hz, samples.channels()}, samples);
    if (!written) throw std::runtime_error(written.error().sentence);
    session_.tracks.push_back(
        {name, path, rate_hz, samples.channels(), static_cast<Frames>(samples.frames())});
  }
  void add(const std::string& name, const Signal& signal, double seconds, std::size_t channels = 2,
           double rate_hz = 48000.0) {
    const auto seed = static_cast<unsigned>(100 * session_.tracks.size() + 1);
    add(name, render(signal, rate_hz, channels, seconds, seed), rate_hz);
  }

  const Session& session() const { return session_; }
  const TemporaryFolder& folder() const { return folder_; }
  std::vector<Db> gains(double db = 0.0) const { return std::vector<Db>(session_.tracks.size(), Db{db}); }

 private:
  TemporaryFolder folder_;
  Session session_;
};

/// Stems that differ in all that a reader must cope with.
class VariedSession : public TestSession {
 public:
  VariedSession() {
    add("bass.wav", tone(82.4, 0.3), 5.0, 1);
    add("guitar.wav", phrases(0.4, 0.7), 6.0);
    add("keys.wav", phrases(0.3, 1.3), 4.5, 2, 44100.0);
    add("kick.wav", phrases(0.8, 0.5), 6.2, 1);
    add("shot.wav", hiss(0.5), 0.1);
    add("silent.wav", silence(), 3.0);
    add("tick.wav", hiss(0.5), 0.03, 1);
    add("voice.wav", tone(440.0, 0.2), 5.5, 2, 96000.0);
  }
};

/// All samples of a file.
inline std::vector<std::vector<float>> samples_of(const std::string& path) {
  auto reader = AudioReader::open(path);
  if (!reader) throw std::runtime_error(reader.error().sentence);
  auto samples = read_all(*reader, reader->info().channels());
  if (!samples) throw std::runtime_error(samples.error().sentence);
  return *samples;
}

}  // namespace gainstage::test
