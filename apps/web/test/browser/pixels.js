// SPDX-License-Identifier: MIT
// What canvases show and how often they are painted.

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {{ paints: HTMLCanvasElement[] }} Counter */
/** @typedef {{ name: string, ph: string, pid: number, tid: number, tdur?: number, args: { name?: string } }} TraceEvent */

/** To be run in a page before its own scripts: counts the pictures that are begun. */
export function countPaints() {
  const counter = /** @type {{ counter: Counter }} */ (/** @type {unknown} */ (window));
  counter.counter = { paints: [] };
  const { prototype } = CanvasRenderingContext2D;
  const clear = Reflect.get(prototype, "clearRect");
  prototype.clearRect = function clearRect(...place) {
    if (this.canvas.isConnected) counter.counter.paints.push(this.canvas);
    clear.apply(this, place);
  };
}

/**
 * Milliseconds of the longest task of the page's main thread within a time: those that it had the processor, so that what
 * else this machine does is not counted.
 * @param {import("playwright-core").Browser} browser
 * @param {Page} page
 * @param {number} time_ms
 */
export async function longestTask(browser, page, time_ms) {
  return Math.max(...(await tasks(browser, page, time_ms)));
}

/**
 * Milliseconds that the page's main thread had the processor, of each task within a time.
 * @param {import("playwright-core").Browser} browser
 * @param {Page} page
 * @param {number} time_ms
 */
export async function tasks(browser, page, time_ms) {
  await browser.startTracing(page, { categories: ["toplevel"] });
  await page.waitForTimeout(time_ms);
  /** @type {unknown} */
  const trace = JSON.parse((await browser.stopTracing()).toString());
  const { traceEvents: events } = /** @type {{ traceEvents: TraceEvent[] }} */ (trace);
  const threads = new Set(events.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(({ pid, tid }) => `${pid} ${tid}`));
  const found = events.filter(({ name, ph, pid, tid, tdur }) => ph === "X" && name.endsWith("RunTask") && tdur !== undefined && threads.has(`${pid} ${tid}`));
  if (found.length === 0) throw new Error("the trace has no task");
  return found.map(({ tdur }) => (tdur ?? 0) / 1000);
}

/**
 * Pictures that are begun within a time.
 * @param {Page} page
 * @param {number} time_ms
 * @param {string} selector of the canvases that count
 */
export async function paints(page, time_ms, selector = "canvas") {
  await page.evaluate(() => {
    const { counter } = /** @type {{ counter: Counter }} */ (/** @type {unknown} */ (window));
    counter.paints.length = 0;
  });
  await page.waitForTimeout(time_ms);
  return page.evaluate((which) => {
    const { counter } = /** @type {{ counter: Counter }} */ (/** @type {unknown} */ (window));
    return counter.paints.filter((canvas) => canvas.matches(which)).length;
  }, selector);
}

/**
 * Of the first canvas: how many pixels from the bottom up each column is filled by more than a grid's line; at one device
 * pixel a CSS pixel.
 * @param {Page} page
 * @param {string} selector
 */
export async function columnHeights(page, selector) {
  return page.evaluate((which) => {
    const canvas = document.querySelector(which);
    if (!(canvas instanceof HTMLCanvasElement)) throw new Error(`no ${which}`);
    const copy = new OffscreenCanvas(canvas.width, canvas.height);
    const context = copy.getContext("2d");
    if (context === null) throw new Error("no context");
    context.drawImage(canvas, 0, 0);
    const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
    const opacity = (/** @type {number} */ x, /** @type {number} */ y) => data[(y * width + x) * 4 + 3] ?? 0;
    // Above the labels of the axis.
    const bottom = height - Math.round(1.625 * 14) - 3;
    const heights = Array.from({ length: width }, (_, x) => {
      let y = bottom;
      // Two rows in a column are no grid's line; a vertical one is one pixel wide.
      while (y > 0 && opacity(x, y) > 20 && opacity(x, y - 1) > 20) --y;
      return bottom - y;
    });
    // A vertical line of the grid stands alone; bars are wider.
    return { width, height, heights: heights.map((h, x) => (Math.max(heights[x - 1] ?? 0, heights[x + 1] ?? 0) > 0 ? h : 0)) };
  }, selector);
}

/**
 * The box around all pixels of the loudness's colour; null: there is none.
 * @param {Page} page
 * @param {string} selector
 * @param {"all" | "top"} part of the canvas: all of it or its upper half
 */
export async function inkBox(page, selector, part = "all") {
  return page.evaluate(([which, half]) => {
    const canvas = document.querySelector(which);
    if (!(canvas instanceof HTMLCanvasElement)) throw new Error(`no ${which}`);
    const text = getComputedStyle(document.documentElement).getPropertyValue("--loudness").trim();
    const value = Number.parseInt(text.slice(1), 16);
    const rgb = [value >> 16, (value >> 8) & 255, value & 255];
    const copy = new OffscreenCanvas(canvas.width, canvas.height);
    const context = copy.getContext("2d");
    if (context === null) throw new Error("no context");
    context.drawImage(canvas, 0, 0);
    const rows = half === "top" ? Math.floor(canvas.height / 2) - 2 : canvas.height;
    const { data, width } = context.getImageData(0, 0, canvas.width, rows);
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let y = 0; y < rows; ++y) {
      for (let x = 0; x < width; ++x) {
        const at = (y * width + x) * 4;
        if ((data[at + 3] ?? 0) < 60 || rgb.some((channel, i) => Math.abs((data[at + i] ?? 0) - channel) > 12)) continue;
        [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
      }
    }
    return left === Infinity ? null : { left, right, top, bottom, width, height: canvas.height };
  }, /** @type {const} */ ([selector, part]));
}
