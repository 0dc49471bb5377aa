// SPDX-License-Identifier: MIT
#include "engine/measure_flow.h"

#include <algorithm>
#include <utility>

#include "audio_file/audio_reader.h"
#include "engine/channel_weights.h"
#include "engine/job.h"
#include "engine/signal_meter.h"
#include "engine/source_reader.h"
#include "engine/strip_reader.h"
#include "meters/level_meters.h"
#include "session/insert_kinds.h"

namespace gainstage {
namespace {

/// All meters of one tap, in parts that may run side by side.
class TapMeter {
 public:
  static constexpr std::size_t parts = SignalMeter::parts + 1;

  TapMeter(const MeasureOptions& options, double sample_rate_hz, std::size_t channels)
      : signal_(options, sample_rate_hz, channel_weights(default_layout(channels)), std::nullopt),
        sample_rate_hz_(sample_rate_hz),
        channels_(channels) {
    levels_.prepare({sample_rate_hz, channels, 1});
  }

  void process(std::size_t part, AudioView<const float> block) {
    if (part < SignalMeter::parts) {
      signal_.process(part, block);
    } else {
      levels_.process(block);
      frames_ += static_cast<Frames>(block.frames);
    }
  }

  Measure finish() {
    signal_.finish();
    levels_.finish();
    Measure measure;
    measure.sample_peak = levels_.sample_peak().peak();
    measure.dc_offset = levels_.dc_offset().offset();
    measure.sample_rate_hz = sample_rate_hz_;
    measure.channels = channels_;
    measure.duration_s = static_cast<double>(frames_) / sample_rate_hz_;
    signal_.fill(measure, levels_);
    return measure;
  }

 private:
  SignalMeter signal_;
  LevelMeters levels_;
  double sample_rate_hz_;
  std::size_t channels_;
  Frames frames_ = 0;
};

/// Where the sound of each strip is known.
struct Knowledge {
  std::vector<bool> in;   ///< What enters the strip.
  std::vector<bool> out;  ///< What leaves it.
};

Knowledge knowledge_of(const SignalFlow& flow, const FlowPaths& paths,
                       const std::vector<std::string>& printed) {
  const std::size_t count = flow.strips.size();
  Knowledge known{std::vector<bool>(count, true), std::vector<bool>(count, true)};
  for (const std::size_t at : paths.order()) {
    const Strip& strip = flow.strips[at];
    const bool is_printed = !printed[at].empty();
    const bool has_lost = strip.has_unread_content || std::ranges::any_of(strip.clips, [&](const Clip& clip) {
                            return !clip.is_muted && !can_be_heard(flow, clip);
                          });
    if (has_lost && !is_printed) known.in[at] = false;
    const bool is_through = (is_printed || !has_insert(strip, false)) && !has_insert(strip, true);
    known.out[at] = (is_printed || known.in[at]) && is_through;
    for (const FlowEdge& edge : paths.edges(at)) {
      if (edge.to && !known.out[at]) known.in[*edge.to] = false;
    }
  }
  return known;
}

/// A strip while it plays.
struct Playing {
  std::optional<StripInput> input = {};
  AudioBuffer in = {};
  AudioBuffer insert_in = {};
  AudioBuffer fader_out = {};
  std::optional<TimedGains> to_insert_in = {};
  std::optional<TimedGains> to_fader_out = {};
  std::vector<TimedGains> ways = {};  ///< One an edge.
};

void silence(AudioView<float> block) {
  for (std::size_t c = 0; c < block.channels.size(); ++c) std::ranges::fill(block.channel(c), 0.0f);
}

struct Tap {
  std::optional<Measure> StripLevels::*place;
  std::size_t strip;
  const AudioBuffer* sound;
  TapMeter meter;
};

}  // namespace

Result<FlowLevels> measure_flow(const Session& session, const MeasureOptions& options,
                                const WorkOptions& work) {
  const SignalFlow& flow = *session.flow;
  const double rate_hz = session.sample_rate_hz;
  const std::vector<std::string> printed = printed_stems(session);
  std::vector<bool> is_printed;
  for (const std::string& path : printed) is_printed.push_back(!path.empty());
  const FlowPaths paths(flow, is_printed);
  const Knowledge known = knowledge_of(flow, paths, printed);

  std::size_t channels = 0;
  for (std::size_t i = 0; i < flow.strips.size(); ++i)
    channels += 2 * flow.strips[i].channels + paths.fader_out_width(i);
  // Many strips are played in short blocks, so that they fit into some memory together.
  constexpr std::size_t budget_samples = std::size_t{16} << 20;
  const std::size_t block =
      std::min(block_frames(rate_hz, channels),
               std::max<std::size_t>(256, budget_samples / std::max<std::size_t>(1, channels)));
  std::vector<Playing> desk(flow.strips.size());
  std::vector<Tap> taps;
  for (std::size_t i = 0; i < desk.size(); ++i) {
    const Strip& strip = flow.strips[i];
    Playing& playing = desk[i];
    auto input = StripInput::open(session, i, printed[i]);
    if (!input) return tl::unexpected(std::move(input.error()));
    if (!strip.clips.empty() || is_printed[i]) playing.input = *std::move(input);
    const std::size_t wide = paths.fader_out_width(i);
    playing.in = AudioBuffer(strip.channels, block);
    playing.insert_in = AudioBuffer(strip.channels, block);
    playing.fader_out = AudioBuffer(wide, block);
    playing.to_insert_in = paths.to_insert_in(i, rate_hz);
    playing.to_fader_out = paths.to_fader_out(i, rate_hz);
    for (const FlowEdge& edge : paths.edges(i)) playing.ways.push_back(paths.along(edge, rate_hz));
    const auto add = [&](std::optional<Measure> StripLevels::*place, const AudioBuffer& sound) {
      taps.push_back({place, i, &sound, TapMeter(options, rate_hz, sound.channels())});
    };
    if (known.in[i] && !is_printed[i]) add(&StripLevels::trim_in, playing.in);
    if (known.in[i] && !is_printed[i]) add(&StripLevels::insert_in, playing.insert_in);
    if (known.out[i]) add(&StripLevels::fader_out, playing.fader_out);
  }

  Job job(work);
  Frames length = 0;
  for (const Track& track : session.tracks) length = std::max(length, track.source_frames);
  for (Frames first = 0; first < length; first += static_cast<Frames>(block)) {
    const std::size_t frames = std::min(block, static_cast<std::size_t>(length - first));
    const auto read = job.try_each(desk.size(), [&](std::size_t i) -> Result<void> {
      const AudioView<float> in = desk[i].in.view(frames);
      silence(in);
      if (!desk[i].input) return {};
      Result<void> done = desk[i].input->read(first, in);
      if (!done) done.error().where.track = flow.strips[i].name;
      return done;
    });
    if (!read) return tl::unexpected(read.error());
    for (const std::size_t at : paths.order()) {
      Playing& playing = desk[at];
      const AudioView<const float> in = std::as_const(playing.in).view(frames);
      const auto& edges = paths.edges(at);
      for (std::size_t e = 0; e < edges.size(); ++e) {
        if (edges[e].to) add_through(playing.ways[e], in, desk[*edges[e].to].in.view(frames), first);
      }
    }
    job.for_each(desk.size(), [&](std::size_t i) {
      Playing& playing = desk[i];
      const AudioView<const float> in = std::as_const(playing.in).view(frames);
      silence(playing.insert_in.view(frames));
      silence(playing.fader_out.view(frames));
      add_through(*playing.to_insert_in, in, playing.insert_in.view(frames), first);
      add_through(*playing.to_fader_out, in, playing.fader_out.view(frames), first);
    });
    job.for_each(taps.size() * TapMeter::parts, [&](std::size_t i) {
      Tap& tap = taps[i / TapMeter::parts];
      tap.meter.process(i % TapMeter::parts, tap.sound->view(frames));
    });
    const double share = static_cast<double>(first) / static_cast<double>(length);
    if (const auto going = job.go_on("measuring the desk", share); !going)
      return tl::unexpected(going.error());
  }
  FlowLevels levels(flow.strips.size());
  for (Tap& tap : taps) levels[tap.strip].*tap.place = tap.meter.finish();
  return levels;
}

}  // namespace gainstage
