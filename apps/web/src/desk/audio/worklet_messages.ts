// SPDX-License-Identifier: MIT
// What the page and its audio thread say to each other.

export interface WorkletOptions {
  /** Of the blocks; the sound card's may differ. */
  readonly sample_rate_hz: number;
  readonly lead_ms: number;
}

export interface ToWorklet {
  readonly playing: boolean;
  /** Interleaved stereo; absent where only `playing` is said. */
  readonly samples?: Float32Array;
}

export interface FromWorklet {
  /** Frames that wait. */
  readonly fill: number;
  readonly underruns: number;
}
