// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { madeSession } from "../desk/mock_session.js";
import { build, chart, compare, goniometer, history, loudness, map, master, moves, overview, pace, pen, scales, spectra, tonal, walks } from "./desk_views_modules.js";

/** Numbers that look random and are the same each time. @param {number} count @param {number} seed */
function noise(count, seed = 1) {
  let state = seed;
  return Array.from({ length: count }, () => (state = (state * 1103515245 + 12345) % 2 ** 31) / 2 ** 31);
}

/** @param {number} actual @param {number} expected @param {number} tolerance */
const near = (actual, expected, tolerance) => { assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`); };

describe("an envelope", () => {
  it("loses no peak, however few columns there are", () => {
    const values = noise(10007).map((x) => -1 - 59 * x);
    values[7321] = -0.25;
    for (const columns of [1, 7, 640, 1279, 3840]) {
      const columnsOfIt = scales.envelope(values, columns);
      assert.equal(columnsOfIt.length, columns);
      assert.equal(Math.max(...columnsOfIt), -0.25, `${columns} columns`);
      // It stands where its time is.
      near(columnsOfIt.indexOf(-0.25), Math.floor((7321 * columns) / values.length), 1);
    }
  });

  it("holds values where there are more columns than values, and silence is minus infinity", () => {
    assert.deepEqual([...scales.envelope([-3, null, -6], 6)], [-3, -3, -Infinity, -Infinity, -6, -6]);
    assert.deepEqual([...scales.envelope([], 3)], [-Infinity, -Infinity, -Infinity]);
    assert.deepEqual([...scales.envelope([-1], 0)], []);
  });
});

describe("the spectra behind", () => {
  /** A kick into the drums' bus, a snare beside it and a voice, which follows a VCA. */
  function desk() {
    const { session, state } = madeSession(8);
    const strip = (/** @type {Partial<import("../../src/desk/protocol").Strip>} */ own) => ({ ...session.strips[0], feeds: [], vcas: [], ...own });
    const strips = /** @type {import("../../src/desk/protocol").Strip[]} */ ([
      strip({ id: "k", name: "Kick", feeds: ["d"] }), strip({ id: "n", name: "Snare", feeds: ["d"] }),
      strip({ id: "v", name: "Voice", feeds: ["m"], vcas: ["a"] }), strip({ id: "d", name: "Drums", kind: "bus", feeds: ["m"] }),
      strip({ id: "m", name: "Master", kind: "master" }), strip({ id: "a", name: "All", kind: "vca", vcas: ["b"] }), strip({ id: "b", name: "Over", kind: "vca" }),
    ]);
    const flat = (/** @type {number} */ db) => Array.from({ length: 31 }, (_, i) => (i === 30 ? null : db));
    const plain = { ...Object.values(state.strips)[0], mute: false, solo: false, entered: true, moved_db: 0 };
    return {
      session: { ...session, strips, spectra: {
        k: { fader_out_dbfs: flat(-40), in_mix_db: 2 }, n: { fader_out_dbfs: flat(-30), in_mix_db: 1 }, v: { fader_out_dbfs: flat(-35).map((level, i) => (i === 4 ? -10 : level)), in_mix_db: 0 },
      } },
      state: /** @type {import("../../src/desk/protocol").State} */ ({ ...state, strips: Object.fromEntries(strips.map(({ id }) => [id, { ...plain }])) }),
    };
  }
  /** @param {ReturnType<typeof desk>} made @param {string | null} shown */
  const behind = ({ session, state }, shown) => Object.fromEntries(spectra.spectraBehind(session, state, shown).map(({ name, values_db }) => [name, values_db[0]]));
  /** @param {ReturnType<typeof desk>} made @param {string} id */
  const of = ({ state }, id) => state.strips[id] ?? assert.fail(id);

  it("are all others but the one that is shown, as they leave their faders", () => {
    const made = desk();
    assert.deepEqual(behind(made, "k"), { Snare: -30, Voice: -35 });
    of(made, "n").moved_db = -6;
    of(made, "d").moved_db = 3;
    of(made, "b").moved_db = 2;
    assert.deepEqual(behind(made, "k"), { Snare: -36, Voice: -33 });
  });

  it("are as loud as in the mix where the mix is shown", () => {
    const made = desk();
    of(made, "d").moved_db = 3;
    of(made, "m").moved_db = -1;
    assert.deepEqual(behind(made, null), { Kick: -36, Snare: -27, Voice: -36 });
  });

  it("are those that are heard", () => {
    const muted = desk();
    of(muted, "d").mute = true;
    assert.deepEqual(Object.keys(behind(muted, null)), ["Voice"]);
    const soloed = desk();
    of(soloed, "d").solo = true;
    assert.deepEqual(Object.keys(behind(soloed, null)), ["Snare", "Kick"]);
    const down = desk();
    of(down, "v").moved_db = null;
    of(down, "k").entered = false;
    assert.deepEqual(Object.keys(behind(down, null)), ["Snare"]);
  });

  it("are named by what is loudest where one points", () => {
    const { session, state } = desk();
    const all = spectra.spectraBehind(session, state, null);
    const names = (/** @type {number | null} */ band, /** @type {number} */ most) => spectra.loudest(all, band, most).map(({ name }) => name);
    assert.deepEqual(names(null, 2), ["Voice", "Snare"]);
    assert.deepEqual(names(4, 9), ["Voice", "Snare", "Kick"]);
    assert.deepEqual(names(5, 2), ["Snare", "Voice"]);
    assert.deepEqual(names(30, 2), []);
  });
});

describe("the axis of frequency", () => {
  it("gives every third octave the same width, and reads back what it placed", () => {
    const places = scales.thirdOctaves_hz.map((_, i) => scales.placeOf(20 * 2 ** (i / 3)));
    const steps = places.slice(1).map((place, i) => place - (places[i] ?? 0));
    for (const step of steps) near(step, steps[0] ?? 0, 1e-12);
    for (const hz of [20, 63, 997, 20000]) near(scales.frequencyAt(scales.placeOf(hz)), hz, 1e-9 * hz);
  });

  it("leaves half a band at each end", () => {
    near(scales.placeOf(20 / 2 ** (1 / 6)), 0, 1e-12);
    near(scales.placeOf(20000 * 2 ** (1 / 6)), 1, 1e-12);
  });

  it("has a band for each frequency", () => {
    scales.thirdOctaves_hz.forEach((hz, i) => {
      assert.equal(scales.bandOf(hz), i);
      assert.equal(scales.bandOf(hz * 1.1), i);
      assert.equal(scales.bandOf(hz / 1.1), i);
    });
    assert.equal(scales.bandOf(1), 0);
    assert.equal(scales.bandOf(96000), 30);
  });

  it("spreads fine lines evenly from 20 Hz to 20 kHz", () => {
    near(scales.line_hz(0, 256), 20, 1e-9);
    near(scales.line_hz(255, 256), 20000, 1e-6);
    near(scales.line_hz(1, 3), Math.sqrt(20 * 20000), 1e-6);
  });
});

describe("the level range", () => {
  it("rises at once and holds what is shown, with 3 dB of room", () => {
    let top = 0;
    top = scales.rangeTop(-1, top);
    assert.equal(top, 12);
    top = scales.rangeTop(-8, top);
    assert.equal(top, 12, "stays while there is little room to spare");
    top = scales.rangeTop(-10, top);
    assert.equal(top, 0);
    assert.equal(scales.rangeTop(-6, top), 0);
    assert.equal(scales.rangeTop(-90, top), 0, "what is quiet is looked at no closer");
    for (const current of [0, 12]) assert.equal(scales.rangeTop(-Infinity, current), current, "silence changes nothing");
  });

  it("never cuts what it is told of", () => {
    let top = 0;
    for (const x of noise(500, 7)) {
      const greatest = -70 * x + 6;
      top = scales.rangeTop(greatest, top);
      assert.ok(greatest <= top || top === 12, `${greatest} over ${top}`);
      assert.ok(top % 12 === 0);
    }
  });
});

describe("a shape laid on levels", () => {
  it("finds by how much it was shifted, whatever lies outside of 40 Hz to 16 kHz", () => {
    const shape = noise(31, 3).map((x) => -20 * x);
    const levels = shape.map((value, i) => (i < 3 || i > 29 ? 50 : value - 17.25));
    near(scales.bestBandShift(shape, levels) ?? NaN, -17.25, 1e-9);
  });

  it("is the one with the least squares", () => {
    const shape = noise(31, 4).map((x) => -20 * x);
    const levels = noise(31, 5).map((x) => -30 * x);
    const best = scales.bestBandShift(shape, levels) ?? NaN;
    const error = (/** @type {number} */ shift) => shape.reduce((sum, value, i) => {
      const hz = scales.thirdOctaves_hz[i] ?? 0;
      return hz < 40 || hz > 16000 ? sum : sum + ((levels[i] ?? 0) - value - shift) ** 2;
    }, 0);
    assert.ok(error(best) < error(best + 0.01) && error(best) < error(best - 0.01));
  });

  it("is nowhere when nothing sounds", () => {
    assert.equal(scales.bestBandShift([-1, -2], [-Infinity, -Infinity]), null);
    assert.equal(scales.bestBandShift([], new Float32Array(31).fill(-20)), null);
  });

  it("is found among fine lines as well", () => {
    const levels = Array.from({ length: 256 }, (_, i) => scales.slopeAt(scales.line_hz(i, 256), 4.5) - 33);
    near(scales.bestShift((i) => scales.slopeAt(scales.line_hz(i, 256), 4.5), levels, (i) => scales.line_hz(i, 256)) ?? NaN, -33, 1e-9);
  });

  it("falls by its slope with each octave", () => {
    near(scales.slopeAt(2000, 4.5) - scales.slopeAt(1000, 4.5), -4.5, 1e-12);
    near(scales.slopeAt(1000, 3), 0, 1e-12);
  });
});

describe("the tonal balance", () => {
  it("is the one that the report is drawn with", async () => {
    const source = await readFile(new URL("../../../../src/report/tonal_balance.cpp", import.meta.url), "utf8");
    const list = /popular_mix_db\{([^}]*)\}/.exec(source)?.[1] ?? "";
    assert.deepEqual(tonal.popularMix_db, list.split(",").map(Number));
    assert.equal(tonal.popularMix_db.length, scales.thirdOctaves_hz.length);
  });
});

describe("slow levels", () => {
  it("are the mean power, and silence does not pull them down", () => {
    const slow = new scales.SlowLevels(2);
    for (let i = 0; i < 300; ++i) slow.take([-20, -40], 1 / 30, 6);
    near(slow.levels_db[0] ?? NaN, -20, 0.01);
    near(slow.levels_db[1] ?? NaN, -40, 0.01);
    slow.take([-Infinity, -Infinity], 60, 6);
    near(slow.levels_db[0] ?? NaN, -20, 0.01);
    slow.reset();
    assert.equal(slow.levels_db[0], -Infinity);
  });

  it("begin with what is heard first", () => {
    const slow = new scales.SlowLevels(1);
    slow.take([-30], 1 / 30, 6);
    near(slow.levels_db[0] ?? NaN, -30, 2.1);
  });
});

describe("a glide", () => {
  it("reaches its end, says so, and depends on time rather than on frames", () => {
    const [fine, coarse] = [new scales.Glide(0), new scales.Glide(0)];
    for (let t = 0; t <= 100; t += 5) fine.towards(-10, t, 100);
    for (let t = 0; t <= 100; t += 20) coarse.towards(-10, t, 100);
    near(fine.value, coarse.value, 0.6);
    let frames = 0;
    while (fine.towards(-10, 100 + 16 * ++frames, 100)) assert.ok(frames < 200, "never ends");
    assert.equal(fine.value, -10);
  });

  it("jumps when stillness is wanted, and to and from infinity", () => {
    const glide = new scales.Glide(0);
    assert.equal(glide.towards(5, 0, 0), false);
    assert.equal(glide.value, 5);
    glide.towards(-Infinity, 0, 100);
    assert.equal(glide.value, -Infinity);
    glide.towards(3, 1, 100);
    assert.equal(glide.value, 3);
  });
});

describe("what was seen", () => {
  it("differs when any number does, silence included, and not otherwise", () => {
    const seen = new scales.Seen();
    assert.equal(seen.differs([1, 2], [-Infinity]), true);
    assert.equal(seen.differs([1, 2], [-Infinity]), false);
    assert.equal(seen.differs([1, 2.5], [-Infinity]), true);
    assert.equal(seen.differs(Float32Array.of(1, 2.5), [-Infinity]), false);
    assert.equal(seen.differs([1, 2.5]), true);
    assert.equal(seen.differs([0.1]), true);
    assert.equal(seen.differs([0.1]), false, "in the precision of a frame");
  });
});

describe("the vectorscope's reach", () => {
  it("comes nearer with room to spare only, and goes back before anything is cut", () => {
    assert.equal(goniometer.reachOf(0.15, 1), 0.25);
    assert.equal(goniometer.reachOf(0.22, 1), 0.5, "not yet near enough for a quarter");
    assert.equal(goniometer.reachOf(0.22, 0.25), 0.25, "stays there");
    assert.equal(goniometer.reachOf(0.24, 0.25), 0.5);
    assert.equal(goniometer.reachOf(1, 0.25), 1);
  });
});

describe("hands on the overview", () => {
  const loop = { from_s: 20, to_s: 60 };

  it("catch the nearer edge of the loop within reach", () => {
    assert.equal(moves.edgeAt(20.4, loop, 0.5), "from_s");
    assert.equal(moves.edgeAt(59.8, loop, 0.5), "to_s");
    assert.equal(moves.edgeAt(40, loop, 0.5), null);
    assert.equal(moves.edgeAt(40, null, 100), null);
    assert.equal(moves.edgeAt(20.3, { from_s: 20, to_s: 20.4 }, 1), "to_s");
  });

  it("draw a loop in either direction, within the session, and never an empty one", () => {
    assert.deepEqual(moves.loopBetween(50, 30, 100), { from_s: 30, to_s: 50 });
    assert.deepEqual(moves.loopBetween(-5, 300, 100), { from_s: 0, to_s: 100 });
    for (const at of [0, 50, 100]) {
      const made = moves.loopBetween(at, at, 100);
      assert.ok(made.to_s - made.from_s >= moves.shortestLoop_s - 1e-9 && made.from_s >= 0 && made.to_s <= 100, JSON.stringify(made));
    }
  });

  it("let an edge pass the other one", () => {
    assert.deepEqual(moves.withEdge(loop, "to_s", 10, 100), { from_s: 10, to_s: 20 });
    assert.deepEqual(moves.withEdge(loop, "from_s", 30, 100), { from_s: 30, to_s: 60 });
  });

  const key = (/** @type {string} */ name, shiftKey = false, altKey = false) => ({ key: name, shiftKey, altKey });
  const place = { position_s: 40, loop, duration_s: 100 };

  it("go by keys, and stop at the ends", () => {
    assert.deepEqual(moves.moveByKey(key("ArrowRight"), place), { seek_s: 41 });
    assert.deepEqual(moves.moveByKey(key("PageDown"), place), { seek_s: 30 });
    assert.deepEqual(moves.moveByKey(key("Home"), place), { seek_s: 0 });
    assert.deepEqual(moves.moveByKey(key("ArrowRight"), { ...place, position_s: 99.5 }), { seek_s: 100 });
    assert.equal(moves.moveByKey(key("a"), place), null);
    assert.equal(moves.moveByKey(key("ArrowLeft", false, true), place), null, "alt and arrows are the browser's");
  });

  it("move the loop's edges by keys, and begin one at the position", () => {
    assert.deepEqual(moves.moveByKey(key("ArrowRight", true), place), { loop: { from_s: 20, to_s: 61 } });
    assert.deepEqual(moves.moveByKey(key("ArrowLeft", true, true), place), { loop: { from_s: 19, to_s: 60 } });
    assert.deepEqual(moves.moveByKey(key("ArrowRight", true), { ...place, loop: null }), { loop: { from_s: 40, to_s: 41 } });
    assert.deepEqual(moves.moveByKey(key("ArrowLeft", true, true), { ...place, loop: null }), { loop: { from_s: 39, to_s: 40 } });
    assert.deepEqual(moves.moveByKey(key("Home", true), place), { loop: { from_s: 20, to_s: 20.1 } }, "stops at the other edge");
    assert.deepEqual(moves.moveByKey(key("Escape"), place), { loop: null });
    assert.equal(moves.moveByKey(key("Escape"), { ...place, loop: null }), null);
  });
});

describe("marks of time", () => {
  it("are those of a clock, from 0, no more than fit", () => {
    assert.deepEqual(overview.timeMarks(184.5, 8), [0, 30, 60, 90, 120, 150, 180]);
    assert.deepEqual(overview.timeMarks(0.4, 4), [0, 0.1, 0.2, 0.30000000000000004, 0.4]);
    for (const duration of [0.5, 3, 61, 600, 5400, 90000]) {
      for (const most of [3, 10, 25]) assert.ok(overview.timeMarks(duration, most).length <= most + 1, `${duration} s, ${most}`);
    }
  });
});

describe("the loudness scale", () => {
  it("holds the target with 22 LU under it, far from the silent end", () => {
    for (const target of [-9, -14, -16, -23, -31]) {
      const [low, high] = loudness.loudnessRange(target);
      assert.ok(target - low >= 22 && (target - low) / (high - low) > 0.35, `${target} in ${low}..${high}`);
    }
    assert.deepEqual(loudness.loudnessRange(null), [-36, 3]);
  });
});

describe("a line", () => {
  it("lies on the middle of a device pixel", () => {
    for (const ratio of [1, 1.25, 1.5, 2, 3]) for (const at of noise(20, 9)) near((pen.sharp(900 * at, ratio) * ratio) % 1, 0.5, 1e-6);
    assert.equal(pen.familyInk("drums"), "family-drums");
    assert.equal(pen.familyInk("kazoo"), "family-other");
  });
});

describe("the gain map", () => {
  it("has a row for every strip with a signal, the master last, coloured by headroom", () => {
    const { session, state } = madeSession(64);
    const rows = map.mapRows(session, state, "peak_dbfs");
    assert.equal(rows.length, session.strips.filter(({ kind }) => kind !== "vca").length);
    assert.equal(rows.at(-1)?.isMaster, true);
    assert.equal(rows.filter(({ isMaster }) => isMaster).length, 1);
    for (const row of rows) {
      assert.equal(row.cells.length, 3);
      for (const cell of row.cells) {
        if (cell === null) continue;
        const limit = row.isMaster ? -1 : 0;
        near(cell.headroom_db ?? NaN, limit - (cell.peak_dbfs ?? NaN), 1e-9);
        const headroom = Number((cell.headroom_db ?? NaN).toFixed(1));
        assert.equal(cell.zone?.name, headroom < 0 ? "over" : headroom < 3 ? "tight" : headroom < 6 ? "close" : headroom < 24 ? "open" : "quiet");
      }
    }
  });

  it("leaves out what a tap has not, and silence has no zone", () => {
    const { session, state } = madeSession(8);
    const strip = state.strips["s0"];
    if (strip?.levels?.fader_out == null) assert.fail("the fixture has levels");
    strip.levels.fader_out.peak_dbfs = null;
    strip.fader_db = null;
    const row = map.mapRows(session, state, "integrated_lufs")[0];
    assert.equal(row?.cells[0]?.value, null, "a clip has no loudness");
    assert.equal(row.cells[2]?.zone, null);
    assert.equal(row.fader_db, null);
    strip.levels.insert_in = null;
    assert.equal(map.mapRows(session, state, "peak_dbfs")[0]?.cells[1], null);
  });

  it("gives the master what the whole session will read, where no tap of it is measured", () => {
    const { session, state } = madeSession(64);
    const master = session.strips.find(({ kind }) => kind === "master") ?? assert.fail("no master");
    const now = state.strips[master.id] ?? assert.fail("no state of the master");
    now.levels = null;
    const { prediction } = state;
    const cellOf = (/** @type {"peak_dbfs" | "integrated_lufs" | "vu_mean_db"} */ figure) => map.mapRows(session, state, figure).at(-1)?.cells[2];
    assert.deepEqual([cellOf("peak_dbfs")?.value, cellOf("peak_dbfs")?.unit], [prediction?.true_peak_dbtp, "dBTP"]);
    near(cellOf("peak_dbfs")?.headroom_db ?? NaN, -1 - (prediction?.true_peak_dbtp ?? NaN), 1e-9);
    assert.equal(cellOf("integrated_lufs")?.value, prediction?.integrated_lufs);
    assert.equal(cellOf("vu_mean_db"), null);
    state.prediction = null;
    assert.equal(cellOf("peak_dbfs"), null);
  });
});

describe("the verdict in the master's panel", () => {
  const misses = "Misses X (Y): integrated \u22127.6 LUFS, wanted \u221214.0 LUFS \u00b10.5; true peak 3.1 dBTP, wanted at most \u22122.0 dBTP when integrated is over \u221213.5 LUFS.";

  it("says as the program does what is met and what is not, and each unit once", () => {
    const { head, rest } = master.verdictOf(misses);
    assert.equal(head, "Misses X (Y):");
    assert.equal(rest, "integrated \u22127.6, wanted \u221214.0 LUFS \u00b10.5; true peak 3.1, wanted \u2264\u202f\u22122.0 dBTP over \u221213.5 LUFS.");
    assert.equal(master.verdictOf("Misses X: LRA 20.1 LU, wanted 4.0 to 18.0 LU; integrated silent LUFS, wanted at least \u221223.0 LUFS.").rest, "LRA 20.1, wanted 4.0 to 18.0 LU; integrated silent, wanted \u2265\u202f\u221223.0 LUFS.");
    assert.deepEqual(master.verdictOf("Meets X: integrated \u221214.0 LUFS, true peak \u22122.0 dBTP."), { head: "Meets X:", rest: "integrated \u221214.0 LUFS, true peak \u22122.0 dBTP." });
    assert.deepEqual(master.verdictOf("It is being measured."), { head: "It is being measured.", rest: "" });
  });

  it("keeps every figure of the program's", () => {
    const figures = (/** @type {string} */ text) => text.match(/\d+\.\d/g);
    const { head, rest } = master.verdictOf(misses);
    assert.deepEqual(figures(head + rest), figures(misses));
  });
});

describe("the bars of third octaves", () => {
  it("stand side by side on whole device pixels, about their frequencies", () => {
    for (const [right, ratio] of /** @type {const} */ ([[930, 1], [611.4, 2], [3000, 1.5]])) {
      scales.thirdOctaves_hz.forEach((hz, i) => {
        const { from, to } = scales.barOf(i, 40, right, ratio);
        assert.ok(to > from && Number.isInteger(Number((from * ratio).toFixed(6))));
        if (i > 0) assert.equal(from, scales.barOf(i - 1, 40, right, ratio).to);
        near((from + to) / 2, 40 + scales.placeOf(hz) * (right - 40), 1 + 0.002 * right);
      });
    }
  });
});

describe("a label beside its line", () => {
  it("is struck neither by that line nor by more of the others than it must be", () => {
    const places = noise(300, 11);
    for (let i = 0; i + 5 < places.length; i += 5) {
      const [own = 0, ...others] = places.slice(i, i + 5).map((x) => 60 * x);
      const baseline = chart.clearOf(own, others);
      assert.equal(chart.struckBy(baseline, [own]), 0);
      assert.equal(chart.struckBy(baseline, others), Math.min(chart.struckBy(own - 8, others), chart.struckBy(own + 17, others)));
    }
    assert.equal(chart.clearOf(50, []), 42, "above it, where nothing is in the way");
    assert.equal(chart.clearOf(50, [40]), 67);
  });
});

describe("the staircase of a method", () => {
  it("leaves out the faders' coming down, and marks the raise and the target", () => {
    const { state } = madeSession(8);
    const data = build.staircaseOf(state, new Set(["integrated_lufs"]));
    assert.deepEqual(data.columns.map(({ name }) => name), state.method?.steps.slice(1).map(({ name }) => name));
    assert.ok(data.columns.at(-1)?.raise);
    assert.deepEqual(data.levels.map(({ kind, value }) => [kind, value]), [["ceiling", -1], ["target", -14]]);
    assert.deepEqual(data.readings.filter(({ isShown }) => isShown).map(({ name }) => name), ["integrated"]);
    assert.deepEqual(data.columns[0]?.families, ["drums", "bass"]);
  });

  it("is empty without a plan", () => {
    const { state } = madeSession(8);
    assert.deepEqual(build.staircaseOf({ ...state, method: null, target: null }, new Set()).columns, []);
  });
});

describe("the walk", () => {
  const { state } = madeSession(8);
  const method = state.method;
  it("begins with the first step and ends behind the last", () => {
    assert.deepEqual([walks.walk(method).step, walks.walk(method).back, walks.walk(method).next], [null, null, "down"]);
    assert.equal(walks.walk(null).next, null);
    if (method === null) assert.fail();
    const mid = walks.walk({ ...method, at: "mid" });
    assert.deepEqual([mid.back, mid.step?.name, mid.next], ["low", "Mids", "high"]);
    assert.deepEqual([mid.when(0), mid.when(2), mid.when(3)], ["done", "now", "later"]);
    assert.equal(walks.walk({ ...method, at: "raise" }).next, null);
  });
});

describe("a prediction", () => {
  const { state } = madeSession(8);
  const prediction = state.prediction;
  if (prediction === null) throw new Error("the fixture has a prediction");

  it("says what a move changed, as far as it can be printed", () => {
    const after = { ...prediction, integrated_lufs: (prediction.integrated_lufs ?? 0) + 0.42, lra_lu: (prediction.lra_lu ?? 0) - 0.004 };
    assert.deepEqual(master.changesBetween(prediction, after), { integrated_lufs: 0.42 });
    assert.equal(master.changeText(0.42), "+0.4");
    assert.equal(master.changeText(-0.04), "\u22120.04");
    assert.equal(master.changeText(undefined), "");
    assert.deepEqual(master.changesBetween(prediction, { ...prediction, true_peak_dbtp: null }), {});
  });

  it("meets, misses, or is out of reach", () => {
    const target = state.target;
    assert.equal(master.judged({ ...prediction, meets: true }, target), "meets");
    assert.equal(master.judged({ ...prediction, meets: false, reachable: true }, target), "misses");
    assert.equal(master.judged({ ...prediction, meets: false, reachable: false }, target), "unreachable");
    assert.equal(master.judged({ ...prediction, meets: false, reachable: null }, target), "misses");
    assert.equal(master.judged({ ...prediction, meets: false, reachable: null, true_peak_is: "measuring" }, target), "unknown");
    assert.equal(master.judged({ ...prediction, meets: false, reachable: true, true_peak_is: "measuring" }, target), "misses");
    assert.equal(master.judged(prediction, null), "unknown");
    assert.equal(master.judged(null, target), "unknown");
  });

  it("says how far all may rise, by the figure that is printed", () => {
    const room = (/** @type {number | null} */ raise_left_db) => master.roomSentence({ ...prediction, meets: true, raise_left_db });
    assert.match(room(0.3), /may rise by 0\.3/);
    assert.match(room(-1.2), /must fall by 1\.2/);
    assert.match(room(0.04), /No room/);
    assert.equal(room(null), "");
    assert.match(master.roomSentence({ ...prediction, meets: false, reachable: false, raise_left_db: 1 }), /rise by 1\.0.* not the target/);
    assert.match(master.roomSentence({ ...prediction, meets: false, reachable: false, raise_left_db: -2 }), /fall by 2\.0.* not the target/);
  });
});

describe("a comparison", () => {
  const before = /** @type {const} */ ({ on: true, blind: false, hears: "before", matched_db: -1.3, revealed: true });
  it("tells nothing while it is blind", () => {
    const blind = compare.comparison({ ...before, blind: true, hears: "x", revealed: false });
    assert.deepEqual(blind.sides.map(({ text, isHeard }) => [text, isHeard]), [["X", true], ["Y", false]]);
    assert.doesNotMatch(JSON.stringify(blind), /before|after/i);
    assert.match(compare.comparison(before).sentence, /as it was/);
    assert.equal(compare.comparison(null).sides.some(({ isHeard }) => isHeard), false);
  });

  it("switches to the other side", () => {
    for (const side of /** @type {const} */ (["before", "after", "x", "y"])) {
      const other = compare.otherSide({ ...before, hears: side });
      assert.notEqual(other, side);
      assert.equal(compare.otherSide({ ...before, hears: other }), side);
    }
  });
});

describe("the history's range", () => {
  const made = (/** @type {number} */ by) => ({ hop_s: 0.1, momentary_lufs: noise(600, 5).map((x) => -24 + 12 * x + by), short_term_lufs: [], loudest: null, true_peak_at_s: null, clips: [] });
  it("stays while gains move a little, and holds the target", () => {
    const [low, high] = history.rangeOf(made(0), [-14]);
    assert.deepEqual(history.rangeOf(made(0.2), [-14]), [low, high]);
    assert.ok(low <= -24 && high >= -12 && low % 6 === 0 && high % 6 === 0);
    assert.ok(history.rangeOf(made(-40), [-14])[1] >= -14);
  });
});

describe("a pace", () => {
  it("acts at most once in its time", () => {
    let count = 0;
    const act = pace.paced(200, () => ++count);
    for (let t = 0; t < 1000; t += 16) act(t);
    assert.equal(count, 5);
    assert.equal(pace.finite(-Infinity), null);
    assert.equal(pace.finite(undefined), null);
    assert.equal(pace.finite(-3), -3);
  });
});
