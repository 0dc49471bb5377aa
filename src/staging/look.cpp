// SPDX-License-Identifier: MIT
#include "staging/look.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "staging/activity.h"
#include "staging/text.h"

namespace gainstage {
namespace {

constexpr Db nearly_silent_peak{-60.0};
constexpr Db dc_limit{-40.0};

class Findings {
 public:
  void add(std::string code, const std::string& track, std::string sentence,
           std::optional<double> seconds = {}) {
    warnings_.push_back({std::move(code), track, std::move(sentence), seconds});
  }
  std::vector<Warning> take() { return std::move(warnings_); }

 private:
  std::vector<Warning> warnings_;
};

void look_at_level(const std::string& name, const TrackMeasurements& track, Findings& findings) {
  const Measure& clip = track.clip;
  if (is_silent(track)) {
    findings.add("silent", name, name + " is silent; the mix is staged without it.");
    return;
  }
  if (clip.sample_peak < nearly_silent_peak) {
    findings.add(
        "nearly-silent", name,
        name + " peaks at only " + tenth(clip.sample_peak.value) + " dBFS; check its recording level.");
  }
  if (clip.clipping.runs > 0) {
    const ClippedRun& longest = *std::max_element(clip.clipping.places.begin(), clip.clipping.places.end(),
                                                  [](auto& a, auto& b) { return a.frames < b.frames; });
    const std::string over =
        clip.clipping.over > Db{0.05} ? ", up to " + tenth(clip.clipping.over.value) + " dB over" : "";
    findings.add("clipped", name,
                 name + " is clipped in " + std::to_string(clip.clipping.runs) +
                     (clip.clipping.runs == 1 ? " place" : " places") + over + "; the longest run has " +
                     std::to_string(longest.frames) +
                     " samples. Gain can't mend that: record or export it lower.",
                 longest.seconds);
  }
  if (clip.dc_offset > dc_limit) {
    findings.add("dc-offset", name,
                 name + " has a DC offset of " + tenth(clip.dc_offset.value) +
                     " dBFS, which costs headroom; a high-pass filter at 20 Hz removes it.");
  }
}

void look_at_channels(const Track& track, const TrackMeasurements& measured, Findings& findings) {
  if (measured.clip.is_silent()) return;
  if (measured.is_one_sided) {
    findings.add("one-sided", track.name, track.name + " has sound on one of its two channels only.");
  }
  if (measured.is_dual_mono && track.channels == 2) {
    findings.add("dual-mono", track.name, track.name + " is a stereo file with two equal channels.");
  }
}

void look_at_format(const Session& session, const Track& track, const TrackMeasurements& measured,
                    Findings& findings) {
  if (track.source_rate_hz != session.sample_rate_hz) {
    findings.add("odd-rate", track.name,
                 track.name + " is at " + std::to_string(std::lround(track.source_rate_hz)) +
                     " Hz and is resampled to the session's " +
                     std::to_string(std::lround(session.sample_rate_hz)) + " Hz.");
  }
  if (measured.clip.non_finite_samples > 0) {
    findings.add("non-finite", track.name,
                 track.name + " holds " + std::to_string(measured.clip.non_finite_samples) +
                     " samples that are no numbers; they are taken as silence.",
                 measured.clip.first_non_finite_s);
  }
}

/// Lengths are odd when more than half of the tracks agree on one, as exports do, and others don't.
void look_at_lengths(const Session& session, Findings& findings) {
  const auto tenths = [](const Track& t) {
    return std::lround(static_cast<double>(t.source_frames) / t.source_rate_hz * 10.0);
  };
  std::map<long, std::size_t> counts;
  for (const Track& track : session.tracks) ++counts[tenths(track)];
  const auto common =
      std::max_element(counts.begin(), counts.end(), [](auto& a, auto& b) { return a.second < b.second; });
  if (common == counts.end() || common->second * 2 <= session.tracks.size()) return;
  for (const Track& track : session.tracks) {
    if (tenths(track) == common->first) continue;
    findings.add("odd-length", track.name,
                 track.name + " is " + clock_time(static_cast<double>(tenths(track)) / 10.0) +
                     " long where most are " + clock_time(static_cast<double>(common->first) / 10.0) +
                     "; it is taken to start with the others.");
  }
}

void look_at_pairs(const Session& session, const Measurements& measurements, Findings& findings) {
  for (const PairFinding& pair : measurements.pairs) {
    const std::string& first = session.tracks[pair.first].name;
    const std::string& second = session.tracks[pair.second].name;
    const bool is_delayed = std::abs(pair.delay_s) > 1e-9;
    const std::string delay = tenth(1000.0 * std::abs(pair.delay_s)) + " ms";
    const std::string& late = pair.delay_s > 0.0 ? second : first;
    if (pair.correlation < 0.0) {
      findings.add("polarity", second,
                   second + " is " + first + " with its polarity inverted (correlation " +
                       std::to_string(std::lround(100.0 * pair.correlation)) + " %" +
                       (is_delayed ? ", " + delay + " apart" : "") +
                       "): together they cancel. Invert one of the two.",
                   pair.seconds);
    } else if (is_delayed) {
      findings.add("delay", late,
                   late + " lags " + (pair.delay_s > 0.0 ? first : second) + " by " + delay +
                       " (correlation " + std::to_string(std::lround(100.0 * pair.correlation)) +
                       " %): together they comb. Move it earlier by as much.",
                   pair.seconds);
    }
  }
}

}  // namespace

std::vector<Warning> look(const Session& session, const Measurements& measurements) {
  Findings findings;
  for (std::size_t i = 0; i < session.tracks.size(); ++i) {
    const Track& track = session.tracks[i];
    const TrackMeasurements& measured = measurements.tracks[i];
    look_at_level(track.name, measured, findings);
    look_at_channels(track, measured, findings);
    look_at_format(session, track, measured, findings);
  }
  look_at_lengths(session, findings);
  look_at_pairs(session, measurements, findings);
  return findings.take();
}

}  // namespace gainstage
