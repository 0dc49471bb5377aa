// SPDX-License-Identifier: MIT
// The song's chords, bar by bar, and how each player voices them.
#pragma once

#include <array>
#include <cstddef>

#include "demo/score.h"

namespace gainstage::demo {

enum class Chord { d, em, g, a, bm };

/// The chord of every bar.
inline constexpr std::array<Chord, bar_count> chords = {
    Chord::bm, Chord::g, Chord::d,  Chord::a,                                            // intro
    Chord::bm, Chord::g, Chord::d,  Chord::a,  Chord::bm, Chord::g, Chord::d, Chord::a,  // verse
    Chord::g,  Chord::d, Chord::a,  Chord::bm, Chord::g,  Chord::d, Chord::a, Chord::a,  // chorus
    Chord::bm, Chord::a, Chord::g,  Chord::a,                                            // break
    Chord::g,  Chord::d, Chord::em, Chord::a,                                            // last chorus
    Chord::d,  Chord::d,                                                                 // end
};

struct Voicing {
  double bass;                     ///< The bass player's root.
  std::array<double, 5> strummed;  ///< Open guitar chord.
  std::array<double, 3> power;     ///< Root, fifth, octave.
  std::array<double, 4> picked;    ///< High guitar shape.
  std::array<double, 4> keys;
  std::array<double, 4> pad;
  std::array<int, 3> tones;  ///< Pitch classes.
};

/// Voicings of Chord's values, in their order.
inline constexpr std::array<Voicing, 5> voicings = {{
    {38, {50, 57, 62, 66, 69}, {50, 57, 62}, {62, 66, 69, 76}, {54, 57, 62, 66}, {50, 57, 66, 69}, {2, 6, 9}},
    {28,
     {40, 47, 52, 55, 59},
     {40, 47, 52},
     {64, 67, 71, 74},
     {55, 59, 64, 67},
     {52, 59, 64, 67},
     {4, 7, 11}},
    {31,
     {43, 50, 55, 59, 67},
     {43, 50, 55},
     {62, 67, 71, 74},
     {55, 59, 62, 67},
     {50, 59, 62, 67},
     {7, 11, 2}},
    {33, {45, 52, 57, 61, 64}, {45, 52, 57}, {61, 64, 69, 73}, {52, 57, 61, 64}, {52, 57, 61, 64}, {9, 1, 4}},
    {35,
     {47, 54, 59, 62, 66},
     {47, 54, 59},
     {62, 66, 71, 74},
     {54, 59, 62, 66},
     {54, 59, 62, 66},
     {11, 2, 6}},
}};

inline constexpr const Voicing& voicing_of(std::size_t bar) {
  return voicings[static_cast<std::size_t>(chords[bar])];
}

}  // namespace gainstage::demo
