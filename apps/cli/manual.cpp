// SPDX-License-Identifier: MIT
#include "manual.h"

#include <fmt/format.h>

#include "exit_codes.h"
#include "version.h"

namespace gainstage::cli {
namespace {

/// The text with what roff would take for its own escaped; '-' stays a plain minus, which can be copied.
std::string roff(std::string_view text) {
  std::string result;
  for (char c : text) {
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else {
      result += c;
    }
  }
  if (!result.empty() && (result[0] == '.' || result[0] == '\'')) result.insert(0, "\\&");
  return result;
}

std::string option_entry(const Option& option) {
  std::string text = ".TP\n";
  if (option.letter) text += fmt::format("\\fB\\-{}\\fR, ", option.letter);
  text += fmt::format("\\fB\\-\\-{}\\fR", roff(option.name));
  if (option.kind != Kind::flag) text += fmt::format(" \\fI{}\\fR", roff(option.value));
  text += '\n' + roff(option.sentence) + '\n';
  if (option.kind == Kind::number) text += roff(fmt::format("{:g} to {:g}.", option.min, option.max)) + '\n';
  if (!option.fallback.empty()) text += roff(fmt::format("Default: {}.", option.fallback)) + '\n';
  if (option.is_repeatable) text += "May be given again.\n";
  return text;
}

std::string paragraphs(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find("\n\n"), text.size());
    if (!result.empty()) result += ".PP\n";
    result += roff(text.substr(0, end)) + '\n';
    text.remove_prefix(std::min(end + 2, text.size()));
  }
  return result;
}

std::string command_section(const Command& command) {
  std::string operand;
  if (!command.operand.name.empty()) {
    const std::string name =
        fmt::format("\\fI{}\\fR{}", roff(command.operand.name), command.operand.may_be_many ? "..." : "");
    operand = command.operand.is_needed ? " " + name : " [" + name + "]";
  }
  std::string text = fmt::format(".SS gainstage {}{}\n{}\n.PP\n{}", roff(command.name), operand,
                                 roff(command.sentence), paragraphs(command.text));
  for (const Option& option : command.options) text += option_entry(option);
  return text;
}

}  // namespace

std::string manual_page() {
  std::string text = fmt::format(
      ".\\\" SPDX-License-Identifier: MIT\n.TH GAINSTAGE 1 \"\" \"gainstage {}\" \"User Commands\"\n",
      version);
  text +=
      ".SH NAME\ngainstage \\- gain staging for a whole song\n"
      ".SH SYNOPSIS\n.B gainstage\n.I COMMAND\n[\\fIoption\\fR...] [\\fIoperand\\fR...]\n"
      ".SH DESCRIPTION\n"
      "Sets the levels of a folder of stems from the low end up, raises the mix to what the delivery asks "
      "for\n"
      "with plain gain, and says why it moved every dB.\n"
      ".PP\nResults go to the standard output, everything else to the standard error. Options may stand "
      "anywhere\n"
      "before \\fB\\-\\-\\fR, after which every word is an operand.\n"
      ".SH COMMANDS\n";
  for (const Command& command : commands()) text += command_section(command);
  text += ".SS Every command\n";
  for (const Option& option : common_options()) text += option_entry(option);
  text +=
      ".SH FILES\n.TP\n.I STEMS_DIR/gainstage.toml\nSettings of \\fBstage\\fR for these "
      "stems:\n.PP\n.RS\n.EX\n"
      "target = \"spotify\"\nanchor = \\-12\nlock = [\"lead vocal.wav\"]\n[role]\n\"track 07.wav\" = "
      "\"pad\"\n[range]\n"
      "\"hats.wav\" = [\\-6, 3]\n[group]\nchoir = [\"alto.wav\", \"tenor.wav\"]\n.EE\n.RE\n"
      ".TP\n.I $XDG_CONFIG_HOME/gainstage/targets.json\nDestinations of your own.\n"
      ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nNo colours when it is set to anything.\n"
      ".SH EXIT STATUS\n";
  for (const ExitCode& entry : exit_codes)
    text += fmt::format(".TP\n.B {}\n{}\n", entry.code, roff(entry.meaning));
  return text;
}

}  // namespace gainstage::cli
