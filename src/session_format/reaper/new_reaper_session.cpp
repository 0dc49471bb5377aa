// SPDX-License-Identifier: MIT
#include "session_format/reaper/new_reaper_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <string_view>

#include "session_format/reaper/reading.h"
#include "session_format/reaper/rpp_text.h"

namespace gainstage {
namespace {

constexpr std::size_t most_channels = 128;

/// The type that REAPER gives a source with this file name.
std::string_view source_type(std::string_view path) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> types = {
      {{"flac", "FLAC"}, {"mp3", "MP3"}, {"ogg", "VORBIS"}, {"opus", "OPUS"}, {"wv", "WAVPACK"}}};
  std::string extension(path.substr(path.find_last_of('.') + 1));
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const auto& [known, type] : types) {
    if (extension == known) return type;
  }
  return "WAVE";
}

/// The same for the same track of the same session (FNV-1a, 64 bits, twice).
std::string guid(std::string_view name, std::size_t index, std::uint64_t salt) {
  const auto hash = [&](std::uint64_t seed) {
    std::uint64_t value = 14695981039346656037u ^ seed;
    for (const char c : name) value = (value ^ static_cast<unsigned char>(c)) * 1099511628211u;
    return (value ^ index) * 1099511628211u;
  };
  const std::uint64_t high = hash(salt);
  const std::uint64_t low = hash(salt + 1);
  return fmt::format("{{{:08X}-{:04X}-{:04X}-{:04X}-{:012X}}}", high >> 32, (high >> 16) & 0xFFFF,
                     high & 0xFFFF, low >> 48, low & 0xFFFF'FFFF'FFFF);
}

/// REAPER's tracks have an even number of channels, at least two.
std::size_t track_channels(std::size_t channels) { return std::max<std::size_t>(2, channels + channels % 2); }

std::string problem_of(const NewTrack& track) {
  const auto is_gain = [](double ratio) { return ratio >= 0.0 && ratio <= greatest_reaper_gain; };
  if (!is_gain(track.fader_ratio) || !is_gain(track.trim_ratio)) {
    return fmt::format("fader and trim would be {:+.2f} and {:+.2f} dB; REAPER holds up to +24 dB",
                       to_db(track.fader_ratio).value, to_db(track.trim_ratio).value);
  }
  if (!(track.source_rate_hz > 0.0) || !std::isfinite(track.source_rate_hz) || track.source_frames < 0) {
    return "its length in seconds is not known";
  }
  if (track.channels == 0 || track.channels > most_channels) {
    return fmt::format("it has {} channels; a REAPER track has 1 to {}", track.channels, most_channels);
  }
  const std::string& path = track.source_path;
  const bool has_control = std::any_of(
      path.begin(), path.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  const bool has_all_quotes = path.find('"') != std::string::npos && path.find('\'') != std::string::npos &&
                              path.find('`') != std::string::npos;
  if (path.empty() || has_control || has_all_quotes)
    return "a REAPER project can't name its file; rename the file";
  return "";
}

void append_track(std::string& text, const NewTrack& track, std::size_t index) {
  const std::string id = guid(track.name, index, 0);
  text += fmt::format("  <TRACK {}\n    NAME {}\n    AUTOMODE 0\n    VOLPAN {} 0 -1 -1 1\n", id,
                      rpp_string(track.name), rpp_number(track.fader_ratio));
  text +=
      fmt::format("    MUTESOLO 0 0 0\n    IPHASE 0\n    ISBUS 0 0\n    NCHAN {}\n    FX 1\n    TRACKID {}\n",
                  track_channels(track.channels), id);
  text += "    MAINSEND 1 0\n    <ITEM\n      POSITION 0\n      SNAPOFFS 0\n";
  text += fmt::format("      LENGTH {}\n",
                      rpp_number(static_cast<double>(track.source_frames) / track.source_rate_hz));
  text +=
      "      LOOP 0\n      ALLTAKES 0\n      FADEIN 0 0 0 0 0 0\n      FADEOUT 0 0 0 0 0 0\n      MUTE 0 0\n";
  text += fmt::format("      IGUID {}\n      NAME {}\n      VOLPAN {} 0 1 -1\n", guid(track.name, index, 2),
                      rpp_string(track.name), rpp_number(track.trim_ratio));
  text += fmt::format("      SOFFS 0\n      PLAYRATE 1 1 0 -1 0 0.0025\n      CHANMODE 0\n      GUID {}\n",
                      guid(track.name, index, 4));
  text += fmt::format("      <SOURCE {}\n        FILE {}\n      >\n    >\n  >\n",
                      source_type(track.source_path), rpp_string(track.source_path));
}

}  // namespace

Result<std::string> new_reaper_session(const NewSession& session) {
  const bool is_master_gain = session.master_ratio >= 0.0 && session.master_ratio <= greatest_reaper_gain;
  if (!is_master_gain || !(session.sample_rate_hz > 0.0) || !std::isfinite(session.sample_rate_hz)) {
    return failure(ErrorCode::usage,
                   fmt::format("A REAPER project needs a sample rate and a master gain of up to +24 dB; "
                               "there are {} Hz and {:+.2f} dB.",
                               session.sample_rate_hz, to_db(session.master_ratio).value));
  }
  std::size_t master_channels = 2;
  for (const NewTrack& track : session.tracks) {
    const std::string problem = problem_of(track);
    if (!problem.empty()) {
      return failure(ErrorCode::usage, fmt::format("{}: {}.", track.name, problem), {.track = track.name});
    }
    master_channels = std::max(master_channels, track_channels(track.channels));
  }
  std::string text = "<REAPER_PROJECT 0.1 \"6.83/linux-x86_64\" 0\n";
  if (!session.name.empty()) text += fmt::format("  TITLE {}\n", rpp_string(session.name));
  text += fmt::format(
      "  PANLAW 1\n  PANMODE 3\n  ITEMMIX 0\n  SAMPLERATE {} 1 0\n  GLOBAL_AUTO -1\n  TEMPO 120 4 4\n"
      "  PLAYRATE 1 0 0.25 4\n  MASTERAUTOMODE 0\n  MASTERMUTESOLO 0\n  MASTERHWOUT 0 0 1 0 0 0 0 -1\n"
      "  MASTER_NCH {} 2\n  MASTER_VOLUME {} 0 -1 -1 1\n  MASTER_FX 1\n",
      rpp_number(session.sample_rate_hz), master_channels, rpp_number(session.master_ratio));
  for (std::size_t i = 0; i < session.tracks.size(); ++i) append_track(text, session.tracks[i], i);
  return text + ">\n";
}

}  // namespace gainstage
