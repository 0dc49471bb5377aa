// SPDX-License-Identifier: MIT
#include "session_at.h"

#include <algorithm>
#include <cmath>

#include "staging/rounding.h"

namespace gainstage::desk {
namespace {

void turn(GainControl& control, double ratio) {
  if (ratio == 1.0) return;
  control.ratio *= ratio;
  const bool is_multiplied = control.playback == GainControl::Playback::multiplies;
  if (!control.automation || is_multiplied) return;
  for (AutomationPoint& point : control.automation->points) point.value *= ratio;
}

}  // namespace

Session session_at(const Session& session, const std::vector<StripRatios>& ratios) {
  Session turned = session;
  for (std::size_t s = 0; s < ratios.size(); ++s) {
    turn(turned.flow->strips[s].trim, ratios[s].trim);
    turn(turned.flow->strips[s].fader, ratios[s].fader);
  }
  return turned;
}

std::vector<StageChange> changes_at(const StageTable& table, const DeskValues& values) {
  std::vector<StageChange> changes;
  for (std::size_t i = 0; i < table.strips.size(); ++i) {
    for (const Stage stage : {Stage::trim, Stage::fader}) {
      const auto& info = table.strips[i].stage(stage);
      if (!info || !info->can_move()) continue;
      const double at_db = values.strips[i].at.of(stage);
      if (is_same_place(at_db, info->own_db)) continue;
      if (info->is_down()) {
        const Db level = without_crumbs(Db{std::max(at_db, down_in_sessions_db)});
        changes.push_back({info->refs.front(), level, StageChange::From::zero_db});
        continue;
      }
      const Db gain = without_crumbs(Db{std::max(at_db - info->own_db, down_in_sessions_db)});
      for (const StageRef& ref : info->refs) changes.push_back({ref, gain});
    }
  }
  return changes;
}

std::vector<std::size_t> unmuted_at(const StageTable& table, const DeskValues& values) {
  std::vector<std::size_t> strips;
  for (std::size_t i = 0; i < table.flow_strips; ++i) {
    if (table.strips[i].is_muted && values.strips[i].is_unmuted) strips.push_back(i);
  }
  return strips;
}

std::vector<Db> stem_gains(const StageTable& table, const DeskValues& values, std::size_t tracks) {
  const double master_db = moved_db(table.strips[table.master], values.strips[table.master].at);
  std::vector<Db> gains;
  for (std::size_t t = 0; t < tracks; ++t) {
    const std::size_t s = *table.strip_of_track(t);
    gains.push_back(without_crumbs(Db{moved_db(table.strips[s], values.strips[s].at) + master_db}));
  }
  return gains;
}

GainPlan plan_at(const OpenedSession& opened, const DeskValues& values,
                 const std::vector<StripRatios>& ratios, const GainPlan* made) {
  const Session& session = opened.session();
  GainPlan plan;
  if (made) plan = *made;
  plan.tracks.resize(session.tracks.size());
  plan.raise = Db{};
  plan.headroom_cut = Db{};
  const double master_db = opened.is_stems() ? moved_db(opened.table.strips[opened.table.master],
                                                        values.strips[opened.table.master].at)
                                             : 0.0;
  for (std::size_t t = 0; t < plan.tracks.size(); ++t) {
    const std::size_t s = *opened.table.strip_of_track(t);
    TrackPlan& track = plan.tracks[t];
    track.name = session.tracks[t].name;
    track.nominal = without_crumbs(to_db(ratios[s].trim));
    track.fader = without_crumbs(to_db(ratios[s].fader) + Db{master_db});
    track.is_locked = values.strips[s].is_locked;
  }
  return plan;
}

}  // namespace gainstage::desk
