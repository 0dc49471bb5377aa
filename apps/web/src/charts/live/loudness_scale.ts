// SPDX-License-Identifier: MIT
// Loudness and peaks on one scale: a bar each of what sounds now, a pointer at what the whole session will read, and
// across them the target and the ceiling.
import { quantity } from "../../base/format";
import { linear, type Scale } from "../chart";
import { type Brush, surface, wantsStillness } from "./loop";
import { breadth, dashes, ink, labels, rem, rules } from "./pen";
import { Glide, Seen } from "./scales";

export interface LoudnessBar {
  readonly name: string;
  readonly quantity: "loudness" | "peak";
  /** What sounds now and what the whole session will read; null: minus infinity, or not known. */
  readonly live: number | null;
  readonly whole: number | null;
}

export interface LoudnessScaleData {
  readonly bars: readonly LoudnessBar[];
  readonly target_lufs: number | null;
  readonly ceiling_dbtp: number | null;
}

export interface LoudnessScale {
  update(data: LoudnessScaleData): void;
  destroy(): void;
}

/** The range shown for a target: what lies 24 LU under it is as good as silent, and 3 dB over full scale are in sight. */
export function loudnessRange(target_lufs: number | null): readonly [number, number] {
  return [Math.min(-36, Math.floor(((target_lufs ?? -14) - 22) / 6) * 6), 3];
}

export function loudnessScale(canvas: HTMLCanvasElement): LoudnessScale {
  const seen = new Seen();
  let data: LoudnessScaleData | null = null;
  let glides: { live: Glide; whole: Glide }[] = [];
  const picture = surface(canvas, (brush, now_ms) => {
    if (data === null) return false;
    const still = wantsStillness();
    const [low] = loudnessRange(data.target_lufs);
    let moves = false;
    data.bars.forEach((bar, i) => {
      const glide = glides[i];
      if (glide === undefined) return;
      moves = glide.live.towards(Math.max(low, bar.live ?? low), now_ms, still ? 0 : 60, 0.05) || moves;
      moves = glide.whole.towards(Math.max(low, bar.whole ?? low), now_ms, still ? 0 : 90, 0.02) || moves;
    });
    paint(brush, data, glides.map(({ live, whole }) => ({ live: live.value, whole: whole.value })));
    return moves;
  });
  return {
    update(next) {
      const figures = [next.target_lufs, next.ceiling_dbtp, ...next.bars.flatMap(({ live, whole }) => [live, whole])];
      if (!seen.differs(figures.map((value) => value ?? -Infinity))) return;
      const [low] = loudnessRange(next.target_lufs);
      if (glides.length !== next.bars.length) glides = next.bars.map(() => ({ live: new Glide(low), whole: new Glide(low) }));
      data = next;
      picture.invalidate();
    },
    destroy() {
      picture.destroy();
    },
  };
}

function paint(brush: Brush, data: LoudnessScaleData, values: readonly { live: number; whole: number }[]): void {
  const { context, width, height } = brush;
  const [low, high] = loudnessRange(data.target_lufs);
  const left = 1.75 * rem();
  const right = width - 0.25 * rem();
  const top = 1.0625 * rem();
  const bottom = height - 1.125 * rem();
  const x = linear([low, high], [left, right]);
  const marks = Array.from({ length: Math.floor((0 - low) / 6) + 1 }, (_, i) => -6 * i);
  rules(brush, ink("grid"), marks.map((value) => ({ from: [x(value), top], to: [x(value), bottom] })));
  labels(brush, { ink: "muted", align: "center", size_rem: 0.6875 }, marks.map((value) => ({ text: String(value).replace("-", "\u2212"), x: x(value), y: height - 0.25 * rem() })));

  const each = (bottom - top) / data.bars.length;
  const gap = Math.max(1, each * 0.16);
  const place = (i: number): { from: number; to: number } => ({ from: top + i * each + gap, to: top + (i + 1) * each - gap });
  data.bars.forEach((bar, i) => {
    const { from, to } = place(i);
    const value = values[i] ?? { live: low, whole: low };
    const level = x(Math.min(high, value.live));
    const limit = bar.quantity === "peak" ? data.ceiling_dbtp : null;
    context.fillStyle = ink("ink", 0.07);
    context.fillRect(left, from, right - left, to - from);
    context.fillStyle = ink(bar.quantity, 0.8);
    context.fillRect(left, from, level - left, to - from);
    if (limit !== null && value.live > limit) {
      context.fillStyle = ink("over");
      context.fillRect(x(limit), from, level - x(limit), to - from);
    }
    if (bar.whole !== null) pointer(brush, x(Math.min(high, value.whole)), from, to);
  });
  labels(brush, { ink: "muted", align: "right", baseline: "middle", size_rem: Math.min(0.6875, each / rem()) }, data.bars.map((bar, i) => ({ text: bar.name, x: left - 0.375 * rem(), y: (place(i).from + place(i).to) / 2 + 0.5 })));
  mark(brush, x, data, "loudness", data.target_lufs, "ink", place);
  mark(brush, x, data, "peak", data.ceiling_dbtp, "peak", place);
}

/** A sharp line across a bar, dark and light so that it is seen on and off the bar. */
function pointer({ context }: Brush, at: number, from: number, to: number): void {
  context.fillStyle = ink("panel");
  context.fillRect(at - breadth(2.5), from - 1, breadth(5), to - from + 2);
  context.fillStyle = ink("ink");
  context.fillRect(at - breadth(1), from - 1, breadth(2), to - from + 2);
}

/** A level that is aimed at, across the bars of its quantity and named above them. */
function mark(brush: Brush, x: Scale, data: LoudnessScaleData, kind: LoudnessBar["quantity"], value: number | null, colour: string, place: (i: number) => { from: number; to: number }): void {
  const rows = data.bars.flatMap((bar, i) => (bar.quantity === kind ? [i] : []));
  const first = rows[0];
  const last = rows[rows.length - 1];
  if (value === null || first === undefined || last === undefined) return;
  const name = kind === "loudness" ? `target ${quantity(value, "LUFS")}` : `ceiling ${quantity(value, "dBTP")}`;
  dashes(brush, 4, 3);
  rules(brush, ink(colour), [{ from: [x(value), place(0).from - 4], to: [x(value), place(last).to + 2] }], 1.5);
  dashes(brush);
  labels(brush, { ink: colour, align: "right", size_rem: 0.6875 }, [{ text: name, x: kind === "loudness" ? x(value) + 2 : brush.width - 0.25 * rem(), y: 0.6875 * rem() }]);
}
