// SPDX-License-Identifier: MIT
// What is gathered while a REAPER project is read: its flow, where its gains stand in the bytes, what went
// wrong.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/error.h"
#include "session/signal_flow.h"
#include "session_format/reaper/rpp_tree.h"

namespace gainstage {

/// Greatest gain of faders, items and takes: REAPER takes numbers up to +24 dB.
inline const double greatest_reaper_gain = to_ratio(Db{24.0});

/// A number in the bytes that a change of a stage multiplies.
struct ReaperGainPlace {
  std::uint32_t begin = 0;
  std::uint32_t size = 0;
  double greatest = greatest_reaper_gain;  ///< Of its absolute value.
};
struct StagePlace {
  StageRef stage;
  ReaperGainPlace place;
};

/// What a project must not have without end. Far more than songs have, little enough to be held.
enum class Counted { tracks, takes, sends, plugins, points };

/// The first error ends the reading; until that is looked at, values are stand-ins.
class Reading {
 public:
  explicit Reading(const RppTree& lines) : tree(lines) {}

  const RppTree& tree;
  SignalFlow flow;
  std::vector<StagePlace> places;
  std::map<std::size_t, ReaperGainPlace> mutes;  ///< The word that mutes a track.
  std::optional<Error> error;

  /// A finite number; `absent` where the line has fewer words.
  double number(const RppWords& words, std::size_t index, double absent);
  long whole_number(const RppWords& words, std::size_t index, long absent);
  /// A finite number not under zero.
  double gain(const RppWords& words, std::size_t index, double absent);
  /// Within -1 .. 1.
  double pan(const RppWords& words, std::size_t index);

  void fail(std::size_t line, std::string sentence);
  /// Once for each code and strip.
  void note(std::string_view code, const std::string& strip, std::string sentence);
  /// False, with an error, when there are too many.
  bool count(Counted what, std::size_t line);

  void add_place(StageRef stage, const ReaperGainPlace& place) { places.push_back({stage, place}); }
  /// Index of the source with this path; a new one where there is none yet.
  std::size_t source(std::string_view path);

 private:
  std::unordered_set<std::string> noted_;
  std::unordered_map<std::string, std::size_t> sources_;
  std::array<std::size_t, 5> counts_ = {};
};

/// The place of a word that is a number; absent where the line has fewer words.
std::optional<ReaperGainPlace> gain_place(const RppWords& words, std::size_t index);

/// Where a pan stands and by which law. `law` as projects have it: negative for the project's own, else the
/// amplitude at the centre, over 1 where compensated.
Pan reaper_pan(double position, double law, double project_law);

}  // namespace gainstage
