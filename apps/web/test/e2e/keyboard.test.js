// SPDX-License-Identifier: MIT
// The whole desk without a mouse: what is focused is found by the tab key and by arrows alone, as a user would.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openDesk } from "./support/desk_page.js";
import { startDesk } from "./support/desk_process.js";
import { clipping, clippingStems, demoStems } from "./support/songs.js";
import { testBrowser } from "./support/test_browser.js";

/** @typedef {import("playwright-core").Page} Page */

const browser = testBrowser();

/** What has the focus: its role and its name, and whether it can be seen that it has it. @param {Page} page */
async function focused(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body) return null;
    const labelled = element.getAttribute("aria-labelledby");
    const name = element.getAttribute("aria-label") ?? (labelled === null ? null : document.getElementById(labelled)?.textContent) ?? (element instanceof HTMLInputElement ? element.labels?.[0]?.innerText : null) ?? element.innerText;
    const box = element.getBoundingClientRect();
    const ring = [element, ...element.querySelectorAll("*")].some((one) => {
      const { outlineStyle, outlineWidth, borderColor } = getComputedStyle(one);
      return (outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 1) || (one instanceof HTMLInputElement && one.type === "text" && borderColor !== "rgba(0, 0, 0, 0)");
    });
    return { name: name.trim().replaceAll(/\s+/g, " "), tag: element.tagName, role: element.getAttribute("role"), ring, isSeen: box.width > 0 && box.height > 0, strip: element.closest("[data-strip]")?.getAttribute("data-strip") ?? null };
  });
}

/** Presses the tab key until the name of what is focused fits. @param {Page} page @param {RegExp} name @param {string} [key] */
async function tabTo(page, name, key = "Tab") {
  /** @type {string[]} */
  const passed = [];
  for (let i = 0; i < 200; ++i) {
    await page.keyboard.press(key);
    const at = await focused(page);
    if (at !== null && name.test(at.name)) return at;
    passed.push(at?.name ?? "nothing");
  }
  throw new Error(`${String(name)} is not reached by ${key}: ${passed.join(" | ")}`);
}

describe("the tab key", () => {
  it("reaches everything once, shows where it is, and comes round", async () => {
    const desk = await startDesk(await demoStems());
    try {
      await desk.ready();
      const shown = await openDesk(browser(), desk);
      await shown.page.locator(".status", { hasText: "Ready" }).waitFor();
      /** @type {NonNullable<Awaited<ReturnType<typeof focused>>>[]} */
      const stops = [];
      for (let i = 0; i < 120; ++i) {
        await shown.page.keyboard.press("Tab");
        const at = await focused(shown.page);
        if (at === null) break;
        stops.push(at);
      }
      assert.ok(stops.length > 30 && stops.length < 120, `${stops.length} stops`);
      assert.deepEqual(stops.filter(({ name }) => name === ""), [], "what has no name");
      assert.deepEqual(stops.filter(({ ring, isSeen }) => !ring || !isSeen), [], "what does not show that it has the focus");
      for (const name of [/^To the mixer/, /^Play$/, /^Stop/, /^Loop$/, /^Dim$/, /^Mono$/, /^Listen at/, /snapshot A/, /^Strength/, /^Save$/, /^Theme/, /^Help with keys$/, /Walk the method/, /^Compare$/, /^Position in the session/, /^Spectrum$/, /^Fader of/, /^Trim of/, /^Solo/, /^Mute/, /^Lock/, /^Role of/]) {
        assert.ok(stops.some((stop) => name.test(stop.name)), `${String(name)} among ${stops.map((stop) => stop.name).join(" | ")}`);
      }
      // One strip and the mix: the others are reached by arrows.
      const strips = new Set(stops.map(({ strip }) => strip).filter((strip) => strip !== null));
      assert.ok(strips.size <= 2, [...strips].join());
      await shown.close();
    } finally {
      await desk.stop();
    }
  });
});

describe("without a mouse", () => {
  it("a song is opened, played, moved, walked, compared and saved", async () => {
    const desk = await startDesk(await demoStems());
    try {
      await desk.ready();
      const shown = await openDesk(browser(), desk);
      const { page } = shown;
      const { keyboard } = page;
      await page.locator(".status", { hasText: "Ready" }).waitFor();

      // Transport.
      await keyboard.press("Space");
      await desk.until(({ transport }) => transport.playing, "play");
      await keyboard.press("Space");
      await desk.until(({ transport }) => !transport.playing, "pause");
      await keyboard.press("Home");
      await desk.until(({ transport }) => transport.position_s === 0, "the beginning");
      await page.getByRole("timer").getByText("0:00.0").waitFor();
      await keyboard.press("ArrowRight");
      await desk.until(({ transport }) => transport.position_s === 5, "5 s");
      await page.getByRole("timer").getByText("0:05.0").waitFor();
      await keyboard.press("Shift+ArrowLeft");
      await desk.until(({ transport }) => transport.position_s === 4, "4 s");
      await keyboard.press("o");
      await desk.until(({ transport }) => transport.loop !== null, "a loop");
      await page.locator('[aria-label="Loop"][aria-pressed=true]').waitFor();
      await keyboard.press("o");
      await desk.until(({ transport }) => transport.loop === null, "no loop");
      await keyboard.press("d");
      await desk.until(({ monitor }) => monitor?.dim === true, "dim");
      await page.locator('button[aria-pressed=true]', { hasText: "Dim" }).waitFor();
      await keyboard.press("d");
      await tabTo(page, /^Mono$/);
      await keyboard.press("Space");
      await desk.until(({ monitor }) => monitor?.mono === true && !monitor.dim, "mono");
      await keyboard.press("Space");

      // The mixer: to the first strip, along its parts, and over to others.
      const at = await tabTo(page, /^Fader of/);
      const { strips } = await desk.session();
      const first = strips.find(({ id }) => id === at.strip);
      assert.ok(first !== undefined);
      await keyboard.press("ArrowUp");
      await keyboard.press("ArrowUp");
      await keyboard.press("Shift+ArrowDown");
      await desk.until((state) => Math.abs((state.strips[first.id]?.fader_db ?? 99) - ((first.fader?.db ?? 0) + 0.9)) < 1e-6, "up by 0.9 dB");
      await keyboard.type("-12.5");
      await keyboard.press("Enter");
      await desk.until((state) => state.strips[first.id]?.fader_db === -12.5, "-12.5 dB typed");
      await keyboard.press("Delete");
      await desk.until((state) => state.strips[first.id]?.fader_db === first.fader?.db, "the session's own");
      await keyboard.press("End");
      await desk.until((state) => state.strips[first.id]?.fader_db === first.fader?.greatest_db, "all up");
      await keyboard.press("Home");
      await desk.until((state) => state.strips[first.id]?.fader_db === null, "all down");
      await keyboard.press("Delete");
      await keyboard.press("ArrowRight");
      const next = await focused(page);
      assert.match(next?.name ?? "", /^Fader of/);
      assert.notEqual(next?.strip, at.strip);
      const id = next?.strip ?? "";
      for (const [key, field] of /** @type {const} */ ([["s", "solo"], ["m", "mute"], ["l", "lock"], ["f", "focus"]])) {
        await keyboard.press(key);
        await desk.until((state) => state.strips[id]?.[field] === true, field);
        await page.locator(`[data-strip="${id}"] [data-part="${field}"][aria-pressed=true]`).waitFor();
        await keyboard.press(key);
        await desk.until((state) => state.strips[id]?.[field] === false && state.phase === "ready", `no ${field}`);
      }

      // The strip's dialog: another role, and back.
      await keyboard.press("r");
      await page.getByRole("dialog").waitFor();
      await tabTo(page, /^pad$/);
      await keyboard.press("Enter");
      await desk.until((state) => state.strips[id]?.role?.name === "pad" && state.phase === "ready", "a pad");
      await keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      assert.equal((await focused(page))?.strip, id, "the focus comes back to where it was");
      await keyboard.press("Control+z");
      await desk.until((state) => state.strips[id]?.role?.name !== "pad", "the role undone");

      // Selecting, and the views.
      await tabTo(page, new RegExp(`^${strips.find((strip) => strip.id === id)?.name ?? ""}$`));
      await keyboard.press("Enter");
      for (const [key, name] of [["2", "Stereo field"], ["3", "Loudness"], ["4", "Gain map"], ["5", "Build"], ["1", "Spectrum"]]) {
        await keyboard.press(key ?? "");
        assert.equal(await page.getByRole("tab", { name: name ?? "" }).getAttribute("aria-selected"), "true", name);
      }
      await keyboard.press("Escape");

      // The method, to its end.
      await tabTo(page, /^Walk the method$/, "Shift+Tab");
      await keyboard.press("Enter");
      await desk.until(({ method }) => method?.at === "down", "the first step");
      await page.locator(".step[aria-current=step]", { hasText: "Faders down" }).waitFor();
      for (const step of ["low", "mid", "high", "effects", "audibility", "raise"]) {
        if (!/^Next$/.test((await focused(page))?.name ?? "")) await tabTo(page, /^Next$/);
        await keyboard.press("Enter");
        const { method } = await desk.until((state) => state.method?.at === step, step);
        await page.locator(".step[aria-current=step]", { hasText: method?.steps.find(({ id }) => id === step)?.name ?? "?" }).waitFor();
      }
      if (!/^Done$/.test((await focused(page))?.name ?? "")) await tabTo(page, /^Done$/);
      await keyboard.press("Enter");
      await desk.until(({ method }) => method?.at === null, "the end of the walk");

      // Before and after.
      await keyboard.press("x");
      await desk.until(({ compare }) => compare?.on === true && compare.hears === "before", "before");
      await page.locator('.compare-view [aria-pressed=true]', { hasText: "Before" }).waitFor();
      await keyboard.press("x");
      await desk.until(({ compare }) => compare?.hears === "after", "after");
      await tabTo(page, /^Compare$/, "Shift+Tab");
      await keyboard.press("Enter");
      await desk.until(({ compare }) => compare?.on === false, "no comparison");

      // Saving.
      await keyboard.press("Control+s");
      await page.getByRole("dialog", { name: "Save" }).waitFor();
      await tabTo(page, /^Mix/);
      await keyboard.press("Space");
      await tabTo(page, /^Save$/);
      await keyboard.press("Enter");
      await desk.until(({ job, save }) => job === null && (save?.saved.length ?? 0) > 0, "what is saved");
      await keyboard.press("Escape");
      await keyboard.press("?");
      await page.getByRole("dialog").waitFor();
      await keyboard.press("Escape");
      await shown.close();
    } finally {
      await desk.stop();
    }
  });

  it("a clip is found and gone to", async () => {
    const desk = await startDesk(await clippingStems());
    try {
      await desk.ready();
      const shown = await openDesk(browser(), desk);
      await shown.page.locator("button.lamp").waitFor();
      await tabTo(shown.page, /^Fader of/);
      while ((await focused(shown.page))?.name !== `Fader of ${clipping.name}`) await shown.page.keyboard.press("ArrowRight");
      const at = await tabTo(shown.page, /full scale/);
      assert.match(at.name, new RegExp(`^${clipping.name}: 3\\.5 dB over`));
      await shown.page.keyboard.press("Enter");
      await desk.until(({ transport: { position_s } }) => position_s > clipping.atSecond - 1 && position_s <= clipping.atSecond, "a jump");
      await shown.close();
    } finally {
      await desk.stop();
    }
  });
});
