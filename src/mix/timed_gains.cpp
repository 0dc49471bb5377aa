// SPDX-License-Identifier: MIT
#include "mix/timed_gains.h"

#include <cassert>
#include <cmath>
#include <limits>

namespace gainstage {
namespace {

constexpr Frames grid = 32;
constexpr double never = std::numeric_limits<double>::infinity();

Frames before_multiple(Frames frame) {
  const Frames rest = frame % grid;
  return rest < 0 ? frame - rest - grid : frame - rest;
}

}  // namespace

TimedGains::TimedGains(std::size_t count, std::span<const Automation* const> automations,
                       double sample_rate_hz, double origin_s, Evaluate evaluate)
    : sample_rate_hz_(sample_rate_hz),
      origin_s_(origin_s),
      evaluate_(std::move(evaluate)),
      begin_(count),
      end_(count),
      step_(count) {
  struct Edge {
    double seconds;
    int moving;  // How many automations begin to move here, less those that end.
  };
  std::vector<Edge> edges;
  for (const Automation* automation : automations) {
    for (std::size_t i = 0; i < automation->points.size(); ++i) {
      const double at = automation->points[i].seconds;
      edges.push_back({at, 0});
      if (!automation->moves_after(i)) continue;
      edges.back().moving = 1;
      edges.push_back({automation->points[i + 1].seconds, -1});
    }
  }
  std::ranges::sort(edges, {}, &Edge::seconds);
  segments_.push_back({std::numeric_limits<Frames>::min(), -never, never, false});
  int moving = 0;
  for (const Edge& edge : edges) {
    moving += edge.moving;
    // The first frame at or after the edge; a time that was a whole frame stays that frame.
    const double place = std::clamp((edge.seconds - origin_s_) * sample_rate_hz_, -0x1p60, 0x1p60);
    const auto first = static_cast<Frames>(std::ceil(place - 1e-4));
    segments_.back().end_s = edge.seconds;
    const Segment segment{first, edge.seconds, never, moving > 0};
    if (segments_.back().first >= first) {
      segments_.back() = segment;  // Nothing of the one before reaches a frame.
    } else {
      segments_.push_back(segment);
    }
  }
}

void TimedGains::evaluate_in(const Segment& segment, Frames frame, std::span<double> gains) {
  double seconds = std::max(seconds_at(frame), segment.begin_s);
  if (segment.end_s < never) seconds = std::min(seconds, std::nextafter(segment.end_s, -never));
  evaluate_(seconds, gains);
}

TimedGains::Stretch TimedGains::next(Frames first, std::size_t done, std::size_t frames) {
  const Frames at = first + static_cast<Frames>(done);
  const auto after = std::ranges::upper_bound(segments_, at, {}, &Segment::first);
  const Segment& segment = *std::prev(after);
  const Frames segment_end = after == segments_.end() ? std::numeric_limits<Frames>::max() : after->first;
  const Frames wanted_end = first + static_cast<Frames>(frames);
  Stretch stretch;
  stretch.first = done;
  stretch.begin = begin_;
  stretch.step = step_;
  if (!segment.moves) {
    evaluate_in(segment, at, begin_);
    std::ranges::fill(step_, 0.0);
    stretch.frames = static_cast<std::size_t>(std::min(segment_end, wanted_end) - at);
    return stretch;
  }
  const Frames cell = std::max(before_multiple(at), segment.first);
  const Frames cell_end = std::min(before_multiple(at) + grid, segment_end);
  evaluate_in(segment, cell, begin_);
  evaluate_in(segment, cell_end, end_);
  for (std::size_t i = 0; i < begin_.size(); ++i) {
    step_[i] = (end_[i] - begin_[i]) / static_cast<double>(cell_end - cell);
    begin_[i] += step_[i] * static_cast<double>(at - cell);
  }
  stretch.is_constant = false;
  stretch.frames = static_cast<std::size_t>(std::min(cell_end, wanted_end) - at);
  return stretch;
}

void add_through(TimedGains& gains, AudioView<const float> in, AudioView<float> out, Frames first) {
  const std::size_t ins = in.channels.size();
  const std::size_t outs = out.channels.size();
  assert(gains.count() == ins * outs && in.frames <= out.frames);
  gains.for_each(first, in.frames, [&](const TimedGains::Stretch& stretch) {
    for (std::size_t i = 0; i < ins; ++i) {
      const float* const from = in.channel(i).data() + stretch.first;
      for (std::size_t o = 0; o < outs; ++o) {
        float* const to = out.channel(o).data() + stretch.first;
        const double begin = stretch.begin[i * outs + o];
        const double step = stretch.step[i * outs + o];
        if (begin == 0.0 && step == 0.0) continue;
        if (stretch.is_constant) {
          const auto gain = static_cast<float>(begin);
          for (std::size_t k = 0; k < stretch.frames; ++k) to[k] += gain * from[k];
        } else {
          for (std::size_t k = 0; k < stretch.frames; ++k)
            to[k] += static_cast<float>(begin + step * static_cast<double>(k)) * from[k];
        }
      }
    }
  });
}

}  // namespace gainstage
