// SPDX-License-Identifier: MIT
// What every chart offers, and what they share: drawing at the width there is, and even ticks.

import { isOnPaper, onThemeChange } from "../base/theme";

/** A chart is an element that is told its data as often as they change. */
export interface Chart<Data> {
  readonly element: HTMLElement;
  update(data: Data): void;
}

/** Charts are drawn this wide at most for paper, whose width no script is told, and scaled to it. CSS pixels. */
const paperWidth = 720;

/** Calls `draw` with the element's width in CSS pixels now and whenever it changes. */
export function onWidth(element: HTMLElement, draw: (width: number) => void): void {
  let available = 0;
  let drawn = 0;
  const update = (): void => {
    const width = isOnPaper() ? Math.min(available, paperWidth) : available;
    if (width === drawn || width === 0) return;
    drawn = width;
    draw(width);
  };
  new ResizeObserver((entries) => {
    available = Math.floor(entries[0]?.contentRect.width ?? 0);
    update();
  }).observe(element);
  onThemeChange(update);
}

export type Scale = (value: number) => number;

export function linear(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const slope = (range[1] - range[0]) / (domain[1] - domain[0]);
  return (value) => range[0] + (value - domain[0]) * slope;
}

export function logarithmic(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const inner = linear([Math.log(domain[0]), Math.log(domain[1])], range);
  return (value) => inner(Math.log(value));
}

/** Round values between two ends, about `most` of them at most; in steps that suit decibels. */
export function ticks(low: number, high: number, most: number): number[] {
  const raw = (high - low) / Math.max(1, most);
  const decade = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 3, 6, 10].find((factor) => factor * decade >= raw) ?? 10) * decade;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
}

/** Moves labels apart: wanted positions in, positions at least `gap` apart and within the ends out, order kept. */
export function spread(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  const placed = order.map((i) => wanted[i] ?? 0);
  let floor = low;
  placed.forEach((y, i) => {
    placed[i] = Math.max(y, floor);
    floor = (placed[i] ?? 0) + gap;
  });
  let roof = high;
  for (let i = placed.length - 1; i >= 0; --i) {
    placed[i] = Math.min(placed[i] ?? 0, roof);
    roof = (placed[i] ?? 0) - gap;
  }
  const result = new Array<number>(wanted.length).fill(0);
  order.forEach((index, i) => {
    result[index] = placed[i] ?? 0;
  });
  return result;
}

/** How many lines run through the letters of 12 units on a baseline. */
export function struckBy(baseline: number, lines: readonly number[]): number {
  return lines.filter((line) => line > baseline - 12 && line < baseline + 4).length;
}

/** The baseline of a label above the line it belongs to, or below it where fewer of the other lines strike it. */
export function clearOf(own: number, others: readonly number[]): number {
  const [above, below] = [own - 8, own + 17];
  return struckBy(below, others) < struckBy(above, others) ? below : above;
}

/** The numbers of a series. */
export function present(series: readonly (number | null)[]): number[] {
  return series.filter((value): value is number => value !== null && Number.isFinite(value));
}
