// SPDX-License-Identifier: MIT
// How the mix was built: the master's level as each group of tracks comes in, and after the raise.
import { staircase, type StaircaseColumn, type StaircaseData, type StaircaseLevel, type StaircaseReading } from "../charts/staircase";
import { present } from "../charts/chart";
import { h, s } from "../base/dom";
import { gain, list, quantity, type Unit } from "../base/format";
import { dataTable, section, toggle } from "../base/parts";
import { familyOf } from "./model";
import type { Anchor, AnchorDetector, Report, StepReading } from "./types";

const readings: readonly (Omit<StaircaseReading, "isShown"> & { key: keyof StepReading })[] = [
  { key: "sample_peak_dbfs", name: "sample peak", unit: "dBFS", quantity: "peak", isSecond: false },
  { key: "true_peak_dbtp", name: "true peak", unit: "dBTP", quantity: "peak", isSecond: true },
  { key: "integrated_lufs", name: "integrated", unit: "LUFS", quantity: "loudness", isSecond: false },
  { key: "short_term_max_lufs", name: "short-term max", unit: "LUFS", quantity: "loudness", isSecond: true },
];

export const anchorUnit: Readonly<Record<AnchorDetector, { name: string; unit: Unit }>> = {
  peak: { name: "sample peak", unit: "dBFS" },
  "true-peak": { name: "true peak", unit: "dBTP" },
  vu: { name: "VU", unit: "VU" },
  rms: { name: "RMS", unit: "dBFS" },
  "short-term": { name: "short-term", unit: "LUFS" },
};

export function buildView(report: Report): HTMLElement {
  const chart = staircase();
  const shown = new Set<string>(["sample_peak_dbfs", "integrated_lufs"]);
  const columns = columnsOf(report);
  const update = (): void => {
    const data: StaircaseData = { columns, levels: levelsOf(report), readings: readings.map((reading) => ({ ...reading, isShown: shown.has(reading.key) })) };
    chart.update(data);
  };
  update();
  const toggles = readings.map((reading) =>
    toggle(
      shown.has(reading.key),
      (isOn) => {
        if (isOn) shown.add(reading.key);
        else shown.delete(reading.key);
        update();
      },
      s(
        "svg",
        { class: "key", viewBox: "0 0 24 10", "aria-hidden": "true" },
        s("g", { class: `reading-${reading.quantity}${reading.isSecond ? " second" : ""}` }, s("path", { d: "M0 5H24", class: "treads" })),
      ),
      reading.name,
    ),
  );
  const rows = columns.map((column, i) => [
    column.name,
    i < report.steps.length ? list(report.steps[i]?.tracks ?? []) : "all, by one gain",
    ...readings.map((reading, r) => quantity(column.values[r] ?? null, reading.unit)),
  ]);
  return section(
    { id: "build", title: "The build, from the low end up", lead: lead(report), controls: h("div", { class: "choices", role: "group", "aria-label": "Readings shown" }, toggles) },
    columns.some((column) => present(column.values).length > 0) ? chart.element : h("p", { class: "empty" }, "Nothing sounds, so there is nothing to build."),
    dataTable("Readings as a table", "The master after each step", [{ title: "Step" }, { title: "Tracks that came in" }, ...readings.map((reading) => ({ title: reading.name, isNumber: true }))], rows),
  );
}

function columnsOf(report: Report): StaircaseColumn[] {
  const steps: StaircaseColumn[] = report.steps.map((step) => ({
    name: step.name,
    band: step.band,
    families: step.tracks.map((name) => familyOf(report, name)),
    values: readings.map((reading) => step.master?.[reading.key] ?? null),
  }));
  const { master } = report;
  if (master === null || steps.length === 0) return steps;
  const raise = `${gain(report.raise_db)}${report.target?.limiting == null ? "" : " and limiter"}`;
  return [...steps, { name: "after the raise", band: "", families: [], raise, values: readings.map((reading) => master[reading.key]) }];
}

function levelsOf(report: Report): StaircaseLevel[] {
  const { anchor, target } = report;
  const levels: StaircaseLevel[] = [];
  if (target?.true_peak_dbtp != null) levels.push({ name: "ceiling", value: target.true_peak_dbtp, unit: "dBTP", kind: "ceiling" });
  if (target?.integrated_lufs != null) levels.push({ name: "target", value: target.integrated_lufs, unit: "LUFS", kind: "target" });
  // A VU reading hangs on the meter's reference and has no place on this scale; the sentence above the chart has it.
  if (anchor?.wanted_db != null && anchor.detector !== "vu") {
    levels.push({ name: anchor.detector === "peak" ? "anchor, peak" : `anchor, ${anchorUnit[anchor.detector].name}`, value: anchor.wanted_db, unit: anchorUnit[anchor.detector].unit, kind: "anchor" });
  }
  return levels;
}

function lead(report: Report): string {
  const sentences = report.anchor === null ? [] : [anchorSentence(report.anchor)];
  if (report.headroom_cut_db !== null && Math.abs(report.headroom_cut_db) >= 0.05) {
    sentences.push(`All faders then came down by ${quantity(Math.abs(report.headroom_cut_db), "dB")} to stay well under zero.`);
  }
  if (report.raise_db !== null) sentences.push(`At the end all tracks together got ${gain(report.raise_db)}.`);
  return sentences.join(" ");
}

function anchorSentence(anchor: Anchor): string {
  const { name, unit } = anchorUnit[anchor.detector];
  const wanted = `The anchor is ${anchor.step === null || anchor.step === "" ? "the first group" : anchor.step} at ${quantity(anchor.wanted_db, unit)}${name === unit ? "" : ` (${name})`}`;
  return anchor.reading_db === null ? `${wanted}.` : `${wanted}; it reads ${quantity(anchor.reading_db, unit)}.`;
}
