// SPDX-License-Identifier: MIT
#include "mix/flow_paths.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <functional>
#include <map>
#include <set>

#include "session/audible_strips.h"
#include "session/flow_check.h"
#include "session/pan.h"

namespace gainstage {
namespace {

/// A small dense matrix, row by row.
struct Matrix {
  Matrix(std::size_t rows_, std::size_t columns_)
      : rows(rows_), columns(columns_), values(rows_ * columns_) {}
  double& at(std::size_t row, std::size_t column) { return values[row * columns + column]; }
  double at(std::size_t row, std::size_t column) const { return values[row * columns + column]; }

  std::size_t rows;
  std::size_t columns;
  std::vector<double> values;
};

/// Two channels come out of a pan where the sound has one or two, there is a law, and the way is wide enough.
std::size_t panned_width(const Pan& pan, std::size_t channels, std::size_t way_out) {
  return pan.law != PanLaw::none && channels <= 2 && way_out >= 2 ? 2 : channels;
}

Matrix panned(const Matrix& sound, const Pan& pan, std::size_t way_out, double seconds) {
  if (panned_width(pan, sound.columns, way_out) != 2 || pan.law == PanLaw::none) return sound;
  const PanMatrix sides = pan_matrix(pan, sound.columns, position_at(pan, seconds));
  Matrix out(sound.rows, 2);
  for (std::size_t row = 0; row < sound.rows; ++row) {
    for (std::size_t in = 0; in < sound.columns; ++in) {
      for (std::size_t side = 0; side < 2; ++side)
        out.at(row, side) += sound.at(row, in) * sides.gains[in][side];
    }
  }
  return out;
}

Matrix summed(const Matrix& sound) {
  Matrix out(sound.rows, 1);
  for (std::size_t row = 0; row < sound.rows; ++row) {
    for (std::size_t in = 0; in < sound.columns; ++in) out.at(row, 0) += sound.at(row, in);
  }
  return out;
}

/// Adds a sound to a strip's channels: to those listed, else to those of the same number, one channel to the
/// first two.
void place(const Matrix& sound, const std::vector<std::size_t>& channels, std::size_t width, double gain,
           std::span<double> gains) {
  const auto put = [&](std::size_t row, std::size_t from, std::size_t to) {
    if (to < width) gains[row * width + to] += gain * sound.at(row, from);
  };
  for (std::size_t row = 0; row < sound.rows; ++row) {
    for (std::size_t from = 0; from < sound.columns; ++from) {
      if (!channels.empty()) {
        if (from < channels.size()) put(row, from, channels[from]);
        continue;
      }
      put(row, from, from);
      if (sound.columns == 1) put(row, from, 1);
    }
  }
}

double fader_ratio(const SignalFlow& flow, const Strip& strip, double seconds) {
  double ratio = strip.fader.ratio_at(seconds) * vca_ratio(flow, strip, seconds);
  if (strip.second_fader) ratio *= strip.second_fader->ratio_at(seconds);
  return ratio;
}

Matrix diagonal(std::size_t channels, double value) {
  Matrix matrix(channels, channels);
  for (std::size_t c = 0; c < channels; ++c) matrix.at(c, c) = value;
  return matrix;
}

Matrix product(const Matrix& first, const Matrix& second) {
  Matrix out(first.rows, second.columns);
  for (std::size_t row = 0; row < first.rows; ++row) {
    for (std::size_t middle = 0; middle < first.columns; ++middle) {
      const double gain = first.at(row, middle);
      for (std::size_t column = 0; gain != 0.0 && column < second.columns; ++column)
        out.at(row, column) += gain * second.at(middle, column);
    }
  }
  return out;
}

Matrix behind_trim(const Strip& strip, bool is_printed, double seconds) {
  Matrix matrix = diagonal(strip.channels, is_printed ? 1.0 : strip.trim.ratio_at(seconds));
  if (is_printed) return matrix;
  for (std::size_t c = 0; c < std::min(strip.channels, strip.is_inverted.size()); ++c) {
    if (strip.is_inverted[c]) matrix.at(c, c) = -matrix.at(c, c);
  }
  return matrix;
}

Matrix times(Matrix matrix, double factor) {
  for (double& value : matrix.values) value *= factor;
  return matrix;
}

void add(const std::optional<Automation>& automation, std::vector<const Automation*>& list) {
  if (automation) list.push_back(&*automation);
}

void add_strip_automations(const SignalFlow& flow, const Strip& strip, std::vector<const Automation*>& list) {
  add(strip.trim.automation, list);
  add(strip.fader.automation, list);
  if (strip.second_fader) add(strip.second_fader->automation, list);
  add(strip.pan.automation, list);
  add(strip.mute.automation, list);
  for (const std::size_t vca : followed_vcas(flow, strip)) add(flow.vcas[vca].gain.automation, list);
}

/// The matrix of an edge at a time: from the strip's channels to `wide` ones.
void fill(const SignalFlow& flow, const FlowEdge& edge, bool is_printed, std::size_t wide, double seconds,
          std::span<double> gains) {
  std::ranges::fill(gains, 0.0);
  const Strip& strip = flow.strips[edge.from];
  const bool goes_on = edge.send && strip.sends[*edge.send].is_heard_when_muted;
  if (!goes_on && mute_factor(flow, strip, seconds) == 0.0) return;
  const Matrix before = behind_trim(strip, is_printed, seconds);
  if (!edge.send) {
    // A way with as many channels as are listed is not panned wider than that.
    const bool is_out = edge.to.has_value();
    const Output own{};
    const Output& output = is_out ? strip.outputs[edge.output] : own;
    const std::size_t way_out = output.channels.empty() ? wide : output.channels.size();
    const Matrix out = panned(times(before, fader_ratio(flow, strip, seconds)), strip.pan, way_out, seconds);
    place(out, output.channels, wide, output.gain.ratio_at(seconds), gains);
    return;
  }
  const Send& send = strip.sends[*edge.send];
  if (send.mute.automation ? send.mute.automation->value_at(seconds) >= 0.5 : send.mute.is_on) return;
  Matrix taken = before;
  if (send.tap == Send::Tap::after_fader || send.tap == Send::Tap::after_pan)
    taken = times(taken, fader_ratio(flow, strip, seconds));
  if (send.tap == Send::Tap::after_pan) taken = panned(taken, strip.pan, 2, seconds);
  if (send.is_mono) taken = summed(taken);
  taken = panned(taken, send.pan, wide, seconds);
  place(taken, {}, wide, (send.is_inverted ? -1.0 : 1.0) * send.gain.ratio_at(seconds), gains);
}

}  // namespace

FlowPaths::FlowPaths(const SignalFlow& flow, std::vector<bool> is_printed)
    : flow_(&flow),
      is_printed_(std::move(is_printed)),
      is_unsilenced_(unsilenced_by_solo(flow)),
      order_(processing_order(flow)),
      edges_(flow.strips.size()),
      mix_channels_(std::max<std::size_t>(2, flow.strips[flow.master].channels)) {
  is_printed_.resize(flow.strips.size());
  for (std::size_t i = 0; i < flow.strips.size(); ++i) {
    const Strip& strip = flow.strips[i];
    if (i == flow.master) edges_[i].push_back({.from = i});
    for (std::size_t o = 0; is_unsilenced_[i] && o < strip.outputs.size(); ++o) {
      if (strip.outputs[o].to) edges_[i].push_back({.from = i, .to = strip.outputs[o].to, .output = o});
    }
    for (std::size_t s = 0; s < strip.sends.size(); ++s) {
      const Send& send = strip.sends[s];
      if (send.is_enabled && (is_unsilenced_[i] || send.is_heard_when_muted))
        edges_[i].push_back({.from = i, .to = send.to, .send = s});
    }
  }
  reaches_mix_.resize(flow.strips.size());
  for (auto at = order_.rbegin(); at != order_.rend(); ++at) {
    for (const FlowEdge& edge : edges_[*at]) {
      if (!edge.to || reaches_mix_[*edge.to]) reaches_mix_[*at] = true;
    }
  }
}

std::size_t FlowPaths::width(const FlowEdge& edge) const {
  return edge.to ? flow_->strips[*edge.to].channels : mix_channels_;
}

std::size_t FlowPaths::fader_out_width(std::size_t strip) const {
  const Strip& it = flow_->strips[strip];
  std::size_t way_out = strip == flow_->master ? mix_channels_ : 1;
  for (const FlowEdge& edge : edges_[strip]) {
    if (!edge.send) way_out = std::max(way_out, width(edge));
  }
  return panned_width(it.pan, it.channels, way_out);
}

void FlowPaths::add_automations(const FlowEdge& edge, std::vector<const Automation*>& automations) const {
  const Strip& strip = flow_->strips[edge.from];
  add_strip_automations(*flow_, strip, automations);
  if (edge.send) {
    const Send& send = strip.sends[*edge.send];
    add(send.gain.automation, automations);
    add(send.pan.automation, automations);
    add(send.mute.automation, automations);
  } else if (edge.to) {
    add(strip.outputs[edge.output].gain.automation, automations);
  }
}

TimedGains FlowPaths::along(const FlowEdge& edge, double sample_rate_hz) const {
  std::vector<const Automation*> automations;
  add_automations(edge, automations);
  return TimedGains(
      flow_->strips[edge.from].channels * width(edge), automations, sample_rate_hz, flow_->start_s,
      [flow = flow_, edge, is_printed = bool(is_printed_[edge.from]), wide = width(edge)](
          double seconds, std::span<double> gains) { fill(*flow, edge, is_printed, wide, seconds, gains); });
}

TimedGains FlowPaths::to_insert_in(std::size_t strip, double sample_rate_hz) const {
  const Strip& it = flow_->strips[strip];
  std::vector<const Automation*> automations;
  add(it.trim.automation, automations);
  return TimedGains(it.channels * it.channels, automations, sample_rate_hz, flow_->start_s,
                    [&it, is_printed = bool(is_printed_[strip])](double seconds, std::span<double> gains) {
                      std::ranges::copy(behind_trim(it, is_printed, seconds).values, gains.begin());
                    });
}

TimedGains FlowPaths::to_fader_out(std::size_t strip, double sample_rate_hz) const {
  const Strip& it = flow_->strips[strip];
  std::vector<const Automation*> automations;
  add_strip_automations(*flow_, it, automations);
  const std::size_t wide = fader_out_width(strip);
  return TimedGains(it.channels * wide, automations, sample_rate_hz, flow_->start_s,
                    [flow = flow_, &it, wide, is_printed = bool(is_printed_[strip]),
                     is_unsilenced = bool(is_unsilenced_[strip])](double seconds, std::span<double> gains) {
                      const double factor =
                          is_unsilenced ? fader_ratio(*flow, it, seconds) * mute_factor(*flow, it, seconds)
                                        : 0.0;
                      const Matrix before = behind_trim(it, is_printed, seconds);
                      const Matrix out = panned(times(before, factor), it.pan, wide, seconds);
                      std::ranges::copy(out.values, gains.begin());
                    });
}

std::vector<std::size_t> FlowPaths::reach(std::size_t strip) const {
  std::vector<bool> is_reached(flow_->strips.size());
  is_reached[strip] = true;
  std::vector<std::size_t> reached;
  for (const std::size_t at : order_) {
    if (!is_reached[at]) continue;
    reached.push_back(at);
    for (const FlowEdge& edge : edges_[at]) {
      if (edge.to) is_reached[*edge.to] = true;
    }
  }
  std::ranges::reverse(reached);
  return reached;
}

TimedGains FlowPaths::to_mix(std::size_t strip, double sample_rate_hz) const {
  const std::vector<std::size_t> strips = reach(strip);
  std::vector<const Automation*> automations;
  for (const std::size_t at : strips) {
    for (const FlowEdge& edge : edges_[at]) add_automations(edge, automations);
  }
  std::ranges::sort(automations);
  automations.erase(std::unique(automations.begin(), automations.end()), automations.end());

  // The mix's share of each strip on the way, from the master back.
  struct Way {
    FlowEdge edge;
    std::size_t to;  // Place among the strips on the way.
    std::size_t wide;
  };
  struct OnTheWay {
    std::size_t channels;
    bool is_printed;
    std::vector<Way> ways;
    std::vector<double> share;
  };
  std::vector<OnTheWay> desk;
  std::map<std::size_t, std::size_t> place_of;
  for (const std::size_t at : strips) {
    OnTheWay& own = desk.emplace_back();
    own.channels = flow_->strips[at].channels;
    own.is_printed = is_printed_[at];
    for (const FlowEdge& edge : edges_[at])
      own.ways.push_back({edge, edge.to ? place_of.at(*edge.to) : 0, width(edge)});
    own.share.resize(own.channels * mix_channels_);
    place_of[at] = desk.size() - 1;
  }
  const auto evaluate = [flow = flow_, desk, outs = mix_channels_, one_way = std::vector<double>()](
                            double seconds, std::span<double> gains) mutable {
    for (OnTheWay& at : desk) {
      std::ranges::fill(at.share, 0.0);
      for (const Way& way : at.ways) {
        one_way.resize(at.channels * way.wide);
        fill(*flow, way.edge, at.is_printed, way.wide, seconds, one_way);
        for (std::size_t i = 0; i < at.channels; ++i) {
          for (std::size_t middle = 0; middle < way.wide; ++middle) {
            const double gain = one_way[i * way.wide + middle];
            if (gain == 0.0) continue;
            if (!way.edge.to) {
              at.share[i * outs + middle] += gain;
              continue;
            }
            for (std::size_t o = 0; o < outs; ++o)
              at.share[i * outs + o] += gain * desk[way.to].share[middle * outs + o];
          }
        }
      }
    }
    std::ranges::copy(desk.back().share, gains.begin());
  };
  return TimedGains(flow_->strips[strip].channels * mix_channels_, automations, sample_rate_hz,
                    flow_->start_s, evaluate);
}

bool FlowPaths::is_by_fader(const FlowEdge& edge) const {
  if (!edge.send) return true;
  const Send::Tap tap = flow_->strips[edge.from].sends[*edge.send].tap;
  return tap == Send::Tap::after_fader || tap == Send::Tap::after_pan;
}

bool FlowPaths::is_closed(const FlowEdge& edge) const {
  std::vector<const Automation*> automations;
  add_automations(edge, automations);
  if (!automations.empty()) return false;
  const std::size_t wide = width(edge);
  std::vector<double> gains(flow_->strips[edge.from].channels * wide);
  fill(*flow_, edge, is_printed_[edge.from], wide, flow_->start_s, gains);
  return std::ranges::all_of(gains, [](double gain) { return gain == 0.0; });
}

std::optional<std::vector<FlowWay>> FlowPaths::ways(std::size_t strip, std::size_t most) const {
  struct Link {
    std::optional<std::size_t> to;
    bool is_by_fader;
    auto operator<=>(const Link&) const = default;
  };
  // Only links that lead on to the mix are followed, so that every walk ends in a way.
  std::vector<std::set<Link>> links(flow_->strips.size());
  for (auto at = order_.rbegin(); at != order_.rend(); ++at) {
    for (const FlowEdge& edge : edges_[*at]) {
      if ((!edge.to || !links[*edge.to].empty()) && !is_closed(edge))
        links[*at].insert({edge.to, is_by_fader(edge)});
    }
  }
  std::vector<FlowWay> found;
  FlowWay walked;
  const auto walk = [&](const auto& self, std::size_t at) -> bool {
    for (const Link& link : links[at]) {
      walked.push_back({at, link.is_by_fader});
      if (!link.to) {
        if (found.size() == most) return false;
        found.push_back(walked);
      } else if (!self(self, *link.to)) {
        return false;
      }
      walked.pop_back();
    }
    return true;
  };
  if (!walk(walk, strip)) return std::nullopt;
  return found;
}

TimedGains FlowPaths::to_mix(const FlowWay& way, double sample_rate_hz) const {
  struct Link {
    std::vector<FlowEdge> edges;
    std::size_t channels;
    std::size_t wide;
    bool is_printed;
  };
  std::vector<Link> links;
  std::vector<const Automation*> automations;
  for (std::size_t i = 0; i < way.size(); ++i) {
    const std::size_t at = way[i].strip;
    std::optional<std::size_t> to;
    if (i + 1 < way.size()) to = way[i + 1].strip;
    Link link{
        {}, flow_->strips[at].channels, to ? flow_->strips[*to].channels : mix_channels_, is_printed_[at]};
    for (const FlowEdge& edge : edges_[at]) {
      if (edge.to != to || is_by_fader(edge) != way[i].is_by_fader) continue;
      link.edges.push_back(edge);
      add_automations(edge, automations);
    }
    links.push_back(std::move(link));
  }
  std::ranges::sort(automations);
  automations.erase(std::unique(automations.begin(), automations.end()), automations.end());
  std::ranges::reverse(links);
  const auto evaluate = [flow = flow_, links, outs = mix_channels_](double seconds, std::span<double> gains) {
    // The mix's share of the strip that a link leads to; of the mix itself, each channel its own.
    Matrix share = diagonal(outs, 1.0);
    for (const Link& link : links) {
      Matrix through(link.channels, link.wide);
      Matrix one(link.channels, link.wide);
      for (const FlowEdge& edge : link.edges) {
        fill(*flow, edge, link.is_printed, link.wide, seconds, one.values);
        std::ranges::transform(through.values, one.values, through.values.begin(), std::plus<>());
      }
      share = product(through, share);
    }
    std::ranges::copy(share.values, gains.begin());
  };
  return TimedGains(links.back().channels * mix_channels_, automations, sample_rate_hz, flow_->start_s,
                    evaluate);
}

}  // namespace gainstage
