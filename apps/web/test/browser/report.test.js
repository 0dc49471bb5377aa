// SPDX-License-Identifier: MIT
// Opens the fixtures' reports in headless Chromium, and works their controls from the keyboard.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { writePage } from "../fixtures/page.js";
import { reports, twelveTracks } from "../fixtures/reports.js";
import { launch, settle, visit } from "./browser.js";
import { emptyCharts, expectedCharts, reportOf } from "./checks.js";
import { desktop, testPage } from "./every_page.js";

const directory = await mkdtemp(join(tmpdir(), "gainstage-pages-"));
/** @type {{ name: string, path: string }[]} */
const pages = [];
for (const [name, make] of Object.entries(reports)) {
  const path = join(directory, `${name}.html`);
  await writePage(make(), path);
  pages.push({ name, path });
}

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser.close();
  await rm(directory, { recursive: true });
});

for (const { name, path } of pages) testPage(name, path, () => browser);

describe("the page", () => {
  const path = join(directory, "twelve-tracks.html");

  it("changes its theme from the keyboard and draws anew", async () => {
    const problems = await visit(browser, path, { viewport: desktop, colorScheme: "light" }, async (page) => {
      const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
      const before = await paper();
      await page.getByRole("button", { name: "Dark" }).focus();
      await page.keyboard.press("Enter");
      assert.notEqual(await paper(), before);
      assert.equal(await page.getByRole("button", { name: "Dark" }).getAttribute("aria-pressed"), "true");
      assert.deepEqual(await emptyCharts(page, expectedCharts(await reportOf(page))), []);
    });
    assert.deepEqual(problems, []);
  });

  it("reads, zooms and shows a warning's place in the loudness chart from the keyboard", async () => {
    const problems = await visit(browser, path, { viewport: desktop }, async (page) => {
      await page.locator("#loudness .time-series").focus();
      await page.keyboard.press("ArrowRight");
      await settle(page);
      assert.match((await page.locator("#loudness output").textContent()) ?? "", /^0:31\.\d.*short-term \u2212\d+\.\d\u202fLUFS$/);
      await page.keyboard.press("+");
      await page.keyboard.press("0");
      await page.locator("#warnings .place", { hasText: "0:47.80" }).first().focus();
      await page.keyboard.press("Enter");
      await settle(page);
      assert.match((await page.locator("#loudness output").textContent()) ?? "", /^0:47\.8/);
    });
    assert.deepEqual(problems, []);
  });

  it("reads the spectrum band by band and hides a family", async () => {
    const problems = await visit(browser, path, { viewport: desktop }, async (page) => {
      const chart = page.locator("#spectrum .chart").first();
      const lines = () => chart.locator("path.band-line").count();
      const before = await lines();
      await page.locator("#spectrum .legend").getByRole("button", { name: "bass" }).press("Enter");
      assert.equal(await lines(), before - 1);
      await chart.locator(".bands").focus();
      await page.keyboard.press("ArrowRight");
      const text = (await chart.locator("output").textContent()) ?? "";
      assert.match(text, /^20\u202fHz.*mix \u2212/);
      assert.ok(!text.includes("bass"));
    });
    assert.deepEqual(problems, []);
  });

  it("draws a signal on the left only at the left", async () => {
    const report = twelveTracks();
    const counts = Array.from({ length: 65 * 65 }, (_, i) => (i % 65 < 32 && i % 65 === Math.floor(i / 65) ? 100 : 0));
    const left = { ...report, charts: report.charts && { ...report.charts, stereo: report.charts.stereo && { ...report.charts.stereo, vectorscope: { size: 65, counts } } } };
    const leftPath = join(directory, "left.html");
    await writePage(left, leftPath);
    const problems = await visit(browser, leftPath, { viewport: desktop }, async (page) => {
      const inked = await page.locator(".vectorscope canvas").evaluate((canvas) => {
        if (!(canvas instanceof HTMLCanvasElement)) return [];
        const side = canvas.width;
        const pixels = canvas.getContext("2d")?.getImageData(0, 0, side, side).data ?? new Uint8ClampedArray();
        /** Pixels of the cloud's colour: left above, right above, left below, right below. */
        const quarters = [0, 0, 0, 0];
        for (let i = 0; i < pixels.length; i += 4) {
          const [x, y] = [(i / 4) % side, Math.floor(i / 4 / side)];
          const isMiddle = Math.min(Math.abs(x - side / 2), Math.abs(y - side / 2)) < 8;
          const quarter = (x > side / 2 ? 1 : 0) + (y > side / 2 ? 2 : 0);
          if (!isMiddle && Math.abs((pixels[i] ?? 0) - (pixels[i + 1] ?? 0)) > 40) quarters[quarter] = (quarters[quarter] ?? 0) + 1;
        }
        return quarters;
      });
      assert.ok((inked[0] ?? 0) > 100, String(inked));
      assert.deepEqual(inked.slice(1), [0, 0, 0]);
    });
    assert.deepEqual(problems, []);
  });

  it("shows and hides readings of the build", async () => {
    const problems = await visit(browser, path, { viewport: desktop }, async (page) => {
      const points = async () => Number(await page.locator("#build .staircase svg").getAttribute("data-points"));
      const before = await points();
      await page.locator("#build").getByRole("button", { name: "true peak" }).press("Enter");
      assert.equal(await points(), before * 1.5);
    });
    assert.deepEqual(problems, []);
  });

  it("narrows moves and findings", async () => {
    const problems = await visit(browser, path, { viewport: desktop }, async (page) => {
      await page.locator("#moves input").fill("guitar right");
      assert.equal(await page.locator("#moves tbody tr").count(), 1);
      const all = await page.locator("#warnings tbody tr").count();
      await page.locator("#warnings .choices").getByRole("button", { name: /^clip 7/ }).press("Enter");
      assert.equal(await page.locator("#warnings tbody tr").count(), all - 7);
    });
    assert.deepEqual(problems, []);
  });

  it("shows names as they are, whatever they look like", async () => {
    const problems = await visit(browser, join(directory, "hundred-tracks.html"), { viewport: desktop }, async (page) => {
      const report = await reportOf(page);
      const names = await page.locator("#moves tbody .track .chip").allTextContents();
      assert.deepEqual(names, report.tracks.map((track) => track.name));
      assert.match(await page.title(), /^An album's worth/);
      assert.equal(await page.locator("main img, main script").count(), 0);
    });
    assert.deepEqual(problems, []);
  });

  it("allows itself no request", async () => {
    const problems = await visit(browser, path, {}, async (page) => {
      const policy = await page.locator("meta[http-equiv=Content-Security-Policy]").getAttribute("content");
      assert.match(policy ?? "", /default-src 'none'/);
      const answer = await page.evaluate(() => fetch("data:text/plain,x").then(() => "let through", () => "refused"));
      assert.equal(answer, "refused");
    });
    // The refusal itself is told on the console; nothing else may be.
    assert.deepEqual(problems.filter((problem) => !problem.includes("Content Security Policy")), []);
  });
});
