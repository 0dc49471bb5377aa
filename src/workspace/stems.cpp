// SPDX-License-Identifier: MIT
#include "workspace/stems.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "audio_file/audio_reader.h"
#include "session_format/stems/stems_folder.h"
#include "workspace/error_sentence.h"

namespace gainstage {
namespace {

Result<SourceInfo> probe(const std::string& path) {
  const auto reader = AudioReader::open(path);
  if (!reader) return tl::unexpected(reader.error());
  const AudioFileInfo& info = reader->info();
  return SourceInfo{info.sample_rate_hz,     info.channels(),     info.frames,
                    info.is_truncated,       info.missing_frames, info.positions,
                    info.are_positions_known};
}

std::string kebab(std::string code) {
  std::ranges::replace(code, '_', '-');
  return code;
}

}  // namespace

Result<Stems> load_stems(const std::string& folder) {
  auto read = read_stems(folder, probe);
  if (!read) return tl::unexpected(read.error());
  Stems stems{std::move(read->session), {}, std::move(read->problems)};
  for (const Error& problem : stems.problems) {
    stems.notes.push_back(
        {"unreadable", problem.where.track, sentence_of(problem) + " It is left out.", std::nullopt});
  }
  for (const StemNote& note : read->notes) {
    stems.notes.push_back({kebab(note.code), note.track, note.sentence, std::nullopt});
  }
  return stems;
}

Error refusal_of_bad_stems(const Stems& stems, const std::string& folder) {
  return {
      stems.problems.front().code,
      fmt::format("{} of the stems in {} can't be read; repair or take away what is named above, or go on "
                  "without with --force",
                  stems.problems.size(), folder),
      {}};
}

}  // namespace gainstage
