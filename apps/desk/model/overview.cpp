// SPDX-License-Identifier: MIT
#include "overview.h"

#include <algorithm>
#include <cmath>

#include "engine/job.h"
#include "engine/mix_sources.h"

namespace gainstage::desk {
namespace {

constexpr std::size_t tenths_a_hop = 5;

/// dB to a tenth: as fine as a picture shows.
Json level(float peak) {
  if (!(peak > 0.0f)) return nullptr;
  return std::round(10.0 * to_db(static_cast<double>(peak)).value) / 10.0;
}

Json hops_of(const std::vector<float>& tenths) {
  Json hops = Json::array();
  for (std::size_t i = 0; i < tenths.size(); i += tenths_a_hop) {
    const auto end = tenths.begin() + static_cast<std::ptrdiff_t>(std::min(i + tenths_a_hop, tenths.size()));
    hops.push_back(level(*std::max_element(tenths.begin() + static_cast<std::ptrdiff_t>(i), end)));
  }
  return hops;
}

/// Of the mix as the session has it.
Result<std::vector<float>> peaks_of_mix(const OpenedSession& opened, WorkOptions work) {
  const std::vector<std::size_t> closed = closed_strips(opened);
  std::optional<Session> as_it_is;
  if (!closed.empty()) {
    as_it_is.emplace(with_own(opened, closed));
    work.decoded = nullptr;  // It is of other gains.
  }
  const Session& session = as_it_is ? *as_it_is : opened.session();
  Job job(work);
  auto sources = MixSources::open(session, std::vector<bool>(session.tracks.size(), true), NonFinite::refuse,
                                  session.channels, job);
  if (!sources) return tl::unexpected(sources.error());
  const std::vector<MixOperation> operations = plan_mix(std::vector<Db>(session.tracks.size()));
  MixSums sums(session.channels, sources->max_block_frames());
  AudioBuffer block(session.channels, sources->max_block_frames());
  const double frames_a_tenth = 0.1 * session.sample_rate_hz;
  const double all_frames = std::max(1.0, session.duration_s() * session.sample_rate_hz);
  std::vector<float> peaks;
  for (std::size_t at = 0;;) {
    if (auto going = job.go_on("listening to the mix", static_cast<double>(at) / all_frames); !going)
      return tl::unexpected(going.error());
    const auto frames = sources->read(job);
    if (!frames) return tl::unexpected(frames.error());
    if (*frames == 0) return peaks;
    sums.clear(0, *frames);
    sums.add(operations, sources->blocks(), 0, *frames);
    sums.store(block.view(), 0, *frames);
    sources->let_go(operations, 0, *frames);
    for (std::size_t c = 0; c < session.channels; ++c) {
      const std::span<const float> samples = block.view().channel(c);
      for (std::size_t i = 0; i < *frames; ++i) {
        const auto tenth = static_cast<std::size_t>(static_cast<double>(at + i) / frames_a_tenth);
        if (tenth >= peaks.size()) peaks.resize(tenth + 1);
        peaks[tenth] = std::max(peaks[tenth], std::abs(samples[i]));
      }
    }
    at += *frames;
  }
}

}  // namespace

Result<Json> overview_of(const OpenedSession& opened, const Measurements& measurements,
                         const WorkOptions& work) {
  const auto peaks = peaks_of_mix(opened, work);
  if (!peaks) return tl::unexpected(peaks.error());
  Json strips = Json::object();
  for (const DeskStrip& strip : opened.table.strips) {
    if (strip.track) strips[strip.id] = hops_of(measurements.tracks[*strip.track].hop_peaks);
  }
  return Json{{"hop_s", 0.1 * tenths_a_hop}, {"peak_dbfs", hops_of(*peaks)}, {"strips", std::move(strips)}};
}

}  // namespace gainstage::desk
