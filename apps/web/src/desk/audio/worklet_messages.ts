// SPDX-License-Identifier: MIT
// What the page and its audio thread say to each other.

export interface WorkletOptions {
  /** Of the blocks; the sound card's may differ. */
  readonly sample_rate_hz: number;
  readonly lead_ms: number;
}

/** One of: a block, interleaved stereo; whether sound is expected; how full the buffer is to be. */
export type ToWorklet =
  | { readonly samples: Float32Array; readonly playing: boolean; readonly lead_ms?: never }
  | { readonly playing: boolean; readonly samples?: never; readonly lead_ms?: never }
  | { readonly lead_ms: number; readonly playing?: never; readonly samples?: never };

export interface FromWorklet {
  /** Frames that wait. */
  readonly fill: number;
  readonly underruns: number;
}
