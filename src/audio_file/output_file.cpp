// SPDX-License-Identifier: MIT
#include "audio_file/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

namespace gainstage {

namespace {

// Pages twice as large are hardly cheaper to read, but more of a file is there whenever a part of it is.
constexpr std::int64_t piece_bytes = 512 * 1024;

// So much at a time is sent on to the disk.
constexpr std::int64_t sent_on_bytes = 8 * piece_bytes;

// A hidden name beside the final one; cut so that the longest allowed name still has room for the suffix.
std::string temporary_name(const std::string& name) {
  static std::atomic<unsigned> counter{0};  // Only makes names differ; nothing depends on its value.
  constexpr std::size_t kept_bytes = 200;
  return fmt::format(".{}.part-{}-{}", name.substr(0, kept_bytes), getpid(), counter++);
}

std::string reason_text(int reason) { return std::generic_category().message(reason); }

bool exists(const std::string& path) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0;
}

tl::unexpected<Error> already_there(const std::string& path) {
  return failure(ErrorCode::io,
                 "A file of this name exists and was not overwritten; ask for overwriting, or choose "
                 "another name.",
                 {.file = path});
}

}  // namespace

OutputFile::OutputFile(std::string path, std::string folder, Overwrite overwrite)
    : path_(std::move(path)), folder_(std::move(folder)), overwrite_(overwrite) {}

OutputFile::~OutputFile() {
  close_file();
  if (!is_committed_ && !temporary_path_.empty()) unlink(temporary_path_.c_str());
}

void OutputFile::close_file() {
  if (file_ >= 0) close(file_);
  file_ = -1;
}

tl::unexpected<Error> OutputFile::refused(const char* what, int reason) const {
  if (reason == ENOSPC || reason == EDQUOT) {
    return failure(
        ErrorCode::io,
        fmt::format("The disk is full ({}); nothing was left under the final name. Free some space or "
                    "write elsewhere.",
                    reason_text(reason)),
        {.file = path_});
  }
  return failure(ErrorCode::io, fmt::format("{}: {}.", what, reason_text(reason)), {.file = path_});
}

Result<std::unique_ptr<OutputFile>> OutputFile::create(const std::string& path, Overwrite overwrite) {
  const std::filesystem::path final_path(path);
  const std::string name = final_path.filename().string();
  if (name.empty() || name == "." || name == "..") {
    return failure(ErrorCode::io, "This names a folder; expected the name of a file to write.",
                   {.file = path});
  }
  struct stat status {};
  if (stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) {
    return failure(ErrorCode::io, "There is a folder of this name; choose another name.", {.file = path});
  }
  if (overwrite == Overwrite::no && exists(path)) return already_there(path);

  std::filesystem::path folder = final_path.parent_path();
  if (folder.empty()) folder = ".";
  std::unique_ptr<OutputFile> output(new OutputFile(path, folder.string(), overwrite));
  // A file of the same process number may be left from a killed run: then try the next number.
  for (int attempt = 0; attempt < 1000 && output->file_ < 0; ++attempt) {
    const std::string temporary_path = (folder / temporary_name(name)).string();
    output->file_ = open(temporary_path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (output->file_ >= 0) {
      output->temporary_path_ = temporary_path;
    } else if (errno != EEXIST) {
      break;
    }
  }
  if (output->file_ < 0) return output->refused("The folder does not take a new file", errno);
  return output;
}

void OutputFile::hand_over(std::span<const std::byte> more) {
  std::array<iovec, 2> parts{iovec{pending_.data(), pending_.size()},
                             iovec{const_cast<std::byte*>(more.data()), more.size()}};
  std::span<iovec> left(parts);
  off_t at = pending_at_;
  while (first_error_ == 0) {
    while (!left.empty() && left.front().iov_len == 0) left = left.subspan(1);
    if (left.empty()) break;
    ssize_t taken = pwritev(file_, left.data(), static_cast<int>(left.size()), at);
    if (taken <= 0) {
      if (taken == 0 || errno != EINTR) first_error_ = taken == 0 ? ENOSPC : errno;
      continue;
    }
    at += taken;
    for (iovec& part : left) {
      const std::size_t of_part = std::min(part.iov_len, static_cast<std::size_t>(taken));
      part.iov_base = static_cast<std::byte*>(part.iov_base) + of_part;
      part.iov_len -= of_part;
      taken -= static_cast<ssize_t>(of_part);
    }
  }
  pending_at_ = pending_end() + static_cast<std::int64_t>(more.size());
  pending_.clear();
  send_on();
}

// Only a start: where the system can't, or fails, commit() does it and says so.
void OutputFile::send_on() {
  if (pending_at_ - sent_on_until_ < sent_on_bytes) return;
  sync_file_range(file_, sent_on_until_, pending_at_ - sent_on_until_, SYNC_FILE_RANGE_WRITE);
  sent_on_until_ = pending_at_;
}

void OutputFile::flush() { hand_over({}); }

std::size_t OutputFile::write(std::span<const std::byte> bytes) {
  if (first_error_ != 0) return 0;
  if (position_ != pending_end()) {
    flush();
    pending_at_ = position_;
  }
  std::span<const std::byte> left = bytes;
  const std::int64_t end = position_ + static_cast<std::int64_t>(bytes.size());
  const std::int64_t whole_pieces_end = end - end % piece_bytes;
  if (whole_pieces_end > pending_at_) {
    const auto here = static_cast<std::size_t>(whole_pieces_end - position_);
    hand_over(left.first(here));
    left = left.subspan(here);
  }
  pending_.insert(pending_.end(), left.begin(), left.end());
  position_ = end;
  size_ = std::max(size_, position_);
  return first_error_ == 0 ? bytes.size() : 0;
}

std::size_t OutputFile::read(std::span<std::byte> bytes) {
  flush();
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = pread(file_, bytes.data() + done, bytes.size() - done,
                              static_cast<off_t>(position_ + static_cast<std::int64_t>(done)));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    done += static_cast<std::size_t>(got);
  }
  position_ += static_cast<std::int64_t>(done);
  return done;
}

std::int64_t OutputFile::seek(std::int64_t offset, int whence) {
  const std::int64_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? position_ : size_;
  if (from + offset < 0) return -1;
  position_ = from + offset;
  return position_;
}

Result<void> OutputFile::check() const {
  if (first_error_ != 0) return refused("The file can't be written", first_error_);
  return {};
}

int OutputFile::rename_to_final() const {
  const char* from = temporary_path_.c_str();
  const char* to = path_.c_str();
  if (overwrite_ == Overwrite::yes) return rename(from, to) == 0 ? 0 : errno;
  if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  // A file system without exclusive renaming. A hard link is exclusive too.
  if (link(from, to) == 0) {
    unlink(from);
    return 0;
  }
  if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS) return errno;
  // Neither is there (FAT): look, then rename. Another program could come in between.
  if (exists(path_)) return EEXIST;
  return rename(from, to) == 0 ? 0 : errno;
}

Result<void> OutputFile::commit() {
  flush();
  if (auto written = check(); !written) return written;
  if (fsync(file_) != 0 && errno != EINVAL) return refused("The file can't be flushed to disk", errno);
  const int closed = close(file_);
  file_ = -1;
  if (closed != 0 && errno != EINTR) return refused("The file can't be closed", errno);
  const int reason = rename_to_final();
  if (reason == EEXIST) return already_there(path_);
  if (reason != 0) return refused("The finished file can't be given its name", reason);
  is_committed_ = true;
  // The new name survives a power cut only once the folder is flushed too; where it can't be, the file is
  // still whole.
  const int folder = open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    fsync(folder);
    close(folder);
  }
  return {};
}

Result<void> write_file(const std::string& path, std::string_view bytes, Overwrite overwrite) {
  auto output = OutputFile::create(path, overwrite);
  if (!output) return tl::unexpected(output.error());
  (*output)->write(std::as_bytes(std::span(bytes)));
  return (*output)->commit();
}

}  // namespace gainstage
