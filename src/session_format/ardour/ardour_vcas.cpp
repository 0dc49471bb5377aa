// SPDX-License-Identifier: MIT
// VCAs, and groups of routes.
#include <fmt/format.h>

#include <cmath>
#include <string_view>

#include "session_format/ardour/reading.h"

namespace gainstage::ardour {
namespace {

bool is_same_ratio(double a, double b) { return std::abs(a - b) <= 1e-6 * std::max(a, b); }

/// Ardour keeps the VCA's value at the time of assigning for each that follows; a SignalFlow has one a VCA.
/// The first one met is taken, and the others get what is between.
class Bases {
 public:
  explicit Bases(Reading& reading) : flow_(reading.flow), is_known_(reading.is_base_known) {
    is_known_.resize(flow_.vcas.size());
  }

  /// What a follower's gain must be multiplied by, so that it may use the VCA's own base.
  double correction(const VcaLink& link) {
    Vca& vca = flow_.vcas[link.vca];
    if (!is_known_[link.vca]) {
      is_known_[link.vca] = true;
      vca.base_ratio = link.base_ratio;
    }
    return is_same_ratio(vca.base_ratio, link.base_ratio) ? 1.0 : vca.base_ratio / link.base_ratio;
  }

 private:
  SignalFlow& flow_;
  std::vector<bool>& is_known_;
};

}  // namespace

std::vector<VcaLink> vca_links(Reading& reading, pugi::xml_node follower, pugi::xml_node gain_control) {
  std::vector<VcaLink> links;
  for (const pugi::xml_node master : follower.child("Slavable").children("Master")) {
    const auto vca = reading.vca_by_number.find(master.attribute("number").value());
    if (vca == reading.vca_by_number.end()) {
      reading.note("unknown-vca", follower.attribute("name").value(),
                   fmt::format("'{}' follows VCA {}, which the session does not hold; it follows none.",
                               follower.attribute("name").value(), master.attribute("number").value()));
      continue;
    }
    VcaLink link{vca->second, 1.0};
    for (const pugi::xml_node record : gain_control.child("masters").children("master")) {
      if (reading.vca_gain_ids[link.vca] != record.attribute("id").value()) continue;
      link.base_ratio = reading.number(record, "val-master", 1.0, follower.attribute("name").value(),
                                       "The value of a VCA when it was assigned");
      if (link.base_ratio <= 0.0) {
        reading.refuse(record, follower.attribute("name").value(),
                       fmt::format("'{}' was assigned to a VCA at {:g}; expected a ratio above 0. Assign it "
                                   "again in Ardour, with the VCA up.",
                                   follower.attribute("name").value(), link.base_ratio));
        link.base_ratio = 1.0;
      }
    }
    links.push_back(link);
  }
  return links;
}

void follow_vcas(Reading& reading, Strip& strip, const std::vector<VcaLink>& links) {
  Bases bases(reading);
  for (const VcaLink& link : links) {
    strip.vcas.push_back(link.vca);
    const double correction = bases.correction(link);
    if (correction == 1.0) continue;
    if (!strip.second_fader) strip.second_fader = GainControl{};
    strip.second_fader->ratio *= correction;
  }
}

void read_vcas(Reading& reading) {
  std::vector<pugi::xml_node> nodes;
  for (const pugi::xml_node node : reading.xml.root().child("VCAManager").children("VCA")) {
    if (nodes.size() == most_strips) {
      reading.refuse(node, "", fmt::format("The session has more than {} VCAs.", most_strips));
      return;
    }
    const std::string name = node.attribute("name").value();
    const pugi::xml_node control = controllable(node, "gaincontrol");
    Vca vca;
    vca.id = node.attribute("number").value();
    vca.name = name;
    vca.gain =
        read_gain(reading, control, automation_list(node, "gain"),
                  {{StageKind::vca, nodes.size(), 0}, fader_limits, name, fmt::format("VCA '{}'", name)});
    vca.is_muted = is_yes(controllable(node, "mute").attribute("value"));
    const pugi::xml_node solo = controllable(node, "solo");
    vca.is_soloed =
        is_yes(solo.attribute("self-solo") ? solo.attribute("self-solo") : solo.attribute("value"));
    reading.vca_by_number.try_emplace(vca.id, nodes.size());
    reading.vca_gain_ids.emplace_back(control.attribute("id").value());
    reading.flow.vcas.push_back(std::move(vca));
    nodes.push_back(node);
  }
  Bases bases(reading);
  reading.vca_correction.resize(nodes.size(), 1.0);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (const VcaLink& link : vca_links(reading, nodes[i], controllable(nodes[i], "gaincontrol"))) {
      reading.flow.vcas[i].vcas.push_back(link.vca);
      reading.vca_correction[i] *= bases.correction(link);
    }
  }
}

void finish_vcas(Reading& reading) {
  for (std::size_t i = 0; i < reading.flow.vcas.size(); ++i) {
    reading.flow.vcas[i].base_ratio /= reading.vca_correction[i];
  }
}

void read_groups(Reading& reading) {
  for (const pugi::xml_node node : reading.xml.root().child("RouteGroups").children("RouteGroup")) {
    const std::string_view name = node.attribute("name").value();
    if (!is_yes(node.attribute("active"), true) || !is_yes(node.attribute("gain"), true)) continue;
    reading.note(
        "route-group", "",
        fmt::format("The group '{}' moves its faders together in Ardour; they are read and written one "
                    "by one.",
                    name));
  }
}

}  // namespace gainstage::ardour
