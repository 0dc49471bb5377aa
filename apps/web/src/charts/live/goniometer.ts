// SPDX-License-Identifier: MIT
// The live vectorscope: side across (left on the left), mid upwards, the newest samples bright over a trail that fades.
// It draws as the report's does; the picture comes closer when the signal is small, and says how close.
import { quantity } from "../../base/format";
import { type Brush, surface, wantsStillness } from "./loop";
import { breadth, ink, labels, rem, rules } from "./pen";
import { Seen } from "./scales";

export interface Goniometer {
  /** Pairs of side (left positive) and mid, 32767 full scale. */
  update(points: ArrayLike<number>): void;
  clear(): void;
  destroy(): void;
}

const fullScale = 32767;
const trail_ms = 260;

/** What part of full scale is shown: all, half, a quarter. Nearer when all points fit with room, back at once. */
export function reachOf(greatest: number, current: number): number {
  for (const reach of [1 / 4, 1 / 2, 1]) if (greatest <= 0.92 * reach && (reach >= current || greatest <= 0.7 * reach)) return reach;
  return 1;
}

export function goniometer(canvas: HTMLCanvasElement): Goniometer {
  const trail = new Trail();
  const seen = new Seen();
  let newest = new Int16Array(0);
  let isFresh = false;
  let reach = 1;
  /** Greatest of the last seconds, falling slowly, so that the picture does not come and go. */
  let recent = 0;
  let last_ms = 0;

  const picture = surface(canvas, (brush, now_ms) => {
    const still = wantsStillness();
    trail.fit(sideOf(brush) * brush.ratio);
    const passed = last_ms === 0 ? 0 : Math.min(200, now_ms - last_ms);
    last_ms = now_ms;
    if (isFresh) {
      const greatest = greatestOf(newest);
      recent = Math.max(greatest, recent * Math.exp(-passed / 4000));
      const next = reachOf(recent, reach);
      if (next !== reach) trail.clear();
      reach = next;
    }
    if (still) trail.clear();
    else trail.fade(passed);
    if (isFresh || still) trail.add(newest, reach);
    isFresh = false;
    paint(brush, trail, newest, reach);
    const rests = still || !trail.glows;
    if (rests) last_ms = 0;
    return !rests;
  });

  return {
    update(points) {
      if (!seen.differs(points)) return;
      newest = Int16Array.from(points);
      isFresh = true;
      picture.invalidate();
    },
    clear() {
      seen.differs();
      newest = new Int16Array(0);
      trail.clear();
      picture.invalidate();
    },
    destroy() {
      picture.destroy();
    },
  };
}

function greatestOf(points: Int16Array): number {
  let greatest = 0;
  for (const value of points) greatest = Math.max(greatest, Math.abs(value));
  return greatest / fullScale;
}

/** How often each cell of a square was met lately. */
class Trail {
  glows = false;
  private cells = 0;
  private counts = new Float32Array(0);
  private readonly canvas = document.createElement("canvas");
  private readonly context = this.canvas.getContext("2d");
  private image = new ImageData(1, 1);

  /** A cell is some three device pixels wide; more than a few hundred would take long to fade. */
  fit(side_px: number): void {
    const cells = 2 * Math.round(Math.min(321, Math.max(161, side_px / 3)) / 2) + 1;
    if (cells === this.cells) return;
    this.cells = this.canvas.width = this.canvas.height = cells;
    this.counts = new Float32Array(cells * cells);
    this.image = new ImageData(cells, cells);
    this.glows = false;
  }

  clear(): void {
    this.counts.fill(0);
    this.glows = false;
  }

  fade(passed_ms: number): void {
    const { counts } = this;
    const share = Math.exp(-passed_ms / trail_ms);
    let most = 0;
    for (let i = 0; i < counts.length; ++i) {
      const count = (counts[i] ?? 0) * share;
      counts[i] = count < 0.02 ? 0 : count;
      if (count > most) most = count;
    }
    this.glows = most >= 0.02;
  }

  add(points: Int16Array, reach: number): void {
    const { cells } = this;
    const middle = (cells - 1) / 2;
    const scale = middle / (fullScale * reach);
    for (let i = 0; i + 1 < points.length; i += 2) {
      const column = Math.round(middle - (points[i] ?? 0) * scale);
      const row = Math.round(middle - (points[i + 1] ?? 0) * scale);
      if (column < 0 || row < 0 || column >= cells || row >= cells) continue;
      const cell = row * cells + column;
      this.counts[cell] = (this.counts[cell] ?? 0) + 1;
    }
    this.glows = points.length > 0;
  }

  /** One pixel a cell, more opaque where more samples lie. */
  drawn(colour: string): HTMLCanvasElement {
    const { counts, image } = this;
    const rgb = Number.parseInt(colour.slice(1), 16);
    const pixels = new Uint32Array(image.data.buffer);
    const bgr = ((rgb & 255) << 16) | (rgb & 0xff00) | (rgb >> 16);
    for (let i = 0; i < counts.length; ++i) {
      const count = counts[i] ?? 0;
      const opacity = count === 0 ? 0 : Math.min(255, Math.round(255 * (0.1 + 0.42 * Math.log1p(count))));
      pixels[i] = (opacity << 24) | bgr;
    }
    this.context?.putImageData(image, 0, 0);
    return this.canvas;
  }
}

/** Of the square that is drawn in, in CSS pixels. */
function sideOf({ width, height }: Brush): number {
  return Math.max(1, Math.min(width, height) - 2 * 1.375 * rem());
}

function paint(brush: Brush, trail: Trail, newest: Int16Array, reach: number): void {
  const { context, width, height } = brush;
  const side = sideOf(brush);
  const middle_x = width / 2;
  const middle_y = height / 2;
  const half = side / 2;

  // What full scale allows is the square on its tip; its sides are those of one channel alone.
  const tip = Math.min(half, half / reach);
  context.save();
  context.beginPath();
  context.rect(middle_x - half - 1, middle_y - half - 1, side + 2, side + 2);
  context.clip();
  context.strokeStyle = ink("line");
  context.lineWidth = breadth(1);
  context.beginPath();
  context.moveTo(middle_x, middle_y - half / reach);
  context.lineTo(middle_x + half / reach, middle_y);
  context.lineTo(middle_x, middle_y + half / reach);
  context.lineTo(middle_x - half / reach, middle_y);
  context.closePath();
  context.stroke();
  context.strokeStyle = ink("grid");
  context.beginPath();
  for (const direction of [-1, 1]) {
    context.moveTo(middle_x - direction * half, middle_y - half);
    context.lineTo(middle_x + direction * half, middle_y + half);
  }
  context.stroke();
  rules(brush, ink("grid"), [
    { from: [middle_x, middle_y - tip], to: [middle_x, middle_y + tip] },
    { from: [middle_x - tip, middle_y], to: [middle_x + tip, middle_y] },
  ]);
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  if (trail.glows) context.drawImage(trail.drawn(ink("loudness")), middle_x - half, middle_y - half, side, side);
  const scale = half / (fullScale * reach);
  const dot = 0.11 * rem();
  context.fillStyle = ink("loudness", 0.9);
  context.beginPath();
  for (let i = 0; i + 1 < newest.length; i += 2) {
    context.rect(middle_x - (newest[i] ?? 0) * scale - dot / 2, middle_y - (newest[i + 1] ?? 0) * scale - dot / 2, dot, dot);
  }
  context.fill();
  context.restore();

  const edge = reach === 1 ? "" : `edge ${quantity(20 * Math.log10(reach), "dBFS", { decimals: 0 })}`;
  labels(brush, { ink: "muted", align: "center" }, [
    { text: "mono", x: middle_x, y: middle_y - half - 0.375 * rem() },
    { text: edge, x: middle_x, y: middle_y + half + 1 * rem() },
  ]);
  labels(brush, { ink: "muted", align: "left" }, [{ text: "L", x: middle_x - half, y: middle_y - half - 0.375 * rem() }]);
  labels(brush, { ink: "muted", align: "right" }, [{ text: "R", x: middle_x + half, y: middle_y - half - 0.375 * rem() }]);
}
