// SPDX-License-Identifier: MIT
// A REAPER project that is read stays as it is without a change, and can be read again with one everywhere.
#include "fuzz_target.h"
#include "session/flow_check.h"
#include "session_format/reaper/reaper_document.h"

namespace {

std::vector<gainstage::StageChange> changes_everywhere(const gainstage::SignalFlow& flow) {
  using gainstage::StageKind;
  std::vector<gainstage::StageChange> changes;
  const auto add = [&](StageKind kind, std::size_t strip, std::size_t item) {
    if (changes.size() < 500)
      changes.push_back({{kind, strip, item}, gainstage::Db{changes.size() % 2 ? -2.5 : 7.25}});
  };
  for (std::size_t i = 0; i < flow.strips.size(); ++i) {
    add(StageKind::fader, i, 0);
    add(StageKind::trim, i, 0);
    for (std::size_t k = 0; k < flow.strips[i].clips.size(); ++k) add(StageKind::clip, i, k);
    for (std::size_t k = 0; k < flow.strips[i].clips.size(); ++k) add(StageKind::take, i, k);
    for (std::size_t k = 0; k < flow.strips[i].sends.size(); ++k) add(StageKind::send, i, k);
  }
  for (std::size_t i = 0; i < flow.vcas.size(); ++i) add(StageKind::vca, i, 0);
  return changes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(as_text(data, size));
  const auto document = gainstage::ReaperDocument::read(bytes);
  if (!document) {
    if (document.error().sentence.empty()) __builtin_trap();
    return 0;
  }
  const auto sound = gainstage::check_flow(document->flow());
  if (!sound && sound.error().sentence.empty()) __builtin_trap();
  const auto same = document->patch({});
  if (!same || same->bytes != bytes) __builtin_trap();
  const auto patched = document->patch(changes_everywhere(document->flow()));
  if (!patched) __builtin_trap();
  const auto again = gainstage::ReaperDocument::read(patched->bytes);
  if (!again || again->flow().strips.size() != document->flow().strips.size()) __builtin_trap();
  return 0;
}
