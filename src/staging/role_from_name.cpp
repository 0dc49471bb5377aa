// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cctype>
#include <string>
#include <unordered_set>
#include <vector>

#include "staging/role_words.h"
#include "staging/roles.h"

namespace gainstage {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    if (const auto part = text.substr(0, end); !part.empty()) parts.push_back(part);
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

/// ASCII letter without accent of a Latin-1 or Latin Extended-A letter in UTF-8 (U+00C0 to U+017F), lower
/// case. Only letters that the six languages use; '?' for others.
char without_accent(unsigned code_point) {
  constexpr std::string_view latin1 =
      "aaaaaaaceeeeiiiidnooooo?ouuuuy?s"   // U+00C0
      "aaaaaaaceeeeiiiidnooooo?ouuuuy?y";  // U+00E0
  if (code_point >= 0xC0 && code_point < 0xC0 + latin1.size()) return latin1[code_point - 0xC0];
  if (code_point == 0x152 || code_point == 0x153) return 'o';  // oe ligature, as in 'choeur' without its e
  return '?';
}

/// The words of a name: lower case, no accents; parted at anything that is no letter, between letters and
/// digits, and where a small letter meets a capital. Digits stay as words of their own ("808").
std::vector<std::string> words_of(std::string_view name) {
  enum class Kind { none, lower, upper, digit };
  std::vector<std::string> words;
  Kind previous = Kind::none;
  const auto add = [&](char c, Kind kind) {
    const bool starts = previous == Kind::none || (previous == Kind::digit) != (kind == Kind::digit) ||
                        (previous == Kind::lower && kind == Kind::upper);
    if (starts) words.emplace_back();
    // "DRUMSBus": the last capital of a run begins the next word.
    if (previous == Kind::upper && kind == Kind::lower && words.back().size() > 1) {
      const char last = words.back().back();
      words.back().pop_back();
      words.emplace_back(1, last);
    }
    words.back() += c;
    previous = kind;
  };
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto byte = static_cast<unsigned char>(name[i]);
    if (std::isdigit(byte)) {
      add(name[i], Kind::digit);
    } else if (byte < 0x80 && std::isalpha(byte)) {
      add(static_cast<char>(std::tolower(byte)), std::isupper(byte) ? Kind::upper : Kind::lower);
    } else if ((byte == 0xC3 || byte == 0xC5) && i + 1 < name.size()) {
      const unsigned code_point = ((byte & 0x1Fu) << 6) | (static_cast<unsigned char>(name[i + 1]) & 0x3Fu);
      ++i;
      const char letter = without_accent(code_point);
      const Kind kind = code_point >= 0xC0 && code_point < 0xDF ? Kind::upper : Kind::lower;
      if (code_point == 0xDF) add('s', Kind::lower);
      if (letter != '?') add(letter, kind);
      if (code_point == 0x152 || code_point == 0x153) add('e', kind);
    } else {
      previous = Kind::none;
    }
  }
  return words;
}

/// Every word any rule knows, for taking joined words apart.
std::unordered_set<std::string_view> vocabulary() {
  std::unordered_set<std::string_view> words(passed_over_words().begin(), passed_over_words().end());
  for (const RoleWords& rule : role_words()) {
    for (std::string_view required : split(rule.words, ' ')) {
      for (std::string_view word : split(required, '|')) words.insert(word);
    }
  }
  return words;
}

/// "snaretop" -> snare, top: the longest known beginning, when the rest is known too. Parts have at least 2
/// letters, the first at least 3.
std::vector<std::string> taken_apart(const std::string& word,
                                     const std::unordered_set<std::string_view>& known) {
  if (known.contains(word) || word.size() < 5) return {word};
  for (std::size_t length = word.size() - 2; length >= 2; --length) {
    const std::string head = word.substr(0, length);
    const std::string tail = word.substr(length);
    if (known.contains(head) && known.contains(tail) && (head.size() >= 3 || tail.size() >= 4))
      return {head, tail};
  }
  return {word};
}

std::string_view without_folder_and_extension(std::string_view file_name) {
  constexpr std::size_t longest_extension = 5;
  const std::size_t dot = file_name.rfind('.');
  if (dot != std::string_view::npos && dot > 0 && file_name.size() - dot <= longest_extension + 1) {
    file_name = file_name.substr(0, dot);
  }
  return file_name;
}

/// Every requirement of a rule is met by a word of its own.
bool is_met(const std::vector<std::string_view>& required, const std::vector<std::string>& words) {
  std::vector<bool> is_used(words.size(), false);
  return std::all_of(required.begin(), required.end(), [&](std::string_view alternatives) {
    for (std::string_view alternative : split(alternatives, '|')) {
      for (std::size_t i = 0; i < words.size(); ++i) {
        if (is_used[i] || words[i] != alternative) continue;
        is_used[i] = true;
        return true;
      }
    }
    return false;
  });
}

/// The words of a path's last part; the folders', when the last part knows nothing ("Drums/01.wav").
std::optional<NamedRole> role_from_words(const std::vector<std::string>& words) {
  const RoleWords* best = nullptr;
  std::size_t best_count = 0;
  for (const RoleWords& rule : role_words()) {
    const std::vector<std::string_view> required = split(rule.words, ' ');
    const bool is_better =
        required.size() > best_count || (required.size() == best_count && rule.confidence > best->confidence);
    if (is_better && is_met(required, words)) {
      best = &rule;
      best_count = required.size();
    }
  }
  if (!best) return std::nullopt;
  return NamedRole{best->role, best->confidence};
}

}  // namespace

std::optional<NamedRole> role_from_name(std::string_view file_name) {
  const std::unordered_set<std::string_view> known = vocabulary();
  std::vector<std::string_view> parts = split(without_folder_and_extension(file_name), '/');
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    std::vector<std::string> words;
    for (const std::string& word : words_of(*part)) {
      for (std::string& piece : taken_apart(word, known)) words.push_back(std::move(piece));
    }
    // "B3", "DX7" and "808" are words with digits in them: offer each pair joined as well.
    const std::size_t count = words.size();
    for (std::size_t i = 0; i + 1 < count; ++i) words.push_back(words[i] + words[i + 1]);
    if (const auto role = role_from_words(words)) return role;
  }
  return std::nullopt;
}

}  // namespace gainstage
