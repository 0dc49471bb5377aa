// SPDX-License-Identifier: MIT
// The gain map: every track's peak at every tap, coloured by the headroom over it, with the gains between the taps.
import { h, replace } from "../base/dom";
import { absent, gain, minus, number, quantity, type Unit } from "../base/format";
import { choice, section, swatch } from "../base/parts";
import { type Measure, type Reading, type Report, type Tap, taps, type Track } from "./types";

type Shown = "true_peak_dbtp" | "integrated_lufs" | "vu_mean_vu";
const units: Readonly<Record<Shown, Unit>> = { true_peak_dbtp: "dBTP", integrated_lufs: "LUFS", vu_mean_vu: "VU" };

/** Headroom in words and colour. The mark tells the first three apart where colours do not. */
export const zones = [
  { name: "over", from: -Infinity, mark: "\u25b2", text: "over" },
  { name: "tight", from: 0, mark: "\u25b3", text: "under 3 dB of headroom" },
  { name: "close", from: 3, mark: "\u25b5", text: "3 to 6 dB" },
  { name: "open", from: 6, mark: "", text: "6 to 24 dB" },
  { name: "quiet", from: 24, mark: "", text: "over 24 dB" },
] as const;

const tapNames: Readonly<Record<Tap, string>> = { clip: "Clip", insert_in: "Insert in", fader_out: "Fader out" };
/** The meter in a cell reaches from here to +6 dB. */
const meterLow = -60;
const meterHigh = 6;

export function gainMapView(report: Report): HTMLElement {
  const body = h("tbody");
  const show = (shown: Shown): void => {
    replace(body, report.tracks.map((track) => row(track, report.raise_db, shown)), masterRow(report, shown));
  };
  show("true_peak_dbtp");
  const pick = choice(
    "Figure shown",
    [
      { value: "true_peak_dbtp", text: "true peak" },
      { value: "integrated_lufs", text: "integrated" },
      { value: "vu_mean_vu", text: "VU mean" },
    ] as const,
    "true_peak_dbtp",
    show,
  );
  const heads = ["Track", "Clip", "trim", "Insert in", "fader, raise", "Fader out"];
  return section(
    {
      id: "gain-map",
      title: "Gain map",
      controls: pick,
      lead: "Levels at each tap, from the file to the fader's output. The colour says how far the true peak stands under 0 dBTP, for the master under the ceiling; in each meter the bar is the RMS and the tick the true peak.",
    },
    h("ul", { class: "zones small muted" }, zones.map((zone) => h("li", { class: "chip" }, h("span", { class: "zone", "data-zone": zone.name, "aria-hidden": "true" }, zone.mark), zone.text))),
    h(
      "div",
      { class: "scroll gain-map-scroll", tabindex: 0, role: "region", "aria-label": "Gain map" },
      h(
        "table",
        { class: "gain-map", "data-points": report.tracks.length },
        h("caption", { class: "hidden-text" }, "Levels and headroom of every track at every tap"),
        h("thead", null, h("tr", null, heads.map((title, i) => h("th", { scope: "col", class: i === 2 || i === 4 ? "move" : i > 0 ? "number" : null }, title)))),
        body,
      ),
    ),
  );
}

function row(track: Track, raise: Reading, shown: Shown): HTMLElement {
  const fader = track.stages?.fader_db ?? null;
  const last = fader === null || raise === null ? gain(fader) : `${number(fader, { sign: "always" })} ${raise < 0 ? minus : "+"} ${quantity(Math.abs(raise), "dB")}`;
  const moves = [null, gain(track.stages?.nominal_db ?? null), last];
  return h(
    "tr",
    null,
    h("th", { scope: "row", class: "track" }, h("span", { class: "chip" }, swatch(track.role?.family ?? "other"), track.name)),
    taps.map((tap, i) => [i === 0 ? null : h("td", { class: "move muted small" }, moves[i] ?? absent), cell(track.measure?.[tap] ?? null, shown, 0, tapNames[tap])]),
  );
}

function masterRow(report: Report, shown: Shown): HTMLElement {
  const ceiling = report.target?.true_peak_dbtp ?? null;
  const limit = ceiling === null ? "under 0 dBTP" : `under the ceiling of ${quantity(ceiling, "dBTP")}`;
  return h(
    "tr",
    { class: "master" },
    h("th", { scope: "row", colspan: 5 }, "Master", h("span", { class: "muted small" }, ` ${limit}`)),
    cell(report.master, shown, ceiling ?? 0, "Master"),
  );
}

function cell(measure: Measure | null, shown: Shown, limit: number, tap: string): HTMLElement {
  if (measure === null) return h("td", { class: "cell" }, h("span", { class: "muted" }, absent));
  if (measure.silent) return h("td", { class: "cell", "data-zone": "silent" }, h("span", { class: "muted" }, "silent"));
  const peak = measure.true_peak_dbtp ?? measure.sample_peak_dbfs;
  const zone = peak === null ? null : zoneOf(limit - peak);
  const headroom = peak === null ? "" : `${tap}: headroom ${quantity(limit - peak, "dB")} (${zone?.text ?? ""}), true peak ${quantity(measure.true_peak_dbtp, "dBTP")}, sample peak ${quantity(measure.sample_peak_dbfs, "dBFS")}, RMS ${quantity(measure.rms_dbfs, "dBFS")}, ${quantity(measure.integrated_lufs, "LUFS")}`;
  return h(
    "td",
    { class: "cell", "data-zone": zone?.name ?? null, title: headroom },
    h("span", { class: "reading" }, zone?.mark === "" || zone === null ? null : h("span", { class: "mark" }, zone.mark, h("span", { class: "hidden-text" }, ` ${zone.text} `)), quantity(measure[shown], units[shown])),
    meter(measure.rms_dbfs, peak),
  );
}

/** The headroom as it is printed decides, so that 0.0 dB of it is never called over. */
export function zoneOf(headroom_db: number): (typeof zones)[number] {
  const printed = Number(headroom_db.toFixed(1));
  return [...zones].reverse().find((zone) => printed >= zone.from) ?? zones[0];
}

function meter(rms: Reading, peak: Reading): HTMLElement {
  const place = (level: number): string => `${((Math.min(meterHigh, Math.max(meterLow, level)) - meterLow) / (meterHigh - meterLow)) * 100}%`;
  return h(
    "span",
    { class: "meter", "aria-hidden": "true" },
    h("span", { class: "zero", style: `left:${place(0)}` }),
    rms === null ? null : h("span", { class: "bar", style: `width:${place(rms)}` }),
    peak === null ? null : h("span", { class: "peak", style: `left:${place(peak)}` }),
  );
}
