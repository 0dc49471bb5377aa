// SPDX-License-Identifier: MIT
// The binary frames of the WebSocket (docs/desk-api.md), read without copies where their place allows it.

export const enum Kind {
  audio = 1,
  meters = 2,
  scope = 3,
}

/** Of the master's figures, by their place in a frame of meters. */
export const master = {
  samplePeak: 0, truePeakMax: 1, momentary: 2, shortTerm: 3, integrated: 4, lra: 5, plr: 6,
  momentaryMax: 7, shortTermMax: 8, correlation: 9, load: 10, monitorGain: 11,
} as const;

/** Of a strip's figures, from `perStrip * index`. */
export const perStrip = 8;
export const strip = {
  insertPeak: 0, insertHold: 1, insertVu: 2, insertMomentary: 3, faderPeak: 4, faderHold: 5, faderVu: 6, faderMomentary: 7,
} as const;

export const masterStrip = 65535;

/** What the newest frame of meters says. The arrays are written over by the next. */
export interface Meters {
  /** Counts the frames that came. */
  count: number;
  playing: boolean;
  waiting: boolean;
  underruns: number;
  position_s: number;
  /** performance.now() when it came. */
  at_ms: number;
  readonly master: Float32Array;
  /** `perStrip` figures of each strip of the flow, in the order of the session's strips without VCAs. */
  strips: Float32Array;
}

export function silentMeters(): Meters {
  return {
    count: 0, playing: false, waiting: false, underruns: 0, position_s: 0, at_ms: 0,
    master: new Float32Array(12).fill(-Infinity), strips: new Float32Array(0),
  };
}

/** What the newest frame of the scope says. */
export interface Scope {
  count: number;
  /** Index among the strips of the flow; `masterStrip`: the mix. */
  strip: number;
  /** -1 to 1. */
  correlation: number;
  /** 0 to 1. */
  width: number;
  balance_db: number;
  mono_loss_db: number;
  /** Third octaves from 20 Hz to 20 kHz, dBFS. */
  bands: Float32Array;
  band_holds: Float32Array;
  /** Even in the logarithm from 20 Hz to 20 kHz, dBFS. */
  fine: Float32Array;
  band_width: Float32Array;
  band_balance_db: Float32Array;
  /** Pairs of side (left positive) and mid, 32767 full scale. */
  points: Int16Array;
}

export function silentScope(): Scope {
  const none = new Float32Array(0);
  return {
    count: 0, strip: masterStrip, correlation: 0, width: 0, balance_db: 0, mono_loss_db: 0,
    bands: none, band_holds: none, fine: none, band_width: none, band_balance_db: none, points: new Int16Array(0),
  };
}

const meterHead = 64;

/** Reads a frame of meters into `into`. False: it is not one. */
export function readMeters(frame: ArrayBuffer, into: Meters, now_ms: number): boolean {
  if (frame.byteLength < meterHead) return false;
  const view = new DataView(frame);
  const count = view.getUint16(2, true);
  if (view.getUint8(0) !== 2 || frame.byteLength < meterHead + count * perStrip * 4) return false;
  const flags = view.getUint8(1);
  into.playing = (flags & 1) !== 0;
  into.waiting = (flags & 2) !== 0;
  into.underruns = view.getUint32(4, true);
  into.position_s = view.getFloat64(8, true);
  into.master.set(new Float32Array(frame, 16, 12));
  if (into.strips.length !== count * perStrip) into.strips = new Float32Array(count * perStrip);
  into.strips.set(new Float32Array(frame, meterHead, count * perStrip));
  into.at_ms = now_ms;
  ++into.count;
  return true;
}

const scopeHead = 28;

/** Reads a frame of the scope into `into`. False: it is not one. */
export function readScope(frame: ArrayBuffer, into: Scope): boolean {
  if (frame.byteLength < scopeHead) return false;
  const view = new DataView(frame);
  const bands = view.getUint16(4, true);
  const lines = view.getUint16(6, true);
  const points = view.getUint16(8, true);
  if (view.getUint8(0) !== 3 || frame.byteLength < scopeHead + 4 * (4 * bands + lines) + 4 * points) return false;
  into.strip = view.getUint16(2, true);
  into.correlation = view.getFloat32(12, true);
  into.width = view.getFloat32(16, true);
  into.balance_db = view.getFloat32(20, true);
  into.mono_loss_db = view.getFloat32(24, true);
  let at = scopeHead;
  const next = (n: number): Float32Array => {
    const part = new Float32Array(frame, at, n);
    at += 4 * n;
    return part;
  };
  into.bands = next(bands);
  into.band_holds = next(bands);
  into.fine = next(lines);
  into.band_width = next(bands);
  into.band_balance_db = next(bands);
  into.points = new Int16Array(frame, at, 2 * points);
  ++into.count;
  return true;
}

export interface AudioBlock {
  readonly playing: boolean;
  /** The first block after a start, a seek or a loop's turn. */
  readonly jumped: boolean;
  readonly sequence: number;
  /** The session's frame of the first one. */
  readonly position: number;
  readonly frames: number;
  readonly underruns: number;
  /** Interleaved stereo. */
  readonly samples: Float32Array;
}

const audioHead = 24;

/** Reads a block of audio; null: it is not one. */
export function readAudio(frame: ArrayBuffer): AudioBlock | null {
  if (frame.byteLength < audioHead) return null;
  const view = new DataView(frame);
  const [channels, format, flags] = [view.getUint8(1), view.getUint8(2), view.getUint8(3)];
  const frames = view.getUint32(16, true);
  const samples = frames * channels;
  if (view.getUint8(0) !== 1 || channels !== 2 || format > 1) return null;
  if (frame.byteLength < audioHead + samples * (format === 0 ? 4 : 2)) return null;
  return {
    playing: (flags & 1) !== 0,
    jumped: (flags & 2) !== 0,
    sequence: view.getUint32(4, true),
    position: view.getFloat64(8, true),
    frames,
    underruns: view.getUint32(20, true),
    samples: format === 0 ? new Float32Array(frame, audioHead, samples) : Float32Array.from(new Int16Array(frame, audioHead, samples), (v) => v / 32768),
  };
}
