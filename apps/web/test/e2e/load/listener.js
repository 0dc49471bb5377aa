// SPDX-License-Identifier: MIT
// A page without a browser: listens to the sound, counts it, and sends commands.
import { once } from "node:events";
import { WebSocket } from "ws";

/** @typedef {import("../../../src/desk/protocol").Command} Command */

export class Listener {
  frames = 0;
  underruns = 0;
  /** Blocks that were left out for this listener. */
  dropped = 0;
  sent = 0;
  refused = 0;
  #id = 0;
  /** @type {number | null} */
  #sequence = null;

  /** @param {WebSocket} socket */
  constructor(socket) {
    this.socket = socket;
    socket.on("message", (/** @type {Buffer} */ data, /** @type {boolean} */ isBinary) => {
      if (!isBinary) {
        if (/^\{"(re|error)"/.test(data.toString("utf8", 0, 10)) && data.includes('"error"')) ++this.refused;
        return;
      }
      if (data[0] === 2) this.underruns = data.readUInt32LE(4);
      if (data[0] !== 1) return;
      const sequence = data.readUInt32LE(4);
      if (this.#sequence !== null) this.dropped += sequence - this.#sequence - 1;
      this.#sequence = sequence;
      if (((data[3] ?? 0) & 1) !== 0) this.frames += data.readUInt32LE(16);
    });
  }

  /** @param {import("../support/desk_process.js").DeskProcess} desk */
  static async open(desk) {
    const socket = new WebSocket(`ws://127.0.0.1:${desk.port}/ws`, { headers: { Authorization: `Bearer ${desk.token}` } });
    const listener = new Listener(socket);
    await once(socket, "open");
    return listener;
  }

  /** @param {Command} command */
  send(command) {
    ++this.sent;
    this.socket.send(JSON.stringify({ id: ++this.#id, ...command }));
  }

  close() {
    this.socket.close();
  }
}
