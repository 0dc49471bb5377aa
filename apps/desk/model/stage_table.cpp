// SPDX-License-Identifier: MIT
#include "stage_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "session/insert_kinds.h"
#include "staging/rounding.h"
#include "workspace/down_stages.h"
#include "workspace/staged_before.h"

namespace gainstage::desk {
namespace {

Json level(double value) { return std::isfinite(value) ? Json(value) : Json(); }

StageInfo stage_of(const GainControl& control, StageRef ref) {
  StageInfo info;
  info.own_db = shown(control).value;
  info.is_writable = control.writable.has_value();
  info.greatest_db = control.writable ? to_db(control.writable->greatest_ratio).value : info.own_db;
  // A session may hold more than its application's faders show.
  info.greatest_db = std::max(info.greatest_db, info.own_db);
  info.base_db = is_down(control) ? base_of(control).value : info.own_db;
  info.is_automated = control.automation.has_value();
  info.refs = {ref};
  return info;
}

/// The gains of all clips of a strip together, as a trim that stands at 0 dB.
std::optional<StageInfo> clips_as_trim(const Strip& strip, std::size_t index) {
  if (strip.clips.empty()) return std::nullopt;
  StageInfo info;
  info.greatest_db = 60.0;
  for (std::size_t c = 0; c < strip.clips.size(); ++c) {
    const GainControl& gain = strip.clips[c].gain;
    if (!gain.writable) return std::nullopt;
    info.is_automated = info.is_automated || gain.automation.has_value();
    info.refs.push_back({StageKind::clip, index, c});
    const double greatest = std::max(gain.ratio, gain.greatest());
    if (greatest > 0.0)
      info.greatest_db =
          std::min(info.greatest_db, std::max(0.0, to_db(gain.writable->greatest_ratio / greatest).value));
  }
  info.greatest_db = std::floor(info.greatest_db * 100.0) / 100.0;
  return info;
}

std::optional<StageInfo> trim_of(const Strip& strip, std::size_t index) {
  if (strip.trim.writable) return stage_of(strip.trim, {StageKind::trim, index, 0});
  return clips_as_trim(strip, index);
}

std::vector<std::optional<std::size_t>> tracks_by_strip(const Session& session) {
  std::vector<std::optional<std::size_t>> tracks(session.flow->strips.size());
  for (std::size_t t = 0; t < session.tracks.size(); ++t) {
    if (session.tracks[t].strip) tracks[*session.tracks[t].strip] = t;
  }
  return tracks;
}

Json to_json(const std::optional<StageInfo>& stage) {
  if (!stage) return nullptr;
  return {{"db", level(stage->own_db)},
          {"greatest_db", level(stage->greatest_db)},
          {"writable", stage->can_move()},
          {"automated", stage->is_automated}};
}

std::string_view to_string(Insert::Kind kind) {
  switch (kind) {
    case Insert::Kind::linear:
      return "linear";
    case Insert::Kind::non_linear:
      return "non_linear";
    case Insert::Kind::unknown:
      break;
  }
  return "unknown";
}

Json inserts_of(const Strip& strip) {
  Json inserts = Json::array();
  for (const Insert& insert : strip.inserts) {
    inserts.push_back({{"name", insert.name},
                       {"kind", to_string(insert.kind)},
                       {"enabled", insert.is_enabled},
                       {"after_fader", insert.is_after_fader}});
  }
  return inserts;
}

Json feeds_of(const Strip& strip) {
  Json feeds = Json::array();
  const auto add = [&](std::size_t to) {
    Json id = fmt::format("s{}", to);
    if (std::ranges::find(feeds, id) == feeds.end()) feeds.push_back(std::move(id));
  };
  for (const Output& output : strip.outputs) {
    if (output.to) add(*output.to);
  }
  for (const Send& send : strip.sends) {
    if (send.is_enabled) add(send.to);
  }
  return feeds;
}

Json strip_json(const DeskStrip& own, const SignalFlow& flow) {
  Json json{{"id", own.id},
            {"name", own.name},
            {"kind", own.kind},
            {"track", own.track ? Json(*own.track) : Json()},
            {"heard", own.is_heard},
            {"trim", to_json(own.trim)},
            {"fader", to_json(own.fader)}};
  Json vcas = Json::array();
  if (own.is_vca) {
    const Vca& vca = flow.vcas[own.index];
    for (const std::size_t other : vca.vcas) vcas.push_back(fmt::format("v{}", other));
    json.update({{"channels", 0},
                 {"pan", nullptr},
                 {"muted", vca.is_muted},
                 {"feeds", Json::array()},
                 {"vcas", std::move(vcas)},
                 {"inserts", Json::array()}});
    return json;
  }
  const Strip& strip = flow.strips[own.index];
  for (const std::size_t vca : strip.vcas) vcas.push_back(fmt::format("v{}", vca));
  json["channels"] = strip.channels;
  json["pan"] = strip.pan.law == PanLaw::none ? Json()
                                              : Json{{"position", strip.pan.position},
                                                     {"width", strip.pan.width},
                                                     {"automated", strip.pan.automation.has_value()}};
  json["muted"] = own.is_muted || strip.mute.is_on;
  json["feeds"] = feeds_of(strip);
  json["vcas"] = std::move(vcas);
  json["inserts"] = inserts_of(strip);
  return json;
}

/// A stem's name without the ending of its file, as on a desk every character counts; with it, where another
/// stem differs by nothing else.
std::string stem_name(const Session& session, std::size_t track) {
  const auto bare = [](const Track& one) {
    return std::filesystem::path(one.name).replace_extension().string();
  };
  const std::string name = bare(session.tracks[track]);
  const auto same =
      std::ranges::count_if(session.tracks, [&](const Track& one) { return bare(one) == name; });
  return same > 1 || name.empty() ? session.tracks[track].name : name;
}

}  // namespace

std::string_view to_string(Stage stage) { return stage == Stage::trim ? "trim" : "fader"; }

bool StageInfo::can_move() const { return is_writable && std::isfinite(base_db); }

bool StageInfo::is_down() const { return can_move() && !std::isfinite(own_db); }

std::optional<std::size_t> StageTable::find(std::string_view id) const {
  const auto found = std::ranges::find(strips, id, &DeskStrip::id);
  if (found == strips.end()) return std::nullopt;
  return static_cast<std::size_t>(found - strips.begin());
}

std::optional<std::size_t> StageTable::strip_of_track(std::size_t track) const {
  const auto found = std::ranges::find(strips, std::optional(track), &DeskStrip::track);
  if (found == strips.end()) return std::nullopt;
  return static_cast<std::size_t>(found - strips.begin());
}

StageTable daw_stages(const Session& session, std::span<const std::size_t> unheard) {
  const SignalFlow& flow = *session.flow;
  const auto tracks = tracks_by_strip(session);
  StageTable table;
  table.flow_strips = flow.strips.size();
  table.master = flow.master;
  for (std::size_t s = 0; s < flow.strips.size(); ++s) {
    const Strip& strip = flow.strips[s];
    DeskStrip own;
    own.id = fmt::format("s{}", s);
    own.key = fmt::format("strip {}", strip.id);
    own.name = strip.name;
    own.kind = gainstage::to_string(strip.kind);
    own.index = s;
    own.track = tracks[s];
    own.is_heard = std::ranges::find(unheard, s) == unheard.end();
    own.trim = trim_of(strip, s);
    own.fader = stage_of(strip.fader, fader_of(flow, s));
    table.strips.push_back(std::move(own));
  }
  for (std::size_t v = 0; v < flow.vcas.size(); ++v) {
    DeskStrip own;
    own.id = fmt::format("v{}", v);
    own.key = fmt::format("vca {}", flow.vcas[v].id);
    own.name = flow.vcas[v].name;
    own.kind = "vca";
    own.index = v;
    own.is_vca = true;
    own.fader = stage_of(flow.vcas[v].gain, {StageKind::vca, v, 0});
    table.strips.push_back(std::move(own));
  }
  return table;
}

StageTable stem_stages(const Session& session) {
  const SignalFlow& flow = *session.flow;
  const auto tracks = tracks_by_strip(session);
  StageTable table;
  table.flow_strips = flow.strips.size();
  table.master = flow.master;
  for (std::size_t s = 0; s < flow.strips.size(); ++s) {
    DeskStrip own;
    own.id = fmt::format("s{}", s);
    own.key = fmt::format("{} {}", s == flow.master ? "master" : "stem", flow.strips[s].name);
    own.name = flow.strips[s].name;
    own.kind = gainstage::to_string(flow.strips[s].kind);
    own.index = s;
    own.track = tracks[s];
    if (own.track) {
      own.key = fmt::format("stem {}", session.tracks[*own.track].name);
      own.name = stem_name(session, *own.track);
      own.trim = StageInfo{.greatest_db = stem_trim_greatest_db};
    }
    own.fader = StageInfo{.greatest_db = s == flow.master ? stem_master_greatest_db : stem_fader_greatest_db};
    table.strips.push_back(std::move(own));
  }
  return table;
}

Json session_json(const StageTable& table, const Session& session, std::string_view kind,
                  const std::string& file) {
  Json strips = Json::array();
  for (const DeskStrip& strip : table.strips) strips.push_back(strip_json(strip, *session.flow));
  return {{"schema", "gainstage.desk/1"},
          {"name", session.name},
          {"kind", kind},
          {"file", file},
          {"sample_rate_hz", session.sample_rate_hz},
          {"channels", session.channels},
          {"duration_s", session.duration_s()},
          {"strips", std::move(strips)}};
}

}  // namespace gainstage::desk
