// SPDX-License-Identifier: MIT
// Strips that stand side by side and belong together, so that they can be folded away together.
import type { Role, Strip } from "../protocol";

export interface StripGroup {
  /** Of the first strip, so that it stays the same while a session is known better. */
  readonly key: string;
  readonly name: string;
  readonly strips: readonly Strip[];
}

const kinds: Record<Strip["kind"], string> = { track: "Tracks", bus: "Buses", folder: "Buses", master: "Master", vca: "VCAs" };

/** Runs of tracks that feed one bus or folder, or, where there is none, whose roles are of one family; then the others. */
export function groupsOf(strips: readonly Strip[], roleOf: (id: string) => Role | null): StripGroup[] {
  const byId = new Map(strips.map((strip) => [strip.id, strip]));
  const nameOf = (strip: Strip): string => {
    if (strip.kind !== "track") return kinds[strip.kind];
    const bus = strip.feeds.map((id) => byId.get(id)).find((fed) => fed !== undefined && fed.kind !== "master");
    if (bus !== undefined) return bus.name;
    const family = roleOf(strip.id)?.family;
    return family === undefined ? kinds.track : family.charAt(0).toUpperCase() + family.slice(1);
  };
  const groups: { key: string; name: string; strips: Strip[] }[] = [];
  for (const strip of strips) {
    const name = nameOf(strip);
    const last = groups.at(-1);
    if (last?.name === name) last.strips.push(strip);
    else groups.push({ key: `${strip.id} ${name}`, name, strips: [strip] });
  }
  return groups;
}
