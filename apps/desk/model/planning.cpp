// SPDX-License-Identifier: MIT
#include "planning.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "engine/at_gains.h"
#include "engine/job.h"
#include "moves.h"
#include "plan_placing.h"
#include "session/audible_strips.h"
#include "session/flow_check.h"
#include "staging/rounding.h"
#include "workspace/down_stages.h"
#include "workspace/make_report.h"
#include "workspace/session_report.h"

namespace gainstage::desk {
namespace {

/// Strips that the session holds muted or down, and no hand has raised.
std::vector<std::size_t> still_closed(const OpenedSession& opened, const PlanRequest& request) {
  std::vector<std::size_t> strips = closed_strips(opened);
  std::erase_if(strips, [&](std::size_t i) {
    const DeskStrip& strip = opened.table.strips[i];
    const bool is_muted = strip.is_muted && !request.strips[i].is_unmuted;
    const bool is_down = strip.has_down() && !opened.is_all_down && !request.strips[i].is_raised;
    return !is_muted && !is_down;
  });
  return strips;
}

/// Whether a closed strip keeps nothing from the mix but its own track, if it has one.
bool is_alone(const OpenedSession& opened, std::size_t index) {
  const SignalFlow& flow = *opened.playable.flow;
  const DeskStrip& strip = opened.table.strips[index];
  if (strip.is_vca) {
    return std::ranges::none_of(flow.strips, [&](const Strip& member) {
      const std::vector<std::size_t> vcas = followed_vcas(flow, member);
      return std::ranges::find(vcas, strip.index) != vcas.end();
    });
  }
  if (opened.own[index].trim != 0.0 && has_early_send(flow.strips[index])) return false;
  for (std::size_t s = 0; s < flow.strips.size(); ++s) {
    const std::vector<std::size_t> fed = fed_by(flow, s);
    if (std::ranges::find(fed, index) != fed.end()) return false;
  }
  return true;
}

/// Measures the tracks anew where other strips are closed than were.
Result<void> hear_closed(const OpenedSession& opened, std::vector<std::size_t> strips,
                         std::optional<ClosedHearing>& closed, const WorkOptions& work) {
  if (closed && closed->strips == strips) return {};
  closed.reset();
  Session session = with_own(opened, strips);
  auto measured = measure_session(session, {}, work);
  if (!measured) return tl::unexpected(measured.error());
  closed = ClosedHearing{std::move(strips), std::move(session), *std::move(measured)};
  return {};
}

class Planning {
 public:
  /// `session`: that of the desk, or with closed strips; `measurements` are of it.
  Planning(const OpenedSession& opened, const Session& session, const Measurements& measurements,
           const PlanRequest& request, const Target& target, const WorkOptions& work)
      : opened_(opened),
        session_(session),
        measured_(measurements),
        request_(request),
        work_(work),
        base_(session_.tracks.size()) {
    settings_.target = target;
    settings_.staging.target = *target.aim;
    settings_.staging.keep_levels_percent = opened.keep_levels;
    // As the mix is written: 24 bits of stems; a session is played in floating point.
    settings_.staging.output_step = opened.is_stems() ? std::ldexp(1.0, -23) : 0.0;
  }

  Result<GainPlan> done() {
    ask();
    if (has_evidence()) take_evidence(balance(session_, at_gains(measured_, base_), settings_.staging));
    return plan(session_, measured_, settings_.staging, settings_.measuring, work_, base_);
  }

  const StageSettings& settings() const { return settings_; }

 private:
  const PlanRequest::OfStrip& asked(std::size_t track) const {
    return request_.strips[*opened_.table.strip_of_track(track)];
  }
  bool is(Held::How how, std::size_t track) const {
    const auto& held = asked(track).held;
    return held && held->how == how;
  }

  void ask() {
    StagingOptions& options = settings_.staging;
    std::map<std::string, std::vector<std::string>> groups;
    const std::vector<std::size_t> closed = still_closed(opened_, request_);
    for (std::size_t t = 0; t < session_.tracks.size(); ++t) {
      const std::string& name = session_.tracks[t].name;
      const PlanRequest::OfStrip& own = asked(t);
      const std::size_t strip = *opened_.table.strip_of_track(t);
      if (own.role) options.roles.emplace(name, *own.role);
      if (request_.focus == strip) options.focus = name;
      const double vca_db = held_vca_db(opened_, request_, strip);
      if (std::isinf(vca_db) || std::ranges::find(closed, strip) != closed.end()) {
        base_[t] = silent_db;
        continue;
      }
      if (is(Held::How::pin, t)) {
        const Db place = without_crumbs(Db{own.held->db + vca_db});
        options.ranges.emplace(name, GainRange{place, place});
        continue;  // Neither its group nor its own range counts.
      }
      if (is(Held::How::lock, t)) {
        base_[t] = Db{own.held->db + vca_db};
        if (std::isfinite(base_[t].value)) options.locked.insert(name);
      } else if (own.range) {
        options.ranges.emplace(name, GainRange{{own.range->first}, {own.range->second}});
      }
      if (!own.group.empty()) groups[own.group].push_back(name);
    }
    for (auto& [name, tracks] : groups) options.groups.push_back({name, std::move(tracks)});
    if (opened_.daw) options.locked.insert(opened_.daw->kept.begin(), opened_.daw->kept.end());
  }

  bool has_evidence() const {
    return std::ranges::any_of(request_.strips, [](const PlanRequest::OfStrip& strip) {
      return strip.held && strip.held->how == Held::How::evidence;
    });
  }

  /// The balance without evidence, changed by what hands changed, becomes the rough mix.
  void take_evidence(const Balance& balanced) {
    for (std::size_t t = 0; t < base_.size(); ++t) {
      const TrackPlan& track = balanced.tracks[t];
      if (track.is_silent || track.is_locked || is(Held::How::lock, t)) continue;
      const auto& held = asked(t).held;
      base_[t] = track.gain() + Db{is(Held::How::evidence, t) ? held->db : 0.0};
      // Ranges are of the gain against the session.
      const auto range = settings_.staging.ranges.find(track.name);
      if (range == settings_.staging.ranges.end()) continue;
      range->second.low = range->second.low - base_[t];
      range->second.high = range->second.high - base_[t];
    }
    settings_.staging.keep_levels_percent = evidence_keep_percent;
  }

  const OpenedSession& opened_;
  const Session& session_;
  const Measurements& measured_;
  const PlanRequest& request_;
  WorkOptions work_;
  std::vector<Db> base_;  ///< What each track is turned by before the method begins.
  StageSettings settings_;
};

/// By the strips' names. Of a track that is silent since its strip is closed it is said how that ends.
std::vector<Warning> in_words_of_the_desk(const OpenedSession& opened, const PlanRequest& request,
                                          std::vector<Warning> warnings) {
  const std::vector<std::size_t> closed = still_closed(opened, request);
  for (Warning& warning : warnings) {
    for (std::size_t t = 0; t < opened.session().tracks.size(); ++t) {
      if (warning.track.empty() || warning.track != opened.session().tracks[t].name) continue;
      const std::size_t index = *opened.table.strip_of_track(t);
      const DeskStrip& strip = opened.table.strips[index];
      warning.track = strip.name;
      if (warning.code == "silent" && std::ranges::find(closed, index) != closed.end()) {
        const bool is_muted = strip.is_muted && !request.strips[index].is_unmuted;
        warning.sentence =
            fmt::format("{} is {} in the session: the plan leaves it out until it is {}.", strip.name,
                        is_muted ? "muted" : "down", is_muted ? "unmuted" : "raised");
      }
      break;
    }
  }
  return warnings;
}

/// What the session becomes, as the report of a dry run has it.
Result<ReportSession> changes_of(const DawSession& daw, const PlacedMoves& moves) {
  const Placement& placement = moves.placement;
  std::vector<StageChange> changes;
  for (const StageMove& move : placement.moves) changes.push_back(move.change);
  changes = from_base(std::move(changes), moves.brought_up, daw.document.flow());
  auto patched = daw.document.patch(changes);
  if (!patched) return tl::unexpected(patched.error());
  const auto after = session_of_bytes(daw, patched->bytes);
  if (!after) return tl::unexpected(after.error());
  ReportSession report = session_changes(daw, placement, *patched, *after);
  report.place = "auto";
  return report;
}

Result<std::string> report_of(const OpenedSession& opened, const Measurements& measurements,
                              const FlowLevels& levels, GainPlan plan, const PlacedMoves& moves,
                              const StageSettings& settings, const std::vector<Target>& targets) {
  if (opened.daw) {
    for (std::size_t t = 0; t < plan.tracks.size(); ++t) {
      TrackPlan& track = plan.tracks[t];
      if (track.is_silent) continue;
      track.fader = track.gain() - moves.placement.nominals[t];
      track.nominal = moves.placement.nominals[t];
    }
  }
  Report report = make_report(opened.session(), {measurements, std::move(plan)}, settings,
                              {{"target", settings.target.id}}, targets, opened.notes, std::nullopt);
  if (opened.daw) {
    take_flow_levels(report, opened.session(), levels);
    auto changes = changes_of(*opened.daw, moves);
    if (!changes) return tl::unexpected(changes.error());
    report.daw = *std::move(changes);
  }
  return to_json_text(report);
}

}  // namespace

Result<DeskPlan> make_plan(const OpenedSession& opened, const Measurements& measurements,
                           const FlowLevels& levels, PlanRequest request, const std::vector<Target>& targets,
                           std::optional<ClosedHearing>& closed, const WorkOptions& work) {
  const auto target = meant(request.target, targets);
  if (!target) return tl::unexpected(target.error());
  std::vector<std::size_t> kept_closed = still_closed(opened, request);
  std::erase_if(kept_closed, [&](std::size_t strip) { return is_alone(opened, strip); });
  const bool is_open = kept_closed.empty();
  WorkOptions planned = work;
  if (!is_open) {
    planned.decoded = nullptr;  // It is of the desk's session.
    auto heard = hear_closed(opened, std::move(kept_closed), closed, part_of(planned, 0.0, 0.6));
    if (!heard) return tl::unexpected(heard.error());
    planned = part_of(planned, 0.6, 1.0);
  }
  const Measurements& measured = is_open ? measurements : closed->measurements;
  Planning planning(opened, is_open ? opened.session() : closed->session, measured, request, *target,
                    planned);
  auto plan = planning.done();
  if (!plan) return tl::unexpected(plan.error());
  PlacedMoves moves = place_on_desk(opened, request, *plan, levels);
  moves.placed.steps = walk_of(opened, *plan, *target->aim);
  auto report = report_of(opened, measured, levels, *plan, moves, planning.settings(), targets);
  if (!report) return tl::unexpected(report.error());
  DeskPlan made{std::move(request), *std::move(plan), std::move(moves.placed), std::move(moves.notes),
                *std::move(report)};
  std::vector<Warning> notes = in_words_of_the_desk(opened, made.request, made.plan.warnings);
  made.notes.insert(made.notes.end(), notes.begin(), notes.end());
  return made;
}

}  // namespace gainstage::desk
