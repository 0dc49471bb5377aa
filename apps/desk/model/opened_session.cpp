// SPDX-License-Identifier: MIT
#include "opened_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string_view>

#include "engine/live/live_desk.h"
#include "session/flow_check.h"
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

/// Whether a fader that is down is the same as the strip's mute: nothing comes in besides its clips, and
/// nothing leaves but behind the fader.
bool is_mute_a_fader(const SignalFlow& flow, std::size_t index) {
  const bool is_plain = std::ranges::none_of(flow.strips[index].sends, [](const Send& send) {
    const bool is_early = send.tap == Send::Tap::before_inserts || send.tap == Send::Tap::before_fader;
    return send.is_enabled && (is_early || send.is_heard_when_muted);
  });
  for (std::size_t s = 0; is_plain && s < flow.strips.size(); ++s) {
    const std::vector<std::size_t> fed = fed_by(flow, s);
    if (std::ranges::find(fed, index) != fed.end()) return false;
  }
  return is_plain;
}

/// Makes the session's mutes the desk's.
void take_mutes(DawSession& daw, StageTable& table) {
  SignalFlow& flow = *daw.session.flow;
  for (DeskStrip& strip : table.strips) {
    if (!strip.track || !daw.document.can_unmute(strip.index)) continue;
    Mute& mute = flow.strips[strip.index].mute;
    if (!mute.is_on || mute.automation || !is_mute_a_fader(flow, strip.index)) continue;
    strip.is_muted = true;
    mute.is_on = false;
  }
}

Result<void> open_daw(OpenedSession& opened, const std::string& printed) {
  auto daw = load_daw_session(opened.path, printed);
  if (!daw) return tl::unexpected(daw.error());
  opened.daw.emplace(*std::move(daw));
  const DawSession& session = *opened.daw;
  opened.kind = to_string(session.document.format());
  opened.table = daw_stages(session.session, session.unheard);
  take_mutes(*opened.daw, opened.table);
  opened.playable = session.session;
  opened.notes = session.notes;
  Fingerprint fingerprint;
  fingerprint.add(session.document.bytes());
  opened.fingerprint = fingerprint.text();
  if (is_as_staged(session)) {
    opened.keep_levels = 100.0;
    opened.keeps_nominal = true;
    opened.notes.push_back(
        {"as-staged", "", "The session is as gainstage wrote it, so its levels are kept.", {}});
  } else if (was_mixed_by_hand(session.document.flow())) {
    opened.keep_levels = keep_of_mixed_by_hand;
    opened.notes.push_back(
        {"rough-mix", "", "The faders were moved by hand, so they count as a rough mix, by 30 %.", {}});
  }
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

Session as_the_session_is(const OpenedSession& opened) {
  Session session = opened.session();
  for (const DeskStrip& strip : opened.table.strips) {
    if (strip.is_muted) session.flow->strips[strip.index].mute.is_on = true;
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
  return opened;
}

}  // namespace gainstage::desk
