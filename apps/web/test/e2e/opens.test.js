// SPDX-License-Identifier: MIT
// The desk opens: its address, its cookie, progress while it measures, and a strip for every track.
import assert from "node:assert/strict";
import { readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { desktop, openDesk } from "./support/desk_page.js";
import { startDesk } from "./support/desk_process.js";
import { ardourSession, copyOf, demoStems, realPath, song } from "./support/songs.js";
import { testBrowser } from "./support/test_browser.js";

const browser = testBrowser();

describe("the address", () => {
  it("lets in by its token, leads to / and sets a cookie that scripts and other sites can't use", async () => {
    const desk = await startDesk(await demoStems());
    try {
      assert.match(desk.entry, /^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{22,}$/);
      const shown = await openDesk(browser(), desk);
      assert.equal(shown.page.url(), `${desk.origin}/`);
      const [cookie] = await shown.page.context().cookies();
      assert.deepEqual([cookie?.name, cookie?.httpOnly, cookie?.sameSite], [`gainstage_desk_${desk.port}`, true, "Strict"]);
      assert.equal(await shown.page.evaluate(() => document.cookie), "");
      await shown.close();
    } finally {
      assert.equal(await desk.stop(), 0);
    }
  });

  it("is of no use without the token, or with another desk's", async () => {
    const desk = await startDesk(await demoStems());
    try {
      for (const path of ["/", "/api/state", "/api/session", "/?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]) {
        const answer = await fetch(new URL(path, desk.origin), { redirect: "manual" });
        assert.equal(answer.status, 401, path);
      }
      const context = await browser().newContext();
      const page = await context.newPage();
      const answer = await page.goto(desk.origin);
      assert.equal(answer?.status(), 401);
      assert.equal(await page.locator(".strip").count(), 0);
      await context.close();
    } finally {
      await desk.stop();
    }
  });

  it("is served with a policy that allows the page nothing from elsewhere", async () => {
    const desk = await startDesk(await demoStems());
    try {
      const answer = await desk.fetch("/");
      const policy = answer.headers.get("content-security-policy") ?? "";
      assert.match(policy, /default-src 'none'/);
      assert.doesNotMatch(policy, /unsafe|\*/);
      const shown = await openDesk(browser(), desk);
      const outcome = await shown.page.evaluate(() => fetch("http://127.0.0.1:9/").then(() => "let through", () => "refused"));
      assert.equal(outcome, "refused");
      // The refusal itself is told on the console; nothing else may be.
      assert.ok(shown.problems.some((problem) => problem.includes("Content Security Policy")), String(shown.problems));
      shown.problems = shown.problems.filter((problem) => !problem.includes("Content Security Policy") && !problem.includes("127.0.0.1:9"));
      await shown.close();
    } finally {
      await desk.stop();
    }
  });
});

/**
 * @param {import("./support/desk_process.js").DeskProcess} desk
 */
async function seesItsStrips(desk) {
  const shown = await openDesk(browser(), desk, { waits: false, context: { viewport: desktop } });
  await shown.page.locator(".strip").first().waitFor();
  // Nothing blocks: it can be played and moved before it is measured.
  const { phase } = await desk.state();
  const status = (await shown.page.locator(".status").textContent()) ?? "";
  assert.notEqual(status, "");
  await desk.ready();
  const { strips } = await desk.session();
  const names = strips.filter(({ kind }) => kind !== "master").map(({ name }) => name);
  assert.deepEqual((await shown.page.locator(".strip .called").allTextContents()).map((name) => name.trim()).sort(), names.sort());
  await shown.page.locator(".status", { hasText: "Ready" }).waitFor();
  await shown.close();
  return { names, phase };
}

describe("a session", () => {
  it("of stems has a strip for each, and tells its progress", async () => {
    const stems = await demoStems();
    const desk = await startDesk(stems);
    try {
      /** @type {Set<string>} */
      const phases = new Set();
      /** @type {number[]} */
      const shares = [];
      await desk.until(({ phase, progress }) => {
        phases.add(phase);
        if (progress?.share != null) shares.push(progress.share);
        return phase === "ready";
      }, "a desk that is ready");
      assert.ok(phases.has("measuring"), [...phases].join());
      assert.ok(shares.every((share) => share >= 0 && share <= 1), String(shares));
      const { names } = await seesItsStrips(desk);
      assert.equal(names.length, (await readdir(stems)).filter((file) => file.endsWith(".wav")).length);
    } finally {
      await desk.stop();
    }
  });

  it("of Ardour has its tracks and buses", async () => {
    const desk = await startDesk(await ardourSession());
    try {
      const { names } = await seesItsStrips(desk);
      assert.ok(names.length >= 8, String(names));
      assert.equal((await desk.session()).kind, "ardour");
    } finally {
      await desk.stop();
    }
  });

  it("with some recordings away opens all the same, and shows which", async () => {
    const session = await ardourSession();
    const away = song.kick;
    const audio = join(dirname(session), "interchange");
    const files = (await readdir(audio, { recursive: true })).filter((file) => file.includes(away));
    assert.equal(files.length, 1);
    await rm(join(audio, files[0] ?? ""));
    const desk = await startDesk(session);
    try {
      const { notes } = await desk.ready();
      const { strips } = await desk.session();
      assert.deepEqual(strips.filter(({ heard }) => !heard).map(({ name }) => name), [away]);
      assert.ok(notes.some(({ sentence }) => sentence.includes(away)), JSON.stringify(notes));
      const shown = await openDesk(browser(), desk);
      await shown.page.locator(".strip.unheard").waitFor();
      await shown.close();
    } finally {
      await desk.stop();
    }
  });

  it("with all recordings away says so, and which", async (test) => {
    const path = await realPath("sessions/ardour/with-you-25.ardour");
    if (path === null) {
      test.skip("no shared/data/sessions beside the checkout");
      return;
    }
    const desk = await startDesk(await copyOf(path));
    try {
      const shown = await openDesk(browser(), desk, { waits: false });
      await shown.page.getByRole("alert").getByText(/coo-beat-110bpm%L\.wav/).waitFor();
      await shown.close();
    } finally {
      await desk.stop();
    }
  });

  for (const name of ["funk", "hydrogen", "rubidium"]) {
    it(`of real recordings (${name}) is measured and planned`, async (test) => {
      const path = await realPath(`stems/${name}`);
      if (path === null) {
        test.skip("no shared/data/stems beside the checkout");
        return;
      }
      const desk = await startDesk(await copyOf(path));
      try {
        await seesItsStrips(desk);
        const state = await desk.state();
        assert.ok(Number.isFinite(state.prediction?.integrated_lufs), JSON.stringify(state.prediction));
        assert.ok((state.method?.steps.length ?? 0) >= 5);
      } finally {
        await desk.stop();
      }
    });
  }

  it("that is none is an error with a sentence, and no desk", async () => {
    await assert.rejects(startDesk("/no/such/folder"), /no such folder/i);
  });
});
