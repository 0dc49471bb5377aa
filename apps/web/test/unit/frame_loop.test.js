// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { finish, load } from "./load_module.js";

const { onFrame, onFreeFrame } = /** @type {typeof import("../../src/base/frame_loop")} */ (await load("base/frame_loop.ts"));
await finish();

/** The loops of one file go on with one clock. */
let clock_ms = 1000;
/** @type {((now_ms: number) => void)[]} */
let asked = [];
/** @type {Map<number, { at_ms: number, act: () => void }>} */
const timers = new Map();
let next = 1;

/**
 * A screen that shows a frame every `frame_ms` for two seconds, and a clock that stands still within each of its steps.
 * @param {number} frame_ms @param {() => void} begin what is done at its start
 */
function screen(frame_ms, begin) {
  const whole = { requestAnimationFrame: globalThis.requestAnimationFrame, setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout, performance: globalThis.performance };
  let frames = 0;
  Object.assign(globalThis, {
    requestAnimationFrame: (/** @type {(now_ms: number) => void} */ act) => asked.push(act),
    setTimeout: (/** @type {() => void} */ act, /** @type {number} */ wait_ms) => (timers.set(next, { at_ms: clock_ms + wait_ms, act }), next++),
    clearTimeout: (/** @type {number} */ id) => timers.delete(id),
  });
  Object.defineProperty(globalThis, "performance", { value: { now: () => clock_ms }, configurable: true, writable: true });
  begin();
  const end_ms = clock_ms + 2000;
  for (let frame = clock_ms + frame_ms; frame < end_ms; frame += frame_ms) {
    for (const [id, { at_ms, act }] of [...timers]) {
      if (at_ms > frame) continue;
      timers.delete(id);
      clock_ms = at_ms;
      act();
    }
    clock_ms = frame;
    const due = asked;
    asked = [];
    if (due.length > 0) ++frames;
    for (const act of due) act(clock_ms);
  }
  Object.defineProperty(globalThis, "performance", { value: whole.performance, configurable: true, writable: true });
  Object.assign(globalThis, { requestAnimationFrame: whole.requestAnimationFrame, setTimeout: whole.setTimeout, clearTimeout: whole.clearTimeout });
  clock_ms += 1000;
  return frames;
}

/** Runs pictures, and turns if wished, on such a screen. @param {number} frame_ms @param {boolean} hasTurns */
function run(frame_ms, hasTurns) {
  /** @type {Set<number>} */
  const pictures = new Set();
  /** @type {Set<number>} */
  const turns = new Set();
  /** @type {(() => void)[]} */
  const ends = [];
  const frames = screen(frame_ms, () => {
    ends.push(onFrame((now_ms) => pictures.add(now_ms)));
    if (hasTurns) ends.push(onFreeFrame((now_ms) => turns.add(now_ms)));
  });
  for (const end of ends) end();
  // The loop learns in its next frame that nobody is left.
  screen(frame_ms, () => undefined);
  return { frames, pictures, turns, shared: [...turns].filter((now_ms) => pictures.has(now_ms)).length };
}

describe("the loop of frames", () => {
  it("draws pictures thirty times a second on a screen of sixty, and asks for no frame beside", () => {
    const { frames, pictures } = run(1000 / 60, false);
    assert.ok(pictures.size >= 58 && pictures.size <= 61, String(pictures.size));
    assert.equal(frames, pictures.size);
  });

  it("gives turns the frames between", () => {
    const { pictures, turns, shared } = run(1000 / 60, true);
    assert.ok(pictures.size >= 58, String(pictures.size));
    assert.ok(turns.size >= 58, String(turns.size));
    assert.equal(shared, 0);
  });

  it("keeps both going on a slow page", () => {
    const { pictures, turns } = run(40, true);
    assert.ok(pictures.size >= 48, String(pictures.size));
    assert.ok(turns.size >= 24, String(turns.size));
  });

  it("draws thirty to forty pictures a second on faster screens", () => {
    for (const hz of [75, 90, 120, 144]) {
      const { pictures } = run(1000 / hz, false);
      assert.ok(pictures.size >= 58 && pictures.size <= 81, `${pictures.size} at ${hz} Hz`);
    }
  });
});
