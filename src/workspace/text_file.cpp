// SPDX-License-Identifier: MIT
#include "workspace/text_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace gainstage {

Result<std::string> read_text(const std::string& path) {
  constexpr std::size_t most_bytes = std::size_t{64} << 20;
  const auto refused = [&](const std::string& reason) {
    return failure(ErrorCode::io, fmt::format("{} can't be read: {}", path, reason), {path, "", {}, {}});
  };
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return refused("it is a folder");
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return refused(std::strerror(errno));
  std::string text;
  char block[65536];
  while (file.read(block, sizeof block) || file.gcount() > 0) {
    text.append(block, static_cast<std::size_t>(file.gcount()));
    if (text.size() > most_bytes) {
      return failure(ErrorCode::bad_input, fmt::format("{} is too large for a text file", path),
                     {path, "", {}, {}});
    }
  }
  if (file.bad()) return refused(std::strerror(errno));
  return text;
}

}  // namespace gainstage
