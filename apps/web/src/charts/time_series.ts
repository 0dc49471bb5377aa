// SPDX-License-Identifier: MIT
// Readings over the time of the song, drawn by uPlot. Charts of one group share the time that is shown and the cursor.
// Keys: arrows move the cursor (with shift ten times as far), + and - zoom, 0 or Escape shows all.
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { h, replace, s } from "../base/dom";
import { quantity, time, type Unit } from "../base/format";
import { colour, faded, onThemeChange } from "../base/theme";
import type { Series } from "../report/types";
import { type Chart, onWidth, present, spread } from "./chart";

export interface TimeSeriesLine {
  readonly name: string;
  readonly values: Series;
  /** A name of the style sheet's colours. */
  readonly colour: string;
  readonly width: number;
  readonly dash?: readonly number[];
  /** Fills from the line to this value. */
  readonly fillTo?: number;
}

export interface TimeSeriesData {
  readonly hop_s: number;
  readonly lines: readonly TimeSeriesLine[];
  readonly levels: readonly { readonly name: string; readonly value: number; readonly colour: string }[];
  /** Places that are marked at the top. */
  readonly marks: readonly number[];
  readonly axis: string;
  readonly unit: Unit;
  readonly decimals: number;
  readonly range: readonly [number, number];
}

/** What the charts of one group show of the song, in seconds. */
export class TimeGroup {
  private readonly members = new Set<(from: number, to: number) => void>();
  readonly sync = uPlot.sync("song");
  private range: { from: number; to: number } | null = null;

  constructor(readonly duration_s: number) {}

  /** Calls back with what is shown; the result ends that. */
  join(show: (from: number, to: number) => void): () => void {
    this.members.add(show);
    return () => {
      this.members.delete(show);
    };
  }

  get shown(): { from: number; to: number } {
    return this.range ?? { from: 0, to: this.duration_s };
  }

  /** Shows this part; at least a second, at most the whole. */
  show(from: number, to: number): void {
    const length = Math.min(this.duration_s, Math.max(1, to - from));
    const start = Math.min(Math.max(0, from), this.duration_s - length);
    this.range = length >= this.duration_s ? null : { from: start, to: start + length };
    for (const member of this.members) member(this.shown.from, this.shown.to);
  }

  zoom(factor: number, around: number): void {
    const { from, to } = this.shown;
    this.show(around - (around - from) * factor, around + (to - around) * factor);
  }

  showAll(): void {
    this.show(0, this.duration_s);
  }

  /** Ten seconds around a place. */
  showPlace(seconds: number): void {
    this.show(seconds - 5, seconds + 5);
  }
}

export interface TimeSeriesChart extends Chart<TimeSeriesData> {
  /** Puts the cursor on a place of the song. */
  point(seconds: number): void;
  /** Shows where the song plays; null: nowhere. Called at frame rate. */
  play(seconds: number | null): void;
  destroy(): void;
}

/** `height` in CSS pixels, or as much as the page's style gives. `onPlace` is told of a click that zooms nothing. */
export function timeSeries(
  group: TimeGroup,
  height: number | "fill",
  label: string,
  zoom: "with buttons" | "by keys and pointer",
  onPlace?: (seconds: number) => void,
): TimeSeriesChart {
  const legend = h("div", { class: "choices legend" });
  const readout = h("output", { class: "readout small", "aria-live": "polite" });
  const stage = h("div", { class: "time-series", tabindex: 0, role: "group", "aria-label": `${label}. Arrow keys move the cursor, plus and minus zoom, 0 shows all.` });
  const zooms = zoom !== "with buttons" ? null : h(
    "div",
    { class: "choices", role: "group", "aria-label": "Zoom" },
    button("\u2212", "Show more of the song", () => { group.zoom(2, middle()); }),
    button("+", "Show less of the song", () => { group.zoom(0.5, middle()); }),
    button("All", "All of the song", () => { group.showAll(); }),
  );
  const element = h("div", { class: height === "fill" ? "chart fill" : "chart" }, h("div", { class: "chart-head" }, legend, readout, zooms), stage);
  const position = h("div", { class: "position", "aria-hidden": "true" });
  const hidden = new Set<string>();
  let data: TimeSeriesData | null = null;
  let plot: uPlot | null = null;
  let width = 0;
  let tall = height === "fill" ? 0 : height;
  let playing: number | null = null;
  let shownAt: string | null = null;
  /** What the plot was made of; other data of the same make are put into it. */
  let make = "";
  const isFilling = height === "fill";
  /** CSS pixels of what is one at the usual size of the page's type, with which a chart grows that fills its element. */
  let unit = 1;

  const middle = (): number => {
    const { from, to } = group.shown;
    const at = plot?.cursor.idx;
    const seconds = at === null || at === undefined || data === null ? (from + to) / 2 : at * data.hop_s;
    return Math.min(to, Math.max(from, seconds));
  };

  const read = (): void => {
    if (data === null || plot === null) return;
    const index = plot.cursor.idx;
    if (index === null || index === undefined) {
      readout.textContent = "";
      return;
    }
    const { lines, unit, decimals, hop_s } = data;
    const parts = lines.filter((line) => !hidden.has(line.name)).map((line) => `${line.name} ${quantity(line.values[index], unit, { decimals })}`);
    readout.textContent = `${time(index * hop_s, 1)}\u2002${parts.join(", ")}`;
  };

  const draw = (): void => {
    if (data === null || width === 0 || tall === 0) return;
    plot?.destroy();
    const points = data.lines.reduce((sum, line) => sum + present(line.values).length, 0);
    stage.dataset["points"] = String(points);
    make = makeOf(data);
    plot = new uPlot(options(() => data ?? noData, group, { width, height: tall, unit, isFilling, hidden, read, onPlace }), aligned(data), stage);
    plot.over.append(position);
    shownAt = null;
    follow();
  };

  const follow = (): void => {
    if (plot === null) return;
    const { from, to } = group.shown;
    const at = playing === null || playing < from || playing > to ? null : plot.valToPos(playing, "x");
    const next = at === null ? "hidden" : `translateX(${at.toFixed(1)}px)`;
    if (next === shownAt) return;
    shownAt = next;
    position.hidden = at === null;
    if (at !== null) position.style.transform = next;
  };

  const move = (step: number): void => {
    if (plot === null || data === null) return;
    const last = (plot.data[0].length) - 1;
    const index = Math.min(last, Math.max(0, Math.round(middle() / data.hop_s) + step));
    point(index * data.hop_s);
  };

  const point = (seconds: number): void => {
    if (plot === null) return;
    const { from, to } = group.shown;
    if (seconds < from || seconds > to) group.show(seconds - (to - from) / 2, seconds + (to - from) / 2);
    // uPlot takes a new range in a microtask; the place's position is known after it.
    queueMicrotask(() => plot?.setCursor({ left: plot.valToPos(seconds, "x"), top: plot.over.clientHeight / 2 }));
  };

  stage.addEventListener("keydown", (event) => {
    const actions: Record<string, () => void> = {
      ArrowLeft: () => { move(event.shiftKey ? -10 : -1); },
      ArrowRight: () => { move(event.shiftKey ? 10 : 1); },
      "+": () => { group.zoom(0.5, middle()); },
      "=": () => { group.zoom(0.5, middle()); },
      "-": () => { group.zoom(2, middle()); },
      "0": () => { group.showAll(); },
      Escape: () => { group.showAll(); },
    };
    const action = event.ctrlKey || event.metaKey || event.altKey ? undefined : actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
  const leave = group.join((from, to) => {
    plot?.setScale("x", { min: from, max: to });
    queueMicrotask(follow);
  });
  let isGone = false;
  onThemeChange(() => {
    if (!isGone) draw();
  });
  if (isFilling) {
    new ResizeObserver((entries) => {
      const box = entries[0]?.contentRect;
      if (isGone || box === undefined || (Math.floor(box.width) === width && Math.floor(box.height) === tall)) return;
      [width, tall] = [Math.floor(box.width), Math.floor(box.height)];
      const now = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 14;
      if (plot === null || now !== unit) {
        unit = now;
        draw();
      } else plot.setSize({ width, height: tall });
      shownAt = null;
      queueMicrotask(follow);
    }).observe(stage);
  } else {
    onWidth(stage, (w) => {
      width = w;
      draw();
    });
  }

  return {
    element,
    point,
    update(next) {
      const isSame = plot !== null && makeOf(next) === make;
      data = next;
      if (isSame && plot !== null) {
        plot.setData(aligned(next), false);
        // The range is taken anew with the scale; that draws, too.
        plot.setScale("y", { min: next.range[0], max: next.range[1] });
        return;
      }
      replace(legend, next.lines.length < 2 ? null : next.lines.map((line) => legendButton(line, hidden, draw)));
      draw();
    },
    play(seconds) {
      playing = seconds;
      follow();
    },
    destroy() {
      isGone = true;
      leave();
      plot?.destroy();
      plot = null;
    },
  };
}

const noData: TimeSeriesData = { hop_s: 1, lines: [], levels: [], marks: [], axis: "", unit: "", decimals: 0, range: [0, 1] };

/** What of data cannot change within a plot. */
function makeOf({ lines, axis, unit }: TimeSeriesData): string {
  return JSON.stringify([axis, unit, lines.map(({ name, colour: ink, width, dash }) => [name, ink, width, dash])]);
}

function button(text: string, title: string, onPress: () => void): HTMLElement {
  return h("button", { type: "button", class: "choice", title, "aria-label": title, onclick: onPress }, text);
}

function legendButton(line: TimeSeriesLine, hidden: Set<string>, draw: () => void): HTMLElement {
  const key = s("svg", { class: "key", viewBox: "0 0 24 10", "aria-hidden": "true" }, s("path", { d: "M0 5H24", style: `stroke:var(--${line.colour});stroke-width:${line.width};fill:none`, "stroke-dasharray": line.dash?.join(" ") ?? null }));
  const element = h("button", { type: "button", class: "choice", "aria-pressed": String(!hidden.has(line.name)) }, key, line.name);
  element.addEventListener("click", () => {
    const isShown = hidden.has(line.name);
    if (isShown) hidden.delete(line.name);
    else hidden.add(line.name);
    element.setAttribute("aria-pressed", String(isShown));
    draw();
  });
  return element;
}

function aligned(data: TimeSeriesData): uPlot.AlignedData {
  const length = Math.max(1, ...data.lines.map((line) => line.values.length));
  const at = Array.from({ length }, (_, i) => i * data.hop_s);
  return [at, ...data.lines.map((line) => Array.from({ length }, (_, i) => line.values[i] ?? null))];
}

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly unit: number;
  /** Levels are named beside the plot, where nothing is drawn, and not within it. */
  readonly isFilling: boolean;
  readonly hidden: ReadonlySet<string>;
  readonly read: () => void;
  readonly onPlace: ((seconds: number) => void) | undefined;
}

function options(current: () => TimeSeriesData, group: TimeGroup, frame: Frame): uPlot.Options {
  const data = current();
  const { unit, isFilling } = frame;
  const { fontFamily } = getComputedStyle(document.body);
  const font = `${12 * unit}px ${fontFamily}`;
  const axis = { stroke: colour("muted"), font, labelFont: font, grid: { stroke: colour("grid"), width: 1 }, ticks: { stroke: colour("line"), width: 1, size: 4 * unit } };
  const { from, to } = group.shown;
  const long = (group.duration_s >= 600 ? 90 : 70) * unit;
  return {
    width: frame.width,
    height: frame.height,
    legend: { show: false },
    padding: [10 * unit, (isFilling ? besideWidth : 20) * unit, 0, 0],
    cursor: { sync: { key: group.sync.key, scales: ["x", null] }, points: { size: 6 * unit }, drag: { x: true, y: false, setScale: false }, y: false },
    scales: { x: { time: false, min: from, max: to, range: (_u, min, max) => [min, max] }, y: { range: () => [current().range[0], current().range[1]] } },
    axes: [
      { ...axis, values: (_u, splits) => splits.map((t) => time(t, splits.length > 1 && (splits[1] ?? 0) - (splits[0] ?? 0) < 1 ? 1 : 0)), space: long, size: 30 * unit, incrs: increments },
      { ...axis, values: (_u, splits) => splits.map((value) => quantity(value, "", { decimals: Number.isInteger(value) ? 0 : 1 })), size: 48 * unit, label: data.axis, labelSize: 16 * unit, labelGap: 0, space: 26 * unit, incrs: steps },
    ],
    series: [
      {},
      ...data.lines.map((line) => ({
        label: line.name,
        show: !frame.hidden.has(line.name),
        stroke: colour(line.colour),
        width: line.width * unit,
        points: { show: false },
        ...(line.dash === undefined ? {} : { dash: line.dash.map((length) => length * unit) }),
        ...(line.fillTo === undefined ? {} : { fill: faded(line.colour, 0.25), fillTo: line.fillTo }),
      })),
    ],
    hooks: {
      draw: [(u) => { drawLevels(u, current(), { unit, isFilling, fontFamily }); }],
      setCursor: [frame.read],
      setSelect: [
        (u) => {
          if (u.select.width < 4) return;
          group.show(u.posToVal(u.select.left, "x"), u.posToVal(u.select.left + u.select.width, "x"));
          u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
        },
      ],
      ready: [
        (u) => {
          u.over.addEventListener("dblclick", () => { group.showAll(); });
          const { onPlace } = frame;
          if (onPlace === undefined) return;
          let down_x = 0;
          u.over.addEventListener("pointerdown", (event) => { down_x = event.clientX; });
          u.over.addEventListener("click", (event) => {
            if (Math.abs(event.clientX - down_x) < 4) onPlace(u.posToVal(event.clientX - u.over.getBoundingClientRect().left, "x"));
          });
        },
      ],
    },
  };
}

/** Distances of time ticks, in seconds: those of a clock. */
const increments = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400];

/** Distances of level ticks. */
const steps = [0.1, 0.2, 0.5, 1, 2, 3, 6, 12, 24];

/** Room for the names of levels, in units. */
const besideWidth = 84;

function drawLevels(u: uPlot, data: TimeSeriesData, { unit, isFilling, fontFamily }: { unit: number; isFilling: boolean; fontFamily: string }): void {
  const { ctx, bbox } = u;
  const ratio = devicePixelRatio * unit;
  const beside = isFilling ? spread(data.levels.map(({ value }) => u.valToPos(value, "y", true)), 28 * ratio, bbox.top + 6 * ratio, bbox.top + bbox.height - 16 * ratio) : [];
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top - 10 * ratio, bbox.width + (isFilling ? besideWidth * ratio : 0), bbox.height + 10 * ratio);
  ctx.clip();
  ctx.font = `${11 * ratio}px ${fontFamily}`;
  data.levels.forEach((level, i) => {
    const y = Math.round(u.valToPos(level.value, "y", true)) + 0.5;
    ctx.strokeStyle = ctx.fillStyle = colour(level.colour);
    ctx.lineWidth = 1.25 * ratio;
    ctx.setLineDash([6 * ratio, 4 * ratio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.setLineDash([]);
    if (level.name === "") return;
    const at = beside[i];
    if (at !== undefined) {
      // A word and its number, one under the other.
      const left = bbox.left + bbox.width + 6 * ratio;
      const [word = "", ...rest] = level.name.split(" ");
      ctx.textAlign = "left";
      ctx.fillText(word, left, at + 1 * ratio);
      ctx.fillText(rest.join(" "), left, at + 14 * ratio);
      return;
    }
    ctx.textAlign = "right";
    const right = bbox.left + bbox.width - 4 * ratio;
    const length = ctx.measureText(level.name).width;
    ctx.fillStyle = faded("panel", 0.85);
    ctx.fillRect(right - length - 3 * ratio, y - 16 * ratio, length + 6 * ratio, 14 * ratio);
    ctx.fillStyle = colour(level.colour);
    ctx.fillText(level.name, right, y - 5 * ratio);
  });
  ctx.fillStyle = colour("over");
  for (const seconds of data.marks) {
    const x = u.valToPos(seconds, "x", true);
    ctx.beginPath();
    ctx.moveTo(x - 4 * ratio, bbox.top - 8 * ratio);
    ctx.lineTo(x + 4 * ratio, bbox.top - 8 * ratio);
    ctx.lineTo(x, bbox.top - ratio);
    ctx.fill();
  }
  ctx.restore();
}
