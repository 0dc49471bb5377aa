// SPDX-License-Identifier: MIT
#include "engine/covariance.h"

#include <algorithm>
#include <utility>

namespace gainstage {

Covariance::Covariance(std::vector<std::size_t> channels, std::vector<double> weights)
    : channels_(std::move(channels)),
      weights_(std::move(weights)),
      sums_(channels_.size() * channels_.size()) {}

void Covariance::add(std::span<const AudioView<const float>> blocks, Job& job) {
  std::vector<char> sounds(blocks.size());
  job.for_each(blocks.size(), [&](std::size_t i) {
    for (std::size_t c = 0; c < channels_[i] && !sounds[i]; ++c) {
      sounds[i] = is_digital_silence(blocks[i].channel(c)) ? 0 : 1;
    }
  });
  job.for_each(blocks.size(), [&](std::size_t i) {
    if (!sounds[i]) return;
    for (std::size_t j = i; j < blocks.size(); ++j) {
      if (sounds[j]) add_pair(i, j, blocks);
    }
  });
}

void Covariance::add_pair(std::size_t i, std::size_t j, std::span<const AudioView<const float>> blocks) {
  const std::size_t frames = std::min(blocks[i].frames, blocks[j].frames);
  if (frames == 0) return;
  const auto product = [&](std::size_t channel_i, std::size_t channel_j) {
    LaneSum sum;
    add_products(sum, blocks[i].channel(channel_i).first(frames), blocks[j].channel(channel_j).first(frames));
    return sum.total();
  };
  double& total = sums_[place(i, j)];
  if (channels_[i] == 1 && channels_[j] == 1) {
    total += (weights_[0] + weights_[1]) * product(0, 0);
    return;
  }
  const auto width = [](std::size_t channels) { return channels == 1 ? std::size_t{2} : channels; };
  const std::size_t common = std::min(width(channels_[i]), width(channels_[j]));
  for (std::size_t c = 0; c < common; ++c) {
    if (weights_[c] == 0.0) continue;
    total += weights_[c] * product(channels_[i] == 1 ? 0 : c, channels_[j] == 1 ? 0 : c);
  }
}

std::vector<double> Covariance::means(double frames) const {
  std::vector<double> means(sums_.size());
  if (frames <= 0.0) return means;
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    for (std::size_t j = i; j < channels_.size(); ++j) {
      means[place(i, j)] = means[place(j, i)] = sums_[place(i, j)] / frames;
    }
  }
  return means;
}

}  // namespace gainstage
