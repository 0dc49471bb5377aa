// SPDX-License-Identifier: MIT
#include "engine/live/live_plan.h"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/strip_reader.h"
#include "mix/flow_paths.h"

namespace gainstage {
namespace {

LiveMatrix matrix_of(TimedGains gains, LivePlan& plan) {
  LiveMatrix matrix;
  if (gains.is_constant()) {
    gains.for_each(0, 1, [&](const TimedGains::Stretch& stretch) {
      matrix.constant.assign(stretch.begin.begin(), stretch.begin.end());
    });
  } else {
    matrix.moving = plan.moving.size();
    plan.moving.push_back(std::move(gains));
  }
  return matrix;
}

bool is_behind_fader(const Strip& strip, const FlowEdge& edge) {
  if (!edge.send) return true;
  const Send::Tap tap = strip.sends[*edge.send].tap;
  return tap == Send::Tap::after_fader || tap == Send::Tap::after_pan;
}

/// Whether what goes along a way is what is behind the fader and the pan, as it is.
bool is_fader_out(const Strip& strip, const FlowEdge& edge) {
  if (edge.send) return false;
  if (!edge.to) return true;
  const Output& output = strip.outputs[edge.output];
  return output.channels.empty() && output.gain.ratio == 1.0 && !output.gain.automation;
}

}  // namespace

LivePlan plan_of(const Session& session) {
  const SignalFlow& flow = *session.flow;
  const std::vector<std::string> printed = printed_stems(session);
  std::vector<bool> is_printed;
  for (const std::string& path : printed) is_printed.push_back(!path.empty());
  const FlowPaths paths(flow, is_printed);

  LivePlan plan;
  plan.sample_rate_hz = session.sample_rate_hz;
  for (const Track& track : session.tracks) plan.length = std::max(plan.length, track.source_frames);
  plan.mix_channels = paths.mix_channels();
  plan.master = flow.master;
  plan.order = paths.order();
  for (std::size_t i = 0; i < flow.strips.size(); ++i) {
    const Strip& strip = flow.strips[i];
    LiveStrip live;
    live.channels = strip.channels;
    live.wide = paths.fader_out_width(i);
    if (!strip.clips.empty() || is_printed[i]) {
      live.feed = plan.feed_channels;
      live.feed_index = plan.fed.size();
      plan.feed_channels += strip.channels;
      plan.fed.push_back(i);
    }
    live.to_insert_in = matrix_of(paths.to_insert_in(i, plan.sample_rate_hz), plan);
    live.to_fader_out = matrix_of(paths.to_fader_out(i, plan.sample_rate_hz), plan);
    for (const FlowEdge& edge : paths.edges(i)) {
      LiveWay way;
      way.to = edge.to;
      way.width = paths.width(edge);
      way.is_behind_fader = is_behind_fader(strip, edge);
      way.is_fader_out = way.width == live.wide && is_fader_out(strip, edge);
      if (!way.is_fader_out) way.gains = matrix_of(paths.along(edge, plan.sample_rate_hz), plan);
      live.ways.push_back(std::move(way));
    }
    plan.strips.push_back(std::move(live));
  }
  return plan;
}

}  // namespace gainstage
