// SPDX-License-Identifier: MIT
// Ardour sessions: refused with a sentence, or read as a flow of finite numbers; the same bytes come back
// without a change, and with one they are read again.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "fuzz_target.h"
#include "session/flow_check.h"
#include "session_format/ardour/ardour_document.h"

using namespace gainstage;

namespace {

void must(bool claim) {
  if (!claim) __builtin_trap();
}

bool is_left_to_check(const std::string& sentence) {
  return std::ranges::any_of(std::array{"in a circle", "into itself", "channels; expected"},
                             [&](const char* words) { return sentence.find(words) != std::string::npos; });
}

void check_change(const ArdourDocument& document, const StageRef& stage) {
  const GainControl* control = find_stage(document.flow(), stage);
  must(control != nullptr);
  const double before = control->ratio;
  if (!control->writable || !(before < 1e300)) return;
  const auto patched = document.patch({{StageChange{stage, {-1.0}}}});
  must(patched && patched->bytes.size() > 0);
  const auto again = ArdourDocument::read(patched->bytes);
  must(again.has_value());
  const double db = patched->applied.empty() ? 0.0 : patched->applied[0].gain.value;
  const double after = find_stage(again->flow(), stage)->ratio;
  must(std::abs(after - before * to_ratio({db})) <= 1e-9 * before + 1e-300);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(as_text(data, size));
  const auto document = ArdourDocument::read(bytes);
  if (!document) {
    must(!document.error().sentence.empty());
    return 0;
  }
  const auto same = document->patch({});
  must(same && same->bytes == bytes && same->losses.empty());
  const SignalFlow& flow = document->flow();
  // Circles and widths are left to the check: whatever else it might find, the reader has said.
  if (const auto sound = check_flow(flow); !sound) must(is_left_to_check(sound.error().sentence));
  for (std::size_t s = 0; s < std::min<std::size_t>(flow.strips.size(), 3); ++s) {
    check_change(*document, {s == flow.master ? StageKind::master : StageKind::fader, s, 0});
    check_change(*document, {StageKind::trim, s, 0});
    if (!flow.strips[s].clips.empty()) check_change(*document, {StageKind::clip, s, 0});
    if (!flow.strips[s].sends.empty()) check_change(*document, {StageKind::send, s, 0});
  }
  return 0;
}
