// SPDX-License-Identifier: MIT
// The tests that every report's page must pass: it makes no request, complains of nothing, and draws all it has data for.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { settle, visit } from "./browser.js";
import { emptyCharts, expectedCharts, faintText, inaccessible, overflow, reportOf } from "./checks.js";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").Browser} Browser */

export const desktop = { width: 1440, height: 900 };

/**
 * @param {string} name
 * @param {string} path of the page
 * @param {() => Browser} launched the browser, once the tests run
 */
export function testPage(name, path, launched) {
  describe(`the page of ${name}`, () => {
    it("draws every chart in both themes, asks for nothing and complains of nothing", async () => {
      const problems = await visit(launched(), path, { viewport: desktop }, async (page) => {
        const report = await reportOf(page);
        assert.deepEqual(await inaccessible(page), []);
        for (const colorScheme of /** @type {const} */ (["dark", "light"])) {
          await page.emulateMedia({ colorScheme });
          await settle(page);
          assert.equal(await page.locator("html").getAttribute("data-colours"), colorScheme);
          assert.deepEqual(await emptyCharts(page, expectedCharts(report)), []);
          assert.deepEqual(await faintText(page), []);
        }
      });
      assert.deepEqual(problems, []);
    });

    it("fits screens from 360 to 1920 pixels", async () => {
      const problems = await visit(launched(), path, { viewport: { width: 360, height: 740 } }, async (page) => {
        for (const width of [360, 600, 861, 1024, 1180, 1920]) {
          await page.setViewportSize({ width, height: 740 });
          await settle(page);
          assert.deepEqual(await overflow(page), [], `at ${width} pixels`);
        }
        const report = await reportOf(page);
        assert.deepEqual(await emptyCharts(page, expectedCharts(report)), []);
      });
      assert.deepEqual(problems, []);
    });

    it("prints white, unfolded and with its charts, from the dark theme too", async () => {
      const problems = await visit(launched(), path, { viewport: desktop, colorScheme: "dark" }, async (page) => {
        await page.emulateMedia({ media: "print" });
        await settle(page);
        assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor), "rgb(255, 255, 255)");
        assert.equal(await page.locator("details:not([open], [data-length=long])").count(), 0);
        assert.equal(await page.locator(".contents").isVisible(), false);
        assert.deepEqual(await faintText(page), []);
        const report = await reportOf(page);
        assert.deepEqual(await emptyCharts(page, expectedCharts(report)), []);
        await page.pdf({ format: "A4" });
        await page.emulateMedia({ media: "screen" });
        await settle(page);
        assert.equal(await page.locator("html").getAttribute("data-colours"), "dark");
        assert.equal(await page.locator(".data[open]").count(), 0);
      });
      assert.deepEqual(problems, []);
    });

    it("sorts the moves from the keyboard", async () => {
      const problems = await visit(launched(), path, { viewport: desktop }, async (page) => {
        const report = await reportOf(page);
        const totals = report.tracks.map((track) => track.total_db);
        const audible = totals.filter((total) => total !== null).sort((a, b) => b - a);
        const silent = totals.filter((total) => total === null);
        const head = page.locator("#moves th[data-column=total]");
        await head.locator("button").focus();
        await page.keyboard.press("Enter");
        assert.equal(await head.getAttribute("aria-sort"), "descending");
        assert.deepEqual(await shownTotals(page), [...audible, ...silent].map(asShown));
        await page.keyboard.press("Space");
        assert.equal(await head.getAttribute("aria-sort"), "ascending");
        assert.deepEqual(await shownTotals(page), [...audible.reverse(), ...silent].map(asShown));
        assert.equal(await page.locator("#moves th[aria-sort=ascending], #moves th[aria-sort=descending]").count(), 1);
        assert.equal(await page.locator("#moves tbody tr").count(), report.tracks.length);
      });
      assert.deepEqual(problems, []);
    });
  });
}

/** @param {Page} page */
const shownTotals = (page) => page.locator("#moves tbody td.total").evaluateAll((cells) => cells.map((cell) => cell.textContent));

/** @param {number | null} value */
function asShown(value) {
  if (value === null) return "\u2013";
  const text = `${Math.abs(value).toFixed(1)}\u202fdB`;
  return Number(Math.abs(value).toFixed(1)) === 0 ? text : (value < 0 ? "\u2212" : "+") + text;
}
