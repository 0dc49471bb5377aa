// SPDX-License-Identifier: MIT
// What the desk and its server say to each other, as docs/desk-api.md has it. A level or gain of null is minus infinity.
import type { Family } from "../report/types";

export type Decibels = number | null;

// --- The session ---------------------------------------------------------------------------------------------------

export type StripKind = "track" | "bus" | "folder" | "master" | "vca";
export type StageName = "trim" | "fader";
export type Tap = "clip" | "insert_in" | "fader_out";

/** A stage of the session. `db` is where the session itself has it. */
export interface Stage {
  readonly db: Decibels;
  readonly greatest_db: number;
  readonly writable: boolean;
  readonly automated: boolean;
}

export interface Pan {
  /** -1 left to 1 right. */
  readonly position: number;
  /** 0 mono to 1 as it is. */
  readonly width: number;
  readonly automated: boolean;
}

export interface Insert {
  readonly name: string;
  readonly kind: string;
  readonly enabled: boolean;
  readonly after_fader: boolean;
}

export interface Strip {
  readonly id: string;
  readonly name: string;
  readonly kind: StripKind;
  readonly channels: number;
  /** Index among the report's tracks. */
  readonly track: number | null;
  /** False where nothing of it can be read. */
  readonly heard: boolean;
  readonly trim: Stage | null;
  readonly fader: Stage | null;
  readonly pan: Pan | null;
  readonly muted: boolean;
  readonly feeds: readonly string[];
  readonly vcas: readonly string[];
  readonly inserts: readonly Insert[];
}

/** Greatest peaks of each hop, in dBFS, at the session's own gains. */
export interface Overview {
  readonly hop_s: number;
  readonly peak_dbfs: readonly Decibels[];
  readonly strips: Readonly<Record<string, readonly Decibels[]>>;
}

/** Mean third octaves of a track behind its fader, at the session's own gains. */
export interface TrackSpectrum {
  readonly fader_out_dbfs: readonly Decibels[];
  /** By how much it is louder in the mix. */
  readonly in_mix_db: number;
}

export interface Session {
  readonly schema: string;
  readonly name: string;
  readonly kind: "stems" | "ardour" | "reaper" | "dawproject";
  readonly file: string;
  readonly sample_rate_hz: number;
  readonly channels: number;
  readonly duration_s: number;
  readonly strips: readonly Strip[];
  readonly overview?: Overview | null;
  /** By the track's strip; of those that are not silent. */
  readonly spectra?: Readonly<Record<string, TrackSpectrum>> | null;
}

export const noSession: Session = {
  schema: "", name: "", kind: "stems", file: "", sample_rate_hz: 48000, channels: 2, duration_s: 0, strips: [],
};

// --- The state -----------------------------------------------------------------------------------------------------

export type Phase = "opening" | "measuring" | "planning" | "ready" | "failed";

export interface Progress {
  what: string;
  /** 0 to 1; null where nobody knows. */
  share: number | null;
}

export interface Target {
  /** Null where it is two numbers of the user's own. */
  id: string | null;
  name: string;
  /** Null where the destination asks for no loudness. */
  integrated_lufs: number | null;
  ceiling_dbtp: number | null;
}

export interface Role {
  name: string;
  family: Family;
  band: "low" | "mid" | "high" | "effects";
  confidence: number;
  source: string;
}

export interface Range {
  low_db: number;
  high_db: number;
}

export interface Clip {
  tap: Tap;
  over_db: number;
  at_s: number;
  runs: number;
}

export interface Levels {
  peak_dbfs: Decibels;
  integrated_lufs: Decibels;
  vu_mean_db: Decibels;
}

export interface StripState {
  trim_db: Decibels;
  fader_db: Decibels;
  mute: boolean;
  solo: boolean;
  /** False while the method's walk holds the strip down. */
  entered: boolean;
  role: Role | null;
  lock: boolean;
  focus: boolean;
  range: Range | null;
  group: string | null;
  /** What the plan changes in all, and what is changed by now, against the session. */
  plan_db: Decibels;
  moved_db: Decibels;
  clip: Clip | null;
  levels: { clip: { peak_dbfs: Decibels } | null; insert_in: Levels | null; fader_out: Levels | null } | null;
}

export interface Prediction {
  integrated_lufs: Decibels;
  momentary_max_lufs: Decibels;
  short_term_max_lufs: Decibels;
  lra_lu: number | null;
  true_peak_dbtp: Decibels;
  true_peak_is: "bound" | "exact" | "measuring";
  plr_lu: number | null;
  meets: boolean;
  verdict: string;
  /** Null where the target has no loudness, or there is no sound. */
  reachable: boolean | null;
  raise_left_db: number | null;
}

export type StepId = "down" | "low" | "mid" | "high" | "effects" | "audibility" | "raise";

export interface MethodStep {
  id: StepId;
  name: string;
  /** Ids of the strips that enter. */
  tracks: string[];
  why: string;
  master: {
    sample_peak_dbfs: Decibels;
    true_peak_dbtp: Decibels;
    integrated_lufs: Decibels;
    short_term_max_lufs: Decibels;
  } | null;
  changed: string[];
}

export interface Method {
  at: StepId | null;
  respect: "lock" | "evidence";
  steps: MethodStep[];
}

export const slots = ["A", "B", "C", "D"] as const;
export type Slot = (typeof slots)[number];

export interface Compare {
  on: boolean;
  blind: boolean;
  hears: "before" | "after" | "x" | "y";
  matched_db: Decibels;
  revealed: boolean;
}

export const written = ["session", "mix", "stems", "report"] as const;
export type Written = (typeof written)[number];

export interface Save {
  dirty: boolean;
  saved: { what: Written; name: string; sentence: string }[];
  /** Null until the session is open. */
  suggested: Partial<Record<Written, string | null>> | null;
}

export interface Note {
  code: string;
  strip: string | null;
  sentence: string;
  at_s: number | null;
}

export interface State {
  phase: Phase;
  progress: Progress | null;
  failure: string | null;
  target: Target | null;
  transport: { playing: boolean; position_s: number; loop: { from_s: number; to_s: number } | null };
  /** Null until the session is open. */
  monitor: { dim: boolean; mono: boolean; tap: { strip: string; tap: Tap } | null } | null;
  strips: Record<string, StripState>;
  prediction: Prediction | null;
  method: Method | null;
  /** 0 the session as it was, 100 the plan; null once a fader stands apart from it. */
  strength_percent: number | null;
  snapshots: Record<Slot, string | null>;
  snapshot: Slot | null;
  /** What undo would take back, and redo bring again. */
  undo: string | null;
  redo: string | null;
  compare: Compare | null;
  save: Save | null;
  job: Progress | null;
  notes: Note[];
}

export function emptyState(): State {
  return {
    phase: "opening", progress: null, failure: null, target: null,
    transport: { playing: false, position_s: 0, loop: null },
    monitor: null,
    strips: {}, prediction: null, method: null, strength_percent: null,
    snapshots: { A: null, B: null, C: null, D: null }, snapshot: null,
    undo: null, redo: null, compare: null, save: null, job: null, notes: [],
  };
}

// --- What else can be asked for ------------------------------------------------------------------------------------

/** GET /api/history. */
export interface History {
  readonly hop_s: number;
  readonly momentary_lufs: readonly Decibels[];
  readonly short_term_lufs: readonly Decibels[];
  readonly loudest: { readonly at_s: number; readonly short_term_lufs: number } | null;
  readonly true_peak_at_s: number | null;
  readonly clips: readonly { readonly strip: string; readonly tap: Tap; readonly at_s: number; readonly over_db: number }[];
}

// --- Commands ------------------------------------------------------------------------------------------------------

export type Command =
  | { do: "play" | "pause" | "stop" | "undo" | "redo" | "cancel" | "clear_clips" | "reset_meters" | "ping" }
  | { do: "seek"; at_s: number }
  | { do: "loop"; from_s: number | null; to_s: number | null }
  | { do: "gain"; strip: string; stage: StageName; db: Decibels; gesture?: number }
  | { do: "reset"; strip?: string; stage?: StageName }
  | { do: "mute"; strip: string; on: boolean }
  | { do: "solo"; strip: string; on: boolean; only?: boolean }
  | { do: "dim" | "mono"; on: boolean }
  | { do: "tap"; strip: string | null; tap?: Tap }
  | { do: "role"; strip: string; role: string | null }
  | { do: "lock"; strip: string; on: boolean }
  | { do: "focus"; strip: string | null }
  | { do: "range"; strip: string; low_db: number | null; high_db: number | null }
  | { do: "group"; strip: string; group: string | null }
  | { do: "target"; target: string }
  | { do: "target"; integrated_lufs: number; ceiling_dbtp: number }
  | { do: "strength"; percent: number; gesture?: number }
  | { do: "step"; step: StepId | null; respect?: "lock" | "evidence" }
  | { do: "store" | "recall"; slot: Slot }
  | { do: "compare"; on?: boolean; blind?: boolean; hears?: Compare["hears"]; reveal?: true }
  | { do: "save"; what: Written[]; names?: Partial<Record<Written, string>>; force?: boolean }
  | { do: "listen"; format: "float32" | "int16" | null; lead_ms?: number }
  | { do: "heard"; fill_ms: number; underruns: number }
  | { do: "watch"; strip: string | null; tap?: Tap };

/** Strip of `watch` that means the mix. */
export const watchMaster = "master";

export interface Refusal {
  readonly code: string;
  readonly sentence: string;
}

export type ServerMessage =
  | { readonly re: number; readonly ok?: boolean; readonly error?: Refusal }
  | { readonly event: "session"; readonly session: Session }
  | { readonly event: "state"; readonly revision: number; readonly state?: State; readonly patch?: unknown }
  | { readonly event: "report" | "history" };
