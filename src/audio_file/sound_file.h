// SPDX-License-Identifier: MIT
// Ownership and names for libsndfile's handles. For this room only.
#pragma once

#include <sndfile.h>

#include <memory>
#include <string>
#include <vector>

#include "audio_file/audio_reader.h"

namespace gainstage {

struct CloseSoundFile {
  void operator()(SNDFILE* file) const { sf_close(file); }
};
using SoundFile = std::unique_ptr<SNDFILE, CloseSoundFile>;

/// What a failed open left behind: the handle is null and `message` is the library's sentence.
struct OpenedSoundFile {
  SoundFile file;
  SF_INFO info{};
  std::string message;
};

/// Open for reading or writing. The library keeps the reason of a failed open in globals, so these take
/// turns.
OpenedSoundFile open_sound_file(const std::string& path);
OpenedSoundFile open_sound_file(int descriptor);  ///< Which stays open afterwards.
OpenedSoundFile open_sound_file_for_writing(SF_VIRTUAL_IO& io, const SF_INFO& info, void* user);

/// The library's sentence without its prefix and full stop.
std::string sound_file_message(const char* message);

/// Container's usual name, "WAV" or "FLAC".
std::string container_name(int format);

/// Where a file's length comes from.
enum class LengthFrom {
  bytes,      ///< Uncompressed: from the number of bytes that are there.
  header,     ///< FLAC: the header's word.
  last_page,  ///< Ogg: what the last page that is there says.
  estimate,   ///< MP3: its header at best, else a guess from the bit rate.
};

struct StoredSamples {
  SampleKind kind = SampleKind::integer;
  int bits = 16;
  std::size_t bytes = 0;  ///< Of one sample in the file; 0 for codecs.
};
StoredSamples stored_samples(int format);
LengthFrom length_from(int format);

struct FilePositions {
  std::vector<ChannelPosition> positions;
  bool are_known = false;
};

/// The file's own channel map where it has one, else the usual order of its container: known where the
/// container lays it down (FLAC, Ogg) or there is nothing to mistake (mono, stereo).
FilePositions channel_positions(SNDFILE* file, const SF_INFO& info);

/// How BS.1770 weights these channels.
std::vector<Speaker> speakers_at(const std::vector<ChannelPosition>& positions);

}  // namespace gainstage
