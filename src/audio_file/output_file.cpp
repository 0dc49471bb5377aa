// SPDX-License-Identifier: MIT
#include "audio_file/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

namespace gainstage {

namespace {

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

std::size_t OutputFile::write(std::span<const std::byte> bytes) {
  std::size_t done = 0;
  while (done < bytes.size() && first_error_ == 0) {
    const ssize_t taken = ::write(file_, bytes.data() + done, bytes.size() - done);
    if (taken > 0) {
      done += static_cast<std::size_t>(taken);
    } else if (taken == 0 || errno != EINTR) {
      first_error_ = taken == 0 ? ENOSPC : errno;
    }
  }
  position_ += static_cast<std::int64_t>(done);
  if (position_ > size_) size_ = position_;
  return done;
}

std::size_t OutputFile::read(std::span<std::byte> bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = ::read(file_, bytes.data() + done, bytes.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    done += static_cast<std::size_t>(got);
  }
  position_ += static_cast<std::int64_t>(done);
  return done;
}

std::int64_t OutputFile::seek(std::int64_t offset, int whence) {
  const off_t at = lseek(file_, offset, whence);
  if (at >= 0) position_ = at;
  return at;
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
