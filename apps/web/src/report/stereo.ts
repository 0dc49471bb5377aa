// SPDX-License-Identifier: MIT
// The stereo field: where the samples lie, correlation over time, width by band, and what a mono listener loses.
import { bands } from "../charts/bands";
import { present } from "../charts/chart";
import { type TimeGroup, timeSeries } from "../charts/time_series";
import { vectorscope } from "../charts/vectorscope";
import { h } from "../base/dom";
import { frequency, number, quantity, time } from "../base/format";
import { dataTable, section } from "../base/parts";
import { sampled } from "./over_time";
import type { Charts, Report, StereoChart } from "./types";

export function stereoView(report: Report, charts: Charts, group: TimeGroup): HTMLElement {
  const options = { id: "stereo", title: "Stereo field", className: "narrow" };
  const data = charts.stereo;
  if (data === null) return section(options, h("p", { class: "empty" }, "The mix does not have two channels, so it has no stereo field."));
  const parts = [scope(data, report), correlation(data, group), width(data)].filter((part) => part !== null);
  if (parts.length === 0) return section(options, h("p", { class: "empty" }, "The mix is silent, so it has no stereo field."));
  return section(options, parts);
}

function scope(data: StereoChart, report: Report): HTMLElement | null {
  const cloud = data.vectorscope;
  const figures = report.master?.stereo ?? null;
  if ((cloud === null || !cloud.counts.some((count) => count > 0)) && figures === null) return null;
  const chart = cloud === null ? null : vectorscope("Vectorscope: side across with left on the left, mid upwards");
  if (cloud !== null) chart?.update(cloud);
  return h("div", { class: "scope" }, chart?.element, figures === null ? null : numbers(figures));
}

function numbers(figures: NonNullable<NonNullable<Report["master"]>["stereo"]>): HTMLElement {
  const balance = figures.balance_db;
  const side = balance === null || Math.abs(balance) < 0.05 ? "even" : balance > 0 ? "left is louder" : "right is louder";
  const rows: [string, string, string][] = [
    ["Correlation", quantity(figures.correlation, "", { decimals: 2, sign: "always" }), "\u22121 to +1; under 0 cancels in mono"],
    ["Width", quantity(figures.width, "", { decimals: 2 }), "0 is mono, 1 is all side"],
    ["Balance", quantity(balance, "dB", { sign: "always" }), side],
    ["Mono loss", quantity(figures.mono_loss_db, "dB"), "of the mono sum's energy"],
  ];
  return h("dl", { class: "stereo-figures" }, rows.map(([name, value, note]) => h("div", null, h("dt", null, name), h("dd", null, value, h("small", null, note)))));
}

function correlation(data: StereoChart, group: TimeGroup): HTMLElement | null {
  const series = data.correlation;
  if (series === null || present(series.values).length === 0) return null;
  const chart = timeSeries(group, 140, "Correlation over time", "by keys and pointer");
  chart.update({
    hop_s: series.hop_s,
    axis: "correlation",
    unit: "",
    decimals: 2,
    range: [-1, 1],
    levels: [{ name: "", value: 0, colour: "faint" }],
    marks: [],
    lines: [{ name: "correlation", values: series.values, colour: "loudness", width: 1.5 }],
  });
  const rows = sampled([series.values], series.hop_s, "least").map(({ seconds, values }) => [time(seconds), ...values.map((value) => quantity(value, "", { decimals: 2 }))]);
  return h("div", { class: "sub" }, h("h3", null, "Correlation over time"), chart.element, dataTable("Correlation as a table", "Correlation, the least in each part", [{ title: "Time" }, { title: "Correlation", isNumber: true }], rows));
}

function width(data: StereoChart): HTMLElement | null {
  const series = data.width;
  if (series === null || present(series.values).length === 0) return null;
  const chart = bands(190, "Width by band");
  chart.update({ bands_hz: series.bands_hz, axis: "width", unit: "", decimals: 2, range: [0, 1], series: [{ name: "width", values: series.values, kind: "bars", isShown: true }] });
  const rows = series.bands_hz.map((hz, i) => [frequency(hz), series.values[i] == null ? "\u2013" : number(series.values[i], { decimals: 2 })]);
  return h("div", { class: "sub" }, h("h3", null, "Width by band, side over all energy"), chart.element, dataTable("Width as a table", "Width by thirds of an octave", [{ title: "Band" }, { title: "Width", isNumber: true }], rows));
}
