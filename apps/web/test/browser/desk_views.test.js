// SPDX-License-Identifier: MIT
// The desk's views in headless Chromium: what they draw of known data, how they are reached, and what they cost.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, describe, it } from "node:test";
import { mockDesk } from "../desk/mock_desk.js";
import { launch, settle } from "./browser.js";
import { columnHeights, countPaints, inkBox, longestTask, paints } from "./pixels.js";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {Awaited<ReturnType<typeof mockDesk>>} Desk */

const views = ["spectrum", "stereo", "history", "map", "build"];
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser.close();
});

/**
 * Opens a desk's page; whatever it complains of fails the test.
 * @param {{ desk?: Parameters<typeof mockDesk>[0], context?: import("playwright-core").BrowserContextOptions, theme?: string, view?: string, playing?: boolean }} options
 * @param {(page: Page, desk: Desk) => Promise<void>} check
 */
async function open({ desk: how = {}, context: options = {}, theme = "dark", view = "spectrum", playing = true }, check) {
  const desk = await mockDesk(how);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  /** @type {string[]} */
  const problems = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(error.message));
  try {
    await page.addInitScript((settings) => {
      localStorage.setItem("gainstage.desk", JSON.stringify(settings));
    }, { theme, view });
    await page.addInitScript(countPaints);
    desk.model.state.transport.playing = playing;
    await page.goto(desk.address);
    await page.waitForSelector("[data-view=Views] [role=tabpanel] > *");
    await page.waitForTimeout(400);
    await settle(page);
    await check(page, desk);
  } finally {
    await context.close();
    await desk.close();
  }
  assert.deepEqual(problems, []);
}

/**
 * A frame of the scope with these levels.
 * @param {{ band?: (i: number) => number, hold?: (i: number) => number, fine?: (i: number) => number, width?: number, balance_db?: number, correlation?: number, points?: readonly (readonly [number, number])[] }} known
 */
function knownScope({ band = () => -Infinity, hold = band, fine = () => -Infinity, width = 0, balance_db = 0, correlation = 1, points = [[0, 0]] }) {
  return (/** @type {{ strip: number }} */ { strip }) => {
    const frame = Buffer.alloc(28 + 4 * (4 * 31 + 256) + 4 * points.length);
    frame[0] = 3;
    [strip, 31, 256, points.length].forEach((value, i) => frame.writeUInt16LE(value, 2 + 2 * i));
    const floats = [correlation, width, balance_db, 0];
    for (let i = 0; i < 31; ++i) floats.push(band(i));
    for (let i = 0; i < 31; ++i) floats.push(hold(i));
    for (let i = 0; i < 256; ++i) floats.push(fine(i));
    for (let i = 0; i < 31; ++i) floats.push(width);
    for (let i = 0; i < 31; ++i) floats.push(balance_db);
    floats.forEach((value, i) => frame.writeFloatLE(value, 12 + 4 * i));
    points.forEach(([side, mid], i) => {
      frame.writeInt16LE(side, 28 + 4 * (4 * 31 + 256) + 4 * i);
      frame.writeInt16LE(mid, 30 + 4 * (4 * 31 + 256) + 4 * i);
    });
    return frame;
  };
}

/**
 * Checks again until it holds, for what takes a moment; after five seconds its own failure is the test's.
 * @param {() => void | Promise<void>} check
 */
async function soon(check) {
  for (const end_ms = performance.now() + 5000; ; await new Promise((done) => setTimeout(done, 25))) {
    try {
      await check();
      return;
    } catch (error) {
      if (performance.now() > end_ms) throw error;
    }
  }
}

/** Commands of a kind that the page sent. @param {Desk} desk @param {string} name */
const sent = (desk, name) => desk.commands.filter((command) => command.do === name);

describe("the spectrum", () => {
  it("draws a band where its frequency and its level are", async () => {
    // Two bars alone: 100 Hz at -12 dB, 5 kHz at -36 dB, without holds.
    const band = (/** @type {number} */ i) => (i === 7 ? -12 : i === 24 ? -36 : -Infinity);
    await open({ desk: { scope: knownScope({ band, hold: () => -Infinity, fine: () => -Infinity }) } }, async (page) => {
      for (const name of ["Fine", "Hold", "Tonal balance", "Others"]) await page.getByRole("button", { name, exact: true }).click();
      await page.waitForTimeout(500);
      const { heights, width, height } = await columnHeights(page, "[data-view=Views] canvas");
      const runs = heights.flatMap((h, x) => (h > 0 && (heights[x - 1] ?? 0) === 0 ? [x] : [])).map((from) => {
        let to = from;
        while ((heights[to + 1] ?? 0) > 0) ++to;
        return { middle: (from + to) / 2, height: heights[Math.round((from + to) / 2)] ?? 0 };
      });
      assert.equal(runs.length, 2, JSON.stringify(runs));
      // The plot reaches from 2.5rem to 0.75rem from the right; 31 bands of one width.
      const rem = 14;
      const plot = width - 3.25 * rem;
      const x = (/** @type {number} */ i) => 2.5 * rem + (plot * (i + 0.5)) / 31;
      assert.ok(Math.abs((runs[0]?.middle ?? 0) - x(7)) < 2, `${runs[0]?.middle} is not ${x(7)}`);
      assert.ok(Math.abs((runs[1]?.middle ?? 0) - x(24)) < 2, `${runs[1]?.middle} is not ${x(24)}`);
      // Of 84 dB under 0; the lowest three rows are not counted.
      const tall = height - 2.25 * rem;
      const seen = (/** @type {number} */ share) => tall * share - 3;
      assert.ok(Math.abs((runs[0]?.height ?? 0) - seen(72 / 84)) < 2, `${runs[0]?.height} is not ${seen(72 / 84)}`);
      assert.ok(Math.abs((runs[1]?.height ?? 0) - seen(48 / 84)) < 2, `${runs[1]?.height} is not ${seen(48 / 84)}`);
    });
  });

  it("reads a band under the pointer and by arrow keys, and tells them in a table", async () => {
    await open({ desk: { scope: knownScope({ band: (i) => -20 - i, hold: (i) => -14 - i, fine: () => -60 }) } }, async (page) => {
      const stage = page.getByRole("group", { name: /^Spectrum of Mix/ });
      await stage.focus();
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      assert.match((await page.locator("[data-view=Views] output").textContent()) ?? "", /^25\u202fHz\u2002Mix \u221221\.0\u202fdB, hold \u221215\.0\u202fdB/);
      await soon(async () => { assert.notEqual(await page.locator("[data-view=Views] tbody td").first().textContent().catch(() => "\u2013"), "\u2013"); });
      const cells = await page.locator("tr", { has: page.locator("th", { hasText: /^1\skHz$/ }) }).locator("td").allTextContents();
      assert.deepEqual(cells, ["\u221237.0\u202fdB", "\u221231.0\u202fdB"]);
    });
  });

  it("watches the mix, then the selected strip at a tap, by name", async () => {
    await open({}, async (page, desk) => {
      assert.deepEqual(sent(desk, "watch").at(-1), { do: "watch", strip: "master", tap: "fader_out" });
      await page.keyboard.press("4");
      await page.locator("[data-view=Views]").getByRole("button", { name: "Bass", exact: true }).click();
      await page.keyboard.press("1");
      assert.match((await page.locator(".watched-name").textContent()) ?? "", /Bass/);
      // The others lie behind: six are named, of all or of the band that is pointed at.
      await soon(async () => { assert.equal(await page.locator(".legend li").count(), 6); });
      assert.equal(await page.locator(".legend li", { hasText: "Bass" }).count(), 0, "it is not behind itself");
      await page.getByRole("button", { name: "Others" }).click();
      await soon(async () => { assert.equal(await page.locator(".legend li").count(), 0); });
      await page.getByRole("button", { name: "Insert in", exact: true }).click();
      await soon(() => { assert.deepEqual(sent(desk, "watch").at(-1), { do: "watch", strip: "s3", tap: "insert_in" }); });
      await page.keyboard.press("4");
      await soon(() => { assert.deepEqual(sent(desk, "watch").at(-1), { do: "watch", strip: null }, "nothing is watched that nobody sees"); });
    });
  });
});

describe("the stereo field", () => {
  it("draws a left-only signal to the left of a mono one", async () => {
    /** @type {Awaited<ReturnType<typeof inkBox>>[]} */
    const boxes = [];
    for (const lean of [1, 0, -1]) {
      const points = Array.from({ length: 121 }, (_, i) => /** @type {const} */ ([256 * lean * (i - 60), 256 * (i - 60)]));
      await open({ view: "stereo", desk: { scope: knownScope({ band: () => -20, points }) } }, async (page) => {
        await soon(async () => { assert.notEqual(await inkBox(page, "[data-view=Views] [aria-label^=Vectorscope] canvas", "top"), null); });
        boxes.push(await inkBox(page, "[data-view=Views] [aria-label^=Vectorscope] canvas", "top"));
      });
    }
    const [left, mono, right] = boxes.map((box) => (box === null ? assert.fail("nothing is drawn") : (box.left + box.right) / 2 - box.width / 2));
    assert.ok((left ?? 0) < -10 && Math.abs(mono ?? 9) < 2 && (right ?? 0) > 10, `${left} ${mono} ${right}`);
  });

  it("says its figures, and none of silence", async () => {
    await open({ view: "stereo", desk: { scope: knownScope({ band: () => -20, correlation: -0.25, width: 0.7, balance_db: 2.5 }) } }, async (page) => {
      await soon(async () => {
        const text = await page.locator("[data-view=Views] dl.hidden-text").textContent();
        assert.match(text ?? "", /Correlation\s*\u22120\.25.*Width\s*0\.70.*Balance\s*\+2\.5\u202fdB, left is louder/s);
      });
    });
    await open({ view: "stereo", desk: { scope: knownScope({}) } }, async (page) => {
      await page.waitForTimeout(1100);
      assert.match((await page.locator("[data-view=Views] dl.hidden-text").textContent()) ?? "", /Correlation\s*\u2013/);
    });
  });
});

describe("the overview", () => {
  it("goes where it is clicked, makes a loop of a drag and moves its edge", async () => {
    await open({ playing: false }, async (page, desk) => {
      const slider = page.getByRole("slider", { name: "Position in the session" });
      const box = (await slider.boundingBox()) ?? assert.fail("no overview");
      const at = (/** @type {number} */ share) => box.x + 2.125 * 14 + share * (box.width - 2.75 * 14);
      const y = box.y + box.height / 2;
      await page.mouse.click(at(0.5), y);
      await soon(() => { assert.equal(sent(desk, "seek").length, 1); });
      const seek = /** @type {{ at_s: number }} */ (sent(desk, "seek").at(-1));
      assert.ok(Math.abs(seek.at_s - 0.5 * desk.session.duration_s) < 0.3, String(seek.at_s));

      await page.mouse.move(at(0.2), y);
      await page.mouse.down();
      await page.mouse.move(at(0.3), y, { steps: 4 });
      await page.mouse.up();
      await soon(() => { assert.notEqual(desk.model.state.transport.loop, null); });
      const loop = desk.model.state.transport.loop ?? assert.fail("no loop");
      assert.ok(Math.abs(loop.from_s - 0.2 * desk.session.duration_s) < 0.3 && Math.abs(loop.to_s - 0.3 * desk.session.duration_s) < 0.3, JSON.stringify(loop));
      assert.equal(sent(desk, "seek").length, 1, "a drag goes nowhere");

      await page.mouse.move(at(0.3), y);
      await page.mouse.down();
      await page.mouse.move(at(0.6), y, { steps: 4 });
      await page.mouse.up();
      await soon(() => { assert.ok(Math.abs((desk.model.state.transport.loop?.to_s ?? 0) - 0.6 * desk.session.duration_s) < 0.5); });
      assert.equal(desk.model.state.transport.loop?.from_s, loop.from_s);
      await slider.focus();
      await page.keyboard.press("Escape");
      await soon(() => { assert.equal(desk.model.state.transport.loop, null); });
    });
  });

  it("works from the keyboard, and says where it is", async () => {
    await open({ playing: false }, async (page, desk) => {
      const slider = page.getByRole("slider", { name: "Position in the session" });
      await slider.focus();
      await page.keyboard.press("PageUp");
      await soon(async () => { assert.match((await slider.getAttribute("aria-valuetext")) ?? "", /^0:18\.[45] of 3:04\.5$/); });
      await page.keyboard.press("Shift+ArrowRight");
      await soon(() => { assert.notEqual(desk.model.state.transport.loop, null); });
      const loop = desk.model.state.transport.loop;
      assert.ok(loop !== null && Math.abs(loop.to_s - loop.from_s - 1) < 0.01, JSON.stringify(loop));
    });
  });
});

describe("the loudness history", () => {
  it("changes with the gains, without being made anew, and goes where it is clicked", async () => {
    await open({ view: "history", playing: false }, async (page, desk) => {
      const canvas = page.locator("[data-view=Views] .uplot canvas");
      const handle = await canvas.elementHandle();
      const before = await inkBox(page, "[data-view=Views] .uplot canvas");
      desk.model.carryOut({ do: "gain", strip: "s0", stage: "fader", db: -40 });
      desk.model.carryOut({ do: "gain", strip: "s4", stage: "fader", db: -40 });
      desk.tellState();
      await soon(async () => { assert.notDeepEqual(await inkBox(page, "[data-view=Views] .uplot canvas"), before); });
      assert.equal(await handle?.evaluate((element) => element.isConnected), true);

      const box = (await page.locator("[data-view=Views] .u-over").boundingBox()) ?? assert.fail("no plot");
      await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
      await soon(() => { assert.equal(sent(desk, "seek").length, 1); });
      const seek = /** @type {{ at_s: number }} */ (sent(desk, "seek").at(-1));
      assert.ok(Math.abs(seek.at_s - desk.session.duration_s / 2) < 0.5, String(seek.at_s));
    });
  });
});

describe("the gain map", () => {
  it("shows every strip and tap, selects and listens on a click, and ends it on the next", async () => {
    await open({ view: "map", desk: { strips: 64 } }, async (page, desk) => {
      const flow = desk.session.strips.filter(({ kind }) => kind !== "vca");
      assert.equal(await page.locator("[data-view=Views] tbody tr").count(), flow.length);
      const cell = page.getByRole("button", { name: /^Bass Amp, Insert in:/ });
      await cell.click();
      await page.locator("[data-view=Views] .cell[aria-pressed=true]").waitFor();
      const id = flow.find(({ name }) => name === "Bass Amp")?.id ?? "";
      assert.deepEqual(desk.model.state.monitor?.tap, { strip: id, tap: "insert_in" });
      assert.equal(await cell.getAttribute("aria-pressed"), "true");
      assert.equal(await page.getByRole("button", { name: "Bass Amp", exact: true }).first().getAttribute("aria-pressed"), "true");
      await page.keyboard.press("ArrowRight");
      assert.match((await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))) ?? "", /^Bass Amp, Fader out:/);
      await cell.click();
      await soon(() => { assert.equal(desk.model.state.monitor?.tap, null); });
    });
  });
});

describe("the master", () => {
  it("shows for two seconds what a move changed", async () => {
    await open({}, async (page, desk) => {
      const row = page.getByRole("row", { name: /^Integrated/ }).first();
      const before = desk.model.state.prediction?.integrated_lufs ?? 0;
      desk.model.carryOut({ do: "gain", strip: "s0", stage: "fader", db: 3 });
      desk.tellState();
      const change = (desk.model.state.prediction?.integrated_lufs ?? 0) - before;
      await soon(async () => { assert.equal(await row.locator(".change").textContent(), `+${change.toFixed(change < 0.095 ? 2 : 1)}`); });
      await page.waitForTimeout(1000);
      assert.notEqual(await row.locator(".change").textContent(), "", "still there");
      await soon(async () => { assert.equal(await row.locator(".change").textContent(), ""); });
    });
  });
});

describe("the method's bar", () => {
  it("walks to the end and leaves, and asks how changes are respected", async () => {
    await open({}, async (page, desk) => {
      await page.getByRole("button", { name: "Walk the method" }).click();
      const seen = [];
      for (;;) {
        const step = desk.model.state.method?.steps[seen.length];
        await page.locator("[aria-current=step]", { hasText: step?.name ?? "" }).waitFor();
        seen.push(desk.model.state.method?.at);
        const next = page.getByRole("button", { name: /^(Next|Done)$/ });
        if ((await next.textContent()) === "Done") break;
        await next.click();
      }
      assert.deepEqual(seen, desk.model.state.method?.steps.map(({ id }) => id));
      await page.getByRole("button", { name: "Back", exact: true }).click();
      await page.getByRole("button", { name: "evidence" }).click();
      await soon(() => { assert.deepEqual([desk.model.state.method?.at, desk.model.state.method?.respect], ["audibility", "evidence"]); });
      await page.getByRole("button", { name: "Leave" }).click();
      await soon(() => { assert.equal(desk.model.state.method?.at, null); });
    });
  });
});

describe("the comparison", () => {
  it("switches by X, and tells nothing while blind", async () => {
    await open({}, async (page, desk) => {
      const panel = page.locator("[data-view=ComparePanel]");
      const hears = (/** @type {string} */ side) => panel.locator(".sides [aria-pressed=true]", { hasText: side }).waitFor();
      await page.keyboard.press("x");
      await hears("Before");
      assert.deepEqual([desk.model.state.compare?.on, desk.model.state.compare?.hears], [true, "before"]);
      await page.keyboard.press("x");
      await hears("After");
      assert.equal(desk.model.state.compare?.hears, "after");
      await page.getByRole("button", { name: "Blind" }).click();
      await hears("X");
      assert.doesNotMatch((await panel.textContent()) ?? "", /before|after/i);
      await page.keyboard.press("x");
      await hears("Y");
      await page.getByRole("button", { name: "Reveal" }).click();
      await soon(() => { assert.equal(desk.model.state.compare?.revealed, true); });
    });
  });
});

describe("every view", () => {
  for (const theme of ["dark", "light"]) {
    it(`has nothing serious for axe to find in the ${theme} theme`, async () => {
      await open({ theme, desk: { strips: 64 } }, async (page, desk) => {
        desk.model.carryOut({ do: "step", step: "mid" });
        desk.model.carryOut({ do: "compare", on: true, hears: "before" });
        desk.tellState();
        for (const [i, view] of views.entries()) {
          await page.keyboard.press(String(i + 1));
          await page.waitForTimeout(250);
          const found = await page.evaluate(async (source) => {
            // The page's policy lets no script in; one that the tester evaluates is not the page's.
            // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
            if (!("axe" in window)) new Function(source)();
            const { axe: tester } = /** @type {{ axe: import("axe-core") }} */ (/** @type {unknown} */ (window));
            const { violations } = await tester.run({ include: [["[data-view]"]] });
            return violations.filter(({ impact }) => impact === "serious" || impact === "critical").map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => String(target)).slice(0, 3).join(", ")}`);
          }, axe);
          assert.deepEqual(found, [], view);
        }
      });
    });
  }

  it("draws at frame rate without a long task, and nothing at all while hidden or at rest", async () => {
    await open({ desk: { strips: 64 } }, async (page, desk) => {
      for (const [i, view] of views.entries()) {
        await page.keyboard.press(String(i + 1));
        await page.waitForTimeout(300);
        const longest = await longestTask(browser, page, 1000);
        assert.ok(longest < 50, `${view}: a task of ${longest} ms`);
      }
      await page.keyboard.press("1");
      await page.waitForTimeout(300);
      assert.ok((await paints(page, 500, "[data-view] canvas")) > 5, "the spectrum moves");
      await page.evaluate(() => {
        Object.defineProperty(document, "hidden", { value: true, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      });
      await page.waitForTimeout(50);
      assert.equal(await paints(page, 500, "[data-view] canvas"), 0, "hidden");
      await page.evaluate(() => {
        Reflect.deleteProperty(document, "hidden");
        document.dispatchEvent(new Event("visibilitychange"));
      });
      assert.ok((await paints(page, 500, "[data-view] canvas")) > 5, "and again");
      desk.model.state.transport.playing = false;
      desk.tellState();
      await page.waitForTimeout(1500);
      assert.equal(await paints(page, 500, "[data-view] canvas"), 0, "at rest");
    });
  });

  it("leaves trails and glides out where stillness is wanted", async () => {
    await open({ view: "stereo", context: { reducedMotion: "reduce" }, desk: { scope: knownScope({ band: () => -20, points: [[0, 15000]] }) } }, async (page) => {
      await page.waitForTimeout(300);
      assert.equal(await paints(page, 300, "[data-view=Views] canvas"), 0, "a picture of what stands still is drawn once");
    });
  });

  it("takes the colours of a theme as it changes", async () => {
    await open({ theme: "auto", view: "history", context: { colorScheme: "light" }, playing: false }, async (page) => {
      for (const colorScheme of /** @type {const} */ (["light", "dark", "light"])) {
        await page.emulateMedia({ colorScheme });
        await page.waitForTimeout(300);
        assert.equal(await page.locator("html").getAttribute("data-colours"), colorScheme);
        // inkBox looks for the loudness's colour of the theme that is on.
        for (const canvas of ["[data-view=Overview] canvas", "[data-view=Views] .uplot canvas"]) assert.notEqual(await inkBox(page, canvas), null, `${canvas} ${colorScheme}`);
      }
    });
  });
});
