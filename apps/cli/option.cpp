// SPDX-License-Identifier: MIT
#include "option.h"

#include <algorithm>

namespace gainstage::cli {
namespace {

template <typename Matches>
const Option* first_option(const Command& command, Matches matches) {
  for (const std::span<const Option> options : {std::span<const Option>(command.options), common_options()}) {
    const auto found = std::ranges::find_if(options, matches);
    if (found != options.end()) return &*found;
  }
  return nullptr;
}

}  // namespace

const Command* find_command(std::string_view name) {
  const auto all = commands();
  const auto found = std::ranges::find(all, name, &Command::name);
  return found == all.end() ? nullptr : &*found;
}

const Option* find_option(const Command& command, std::string_view name) {
  return first_option(command, [&](const Option& option) { return option.name == name; });
}

const Option* find_option(const Command& command, char letter) {
  return first_option(command, [&](const Option& option) { return option.letter == letter; });
}

std::vector<std::string_view> choices(std::string_view words) {
  std::vector<std::string_view> list;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find('|'), words.size());
    list.push_back(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return list;
}

}  // namespace gainstage::cli
