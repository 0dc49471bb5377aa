// SPDX-License-Identifier: MIT
// The live spectrum: bars by thirds of an octave with their holds, a fine line, and behind them what it is held against:
// the tonal balance aimed at, a slope, and the spectra of others. A cursor reads a band.
import { frequency, quantity } from "../../base/format";
import type { Family, Series } from "../../report/types";
import { linear, type Scale, ticks } from "../chart";
import { familyDash } from "../bands";
import { type Brush, surface, wantsStillness } from "./loop";
import { breadth, dashes, familyInk, ink, labels, rem, rules } from "./pen";
import { bandOf, barOf, bestBandShift, bestShift, frequencyAt, Glide, line_hz, placeOf, rangeBottom_db, rangeTop, Seen, slopeAt, SlowLevels, thirdOctaves_hz } from "./scales";

/** What is measured now, in dBFS: third octaves from 20 Hz to 20 kHz, their holds, and lines even in the logarithm. */
export interface SpectrumLevels {
  readonly bands: ArrayLike<number>;
  readonly holds: ArrayLike<number>;
  readonly fine: ArrayLike<number>;
}

/** A spectrum that is known already, by thirds of an octave. */
export interface KnownSpectrum {
  readonly name: string;
  readonly family: Family | null;
  readonly values_db: Series;
}

export interface SpectrumSetting {
  /** What is watched; the means and holds begin anew with another one. */
  readonly name: string;
  /** A colour of the style sheet. */
  readonly colour: string;
  readonly shows: { readonly bars: boolean; readonly fine: boolean; readonly holds: boolean };
  /** Fall of the slope line in dB per octave; null: none. */
  readonly slope_db: number | null;
  /** The shape aimed at; it is laid on what is heard. */
  readonly target_db: Series | null;
  readonly others: readonly KnownSpectrum[];
}

export interface LiveSpectrum {
  update(levels: SpectrumLevels): void;
  set(setting: SpectrumSetting): void;
  /** Reads the band at a place in CSS pixels from the left; null: none. Gives the sentence. */
  point(x: number | null): string;
  /** Reads the next band upwards or downwards. */
  step(by: 1 | -1): string;
  /** The band that is read; null: none. */
  readonly band: number | null;
  destroy(): void;
}

/** Half the height of the band around the tonal balance target, in dB. */
export const tolerance_db = 3;
const labelled = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000];

interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: Scale;
  readonly y: Scale;
  readonly range: readonly [number, number];
}

export function liveSpectrum(canvas: HTMLCanvasElement): LiveSpectrum {
  let levels: SpectrumLevels | null = null;
  let setting: SpectrumSetting | null = null;
  let top = 0;
  let cursor: number | null = null;
  let width = 0;
  let taken_ms: number | null = null;
  const seen = new Seen();
  const slow = new SlowLevels(thirdOctaves_hz.length);
  let slowFine = new SlowLevels(0);
  let fineCount = 0;
  const shownTop = new Glide(0);
  const targetShift = new Glide(-Infinity);
  const slopeShift = new Glide(-Infinity);
  /** What stands still while it plays is drawn once and kept: the grid, and up to many others. */
  const background = document.createElement("canvas");
  let backgroundKey = "";
  let version = 0;

  const picture = surface(canvas, (brush, now_ms) => {
    if (setting === null) return false;
    width = brush.width;
    const still = wantsStillness();
    let moves = shownTop.towards(top, now_ms, still ? 0 : 120);
    const frame = framed(brush, shownTop.value);
    const key = [version, brush.width, brush.height, brush.ratio, shownTop.value, ink("panel"), rem()].join(" ");
    if (key !== backgroundKey) {
      backgroundKey = key;
      [background.width, background.height] = [canvas.width, canvas.height];
      const context = background.getContext("2d");
      if (context !== null) {
        context.setTransform(brush.ratio, 0, 0, brush.ratio, 0, 0);
        behind({ ...brush, context }, frame, setting.others);
      }
    }
    brush.context.drawImage(background, 0, 0, brush.width, brush.height);
    const shift = setting.target_db === null ? null : bestBandShift(setting.target_db, slow.levels_db);
    if (shift !== null && setting.target_db !== null) {
      moves = targetShift.towards(shift, now_ms, still ? 0 : 300) || moves;
      target(brush, frame, setting.target_db, targetShift.value);
    }
    clipped(brush, frame, () => {
      if (setting === null) return;
      if (levels === null) return;
      if (setting.shows.bars) bars(brush, frame, levels.bands, setting.colour, setting.shows.fine);
      if (setting.shows.fine) fine(brush, frame, levels.fine, setting.colour);
      if (setting.shows.holds) holds(brush, frame, levels.holds);
      if (setting.slope_db === null) return;
      const fall_db = setting.slope_db;
      const anchor = setting.shows.fine
        ? bestShift((i) => slopeAt(line_hz(i, fineCount), fall_db), slowFine.levels_db, (i) => line_hz(i, fineCount))
        : bestBandShift(thirdOctaves_hz.map((hz) => slopeAt(hz, fall_db)), slow.levels_db);
      if (anchor === null) return;
      moves = slopeShift.towards(anchor, now_ms, still ? 0 : 300) || moves;
      slope(brush, frame, setting.slope_db, slopeShift.value);
    });
    if (cursor !== null) {
      const at = frame.x(thirdOctaves_hz[cursor] ?? 0);
      rules(brush, ink("muted"), [{ from: [at, frame.top], to: [at, frame.bottom] }]);
    }
    return moves;
  });

  const read = (band: number | null): string => {
    cursor = band;
    picture.invalidate();
    if (band === null || setting === null) return "";
    const shift = targetShift.value;
    const aimed = setting.target_db?.[band] ?? null;
    const parts = [
      `${setting.name} ${quantity(finite(levels?.bands[band]), "dB", { silent: true })}`,
      `hold ${quantity(finite(levels?.holds[band]), "dB", { silent: true })}`,
      aimed === null || !Number.isFinite(shift) ? "" : `target ${quantity(aimed + shift, "dB")}`,
    ];
    return `${frequency(thirdOctaves_hz[band] ?? 0)}\u2002${parts.filter((part) => part !== "").join(", ")}`;
  };

  return {
    update(next) {
      if (!seen.differs(next.bands, next.holds, next.fine) && levels !== null) return;
      levels = next;
      const now = performance.now();
      if (next.fine.length !== fineCount) {
        fineCount = next.fine.length;
        slowFine = new SlowLevels(fineCount);
      }
      if (taken_ms !== null) {
        const passed_s = Math.min(0.25, (now - taken_ms) / 1000);
        slow.take(next.bands, passed_s, 6);
        slowFine.take(next.fine, passed_s, 6);
      }
      taken_ms = now;
      top = rangeTop(Math.max(greatest(next.holds), greatest(next.fine)), top);
      picture.invalidate();
    },
    set(next) {
      if (next.name !== setting?.name) {
        slow.reset();
        slowFine.reset();
        levels = null;
      }
      if (next.others !== setting?.others) ++version;
      setting = next;
      picture.invalidate();
    },
    point(x) {
      if (x === null || width === 0) return read(null);
      const { left, right } = margins(width);
      return read(bandOf(frequencyAt(Math.min(1, Math.max(0, (x - left) / (right - left))))));
    },
    step(by) {
      const last = thirdOctaves_hz.length - 1;
      return read(Math.min(last, Math.max(0, (cursor ?? (by > 0 ? -1 : last + 1)) + by)));
    },
    get band() {
      return cursor;
    },
    destroy() {
      picture.destroy();
    },
  };
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

function greatest(values: ArrayLike<number>): number {
  let result = -Infinity;
  for (let i = 0; i < values.length; ++i) result = Math.max(result, values[i] ?? -Infinity);
  return result;
}

function margins(width: number): { left: number; right: number } {
  return { left: 2.5 * rem(), right: width - 0.75 * rem() };
}

function framed({ width, height }: Brush, top_db: number): Frame {
  const { left, right } = margins(width);
  const top = 0.625 * rem();
  const bottom = height - 1.625 * rem();
  const range = [rangeBottom_db, top_db] as const;
  return { left, right, top, bottom, range, x: (hz) => left + placeOf(hz) * (right - left), y: linear(range, [bottom, top]) };
}

function grid(brush: Brush, { left, right, top, bottom, x, y, range }: Frame): void {
  const levels = ticks(range[0], range[1], (bottom - top) / (2.25 * rem()));
  rules(brush, ink("grid"), [
    ...levels.map((db) => ({ from: [left, y(db)] as const, to: [right, y(db)] as const })),
    ...labelled.map((hz) => ({ from: [x(hz), top] as const, to: [x(hz), bottom] as const })),
  ]);
  labels(brush, { ink: "muted", align: "right", baseline: "middle" }, levels.map((db) => ({ text: String(Math.abs(db) < 0.5 ? 0 : db).replace("-", "\u2212"), x: left - 0.5 * rem(), y: y(db) })));
  const narrow = right - left < 26 * rem();
  const shown = narrow ? labelled.filter((hz) => [20, 100, 1000, 10000].includes(hz)) : labelled;
  labels(brush, { ink: "muted", align: "center" }, shown.map((hz) => ({ text: hz >= 1000 ? `${hz / 1000}k` : String(hz), x: x(hz), y: bottom + 1.125 * rem() })));
}

function behind(brush: Brush, frame: Frame, others: readonly KnownSpectrum[]): void {
  grid(brush, frame);
  clipped(brush, frame, () => {
    // Many are paler each, so that what sounds stands out before them.
    const opacity = others.length > 16 ? 0.35 : 0.5;
    for (const other of others) line(brush, frame, other, opacity);
  });
}

function clipped({ context }: Brush, { left, right, top, bottom }: Frame, draw: () => void): void {
  context.save();
  context.beginPath();
  context.rect(left, top - 1, right - left, bottom - top + 1);
  context.clip();
  draw();
  context.restore();
}

/** A path through levels by thirds of an octave; a gap where one is absent. */
function trace(context: CanvasRenderingContext2D, { x, y }: Frame, values_db: Series, shift_db: number): void {
  let isDown = false;
  thirdOctaves_hz.forEach((hz, i) => {
    const value = values_db[i] ?? null;
    if (value === null) {
      isDown = false;
      return;
    }
    if (isDown) context.lineTo(x(hz), y(value + shift_db));
    else context.moveTo(x(hz), y(value + shift_db));
    isDown = true;
  });
}

function target(brush: Brush, frame: Frame, shape_db: Series, shift_db: number): void {
  const { context } = brush;
  clipped(brush, frame, () => {
    const known = thirdOctaves_hz.flatMap((hz, i) => (shape_db[i] == null ? [] : [{ hz, value: (shape_db[i] ?? 0) + shift_db }]));
    context.fillStyle = ink("loudness", 0.14);
    context.beginPath();
    known.forEach(({ hz, value }, i) => {
      if (i === 0) context.moveTo(frame.x(hz), frame.y(value + tolerance_db));
      else context.lineTo(frame.x(hz), frame.y(value + tolerance_db));
    });
    known.reverse().forEach(({ hz, value }) => {
      context.lineTo(frame.x(hz), frame.y(value - tolerance_db));
    });
    context.closePath();
    context.fill();
    context.strokeStyle = ink("loudness", 0.7);
    context.lineWidth = breadth(1.25);
    dashes(brush, 6, 4);
    context.beginPath();
    trace(context, frame, shape_db, shift_db);
    context.stroke();
    dashes(brush);
  });
}

function line(brush: Brush, frame: Frame, { family, values_db }: KnownSpectrum, opacity: number): void {
  const { context } = brush;
  const dash = family === null ? null : familyDash(family);
  context.strokeStyle = family === null ? ink("ink", 0.9 * opacity) : ink(familyInk(family), opacity);
  context.lineWidth = breadth(1);
  context.lineJoin = "round";
  dashes(brush, ...(dash === null ? [] : dash.split(" ").map(Number)));
  context.beginPath();
  trace(context, frame, values_db, 0);
  context.stroke();
  dashes(brush);
}

function bars({ context, ratio }: Brush, { left, right, y, bottom }: Frame, bands: ArrayLike<number>, colour: string, isBehind: boolean): void {
  context.fillStyle = ink(colour, isBehind ? 0.2 : 0.55);
  context.beginPath();
  thirdOctaves_hz.forEach((_, i) => {
    const level = bands[i] ?? -Infinity;
    if (!Number.isFinite(level)) return;
    const { from, to } = barOf(i, left, right, ratio);
    context.rect(from + 1, y(level), Math.max(1, to - from - 2), Math.max(0, bottom - y(level)));
  });
  context.fill();
}

function holds({ context, ratio }: Brush, { left, right, y }: Frame, levels: ArrayLike<number>): void {
  context.fillStyle = ink("peak", 0.85);
  context.beginPath();
  thirdOctaves_hz.forEach((_, i) => {
    const level = levels[i] ?? -Infinity;
    if (!Number.isFinite(level)) return;
    const { from, to } = barOf(i, left, right, ratio);
    context.rect(from + 1, Math.round(y(level) * ratio) / ratio - breadth(1), Math.max(1, to - from - 2), breadth(1.25));
  });
  context.fill();
}

function fine({ context }: Brush, { x, y, range }: Frame, levels: ArrayLike<number>, colour: string): void {
  const count = levels.length;
  context.strokeStyle = ink(colour);
  context.lineWidth = breadth(1.5);
  context.lineJoin = "round";
  context.beginPath();
  for (let i = 0; i < count; ++i) {
    const at = y(Math.max(range[0] - 6, levels[i] ?? -Infinity));
    if (i === 0) context.moveTo(x(line_hz(i, count)), at);
    else context.lineTo(x(line_hz(i, count)), at);
  }
  context.stroke();
}

/** A line that falls as drawn; it lies on the fine line where that is shown, else on the bars. */
function slope(brush: Brush, { left, right, x, y }: Frame, fall_db: number, shift_db: number): void {
  const at = (hz: number): number => y(slopeAt(hz, fall_db) + shift_db);
  const { context } = brush;
  context.strokeStyle = ink("muted");
  context.lineWidth = breadth(1.25);
  dashes(brush, 2, 4);
  context.beginPath();
  context.moveTo(left, at(frequencyAt(0)));
  context.lineTo(right, at(frequencyAt(1)));
  context.stroke();
  dashes(brush);
  labels(brush, { ink: "muted", align: "right", halo: true }, [{ text: `\u2212${fall_db}\u202fdB per octave`, x: Math.min(right - 4, x(18000)), y: at(18000) - 0.5 * rem() }]);
}
