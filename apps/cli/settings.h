// SPDX-License-Identifier: MIT
// What was asked for, as the rooms want it: from texts that are checked already.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "arguments.h"
#include "delivery/target.h"
#include "engine/engine.h"
#include "report/report.h"
#include "workspace/stage_settings.h"
#include "workspace/text_file.h"

namespace gainstage::cli {

/// The values of one command, with the table's fallbacks.
class Given {
 public:
  Given(const Command& command, const Values& values) : command_(command), values_(values) {}

  bool has(std::string_view name) const { return values_.contains(name); }
  /// The text given, or the fallback. Of an option that has neither: empty.
  std::string text(std::string_view name) const;
  double number(std::string_view name) const;
  const std::vector<std::string>& all(std::string_view name) const;
  const Option& option(std::string_view name) const { return *find_option(command_, name); }

  /// Every option that has a say in the result, with its value, as report.json holds them.
  Json settings() const;

 private:
  const Command& command_;
  const Values& values_;
};

/// The values of the folder's file under those of the command line: single values and lists are replaced; of
/// roles, ranges and groups, those of the same track or name.
Values merged(const Command& command, Values from_file, const Values& from_line);

/// The same once the session is known, so that "bass" on the command line wins over "bass.wav" in the file.
/// Errors: usage, where the file or the command line has two values of one option for one track.
Result<Values> merged(const Command& command, Values from_file, const Values& from_line,
                      const Session& session);

/// Built-in destinations, the user's ($XDG_CONFIG_HOME/gainstage/targets.json where it exists), and those of
/// --targets.
Result<std::vector<Target>> known_targets(const Given& given);

/// The destination of --target, or one made of a number of LUFS with --ceiling.
Result<Target> chosen_target(const Given& given, const std::vector<Target>& targets);

Result<StageSettings> stage_settings(const Given& given, const Target& target);

/// How to work: threads, and the way out.
WorkOptions work_options(const Given& given, const Cancellation& cancellation);
/// Bytes that decoded samples may take: as --memory says, else an eighth of the machine's memory.
std::size_t memory_for_samples(const Given& given);

TruePeakFilter true_peak_filter(const Given& given);

}  // namespace gainstage::cli
