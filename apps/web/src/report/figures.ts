// SPDX-License-Identifier: MIT
// The measures of the master, with the detector of each, beside what the plan had said.
import { h } from "../base/dom";
import { absent, frequency, quantity, time, type Unit } from "../base/format";
import { section } from "../base/parts";
import type { MasterMeasure, Predicted, Reading, Report } from "./types";

interface Figure {
  readonly name: string;
  readonly detector: string;
  readonly value: string;
  readonly planned?: string;
}

export function figuresView(report: Report): HTMLElement | null {
  const { master } = report;
  if (master === null) return null;
  const isDryRun = master.predicted === true;
  const groups = groupsOf(master, isDryRun ? null : report.predicted);
  const hasPlan = !isDryRun && report.predicted !== null;
  const head = ["Figure and detector", isDryRun ? "Planned" : "Measured", ...(hasPlan ? ["Planned"] : [])];
  return section(
    { id: "figures", title: "The master in figures", className: "wide", lead: isDryRun ? "As the plan predicts them; nothing was written." : "Measured from the written file." },
    h(
      "table",
      { class: "figures" },
      h("caption", { class: "hidden-text" }, "Measures of the master"),
      h("thead", null, h("tr", null, head.map((title, i) => h("th", { scope: "col", class: i > 0 ? "number" : null }, title)))),
      groups.map(([title, figures]) =>
        h(
          "tbody",
          null,
          h("tr", { class: "group" }, h("th", { scope: "rowgroup", colspan: head.length }, title)),
          figures.map((figure) =>
            h(
              "tr",
              null,
              h("th", { scope: "row" }, h("span", { class: "figure" }, figure.name, " ", h("span", { class: "muted small" }, figure.detector))),
              h("td", { class: "number" }, figure.value),
              hasPlan ? h("td", { class: "number muted" }, figure.planned ?? "") : null,
            ),
          ),
        ),
      ),
    ),
  );
}

function groupsOf(m: MasterMeasure, plan: Predicted | null): [string, Figure[]][] {
  const silent = m.silent;
  const figure = (name: string, detector: string, value: Reading, unit: Unit, decimals = 1): Figure => ({ name, detector, value: quantity(value, unit, { decimals }) });
  /** Minus infinity in silence, which a range or a ratio is not. */
  const level = (name: string, detector: string, value: Reading, unit: Unit): Figure => ({ name, detector, value: quantity(value, unit, { silent }) });
  const planned = (measured: Figure, value: Reading | undefined, unit: Unit): Figure => (plan === null ? measured : { ...measured, planned: quantity(value, unit) });
  const clips = m.clipping;
  return [
    [
      "Loudness",
      [
        planned(level("Integrated", "BS.1770-5, gated", m.integrated_lufs, "LUFS"), plan?.integrated_lufs, "LUFS"),
        planned(level("Momentary max", "BS.1770-5, 400 ms", m.momentary_max_lufs, "LUFS"), plan?.momentary_max_lufs, "LUFS"),
        planned(level("Short-term max", "BS.1770-5, 3 s", m.short_term_max_lufs, "LUFS"), plan?.short_term_max_lufs, "LUFS"),
        planned(figure("Loudness range", "LRA, EBU Tech 3342", m.lra_lu, "LU"), plan?.lra_lu, "LU"),
      ],
    ],
    [
      "Peaks",
      [
        planned(level("True peak", m.true_peak_filter ?? "true peak", m.true_peak_dbtp, "dBTP"), plan?.true_peak_dbtp, "dBTP"),
        planned(level("Sample peak", "greatest sample", m.sample_peak_dbfs, "dBFS"), plan?.sample_peak_dbfs, "dBFS"),
        { name: "Clipped runs", detector: "3 samples or more at the ceiling", value: clips === null ? absent : String(clips.runs) },
        ...(clips !== null && clips.runs > 0
          ? [
              { name: "Longest clip", detector: "consecutive samples", value: quantity(clips.longest_frames, "frames", { decimals: 0 }) },
              figure("Greatest over", "above 0 dBFS", clips.over_db, "dB"),
            ]
          : []),
      ],
    ],
    [
      "Level",
      [
        level("RMS", "whole file, sine peak \u2212 3 dB", m.rms_dbfs, "dBFS"),
        level("VU max", "IEC 60268-17", m.vu_max_vu, "VU"),
        level("VU mean", "IEC 60268-17, while sounding", m.vu_mean_vu, "VU"),
        level("K-meter", "greatest reading", m.k_system_db, "dB"),
        level("Noise floor", "RMS of the quietest 500 ms", m.noise_floor_dbfs, "dBFS"),
        level("DC offset", "mean, greatest channel", m.dc_offset_dbfs, "dBFS"),
      ],
    ],
    [
      "Dynamics",
      [
        planned(figure("PLR", "true peak \u2212 integrated", m.plr_lu, "LU"), plan?.plr_lu, "LU"),
        figure("PSR", "true peak \u2212 short-term max", m.psr_lu, "LU"),
        figure("Crest", "sample peak \u2212 RMS", m.crest_db, "dB"),
        figure("Activity", "share of time that sounds", m.activity_percent, "%", 0),
      ],
    ],
    [
      "Stereo",
      m.stereo === null
        ? [{ name: "Stereo field", detector: "two channels only", value: absent }]
        : [
            figure("Correlation", "zero lag, \u22121 to +1", m.stereo.correlation, "", 2),
            figure("Width", "side over all energy, 0 to 1", m.stereo.width, "", 2),
            { name: "Balance", detector: "left over right", value: quantity(m.stereo.balance_db, "dB", { sign: "always" }) },
            figure("Mono loss", "energy of the mono sum", m.stereo.mono_loss_db, "dB"),
          ],
    ],
    [
      "File",
      [
        { name: "Length", detector: "", value: m.duration_s === null ? absent : time(m.duration_s, 1) },
        { name: "Rate", detector: "", value: m.sample_rate_hz === null ? absent : frequency(m.sample_rate_hz) },
        { name: "Channels", detector: "", value: m.channels === null ? absent : String(m.channels) },
        ...((m.non_finite_samples ?? 0) > 0 ? [{ name: "Samples that are no number", detector: "taken as silence", value: String(m.non_finite_samples) }] : []),
      ],
    ],
  ];
}
