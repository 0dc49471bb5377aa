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

export function labels({ context }: Brush, style: LabelStyle, all: readonly Label[]): void {
  context.font = font(style.size_rem ?? 0.75, style.weight ?? 400);
  context.textAlign = style.align ?? "left";
  context.textBaseline = style.baseline ?? "alphabetic";
  if (style.halo === true) {
    context.lineWidth = breadth(3.5);
    context.lineJoin = "round";
    context.strokeStyle = ink("panel");
    for (const { text, x, y } of all) context.strokeText(text, x, y);
  }
  context.fillStyle = ink(style.ink);
  for (const { text, x, y } of all) context.fillText(text, x, y);
}
