// SPDX-License-Identifier: MIT
// Where a gain stands on a fader's way, how far a step goes, and how a gain is typed.
import { minus } from "../../base/format";
import type { Decibels } from "../protocol";

/** Below this a fader is down: minus infinity. */
export const lowest_db = -100;

// The way of Ardour's faders: with x = 6 log2(gain), ((x + 192) / (x_greatest + 192))^8. +6 dB is the top, 0 dB stands
// at 0.78 and -20 dB at 0.33, which is what hands are used to.
const perDb = 6 / (20 * Math.log10(2));
const reach = 192;

/** 0 at the bottom to 1 at `greatest_db`. */
export function positionOf(db: Decibels, greatest_db: number): number {
  if (db === null || db <= lowest_db) return 0;
  const share = (Math.min(db, greatest_db) * perDb + reach) / (greatest_db * perDb + reach);
  return share ** 8;
}

/** The inverse of positionOf(). */
export function gainAt(position: number, greatest_db: number): Decibels {
  if (position >= 1) return greatest_db;
  if (position <= 0) return null;
  const db = (position ** (1 / 8) * (greatest_db * perDb + reach) - reach) / perDb;
  return db <= lowest_db ? null : db;
}

/** Rounded as moves are: to tenths, or to hundredths of a fine drag. */
export function rounded(db: Decibels, isFine = false): Decibels {
  if (db === null) return null;
  const unit = isFine ? 100 : 10;
  return Math.round(db * unit) / unit;
}

/** A gain `by_db` further, within the fader's way. From the bottom it comes up at -60 dB; far down, steps are longer. */
export function stepped(db: Decibels, by_db: number, greatest_db: number): Decibels {
  if (db === null) return by_db > 0 ? -60 : null;
  const next = db + (db < -40 || (db === -40 && by_db < 0) ? 4 * by_db : by_db);
  if (next < -80 && by_db < 0) return null;
  return rounded(Math.min(greatest_db, next), true);
}

/** What was typed, as a gain; undefined: it is not one. */
export function typedGain(text: string): Decibels | undefined {
  const plain = text.trim().replaceAll(minus, "-").replace(",", ".").replace(/\s*db$/i, "");
  if (/^-\s*(inf(inity)?|\u221e)$/i.test(plain)) return null;
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(plain)) return undefined;
  return Number(plain);
}

/** "−4.5", "+2.0", "0.0", "−∞": a gain without its unit, for narrow places. */
export function shortGain(db: Decibels, sign: "always" | "negative" = "negative"): string {
  if (db === null || db <= lowest_db) return `${minus}\u221e`;
  const text = Math.abs(db).toFixed(1);
  if (Number(text) === 0) return text;
  return (db < 0 ? minus : sign === "always" ? "+" : "") + text;
}

/** A gain as it is read out: "−4.5 dB". */
export function spokenGain(db: Decibels): string {
  return `${shortGain(db)} dB`;
}

/** Gains that are marked beside a fader whose top is `greatest_db`. */
export function marks(greatest_db: number): number[] {
  const top = greatest_db >= 12 ? [12, 6] : greatest_db >= 6 ? [6] : [];
  return [...top, 0, -5, -10, -20, -30, -40, -60];
}
