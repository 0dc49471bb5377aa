// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "engine/engine.h"
#include "engine/job.h"
#include "engine/limiter_log.h"
#include "engine/mix_blocks.h"
#include "engine/track_streams.h"
#include "mix/limiter.h"

namespace gainstage {
namespace {

/// The writer, behind the limiter when there is one. The limiter's delay is taken out: frame 0 in is frame 0
/// out.
class Output {
 public:
  Output(AudioWriter writer, const Session& session, std::size_t max_block_frames, std::optional<Db> ceiling)
      : writer_(std::move(writer)), log_(session.sample_rate_hz) {
    if (!ceiling) return;
    limiter_.emplace();
    limiter_->prepare({session.sample_rate_hz, session.channels, max_block_frames}, *ceiling);
    to_drop_ = limiter_->latency_frames();
    ratios_.resize(max_block_frames);
    silence_ = AudioBuffer(session.channels, max_block_frames);
  }

  Result<void> write(AudioView<float> block) {
    if (!limiter_) return writer_.write(block);
    const std::span<float> ratios = std::span(ratios_).first(block.frames);
    limiter_->process(block, ratios);
    const std::size_t dropped = std::min(to_drop_, block.frames);
    to_drop_ -= dropped;
    if (dropped == block.frames) return {};
    log_.add(ratios.subspan(dropped));
    return writer_.write(block.section(dropped, block.frames - dropped));
  }

  Result<RenderReport> commit() {
    RenderReport report;
    if (limiter_) {
      for (std::size_t left = limiter_->latency_frames(); left > 0;) {
        const AudioView<float> block = silence_.view(std::min(left, silence_.frames()));
        for (std::size_t c = 0; c < block.channels.size(); ++c) std::ranges::fill(block.channel(c), 0.0f);
        if (const auto written = write(block); !written) return tl::unexpected(written.error());
        left -= block.frames;
      }
      report.limiter = log_.report();
    }
    if (const auto committed = writer_.commit(); !committed) return tl::unexpected(committed.error());
    report.clipped_samples = writer_.clipped_samples();
    return report;
  }

 private:
  AudioWriter writer_;
  LimiterLog log_;
  std::optional<Limiter> limiter_;
  std::size_t to_drop_ = 0;
  std::vector<float> ratios_;
  AudioBuffer silence_;
};

}  // namespace

Result<RenderReport> render_mix(const Session& session, const std::vector<Db>& gains, const std::string& path,
                                const RenderOptions& options, const WorkOptions& work) {
  Job job(work);
  Result<MixBlocks> blocks = MixBlocks::open(session, 1, options.non_finite, job);
  if (!blocks) return tl::unexpected(blocks.error());

  WriteFormat format = options.format;
  format.sample_rate_hz = session.sample_rate_hz;
  format.channels = session.channels;
  Result<AudioWriter> writer = AudioWriter::create(path, format, options.overwrite);
  if (!writer) return tl::unexpected(writer.error());
  Output output(std::move(*writer), session, blocks->max_block_frames(), options.limiter_ceiling);

  const std::vector<std::vector<MixOperation>> whole_mix{plan_mix(session, gains)};
  std::vector<AudioBuffer> mix;
  mix.emplace_back(session.channels, blocks->max_block_frames());
  while (true) {
    const Result<std::size_t> frames = blocks->next(whole_mix, mix, job);
    if (!frames) return tl::unexpected(frames.error());
    if (*frames == 0) break;
    if (const auto written = output.write(mix[0].view(*frames)); !written)
      return tl::unexpected(written.error());
    if (const auto going = job.go_on("rendering the mix", blocks->share_done()); !going) {
      return tl::unexpected(going.error());
    }
  }
  return output.commit();
}

}  // namespace gainstage
