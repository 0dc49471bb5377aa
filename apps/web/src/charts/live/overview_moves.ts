// SPDX-License-Identifier: MIT
// What hands do on the overview of a session: go to a place, draw a loop, move its edges. Pure; nothing here draws.

export interface Loop {
  readonly from_s: number;
  readonly to_s: number;
}

export interface Place {
  readonly position_s: number;
  readonly loop: Loop | null;
  readonly duration_s: number;
}

export type Move = { readonly seek_s: number } | { readonly loop: Loop | null };

/** A loop is at least this long, in seconds. */
export const shortestLoop_s = 0.1;

/** The edge of a loop within `reach_s` of a place; the nearer one. */
export function edgeAt(at_s: number, loop: Loop | null, reach_s: number): "from_s" | "to_s" | null {
  if (loop === null) return null;
  const from = Math.abs(at_s - loop.from_s);
  const to = Math.abs(at_s - loop.to_s);
  if (Math.min(from, to) > reach_s) return null;
  return from < to ? "from_s" : "to_s";
}

/** The loop between two places in any order, within the session. */
export function loopBetween(a_s: number, b_s: number, duration_s: number): Loop {
  const from = clamp(Math.min(a_s, b_s), duration_s);
  const to = clamp(Math.max(a_s, b_s), duration_s);
  if (to - from >= shortestLoop_s) return { from_s: from, to_s: to };
  const start = Math.min(from, Math.max(0, duration_s - shortestLoop_s));
  return { from_s: start, to_s: Math.min(duration_s, start + shortestLoop_s) };
}

/** A loop with one edge at a place; the other stays, and the two may pass each other. */
export function withEdge(loop: Loop, edge: "from_s" | "to_s", at_s: number, duration_s: number): Loop {
  return loopBetween(edge === "from_s" ? loop.to_s : loop.from_s, at_s, duration_s);
}

export interface Key {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/**
 * Arrows go a second, page keys a tenth of the session, home and end to its ends. Shift moves the loop's end, or makes a
 * loop from the position; with alt its start. Escape ends the loop. Null: the key is for others.
 */
export function moveByKey({ key, shiftKey, altKey }: Key, { position_s, loop, duration_s }: Place): Move | null {
  const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -duration_s / 10, PageUp: duration_s / 10 }[key];
  const end = { Home: 0, End: duration_s }[key];
  if (key === "Escape") return loop === null ? null : { loop: null };
  if (step === undefined && end === undefined) return null;
  if (!shiftKey) return altKey ? null : { seek_s: clamp(end ?? position_s + (step ?? 0), duration_s) };
  const edge = altKey ? "from_s" : "to_s";
  const current = loop ?? { from_s: position_s, to_s: position_s };
  const at = clamp(end ?? current[edge] + (step ?? 0), duration_s);
  // Keys move an edge up to the other one and no further, so that the edge they hold stays the same.
  if (edge === "to_s") return { loop: loopBetween(current.from_s, Math.max(at, current.from_s + shortestLoop_s), duration_s) };
  return { loop: loopBetween(Math.min(at, current.to_s - shortestLoop_s), current.to_s, duration_s) };
}

function clamp(at_s: number, duration_s: number): number {
  return Math.min(duration_s, Math.max(0, at_s));
}
