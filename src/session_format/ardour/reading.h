// SPDX-License-Identifier: MIT
// What the steps of reading an Ardour session share. For ardour only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "session/signal_flow.h"
#include "session_format/ardour/ardour_quirks.h"
#include "session_format/ardour/ardour_time.h"
#include "session_format/ardour/numbers_in_bytes.h"

namespace gainstage::ardour {

/// Where a gain stage stands in the bytes.
struct StageInBytes {
  std::vector<NumberInBytes> numbers;
  double least = 0.0;  ///< What the control can hold, as in Limits.
  double greatest = 0.0;
  double least_played = 1.0;  ///< Of its value or the points of its automation, whichever plays.
  double greatest_played = 1.0;
};

/// One session on its way from XML to a SignalFlow. The first thing that can't be read is kept as `problem`;
/// steps go on with neutral values, so that each of them may look whether there is one, but need not.
struct Reading {
  const XmlText& xml;
  int version = 0;
  Clock clock = {};
  SignalFlow flow = {};
  std::map<StageRef, StageInBytes> stages = {};
  std::map<std::size_t, std::vector<XmlEdit>> mutes = {};  ///< What switches a strip's mute off.
  std::optional<Error> problem = {};
  std::size_t points = 0;
  std::size_t clips = 0;
  bool has_region_fades = true;  ///< The session may switch them all off.

  std::unordered_map<std::string, std::size_t> source_by_id = {};          ///< Into `flow.sources`.
  std::unordered_map<std::string, std::size_t> channel_by_source_id = {};  ///< Of the file.
  std::unordered_map<std::string, pugi::xml_node> playlist_by_id = {};
  std::unordered_map<std::string, pugi::xml_node> playlist_by_name = {};  ///< Up to version 5.
  std::unordered_map<std::string, std::size_t> vca_by_number = {};
  std::vector<std::string> vca_gain_ids = {};  ///< The id of each VCA's gain control.
  std::vector<bool> is_base_known = {};        ///< Of each VCA: whether a follower has said its base.
  std::vector<double> vca_correction = {};     ///< Of VCAs that follow others with another base than theirs.

  void refuse(pugi::xml_node node, const std::string& strip, std::string sentence);
  void note(std::string code, const std::string& strip, std::string sentence);

  /// The attribute as a number; `otherwise` where it is not there. Refuses what is none.
  double number(pugi::xml_node node, const char* attribute, double otherwise, const std::string& strip,
                const std::string& what);
};

/// Whether an attribute says yes, in any of the ways that Ardour's versions say it.
bool is_yes(pugi::xml_attribute attribute, bool otherwise = false);

/// Child `name` with the attribute `name` of that value.
pugi::xml_node controllable(pugi::xml_node parent, const char* name);
pugi::xml_node automation_list(pugi::xml_node parent, const char* id);

/// What a gain control of the file is called where something is wrong with it, and what it can hold.
struct GainPlace {
  StageRef stage;
  Limits limits = fader_limits;
  std::string strip;
  std::string what;  ///< "the fader of 'Kick'"
};

/// The control, its automation if that plays, and where both stand. Not there: 0 dB, not writable.
GainControl read_gain(Reading& reading, pugi::xml_node control, pugi::xml_node list, const GainPlace& place);

// The steps, in their order.
void read_sources(Reading& reading);
void read_playlists(Reading& reading);
void read_vcas(Reading& reading);
void read_strips(Reading& reading);
void finish_vcas(Reading& reading);
void read_groups(Reading& reading);

// Parts of a strip.
/// The clips of one strip from its playlist.
void read_clips(Reading& reading, pugi::xml_node route, std::size_t strip);
/// The VCAs that a route or VCA follows, and what its gain is relative to.
struct VcaLink {
  std::size_t vca = 0;
  double base_ratio = 1.0;
};
std::vector<VcaLink> vca_links(Reading& reading, pugi::xml_node follower, pugi::xml_node gain_control);
/// Makes the strip follow, by the base of each VCA.
void follow_vcas(Reading& reading, Strip& strip, const std::vector<VcaLink>& links);

}  // namespace gainstage::ardour
