// SPDX-License-Identifier: MIT
#include "session_format/reaper/reaper_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <unordered_set>

#include "session_format/reaper/rpp_text.h"
#include "session_format/reaper/track.h"
#include "session_format/stems/track_name.h"

namespace gainstage {
namespace {

constexpr int newest_known_version = 7;
constexpr double known_schema = 0.1;

Result<void> check_root(const RppTree& tree) {
  if (tree.size() > 0 && tree.is_block(0) && tree.name(0) == "REAPER_PROJECT") return {};
  return failure(
      ErrorCode::bad_input,
      "The file does not start with <REAPER_PROJECT, so it is no REAPER project; give the .rpp file.");
}

void read_version(Reading& reading) {
  const RppWords words = reading.tree.words(0);
  reading.flow.version = to_printable_utf8(words[2].text);
  int major = 0;
  std::from_chars(words[2].text.data(), words[2].text.data() + words[2].text.size(), major);
  const double schema = reading.number(words, 1, known_schema);
  if (major > newest_known_version || schema > known_schema) {
    reading.note(
        "newer-version", "",
        fmt::format("The project is of REAPER {} (format {}), newer than the {}.x that is known; what is new "
                    "in it is kept, but not seen.",
                    reading.flow.version, schema, newest_known_version));
  }
}

bool has_active_envelope(Reading& reading, std::size_t block) {
  const RppTree& tree = reading.tree;
  bool is_active = false;
  bool has_points = false;
  for (std::size_t i = tree.first(block); i < tree.end(block); i = tree.next(i)) {
    if (tree.name(i) == "ACT") is_active = reading.whole_number(tree.words(i), 1, 0) != 0;
    if (tree.name(i) == "PT") has_points = true;
  }
  return is_active && has_points;
}

ProjectSettings read_settings(Reading& reading, VcaGroups& master_groups) {
  const RppTree& tree = reading.tree;
  ProjectSettings settings;
  for (std::size_t i = tree.first(0); i < tree.end(0) && !reading.error; i = tree.next(i)) {
    const std::string_view name = tree.name(i);
    if (tree.is_block(i)) {
      if (name == "MASTERPLAYSPEEDENV" && has_active_envelope(reading, i)) {
        reading.note("play-rate", "", "The project's play rate moves; it is played at a fixed one here.");
      }
      continue;
    }
    const RppWords words = tree.words(i);
    if (name == "PANLAW") {
      settings.pan_law = reading.number(words, 1, 1.0);
      if (settings.pan_law <= 0.0)
        reading.fail(i, "PANLAW is an amplitude over 0; set it in REAPER's project settings.");
    } else if (name == "PANMODE") {
      settings.pan_mode = reading.whole_number(words, 1, 3);
    } else if (name == "ITEMMIX") {
      settings.item_mix = reading.whole_number(words, 1, 0);
    } else if (name == "GLOBAL_AUTO") {
      settings.global_automation = reading.whole_number(words, 1, -1);
    } else if (name == "PLAYRATE") {
      settings.rate = reading.number(words, 1, 1.0);
    } else if (name == "SAMPLERATE") {
      const double rate_hz = reading.number(words, 1, 0.0);
      if (reading.whole_number(words, 2, 0) != 0 && rate_hz > 0.0) reading.flow.sample_rate_hz = rate_hz;
    } else if (name == "TITLE") {
      reading.flow.name = to_printable_utf8(words[1].text);
    } else if (name == "MASTER_GROUP_FLAGS") {
      read_groups(reading, words, 0, master_groups);
    } else if (name == "MASTER_GROUP_FLAGS_HIGH") {
      read_groups(reading, words, 32, master_groups);
    }
  }
  if (reading.flow.sample_rate_hz == 0.0) {
    reading.note("no-sample-rate", "",
                 "The project does not set a sample rate; REAPER plays it at that of the hardware.");
  }
  if (settings.rate != 1.0) {
    reading.note(
        "play-rate", "",
        fmt::format("The project plays at a rate of {}; its items are not read. Set the rate to 1 in REAPER.",
                    settings.rate));
  }
  return settings;
}

/// Names and kinds, so that whatever refers to another strip finds it.
void make_strips(Reading& reading, const std::vector<TrackHead>& heads) {
  SignalFlow& flow = reading.flow;
  flow.master = heads.size();
  flow.strips.resize(heads.size() + 1);
  std::unordered_set<std::string> ids = {"master"};
  for (std::size_t i = 0; i < heads.size(); ++i) {
    Strip& strip = flow.strips[i];
    strip.name = heads[i].name;
    strip.kind = heads[i].depth_change > 0 ? StripKind::folder : StripKind::track;
    strip.id = to_printable_utf8(reading.tree.words(heads[i].block)[1].text);
    while (strip.id.empty() || !ids.insert(strip.id).second) strip.id = fmt::format("{}#{}", strip.id, i + 1);
  }
}

/// A track without items that others send to is what other programs call a bus.
void name_buses(SignalFlow& flow) {
  for (const Strip& strip : flow.strips) {
    for (const Send& send : strip.sends) {
      Strip& to = flow.strips[send.to];
      if (to.kind == StripKind::track && to.clips.empty() && !to.has_unread_content) to.kind = StripKind::bus;
    }
  }
}

}  // namespace

Result<ReaperDocument> ReaperDocument::read(std::string bytes) {
  const auto tree = RppTree::read(bytes);
  if (!tree) return tl::unexpected(tree.error());
  if (const auto root = check_root(*tree); !root) return tl::unexpected(root.error());
  Reading reading(*tree);
  reading.flow.format = "reaper";
  read_version(reading);
  VcaGroups master_groups;
  const ProjectSettings settings = read_settings(reading, master_groups);
  const std::vector<TrackHead> heads = read_track_heads(reading, settings);
  if (reading.error) return tl::unexpected(*reading.error);
  make_strips(reading, heads);
  for (std::size_t i = 0; i < heads.size() && !reading.error; ++i) read_track(reading, settings, heads, i);
  if (!reading.error) read_master(reading, settings);
  if (!reading.error) link_vcas(reading, heads, master_groups);
  if (reading.error) return tl::unexpected(*reading.error);
  name_buses(reading.flow);
  ReaperDocument document;
  document.flow_ = std::move(reading.flow);
  document.places_ = std::move(reading.places);
  document.mutes_ = std::move(reading.mutes);
  std::sort(document.places_.begin(), document.places_.end(), [](const StagePlace& a, const StagePlace& b) {
    return std::tie(a.stage, a.place.begin) < std::tie(b.stage, b.place.begin);
  });
  document.bytes_ = std::move(bytes);
  return document;
}

}  // namespace gainstage
