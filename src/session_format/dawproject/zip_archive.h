// SPDX-License-Identifier: MIT
// A zip archive in memory: its members read with limits, one of them replaced, or a new archive written.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace gainstage {

struct ZipMember {
  std::string name;              ///< UTF-8; relative, with '/' between folders.
  std::uint64_t bytes = 0;       ///< As the archive claims; what is read is counted.
  std::uint64_t in_archive = 0;  ///< Compressed.
};

/// What is taken from a stranger.
struct ZipLimits {
  std::size_t members = 65'535;
};

/// Takes a piece of a member; a failure ends the reading and is passed on.
using ByteSink = std::function<Result<void>(std::string_view)>;

/// Invariant: every name is relative, without "..", and there once.
class ZipArchive {
 public:
  static Result<ZipArchive> read(std::string bytes, const ZipLimits& limits = {});

  const std::string& bytes() const { return bytes_; }
  const std::vector<ZipMember>& members() const { return members_; }
  std::optional<std::size_t> find(std::string_view name) const;

  /// Passes on the member's content, piece by piece, in bounded memory; its check sum is verified. Fails
  /// before more than `most_bytes` are passed on, where it is encrypted, compressed by a method that is not
  /// known, or damaged. May be called by several threads at once.
  Result<void> stream(std::size_t member, std::uint64_t most_bytes, const ByteSink& sink) const;
  Result<std::string> content(std::size_t member, std::uint64_t most_bytes) const;

  /// The archive with that member's content replaced. The others keep their compressed bytes, place, time and
  /// attributes; the replaced one keeps its place, time and method.
  Result<std::string> with(std::size_t member, std::string_view content) const;

 private:
  std::string bytes_;
  std::vector<ZipMember> members_;
};

/// A member of an archive that is written anew.
struct NewZipMember {
  std::string name;
  std::string_view content;
  enum class Method { stored, deflated } method = Method::deflated;
};

/// Every time stamp is 1980-01-01, so that the same content makes the same bytes.
Result<std::string> write_zip(std::span<const NewZipMember> members);

/// Whether a member may have that name: relative, no "..", no drive, nothing empty.
bool is_safe_member_name(std::string_view name);

}  // namespace gainstage
