// SPDX-License-Identifier: MIT
// Binary frames of the desk's API by formula: meters that move like music, a scope, a sine.
import { chance } from "./mock_session.js";

/** @param {number} db */
const orSilence = (db) => (db > -120 ? db : -Infinity);

/**
 * @param {{ playing: boolean, position_s: number, levels: readonly number[] }} now levels of the faders' outputs, LUFS
 * @returns {Buffer}
 */
export function meterFrame({ playing, position_s, levels }) {
  const frame = Buffer.alloc(64 + 32 * levels.length);
  frame[0] = 2;
  frame[1] = playing ? 1 : 0;
  frame.writeUInt16LE(levels.length, 2);
  frame.writeDoubleLE(position_s, 8);
  const write = (/** @type {number} */ at, /** @type {readonly number[]} */ values) => {
    values.forEach((value, i) => frame.writeFloatLE(playing ? orSilence(value) : -Infinity, at + 4 * i));
  };
  const sway = 2 * Math.sin(position_s * 1.7) + 1.5 * Math.sin(position_s * 7.3);
  write(16, [-3 + sway, -1.4, -14.2 + sway, -14.9 + 0.5 * sway, -15.8, 5.8, 14.4, -10.1, -12.4]);
  frame.writeFloatLE(0.62, 16 + 36);
  frame.writeFloatLE(0.17, 16 + 40);
  frame.writeFloatLE(0, 16 + 44);
  levels.forEach((level, i) => {
    const beat = (position_s * (1 + (i % 4) * 0.5) + chance(i)) % 1;
    const hit = -14 * beat * (0.3 + chance(i + 50));
    const hold = level + 12;
    const at = (/** @type {number} */ out) => [level + 12 + hit + out, hold + out, level + 16 + hit * 0.3 + out, level + hit * 0.4 + out];
    write(64 + 32 * i, [...at(4), ...at(0)]);
  });
  return frame;
}

/**
 * @param {{ playing: boolean, position_s: number, strip: number }} now
 * @returns {Buffer}
 */
export function scopeFrame({ playing, position_s, strip }) {
  const [bands, lines, points] = [31, 256, 400];
  const frame = Buffer.alloc(28 + 4 * (4 * bands + lines) + 4 * points);
  frame[0] = 3;
  [strip, bands, lines, points].forEach((value, i) => frame.writeUInt16LE(value, 2 + 2 * i));
  [0.62, 0.4, 0.8 * Math.sin(position_s), -0.9].forEach((value, i) => frame.writeFloatLE(value, 12 + 4 * i));
  let at = 28;
  const put = (/** @type {number} */ value) => {
    frame.writeFloatLE(playing ? value : -Infinity, at);
    at += 4;
  };
  // Falls as music does, sways with the bars, and each strip has its hill; fine lines have notes and harmonics.
  const centre = strip === 65535 ? 0.2 : 0.12 + 0.07 * (strip % 10);
  const breadth = strip === 65535 ? 0.1 : 6;
  const slope = (/** @type {number} */ x) => -20 - 34 * x * x - 14 * Math.exp(-30 * x) - breadth * 8 * (x - centre) ** 2 + 2.5 * Math.sin(7 * x + position_s * 3) - 4 * ((position_s * 2) % 1) * Math.exp(-6 * x);
  const note = (/** @type {number} */ i) => 9 * Math.exp(-((((i + 4 * Math.floor(position_s * 2)) % 17) - 8) ** 2) / 3) + 5 * chance(i + Math.floor(position_s * 12));
  for (let i = 0; i < bands; ++i) put(slope(i / bands));
  for (let i = 0; i < bands; ++i) put(slope(i / bands) + 3 + 2 * chance(i));
  for (let i = 0; i < lines; ++i) put(slope(i / lines) - 20 + note(i));
  for (let i = 0; i < bands; ++i) put(Math.min(1, (i < 7 ? 0.02 : 0.1 + (i / bands) * 0.45) + 0.1 * chance(i + Math.floor(position_s * 9))));
  for (let i = 0; i < bands; ++i) put((i < 7 ? 0.3 : 3) * Math.sin(i * 0.9 + position_s));
  // Three sources: one in the middle, one to each side.
  const pans = [0, 0.55, -0.7];
  for (let i = 0; i < points; ++i) {
    const source = i % 3;
    const swing = Math.sin(position_s * 900 + i * (0.21 + 0.13 * source)) * (0.25 + 0.75 * chance(i + Math.floor(position_s * 30)));
    const size = (source === 0 ? 78 : 44) * (1 - 0.5 * ((position_s * 2) % 1)) * swing;
    const spread = 9 * (chance(3 * i + Math.floor(position_s * 30)) - 0.5);
    frame.writeInt16LE(playing ? Math.round(258 * (size * (pans[source] ?? 0) + spread)) : 0, at);
    frame.writeInt16LE(playing ? Math.round(258 * size) : 0, at + 2);
    at += 4;
  }
  return frame;
}

/**
 * A block of a sine that goes on from block to block.
 * @param {{ playing: boolean, sequence: number, position: number, frames: number, jumped: boolean, gain: number }} block
 * @returns {Buffer}
 */
export function audioFrame({ playing, sequence, position, frames, jumped, gain }) {
  const frame = Buffer.alloc(24 + 8 * frames);
  frame[0] = 1;
  frame[1] = 2;
  frame[3] = (playing ? 1 : 0) + (jumped ? 2 : 0);
  frame.writeUInt32LE(sequence, 4);
  frame.writeDoubleLE(position, 8);
  frame.writeUInt32LE(frames, 16);
  for (let i = 0; i < frames; ++i) {
    const value = gain * Math.sin((2 * Math.PI * 220 * (position + i)) / 48000);
    frame.writeFloatLE(value, 24 + 8 * i);
    frame.writeFloatLE(0.5 * value, 28 + 8 * i);
  }
  return frame;
}

/**
 * @param {number} duration_s
 * @param {number} louder in dB
 * @returns {import("../../src/desk/protocol").History}
 */
export function madeHistory(duration_s, louder = 0) {
  const length = Math.floor(duration_s * 10);
  const short = Array.from({ length }, (_, i) => (i < 30 ? null : louder - 16 + 3 * Math.sin(i / 140) + 2 * Math.sin(i / 17) - (i < 120 ? (120 - i) / 8 : 0)));
  return {
    hop_s: 0.1,
    momentary_lufs: short.map((value, i) => (value === null ? null : value + 2 * Math.sin(i / 5))),
    short_term_lufs: short,
    loudest: { at_s: 93.1, short_term_lufs: louder - 11 },
    true_peak_at_s: 120.3,
    clips: [{ strip: "s2", tap: "insert_in", at_s: 35.25, over_db: 1.2 }],
  };
}
