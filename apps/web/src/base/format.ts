// SPDX-License-Identifier: MIT
// Numbers as they are read: a true minus sign, a fixed number of decimals, and the unit behind a narrow space.

export type Unit = "dB" | "dBFS" | "dBTP" | "LUFS" | "LU" | "VU" | "Hz" | "kHz" | "s" | "%" | "frames" | "";

export const minus = "\u2212";
const narrowSpace = "\u202f";
/** Stands where a value is absent. */
export const absent = "\u2013";

export interface NumberStyle {
  readonly decimals?: number;
  /** Gains carry their sign; levels only when negative. */
  readonly sign?: "always" | "negative";
}

/** 3.14159 as "3.1"; -0.04 as "0.0", for there is no negative nothing. */
export function number(value: number, style: NumberStyle = {}): string {
  const decimals = style.decimals ?? 1;
  const text = Math.abs(value).toFixed(decimals);
  const isZero = Number(text) === 0;
  if (value < 0 && !isZero) return minus + text;
  return style.sign === "always" && !isZero ? "+" + text : text;
}

/** A value with its unit; null is a dash, or minus infinity where the thing measured is silent. */
export function quantity(value: number | null | undefined, unit: Unit, style: NumberStyle & { silent?: boolean } = {}): string {
  if (value === null || value === undefined) return style.silent === true ? `${minus}\u221e${narrowSpace}${unit}` : absent;
  return unit === "" ? number(value, style) : number(value, style) + narrowSpace + unit;
}

/** A gain in dB, always with its sign. */
export function gain(value: number | null | undefined, unit: Unit = "dB"): string {
  return quantity(value, unit, { sign: "always" });
}

/** 0.83 as "83 %". */
export function percent(share: number | null | undefined): string {
  return share === null || share === undefined ? absent : quantity(share * 100, "%", { decimals: 0 });
}

/** A place in time: 1:02, 1:02.5, 1:01:02. */
export function time(seconds: number, decimals = 0): string {
  const unit = 10 ** decimals;
  const whole = Math.round(Math.abs(seconds) * unit) / unit;
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = (whole % 60).toFixed(decimals).padStart(decimals > 0 ? decimals + 3 : 2, "0");
  const sign = seconds < 0 && whole > 0 ? minus : "";
  return sign + (hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`);
}

/** 44100 as "44.1 kHz", 63 as "63 Hz". */
export function frequency(hz: number): string {
  const kilo = hz >= 1000;
  const value = kilo ? hz / 1000 : hz;
  return `${Number(value.toFixed(kilo ? 3 : 1))}${narrowSpace}${kilo ? "kHz" : "Hz"}`;
}

export function count(n: number, one: string, many: string): string {
  return `${n}${narrowSpace}${n === 1 ? one : many}`;
}

/** "a", "a and b", "a, b and c". */
export function list(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words[words.length - 1] ?? ""}`;
}

/** A sentence of the program's with the minus that the page's own numbers have. */
export function typeset(sentence: string): string {
  return sentence.replace(/(^|[\s(])-(?=\d)/g, `$1${minus}`);
}
