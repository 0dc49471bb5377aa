// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { difference } from "../desk/mock_commands.js";
import { madeSession } from "../desk/mock_session.js";
import { audioFrame, meterFrame, scopeFrame } from "../desk/mock_signals.js";
import { frames, groups, law, merge, meterScale, ring, words } from "./desk_modules.js";

/** @param {Buffer} buffer @returns {ArrayBuffer} */
const bytes = (buffer) => /** @type {ArrayBuffer} */ (buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.length));

/** Repeatable numbers between 0 and 1. @param {number} seed */
function random(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe("a merge patch", () => {
  // The examples of RFC 7396, appendix A, whose ends are objects; what it removes is held as null.
  /** @type {readonly [object, object, object][]} */
  const examples = [
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, { a: null }],
    [{ a: "b", b: "c" }, { a: null }, { a: null, b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d", c: null } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: { ccc: null } } }],
  ];
  for (const [before, patch, after] of examples) {
    it(`${JSON.stringify(patch)} on ${JSON.stringify(before)}`, () => {
      const document = structuredClone(before);
      merge.mergePatch(document, patch);
      assert.deepEqual(document, after);
    });
  }

  it("leads from any state to any other, and keeps the objects both have", () => {
    const from = madeSession(64).state;
    const to = structuredClone(from);
    const next = random(5);
    for (const strip of Object.values(to.strips)) {
      if (next() < 0.5) strip.fader_db = -60 * next();
      if (next() < 0.3) strip.clip = null;
      if (next() < 0.2) strip.role = null;
    }
    to.transport.loop = { from_s: 1, to_s: 2 };
    to.notes = [];
    const kept = from.strips["s1"];
    merge.mergePatch(from, difference(from, to));
    assert.deepEqual(from, to);
    assert.equal(from.strips["s1"], kept);
  });

  it("writes no prototype", () => {
    merge.mergePatch({}, JSON.parse('{"__proto__": {"polluted": 1}}'));
    assert.equal(/** @type {Record<string, unknown>} */ ({})["polluted"], undefined);
  });

  it("and a whole document gives the same, with null for what is gone", () => {
    const document = { a: { b: 1, c: 2 }, d: [1] };
    const { a } = document;
    merge.become(document, { a: { b: 3 } });
    assert.equal(document.a, a);
    assert.deepEqual(/** @type {unknown} */ (document), { a: { b: 3, c: null }, d: null });
  });
});

describe("the fader's law", () => {
  it("has its ends at the ends, rises, and comes back", () => {
    for (const greatest of [6, 6.02, 10, 12, 20]) {
      assert.equal(law.positionOf(null, greatest), 0);
      assert.equal(law.positionOf(greatest, greatest), 1);
      let last = 0;
      for (let db = -99; db <= greatest; db += 0.37) {
        const position = law.positionOf(db, greatest);
        assert.ok(position > last);
        last = position;
        assert.ok(Math.abs((law.gainAt(position, greatest) ?? -Infinity) - db) < 1e-9, String(db));
      }
      assert.equal(law.gainAt(0, greatest), null);
    }
  });

  it("is Ardour's: 0 dB at 0.782 of a fader that goes to +6 dB", () => {
    assert.ok(Math.abs(law.positionOf(0, 6) - (192 / (192 + 6 * (6 / (20 * Math.log10(2))))) ** 8) < 1e-12);
    assert.ok(Math.abs(law.positionOf(0, 20 * Math.log10(2)) - (192 / 198) ** 8) < 1e-12);
  });

  it("steps by what it is told, further when far down, and no further than its ends", () => {
    assert.equal(law.stepped(-4.5, 0.5, 6), -4);
    assert.equal(law.stepped(5.8, 0.5, 6), 6);
    assert.equal(law.stepped(-60, 0.5, 6), -58);
    assert.equal(law.stepped(null, 0.5, 6), -60);
    assert.equal(law.stepped(-79, -0.5, 6), null);
    assert.equal(law.stepped(null, -3, 6), null);
  });

  it("reads what is typed, and nothing else", () => {
    assert.equal(law.typedGain("-4.5"), -4.5);
    assert.equal(law.typedGain("\u22124,5 dB"), -4.5);
    assert.equal(law.typedGain("+3"), 3);
    assert.equal(law.typedGain("-inf"), null);
    assert.equal(law.typedGain("\u2212\u221e"), null);
    for (const text of ["", "-", "4x", "1e3", "--3", "3 4", "Infinity", "NaN"]) assert.equal(law.typedGain(text), undefined, text);
  });

  it("is read out with a true minus sign", () => {
    assert.equal(law.spokenGain(-4.5), "\u22124.5 dB");
    assert.equal(law.spokenGain(null), "\u2212\u221e dB");
    assert.equal(law.shortGain(-0.04), "0.0");
    assert.equal(law.shortGain(2, "always"), "+2.0");
    // What is shown can be typed.
    for (const db of [-60, -12.3, 0, 5.9, null]) assert.equal(law.typedGain(law.shortGain(db)), db);
  });
});

describe("a meter's scale", () => {
  it("is IEC 60268-18's, whose 0 dB stands at 100 of 115", () => {
    for (const [db, height] of [[-60, 2.5], [-50, 7.5], [-40, 15], [-30, 30], [-20, 50], [0, 100], [6, 115]]) {
      assert.ok(Math.abs(meterScale.deflection(db ?? 0) - (height ?? 0) / 115) < 1e-12, String(db));
    }
    assert.equal(meterScale.deflection(-Infinity), 0);
    assert.equal(meterScale.deflection(NaN), 0);
    assert.equal(meterScale.deflection(40), 1);
  });
});

describe("groups", () => {
  it("hold every strip once, in the session's order", () => {
    for (const count of /** @type {const} */ ([8, 64])) {
      const { session, state } = madeSession(count);
      const found = groups.groupsOf(session.strips, (id) => state.strips[id]?.role ?? null);
      assert.deepEqual(found.flatMap(({ strips }) => strips.map(({ id }) => id)), session.strips.map(({ id }) => id));
      assert.equal(new Set(found.map(({ key }) => key)).size, found.length);
    }
  });

  it("are named by the bus that is fed, or the family where there is none", () => {
    const daw = madeSession(64);
    assert.deepEqual(groups.groupsOf(daw.session.strips, () => null).map(({ name }) => name).slice(0, 3), ["Drums", "Bass", "Guitars"]);
    const stems = madeSession(8);
    assert.equal(groups.groupsOf(stems.session.strips, (id) => stems.state.strips[id]?.role ?? null)[0]?.name, "Drums");
    assert.deepEqual(groups.groupsOf(stems.session.strips, () => null).map(({ name }) => name), ["Tracks"]);
  });
});

describe("binary frames", () => {
  it("of meters are read, and what is too short or of another kind is not", () => {
    const meters = frames.silentMeters();
    const frame = bytes(meterFrame({ playing: true, position_s: 12.5, levels: [-20, -30.5] }));
    assert.ok(frames.readMeters(frame, meters, 7));
    assert.equal(meters.position_s, 12.5);
    assert.ok(meters.playing && !meters.waiting);
    assert.equal(meters.strips.length, 2 * frames.perStrip);
    assert.equal(meters.strips[frames.perStrip + frames.strip.faderHold], -18.5);
    assert.ok(Math.abs((meters.master[frames.master.load] ?? 0) - 0.17) < 1e-6);
    assert.equal(meters.count, 1);
    for (let length = 0; length < frame.byteLength; ++length) assert.ok(!frames.readMeters(frame.slice(0, length), meters, 8));
    assert.ok(!frames.readMeters(bytes(audioFrame({ playing: true, sequence: 0, position: 0, frames: 64, jumped: false, gain: 1 })), meters, 8));
    assert.equal(meters.at_ms, 7);
  });

  it("of the scope are read to their last point", () => {
    const scope = frames.silentScope();
    const buffer = scopeFrame({ playing: true, position_s: 3, strip: 65535 });
    buffer.writeInt16LE(-7777, buffer.length - 2);
    const frame = bytes(buffer);
    assert.ok(frames.readScope(frame, scope));
    assert.deepEqual([scope.bands.length, scope.band_holds.length, scope.fine.length, scope.band_width.length, scope.band_balance_db.length, scope.points.length], [31, 31, 256, 31, 31, 800]);
    assert.equal(scope.points.at(-1), -7777);
    assert.equal(scope.strip, frames.masterStrip);
    assert.ok(!frames.readScope(frame.slice(0, -1), scope));
  });

  it("of audio are read as they were written, in both formats", () => {
    const frame = bytes(audioFrame({ playing: true, sequence: 9, position: 4800, frames: 32, jumped: true, gain: 0.5 }));
    const block = frames.readAudio(frame);
    assert.ok(block?.playing && block.jumped);
    assert.deepEqual([block.sequence, block.position, block.frames, block.samples.length], [9, 4800, 32, 64]);
    const short = new DataView(new ArrayBuffer(28));
    [1, 2, 1, 1].forEach((value, i) => { short.setUint8(i, value); });
    short.setUint32(16, 1, true);
    short.setInt16(24, -32768, true);
    short.setInt16(26, 16384, true);
    assert.deepEqual([...(frames.readAudio(short.buffer)?.samples ?? [])], [-1, 0.5]);
    assert.equal(frames.readAudio(frame.slice(0, -1)), null);
  });
});

describe("the buffer before the sound card", () => {
  const quantum = 128;
  /** @param {InstanceType<typeof ring.Ring>} buffer @param {number} blocks */
  function pull(buffer, blocks) {
    const out = new Float32Array(blocks * quantum);
    const right = new Float32Array(quantum);
    for (let i = 0; i < blocks; ++i) buffer.pull(out.subarray(i * quantum, (i + 1) * quantum), right);
    return out;
  }
  /** A ramp that tells every frame apart. @param {number} from @param {number} frames */
  const ramp = (from, frames) => Float32Array.from({ length: 2 * frames }, (_, i) => (from + Math.floor(i / 2)) / 65536);

  it("waits for its lead, then passes every frame on untouched", () => {
    const buffer = new ring.Ring(96000, 2880, 1);
    buffer.push(ramp(0, 2048), true);
    assert.ok(pull(buffer, 4).every((value) => value === 0));
    buffer.push(ramp(2048, 2048), true);
    const out = pull(buffer, 16);
    for (let i = 96; i < out.length; ++i) assert.equal(out[i], Math.fround(i / 65536));
    assert.equal(buffer.underruns, 0);
  });

  it("counts running dry while playing, and neither a pause nor an end", () => {
    const buffer = new ring.Ring(96000, 1024, 1);
    buffer.push(ramp(0, 2048), true);
    pull(buffer, 20);
    assert.equal(buffer.underruns, 1);
    buffer.push(ramp(0, 2048), true);
    pull(buffer, 4);
    buffer.expect(false);
    pull(buffer, 20);
    assert.equal(buffer.underruns, 1);
  });

  it("plays what is left of a sound shorter than its lead, once it has ended", () => {
    const buffer = new ring.Ring(96000, 4096, 1);
    buffer.push(ramp(1000, 1024), false);
    assert.ok(pull(buffer, 8).some((value) => value !== 0));
  });

  it("fades out when it runs dry, without a step", () => {
    const buffer = new ring.Ring(96000, 512, 1);
    buffer.push(new Float32Array(2 * 600).fill(0.5), true);
    const out = pull(buffer, 8);
    for (let i = 1; i < out.length; ++i) assert.ok(Math.abs((out[i] ?? 0) - (out[i - 1] ?? 0)) < 0.03, String(i));
    assert.equal(out.at(-1), 0);
  });

  it("comes back to its lead when it is too full, by no more than 0.2 % of speed", () => {
    const buffer = new ring.Ring(96000, 2880, 1);
    const start = 12000;
    buffer.push(ramp(0, start), true);
    let blocks = 0;
    while (blocks < 60000 && buffer.fill > 1.3 * 2880) {
      pull(buffer, 1);
      buffer.push(ramp(0, quantum), true);
      ++blocks;
      assert.ok(start - buffer.fill <= 0.002 * quantum * blocks + 1);
    }
    assert.ok(buffer.fill <= 1.3 * 2880);
    assert.equal(buffer.underruns, 0);
  });

  it("resamples a sine to another rate with an error below -60 dB", () => {
    const buffer = new ring.Ring(96000, 30000, 48000 / 44100);
    buffer.push(Float32Array.from({ length: 2 * 60000 }, (_, i) => Math.sin((2 * Math.PI * 440 * Math.floor(i / 2)) / 48000)), true);
    const out = pull(buffer, 250);
    let worst = 0;
    for (let i = 200; i < out.length; ++i) worst = Math.max(worst, Math.abs((out[i] ?? 0) - Math.sin((2 * Math.PI * 440 * i) / 44100)));
    assert.ok(worst < 1e-3, String(worst));
  });

  it("keeps the newest where more comes than it holds", () => {
    const buffer = new ring.Ring(4096, 1024, 1);
    buffer.push(ramp(0, 10000), true);
    const out = pull(buffer, 4);
    assert.equal(out.at(-1), Math.fround((10000 - 1024 + 4 * quantum - 1) / 65536));
  });
});

describe("words", () => {
  it("know every role of the program, each once", () => {
    const source = readFileSync(new URL("../../../../src/session/role.cpp", import.meta.url), "utf8");
    const known = [...source.matchAll(/RoleInfo\{Role::\w+, "([^"]+)", Family::(\w+)/g)].map(([, name, family]) => `${family ?? ""} ${name ?? ""}`);
    assert.ok(known.length > 20);
    const offered = words.roles.flatMap(({ family, names }) => names.map((name) => `${family} ${name}`));
    assert.deepEqual(offered.sort(), known.sort());
  });

  it("give every family a letter of its own", () => {
    const letters = Object.values(words.familyLetters);
    assert.equal(new Set(letters).size, letters.length);
  });
});
