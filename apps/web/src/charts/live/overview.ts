// SPDX-License-Identifier: MIT
// The whole session at a glance: the outline of its peaks, short-term loudness against the target, where it clips and
// is loudest, the loop, and where it plays. What stands still is drawn once and kept, in two layers: between them the peaks
// that were heard are veiled.
import { quantity, time } from "../../base/format";
import { linear, type Scale } from "../chart";
import { type Brush, surface } from "./loop";
import type { Loop } from "./overview_moves";
import { breadth, dashes, ink, labels, rem, rules, sharp } from "./pen";
import { envelope } from "./scales";

export interface OverviewData {
  readonly duration_s: number;
  /** Greatest peaks of even parts. */
  readonly peaks: { readonly hop_s: number; readonly peak_dbfs: readonly (number | null)[] } | null;
  readonly loudness: { readonly hop_s: number; readonly short_term_lufs: readonly (number | null)[] } | null;
  readonly target_lufs: number | null;
  /** Places over full scale. */
  readonly clips_s: readonly number[];
  readonly loudest: { readonly at_s: number; readonly short_term_lufs: number } | null;
}

export interface Playing {
  readonly position_s: number;
  readonly loop: Loop | null;
  /** Where a pointer points, null: nowhere. */
  readonly pointed_s: number | null;
}

export interface OverviewChart {
  update(data: OverviewData): void;
  /** Called at frame rate. */
  play(playing: Playing): void;
  /** Seconds at a place in CSS pixels from the canvas's left. */
  secondsAt(x: number): number;
  /** Seconds a CSS pixel. */
  readonly secondsPerPixel: number;
  destroy(): void;
}

const low_db = -36;
const high_db = 0;

export function overviewChart(canvas: HTMLCanvasElement): OverviewChart {
  let data: OverviewData | null = null;
  let playing: Playing = { position_s: 0, loop: null, pointed_s: null };
  let width = 0;
  const layers = [outline, readings].map((draw) => ({ draw, canvas: document.createElement("canvas") }));
  let stillKey = "";
  let version = 0;
  let drawnPixel = -1;

  const pixelOf = (seconds: number): number => {
    if (data === null || width === 0) return 0;
    const { left, right } = sides(width);
    return (left + (seconds / data.duration_s) * (right - left)) * devicePixelRatio;
  };

  const picture = surface(canvas, (brush) => {
    if (data === null) return false;
    ({ width } = brush);
    const frame = framed(brush, data.duration_s);
    const key = [version, brush.width, brush.height, brush.ratio, ink("panel"), ink("ink"), rem()].join(" ");
    if (key !== stillKey) {
      stillKey = key;
      for (const { draw, canvas: layer } of layers) {
        [layer.width, layer.height] = [canvas.width, canvas.height];
        const context = layer.getContext("2d");
        if (context === null) continue;
        context.setTransform(brush.ratio, 0, 0, brush.ratio, 0, 0);
        draw({ ...brush, context }, frame, data);
      }
    }
    layers.forEach(({ canvas: layer }, i) => {
      if (i > 0) veil(brush, frame, playing);
      brush.context.drawImage(layer, 0, 0, brush.width, brush.height);
    });
    pointers(brush, frame, playing);
    return false;
  });

  return {
    update(next) {
      data = next;
      ++version;
      picture.invalidate();
    },
    play(next) {
      // Between two device pixels nothing is seen to move.
      const pixel = Math.round(pixelOf(next.position_s));
      if (pixel === drawnPixel && next.loop === playing.loop && next.pointed_s === playing.pointed_s) return;
      drawnPixel = pixel;
      playing = next;
      picture.invalidate();
    },
    secondsAt(x) {
      if (data === null || width === 0) return 0;
      const { left, right } = sides(width);
      return Math.min(data.duration_s, Math.max(0, ((x - left) / (right - left)) * data.duration_s));
    },
    get secondsPerPixel() {
      if (data === null || width === 0) return 0;
      const { left, right } = sides(width);
      return data.duration_s / (right - left);
    },
    destroy() {
      picture.destroy();
    },
  };
}

interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: Scale;
  readonly y: Scale;
}

function sides(width: number): { left: number; right: number } {
  return { left: 2.125 * rem(), right: width - 0.625 * rem() };
}

function framed({ width, height }: Brush, duration_s: number): Frame {
  const { left, right } = sides(width);
  const top = 0.875 * rem();
  const bottom = height - 1.25 * rem();
  return { left, right, top, bottom, x: linear([0, Math.max(0.001, duration_s)], [left, right]), y: linear([low_db, high_db], [bottom, top]) };
}

/** Distances of time marks in seconds: those of a clock. */
const distances = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];

/** Round times of a session, at most as many as fit; the first is 0. */
export function timeMarks(duration_s: number, most: number): number[] {
  const distance = distances.find((step) => duration_s / step <= most) ?? Math.ceil(duration_s / most / 3600) * 3600;
  return Array.from({ length: Math.floor(duration_s / distance + 1e-9) + 1 }, (_, i) => i * distance);
}

/** The grid and the peaks. */
function outline(brush: Brush, frame: Frame, data: OverviewData): void {
  const { context, ratio } = brush;
  const { left, right, top, bottom, x, y } = frame;
  const levels = bottom - top > 6 * rem() ? [0, -6, -12, -18, -24, -30] : [0, -12, -24];
  const marks = timeMarks(data.duration_s, (right - left) / (6 * rem()));
  rules(brush, ink("grid"), levels.map((db) => ({ from: [left, y(db)], to: [right, y(db)] })));
  labels(brush, { ink: "muted", align: "right", baseline: "middle", size_rem: 0.6875 }, levels.filter((db) => db % 12 === 0).map((db) => ({ text: String(db).replace("-", "\u2212"), x: left - 0.375 * rem(), y: y(db) })));
  rules(brush, ink("line"), marks.map((at) => ({ from: [x(at), bottom], to: [x(at), bottom + 0.25 * rem()] })));
  const decimals = (marks[1] ?? 1) < 1 ? 1 : 0;
  labels(brush, { ink: "muted", align: "center", size_rem: 0.6875 }, marks.map((at) => ({ text: time(at, decimals), x: Math.min(right - 0.75 * rem(), x(at)), y: bottom + 1.0625 * rem() })));

  if (data.peaks !== null) {
    // One column a device pixel where there are as many parts; a part is as wide as its time.
    const length_s = data.peaks.peak_dbfs.length * data.peaks.hop_s;
    const reach = Math.min(right, x(length_s));
    const columns = Math.max(1, Math.min(data.peaks.peak_dbfs.length, Math.round((reach - left) * ratio)));
    const peaks = envelope(data.peaks.peak_dbfs, columns);
    const step = (reach - left) / columns;
    context.beginPath();
    context.moveTo(left, bottom);
    peaks.forEach((peak, i) => {
      const at = y(Math.min(high_db, Math.max(low_db, peak)));
      context.lineTo(left + i * step, at);
      context.lineTo(left + (i + 1) * step, at);
    });
    context.lineTo(reach, bottom);
    context.closePath();
    context.fillStyle = ink("peak-soft", 0.5);
    context.fill();
  }
}

/** What is read over the peaks: the target, the loudness, the loudest moment, the clipped places. */
function readings(brush: Brush, frame: Frame, data: OverviewData): void {
  const { context, ratio } = brush;
  const { left, right, top, bottom, x, y } = frame;
  if (data.target_lufs !== null) {
    dashes(brush, 6, 4);
    rules(brush, ink("ink", 0.75), [{ from: [left, y(data.target_lufs)], to: [right, y(data.target_lufs)] }], 1.25);
    dashes(brush);
  }

  if (data.loudness !== null) {
    const { hop_s, short_term_lufs } = data.loudness;
    const reach = Math.min(right, x(short_term_lufs.length * hop_s));
    const columns = Math.max(1, Math.min(short_term_lufs.length, Math.round(reach - left)));
    const line = envelope(short_term_lufs, columns);
    const step = (reach - left) / columns;
    context.save();
    context.beginPath();
    context.rect(left, top - 2, right - left, bottom - top + 2);
    context.clip();
    context.beginPath();
    let isDown = false;
    line.forEach((value, i) => {
      const at = left + (i + 0.5) * step;
      if (!Number.isFinite(value)) {
        isDown = false;
      } else if (isDown) {
        context.lineTo(at, y(value));
      } else {
        context.moveTo(at, y(value));
        isDown = true;
      }
    });
    context.strokeStyle = ink("loudness");
    context.lineWidth = breadth(1.75);
    context.lineJoin = "round";
    context.stroke();
    context.restore();
  }

  if (data.loudest !== null) {
    const at = x(data.loudest.at_s);
    const level = y(data.loudest.short_term_lufs);
    context.fillStyle = ink("loudness");
    context.strokeStyle = ink("panel");
    context.lineWidth = breadth(1.5);
    context.beginPath();
    context.arc(at, level, breadth(4), 0, 2 * Math.PI);
    context.fill();
    context.stroke();
    const text = `loudest ${quantity(data.loudest.short_term_lufs, "LUFS")}`;
    const isRight = at < (left + right) / 2;
    // Above the line where it has room there and is off the target's, else below.
    const places = [-0.75, 0.875, 1.5, -1.625].map((by) => level + by * rem()).filter((place) => place > top + 0.375 * rem() && place < bottom - 0.375 * rem());
    const aimed = y(data.target_lufs ?? low_db - 12);
    const place = places.find((one) => Math.abs(one - aimed) > 0.5 * rem()) ?? places[0] ?? level;
    labels(brush, { ink: "loudness", align: isRight ? "left" : "right", baseline: "middle", size_rem: 0.6875, halo: true }, [{ text, x: at + (isRight ? 0.5 : -0.5) * rem(), y: place }]);
  }

  context.fillStyle = ink("over");
  context.beginPath();
  for (const seconds of data.clips_s) {
    const at = sharp(x(seconds), ratio);
    context.moveTo(at - breadth(3.5), top - 0.75 * rem());
    context.lineTo(at + breadth(3.5), top - 0.75 * rem());
    context.lineTo(at, top - 0.75 * rem() + breadth(6));
    context.closePath();
  }
  context.fill();
}

/** The loop, and a veil over what was heard already. */
function veil(brush: Brush, { left, right, top, bottom, x }: Frame, { position_s, loop }: Playing): void {
  const { context } = brush;
  context.fillStyle = ink("panel", 0.5);
  context.fillRect(left, top, Math.max(0, Math.min(right, x(position_s)) - left), bottom - top);
  if (loop !== null) {
    const from = x(loop.from_s);
    const to = x(loop.to_s);
    context.fillStyle = ink("accent", 0.14);
    context.fillRect(from, top, to - from, bottom - top);
    rules(brush, ink("accent"), [from, to].map((at) => ({ from: [at, top], to: [at, bottom] })), 1.5);
    context.fillStyle = ink("accent");
    context.fillRect(from, top - breadth(3), to - from, breadth(3));
    for (const at of [from, to]) context.fillRect(at - breadth(2.5), (top + bottom) / 2 - 0.625 * rem(), breadth(5), 1.25 * rem());
  }
}

function pointers(brush: Brush, { right, top, bottom, x }: Frame, { position_s, pointed_s }: Playing): void {
  const { context } = brush;
  const at = Math.min(right, x(position_s));
  if (pointed_s !== null) {
    const pointed = x(pointed_s);
    rules(brush, ink("faint"), [{ from: [pointed, top], to: [pointed, bottom] }]);
    const isRight = pointed < right - 4 * rem();
    labels(brush, { ink: "ink", align: isRight ? "left" : "right", size_rem: 0.6875, halo: true }, [{ text: time(pointed_s, 1), x: pointed + (isRight ? 0.25 : -0.25) * rem(), y: bottom - 0.375 * rem() }]);
  }
  rules(brush, ink("ink"), [{ from: [at, top - 2], to: [at, bottom] }], 1.5);
  context.fillStyle = ink("ink");
  context.beginPath();
  context.moveTo(at - breadth(5), top - breadth(7));
  context.lineTo(at + breadth(5), top - breadth(7));
  context.lineTo(at, top);
  context.closePath();
  context.fill();
}
