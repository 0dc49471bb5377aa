// SPDX-License-Identifier: MIT
#include "settings.h"

#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <utility>

#include "values.h"
#include "workspace/known_targets.h"

namespace gainstage::cli {
namespace {

bool looks_like_a_number(std::string_view text) {
  return !text.empty() &&
         (text[0] == '-' || text[0] == '+' || text[0] == '.' || (text[0] >= '0' && text[0] <= '9'));
}

template <typename Enum>
Enum choice_of(const Given& given, std::string_view name, std::initializer_list<Enum> values) {
  const std::string text = given.text(name);
  for (Enum value : values) {
    if (to_string(value) == text) return value;
  }
  assert(false);  // The parser has checked it.
  return *values.begin();
}

/// What a value is about, whatever way its track is spelled. A track that is not there stays as it is
/// written.
std::string meant_by(const Option& option, const std::string& text, const Session& session) {
  const std::string key(key_of(option, text));
  if (option.kind != Kind::role && option.kind != Kind::range) return key;
  return full_track_name(session, key).value_or(key);
}

/// Refuses two values of one option for one track. `source` begins the sentence.
Result<void> check_once(const Command& command, const Values& values, const Session& session,
                        std::string_view source) {
  for (const auto& [name, texts] : values) {
    const Option& option = *find_option(command, name);
    std::map<std::string, std::string> first_by_track;
    for (const std::string& text : texts) {
      const std::string meant = meant_by(option, text, session);
      if (meant.empty()) break;
      const std::string spelled(key_of(option, text));
      const auto [first, is_new] = first_by_track.try_emplace(meant, spelled);
      if (is_new) continue;
      return failure(ErrorCode::usage,
                     fmt::format("{}--{} is given twice for '{}', as '{}' and as '{}'; keep one", source,
                                 name, meant, first->second, spelled));
    }
  }
  return {};
}

/// `meaning` tells which values of an option are about the same; empty: there is one value, or one list.
template <typename Meaning>
Values merged_by(const Command& command, Values from_file, const Values& from_line, Meaning meaning) {
  for (const auto& [name, texts] : from_line) {
    const Option& option = *find_option(command, name);
    std::vector<std::string>& result = from_file[name];
    if (!meaning(option, texts.front()).empty()) {
      std::erase_if(result, [&](const std::string& old) {
        return std::ranges::any_of(
            texts, [&](const std::string& text) { return meaning(option, text) == meaning(option, old); });
      });
      result.insert(result.end(), texts.begin(), texts.end());
    } else {
      result = texts;
    }
  }
  return from_file;
}

}  // namespace

std::string Given::text(std::string_view name) const {
  const auto given = values_.find(name);
  return given != values_.end() ? given->second.back() : std::string(option(name).fallback);
}

double Given::number(std::string_view name) const { return parse_number(text(name)).value(); }

const std::vector<std::string>& Given::all(std::string_view name) const {
  static const std::vector<std::string> none;
  const auto given = values_.find(name);
  return given != values_.end() ? given->second : none;
}

Json Given::settings() const {
  Json json = Json::object();
  for (const Option& entry : command_.options) {
    if (!entry.is_setting) continue;
    const std::string name(entry.name);
    if (entry.is_repeatable) {
      json[name] = all(name);
    } else if (entry.kind == Kind::flag) {
      json[name] = has(name);
    } else if (text(name).empty()) {
      json[name] = nullptr;
    } else if (entry.kind == Kind::number) {
      json[name] = number(name);
    } else {
      json[name] = text(name);
    }
  }
  return json;
}

Values merged(const Command& command, Values from_file, const Values& from_line) {
  return merged_by(
      command, std::move(from_file), from_line,
      [](const Option& option, const std::string& text) { return std::string(key_of(option, text)); });
}

Result<Values> merged(const Command& command, Values from_file, const Values& from_line,
                      const Session& session) {
  if (auto checked = check_once(command, from_file, session, "gainstage.toml: "); !checked)
    return tl::unexpected(checked.error());
  if (auto checked = check_once(command, from_line, session, ""); !checked)
    return tl::unexpected(checked.error());
  return merged_by(
      command, std::move(from_file), from_line,
      [&](const Option& option, const std::string& text) { return meant_by(option, text, session); });
}

Result<std::vector<Target>> known_targets(const Given& given) {
  std::vector<std::string> more;
  if (given.has("targets")) more.push_back(given.text("targets"));
  return gainstage::known_targets(more);
}

Result<Target> chosen_target(const Given& given, const std::vector<Target>& targets) {
  const std::string text = given.text("target");
  if (!looks_like_a_number(text)) return find_target(targets, text);
  Option as_number = given.option("target");
  as_number.min = -70.0;
  as_number.max = 0.0;
  const auto loudness = parse_number(as_number, text);
  if (!loudness) return tl::unexpected(loudness.error());
  return numeric_target({*loudness}, {given.has("ceiling") ? given.number("ceiling") : -1.0});
}

Result<StageSettings> stage_settings(const Given& given, const Target& target) {
  StageSettings settings;
  settings.target = target;
  if (!target.aim) {
    return failure(
        ErrorCode::usage,
        fmt::format("{} asks for no loudness that a mix can be raised to; give a number, as in --target -16, "
                    "and look at the result with `gainstage check --target {}`",
                    target.title, target.id));
  }
  StagingOptions& staging = settings.staging;
  staging.target = *target.aim;
  if (given.has("ceiling")) staging.target.ceiling = {given.number("ceiling")};
  staging.anchor = {given.number("anchor")};
  staging.anchor_detector = choice_of(given, "anchor-detector",
                                      {AnchorDetector::peak, AnchorDetector::true_peak, AnchorDetector::vu,
                                       AnchorDetector::rms, AnchorDetector::short_term});
  staging.nominal = {given.number("nominal")};
  staging.style = choice_of(given, "style", {Style::automatic, Style::rock, Style::pop});
  staging.reach = choice_of(given, "reach", {Reach::stop, Reach::limit, Reach::lower});
  staging.strength_percent = given.number("strength");
  staging.keep_levels_percent = given.number("keep-levels");
  for (const std::string& text : given.all("role")) staging.roles.insert(parse_role(text).value());
  for (const std::string& text : given.all("lock")) staging.locked.insert(text);
  for (const std::string& text : given.all("range")) {
    staging.ranges.insert(parse_range(given.option("range"), text).value());
  }
  for (const std::string& text : given.all("group")) staging.groups.push_back(parse_group(text).value());
  if (given.has("focus")) staging.focus = given.text("focus");
  staging.order = parse_order(given.text("order")).value();

  settings.measuring.true_peak = true_peak_filter(given);
  settings.measuring.vu_reference = staging.nominal;
  if (given.has("force")) settings.measuring.non_finite = NonFinite::silence;
  settings.render.format = given.text("format");
  settings.render.bits = given.text("bits");
  staging.output_step = settings.render.bits == "16"   ? std::ldexp(1.0, -15)
                        : settings.render.bits == "24" ? std::ldexp(1.0, -23)
                                                       : 0.0;
  settings.render.non_finite_as_silence = given.has("force");
  if (settings.render.format == "flac" && settings.render.bits == "32f") {
    return failure(ErrorCode::usage, "FLAC has no floating point; take --bits 24, or --format wav");
  }
  return settings;
}

WorkOptions work_options(const Given& given, const Cancellation& cancellation) {
  WorkOptions work;
  if (given.has("threads")) work.threads = static_cast<std::size_t>(given.number("threads"));
  work.cancellation = &cancellation;
  return work;
}

std::size_t memory_for_samples(const Given& given) {
  constexpr std::size_t megabyte = 1000 * 1000;
  if (given.has("memory")) return megabyte * static_cast<std::size_t>(given.number("memory"));
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page_bytes = sysconf(_SC_PAGESIZE);
  if (pages <= 0 || page_bytes <= 0) return 0;
  return static_cast<std::size_t>(pages) / 8 * static_cast<std::size_t>(page_bytes);
}

TruePeakFilter true_peak_filter(const Given& given) {
  return given.text("true-peak") == "bs1770" ? TruePeakFilter::bs1770_4x : TruePeakFilter::oversampled_16x;
}

}  // namespace gainstage::cli
