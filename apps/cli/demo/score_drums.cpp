// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <string_view>

#include "demo/random.h"
#include "demo/score.h"

namespace gainstage::demo {

namespace {

/// One bar in sixteenths. 'X' accent, 'x' firm, 'o' light, '.' ghost, '-' rest.
struct Groove {
  std::string_view kick, snare, closed_hat, open_hat, high_tom, low_tom, crash;
};

constexpr std::string_view rest = "----------------";

constexpr Groove intro{rest, rest, "x-o-x-o-x-o-x-o-", rest, rest, rest, rest};
constexpr Groove intro_beat{"X-------x-x-----", rest, "x-o-x-o-x-o-x-o-", rest, rest, rest, rest};
constexpr Groove intro_fill{"X-------x-------",
                            "--------x-oox-xX",
                            "x-o-x-o---------",
                            rest,
                            "------------x---",
                            "--------------x-",
                            rest};
constexpr Groove verse_one{
    "X-----x-x-x-----", "----X--.-.--X---", "X-o-x-o-X-o-x-o-", rest, rest, rest, rest};
constexpr Groove verse_two{
    "X--o----x-x---o-", "----X--.----X--.", "X-o-x-o-X-o-x---", "--------------x-", rest, rest, rest};
constexpr Groove verse_sixteenths{
    "X-----x-x-x-----", "----X--.-.--X---", "X.o.x.o.X.o.x.o.", rest, rest, rest, rest};
constexpr Groove verse_fill{"X-------x-------",
                            "----X---x.oxX-xX",
                            "X.o.x.o---------",
                            rest,
                            "--------x-x-----",
                            "------------x-xx",
                            rest};
constexpr Groove chorus_one{
    "X-----x-X-x-----", "----X-------X--.", rest, "X-x-x-x-X-x-x-x-", rest, rest, rest};
constexpr Groove chorus_two{
    "X--x--x-X---x-x-", "----X--.----X---", rest, "X-x-x-x-X-x-x-x-", rest, rest, rest};
constexpr Groove chorus_fill{"X-----x-X-------", "----X-----x-X-x-", rest, "X-x-x-x---------",
                             "--------x-----xx", "-----------xx---", rest};
constexpr Groove heartbeat{"x--.------------", rest, rest, rest, rest, rest, rest};
constexpr Groove heartbeat_hats{"x--.----x-------", rest, "----o-------o---", rest, rest, rest, rest};
constexpr Groove build{"X---X---X---X---", "o---o---o-o-o-o-", rest, rest, rest, rest, rest};
constexpr Groove roll{"X---X---X-------", "o-o-o-o-xxxxxxXX", rest, rest, rest, rest, rest};
constexpr Groove ending{"X---------------", "X---------------", rest, rest, rest, rest, rest};
constexpr Groove silence{rest, rest, rest, rest, rest, rest, rest};

constexpr std::array<Groove, bar_count> grooves = {
    intro,
    intro,
    intro_beat,
    intro_fill,  //
    verse_one,
    verse_two,
    verse_one,
    verse_two,
    verse_sixteenths,
    verse_two,  //
    verse_sixteenths,
    verse_fill,  //
    chorus_one,
    chorus_two,
    chorus_one,
    chorus_fill,
    chorus_one,
    chorus_two,
    chorus_one,
    chorus_fill,  //
    heartbeat,
    heartbeat_hats,
    build,
    roll,  //
    chorus_one,
    chorus_two,
    chorus_one,
    chorus_fill,  //
    ending,
    silence,
};

constexpr std::array<std::size_t, 7> crash_bars = {verse_bar,       chorus_bar, 16,     break_bar,
                                                   last_chorus_bar, 26,         end_bar};

double velocity_of(char mark) {
  switch (mark) {
    case 'X':
      return 1.0;
    case 'x':
      return 0.82;
    case 'o':
      return 0.58;
    case '.':
      return 0.26;
    default:
      return 0.0;
  }
}

}  // namespace

std::vector<Hit> drum_part() {
  constexpr double step_beats = 0.25;
  Random human(101);
  std::vector<Hit> hits;
  const auto play = [&](std::size_t bar, std::string_view line, Drum drum) {
    for (std::size_t step = 0; step < line.size(); ++step) {
      const double velocity = velocity_of(line[step]);
      if (velocity == 0.0) continue;
      // A good drummer: 3 ms and 8 % off, the snare a hair late.
      const double late = 0.006 * human.noise() + (drum == Drum::snare ? 0.006 : 0.0);
      const double beat = bar_beat(bar) + static_cast<double>(step) * step_beats + late;
      hits.push_back({std::max(0.0, beat), drum, velocity * (1.0 + 0.08 * human.noise())});
    }
  };
  for (std::size_t bar = 0; bar < bar_count; ++bar) {
    const Groove& groove = grooves[bar];
    play(bar, groove.kick, Drum::kick);
    play(bar, groove.snare, Drum::snare);
    play(bar, groove.closed_hat, Drum::closed_hat);
    play(bar, groove.open_hat, Drum::open_hat);
    play(bar, groove.high_tom, Drum::high_tom);
    play(bar, groove.low_tom, Drum::low_tom);
    if (std::ranges::find(crash_bars, bar) != crash_bars.end()) {
      const double beat = bar_beat(bar);
      hits.push_back({beat, Drum::crash, bar == 16 || bar == 26 ? 0.8 : 1.0});
    }
  }
  std::ranges::stable_sort(hits, {}, &Hit::beat);
  return hits;
}

std::vector<Rise> riser_part() { return {{chorus_bar, 2}, {last_chorus_bar, 2}}; }

}  // namespace gainstage::demo
