// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "exit_codes.h"
#include "manual.h"

namespace gainstage::cli {
namespace {

std::string flags_text(const Option& option) {
  std::string text = option.letter ? fmt::format("-{}, ", option.letter) : "    ";
  text += fmt::format("--{}", option.name);
  if (option.kind != Kind::flag) text += fmt::format(" {}", option.value);
  return text;
}

/// The sentence, with range and fallback.
std::string sentence_text(const Option& option) {
  std::string text(option.sentence);
  if (option.kind == Kind::number) text += fmt::format(" {:g} to {:g}.", option.min, option.max);
  if (!option.fallback.empty()) text += fmt::format(" Default: {}.", option.fallback);
  if (option.is_repeatable) text += " May be given again.";
  return text;
}

std::string options_text(std::span<const Option> options, const TextStyle& style) {
  constexpr std::size_t indent = 8;
  std::string text;
  for (const Option& option : options) {
    text += "  " + style.paint(flags_text(option), Ink::bold) + '\n';
    text += indented(sentence_text(option), style.width, indent) + '\n';
  }
  return text;
}

std::string usage_of(const Command& command) {
  std::string text = fmt::format("gainstage {}", command.name);
  if (!command.operand.name.empty()) {
    const std::string name =
        fmt::format("{}{}", command.operand.name, command.operand.may_be_many ? "..." : "");
    text += command.operand.is_needed ? " " + name : " [" + name + "]";
  }
  for (const Option& option : command.options) {
    if (option.is_needed) text += fmt::format(" --{} {}", option.name, option.value);
  }
  return command.options.empty() ? text : text + " [option...]";
}

std::string paragraphs(std::string_view text, std::size_t width) {
  std::string result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find("\n\n"), text.size());
    result += wrapped(text.substr(0, end), width, 0) + "\n\n";
    text.remove_prefix(std::min(end + 2, text.size()));
  }
  return result;
}

}  // namespace

std::string program_help(const TextStyle& style) {
  TextTable table({{"", Align::left}, {"", Align::left}});
  for (const Command& command : commands()) {
    table.add({{fmt::format("  {}", command.name), Ink::bold}, {std::string(command.sentence)}});
  }
  TextTable codes({{"", Align::right}, {"", Align::left}});
  for (const ExitCode& entry : exit_codes)
    codes.add({{fmt::format("  {}", entry.code)}, {std::string(entry.meaning)}});
  return "Gain staging for a whole song: sets the levels of the stems from the low end up, raises the mix "
         "to\n"
         "what your delivery asks for, and says why it moved every dB.\n\n"
         "Usage: gainstage COMMAND ...\n\n" +
         table.text(style) + "\nExit codes\n" + codes.text(style) +
         "\n`gainstage COMMAND --help` has a command's options, `man gainstage` has them all.\n";
}

std::string command_help(const Command& command, const TextStyle& style) {
  return fmt::format("{}\n\nUsage: {}\n\n", command.sentence, usage_of(command)) +
         paragraphs(command.text, style.width) + "Options\n" + options_text(command.options, style) +
         options_text(common_options(), style);
}

}  // namespace gainstage::cli
