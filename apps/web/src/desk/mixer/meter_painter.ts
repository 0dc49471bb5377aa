// SPDX-License-Identifier: MIT
// Draws the meters of all strips on their canvases: only those in view, and only where something moved by a pixel.
import { colour, onThemeChange } from "../../base/theme";
import { observePixels, pixelsOf } from "../../charts/live/loop";
import type { Desk } from "../desk.svelte";
import { perStrip, strip as at } from "../frames";
import { deflection, fall_db_per_s } from "./meter_scale";

interface Palette {
  well: string;
  tick: string;
  low: string;
  high: string;
  over: string;
  loud: string;
  hold: string;
}

/** A bar: where it stands, and which figures it shows. */
interface Bar {
  readonly x: number;
  readonly width: number;
  readonly peak: number;
  readonly hold: number;
  readonly loud: { readonly x: number; readonly width: number; readonly vu: number; readonly momentary: number };
}

/** What can be painted: a canvas and how it is laid out. */
export interface MeterPlace {
  readonly canvas: HTMLCanvasElement;
  /** Index among the strips of the meters' frames. */
  readonly place: number;
  readonly isNarrow: boolean;
  isSeen(): boolean;
  /**
   * Whether it is shown pale, as that of a muted strip is. By the paint: an opacity of the element would be an effect of its own
   * for the browser to compose, and a mute would have it compose the page anew.
   */
  isPale(): boolean;
}

type Figures = Record<"peak" | "hold" | "vu" | "momentary", number>;
const insertBars: Figures = { peak: at.insertPeak, hold: at.insertHold, vu: at.insertVu, momentary: at.insertMomentary };
const faderBars: Figures = { peak: at.faderPeak, hold: at.faderHold, vu: at.faderVu, momentary: at.faderMomentary };

function bar(x: number, width: number, loudWidth: number, of: Figures): Bar {
  return { x, width, peak: of.peak, hold: of.hold, loud: { x: x + width + 1, width: loudWidth, vu: of.vu, momentary: of.momentary } };
}

/** Widths of a strip's meters; of these units 14 are a rem. */
export const wideMeter = 28;
export const narrowMeter = 18;
const wideBars = [bar(0, 5, 4, insertBars), bar(14, 8, 5, faderBars)];
const narrowBars = [bar(0, 3, 2, insertBars), bar(8, 6, 3, faderBars)];
const pale = 0.45;
const tickLevels = [0, -10, -20, -30, -40, -50, -60];

/** VU's 0 is this many dB under full scale (docs/meters.md). */
const vuReference_db = 18;

class Painted {
  readonly context: CanvasRenderingContext2D | null;
  readonly bars: readonly Bar[];
  isStale = true;
  wasPale = false;
  last_ms = 0;
  height = 0;
  /** Device pixels of a unit of width. */
  ratio = 1;
  /** From the colour of quiet peaks to that of loud ones; null where it must be made. */
  rising: CanvasGradient | null = null;
  readonly shown = [-Infinity, -Infinity];
  /** Heights in device pixels that were drawn last: peak, hold, loudness of each bar. */
  readonly drawn = new Int32Array(6).fill(-1);

  constructor(readonly meter: MeterPlace) {
    this.context = meter.canvas.getContext("2d", { alpha: true });
    this.bars = meter.isNarrow ? narrowBars : wideBars;
  }
}

export class MeterPainter {
  readonly #desk: Desk;
  readonly #all = new Map<Element, Painted>();
  readonly #sized: ResizeObserver;
  #palette: Palette | null = null;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#sized = new ResizeObserver((entries) => {
      for (const entry of entries) {
        const painted = this.#all.get(entry.target);
        if (painted !== undefined) fit(painted, entry);
      }
    });
    onThemeChange(() => {
      this.#palette = null;
      for (const painted of this.#all.values()) {
        painted.isStale = true;
        painted.rising = null;
      }
    });
  }

  /** Paints a canvas from now on; the result ends that. */
  add(meter: MeterPlace): () => void {
    this.#all.set(meter.canvas, new Painted(meter));
    observePixels(this.#sized, meter.canvas);
    return () => {
      this.#all.delete(meter.canvas);
      this.#sized.unobserve(meter.canvas);
    };
  }

  draw(now_ms: number): void {
    this.#palette ??= palette();
    const { strips } = this.#desk.meters;
    const isVu = this.#desk.settings.meters === "vu";
    for (const painted of this.#all.values()) {
      if (!painted.meter.isSeen() || painted.height === 0) continue;
      const elapsed_s = Math.min(0.25, (now_ms - painted.last_ms) / 1000);
      painted.last_ms = now_ms;
      paint(painted, strips, isVu, elapsed_s * fall_db_per_s, this.#palette);
    }
  }
}

function palette(): Palette {
  return {
    well: colour("well"), tick: colour("meter-tick"), low: colour("peak-soft"), high: colour("peak"), over: colour("clip"),
    loud: colour("loudness"), hold: colour("ink"),
  };
}

function fit(painted: Painted, entry: ResizeObserverEntry): void {
  const { canvas, isNarrow } = painted.meter;
  const { columns, rows } = pixelsOf(entry);
  painted.height = rows;
  painted.rising = null;
  canvas.width = columns;
  painted.ratio = canvas.width / (isNarrow ? narrowMeter : wideMeter);
  canvas.height = painted.height;
  painted.isStale = true;
}

function rising(context: CanvasRenderingContext2D, height: number, colours: Palette): CanvasGradient {
  const gradient = context.createLinearGradient(0, height, 0, 0);
  gradient.addColorStop(0, colours.low);
  gradient.addColorStop(deflection(-24), colours.low);
  gradient.addColorStop(deflection(-6), colours.high);
  return gradient;
}

function paint(painted: Painted, figures: Float32Array, isVu: boolean, fall_db: number, colours: Palette): void {
  const { context, height, ratio, shown, drawn } = painted;
  if (context === null) return;
  const base = painted.meter.place * perStrip;
  const isPale = painted.meter.isPale();
  let isSame = !painted.isStale && painted.wasPale === isPale;
  painted.wasPale = isPale;
  for (const [i, { peak, hold, loud }] of painted.bars.entries()) {
    const now = figures[base + peak] ?? -Infinity;
    // Falls by itself, rises at once.
    const fallen = (shown[i] ?? -Infinity) - fall_db;
    const level = now > fallen ? now : fallen > -90 ? fallen : -Infinity;
    shown[i] = level;
    const loudness = isVu ? (figures[base + loud.vu] ?? -Infinity) - vuReference_db : (figures[base + loud.momentary] ?? -Infinity);
    const heights = [level, figures[base + hold] ?? -Infinity, loudness];
    for (let k = 0; k < 3; ++k) {
      const pixels = Math.round(deflection(heights[k] ?? -Infinity) * height);
      if (drawn[3 * i + k] !== pixels) {
        drawn[3 * i + k] = pixels;
        isSame = false;
      }
    }
  }
  if (isSame) return;
  painted.isStale = false;
  context.clearRect(0, 0, context.canvas.width, height);
  const full = Math.round(deflection(0) * height);
  painted.rising ??= rising(context, height, colours);
  const px = Math.max(1, Math.round(ratio));
  painted.bars.forEach(({ x, width, loud }, i) => {
    const left = Math.round(x * ratio);
    const wide = Math.round(width * ratio);
    const loudLeft = Math.round(loud.x * ratio);
    const loudWide = Math.round(loud.width * ratio);
    const [peak = 0, hold = 0, loudness = 0] = drawn.subarray(3 * i, 3 * i + 3);
    const column = (from: number, to: number, fill: string | CanvasGradient): void => {
      if (to <= from) return;
      context.fillStyle = fill;
      context.fillRect(left, height - to, wide, to - from);
    };
    context.fillStyle = colours.well;
    context.fillRect(left, 0, wide, height);
    context.fillRect(loudLeft, 0, loudWide, height);
    column(0, Math.min(peak, full), painted.rising ?? colours.high);
    column(full, peak, colours.over);
    if (hold > 0) column(hold - px, hold, hold > full ? colours.over : colours.hold);
    context.fillStyle = colours.loud;
    context.fillRect(loudLeft, height - loudness, loudWide, loudness);
    context.fillStyle = colours.tick;
    for (const level of tickLevels) {
      const y = height - Math.round(deflection(level) * height);
      context.fillRect(left, y, loudLeft + loudWide - left, level === 0 ? px : Math.max(1, px >> 1));
    }
  });
  if (isPale) {
    context.globalCompositeOperation = "destination-in";
    context.globalAlpha = pale;
    context.fillStyle = "#000";
    context.fillRect(0, 0, context.canvas.width, height);
    context.globalAlpha = 1;
    context.globalCompositeOperation = "source-over";
  }
}
