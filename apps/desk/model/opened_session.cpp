// SPDX-License-Identifier: MIT
#include "opened_session.h"

#include <fmt/format.h>

#include <filesystem>
#include <string_view>

#include "engine/live/live_desk.h"
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

Result<void> open_daw(OpenedSession& opened, const std::string& printed) {
  auto daw = load_daw_session(opened.path, printed);
  if (!daw) return tl::unexpected(daw.error());
  opened.daw.emplace(*std::move(daw));
  const DawSession& session = *opened.daw;
  opened.kind = to_string(session.document.format());
  opened.playable = session.session;
  opened.table = daw_stages(session.session, session.unheard);
  opened.notes = session.notes;
  Fingerprint fingerprint;
  fingerprint.add(session.document.bytes());
  opened.fingerprint = fingerprint.text();
  if (is_as_staged(session)) {
    opened.keep_levels = 100.0;
    opened.keeps_nominal = true;
    opened.notes.push_back({"as-staged", "", "The session is as gainstage wrote it, so its levels are kept.", {}});
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
