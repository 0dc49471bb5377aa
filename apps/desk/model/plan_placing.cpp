// SPDX-License-Identifier: MIT
#include "plan_placing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "meters/vu.h"
#include "session/audible_strips.h"
#include "staging/rounding.h"

namespace gainstage::desk {
namespace {

constexpr Db zero_vu{-18.0};

bool is_lock(const PlanRequest::OfStrip& strip) { return strip.held && strip.held->how == Held::How::lock; }
bool is_pin(const PlanRequest::OfStrip& strip) { return strip.held && strip.held->how == Held::How::pin; }

std::vector<std::optional<InsertLevel>> insert_levels(const OpenedSession& opened, const FlowLevels& levels) {
  std::vector<std::optional<InsertLevel>> inserts;
  for (const Track& track : opened.session().tracks) {
    inserts.emplace_back();
    const std::optional<Measure>& level = levels[*track.strip].insert_in;
    if (!level || opened.keeps_nominal) continue;
    inserts.back() = InsertLevel{level->sample_peak, VuMeter::needle_level(level->vu_mean, zero_vu)};
  }
  return inserts;
}

class Placer {
 public:
  Placer(const OpenedSession& opened, const PlanRequest& request, const GainPlan& plan,
         const FlowLevels& levels)
      : opened_(opened), table_(opened.table), request_(request), plan_(plan), levels_(levels) {}

  PlacedMoves done() {
    share_the_raise();
    moves_.placed.before_raise = opened_.is_stems() ? stems(Db{}) : daw(Db{});
    moves_.placed.raised = opened_.is_stems() ? stems(on_faders_) : daw(on_faders_);
    if (opened_.daw) note_sends();
    list_brought_up();
    Position& master = moves_.placed.raised[table_.master];
    if (!is_lock(request_.strips[table_.master])) {
      master.fader_db += on_master_.value;
      limit(table_.master, master);
    }
    return std::move(moves_);
  }

 private:
  /// Strips that are held must not move, so the raise goes to the master as far as it can.
  void share_the_raise() {
    const Db raise{plan_.raise.value - held_master_db(opened_, request_)};
    on_faders_ = raise;
    bool has_held = false;
    for (std::size_t i = 0; i < request_.strips.size(); ++i)
      has_held = has_held || (is_lock(request_.strips[i]) && table_.strips[i].track &&
                              std::isfinite(request_.strips[i].held->db));
    const std::optional<StageInfo>& master = table_.strips[table_.master].fader;
    if (!has_held || is_lock(request_.strips[table_.master]) || !master || !master->can_move()) return;
    on_master_ = {std::min(raise.value, std::floor((master->greatest_db - master->base_db) * 100.0) / 100.0)};
    on_faders_ = without_crumbs(raise - on_master_);
    if (on_faders_ > Db{0.005}) {
      moves_.notes.push_back(
          {"raise-past-master",
           "",
           fmt::format(
               "The master's fader can't hold {:.1f} dB of the raise, which is on the faders that are "
               "not held: they stand higher over the held ones than was wanted.",
               on_faders_.value),
           {}});
    }
  }

  /// Where strips stand from which the plan's moves begin.
  std::vector<Position> first_positions() const {
    std::vector<Position> positions;
    for (std::size_t i = 0; i < table_.strips.size(); ++i) {
      Position at = own_position(table_.strips[i]);
      if (is_brought_up(i)) bring_up(table_.strips[i], at);
      positions.push_back(is_lock(request_.strips[i]) ? request_.strips[i].held->place : at);
    }
    return positions;
  }

  /// Whether the plan has what the session has down of a strip at its base.
  bool is_brought_up(std::size_t strip) const {
    const auto& track = table_.strips[strip].track;
    if (track && plan_.tracks[*track].is_silent) return false;
    return opened_.is_all_down || request_.strips[strip].is_raised;
  }

  static void bring_up(const DeskStrip& strip, Position& at) {
    for (const Stage stage : {Stage::trim, Stage::fader}) {
      const auto& info = strip.stage(stage);
      if (info && info->is_down()) at.of(stage) = info->base_db;
    }
  }

  void limit(std::size_t strip, Position& at) const {
    for (const Stage stage : {Stage::trim, Stage::fader}) {
      const auto& info = table_.strips[strip].stage(stage);
      if (info) at.of(stage) = std::min(at.of(stage), info->greatest_db);
    }
  }

  static Position raised(Position place, Db raise) {
    if (raise != Db{}) place.fader_db += raise.value;
    return place;
  }

  std::vector<Position> stems(Db raise) const {
    std::vector<Position> positions = first_positions();
    for (std::size_t t = 0; t < plan_.tracks.size(); ++t) {
      const std::size_t s = *table_.strip_of_track(t);
      const TrackPlan& track = plan_.tracks[t];
      if (track.is_silent || is_lock(request_.strips[s])) continue;
      Position& at = positions[s];
      at = {track.nominal.value, without_crumbs(track.fader + raise).value};
      if (is_pin(request_.strips[s])) at = raised(request_.strips[s].held->place, raise);
      const double over = at.fader_db - table_.strips[s].fader->greatest_db;
      if (over > 0.0) {
        at.trim_db = without_crumbs(Db{at.trim_db + over}).value;
        at.fader_db = table_.strips[s].fader->greatest_db;
      }
      limit(s, at);
    }
    return positions;
  }

  std::vector<Position> daw(Db raise) {
    GainPlan plan = plan_;
    plan.raise = raise;
    for (std::size_t t = 0; t < plan.tracks.size(); ++t) {
      const std::size_t s = *opened_.session().tracks[t].strip;
      plan.tracks[t].fader = plan.tracks[t].fader - Db{held_vca_db(opened_, request_, s)};
    }
    const auto inserts = insert_levels(opened_, levels_);
    moves_.placement = place(opened_.session(), plan, inserts, {Place::automatic, false, zero_vu});
    std::vector<Position> positions = first_positions();
    for (const StageMove& move : moves_.placement.moves) take(move.change, positions);
    for (std::size_t s = 0; s < positions.size(); ++s) {
      if (!is_pin(request_.strips[s])) continue;
      positions[s] = raised(request_.strips[s].held->place, raise - moves_.placement.master);
      limit(s, positions[s]);
    }
    return positions;
  }

  void take(const StageChange& change, std::vector<Position>& positions) const {
    const StageRef& stage = change.stage;
    const std::size_t s = stage.kind == StageKind::vca ? table_.flow_strips + stage.strip : stage.strip;
    if (is_lock(request_.strips[s])) return;
    switch (stage.kind) {
      case StageKind::trim:
        positions[s].trim_db += change.gain.value;
        break;
      case StageKind::clip:
        if (stage.item == 0 && table_.strips[s].trim) positions[s].trim_db += change.gain.value;
        break;
      case StageKind::fader:
      case StageKind::master:
      case StageKind::vca:
        positions[s].fader_db += change.gain.value;
        break;
      default:
        return;  // A send has no hand on this desk.
    }
    limit(s, positions[s]);
  }

  void list_brought_up() {
    for (std::size_t i = 0; i < table_.strips.size(); ++i) {
      if (!is_brought_up(i) || is_lock(request_.strips[i])) continue;
      for (const Stage stage : {Stage::trim, Stage::fader}) {
        const auto& info = table_.strips[i].stage(stage);
        if (info && info->is_down()) moves_.brought_up.push_back(info->refs.front());
      }
    }
  }

  void note_sends() {
    for (const StageMove& move : moves_.placement.moves) {
      if (move.change.stage.kind != StageKind::send) continue;
      const std::string& name = table_.strips[move.change.stage.strip].name;
      moves_.notes.push_back(
          {"early-send",
           name,
           fmt::format("{} is sent to another strip before its fader; the desk leaves that "
                       "send where it is.",
                       name),
           {}});
    }
  }

  const OpenedSession& opened_;
  const StageTable& table_;
  const PlanRequest& request_;
  const GainPlan& plan_;
  const FlowLevels& levels_;
  Db on_faders_;
  Db on_master_;
  PlacedMoves moves_;
};

}  // namespace

double held_vca_db(const OpenedSession& opened, const PlanRequest& request, std::size_t strip) {
  double held = 0.0;
  const SignalFlow& flow = *opened.playable.flow;
  for (const std::size_t vca : followed_vcas(flow, flow.strips[strip])) {
    const PlanRequest::OfStrip& own = request.strips[opened.table.flow_strips + vca];
    if (is_lock(own)) held += own.held->db;
  }
  return held;
}

double held_master_db(const OpenedSession& opened, const PlanRequest& request) {
  const PlanRequest::OfStrip& master = request.strips[opened.table.master];
  return is_lock(master) && std::isfinite(master.held->db) ? master.held->db : 0.0;
}

PlacedMoves place_on_desk(const OpenedSession& opened, const PlanRequest& request, const GainPlan& plan,
                          const FlowLevels& levels) {
  return Placer(opened, request, plan, levels).done();
}

}  // namespace gainstage::desk
