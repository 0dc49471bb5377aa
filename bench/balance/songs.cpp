// SPDX-License-Identifier: MIT
#include "balance/songs.h"

#include <filesystem>
#include <utility>

#include "audio_file/audio_reader.h"
#include "audio_file/audio_writer.h"
#include "base/audio_view.h"
#include "demo/demo.h"
#include "engine/engine.h"
#include "session_format/stems/stems_folder.h"

namespace gainstage::bench {

namespace {

namespace fs = std::filesystem;

Result<SourceInfo> probe(const std::string& path) {
  const Result<AudioReader> reader = AudioReader::open(path);
  if (!reader) return tl::unexpected(reader.error());
  const AudioFileInfo& info = reader->info();
  SourceInfo source;
  source.sample_rate_hz = info.sample_rate_hz;
  source.channels = info.channels();
  source.frames = info.frames;
  return source;
}

Result<Session> session_from(const std::string& folder) {
  Result<StemsFolder> stems = read_stems(folder, probe);
  if (!stems) return tl::unexpected(stems.error());
  if (!stems->problems.empty()) return tl::unexpected(stems->problems.front());
  return std::move(stems->session);
}

Result<void> copy_scaled(const std::string& from, const std::string& to, Db gain) {
  Result<AudioReader> reader = AudioReader::open(from);
  if (!reader) return tl::unexpected(reader.error());
  const AudioFileInfo& info = reader->info();
  const WriteFormat format{Container::wav, SampleFormat::float32, info.sample_rate_hz, info.channels()};
  Result<AudioWriter> writer = AudioWriter::create(to, format, Overwrite::yes);
  if (!writer) return tl::unexpected(writer.error());
  AudioBuffer block(info.channels(), 65536);
  const float ratio = static_cast<float>(to_ratio(gain));
  while (true) {
    const Result<std::size_t> count = reader->read(block.view());
    if (!count) return tl::unexpected(count.error());
    if (*count == 0) break;
    for (std::size_t c = 0; c < block.channels(); ++c) {
      for (float& sample : block.view(*count).channel(c)) sample *= ratio;
    }
    const AudioBuffer& filled = block;
    if (Result<void> written = writer->write(filled.view(*count)); !written) return written;
  }
  return writer->commit();
}

}  // namespace

Result<Song> song_from_folder(const std::string& folder) {
  Result<Session> session = session_from(folder);
  if (!session) return tl::unexpected(session.error());
  Result<Measurements> measurements = measure_session(*session, {});
  if (!measurements) return tl::unexpected(measurements.error());
  const fs::path path = fs::path(folder).lexically_normal();
  Song song;
  song.name = (path.has_filename() ? path.filename() : path.parent_path().filename()).string();
  song.to_mix_level.resize(session->tracks.size());
  song.session = std::move(*session);
  song.measurements = std::move(*measurements);
  return song;
}

Result<Song> demo_song(const std::string& folder) {
  const Result<std::vector<std::string>> written = write_demo(folder, Overwrite::yes);
  if (!written) return tl::unexpected(written.error());
  Result<Song> song = song_from_folder(folder);
  if (!song) return song;
  song->name = "demo";
  const std::span<const DemoStem> stems = demo_stems();
  for (std::size_t i = 0; i < song->session.tracks.size(); ++i) {
    for (const DemoStem& stem : stems) {
      if (stem.name == song->session.tracks[i].name) song->to_mix_level[i] = -stem.scatter;
    }
  }
  song->measurements = scaled(song->measurements, song->to_mix_level);
  return song;
}

Result<Measurements> measured_from_files(const Song& song, std::span<const Db> gains,
                                         const std::string& folder) {
  Session copy = song.session;
  for (std::size_t i = 0; i < copy.tracks.size(); ++i) {
    // Numbered, because a name may hold folders; the session keeps the track's name.
    const std::string path = (fs::path(folder) / (std::to_string(i) + ".wav")).string();
    const Db gain = song.to_mix_level[i] + gains[i];
    if (Result<void> written = copy_scaled(copy.tracks[i].source_path, path, gain); !written) {
      return tl::unexpected(written.error());
    }
    copy.tracks[i].source_path = path;
  }
  return measure_session(copy, {});
}

}  // namespace gainstage::bench
