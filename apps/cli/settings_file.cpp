// SPDX-License-Identifier: MIT
#include "settings_file.h"

#include <fmt/format.h>

#include <toml++/toml.h>

#include <filesystem>
#include <optional>

#include "base/nearest_word.h"
#include "settings.h"
#include "values.h"

namespace gainstage::cli {
namespace {

std::optional<std::string> number_text(const toml::node& node) {
  if (const auto* integer = node.as_integer()) return fmt::format("{}", integer->get());
  if (const auto* real = node.as_floating_point()) return fmt::format("{}", real->get());
  return std::nullopt;
}

std::optional<std::string> string_text(const toml::node& node) {
  if (const auto* string = node.as_string()) return string->get();
  return std::nullopt;
}

/// Strings of an array, or one string alone; absent when it is anything else.
std::optional<std::vector<std::string>> strings(const toml::node& node) {
  if (const auto single = string_text(node)) return std::vector{*single};
  const toml::array* array = node.as_array();
  if (!array) return std::nullopt;
  std::vector<std::string> list;
  for (const toml::node& entry : *array) {
    const auto text = string_text(entry);
    if (!text) return std::nullopt;
    list.push_back(*text);
  }
  return list;
}

std::string joined(const std::vector<std::string>& list) {
  std::string text;
  for (std::size_t i = 0; i < list.size(); ++i) text += (i > 0 ? "," : "") + list[i];
  return text;
}

/// "LO..HI", or a list of two numbers.
std::optional<std::string> range_text(const toml::node& node) {
  if (const auto text = string_text(node)) return text;
  const toml::array* array = node.as_array();
  if (!array || array->size() != 2) return std::nullopt;
  const auto low = number_text(*array->get(0));
  const auto high = number_text(*array->get(1));
  if (!low || !high) return std::nullopt;
  return *low + ".." + *high;
}

/// The text of one entry of the tables role, range and group, as the command line has it.
std::optional<std::string> entry_text(Kind kind, const std::string& name, const toml::node& node) {
  if (kind == Kind::group) {
    const auto tracks = strings(node);
    if (!tracks || name.find('=') != std::string::npos) return std::nullopt;
    return group_text(name, *tracks);
  }
  const auto value = kind == Kind::range ? range_text(node) : string_text(node);
  return value ? std::optional(name + '=' + *value) : std::nullopt;
}

std::string_view expected(const Option& option) {
  switch (option.kind) {
    case Kind::flag:
      return "true or false";
    case Kind::number:
    case Kind::count:
      return "a number";
    case Kind::role:
      return "a table of tracks and roles";
    case Kind::range:
      return "a table of tracks and [low, high]";
    case Kind::group:
      return "a table of names and lists of tracks";
    case Kind::order:
      return "a list of bands";
    case Kind::target:
      return "a destination's name or a number of LUFS";
    case Kind::choice:
    case Kind::path:
    case Kind::track:
    case Kind::address:
      return option.is_repeatable ? "a list of names" : "a text in quotes";
  }
  return "";
}

class SettingsReader {
 public:
  SettingsReader(const std::string& file, const Command& command) : file_(file), command_(command) {}

  Result<Values> read(const toml::table& table) {
    for (const auto& [key, node] : table) {
      const std::string name(key.str());
      const Option* option = find_option(command_, name);
      if (!option || !option->is_setting) return unknown(name, key.source());
      if (const auto taken = take(*option, node); !taken) return tl::unexpected(taken.error());
    }
    return values_;
  }

 private:
  Result<void> take(const Option& option, const toml::node& node) {
    switch (option.kind) {
      case Kind::flag: {
        const auto* flag = node.as_boolean();
        if (!flag) return wrong_kind(option, node);
        if (flag->get()) values_[std::string(option.name)] = {""};
        return {};
      }
      case Kind::number:
      case Kind::count:
        return add(option, number_text(node), node);
      case Kind::choice:
      case Kind::target: {
        const auto text = string_text(node);
        return add(option, text ? text : number_text(node), node);
      }
      case Kind::order: {
        const auto bands = strings(node);
        return add(option, bands ? std::optional(joined(*bands)) : std::nullopt, node);
      }
      case Kind::role:
      case Kind::range:
      case Kind::group:
        return take_table(option, node);
      case Kind::track:
      case Kind::path:
      case Kind::address:
        return option.is_repeatable ? take_list(option, node) : add(option, string_text(node), node);
    }
    return {};
  }

  Result<void> take_table(const Option& option, const toml::node& node) {
    const toml::table* table = node.as_table();
    if (!table) return wrong_kind(option, node);
    for (const auto& [key, entry] : *table) {
      const auto text = entry_text(option.kind, std::string(key.str()), entry);
      if (const auto added = add(option, text, entry); !added) return added;
    }
    return {};
  }

  Result<void> take_list(const Option& option, const toml::node& node) {
    const auto list = strings(node);
    if (!list) return wrong_kind(option, node);
    for (const std::string& text : *list) {
      if (const auto added = add(option, text, node); !added) return added;
    }
    return {};
  }

  Result<void> add(const Option& option, const std::optional<std::string>& text, const toml::node& node) {
    if (!text) return wrong_kind(option, node);
    if (const auto checked = check_value(option, *text); !checked) {
      return wrong(node.source(), checked.error().sentence);
    }
    values_[std::string(option.name)].push_back(*text);
    return {};
  }

  tl::unexpected<Error> wrong_kind(const Option& option, const toml::node& node) const {
    return wrong(node.source(), fmt::format("{} wants {}", option.name, expected(option)));
  }

  tl::unexpected<Error> unknown(const std::string& name, const toml::source_region& source) const {
    std::vector<std::string> names;
    for (const Option& option : command_.options) {
      if (option.is_setting) names.emplace_back(option.name);
    }
    const auto nearest = nearest_word(name, names);
    return wrong(source, fmt::format("unknown setting '{}'; {}the settings are {}", name,
                                     nearest ? "did you mean '" + *nearest + "'? " : "", joined(names)));
  }

  tl::unexpected<Error> wrong(const toml::source_region& source, const std::string& what) const {
    const auto line = source.begin.line;
    return failure(ErrorCode::bad_input, fmt::format("{}, line {}: {}", file_, line, what),
                   {file_, "", line, {}});
  }

  const std::string& file_;
  const Command& command_;
  Values values_;
};

}  // namespace

Result<Values> parse_settings(std::string_view toml, const std::string& file, const Command& command) {
  try {
    return SettingsReader(file, command).read(toml::parse(toml, file));
  } catch (const toml::parse_error& error) {
    const std::size_t line = error.source().begin.line;
    return failure(ErrorCode::bad_input, fmt::format("{}, line {}: {}", file, line, error.description()),
                   {file, "", line, {}});
  }
}

Result<Values> folder_values(const std::string& folder, const Command& command) {
  const std::string path = (std::filesystem::path(folder) / "gainstage.toml").string();
  std::error_code ignored;
  const std::filesystem::file_status itself = std::filesystem::symlink_status(path, ignored);
  if (!std::filesystem::exists(itself)) return Values{};
  if (std::filesystem::is_symlink(itself) && !std::filesystem::exists(path, ignored)) {
    return failure(ErrorCode::io,
                   fmt::format("{} is a symbolic link that leads nowhere; mend it, or take it away to stage "
                               "without settings",
                               path),
                   {path, "", {}, {}});
  }
  const auto text = read_text(path);
  if (!text) return tl::unexpected(text.error());
  return parse_settings(*text, path, command);
}

}  // namespace gainstage::cli
