// SPDX-License-Identifier: MIT
// Every view in both themes: nothing serious for axe-core, nothing that sticks out or is cut off, at every size, zoomed,
// with 64 strips, and without motion where none is wished.
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { launch, openDesk } from "./support/desk_page.js";
import { startDesk } from "./support/desk_process.js";
import { axeFindings, blurred, cutTexts, inked, overflow } from "./support/eyes.js";
import { demoStems, emptyFolder, manyStems, removeFolders, song } from "./support/songs.js";

/** @typedef {import("./support/desk_page.js").DeskPage} DeskPage */
/** @typedef {import("./support/desk_process.js").DeskProcess} DeskProcess */

/** Where pictures of it all are put, to be looked at; none where it is not said. */
const pictures = process.env["GAINSTAGE_DESK_PICTURES"];
const viewNames = ["Spectrum", "Stereo field", "Loudness", "Gain map", "Build"];
const sizes = [{ width: 1280, height: 800 }, { width: 1920, height: 1080 }, { width: 3840, height: 2160 }];
const themes = /** @type {const} */ (["dark", "light"]);

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {{ demo: DeskProcess, many: DeskProcess }} */
let desks;
before(async () => {
  browser = await launch();
  desks = { demo: await startDesk(await demoStems()), many: await startDesk(await manyStems(64, 12)) };
  await Promise.all(Object.values(desks).map((desk) => desk.ready()));
  // As in the middle of work.
  for (const { id, kind } of (await desks.demo.session()).strips.slice(0, 3)) {
    if (kind === "track") await desks.demo.command({ do: "gain", strip: id, stage: "fader", db: -5.5 });
  }
  await desks.demo.command({ do: "loop", from_s: 28, to_s: 44 });
  await desks.demo.command({ do: "seek", at_s: 30 });
  await desks.many.command({ do: "loop", from_s: 2, to_s: 11 });
  await desks.many.command({ do: "strength", percent: 100 });
});
after(async () => {
  await browser.close();
  await Promise.all(Object.values(desks).map((desk) => desk.stop()));
  await removeFolders();
});

/** @param {DeskPage} shown @param {string} theme */
async function setTheme({ page }, theme) {
  const button = page.getByRole("button", { name: /^Theme:/ });
  for (let i = 0; i < 3 && (await page.locator("html").getAttribute("data-colours")) !== theme; ++i) await button.click();
  assert.equal(await page.locator("html").getAttribute("data-colours"), theme);
}

/** @param {DeskPage} shown @param {string} name */
async function photograph(shown, name) {
  if (pictures === undefined) return;
  await mkdir(pictures, { recursive: true });
  await shown.page.screenshot({ path: join(pictures, `${name}.png`) });
}

/** Plays for a moment, so that what moves has something to show, and stands still again. @param {DeskPage} shown */
async function warm(shown) {
  await shown.desk.command({ do: "play" });
  await sleep(2500);
}

describe("every view", () => {
  for (const theme of themes) {
    it(`has nothing serious for axe-core in the ${theme} theme`, async () => {
      const shown = await openDesk(browser, desks.demo, { context: { colorScheme: theme } });
      await setTheme(shown, theme);
      await warm(shown);
      for (const view of viewNames) {
        await shown.page.getByRole("tab", { name: view }).click();
        await shown.settle();
        assert.deepEqual(await axeFindings(shown.page), [], view);
      }
      await desks.demo.command({ do: "pause" });
      await shown.close();
    });

    it(`has nothing serious for axe-core in the ${theme} theme while walking, comparing, clipping and in every dialog`, async () => {
      const shown = await openDesk(browser, desks.demo, { context: { colorScheme: theme } });
      const { page, desk } = shown;
      await setTheme(shown, theme);
      await desk.command({ do: "step", step: "low" });
      await desk.until(({ method }) => method?.at === "low", "the low end");
      await shown.settle();
      assert.deepEqual(await axeFindings(page), [], "the walk");
      await desk.command({ do: "step", step: null });
      await page.getByRole("button", { name: "Compare", exact: true }).click();
      await page.getByRole("button", { name: "Blind", exact: true }).click();
      await shown.settle();
      assert.deepEqual(await axeFindings(page), [], "the comparison");
      await desk.command({ do: "compare", on: false, blind: false, hears: "after" });
      for (const key of ["Control+s", "?"]) {
        await page.keyboard.press(key);
        await page.getByRole("dialog").waitFor();
        assert.deepEqual(await axeFindings(page), [], key);
        await page.keyboard.press("Escape");
        await page.getByRole("dialog").waitFor({ state: "detached" });
      }
      await page.getByRole("button", { name: /^Role of 01 Kick/ }).click();
      await page.getByRole("dialog").waitFor();
      assert.deepEqual(await axeFindings(page), [], "a strip's dialog");
      await page.keyboard.press("Escape");
      await shown.close();
    });
  }
});

describe("at every size", () => {
  for (const which of /** @type {const} */ (["demo", "many"])) {
    for (const theme of themes) {
      it(`${which === "many" ? "64 strips" : "the demo song"} in the ${theme} theme: nothing sticks out, every view is drawn`, async () => {
        const shown = await openDesk(browser, desks[which], { context: { colorScheme: theme } });
        const { page } = shown;
        await setTheme(shown, theme);
        await warm(shown);
        for (const size of sizes) {
          await page.setViewportSize(size);
          for (const view of viewNames) {
            await page.getByRole("tab", { name: view }).click();
            await shown.settle();
            await sleep(300);
            const name = `${which}-${theme}-${size.width}x${size.height}-${view.toLowerCase().replace(" ", "-")}`;
            await photograph(shown, name);
            assert.deepEqual(await overflow(page), [], name);
            assert.deepEqual(await cutTexts(page), [], name);
            assert.deepEqual(await blurred(page), [], name);
            if (view !== "Gain map") assert.ok((await page.locator("#view-panel canvas, #view-panel svg").count()) > 0, name);
          }
          assert.ok((await inked(page, ".overview-view canvas")) > 0.01, "the overview is drawn");
        }
        const narrow = page.getByRole("button", { name: "Narrow strips" });
        await narrow.click();
        for (const size of sizes) {
          await page.setViewportSize(size);
          await page.getByRole("tab", { name: "Spectrum" }).click();
          await shown.settle();
          await sleep(300);
          const name = `${which}-${theme}-${size.width}x${size.height}-narrow`;
          await photograph(shown, name);
          assert.deepEqual(await overflow(page), [], name);
          assert.deepEqual(await cutTexts(page), [], name);
        }
        await desks[which].command({ do: "pause" });
        await shown.close();
      });
    }
  }

  it("walking, comparing and with dialogs open it fits into 1280 by 800", async () => {
    const shown = await openDesk(browser, desks.demo);
    const { page, desk } = shown;
    for (const theme of themes) {
      await setTheme(shown, theme);
      for (const step of /** @type {const} */ (["down", "low", "mid", "high", "effects", "audibility", "raise"])) {
        await desk.command({ do: "step", step });
        await desk.until(({ method }) => method?.at === step, step);
        await shown.settle();
        await photograph(shown, `walk-${theme}-${step}`);
        assert.deepEqual(await overflow(page), [], step);
        await sleep(200);
        assert.deepEqual(await blurred(page), [], step);
      }
      await desk.command({ do: "step", step: null });
      await page.getByRole("button", { name: "Compare", exact: true }).click();
      await shown.settle();
      await photograph(shown, `compare-${theme}`);
      assert.deepEqual(await overflow(page), []);
      await desk.command({ do: "compare", on: false });
      await page.keyboard.press("Control+s");
      await shown.settle();
      await photograph(shown, `save-${theme}`);
      await page.keyboard.press("Escape");
      await page.keyboard.press("?");
      await shown.settle();
      await photograph(shown, `keys-${theme}`);
      assert.deepEqual(await overflow(page), []);
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: /^Role of 01 Kick/ }).click();
      await shown.settle();
      await photograph(shown, `strip-${theme}`);
      assert.deepEqual(await overflow(page), []);
      await page.keyboard.press("Escape");
    }
    await shown.close();
  });

  it("with a strip chosen, with notes and with a target of one's own it fits into 1280 by 800", async () => {
    const shown = await openDesk(browser, desks.demo);
    const { page } = shown;
    for (const theme of themes) {
      await setTheme(shown, theme);
      await page.getByRole("button", { name: song.bass, exact: true }).first().click();
      await warm(shown);
      for (const view of ["Stereo field", "Spectrum"]) {
        await page.getByRole("tab", { name: view }).click();
        await sleep(300);
        await photograph(shown, `chosen-${theme}-${view.toLowerCase().replace(" ", "-")}`);
        assert.deepEqual(await overflow(page), [], view);
        assert.deepEqual(await cutTexts(page), [], view);
      }
      await desks.demo.command({ do: "pause" });
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: /^Notes/ }).click();
      await page.getByRole("dialog").waitFor();
      await photograph(shown, `notes-${theme}`);
      assert.deepEqual(await axeFindings(page), [], "notes");
      await page.keyboard.press("Escape");
      await page.locator(".target select").selectOption("own");
      await page.getByRole("dialog").waitFor();
      await photograph(shown, `target-${theme}`);
      assert.deepEqual(await axeFindings(page), [], "a target");
      assert.deepEqual(await overflow(page), []);
      await page.keyboard.press("Escape");
    }
    await shown.close();
  });

  it("of a session that cannot be opened it says why, and offers nothing else", async () => {
    const session = join(await emptyFolder(), "song.ardour");
    await writeFile(session, '<Session version="7002"><Routes><Route name="x"></Session>');
    const desk = await startDesk(session);
    for (const colorScheme of themes) {
      const shown = await openDesk(browser, desk, { context: { colorScheme }, waits: false });
      const { page } = shown;
      await page.getByText("This session cannot be opened").waitFor();
      await setTheme(shown, colorScheme);
      await photograph(shown, `failed-${colorScheme}`);
      assert.deepEqual(await axeFindings(page), []);
      assert.deepEqual(await overflow(page), []);
      assert.ok(await page.getByRole("button", { name: "Save", exact: true }).isDisabled());
      await shown.close();
    }
    await desk.stop();
  });

  it("zoomed to 200 %, everything is reached by scrolling downwards", async () => {
    // A window of 1280 by 800 at 200 % is one of 640 by 400 with two device pixels each.
    for (const viewport of [{ width: 640, height: 400 }, { width: 960, height: 540 }]) {
      const shown = await openDesk(browser, desks.demo, { context: { viewport, deviceScaleFactor: 2 } });
      const { page } = shown;
      for (const view of viewNames) {
        await page.getByRole("tab", { name: view }).click();
        await shown.settle();
        await photograph(shown, `zoomed-${viewport.width}-${view.toLowerCase().replace(" ", "-")}`);
        assert.deepEqual(await overflow(page), [], view);
      }
      for (const name of ["Save", "Play", "Compare", "Walk the method"]) {
        const button = page.getByRole("button", { name, exact: true });
        await button.scrollIntoViewIfNeeded();
        assert.ok(await button.isVisible(), name);
      }
      const fader = page.locator(".strip [role=slider][data-part=fader]").first();
      await fader.scrollIntoViewIfNeeded();
      const box = await fader.boundingBox();
      assert.ok(box !== null && box.height >= 80, `a fader ${box?.height ?? 0} high`);
      await shown.close();
    }
  });
});

describe("where motion is not wished", () => {
  it("nothing moves but what sounds", async () => {
    const shown = await openDesk(browser, desks.demo, { context: { reducedMotion: "reduce" } });
    await shown.page.getByRole("tab", { name: "Gain map" }).click();
    await shown.fader(song.bass).focus();
    await shown.page.keyboard.press("PageDown");
    const moving = await shown.page.evaluate(() => document.getAnimations().map((animation) => animation.constructor.name));
    assert.deepEqual(moving, []);
    const durations = await shown.page.evaluate(() =>
      [...document.querySelectorAll("*")].filter((element) => {
        const { transitionDuration, animationName } = getComputedStyle(element);
        return (Number.parseFloat(transitionDuration) > 0.01) || animationName !== "none";
      }).map((element) => `${element.tagName}.${element.getAttribute("class") ?? ""}`),
    );
    assert.deepEqual(durations, []);
    await desks.demo.command({ do: "undo" });
    await shown.close();
  });
});

describe("the layout", () => {
  it("does not shift while it plays", async () => {
    const shown = await openDesk(browser, desks.demo);
    await shown.page.evaluate(() => {
      const all = { shift: 0 };
      Object.assign(globalThis, { shifts: all });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) all.shift += /** @type {{ value: number }} */ (/** @type {unknown} */ (entry)).value;
      }).observe({ type: "layout-shift" });
    });
    await warm(shown);
    await sleep(2000);
    await desks.demo.command({ do: "pause" });
    const shift = await shown.page.evaluate(() => /** @type {{ shifts: { shift: number } }} */ (/** @type {unknown} */ (globalThis)).shifts.shift);
    assert.ok(shift < 0.001, `${shift}`);
    await shown.close();
  });
});
