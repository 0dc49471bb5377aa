// SPDX-License-Identifier: MIT
// Bytes as a zip archive and, as most mutations of one break its check sums, as the project.xml within one.
// What is read must hold its invariants, be given back as it came, and be readable again after a plan.
#include <cmath>

#include "fuzz_target.h"
#include "session/flow_check.h"
#include "session_format/dawproject/dawproject_document.h"

namespace {

using namespace gainstage;

void expect(bool claim) {
  if (!claim) __builtin_trap();
}

void expect_sound(const std::optional<Automation>& curve) {
  if (!curve) return;
  expect(!curve->points.empty());
  double last = -HUGE_VAL;
  for (const AutomationPoint& point : curve->points) {
    expect(std::isfinite(point.seconds) && std::isfinite(point.value) && point.seconds >= last);
    last = point.seconds;
  }
}

void expect_sound(const GainControl& gain) {
  expect(std::isfinite(gain.ratio) && gain.ratio >= 0.0);
  expect_sound(gain.automation);
}

void expect_sound(const SignalFlow& flow) {
  std::size_t masters = 0;
  for (const Strip& strip : flow.strips) {
    masters += strip.kind == StripKind::master;
    expect(strip.channels >= 1 && strip.channels <= 64);
    expect_sound(strip.fader);
    expect_sound(strip.pan.automation);
    expect_sound(strip.mute.automation);
    expect(std::isfinite(strip.pan.position));
    for (const Send& send : strip.sends) {
      expect(send.to < flow.strips.size());
      expect_sound(send.gain);
    }
    for (const Output& output : strip.outputs) expect(!output.to || *output.to < flow.strips.size());
    for (const Clip& clip : strip.clips) {
      expect(clip.sources.size() == 1 && clip.sources[0] < flow.sources.size());
      expect(std::isfinite(clip.start_s) && std::isfinite(clip.offset_s) && clip.length_s > 0.0);
      expect(std::isfinite(clip.length_s) && std::isfinite(clip.rate));
      expect_sound(clip.gain);
      expect_sound(clip.envelope);
      if (clip.fade_in) expect_sound(clip.fade_in->curve);
      if (clip.fade_out) expect_sound(clip.fade_out->curve);
    }
  }
  expect(masters == 1 && flow.strips.at(flow.master).kind == StripKind::master);
}

void try_session(std::string bytes) {
  const auto document = DawProjectDocument::read(std::move(bytes));
  if (!document) {
    expect(!document.error().sentence.empty());
    return;
  }
  const SignalFlow& flow = document->flow();
  expect_sound(flow);
  const auto checked = check_flow(flow);  // Only what is routed in a circle is left to it.
  expect(checked || !checked.error().sentence.empty());
  const auto same = document->patch({});
  expect(same && same->bytes == document->bytes());
  std::vector<StageChange> plan;
  for (std::size_t i = 0; i < flow.strips.size(); ++i) {
    plan.push_back({{StageKind::fader, i, 0}, Db{-1.0}});
    if (!flow.strips[i].clips.empty()) plan.push_back({{StageKind::clip, i, 0}, Db{1.0}});
  }
  const auto patched = document->patch(plan);
  // An archive may be damaged in a member that nobody has looked at; a sentence says so.
  if (patched) {
    const auto again = DawProjectDocument::read(patched->bytes);
    expect(again && again->flow().strips.size() == flow.strips.size());
  } else {
    expect(!patched.error().sentence.empty());
  }
  for (std::size_t i = 0; i < flow.sources.size() && i < 4; ++i) {
    (void)document->stream_source(i, 1 << 20, [](std::string_view) -> Result<void> { return {}; });
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text(data, size);
  if (text.starts_with("PK")) {
    try_session(std::string(text));
    return 0;
  }
  const NewZipMember members[] = {{"project.xml", text, NewZipMember::Method::stored},
                                  {"audio/a.wav", "RIFF", NewZipMember::Method::stored}};
  const auto bytes = write_zip(members);
  expect(bytes.has_value());
  try_session(*bytes);
  return 0;
}
