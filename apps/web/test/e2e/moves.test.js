// SPDX-License-Identifier: MIT
// Hands on the desk: what is predicted is what is measured afterwards, clips are shown and led to, roles, locks, ranges,
// undo and snapshots do what they say.
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { openDesk } from "./support/desk_page.js";
import { measured, startDesk } from "./support/desk_process.js";
import { ardourSession, clipping, clippingStems, copyOf, demoStems, realPath, song } from "./support/songs.js";
import { testBrowser } from "./support/test_browser.js";

/** @typedef {import("./support/desk_page.js").DeskPage} DeskPage */
/** @typedef {import("./support/desk_process.js").DeskProcess} DeskProcess */

const browser = testBrowser();

/**
 * Runs `check` on a page of a desk of that session which is ready.
 * @param {string} session
 * @param {(shown: DeskPage, desk: DeskProcess) => Promise<void>} check
 */
async function withDesk(session, check) {
  const desk = await startDesk(session);
  try {
    await desk.ready();
    const shown = await openDesk(browser(), desk);
    await check(shown, desk);
    await shown.close();
  } finally {
    await desk.stop();
  }
}

/** Drags a fader by so many CSS pixels, in steps. @param {DeskPage} shown @param {string} name @param {number} by_px */
async function drag(shown, name, by_px) {
  const fader = shown.fader(name);
  await fader.scrollIntoViewIfNeeded();
  const box = await fader.boundingBox();
  assert.ok(box !== null);
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await shown.page.mouse.move(x, y);
  await shown.page.mouse.down();
  await shown.page.mouse.move(x, y + by_px, { steps: 12 });
  await shown.page.mouse.up();
  await shown.settle();
}

/** @param {DeskProcess} desk @param {string} session @param {string} name */
async function measuredMix(desk, session, name) {
  await desk.command({ do: "save", what: ["mix"], names: { mix: name } });
  await desk.until(({ job, save }) => job === null && JSON.stringify(save?.saved ?? []).includes(name), `${name} that is written`);
  return measured(join(dirname(session), name));
}

/** The desk says `exact` after at most a second of quiet; slower machines are given longer. @param {DeskProcess} desk */
const exact = (desk) => desk.until(({ prediction }) => prediction?.true_peak_is === "exact", "an exact true peak");

describe("a fader that is dragged", () => {
  /** @param {string} session @param {readonly [string, number][]} moves */
  const isAsPredicted = (session, moves) =>
    withDesk(session, async (shown, desk) => {
      // A file of integers can't hold what is over full scale, so there is to be room for it.
      for (const { id, kind } of (await desk.session()).strips) if (kind === "track") await desk.command({ do: "gain", strip: id, stage: "fader", db: -10 });
      const first = (await desk.state()).prediction?.integrated_lufs ?? Number.NaN;
      for (const [name, by_px] of moves) await drag(shown, name, by_px);
      const told = await exact(desk);
      const { prediction } = told;
      assert.ok(prediction !== null);
      assert.ok(Math.abs((prediction.integrated_lufs ?? Number.NaN) - first) > 0.5, `${first} to ${prediction.integrated_lufs ?? ""} LUFS is no move`);
      const is = await measuredMix(desk, session, "moved.wav");
      /** @type {[string, number | null, number | undefined, number][]} */
      const figures = [
        ["integrated", prediction.integrated_lufs, is["integrated_lufs"], 0.02],
        ["true peak", prediction.true_peak_dbtp, is["true_peak_dbtp"], 0.05],
        ["LRA", prediction.lra_lu, is["lra_lu"], 0.1],
        ["short-term max", prediction.short_term_max_lufs, is["short_term_max_lufs"], 0.05],
      ];
      for (const [what, predicted, measure, within] of figures) {
        assert.ok(predicted !== null && measure !== undefined, `${what}: ${JSON.stringify(is)}`);
        assert.ok(Math.abs(predicted - measure) <= within, `${what}: predicted ${predicted}, measured ${measure}`);
      }
    });

  it("changes the predicted loudness by what a measurement of the mix confirms, of stems", async () => {
    await isAsPredicted(await demoStems(), [[song.bass, 60], [song.vocal, -25]]);
  });

  it("and of a session of Ardour", async () => {
    await isAsPredicted(await ardourSession(), [[song.bass, 60], [song.vocal, 40]]);
  });

  it("and of real recordings", async (test) => {
    const path = await realPath("stems/funk");
    if (path === null) {
      test.skip("no shared/data/stems beside the checkout");
      return;
    }
    await isAsPredicted(await copyOf(path), [["drums", 70], ["horns", 30]]);
  });

  it("is followed by its number and by the prediction while it moves, without a reload of anything", async () => {
    await withDesk(await demoStems(), async (shown, desk) => {
      const { page } = shown;
      const fader = shown.fader(song.vocal);
      const before = await fader.getAttribute("aria-valuetext");
      const predicted = page.locator(".master-view .whole").first();
      const loudness = await predicted.textContent();
      const box = await fader.boundingBox();
      assert.ok(box !== null);
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2 + 80, { steps: 8 });
      assert.notEqual(await fader.getAttribute("aria-valuetext"), before);
      await page.waitForFunction(([was, selector]) => document.querySelector(selector ?? "")?.textContent !== was, [loudness, ".master-view .whole"]);
      await page.mouse.up();
      await shown.settle();
      // Under the hand and after it, the same.
      const id = await desk.id(song.vocal);
      const { fader_db } = (await desk.state()).strips[id] ?? {};
      assert.equal(await fader.getAttribute("aria-valuetext"), `${(fader_db ?? 0).toFixed(1).replace("-", "\u2212")} dB`);
    });
  });

  it("is one undo, whatever its way, and comes back by redo", async () => {
    await withDesk(await demoStems(), async (shown, desk) => {
      const id = await desk.id(song.bass);
      const levels = async () => (await desk.state()).strips[id]?.fader_db;
      const before = await levels();
      await drag(shown, song.bass, 40);
      const after = await levels();
      assert.notEqual(after, before);
      assert.match((await desk.state()).undo ?? "", /Bass/);
      await shown.page.keyboard.press("Control+z");
      await desk.until(({ strips }) => strips[id]?.fader_db === before, "the fader undone");
      assert.equal((await desk.state()).undo, null);
      await shown.page.keyboard.press("Control+y");
      await desk.until(({ strips }) => strips[id]?.fader_db === after, "the fader redone");
    });
  });

  it("goes back by a double click, and by typing a number", async () => {
    await withDesk(await ardourSession(), async (shown, desk) => {
      const id = await desk.id(song.bass);
      const own = (await desk.session()).strips.find((strip) => strip.id === id)?.fader?.db;
      await drag(shown, song.bass, 40);
      await desk.until(({ strips }) => strips[id]?.fader_db !== own, "a moved fader");
      await shown.fader(song.bass).dblclick();
      await desk.until(({ strips }) => strips[id]?.fader_db === own, "the session's own level");
      await shown.fader(song.bass).focus();
      await shown.page.keyboard.type("-7.25");
      await shown.page.keyboard.press("Enter");
      await desk.until(({ strips }) => strips[id]?.fader_db === -7.25, "-7.25 dB");
    });
  });
});

describe("undo", () => {
  it("has no end, and snapshots keep what they hold", async () => {
    await withDesk(await demoStems(), async (shown, desk) => {
      const id = await desk.id(song.kick);
      const first = (await desk.state()).strips[id]?.fader_db;
      await shown.page.getByRole("button", { name: "Store snapshot A" }).click();
      for (let i = 1; i <= 250; ++i) await desk.command({ do: "gain", strip: id, stage: "fader", db: -0.1 * i });
      await shown.page.getByRole("button", { name: "Store snapshot B" }).click();
      await desk.until(({ snapshots }) => snapshots.A !== null && snapshots.B !== null, "two snapshots");
      for (let i = 0; i < 250; ++i) await desk.command({ do: "undo" });
      assert.equal((await desk.state()).strips[id]?.fader_db, first);
      await shown.page.getByRole("button", { name: /Recall snapshot B/ }).click();
      await desk.until(({ strips }) => strips[id]?.fader_db === -25, "snapshot B");
      await shown.page.getByRole("button", { name: /Recall snapshot A/ }).click();
      await desk.until(({ strips }) => strips[id]?.fader_db === first, "snapshot A");
    });
  });
});

describe("a clip lamp", () => {
  it("says how far over, holds, and leads to the place", async () => {
    await withDesk(await clippingStems(), async (shown, desk) => {
      const lamp = shown.strip(clipping.name).locator("button.lamp");
      await lamp.waitFor();
      assert.equal(await lamp.textContent().then((text) => text?.trim()), `+${clipping.over_db.toFixed(1)}`);
      assert.match((await lamp.getAttribute("aria-label")) ?? "", /3\.5 dB over full scale/);
      assert.equal(await shown.page.locator("button.lamp").count(), 1, "no other strip clips");
      const { clip } = (await desk.state()).strips[await desk.id(clipping.name)] ?? {};
      assert.ok(Math.abs((clip?.over_db ?? 0) - clipping.over_db) < 0.01, JSON.stringify(clip));
      assert.ok(Math.abs((clip?.at_s ?? 0) - clipping.atSecond) < 0.02, JSON.stringify(clip));
      await lamp.click();
      const { transport } = await desk.until(({ transport: { position_s } }) => position_s > 0, "a jump");
      assert.ok(transport.position_s <= clipping.atSecond && transport.position_s >= clipping.atSecond - 1, String(transport.position_s));
    });
  });

  it("comes on when a stage is turned up, and goes out when that is turned down again", async () => {
    await withDesk(await clippingStems(), async (shown, desk) => {
      const id = await desk.id(clipping.name);
      const before = (await desk.state()).strips[id]?.clip;
      assert.equal(before?.tap, "clip");
      const bass = await desk.id("Bass");
      assert.equal((await desk.state()).strips[bass]?.clip, null);
      await desk.command({ do: "gain", strip: bass, stage: "trim", db: 20 });
      await desk.command({ do: "gain", strip: bass, stage: "fader", db: 6 });
      await desk.until(({ strips }) => strips[bass]?.clip != null, "a clip of the bass");
      await shown.strip("Bass").locator("button.lamp").waitFor();
      await desk.command({ do: "gain", strip: bass, stage: "trim", db: 0 });
      await desk.command({ do: "gain", strip: bass, stage: "fader", db: 0 });
      await desk.until(({ strips }) => strips[bass]?.clip === null, "a bass that does not clip");
      await shown.strip("Bass").locator("button.lamp").waitFor({ state: "detached" });
    });
  });
});

describe("the plan", () => {
  it("is made again when a role is corrected", async () => {
    await withDesk(await demoStems(), async (shown, desk) => {
      const id = await desk.id(song.bass);
      const before = (await desk.state()).strips[id];
      assert.equal(before?.role?.name, "bass");
      await shown.strip(song.bass).getByRole("button", { name: /^Role of/ }).click();
      await shown.page.getByRole("dialog").getByRole("button", { name: "lead vocal", exact: true }).click();
      const { strips } = await desk.until(
        (state) => state.strips[id]?.role?.name === "lead vocal" && state.phase === "ready" && state.strips[id].plan_db !== before.plan_db,
        "another plan",
      );
      assert.equal(strips[id]?.role?.source, "user");
      const { method } = await desk.state();
      assert.ok(method?.steps.find((step) => step.id === "mid")?.tracks.includes(id), JSON.stringify(method?.steps.map((step) => [step.id, step.tracks])));
      await shown.page.keyboard.press("Escape");
      await shown.page.keyboard.press("Control+z");
      await desk.until((state) => state.strips[id]?.role?.name === "bass" && state.phase === "ready" && state.strips[id].plan_db === before.plan_db, "the plan as it was");
    });
  });

  it("leaves a locked track where it is", async () => {
    await withDesk(await demoStems(), async (shown, desk) => {
      const id = await desk.id(song.vocal);
      await desk.command({ do: "gain", strip: id, stage: "fader", db: -2.5 });
      await shown.page.getByRole("button", { name: `Lock ${song.vocal}` }).click();
      await desk.until(({ strips, phase }) => strips[id]?.lock === true && phase === "ready", "a lock");
      await desk.command({ do: "strength", percent: 100 });
      const { strips } = await desk.until(({ strength_percent, phase }) => strength_percent === 100 && phase === "ready", "the whole plan");
      const { trim_db, fader_db } = strips[id] ?? {};
      assert.ok(Math.abs((trim_db ?? 0) + (fader_db ?? 0) + 2.5) < 0.005, `${trim_db ?? ""} ${fader_db ?? ""}`);
      const others = Object.entries(strips).filter(([other]) => other !== id);
      assert.ok(others.some(([, { moved_db }]) => Math.abs(moved_db ?? 0) > 0.5), "the others are moved");
    });
  });

  it("keeps a track within its range", async () => {
    await withDesk(await demoStems(), async (_shown, desk) => {
      await desk.command({ do: "strength", percent: 100 });
      const { strips } = await desk.until(({ strength_percent }) => strength_percent === 100, "the whole plan");
      const [id, was] = Object.entries(strips).filter(([, { plan_db }]) => plan_db != null && Math.abs(plan_db) > 2)[0] ?? ["", undefined];
      assert.ok(was !== undefined);
      await desk.command({ do: "range", strip: id, low_db: -0.5, high_db: 0.5 });
      const { strips: now } = await desk.until(
        (state) => state.phase === "ready" && state.strips[id]?.range != null && Math.abs((state.strips[id].plan_db ?? 99) - (was.plan_db ?? 0)) > 0.1,
        "a plan within the range",
      );
      // A range is of what is changed before the raise. The plan wanted more than 2 dB, so that one end of it binds.
      const { method } = await desk.state();
      const raise_db = Number(/by ([-+]\d+\.\d) dB/.exec(method?.steps.find((step) => step.id === "raise")?.why ?? "")?.[1]);
      const moved_db = now[id]?.plan_db ?? Number.NaN;
      assert.ok(Math.abs(Math.abs(moved_db - raise_db) - 0.5) < 0.06, `${moved_db} dB in all, raised by ${raise_db} dB`);
    });
  });

  it("is taken in by strength: nothing at 0, the target met at 100, and half way half of it", async () => {
    await withDesk(await demoStems(), async (shown, desk) => {
      const slider = shown.page.getByRole("slider", { name: "Strength of the plan" });
      await slider.focus();
      await shown.page.keyboard.press("End");
      const full = await desk.until(({ strength_percent }) => strength_percent === 100, "100 %");
      assert.ok(Math.abs((full.prediction?.integrated_lufs ?? 0) - (full.target?.integrated_lufs ?? 99)) < 0.1 || !full.prediction?.reachable, JSON.stringify(full.prediction));
      for (const { plan_db, moved_db } of Object.values(full.strips)) assert.ok(plan_db === null || Math.abs((moved_db ?? 0) - plan_db) < 0.01);
      await desk.command({ do: "strength", percent: 50 });
      const half = await desk.until(({ strength_percent }) => strength_percent === 50, "50 %");
      for (const { plan_db, moved_db } of Object.values(half.strips)) assert.ok(plan_db === null || Math.abs((moved_db ?? 0) - plan_db / 2) < 0.01);
      await slider.focus();
      await shown.page.keyboard.press("Home");
      const none = await desk.until(({ strength_percent }) => strength_percent === 0, "0 %");
      for (const { moved_db } of Object.values(none.strips)) assert.ok((moved_db ?? 0) === 0);
    });
  });
});

describe("the target", () => {
  it("is chosen from the list, or given in numbers, and the plan goes there", async () => {
    await withDesk(await demoStems(), async (shown, desk) => {
      const { page } = shown;
      const choice = page.getByRole("combobox", { name: /target|destination/i });
      await choice.selectOption("ebu-r128");
      const listed = await desk.until(({ target, phase }) => target?.id === "ebu-r128" && phase === "ready", "EBU R 128");
      assert.equal(listed.target?.integrated_lufs, -23);
      await choice.selectOption({ label: "Numbers of your own\u2026" });
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("textbox").first().fill("-18.5");
      await dialog.getByRole("textbox").last().fill("-2");
      await dialog.getByRole("button", { name: "Set", exact: true }).click();
      await dialog.waitFor({ state: "detached" });
      await desk.until(({ target, phase }) => target?.integrated_lufs === -18.5 && target.ceiling_dbtp === -2 && phase === "ready", "-18.5 LUFS");
      await desk.command({ do: "strength", percent: 100 });
      const { prediction } = await desk.until((state) => state.strength_percent === 100 && state.prediction?.true_peak_is === "exact", "the plan");
      assert.ok(Math.abs((prediction?.integrated_lufs ?? 0) + 18.5) < 0.1 && (prediction?.true_peak_dbtp ?? 0) <= -1.99, JSON.stringify(prediction));
    });
  });
});
