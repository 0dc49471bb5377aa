// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "command.h"
#include "interrupt.h"
#include "manual.h"
#include "version.h"

namespace gainstage::cli {
namespace {

using Run = Result<int> (*)(const Job&);

struct Runner {
  std::string_view name;
  Run run;
};

constexpr std::array runners{
    Runner{"stage", run_stage},           Runner{"inspect", run_inspect}, Runner{"measure", run_measure},
    Runner{"check", run_check},           Runner{"render", run_render},   Runner{"targets", run_targets},
    Runner{"roles", run_roles},           Runner{"demo", run_demo},       Runner{"man", run_man},
    Runner{"completion", run_completion}, Runner{"desk", run_desk},
};

Result<int> run(const Arguments& arguments, Console& console, const Cancellation& cancellation) {
  switch (arguments.wish) {
    case Wish::version:
      console.print(fmt::format("gainstage {}\n", version));
      return exit_done;
    case Wish::help:
      console.print(arguments.command ? command_help(*arguments.command, console.style())
                                      : program_help(console.style()));
      return exit_done;
    case Wish::run:
      break;
  }
  const Given given(*arguments.command, arguments.values);
  if (arguments.values.contains("quiet")) console.set_verbosity(Verbosity::quiet);
  for (const Runner& runner : runners) {
    if (runner.name == arguments.command->name) return runner.run({arguments, given, console, cancellation});
  }
  return failure(ErrorCode::usage, fmt::format("{} is not there", arguments.command->name));
}

/// Says the error and gives its exit code.
int told(const Error& error, Console& console) {
  console.error(error);
  return exit_code(error.code);
}

}  // namespace

int exit_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::usage:
      return 2;
    case ErrorCode::bad_input:
      return 3;
    case ErrorCode::io:
      return 4;
    case ErrorCode::cancelled:
      return 130;
  }
  return 3;
}

int program(const std::vector<std::string>& words) {
  static Cancellation cancellation;  // The watcher outlives this function.
  watch_interrupts(cancellation);
  Console console;
  const auto arguments = parse_arguments(words);
  if (!arguments) return told(arguments.error(), console);
  const auto code = run(*arguments, console, cancellation);
  // What was asked for is printed even when the run ends in a failure code.
  const auto flushed = console.flush();
  if (!code) return told(code.error(), console);
  if (!flushed) return told(flushed.error(), console);
  return *code;
}

}  // namespace gainstage::cli

int main(int argc, char** argv) {
  try {
    return gainstage::cli::program({argv + (argc > 0 ? 1 : 0), argv + argc});
  } catch (const std::exception& error) {
    // Failures are values everywhere; what comes here is the system's (no memory).
    std::fprintf(stderr, "gainstage: %s\n", error.what());
    return 4;
  }
}
