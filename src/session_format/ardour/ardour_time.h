// SPDX-License-Identifier: MIT
// Times as Ardour writes them: samples up to version 6, superclocks and beats from 7 on. For ardour only.
#pragma once

#include <optional>
#include <pugixml.hpp>
#include <string_view>
#include <vector>

namespace gainstage::ardour {

/// Turns the texts of times into seconds.
///
/// - "123": samples of the session's rate.
/// - "a123": superclocks, of which 282240000 are a second.
/// - "b123": ticks, of which 1920 are a quarter note; the tempo map says when a quarter note is.
class Clock {
 public:
  Clock() = default;
  /// `tempo_map` may be absent: 120 quarter notes a minute.
  Clock(double sample_rate_hz, pugi::xml_node tempo_map);

  /// Absent: no such text, or a time beyond a year.
  std::optional<double> seconds(std::string_view text) const;

  /// A length and the place it is measured from: "a123@a456".
  struct Stretch {
    double start_s = 0.0;
    double length_s = 0.0;
  };
  std::optional<Stretch> stretch(std::string_view text) const;

 private:
  struct Tempo {
    double seconds = 0.0;
    double quarters = 0.0;
    double seconds_per_quarter = 0.5;
    double omega = 0.0;  ///< Of a ramp, per second; 0: none.
  };
  double seconds_of_quarters(double quarters) const;

  double sample_rate_hz_ = 48000.0;
  double superclocks_per_second_ = 282240000.0;
  std::vector<Tempo> tempos_;
};

}  // namespace gainstage::ardour
