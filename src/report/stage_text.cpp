// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/views.h"

namespace gainstage {
namespace {

constexpr double sure = 0.7;      // Confidence from which a move is shown as sure...
constexpr double doubtful = 0.4;  // ...and under which as doubtful.

std::string_view unit_of(AnchorDetector detector) {
  switch (detector) {
    case AnchorDetector::peak:
      return "dBFS sample peak";
    case AnchorDetector::true_peak:
      return "dBTP true peak";
    case AnchorDetector::vu:
      return "VU";
    case AnchorDetector::rms:
      return "dBFS RMS";
    case AnchorDetector::short_term:
      return "LUFS short-term";
  }
  return "";
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + printable(name);
  return text;
}

std::string line(const TextStyle& style, const std::string& text) {
  return wrapped(text, style.width, 2) + '\n';
}

std::string head_text(const Report& report, const TextStyle& style) {
  return style.paint(printable(report.session_name), Ink::bold) +
         fmt::format(": {} tracks, {:g} kHz, {} channels, {}\n", report.tracks.size(),
                     report.sample_rate_hz / 1000.0, report.channels, time_text(report.duration_s));
}

std::string moves_text(const Report& report, const TextStyle& style) {
  TextTable table({{"Track", Align::left, true},
                   {"Role", Align::left, true},
                   {"Trim", Align::right},
                   {"Fader", Align::right},
                   {"Raise", Align::right},
                   {"Total dB", Align::right},
                   {"Sure", Align::right}});
  for (const ReportTrack& track : report.tracks) {
    const TrackPlan& plan = track.plan;
    if (plan.is_silent) {
      table.add({{printable(plan.name), Ink::dim}, {"silent", Ink::dim}});
    } else {
      const Ink certainty =
          plan.confidence >= sure ? Ink::good : (plan.confidence < doubtful ? Ink::caution : Ink::plain);
      table.add({{printable(plan.name), Ink::bold},
                 {std::string(info(plan.role.role).name)},
                 {gain_text(plan.nominal)},
                 {gain_text(plan.fader)},
                 {gain_text(track.total - plan.gain())},
                 {gain_text(track.total), Ink::bold},
                 {fmt::format("{:.0f} %", 100.0 * plan.confidence), certainty}});
    }
    if (!plan.why.empty()) table.note(printable(plan.why));
  }
  return style.paint("\nMoves\n", Ink::bold) + table.text(style);
}

/// The stages of a DAW's session that are turned, and what is lost.
std::string stages_text(const Report& report, const TextStyle& style) {
  if (!report.daw) return "";
  TextTable table({{"Stage", Align::left, true},
                   {"From", Align::right},
                   {"To", Align::right},
                   {"Gain dB", Align::right},
                   {"Why", Align::left, true}});
  for (const ReportStage& stage : report.daw->stages) {
    const std::string star = stage.is_automated ? "*" : "";
    table.add({{printable(stage.stage), Ink::bold},
               {level_text(stage.from.value) + star},
               {level_text(stage.to.value) + star},
               {gain_text(stage.gain)},
               {printable(stage.why), Ink::dim}});
  }
  const bool has_automation = std::ranges::any_of(report.daw->stages, &ReportStage::is_automated);
  std::string text = style.paint("\nStages\n", Ink::bold) + table.text(style);
  if (report.daw->stages.empty()) text += "Nothing has to move.\n";
  if (has_automation) text += "* the highest point of its automation; all of it moves alike\n";
  for (const ReportLoss& loss : report.daw->losses)
    text += style.paint("! ", Ink::caution) + line(style, printable(loss.sentence));
  return text;
}

std::string build_text(const Report& report, const TextStyle& style) {
  TextTable table({{"Comes in", Align::left, true},
                   {"Sample peak", Align::right},
                   {"True peak", Align::right},
                   {"Integrated", Align::right},
                   {"Tracks", Align::left, true}});
  for (std::size_t s = 0; s < report.steps.size() && s < report.readings.size(); ++s) {
    std::vector<std::string> names;
    for (std::size_t track : report.steps[s].tracks) names.push_back(report.tracks[track].plan.name);
    const StepReading& reading = report.readings[s];
    table.add(
        {{printable(report.steps[s].name)},
         {level_text(reading.sample_peak.value) + " dBFS"},
         {level_text(reading.true_peak.value) + " dBTP"},
         {std::isfinite(reading.integrated.value) ? level_text(reading.integrated.value) + " LUFS" : "-"},
         {joined(names), Ink::dim}});
  }
  std::string text = style.paint("\nThe master as the tracks come in\n", Ink::bold) + table.text(style);
  text += line(style, fmt::format("Anchor: {} reads {} {} ({} wanted).", printable(report.anchor_step),
                                  level_text(report.anchor_reading.value), unit_of(report.anchor_detector),
                                  level_text(report.anchor_wanted.value)));
  if (report.headroom_cut.value > 0.0) {
    text += line(style, fmt::format("All faders came down by {:.1f} dB to stay well under zero.",
                                    report.headroom_cut.value));
  }
  return text + line(style, fmt::format("Then all together: {} dB.", gain_text(report.raise)));
}

std::string warnings_text(const Report& report, const TextStyle& style) {
  if (report.warnings.empty()) return "";
  std::string text = style.paint(fmt::format("\nWarnings ({})\n", report.warnings.size()), Ink::bold);
  for (const Warning& warning : report.warnings) {
    const std::string time = warning.seconds ? time_text(*warning.seconds) : "";
    const bool has_time = time.empty() || warning.sentence.find(time) != std::string::npos;
    const std::string place = has_time ? "" : " (at " + time + ")";
    const bool is_named = warning.track.empty() || warning.sentence.find(warning.track) != std::string::npos;
    const std::string track = is_named ? "" : warning.track + ": ";
    text += style.paint("! ", Ink::caution) + line(style, printable(track + warning.sentence) + place);
  }
  return text;
}

/// What there is: a mix that is too short for a loudness has its peaks alone.
std::string figures_text(const Measure& mix) {
  std::string text = std::isfinite(mix.integrated.value)
                         ? level_text(mix.integrated.value) + " LUFS integrated"
                         : "no integrated loudness";
  text += fmt::format(", {} dBTP true peak, {} dBFS sample peak", level_text(mix.true_peak.value),
                      level_text(mix.sample_peak.value));
  const auto add = [&text](std::string_view before, double value, std::string_view unit) {
    if (std::isfinite(value)) text += fmt::format(", {} {} {}", before, level_text(value), unit);
  };
  if (std::isfinite(mix.integrated.value)) add("LRA", mix.loudness_range.value, "LU");
  add("short-term up to", mix.short_term_max.value, "LUFS");
  add("momentary up to", mix.momentary_max.value, "LUFS");
  if (mix.plr) add("PLR", mix.plr->value, "LU");
  return text;
}

std::string master_text(const Report& report, const TextStyle& style) {
  const Measure master = report.master_or_predicted();
  std::string text = style.paint(!report.master ? "\nThe mix as predicted\n"
                                 : report.daw   ? "\nThe mix of the written session\n"
                                                : "\nThe written mix\n",
                                 Ink::bold);
  text += line(style, figures_text(master));
  if (report.limiting) {
    text += line(
        style,
        fmt::format("Limiter: up to {:.1f} dB of gain reduction, {:.1f} dB on average while it works, "
                    "{:.1f} % of the time.",
                    report.limiting->greatest_reduction.value,
                    report.limiting->mean_reduction_while_active.value, report.limiting->active_percent));
  }
  const std::string figures = fmt::format("{} LUFS under {} dBTP", level_text(report.aim.integrated.value),
                                          level_text(report.aim.ceiling.value));
  const bool has_name = report.target.kind != "numbers";
  const std::string asked = has_name ? printable(report.target.title) + ": " + figures : figures;
  if (report.is_reached) {
    text += style.paint("Target reached. ", Ink::good) + asked + '\n';
  } else {
    const std::string missing =
        std::isfinite(report.shortfall.value)
            ? fmt::format("Target not reached: {:.1f} LU short. ", report.shortfall.value)
            : "Target not reached: the mix has no integrated loudness. ";
    text += style.paint(missing, Ink::bad) + asked + '\n';
    if (!report.peaks_from.empty()) {
      text += line(style, "The peaks that stand in the way are of " + joined(report.peaks_from) + ".");
    }
  }
  if (report.reach == Reach::lower && !report.is_reached) {
    text += line(style, report.met_by.empty() ? "It meets no destination's loudness as it is."
                                              : "As it is, it meets " + joined(report.met_by) + ".");
  }
  return text;
}

}  // namespace

std::string stage_text(const Report& report, const TextStyle& style) {
  return head_text(report, style) + moves_text(report, style) + stages_text(report, style) +
         build_text(report, style) + warnings_text(report, style) + master_text(report, style);
}

std::string feasibility_text(const GainPlan& plan, const DeliveryTarget& aim, Reach reach,
                             const TextStyle& style) {
  // Of the mix before the raise and the limiter, which a prediction holds already.
  const StepReading mix = plan.readings.empty() ? StepReading{} : plan.readings.back();
  if (!std::isfinite(mix.integrated.value)) {
    return line(style,
                "The mix has no integrated loudness, so it is raised until its true peak meets the ceiling.");
  }
  const double plr = mix.true_peak.value - mix.integrated.value;
  const double room = aim.ceiling.value - aim.integrated.value;
  std::string text =
      fmt::format("{} LUFS under {} dBTP leaves {:.1f} LU between loudness and peak; the mix needs {:.1f}.",
                  level_text(aim.integrated.value), level_text(aim.ceiling.value), room, plr);
  if (plan.outcome.is_reached && !plan.outcome.needs_limiter)
    return line(style, text + " Plain gain gets there.");
  const std::string missing = fmt::format(" Plain gain stays {:.1f} LU short", plr - room);
  if (reach == Reach::limit)
    return line(style, text + missing + ": the limiter takes the rest, as you asked.");
  text += missing + '.';
  if (!plan.outcome.peaks_from.empty()) {
    text +=
        " The highest peak comes from " + joined(plan.outcome.peaks_from) + ": lower or tame it there, or";
  } else {
    text += " To close it,";
  }
  return line(style, text + " let a limiter in with --reach limit.");
}

}  // namespace gainstage
