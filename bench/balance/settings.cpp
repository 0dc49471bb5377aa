// SPDX-License-Identifier: MIT
#include "balance/settings.h"

#include <charconv>
#include <optional>

namespace gainstage::bench {

namespace {

template <typename Number>
std::optional<Number> number_within(std::string_view text, Number least, Number greatest) {
  Number value{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (!(value >= least && value <= greatest)) return std::nullopt;
  return value;
}

tl::unexpected<Error> wrong(std::string_view option, std::string_view value, std::string_view expected) {
  return failure(ErrorCode::usage, std::string(option) + " takes " + std::string(expected) + ", not '" +
                                       std::string(value) + "'.");
}

bool* flag_of(Settings& settings, std::string_view name) {
  if (name == "--demo") return &settings.with_demo;
  if (name == "--tracks") return &settings.with_tracks;
  if (name == "--json") return &settings.as_json;
  if (name == "--from-files") return &settings.from_files;
  if (name == "--without-names") return &settings.without_names;
  if (name == "--help") return &settings.wants_help;
  return nullptr;
}

Result<void> set(Settings& settings, std::string_view name, std::string_view value) {
  if (name == "--seeds") {
    const auto seeds = number_within<std::uint64_t>(value, 1, 1000);
    if (!seeds) return wrong(name, value, "a whole number from 1 to 1000");
    settings.seeds = *seeds;
  } else if (name == "--style") {
    for (const Style style : {Style::automatic, Style::rock, Style::pop}) {
      if (to_string(style) == value) {
        settings.staging.style = style;
        return {};
      }
    }
    return wrong(name, value, "auto, rock or pop");
  } else {
    const auto percent = number_within(value, 0.0, 100.0);
    if (!percent) return wrong(name, value, "a number from 0 to 100");
    (name == "--strength" ? settings.staging.strength_percent : settings.staging.keep_levels_percent) =
        *percent;
  }
  return {};
}

}  // namespace

Result<Settings> parse_settings(std::span<const std::string_view> arguments) {
  Settings settings;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (!argument.starts_with("--")) {
      settings.folders.emplace_back(argument);
    } else if (bool* flag = flag_of(settings, argument)) {
      *flag = true;
    } else if (argument == "--seeds" || argument == "--style" || argument == "--strength" ||
               argument == "--keep-levels") {
      if (i + 1 == arguments.size()) return wrong(argument, "", "a value");
      if (Result<void> known = set(settings, argument, arguments[++i]); !known)
        return tl::unexpected(known.error());
    } else {
      return failure(ErrorCode::usage, "There is no option '" + std::string(argument) + "'; see --help.");
    }
  }
  return settings;
}

std::string_view usage() {
  return "balance_bench [options] [folder...]\n"
         "How near the plan comes to a human mix after its stems were scrambled by +-12 dB.\n"
         "Folders hold stems that sum to a mix; without any, the songs of ../shared/data/stems and the "
         "demo.\n\n"
         "  --demo             the demo song too, which is made first\n"
         "  --tracks           signed error of every track\n"
         "  --json             everything, as JSON\n"
         "  --from-files       scramble the files of one seed too, and say how far the plan made from them "
         "is off\n"
         "  --without-names    hide the tracks' names, so that sound alone tells roles\n"
         "  --seeds N          scrambles a song (5)\n"
         "  --style STYLE      auto, rock or pop\n"
         "  --keep-levels P    as of stage, percent\n"
         "  --strength P       as of stage, percent\n";
}

}  // namespace gainstage::bench
