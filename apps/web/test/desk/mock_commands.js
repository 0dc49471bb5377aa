// SPDX-License-Identifier: MIT
// What the commands of the desk's API do to a state, as far as a page can tell.

/** @typedef {import("../../src/desk/protocol").Session} Session */
/** @typedef {import("../../src/desk/protocol").State} State */
/** @typedef {import("../../src/desk/protocol").Command} Command */
/** @typedef {Record<string, unknown>} Json */
/** @typedef {{ what: string, gesture: number | undefined, strips: State["strips"], strength: number | null }} Before */

/** A command that cannot be carried out. */
export class Wrong extends Error {}

/** @param {unknown} value @returns {value is Json} */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The merge patch from one document to another; undefined: they are the same.
 * @param {unknown} from
 * @param {unknown} to
 * @returns {unknown}
 */
export function difference(from, to) {
  if (!isObject(from) || !isObject(to)) return JSON.stringify(from) === JSON.stringify(to) ? undefined : to;
  /** @type {Json} */
  const patch = {};
  for (const key of Object.keys(from)) if (!(key in to)) patch[key] = null;
  for (const [key, value] of Object.entries(to)) {
    const part = difference(from[key], value);
    if (part !== undefined) patch[key] = part;
  }
  return Object.keys(patch).length > 0 ? patch : undefined;
}

/** Carries out commands, and remembers what to undo. */
export class MockModel {
  /** @type {Before[]} */
  #done = [];
  /** @type {Before[]} */
  #undone = [];
  /** @type {Map<string, State["strips"]>} */
  #slots = new Map();

  /**
   * @param {Session} session
   * @param {State} state
   */
  constructor(session, state) {
    this.session = session;
    this.state = state;
    this.loudness = new Map(Object.entries(state.strips).map(([id, { levels }]) => [id, levels?.fader_out?.integrated_lufs ?? -Infinity]));
    this.#slots.set("A", structuredClone(state.strips));
    this.predict();
  }

  /** Loudness of a strip's output now. @param {string} id */
  outputOf(id) {
    const strip = this.state.strips[id];
    if (strip === undefined || !strip.entered || strip.mute) return -Infinity;
    return (this.loudness.get(id) ?? -Infinity) + (strip.moved_db ?? (strip.fader_db === null ? -Infinity : 0));
  }

  predict() {
    const { prediction, target } = this.state;
    if (prediction === null || target === null) return;
    let power = 0;
    for (const { id, kind } of this.session.strips) {
      if (kind !== "track") continue;
      const { fader, trim } = this.session.strips.find((strip) => strip.id === id) ?? {};
      const strip = this.state.strips[id];
      if (strip === undefined) continue;
      const moved = (strip.fader_db ?? -Infinity) - (fader?.db ?? 0) + (trim ? (strip.trim_db ?? -Infinity) - (trim.db ?? 0) : 0);
      strip.moved_db = Number.isFinite(moved) ? Math.round(moved * 100) / 100 : null;
      power += 10 ** (((this.loudness.get(id) ?? -Infinity) + moved) / 10);
    }
    const loudness = power > 0 ? Math.round(100 * Math.max(-70, 10 * Math.log10(power))) / 100 : null;
    prediction.integrated_lufs = loudness;
    prediction.short_term_max_lufs = loudness === null ? null : loudness + 3.1;
    prediction.true_peak_dbtp = loudness === null ? null : loudness + 13.2;
    const under = (target.integrated_lufs ?? -14) - (loudness ?? -70);
    prediction.meets = Math.abs(under) < 0.2;
    prediction.raise_left_db = Math.max(0, (target.ceiling_dbtp ?? 0) - (prediction.true_peak_dbtp ?? -70));
    prediction.reachable = under <= prediction.raise_left_db + 0.05;
    prediction.verdict = prediction.meets ? `Meets ${target.name}` : `${Math.abs(under).toFixed(1)} LU ${under > 0 ? "under" : "over"} ${target.name}`;
  }

  /** @param {string | undefined} id */
  #strip(id) {
    const strip = this.state.strips[id ?? ""];
    if (strip === undefined) throw new Wrong(`There is no strip "${id ?? ""}".`);
    return strip;
  }

  /** @param {string} id */
  #name(id) {
    return this.session.strips.find((strip) => strip.id === id)?.name ?? id;
  }

  /**
   * @param {string} what
   * @param {number | undefined} gesture
   */
  #remember(what, gesture = undefined) {
    const last = this.#done.at(-1);
    if (gesture === undefined || last?.gesture !== gesture) {
      this.#done.push({ what, gesture, strips: structuredClone(this.state.strips), strength: this.state.strength_percent });
    }
    this.#undone = [];
    this.state.snapshot = null;
    this.#showUndo();
  }

  #showUndo() {
    this.state.undo = this.#done.at(-1)?.what ?? null;
    this.state.redo = this.#undone.at(-1)?.what ?? null;
    if (this.state.save !== null) this.state.save.dirty = this.#done.length > 0;
  }

  /** @param {Before[]} from @param {Before[]} to */
  #turn(from, to) {
    const last = from.pop();
    if (last === undefined) throw new Wrong("There is nothing to take back.");
    to.push({ ...last, strips: structuredClone(this.state.strips), strength: this.state.strength_percent });
    this.state.strips = last.strips;
    this.state.strength_percent = last.strength;
    this.#showUndo();
  }

  /** @param {Command} command */
  carryOut(command) {
    const { state } = this;
    switch (command.do) {
      case "gain": {
        const strip = this.#strip(command.strip);
        const stage = this.session.strips.find(({ id }) => id === command.strip)?.[command.stage];
        if (stage == null || !stage.writable) throw new Wrong(`The ${command.stage} of ${this.#name(command.strip)} cannot be written.`);
        if (command.db !== null && command.db > stage.greatest_db) throw new Wrong(`At most ${stage.greatest_db} dB.`);
        this.#remember(`${command.stage === "trim" ? "Trim" : "Fader"} of ${this.#name(command.strip)}`, command.gesture);
        if (command.stage === "trim") strip.trim_db = command.db;
        else strip.fader_db = command.db;
        state.strength_percent = null;
        break;
      }
      case "reset":
        this.#remember("Reset");
        for (const { id, trim, fader } of this.session.strips) {
          if (command.strip !== undefined && command.strip !== id) continue;
          const strip = this.#strip(id);
          if (command.stage !== "fader") strip.trim_db = trim?.db ?? null;
          if (command.stage !== "trim") strip.fader_db = fader?.db ?? null;
        }
        break;
      case "strength":
        this.#remember("Strength", command.gesture);
        state.strength_percent = command.percent;
        for (const { id, fader } of this.session.strips) {
          const strip = this.#strip(id);
          if (fader !== null && strip.plan_db !== null && !strip.lock) strip.fader_db = Math.min(fader.greatest_db, (fader.db ?? 0) + (strip.plan_db * command.percent) / 100);
        }
        break;
      case "mute":
        this.#strip(command.strip).mute = command.on;
        break;
      case "solo":
        if (command.only === true) for (const strip of Object.values(state.strips)) strip.solo = false;
        this.#strip(command.strip).solo = command.on;
        break;
      case "dim":
      case "mono":
        if (state.monitor !== null) state.monitor[command.do] = command.on;
        break;
      case "tap":
        if (state.monitor !== null) state.monitor.tap = command.strip === null ? null : { strip: command.strip, tap: command.tap ?? "fader_out" };
        break;
      case "role": {
        this.#remember(`Role of ${this.#name(command.strip)}`);
        const strip = this.#strip(command.strip);
        strip.role = { name: command.role ?? "kick", family: command.role === "bass" ? "bass" : "other", band: "mid", confidence: 1, source: "user" };
        break;
      }
      case "lock":
        this.#remember(`Lock of ${this.#name(command.strip)}`);
        this.#strip(command.strip).lock = command.on;
        break;
      case "focus":
        this.#remember("Focus");
        for (const [id, strip] of Object.entries(state.strips)) strip.focus = id === command.strip;
        break;
      case "range":
        this.#remember(`Range of ${this.#name(command.strip)}`);
        this.#strip(command.strip).range = command.low_db === null || command.high_db === null ? null : { low_db: command.low_db, high_db: command.high_db };
        break;
      case "group":
        this.#remember(`Group of ${this.#name(command.strip)}`);
        this.#strip(command.strip).group = command.group;
        break;
      case "target":
        state.target = "id" in command ? { id: command.id, name: command.id === "cd" ? "CD" : "Spotify", integrated_lufs: command.id === "cd" ? -9 : -14, ceiling_dbtp: command.id === "cd" ? -0.3 : -1 } : { id: null, name: "Own", integrated_lufs: command.integrated_lufs, ceiling_dbtp: command.ceiling_dbtp };
        break;
      case "step":
        this.#walk(command);
        break;
      case "undo":
        this.#turn(this.#done, this.#undone);
        break;
      case "redo":
        this.#turn(this.#undone, this.#done);
        break;
      case "store":
        this.#slots.set(command.slot, structuredClone(state.strips));
        state.snapshots[command.slot] = "12:34";
        state.snapshot = command.slot;
        break;
      case "recall": {
        const slot = this.#slots.get(command.slot);
        if (slot === undefined) throw new Wrong(`Snapshot ${command.slot} is empty.`);
        this.#remember(`Recall of ${command.slot}`);
        state.strips = structuredClone(slot);
        state.snapshot = command.slot;
        break;
      }
      case "compare":
        if (state.compare !== null) {
          const was = state.compare;
          const { on = was.on, blind = was.blind } = command;
          const isHidden = on && blind && (was.blind ? !was.revealed : true) && command.reveal !== true;
          const first = isHidden ? (was.blind ? was.hears : "x") : was.hears === "x" || was.hears === "y" ? (was.hears === "x" ? "before" : "after") : was.hears;
          const hears = command.hears ?? first;
          if (on && isHidden !== (hears === "x" || hears === "y")) throw new Wrong(`"${hears}" is not to be heard now.`);
          state.compare = on ? { on, blind, hears, matched_db: -1.3, revealed: !isHidden } : { on, blind: false, hears: "after", matched_db: 0, revealed: true };
        }
        break;
      case "clear_clips":
        for (const strip of Object.values(state.strips)) strip.clip = null;
        break;
      default:
    }
    this.predict();
  }

  /** @param {Extract<Command, { do: "step" }>} command */
  #walk({ step, respect }) {
    const { method } = this.state;
    if (method === null) throw new Wrong("There is no plan yet.");
    method.at = step;
    if (respect !== undefined) method.respect = respect;
    const at = method.steps.findIndex(({ id }) => id === step);
    const entered = new Set(method.steps.slice(0, at + 1).flatMap(({ tracks }) => tracks));
    for (const { id, kind } of this.session.strips) this.#strip(id).entered = step === null || kind !== "track" || entered.has(id);
  }
}
