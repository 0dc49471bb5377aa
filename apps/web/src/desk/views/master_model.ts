// SPDX-License-Identifier: MIT
// What the master's panel says of the whole session: its figures, whether it meets the destination, what a move changed.
import { number, quantity } from "../../base/format";
import type { Prediction, Target } from "../protocol";

export type Judged = "meets" | "misses" | "unreachable" | "unknown";

export function judged(prediction: Prediction | null, target: Target | null): Judged {
  if (prediction === null || target === null || prediction.integrated_lufs === null) return "unknown";
  if (prediction.meets) return "meets";
  if (isOpen(prediction)) return "unknown";
  return prediction.reachable === false ? "unreachable" : "misses";
}

/** Whether only a bound of the true peak stands in the way, which may be far over it. */
function isOpen({ reachable, true_peak_is }: Prediction): boolean {
  return reachable === null && true_peak_is !== "exact";
}

/** How far all may still rise, or must fall, in a sentence of one line. */
export function roomSentence(prediction: Prediction): string {
  const left = prediction.raise_left_db;
  if (left === null) return "";
  if (left < 0 && isOpen(prediction)) return "How far it is to the ceiling is being measured.";
  const isShort = !prediction.meets && prediction.reachable === false;
  const printed = Number(left.toFixed(1));
  if (printed === 0) return isShort ? "No room is left: gain alone misses the target." : "No room is left under the ceiling.";
  const gain = quantity(Math.abs(left), "dB");
  if (isShort) return `A ${printed > 0 ? "rise" : "fall"} by ${gain} keeps the ceiling, not the target.`;
  return printed > 0 ? `All may rise by ${gain} to the ceiling.` : `All must fall by ${gain} to keep the ceiling.`;
}

/**
 * Whether a destination is met, and by what: the two sides of the verdict's colon, in fewer words than the program's, as the
 * panel has three lines for both.
 */
export function verdictOf(sentence: string): { readonly head: string; readonly rest: string } {
  const colon = sentence.indexOf(": ");
  if (colon < 0) return { head: sentence, rest: "" };
  const rest = sentence
    .slice(colon + 2)
    .replace(/ (\w+), wanted (?=[^;]* \1\b)/g, ", wanted ")
    .replaceAll(" at most ", " \u2264\u202f")
    .replaceAll(" at least ", " \u2265\u202f")
    .replaceAll(" when integrated is over ", " over ");
  return { head: sentence.slice(0, colon + 1), rest };
}

/** How the true peak is known. */
export function peakNote(is: Prediction["true_peak_is"]): string {
  switch (is) {
    case "bound":
      return "at most";
    case "measuring":
      return "at most, measuring";
    case "exact":
      return "exact";
  }
}

/** The same as a sign before the figure. */
export function peakSign(is: Prediction["true_peak_is"]): string {
  return is === "exact" ? "" : is === "bound" ? "\u2264" : "\u2026\u2264";
}

export const watchedFigures = ["integrated_lufs", "short_term_max_lufs", "momentary_max_lufs", "lra_lu", "true_peak_dbtp", "plr_lu"] as const;
export type WatchedFigure = (typeof watchedFigures)[number];
export type Changes = Partial<Record<WatchedFigure, number>>;

/** What changed from one prediction to another, in what is printed; a change too small to print is none. */
export function changesBetween(before: Prediction, after: Prediction): Changes {
  const changes: Changes = {};
  for (const figure of watchedFigures) {
    const [from, to] = [before[figure], after[figure]];
    if (from === null || to === null) continue;
    const change = Number((to - from).toFixed(2));
    if (Math.abs(change) >= 0.01) changes[figure] = change;
  }
  return changes;
}

/** A change as it is shown: hundredths while they are all there is. */
export function changeText(change: number | undefined): string {
  if (change === undefined) return "";
  return number(change, { sign: "always", decimals: Math.abs(change) < 0.095 ? 2 : 1 });
}
