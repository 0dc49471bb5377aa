// SPDX-License-Identifier: MIT
#include "session_format/reaper/media_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "session_format/stems/track_name.h"

namespace gainstage {
namespace {

constexpr std::array<std::string_view, 9> audio_types = {"WAVE", "FLAC", "MP3",     "VORBIS", "OGG",
                                                         "OPUS", "AIFF", "WAVPACK", "SECTION"};

/// Why a source of this type is not read; empty for audio files.
std::string unread_type(std::string_view type) {
  if (std::find(audio_types.begin(), audio_types.end(), type) != audio_types.end()) return "";
  if (type == "MIDI" || type == "MIDIPOOL") return "MIDI items";
  if (type == "VIDEO") return "video items";
  if (type == "RPP_PROJECT") return "items that are projects";
  if (type == "CLICK" || type == "LTC") return "items that REAPER makes the sound of";
  return fmt::format("items of the type {}", to_printable_utf8(type.substr(0, 40)));
}

/// The audio within, and the section that this block cuts out of it.
struct Level {
  std::optional<std::size_t> inner;
  std::optional<std::string_view> file;
  double start_s = 0.0;
  double length_s = 0.0;
  long mode = 0;
};

Level read_level(Reading& reading, std::size_t block) {
  const RppTree& tree = reading.tree;
  Level level;
  for (std::size_t i = tree.first(block); i < tree.end(block) && !reading.error; i = tree.next(i)) {
    const std::string_view name = tree.name(i);
    if (tree.is_block(i)) {
      if (name == "SOURCE") level.inner = i;
    } else if (name == "FILE") {
      level.file = tree.words(i)[1].text;
    } else if (name == "STARTPOS") {
      level.start_s = reading.number(tree.words(i), 1, 0.0);
    } else if (name == "LENGTH") {
      level.length_s = reading.number(tree.words(i), 1, 0.0);
    } else if (name == "MODE") {
      level.mode = reading.whole_number(tree.words(i), 1, 0);
    }
  }
  return level;
}

}  // namespace

MediaSource read_media_source(Reading& reading, std::size_t block) {
  MediaSource source;
  for (std::optional<std::size_t> at = block; at && !reading.error;) {
    std::string_view type = reading.tree.words(*at)[1].text;
    constexpr std::string_view offline = "_OFFLINE_";
    if (type == "EMPTY" || type.starts_with(offline)) {
      source.is_silent = true;
      return source;
    }
    source.what = unread_type(type);
    if (!source.what.empty()) return source;
    const Level level = read_level(reading, *at);
    if (type != "SECTION") {
      if (level.file && !level.file->empty()) {
        source.path = level.file;
      } else {
        source.what = "items without a file";
      }
      return source;
    }
    // A whole source that is reversed has the mode 3, a section of one 2; a section of a section adds up.
    if (level.mode == 2 || level.mode == 3) source.is_reversed = true;
    if (level.mode != 3 && level.length_s > 0.0) {
      const double start = level.start_s + (source.section ? source.section->start_s : 0.0);
      const double length =
          source.section ? std::min(source.section->length_s, level.length_s) : level.length_s;
      source.section = MediaSource::Section{start, length};
    }
    at = level.inner;
  }
  source.what = "sections of nothing";
  return source;
}

bool place_in_source(MediaSource& source, Clip& clip) {
  if (!source.path) return false;
  if (source.is_reversed) {
    source.what = "items that play backwards";
    clip.rate = -1.0;
    return false;
  }
  if (!source.section) return true;
  const double left = source.section->length_s - clip.offset_s;
  clip.offset_s += source.section->start_s;
  // REAPER's own rounding may leave the section by the last digits.
  if (clip.length_s <= left + 1e-6 && clip.offset_s >= source.section->start_s - 1e-6) {
    clip.loop_s.reset();
    return true;
  }
  source.what =
      clip.loop_s ? "items that repeat a section of their source" : "items longer than their section";
  clip.length_s = std::max(0.0, left);
  clip.loop_s.reset();
  return false;
}

std::vector<std::size_t> source_channels(long channel_mode) {
  const auto channel = [](long index) { return static_cast<std::size_t>(index); };
  if (channel_mode == 1) return {1, 0};
  if (channel_mode >= 3 && channel_mode <= 66) return {channel(channel_mode - 3)};
  if (channel_mode >= 67 && channel_mode <= 130)
    return {channel(channel_mode - 67), channel(channel_mode - 66)};
  if (channel_mode >= 131 && channel_mode <= 194) return {channel(channel_mode - 67)};
  if (channel_mode >= 195 && channel_mode <= 257)
    return {channel(channel_mode - 131), channel(channel_mode - 130)};
  return {};
}

}  // namespace gainstage
