// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/flow_views.h"
#include "report/views.h"

namespace gainstage {
namespace {

std::string gain_words(const GainControl& control) {
  const StageGain gain = stage_gain(control);
  const auto word = [](Db value) { return std::isinf(value.value) ? std::string("-inf") : gain_text(value); };
  if (!gain.is_automated) return word(gain.greatest);
  return word(gain.least) + " .. " + word(gain.greatest);
}

bool is_plain(const GainControl& control) {
  return !control.automation && std::abs(control.ratio - 1.0) < 1e-9;
}

/// The strips in the order of a tree: each under the first that it goes to, the master at the top.
struct Branch {
  std::size_t strip;
  std::size_t depth;
};

void add_branch(std::size_t strip, const std::vector<std::vector<std::size_t>>& under,
                std::vector<Branch>& tree) {
  // As deep as there are strips, since the flow has no circles; drawn no deeper than can be read.
  std::vector<Branch> open{{strip, 0}};
  while (!open.empty()) {
    const Branch next = open.back();
    open.pop_back();
    tree.push_back({next.strip, std::min<std::size_t>(next.depth, 20)});
    const auto& children = under[next.strip];
    for (auto child = children.rbegin(); child != children.rend(); ++child)
      open.push_back({*child, next.depth + 1});
  }
}

std::vector<Branch> tree_of(const SignalFlow& flow) {
  std::vector<std::vector<std::size_t>> under(flow.strips.size());
  std::vector<std::size_t> tops;
  for (std::size_t i = 0; i < flow.strips.size(); ++i) {
    const auto& outputs = flow.strips[i].outputs;
    const auto way =
        std::ranges::find_if(outputs, [](const Output& output) { return output.to.has_value(); });
    if (i != flow.master && way != outputs.end()) {
      under[*way->to].push_back(i);
    } else if (i != flow.master) {
      tops.push_back(i);
    }
  }
  std::vector<Branch> tree;
  add_branch(flow.master, under, tree);
  for (const std::size_t top : tops) add_branch(top, under, tree);
  return tree;
}

/// Rows of one strip, in the order sound passes them.
class StripRows {
 public:
  StripRows(const InspectedSession& session, const Branch& branch, TextTable& table)
      : flow_(*session.flow),
        strip_(flow_.strips[branch.strip]),
        table_(table),
        indent_(2 * branch.depth, ' ') {
    if (!session.levels.empty()) levels_ = &session.levels[branch.strip];
  }

  void add() {
    table_.add({{indent_ + printable(strip_.name), Ink::bold}, {state(), Ink::dim}});
    if (!strip_.clips.empty()) {
      row(fmt::format("{} {}", strip_.clips.size(), strip_.clips.size() == 1 ? "clip" : "clips"),
          clip_gains(), levels_ ? &levels_->trim_in : nullptr);
    } else if (levels_ && strip_.kind != StripKind::track) {
      row("in", "", &levels_->trim_in);
    }
    const bool has_inserts = !strip_.inserts.empty();
    if (!is_plain(strip_.trim) || has_inserts)
      row("trim", gain_words(strip_.trim), levels_ ? &levels_->insert_in : nullptr);
    inserts(false);
    for (const std::size_t vca : strip_.vcas)
      row("VCA " + printable(flow_.vcas[vca].name), gain_words(flow_.vcas[vca].gain), nullptr);
    row("fader", gain_words(strip_.fader), levels_ ? &levels_->fader_out : nullptr);
    if (strip_.second_fader && !is_plain(*strip_.second_fader))
      row("second fader", gain_words(*strip_.second_fader), nullptr);
    inserts(true);
    for (const Send& send : strip_.sends) {
      if (send.is_enabled)
        row("send to " + printable(flow_.strips[send.to].name), gain_words(send.gain), nullptr);
    }
  }

 private:
  std::string state() const {
    std::string words(to_string(strip_.kind));
    if (strip_.mute.is_on) words += ", muted";
    if (strip_.is_soloed) words += ", solo";
    return words;
  }
  std::string clip_gains() const {
    double least = strip_.clips[0].gain.ratio;
    double greatest = least;
    for (const Clip& clip : strip_.clips) {
      least = std::min(least, clip.gain.ratio);
      greatest = std::max(greatest, clip.gain.ratio);
    }
    if (least == greatest) return gain_words({.ratio = least});
    return gain_words({.ratio = least}) + " .. " + gain_words({.ratio = greatest});
  }
  void inserts(bool is_after_fader) {
    for (const Insert& insert : strip_.inserts) {
      if (insert.is_after_fader != is_after_fader) continue;
      table_.add(
          {{indent_ + "  [" + printable(insert.name) + "]" + (insert.is_enabled ? "" : " off"), Ink::dim}});
    }
  }
  void row(const std::string& stage, const std::string& gain, const std::optional<Measure>* level) {
    if (level && !*level) {
      table_.add({{indent_ + "  " + stage}, {gain}, {"unknown", Ink::caution}});
    } else if (level) {
      const Measure& measure = **level;
      const bool is_over = measure.true_peak > Db{};
      const std::string loudness =
          std::isfinite(measure.integrated.value) ? level_text(measure.integrated.value) : "-";
      const std::string headroom =
          measure.is_silent() ? "-" : fmt::format("{:.1f}", -measure.true_peak.value);
      table_.add({{indent_ + "  " + stage},
                  {gain},
                  {level_text(measure.true_peak.value), is_over ? Ink::bad : Ink::plain},
                  {headroom, is_over ? Ink::bad : Ink::plain},
                  {std::isfinite(measure.vu_mean.value) ? level_text(measure.vu_mean.value) : "-"},
                  {loudness}});
    } else {
      table_.add({{indent_ + "  " + stage}, {gain}});
    }
  }

  const SignalFlow& flow_;
  const Strip& strip_;
  TextTable& table_;
  std::string indent_;
  const StripLevels* levels_ = nullptr;
};

}  // namespace

std::string inspect_text(const InspectedSession& session, const TextStyle& style) {
  const SignalFlow& flow = *session.flow;
  std::string text = style.paint(printable(flow.name), Ink::bold) +
                     fmt::format(": {} {}, {} strips, {:g} kHz\n", flow.format, printable(flow.version),
                                 flow.strips.size(), flow.sample_rate_hz / 1000.0);
  TextTable table({{"Stage", Align::left, true},
                   {"Gain dB", Align::right},
                   {"dBTP behind", Align::right},
                   {"Headroom", Align::right},
                   {"Mean VU", Align::right},
                   {"LUFS", Align::right}});
  for (const Branch& branch : tree_of(flow)) StripRows(session, branch, table).add();
  text += table.text(style);
  for (const Warning& note : session.notes)
    text += style.paint("! ", Ink::caution) + wrapped(printable(note.sentence), style.width, 2) + '\n';
  return text;
}

std::string inspect_dot(const InspectedSession& session) {
  const SignalFlow& flow = *session.flow;
  const auto quoted = [](const std::string& text) {
    std::string safe;
    for (const char c : printable(text)) {
      if (c == '"' || c == '\\') safe += '\\';
      safe += c;
    }
    return '"' + safe + '"';
  };
  std::string text = "digraph " + quoted(flow.name) + " {\n  rankdir=LR;\n  node [shape=box];\n";
  for (std::size_t i = 0; i < flow.strips.size(); ++i) {
    const Strip& strip = flow.strips[i];
    std::string label = strip.name + ": " + gain_words(strip.fader) + " dB";
    if (!session.levels.empty()) {
      const std::optional<Measure>& out = session.levels[i].fader_out;
      label += out ? fmt::format(", {} dBTP", level_text(out->true_peak.value)) : ", level unknown";
    }
    text += fmt::format("  s{} [label={}];\n", i, quoted(label));
  }
  for (std::size_t v = 0; v < flow.vcas.size(); ++v) {
    text += fmt::format("  v{} [label={}, shape=ellipse];\n", v,
                        quoted("VCA " + flow.vcas[v].name + ": " + gain_words(flow.vcas[v].gain) + " dB"));
    for (const std::size_t other : flow.vcas[v].vcas)
      text += fmt::format("  v{} -> v{} [style=dotted];\n", other, v);
  }
  for (std::size_t i = 0; i < flow.strips.size(); ++i) {
    for (const Output& output : flow.strips[i].outputs) {
      if (output.to) text += fmt::format("  s{} -> s{};\n", i, *output.to);
    }
    for (const Send& send : flow.strips[i].sends) {
      if (send.is_enabled)
        text += fmt::format("  s{} -> s{} [style=dashed, label={}];\n", i, send.to,
                            quoted(gain_words(send.gain) + " dB"));
    }
    for (const std::size_t vca : flow.strips[i].vcas)
      text += fmt::format("  v{} -> s{} [style=dotted];\n", vca, i);
  }
  return text + "}\n";
}

}  // namespace gainstage
