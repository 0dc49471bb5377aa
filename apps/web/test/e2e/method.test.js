// SPDX-License-Identifier: MIT
// The walk through the method: what enters, what is silent until it does, what the master reads after it, and what becomes
// of a change on the way.
import assert from "node:assert/strict";
import { readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { openDesk } from "./support/desk_page.js";
import { measured, startDesk } from "./support/desk_process.js";
import { copyOf, demoStems, song } from "./support/songs.js";
import { testBrowser } from "./support/test_browser.js";

const browser = testBrowser();

/** As the page shows the program's sentences. @param {string} sentence */
const typeset = (sentence) => sentence.replace(/(^|[\s(])-(?=\d)/g, "$1\u2212");

describe("the walk", () => {
  it("goes through every step of the method, each with its tracks, its reason and the master after it", async () => {
    const stems = await demoStems();
    const desk = await startDesk(stems);
    try {
      const { method: first } = await desk.ready();
      const steps = first?.steps ?? [];
      assert.deepEqual(steps.map(({ id }) => id), ["down", "low", "mid", "high", "effects", "audibility", "raise"]);
      const shown = await openDesk(browser(), desk);
      const { page } = shown;
      await page.getByRole("button", { name: "Walk the method" }).click();
      /** @type {Set<string>} */
      const entered = new Set();
      for (const [i, step] of steps.entries()) {
        const state = await desk.until(({ method }) => method?.at === step.id, `the step ${step.id}`);
        const now = state.method?.steps[i];
        assert.ok((now?.why ?? "").length > 20, `a reason for ${step.id}`);
        for (const id of now?.tracks ?? []) entered.add(id);
        await page.getByText(typeset(now?.why ?? "?"), { exact: true }).waitFor();
        assert.equal(await page.locator(".step[aria-current=step]").innerText().then((text) => text.includes(step.name)), true);
        // Exactly what has entered sounds; a silent track is of no step.
        const { strips } = await desk.session();
        for (const strip of strips.filter(({ id }) => steps.some(({ tracks }) => tracks.includes(id)))) {
          assert.equal(state.strips[strip.id]?.entered, entered.has(strip.id), `${strip.name} at ${step.id}`);
        }
        await page.getByRole("button", { name: i + 1 < steps.length ? "Next" : "Done", exact: true }).click();
      }
      const end = await desk.until(({ method }) => method?.at === null, "the end of the walk");
      assert.ok(Object.values(end.strips).every((strip) => strip.entered));
      // The walk ends with the plan: the target is met, or what stands in the way is said.
      assert.ok(end.prediction !== null && end.target !== null);
      if (end.prediction.reachable) assert.ok(Math.abs((end.prediction.integrated_lufs ?? 0) - (end.target.integrated_lufs ?? 99)) < 0.1, JSON.stringify(end.prediction));
      else assert.match(end.prediction.verdict, /\d/);
      await shown.close();
    } finally {
      await desk.stop();
    }
  });

  it("has after the low end what the mix of the low end measures", async () => {
    const stems = await demoStems();
    const desk = await startDesk(stems);
    try {
      await desk.ready();
      await desk.command({ do: "step", step: "down" });
      await desk.command({ do: "step", step: "low" });
      const { method } = await desk.until((state) => state.method?.at === "low" && state.job === null, "the low end");
      const low = method?.steps.find(({ id }) => id === "low");
      // About -12 dBFS by the method's own words.
      assert.ok(Math.abs((low?.master?.sample_peak_dbfs ?? 0) + 12) < 1.5, JSON.stringify(low?.master));
      const { strips } = await desk.session();
      const { strips: levels } = await desk.state();
      const gain_db = (/** @type {string} */ id) => (levels[id]?.trim_db ?? 0) + (levels[id]?.fader_db ?? 0);
      const names = strips.filter(({ id }) => low?.tracks.includes(id)).map(({ id, name }) => ({ name, db: gain_db(id) }));
      assert.equal(names.length, 2, JSON.stringify(names));
      // The same two at these gains, alone on a desk of their own.
      const others = (await readdir(stems)).filter((file) => !names.some(({ name }) => file.startsWith(name)));
      const alone = await copyOf(stems);
      for (const file of others) await rm(join(alone, file), { recursive: true });
      const small = await startDesk(alone);
      try {
        await small.ready();
        for (const { name, db } of names) await small.command({ do: "gain", strip: await small.id(name), stage: "fader", db });
        await small.command({ do: "save", what: ["mix"], names: { mix: "low.wav" } });
        await small.until(({ job, save }) => job === null && (save?.saved.length ?? 0) > 0, "a mix that is written");
        const is = await measured(join(dirname(alone), "low.wav"));
        for (const figure of /** @type {const} */ (["integrated_lufs", "true_peak_dbtp", "sample_peak_dbfs"])) {
          assert.ok(Math.abs((is[figure] ?? 99) - (low?.master?.[figure] ?? 0)) < 0.02, `${figure}: ${is[figure] ?? ""}, told ${low?.master?.[figure] ?? ""}`);
        }
      } finally {
        await small.stop();
      }
    } finally {
      await desk.stop();
    }
  });

  for (const respect of /** @type {const} */ (["lock", "evidence"])) {
    it(`goes on from what was changed (${respect})`, async () => {
      const desk = await startDesk(await demoStems());
      try {
        await desk.ready();
        const shown = await openDesk(browser(), desk);
        const { page } = shown;
        await page.getByRole("button", { name: "Walk the method" }).click();
        await page.getByRole("button", { name: "Next", exact: true }).click();
        await desk.until(({ method }) => method?.at === "low", "the low end");
        if (respect === "evidence") await page.getByRole("button", { name: "evidence", exact: true }).click();
        await desk.until(({ method }) => method?.respect === respect, respect);
        const id = await desk.id(song.bass);
        const before = await desk.state();
        await shown.fader(song.bass).focus();
        await page.keyboard.press("PageDown");
        const put = await desk.until(({ strips }) => strips[id]?.fader_db !== before.strips[id]?.fader_db, "a moved bass");
        await desk.until(({ method }) => method?.steps.find((step) => step.id === "low")?.changed.includes(id) === true, "a step that is marked as changed");
        for (const next of ["mid", "high", "effects", "audibility", "raise"]) {
          await page.getByRole("button", { name: "Next", exact: true }).click();
          await desk.until(({ method, phase }) => method?.at === next && phase === "ready", next);
        }
        const end = await desk.state();
        const bass = end.strips[id];
        assert.ok(bass !== undefined);
        // The raise moves all alike; against another of the low end the bass stays where it was put, when that is kept.
        const kick = await desk.id(song.kick);
        const apart = (/** @type {import("../../src/desk/protocol").State} */ state) => (state.strips[id]?.moved_db ?? 0) - (state.strips[kick]?.moved_db ?? 0);
        if (respect === "lock") assert.ok(Math.abs(apart(end) - apart(put)) < 0.02, `${apart(put)} to ${apart(end)}`);
        else assert.notEqual(bass.moved_db, before.strips[id]?.moved_db);
        await shown.close();
      } finally {
        await desk.stop();
      }
    });
  }
});
