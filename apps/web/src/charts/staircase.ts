// SPDX-License-Identifier: MIT
// The level of the master as each group comes in: one column a step, one line of treads a reading, and the levels that
// are aimed at across them.
import { h, replace, s } from "../base/dom";
import { number, type Unit } from "../base/format";
import type { Family, Reading } from "../report/types";
import { type Chart, clearOf, linear, onWidth, type Scale, spread, ticks } from "./chart";

export interface StaircaseColumn {
  readonly name: string;
  /** Families of the tracks that enter, in their order. */
  readonly families: readonly Family[];
  /** Stands under columns that follow each other with the same one. */
  readonly band: string;
  /** All tracks moved together before this column: a gap is left, and this is said under the name. */
  readonly raise?: string;
  /** One a reading of StaircaseData.readings. */
  readonly values: readonly Reading[];
}

export interface StaircaseReading {
  readonly name: string;
  readonly unit: Unit;
  readonly quantity: "peak" | "loudness";
  /** Told apart from the other reading of the same quantity by a dash and another mark. */
  readonly isSecond: boolean;
  readonly isShown: boolean;
}

/** A level across the chart. */
export interface StaircaseLevel {
  readonly name: string;
  readonly value: number;
  readonly unit: Unit;
  readonly kind: "anchor" | "target" | "ceiling";
}

export interface StaircaseData {
  readonly readings: readonly StaircaseReading[];
  readonly columns: readonly StaircaseColumn[];
  readonly levels: readonly StaircaseLevel[];
}

/** Of units of the drawing: CSS pixels, or where it fills its element, fourteenths of a rem. */
const margin = { top: 16, right: 108, left: 54 };
const usualHeight = 300;
const narrowestColumn = 62;
const gap = 34;

/** The plot is as high as usual, or fills the element's height as the page's style gives it. */
export function staircase(height: "usual" | "fill" = "usual"): Chart<StaircaseData> {
  const element = h("div", { class: "scroll staircase", tabindex: 0, role: "region", "aria-label": "Staircase, scrolls sideways when it is wide" });
  let data: StaircaseData | null = null;
  let width = 0;
  let available: number | null = null;
  const draw = (): void => {
    if (data === null || width === 0) return;
    if (available === null) replace(element, drawing(data, width, null));
    else replace(element, drawing(data, width / unit(), available / unit()));
  };
  if (height === "fill") {
    new ResizeObserver((entries) => {
      const box = entries[0]?.contentRect;
      if (box === undefined || (Math.floor(box.width) === width && Math.floor(box.height) === available)) return;
      [width, available] = [Math.floor(box.width), Math.floor(box.height)];
      draw();
    }).observe(element);
  } else {
    onWidth(element, (w) => {
      width = w;
      draw();
    });
  }
  return {
    element,
    update(next) {
      data = next;
      draw();
    },
  };
}

/** CSS pixels a unit of a drawing that grows with the page's type. */
function unit(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 14;
}

function drawing(data: StaircaseData, available: number, availableHeight: number | null): SVGElement {
  const shown = data.readings.map((reading, index) => ({ reading, index })).filter(({ reading }) => reading.isShown);
  const gaps = data.columns.filter((column) => column.raise !== undefined).length * gap;
  const inner = Math.max(available - margin.left - margin.right, data.columns.length * narrowestColumn + gaps);
  const columnWidth = (inner - gaps) / Math.max(1, data.columns.length);
  const width = inner + margin.left + margin.right;
  const names = data.columns.map((column) => [...wrap(column.name, Math.max(8, Math.floor(columnWidth / 6.6)), 3), ...(column.raise === undefined ? [] : wrap(column.raise, 12, 3))]);
  const deepest = Math.max(1, ...names.map((lines) => lines.length));
  const footHeight = 20 + deepest * 14 + (data.columns.some(({ band }) => band !== "") ? 20 : 4);
  const plotHeight = availableHeight === null ? usualHeight : Math.max(78, availableHeight - margin.top - footHeight);
  const bottom = margin.top + plotHeight;
  const bandTop = bottom + 20 + deepest * 14;
  const height = bottom + footHeight;

  const values = [...data.columns.flatMap((column) => shown.map(({ index }) => column.values[index] ?? null)), ...data.levels.map((level) => level.value)];
  const numbers = values.filter((value): value is number => value !== null);
  const high = Math.max(0, ...numbers) + 2;
  const low = Math.max(high - 66, Math.floor((Math.min(-18, ...numbers) - 2) / 6) * 6);
  const y = linear([low, high], [bottom, margin.top]);

  let left = margin.left;
  const places = data.columns.map((column, i) => {
    if (column.raise !== undefined) left += gap;
    const place = { column, name: names[i] ?? [], left, middle: left + columnWidth / 2 };
    left += columnWidth;
    return place;
  });

  const points = data.columns.reduce((sum, column) => sum + shown.filter(({ index }) => typeof column.values[index] === "number").length, 0);
  return s(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, style: availableHeight === null ? `min-width:${width}px` : `min-width:${width / 14}rem`, role: "img", "aria-label": "The master's level after each group of tracks", "data-points": points },
    ticks(low, high, Math.min(9, plotHeight / 26)).map((value) => [
      s("path", { d: `M${margin.left} ${y(value)}H${margin.left + inner}`, class: value === 0 ? "axis" : "grid" }),
      s("text", { x: margin.left - 8, y: y(value) + 4, "text-anchor": "end", class: "tick" }, number(value, { decimals: 0 })),
    ]),
    s("text", { x: 12, y: margin.top + plotHeight / 2, class: "tick", transform: `rotate(-90 12 ${margin.top + plotHeight / 2})`, "text-anchor": "middle" }, "dB re full scale"),
    places.map((place) => foot(place, columnWidth, bottom)),
    bandsOf(places, columnWidth, bandTop),
    levels(data.levels, y, inner, bottom),
    shown.map(({ reading, index }) => treads(reading, places.map((place) => ({ ...place, value: place.column.values[index] ?? null })), columnWidth, y, low)),
    places.map((place) => labels(shown, place, y, bottom, low, [y(0), ...data.levels.map(({ value }) => y(value))])),
  );
}

interface Place {
  readonly column: StaircaseColumn;
  readonly name: readonly string[];
  readonly left: number;
  readonly middle: number;
}

/** A column's name and the families that enter. */
function foot({ column, name, left, middle }: Place, width: number, bottom: number): SVGElement {
  const each = Math.min(14, (width - 12) / Math.max(1, column.families.length));
  const start = middle - (each * column.families.length) / 2;
  return s(
    "g",
    null,
    s("path", { d: `M${left + 2} ${bottom}H${left + width - 2}`, class: "axis" }),
    column.families.map((family, i) => s("rect", { x: start + i * each + 0.5, y: bottom + 5, width: Math.max(1, each - 1), height: 6, "data-family": family, class: "family" })),
    s("text", { class: "step-name", "text-anchor": "middle" }, name.map((line, i) => s("tspan", { x: middle, y: bottom + 27 + i * 14 }, line))),
    s("title", null, column.name),
  );
}

/** A bracket under the columns of each band. */
function bandsOf(places: readonly Place[], width: number, top: number): SVGElement[] {
  const runs: { band: string; from: number; to: number }[] = [];
  for (const { column, left } of places) {
    const last = runs[runs.length - 1];
    if (last !== undefined && last.band === column.band) last.to = left + width;
    else runs.push({ band: column.band, from: left, to: left + width });
  }
  return runs
    .filter((run) => run.band !== "")
    .map((run) =>
      s(
        "g",
        null,
        s("path", { d: `M${run.from + 6} ${top - 4}V${top}H${run.to - 6}V${top - 4}`, class: "axis" }),
        s("text", { x: (run.from + run.to) / 2, y: top + 14, "text-anchor": "middle", class: "tick" }, run.band),
      ),
    );
}

function levels(all: readonly StaircaseLevel[], y: Scale, inner: number, bottom: number): SVGElement[] {
  const right = margin.left + inner;
  const at = spread(all.map((level) => y(level.value)), 27, margin.top + 6, bottom - 20);
  return all.map((level, i) => {
    const text = at[i] ?? y(level.value);
    return s(
      "g",
      { class: `level level-${level.kind}` },
      s("path", { d: `M${margin.left} ${y(level.value)}H${right}`, class: "level-line" }),
      s("path", { d: `M${right} ${y(level.value)}L${right + 6} ${text}`, class: "level-lead" }),
      s("text", { x: right + 9, y: text, class: "level-name" }, s("tspan", { x: right + 9, y: text + 1 }, level.name), s("tspan", { x: right + 9, y: text + 14 }, `${number(level.value)}\u202f${level.unit}`)),
    );
  });
}

function treads(reading: StaircaseReading, places: readonly (Place & { value: Reading })[], width: number, y: Scale, low: number): SVGElement {
  let path = "";
  let previous: { end: number; at: number } | null = null;
  for (const { value, left, column } of places) {
    if (value === null) {
      previous = null;
      continue;
    }
    const at = y(Math.max(low, value));
    // A riser joins neighbours; over the raise it leans, for the gain moves everything at once.
    path += previous === null ? `M${left + 2} ${at}` : column.raise === undefined ? `L${left} ${previous.at}V${at}` : `L${left + 2} ${at}`;
    path += `H${left + width - 2}`;
    previous = { end: left + width, at };
  }
  const mark = { x: -3.5, y: -3.5, width: 7, height: 7 };
  return s(
    "g",
    { class: `reading reading-${reading.quantity}${reading.isSecond ? " second" : ""}` },
    s("path", { d: path, class: "treads" }),
    places.map(({ value, middle }) => {
      if (value === null) return null;
      const transform = `translate(${middle} ${y(Math.max(low, value))})`;
      if (reading.quantity === "peak") return s("rect", { ...mark, class: "mark", transform: reading.isSecond ? `${transform} rotate(45)` : transform });
      return reading.isSecond ? s("path", { d: "M0 -4.5L4.5 3.5H-4.5Z", class: "mark", transform }) : s("circle", { r: 3.8, class: "mark", transform });
    }),
  );
}

function labels(shown: readonly { reading: StaircaseReading; index: number }[], { column, middle }: Place, y: Scale, bottom: number, low: number, across: readonly number[]): SVGElement[] {
  const drawn = shown.flatMap(({ reading, index }) => {
    const value = column.values[index] ?? null;
    return value === null ? [] : [{ reading, value, tread: y(Math.max(low, value)) }];
  });
  const lines = [...across, ...drawn.map(({ tread }) => tread)];
  const present = drawn.map((one) => ({ ...one, wanted: clearOf(one.tread, lines) }));
  const at = spread(present.map(({ wanted }) => wanted), 13, margin.top - 4, bottom - 4);
  return present.map(({ reading, value }, i) =>
    s("text", { x: middle, y: at[i] ?? 0, "text-anchor": "middle", class: `value value-${reading.quantity}` }, number(value), s("title", null, `${reading.name} after ${column.name}: ${number(value)} ${reading.unit}`)),
  );
}

/** Words on at most `most` lines of about `length` characters. */
function wrap(text: string, length: number, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + 1 + word.length <= length) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  const kept = lines.slice(0, most).map((line) => (line.length > length ? `${line.slice(0, length - 1)}\u2026` : line));
  if (lines.length > most) kept[most - 1] = `${(kept[most - 1] ?? "").slice(0, length - 1)}\u2026`;
  return kept;
}
