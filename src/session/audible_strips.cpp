// SPDX-License-Identifier: MIT
#include "session/audible_strips.h"

#include <algorithm>

#include "session/flow_check.h"

namespace gainstage {
namespace {

/// The strips that sound reaches from those that are set in `is_reached`, along the given ways.
std::vector<bool> reached(std::vector<bool> is_reached, const std::vector<std::vector<std::size_t>>& ways) {
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < is_reached.size(); ++i) {
    if (is_reached[i]) open.push_back(i);
  }
  while (!open.empty()) {
    const std::size_t strip = open.back();
    open.pop_back();
    for (const std::size_t next : ways[strip]) {
      if (is_reached[next]) continue;
      is_reached[next] = true;
      open.push_back(next);
    }
  }
  return is_reached;
}

bool is_muted(const Mute& mute, double seconds) {
  return mute.automation ? mute.automation->value_at(seconds) >= 0.5 : mute.is_on;
}

}  // namespace

std::vector<std::size_t> followed_vcas(const SignalFlow& flow, const Strip& strip) {
  std::vector<std::size_t> followed;
  std::vector<std::size_t> open = strip.vcas;
  while (!open.empty()) {
    const std::size_t vca = open.back();
    open.pop_back();
    if (std::ranges::find(followed, vca) != followed.end()) continue;
    followed.push_back(vca);
    open.insert(open.end(), flow.vcas[vca].vcas.begin(), flow.vcas[vca].vcas.end());
  }
  std::ranges::sort(followed);
  return followed;
}

std::vector<bool> unsilenced_by_solo(const SignalFlow& flow) {
  const std::size_t count = flow.strips.size();
  std::vector<bool> is_soloed(count);
  for (std::size_t i = 0; i < count; ++i) {
    const Strip& strip = flow.strips[i];
    is_soloed[i] = strip.is_soloed || std::ranges::any_of(followed_vcas(flow, strip), [&](std::size_t vca) {
                     return flow.vcas[vca].is_soloed;
                   });
  }
  if (std::ranges::find(is_soloed, true) == is_soloed.end()) return std::vector<bool>(count, true);

  std::vector<std::vector<std::size_t>> down(count);
  std::vector<std::vector<std::size_t>> up(count);
  for (std::size_t i = 0; i < count; ++i) {
    for (const Output& output : flow.strips[i].outputs) {
      if (output.to) down[i].push_back(*output.to);
    }
    for (const Send& send : flow.strips[i].sends) {
      if (send.is_enabled) down[i].push_back(send.to);
    }
    for (const std::size_t next : down[i]) up[next].push_back(i);
  }
  const std::vector<bool> downstream = reached(is_soloed, down);
  const std::vector<bool> upstream = reached(is_soloed, up);
  std::vector<bool> is_heard(count);
  for (std::size_t i = 0; i < count; ++i) {
    is_heard[i] = downstream[i] || upstream[i] || flow.strips[i].is_solo_safe || i == flow.master;
  }
  return is_heard;
}

double mute_factor(const SignalFlow& flow, const Strip& strip, double seconds) {
  if (is_muted(strip.mute, seconds)) return 0.0;
  const auto vcas = followed_vcas(flow, strip);
  return std::ranges::any_of(vcas, [&](std::size_t vca) { return flow.vcas[vca].is_muted; }) ? 0.0 : 1.0;
}

double vca_ratio(const SignalFlow& flow, const Strip& strip, double seconds) {
  double ratio = 1.0;
  for (const std::size_t vca : followed_vcas(flow, strip))
    ratio *= flow.vcas[vca].gain.ratio_at(seconds) / flow.vcas[vca].base_ratio;
  return ratio;
}

}  // namespace gainstage
