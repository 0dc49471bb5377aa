// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <numbers>
#include <vector>

#include "demo/effects.h"
#include "demo/oscillators.h"
#include "demo/random.h"
#include "demo/score.h"
#include "demo/signal.h"
#include "demo/strings.h"
#include "demo/voice.h"

namespace gainstage::demo {
namespace {

constexpr double rate_hz = 48000.0;

/// The component near `hz`, by a Hann window of `count` frames from `at`.
std::complex<double> component(const Signal& signal, std::size_t at, std::size_t count, double hz) {
  std::complex<double> sum = 0.0;
  for (std::size_t n = 0; n < count; ++n) {
    const double turns = hz * static_cast<double>(at + n) / rate_hz;
    const double window =
        0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * static_cast<double>(n) / static_cast<double>(count));
    sum += window * static_cast<double>(signal[at + n]) * std::polar(1.0, -2.0 * std::numbers::pi * turns);
  }
  return sum;
}

/// Cents by which the partial near `hz` is off: the phase that runs away between two windows.
double cents_off(const Signal& signal, double hz, std::size_t from) {
  constexpr std::size_t count = 16384;
  constexpr std::size_t apart = 2048;
  const double phase =
      std::arg(component(signal, from + apart, count, hz) / component(signal, from, count, hz));
  const double off_hz = phase / (2.0 * std::numbers::pi) * rate_hz / static_cast<double>(apart);
  return 1200.0 * std::log2(1.0 + off_hz / hz);
}

TEST(Sine, IsTheLibrarysWithinAMillionth) {
  for (double turns = -0.99; turns < 1.99; turns += 0.00371) {
    EXPECT_NEAR(sine(turns), std::sin(2.0 * std::numbers::pi * turns), 1e-6) << turns;
  }
}

TEST(Pluck, IsInTune) {
  for (const double pitch : {28.0, 33.0, 38.0, 45.0, 52.0, 59.0, 66.0, 71.0, 76.0}) {
    for (const double brightness : {0.15, 0.75}) {
      Random random(5);
      Pluck how;
      how.pitch = pitch;
      how.brightness = brightness;
      how.ring_s = 6.0;
      how.seconds = 1.0;
      EXPECT_NEAR(cents_off(pluck(how, rate_hz, random), to_hz(pitch), 4800), 0.0, 3.0)
          << pitch << ' ' << brightness;
    }
  }
}

TEST(Pluck, RingsAsLongAsItIsTold) {
  Random random(5);
  Pluck how;
  how.pitch = 45.0;
  how.ring_s = 2.0;
  how.seconds = 1.6;
  const Signal sound = pluck(how, rate_hz, random);
  const double early = std::abs(component(sound, 4800, 8192, to_hz(45.0)));
  const double late = std::abs(component(sound, 4800 + 48000, 8192, to_hz(45.0)));
  // 60 dB in 2 s are 30 dB in one.
  EXPECT_NEAR(20.0 * std::log10(late / early), -30.0, 3.0);
}

TEST(Sing, HoldsThePitchAndStopsAtTheRest) {
  const std::vector<Syllable> part = {{{1.0, 3.0, 64.0, 0.8}, 'n', 'a'}};
  Singer singer;
  singer.vibrato_cents = 0.0;
  Signal voice(to_frames(4.0, rate_hz));
  sing(part, singer, voice, rate_hz);
  EXPECT_NEAR(cents_off(voice, to_hz(64.0), to_frames(1.0, rate_hz)), 0.0, 25.0);
  const auto loudest = [&](double from_s, double to_s) {
    float greatest = 0.0f;
    for (std::size_t n = to_frames(from_s, rate_hz); n < to_frames(to_s, rate_hz); ++n) {
      greatest = std::max(greatest, std::abs(voice[n]));
    }
    return greatest;
  };
  EXPECT_LT(loudest(2.8, 4.0), 0.001f * loudest(1.0, 2.0));
}

TEST(Reverb, FallsBySixtyDecibelsInItsTime) {
  Signal click(to_frames(3.0, rate_hz));
  click[0] = 1.0f;
  Stereo room = Stereo::silence(click.size());
  add_reverb(room, click, {.seconds = 1.0, .damping_hz = 20000.0, .predelay_s = 0.001, .highpass_hz = 20.0},
             1.0, rate_hz);
  const auto energy_db = [&](double from_s) {
    double sum = 0.0;
    for (std::size_t n = to_frames(from_s, rate_hz); n < to_frames(from_s + 0.2, rate_hz); ++n) {
      sum += static_cast<double>(room.left[n]) * room.left[n] +
             static_cast<double>(room.right[n]) * room.right[n];
    }
    return 10.0 * std::log10(sum);
  };
  EXPECT_NEAR(energy_db(0.2) - energy_db(0.7), 30.0, 4.0);
}

TEST(Score, StaysWithinTheSong) {
  const double end = bar_beat(bar_count);
  for (const Hit& hit : drum_part()) EXPECT_LT(hit.beat, end);
  for (const std::vector<Note>& part : {bass_part(), picked_guitar_part(), keys_part(), pad_part()}) {
    for (const Note& note : part) {
      EXPECT_GE(note.beat, -0.05);
      EXPECT_LE(note.beat + note.beats, end + 0.05);
    }
  }
}

TEST(Score, EveryPitchedNoteIsInTheKey) {
  const std::vector<int> key = {1, 2, 4, 6, 7, 9, 11};  // D major, as pitch classes.
  const auto expect_in_key = [&](double pitch, const char* part) {
    EXPECT_NE(std::ranges::find(key, static_cast<int>(pitch) % 12), key.end()) << part << ' ' << pitch;
  };
  for (const Note& note : bass_part()) expect_in_key(note.pitch, "bass");
  for (const Note& note : picked_guitar_part()) expect_in_key(note.pitch, "picked guitar");
  for (const Note& note : keys_part()) expect_in_key(note.pitch, "keys");
  for (const Note& note : pad_part()) expect_in_key(note.pitch, "pad");
  for (const Strum& strum : rhythm_guitar_part()) {
    for (const double pitch : strum.pitches) expect_in_key(pitch, "rhythm guitar");
  }
  for (const Syllable& syllable : lead_voice_part()) expect_in_key(syllable.note.pitch, "lead voice");
  for (const Harmony harmony : {Harmony::above, Harmony::below, Harmony::held}) {
    for (const Syllable& syllable : backing_voice_part(harmony))
      expect_in_key(syllable.note.pitch, "backing voice");
  }
}

}  // namespace
}  // namespace gainstage::demo
