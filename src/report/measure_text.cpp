// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>

#include "report/views.h"

namespace gainstage {
namespace {

struct Row {
  std::string_view title;
  std::function<std::string(const Measure&)> text;
};

std::string optional_text(const std::optional<Db>& level) { return level ? level_text(level->value) : "-"; }

Row level_row(std::string_view title, Db Measure::*level) {
  return {title, [level](const Measure& measure) { return level_text((measure.*level).value); }};
}

/// A dash where the file sounds, but too briefly or too softly for the figure.
Row loudness_row(std::string_view title, Lufs Measure::*loudness) {
  return {title, [loudness](const Measure& measure) {
            const double value = (measure.*loudness).value;
            return std::isinf(value) && !measure.is_silent() ? "-" : level_text(value);
          }};
}

Row optional_row(std::string_view title, std::optional<Db> Measure::*level) {
  return {title, [level](const Measure& measure) { return optional_text(measure.*level); }};
}

std::string clipping_text(const Measure& measure) {
  return measure.clipping.runs == 0 ? "none" : fmt::format("{}", measure.clipping.runs);
}

/// Something of the stereo field, or a dash for signals that have none.
Row stereo_row(std::string_view title, std::function<std::string(const StereoField&)> text) {
  return {title, [text = std::move(text)](const Measure& measure) {
            return measure.stereo ? text(*measure.stereo) : "-";
          }};
}

std::vector<Row> rows() {
  return {
      {"Length", [](const Measure& m) { return time_text(m.duration_s); }},
      {"Rate, kHz", [](const Measure& m) { return fmt::format("{:g}", m.sample_rate_hz / 1000.0); }},
      {"Channels", [](const Measure& m) { return fmt::format("{}", m.channels); }},
      loudness_row("Integrated, LUFS", &Measure::integrated),
      loudness_row("Short-term max, LUFS", &Measure::short_term_max),
      loudness_row("Momentary max, LUFS", &Measure::momentary_max),
      level_row("Loudness range, LU", &Measure::loudness_range),
      level_row("True peak, dBTP", &Measure::true_peak),
      level_row("Sample peak, dBFS", &Measure::sample_peak),
      level_row("RMS, dBFS", &Measure::rms),
      level_row("VU max", &Measure::vu_max),
      level_row("VU mean", &Measure::vu_mean),
      level_row("K-system max", &Measure::k_system),
      optional_row("Crest, dB", &Measure::crest),
      optional_row("PLR, LU", &Measure::plr),
      optional_row("PSR, LU", &Measure::psr),
      {"DC offset, dBFS",
       [](const Measure& m) { return m.has_dc_offset() ? level_text(m.dc_offset.value) : "none"; }},
      optional_row("Noise floor, dBFS", &Measure::noise_floor),
      {"Activity, %", [](const Measure& m) { return fmt::format("{:.0f}", m.activity_percent); }},
      {"Clipped runs", clipping_text},
      {"  longest, frames",
       [](const Measure& m) { return m.clipping.runs ? fmt::format("{}", m.clipping.longest_frames) : "-"; }},
      {"  over, dB",
       [](const Measure& m) { return m.clipping.runs ? level_text(m.clipping.over.value) : "-"; }},
      {"  first at",
       [](const Measure& m) {
         return m.clipping.places.empty() ? "-" : time_text(m.clipping.places[0].seconds);
       }},
      stereo_row("Correlation", [](const StereoField& s) { return fmt::format("{:+.2f}", s.correlation); }),
      stereo_row("Width", [](const StereoField& s) { return fmt::format("{:.2f}", s.width); }),
      stereo_row("Balance, dB",
                 [](const StereoField& s) {
                   return std::isinf(s.balance.value) ? (s.balance.value > 0.0 ? "left only" : "right only")
                                                      : gain_text(s.balance);
                 }),
      stereo_row("Mono loss, dB", [](const StereoField& s) { return level_text(s.mono_loss.value); }),
  };
}

/// The part of a path after its last slash.
std::string base_name(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  return slash == std::string::npos || slash + 1 == path.size() ? path : path.substr(slash + 1);
}

std::string table_of(std::span<const MeasuredFile* const> files, const TextStyle& style) {
  std::vector<Column> columns{{"", Align::left}};
  for (const MeasuredFile* file : files)
    columns.push_back({printable(base_name(file->file)), Align::right, true});
  TextTable table(columns);
  for (const Row& row : rows()) {
    std::vector<Cell> cells{{std::string(row.title), Ink::dim}};
    for (const MeasuredFile* file : files) cells.push_back({row.text(*file->measure)});
    table.add(std::move(cells));
  }
  return table.text(style);
}

}  // namespace

std::string measure_text(const std::vector<MeasuredFile>& files, const TextStyle& style) {
  std::vector<const MeasuredFile*> measured;
  for (const MeasuredFile& file : files) {
    if (file.measure) measured.push_back(&file);
  }
  constexpr std::size_t title_columns = 22;
  constexpr std::size_t file_columns = 14;
  const std::size_t room = style.width > title_columns ? style.width - title_columns : 0;
  const std::size_t a_table =
      style.width == 0 ? measured.size() : std::max<std::size_t>(1, room / file_columns);
  std::string text;
  for (std::size_t first = 0; first < measured.size(); first += a_table) {
    const std::size_t count = std::min(a_table, measured.size() - first);
    text += (first > 0 ? "\n" : "") + table_of(std::span(measured).subspan(first, count), style);
  }
  return text;
}

}  // namespace gainstage
