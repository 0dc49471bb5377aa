// SPDX-License-Identifier: MIT
// WAV files of 32-bit float and of 16, 24 and 32 bits: read into floats, and written for songs that are made by code.
import { readFile, writeFile } from "node:fs/promises";

/** @typedef {{ sampleRate_hz: number, channels: number, samples: Float32Array }} Sound interleaved */

/** @param {string} path @returns {Promise<Sound>} */
export async function readWav(path) {
  const bytes = await readFile(path);
  if (bytes.toString("latin1", 0, 4) !== "RIFF") throw new Error(`${path} is no WAV file`);
  let [code, channels, sampleRate_hz, bits] = [0, 0, 0, 0];
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = bytes.toString("latin1", at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    const body = bytes.subarray(at + 8, at + 8 + size);
    if (name === "fmt ") {
      [code, channels, sampleRate_hz, bits] = [body.readUInt16LE(0), body.readUInt16LE(2), body.readUInt32LE(4), body.readUInt16LE(14)];
      if (code === 0xfffe) code = body.readUInt16LE(24);
    } else if (name === "data") {
      return { sampleRate_hz, channels, samples: decoded(body, code, bits) };
    }
    at += 8 + size + (size % 2);
  }
  throw new Error(`${path} has no data`);
}

/** @param {Buffer} body @param {number} code @param {number} bits */
function decoded(body, code, bits) {
  const width = bits / 8;
  const samples = new Float32Array(Math.floor(body.length / width));
  for (let i = 0; i < samples.length; ++i) {
    samples[i] = code === 3 ? body.readFloatLE(i * width) : body.readIntLE(i * width, width) / 2 ** (bits - 1);
  }
  return samples;
}

/** Writes 32-bit float. @param {string} path @param {Sound} sound */
export async function writeWav(path, { sampleRate_hz, channels, samples }) {
  const head = Buffer.alloc(44);
  head.write("RIFF", 0, "latin1");
  head.writeUInt32LE(36 + samples.byteLength, 4);
  head.write("WAVEfmt ", 8, "latin1");
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(3, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(sampleRate_hz, 24);
  head.writeUInt32LE(sampleRate_hz * channels * 4, 28);
  head.writeUInt16LE(channels * 4, 32);
  head.writeUInt16LE(32, 34);
  head.write("data", 36, "latin1");
  head.writeUInt32LE(samples.byteLength, 40);
  await writeFile(path, Buffer.concat([head, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)]));
}
