// SPDX-License-Identifier: MIT
// Opens reports that gainstage wrote, named by GAINSTAGE_REPORTS (paths with ':' between them), in headless Chromium.
import assert from "node:assert/strict";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { after, before, it } from "node:test";
import { launch } from "./browser.js";
import { testPage } from "./every_page.js";

const paths = (process.env["GAINSTAGE_REPORTS"] ?? "").split(":").filter((path) => path !== "");

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser.close();
});

it("is told of a report", () => {
  assert.notEqual(paths.length, 0, "GAINSTAGE_REPORTS names no report.html");
});

for (const path of paths) testPage(join(basename(dirname(path)), basename(path)), path, () => browser);
