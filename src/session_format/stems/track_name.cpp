// SPDX-License-Identifier: MIT
#include "session_format/stems/track_name.h"

#include <cstdint>

namespace gainstage {

namespace {

std::uint8_t byte_at(std::string_view text, std::size_t at) { return static_cast<std::uint8_t>(text[at]); }

// Length of the well-formed sequence at the start of the text, or 0. Unicode 15, table 3-7.
std::size_t sequence_length(std::string_view text) {
  const std::uint8_t lead = byte_at(text, 0);
  if (lead < 0x80) return 1;
  std::size_t length = 0;
  std::uint8_t second_from = 0x80;
  std::uint8_t second_to = 0xbf;
  if (lead >= 0xc2 && lead <= 0xdf) {
    length = 2;
  } else if (lead >= 0xe0 && lead <= 0xef) {
    length = 3;
    if (lead == 0xe0) second_from = 0xa0;  // No overlong forms.
    if (lead == 0xed) second_to = 0x9f;    // No surrogates.
  } else if (lead >= 0xf0 && lead <= 0xf4) {
    length = 4;
    if (lead == 0xf0) second_from = 0x90;
    if (lead == 0xf4) second_to = 0x8f;  // Nothing over U+10FFFF.
  }
  if (length == 0 || text.size() < length) return 0;
  if (byte_at(text, 1) < second_from || byte_at(text, 1) > second_to) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if (byte_at(text, i) < 0x80 || byte_at(text, i) > 0xbf) return 0;
  }
  return length;
}

bool is_control(std::string_view sequence) {
  const std::uint8_t lead = byte_at(sequence, 0);
  if (sequence.size() == 1) return lead < 0x20 || lead == 0x7f;
  return sequence.size() == 2 && lead == 0xc2 && byte_at(sequence, 1) < 0xa0;  // U+0080 to U+009F.
}

}  // namespace

std::string to_printable_utf8(std::string_view bytes) {
  constexpr std::string_view replacement = "\xef\xbf\xbd";
  std::string text;
  while (!bytes.empty()) {
    const std::size_t length = sequence_length(bytes);
    const bool is_kept = length > 0 && !is_control(bytes.substr(0, length));
    text += is_kept ? bytes.substr(0, length) : replacement;
    bytes.remove_prefix(length > 0 ? length : 1);
  }
  return text;
}

}  // namespace gainstage
