// SPDX-License-Identifier: MIT
// What must hold on every report's page, whatever the report. Each check gives a list of what is wrong.

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("../../src/report/types").Report} Report */

/** The report that is in the page. @param {Page} page @returns {Promise<Report>} */
export async function reportOf(page) {
  const text = await page.locator("#gainstage-report").textContent();
  /** @type {unknown} */
  const report = JSON.parse(text ?? "null");
  return /** @type {Report} */ (report);
}

/** @param {readonly unknown[] | null | undefined} series */
const some = (series) => (series ?? []).some((value) => typeof value === "number");

/**
 * The charts that this report must show: a selector each.
 * @param {Report} report
 */
export function expectedCharts(report) {
  const { charts, steps, tracks, master, target } = report;
  const audible = charts !== null && (some(charts.loudness?.momentary_lufs) || some(charts.loudness?.short_term_lufs));
  /** @type {[string, boolean][]} */
  const all = [
    [".fit-scale svg", master?.integrated_lufs != null && target?.integrated_lufs != null && target.true_peak_dbtp != null && master.true_peak_dbtp != null],
    ["#build .staircase svg", steps.some((step) => some(Object.values(step.master ?? {}).slice(0, 1)))],
    ["#gain-map table", tracks.length > 0],
    ["#loudness .time-series", audible],
    ["#limiter .time-series", charts?.gain_reduction != null],
    ["#spectrum .bands svg", some(charts?.spectrum?.mix_db)],
    ["#stereo .vectorscope canvas", charts?.stereo?.vectorscope?.counts.some((count) => count > 0) === true],
    ["#stereo .time-series", some(charts?.stereo?.correlation?.values)],
    ["#stereo .bands svg", some(charts?.stereo?.width?.values)],
  ];
  return all.filter(([, isExpected]) => isExpected).map(([selector]) => selector);
}

/**
 * Charts without data, or with data that left no mark on them.
 * @param {Page} page
 * @param {readonly string[]} selectors
 */
export async function emptyCharts(page, selectors) {
  return page.evaluate((all) => {
    /** Pixels that the data drew. @param {HTMLCanvasElement} canvas */
    const inked = (canvas) => {
      // Read from a copy: reading the chart's own canvas would change how the browser draws it.
      const copy = document.createElement("canvas");
      [copy.width, copy.height] = [canvas.width, canvas.height];
      const context = copy.getContext("2d", { willReadFrequently: true });
      context?.drawImage(canvas, 0, 0);
      const pixels = context?.getImageData(0, 0, copy.width, copy.height).data ?? new Uint8ClampedArray();
      // Of the series' colours: teal or vermilion, which no axis and no grid has.
      let count = 0;
      for (let i = 0; i < pixels.length; i += 4) {
        const [r, g, b, a] = [pixels[i] ?? 0, pixels[i + 1] ?? 0, pixels[i + 2] ?? 0, pixels[i + 3] ?? 0];
        if (a > 60 && Math.max(r, g, b) - Math.min(r, g, b) > 40) ++count;
      }
      return count;
    };
    /** @type {string[]} */
    const empty = [];
    for (const selector of all) {
      const element = document.querySelector(selector);
      if (element === null) {
        empty.push(`${selector} is missing`);
        continue;
      }
      if (!(Number(element.getAttribute("data-points")) > 0)) empty.push(`${selector} has no points`);
      const canvas = element instanceof HTMLCanvasElement ? element : element.querySelector("canvas");
      if (canvas !== null && inked(canvas) < 50) empty.push(`${selector} is blank`);
      if (element instanceof SVGSVGElement) {
        const drawn = [...element.querySelectorAll("path.band-line, path.treads, .band-bars rect, .fit-mix rect")];
        const length = drawn.reduce((sum, shape) => sum + (shape instanceof SVGGeometryElement ? shape.getTotalLength() : 0), 0);
        if (!(length > 20)) empty.push(`${selector} draws nothing`);
      }
      const box = element.getBoundingClientRect();
      if (box.width < 50 || box.height < 20) empty.push(`${selector} is ${box.width} by ${box.height}`);
    }
    return empty;
  }, selectors);
}

/** Elements that stick out of the page sideways, outside of what scrolls. @param {Page} page */
export async function overflow(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const wide = document.documentElement.scrollWidth > width ? [`the page is ${document.documentElement.scrollWidth} wide`] : [];
    const out = [...document.querySelectorAll("body *")].filter((element) => {
      const box = element.getBoundingClientRect();
      return box.width > 0 && box.right > width + 0.5 && element.closest(".scroll, .contents, .skip, .hidden-text, .time-series") === null;
    });
    return [...wide, ...out.slice(0, 5).map((element) => `${element.tagName}.${element.getAttribute("class") ?? ""} reaches ${Math.round(element.getBoundingClientRect().right)}`)];
  });
}

/** Text whose contrast with its background is under WCAG AA. @param {Page} page */
export async function faintText(page) {
  return page.evaluate(() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    if (canvas === null) return ["no canvas"];
    /** Any CSS colour as red, green, blue, alpha. @param {string} text */
    const rgba = (text) => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = text;
      canvas.fillRect(0, 0, 1, 1);
      const [r = 0, g = 0, b = 0, a = 0] = canvas.getImageData(0, 0, 1, 1).data;
      return { r, g, b, a };
    };
    /** @param {{r: number, g: number, b: number}} c */
    const luminance = (c) => {
      const [r = 0, g = 0, b = 0] = [c.r, c.g, c.b].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    /** @param {Element} element */
    const background = (element) => {
      for (let at = /** @type {Element | null} */ (element); at !== null; at = at.parentElement) {
        const colour = rgba(getComputedStyle(at).backgroundColor);
        if (colour.a === 255) return colour;
      }
      return { r: 255, g: 255, b: 255 };
    };
    /** @type {Set<string>} */
    const faint = new Set();
    for (const element of document.querySelectorAll("body *")) {
      const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? "").trim() !== "");
      if (!own || element.closest("script, style, noscript, title, [aria-hidden=true]") !== null) continue;
      const style = getComputedStyle(element);
      const text = rgba(element instanceof SVGElement ? style.fill : style.color);
      const [a, b] = [luminance(text), luminance(background(element))];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      const size = Number.parseFloat(style.fontSize);
      const needed = size >= 24 || (size >= 18.6 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
      if (ratio < needed) faint.add(`${element.tagName}.${element.getAttribute("class") ?? ""} ${ratio.toFixed(2)}: ${element.textContent.slice(0, 30)}`);
    }
    return [...faint];
  });
}

/** What a screen reader or the keyboard would miss. @param {Page} page */
export async function inaccessible(page) {
  return page.evaluate(() => {
    /** @type {string[]} */
    const wrong = [];
    for (const landmark of ["header", "nav", "main", "footer", "h1"]) {
      if (document.querySelector(landmark) === null) wrong.push(`no ${landmark}`);
    }
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    ids.filter((id, i) => ids.indexOf(id) !== i).forEach((id) => wrong.push(`id ${id} twice`));
    for (const section of document.querySelectorAll("main > section")) {
      const title = document.getElementById(section.getAttribute("aria-labelledby") ?? "");
      if ((title?.textContent ?? "") === "") wrong.push(`section ${section.id} has no name`);
    }
    for (const image of document.querySelectorAll("[role=img]")) {
      if ((image.getAttribute("aria-label") ?? "") === "") wrong.push(`a picture in ${image.closest("section")?.id ?? "?"} has no name`);
    }
    for (const control of document.querySelectorAll("button, input, summary, a")) {
      if ((control.textContent + (control.getAttribute("aria-label") ?? "")).trim() === "") wrong.push("a control without a name");
    }
    for (const region of document.querySelectorAll(".scroll")) {
      if (region.getAttribute("tabindex") !== "0") wrong.push(`.${region.className} scrolls but takes no focus`);
    }
    for (const link of document.querySelectorAll("a")) {
      const target = link.getAttribute("href") ?? "";
      if (!target.startsWith("#") || document.querySelector(target) === null) wrong.push(`link to ${target}`);
    }
    for (const table of document.querySelectorAll("table")) {
      if (table.querySelector("caption") === null && !table.hasAttribute("aria-label")) wrong.push(`table ${table.className} has no caption`);
      if (table.querySelector("th") === null) wrong.push(`table ${table.className} has no heads`);
    }
    if (/undefined|NaN|\[object|Infinity/.test(document.querySelector("main")?.textContent ?? "")) wrong.push("a value that is none is printed");
    return wrong;
  });
}
