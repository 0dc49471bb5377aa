// SPDX-License-Identifier: MIT
// Figures change slower than pictures: text that is read, and text that is read aloud.
import type { Draw } from "../../base/frame_loop";

/** Figures are written anew this often. */
export const figures_ms = 200;
/** What only screen readers read, at most this often. */
export const spoken_ms = 1000;

/** A frame callback that calls `act` at most every `pace_ms`. */
export function paced(pace_ms: number, act: (now_ms: number) => void): Draw {
  let last_ms = -Infinity;
  return (now_ms) => {
    if (now_ms - last_ms < pace_ms) return;
    last_ms = now_ms;
    act(now_ms);
  };
}

/** Of a figure that is minus infinity or none, null. */
export function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
