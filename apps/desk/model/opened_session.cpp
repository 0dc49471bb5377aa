// SPDX-License-Identifier: MIT
#include "opened_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string_view>

#include "engine/live/live_desk.h"
#include "workspace/down_stages.h"
#include "workspace/staged_before.h"

namespace gainstage::desk {
namespace {

namespace fs = std::filesystem;

/// FNV-1a, 64 bits: enough to see that something was changed.
class Fingerprint {
 public:
  void add(std::string_view bytes) {
    for (const char c : bytes) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    hash_ = (hash_ ^ 0xffU) * 0x100000001b3U;
  }
  std::string text() const { return fmt::format("{:016x}", hash_); }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325U;
};

constexpr double keep_of_mixed_by_hand = 30.0;  // As `gainstage stage` takes it.

/// Whether ratios of 0 are the same as the strip's mute: no send goes on without it, nor, in front of the
/// fader, past a trim that a printed stem has behind it.
bool is_mute_a_ratio(const Strip& strip, bool is_printed) {
  if (is_printed && has_early_send(strip)) return false;
  return std::ranges::none_of(strip.sends,
                              [](const Send& send) { return send.is_enabled && send.is_heard_when_muted; });
}

/// Makes the session's mutes the desk's.
void take_mutes(DawSession& daw, StageTable& table) {
  SignalFlow& flow = *daw.session.flow;
  for (DeskStrip& own : table.strips) {
    if (own.is_vca || !daw.document.can_unmute(own.index)) continue;
    Strip& strip = flow.strips[own.index];
    if (!strip.mute.is_on || strip.mute.automation ||
        !is_mute_a_ratio(strip, daw.printed.contains(strip.name)))
      continue;
    own.is_muted = true;
    strip.mute.is_on = false;
  }
}

/// How much the session's levels count for the plan, and why.
void weigh_levels(OpenedSession& opened, bool is_untouched) {
  if (opened.is_all_down) {
    opened.notes.push_back({"all-down",
                            "",
                            "Nothing of the session is heard, since its faders are down. The plan brings "
                            "them up, as if they stood at 0 dB.",
                            {}});
  } else if (is_untouched) {
    opened.keep_levels = 100.0;
    opened.keeps_nominal = true;
    opened.notes.push_back(
        {"as-staged", "", "The session is as gainstage wrote it, so its levels are kept.", {}});
  } else if (was_mixed_by_hand(opened.daw->document.flow())) {
    opened.keep_levels = keep_of_mixed_by_hand;
    opened.notes.push_back(
        {"rough-mix", "", "The faders were moved by hand, so they count as a rough mix, by 30 %.", {}});
  }
}

Result<void> open_daw(OpenedSession& opened, const std::string& printed) {
  auto daw = load_daw_session(opened.path, printed);
  if (!daw) return tl::unexpected(daw.error());
  opened.daw.emplace(*std::move(daw));
  DawSession& session = *opened.daw;
  opened.kind = to_string(session.document.format());
  opened.table = daw_stages(session.session, session.unheard);
  const bool is_untouched = is_as_staged(session);
  const std::vector<StageRef> down = down_stages(*session.session.flow);
  bring_up(*session.session.flow, down);
  opened.is_all_down = do_silence_all(session.session, down);
  take_mutes(session, opened.table);
  opened.playable = session.session;
  opened.notes = session.notes;
  Fingerprint fingerprint;
  fingerprint.add(session.document.bytes());
  opened.fingerprint = fingerprint.text();
  weigh_levels(opened, is_untouched);
  return {};
}

Result<void> open_stems(OpenedSession& opened) {
  auto stems = load_stems(opened.path);
  if (!stems) return tl::unexpected(stems.error());
  opened.stems.emplace(*std::move(stems));
  opened.kind = "stems";
  opened.playable = flow_of_stems(opened.stems->session);
  opened.table = stem_stages(opened.playable);
  opened.notes = opened.stems->notes;
  Fingerprint fingerprint;
  for (const Track& track : opened.stems->session.tracks) {
    fingerprint.add(track.name);
    fingerprint.add(fmt::format("{} {} {}", track.source_frames, track.channels, track.source_rate_hz));
  }
  opened.fingerprint = fingerprint.text();
  return {};
}

}  // namespace

std::vector<std::size_t> closed_strips(const OpenedSession& opened) {
  std::vector<std::size_t> closed;
  for (std::size_t i = 0; i < opened.table.strips.size(); ++i) {
    if (opened.table.strips[i].is_muted || opened.table.strips[i].has_down()) closed.push_back(i);
  }
  return closed;
}

Session with_own(const OpenedSession& opened, std::span<const std::size_t> strips) {
  Session session = opened.session();
  std::vector<StageRef> down;
  for (const std::size_t i : strips) {
    const DeskStrip& strip = opened.table.strips[i];
    if (strip.is_muted) session.flow->strips[strip.index].mute.is_on = true;
    for (const Stage stage : {Stage::trim, Stage::fader}) {
      const auto& info = strip.stage(stage);
      if (info && info->is_down()) down.push_back(info->refs.front());
    }
  }
  if (!down.empty()) take_stages_of(*session.flow, opened.daw->document.flow(), down);
  return session;
}

Session with_closed_ways(const OpenedSession& opened) {
  Session session = opened.session();
  for (std::size_t s = 0; s < opened.own.size(); ++s) {
    Strip& strip = session.flow->strips[s];
    const bool is_trim_down = opened.own[s].trim == 0.0;
    if (!is_trim_down && opened.own[s].fader != 0.0) continue;
    for (Output& output : strip.outputs) output.gain = {.ratio = 0.0};
    for (Send& send : strip.sends) {
      const bool is_late = send.tap == Send::Tap::after_fader || send.tap == Send::Tap::after_pan;
      if (is_trim_down || is_late) send.gain = {.ratio = 0.0};
    }
  }
  return session;
}

Result<std::unique_ptr<OpenedSession>> open_session(const std::string& path, const std::string& printed) {
  auto opened = std::make_unique<OpenedSession>();
  std::error_code error;
  fs::path absolute = fs::absolute(path, error).lexically_normal();
  if (!absolute.has_filename() && absolute.has_parent_path()) absolute = absolute.parent_path();
  opened->path = absolute.string();
  opened->folder = absolute.parent_path().string();
  opened->file = absolute.filename().string();
  if (is_daw_session(opened->path)) {
    if (auto done = open_daw(*opened, printed); !done) return tl::unexpected(done.error());
  } else {
    if (!printed.empty())
      return failure(ErrorCode::usage, "Printed stems go with a DAW's session, not with a folder of stems.");
    if (auto done = open_stems(*opened); !done) return tl::unexpected(done.error());
  }
  opened->own =
      ratios_of(opened->table, without_clips(*opened->playable.flow), initial_values(opened->table, {}));
  return opened;
}

}  // namespace gainstage::desk
