// SPDX-License-Identifier: MIT
#include "engine/gram_meter.h"

#include <algorithm>
#include <utility>

#include "dsp/level.h"
#include "dsp/pair_products.h"

namespace gainstage {

GramMeter::GramMeter(const Session& session, std::vector<double> weights, double hops_per_second,
                     OnHop on_hop)
    : weights_(std::move(weights)),
      hops_(session.sample_rate_hz, hops_per_second),
      on_hop_(std::move(on_hop)),
      hop_sums_(pair_count(session.tracks.size())),
      hop_rings_(pair_count(session.tracks.size())),
      sums_(pair_count(session.tracks.size())) {
  for (const Track& track : session.tracks) {
    sources_.emplace_back();
    for (std::size_t c = 0; c < weights_.size(); ++c) sources_.back().push_back(track.source_channel(c));
  }
}

std::vector<GramMeter::Part> GramMeter::cut(std::size_t frames) {
  std::vector<Part> parts;
  hops_.advance(
      frames,
      [&](std::size_t first, std::size_t count) {
        parts.push_back({first, count, hops_.frames_in_hop(), false});
      },
      [&] { parts.back().ends_hop = true; });
  return parts;
}

void GramMeter::add(std::span<const AudioView<const float>> blocks, Job& job,
                    std::span<const AudioView<const float>> ringing) {
  std::size_t longest = 0;
  for (const AudioView<const float>& block : blocks) longest = std::max(longest, block.frames);
  const std::vector<Part> parts = cut(longest);
  const std::size_t channels = weights_.size();
  std::vector<std::vector<double>> sums(parts.size() * channels);  // The channels of a part lie together.
  job.for_each(sums.size(), [&](std::size_t i) {
    if (weights_[i % channels] == 0.0) return;
    sums[i].resize(hop_sums_.size());
    add_part(blocks, parts[i / channels], i % channels, sums[i]);
  });
  for (std::size_t p = 0; p < parts.size(); ++p) {
    const auto rings_in_part = [&](std::size_t i) {
      return blocks[i].frames < parts[p].first + parts[p].frames && ringing[i].frames > parts[p].first;
    };
    bool rings = false;
    for (std::size_t i = 0; i < ringing.size() && !rings; ++i) rings = rings_in_part(i);
    for (std::size_t c = 0; c < channels; ++c) {
      const std::span<const double> of_channel = sums[p * channels + c];
      for (std::size_t pair = 0; pair < of_channel.size(); ++pair) hop_sums_[pair] += of_channel[pair];
      if (!rings || of_channel.empty()) continue;
      std::vector<double> rung(hop_sums_.size());
      add_part(ringing, parts[p], c, rung);
      for (std::size_t pair = 0; pair < rung.size(); ++pair)
        hop_rings_[pair] += rung[pair] - of_channel[pair];
    }
    if (!parts[p].ends_hop) continue;
    for (std::size_t pair = 0; pair < hop_sums_.size(); ++pair) sums_[pair] += hop_sums_[pair];
    if (on_hop_) {
      const auto frames = static_cast<double>(parts[p].frames_in_hop);
      for (std::size_t pair = 0; pair < hop_sums_.size(); ++pair)
        hop_sums_[pair] = (hop_sums_[pair] + hop_rings_[pair]) / frames;
      on_hop_(hop_sums_);
      std::ranges::fill(hop_rings_, 0.0);
    }
    std::ranges::fill(hop_sums_, 0.0);
  }
  frames_ += static_cast<double>(longest);
}

void GramMeter::add_part(std::span<const AudioView<const float>> blocks, const Part& part,
                         std::size_t channel, std::span<double> sums) const {
  std::vector<const float*> samples;
  std::vector<std::size_t> which;
  std::vector<std::vector<float>> ends;  // Of tracks that end within the part, with the silence after them.
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const std::optional<std::size_t> source = sources_[i][channel];
    if (blocks[i].frames <= part.first || !source) continue;
    const std::size_t frames = std::min(part.frames, blocks[i].frames - part.first);
    const std::span<const float> row = blocks[i].channel(*source).subspan(part.first, frames);
    if (is_digital_silence(row)) continue;
    samples.push_back(row.data());
    which.push_back(i);
    if (frames == part.frames) continue;
    ends.emplace_back(row.begin(), row.end()).resize(part.frames);
    samples.back() = ends.back().data();
  }
  add_pair_products({samples, which, blocks.size()}, part.frames, weights_[channel], sums);
}

std::vector<double> GramMeter::means() const {
  const std::size_t count = sources_.size();
  std::vector<double> means(count * count);
  if (frames_ <= 0.0) return means;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = i; j < count; ++j) {
      const std::size_t pair = pair_place(i, j, count);
      means[i * count + j] = means[j * count + i] = (sums_[pair] + hop_sums_[pair]) / frames_;
    }
  }
  return means;
}

}  // namespace gainstage
