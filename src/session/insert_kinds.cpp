// SPDX-License-Identifier: MIT
#include "session/insert_kinds.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <vector>

namespace gainstage {
namespace {

using namespace std::string_view_literals;

// Words that begin like these; the shorter ones in the lists of whole words.
constexpr std::array non_linear_beginnings{
    "compress"sv, "limit"sv,     "maximi"sv,    "dynamic"sv, "gate"sv,      "expand"sv,       "deess"sv,
    "satur"sv,    "distort"sv,   "overdri"sv,   "fuzz"sv,    "crush"sv,     "clipp"sv,        "waveshap"sv,
    "excit"sv,    "enhanc"sv,    "transient"sv, "console"sv, "preamp"sv,    "vocoder"sv,      "autotune"sv,
    "pitch"sv,    "leveler"sv,   "leveller"sv,  "denois"sv,  "amplitube"sv, "channelstrip"sv, "harmonic"sv,
    "bitcrush"sv, "multiband"sv, "ducker"sv,    "guitarix"sv};
constexpr std::array non_linear_words{
    "comp"sv,  "tape"sv,    "tube"sv,    "valve"sv,    "amp"sv,      "drive"sv,  "clip"sv,        "la2a"sv,
    "1176"sv,  "fet"sv,     "vca"sv,     "opto"sv,     "deesser"sv,  "esser"sv,  "strip"sv,       "vari"sv,
    "mu"sv,    "reacomp"sv, "reagate"sv, "realimit"sv, "reaxcomp"sv, "xcomp"sv,  "decapitator"sv, "neutron"sv,
    "ozone"sv, "tune"sv,    "cab"sv,     "cabinet"sv,  "boost"sv,    "warmth"sv, "glue"sv,        "mbcomp"sv};
constexpr std::array linear_beginnings{
    "equali"sv,   "filter"sv,  "highpass"sv, "lowpass"sv, "delay"sv,    "reverb"sv,    "convol"sv, "chorus"sv,
    "phaser"sv,   "flanger"sv, "tremolo"sv,  "panner"sv,  "autopan"sv,  "meter"sv,     "analy"sv,  "spectr"sv,
    "goniomet"sv, "utilit"sv,  "scope"sv,    "stereoi"sv, "correlat"sv, "crossfeed"sv, "amplif"sv};
constexpr std::array linear_words{
    "eq"sv,       "eq8"sv,    "gain"sv,     "trim"sv,       "volume"sv,     "echo"sv,
    "width"sv,    "stereo"sv, "pan"sv,      "verb"sv,       "room"sv,       "hall"sv,
    "plate"sv,    "reaeq"sv,  "readelay"sv, "reaverb"sv,    "reaverbate"sv, "reafir"sv,
    "level"sv,    "fader"sv,  "polarity"sv, "phase"sv,      "invert"sv,     "ir"sv,
    "lv2convo"sv, "hpf"sv,    "lpf"sv,      "parametric"sv, "graphic"sv,    "shelf"sv,
    "bassmgmt"sv, "vu"sv,     "ebur128"sv,  "loudness"sv,   "k20"sv,        "dpm"sv};

/// Lower-case words; a digit belongs to the word it stands in.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  char last = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_hump = std::isupper(byte) && std::islower(static_cast<unsigned char>(last));
    if ((!std::isalnum(byte) || is_hump) && !word.empty()) {
      words.push_back(word);
      word.clear();
    }
    if (std::isalnum(byte)) word += static_cast<char>(std::tolower(byte));
    last = c;
  }
  if (!word.empty()) words.push_back(word);
  // "De-esser" and "de esser" are one word, and a hump may have cut one in two.
  const std::size_t count = words.size();
  for (std::size_t i = 0; i + 1 < count; ++i) words.push_back(words[i] + words[i + 1]);
  return words;
}

template <typename Words, typename Beginnings>
bool has_one_of(const std::vector<std::string>& words, const Words& whole, const Beginnings& beginnings) {
  return std::ranges::any_of(words, [&](const std::string& word) {
    return std::ranges::find(whole, word) != whole.end() ||
           std::ranges::any_of(beginnings, [&](std::string_view begin) { return word.starts_with(begin); });
  });
}

Insert::Kind kind_of(std::string_view text) {
  const std::vector<std::string> words = words_of(text);
  // A plain amplifier is a gain; what follows it in the name may say otherwise.
  if (has_one_of(words, non_linear_words, non_linear_beginnings)) return Insert::Kind::non_linear;
  if (has_one_of(words, linear_words, linear_beginnings)) return Insert::Kind::linear;
  return Insert::Kind::unknown;
}

}  // namespace

Insert::Kind insert_kind(std::string_view name, std::string_view identifier) {
  const Insert::Kind by_name = kind_of(name);
  if (by_name != Insert::Kind::unknown) return by_name;
  // Of a URI only the last part names the plug-in; hosts and makers are called anything.
  const std::size_t end = identifier.find_last_of("/#:");
  return kind_of(end == std::string_view::npos ? identifier : identifier.substr(end + 1));
}

bool has_non_linear_insert(const Strip& strip, bool is_after_fader) {
  return std::ranges::any_of(strip.inserts, [&](const Insert& insert) {
    return insert.is_enabled && insert.is_after_fader == is_after_fader &&
           insert.kind != Insert::Kind::linear;
  });
}

bool has_insert(const Strip& strip, bool is_after_fader) {
  return std::ranges::any_of(strip.inserts, [&](const Insert& insert) {
    return insert.is_enabled && insert.is_after_fader == is_after_fader;
  });
}

}  // namespace gainstage
