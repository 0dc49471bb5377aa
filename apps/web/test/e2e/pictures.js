// SPDX-License-Identifier: MIT
// The pictures of docs/desk.md: the demo song on the desk, as it is in the middle of work.
//   node test/e2e/pictures.js FOLDER
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { launch, openDesk } from "./support/desk_page.js";
import { startDesk } from "./support/desk_process.js";
import { demoStems, removeFolders, song } from "./support/songs.js";

const folder = process.argv[2];
if (folder === undefined) throw new Error("pictures.js wants a folder to write to");

const desk = await startDesk(await demoStems());
const browser = await launch();
try {
  await desk.ready();
  const shown = await openDesk(browser, desk);
  const { page } = shown;
  await page.locator(".status", { hasText: "Ready" }).waitFor();

  /** @param {string} name @param {string} [selector] a part of the page; all of it where none is named */
  const photograph = async (name, selector) => {
    // Beside what is shown no pointer and no focus.
    await page.mouse.move(2, 2);
    await page.evaluate(() => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    });
    await shown.settle();
    const path = join(folder, `desk-${name}.png`);
    if (selector === undefined) await page.screenshot({ path });
    else await page.locator(selector).first().screenshot({ path });
  };
  /** @param {string} name */
  const view = (name) => page.getByRole("tab", { name }).click();

  await desk.command({ do: "strength", percent: 100 });
  await desk.command({ do: "gain", strip: await desk.id(song.bass), stage: "fader", db: 1.5 });
  await desk.command({ do: "lock", strip: await desk.id(song.kick), on: true });
  await desk.command({ do: "focus", strip: await desk.id(song.vocal) });
  await desk.ready();
  await desk.command({ do: "loop", from_s: 28, to_s: 44 });
  await desk.command({ do: "seek", at_s: 31 });
  await shown.play();
  await sleep(4000);

  await photograph("all");
  await photograph("mixer", ".mixer");
  await photograph("overview", ".overview");
  await photograph("master", ".master-view");
  await photograph("spectrum", ".views");
  await view("Stereo field");
  await sleep(1500);
  await photograph("stereo", ".views");
  for (const [name, title] of /** @type {const} */ ([["loudness", "Loudness"], ["map", "Gain map"], ["build", "Build"]])) {
    await view(title);
    await sleep(400);
    await photograph(name, ".views");
  }
  await view("Spectrum");
  await page.getByRole("button", { name: new RegExp(`^Role of ${song.vocal}`) }).click();
  await photograph("strip", "dialog");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+s");
  await photograph("save", "dialog");
  await page.keyboard.press("Escape");

  await desk.command({ do: "lock", strip: await desk.id(song.kick), on: false });
  await desk.ready();
  await desk.command({ do: "step", step: "down" });
  await desk.command({ do: "step", step: "low" });
  await desk.until(({ method }) => method?.at === "low", "the low end");
  await sleep(500);
  await photograph("method", ".method");
  await desk.command({ do: "step", step: null });
  await desk.command({ do: "compare", on: true, hears: "before" });
  await desk.until(({ compare }) => compare?.on === true, "a comparison");
  await photograph("compare", ".method");
  await desk.command({ do: "compare", on: false });
  await page.getByRole("button", { name: /^Theme:/ }).click();
  await sleep(500);
  await photograph("light");
  await shown.close();
} finally {
  await browser.close();
  await desk.stop();
  await removeFolders();
}
