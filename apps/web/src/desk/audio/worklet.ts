// SPDX-License-Identifier: MIT
// Runs on the browser's audio thread: takes blocks from the page, gives them to the sound card.
import { Ring } from "./ring";
import type { FromWorklet, ToWorklet, WorkletOptions } from "./worklet_messages";

// What an AudioWorkletGlobalScope offers; TypeScript's libraries know only a window's.
declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new (options: { processorOptions: WorkletOptions }) => AudioWorkletProcessor): void;

const reports_per_s = 5;

class Playback extends AudioWorkletProcessor {
  readonly #ring: Ring;
  #sinceReport = 0;

  constructor({ processorOptions }: { processorOptions: WorkletOptions }) {
    super();
    const { sample_rate_hz, lead_ms } = processorOptions;
    const framesOf = (time_ms: number): number => Math.round((sample_rate_hz * time_ms) / 1000);
    this.#ring = new Ring(2 * sample_rate_hz, framesOf(lead_ms), sample_rate_hz / sampleRate);
    this.port.onmessage = ({ data }: MessageEvent<ToWorklet>) => {
      if (data.lead_ms !== undefined) this.#ring.lead = framesOf(data.lead_ms);
      else if (data.samples === undefined) this.#ring.expect(data.playing);
      else this.#ring.push(data.samples, data.playing);
    };
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const [left, right] = outputs[0] ?? [];
    if (left === undefined || right === undefined) return true;
    this.#ring.pull(left, right);
    this.#sinceReport += left.length;
    if (this.#sinceReport * reports_per_s >= sampleRate) {
      this.#sinceReport = 0;
      const report: FromWorklet = { fill: this.#ring.fill, underruns: this.#ring.underruns };
      this.port.postMessage(report);
    }
    return true;
  }
}

registerProcessor("gainstage-playback", Playback);
