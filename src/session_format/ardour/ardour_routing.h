// SPDX-License-Identifier: MIT
// Which port of which route is connected to which. For ardour only.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "session_format/ardour/reading.h"

namespace gainstage::ardour {

/// A route of the session that becomes a strip.
struct RouteNode {
  pugi::xml_node node;
  std::string id;
  std::string name;
  StripKind kind = StripKind::track;
  std::size_t inputs = 0;   ///< Audio ports.
  std::size_t outputs = 0;  ///< Audio ports.
};

/// The IO child of a route or processor.
pugi::xml_node io_of(pugi::xml_node parent, const char* direction);
std::size_t audio_ports(pugi::xml_node io);

class Routing {
 public:
  explicit Routing(const std::vector<RouteNode>& routes);

  /// Where the output ports of an IO go: one Output for each strip, one for all hardware.
  std::vector<Output> outputs_of(Reading& reading, pugi::xml_node io, const std::string& strip) const;

 private:
  struct InputPort {
    std::size_t strip = 0;
    std::size_t channel = 0;
  };
  std::unordered_map<std::string, InputPort> inputs_;
  std::unordered_map<std::string, std::vector<std::string>> seen_from_inputs_;  ///< By output port.
  std::vector<std::size_t> widths_;                                             ///< Of each strip's input.
};

}  // namespace gainstage::ardour
