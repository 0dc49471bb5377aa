// SPDX-License-Identifier: MIT
// A page of the desk in headless Chromium. Whatever it asks of another machine, complains of, or is forbidden by its
// policy is a fault of the test that opened it.
import assert from "node:assert/strict";
import { launch } from "../../browser/browser.js";
import { patience_ms } from "./desk_process.js";
import { installRecorder } from "./recorder.js";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").Browser} Browser */
/** @typedef {import("./desk_process.js").DeskProcess} DeskProcess */

export { launch };

export const desktop = { width: 1280, height: 800 };

export class DeskPage {
  /** @param {Page} page @param {DeskProcess} desk */
  constructor(page, desk) {
    this.page = page;
    this.desk = desk;
    /** @type {string[]} */
    this.problems = [];
    page.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      if (origin !== desk.origin && protocol !== "data:") this.problems.push(`request: ${request.url()}`);
    });
    page.on("response", (response) => {
      if (response.status() >= 400 && !this.mayFail(response.url())) this.problems.push(`${response.status()}: ${response.url()}`);
    });
    page.on("console", (message) => {
      if ((message.type() === "error" || message.type() === "warning") && !this.isAllowed(message.text())) this.problems.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => this.problems.push(`exception: ${error.message}`));
    page.on("popup", () => this.problems.push("popup"));
    page.on("download", () => this.problems.push("download"));
  }

  /** What is not there before the session is measured. @param {string} url */
  mayFail(url) {
    return /\/api\/(report|history)$/.test(url);
  }

  /** @param {string} text */
  isAllowed(text) {
    if (this.mayLoseServer && /ERR_CONNECTION|WebSocket|net::/.test(text)) return true;
    return /status of 404/.test(text);
  }

  /** A test that ends the server expects that the page says so. */
  mayLoseServer = false;

  /** @param {string} name */
  strip(name) {
    return this.page.locator(".strip", { has: this.page.getByRole("button", { name, exact: true }) }).first();
  }

  /** @param {string} name */
  fader(name) {
    return this.page.getByRole("slider", { name: `Fader of ${name}`, exact: true });
  }

  async play() {
    await this.page.getByRole("button", { name: "Play", exact: true }).click();
    await this.page.getByRole("button", { name: "Pause", exact: true }).waitFor();
  }

  async pause() {
    await this.page.getByRole("button", { name: "Pause", exact: true }).click();
    await this.page.getByRole("button", { name: "Play", exact: true }).waitFor();
  }

  /** Waits until what hands did is sent, the desk has answered all of it, and the page shows that. */
  async settle() {
    // A move waits up to 16 ms to be sent.
    await this.page.evaluate(() => new Promise((done) => setTimeout(done, 30)));
    await this.page.waitForFunction(() => {
      const { recorder } = /** @type {{ recorder: import("./recorder.js").Recorder }} */ (/** @type {unknown} */ (globalThis));
      return recorder.answered >= recorder.asked;
    });
    // What changes every strip is shown by some a frame.
    await this.page.waitForFunction(() => document.querySelector(".scroller[aria-busy=true]") === null);
    await this.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }

  /** Ends the page; fails where it complained. */
  async close() {
    await this.page.context().close();
    assert.deepEqual(this.problems, []);
  }
}

/**
 * Opens the desk's address and waits for its strips.
 * @param {Browser} browser
 * @param {DeskProcess} desk
 * @param {{ context?: import("playwright-core").BrowserContextOptions, waits?: boolean }} [options]
 */
export async function openDesk(browser, desk, { context: options = {}, waits = true } = {}) {
  const context = await browser.newContext({ viewport: desktop, ...options });
  context.setDefaultTimeout(patience_ms);
  const page = await context.newPage();
  await page.addInitScript(installRecorder);
  const opened = new DeskPage(page, desk);
  await page.goto(desk.entry);
  if (waits) await page.locator(".strip").first().waitFor();
  return opened;
}
