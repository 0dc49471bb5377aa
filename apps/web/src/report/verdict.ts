// SPDX-License-Identifier: MIT
// The verdict on top: reached or not, by how much, whether plain gain could, what peaks, and which destinations it meets.
import { fitScale } from "../charts/fit_scale";
import { count, minus, quantity, type Unit } from "../base/format";
import { h } from "../base/dom";
import { swatch } from "../base/parts";
import { findings } from "./warnings";
import { familyOf, feasibility, targetTitle, verdict } from "./model";
import type { Clause, Reading, Report } from "./types";

export function verdictView(report: Report): HTMLElement {
  const { state, headline, sentences } = verdict(report);
  return h(
    "section",
    { id: "verdict", class: "panel verdict", "data-state": state, "aria-labelledby": "verdict-title" },
    h(
      "div",
      { class: "verdict-text" },
      h("h2", { id: "verdict-title", class: "headline" }, headline),
      sentences.map((sentence) => h("p", null, sentence)),
      facts(report),
    ),
    h("div", { class: "verdict-figures" }, heroFigures(report), fit(report)),
  );
}

function heroFigures(report: Report): HTMLElement {
  const { master, target } = report;
  const silent = master?.silent ?? false;
  const figure = (name: string, value: Reading | undefined, unit: Unit, note: string | null): HTMLElement =>
    h("div", null, h("dt", null, name), h("dd", null, quantity(value, unit, { silent: silent && unit !== "LU" }), note === null ? null : h("small", null, note)));
  const aim = (value: Reading | undefined, unit: Unit, word: string): string | null =>
    value === null || value === undefined ? null : `${word} ${quantity(value, unit)}`;
  return h(
    "dl",
    { class: "hero" },
    figure("Integrated", master?.integrated_lufs, "LUFS", aim(target?.integrated_lufs, "LUFS", "target")),
    figure("True peak", master?.true_peak_dbtp, "dBTP", aim(target?.true_peak_dbtp, "dBTP", "ceiling")),
    figure("Loudest 3 s", master?.short_term_max_lufs, "LUFS", "short-term max"),
    figure("Loudness range", master?.lra_lu, "LU", "LRA"),
  );
}

function fit(report: Report): HTMLElement | null {
  const ends = feasibility(report);
  const wanted = report.target?.integrated_lufs ?? null;
  const ceiling = report.target?.true_peak_dbtp ?? null;
  const loudness = report.master?.integrated_lufs ?? null;
  const peak = report.master?.true_peak_dbtp ?? null;
  if (ends === null || wanted === null || ceiling === null || loudness === null || peak === null) return null;
  const chart = fitScale();
  chart.update({ loudness, peak, wanted, ceiling });
  return chart.element;
}

/** What the destination asks for, what was measured, and what came of it. */
function clauseView(clause: Clause): HTMLElement {
  const figure = clause.figure === null ? "" : clause.figure.replace(/_(lufs|dbtp|dbfs|lu|db|vu|percent)$/, "").replaceAll("_", " ");
  const measured = clause.measured === null ? "" : `, measured ${quantity(clause.measured, (clause.unit ?? "") as Unit)}`;
  return h(
    "li",
    { title: clause.note ?? clause.reason },
    h("span", { class: "badge", "data-result": clause.result }, clause.result),
    ` ${figure} ${clause.asked.replaceAll(/-(?=\d)/g, minus)}${clause.result === "does not apply" ? "" : measured}`,
    clause.reason === null ? null : h("span", { class: "muted small" }, ` (${clause.reason})`),
  );
}

function facts(report: Report): HTMLElement {
  const { target, warnings } = report;
  const peaks = target?.peaks_from ?? [];
  const met = target?.met_by ?? [];
  const clips = findings(report).length - warnings.length;
  const found = [warnings.length > 0 ? count(warnings.length, "warning", "warnings") : "", clips > 0 ? count(clips, "clipped place", "clipped places") : ""].filter((text) => text !== "").join(", ");
  return h(
    "dl",
    { class: "facts" },
    peaks.length > 0
      ? [
          h("dt", null, "The mix peaks on"),
          h("dd", { class: "names" }, peaks.map((name) => h("span", { class: "chip" }, swatch(familyOf(report, name)), name))),
        ]
      : null,
    target === null || (target.clauses ?? []).length === 0
      ? null
      : [h("dt", null, targetTitle(target)), h("dd", null, h("ul", { class: "clauses" }, (target.clauses ?? []).map(clauseView)))],
    h("dt", null, "Meets"),
    h("dd", { class: "names" }, met.length > 0 ? met.map((name) => h("span", { class: "chip" }, name)) : "no known destination as it is"),
    h("dt", null, "Findings"),
    h("dd", null, found === "" ? "none" : h("a", { href: "#warnings" }, found)),
  );
}
