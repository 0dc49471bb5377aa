// SPDX-License-Identifier: MIT
// The desk's words for what the protocol names.
import { time } from "../base/format";
import type { Family } from "../report/types";
import type { Clip, Pan, Phase, Role, StripKind, Tap } from "./protocol";

export const tapWords: Record<Tap, string> = { clip: "clips", insert_in: "insert in", fader_out: "fader out" };

/** One letter a family, so that roles are told apart without colours. */
export const familyLetters: Record<Family, string> = {
  drums: "D", bass: "B", guitars: "G", keys: "K", synths: "S", orchestra: "O", voice: "V", effects: "E", other: "X",
};

export const kindLetters: Record<StripKind, string> = { track: "?", bus: "\u2192", folder: "\u2192", master: "M", vca: "\u2248" };

export const phaseWords: Record<Phase, string> = {
  opening: "Opening", measuring: "Measuring", planning: "Planning", ready: "Ready", failed: "Failed",
};

/** Every role that can be given, as src/session/role.cpp has them, by family. */
export const roles: readonly { readonly family: Family; readonly names: readonly string[] }[] = [
  { family: "drums", names: ["kick", "snare", "toms", "drums", "percussion", "hats", "cymbals", "overheads", "room", "shaker", "tambourine"] },
  { family: "bass", names: ["bass", "sub"] },
  { family: "guitars", names: ["electric guitar", "acoustic guitar"] },
  { family: "keys", names: ["keys", "organ"] },
  { family: "synths", names: ["pad", "synth", "pluck"] },
  { family: "orchestra", names: ["strings", "brass"] },
  { family: "voice", names: ["lead vocal", "backing vocal", "dialogue"] },
  { family: "effects", names: ["effects", "reverb return"] },
  { family: "other", names: ["music bed", "accompaniment", "air", "other"] },
];

/** How a role came to be known, to stand behind it. */
export function sureness({ confidence, source }: Role): string {
  if (source === "user") return ", as you said";
  return `, ${Math.round(100 * confidence)} % sure by its ${source === "name" ? "name" : "sound"}`;
}

/** "L70", "C", "R30". */
export function panWord({ position }: Pan): string {
  const share = Math.round(100 * Math.abs(position));
  return share === 0 ? "C" : `${position < 0 ? "L" : "R"}${share}`;
}

export function panSentence(pan: Pan): string {
  const share = Math.round(100 * Math.abs(pan.position));
  const where = share === 0 ? "centre" : `${share} % ${pan.position < 0 ? "left" : "right"}`;
  const width = pan.width === 1 ? "" : `, width ${Math.round(100 * pan.width)} %`;
  return `Pan ${where}${width}${pan.automated ? ", automated" : ""}`;
}

export function clipSentence({ tap, over_db, at_s, runs }: Clip): string {
  const where = { clip: "in its clips", insert_in: "at insert in", fader_out: "at fader out" }[tap];
  const often = runs > 1 ? `, ${runs} times` : "";
  const over = over_db > 0 ? `${over_db.toFixed(1)} dB over` : "At";
  return `${over} full scale ${where}${often}: go to ${time(at_s, 1)}`;
}
