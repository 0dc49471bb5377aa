// SPDX-License-Identifier: MIT
#include "audio_file/sound_file.h"

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <string_view>

namespace gainstage {

namespace {

bool is_side(int position) {
  return position == SF_CHANNEL_MAP_SIDE_LEFT || position == SF_CHANNEL_MAP_SIDE_RIGHT;
}

// A rear pair is the surround pair when it is the only one (5.1).
ChannelPosition position_of(int position, bool has_side_pair) {
  using enum ChannelPosition;
  switch (position) {
    case SF_CHANNEL_MAP_LEFT:
    case SF_CHANNEL_MAP_FRONT_LEFT:
      return left;
    case SF_CHANNEL_MAP_RIGHT:
    case SF_CHANNEL_MAP_FRONT_RIGHT:
      return right;
    case SF_CHANNEL_MAP_MONO:
    case SF_CHANNEL_MAP_CENTER:
    case SF_CHANNEL_MAP_FRONT_CENTER:
      return centre;
    case SF_CHANNEL_MAP_FRONT_LEFT_OF_CENTER:
      return left_of_centre;
    case SF_CHANNEL_MAP_FRONT_RIGHT_OF_CENTER:
      return right_of_centre;
    case SF_CHANNEL_MAP_LFE:
      return lfe;
    case SF_CHANNEL_MAP_SIDE_LEFT:
      return left_surround;
    case SF_CHANNEL_MAP_SIDE_RIGHT:
      return right_surround;
    case SF_CHANNEL_MAP_REAR_LEFT:
      return has_side_pair ? left_rear : left_surround;
    case SF_CHANNEL_MAP_REAR_RIGHT:
      return has_side_pair ? right_rear : right_surround;
    default:
      return other;
  }
}

// Vorbis I specification, 4.3.9; Opus (RFC 7845, 5.1.1.2) has the same order.
std::vector<ChannelPosition> vorbis_positions(std::size_t channels) {
  using enum ChannelPosition;
  switch (channels) {
    case 3:
      return {left, centre, right};
    case 5:
      return {left, centre, right, left_surround, right_surround};
    case 6:
      return {left, centre, right, left_surround, right_surround, lfe};
    case 7:
      return {left, centre, right, left_surround, right_surround, other, lfe};
    case 8:
      return {left, centre, right, left_surround, right_surround, left_rear, right_rear, lfe};
    default:
      return usual_positions(channels);
  }
}

std::mutex guards_globals_of_sndfile;

template <typename Open>
OpenedSoundFile open_alone(Open open) {
  const std::lock_guard lock(guards_globals_of_sndfile);
  OpenedSoundFile opened;
  opened.file.reset(open(opened.info));
  if (!opened.file) opened.message = sound_file_message(sf_strerror(nullptr));
  return opened;
}

}  // namespace

// BS.1770-5, annex 3: loudspeakers 60 to 120 degrees to the side weigh more. A rear pair stands at 110
// degrees when it is the only surround pair (5.1), and at 135 when there is a side pair too (7.1).
std::vector<Speaker> speakers_at(const std::vector<ChannelPosition>& positions) {
  std::vector<Speaker> layout;
  for (const ChannelPosition position : positions) {
    switch (position) {
      case ChannelPosition::left:
      case ChannelPosition::right:
      case ChannelPosition::centre:
      case ChannelPosition::left_of_centre:
      case ChannelPosition::right_of_centre:
        layout.push_back(Speaker::front);
        break;
      case ChannelPosition::left_surround:
      case ChannelPosition::right_surround:
        layout.push_back(Speaker::surround);
        break;
      case ChannelPosition::lfe:
        layout.push_back(Speaker::lfe);
        break;
      case ChannelPosition::left_rear:
      case ChannelPosition::right_rear:
      case ChannelPosition::other:
        layout.push_back(Speaker::other);
        break;
    }
  }
  return layout;
}

std::vector<Speaker> default_layout(std::size_t channels) { return speakers_at(usual_positions(channels)); }

FilePositions channel_positions(SNDFILE* file, const SF_INFO& info) {
  const auto channels = static_cast<std::size_t>(info.channels);
  std::vector<int> map(channels, SF_CHANNEL_MAP_INVALID);
  const int bytes = static_cast<int>(map.size() * sizeof(int));
  const bool has_map = sf_command(file, SFC_GET_CHANNEL_MAP_INFO, map.data(), bytes) == SF_TRUE &&
                       std::find(map.begin(), map.end(), SF_CHANNEL_MAP_INVALID) == map.end();
  if (!has_map) {
    const int container = info.format & SF_FORMAT_TYPEMASK;
    if (container == SF_FORMAT_OGG) return {vorbis_positions(channels), channels <= 8};
    return {usual_positions(channels), channels <= 2 || (container == SF_FORMAT_FLAC && channels <= 8)};
  }
  const bool has_side_pair = std::any_of(map.begin(), map.end(), is_side);
  FilePositions found{{}, true};
  for (int position : map) found.positions.push_back(position_of(position, has_side_pair));
  return found;
}

OpenedSoundFile open_sound_file(const std::string& path) {
  return open_alone([&](SF_INFO& info) { return sf_open(path.c_str(), SFM_READ, &info); });
}

OpenedSoundFile open_sound_file(int descriptor) {
  return open_alone([&](SF_INFO& info) { return sf_open_fd(descriptor, SFM_READ, &info, SF_FALSE); });
}

OpenedSoundFile open_sound_file_for_writing(SF_VIRTUAL_IO& io, const SF_INFO& wanted, void* user) {
  return open_alone([&](SF_INFO& info) {
    info = wanted;
    return sf_open_virtual(&io, SFM_WRITE, &info, user);
  });
}

std::string sound_file_message(const char* message) {
  std::string_view text = message ? message : "";
  constexpr std::string_view prefix = "Error : ";
  if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  while (!text.empty() && (text.back() == '.' || text.back() == '\n' || text.back() == ' '))
    text.remove_suffix(1);
  return std::string(text.empty() ? "no reason given" : text);
}

std::string container_name(int format) {
  switch (format & SF_FORMAT_TYPEMASK) {
    case SF_FORMAT_WAV:
    case SF_FORMAT_WAVEX:
      return "WAV";
    case SF_FORMAT_RF64:
      return "RF64";
    case SF_FORMAT_W64:
      return "W64";
    case SF_FORMAT_AIFF:
      return "AIFF";
    case SF_FORMAT_AU:
      return "AU";
    case SF_FORMAT_CAF:
      return "CAF";
    case SF_FORMAT_FLAC:
      return "FLAC";
    case SF_FORMAT_MPEG:
      return "MP3";
    case SF_FORMAT_OGG:
      return (format & SF_FORMAT_SUBMASK) == SF_FORMAT_OPUS ? "Ogg Opus" : "Ogg Vorbis";
    default:
      break;
  }
  SF_FORMAT_INFO name{};
  name.format = format & SF_FORMAT_TYPEMASK;
  const int failed = sf_command(nullptr, SFC_GET_FORMAT_INFO, &name, sizeof name);
  return failed == 0 && name.name ? name.name : "unknown";
}

StoredSamples stored_samples(int format) {
  using enum SampleKind;
  const int container = format & SF_FORMAT_TYPEMASK;
  const bool is_packed = container == SF_FORMAT_FLAC || container == SF_FORMAT_SDS;
  const auto plain = [&](SampleKind kind, int bits) {
    return StoredSamples{kind, bits, is_packed ? 0 : static_cast<std::size_t>(bits / 8)};
  };
  switch (format & SF_FORMAT_SUBMASK) {
    case SF_FORMAT_PCM_S8:
    case SF_FORMAT_PCM_U8:
      return plain(integer, 8);
    case SF_FORMAT_PCM_16:
      return plain(integer, 16);
    case SF_FORMAT_PCM_24:
      return plain(integer, 24);
    case SF_FORMAT_PCM_32:
      return plain(integer, 32);
    case SF_FORMAT_FLOAT:
      return plain(floating, 32);
    case SF_FORMAT_DOUBLE:
      return plain(floating, 64);
    case SF_FORMAT_ULAW:
    case SF_FORMAT_ALAW:
      return {integer, 16, 1};
    case SF_FORMAT_DPCM_8:
      return {integer, 8};
    case SF_FORMAT_DWVW_12:
      return {integer, 12};
    case SF_FORMAT_ALAC_20:
      return {integer, 20};
    case SF_FORMAT_DWVW_24:
    case SF_FORMAT_ALAC_24:
      return {integer, 24};
    case SF_FORMAT_ALAC_32:
      return {integer, 32};
    case SF_FORMAT_VORBIS:
    case SF_FORMAT_OPUS:
    case SF_FORMAT_MPEG_LAYER_I:
    case SF_FORMAT_MPEG_LAYER_II:
    case SF_FORMAT_MPEG_LAYER_III:
      return {floating, 32};
    default:  // The telephone and ADPCM codecs decode to 16 bits.
      return {integer, 16};
  }
}

LengthFrom length_from(int format) {
  switch (format & SF_FORMAT_TYPEMASK) {
    case SF_FORMAT_FLAC:
      return LengthFrom::header;
    case SF_FORMAT_OGG:
      return LengthFrom::last_page;
    case SF_FORMAT_MPEG:
      return LengthFrom::estimate;
    default:
      return LengthFrom::bytes;
  }
}

}  // namespace gainstage
