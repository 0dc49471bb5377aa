// SPDX-License-Identifier: MIT
// What is drawn over the time of the song: loudness, the limiter's gain reduction, and (for the stereo section) correlation.
import { present } from "../charts/chart";
import { TimeGroup, timeSeries, type TimeSeriesChart } from "../charts/time_series";
import { h } from "../base/dom";
import { quantity, time } from "../base/format";
import { dataTable, section } from "../base/parts";
import type { Charts, Reading, Report, Series } from "./types";
import { findings } from "./warnings";

/** The time that all charts over the song share. */
export function timeGroup(report: Report): TimeGroup {
  const { charts } = report;
  const series: { hop_s: number; values: Series }[] = [];
  if (charts?.loudness) series.push({ hop_s: charts.loudness.hop_s, values: charts.loudness.momentary_lufs });
  if (charts?.stereo?.correlation) series.push(charts.stereo.correlation);
  if (charts?.gain_reduction) series.push({ hop_s: charts.gain_reduction.hop_s, values: charts.gain_reduction.db });
  const longest = Math.max(0, ...series.map(({ hop_s, values }) => hop_s * Math.max(0, values.length - 1)));
  return new TimeGroup(Math.max(1, report.session.duration_s ?? 0, longest));
}

export interface LoudnessSection {
  readonly element: HTMLElement;
  readonly chart: TimeSeriesChart | null;
}

export function loudnessView(report: Report, charts: Charts, group: TimeGroup): LoudnessSection {
  const title = "Loudness over time";
  const data = charts.loudness;
  const heard = data === null ? [] : present([...data.momentary_lufs, ...data.short_term_lufs]);
  if (data === null || heard.length === 0) {
    return { element: section({ id: "loudness", title }, h("p", { class: "empty" }, "The mix is silent from end to end.")), chart: null };
  }
  const chart = timeSeries(group, 260, title, "with buttons");
  const target = report.target?.integrated_lufs ?? null;
  const integrated = report.master?.integrated_lufs ?? null;
  const levels = [
    ...(target === null ? [] : [{ name: `target ${quantity(target, "LUFS")}`, value: target, colour: "ink" }]),
    ...(integrated === null || (target !== null && Math.abs(target - integrated) < 0.25) ? [] : [{ name: `integrated ${quantity(integrated, "LUFS")}`, value: integrated, colour: "muted" }]),
  ];
  const sorted = [...heard].sort((a, b) => a - b);
  // The quietest twentieth is fade and tail; it may leave the picture at the bottom.
  const quiet = sorted[Math.floor(sorted.length / 20)] ?? -40;
  const loud = Math.max(sorted[sorted.length - 1] ?? 0, ...levels.map((level) => level.value));
  const low = Math.max(-70, Math.floor((Math.min(quiet, ...levels.map((level) => level.value)) - 2) / 6) * 6);
  chart.update({
    hop_s: data.hop_s,
    axis: "LUFS",
    unit: "LUFS",
    decimals: 1,
    range: [low, Math.ceil((loud + 1.5) / 3) * 3],
    levels,
    marks: findings(report).flatMap((finding) => (finding.seconds === null ? [] : [finding.seconds])),
    lines: [
      { name: "momentary", values: data.momentary_lufs, colour: "loudness-soft", width: 1 },
      { name: "short-term", values: data.short_term_lufs, colour: "loudness", width: 2 },
    ],
  });
  const columns = [{ title: "Time" }, { title: "Momentary max", isNumber: true }, { title: "Short-term max", isNumber: true }];
  const rows = sampled([data.momentary_lufs, data.short_term_lufs], data.hop_s, "greatest").map(({ seconds, values }) => [time(seconds), ...values.map((value) => quantity(value, "LUFS", { silent: true }))]);
  const element = section(
    { id: "loudness", title, lead: "BS.1770-5 momentary (400 ms) and short-term (3 s) of the written mix. Drag to zoom, press twice for the whole song. Marks at the top are clips and warnings." },
    chart.element,
    dataTable("Loudness as a table", "Loudness over time, the greatest in each part", columns, rows),
  );
  return { element, chart };
}

export function limiterView(report: Report, charts: Charts, group: TimeGroup): HTMLElement | null {
  const data = charts.gain_reduction;
  if (data === null) return null;
  const values = data.db.map((value) => (value === null ? null : -Math.abs(value)));
  const chart = timeSeries(group, 150, "Gain reduction of the limiter", "with buttons");
  chart.update({
    hop_s: data.hop_s,
    axis: "dB",
    unit: "dB",
    decimals: 1,
    range: [Math.min(-3, Math.floor(Math.min(0, ...present(values)) - 0.5)), 0.5],
    levels: [],
    marks: [],
    lines: [{ name: "gain reduction", values, colour: "peak", width: 1.25, fillTo: 0 }],
  });
  const limiting = report.target?.limiting ?? null;
  const size = (value: Reading): string => quantity(value === null ? null : Math.abs(value), "dB");
  const lead = limiting === null ? "" : `At most ${size(limiting.max_db)}, ${size(limiting.mean_db)} on average while it works, which is ${quantity(limiting.active_percent, "%")} of the time.`;
  const rows = sampled([values], data.hop_s, "least").map(({ seconds, values: parts }) => [time(seconds), ...parts.map((value) => quantity(value, "dB"))]);
  return section(
    { id: "limiter", title: "Gain reduction of the limiter", lead },
    chart.element,
    dataTable("Gain reduction as a table", "Gain reduction over time, the deepest in each part", [{ title: "Time" }, { title: "Gain reduction", isNumber: true }], rows),
  );
}

/** At most 40 rows of long series: of each part of the time the greatest or the least value. */
export function sampled(series: readonly Series[], hop_s: number, which: "greatest" | "least"): { seconds: number; values: Reading[] }[] {
  const length = Math.max(0, ...series.map((values) => values.length));
  const each = Math.max(1, Math.ceil(length / 40));
  return Array.from({ length: Math.ceil(length / each) }, (_, part) => ({
    seconds: part * each * hop_s,
    values: series.map((values) => {
      const inside = present(values.slice(part * each, (part + 1) * each));
      if (inside.length === 0) return null;
      return which === "greatest" ? Math.max(...inside) : Math.min(...inside);
    }),
  }));
}
