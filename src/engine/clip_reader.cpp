// SPDX-License-Identifier: MIT
#include "engine/clip_reader.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "session/pan.h"

namespace gainstage {
namespace {

void silence(AudioView<float> block) {
  for (std::size_t c = 0; c < block.channels.size(); ++c) std::ranges::fill(block.channel(c), 0.0f);
}

/// What a clip's fades make of it at a time of its own.
double fade_ratio(const Clip& clip, double seconds) {
  double ratio = 1.0;
  if (clip.fade_in && seconds < clip.fade_in->length_s) ratio *= clip.fade_in->curve.value_at(seconds);
  if (clip.fade_out && seconds >= clip.length_s - clip.fade_out->length_s)
    ratio *= clip.fade_out->curve.value_at(seconds);
  return ratio;
}

/// What an opaque clip leaves of those under it.
double beneath_ratio(const Clip& clip, double seconds) {
  double ratio = 0.0;
  const auto part = [&](const Clip::Fade& fade) {
    return fade.beneath ? fade.beneath->value_at(seconds) : 1.0 - fade.curve.value_at(seconds);
  };
  if (clip.fade_in && seconds < clip.fade_in->length_s) ratio = part(*clip.fade_in);
  if (clip.fade_out && seconds >= clip.length_s - clip.fade_out->length_s)
    ratio = std::max(ratio, part(*clip.fade_out));
  return ratio;
}

/// The fades' curves, and their ends: there the gain may jump.
std::vector<Automation> fade_edges(const Clip& clip) {
  std::vector<Automation> edges;
  const auto add = [&](const Clip::Fade& fade, double from, double to) {
    edges.push_back(fade.curve);
    if (fade.beneath) edges.push_back(*fade.beneath);
    edges.push_back({AutomationScale::value, {{from, 0.0, AutomationShape::hold}, {to, 0.0}}});
  };
  if (clip.fade_in) add(*clip.fade_in, 0.0, clip.fade_in->length_s);
  if (clip.fade_out) add(*clip.fade_out, clip.length_s - clip.fade_out->length_s, clip.length_s);
  return edges;
}

std::vector<const Automation*> pointers(const std::vector<Automation>& automations) {
  std::vector<const Automation*> list;
  for (const Automation& automation : automations) list.push_back(&automation);
  return list;
}

}  // namespace

bool can_be_heard(const SignalFlow& flow, const Clip& clip) {
  return !clip.is_muted && clip.rate == 1.0 && !clip.sources.empty() &&
         std::ranges::all_of(clip.sources,
                             [&](std::size_t source) { return flow.sources[source].found_path.has_value(); });
}

Result<PlacedSource> PlacedSource::open(const std::string& path, double sample_rate_hz) {
  const auto info = AudioReader::open(path);
  if (!info) return tl::unexpected(info.error());
  auto reader = ResampledReader::open(path, sample_rate_hz, info->info().channels());
  if (!reader) return tl::unexpected(reader.error());
  const AudioFileInfo& source = reader->source();
  const auto frames =
      std::llround(static_cast<double>(source.frames) * sample_rate_hz / source.sample_rate_hz);
  return PlacedSource(*std::move(reader), frames);
}

Result<void> PlacedSource::read(Frames first, AudioView<float> block) {
  const Frames end = first + static_cast<Frames>(block.frames);
  const Frames from = std::clamp<Frames>(first, 0, frames_);
  const Frames to = std::clamp<Frames>(end, from, frames_);
  silence(block);
  if (from >= to) return {};
  if (from != next_) {
    if (auto sought = reader_.seek(from); !sought) return sought;
    next_ = from;
  }
  while (next_ < to) {
    const auto at = static_cast<std::size_t>(next_ - first);
    auto got = reader_.read(block.section(at, static_cast<std::size_t>(to - next_)));
    if (!got) return tl::unexpected(got.error());
    if (*got == 0) break;  // The file is shorter than its header says.
    next_ += static_cast<Frames>(*got);
  }
  return {};
}

ClipReader::ClipReader(const SignalFlow& flow, std::size_t strip, double sample_rate_hz)
    : flow_(&flow), strip_(&flow.strips[strip]), sample_rate_hz_(sample_rate_hz) {
  const auto frame_of = [&](double seconds) {
    return static_cast<Frames>(std::llround(std::clamp(seconds * sample_rate_hz_, -0x1p60, 0x1p60)));
  };
  for (const Clip& clip : strip_->clips) {
    if (clip.is_muted || (!clip.is_opaque && !can_be_heard(flow, clip))) continue;
    const Frames begin = frame_of(clip.start_s - flow.start_s);
    clips_.push_back({&clip, begin, begin + frame_of(clip.length_s)});
  }
}

Result<std::unique_ptr<ClipReader::OpenClip>> ClipReader::open(const Clip& clip) const {
  auto made = std::make_unique<OpenClip>();
  if (can_be_heard(*flow_, clip)) {
    for (const std::size_t source : clip.sources) {
      auto reader = PlacedSource::open(*flow_->sources[source].found_path, sample_rate_hz_);
      if (!reader) return tl::unexpected(reader.error());
      made->sources.push_back(*std::move(reader));
    }
    made->channels = made->sources.size();
    if (made->sources.size() == 1) {
      const std::size_t all = made->sources[0].channels();
      made->channels = clip.source_channels.empty() ? all : clip.source_channels.size();
    }
  }

  std::vector<Automation> moving = fade_edges(clip);
  if (clip.is_opaque) {
    made->beneath.emplace(
        1, pointers(moving), sample_rate_hz_, 0.0,
        [&clip](double seconds, std::span<double> gains) { gains[0] = beneath_ratio(clip, seconds); });
  }
  if (made->channels == 0) return made;
  if (clip.envelope) moving.push_back(*clip.envelope);
  if (clip.gain.automation) moving.push_back(*clip.gain.automation);
  if (clip.take_gain && clip.take_gain->automation) moving.push_back(*clip.take_gain->automation);
  if (clip.pan.automation) moving.push_back(*clip.pan.automation);
  const std::size_t ins = made->channels;
  const std::size_t outs = strip_->channels;
  double source_ratio = clip.is_inverted ? -1.0 : 1.0;
  // Sources of one clip that differ in gain are taken by the first: formats keep them equal.
  source_ratio *= flow_->sources[clip.sources[0]].gain.ratio_at(0.0);
  made->gains.emplace(ins * outs, pointers(moving), sample_rate_hz_, 0.0,
                      [&clip, ins, outs, source_ratio](double seconds, std::span<double> gains) {
                        double ratio = source_ratio * clip.gain.ratio_at(seconds) * fade_ratio(clip, seconds);
                        if (clip.take_gain) ratio *= clip.take_gain->ratio_at(seconds);
                        if (clip.envelope) ratio *= clip.envelope->value_at(seconds);
                        std::ranges::fill(gains, 0.0);
                        if (clip.pan.law != PanLaw::none && ins <= 2 && outs >= 2) {
                          const PanMatrix sides = pan_matrix(clip.pan, ins, position_at(clip.pan, seconds));
                          for (std::size_t i = 0; i < ins; ++i) {
                            for (std::size_t o = 0; o < 2; ++o)
                              gains[i * outs + o] = ratio * sides.gains[i][o];
                          }
                        } else if (ins == 1) {
                          std::ranges::fill(gains, ratio);
                        } else {
                          for (std::size_t c = 0; c < std::min(ins, outs); ++c) gains[c * outs + c] = ratio;
                        }
                      });
  return made;
}

Result<void> ClipReader::read_sources(PlacedClip& placed, Frames first, AudioView<float> sound) {
  const Clip& clip = *placed.clip;
  OpenClip& open = *placed.open;
  const auto offset = std::llround(clip.offset_s * sample_rate_hz_);
  Frames loop = 0;  // None.
  if (clip.loop_s) {
    loop = *clip.loop_s > 0.0 ? std::llround(*clip.loop_s * sample_rate_hz_) : open.sources[0].frames();
    loop = std::max<Frames>(loop, 1);
  }
  for (std::size_t done = 0; done < sound.frames;) {
    Frames at = offset + first - placed.begin + static_cast<Frames>(done);
    std::size_t count = sound.frames - done;
    if (loop > 0 && at >= 0) {
      at %= loop;
      count = std::min(count, static_cast<std::size_t>(loop - at));
    } else if (loop > 0) {
      count = std::min(count, static_cast<std::size_t>(-at));
    }
    for (std::size_t s = 0; s < open.sources.size(); ++s) {
      PlacedSource& source = open.sources[s];
      if (scratch_.channels() < source.channels() || scratch_.frames() < count)
        scratch_ = AudioBuffer(std::max(source.channels(), scratch_.channels()), sound.frames);
      const AudioView<float> whole = scratch_.view(count);
      const AudioView<float> raw{whole.channels.first(source.channels()), 0, count};
      if (auto read = source.read(at, raw); !read) return read;
      if (const std::size_t found = source.non_finite_samples(); found > 0 && !non_finite_.first_s) {
        non_finite_ = {
            found, clip.start_s + std::max(0.0, source.first_non_finite_s().value_or(0.0) - clip.offset_s)};
      }
      const auto copy = [&](std::size_t from, std::size_t to) {
        if (from >= source.channels()) return;
        std::ranges::copy(raw.channel(from), sound.channel(to).begin() + static_cast<std::ptrdiff_t>(done));
      };
      if (open.sources.size() > 1) {
        copy(s < clip.source_channels.size() ? clip.source_channels[s] : 0, s);
      } else {
        for (std::size_t c = 0; c < open.channels; ++c)
          copy(clip.source_channels.empty() ? c : clip.source_channels[c], c);
      }
    }
    done += count;
  }
  return {};
}

Result<void> ClipReader::add(PlacedClip& placed, Frames first, AudioView<float> block) {
  if (!placed.open) {
    auto opened = open(*placed.clip);
    if (!opened) return tl::unexpected(opened.error());
    placed.open = *std::move(opened);
  }
  OpenClip& clip = *placed.open;
  const Frames own_first = first - placed.begin;
  if (clip.beneath) {
    clip.beneath->for_each(own_first, block.frames, [&](const TimedGains::Stretch& stretch) {
      for (std::size_t c = 0; c < block.channels.size(); ++c) {
        const std::span<float> samples = block.channel(c).subspan(stretch.first, stretch.frames);
        for (std::size_t k = 0; k < samples.size(); ++k)
          samples[k] *= static_cast<float>(stretch.begin[0] + stretch.step[0] * static_cast<double>(k));
      }
    });
  }
  if (clip.channels == 0) return {};
  if (sound_.channels() < clip.channels || sound_.frames() < block.frames)
    sound_ = AudioBuffer(std::max(clip.channels, sound_.channels()), std::max(block.frames, sound_.frames()));
  const AudioView<float> whole = sound_.view(block.frames);
  const AudioView<float> sound{whole.channels.first(clip.channels), 0, block.frames};
  silence(sound);
  if (auto read = read_sources(placed, first, sound); !read) return read;
  add_through(*clip.gains, sound, block, own_first);
  return {};
}

Result<void> ClipReader::read(Frames first, AudioView<float> block) {
  silence(block);
  const Frames end = first + static_cast<Frames>(block.frames);
  for (PlacedClip& placed : clips_) {
    const Frames from = std::max(first, placed.begin);
    const Frames to = std::min(end, placed.end);
    if (from >= to) {
      placed.open.reset();
      continue;
    }
    const auto at = static_cast<std::size_t>(from - first);
    auto added = add(placed, from, block.section(at, static_cast<std::size_t>(to - from)));
    if (!added) return added;
    if (to == placed.end) placed.open.reset();
  }
  return {};
}

}  // namespace gainstage
