// SPDX-License-Identifier: MIT
#include "session_format/dawproject/zip_archive.h"

#include <fmt/format.h>

#include <memory>
#include <unordered_set>

#include "session_format/dawproject/zip_library.h"

namespace gainstage {
namespace {

constexpr std::size_t piece_bytes = std::size_t{64} << 10;
// 1980-01-01, the first day that a zip can name: (year - 1980) * 512 + month * 32 + day.
constexpr zip_uint16_t first_dos_day = 1 * 32 + 1;

struct Discard {
  void operator()(zip_t* archive) const { zip_library().discard(archive); }
};
using Archive = std::unique_ptr<zip_t, Discard>;

struct FreeSource {
  void operator()(zip_source_t* source) const { zip_library().source_free(source); }
};
using Source = std::unique_ptr<zip_source_t, FreeSource>;

struct CloseFile {
  void operator()(zip_file_t* file) const { zip_library().fclose(file); }
};

class ZipError {
 public:
  ZipError() { zip_library().error_init(&error_); }
  ~ZipError() { zip_library().error_fini(&error_); }
  ZipError(const ZipError&) = delete;
  ZipError& operator=(const ZipError&) = delete;
  zip_error_t* address() { return &error_; }
  std::string words() { return zip_library().error_strerror(&error_); }

 private:
  zip_error_t error_;
};

tl::unexpected<Error> bad(std::string sentence) { return failure(ErrorCode::bad_input, std::move(sentence)); }

struct Opened {
  Source source;  ///< Survives the archive, so that what was written can be read from it.
  Archive archive;
};

Result<Opened> open(std::string_view bytes, int flags) {
  if (auto there = load_zip_library(); !there) return tl::unexpected(there.error());
  ZipError error;
  zip_source_t* source = zip_library().source_buffer_create(bytes.data(), bytes.size(), 0, error.address());
  if (!source) return bad(fmt::format("The zip archive can't be opened: {}.", error.words()));
  Opened opened;
  opened.source.reset(source);
  zip_library().source_keep(source);
  opened.archive.reset(zip_library().open_from_source(source, flags, error.address()));
  if (!opened.archive) {
    zip_library().source_free(source);
    return bad(
        fmt::format("This is not a zip archive that can be read ({}); a DAWproject is one.", error.words()));
  }
  return opened;
}

// What an archive that was written to its source holds now.
Result<std::string> written(Opened opened) {
  if (zip_library().close(opened.archive.get()) != 0) {
    return bad(
        fmt::format("The zip archive can't be written: {}.", zip_library().strerror(opened.archive.get())));
  }
  (void)opened.archive.release();  // Closing has freed it.
  zip_source_t* source = opened.source.get();
  zip_stat_t stat;
  zip_library().stat_init(&stat);
  if (zip_library().source_stat(source, &stat) != 0 || !(stat.valid & ZIP_STAT_SIZE) ||
      zip_library().source_open(source) != 0) {
    return bad("The zip archive that was written can't be read again.");
  }
  std::string bytes(stat.size, '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const zip_int64_t count = zip_library().source_read(source, bytes.data() + done, bytes.size() - done);
    if (count <= 0) break;
    done += static_cast<std::size_t>(count);
  }
  zip_library().source_close(source);
  if (done != bytes.size()) return bad("The zip archive that was written can't be read to its end.");
  return bytes;
}

Result<zip_stat_t> stat_of(zip_t* archive, std::size_t member, const std::string& name) {
  zip_stat_t stat;
  zip_library().stat_init(&stat);
  if (zip_library().stat_index(archive, member, ZIP_FL_UNCHANGED, &stat) != 0) {
    return bad(fmt::format("The member '{}' of the zip archive can't be looked at.", name));
  }
  return stat;
}

std::string too_long(const std::string& name, std::uint64_t bytes, std::uint64_t most_bytes) {
  return fmt::format("The member '{}' of the zip archive holds {} bytes; at most {} are read.", name, bytes,
                     most_bytes);
}

}  // namespace

bool is_safe_member_name(std::string_view name) {
  if (name.empty() || name.front() == '/' || name.front() == '\\') return false;
  if (name.size() >= 2 && name[1] == ':') return false;
  while (!name.empty()) {
    const std::size_t end = std::min(name.find_first_of("/\\"), name.size());
    if (name.substr(0, end) == "..") return false;
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return true;
}

Result<ZipArchive> ZipArchive::read(std::string bytes, const ZipLimits& limits) {
  // The library would take it for an archive without members.
  if (bytes.empty()) return bad("The file is empty: not a zip archive, and a DAWproject is one.");
  ZipArchive zip;
  zip.bytes_ = std::move(bytes);
  const auto opened = open(zip.bytes_, ZIP_RDONLY);
  if (!opened) return tl::unexpected(opened.error());
  zip_t* archive = opened->archive.get();
  const zip_int64_t count = zip_library().get_num_entries(archive, 0);
  if (count < 0 || static_cast<std::uint64_t>(count) > limits.members) {
    return bad(fmt::format("The zip archive has {} members; at most {} are read.", count, limits.members));
  }
  std::unordered_set<std::string> names;
  for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(count); ++i) {
    const char* name = zip_library().get_name(archive, i, ZIP_FL_ENC_GUESS);
    ZipMember member{.name = name ? name : ""};
    if (!is_safe_member_name(member.name)) {
      return bad(fmt::format(
          "The zip archive has a member '{}', a place outside of it; nothing of it is read.", member.name));
    }
    if (!names.insert(member.name).second) {
      return bad(
          fmt::format("The zip archive has two members '{}'; which one counts can't be told.", member.name));
    }
    const auto stat = stat_of(archive, i, member.name);
    if (!stat) return tl::unexpected(stat.error());
    member.bytes = stat->valid & ZIP_STAT_SIZE ? stat->size : 0;
    member.in_archive = stat->valid & ZIP_STAT_COMP_SIZE ? stat->comp_size : 0;
    zip.members_.push_back(std::move(member));
  }
  return zip;
}

std::optional<std::size_t> ZipArchive::find(std::string_view name) const {
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (members_[i].name == name) return i;
  }
  return std::nullopt;
}

Result<void> ZipArchive::stream(std::size_t member, std::uint64_t most_bytes, const ByteSink& sink) const {
  const std::string& name = members_.at(member).name;
  const auto opened = open(bytes_, ZIP_RDONLY);
  if (!opened) return tl::unexpected(opened.error());
  zip_t* archive = opened->archive.get();
  const auto stat = stat_of(archive, member, name);
  if (!stat) return tl::unexpected(stat.error());
  if (stat->valid & ZIP_STAT_ENCRYPTION_METHOD && stat->encryption_method != ZIP_EM_NONE) {
    return bad(
        fmt::format("The member '{}' of the zip archive is encrypted; save it without a password.", name));
  }
  if (stat->valid & ZIP_STAT_COMP_METHOD && stat->comp_method != ZIP_CM_STORE &&
      stat->comp_method != ZIP_CM_DEFLATE) {
    return bad(
        fmt::format("The member '{}' of the zip archive is compressed by method {}; stored (0) or deflated "
                    "(8) is expected.",
                    name, stat->comp_method));
  }
  if (stat->valid & ZIP_STAT_SIZE && stat->size > most_bytes)
    return bad(too_long(name, stat->size, most_bytes));

  const std::unique_ptr<zip_file_t, CloseFile> file(zip_library().fopen_index(archive, member, 0));
  if (!file)
    return bad(fmt::format("The member '{}' of the zip archive can't be read: {}.", name,
                           zip_library().strerror(archive)));
  std::string piece(piece_bytes, '\0');
  std::uint64_t done = 0;
  while (true) {
    const zip_int64_t count = zip_library().fread(file.get(), piece.data(), piece.size());
    if (count < 0) {
      return bad(fmt::format("The member '{}' of the zip archive is damaged: {}.", name,
                             zip_library().file_strerror(file.get())));
    }
    if (count == 0) break;
    done += static_cast<std::uint64_t>(count);
    if (done > most_bytes) return bad(too_long(name, done, most_bytes));
    if (auto taken = sink(std::string_view(piece).substr(0, static_cast<std::size_t>(count))); !taken)
      return taken;
  }
  return {};
}

Result<std::string> ZipArchive::content(std::size_t member, std::uint64_t most_bytes) const {
  std::string content;
  const auto done = stream(member, most_bytes, [&](std::string_view piece) -> Result<void> {
    content += piece;
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return content;
}

Result<std::string> ZipArchive::with(std::size_t member, std::string_view content) const {
  const std::string& name = members_.at(member).name;
  auto opened = open(bytes_, 0);
  if (!opened) return tl::unexpected(opened.error());
  zip_t* archive = opened->archive.get();
  const auto stat = stat_of(archive, member, name);
  if (!stat) return tl::unexpected(stat.error());
  const auto refused = [&] {
    return bad(fmt::format("The member '{}' of the zip archive can't be replaced: {}.", name,
                           zip_library().strerror(archive)));
  };
  zip_source_t* source = zip_library().source_buffer(archive, content.data(), content.size(), 0);
  if (!source) return refused();
  if (zip_library().file_replace(archive, member, source, 0) != 0) {
    zip_library().source_free(source);
    return refused();
  }
  const zip_int32_t method =
      stat->valid & ZIP_STAT_COMP_METHOD && stat->comp_method == ZIP_CM_STORE ? ZIP_CM_STORE : ZIP_CM_DEFLATE;
  if (zip_library().set_file_compression(archive, member, method, 0) != 0) return refused();
  if (stat->valid & ZIP_STAT_MTIME && zip_library().file_set_mtime(archive, member, stat->mtime, 0) != 0)
    return refused();
  return written(*std::move(opened));
}

Result<std::string> write_zip(std::span<const NewZipMember> members) {
  if (auto there = load_zip_library(); !there) return tl::unexpected(there.error());
  ZipError error;
  Opened opened;
  opened.source.reset(zip_library().source_buffer_create(nullptr, 0, 0, error.address()));
  if (!opened.source) return bad(fmt::format("No zip archive can be made: {}.", error.words()));
  zip_library().source_keep(opened.source.get());
  opened.archive.reset(zip_library().open_from_source(opened.source.get(), ZIP_TRUNCATE, error.address()));
  if (!opened.archive) {
    zip_library().source_free(opened.source.get());
    return bad(fmt::format("No zip archive can be made: {}.", error.words()));
  }
  zip_t* archive = opened.archive.get();
  for (const NewZipMember& member : members) {
    const auto refused = [&] {
      return bad(fmt::format("The member '{}' can't be put into the zip archive: {}.", member.name,
                             zip_library().strerror(archive)));
    };
    if (!is_safe_member_name(member.name)) {
      return bad(fmt::format(
          "'{}' can't be the name of a member of a zip archive; a relative one is expected.", member.name));
    }
    zip_source_t* source =
        zip_library().source_buffer(archive, member.content.data(), member.content.size(), 0);
    if (!source) return refused();
    const zip_int64_t index = zip_library().file_add(archive, member.name.c_str(), source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
      zip_library().source_free(source);
      return refused();
    }
    const auto place = static_cast<zip_uint64_t>(index);
    const zip_int32_t method = member.method == NewZipMember::Method::stored ? ZIP_CM_STORE : ZIP_CM_DEFLATE;
    if (zip_library().set_file_compression(archive, place, method, 0) != 0) return refused();
    if (zip_library().file_set_dostime(archive, place, 0, first_dos_day, 0) != 0) return refused();
  }
  return written(std::move(opened));
}

}  // namespace gainstage
