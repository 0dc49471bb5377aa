// SPDX-License-Identifier: MIT
// The arithmetic behind the live pictures: bands, ranges, thinning, glides. Nothing here draws.
import type { Series } from "../../report/types";

export const lowest_hz = 20;
export const highest_hz = 20000;

/** Nominal middles of the third octaves from 20 Hz to 20 kHz (IEC 61260). */
export const thirdOctaves_hz: readonly number[] = [
  20, 25, 31.5, 40, 50, 63, 80, 100, 125, 160, 200, 250, 315, 400, 500, 630, 800, 1000, 1250, 1600, 2000, 2500, 3150, 4000, 5000, 6300, 8000,
  10000, 12500, 16000, 20000,
];

/** The frequency of line `i` of `count` that are even in the logarithm from 20 Hz to 20 kHz. */
export function line_hz(i: number, count: number): number {
  return lowest_hz * (highest_hz / lowest_hz) ** (i / Math.max(1, count - 1));
}

/** Where a frequency lies between the outer edges of the first and the last third octave: 0 to 1. */
export function placeOf(hz: number): number {
  return Math.log(hz / bandLow_hz) / Math.log(bandHigh_hz / bandLow_hz);
}

/** The frequency at a place from 0 to 1: the inverse of placeOf(). */
export function frequencyAt(place: number): number {
  return bandLow_hz * (bandHigh_hz / bandLow_hz) ** place;
}

const halfBand = 2 ** (1 / 6);
const bandLow_hz = lowest_hz / halfBand;
const bandHigh_hz = highest_hz * halfBand;

/** Where the bar of a third octave begins and ends, between whole device pixels, so that the gaps between bars are alike. */
export function barOf(i: number, left: number, right: number, ratio: number): { readonly from: number; readonly to: number } {
  const edge = (at: number): number => Math.round((left + (at / thirdOctaves_hz.length) * (right - left)) * ratio) / ratio;
  return { from: edge(i), to: edge(i + 1) };
}

/** Index of the third octave nearest to a frequency. */
export function bandOf(hz: number): number {
  let nearest = 0;
  thirdOctaves_hz.forEach((centre, i) => {
    if (Math.abs(Math.log(centre / hz)) < Math.abs(Math.log((thirdOctaves_hz[nearest] ?? lowest_hz) / hz))) nearest = i;
  });
  return nearest;
}

/** The greatest value of each of `columns` even parts; minus infinity where a part has none. Loses no peak. */
export function envelope(values: ArrayLike<number | null>, columns: number): Float32Array {
  const result = new Float32Array(Math.max(0, columns)).fill(-Infinity);
  const { length } = values;
  for (let column = 0; column < columns; ++column) {
    const from = Math.floor((column * length) / columns);
    const to = Math.max(from + 1, Math.ceil(((column + 1) * length) / columns));
    let greatest = -Infinity;
    for (let i = from; i < to && i < length; ++i) greatest = Math.max(greatest, values[i] ?? -Infinity);
    result[column] = greatest;
  }
  return result;
}

/** Where the spectrum's level range begins, whatever sounds: under it is what no one hears beside the rest. */
export const rangeBottom_db = -84;

/** Where it ends: full scale, or 12 dB over it; up at once, down only when there is plenty of room. Silence changes nothing. */
export function rangeTop(greatest_db: number, current_db: number): number {
  if (!Number.isFinite(greatest_db)) return current_db;
  if (greatest_db > -3) return 12;
  return greatest_db < -9 ? 0 : current_db;
}

/**
 * The shift in dB that lays a shape best on levels (least squares), over what sounds from 40 Hz to 16 kHz, as the
 * report's tonal balance target is laid on the mix; null where nothing does. `hz_of` gives the frequency of a level.
 */
export function bestShift(shape_db: (i: number) => number | null, levels_db: ArrayLike<number>, hz_of: (i: number) => number): number | null {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < levels_db.length; ++i) {
    const hz = hz_of(i);
    const shape = shape_db(i);
    const level = levels_db[i] ?? -Infinity;
    if (hz < 40 || hz > 16000 || shape === null || !Number.isFinite(level)) continue;
    sum += level - shape;
    ++count;
  }
  return count === 0 ? null : sum / count;
}

/** The same of a shape by thirds of an octave. */
export function bestBandShift(shape_db: Series, levels_db: ArrayLike<number>): number | null {
  return bestShift((i) => shape_db[i] ?? null, levels_db, (i) => thirdOctaves_hz[i] ?? 0);
}

/** Level at a frequency of a line that falls evenly with the octaves and is 0 at 1 kHz. */
export function slopeAt(hz: number, fall_db: number): number {
  return -fall_db * Math.log2(hz / 1000);
}

/** A value on its way: each look goes the exponential's share of the rest. */
export class Glide {
  value: number;
  private at_ms: number | null = null;

  constructor(value: number) {
    this.value = value;
  }

  /**
   * Goes towards `target` as far as the time since the last look allows; true while more than `least` is left. A time
   * constant of 0 jumps, and so does whatever comes from or goes to infinity.
   */
  towards(target: number, now_ms: number, constant_ms: number, least = 0.02): boolean {
    const passed = this.at_ms === null ? 0 : Math.max(0, now_ms - this.at_ms);
    const rest = target - this.value;
    if (constant_ms <= 0 || !Number.isFinite(rest) || Math.abs(rest) <= least) {
      this.value = target;
      this.at_ms = null;
      return false;
    }
    // The first frame of a glide has no time behind it yet; a sixtieth of a second is as good a guess as any.
    this.value += rest * (1 - Math.exp(-(this.at_ms === null ? 1000 / 60 : passed) / constant_ms));
    this.at_ms = now_ms;
    return true;
  }
}

/** Mean powers of bands over the last seconds, for what must not jump about. */
export class SlowLevels {
  readonly levels_db: Float32Array;
  private readonly powers: Float64Array;
  private weight = 0;

  constructor(count: number) {
    this.levels_db = new Float32Array(count).fill(-Infinity);
    this.powers = new Float64Array(count);
  }

  /** Takes levels that lasted `seconds`; the mean forgets within `constant_s`. Silence changes nothing. */
  take(levels_db: ArrayLike<number>, seconds: number, constant_s: number): void {
    let isSilent = true;
    for (let i = 0; i < this.powers.length; ++i) if ((levels_db[i] ?? -Infinity) > -100) isSilent = false;
    if (isSilent) return;
    this.weight += seconds;
    const share = 1 - Math.exp(-seconds / Math.min(constant_s, this.weight));
    for (let i = 0; i < this.powers.length; ++i) {
      const power = (this.powers[i] ?? 0) + share * (10 ** ((levels_db[i] ?? -Infinity) / 10) - (this.powers[i] ?? 0));
      this.powers[i] = power;
      this.levels_db[i] = 10 * Math.log10(power);
    }
  }

  reset(): void {
    this.weight = 0;
    this.powers.fill(0);
    this.levels_db.fill(-Infinity);
  }
}

/** Remembers numbers, and tells whether new ones differ: what stands still need not be drawn again. */
export class Seen {
  private held = new Float32Array(0);

  differs(...parts: readonly ArrayLike<number>[]): boolean {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    let isNew = length !== this.held.length;
    if (isNew) this.held = new Float32Array(length);
    let at = 0;
    for (const part of parts) {
      for (let i = 0; i < part.length; ++i, ++at) {
        const value = Math.fround(part[i] ?? 0);
        if (this.held[at] === value) continue;
        this.held[at] = value;
        isNew = true;
      }
    }
    return isNew;
  }
}
