// SPDX-License-Identifier: MIT
// A folder that appears under its name only when everything in it is whole.
#pragma once

#include <string>
#include <vector>

#include "audio_file/audio_writer.h"
#include "base/error.h"
#include "session/session.h"

namespace gainstage {

/// A hidden folder, ".NAME.part-PID", beside the final place; removed with all in it unless taken away.
/// Movable.
class OutputFolder {
 public:
  /// Errors: io, when the place is taken (and overwrite is no), its parent is missing, or the system refuses.
  static Result<OutputFolder> create(const std::string& final_path, Overwrite overwrite);
  OutputFolder(OutputFolder&& other) noexcept;
  OutputFolder& operator=(OutputFolder&&) = delete;
  ~OutputFolder();

  /// Where to write until commit().
  const std::string& path() const { return path_; }
  /// Puts what was written in its place. In a folder that is there already, files are replaced one by one;
  /// mixes, reports and stems of an earlier run (its report.json tells) that this one does not write are
  /// removed; all other files stay.
  Result<void> commit();
  /// The error with final instead of temporary paths in its sentence.
  Error in_final_words(Error error) const;

 private:
  OutputFolder(std::string path, std::string final_path, Overwrite overwrite)
      : path_(std::move(path)), final_path_(std::move(final_path)), overwrite_(overwrite) {}

  std::string path_;  ///< Empty: nothing left to remove.
  std::string final_path_;
  Overwrite overwrite_;
};

/// "STEMS_DIR-staged", whatever way the folder is written ("song/", ".").
std::string default_output(const std::string& stems_folder);

/// Refuses an output folder within the stems' folder (its mix would be the next run's stem), and one in which
/// a stem lies under a name that will be written.
Result<void> check_output(const std::string& out, const std::string& stems_folder, const Session& session);

/// Refuses a file within the stems' folder, or one that is a stem.
Result<void> check_output_file(const std::string& file, const std::string& stems_folder,
                               const Session& session);

}  // namespace gainstage
