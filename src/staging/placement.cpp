// SPDX-License-Identifier: MIT
#include "staging/placement.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "session/flow_check.h"
#include "session/insert_kinds.h"
#include "staging/nominal.h"
#include "staging/rounding.h"
#include "staging/text.h"

namespace gainstage {
namespace {

constexpr Db unbounded{1000.0};
constexpr Db hundredth{0.005};  // Under it a move is none.

bool is_nothing(Db gain) { return std::abs(gain.value) < hundredth.value; }

/// How far a stage can still be turned up; nothing where it can't be written at all.
std::optional<Db> room(const GainControl& control) {
  if (!control.writable) return std::nullopt;
  const bool is_multiplied = control.playback == GainControl::Playback::multiplies;
  double greatest = control.ratio;
  if (control.automation && !is_multiplied) greatest = std::max(greatest, control.greatest());
  if (greatest <= 0.0) return unbounded;
  return rounded_down(to_db(control.writable->greatest_ratio / greatest) + Db{1e-6});
}

/// Room of all clips of a strip together.
std::optional<Db> clip_room(const Strip& strip) {
  if (strip.clips.empty()) return std::nullopt;
  Db least = unbounded;
  for (const Clip& clip : strip.clips) {
    const auto own = room(clip.gain);
    if (!own) return std::nullopt;
    least = std::min(least, *own);
  }
  return least;
}

/// Strips whose sound gets to the master.
std::vector<bool> reaching_master(const SignalFlow& flow) {
  std::vector<bool> reaches(flow.strips.size());
  reaches[flow.master] = true;
  const auto order = processing_order(flow);
  for (auto at = order.rbegin(); at != order.rend(); ++at) {
    for (const std::size_t next : fed_by(flow, *at)) reaches[*at] = reaches[*at] || reaches[next];
  }
  return reaches;
}

/// The first bus, or the master, that the raise must stay behind; empty: none.
std::string bus_that_level_matters_to(const SignalFlow& flow) {
  for (const Strip& strip : flow.strips) {
    if (strip.kind == StripKind::track) continue;
    const bool is_master = strip.kind == StripKind::master;
    if (has_non_linear_insert(strip, false) || (!is_master && has_non_linear_insert(strip, true)))
      return strip.name;
  }
  return {};
}

/// What is planned for a track, stage by stage.
struct TrackMove {
  Db wanted;   ///< All of it.
  Db nominal;  ///< Before the inserts.
  bool is_in_clips = false;
  bool keeps_insert_level = false;
  Db fader;
  Db vca;
  std::string why_nominal = {};
  std::string why_fader = {};
};

class Placing {
 public:
  Placing(const Session& session, const GainPlan& plan, std::span<const std::optional<InsertLevel>> inserts,
          const PlacementOptions& options)
      : session_(session), flow_(*session.flow), plan_(plan), inserts_(inserts), options_(options) {}

  Placement done() {
    moves_.resize(session_.tracks.size());
    const std::vector<Db> gains = mix_gains(plan_);
    for (std::size_t i = 0; i < moves_.size(); ++i) {
      if (plan_.tracks[i].is_silent) continue;
      moves_[i].wanted = gains[i];
      decide_nominal(i);
    }
    decide_master();
    for (std::size_t i = 0; i < moves_.size(); ++i) {
      if (!plan_.tracks[i].is_silent) moves_[i].fader = moves_[i].wanted - moves_[i].nominal - master_;
    }
    if (options_.place == Place::vca) share_by_vcas();
    fit_faders();
    write_moves();
    return std::move(placement_);
  }

 private:
  const Strip& strip(std::size_t track) const { return flow_.strips[*session_.tracks[track].strip]; }

  void decide_nominal(std::size_t i) {
    TrackMove& move = moves_[i];
    const Strip& own = strip(i);
    move.keeps_insert_level = !options_.before_inserts && has_non_linear_insert(own, false);
    Db asked;
    switch (options_.place) {
      case Place::automatic:
        asked = nominal_of(i);
        break;
      case Place::clip:
      case Place::trim:
        asked = move.wanted;
        break;
      default:
        return;
    }
    if (move.keeps_insert_level) {
      if (!is_nothing(asked))
        move.why_fader = "level into its inserts stays as it is, so all of the move is behind them";
      return;
    }
    put_before_inserts(move, own, asked);
  }

  /// Trim or clips, as asked for, and the other where the format has only that.
  void put_before_inserts(TrackMove& move, const Strip& own, Db asked) const {
    const auto trim = room(own.trim);
    const auto clips = clip_room(own);
    move.is_in_clips = options_.place == Place::clip ? clips.has_value() : !trim && clips;
    const auto has_room = move.is_in_clips ? clips : trim;
    if (!has_room) {
      if (!is_nothing(asked))
        move.why_fader = "this session has no gain before its inserts that can be written";
      return;
    }
    move.nominal = std::min(asked, *has_room);
    move.why_nominal = options_.place == Place::automatic
                           ? "to the operating level of " + tenth(options_.zero_vu.value) + " dBFS"
                           : std::string(to_string(options_.place)) + " asked for";
    if (move.nominal < asked) {
      move.why_nominal += ", as far as it goes";
      move.why_fader = "what the " + std::string(move.is_in_clips ? "clips" : "trim") + " can't hold is here";
    }
  }

  /// From the present level to nominal.
  Db nominal_of(std::size_t i) const {
    if (plan_.tracks[i].is_locked || !inserts_[i] || std::isinf(inserts_[i]->sample_peak.value)) return {};
    HeardTrack heard;
    heard.vu_while_sounding = inserts_[i]->vu_while_sounding;
    heard.crest_while_sounding = inserts_[i]->sample_peak - inserts_[i]->vu_while_sounding;
    return nominal_level(heard, inserts_[i]->sample_peak, options_.zero_vu).trim;
  }

  Db master_room() const { return room(flow_.strips[flow_.master].fader).value_or(Db{}); }

  void decide_master() {
    const std::string bus = bus_that_level_matters_to(flow_);
    const bool is_behind_inserts =
        options_.place == Place::automatic && !options_.before_inserts && !bus.empty();
    if (options_.place != Place::master && !is_behind_inserts) return;
    if (!room(flow_.strips[flow_.master].fader)) return;
    master_ = std::min(plan_.raise, master_room());
    why_master_ = is_behind_inserts ? "the raise, behind the inserts of " + bus + " that level matters to"
                                    : "the raise of all together";
    if (master_ < plan_.raise) why_master_ += ", as far as it goes; the rest is on the faders";
  }

  /// The mean of its tracks' moves goes to each VCA, so that the faders move least.
  void share_by_vcas() {
    std::map<std::size_t, std::vector<std::size_t>> members;
    for (std::size_t i = 0; i < moves_.size(); ++i) {
      if (plan_.tracks[i].is_silent || strip(i).vcas.size() != 1) continue;
      if (room(flow_.vcas[strip(i).vcas[0]].gain)) members[strip(i).vcas[0]].push_back(i);
    }
    for (std::size_t vca = 0; vca < flow_.vcas.size(); ++vca) {
      if (!members.contains(vca) || !moves_only(vca, members[vca])) continue;
      Db sum;
      for (const std::size_t i : members[vca]) sum += moves_[i].fader;
      Db mean = rounded((1.0 / static_cast<double>(members[vca].size())) * sum);
      mean = std::min(mean, *room(flow_.vcas[vca].gain));
      if (is_nothing(mean)) continue;
      for (const std::size_t i : members[vca]) {
        moves_[i].fader = without_crumbs(moves_[i].fader - mean);
        moves_[i].vca = mean;
      }
      add({StageKind::vca, vca, 0}, mean, "what its tracks have in common");
    }
  }

  /// Whether a VCA moves these tracks and nothing else that sounds.
  bool moves_only(std::size_t vca, const std::vector<std::size_t>& tracks) const {
    for (const Vca& other : flow_.vcas) {
      if (std::ranges::find(other.vcas, vca) != other.vcas.end()) return false;
    }
    return std::ranges::all_of(flow_.strips, [&](const Strip& own) {
      if (std::ranges::find(own.vcas, vca) == own.vcas.end()) return true;
      return std::ranges::any_of(tracks, [&](std::size_t i) { return &strip(i) == &own; });
    });
  }

  /// Faders stay under what the format holds: trims take the excess of their own track, the master that of
  /// all.
  void fit_faders() {
    Db all_excess;
    for (std::size_t i = 0; i < moves_.size(); ++i) {
      TrackMove& move = moves_[i];
      if (plan_.tracks[i].is_silent) continue;
      const auto has_room = room(strip(i).fader);
      if (!has_room && !can_trim(i)) continue;  // Lost, and said so.
      const Db excess = has_room ? rounded_up(move.fader - *has_room) : move.fader;
      if (has_room ? excess <= hundredth : is_nothing(excess)) continue;
      const Db taken = trim_room(i) >= excess ? excess : Db{};
      move.nominal += taken;
      move.fader = move.fader - taken;
      if (!is_nothing(taken)) {
        move.why_nominal += (move.why_nominal.empty() ? "" : ", and ") +
                            ("what the fader can't hold: " + tenth(taken.value) + " dB");
      } else {
        all_excess = std::max(all_excess, excess);
      }
    }
    if (all_excess <= Db{}) return;
    const Db taken = std::min(all_excess, master_room() - master_);
    if (taken > hundredth) {
      master_ += taken;
      why_master_ += (why_master_.empty() ? "" : "; ") +
                     ("a fader can't hold " + tenth(taken.value) + " dB of the raise");
      for (std::size_t i = 0; i < moves_.size(); ++i) {
        if (!plan_.tracks[i].is_silent) moves_[i].fader = moves_[i].fader - taken;
      }
    }
  }

  /// Whether a track's trim may take what its fader can't.
  bool can_trim(std::size_t i) const {
    const TrackMove& move = moves_[i];
    return !move.keeps_insert_level && !move.is_in_clips && options_.place != Place::clip &&
           room(strip(i).trim);
  }
  Db trim_room(std::size_t i) const { return can_trim(i) ? *room(strip(i).trim) - moves_[i].nominal : Db{}; }

  void add(StageRef stage, Db gain, std::string why) {
    const Db move = without_crumbs(gain);
    if (is_nothing(move)) return;
    const GainControl* const control = find_stage(flow_, stage);
    const auto has_room = control ? room(*control) : std::nullopt;
    const Db fits = has_room ? std::min(move, *has_room) : Db{};
    if (fits < move - hundredth || !has_room) {
      const std::string name = stage_name(flow_, stage);
      const Db lost = has_room ? without_crumbs(move - fits) : move;
      placement_.losses.push_back({stage, lost,
                                   has_room ? name + " can't be turned up by all of " + tenth(move.value) +
                                                  " dB: " + tenth(lost.value) + " dB are lost."
                                            : name + " can't be written in this session: its move of " +
                                                  tenth(move.value) + " dB is lost."});
      if (!has_room || is_nothing(fits)) return;
      placement_.moves.push_back({{stage, fits}, std::move(why)});
      return;
    }
    placement_.moves.push_back({{stage, move}, std::move(why)});
  }

  void write_moves() {
    const std::vector<bool> reaches = reaching_master(flow_);
    for (std::size_t i = 0; i < moves_.size(); ++i) {
      placement_.nominals.push_back(moves_[i].nominal);
      if (plan_.tracks[i].is_silent) continue;
      const TrackMove& move = moves_[i];
      const std::size_t at = *session_.tracks[i].strip;
      const Strip& own = strip(i);
      if (move.is_in_clips) {
        for (std::size_t clip = 0; clip < own.clips.size(); ++clip)
          add({StageKind::clip, at, clip}, move.nominal, move.why_nominal);
      } else {
        add({StageKind::trim, at, 0}, move.nominal, move.why_nominal);
      }
      add(fader_of(flow_, at), move.fader,
          "the balance" + std::string(is_nothing(plan_.raise - master_) ? "" : " and the raise") +
              (move.why_fader.empty() ? "" : "; " + move.why_fader));
      for (std::size_t s = 0; s < own.sends.size(); ++s) {
        const Send& send = own.sends[s];
        const bool is_before = send.tap == Send::Tap::before_inserts || send.tap == Send::Tap::before_fader;
        if (!send.is_enabled || !is_before || !reaches[send.to] || send.gain.ratio == 0.0) continue;
        add({StageKind::send, at, s}, move.fader + move.vca, "taken before the fader, it moves with it");
      }
    }
    add({StageKind::master, flow_.master, 0}, master_, why_master_);
    placement_.master = master_;
    std::ranges::stable_sort(placement_.moves, {}, [](const StageMove& move) {
      return std::pair(move.change.stage.kind == StageKind::vca, move.change.stage.strip);
    });
  }

  const Session& session_;
  const SignalFlow& flow_;
  const GainPlan& plan_;
  std::span<const std::optional<InsertLevel>> inserts_;
  PlacementOptions options_;
  std::vector<TrackMove> moves_;
  Db master_;
  std::string why_master_;
  Placement placement_;
};

}  // namespace

std::string_view to_string(Place place) {
  constexpr std::array<std::string_view, 6> names{"auto", "clip", "trim", "fader", "vca", "master"};
  return names[static_cast<std::size_t>(place)];
}

Placement place(const Session& session, const GainPlan& plan,
                std::span<const std::optional<InsertLevel>> inserts, const PlacementOptions& options) {
  return Placing(session, plan, inserts, options).done();
}

}  // namespace gainstage
