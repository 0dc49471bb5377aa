// SPDX-License-Identifier: MIT
// What the pictures are drawn with: the style sheet's colours and type, kept until the theme changes, and sharp lines.
import { colour, onThemeChange } from "../../base/theme";
import { type Family, families } from "../../report/types";
import type { Brush } from "./loop";

const inks = new Map<string, string>();
let type: { readonly family: string; readonly size_px: number } | null = null;
let isWatching = false;

function watch(): void {
  if (isWatching) return;
  isWatching = true;
  const forget = (): void => {
    inks.clear();
    stamps.clear();
    type = null;
  };
  onThemeChange(forget);
  addEventListener("resize", forget);
}

/** A colour of the style sheet, with an opacity. */
export function ink(name: string, opacity = 1): string {
  watch();
  const key = `${name} ${opacity}`;
  let value = inks.get(key);
  if (value === undefined) {
    value = colour(name) + (opacity < 1 ? Math.round(opacity * 255).toString(16).padStart(2, "0") : "");
    inks.set(key, value);
  }
  return value;
}

/** The name of a family's colour. */
export function familyInk(family: string): string {
  return `family-${families.includes(family as Family) ? family : "other"}`;
}

/** The page's type in a size in rem, so that it grows with the page's. */
export function font(size_rem: number, weight: 400 | 600 = 400): string {
  const { family, size_px } = types();
  return `${weight} ${size_rem * size_px}px ${family}`;
}

/** CSS pixels a rem. */
export function rem(): number {
  return types().size_px;
}

function types(): { readonly family: string; readonly size_px: number } {
  watch();
  if (type === null) {
    const family = getComputedStyle(document.body).fontFamily;
    type = { family, size_px: Number.parseFloat(getComputedStyle(document.documentElement).fontSize) };
  }
  return type;
}

/** A line's width in CSS pixels at the usual size of the page's type, grown with it. */
export function breadth(usual_px: number): number {
  return (usual_px * rem()) / 14;
}

/** A dash pattern at the usual size of the page's type, grown with it; none: an unbroken line. */
export function dashes({ context }: Brush, ...usual_px: readonly number[]): void {
  context.setLineDash(usual_px.map(breadth));
}

/** The middle of a device pixel nearest to a place, where a line of one pixel is sharp. */
export function sharp(at: number, ratio: number): number {
  return (Math.floor(at * ratio) + 0.5) / ratio;
}

export interface Line {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}

/** Horizontal or vertical lines, sharp; the width is that at the usual size of the page's type. */
export function rules({ context, ratio }: Brush, style: string, lines: readonly Line[], width = 1): void {
  context.strokeStyle = style;
  context.lineWidth = Math.max(1, Math.round(breadth(width) * ratio)) / ratio;
  context.beginPath();
  for (const { from, to } of lines) {
    context.moveTo(sharp(from[0], ratio), sharp(from[1], ratio));
    context.lineTo(sharp(to[0], ratio), sharp(to[1], ratio));
  }
  context.stroke();
}

export interface Label {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

export interface LabelStyle {
  readonly ink: string;
  readonly size_rem?: number;
  readonly weight?: 400 | 600;
  readonly align?: CanvasTextAlign;
  readonly baseline?: CanvasTextBaseline;
  /** Draws the panel's colour around the letters, so that they can be read over a line. */
  readonly halo?: boolean;
}

/** A text as a picture, in device pixels, and where in it the text begins. */
interface Stamp {
  readonly picture: ImageBitmap;
  readonly width: number;
  readonly left: number;
  readonly top: number;
}
const stamps = new Map<string, Stamp>();
/** Many more than a page shows at once; texts that come and go with a pointer are forgotten. */
const mostStamps = 600;

/**
 * Writes texts. Each is written once, on a canvas that is no part of the page, and laid down from then on: to write on one
 * that is shown, browsers first bring the layout of the whole page up to date, in the midst of a frame.
 */
export function labels({ context, ratio }: Brush, style: LabelStyle, all: readonly Label[]): void {
  const align = style.align ?? "left";
  for (const { text, x, y } of all) {
    if (text === "") continue;
    const { picture, width, left, top } = stampOf(text, style, ratio);
    const from = x * ratio - left - (align === "left" ? 0 : align === "right" ? width : width / 2);
    context.drawImage(picture, Math.round(from) / ratio, Math.round(y * ratio - top) / ratio, picture.width / ratio, picture.height / ratio);
  }
}

function stampOf(text: string, style: LabelStyle, ratio: number): Stamp {
  const size_rem = style.size_rem ?? 0.75;
  const baseline = style.baseline ?? "alphabetic";
  const key = [text, style.ink, size_rem, style.weight ?? 400, baseline, style.halo ?? false, ratio].join("\n");
  const kept = stamps.get(key);
  if (kept !== undefined) return kept;
  const sheet = new OffscreenCanvas(1, 1);
  const context = sheet.getContext("2d");
  if (context === null) throw new Error("a canvas that is not shown has no context");
  const write = (): void => {
    context.scale(ratio, ratio);
    context.font = font(size_rem, style.weight ?? 400);
    context.textBaseline = baseline;
  };
  write();
  const width = context.measureText(text).width * ratio;
  const rim = Math.ceil(breadth(3) * ratio);
  const size = size_rem * rem() * ratio;
  const top = rim + Math.ceil(size);
  // A new size begins the context anew.
  [sheet.width, sheet.height] = [Math.ceil(width) + 2 * rim, top + rim + Math.ceil(size)];
  write();
  const [x, y] = [rim / ratio, top / ratio];
  if (style.halo === true) {
    context.lineWidth = breadth(3.5);
    context.lineJoin = "round";
    context.strokeStyle = ink("panel");
    context.strokeText(text, x, y);
  }
  context.fillStyle = ink(style.ink);
  context.fillText(text, x, y);
  if (stamps.size >= mostStamps) stamps.clear();
  const stamp = { picture: sheet.transferToImageBitmap(), width, left: rim, top };
  stamps.set(key, stamp);
  return stamp;
}
