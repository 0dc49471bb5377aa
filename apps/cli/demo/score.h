// SPDX-License-Identifier: MIT
// The song on paper: form, chords, and what every player plays, in beats. No sound here.
//
// D major, 4/4, 120 to the minute, 30 bars: intro 4, verse 8, chorus 8, break 4, chorus 4, end 2.
#pragma once

#include <cstddef>
#include <vector>

namespace gainstage::demo {

inline constexpr double beats_per_minute = 120.0;
inline constexpr double beats_per_bar = 4.0;
inline constexpr std::size_t bar_count = 30;
inline constexpr double song_seconds =
    static_cast<double>(bar_count) * beats_per_bar * 60.0 / beats_per_minute;

/// First bars of the parts of the form.
inline constexpr std::size_t verse_bar = 4;
inline constexpr std::size_t chorus_bar = 12;
inline constexpr std::size_t break_bar = 20;
inline constexpr std::size_t last_chorus_bar = 24;
inline constexpr std::size_t end_bar = 28;

inline constexpr double to_seconds(double beat) { return beat * 60.0 / beats_per_minute; }
inline constexpr double bar_beat(std::size_t bar) { return static_cast<double>(bar) * beats_per_bar; }

/// Pitches are semitones with 60 = C4; velocities 0 to 1.
struct Note {
  double beat = 0.0;
  double beats = 0.0;  ///< Length.
  double pitch = 0.0;
  double velocity = 0.0;
};

enum class Drum { kick, snare, closed_hat, open_hat, high_tom, low_tom, crash };

struct Hit {
  double beat = 0.0;
  Drum drum = Drum::kick;
  double velocity = 0.0;
};

/// A guitar chord: the strings are struck one after the other. A palm on the bridge mutes them.
enum class Stroke { down, up, palm_mute };
struct Strum {
  double beat = 0.0;
  double beats = 0.0;
  Stroke stroke = Stroke::down;
  std::vector<double> pitches;  ///< Low to high.
  double velocity = 0.0;
};

/// A sung note. `consonant` is one of "bdfhlmnstw-" ('-': none), `vowel` one of "aeiou@" ('@': as in "the").
struct Syllable {
  Note note;
  char consonant = '-';
  char vowel = 'a';
};

std::vector<Hit> drum_part();
std::vector<Note> bass_part();
std::vector<Strum> rhythm_guitar_part();
std::vector<Note> picked_guitar_part();
std::vector<Note> keys_part();
std::vector<Note> pad_part();
std::vector<Syllable> lead_voice_part();
/// Two voices above and below the lead, and a third that holds the chord.
enum class Harmony { above, below, held };
std::vector<Syllable> backing_voice_part(Harmony harmony);
/// Bars at whose end a riser arrives, and its length in bars.
struct Rise {
  std::size_t arrival_bar;
  std::size_t bars;
};
std::vector<Rise> riser_part();

}  // namespace gainstage::demo
