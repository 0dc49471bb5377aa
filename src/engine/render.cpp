// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "engine/engine.h"
#include "engine/job.h"
#include "engine/limited_stream.h"
#include "engine/limiter_log.h"
#include "engine/mix_blocks.h"
#include "engine/track_streams.h"

namespace gainstage {
namespace {

/// The writer, behind the limiter when there is one.
class MixWriter {
 public:
  MixWriter(AudioWriter writer, const Session& session, std::size_t max_block_frames,
            std::optional<Db> ceiling)
      : writer_(std::move(writer)), log_(session.sample_rate_hz) {
    if (ceiling) limiter_.emplace(session, max_block_frames, *ceiling);
  }

  Result<void> write(AudioView<float> block) {
    return limiter_ ? write(limiter_->process(block)) : writer_.write(block);
  }

  Result<RenderReport> commit() {
    RenderReport report;
    if (limiter_) {
      while (limiter_->has_tail()) {
        if (const auto written = write(limiter_->next_tail()); !written)
          return tl::unexpected(written.error());
      }
      report.limiter = log_.report();
    }
    if (const auto committed = writer_.commit(); !committed) return tl::unexpected(committed.error());
    report.clipped_samples = writer_.clipped_samples();
    return report;
  }

 private:
  Result<void> write(const LimitedStream::Block& limited) {
    if (limited.samples.frames == 0) return {};
    log_.add(limited.gain_ratios);
    return writer_.write(limited.samples);
  }

  AudioWriter writer_;
  LimiterLog log_;
  std::optional<LimitedStream> limiter_;
};

}  // namespace

Result<RenderReport> render_mix(const Session& session, const std::vector<Db>& gains, const std::string& path,
                                const RenderOptions& options, const WorkOptions& work) {
  Job job(work);
  Result<MixBlocks> blocks = MixBlocks::open(session, {plan_mix(gains)}, options.non_finite, job);
  if (!blocks) return tl::unexpected(blocks.error());

  WriteFormat format = options.format;
  format.sample_rate_hz = session.sample_rate_hz;
  format.channels = session.channels;
  Result<AudioWriter> writer = AudioWriter::create(path, format, options.overwrite);
  if (!writer) return tl::unexpected(writer.error());
  MixWriter output(std::move(*writer), session, blocks->max_block_frames(), options.limiter_ceiling);

  // Every block is written while the next one is summed.
  std::vector<AudioBuffer> mix;
  std::vector<AudioBuffer> summed;
  for (std::vector<AudioBuffer>* buffers : {&mix, &summed}) {
    buffers->emplace_back(session.channels, blocks->max_block_frames());
  }
  std::size_t summed_frames = 0;
  Result<void> written;
  const auto write_summed = [&] {
    if (summed_frames > 0) written = output.write(summed[0].view(summed_frames));
  };
  while (true) {
    const Result<std::size_t> frames = blocks->next(mix, job, write_summed);
    if (!frames) return tl::unexpected(frames.error());
    if (*frames == 0) write_summed();
    if (!written) return tl::unexpected(written.error());
    if (*frames == 0) break;
    std::swap(mix, summed);
    summed_frames = *frames;
    if (const auto going = job.go_on("rendering the mix", blocks->share_done()); !going) {
      return tl::unexpected(going.error());
    }
  }
  return output.commit();
}

}  // namespace gainstage
