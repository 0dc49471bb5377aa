// SPDX-License-Identifier: MIT
#include <array>

#include "report/flow_views.h"

namespace gainstage {
namespace {

Json name_or_null(const std::string& name) { return name.empty() ? Json() : Json(name); }

/// null at minus infinity, with "silent" beside it.
Json gain_json(const GainControl& control) {
  const StageGain gain = stage_gain(control);
  Json json{
      {"gain_db", number(to_db(control.ratio).value)},
      {"silent", control.ratio == 0.0},
      {"writable", control.writable.has_value()},
      {"greatest_db", control.writable ? number(to_db(control.writable->greatest_ratio).value) : Json()},
      {"automation", Json()}};
  if (control.automation) {
    json["automation"] = {{"points", control.automation->points.size()},
                          {"least_db", number(gain.least.value)},
                          {"greatest_db", number(gain.greatest.value)},
                          {"multiplies", control.playback == GainControl::Playback::multiplies}};
  }
  return json;
}

Json pan_json(const Pan& pan) {
  if (pan.law == PanLaw::none) return {};
  return {{"position", number(pan.position)},
          {"width", number(pan.width)},
          {"automated", pan.automation.has_value()}};
}

Json clips_json(const SignalFlow& flow, const Strip& strip) {
  Json clips = Json::array();
  for (const Clip& clip : strip.clips) {
    Json sources = Json::array();
    for (const std::size_t source : clip.sources) sources.push_back(flow.sources[source].name);
    clips.push_back({{"name", clip.name},
                     {"sources", std::move(sources)},
                     {"start_s", number(clip.start_s)},
                     {"length_s", number(clip.length_s)},
                     {"gain", gain_json(clip.gain)},
                     {"take_gain", clip.take_gain ? gain_json(*clip.take_gain) : Json()},
                     {"envelope", clip.envelope.has_value()},
                     {"fade_in_s", clip.fade_in ? number(clip.fade_in->length_s) : Json()},
                     {"fade_out_s", clip.fade_out ? number(clip.fade_out->length_s) : Json()},
                     {"muted", clip.is_muted},
                     {"inverted", clip.is_inverted}});
  }
  return clips;
}

Json inserts_json(const Strip& strip) {
  constexpr std::array<std::string_view, 3> kinds{"linear", "non-linear", "unknown"};
  Json inserts = Json::array();
  for (const Insert& insert : strip.inserts) {
    inserts.push_back({{"name", insert.name},
                       {"identifier", name_or_null(insert.identifier)},
                       {"enabled", insert.is_enabled},
                       {"after_fader", insert.is_after_fader},
                       {"kind", kinds[static_cast<std::size_t>(insert.kind)]}});
  }
  return inserts;
}

Json sends_json(const SignalFlow& flow, const Strip& strip) {
  constexpr std::array<std::string_view, 4> taps{"before-inserts", "before-fader", "after-fader",
                                                 "after-pan"};
  Json sends = Json::array();
  for (const Send& send : strip.sends) {
    sends.push_back({{"name", send.name},
                     {"to", flow.strips[send.to].name},
                     {"tap", taps[static_cast<std::size_t>(send.tap)]},
                     {"gain", gain_json(send.gain)},
                     {"enabled", send.is_enabled},
                     {"muted", send.mute.is_on}});
  }
  return sends;
}

/// Levels and headroom under 0 dBFS; null where it is not known.
Json tap_json(const std::optional<Measure>& measure) {
  if (!measure) return {};
  Json json = to_json(*measure);
  json["headroom_db"] = number(-measure->true_peak.value);
  return json;
}

Json strip_json(const InspectedSession& session, std::size_t index) {
  const SignalFlow& flow = *session.flow;
  const Strip& strip = flow.strips[index];
  Json outputs = Json::array();
  for (const Output& output : strip.outputs) {
    outputs.push_back({{"to", output.to ? Json(flow.strips[*output.to].name) : Json()},
                       {"hardware", name_or_null(output.hardware)},
                       {"gain", gain_json(output.gain)}});
  }
  Json vcas = Json::array();
  for (const std::size_t vca : strip.vcas) vcas.push_back(flow.vcas[vca].name);
  Json json{{"id", strip.id},
            {"name", strip.name},
            {"kind", to_string(strip.kind)},
            {"channels", strip.channels},
            {"clips", clips_json(flow, strip)},
            {"trim", gain_json(strip.trim)},
            {"inverted", strip.is_inverted},
            {"inserts", inserts_json(strip)},
            {"fader", gain_json(strip.fader)},
            {"second_fader", strip.second_fader ? gain_json(*strip.second_fader) : Json()},
            {"vcas", std::move(vcas)},
            {"pan", pan_json(strip.pan)},
            {"muted", strip.mute.is_on},
            {"soloed", strip.is_soloed},
            {"solo_safe", strip.is_solo_safe},
            {"sends", sends_json(flow, strip)},
            {"outputs", std::move(outputs)},
            {"unread_content", strip.has_unread_content},
            {"levels", Json()}};
  if (!session.levels.empty()) {
    const StripLevels& levels = session.levels[index];
    json["levels"] = {{"trim_in", tap_json(levels.trim_in)},
                      {"insert_in", tap_json(levels.insert_in)},
                      {"fader_out", tap_json(levels.fader_out)}};
  }
  return json;
}

}  // namespace

StageGain stage_gain(const GainControl& control) {
  return {to_db(control.least()), to_db(control.greatest()), control.automation.has_value()};
}

Json inspect_json(const InspectedSession& session) {
  const SignalFlow& flow = *session.flow;
  Json sources = Json::array();
  for (const SessionSource& source : flow.sources) {
    sources.push_back({{"name", source.name},
                       {"path", printable(source.path)},
                       {"found", source.found_path.has_value()},
                       {"channels", source.channels},
                       {"sample_rate_hz", number(source.sample_rate_hz)},
                       {"frames", source.frames},
                       {"gain", gain_json(source.gain)}});
  }
  Json strips = Json::array();
  for (std::size_t i = 0; i < flow.strips.size(); ++i) strips.push_back(strip_json(session, i));
  Json vcas = Json::array();
  for (const Vca& vca : flow.vcas) {
    Json follows = Json::array();
    for (const std::size_t other : vca.vcas) follows.push_back(flow.vcas[other].name);
    vcas.push_back({{"id", vca.id},
                    {"name", vca.name},
                    {"gain", gain_json(vca.gain)},
                    {"base_db", number(to_db(vca.base_ratio).value)},
                    {"muted", vca.is_muted},
                    {"soloed", vca.is_soloed},
                    {"vcas", std::move(follows)}});
  }
  Json notes = Json::array();
  for (const Warning& note : session.notes) {
    notes.push_back({{"code", note.code}, {"track", name_or_null(note.track)}, {"sentence", note.sentence}});
  }
  return {{"schema", inspect_schema},
          {"session",
           {{"file", session.file},
            {"name", flow.name},
            {"format", flow.format},
            {"version", flow.version},
            {"sample_rate_hz", number(flow.sample_rate_hz)},
            {"start_s", number(flow.start_s)},
            {"length_s", number(flow.length_s)}}},
          {"sources", std::move(sources)},
          {"strips", std::move(strips)},
          {"vcas", std::move(vcas)},
          {"warnings", std::move(notes)}};
}

}  // namespace gainstage
