// SPDX-License-Identifier: MIT
#include "session_format/reaper/fades.h"

namespace gainstage {
namespace {

// Sixteen straight pieces: within 0.002 of shape 1 to 2, within 0.006 of the others.
constexpr int pieces = 16;

enum class Direction { in, out };

std::optional<Clip::Fade> curve(const ItemFade& fade, Direction direction, double start_s) {
  if (!(fade.length_s > 0.0)) return std::nullopt;
  Clip::Fade made;
  made.length_s = fade.length_s;
  const int count = fade.shape == 0 ? 1 : pieces;
  for (int i = 0; i <= count; ++i) {
    const double along = static_cast<double>(i) / count;
    AutomationPoint point;
    point.seconds = start_s + along * fade.length_s;
    point.value = fade_amplitude(fade.shape, direction == Direction::in ? along : 1.0 - along);
    made.curve.points.push_back(point);
  }
  return made;
}

}  // namespace

ItemFade read_fade(Reading& reading, const RppWords& words) {
  ItemFade fade;
  fade.shape = reading.whole_number(words, 1, 0);
  const double by_hand = reading.number(words, 2, 0.0);
  const double crossfade = reading.number(words, 3, 0.0);
  fade.length_s = crossfade > 0.0 ? crossfade : by_hand;
  fade.bend = reading.number(words, 6, 0.0);
  return fade;
}

double fade_amplitude(long shape, double x) {
  const double rest = 1.0 - x;
  switch (shape) {
    case 1:
      return 1.0 - rest * rest;
    case 2:
      return x * x;
    case 3:
      return 1.0 - rest * rest * rest * rest;
    case 4:
      return x * x * x * x;
    case 5:
      return x * x * (3.0 - 2.0 * x);
    case 6:
      return x * x * x * (10.0 - 15.0 * x + 6.0 * x * x);
    default:
      return x;
  }
}

std::optional<Clip::Fade> fade_in_curve(const ItemFade& fade) { return curve(fade, Direction::in, 0.0); }

std::optional<Clip::Fade> fade_out_curve(const ItemFade& fade, double clip_length_s) {
  return curve(fade, Direction::out, clip_length_s - fade.length_s);
}

}  // namespace gainstage
