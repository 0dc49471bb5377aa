// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <mutex>
#include <system_error>
#include <utility>

#include "engine/engine.h"
#include "engine/job.h"
#include "engine/source_reader.h"
#include "engine/stem_names.h"

namespace gainstage {
namespace {

/// Progress of stems that are worked on at the same time.
class StemProgress {
 public:
  StemProgress(Job& job, std::string_view what, const Session& session) : job_(job), what_(what) {
    for (const Track& track : session.tracks) frames_ += static_cast<double>(track.source_frames);
  }

  Result<void> add(std::size_t frames) {
    const std::lock_guard lock(mutex_);
    done_ += static_cast<double>(frames);
    return job_.go_on(what_, frames_ > 0.0 ? done_ / frames_ : 0.0);
  }

 private:
  Job& job_;
  std::string_view what_;
  double frames_ = 0.0;
  std::mutex mutex_;
  double done_ = 0.0;
};

/// Reads a whole source and hands every block, times the ratio, to `use`.
template <typename Use>
Result<void> for_each_block(const Session& session, const Track& track, double ratio, NonFinite non_finite,
                            StemProgress& progress, Use use) {
  Result<SourceReader> reader = SourceReader::open(session, track);
  if (!reader) return tl::unexpected(std::move(reader.error()));
  const std::size_t channels = reader->info().channels();
  AudioBuffer buffer(channels, block_frames(reader->info().sample_rate_hz, channels));
  while (true) {
    const Result<std::size_t> frames = reader->read(buffer.view());
    if (!frames) return tl::unexpected(frames.error());
    if (*frames == 0) return {};
    if (non_finite == NonFinite::refuse && reader->first_non_finite_s()) {
      return tl::unexpected(
          non_finite_error(track.name, reader->non_finite_samples(), *reader->first_non_finite_s()));
    }
    const AudioView<float> block = buffer.view(*frames);
    for (std::size_t c = 0; c < channels; ++c) {
      for (float& sample : block.channel(c)) sample = static_cast<float>(ratio * static_cast<double>(sample));
    }
    if (Result<void> used = use(block); !used) return used;
    if (Result<void> going = progress.add(*frames); !going) return going;
  }
}

/// Greatest value that no dither can push over full scale.
float integer_limit(SampleFormat format) {
  const double lsb = std::ldexp(1.0, format == SampleFormat::pcm16 ? -15 : -23);
  return static_cast<float>(1.0 - 2.0 * lsb);
}

/// Whether a stem at its gain goes over full scale. A source at 0 dB is copied: it fits as it is.
Result<bool> would_clip(const Session& session, const Track& track, double ratio,
                        const RenderOptions& options, StemProgress& progress) {
  const float limit = ratio == 1.0 ? 1.0f : integer_limit(options.format.sample_format);
  bool clips = false;
  const Result<void> read = for_each_block(session, track, ratio, options.non_finite, progress,
                                           [&](AudioView<float> block) -> Result<void> {
                                             for (std::size_t c = 0; c < block.channels.size(); ++c) {
                                               for (const float sample : block.channel(c))
                                                 clips = clips || std::abs(sample) > limit;
                                             }
                                             return {};
                                           });
  if (!read) return tl::unexpected(read.error());
  return clips;
}

Result<void> make_folder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) return {};
  return failure(ErrorCode::io,
                 fmt::format("The folder '{}' can't be made: {}. Choose another place for the stems.", folder,
                             error.message()),
                 {folder, {}, {}, {}});
}

}  // namespace

Result<StemsReport> render_stems(const Session& session, const std::vector<Db>& gains,
                                 const std::string& folder, const RenderOptions& options,
                                 const WorkOptions& work) {
  const std::size_t count = session.tracks.size();
  StemsReport report;
  report.container = options.format.container;
  report.sample_format = options.format.sample_format;
  allow_open_files(2 * count);

  if (report.sample_format != SampleFormat::float32) {
    Job job(part_of(work, 0.0, 0.3));
    StemProgress progress(job, "checking the stems' peaks", session);
    std::vector<char> clips(count, 0);
    const Result<void> checked = job.try_each(count, [&](std::size_t i) -> Result<void> {
      const Result<bool> clip = would_clip(session, session.tracks[i], to_ratio(gains[i]), options, progress);
      if (!clip) return tl::unexpected(clip.error());
      clips[i] = *clip ? 1 : 0;
      return {};
    });
    if (!checked) return tl::unexpected(checked.error());
    if (std::ranges::find(clips, 1) != clips.end()) {
      report.container = Container::wav;
      report.sample_format = SampleFormat::float32;
    }
  }

  for (const std::string& name : stem_names(session, report.container)) {
    report.paths.push_back((std::filesystem::path(folder) / name).string());
    const std::string parent = std::filesystem::path(report.paths.back()).parent_path().string();
    if (const Result<void> made = make_folder(parent); !made) return tl::unexpected(made.error());
  }
  Job job(part_of(work, 0.3, 1.0));
  StemProgress progress(job, "writing the stems", session);
  std::vector<std::optional<AudioWriter>> writers(count);
  const Result<void> written = job.try_each(count, [&](std::size_t i) -> Result<void> {
    const Track& track = session.tracks[i];
    const WriteFormat format{report.container, report.sample_format, track.source_rate_hz, track.channels};
    Result<AudioWriter> writer = AudioWriter::create(report.paths[i], format, options.overwrite);
    if (!writer) return tl::unexpected(writer.error());
    writers[i] = std::move(*writer);
    return for_each_block(session, track, to_ratio(gains[i]), options.non_finite, progress,
                          [&](AudioView<float> block) { return writers[i]->write(block); });
  });
  if (!written) return tl::unexpected(written.error());
  for (std::optional<AudioWriter>& writer : writers) {
    if (const Result<void> committed = writer->commit(); !committed) return tl::unexpected(committed.error());
  }
  return report;
}

}  // namespace gainstage
