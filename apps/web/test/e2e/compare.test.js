// SPDX-License-Identifier: MIT
// Before and after at one loudness: what sounds is measured, not what the desk says of it.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { openDesk } from "./support/desk_page.js";
import { measured, startDesk } from "./support/desk_process.js";
import { record, recorded } from "./support/recorder.js";
import { demoStems, emptyFolder } from "./support/songs.js";
import { testBrowser } from "./support/test_browser.js";
import { writeWav } from "./support/wav.js";

/** @typedef {import("./support/desk_page.js").DeskPage} DeskPage */

const browser = testBrowser();

const loop = { from_s: 16, to_s: 24 };

/** Turns in which a busy machine has let every block through once. */
const most_turns = 6;

/** Loudness and true peak of one turn of the loop as the worklet is given it. @param {DeskPage} shown */
async function heard(shown) {
  const { sample_rate_hz } = await shown.desk.session();
  const [first, last] = [Math.round(loop.from_s * sample_rate_hz), Math.round(loop.to_s * sample_rate_hz)];
  // Every frame of the loop once, from wherever the recording began; what is lost of one turn comes with another.
  const turn = new Float32Array(2 * (last - first));
  const isThere = new Uint8Array(last - first);
  let covered = 0;
  for (let turns = 0; covered <= 0.98 && turns < most_turns; ++turns) {
    // The turn that goes on has what sounded before in it.
    await sleep(500);
    await record(shown.page);
    await sleep(1000 * (loop.to_s - loop.from_s) + 2000);
    const { samples, frames } = await recorded(shown.page);
    let at = 0;
    for (const frame of frames) {
      if (frame.playing && frame.first >= first && frame.first + frame.frames <= last) {
        turn.set(samples.subarray(at, at + 2 * frame.frames), 2 * (frame.first - first));
        isThere.fill(1, frame.first - first, frame.first - first + frame.frames);
      }
      at += 2 * frame.frames;
    }
    covered = isThere.reduce((sum, one) => sum + one, 0) / isThere.length;
  }
  assert.ok(covered > 0.98, `${Math.round(100 * covered)} % of the loop were heard`);
  const path = join(await emptyFolder(), "heard.wav");
  await writeWav(path, { sampleRate_hz: sample_rate_hz, channels: 2, samples: turn });
  return measured(path);
}

describe("before and after", () => {
  it("are heard within 0.1 LU of each other over the loop, under the ceiling", async () => {
    const desk = await startDesk(await demoStems());
    try {
      await desk.ready();
      await desk.command({ do: "strength", percent: 100 });
      const { target } = await desk.until(({ strength_percent }) => strength_percent === 100, "the plan");
      const shown = await openDesk(browser(), desk);
      const { page } = shown;
      await desk.command({ do: "loop", ...loop });
      await desk.command({ do: "seek", at_s: loop.from_s });
      await page.getByRole("button", { name: "Compare", exact: true }).click();
      await desk.until(({ compare }) => compare?.on === true, "a comparison");
      await shown.play();
      await page.getByRole("button", { name: "Before", exact: true }).click();
      await desk.until(({ compare, job }) => compare?.hears === "before" && compare.matched_db !== null && job === null, "before");
      const first = await heard(shown);
      await page.getByRole("button", { name: "After", exact: true }).click();
      await desk.until(({ compare }) => compare?.hears === "after", "after");
      const second = await heard(shown);
      const apart = (first["integrated_lufs"] ?? Number.NaN) - (second["integrated_lufs"] ?? Number.NaN);
      assert.ok(Math.abs(apart) <= 0.1, `${first["integrated_lufs"] ?? ""} and ${second["integrated_lufs"] ?? ""} LUFS`);
      for (const { true_peak_dbtp } of [first, second]) {
        assert.ok((true_peak_dbtp ?? 99) <= (target?.ceiling_dbtp ?? 0) + 0.05, `${true_peak_dbtp ?? ""} dBTP`);
      }
      await shown.close();
    } finally {
      await desk.stop();
    }
  });

  it("are not told apart by the page while they are blind", async () => {
    const desk = await startDesk(await demoStems());
    try {
      await desk.ready();
      await desk.command({ do: "strength", percent: 100 });
      await desk.until(({ strength_percent }) => strength_percent === 100, "the plan");
      const shown = await openDesk(browser(), desk);
      const { page } = shown;
      await page.getByRole("button", { name: "Compare", exact: true }).click();
      await page.getByRole("button", { name: "Blind", exact: true }).click();
      const hidden = await desk.until(({ compare }) => compare?.blind === true && !compare.revealed, "a blind comparison");
      assert.ok(hidden.compare?.hears === "x" || hidden.compare?.hears === "y", JSON.stringify(hidden.compare));
      // Nothing that a page is told says which it is, whichever is heard.
      await page.getByRole("button", { name: "X", exact: true }).click();
      const x = await desk.until(({ compare }) => compare?.hears === "x", "x");
      await page.getByRole("button", { name: "Y", exact: true }).click();
      const y = await desk.until(({ compare }) => compare?.hears === "y", "y");
      const told = (/** @type {typeof x} */ state) => ({ ...state, compare: { ...state.compare, hears: null }, transport: null });
      assert.deepEqual(told(x), told(y));
      assert.equal(await page.locator(".compare-view").getByRole("button", { name: /^(Before|After)/ }).count(), 0);
      await page.getByRole("button", { name: "Reveal", exact: true }).click();
      await desk.until(({ compare }) => compare?.revealed === true, "what it was");
      await shown.settle();
      assert.match((await page.locator(".compare-view").innerText()).toLowerCase(), /before|after/);
      await shown.close();
    } finally {
      await desk.stop();
    }
  });
});
