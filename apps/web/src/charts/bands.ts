// SPDX-License-Identifier: MIT
// Values by band of frequency, on a logarithmic axis: lines or bars. The cursor reads a band: pointer, or arrow keys.
import { h, replace, s } from "../base/dom";
import { frequency, number, quantity, type Unit } from "../base/format";
import type { Family, Series } from "../report/types";
import { type Chart, linear, logarithmic, onWidth, present, type Scale, ticks } from "./chart";

export interface BandSeries {
  readonly name: string;
  readonly values: Series;
  readonly kind: "main" | "target" | "family" | "bars";
  readonly family?: Family;
  readonly isShown: boolean;
}

export interface BandsData {
  readonly bands_hz: readonly number[];
  /** The first lies on top. */
  readonly series: readonly BandSeries[];
  readonly axis: string;
  readonly unit: Unit;
  readonly decimals: number;
  readonly range: readonly [number, number];
}

/** Lines that can be told apart without their colours. */
const dashes: Readonly<Record<Family, string | null>> = {
  drums: null,
  bass: "8 3",
  guitars: "3 2",
  keys: "9 3 2 3",
  synths: "2 3",
  orchestra: "12 3 2 3 2 3",
  voice: "6 2 6 2 1 2",
  effects: "1 3",
  other: "4 6",
};

const margin = { top: 10, right: 10, bottom: 38, left: 50 };

export function familyDash(family: Family): string | null {
  return dashes[family];
}

export function bands(height: number, label: string): Chart<BandsData> {
  const stage = h("div", { class: "bands", tabindex: 0, role: "group", "aria-label": `${label}. Arrow keys read band by band.` });
  const readout = h("output", { class: "readout small", "aria-live": "polite" }, "\u00a0");
  const element = h("div", { class: "chart" }, stage, readout);
  let data: BandsData | null = null;
  let width = 0;
  let cursor: number | null = null;

  const draw = (): void => {
    if (data !== null && width > 0) replace(stage, drawing(data, width, height, cursor, label));
  };
  const read = (band: number | null): void => {
    cursor = band;
    if (data !== null) readout.textContent = reading(data, band);
    draw();
  };
  stage.addEventListener("pointermove", (event) => {
    if (data === null || width === 0) return;
    const x = bandScale(data.bands_hz, width);
    const at = event.clientX - stage.getBoundingClientRect().left;
    const distances = data.bands_hz.map((hz) => Math.abs(x(hz) - at));
    const nearest = distances.indexOf(Math.min(...distances));
    if (nearest !== cursor) read(nearest);
  });
  stage.addEventListener("pointerleave", () => {
    read(null);
  });
  stage.addEventListener("keydown", (event) => {
    if (data === null || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
    event.preventDefault();
    const step = event.key === "ArrowLeft" ? -1 : 1;
    const from = cursor ?? (step > 0 ? -1 : data.bands_hz.length);
    read(Math.min(data.bands_hz.length - 1, Math.max(0, from + step)));
  });
  stage.addEventListener("blur", () => {
    read(null);
  });
  onWidth(stage, (w) => {
    width = w;
    draw();
  });
  return {
    element,
    update(next) {
      data = next;
      draw();
    },
  };
}

function reading(data: BandsData, band: number | null): string {
  const hz = band === null ? undefined : data.bands_hz[band];
  if (band === null || hz === undefined) return "\u00a0";
  const parts = data.series.filter((series) => series.isShown).map((series) => `${series.name} ${quantity(series.values[band], data.unit, { decimals: data.decimals })}`);
  return `${frequency(hz)}\u2002${parts.join(", ")}`;
}

function bandScale(bands_hz: readonly number[], width: number): Scale {
  const half = 2 ** (1 / 6);
  return logarithmic([(bands_hz[0] ?? 20) / half, (bands_hz[bands_hz.length - 1] ?? 20000) * half], [margin.left, width - margin.right]);
}

const labelled = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000];

function drawing(data: BandsData, width: number, height: number, cursor: number | null, label: string): SVGElement {
  const bottom = height - margin.bottom;
  const x = bandScale(data.bands_hz, width);
  const y = linear(data.range, [bottom, margin.top]);
  const shown = data.series.filter((series) => series.isShown);
  const points = shown.reduce((sum, series) => sum + present(series.values).length, 0);
  const cursor_hz = cursor === null ? undefined : data.bands_hz[cursor];
  const narrow = width < 460;
  return s(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label, "data-points": points },
    ticks(data.range[0], data.range[1], height / 34).map((value) => [
      s("path", { d: `M${margin.left} ${y(value)}H${width - margin.right}`, class: value === 0 ? "axis" : "grid" }),
      s("text", { x: margin.left - 7, y: y(value) + 4, "text-anchor": "end", class: "tick" }, number(value, { decimals: Number.isInteger(value) ? 0 : 1 })),
    ]),
    labelled.map((hz) => [
      s("path", { d: `M${x(hz)} ${margin.top}V${bottom}`, class: "grid" }),
      narrow && [50, 200, 500, 2000, 5000, 20000].includes(hz) ? null : s("text", { x: x(hz), y: bottom + 16, "text-anchor": "middle", class: "tick" }, hz >= 1000 ? `${hz / 1000}k` : String(hz)),
    ]),
    s("text", { x: (margin.left + width - margin.right) / 2, y: height - 5, "text-anchor": "middle", class: "tick" }, "Hz, thirds of an octave"),
    s("text", { x: 11, y: (margin.top + bottom) / 2, class: "tick", "text-anchor": "middle", transform: `rotate(-90 11 ${(margin.top + bottom) / 2})` }, data.axis),
    cursor_hz === undefined ? null : s("path", { d: `M${x(cursor_hz)} ${margin.top}V${bottom}`, class: "cursor" }),
    // Lines may leave at the bottom; the inner picture cuts them off.
    s(
      "svg",
      { x: 0, y: margin.top - 2, width, height: bottom - margin.top + 3, viewBox: `0 ${margin.top - 2} ${width} ${bottom - margin.top + 3}` },
      [...shown].reverse().map((series) => drawn(series, data, x, y)),
    ),
  );
}

function drawn(series: BandSeries, data: BandsData, x: Scale, y: Scale): SVGElement {
  if (series.kind === "bars") {
    const [low, high] = data.range;
    const at = (value: number): number => y(Math.min(high, Math.max(low, value)));
    const zero = at(Math.max(low, 0));
    const half = 2 ** (1 / 6);
    return s(
      "g",
      { class: "band-bars" },
      data.bands_hz.map((hz, i) => {
        const value = series.values[i] ?? null;
        if (value === null) return null;
        const left = x(hz / half) + 1;
        const top = Math.min(zero, at(value));
        return s("rect", { x: left, y: top, width: Math.max(1, x(hz * half) - left - 1), height: Math.max(1, Math.abs(zero - at(value))) });
      }),
    );
  }
  let path = "";
  let pen = "M";
  data.bands_hz.forEach((hz, i) => {
    const value = series.values[i] ?? null;
    if (value === null) {
      pen = "M";
      return;
    }
    path += `${pen}${x(hz).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = "L";
  });
  const dash = series.family === undefined ? null : dashes[series.family];
  return s("path", { d: path, class: `band-line band-${series.kind}`, "data-family": series.family, "stroke-dasharray": dash }, s("title", null, series.name));
}
