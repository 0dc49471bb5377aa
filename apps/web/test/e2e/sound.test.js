// SPDX-License-Identifier: MIT
// What the page is given to sound is the mix that is written to a file, and hands are heard in it soon.
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { openDesk } from "./support/desk_page.js";
import { gainstage, startDesk } from "./support/desk_process.js";
import { record, recorded, recordedFrames } from "./support/recorder.js";
import { ardourSession, clippingStems, copyOf, demoStems, emptyFolder, realPath } from "./support/songs.js";
import { testBrowser } from "./support/test_browser.js";
import { readWav } from "./support/wav.js";

/** @typedef {import("./support/desk_page.js").DeskPage} DeskPage */
/** @typedef {import("./support/desk_process.js").DeskProcess} DeskProcess */
/** @typedef {import("./support/recorder.js").Recorded} Recorded */

const browser = testBrowser();

/** Records the sound from the beginning. @param {DeskPage} shown @param {number} seconds */
async function played(shown, seconds) {
  const rate = (await shown.desk.session()).sample_rate_hz;
  await shown.desk.command({ do: "seek", at_s: 0 });
  await record(shown.page);
  await shown.play();
  while ((await recordedFrames(shown.page)) < seconds * rate) await sleep(100);
  await shown.pause();
  return recorded(shown.page);
}

/**
 * Greatest difference between what the worklet was given and a file, over the first seconds: with the pause at the end the
 * sound fades.
 * @param {Recorded} sound
 * @param {import("./support/wav.js").Sound} mix
 * @param {number} seconds
 */
function difference(sound, mix, seconds) {
  assert.equal(mix.channels, 2);
  assert.equal(sound.blocks.length, sound.frames.length, "each block of the network is given to the worklet");
  let at = 0;
  let compared = 0;
  let worst = { amplitude: 0, at_s: 0 };
  for (const [i, block] of sound.blocks.entries()) {
    const frame = sound.frames[i];
    assert.ok(frame !== undefined && frame.frames === block.frames);
    if (frame.playing && frame.first + frame.frames <= seconds * mix.sampleRate_hz) {
      for (let n = 0; n < 2 * block.frames; ++n) {
        const expected = mix.samples[2 * frame.first + n] ?? 0;
        const amplitude = Math.abs((sound.samples[at + n] ?? 0) - expected);
        if (!(amplitude <= worst.amplitude)) worst = { amplitude, at_s: (frame.first + n / 2) / mix.sampleRate_hz };
        ++compared;
      }
    }
    at += 2 * block.frames;
  }
  return { ...worst, compared_s: compared / 2 / mix.sampleRate_hz };
}

/** @param {DeskProcess} desk @param {string} folder */
async function savedMix(desk, folder) {
  await desk.command({ do: "save", what: ["mix"], names: { mix: "desk-test-mix.wav" } });
  await desk.until(({ job, save }) => job === null && (save?.saved.length ?? 0) > 0, "a mix that is written");
  return readWav(join(folder, "desk-test-mix.wav"));
}

/**
 * Blocks follow each other without a repetition, and without a gap but where the page was too slow for one.
 * @param {Recorded} played
 */
function assertWhole(played) {
  const playing = played.frames.filter((frame) => frame.playing);
  let dropped = 0;
  for (const [i, frame] of playing.entries()) {
    const before = playing[i - 1];
    if (before === undefined) continue;
    const skipped = frame.sequence - before.sequence - 1;
    dropped += skipped;
    assert.equal(frame.first, before.first + (1 + skipped) * before.frames, `after ${i} blocks`);
  }
  assert.ok(dropped <= playing.length / 20, `${dropped} of ${playing.length} blocks are missing`);
  assert.equal(played.frames.at(-1)?.underruns, 0, "underruns of the server");
}

describe("the worklet is given", () => {
  it("the mix of stems, as moved, from the first sample on", async () => {
    const stems = await demoStems();
    const desk = await startDesk(stems);
    try {
      await desk.ready();
      const shown = await openDesk(browser(), desk);
      // Moved, or a desk that plays its stems as they are would do.
      for (const [i, { id, kind }] of (await desk.session()).strips.entries()) {
        if (kind === "track") await desk.command({ do: "gain", strip: id, stage: i % 2 === 0 ? "fader" : "trim", db: -3 - i });
      }
      await sleep(300);
      const sound = await played(shown, 6);
      const worst = difference(sound, await savedMix(desk, dirname(stems)), 5.5);
      assert.ok(worst.compared_s >= 5, `${worst.compared_s} s`);
      assert.ok(worst.amplitude <= 1e-4, JSON.stringify(worst));
      assert.equal(sound.frames.find(({ playing }) => playing)?.first, 0);
      assertWhole(sound);
      await shown.close();
    } finally {
      await desk.stop();
    }
  });

  it("what `gainstage render` writes of an untouched session", async () => {
    const session = await ardourSession();
    const mix = join(await emptyFolder(), "mix.wav");
    await gainstage("render", session, "-o", mix);
    const desk = await startDesk(session);
    try {
      await desk.ready();
      const shown = await openDesk(browser(), desk);
      const sound = await played(shown, 6);
      const worst = difference(sound, await readWav(mix), 5.5);
      assert.ok(worst.compared_s >= 5, `${worst.compared_s} s`);
      assert.ok(worst.amplitude <= 1e-4, JSON.stringify(worst));
      assertWhole(sound);
      await shown.close();
    } finally {
      await desk.stop();
    }
  });

  it("the mix of real recordings", async (test) => {
    const path = await realPath("stems/hydrogen");
    if (path === null) {
      test.skip("no shared/data/stems beside the checkout");
      return;
    }
    const stems = await copyOf(path);
    const desk = await startDesk(stems);
    try {
      await desk.ready();
      const shown = await openDesk(browser(), desk);
      const sound = await played(shown, 5);
      const worst = difference(sound, await savedMix(desk, dirname(stems)), 4.5);
      assert.ok(worst.compared_s >= 4, `${worst.compared_s} s`);
      assert.ok(worst.amplitude <= 1e-4, JSON.stringify(worst));
      await shown.close();
    } finally {
      await desk.stop();
    }
  });
});

/**
 * Time from a key that takes a fader down until what the worklet is given is softer, with what waits there to be played.
 * @param {DeskPage} shown @param {string} name @param {number} rate
 */
async function delay(shown, name, rate) {
  const { page, desk } = shown;
  await record(page);
  await sleep(400);
  await shown.fader(name).focus();
  await page.evaluate(() => {
    addEventListener("keydown", (event) => Object.assign(globalThis, { pressed_ms: event.timeStamp }), { capture: true, once: true });
  });
  await page.keyboard.press("Home");
  await sleep(600);
  const pressed_ms = await page.evaluate(() => /** @type {{ pressed_ms: number }} */ (/** @type {unknown} */ (globalThis)).pressed_ms);
  const { samples, blocks, reports } = await recorded(page);
  let at = 0;
  let before = 0;
  let changedAt_ms = Number.NaN;
  for (const block of blocks) {
    const part = samples.subarray(at, at + 2 * block.frames);
    at += 2 * block.frames;
    const energy = part.reduce((sum, sample) => sum + sample * sample, 0) / part.length;
    if (block.at_ms <= pressed_ms) before = energy;
    else if (energy < before / 4) {
      // Six decibels down.
      changedAt_ms = block.at_ms;
      break;
    }
  }
  const report = reports.filter(({ at_ms }) => at_ms <= changedAt_ms).at(-1);
  assert.ok(report !== undefined, "the worklet reports how full it is");
  await desk.command({ do: "reset", strip: await desk.id(name), stage: "fader" });
  await sleep(300);
  return changedAt_ms - pressed_ms + (1000 * report.fill) / rate;
}

describe("a fader", () => {
  it("is heard within 100 ms of the hand", async (test) => {
    // Of noise without a pause, so that a silence is the fader's.
    const desk = await startDesk(await clippingStems(30));
    try {
      await desk.ready();
      const shown = await openDesk(browser(), desk);
      const rate = (await desk.session()).sample_rate_hz;
      const name = "Bass";
      await desk.command({ do: "solo", strip: await desk.id(name), on: true });
      await desk.command({ do: "loop", from_s: 5, to_s: 25 });
      await desk.command({ do: "seek", at_s: 5 });
      await shown.play();
      await sleep(1500);
      // What a machine that is busy with something else adds is not the desk's: three rounds, of which one must do.
      let best = Number.POSITIVE_INFINITY;
      for (let round = 0; round < 3 && best > 100; ++round) {
        /** @type {number[]} */
        const delays = [];
        for (let turn = 0; turn < 5; ++turn) delays.push(await delay(shown, name, rate));
        delays.sort((one, other) => one - other);
        test.diagnostic(`heard after ${delays.map((one) => one.toFixed(0)).join(", ")} ms`);
        best = Math.min(best, delays[2] ?? best);
      }
      assert.ok(best <= 100, `${best} ms`);
      await shown.close();
    } finally {
      await desk.stop();
    }
  });
});
