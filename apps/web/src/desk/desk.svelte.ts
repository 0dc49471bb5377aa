// SPDX-License-Identifier: MIT
// The page's one store: what the server says, what this page alone knows, and everything that can be done.
import { SvelteMap } from "svelte/reactivity";
import { onFrame, type Draw } from "../base/frame_loop";
import type { Report } from "../report/types";
import { type AudioStatus, Player, silentStatus } from "./audio/player";
import { Connection, type Link, Refused } from "./connection";
import { type Meters, readAudio, readMeters, readScope, type Scope, silentMeters, silentScope } from "./frames";
import { become, mergePatch } from "./merge";
import {
  type Command, type Decibels, emptyState, type History, noSession, type ServerMessage, type Session, type StageName, type State, type Strip,
  type StripState, type Tap, type Target,
} from "./protocol";
import { Settings } from "./settings.svelte";

/** Something to tell the user that is not part of the state. */
export interface Notice {
  readonly id: number;
  readonly sentence: string;
  readonly kind: "error" | "news";
}

/** Commands of a gesture are at least this far apart. */
const gestureGap_ms = 16;
const noticeTime_ms = 7000;

type StateMessage = Extract<ServerMessage, { event: "state" }>;

interface Moving {
  /** Replies that are still to come. */
  waiting: number;
  isHeld: boolean;
  timer: ReturnType<typeof setTimeout> | undefined;
  lastSent_ms: number;
  command: (() => Command) | null;
}

export class Desk {
  /** What the desk is made of. Replaced whole. */
  session = $state.raw<Session>(noSession);
  /** What every page sees alike. Changed in place, so that only what changed is drawn again. */
  state = $state<State>(emptyState());
  link = $state<Link>("connecting");
  /** False until the server has said what there is. */
  isKnown = $state(false);
  /** Id of the strip that views show and keys act on; null is the mix. */
  selected = $state<string | null>(null);
  notices = $state<Notice[]>([]);
  audio = $state<AudioStatus>(silentStatus());
  history = $state.raw<History | null>(null);
  report = $state.raw<Report | null>(null);
  targets = $state.raw<readonly Target[]>([]);
  readonly settings = new Settings();

  /** The newest of each, written over by the next: read them in a frame callback. */
  readonly meters: Meters = silentMeters();
  readonly scope: Scope = silentScope();

  readonly #connection: Connection;
  readonly #player: Player;
  readonly #held = new SvelteMap<string, Decibels>();
  readonly #moving = new Map<string, Moving>();
  #strips = $derived(new Map(this.session.strips.map((strip) => [strip.id, strip])));
  #places = $derived(new Map(this.session.strips.filter(({ kind }) => kind !== "vca").map(({ id }, i) => [id, i])));
  #revision = 0;
  /** States that came and are not yet shown. */
  readonly #untaken: StateMessage[] = [];
  #takeLater: (() => void) | null = null;
  #watched: Extract<Command, { do: "watch" }> | null = null;
  /** Where this page has just gone to, until the meters say so too; not past a second. */
  #sought: { at_s: number; until_ms: number; answered_ms: number } | null = null;
  #lastLoop: { from_s: number; to_s: number } | null = null;
  #nextNotice = 1;
  #nextGesture = 1;
  // Pages choose their gestures apart from each other.
  readonly #gestureBase = Math.floor(Math.random() * 2 ** 31) * 2 ** 20;

  constructor(address: string) {
    this.#player = new Player(
      (status) => {
        this.audio = status;
      },
      (command) => {
        if (this.#connection.isOpen) void this.#connection.send(command).catch(() => undefined);
      },
    );
    this.#connection = new Connection(address, {
      onLink: (link) => {
        this.#onLink(link);
      },
      onMessage: (message) => {
        this.#onMessage(message);
      },
      onReply: () => {
        this.#takeStates();
      },
      onFrame: (frame) => {
        this.#onBinary(frame);
      },
    });
    void this.#load<Target[]>("targets").then((targets) => (this.targets = targets ?? []));
    // A page that is opened while it plays sounds from the first act of its user.
    const onAct = (): void => {
      if (!this.isKnown) return;
      removeEventListener("pointerdown", onAct, true);
      removeEventListener("keydown", onAct, true);
      if (this.state.transport.playing) void this.#player.start(this.session.sample_rate_hz);
    };
    addEventListener("pointerdown", onAct, true);
    addEventListener("keydown", onAct, true);
    addEventListener("online", () => {
      this.#connection.hurry();
    });
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#connection.hurry();
    });
  }

  // --- Asking ---

  strip(id: string): Strip | undefined {
    return this.#strips.get(id);
  }

  stripState(id: string): StripState | undefined {
    return this.state.strips[id];
  }

  /** Index of a strip's figures in `meters.strips`, in strips; null for a VCA. */
  place(id: string): number | null {
    return this.#places.get(id) ?? null;
  }

  /** Where a stage stands: under the hand that moves it now, or as the server has it. */
  levelOf(id: string, stage: StageName): Decibels {
    const key = `${id}.${stage}`;
    const held = this.#held.get(key);
    if (held !== undefined) return held;
    const state = this.state.strips[id];
    return (stage === "trim" ? state?.trim_db : state?.fader_db) ?? null;
  }

  /** Whether a hand moves a stage of the strip now. */
  isHeld(id: string): boolean {
    return this.#held.has(`${id}.trim`) || this.#held.has(`${id}.fader`);
  }

  get strength_percent(): number | null {
    const held = this.#held.get("strength");
    return held === undefined ? this.state.strength_percent : held;
  }

  /** Seconds into the session of what is heard now. For frame callbacks. */
  position_s(now_ms: number): number {
    const { playing, position_s, at_ms } = this.meters;
    if (this.link !== "open" || at_ms === 0) return this.state.transport.position_s;
    if (this.#sought !== null) {
      const since_s = position_s - this.#sought.at_s;
      const isPast = this.state.transport.playing && since_s > 0 && since_s < 0.3;
      const isThere = at_ms > this.#sought.answered_ms && (Math.abs(since_s) < 0.001 || isPast);
      if (!isThere && now_ms < this.#sought.until_ms) return this.#sought.at_s;
      this.#sought = null;
    }
    if (!playing) return position_s;
    // Meters come 30 times a second; in between the clock goes on, but not past a stall.
    const since_s = Math.min(0.2, Math.max(0, now_ms - at_ms) / 1000);
    return Math.min(this.session.duration_s, position_s + since_s);
  }

  /** As onFrame() of the frames' loop: about thirty times a second. */
  onFrame(draw: Draw): () => void {
    return onFrame(draw);
  }

  // --- Doing ---

  /** Carries out a command. A refusal is told to the user, and gives false. */
  async send(command: Command): Promise<boolean> {
    const sentence = await this.trying(command);
    if (sentence !== "") this.tell(sentence, "error");
    return sentence === "";
  }

  /** Carries out a command. Gives the sentence of a refusal, for who shows it himself; empty: it is done. */
  async trying(command: Command): Promise<string> {
    try {
      await this.#connection.send(command);
      return "";
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return error.message;
    }
  }

  tell(sentence: string, kind: Notice["kind"] = "news"): void {
    if (this.notices.some((notice) => notice.sentence === sentence)) return;
    const id = this.#nextNotice++;
    this.notices.push({ id, sentence, kind });
    setTimeout(() => {
      this.dismiss(id);
    }, noticeTime_ms);
  }

  dismiss(id: number): void {
    this.notices = this.notices.filter((notice) => notice.id !== id);
  }

  /** A number that makes one undo of all moves that carry it. */
  gesture(): number {
    return this.#gestureBase + this.#nextGesture++;
  }

  /** Moves a stage. It shows at once where it was put, and stays there until release() and the server's last answer. */
  move(strip: string, stage: StageName, db: Decibels, gesture: number): void {
    this.#hold(`${strip}.${stage}`, db, () => ({ do: "gain", strip, stage, db, gesture }));
  }

  /** Ends a move that began with move(). */
  release(strip: string, stage: StageName): void {
    this.#letGo(`${strip}.${stage}`);
  }

  moveStrength(percent: number, gesture: number): void {
    this.#hold("strength", percent, () => ({ do: "strength", percent, gesture }));
  }

  releaseStrength(): void {
    this.#letGo("strength");
  }

  /** What the scope shows from now on, also after a lost connection; null is nothing, "master" the mix. */
  watch(strip: string | null, tap: Tap = "fader_out"): void {
    const isSame = this.#watched?.strip === strip && this.#watched.tap === tap;
    if (isSame) return;
    this.#watched = strip === null ? { do: "watch", strip } : { do: "watch", strip, tap };
    if (this.#connection.isOpen) void this.send(this.#watched);
  }

  async togglePlay(): Promise<void> {
    if (this.state.transport.playing) {
      await this.send({ do: "pause" });
      return;
    }
    // Browsers want a user's own act before anything sounds: this is one.
    await this.#player.start(this.session.sample_rate_hz);
    await this.send({ do: "play" });
  }

  /** Whether this page sounds; others go on as they are. */
  async toggleSound(): Promise<void> {
    if (this.audio.isOn) await this.#player.stop();
    else await this.#player.start(this.session.sample_rate_hz);
  }

  seek(at_s: number): void {
    const to_s = Math.min(this.session.duration_s, Math.max(0, at_s));
    const sought = { at_s: to_s, until_ms: performance.now() + 1000, answered_ms: Infinity };
    this.#sought = sought;
    void this.send({ do: "seek", at_s: to_s }).finally(() => (sought.answered_ms = performance.now()));
  }

  /** Ends the loop, or goes round the last one again; the first time it is eight seconds from here. */
  toggleLoop(): void {
    const { loop } = this.state.transport;
    if (loop !== null) {
      this.#lastLoop = { from_s: loop.from_s, to_s: loop.to_s };
      void this.send({ do: "loop", from_s: null, to_s: null });
      return;
    }
    const from_s = this.position_s(performance.now());
    const { from_s: from, to_s: to } = this.#lastLoop ?? { from_s, to_s: Math.min(this.session.duration_s, from_s + 8) };
    void this.send({ do: "loop", from_s: from, to_s: to });
  }

  /** Goes to a place of a strip, a moment before it, so that it is heard coming. */
  jumpTo(at_s: number, strip: string | null = null): void {
    if (strip !== null) this.selected = strip;
    this.seek(Math.max(0, at_s - 0.5));
  }

  select(strip: string | null): void {
    this.selected = strip;
  }

  // --- From the server ---

  #onLink(link: Link): void {
    this.link = link;
    if (link !== "open") return;
    if (this.#watched !== null) void this.send(this.#watched);
    this.#player.listenAgain();
  }

  #onMessage(message: Exclude<ServerMessage, { re: number }>): void {
    if (message.event !== "state") this.#takeStates();
    switch (message.event) {
      case "session":
        this.session = message.session;
        this.isKnown = true;
        document.title = `${message.session.name} \u00b7 Gainstage desk`;
        break;
      case "state":
        this.#untaken.push(message);
        if (this.#mayWait(message)) this.#takeLater ??= onFrame(() => {
          this.#takeStates();
        });
        else this.#takeStates();
        break;
      case "report":
        void this.#load<Report>("report").then((report) => (this.report = report));
        break;
      case "history":
        void this.#load<History>("history").then((history) => (this.history = history));
        break;
    }
  }

  /**
   * Who only looks on takes what others move in the frames of pictures, however often it comes. Nothing waits under the
   * user's own hand, where it is to be seen in the same frame.
   */
  #mayWait(message: StateMessage): boolean {
    return message.state === undefined && this.#moving.size === 0 && !document.hidden;
  }

  /** All that came, in its order. */
  #takeStates(): void {
    this.#takeLater?.();
    this.#takeLater = null;
    for (const message of this.#untaken.splice(0)) {
      this.#revision = message.revision;
      if (message.state !== undefined) become(this.state, message.state);
      else mergePatch(this.state, message.patch);
    }
  }

  get revision(): number {
    return this.#revision;
  }

  #onBinary(frame: ArrayBuffer): void {
    switch (frame.byteLength > 0 ? new DataView(frame).getUint8(0) : 0) {
      case 1: {
        const block = readAudio(frame);
        if (block !== null) this.#player.take(block);
        break;
      }
      case 2:
        readMeters(frame, this.meters, performance.now());
        this.#player.expect(this.meters.playing && !this.meters.waiting);
        break;
      case 3:
        readScope(frame, this.scope);
        break;
      default:
    }
  }

  async #load<T>(what: string): Promise<T | null> {
    try {
      const response = await fetch(`/api/${what}`);
      return response.ok ? ((await response.json()) as T) : null;
    } catch {
      // The connection's own state says that the server is away.
      return null;
    }
  }

  // --- Moves ---

  #hold(key: string, value: Decibels, command: () => Command): void {
    this.#held.set(key, value);
    const moving = this.#moving.get(key) ?? { waiting: 0, isHeld: true, timer: undefined, lastSent_ms: 0, command: null };
    this.#moving.set(key, moving);
    moving.isHeld = true;
    moving.command = command;
    if (moving.timer !== undefined) return;
    const wait_ms = moving.lastSent_ms + gestureGap_ms - performance.now();
    if (wait_ms <= 0) this.#sendMove(key, moving);
    else {
      moving.timer = setTimeout(() => {
        this.#sendMove(key, moving);
      }, wait_ms);
    }
  }

  #sendMove(key: string, moving: Moving): void {
    clearTimeout(moving.timer);
    moving.timer = undefined;
    const command = moving.command?.();
    moving.command = null;
    if (command !== undefined) {
      ++moving.waiting;
      moving.lastSent_ms = performance.now();
      void this.send(command).then(() => {
        --moving.waiting;
        this.#settle(key, moving);
      });
    }
  }

  #letGo(key: string): void {
    const moving = this.#moving.get(key);
    if (moving === undefined) return;
    moving.isHeld = false;
    if (moving.timer !== undefined) this.#sendMove(key, moving);
    this.#settle(key, moving);
  }

  /** A reply comes after the state it made: with the last one the server's word holds again. */
  #settle(key: string, moving: Moving): void {
    if (moving.isHeld || moving.waiting > 0) return;
    this.#moving.delete(key);
    this.#held.delete(key);
  }
}
