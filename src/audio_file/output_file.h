// SPDX-License-Identifier: MIT
// A file that appears under its name only when it is whole. For this room only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "audio_file/audio_writer.h"
#include "base/error.h"

namespace gainstage {

/// A hidden temporary file, ".NAME.part-PID-N", in the folder of the final path. Every write that the system
/// refuses is remembered: a codec may lose the news on its way, commit() does not.
///
/// What is written goes to the system in large pieces that begin at multiples of their length. So the system
/// can keep the file in large pages, and whoever reads it next is spared most of the cost of small ones.
class OutputFile {
 public:
  static Result<std::unique_ptr<OutputFile>> create(const std::string& path, Overwrite overwrite);
  ~OutputFile();  ///< Removes the temporary file unless committed.
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// Writes at the current position; returns how many bytes were taken. That the system refuses them may be
  /// known only later.
  std::size_t write(std::span<const std::byte> bytes);
  std::size_t read(std::span<std::byte> bytes);
  std::int64_t seek(std::int64_t offset, int whence);  ///< As lseek(2).
  std::int64_t position() const { return position_; }
  std::int64_t size() const { return size_; }

  /// The first refusal of the system, as an error, if there was one.
  Result<void> check() const;
  /// Flushes to disk and renames to the final path.
  Result<void> commit();

 private:
  OutputFile(std::string path, std::string folder, Overwrite overwrite);
  tl::unexpected<Error> refused(const char* what, int reason) const;
  std::int64_t pending_end() const { return pending_at_ + static_cast<std::int64_t>(pending_.size()); }
  void flush();
  /// Gives the system what is pending, and `more`, which comes behind it.
  void hand_over(std::span<const std::byte> more);
  /// Has the disk take what was handed over while more is made, so that commit() has little to wait for.
  void send_on();
  /// 0, or the reason.
  int rename_to_final() const;
  void close_file();

  std::string path_;
  std::string folder_;
  std::string temporary_path_;
  Overwrite overwrite_;
  int file_ = -1;
  int first_error_ = 0;
  std::int64_t position_ = 0;
  std::int64_t size_ = 0;
  std::vector<std::byte> pending_;  ///< Written, but not given to the system yet.
  std::int64_t pending_at_ = 0;     ///< Its place in the file.
  std::int64_t sent_on_until_ = 0;
  bool is_committed_ = false;
};

}  // namespace gainstage
