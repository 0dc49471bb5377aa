// SPDX-License-Identifier: MIT
// What is written when a user saves, and that nothing is lost when nobody does: a reload, a crash, another page.
import assert from "node:assert/strict";
import { readFile, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { openDesk } from "./support/desk_page.js";
import { gainstage, measured, startDesk } from "./support/desk_process.js";
import { ardourSession, demoStems, song } from "./support/songs.js";
import { testBrowser } from "./support/test_browser.js";
import { readWav } from "./support/wav.js";

/** @typedef {import("./support/desk_process.js").DeskProcess} DeskProcess */
/** @typedef {import("../../src/desk/protocol").State} State */

const browser = testBrowser();

/** What must outlive a desk. @param {State} state */
function kept({ strips, target, snapshots, strength_percent, undo, redo }) {
  const stages = Object.fromEntries(
    Object.entries(strips).map(([id, { trim_db, fader_db, lock, focus, range, group, role }]) => [id, { trim_db, fader_db, lock, focus, range, group, role: role?.name, source: role?.source }]),
  );
  return { stages, target, snapshots, strength_percent, undo, redo };
}

/** Makes a change of every kind. @param {DeskProcess} desk */
async function changeAll(desk) {
  const [kick, bass, vocal] = [await desk.id(song.kick), await desk.id(song.bass), await desk.id(song.vocal)];
  await desk.command({ do: "role", strip: bass, role: "sub" });
  await desk.command({ do: "lock", strip: kick, on: true });
  await desk.command({ do: "focus", strip: vocal });
  await desk.command({ do: "range", strip: vocal, low_db: -6, high_db: 3 });
  await desk.command({ do: "group", strip: kick, group: "rhythm" });
  await desk.command({ do: "target", integrated_lufs: -16.5, ceiling_dbtp: -1.5 });
  await desk.command({ do: "strength", percent: 40 });
  await desk.command({ do: "store", slot: "B" });
  await desk.command({ do: "gain", strip: kick, stage: "fader", db: -4.25 });
  await desk.command({ do: "gain", strip: vocal, stage: "trim", db: 2.5 });
  await desk.command({ do: "gain", strip: bass, stage: "fader", db: null });
  await desk.command({ do: "undo" });
  return desk.ready();
}

describe("saving", () => {
  it("of a session writes a session, its mix and its report, which say what the desk said", async () => {
    const session = await ardourSession();
    const folder = dirname(session);
    const original = await readFile(session);
    const desk = await startDesk(session);
    try {
      await desk.ready();
      const shown = await openDesk(browser(), desk);
      const { page } = shown;
      await desk.command({ do: "strength", percent: 100 });
      await desk.command({ do: "gain", strip: await desk.id(song.bass), stage: "fader", db: -8.5 });
      const before = await desk.until(({ prediction }) => prediction?.true_peak_is === "exact", "an exact true peak");
      await page.keyboard.press("Control+s");
      const dialog = page.getByRole("dialog", { name: "Save" });
      for (const what of ["Session", "Mix", "Report"]) await dialog.getByRole("checkbox", { name: new RegExp(`^${what}`) }).check();
      await dialog.getByRole("button", { name: "Save", exact: true }).click();
      const { save } = await desk.until((state) => state.job === null && (state.save?.saved.length ?? 0) >= 3, "three files");
      await dialog.getByRole("status").getByText(/measures -?\d/).waitFor();
      assert.equal(save?.dirty, false);
      assert.deepEqual(await readFile(session), original, "the session itself is left alone");
      const { suggested } = save;
      const names = { session: suggested?.session ?? "", mix: suggested?.mix ?? "", report: suggested?.report ?? "" };
      const staged = join(folder, names.session);
      const mix = await measured(join(folder, names.mix));
      assert.ok(Math.abs((mix["integrated_lufs"] ?? 0) - (before.prediction?.integrated_lufs ?? 99)) <= 0.02, JSON.stringify(mix));
      // The written session plays the same mix.
      await gainstage("render", staged, "-o", join(folder, "again.wav"));
      const [a, b] = [await readWav(join(folder, names.mix)), await readWav(join(folder, "again.wav"))];
      assert.equal(a.samples.length, b.samples.length);
      // Gains are written with two decimals or more: 0.005 dB are 6e-4 of a sample.
      const worst = a.samples.reduce((most, sample, i) => Math.max(most, Math.abs(sample - (b.samples[i] ?? 0))), 0);
      assert.ok(worst < 1e-3, `${worst}`);
      const report = await readFile(join(folder, names.report), "utf8");
      assert.match(report, /<script id="gainstage-report" type="application\/json">\s*\{/);
      // No half files, and nothing else but the desk's own state.
      const extra = (await readdir(folder)).filter((file) => /tmp|part|~$/.test(file));
      assert.deepEqual(extra, []);
      await page.keyboard.press("Escape");
      await shown.close();
      await desk.stop();

      const again = await startDesk(staged);
      try {
        const reopened = await again.ready();
        assert.ok(Math.abs((reopened.prediction?.integrated_lufs ?? 0) - (before.prediction?.integrated_lufs ?? 99)) <= 0.02, JSON.stringify(reopened.prediction));
        assert.equal(reopened.save?.dirty, false);
      } finally {
        await again.stop();
      }
    } finally {
      await desk.stop();
    }
  });

  it("of stems writes every track with its gain", async () => {
    const stems = await demoStems();
    const desk = await startDesk(stems);
    try {
      await desk.ready();
      const bass = await desk.id(song.bass);
      await desk.command({ do: "gain", strip: bass, stage: "fader", db: -6 });
      await desk.command({ do: "save", what: ["stems"], names: { stems: "out" } });
      await desk.until(({ job, save }) => job === null && (save?.saved.length ?? 0) > 0, "stems that are written");
      const files = await readdir(stems);
      const written = await readdir(join(dirname(stems), "out"));
      assert.equal(written.filter((file) => file.endsWith(".wav")).length, files.filter((file) => file.endsWith(".wav")).length);
      const bassFile = `${song.bass}.wav`;
      assert.ok(files.includes(bassFile));
      const [source, made] = [await measured(join(stems, bassFile)), await measured(join(dirname(stems), "out", bassFile))];
      assert.ok(Math.abs((made["integrated_lufs"] ?? 0) - (source["integrated_lufs"] ?? 0) + 6) < 0.02, JSON.stringify([source, made]));
    } finally {
      await desk.stop();
    }
  });

  it("never writes over what is there unless told to, nor outside of the session's folder", async () => {
    const stems = await demoStems();
    const desk = await startDesk(stems);
    try {
      await desk.ready();
      await desk.command({ do: "save", what: ["mix"], names: { mix: "mix.wav" } });
      await desk.until(({ job, save }) => job === null && (save?.saved.length ?? 0) > 0, "a mix");
      const { mtimeMs } = await stat(join(dirname(stems), "mix.wav"));
      await assert.rejects(desk.command({ do: "save", what: ["mix"], names: { mix: "mix.wav" } }), /exists/);
      for (const mix of ["../mix.wav", "/tmp/mix.wav", "a/b.wav", "..", ".hidden.wav", "mix.wav\0.txt", ""]) {
        await assert.rejects(desk.command({ do: "save", what: ["mix"], names: { mix } }), /400/, JSON.stringify(mix));
      }
      assert.equal((await stat(join(dirname(stems), "mix.wav"))).mtimeMs, mtimeMs);
      await desk.command({ do: "save", what: ["mix"], names: { mix: "mix.wav" }, force: true });
    } finally {
      await desk.stop();
    }
  });
});

describe("nothing is lost", () => {
  it("by a reload of the page", async () => {
    const desk = await startDesk(await demoStems());
    try {
      await desk.ready();
      const before = kept(await changeAll(desk));
      const shown = await openDesk(browser(), desk);
      const faders = () => shown.page.locator(".strip [role=slider][data-part=fader]").evaluateAll((all) => all.map((one) => [one.getAttribute("aria-label"), one.getAttribute("aria-valuetext")]));
      const texts = await faders();
      await shown.page.reload();
      await shown.page.locator(".strip").first().waitFor();
      await shown.settle();
      assert.deepEqual(await faders(), texts);
      assert.deepEqual(kept(await desk.state()), before);
      await shown.close();
    } finally {
      await desk.stop();
    }
  });

  for (const how of /** @type {const} */ (["kill", "stop"])) {
    it(`when the server is ${how === "kill" ? "killed" : "ended"} and started again, under the eyes of the page`, async () => {
      const stems = await demoStems();
      const desk = await startDesk(stems);
      /** @type {DeskProcess | null} */
      let again = null;
      try {
        await desk.ready();
        const before = kept(await changeAll(desk));
        const shown = await openDesk(browser(), desk);
        shown.mayLoseServer = true;
        // The state is written as it changes: soon after the last change, not at the end.
        await sleep(1500);
        await desk[how]();
        await shown.page.getByText(/does not answer/).waitFor();
        again = await startDesk(stems, { port: desk.port });
        assert.deepEqual(kept(await again.ready()), before);
        // The token is another one, so the page comes back by the new address.
        await shown.page.goto(again.entry);
        await shown.page.locator(".status", { hasText: "Ready" }).waitFor();
        await again.command({ do: "redo" });
        await again.command({ do: "undo" });
        await again.command({ do: "undo" });
        const { strips, undo } = await again.state();
        // What was there before the last change but one of the desk that is gone.
        assert.notEqual(strips[await again.id(song.vocal)]?.trim_db, 2.5, "undo goes back to before the end");
        assert.match(undo ?? "", /Kick/);
        shown.problems = shown.problems.filter((problem) => !/^40[13]: /.test(problem) && !/40[13]/.test(problem));
        await shown.close();
      } finally {
        await desk.stop();
        await again?.stop();
      }
    });
  }

  it("even when it is killed amid a storm of moves: what comes back is a state that was", async () => {
    const stems = await demoStems();
    let desk = await startDesk(stems);
    const id = await desk.ready().then(() => desk.id(song.kick));
    try {
      for (let turn = 0; turn < 4; ++turn) {
        let last = 0;
        const storm = (async () => {
          for (let i = 1; i <= 2000; ++i) {
            await desk.command({ do: "gain", strip: id, stage: "fader", db: -0.01 * i });
            last = i;
          }
        })().catch(() => undefined);
        await sleep(700 + 350 * turn);
        await desk.kill();
        await storm;
        desk = await startDesk(stems);
        const { strips } = await desk.ready();
        const back = strips[id]?.fader_db ?? Number.NaN;
        const step = Math.round(-100 * back);
        assert.ok(step >= 0 && step <= last + 1 && Math.abs(back + 0.01 * step) < 1e-9, `${back} dB after ${last} moves`);
        assert.ok(step > 0, "some of it was kept");
      }
      assert.deepEqual((await readdir(dirname(stems))).filter((file) => /tmp|part/.test(file)), []);
    } finally {
      await desk.stop();
    }
  });
});

describe("two pages", () => {
  it("see each other's moves at once and end alike, whoever moves", async () => {
    const desk = await startDesk(await demoStems());
    try {
      await desk.ready();
      const [left, right] = [await openDesk(browser(), desk), await openDesk(browser(), desk)];
      const value = (/** @type {typeof left} */ shown, /** @type {string} */ name) => shown.fader(name).getAttribute("aria-valuetext");
      await left.fader(song.kick).focus();
      await left.page.keyboard.press("PageDown");
      await left.page.keyboard.press("PageDown");
      await desk.until(({ undo }) => /Kick/.test(undo ?? ""), "a moved kick");
      await left.settle();
      const kick = await value(left, song.kick);
      await right.page.waitForFunction((text) => document.querySelector('[aria-label="Fader of 01 Kick"]')?.getAttribute("aria-valuetext") === text, kick);
      // Both at once, at one fader and at others.
      await Promise.all([left, right].map(async (shown, i) => {
        for (let n = 0; n < 20; ++n) {
          await shown.fader(n % 3 === 0 ? song.bass : i === 0 ? song.kick : song.vocal).focus();
          await shown.page.keyboard.press(n % 2 === i ? "ArrowUp" : "ArrowDown");
        }
      }));
      await sleep(1200);
      const { strips } = await desk.state();
      for (const { id, name, kind } of (await desk.session()).strips) {
        if (kind !== "track") continue;
        const now = strips[id]?.fader_db;
        const text = `${(now ?? 0).toFixed(1).replace("-", "\u2212").replace(/^\u22120\.0$/, "0.0")} dB`;
        assert.deepEqual([await value(left, name), await value(right, name)], [text, text], name);
      }
      await left.page.getByRole("button", { name: `Solo ${song.bass}` }).click();
      await right.page.locator(`[aria-label="Solo ${song.bass}"][aria-pressed=true]`).waitFor();
      await right.play();
      await left.page.getByRole("button", { name: "Pause", exact: true }).waitFor();
      await left.pause();
      await right.page.getByRole("button", { name: "Play", exact: true }).waitFor();
      await left.close();
      await right.close();
    } finally {
      await desk.stop();
    }
  });
});
