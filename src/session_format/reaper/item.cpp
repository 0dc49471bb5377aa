// SPDX-License-Identifier: MIT
#include "session_format/reaper/item.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "session_format/reaper/envelope.h"
#include "session_format/reaper/fades.h"
#include "session_format/reaper/fx_chain.h"
#include "session_format/reaper/media_source.h"
#include "session_format/stems/track_name.h"

namespace gainstage {
namespace {

/// Signed: under zero the polarity is inverted.
struct TakeGain {
  double signed_ratio = 1.0;
  std::optional<ReaperGainPlace> place;
};

struct Take {
  std::string name;
  std::optional<std::size_t> source;  ///< Its block.
  double offset_s = 0.0;
  double rate = 1.0;
  double pitch = 0.0;
  long channel_mode = 0;
  TakeGain gain;
  double pan = 0.0;
  double pan_law = -1.0;
  Envelope gain_envelope;
  Envelope pan_envelope;
  bool is_active = false;
  bool has_fx = false;
  bool has_stretch = false;  ///< Stretch markers or a pitch envelope.
  bool has_mute_envelope = false;
  bool has_sample_edits = false;
};

struct Item {
  double position_s = 0.0;
  double length_s = 0.0;
  bool is_looped = false;
  bool plays_all_takes = false;
  bool is_muted = false;
  std::optional<long> mix;  ///< MIXFLAG.
  double gain = 1.0;
  std::optional<ReaperGainPlace> gain_place;
  ItemFade fade_in;
  ItemFade fade_out;
  std::vector<Take> takes;
};

TakeGain read_take_gain(Reading& reading, const RppWords& words, std::size_t index) {
  return {reading.number(words, index, 1.0), gain_place(words, index)};
}

void read_volpan(Reading& reading, const RppWords& words, Item& item) {
  item.gain = reading.gain(words, 1, 1.0);
  item.gain_place = gain_place(words, 1);
  Take& take = item.takes.back();
  take.pan = reading.pan(words, 2);
  take.gain = read_take_gain(reading, words, 3);
  take.pan_law = reading.number(words, 4, -1.0);
}

/// Lanes are numbered from the top: an item at y of height h is in lane y / h.
bool is_in_playing_lane(Reading& reading, const RppWords& words, std::uint64_t playing) {
  const double y = reading.number(words, 1, 0.0);
  const double height = reading.number(words, 2, 1.0);
  if (!(height > 0.0)) return true;
  const double lane = std::round(y / height);
  return lane < 0.0 || lane > 63.0 || ((playing >> static_cast<unsigned>(lane)) & 1u) != 0;
}

void read_take_line(Reading& reading, std::size_t i, const ItemContext& context, Take& take) {
  const RppTree& tree = reading.tree;
  const std::string_view name = tree.name(i);
  if (tree.is_block(i)) {
    if (name == "SOURCE") {
      take.source = i;
    } else if (name == "VOLENV") {
      take.gain_envelope = read_envelope(reading, i, EnvelopeKind::gain, *context.strip);
    } else if (name == "PANENV") {
      take.pan_envelope = read_envelope(reading, i, EnvelopeKind::pan, *context.strip);
    } else if (name == "MUTEENV") {
      take.has_mute_envelope = read_envelope(reading, i, EnvelopeKind::mute, *context.strip).is_played();
    } else if (name == "PITCHENV") {
      take.has_stretch = true;
    } else if (name == "TAKEFX") {
      for (const Insert& insert : read_fx_chain(reading, i, ChainState::active).inserts) {
        take.has_fx = take.has_fx || insert.is_enabled;
      }
    }
    return;
  }
  const RppWords words = tree.words(i);
  if (name == "NAME") {
    take.name = to_printable_utf8(words[1].text);
  } else if (name == "TAKEVOLPAN") {
    take.pan = reading.pan(words, 1);
    take.gain = read_take_gain(reading, words, 2);
    take.pan_law = reading.number(words, 3, -1.0);
  } else if (name == "SOFFS") {
    take.offset_s = reading.number(words, 1, 0.0);
  } else if (name == "PLAYRATE") {
    take.rate = reading.number(words, 1, 1.0);
    take.pitch = reading.number(words, 3, 0.0);
  } else if (name == "CHANMODE") {
    take.channel_mode = reading.whole_number(words, 1, 0);
  } else if (name == "SM") {
    take.has_stretch = true;
  } else if (name == "SAMPLEEDITS") {
    take.has_sample_edits = reading.whole_number(words, 1, 0) != 0;
  }
}

/// True when the line is about the item as a whole.
bool read_item_line(Reading& reading, std::size_t i, const ItemContext& context, Item& item) {
  const RppTree& tree = reading.tree;
  if (tree.is_block(i)) return false;
  const std::string_view name = tree.name(i);
  const RppWords words = tree.words(i);
  if (name == "POSITION") {
    item.position_s = reading.number(words, 1, 0.0);
  } else if (name == "LENGTH") {
    item.length_s = reading.number(words, 1, 0.0);
    if (item.length_s < 0.0)
      reading.fail(i, fmt::format("LENGTH is {}; an item lasts 0 s or more.", item.length_s));
  } else if (name == "LOOP") {
    item.is_looped = reading.whole_number(words, 1, 0) != 0;
  } else if (name == "ALLTAKES") {
    item.plays_all_takes = reading.whole_number(words, 1, 0) != 0;
  } else if (name == "FADEIN") {
    item.fade_in = read_fade(reading, words);
  } else if (name == "FADEOUT") {
    item.fade_out = read_fade(reading, words);
  } else if (name == "MUTE") {
    // An item that is soloed plays, muted or not.
    const bool is_soloed = reading.whole_number(words, 2, 0) == -1;
    item.is_muted = item.is_muted || (reading.whole_number(words, 1, 0) != 0 && !is_soloed);
  } else if (name == "MIXFLAG") {
    item.mix = reading.whole_number(words, 1, 0);
  } else if (name == "YPOS") {
    const bool is_lane = reading.whole_number(words, 3, 0) == 2;
    if (is_lane && context.playing_lanes && !is_in_playing_lane(reading, words, *context.playing_lanes)) {
      item.is_muted = true;
    }
  } else if (name == "VOLPAN") {
    read_volpan(reading, words, item);
  } else {
    return false;
  }
  return true;
}

Item read_lines(Reading& reading, std::size_t block, const ItemContext& context) {
  const RppTree& tree = reading.tree;
  Item item;
  item.takes.emplace_back();
  if (!reading.count(Counted::takes, block)) return item;
  for (std::size_t i = tree.first(block); i < tree.end(block) && !reading.error; i = tree.next(i)) {
    if (tree.name(i) == "TAKE" && !tree.is_block(i)) {
      if (!reading.count(Counted::takes, i)) break;
      const RppWords words = tree.words(i);
      item.takes.emplace_back();
      item.takes.back().is_active = words[1].text == "SEL" || words[2].text == "SEL";
    } else if (!read_item_line(reading, i, context, item)) {
      read_take_line(reading, i, context, item.takes.back());
    }
  }
  // The first take's own line is left out, so nothing marks it; it is active when no other is.
  const bool is_other_active =
      std::any_of(item.takes.begin(), item.takes.end(), [](const Take& take) { return take.is_active; });
  item.takes.front().is_active = !is_other_active;
  return item;
}

/// Why the clips do not hold what the take sounds like; empty where they do.
std::vector<FlowNote> unread_of(const Take& take, const std::string& strip) {
  std::vector<FlowNote> notes;
  const auto add = [&](const char* code, const char* what) {
    notes.push_back({code, strip, fmt::format("{}: {}", strip, what)});
  };
  if (take.rate != 1.0 || take.pitch != 0.0 || take.has_stretch) {
    add("stretched-clip",
        "has items that play at another rate or pitch; their sound is not read. Render them "
        "in place in REAPER to have them.");
  }
  if (take.has_fx) {
    add("take-fx", "has items with plug-ins of their own, which are not run; their level is not known.");
  }
  if (take.channel_mode == 2)
    add("mono-downmix", "has items whose channels are mixed to one, which is not done here.");
  if (take.has_mute_envelope) add("take-mute", "has items with a mute envelope, which is not read.");
  if (take.has_sample_edits)
    add("sample-edits", "has items with edited samples; the source is taken as it is.");
  return notes;
}

Clip clip_of(Reading& reading, const Item& item, const Take& take, const ItemContext& context) {
  Clip clip;
  clip.name = take.name;
  clip.start_s = item.position_s;
  clip.length_s = item.length_s;
  clip.offset_s = take.offset_s;
  clip.rate = take.rate * context.project_rate;
  clip.source_channels = source_channels(take.channel_mode);
  clip.gain.ratio = item.gain;
  clip.take_gain = GainControl{.ratio = std::abs(take.gain.signed_ratio)};
  clip.is_inverted = std::signbit(take.gain.signed_ratio);
  if (take.gain_envelope.is_played()) clip.envelope = take.gain_envelope.automation;
  if (take.pan != 0.0 || take.pan_envelope.is_played()) {
    clip.pan = reaper_pan(take.pan, take.pan_law, context.project_pan_law);
    if (take.pan_envelope.is_played()) clip.pan.automation = take.pan_envelope.automation;
  }
  if (item.is_looped) clip.loop_s = 0.0;
  clip.fade_in = fade_in_curve(item.fade_in);
  clip.fade_out = fade_out_curve(item.fade_out, item.length_s);
  if (item.fade_in.is_bent() || item.fade_out.is_bent()) {
    reading.note("fade-curvature", *context.strip,
                 fmt::format("{}: has fades whose curve is bent by hand; they are played without the bend.",
                             *context.strip));
  }
  clip.is_muted = item.is_muted;
  clip.is_opaque = item.mix.value_or(context.item_mix) == 2;
  return clip;
}

}  // namespace

void read_item(Reading& reading, std::size_t block, const ItemContext& context, std::vector<ItemClip>& clips,
               bool& has_unread_content) {
  const Item item = read_lines(reading, block, context);
  if (reading.error) return;
  const auto is_played = [&](const Take& take) { return item.plays_all_takes || take.is_active; };
  const auto played = std::count_if(item.takes.begin(), item.takes.end(),
                                    [&](const Take& take) { return is_played(take) && take.source; });
  for (const Take& take : item.takes) {
    if (!is_played(take) || !take.source) continue;
    MediaSource source = read_media_source(reading, *take.source);
    if (reading.error) return;
    if (source.is_silent) continue;
    ItemClip found{clip_of(reading, item, take, context), {}, {}, item.mix.value_or(context.item_mix) == 0};
    std::vector<FlowNote> unread = unread_of(take, *context.strip);
    if (!place_in_source(source, found.clip)) {
      unread.push_back({"unread-source", *context.strip,
                        fmt::format("{}: has {}; that sound is not read.", *context.strip, source.what)});
    }
    if (!item.is_muted && !unread.empty()) {
      has_unread_content = true;
      for (FlowNote& note : unread) reading.note(note.code, note.strip, std::move(note.sentence));
    }
    if (!source.path) continue;
    found.clip.sources = {reading.source(*source.path)};
    if (played == 1) found.item_gain = item.gain_place;
    found.take_gain = take.gain.place;
    clips.push_back(std::move(found));
  }
}

void order_clips(std::vector<ItemClip>& clips) {
  std::stable_sort(clips.begin(), clips.end(),
                   [](const ItemClip& a, const ItemClip& b) { return a.clip.start_s < b.clip.start_s; });
  double covered_until = -std::numeric_limits<double>::infinity();
  for (ItemClip& item : clips) {
    const double end = item.clip.start_s + item.clip.length_s;
    if (item.replaces_enclosing && end <= covered_until) item.clip.is_opaque = true;
    if (!item.clip.is_muted) covered_until = std::max(covered_until, end);
  }
}

}  // namespace gainstage
