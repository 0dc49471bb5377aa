// SPDX-License-Identifier: MIT
#include "completion.h"

#include <fmt/format.h>

#include <algorithm>

#include "delivery/target.h"
#include "option.h"

namespace gainstage::cli {
namespace {

/// What completes a value: the words it is chosen from, or nothing where files do.
std::string words_of(Kind kind, std::string_view words) {
  std::string list;
  const auto add = [&](std::string_view word) { list += (list.empty() ? "" : " ") + std::string(word); };
  if (kind == Kind::choice) {
    for (std::string_view word : choices(words)) add(word);
  } else if (kind == Kind::target) {
    for (const Target& target : built_in_targets()) add(target.id);
  } else if (kind == Kind::order) {
    add("low,mid,high,effects");
  }
  return list;
}

bool takes_files(Kind kind) { return kind == Kind::path; }

std::string flags_of(const Option& option, std::string_view separator) {
  const std::string name = fmt::format("--{}", option.name);
  return option.letter ? fmt::format("-{}{}{}", option.letter, separator, name) : name;
}

std::string all_flags(const Command& command) {
  std::string list;
  for (const auto options : {std::span<const Option>(command.options), common_options()}) {
    for (const Option& option : options) list += (list.empty() ? "" : " ") + flags_of(option, " ");
  }
  return list;
}

std::string offer(const std::string& words) {
  return fmt::format("mapfile -t COMPREPLY < <(compgen -W '{}' -- \"$cur\")", words);
}

std::string bash_case(const Command& command) {
  std::string text = fmt::format("    {})\n      case \"$prev\" in\n", command.name);
  for (const Option& option : command.options) {
    if (option.kind == Kind::flag) continue;
    const std::string words = words_of(option.kind, option.value);
    // Without words, and with none to offer, bash completes file names by itself.
    text += fmt::format("        {}) {}return ;;\n", flags_of(option, "|"),
                        words.empty() ? "" : offer(words) + "; ");
  }
  const std::string words = words_of(command.operand.kind, command.operand.words);
  text += "      esac\n      if [[ $cur == -* ]]; then\n        " + offer(all_flags(command)) + '\n';
  if (!words.empty()) text += "      else\n        " + offer(words) + '\n';
  return text + "      fi\n      ;;\n";
}

/// Text within single quotes of zsh, where ':', '[' and ']' mean something to _arguments.
std::string zsh_text(std::string_view text) {
  std::string result;
  for (char c : text) {
    if (c == '\'') {
      result += "'\\''";
    } else if (c == ':' || c == '[' || c == ']' || c == '\\') {
      result += '\\';
      result += c;
    } else {
      result += c;
    }
  }
  return result;
}

std::string zsh_action(Kind kind, std::string_view words) {
  if (takes_files(kind)) return "_files";
  const std::string list = words_of(kind, words);
  return list.empty() ? " " : "(" + list + ")";
}

std::string zsh_option(const Option& option) {
  const std::string names = option.letter ? fmt::format("-{0},--{1}", option.letter, option.name) : "";
  std::string text = "          ";
  if (option.is_repeatable) {
    text += "'*'";
  } else if (option.letter) {
    text += fmt::format("'({})'", flags_of(option, " "));
  }
  text += option.letter ? "{" + names + "}" : fmt::format("--{}", option.name);
  text += fmt::format("'[{}]", zsh_text(option.sentence));
  if (option.kind != Kind::flag) {
    text += fmt::format(":{}:{}", zsh_text(option.value), zsh_action(option.kind, option.value));
  }
  return text + "' \\\n";
}

std::string zsh_case(const Command& command) {
  std::string text = fmt::format("        {})\n          _arguments \\\n", command.name);
  for (const auto options : {std::span<const Option>(command.options), common_options()}) {
    for (const Option& option : options) text += "  " + zsh_option(option);
  }
  const Operand& operand = command.operand;
  if (!operand.name.empty()) {
    text += fmt::format("            '{}:{}:{}' \\\n", operand.may_be_many ? "*" : "1",
                        zsh_text(operand.name), zsh_action(operand.kind, operand.words));
  }
  text.erase(text.size() - 3);  // The last " \" and its line end.
  return text + "\n          ;;\n";
}

}  // namespace

std::string bash_completion() {
  std::string names;
  std::string cases;
  for (const Command& command : commands()) {
    names += (names.empty() ? "" : " ") + std::string(command.name);
    cases += bash_case(command);
  }
  return "# SPDX-License-Identifier: MIT\n"
         "# Completion of gainstage for bash; made by `gainstage completion bash`.\n"
         "_gainstage() {\n"
         "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
         "  COMPREPLY=()\n"
         "  # '=' is a word of its own to bash: --reach = limit.\n"
         "  if [[ $cur == '=' ]]; then cur=''; elif [[ $prev == '=' ]]; then "
         "prev=${COMP_WORDS[COMP_CWORD-2]}; fi\n"
         "  if ((COMP_CWORD == 1)); then\n"
         "    " +
         offer(names + " --help --version") +
         "\n"
         "    return\n"
         "  fi\n"
         "  case \"${COMP_WORDS[1]}\" in\n" +
         cases +
         "  esac\n"
         "}\n"
         "complete -o bashdefault -o default -F _gainstage gainstage\n";
}

std::string zsh_completion() {
  std::string names;
  std::string cases;
  for (const Command& command : commands()) {
    names += fmt::format("        '{}:{}'\n", command.name, zsh_text(command.sentence));
    cases += zsh_case(command);
  }
  return "#compdef gainstage\n"
         "# SPDX-License-Identifier: MIT\n"
         "# Completion of gainstage for zsh; made by `gainstage completion zsh`.\n"
         "_gainstage() {\n"
         "  local context state state_descr line\n"
         "  typeset -A opt_args\n"
         "  _arguments -C '(- *)'{-h,--help}'[Print help and exit.]' '(- *)'{-V,--version}'[Print the "
         "version and exit.]' \\\n"
         "    '1:command:->command' '*::argument:->argument'\n"
         "  case $state in\n"
         "    command)\n"
         "      local -a commands=(\n" +
         names +
         "      )\n"
         "      _describe command commands\n"
         "      ;;\n"
         "    argument)\n"
         "      case $line[1] in\n" +
         cases +
         "      esac\n"
         "      ;;\n"
         "  esac\n"
         "}\n"
         "if [[ $funcstack[1] == _gainstage ]]; then _gainstage \"$@\"; else compdef _gainstage gainstage; "
         "fi\n";
}

std::string shell_word(std::string_view text) {
  const bool is_plain = !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("/._-+,:@").find(c) != std::string_view::npos;
  });
  std::string word(text);
  if (!is_plain) {
    word = "'";
    for (char c : text) {
      if (c == '\'') {
        word += "'\\''";
      } else {
        word += c;
      }
    }
    word += "'";
  }
  return text.starts_with('-') ? "-- " + word : word;
}

}  // namespace gainstage::cli
