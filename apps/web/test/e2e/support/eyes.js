// SPDX-License-Identifier: MIT
// What must hold of the desk's page however it looks: found by axe-core, and by measuring boxes.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

/** @typedef {import("playwright-core").Page} Page */

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** What axe-core finds of weight, a line each. @param {Page} page */
export async function axeFindings(page) {
  const source = await readFile(axePath, "utf8");
  // By the debugger, as the page's policy lets nothing else in.
  await page.evaluate(source);
  /** @type {{ id: string, impact: string, nodes: { target: string[], failureSummary: string }[] }[]} */
  const violations = await page.evaluate(async () => {
    const { axe } = /** @type {{ axe: { run(root: Document, options: object): Promise<{ violations: never[] }> } }} */ (/** @type {unknown} */ (globalThis));
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    return violations;
  });
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary.replaceAll(/\s+/g, " ")}`));
}

/** What reaches out of the window sideways, outside of what scrolls by itself. @param {Page} page */
export async function overflow(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const wide = document.documentElement.scrollWidth > width ? [`the page is ${document.documentElement.scrollWidth} wide, the window ${width}`] : [];
    /** @param {Element} element */
    const isScrolled = (element) => {
      for (let at = element.parentElement; at !== null; at = at.parentElement) {
        const { overflowX } = getComputedStyle(at);
        if (overflowX === "auto" || overflowX === "scroll" || (overflowX !== "visible" && at.scrollWidth > at.clientWidth)) return true;
      }
      return false;
    };
    const out = [...document.querySelectorAll("body *")].filter((element) => {
      const box = element.getBoundingClientRect();
      return box.width > 0 && box.height > 0 && box.right > width + 0.5 && !isScrolled(element) && element.closest(".skip, .hidden-text") === null;
    });
    return [...wide, ...out.slice(0, 5).map((element) => `${element.tagName}.${element.getAttribute("class") ?? ""} reaches ${Math.round(element.getBoundingClientRect().right)} of ${width}`)];
  });
}

/** Texts that are cut off without a way to read the rest: no title, no ellipsis of their own. @param {Page} page */
export async function cutTexts(page) {
  return page.evaluate(() => {
    /** @type {string[]} */
    const cut = [];
    for (const element of document.querySelectorAll("button, th, td, dt, dd, h1, h2, h3, p, label, output, select")) {
      if (!(element instanceof HTMLElement) || element.offsetParent === null || element.closest(".hidden-text, .scroller, [aria-hidden=true]") !== null) continue;
      const { overflowX, textOverflow } = getComputedStyle(element);
      if (overflowX === "visible" || textOverflow === "ellipsis" || overflowX === "auto" || overflowX === "scroll") continue;
      if (element.scrollWidth > element.clientWidth + 1 && element.title === "") cut.push(`${element.tagName}.${element.className}: ${element.innerText.slice(0, 40)}`);
    }
    return cut;
  });
}

/** Canvases that are not drawn with as many pixels as they take on the screen, and so are blurred. @param {Page} page */
export async function blurred(page) {
  return page.evaluate(async () => {
    /** @type {ResizeObserverEntry[]} */
    const entries = await new Promise((resolve) => {
      const observer = new ResizeObserver((all) => {
        observer.disconnect();
        resolve(all);
      });
      for (const canvas of document.querySelectorAll("canvas")) observer.observe(canvas, { box: "device-pixel-content-box" });
    });
    return entries.flatMap(({ target, devicePixelContentBoxSize: [box] }) => {
      const { width, height } = /** @type {HTMLCanvasElement} */ (target);
      // What is not shown has none.
      if (box === undefined || box.inlineSize === 0 || (box.inlineSize === width && box.blockSize === height)) return [];
      return [`${target.parentElement?.getAttribute("class") ?? ""}: ${width} by ${height} on ${box.inlineSize} by ${box.blockSize}`];
    });
  });
}

/** Share of a canvas whose pixels differ from its corner. @param {Page} page @param {string} selector */
export async function inked(page, selector) {
  return page.evaluate((selector) => {
    const canvas = document.querySelector(selector);
    if (!(canvas instanceof HTMLCanvasElement) || canvas.width === 0) return 0;
    const copy = document.createElement("canvas");
    [copy.width, copy.height] = [canvas.width, canvas.height];
    const context = copy.getContext("2d", { willReadFrequently: true });
    context?.drawImage(canvas, 0, 0);
    const pixels = new Uint32Array(context?.getImageData(0, 0, copy.width, copy.height).data.buffer ?? new ArrayBuffer(0));
    const first = pixels[0];
    return pixels.reduce((sum, pixel) => sum + (pixel === first ? 0 : 1), 0) / Math.max(1, pixels.length);
  }, selector);
}
