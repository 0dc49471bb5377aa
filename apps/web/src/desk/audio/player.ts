// SPDX-License-Identifier: MIT
// Sound: asks the server for the mix and hands its blocks to the audio thread.
import type { AudioBlock } from "../frames";
import type { Command } from "../protocol";
import workletAddress from "./worklet.ts?worker&url";
import type { FromWorklet, ToWorklet, WorkletOptions } from "./worklet_messages";

export interface AudioStatus {
  readonly isOn: boolean;
  /** How full the buffer is. */
  readonly fill_ms: number;
  /** Times the page's buffer ran dry while it should not. */
  readonly underruns: number;
  /** Blocks the server had to leave out for this page. */
  readonly dropped: number;
  /** Why nothing sounds, if so. */
  readonly problem: string | null;
}

export function silentStatus(): AudioStatus {
  return { isOn: false, fill_ms: 0, underruns: 0, dropped: 0, problem: null };
}

/** How full the buffer is kept: what a fader takes to be heard, next to the sound card's own part. */
const firstLead_ms = 60;
/** A page that runs dry twice within so long a time asks for half as much again, up to the longest. */
const patience_ms = 10000;
const longestLead_ms = 240;
/** A browser without a sound card may wait for one for ever. */
const soundPatience_ms = 1000;

export class Player {
  #lead_ms = firstLead_ms;
  #ranDry_ms = -Infinity;
  #context: AudioContext | null = null;
  #node: AudioWorkletNode | null = null;
  #starting: Promise<void> | null = null;
  #status = silentStatus();
  #sequence: number | null = null;
  readonly #onStatus: (status: AudioStatus) => void;
  readonly #send: (command: Command) => void;

  constructor(onStatus: (status: AudioStatus) => void, send: (command: Command) => void) {
    this.#onStatus = onStatus;
    this.#send = send;
  }

  /** Must be called from a user's act the first time: browsers let nothing sound before. Comes back without sound where the
   * browser is not ready for it soon; it sounds when it is. */
  async start(sample_rate_hz: number): Promise<void> {
    const late = new Promise<"late">((resolve) => setTimeout(resolve, soundPatience_ms, "late"));
    if ((await Promise.race([this.#sound(sample_rate_hz), late])) === "late") {
      this.#show({ problem: "This browser has no sound yet: it waits for a sound card" });
    }
  }

  async #sound(sample_rate_hz: number): Promise<void> {
    this.#starting ??= this.#open(sample_rate_hz);
    await this.#starting;
    if (this.#context === null || this.#status.isOn) return;
    this.#show({ isOn: true });
    await this.#context.resume();
    this.#show({ problem: null });
    this.listenAgain();
  }

  /** This page is silent from now on; others may sound. */
  async stop(): Promise<void> {
    if (!this.#status.isOn) return;
    this.#show({ isOn: false, fill_ms: 0 });
    this.#send({ do: "listen", format: null });
    await this.#context?.suspend();
  }

  /** After a new connection. */
  listenAgain(): void {
    this.#sequence = null;
    if (this.#status.isOn) this.#send({ do: "listen", format: "float32", lead_ms: this.#lead_ms });
  }

  /** Passes a block on to the audio thread. */
  take(block: AudioBlock): void {
    const missing = this.#sequence === null ? 0 : block.sequence - this.#sequence - 1;
    this.#sequence = block.sequence;
    if (missing > 0) this.#show({ dropped: this.#status.dropped + missing });
    if (this.#node === null || !this.#status.isOn) return;
    const samples = block.samples.slice();
    const message: ToWorklet = { playing: block.playing, samples };
    this.#node.port.postMessage(message, [samples.buffer]);
  }

  /** Whether the server plays: a buffer that runs dry when it does not is no fault. */
  expect(playing: boolean): void {
    this.#tell({ playing });
  }

  async #open(sample_rate_hz: number): Promise<void> {
    try {
      const context = newContext(sample_rate_hz);
      await context.audioWorklet.addModule(workletAddress);
      const processorOptions: WorkletOptions = { sample_rate_hz, lead_ms: this.#lead_ms };
      const node = new AudioWorkletNode(context, "gainstage-playback", {
        numberOfInputs: 0, numberOfOutputs: 1, outputChannelCount: [2], processorOptions,
      });
      node.port.onmessage = ({ data }: MessageEvent<FromWorklet>) => {
        if (!this.#status.isOn) return;
        const fill_ms = (1000 * data.fill) / sample_rate_hz;
        if (data.underruns > this.#status.underruns) this.#onRanDry();
        // Shown coarsely, so that a page that only listens draws nothing.
        this.#show({ fill_ms: 10 * Math.round(fill_ms / 10), underruns: data.underruns });
        this.#send({ do: "heard", fill_ms, underruns: data.underruns });
      };
      node.connect(context.destination);
      this.#context = context;
      this.#node = node;
    } catch (error) {
      this.#starting = null;
      const reason = error instanceof Error ? error.message : String(error);
      this.#show({ problem: `This browser does not let the desk sound: ${reason}` });
    }
  }

  /** A machine that is busy needs more in hand. */
  #onRanDry(): void {
    const now_ms = performance.now();
    const isOften = now_ms - this.#ranDry_ms < patience_ms;
    this.#ranDry_ms = now_ms;
    if (!isOften || this.#lead_ms >= longestLead_ms) return;
    this.#ranDry_ms = -Infinity;
    this.#lead_ms = Math.min(longestLead_ms, 1.5 * this.#lead_ms);
    this.#tell({ lead_ms: this.#lead_ms });
    this.listenAgain();
  }

  #tell(message: ToWorklet): void {
    this.#node?.port.postMessage(message);
  }

  #show(change: Partial<AudioStatus>): void {
    const next = { ...this.#status, ...change };
    const isNews = Object.entries(next).some(([key, value]) => this.#status[key as keyof AudioStatus] !== value);
    this.#status = next;
    if (isNews) this.#onStatus(next);
  }
}

/** At the session's rate, so that the browser resamples once and well; at its own where it refuses. */
function newContext(sample_rate_hz: number): AudioContext {
  try {
    return new AudioContext({ sampleRate: sample_rate_hz, latencyHint: "interactive" });
  } catch {
    return new AudioContext({ latencyHint: "interactive" });
  }
}
