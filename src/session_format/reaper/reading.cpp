// SPDX-License-Identifier: MIT
#include "session_format/reaper/reading.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "session_format/reaper/rpp_text.h"
#include "session_format/stems/track_name.h"

namespace gainstage {
namespace {

struct Limit {
  const char* name;
  std::size_t most;
};
constexpr std::array<Limit, 5> limits = {{{"tracks", 20'000},
                                          {"takes", 200'000},
                                          {"sends", 200'000},
                                          {"plug-ins", 200'000},
                                          {"envelope points", 3'000'000}}};

/// A drive ("D:\"), a share ("\\host") or a path of Unix.
bool is_absolute(std::string_view path) {
  return path.starts_with('/') || path.starts_with("\\\\") || (path.size() > 1 && path[1] == ':');
}

}  // namespace

void Reading::fail(std::size_t line, std::string sentence) {
  if (error) return;
  const std::size_t number = tree.number(line);
  error = Error{ErrorCode::bad_input, fmt::format("Line {}: {}", number, sentence), {.line = number}};
}

double Reading::number(const RppWords& words, std::size_t index, double absent) {
  if (!words.has(index)) return absent;
  const auto value = parse_rpp_number(words[index].text);
  if (value) return *value;
  fail(words.line,
       fmt::format(
           "{} has {} where a finite number is expected; correct the line, or save the project "
           "again in REAPER.",
           to_printable_utf8(words[0].text.substr(0, 40)),
           words[index].text.empty() ? "nothing" : to_printable_utf8(words[index].text.substr(0, 40))));
  return absent;
}

long Reading::whole_number(const RppWords& words, std::size_t index, long absent) {
  const double value = number(words, index, static_cast<double>(absent));
  if (std::abs(value) < 1e15) return static_cast<long>(value);
  fail(words.line, fmt::format("{} has {}, which is no count of anything; correct the line.",
                               to_printable_utf8(words[0].text), value));
  return absent;
}

double Reading::gain(const RppWords& words, std::size_t index, double absent) {
  const double value = number(words, index, absent);
  if (value >= 0.0) return value;
  fail(words.line,
       fmt::format("{} has a gain of {}; gains are amplitudes from 0 on. Correct the line, or set the "
                   "gain again in REAPER.",
                   to_printable_utf8(words[0].text), value));
  return absent;
}

double Reading::pan(const RppWords& words, std::size_t index) {
  const double value = number(words, index, 0.0);
  // REAPER's own rounding may leave the range by the last digit.
  if (std::abs(value) <= 1.0001) return std::clamp(value, -1.0, 1.0);
  fail(words.line,
       fmt::format("{} has a pan of {}; pans are -1 (left) to 1 (right). Correct the line, or set the "
                   "pan again in REAPER.",
                   to_printable_utf8(words[0].text), value));
  return 0.0;
}

void Reading::note(std::string_view code, const std::string& strip, std::string sentence) {
  if (noted_.insert(fmt::format("{}\n{}", code, strip)).second) {
    flow.notes.push_back({std::string(code), strip, std::move(sentence)});
  }
}

bool Reading::count(Counted what, std::size_t line) {
  const auto index = static_cast<std::size_t>(what);
  if (++counts_[index] <= limits[index].most) return true;
  fail(line, fmt::format("The project has more than {} {}; so many are not read.", limits[index].most,
                         limits[index].name));
  return false;
}

std::size_t Reading::source(std::string_view path) {
  std::string named(path);
  if (!is_absolute(path)) std::replace(named.begin(), named.end(), '\\', '/');
  const auto [found, is_new] = sources_.try_emplace(named, flow.sources.size());
  if (is_new) {
    SessionSource source;
    source.name = to_printable_utf8(std::string_view(named).substr(named.find_last_of("/\\") + 1));
    source.path = std::move(named);
    flow.sources.push_back(std::move(source));
  }
  return found->second;
}

std::optional<ReaperGainPlace> gain_place(const RppWords& words, std::size_t index) {
  if (!words.has(index)) return std::nullopt;
  return ReaperGainPlace{words[index].begin, words[index].size};
}

Pan reaper_pan(double position, double law, double project_law) {
  Pan pan;
  pan.law = PanLaw::reaper;
  pan.position = position;
  pan.centre = to_db(law < 0.0 ? project_law : law);
  return pan;
}

}  // namespace gainstage
