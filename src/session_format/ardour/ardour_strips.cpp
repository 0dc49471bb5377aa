// SPDX-License-Identifier: MIT
// Routes as strips: what each of their processors is in a signal flow.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "session/insert_kinds.h"
#include "session_format/ardour/ardour_automation.h"
#include "session_format/ardour/ardour_routing.h"
#include "session_format/ardour/reading.h"

namespace gainstage::ardour {
namespace {

bool has_flag(std::string_view flags, std::string_view flag) {
  while (!flags.empty()) {
    const std::size_t comma = flags.find(',');
    if (flags.substr(0, comma) == flag) return true;
    flags = comma == std::string_view::npos ? std::string_view() : flags.substr(comma + 1);
  }
  return false;
}

std::string_view type_of(pugi::xml_node processor) { return processor.attribute("type").value(); }

bool is_plugin(std::string_view type) {
  constexpr std::array types{"lv2",     "ladspa", "vst",     "windows-vst", "lxvst",
                             "mac-vst", "vst3",   "luaproc", "audiounit",   "port"};
  return std::ranges::find(types, type) != types.end();
}

/// Whether the mute acts at a place: before the fader, behind it, on the main outputs.
struct MutePoints {
  bool before_fader = false;
  bool after_fader = true;
  bool main = true;
};

/// What the parts of one strip are read with.
struct StripReading {
  Reading& reading;
  const std::vector<RouteNode>& routes;
  const std::unordered_map<std::string, std::size_t>& strip_by_id;
  const RouteNode& route;
  std::size_t index = 0;
  MutePoints mute_points;
  Mute mute;
  std::size_t width = 0;  ///< Channels at the processor that is looked at.
  bool is_after_fader = false;
  bool has_insert = false;

  Strip& strip() const { return reading.flow.strips[index]; }
  std::string whose(std::string_view what) const { return fmt::format("{} of '{}'", what, route.name); }
};

std::optional<RouteNode> route_node(Reading& reading, pugi::xml_node node) {
  RouteNode route{node, node.attribute("id").value(), node.attribute("name").value(), StripKind::bus, 0, 0};
  const pugi::xml_node presentation = node.child("PresentationInfo");
  const std::string_view flags =
      presentation ? presentation.attribute("flags").value() : node.attribute("flags").value();
  if (has_flag(flags, "MonitorOut") || has_flag(flags, "SurroundMaster")) {
    reading.note("monitor-section", "",
                 fmt::format("'{}' is beside the mix, so it is not read.", route.name));
    return std::nullopt;
  }
  if (has_flag(flags, "Auditioner") || has_flag(flags, "AuditionOut")) return std::nullopt;
  const bool is_track = has_flag(flags, "AudioTrack") || has_flag(flags, "MidiTrack") ||
                        node.child("Diskstream") || node.attribute("audio-playlist");
  if (has_flag(flags, "MasterOut")) {
    route.kind = StripKind::master;
  } else if (is_track) {
    route.kind = StripKind::track;
  }
  route.inputs = audio_ports(io_of(node, "Input"));
  route.outputs = audio_ports(io_of(node, "Output"));
  return route;
}

/// Position and width from a Pannable, by the law that goes with so many channels in and out.
Pan read_pan(StripReading& at, pugi::xml_node pannable, pugi::xml_node shell, std::size_t in,
             std::size_t out) {
  Reading& reading = at.reading;
  Pan pan;
  if (out < 2 || in == 0 || is_yes(shell.attribute("bypassed"))) return pan;
  if (in > 2 || out > 2) {
    reading.note("surround-pan", at.route.name,
                 fmt::format("The panner of '{}' has {} channels in and {} out; it is taken as straight.",
                             at.route.name, in, out));
    return pan;
  }
  std::string_view panner = shell.child("Panner").attribute("uri").value();
  if (panner.empty()) panner = shell.attribute("user-panner").value();
  const bool is_balance = in == 2 && panner != equal_power_panner &&
                          (panner == balance_panner || reading.version >= balance_version);
  pan.law = is_balance ? PanLaw::ardour_balance : PanLaw::ardour;

  const std::string what = at.whose("the pan");
  const double azimuth = std::clamp(
      reading.number(controllable(pannable, "pan-azimuth"), "value", 0.5, at.route.name, what), 0.0, 1.0);
  pan.position = 2.0 * azimuth - 1.0;
  const pugi::xml_node azimuths = automation_list(pannable, "pan-azimuth");
  if (is_playing(azimuths)) {
    pan.automation =
        read_automation(reading, azimuths, azimuth_limits, AutomationScale::value, at.route.name, what)
            .automation;
    for (AutomationPoint& point : pan.automation->points) point.value = 2.0 * point.value - 1.0;
  }
  if (in != 2 || is_balance) return pan;
  double width = reading.number(controllable(pannable, "pan-width"), "value", 1.0, at.route.name, what);
  const pugi::xml_node widths = automation_list(pannable, "pan-width");
  if (is_playing(widths)) {
    const auto curve =
        read_automation(reading, widths, width_limits, AutomationScale::value, at.route.name, what)
            .automation;
    width = curve.points.front().value;
    if (std::ranges::any_of(curve.points, [&](const auto& point) { return point.value != width; })) {
      reading.note(
          "width-automation", at.route.name,
          fmt::format("The width of the pan of '{}' moves; it is taken as it begins.", at.route.name));
    }
  } else {
    // Within the place that the position leaves.
    const double room = 2.0 * std::min(azimuth, 1.0 - azimuth);
    width = std::clamp(width, -room, room);
  }
  pan.width = std::clamp(width, -1.0, 1.0);
  return pan;
}

/// Switches the mute off wherever it stands in the bytes; nothing where one of the places can't be written.
std::vector<XmlEdit> unmuting(const XmlText& xml, pugi::xml_node master, pugi::xml_node control) {
  std::vector<XmlEdit> edits;
  for (const auto& [node, name] : {std::pair(master, "muted"), std::pair(control, "value")}) {
    if (!is_yes(node.attribute(name))) continue;
    const auto where = xml.attribute_value(node, name);
    if (!where) return {};
    const bool is_number = std::string_view(node.attribute(name).value()) == "1";
    edits.push_back({*where, is_number ? "0" : "no"});
  }
  return edits;
}

void read_mute(StripReading& at) {
  const pugi::xml_node node = at.route.node;
  const pugi::xml_node master = node.child("MuteMaster");
  const std::string_view points = master.attribute("mute-point").as_string("PostFader,Listen,Main");
  at.mute_points = {has_flag(points, "PreFader"), has_flag(points, "PostFader"), has_flag(points, "Main")};
  const pugi::xml_node control = controllable(node, "mute");
  at.mute.is_on = is_yes(master.attribute("muted") ? master.attribute("muted") : control.attribute("value"));
  if (const pugi::xml_node list = automation_list(node, "mute"); is_playing(list)) {
    at.mute.automation = smoothed(read_automation(at.reading, list, mute_limits, AutomationScale::value,
                                                  at.route.name, at.whose("the mute"))
                                      .automation);
  }
  // An inactive route is silent; so is what is sent from it.
  const bool is_active = is_yes(node.attribute("active"), true);
  if (!is_active) {
    at.mute = {true, {}};
    at.mute_points = {true, true, true};
    at.reading.note("inactive-route", at.route.name,
                    fmt::format("'{}' is not active: it is silent.", at.route.name));
  }
  if (at.mute_points.main) at.strip().mute = at.mute;
  if (!at.strip().mute.is_on || at.mute.automation || !is_active) return;
  if (auto edits = unmuting(at.reading.xml, master, control); !edits.empty())
    at.reading.mutes[at.index] = std::move(edits);
}

void read_solo(StripReading& at) {
  const pugi::xml_node solo = controllable(at.route.node, "solo");
  at.strip().is_soloed =
      is_yes(solo.attribute("self-solo") ? solo.attribute("self-solo") : solo.attribute("value"));
  const pugi::xml_node isolate = controllable(at.route.node, "solo-iso");
  at.strip().is_solo_safe =
      is_yes(isolate ? isolate.attribute("solo-isolated") : at.route.node.attribute("solo-isolated"));
}

void read_polarity(StripReading& at) {
  const std::string_view bits = controllable(at.route.node, "phase").attribute("phase-invert").value();
  if (bits.find('1') == std::string_view::npos) return;
  auto& inverted = at.strip().is_inverted;
  inverted.assign(at.strip().channels, false);
  // The last bit is the first channel's.
  for (std::size_t i = 0; i < std::min(bits.size(), inverted.size()); ++i) {
    inverted[i] = bits[bits.size() - 1 - i] == '1';
  }
}

void read_insert(StripReading& at, pugi::xml_node processor, std::string_view type) {
  Insert insert;
  insert.name = processor.attribute("name").value();
  insert.identifier =
      type == "port" ? "hardware" : fmt::format("{}:{}", type, processor.attribute("unique-id").value());
  insert.is_enabled = is_yes(processor.attribute("active"), true);
  insert.is_after_fader = at.is_after_fader;
  insert.kind = insert_kind(insert.name, insert.identifier);
  at.has_insert = at.has_insert || (insert.is_enabled && !at.is_after_fader);
  for (const pugi::xml_node channels : processor.child("ConfiguredOutput").children("Channels")) {
    if (std::string_view(channels.attribute("type").value()) != "audio") continue;
    at.width = static_cast<std::size_t>(
        std::clamp(to_number(channels.attribute("count").value()).value_or(2.0), 0.0, 1024.0));
  }
  at.strip().inserts.push_back(std::move(insert));
}

void add_send(StripReading& at, pugi::xml_node processor, std::size_t to) {
  Strip& strip = at.strip();
  Send send;
  send.name = processor.attribute("name").value();
  send.to = to;
  send.tap = at.is_after_fader ? Send::Tap::after_fader
             : at.has_insert   ? Send::Tap::before_fader
                               : Send::Tap::before_inserts;
  send.gain =
      read_gain(at.reading, controllable(processor, "gaincontrol"), automation_list(processor, "send"),
                {{StageKind::send, at.index, strip.sends.size()},
                 fader_limits,
                 at.route.name,
                 fmt::format("the send '{}' of '{}'", send.name, at.route.name)});
  const pugi::xml_node shell = processor.child("PannerShell");
  const bool is_linked = is_yes(shell.attribute("linked-to-route"), true);
  const pugi::xml_node own = processor.child("Pannable");
  send.pan = read_pan(at, is_linked || !own ? at.route.node.child("Pannable") : own, shell, at.width,
                      at.routes[to].inputs);
  send.is_enabled = is_yes(processor.attribute("active"), true);
  send.is_inverted = is_yes(controllable(processor, "polarity-invert").attribute("value"));
  const bool is_muted_here = at.is_after_fader ? at.mute_points.after_fader : at.mute_points.before_fader;
  send.is_heard_when_muted = !is_muted_here;
  if (is_muted_here && !at.mute_points.main) send.mute = at.mute;
  strip.sends.push_back(std::move(send));
}

void read_internal_send(StripReading& at, pugi::xml_node processor) {
  const std::string_view role = processor.attribute("role").as_string("Aux");
  if (role == "Listen") return;  // To the monitor section.
  const auto target = at.strip_by_id.find(processor.attribute("target").value());
  if (target == at.strip_by_id.end()) {
    at.reading.note(
        "unknown-send-target", at.route.name,
        fmt::format("The send '{}' of '{}' goes to a route that the session does not hold; it is left "
                    "out.",
                    processor.attribute("name").value(), at.route.name));
    return;
  }
  add_send(at, processor, target->second);
}

void read_external_send(StripReading& at, pugi::xml_node processor, const Routing& routing) {
  bool is_heard = false;
  for (const Output& output : routing.outputs_of(at.reading, io_of(processor, "Output"), at.route.name)) {
    if (!output.to) continue;
    add_send(at, processor, *output.to);
    is_heard = true;
  }
  if (is_heard) return;
  at.reading.note("external-send", at.route.name,
                  fmt::format("The send '{}' of '{}' leaves the session; it is not played.",
                              processor.attribute("name").value(), at.route.name));
}

/// Clips in the slots of a track play when they are triggered, not by the time line.
void read_triggers(StripReading& at, pugi::xml_node box) {
  for (const pugi::xml_node trigger : box.child("Triggers").children("Trigger")) {
    if (!trigger.attribute("region")) continue;
    at.strip().has_unread_content = true;
    at.reading.note("trigger-clips", at.route.name,
                    fmt::format("'{}' has clips in trigger slots, which are not played.", at.route.name));
    return;
  }
}

/// The processors that sound passes: those behind the place where a track's disk comes in.
std::vector<pugi::xml_node> heard_processors(StripReading& at) {
  std::vector<pugi::xml_node> heard;
  for (const pugi::xml_node processor : at.route.node.children("Processor")) {
    if (type_of(processor) == "diskreader") {
      const bool has_gain = std::ranges::any_of(
          heard, [](const auto& node) { return type_of(node) == "amp" || type_of(node) == "trim"; });
      if (has_gain) {
        at.reading.note("disk-after-fader", at.route.name,
                        fmt::format("'{}' plays its regions behind its trim or fader, which do nothing then.",
                                    at.route.name));
      }
      heard.clear();
    }
    heard.push_back(processor);
  }
  return heard;
}

/// The gain behind the master's fader that Ardour's loudness analysis sets. A preference of the program, not
/// of the session, decides whether it is there; Ardour writes other values than 1 only where it is.
void read_master_volume(StripReading& at) {
  const pugi::xml_node volume = controllable(at.route.node, "mastervolume");
  const double ratio = at.reading.number(volume, "value", 1.0, at.route.name, "The master volume");
  if (ratio < 0.0) {
    at.reading.refuse(volume, at.route.name,
                      fmt::format("The master volume is {:g}; expected a ratio from 0 up.", ratio));
  }
  if (ratio == 1.0) return;
  if (!at.strip().second_fader) at.strip().second_fader = GainControl{};
  at.strip().second_fader->ratio *= ratio;
  at.reading.note(
      "master-volume", at.route.name,
      "The session has a master volume; Ardour plays it where its preference use-master-volume is on.");
}

void read_processors(StripReading& at, const Routing& routing) {
  Strip& strip = at.strip();
  const pugi::xml_node node = at.route.node;
  pugi::xml_node shell;
  for (const pugi::xml_node processor : heard_processors(at)) {
    const std::string_view type = type_of(processor);
    if (type == "trim") {
      strip.trim =
          read_gain(at.reading, controllable(processor, "trimcontrol"), automation_list(processor, "trim"),
                    {{StageKind::trim, at.index, 0}, trim_limits, strip.name, at.whose("the trim")});
    } else if (type == "amp") {
      const StageKind kind = strip.kind == StripKind::master ? StageKind::master : StageKind::fader;
      strip.fader =
          read_gain(at.reading, controllable(processor, "gaincontrol"), automation_list(processor, "gain"),
                    {{kind, at.index, 0}, fader_limits, strip.name, at.whose("the fader")});
      follow_vcas(at.reading, strip, vca_links(at.reading, node, controllable(processor, "gaincontrol")));
      at.is_after_fader = true;
    } else if (type == "intsend") {
      read_internal_send(at, processor);
    } else if (type == "send") {
      read_external_send(at, processor, routing);
    } else if (type == "main-outs") {
      shell = processor.child("PannerShell");
    } else if (is_plugin(type)) {
      read_insert(at, processor, type);
    } else if (type == "triggerbox") {
      read_triggers(at, processor);
    } else if (type == "return") {
      strip.has_unread_content = true;
      at.reading.note("external-return", strip.name,
                      fmt::format("'{}' takes in sound from outside the session.", strip.name));
    }
  }
  strip.channels = std::max<std::size_t>(1, at.width);  // A route of MIDI alone has no sound.
  if (strip.kind == StripKind::master) read_master_volume(at);
  strip.pan = read_pan(at, node.child("Pannable"), shell, at.width, at.route.outputs);
}

/// Isolation goes on to what an isolated route feeds.
void hand_on_isolation(SignalFlow& flow) {
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < flow.strips.size(); ++i) {
    if (flow.strips[i].is_solo_safe) open.push_back(i);
  }
  while (!open.empty()) {
    const std::size_t from = open.back();
    open.pop_back();
    const auto reach = [&](std::size_t to) {
      if (flow.strips[to].is_solo_safe) return;
      flow.strips[to].is_solo_safe = true;
      open.push_back(to);
    };
    for (const Output& output : flow.strips[from].outputs) {
      if (output.to) reach(*output.to);
    }
    for (const Send& send : flow.strips[from].sends) reach(send.to);
  }
}

}  // namespace

void read_strips(Reading& reading) {
  std::vector<RouteNode> routes;
  std::unordered_map<std::string, std::size_t> strip_by_id;
  std::size_t masters = 0;
  for (const pugi::xml_node node : reading.xml.root().child("Routes").children("Route")) {
    auto route = route_node(reading, node);
    if (!route) continue;
    if (routes.size() == most_strips) {
      reading.refuse(node, "", fmt::format("The session has more than {} routes.", most_strips));
      return;
    }
    if (!strip_by_id.try_emplace(route->id, routes.size()).second) {
      reading.refuse(node, route->name,
                     fmt::format("Two routes have the id '{}'; expected one each.", route->id));
      return;
    }
    if (route->kind == StripKind::master) {
      reading.flow.master = routes.size();
      ++masters;
    }
    Strip strip;
    strip.id = route->id;
    strip.name = route->name;
    strip.kind = route->kind;
    reading.flow.strips.push_back(std::move(strip));
    routes.push_back(std::move(*route));
  }
  if (masters != 1) {
    reading.refuse(
        reading.xml.root(), "",
        fmt::format("The session has {} master buses; expected one, through which it is exported.", masters));
    return;
  }
  const Routing routing(routes);
  for (std::size_t i = 0; i < routes.size() && !reading.problem; ++i) {
    const bool is_midi = std::string_view(routes[i].node.attribute("default-type").value()) == "midi";
    StripReading at{reading, routes, strip_by_id, routes[i], i, {}, {}, routes[i].inputs};
    if (is_midi || at.width == 0) at.width = routes[i].outputs;
    Strip& strip = at.strip();
    strip.channels = at.width;
    read_mute(at);
    read_solo(at);
    read_polarity(at);
    if (strip.kind == StripKind::track) read_clips(reading, routes[i].node, i);
    if (is_midi && strip.kind == StripKind::track && !strip.has_unread_content) {
      strip.has_unread_content =
          routes[i].node.attribute("midi-playlist") || routes[i].node.child("Diskstream");
    }
    read_processors(at, routing);
    strip.outputs = routing.outputs_of(reading, io_of(routes[i].node, "Output"), strip.name);
  }
  hand_on_isolation(reading.flow);
}

}  // namespace gainstage::ardour
