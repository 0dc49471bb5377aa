// SPDX-License-Identifier: MIT
#include "desk/server/meter_feed.h"

#include <algorithm>

namespace gainstage::desk {
namespace {

bool is_same(const LiveClip& a, const LiveClip& b) {
  return a.over_db == b.over_db && a.tap == b.tap && a.at_s == b.at_s;
}

}  // namespace

void MeterFeed::show(double monitor_ratio, std::chrono::steady_clock::time_point now) {
  const double passed_s = std::clamp(std::chrono::duration<double>(now - last_).count(), 0.0, 1.0);
  last_ = now;
  live_.look(look_);
  desk_.saw_position(look_.is_playing, look_.position_s);
  note_clips();
  if (hub_.pages() == 0) return;
  hub_.meters(meter_frame(look_, monitor_ratio));
  show_scopes(passed_s);
}

void MeterFeed::note_clips() {
  if (std::equal(look_.clips.begin(), look_.clips.end(), clips_.begin(), clips_.end(), is_same)) return;
  clips_ = look_.clips;
  desk_.saw_clips(clips_);
}

void MeterFeed::show_scopes(double passed_s) {
  for (std::size_t p = 0; p < live_probes; ++p) {
    if (!hub_.is_watched(p)) continue;
    Eye& eye = eyes_[p];
    if (!eye.analyser) eye.analyser = std::make_unique<ScopeAnalyser>(sample_rate_hz_);
    if (const std::uint32_t changes = hub_.probe_changes(p); changes != eye.changes) {
      eye.changes = changes;
      eye.analyser->reset();
    }
    samples_.clear();
    const std::size_t frames = live_.read_probe(p, samples_);
    eye.analyser->add({samples_.data(), std::min(samples_.size(), 2 * frames)});
    hub_.scope(p, eye.analyser->look(passed_s));
  }
}

}  // namespace gainstage::desk
