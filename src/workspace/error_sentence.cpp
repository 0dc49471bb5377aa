// SPDX-License-Identifier: MIT
#include "workspace/error_sentence.h"

#include <fmt/format.h>

#include <cctype>
#include <string_view>

namespace gainstage {
namespace {

/// Whether the name stands in the sentence, and not as a part of another word.
bool has_name(std::string_view sentence, std::string_view name) {
  const auto is_in_word = [&](std::size_t at) {
    return at < sentence.size() && std::isalnum(static_cast<unsigned char>(sentence[at])) != 0;
  };
  for (std::size_t at = sentence.find(name); at != std::string_view::npos; at = sentence.find(name, at + 1)) {
    if ((at == 0 || !is_in_word(at - 1)) && !is_in_word(at + name.size())) return true;
  }
  return false;
}

}  // namespace

std::string sentence_of(const Error& error) {
  const std::string& file = error.where.file;
  const std::string name = file.substr(file.find_last_of('/') + 1);
  if (name.empty() || has_name(error.sentence, name)) return error.sentence;
  return fmt::format("{}: {}", file, error.sentence);
}

}  // namespace gainstage
