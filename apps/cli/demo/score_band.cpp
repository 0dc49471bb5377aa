// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "demo/chords.h"
#include "demo/random.h"
#include "demo/score.h"

namespace gainstage::demo {

namespace {

bool is_verse(std::size_t bar) { return bar >= verse_bar && bar < chorus_bar; }
bool is_chorus(std::size_t bar) {
  return (bar >= chorus_bar && bar < break_bar) || (bar >= last_chorus_bar && bar < end_bar);
}

/// A note of the scale that leads into `next` from a tone below or above.
double approach(double from, double next) {
  const double step = from < next ? -2.0 : 2.0;
  // G to A to B, D to E: whole tones of D major; C sharp under D and F sharp under G are half a tone away.
  const double pitch = next + step;
  const int pitch_class = static_cast<int>(pitch) % 12;
  const bool is_in_key = pitch_class == 2 || pitch_class == 4 || pitch_class == 6 || pitch_class == 7 ||
                         pitch_class == 9 || pitch_class == 11 || pitch_class == 1;
  return is_in_key ? pitch : next + step / 2.0;
}

}  // namespace

std::vector<Note> bass_part() {
  Random human(202);
  std::vector<Note> notes;
  const auto play = [&](double beat, double beats, double pitch, double velocity) {
    notes.push_back({beat + 0.004 * human.noise(), beats, pitch, velocity * (1.0 + 0.06 * human.noise())});
  };
  const std::vector<Hit> drums = drum_part();
  for (std::size_t bar = 2; bar < bar_count; ++bar) {
    const double start = bar_beat(bar);
    const double root = voicing_of(bar).bass;
    const double next = bar + 1 < bar_count ? voicing_of(bar + 1).bass : root;
    if (is_chorus(bar)) {
      // Driving eighths; a kick under a note makes it firmer.
      for (int eighth = 0; eighth < 8; ++eighth) {
        const double beat = start + 0.5 * eighth;
        const bool has_kick = std::ranges::any_of(
            drums, [&](const Hit& hit) { return hit.drum == Drum::kick && std::abs(hit.beat - beat) < 0.1; });
        const bool is_last = eighth == 7 && next != root;
        play(beat, 0.46, is_last ? approach(root, next) : root, has_kick ? 0.95 : 0.75);
      }
    } else if (is_verse(bar) || bar < verse_bar) {
      // On the kick, held until the next one; the octave answers, a step leads over.
      std::vector<double> beats;
      for (const Hit& hit : drums) {
        if (hit.drum == Drum::kick && hit.velocity > 0.5 && hit.beat > start - 0.1 &&
            hit.beat < start + 3.6) {
          beats.push_back(hit.beat);
        }
      }
      for (std::size_t i = 0; i < beats.size(); ++i) {
        const double end = i + 1 < beats.size() ? beats[i + 1] : start + 3.4;
        play(beats[i], std::min(end - beats[i] - 0.06, 1.6), root, i == 0 ? 0.92 : 0.8);
      }
      if (bar % 2 == 1) play(start + 3.0, 0.4, root + 12.0, 0.62);
      play(start + 3.5, 0.42, next != root ? approach(root, next) : root, 0.72);
    } else if (bar == break_bar || bar == break_bar + 1) {
      play(start, 3.6, root, 0.62);
    } else if (bar < last_chorus_bar) {
      for (int quarter = 0; quarter < 4; ++quarter) {
        play(start + quarter, 0.85, root, 0.6 + 0.04 * quarter + (bar == last_chorus_bar - 1 ? 0.15 : 0.0));
      }
    } else if (bar == end_bar) {
      play(start, 7.0, root, 0.95);
    }
  }
  return notes;
}

std::vector<Strum> rhythm_guitar_part() {
  Random human(303);
  std::vector<Strum> strums;
  const auto play = [&](double beat, double beats, Stroke stroke, std::span<const double> pitches,
                        double velocity) {
    strums.push_back({std::max(0.0, beat + 0.006 * human.noise()),
                      beats,
                      stroke,
                      {pitches.begin(), pitches.end()},
                      velocity * (1.0 + 0.07 * human.noise())});
  };
  // Strums of a chorus bar in eighths: beat, length, stroke.
  struct Stroke8 {
    double beat, beats;
    Stroke stroke;
    double velocity;
  };
  constexpr std::array<Stroke8, 6> chorus_strums = {{{0.0, 1.0, Stroke::down, 1.0},
                                                     {1.0, 0.5, Stroke::down, 0.85},
                                                     {1.5, 1.0, Stroke::up, 0.75},
                                                     {2.5, 0.5, Stroke::up, 0.8},
                                                     {3.0, 0.5, Stroke::down, 0.9},
                                                     {3.5, 0.5, Stroke::up, 0.7}}};
  constexpr std::string_view mutes = "XxxxXxxx";
  for (std::size_t bar = 0; bar < bar_count; ++bar) {
    const double start = bar_beat(bar);
    const Voicing& voicing = voicing_of(bar);
    if (bar < 2 || bar == break_bar) {
      play(start, 3.9, Stroke::down, voicing.strummed, bar < 2 ? 0.7 : 0.85);
    } else if (is_verse(bar) || bar < verse_bar || bar == break_bar + 2) {
      for (std::size_t eighth = 0; eighth < mutes.size(); ++eighth) {
        const bool opens = eighth == 7 && bar % 4 == 3;
        play(start + 0.5 * static_cast<double>(eighth), opens ? 0.5 : 0.44,
             opens ? Stroke::down : Stroke::palm_mute, voicing.power, mutes[eighth] == 'X' ? 0.95 : 0.72);
      }
    } else if (is_chorus(bar)) {
      for (const Stroke8& stroke : chorus_strums) {
        play(start + stroke.beat, stroke.beats, stroke.stroke, voicing.strummed, stroke.velocity);
      }
    } else if (bar == last_chorus_bar - 1) {
      for (std::size_t eighth = 0; eighth < 8; ++eighth) {
        const double swell = 0.5 + 0.06 * static_cast<double>(eighth);
        play(start + 0.5 * static_cast<double>(eighth), 0.5, eighth < 4 ? Stroke::palm_mute : Stroke::down,
             voicing.power, swell);
      }
    } else if (bar == end_bar) {
      play(start, 7.5, Stroke::down, voicing.strummed, 1.0);
    }
  }
  return strums;
}

std::vector<Note> picked_guitar_part() {
  Random human(404);
  std::vector<Note> notes;
  constexpr std::array<std::size_t, 8> pattern = {0, 2, 1, 3, 2, 1, 3, 2};
  constexpr std::array<std::size_t, 8> chorus_pattern = {3, 2, 3, 1, 2, 3, 2, 1};
  for (std::size_t bar = 0; bar < bar_count; ++bar) {
    const double start = bar_beat(bar);
    const auto& shape = voicing_of(bar).picked;
    if (bar == end_bar) {
      for (std::size_t i = 0; i < shape.size(); ++i) {
        notes.push_back({start + 0.06 * static_cast<double>(i), 7.0, shape[i], 0.8});
      }
      continue;
    }
    if (bar > end_bar) continue;
    const auto& order = is_chorus(bar) ? chorus_pattern : pattern;
    for (std::size_t eighth = 0; eighth < order.size(); ++eighth) {
      if (bar == break_bar + 3 && eighth >= 4) break;
      const double beat = start + 0.5 * static_cast<double>(eighth);
      const double accent = eighth == 0 || eighth == 3 || eighth == 6 ? 0.85 : 0.62;
      const double loudness = is_chorus(bar) ? 1.0 : (bar >= break_bar ? 0.72 : 0.85);
      notes.push_back({std::max(0.0, beat + 0.008 * human.noise()), 1.4, shape[order[eighth]],
                       accent * loudness * (1.0 + 0.1 * human.noise())});
    }
  }
  return notes;
}

std::vector<Note> keys_part() {
  Random human(505);
  std::vector<Note> notes;
  const auto chord = [&](std::size_t bar, double beat, double beats, double velocity) {
    for (const double pitch : voicing_of(bar).keys) {
      notes.push_back({std::max(0.0, bar_beat(bar) + beat + 0.01 * human.uniform()), beats, pitch,
                       velocity * (1.0 + 0.08 * human.noise())});
    }
  };
  for (std::size_t bar = 2; bar < bar_count; ++bar) {
    if (is_verse(bar) || bar < verse_bar) {
      chord(bar, 0.0, 1.4, 0.62);
      chord(bar, 1.5, 0.4, 0.5);
      chord(bar, 2.5, 1.2, 0.56);
    } else if (is_chorus(bar)) {
      for (int quarter = 0; quarter < 4; ++quarter) chord(bar, quarter, 0.9, quarter == 0 ? 0.85 : 0.7);
      chord(bar, 3.5, 0.45, 0.6);
    } else if (bar < last_chorus_bar) {
      chord(bar, 0.0, 3.8, bar == last_chorus_bar - 1 ? 0.65 : 0.5);
    } else if (bar == end_bar) {
      chord(bar, 0.0, 7.5, 0.8);
    }
  }
  return notes;
}

std::vector<Note> pad_part() {
  std::vector<Note> notes;
  for (std::size_t bar = 0; bar < bar_count; ++bar) {
    const bool is_held_over = bar > 0 && bar != end_bar && chords[bar] == chords[bar - 1];
    if (is_held_over || bar > end_bar) continue;
    std::size_t last = bar;
    while (last + 1 < bar_count && chords[last + 1] == chords[bar]) ++last;
    const double beats = static_cast<double>(last + 1 - bar) * beats_per_bar;
    const double swell = is_chorus(bar) ? 0.95 : (bar >= break_bar && bar < last_chorus_bar ? 0.85 : 0.7);
    for (const double pitch : voicing_of(bar).pad) notes.push_back({bar_beat(bar), beats, pitch, swell});
  }
  return notes;
}

}  // namespace gainstage::demo
