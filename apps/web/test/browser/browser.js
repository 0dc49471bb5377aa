// SPDX-License-Identifier: MIT
// A headless browser that tells of every request and every error of a page.
import process from "node:process";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

/** @typedef {import("playwright-core").Page} Page */

export async function launch() {
  return chromium.launch({
    executablePath: process.env["GAINSTAGE_CHROMIUM"] ?? "/usr/bin/chromium",
    args: [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync",
    ],
  });
}

/**
 * Opens a report and runs `check` on it; anything the page asked for or complained of comes back as a list.
 * @param {import("playwright-core").Browser} browser
 * @param {string} path
 * @param {import("playwright-core").BrowserContextOptions} options
 * @param {(page: Page) => Promise<void>} check
 */
export async function visit(browser, path, options, check) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const self = pathToFileURL(path).href;
  /** @type {string[]} */
  const problems = [];
  page.on("request", (request) => {
    if (request.url().split("#")[0] !== self && !request.url().startsWith("data:")) problems.push(`request: ${request.url()}`);
  });
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`exception: ${error.message}`));
  page.on("popup", () => problems.push("popup"));
  page.on("download", () => problems.push("download"));
  try {
    await page.goto(self);
    await page.waitForSelector("main");
    await settle(page);
    await check(page);
  } finally {
    await context.close();
  }
  return problems;
}

/** Waits until what depends on the layout has been drawn. @param {Page} page */
export async function settle(page) {
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 20)))),
  );
}
