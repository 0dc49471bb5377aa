// SPDX-License-Identifier: MIT
// Width and balance of each third of an octave, one above the other on one axis of frequency; and the correlation meter.
import { number } from "../../base/format";
import { linear } from "../chart";
import { type Brush, surface, wantsStillness } from "./loop";
import { breadth, ink, labels, rem, rules } from "./pen";
import { barOf, Glide, placeOf, Seen, thirdOctaves_hz } from "./scales";

export interface StereoBands {
  readonly levels: ArrayLike<number>;
  /** 0 mono to 1 all side. */
  readonly width: ArrayLike<number>;
  /** Left positive, in dB. */
  readonly balance_db: ArrayLike<number>;
}

export interface LiveStereoBands {
  update(data: StereoBands): void;
  destroy(): void;
}

const labelled = [20, 100, 1000, 10000];
/** The balance is drawn this far to each side, in dB. */
const reach_db = 12;
/** A band this far under the loudest says nothing of the field. */
const quietest_db = 60;

export function liveStereoBands(canvas: HTMLCanvasElement): LiveStereoBands {
  let data: StereoBands | null = null;
  const seen = new Seen();
  const widths = thirdOctaves_hz.map(() => new Glide(0));
  const balances = thirdOctaves_hz.map(() => new Glide(0));
  const picture = surface(canvas, (brush, now_ms) => {
    let moves = false;
    if (data !== null) {
      const constant = wantsStillness() ? 0 : 90;
      const floor = greatest(data.levels) - quietest_db;
      for (let i = 0; i < thirdOctaves_hz.length; ++i) {
        const sounds = (data.levels[i] ?? -Infinity) >= floor;
        moves = widths[i]?.towards(sounds ? clamp(data.width[i], 0, 1) : 0, now_ms, constant, 0.004) === true || moves;
        moves = balances[i]?.towards(sounds ? clamp(data.balance_db[i], -reach_db, reach_db) : 0, now_ms, constant, 0.03) === true || moves;
      }
    }
    paint(brush, widths.map(({ value }) => value), balances.map(({ value }) => value));
    return moves;
  });
  return {
    update(next) {
      if (!seen.differs(next.levels, next.width, next.balance_db)) return;
      data = next;
      picture.invalidate();
    },
    destroy() {
      picture.destroy();
    },
  };
}

function greatest(values: ArrayLike<number>): number {
  let result = -Infinity;
  for (let i = 0; i < values.length; ++i) result = Math.max(result, values[i] ?? -Infinity);
  return Number.isFinite(result) ? result : 0;
}

function clamp(value: number | undefined, low: number, high: number): number {
  return value === undefined || Number.isNaN(value) ? 0 : Math.min(high, Math.max(low, value));
}

function paint(brush: Brush, widths: readonly number[], balances: readonly number[]): void {
  const { context, width, height, ratio } = brush;
  const left = 2.5 * rem();
  const right = width - 0.75 * rem();
  const head = 1.375 * rem();
  const foot = 1.5 * rem();
  const each = (height - 2 * head - foot) / 2;
  const x = (hz: number): number => left + placeOf(hz) * (right - left);
  const upper = { top: head, bottom: head + each };
  const lower = { top: 2 * head + each, bottom: 2 * head + 2 * each };
  const y_width = linear([0, 1], [upper.bottom, upper.top]);
  const y_balance = linear([-reach_db, reach_db], [lower.bottom, lower.top]);

  rules(brush, ink("grid"), [
    ...[0, 0.5, 1].map((value) => ({ from: [left, y_width(value)] as const, to: [right, y_width(value)] as const })),
    ...[-reach_db, -reach_db / 2, reach_db / 2, reach_db].map((value) => ({ from: [left, y_balance(value)] as const, to: [right, y_balance(value)] as const })),
    ...labelled.flatMap((hz) => [upper, lower].map(({ top, bottom }) => ({ from: [x(hz), top] as const, to: [x(hz), bottom] as const }))),
  ]);
  rules(brush, ink("line"), [{ from: [left, y_balance(0)], to: [right, y_balance(0)] }]);
  labels(brush, { ink: "muted", align: "right", baseline: "middle" }, [
    ...[0, 0.5, 1].map((value) => ({ text: String(value), x: left - 0.5 * rem(), y: y_width(value) })),
    { text: `L\u2009${reach_db}`, x: left - 0.5 * rem(), y: y_balance(reach_db) },
    { text: "0", x: left - 0.5 * rem(), y: y_balance(0) },
    { text: `R\u2009${reach_db}`, x: left - 0.5 * rem(), y: y_balance(-reach_db) },
  ]);
  labels(brush, { ink: "muted", align: "center" }, labelled.map((hz) => ({ text: hz >= 1000 ? `${hz / 1000}k` : String(hz), x: x(hz), y: height - 0.375 * rem() })));
  labels(brush, { ink: "muted" }, [
    { text: "Width by band", x: left, y: upper.top - 0.5 * rem() },
    { text: "Balance by band, dB", x: left, y: lower.top - 0.5 * rem() },
  ]);

  const bar = (i: number, low: number, high: number): void => {
    const { from, to } = barOf(i, left, right, ratio);
    context.rect(from + 1, Math.min(low, high), Math.max(1, to - from - 2), Math.max(0.5, Math.abs(high - low)));
  };
  context.fillStyle = ink("loudness", 0.65);
  context.beginPath();
  thirdOctaves_hz.forEach((_, i) => {
    bar(i, y_width(0), y_width(widths[i] ?? 0));
    bar(i, y_balance(0), y_balance(balances[i] ?? 0));
  });
  context.fill();
}

export interface CorrelationMeter {
  /** -1 to 1; null: nothing sounds. */
  update(correlation: number | null): void;
  destroy(): void;
}

export function correlationMeter(canvas: HTMLCanvasElement): CorrelationMeter {
  let wanted: number | null = null;
  const shown = new Glide(0);
  const picture = surface(canvas, (brush, now_ms) => {
    const moves = wanted !== null && shown.towards(wanted, now_ms, wantsStillness() ? 0 : 150, 0.003);
    const { context, width, height } = brush;
    const inset = 0.75 * rem();
    const x = linear([-1, 1], [inset, width - inset]);
    const top = 2;
    const bottom = height - 1.25 * rem();
    context.fillStyle = ink("over", 0.1);
    context.fillRect(x(-1), top, x(0) - x(-1), bottom - top);
    context.fillStyle = ink("loudness", 0.1);
    context.fillRect(x(0), top, x(1) - x(0), bottom - top);
    rules(brush, ink("line"), [-1, -0.5, 0, 0.5, 1].map((value) => ({ from: [x(value), top], to: [x(value), bottom] })));
    labels(brush, { ink: "muted", align: "center" }, [-1, 0, 1].map((value) => ({ text: number(value, { decimals: 0, sign: "always" }), x: x(value), y: height - 0.25 * rem() })));
    if (wanted !== null) {
      const colour = shown.value < 0 ? "over" : "loudness";
      context.fillStyle = ink(colour, 0.35);
      context.fillRect(Math.min(x(0), x(shown.value)), top + 2, Math.abs(x(shown.value) - x(0)), bottom - top - 4);
      context.fillStyle = ink(colour);
      context.fillRect(x(shown.value) - breadth(1.5), top, breadth(3), bottom - top);
    }
    return moves;
  });
  return {
    update(next) {
      if (next === wanted) return;
      wanted = next;
      picture.invalidate();
    },
    destroy() {
      picture.destroy();
    },
  };
}
