// SPDX-License-Identifier: MIT
#include "hearing_now.h"

#include <algorithm>

#include "session/audible_strips.h"

namespace gainstage::desk {
namespace {

double ratio_on_base(const std::optional<StageInfo>& stage, double db) {
  if (!stage || !stage->can_move() || db == stage->base_db) return 1.0;
  return to_ratio(Db{db - stage->base_db});
}

}  // namespace

bool has_early_send(const Strip& strip) {
  return std::ranges::any_of(strip.sends, [](const Send& send) {
    return send.is_enabled && (send.tap == Send::Tap::before_inserts || send.tap == Send::Tap::before_fader);
  });
}

SignalFlow without_clips(const SignalFlow& flow) {
  SignalFlow bare;
  bare.master = flow.master;
  bare.vcas = flow.vcas;
  for (Vca& vca : bare.vcas) vca.is_soloed = vca.is_muted = false;
  for (const Strip& strip : flow.strips) {
    Strip own;
    own.id = strip.id;
    own.name = strip.name;
    own.kind = strip.kind;
    own.sends = strip.sends;
    own.outputs = strip.outputs;
    own.vcas = strip.vcas;
    own.is_solo_safe = strip.is_solo_safe;
    bare.strips.push_back(std::move(own));
  }
  return bare;
}

std::vector<StripRatios> ratios_of(const StageTable& table, const SignalFlow& flow,
                                   const DeskValues& values) {
  std::vector<StripRatios> ratios(table.flow_strips);
  for (std::size_t s = 0; s < table.flow_strips; ++s) {
    ratios[s].trim = ratio_on_base(table.strips[s].trim, values.strips[s].at.trim_db);
    ratios[s].fader = ratio_on_base(table.strips[s].fader, values.strips[s].at.fader_db);
    if (is_held_muted(table.strips[s], values.strips[s])) {
      ratios[s].fader = 0.0;
      if (has_early_send(flow.strips[s])) ratios[s].trim = 0.0;
    }
    for (const std::size_t vca : followed_vcas(flow, flow.strips[s])) {
      const std::size_t at = table.flow_strips + vca;
      ratios[s].fader *= ratio_on_base(table.strips[at].fader, values.strips[at].at.fader_db);
    }
  }
  return ratios;
}

std::vector<bool> audible_now(const StageTable& table, const SignalFlow& flow, const Listening& listening,
                              const std::vector<bool>& has_entered) {
  std::vector<bool> is_heard(table.flow_strips, true);
  if (std::ranges::find(listening.is_soloed, true) != listening.is_soloed.end()) {
    SignalFlow soloed = flow;
    for (std::size_t s = 0; s < table.flow_strips; ++s) soloed.strips[s].is_soloed = listening.is_soloed[s];
    for (std::size_t v = 0; v < soloed.vcas.size(); ++v)
      soloed.vcas[v].is_soloed = listening.is_soloed[table.flow_strips + v];
    is_heard = unsilenced_by_solo(soloed);
  }
  for (std::size_t s = 0; s < table.flow_strips; ++s) {
    const auto vcas = followed_vcas(flow, flow.strips[s]);
    const bool is_muted = listening.is_muted[s] || std::ranges::any_of(vcas, [&](std::size_t v) {
                            return listening.is_muted[table.flow_strips + v];
                          });
    if (is_muted || !has_entered[s]) is_heard[s] = false;
  }
  return is_heard;
}

LiveSettings live_settings(const StageTable& table, const SignalFlow& flow,
                           const std::vector<StripRatios>& ratios, const std::vector<StripRatios>& own,
                           const Listening& listening, const std::vector<bool>& has_entered) {
  const Comparison& compare = listening.compare;
  const bool is_before = compare.is_on && compare.hears_before;
  const std::vector<StripRatios>& heard = is_before ? own : ratios;
  const std::vector<bool> is_heard = audible_now(
      table, flow, listening, is_before ? std::vector<bool>(table.strips.size(), true) : has_entered);
  LiveSettings live;
  for (std::size_t s = 0; s < table.flow_strips; ++s) {
    LiveSettings::Strip strip{heard[s].trim, heard[s].fader};
    if (!is_heard[s]) {
      strip.fader = 0.0;
      if (has_early_send(flow.strips[s])) strip.trim = 0.0;
    }
    live.strips.push_back(strip);
  }
  live.listen_strip = listening.tap_strip;
  live.listen_tap = listening.tap;
  live.is_mono = listening.is_mono;
  if (listening.is_dim) live.monitor *= to_ratio(Db{dim_db});
  if (compare.is_on) live.monitor *= to_ratio(Db{is_before ? compare.before_db : compare.after_db});
  return live;
}

}  // namespace gainstage::desk
