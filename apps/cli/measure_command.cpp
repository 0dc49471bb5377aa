// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cmath>

#include "command.h"
#include "measure_files.h"
#include "progress_bar.h"
#include "report/views.h"
#include "values.h"
#include "version.h"

namespace gainstage::cli {
namespace {

using FileResults = std::vector<Result<FileMeasurements>>;

Json error_json(const Error& error) {
  return {{"sentence", sentence_of(error)}, {"exit_code", exit_code(error.code)}};
}

/// The exit code of the worst failure; 0 when all went well.
int worst_code(const FileResults& results) {
  int code = exit_done;
  for (const auto& result : results) {
    if (!result) code = std::max(code, exit_code(result.error().code));
  }
  return code;
}

FileResults measured(const Job& job, const MeasureOptions& options) {
  ProgressBar bar(job.console);
  WorkOptions work = work_options(job.given, job.cancellation);
  work.progress = bar.progress();
  return measure_files(job.arguments.operands, options, work, job.given.text("printed"));
}

/// What the figures do not say: that a part of the file is not there. Empty: nothing.
std::string truncation_sentence(const FileMeasurements& file) {
  if (!file.is_truncated) return "";
  if (file.missing_s == 0.0) return "The file is cut off: its end mark is missing. Export it again.";
  return fmt::format(
      "The file is cut off: the last {:.3f} s of the {:.3f} s its header promises are missing. Export it "
      "again.",
      file.missing_s, file.measure.duration_s + file.missing_s);
}

void warn_of_truncation(const std::string& name, const FileMeasurements& file, Console& console) {
  if (const std::string sentence = truncation_sentence(file); !sentence.empty())
    console.warn(name + ": " + sentence);
}

/// As in a report: only there when there is something to say.
void add_warnings(const FileMeasurements& file, Json& entry) {
  if (file.is_truncated)
    entry["warnings"] = Json::array({{{"code", "truncated"}, {"sentence", truncation_sentence(file)}}});
}

Json measured_json(const FileMeasurements& file, bool has_spectrum) {
  Json json{{"measure", to_json(file.measure)}};
  if (has_spectrum)
    json["spectrum"] = {{"bands_hz", third_octave_centres_hz}, {"db", decibels(file.spectrum)}};
  add_warnings(file, json);
  return json;
}

Json options_json(const Given& given, const MeasureOptions& options) {
  return {{"reference", options.vu_reference.value},
          {"k", -options.k_reference.value},
          {"aes17", given.has("aes17")},
          {"dual-mono", options.is_dual_mono},
          {"true-peak", given.text("true-peak")},
          {"force", given.has("force")}};
}

std::string measure_json(const Job& job, const MeasureOptions& options, const FileResults& results) {
  Json files = Json::array();
  for (std::size_t f = 0; f < results.size(); ++f) {
    Json entry{{"file", job.arguments.operands[f]}};
    entry.update(results[f] ? measured_json(*results[f], options.with_spectrum)
                            : Json{{"error", error_json(results[f].error())}});
    files.push_back(std::move(entry));
  }
  return pretty({{"schema", measure_schema},
                 {"gainstage", {{"version", version}, {"options", options_json(job.given, options)}}},
                 {"files", std::move(files)}});
}

}  // namespace

Result<int> run_measure(const Job& job) {
  const Given& given = job.given;
  MeasureOptions options;
  options.true_peak = true_peak_filter(given);
  options.non_finite = given.has("force") ? NonFinite::silence : NonFinite::refuse;
  options.vu_reference = {given.number("reference")};
  options.k_reference = {-parse_number(given.text("k")).value()};
  options.is_dual_mono = given.has("dual-mono");
  options.with_spectrum = given.has("json") && !given.has("no-spectrum");
  options.with_stereo = !given.has("no-stereo");
  FileResults results = measured(job, options);
  if (job.cancellation.is_cancelled()) return failure(ErrorCode::cancelled, "interrupted");

  if (given.has("aes17")) {
    const Db sine_over_square{10.0 * std::log10(2.0)};  // AES17-2020: a full-scale sine has 0 dBFS RMS.
    for (auto& result : results) {
      if (result) result->measure.rms += sine_over_square;
    }
  }
  std::vector<MeasuredFile> files;
  for (std::size_t f = 0; f < results.size(); ++f) {
    const std::string& file = job.arguments.operands[f];
    if (!results[f]) job.console.error(results[f].error());
    if (results[f]) warn_of_truncation(file, *results[f], job.console);
    files.push_back({file, results[f].map([](const FileMeasurements& found) { return found.measure; })});
  }
  if (given.has("json")) {
    job.console.print_json(measure_json(job, options, results));
  } else {
    job.console.print(measure_text(files, job.console.style()));
  }
  return worst_code(results);
}

Result<int> run_check(const Job& job) {
  const Given& given = job.given;
  const auto targets = known_targets(given);
  if (!targets) return tl::unexpected(targets.error());
  const auto target = chosen_target(given, *targets);
  if (!target) return tl::unexpected(target.error());
  if (given.has("ceiling") && target->kind != "numbers") {
    return failure(ErrorCode::usage,
                   "--ceiling goes with a --target that is a number; " + target->id + " has its own");
  }
  if (const auto doubt = confidence_warning(*target)) job.console.warn(*doubt);

  MeasureOptions options;
  options.true_peak = true_peak_filter(given);
  options.non_finite = given.has("force") ? NonFinite::silence : NonFinite::refuse;
  options.is_dual_mono = given.has("dual-mono");
  options.with_spectrum = false;
  options.with_stereo = false;
  const FileResults results = measured(job, options);
  if (job.cancellation.is_cancelled()) return failure(ErrorCode::cancelled, "interrupted");

  int code = worst_code(results);
  Json files = Json::array();
  for (std::size_t f = 0; f < results.size(); ++f) {
    const std::string& file = job.arguments.operands[f];
    Json entry{{"file", file}};
    if (results[f]) {
      const Check found = check(results[f]->measure, *target);
      const bool is_met =
          found.verdict == Verdict::pass ||
          (found.verdict == Verdict::cannot_be_judged_fully && found.has_judged() && !given.has("strict"));
      if (!is_met) code = std::max(code, exit_not_met);
      entry.update(to_json(found));
      add_warnings(*results[f], entry);
      warn_of_truncation(file, *results[f], job.console);
      if (!given.has("json")) {
        job.console.print((f > 0 ? "\n" : "") + check_text(file, found, *target, job.console.style()));
      }
    } else {
      job.console.error(results[f].error());
      entry["error"] = error_json(results[f].error());
    }
    files.push_back(std::move(entry));
  }
  if (given.has("json")) {
    job.console.print_json(pretty({{"schema", "gainstage.check/1"},
                                   {"gainstage", {{"version", version}}},
                                   {"target", to_json(*target)},
                                   {"files", std::move(files)}}));
  }
  return code;
}

}  // namespace gainstage::cli
