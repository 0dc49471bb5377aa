// SPDX-License-Identifier: MIT
#include "engine/predict/desk_parts.h"

#include <fmt/format.h>

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "engine/strip_reader.h"
#include "mix/flow_paths.h"

namespace gainstage {
namespace {

DeskParts parts_of_stems(const Session& session) {
  DeskParts desk{session, {}};
  const std::size_t master = session.tracks.size();
  for (std::size_t i = 0; i < master; ++i) desk.parts.push_back({i, {i, master}, {i, master}});
  return desk;
}

DeskPart part_of(std::size_t track, const FlowWay& way) {
  DeskPart part{track, {}, {}};
  for (const FlowStep& step : way) {
    part.trims.push_back(step.strip);
    if (step.is_by_fader) part.faders.push_back(step.strip);
  }
  return part;
}

}  // namespace

Result<DeskParts> desk_parts(const Session& session) {
  if (!session.flow) return parts_of_stems(session);
  DeskParts desk{session, {}};
  desk.session.tracks.clear();
  std::vector<bool> is_printed;
  for (const std::string& stem : printed_stems(session)) is_printed.push_back(!stem.empty());
  const FlowPaths paths(*session.flow, std::move(is_printed));
  std::set<std::string> names;
  for (const Track& track : session.tracks) names.insert(track.name);
  for (std::size_t t = 0; t < session.tracks.size(); ++t) {
    const Track& track = session.tracks[t];
    const auto ways = paths.ways(*track.strip, most_desk_parts - desk.parts.size());
    if (!ways) {
      return failure(
          ErrorCode::bad_input,
          fmt::format("sound takes more than {} ways through the session's desk; its loudness is not "
                      "predicted, but measured",
                      most_desk_parts),
          {.track = track.name});
    }
    for (std::size_t w = 0; w < ways->size(); ++w) {
      Track part = track;
      // A track on one way is what it was, so that what was decoded of it serves for both.
      if (ways->size() > 1) part.way = (*ways)[w];
      for (std::size_t number = w + 1; w > 0 && !names.insert(part.name).second; ++number)
        part.name = fmt::format("{} (way {})", track.name, number);
      desk.session.tracks.push_back(std::move(part));
      desk.parts.push_back(part_of(t, (*ways)[w]));
    }
  }
  return desk;
}

std::vector<Db> gains_of(std::span<const DeskPart> parts, std::span<const double> trims,
                         std::span<const double> faders) {
  std::vector<Db> gains;
  gains.reserve(parts.size());
  for (const DeskPart& part : parts) {
    double ratio = 1.0;
    for (const std::size_t strip : part.trims) ratio *= trims[strip];
    for (const std::size_t strip : part.faders) ratio *= faders[strip];
    gains.push_back(to_db(ratio));
  }
  return gains;
}

}  // namespace gainstage
