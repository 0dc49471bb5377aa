// SPDX-License-Identifier: MIT
#include "session_format/reaper/track.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "session_format/reaper/fx_chain.h"
#include "session_format/reaper/item.h"
#include "session_format/reaper/receive.h"
#include "session_format/stems/track_name.h"

namespace gainstage {
namespace {

constexpr long most_channels = 128;

TrackHead read_head(Reading& reading, const ProjectSettings& settings, std::size_t block,
                    std::size_t number) {
  const RppTree& tree = reading.tree;
  TrackHead head;
  head.block = block;
  long mode = 0;
  for (std::size_t i = tree.first(block); i < tree.end(block) && !reading.error; i = tree.next(i)) {
    if (tree.is_block(i)) continue;
    const std::string_view name = tree.name(i);
    if (name == "NAME") {
      head.name = to_printable_utf8(tree.words(i)[1].text);
    } else if (name == "AUTOMODE") {
      mode = reading.whole_number(tree.words(i), 1, 0);
    } else if (name == "ISBUS") {
      const RppWords words = tree.words(i);
      head.depth_change = reading.whole_number(words, 2, reading.whole_number(words, 1, 0) == 1 ? 1 : 0);
    } else if (name == "GROUP_FLAGS") {
      read_groups(reading, tree.words(i), 0, head.groups);
    } else if (name == "GROUP_FLAGS_HIGH") {
      read_groups(reading, tree.words(i), 32, head.groups);
    }
  }
  if (head.name.empty()) head.name = fmt::format("Track {}", number);
  head.automation = automation_mode(reading, mode, settings.global_automation, head.name);
  return head;
}

void set_folders(std::vector<TrackHead>& heads) {
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < heads.size(); ++i) {
    if (!open.empty()) heads[i].folder = open.back();
    if (heads[i].depth_change > 0) open.push_back(i);
    for (long closed = heads[i].depth_change; closed < 0 && !open.empty(); ++closed) open.pop_back();
  }
}

std::size_t channel_count(Reading& reading, const RppWords& words) {
  const long count = reading.whole_number(words, 1, 2);
  if (count >= 1 && count <= most_channels) return static_cast<std::size_t>(count);
  reading.fail(words.line,
               fmt::format("{} is {}; a track has 1 to {} channels.", words[0].text, count, most_channels));
  return 2;
}

/// Everything a fader and its envelopes say, wherever the lines stand.
struct FaderLines {
  double ratio = 1.0;
  std::optional<ReaperGainPlace> place;
  double pan = 0.0;
  double pan_law = -1.0;
  std::pair<double, double> dual_pan = {-1.0, 1.0};
  double width = 1.0;
  long pan_mode = 3;
  long pan_taper = 3;
  Envelope before_fx;
  Envelope after_fx;
  Envelope trim;
  Envelope pan_envelope;
  Envelope mute_envelope;
  bool has_other_pan_envelope = false;
};

void read_fader(Reading& reading, const RppWords& words, FaderLines& lines) {
  lines.ratio = reading.gain(words, 1, 1.0);
  lines.place = gain_place(words, 1);
  lines.pan = reading.pan(words, 2);
  lines.pan_law = reading.number(words, 3, -1.0);
  lines.dual_pan = {reading.number(words, 4, -1.0), reading.number(words, 5, 1.0)};
  if (lines.pan_law == 0.0)
    reading.fail(words.line, "The pan law is 0, which mutes the centre; it is more than 0.");
}

/// True when the block is an envelope of the fader. `prefix` is "" or "MASTER".
bool read_fader_envelope(Reading& reading, std::size_t i, std::string_view prefix, const std::string& strip,
                         FaderLines& lines) {
  std::string_view name = reading.tree.name(i);
  if (!reading.tree.is_block(i) || !name.starts_with(prefix)) return false;
  name.remove_prefix(prefix.size());
  if (name == "VOLENV") {
    lines.before_fx = read_envelope(reading, i, EnvelopeKind::gain, strip);
  } else if (name == "VOLENV2") {
    lines.after_fx = read_envelope(reading, i, EnvelopeKind::gain, strip);
  } else if (name == "VOLENV3") {
    lines.trim = read_envelope(reading, i, EnvelopeKind::gain, strip);
  } else if (name == "PANENV2") {
    lines.pan_envelope = read_envelope(reading, i, EnvelopeKind::pan, strip);
  } else if (name == "MUTEENV") {
    lines.mute_envelope = read_envelope(reading, i, EnvelopeKind::mute, strip);
  } else if (name == "PANENV" || name.starts_with("WIDTHENV") || name.starts_with("DUALPANENV")) {
    const Envelope envelope = read_envelope(reading, i, EnvelopeKind::pan, strip);
    lines.has_other_pan_envelope = lines.has_other_pan_envelope || envelope.is_played();
  } else {
    return false;
  }
  return true;
}

void note_pans(Reading& reading, const FaderLines& lines, const std::string& strip,
               const ProjectSettings& settings) {
  if (lines.has_other_pan_envelope) {
    reading.note(
        "pan-envelope", strip,
        fmt::format("{}: an envelope of pan before the plug-ins, of width or of a dual pan is not played.",
                    strip));
  }
  const bool is_wide = lines.pan_mode == 5 && lines.width == 1.0 && lines.pan == 0.0;
  const bool is_apart = lines.pan_mode == 6 && lines.dual_pan == std::pair(-1.0, 1.0);
  if (lines.pan_mode != 3 && !is_wide && !is_apart) {
    reading.note(
        "pan-mode", strip,
        fmt::format("{}: its pan mode is {}; it is played as a balance, so its levels left and right are not "
                    "what REAPER plays.",
                    strip,
                    lines.pan_mode == 5   ? "stereo pan"
                    : lines.pan_mode == 6 ? "dual pan"
                                          : "an older one"));
  }
  const double law = lines.pan_law < 0.0 ? settings.pan_law : lines.pan_law;
  if (law != 1.0 && lines.pan != 0.0) {
    reading.note(
        "pan-law", strip,
        fmt::format("{}: it is panned by a law of {:+.1f} dB at the centre; how REAPER's gain runs between "
                    "centre and side is not published, so its level is known within that law only.",
                    strip, to_db(law).value));
  }
}

void set_faders(Reading& reading, const FaderLines& lines, std::size_t index, AutomationMode mode,
                const ProjectSettings& settings) {
  Strip& strip = reading.flow.strips[index];
  set_control(reading, {StageKind::fader, index, 0}, strip.fader, lines.ratio, lines.place, lines.after_fx,
              mode);
  // An envelope before the plug-ins or of trim has no fader that it could replace.
  const AutomationMode alone =
      mode == AutomationMode::bypassed ? AutomationMode::bypassed : AutomationMode::replaces;
  set_control(reading, {StageKind::trim, index, 0}, strip.trim, 1.0, std::nullopt, lines.before_fx, alone);
  if (lines.trim.is_played() && alone == AutomationMode::replaces) {
    strip.second_fader = GainControl{.ratio = 1.0, .automation = lines.trim.automation};
  }
  strip.pan = reaper_pan(lines.pan, lines.pan_law, settings.pan_law);
  strip.pan.width = lines.width;
  if (lines.pan_envelope.is_played() && mode != AutomationMode::bypassed) {
    strip.pan.automation = lines.pan_envelope.automation;
    if (mode == AutomationMode::multiplies && lines.pan != 0.0) {
      reading.note(
          "pan-trim", strip.name,
          fmt::format("{}: its pan moves relative to a pan that is not at the centre; the envelope is played "
                      "alone.",
                      strip.name));
    }
  }
  if (lines.mute_envelope.is_played() && mode != AutomationMode::bypassed) {
    strip.mute.automation = lines.mute_envelope.automation;
  }
  note_pans(reading, lines, strip.name, settings);
}

/// LANESOLO's first word has a bit for each lane that plays.
std::optional<std::uint64_t> playing_lanes(Reading& reading, const RppWords& words) {
  const std::uint64_t low = static_cast<std::uint32_t>(reading.whole_number(words, 1, 0));
  const std::uint64_t high = static_cast<std::uint32_t>(reading.whole_number(words, 2, 0));
  return low | high << 32;
}

/// Lines that decide how the items are read, wherever they stand.
ItemContext item_context(Reading& reading, const TrackHead& head, const ProjectSettings& settings) {
  const RppTree& tree = reading.tree;
  ItemContext context;
  context.strip = &head.name;
  context.project_pan_law = settings.pan_law;
  context.project_rate = settings.rate;
  context.item_mix = settings.item_mix;
  long free_mode = 0;
  std::optional<std::uint64_t> lanes;
  for (std::size_t i = tree.first(head.block); i < tree.end(head.block); i = tree.next(i)) {
    if (tree.is_block(i)) continue;
    if (tree.name(i) == "FREEMODE") free_mode = reading.whole_number(tree.words(i), 1, 0);
    if (tree.name(i) == "LANESOLO") lanes = playing_lanes(reading, tree.words(i));
  }
  // Items that are placed freely or in lanes lie beside each other, not on each other.
  if (free_mode != 0) context.item_mix = 1;
  if (free_mode == 2) context.playing_lanes = lanes;
  return context;
}

void add_clips(Reading& reading, std::size_t index, std::vector<ItemClip>& items) {
  order_clips(items);
  std::vector<Clip>& clips = reading.flow.strips[index].clips;
  clips.reserve(items.size());
  for (ItemClip& item : items) {
    const std::size_t clip = clips.size();
    if (item.item_gain) {
      item.clip.gain.writable = GainControl::Range{greatest_reaper_gain};
      reading.add_place({StageKind::clip, index, clip}, *item.item_gain);
    }
    if (item.take_gain) {
      item.clip.take_gain->writable = GainControl::Range{greatest_reaper_gain};
      reading.add_place({StageKind::take, index, clip}, *item.take_gain);
    }
    clips.push_back(std::move(item.clip));
  }
}

void read_switches(Reading& reading, const RppWords& words, std::size_t index) {
  Strip& strip = reading.flow.strips[index];
  strip.mute.is_on = reading.whole_number(words, 1, 0) != 0;
  reading.mutes.erase(index);  // The last of two lines counts.
  if (strip.mute.is_on) reading.mutes.emplace(index, *gain_place(words, 1));
  strip.is_soloed = reading.whole_number(words, 2, 0) != 0;
  strip.is_solo_safe = reading.whole_number(words, 3, 0) != 0;
}

void add_chain(FxChain chain, Strip& strip) {
  std::move(chain.inserts.begin(), chain.inserts.end(), std::back_inserter(strip.inserts));
  strip.has_unread_content = strip.has_unread_content || chain.makes_sound;
}

void add_hardware_output(Reading& reading, const RppWords& words, Strip& strip) {
  Output output;
  output.hardware = fmt::format("hardware {}", to_printable_utf8(words[1].text));
  output.gain.ratio = reading.whole_number(words, 5, 0) != 0 ? 0.0 : reading.gain(words, 3, 1.0);
  strip.outputs.push_back(std::move(output));
}

/// MAINSEND: on, and the first of the folder's or master's channels it goes to.
void add_main_output(Reading& reading, const RppWords* words, std::optional<std::size_t> folder,
                     Strip& strip) {
  if (words && reading.whole_number(*words, 1, 1) == 0) return;
  const long first = words ? reading.whole_number(*words, 2, 0) : 0;
  if (first < 0 || first > most_channels) {
    reading.fail(words->line,
                 fmt::format("MAINSEND goes to channel {}; there are {}.", first, most_channels));
    return;
  }
  Output output;
  output.to = folder.value_or(reading.flow.master);
  for (std::size_t c = 0; first > 0 && c < strip.channels; ++c) {
    output.channels.push_back(static_cast<std::size_t>(first) + c);
  }
  strip.outputs.insert(strip.outputs.begin(), std::move(output));
}

}  // namespace

std::vector<TrackHead> read_track_heads(Reading& reading, const ProjectSettings& settings) {
  const RppTree& tree = reading.tree;
  std::vector<TrackHead> heads;
  for (std::size_t i = tree.first(0); i < tree.end(0) && !reading.error; i = tree.next(i)) {
    if (tree.name(i) != "TRACK" || !tree.is_block(i)) continue;
    if (!reading.count(Counted::tracks, i)) break;
    heads.push_back(read_head(reading, settings, i, heads.size() + 1));
  }
  set_folders(heads);
  return heads;
}

void read_track(Reading& reading, const ProjectSettings& settings, const std::vector<TrackHead>& heads,
                std::size_t index) {
  const RppTree& tree = reading.tree;
  const TrackHead& head = heads[index];
  Strip& strip = reading.flow.strips[index];
  const ItemContext context = item_context(reading, head, settings);
  FaderLines fader;
  fader.pan_mode = settings.pan_mode;
  std::optional<RppWords> main_send;
  std::vector<ItemClip> items;
  std::optional<Receive> receive;
  bool is_inverted = false;
  ChainState chain_state = ChainState::active;
  for (std::size_t i = tree.first(head.block); i < tree.end(head.block) && !reading.error; i = tree.next(i)) {
    const std::string_view name = tree.name(i);
    if (tree.is_block(i)) {
      if (name == "ITEM") {
        read_item(reading, i, context, items, strip.has_unread_content);
      } else if (name == "FXCHAIN") {
        add_chain(read_fx_chain(reading, i, chain_state), strip);
      } else if (!read_receive_envelope(reading, i, heads, receive)) {
        read_fader_envelope(reading, i, "", strip.name, fader);
      }
      continue;
    }
    const RppWords words = tree.words(i);
    if (name == "VOLPAN") {
      read_fader(reading, words, fader);
    } else if (name == "WIDTH") {
      fader.width = reading.pan(words, 1);
    } else if (name == "PANMODE") {
      fader.pan_mode = reading.whole_number(words, 1, 3);
    } else if (name == "MUTESOLO") {
      read_switches(reading, words, index);
    } else if (name == "IPHASE") {
      is_inverted = reading.whole_number(words, 1, 0) != 0;
    } else if (name == "NCHAN") {
      strip.channels = channel_count(reading, words);
    } else if (name == "FX") {
      chain_state = reading.whole_number(words, 1, 1) != 0 ? ChainState::active : ChainState::bypassed;
    } else if (name == "MAINSEND") {
      main_send = words;
    } else if (name == "HWOUT") {
      add_hardware_output(reading, words, strip);
    } else if (name == "AUXRECV") {
      receive = read_receive(reading, words, heads, index, settings.pan_law);
    }
  }
  if (reading.error) return;
  if (is_inverted) strip.is_inverted.assign(strip.channels, true);
  add_main_output(reading, main_send ? &*main_send : nullptr, head.folder, strip);
  set_faders(reading, fader, index, head.automation, settings);
  add_clips(reading, index, items);
}

void read_master(Reading& reading, const ProjectSettings& settings) {
  const RppTree& tree = reading.tree;
  const std::size_t index = reading.flow.master;
  Strip& strip = reading.flow.strips[index];
  strip.id = "master";
  strip.name = "Master";
  strip.kind = StripKind::master;
  FaderLines fader;
  fader.pan_mode = settings.pan_mode;
  long mode = 0;
  ChainState chain_state = ChainState::active;
  for (std::size_t i = tree.first(0); i < tree.end(0) && !reading.error; i = tree.next(i)) {
    const std::string_view name = tree.name(i);
    if (!name.starts_with("MASTER")) continue;
    if (tree.is_block(i)) {
      if (name == "MASTERFXLIST") {
        add_chain(read_fx_chain(reading, i, chain_state), strip);
      } else {
        read_fader_envelope(reading, i, "MASTER", strip.name, fader);
      }
      continue;
    }
    const RppWords words = tree.words(i);
    if (name == "MASTER_VOLUME") {
      read_fader(reading, words, fader);
    } else if (name == "MASTER_PANMODE") {
      fader.pan_mode = reading.whole_number(words, 1, 3);
    } else if (name == "MASTER_WIDTH") {
      fader.width = reading.pan(words, 1);
    } else if (name == "MASTER_NCH") {
      strip.channels = channel_count(reading, words);
    } else if (name == "MASTER_FX") {
      chain_state = reading.whole_number(words, 1, 1) != 0 ? ChainState::active : ChainState::bypassed;
    } else if (name == "MASTERAUTOMODE") {
      mode = reading.whole_number(words, 1, 0);
    } else if (name == "MASTERMUTESOLO") {
      const long bits = reading.whole_number(words, 1, 0);
      strip.mute.is_on = (bits & 1) != 0;
      if ((bits & 4) != 0) {
        reading.note(
            "master-mono", strip.name,
            "Master: it is switched to mono, which is not done here; the levels are those of stereo.");
      }
    }
  }
  if (reading.error) return;
  if (fader.pan_mode == -1) fader.pan_mode = settings.pan_mode;
  // The project's law lowers tracks; that it lowers their sum once more is said nowhere.
  if (fader.pan_law < 0.0) fader.pan_law = 1.0;
  strip.outputs = {Output{.to = std::nullopt, .hardware = "master"}};
  set_faders(reading, fader, index, automation_mode(reading, mode, settings.global_automation, strip.name),
             settings);
}

}  // namespace gainstage
