// SPDX-License-Identifier: MIT
// Sessions to open: copies, as the desk writes beside what it opens. Each lies in a folder of its own.
import { cp, mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { gainstage } from "./desk_process.js";
import { writeWav } from "./wav.js";

const shared = fileURLToPath(new URL("../../../../../../shared/data", import.meta.url));

/** Folders of this run; removed when it ends. @type {string[]} */
const folders = [];

/** An empty folder. */
export async function emptyFolder() {
  const folder = await mkdtemp(join(tmpdir(), "gainstage-desk-"));
  folders.push(folder);
  return folder;
}

export async function removeFolders() {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
}

/** Some tracks of the demo song. */
export const song = { kick: "01 Kick", bass: "06 Bass DI", vocal: "12 LV" };

/** The demo song's stems, once a run: GAINSTAGE_DEMO_SONG, or written anew. */
/** @type {Promise<string> | undefined} */
let demo;
async function writtenDemo() {
  const given = process.env["GAINSTAGE_DEMO_SONG"];
  if (given !== undefined) return given;
  const folder = join(await emptyFolder(), "song");
  await gainstage("demo", folder);
  return folder;
}

/** A copy of the demo song. */
export async function demoStems() {
  demo ??= writtenDemo();
  const copy = join(await emptyFolder(), "song");
  await cp(await demo, copy, { recursive: true });
  return copy;
}

/** The demo song on the mixer of Ardour, with its media beside it. */
export async function ardourSession() {
  const stems = await demoStems();
  const session = join(await emptyFolder(), "song.ardour");
  await gainstage("stage", stems, "-o", session, "--copy-media");
  return session;
}

/** Where real recordings lie, beside the checkout; null where they do not. @param {string} what */
export async function realPath(what) {
  const path = join(shared, what);
  const isThere = await stat(path).then(() => true, () => false);
  return isThere ? path : null;
}

/** A copy of real stems or of a real session. @param {string} path */
export async function copyOf(path) {
  const copy = join(await emptyFolder(), path.split("/").at(-1) ?? "song");
  await cp(path, copy, { recursive: true });
  return copy;
}

/** Even noise from -1 to 1 that is the same each time (Numerical Recipes' generator). @param {number} seed */
export function noise(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

export const clipping = { name: "Kick", atSecond: 3, over_db: 20 * Math.log10(1.5) };

/**
 * Three stems of noise at 48 kHz; the kick stands 3.52 dB over full scale for 10 ms at three seconds, which a float file
 * holds.
 * @param {number} [seconds]
 */
export async function clippingStems(seconds = 8) {
  const folder = join(await emptyFolder(), "clipping");
  await mkdir(folder);
  const rate = 48000;
  for (const [i, name] of [clipping.name, "Bass", "Lead Vocal"].entries()) {
    const next = noise(1 + i);
    const samples = new Float32Array(rate * seconds).map(() => 0.1 * next());
    if (name === clipping.name) {
      // A half sine, so that its greatest sample is where it is said to be.
      for (let n = 0; n < rate / 100; ++n) samples[rate * clipping.atSecond + n] = 1.5 * Math.sin((Math.PI * (n + 0.5)) / (rate / 100));
    }
    await writeWav(join(folder, `${name}.wav`), { sampleRate_hz: rate, channels: 1, samples });
  }
  return folder;
}

/**
 * Many stems of noise of different bands, levels and beats.
 * @param {number} count @param {number} seconds
 */
export async function manyStems(count, seconds) {
  const folder = join(await emptyFolder(), `${count} strips`);
  await mkdir(folder);
  const names = ["Kick", "Snare", "Hats", "Overheads", "Toms", "Bass", "Electric Guitar", "Acoustic Guitar", "Keys", "Organ", "Pad", "Synth", "Strings", "Brass", "Lead Vocal", "Backing Vocal"];
  const sampleRate_hz = 48000;
  for (const [i, name] of names.entries()) {
    const next = noise(100 + i);
    const level = 0.02 + (0.05 * ((i * 7) % 11)) / 11;
    const smooth = 0.05 + (0.9 * i) / names.length;
    const beat = sampleRate_hz / 2;
    const fall = new Float32Array(beat).map((_, n) => 0.3 + Math.exp(-n / 6000));
    let kept = 0;
    const samples = new Float32Array(sampleRate_hz * seconds);
    for (let n = 0; n < samples.length; ++n) {
      kept += smooth * (next() - kept);
      samples[n] = ((level * kept) / Math.sqrt(smooth)) * (fall[(n + i * 3000) % beat] ?? 0);
    }
    // Tracks of one name are the same recording; what matters here is how many there are.
    for (let copy = 0; names.length * copy + i < count; ++copy) {
      const number = String(names.length * copy + i + 1).padStart(2, "0");
      await writeWav(join(folder, `${number} ${name} ${copy + 1}.wav`), { sampleRate_hz, channels: 1, samples });
    }
  }
  return folder;
}
