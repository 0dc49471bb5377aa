// SPDX-License-Identifier: MIT
#include "session_format/dawproject/structure_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <string_view>

namespace gainstage::dawproject {
namespace {

constexpr double most_channels = 64.0;
constexpr std::size_t most_strips = 10'000;

std::string text(pugi::xml_node element, const char* name) { return element.attribute(name).value(); }

// Old drafts of the format say "bus" for what is called submix now.
enum class Role { regular, master, effect, submix, vca };

Role role_of(ProjectReading& reading, pugi::xml_node channel, const std::string& strip) {
  const std::string name = text(channel, "role");
  if (name.empty() || name == "regular") return Role::regular;
  if (name == "master") return Role::master;
  if (name == "effect") return Role::effect;
  if (name == "submix" || name == "bus") return Role::submix;
  if (name == "vca") return Role::vca;
  reading.note("mixer-role", strip,
               fmt::format("The role '{}' is not known; the channel is taken as regular.", name));
  return Role::regular;
}

// -1 .. 1 of a pan's value. `normalized` is 0 .. 1 and `percent` 0 .. 100 by the format's reference; anything
// else runs from min to max, and from -1 to 1 where they are not stated.
struct PanRange {
  double least = -1.0;
  double greatest = 1.0;
  double position(double value) const { return 2.0 * (value - least) / (greatest - least) - 1.0; }
};

class StructureReader {
 public:
  StructureReader(ProjectReading& reading, AutomationIndex& automation, SignalFlow& flow, GainPlaces& places,
                  MutePlaces& mutes)
      : reading_(reading), automation_(automation), flow_(flow), places_(places), mutes_(mutes) {}

  StripsById read() {
    collect(reading_.root().child("Structure"), std::nullopt);
    if (!reading_.is_refused()) choose_master();
    for (std::size_t i = 0; i < rows_.size() && !reading_.is_refused(); ++i) read_channel(i);
    return std::move(strips_);
  }

 private:
  /// What a strip is read from; beside flow_.strips.
  struct Row {
    pugi::xml_node channel;            ///< None: a track without one, or a master that is not stated.
    std::optional<std::size_t> group;  ///< The strip around it.
    Role role = Role::regular;
    bool is_group = false;
    bool is_active = true;
  };

  // The depth of the XML is bounded, so this may recurse.
  void collect(pugi::xml_node parent, std::optional<std::size_t> group) {
    for (const pugi::xml_node node : parent.children()) {
      const std::string_view name = node.name();
      if (name != "Track" && name != "Channel") continue;
      if (flow_.strips.size() + flow_.vcas.size() >= most_strips) {
        reading_.refuse(node, fmt::format("The session has more than {} tracks.", most_strips));
      }
      if (reading_.is_refused()) return;
      if (name == "Channel") {
        if (std::string_view(parent.name()) == "Structure") add(pugi::xml_node(), node, group);
        continue;
      }
      const pugi::xml_node channel = node.child("Channel");
      const bool is_folder_alone = !channel && node.child("Track");
      collect(node, is_folder_alone ? group : add(node, channel, group));
    }
  }

  std::optional<std::size_t> add(pugi::xml_node track, pugi::xml_node channel,
                                 std::optional<std::size_t> group) {
    std::string name = text(track, "name");
    if (name.empty()) name = text(channel, "name");
    const Role role = role_of(reading_, channel, name);
    if (role == Role::vca) {
      add_vca(track, channel, name);
      return group;
    }
    const std::size_t index = flow_.strips.size();
    Strip strip;
    strip.name = std::move(name);
    strip.id = unused_id(text(channel, "id"), text(track, "id"));
    const bool is_group =
        track.child("Track") || text(track, "contentType").find("tracks") != std::string::npos;
    strip.kind = is_group                                       ? StripKind::folder
                 : role == Role::effect || role == Role::submix ? StripKind::bus
                                                                : StripKind::track;
    flow_.strips.push_back(std::move(strip));
    rows_.push_back({channel, group, role, is_group, reading_.boolean(track, "loaded", true)});
    for (const pugi::xml_node element : {track, channel}) {
      if (element.attribute("id")) strips_.emplace(text(element, "id"), index);
    }
    return index;
  }

  std::string unused_id(std::string wanted, std::string otherwise) {
    if (wanted.empty()) wanted = std::move(otherwise);
    if (wanted.empty()) wanted = fmt::format("strip-{}", flow_.strips.size() + 1);
    std::string id = wanted;
    while (!used_ids_.insert(id).second) id = fmt::format("{}-{}", wanted, ++ids_made_);
    return id;
  }

  void add_vca(pugi::xml_node track, pugi::xml_node channel, const std::string& name) {
    Vca vca{.id = unused_id(text(channel, "id"), text(track, "id")), .name = name};
    GainPlace unused;
    vca.gain = level(channel.child("Volume"), fmt::format("the VCA '{}'", name), name, unused);
    vca.gain.writable.reset();
    vca.is_muted = reading_.boolean(channel.child("Mute"), "value", false);
    vca.is_soloed = reading_.boolean(channel, "solo", false);
    flow_.vcas.push_back(std::move(vca));
    reading_.note(
        "vca-members", name,
        fmt::format("DAWproject does not say which tracks follow the VCA '{}'; none is taken to, and it is "
                    "not moved.",
                    name));
  }

  // Bitwig gives the role "master" to the channels of its groups too: the master is the one that goes nowhere
  // and has no tracks within.
  void choose_master() {
    std::optional<std::size_t> chosen;
    int best = 0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (rows_[i].role != Role::master) continue;
      const bool goes_nowhere = !rows_[i].channel.attribute("destination");
      const int rank = 1 + (goes_nowhere ? 4 : 0) + (rows_[i].is_group ? 0 : 2) + (rows_[i].group ? 0 : 1);
      if (rank > best) chosen = i;
      best = std::max(best, rank);
    }
    if (!chosen) {
      chosen = flow_.strips.size();
      flow_.strips.push_back({.id = unused_id("master", ""), .name = "Master"});
      rows_.push_back({});
      reading_.note("no-master", "",
                    "No channel has the role master; all that goes nowhere else is added up.");
    }
    flow_.master = *chosen;
    flow_.strips[*chosen].kind = StripKind::master;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (i != *chosen && rows_[i].role == Role::master && !rows_[i].is_group)
        flow_.strips[i].kind = StripKind::bus;
    }
  }

  void read_channel(std::size_t index) {
    const pugi::xml_node channel = rows_[index].channel;
    Strip& strip = flow_.strips[index];
    const std::string name = fmt::format("'{}'", strip.name);
    const double channels = reading_.number(channel, "audioChannels", 2.0);
    if (channels < 0.0 || channels > most_channels || channels != std::floor(channels)) {
      reading_.refuse(channel, fmt::format("{} has {} channels; 1 to 64 are expected.", name, channels));
      return;
    }
    if (channels == 0.0) {
      reading_.note("audio-channels", strip.name, fmt::format("{} states no channels; two are taken.", name));
    }
    strip.channels = channels == 0.0 ? 2 : static_cast<std::size_t>(channels);
    for (const pugi::xml_node device : channel.child("Devices").children())
      strip.inserts.push_back(insert(device));
    strip.mute = mute(channel.child("Mute"), "the mute of " + name, strip.name);
    if (!rows_[index].is_active) {
      strip.mute = {.is_on = true, .automation = {}};
      reading_.note("inactive-track", strip.name,
                    fmt::format("{} is switched off in the session, and so muted.", name));
    } else if (strip.mute.is_on && !strip.mute.automation) {
      mutes_[index] = channel.child("Mute");
    }
    strip.pan = pan(channel.child("Pan"), "the pan of " + name, strip.name);
    GainPlace place;
    strip.fader = level(channel.child("Volume"), "the fader of " + name, strip.name, place);
    if (strip.fader.writable) places_[{StageKind::fader, index, 0}] = std::move(place);
    strip.is_soloed = reading_.boolean(channel, "solo", false);
    for (const pugi::xml_node element : channel.child("Sends").children("Send")) {
      add_send(index, element);
      if (reading_.is_refused()) return;
    }
    strip.outputs.push_back(output(index));
  }

  GainControl level(pugi::xml_node parameter, const std::string& what, const std::string& strip,
                    GainPlace& place) {
    GainControl control;
    if (!parameter) return control;
    const LevelUnit unit = reading_.level_unit(parameter, std::nullopt);
    if (unit == LevelUnit::normalized || unit == LevelUnit::percent) {
      reading_.note(
          "level-unit", strip,
          fmt::format("The level of {} is stated as {}, which has no law; it is taken as amplitude.", what,
                      text(parameter, "unit")));
    }
    place.greatest_ratio = parameter.attribute("max") ? reading_.ratio(parameter, "max", unit, what)
                                                      : greatest_ratio_without_max(unit);
    if (parameter.attribute("value")) {
      control.ratio = reading_.ratio(parameter, "value", unit, what);
      place.values.push_back({parameter, unit, parse_number(text(parameter, "value")).value_or(0.0)});
    }
    const std::string id = text(parameter, "id");
    control.automation = automation_.levels(id, unit, what, strip);
    for (const pugi::xml_node points : automation_.all(id)) {
      const LevelUnit points_unit = reading_.level_unit(points, unit);
      for (const pugi::xml_node point : points.children("RealPoint")) {
        reading_.ratio(point, "value", points_unit, what);
        place.values.push_back({point, points_unit, parse_number(text(point, "value")).value_or(0.0)});
      }
    }
    // What is there already can stay, even over what is stated.
    place.greatest_ratio = std::max(place.greatest_ratio, place.present_ratio());
    if (!place.values.empty()) control.writable = GainControl::Range{place.greatest_ratio};
    return control;
  }

  Mute mute(pugi::xml_node parameter, const std::string& what, const std::string& strip) {
    return {.is_on = reading_.boolean(parameter, "value", false),
            .automation = automation_.switches(text(parameter, "id"), what, strip)};
  }

  Pan pan(pugi::xml_node parameter, const std::string& what, const std::string& strip) {
    Pan pan{.law = PanLaw::dawproject};
    if (!parameter) return pan;
    const std::string unit = text(parameter, "unit");
    PanRange range;
    if (unit == "normalized") range = {0.0, 1.0};
    if (unit == "percent") range = {0.0, 100.0};
    range.least = reading_.number(parameter, "min", range.least);
    range.greatest = reading_.number(parameter, "max", range.greatest);
    if (!(range.greatest > range.least)) {
      reading_.refuse(parameter, fmt::format("{} runs from {} to {}; min has to be under max.", what,
                                             range.least, range.greatest));
      return pan;
    }
    const auto position = [&](double value) {
      const double found = range.position(value);
      if (!(found >= -1.0 && found <= 1.0)) {
        reading_.note("pan-range", strip,
                      fmt::format("{} lies beyond its range; it is taken to its end.", what));
      }
      return std::clamp(found, -1.0, 1.0);
    };
    if (parameter.attribute("value")) pan.position = position(reading_.number(parameter, "value", 0.0));
    pan.automation = automation_.positions(text(parameter, "id"), what, strip, position);
    return pan;
  }

  Insert insert(pugi::xml_node device) {
    const std::string_view element = device.name();
    Insert insert;
    insert.name = text(device, "deviceName");
    if (insert.name.empty()) insert.name = text(device, "name");
    if (insert.name.empty()) insert.name = element;
    const std::string id = text(device, "deviceID");
    const auto format = element == "Vst2Plugin"   ? "vst2"
                        : element == "Vst3Plugin" ? "vst3"
                        : element == "ClapPlugin" ? "clap"
                        : element == "AuPlugin"   ? "au"
                                                  : "builtin";
    insert.identifier = fmt::format("{}:{}", format, id.empty() ? insert.name : id);
    insert.is_enabled =
        reading_.boolean(device, "loaded", true) && reading_.boolean(device.child("Enabled"), "value", true);
    const std::string role = text(device, "deviceRole");
    if (element == "Equalizer" || role == "analyzer" || role == "noteFX") insert.kind = Insert::Kind::linear;
    if (element == "Compressor" || element == "NoiseGate" || element == "Limiter") {
      insert.kind = Insert::Kind::non_linear;
    }
    return insert;
  }

  // The strip that an id stands for: of a Channel, or of the Track around it.
  std::optional<std::size_t> strip_of(pugi::xml_node element, const std::string& id,
                                      const std::string& what) {
    const pugi::xml_node target = reading_.find(id, what);
    if (!target) return std::nullopt;
    const auto found = strips_.find(id);
    if (found == strips_.end()) {
      reading_.refuse(element, fmt::format("{} refers to \"{}\", an element {}; a channel is expected.", what,
                                           id, target.name()));
      return std::nullopt;
    }
    return found->second;
  }

  void add_send(std::size_t index, pugi::xml_node element) {
    Strip& strip = flow_.strips[index];
    const std::string what = fmt::format("a send of '{}'", strip.name);
    const std::string id = text(element, "destination");
    if (id.empty()) {
      reading_.note("send-destination", strip.name, fmt::format("{} goes nowhere; it is left out.", what));
      return;
    }
    const auto to = strip_of(element, id, what);
    if (!to) return;
    Send send{.name = text(element, "name"), .to = *to};
    if (send.name.empty()) send.name = flow_.strips[*to].name;
    const std::string type = text(element, "type");
    // The format says "post fader" and no more. Where a send has no pan of its own, fader and pan are one
    // stage, as in Bitwig's mixer; where it has one, it is not panned twice.
    send.tap = type == "pre"          ? Send::Tap::before_fader
               : element.child("Pan") ? Send::Tap::after_fader
                                      : Send::Tap::after_pan;
    if (!type.empty() && type != "pre" && type != "post") {
      reading_.note("send-type", strip.name,
                    fmt::format("The type '{}' of {} is taken as post.", type, what));
    }
    const pugi::xml_node enable = element.child("Enable");
    send.is_enabled = reading_.boolean(enable, "value", true);
    if (auto moves = automation_.switches(text(enable, "id"), what, strip.name)) {
      // On and off by itself: always there, muted when off.
      send.mute.is_on = !send.is_enabled;
      send.is_enabled = true;
      for (AutomationPoint& point : moves->points) point.value = 1.0 - point.value;
      send.mute.automation = std::move(moves);
    }
    // Bitwig writes one for every effect track, switched off. It carries nothing, and is no way round.
    if (*to == index && !send.is_enabled) return;
    GainPlace place;
    send.gain = level(element.child("Volume"), what, strip.name, place);
    if (element.child("Pan")) send.pan = pan(element.child("Pan"), "the pan of " + what, strip.name);
    if (send.gain.writable) places_[{StageKind::send, index, strip.sends.size()}] = std::move(place);
    strip.sends.push_back(std::move(send));
  }

  Output output(std::size_t index) {
    const Row& row = rows_[index];
    const std::string& name = flow_.strips[index].name;
    const std::string id = text(row.channel, "destination");
    if (!id.empty()) return going_to(strip_of(row.channel, id, fmt::format("the output of '{}'", name)));
    if (index == flow_.master) {
      Output out;
      out.hardware = "Master";
      return out;
    }
    if (row.channel) {
      reading_.note(
          "no-destination", "",
          fmt::format("'{}', and maybe others, state no destination; they are taken to go to their group, "
                      "else to the master.",
                      name));
    }
    return going_to(row.group.value_or(flow_.master));
  }

  static Output going_to(std::optional<std::size_t> strip) {
    Output out;
    out.to = strip;
    return out;
  }

  ProjectReading& reading_;
  AutomationIndex& automation_;
  SignalFlow& flow_;
  GainPlaces& places_;
  MutePlaces& mutes_;
  std::vector<Row> rows_;
  StripsById strips_;
  std::set<std::string> used_ids_;
  std::size_t ids_made_ = 1;
};

}  // namespace

StripsById read_structure(ProjectReading& reading, AutomationIndex& automation, SignalFlow& flow,
                          GainPlaces& places, MutePlaces& mutes) {
  return StructureReader(reading, automation, flow, places, mutes).read();
}

}  // namespace gainstage::dawproject
