// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>

#include "demo/chords.h"
#include "demo/random.h"
#include "demo/score.h"

namespace gainstage::demo {

namespace {

/// A sung note as written down: bar, beat within it, length, pitch, consonant and vowel.
struct Line {
  std::size_t bar;
  double beat, beats, pitch;
  char consonant, vowel;
};

constexpr std::array verse_lines = std::to_array<Line>({
    // "Bring all the faders down to zero"
    {4, 0.5, 0.5, 62, 'b', 'i'},
    {4, 1.0, 0.5, 62, '-', 'o'},
    {4, 1.5, 0.5, 64, 'd', '@'},
    {4, 2.0, 1.0, 66, 'f', 'e'},
    {4, 3.0, 0.5, 64, 'd', '@'},
    {4, 3.5, 0.5, 62, 'd', 'a'},
    {5, 0.0, 1.5, 59, 't', 'u'},
    {5, 1.5, 0.5, 62, 's', 'i'},
    {5, 2.0, 1.4, 62, 'l', 'o'},
    // "Let the low end be the hero"
    {6, 0.5, 0.5, 62, 'l', 'e'},
    {6, 1.0, 0.5, 64, 'd', '@'},
    {6, 1.5, 0.5, 66, 'l', 'o'},
    {6, 2.0, 1.0, 69, '-', 'e'},
    {6, 3.0, 0.5, 66, 'b', 'i'},
    {6, 3.5, 0.5, 64, 'd', '@'},
    {7, 0.0, 1.8, 64, 'h', 'i'},
    {7, 2.5, 0.5, 61, 'l', 'o'},
    {7, 3.0, 0.6, 64, '-', 'o'},
    // "Kick and bass, then all between them"
    {8, 0.5, 0.5, 66, 't', 'i'},
    {8, 1.0, 0.5, 66, 'n', '@'},
    {8, 1.5, 0.5, 64, 'b', 'e'},
    {8, 2.0, 1.0, 62, 's', 'e'},
    {8, 3.0, 0.5, 64, 'n', 'o'},
    {8, 3.5, 0.5, 66, 'b', 'i'},
    {9, 0.0, 1.0, 67, 't', 'i'},
    {9, 1.0, 0.5, 66, 'n', '@'},
    {9, 1.5, 0.5, 64, 'd', 'e'},
    {9, 2.0, 1.4, 62, 'm', 'e'},
    // "Every little thing we've dreamed of, so"
    {10, 0.5, 0.5, 62, '-', 'e'},
    {10, 1.0, 0.5, 64, 'w', 'i'},
    {10, 1.5, 0.5, 66, 'l', 'i'},
    {10, 2.0, 1.5, 69, 't', 'i'},
    {10, 3.5, 0.5, 69, 'w', 'i'},
    {11, 0.0, 1.0, 69, 'd', 'i'},
    {11, 1.0, 0.5, 67, 'm', '@'},
    {11, 1.5, 0.5, 66, '-', 'o'},
    {11, 2.0, 1.2, 64, '-', 'o'},
    {11, 3.5, 0.5, 66, 's', 'o'},
});

constexpr std::array chorus_lines = std::to_array<Line>({
    // "Raise it up, we'll raise it all together"
    {12, 0.0, 1.5, 71, 'w', 'e'},
    {12, 1.5, 0.5, 69, 's', 'i'},
    {12, 2.0, 0.5, 67, 't', '@'},
    {12, 2.5, 1.0, 69, 'w', 'i'},
    {12, 3.5, 0.5, 66, 'w', 'e'},
    {13, 0.0, 1.5, 69, 's', 'o'},
    {13, 1.5, 0.5, 66, 't', 'u'},
    {13, 2.0, 1.4, 62, 'd', 'e'},
    {13, 3.5, 0.5, 64, 'd', '@'},
    // "Loud and clear and never over"
    {14, 0.0, 1.0, 64, 'l', 'a'},
    {14, 1.0, 0.5, 66, 'n', '@'},
    {14, 1.5, 0.5, 64, 'l', 'i'},
    {14, 2.0, 0.5, 61, 'n', 'e'},
    {14, 2.5, 1.0, 64, 'w', '@'},
    {14, 3.5, 0.5, 64, '-', 'o'},
    {15, 0.0, 2.4, 66, 'w', '@'},
    {15, 3.5, 0.5, 69, 's', 'o'},
    // "Hear it now, and hear it all so much better"
    {16, 0.0, 1.5, 71, 'h', 'i'},
    {16, 1.5, 0.5, 69, 't', '@'},
    {16, 2.0, 0.5, 67, 'n', 'a'},
    {16, 2.5, 1.0, 69, '-', 'o'},
    {16, 3.5, 0.5, 69, 's', 'o'},
    {17, 0.0, 1.5, 74, 'm', 'a'},
    {17, 1.5, 0.5, 69, 'b', 'e'},
    {17, 2.0, 1.4, 66, 't', '@'},
    {17, 3.5, 0.5, 66, '-', '@'},
    // "Standing well below the line"
    {18, 0.0, 1.0, 64, 's', 'a'},
    {18, 1.0, 0.5, 66, 'd', 'i'},
    {18, 1.5, 0.5, 67, 'w', 'e'},
    {18, 2.0, 0.5, 66, 'b', 'i'},
    {18, 2.5, 1.4, 64, 'l', 'o'},
    {19, 0.0, 3.2, 64, 'l', 'a'},
});

constexpr std::array break_lines = std::to_array<Line>({
    {20, 1.0, 0.5, 66, 'h', 'o'},
    {20, 1.5, 0.5, 64, 'd', 'i'},
    {20, 2.0, 1.9, 62, 't', 'i'},
    {21, 1.0, 0.5, 64, 'l', 'e'},
    {21, 1.5, 0.5, 62, 'd', 'i'},
    {21, 2.0, 1.9, 61, 'b', 'i'},
    {22, 0.5, 0.5, 59, '-', 'a'},
    {22, 1.0, 0.5, 62, 'n', 'o'},
    {22, 1.5, 0.5, 64, 'w', 'i'},
    {22, 2.0, 1.0, 66, 'l', 'e'},
    {22, 3.0, 1.0, 67, 't', 'i'},
    {23, 0.0, 3.0, 69, 's', 'o'},
    {23, 3.5, 0.5, 69, 'n', 'a'},
});

constexpr std::array last_chorus_lines = std::to_array<Line>({
    {24, 0.0, 1.5, 71, 'w', 'e'}, {24, 1.5, 0.5, 69, 's', 'i'}, {24, 2.0, 0.5, 67, 't', '@'},
    {24, 2.5, 1.0, 69, 'w', 'i'}, {24, 3.5, 0.5, 69, 'w', 'e'}, {25, 0.0, 1.5, 74, 's', 'o'},
    {25, 1.5, 0.5, 69, 't', 'u'}, {25, 2.0, 1.4, 66, 'd', 'e'}, {25, 3.5, 0.5, 64, 'd', '@'},
    {26, 0.0, 1.0, 64, 'l', 'a'}, {26, 1.0, 0.5, 66, 'n', '@'}, {26, 1.5, 0.5, 67, 'l', 'i'},
    {26, 2.0, 0.5, 69, 'n', 'e'}, {26, 2.5, 1.0, 71, 'w', '@'}, {26, 3.5, 0.5, 69, '-', 'o'},
    {27, 0.0, 1.0, 69, 'w', '@'}, {27, 1.0, 0.5, 67, 'b', 'i'}, {27, 1.5, 0.5, 66, 'l', 'o'},
    {27, 2.0, 1.4, 64, 'd', '@'}, {27, 3.5, 0.5, 64, 'l', 'a'}, {28, 0.0, 5.0, 62, '-', 'a'},
});

void sing(std::vector<Syllable>& part, std::span<const Line> lines, double velocity, Random& human) {
  for (const Line& line : lines) {
    // Longer and higher notes are sung out; syllables on the off-beat are lighter.
    const double sung_out = 0.03 * (line.pitch - 66.0) / 2.0 + (line.beats >= 1.0 ? 0.06 : 0.0) -
                            (line.beat != std::floor(line.beat) ? 0.05 : 0.0);
    const Note note{bar_beat(line.bar) + line.beat + 0.012 * human.noise(), line.beats, line.pitch,
                    std::clamp(velocity + sung_out + 0.04 * human.noise(), 0.3, 1.0)};
    part.push_back({note, line.consonant, line.vowel});
  }
}

/// The chord tone nearest to `pitch` at least `distance` away, up (+1) or down (-1).
double chord_tone(std::size_t bar, double pitch, int distance, int direction) {
  for (int step = distance;; ++step) {
    const int candidate = static_cast<int>(pitch) + direction * step;
    const auto& tones = voicing_of(bar).tones;
    if (std::ranges::find(tones, candidate % 12) != tones.end()) return candidate;
  }
}

}  // namespace

std::vector<Syllable> lead_voice_part() {
  Random human(606);
  std::vector<Syllable> part;
  sing(part, verse_lines, 0.68, human);
  sing(part, chorus_lines, 0.86, human);
  sing(part, break_lines, 0.6, human);
  sing(part, last_chorus_lines, 0.9, human);
  return part;
}

std::vector<Syllable> backing_voice_part(Harmony harmony) {
  Random human(harmony == Harmony::above ? 707 : harmony == Harmony::below ? 808 : 909);
  std::vector<Syllable> part;
  const auto follow = [&](std::span<const Line> lines) {
    for (const Line& line : lines) {
      // They leave out the pick-ups and sing the held notes longer.
      if (line.beat == 3.5) continue;
      const double pitch = harmony == Harmony::above ? chord_tone(line.bar, line.pitch, 3, +1)
                                                     : chord_tone(line.bar, line.pitch, 3, -1);
      const char consonant = line.consonant == 's' || line.consonant == 't' ? 'd' : line.consonant;
      part.push_back({{bar_beat(line.bar) + line.beat + 0.02 * human.noise(), line.beats, pitch,
                       0.72 + 0.05 * human.noise()},
                      consonant,
                      line.vowel});
    }
  };
  const auto hold = [&](std::size_t first_bar, std::size_t end, char vowel, double velocity) {
    for (std::size_t bar = first_bar; bar < end; ++bar) {
      part.push_back({{bar_beat(bar) + 0.02 * human.noise(), 3.8, chord_tone(bar, 63.0, 0, -1),
                       velocity + 0.04 * human.noise()},
                      bar == first_bar ? 'h' : '-',
                      vowel});
    }
  };
  if (harmony == Harmony::held) {
    hold(chorus_bar, break_bar, 'a', 0.7);
    hold(break_bar, last_chorus_bar, 'u', 0.5);
    hold(last_chorus_bar, end_bar, 'a', 0.75);
  } else {
    follow(chorus_lines);
    follow(last_chorus_lines);
  }
  return part;
}

}  // namespace gainstage::demo
