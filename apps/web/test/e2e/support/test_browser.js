// SPDX-License-Identifier: MIT
import { after, before } from "node:test";
import { launch } from "./desk_page.js";
import { removeFolders } from "./songs.js";

/** One browser for all tests of a file; it ends after them, and the folders they made are removed. */
export function testBrowser() {
  /** @type {import("playwright-core").Browser | undefined} */
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await removeFolders();
  });
  return () => {
    if (browser === undefined) throw new Error("the browser is there while tests run");
    return browser;
  };
}
