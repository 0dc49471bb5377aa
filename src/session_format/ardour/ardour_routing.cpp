// SPDX-License-Identifier: MIT
#include "session_format/ardour/ardour_routing.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

namespace gainstage::ardour {
namespace {

bool is_audio(pugi::xml_node port) {
  return std::string_view(port.attribute("type").as_string("audio")) == "audio";
}

/// Without the name of the program, which old versions write before the port's.
std::string port_name(pugi::xml_attribute attribute) {
  std::string name = attribute.value();
  constexpr std::string_view own = "ardour:";
  return name.starts_with(own) ? name.substr(own.size()) : name;
}

/// The channel of the destination for each port, or absent where one port goes to several or to none.
std::optional<std::vector<std::size_t>> one_each(const std::vector<std::vector<std::size_t>>& by_port) {
  std::vector<std::size_t> channels;
  for (const auto& port : by_port) {
    if (port.size() != 1) return std::nullopt;
    channels.push_back(port[0]);
  }
  return channels;
}

bool is_straight(const std::vector<std::size_t>& channels, std::size_t width) {
  for (std::size_t i = 0; i < channels.size(); ++i) {
    if (channels[i] != i) return false;
  }
  return channels.size() > 1 || width <= 1;
}

}  // namespace

pugi::xml_node io_of(pugi::xml_node parent, const char* direction) {
  for (const pugi::xml_node io : parent.children("IO")) {
    if (std::string_view(io.attribute("direction").value()) == direction) return io;
  }
  return {};
}

std::size_t audio_ports(pugi::xml_node io) {
  std::size_t count = 0;
  for (const pugi::xml_node port : io.children("Port")) count += is_audio(port) ? 1 : 0;
  return count;
}

Routing::Routing(const std::vector<RouteNode>& routes) {
  for (std::size_t strip = 0; strip < routes.size(); ++strip) {
    std::size_t channel = 0;
    for (const pugi::xml_node port : io_of(routes[strip].node, "Input").children("Port")) {
      if (!is_audio(port)) continue;
      const std::string name = port_name(port.attribute("name"));
      inputs_.try_emplace(name, InputPort{strip, channel++});
      for (const pugi::xml_node connection : port.children("Connection")) {
        seen_from_inputs_[port_name(connection.attribute("other"))].push_back(name);
      }
    }
    widths_.push_back(routes[strip].inputs);
  }
}

std::vector<Output> Routing::outputs_of(Reading& reading, pugi::xml_node io, const std::string& strip) const {
  std::string hardware;
  std::map<std::size_t, std::vector<std::vector<std::size_t>>> by_strip;
  const std::size_t ports = audio_ports(io);
  std::size_t index = 0;
  for (const pugi::xml_node port : io.children("Port")) {
    if (!is_audio(port)) continue;
    const std::string name = port_name(port.attribute("name"));
    std::vector<std::string> others;
    for (const pugi::xml_node connection : port.children("Connection")) {
      others.push_back(port_name(connection.attribute("other")));
    }
    if (const auto seen = seen_from_inputs_.find(name); seen != seen_from_inputs_.end()) {
      others.insert(others.end(), seen->second.begin(), seen->second.end());
    }
    std::ranges::sort(others);
    others.erase(std::unique(others.begin(), others.end()), others.end());
    for (const std::string& other : others) {
      const auto input = inputs_.find(other);
      if (input == inputs_.end()) {
        if (hardware.empty()) hardware = other;
        continue;
      }
      auto& by_port = by_strip[input->second.strip];
      by_port.resize(ports);
      by_port[index].push_back(input->second.channel);
    }
    ++index;
  }
  std::vector<Output> outputs;
  for (const auto& [to, by_port] : by_strip) {
    const std::size_t width = widths_[to];
    Output output;
    output.to = to;
    if (const auto channels = one_each(by_port)) {
      if (!is_straight(*channels, width)) output.channels = *channels;
    } else if (by_port.size() != 1 || by_port[0].size() != width) {
      reading.note("unusual-routing", strip,
                   fmt::format("'{}' goes to '{}' in a way that has no name here; it is taken as straight.",
                               strip, reading.flow.strips[to].name));
    }
    outputs.push_back(std::move(output));
  }
  if (!hardware.empty()) outputs.push_back({.hardware = hardware});
  return outputs;
}

}  // namespace gainstage::ardour
