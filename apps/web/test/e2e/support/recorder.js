// SPDX-License-Identifier: MIT
// What is put into a page before its own scripts run, to hear what its AudioWorklet is given. Playwright sends the
// function's text, so it may use nothing from outside of itself.

/**
 * @typedef {object} Recorder
 * @property {boolean} isOn
 * @property {{ at_ms: number, playing: boolean, samples: Float32Array }[]} blocks given to the worklet
 * @property {{ at_ms: number, first: number, jumped: boolean, frames: number, playing: boolean, underruns: number, sequence: number }[]} frames of audio from the server
 * @property {{ at_ms: number, fill: number, underruns: number }[]} reports of the worklet
 * @property {number} meters frames of meters that came
 * @property {number} asked commands that were sent
 * @property {number} answered replies that came
 */

/** @typedef {Awaited<ReturnType<typeof recorded>>} Recorded */

export function installRecorder() {
  /** @type {Recorder} */
  const recorder = { isOn: false, blocks: [], frames: [], reports: [], meters: 0, asked: 0, answered: 0 };
  Object.defineProperty(globalThis, "recorder", { value: recorder });

  const ports = /** @type {{ postMessage: (this: void, ...all: unknown[]) => void }} */ (/** @type {unknown} */ (MessagePort.prototype));
  ports.postMessage = new Proxy(ports.postMessage, {
    apply(post, port, /** @type {[{ playing?: boolean, samples?: unknown }]} */ all) {
      const [{ playing, samples }] = all;
      if (recorder.isOn && samples instanceof Float32Array) recorder.blocks.push({ at_ms: performance.now(), playing: playing === true, samples: samples.slice() });
      Reflect.apply(post, port, all);
    },
  });

  globalThis.AudioWorkletNode = class extends AudioWorkletNode {
    /** @param {ConstructorParameters<typeof AudioWorkletNode>} all */
    constructor(...all) {
      super(...all);
      this.port.addEventListener("message", (/** @type {MessageEvent<{ fill?: number, underruns?: number }>} */ { data }) => {
        if (data.fill !== undefined) recorder.reports.push({ at_ms: performance.now(), fill: data.fill, underruns: data.underruns ?? 0 });
      });
    }
  };

  globalThis.WebSocket = class extends WebSocket {
    /** @param {ConstructorParameters<typeof WebSocket>} all */
    constructor(...all) {
      super(...all);
      this.addEventListener("close", () => (recorder.answered = recorder.asked));
      this.addEventListener("message", (/** @type {MessageEvent<unknown>} */ { data }) => {
        if (typeof data === "string" && /^\{"(ok|error|re)"/.test(data)) ++recorder.answered;
        if (!(data instanceof ArrayBuffer)) return;
        const view = new DataView(data);
        if (view.getUint8(0) === 2) ++recorder.meters;
        if (view.getUint8(0) !== 1 || !recorder.isOn) return;
        const flags = view.getUint8(3);
        recorder.frames.push({
          at_ms: performance.now(), playing: (flags & 1) !== 0, jumped: (flags & 2) !== 0, sequence: view.getUint32(4, true),
          first: view.getFloat64(8, true), frames: view.getUint32(16, true), underruns: view.getUint32(20, true),
        });
      });
    }

    /**
     * @override
     * @param {string} data
     */
    send(data) {
      ++recorder.asked;
      super.send(data);
    }
  };
}

/** Begins to record. @param {import("playwright-core").Page} page */
export async function record(page) {
  await page.evaluate(() => {
    const { recorder } = /** @type {{ recorder: Recorder }} */ (/** @type {unknown} */ (globalThis));
    recorder.blocks.length = recorder.frames.length = recorder.reports.length = 0;
    recorder.isOn = true;
  });
}

/** Seconds of sound that were recorded since the server last played. @param {import("playwright-core").Page} page */
export async function recordedFrames(page) {
  return page.evaluate(() => {
    const { recorder } = /** @type {{ recorder: Recorder }} */ (/** @type {unknown} */ (globalThis));
    return recorder.blocks.reduce((sum, { playing, samples }) => sum + (playing ? samples.length / 2 : 0), 0);
  });
}

/**
 * Ends recording. Gives what the worklet was given, and each block's place in the session as its frame of the WebSocket
 * told: both lists are of the same blocks.
 * @param {import("playwright-core").Page} page
 */
export async function recorded(page) {
  const { text, blocks, frames, reports } = await page.evaluate(() => {
    const { recorder } = /** @type {{ recorder: Recorder }} */ (/** @type {unknown} */ (globalThis));
    recorder.isOn = false;
    const total = recorder.blocks.reduce((sum, { samples }) => sum + samples.length, 0);
    const all = new Float32Array(total);
    let at = 0;
    for (const { samples } of recorder.blocks) {
      all.set(samples, at);
      at += samples.length;
    }
    const bytes = new Uint8Array(all.buffer);
    let text = "";
    for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
    return {
      text: btoa(text), frames: recorder.frames, reports: recorder.reports,
      blocks: recorder.blocks.map(({ at_ms, playing, samples }) => ({ at_ms, playing, frames: samples.length / 2 })),
    };
  });
  const bytes = Buffer.from(text, "base64");
  const samples = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  return { samples, blocks, frames, reports };
}
