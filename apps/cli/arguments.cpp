// SPDX-License-Identifier: MIT
#include "arguments.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/nearest_word.h"
#include "values.h"

namespace gainstage::cli {
namespace {

tl::unexpected<Error> wrong_use(std::string sentence) {
  return failure(ErrorCode::usage, std::move(sentence));
}

std::string hint(std::string_view word, const std::vector<std::string>& known, std::string_view dashes) {
  const auto nearest = nearest_word(word, known);
  return nearest ? fmt::format("; did you mean {}{}?", dashes, *nearest) : "";
}

/// `name` is how the user gives it: "--bits", "SHELL".
Result<void> check_choice(std::string_view name, std::string_view words, std::string_view text) {
  const auto known = choices(words);
  if (std::ranges::find(known, text) != known.end()) return {};
  const std::vector<std::string> names(known.begin(), known.end());
  return wrong_use(fmt::format("{}: '{}' is not one of {}{}", name, text, words, hint(text, names, "")));
}

class Parser {
 public:
  explicit Parser(std::span<const std::string> words) : words_(words) {}

  Result<Arguments> parse() {
    if (const auto found = read_command(); !found) return tl::unexpected(found.error());
    while (arguments_.wish == Wish::run && next_ < words_.size()) {
      const std::string& word = words_[next_++];
      const bool is_option = !has_ended_options_ && word.size() > 1 && word[0] == '-';
      Result<void> read;
      if (!is_option) {
        arguments_.operands.push_back(word);
      } else if (word == "--") {
        has_ended_options_ = true;
      } else if (word[1] == '-') {
        read = read_long(std::string_view(word).substr(2));
      } else {
        read = read_letters(std::string_view(word).substr(1));
      }
      if (!read) return tl::unexpected(read.error());
    }
    if (arguments_.wish != Wish::run) return std::move(arguments_);
    if (const auto complete = check_complete(); !complete) return tl::unexpected(complete.error());
    return std::move(arguments_);
  }

 private:
  Result<void> read_command() {
    if (words_.empty()) return wrong_use("no command given; `gainstage --help` lists them");
    const std::string& word = words_[next_++];
    if (word == "--help" || word == "-h" || word == "help") {
      arguments_.wish = Wish::help;
      if (next_ < words_.size()) arguments_.command = find_command(words_[next_]);
      return {};
    }
    if (word == "--version" || word == "-V") {
      arguments_.wish = Wish::version;
      return {};
    }
    arguments_.command = find_command(word);
    if (arguments_.command) return {};
    std::vector<std::string> names;
    for (const Command& command : commands()) names.emplace_back(command.name);
    const std::string_view what = word.starts_with('-') ? "option" : "command";
    return wrong_use(fmt::format("unknown {} '{}'{}; `gainstage --help` lists the commands", what, word,
                                 hint(word, names, "")));
  }

  Result<void> read_long(std::string_view text) {
    const std::size_t equals = text.find('=');
    const std::string_view name = text.substr(0, equals);
    const Option* option = find_option(*arguments_.command, name);
    if (!option) {
      std::vector<std::string> names;
      for (const Option& known : arguments_.command->options) names.emplace_back(known.name);
      return wrong_use(fmt::format("unknown option --{}{}", name, hint(name, names, "--")));
    }
    if (equals == std::string_view::npos) return take(*option);
    if (option->kind == Kind::flag) return wrong_use(fmt::format("--{} takes no value", name));
    return add(*option, std::string(text.substr(equals + 1)));
  }

  /// "-o DIR", "-oDIR" and letters of flags together, "-nq".
  Result<void> read_letters(std::string_view letters) {
    while (!letters.empty() && arguments_.wish == Wish::run) {
      const char letter = letters.front();
      const Option* option = find_option(*arguments_.command, letter);
      if (!option || letter == 0) {
        return wrong_use(fmt::format(
            "unknown option -{}; a file whose name begins with '-' is given after '--'", letters));
      }
      letters.remove_prefix(1);
      if (option->kind != Kind::flag && !letters.empty()) return add(*option, std::string(letters));
      if (const auto taken = take(*option); !taken) return taken;
    }
    return {};
  }

  /// An option whose value, if it has one, is the next word.
  Result<void> take(const Option& option) {
    if (option.name == "help" || option.name == "version") {
      arguments_.wish = option.name == "help" ? Wish::help : Wish::version;
      return {};
    }
    if (option.kind == Kind::flag) return add(option, "");
    const bool has_next = next_ < words_.size();
    const bool is_option = has_next && words_[next_].starts_with("--") &&
                           find_option(*arguments_.command, std::string_view(words_[next_]).substr(2));
    if (!has_next || is_option) {
      return wrong_use(fmt::format("--{} needs a value, {}", option.name, option.value));
    }
    return add(option, words_[next_++]);
  }

  Result<void> add(const Option& option, std::string text) {
    if (const auto checked = check_value(option, text); !checked) return checked;
    std::vector<std::string>& given = arguments_.values[std::string(option.name)];
    const bool is_again = !given.empty();
    if (is_again && option.kind == Kind::flag) return {};
    if (is_again && !option.is_repeatable) return wrong_use(fmt::format("--{} is given twice", option.name));
    const std::string_view key = key_of(option, text);
    for (const std::string& before : given) {
      if (!key.empty() && key_of(option, before) == key) {
        return wrong_use(fmt::format("--{} is given twice for '{}'", option.name, key));
      }
    }
    given.push_back(std::move(text));
    return {};
  }

  Result<void> check_complete() const {
    const Command& command = *arguments_.command;
    const Operand& operand = command.operand;
    const std::size_t count = arguments_.operands.size();
    if (operand.name.empty() && count > 0) {
      return wrong_use(
          fmt::format("{} takes no operand, but '{}' is given", command.name, arguments_.operands[0]));
    }
    if (operand.is_needed && !operand.name.empty() && count == 0) {
      return wrong_use(fmt::format("{} needs {}; `gainstage {} --help` says more", command.name, operand.name,
                                   command.name));
    }
    if (!operand.may_be_many && count > 1) {
      return wrong_use(fmt::format("{} takes one {}, but '{}' is given too", command.name, operand.name,
                                   arguments_.operands[1]));
    }
    if (operand.kind == Kind::choice) {
      for (const std::string& text : arguments_.operands) {
        if (auto checked = check_choice(operand.name, operand.words, text); !checked) return checked;
      }
    }
    if (std::ranges::any_of(arguments_.operands, &std::string::empty)) {
      return wrong_use(fmt::format("{} is empty", operand.name));
    }
    for (const Option& option : command.options) {
      if (option.is_needed && !arguments_.values.contains(option.name)) {
        return wrong_use(fmt::format("{} needs --{} {}", command.name, option.name, option.value));
      }
    }
    return {};
  }

  std::span<const std::string> words_;
  std::size_t next_ = 0;
  bool has_ended_options_ = false;
  Arguments arguments_;
};

template <typename Value>
Result<void> nothing_but_error(const Result<Value>& result) {
  if (!result) return tl::unexpected(result.error());
  return {};
}

}  // namespace

Result<void> check_value(const Option& option, std::string_view text) {
  if (option.kind != Kind::flag && text.empty()) {
    return wrong_use(fmt::format("--{} needs a value, {}", option.name, option.value));
  }
  switch (option.kind) {
    case Kind::number:
    case Kind::count:
      return nothing_but_error(parse_number(option, text));
    case Kind::choice:
      return check_choice(fmt::format("--{}", option.name), option.value, text);
    case Kind::role:
      return nothing_but_error(parse_role(text));
    case Kind::range:
      return nothing_but_error(parse_range(option, text));
    case Kind::group:
      return nothing_but_error(parse_group(text));
    case Kind::order:
      return nothing_but_error(parse_order(text));
    case Kind::flag:
    case Kind::path:
    case Kind::track:
    case Kind::target:
    case Kind::address:
      return {};
  }
  return {};
}

Result<Arguments> parse_arguments(std::span<const std::string> words) { return Parser(words).parse(); }

}  // namespace gainstage::cli
