// SPDX-License-Identifier: MIT
// Loudness and peaks on one scale: bars of what sounds now, thin bars of what the whole session will read, and across
// them the target and the ceiling.
import { linear } from "../chart";
import { type Brush, surface, wantsStillness } from "./loop";
import { ink, labels, rem, rules } from "./pen";
import { Glide } from "./scales";

export interface LoudnessBar {
  readonly name: string;
  readonly quantity: "loudness" | "peak";
  /** What sounds now and what the whole session will read; null: minus infinity, or not known. */
  live: number | null;
  whole: number | null;
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

/** The range shown, around a target: a loud master and a quiet broadcast both lie in the upper half. */
export function loudnessRange(target_lufs: number | null): readonly [number, number] {
  return [Math.min(-42, Math.floor(((target_lufs ?? -14) - 22) / 6) * 6), 3];
}

export function loudnessScale(canvas: HTMLCanvasElement): LoudnessScale {
  let data: LoudnessScaleData | null = null;
  let glides: { live: Glide; whole: Glide }[] = [];
  const picture = surface(canvas, (brush, now_ms) => {
    if (data === null) return false;
    const still = wantsStillness();
    let moves = false;
    const [low] = loudnessRange(data.target_lufs);
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
  const left = 1.875 * rem();
  const right = width - 0.25 * rem();
  const top = 0.5 * rem();
  const bottom = height - 1.375 * rem();
  const y = linear([low, high], [bottom, top]);
  const step = bottom - top > 16 * rem() ? 3 : 6;
  const scale = Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, i) => Math.floor(high / step) * step - i * step).filter((value) => value >= low);
  rules(brush, ink("grid"), scale.map((value) => ({ from: [left, y(value)], to: [right, y(value)] })));
  labels(brush, { ink: "muted", align: "right", baseline: "middle", size_rem: 0.6875 }, scale.map((value) => ({ text: String(value).replace("-", "\u2212"), x: left - 0.375 * rem(), y: y(value) })));

  const each = (right - left) / data.bars.length;
  const gap = Math.min(0.5 * rem(), each * 0.18);
  data.bars.forEach((bar, i) => {
    const value = values[i] ?? { live: low, whole: low };
    const from = left + i * each + gap;
    const breadth = each - 2 * gap;
    const limit = bar.quantity === "peak" ? data.ceiling_dbtp : null;
    const level = y(Math.min(high, value.live));
    context.fillStyle = ink("ink", 0.06);
    context.fillRect(from, top, breadth, bottom - top);
    context.fillStyle = ink(bar.quantity, 0.75);
    context.fillRect(from, level, breadth, Math.max(0, bottom - level));
    if (limit !== null && value.live > limit) {
      context.fillStyle = ink("over");
      context.fillRect(from, level, breadth, y(limit) - level);
    }
    if (bar.whole !== null) {
      // A pointer at the side: what the whole session will read.
      const at = y(Math.min(high, Math.max(low, value.whole)));
      context.fillStyle = ink("ink");
      context.fillRect(from - 2, at - 1, breadth + 4, 2);
      context.beginPath();
      context.moveTo(from - 2, at);
      context.lineTo(from - 2 - 0.35 * rem(), at - 0.3 * rem());
      context.lineTo(from - 2 - 0.35 * rem(), at + 0.3 * rem());
      context.fill();
    }
  });
  const mark = (value: number | null, colour: string, quantity: LoudnessBar["quantity"]): void => {
    if (value === null) return;
    const columns = data.bars.flatMap((bar, i) => (bar.quantity === quantity ? [i] : []));
    const first = columns[0];
    const last = columns[columns.length - 1];
    if (first === undefined || last === undefined) return;
    context.setLineDash([5, 3]);
    rules(brush, ink(colour), [{ from: [left + first * each, y(value)], to: [left + (last + 1) * each, y(value)] }], 1.5);
    context.setLineDash([]);
  };
  mark(data.target_lufs, "ink", "loudness");
  mark(data.ceiling_dbtp, "peak", "peak");
  labels(brush, { ink: "muted", align: "center" }, data.bars.map((bar, i) => ({ text: bar.name, x: left + (i + 0.5) * each, y: height - 0.375 * rem() })));
}
