// SPDX-License-Identifier: MIT
#include "session_format/ardour/ardour_time.h"

#include <algorithm>
#include <cmath>

#include "session_format/ardour/numbers_in_bytes.h"

namespace gainstage::ardour {
namespace {

constexpr double ticks_per_quarter = 1920.0;
constexpr double longest_s = 366.0 * 86400.0;
constexpr std::size_t most_tempos = 100'000;

/// "12:960": quarters and ticks.
std::optional<double> quarters_of(std::string_view text) {
  const std::size_t colon = text.find(':');
  const auto whole = to_number(text.substr(0, colon));
  if (!whole || colon == std::string_view::npos) return whole;
  const auto ticks = to_number(text.substr(colon + 1));
  if (!ticks) return std::nullopt;
  return *whole + *ticks / ticks_per_quarter;
}

}  // namespace

Clock::Clock(double sample_rate_hz, pugi::xml_node tempo_map) : sample_rate_hz_(sample_rate_hz) {
  if (const auto rate = to_number(tempo_map.attribute("superclocks-per-second").as_string());
      rate && *rate > 0.0) {
    superclocks_per_second_ = *rate;
  }
  for (const pugi::xml_node node : tempo_map.child("Tempos").children("Tempo")) {
    const auto place = to_number(node.attribute("sclock").as_string());
    const auto quarters = quarters_of(node.attribute("quarters").as_string());
    const auto notes_per_minute = to_number(node.attribute("npm").as_string());
    const double note = to_number(node.attribute("note-type").as_string("4")).value_or(4.0);
    if (!place || !quarters || !notes_per_minute || *notes_per_minute <= 0.0 || note <= 0.0) continue;
    if (tempos_.size() == most_tempos) break;
    const double omega = to_number(node.attribute("omega").as_string("0")).value_or(0.0);
    tempos_.push_back({*place / superclocks_per_second_, *quarters, 60.0 / *notes_per_minute * note / 4.0,
                       omega * superclocks_per_second_});
  }
  std::ranges::stable_sort(tempos_, {}, &Tempo::quarters);
  if (tempos_.empty()) tempos_.push_back({});
}

double Clock::seconds_of_quarters(double quarters) const {
  const auto after = std::ranges::upper_bound(tempos_, quarters, {}, &Tempo::quarters);
  const Tempo& tempo = after == tempos_.begin() ? tempos_.front() : *std::prev(after);
  const double straight = tempo.seconds_per_quarter * (quarters - tempo.quarters);
  // On a ramp the speed rises in proportion to the beats passed, so time is their logarithm.
  if (tempo.omega == 0.0 || straight * tempo.omega <= -1.0) return tempo.seconds + straight;
  return tempo.seconds + std::log1p(straight * tempo.omega) / tempo.omega;
}

std::optional<double> Clock::seconds(std::string_view text) const {
  if (text.empty()) return std::nullopt;
  const bool is_superclock = text.front() == 'a';
  const bool is_beat = text.front() == 'b';
  const auto number = to_number(is_superclock || is_beat ? text.substr(1) : text);
  if (!number) return std::nullopt;
  const double seconds = is_superclock ? *number / superclocks_per_second_
                         : is_beat     ? seconds_of_quarters(*number / ticks_per_quarter)
                                       : *number / sample_rate_hz_;
  if (!(std::abs(seconds) <= longest_s)) return std::nullopt;
  return seconds;
}

std::optional<Clock::Stretch> Clock::stretch(std::string_view text) const {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0) return std::nullopt;
  const auto start = seconds(text.substr(at + 1));
  if (!start) return std::nullopt;
  if (text.front() != 'b') {
    const auto length = seconds(text.substr(0, at));
    if (!length) return std::nullopt;
    return Stretch{*start, *length};
  }
  // A length in beats is as long as the beats are from its start on.
  const auto ticks = to_number(text.substr(1, at - 1));
  if (!ticks) return std::nullopt;
  double first = 0.0;
  if (text[at + 1] == 'b') {
    first = to_number(text.substr(at + 2)).value_or(0.0) / ticks_per_quarter;
  } else {
    double high = 1.0;
    while (high < 1e9 && seconds_of_quarters(high) < *start) high *= 2.0;
    double low = 0.0;
    for (int i = 0; i < 80; ++i) {
      const double middle = 0.5 * (low + high);
      (seconds_of_quarters(middle) < *start ? low : high) = middle;
    }
    first = high;
  }
  const double end = seconds_of_quarters(first + *ticks / ticks_per_quarter);
  if (!(std::abs(end) <= longest_s)) return std::nullopt;
  return Stretch{*start, end - *start};
}

}  // namespace gainstage::ardour
