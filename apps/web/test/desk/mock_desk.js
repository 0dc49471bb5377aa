// SPDX-License-Identifier: MIT
// A desk's server by formula: speaks docs/desk-api.md to the built page, so that the page can be seen and tested alone.
// Run by itself, it serves until it is ended:  node test/desk/mock_desk.js [8|64] [PORT]
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { WebSocketServer } from "ws";
import { twelveTracks } from "../fixtures/reports.js";
import { difference, MockModel, Wrong } from "./mock_commands.js";
import { madeSession } from "./mock_session.js";
import { audioFrame, madeHistory, meterFrame, scopeFrame } from "./mock_signals.js";

/** @typedef {import("../../src/desk/protocol").Command} Command */
/** @typedef {import("ws").WebSocket} Socket */
/** @typedef {{ socket: Socket, listens: boolean, watches: string | null, sequence: number }} Page */

/** The folder of the built page: GAINSTAGE_DESK_DIST, or what `npm run desk` made. */
export const distPath = process.env["GAINSTAGE_DESK_DIST"] ?? fileURLToPath(new URL("../../dist/desk", import.meta.url));

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** @type {Record<string, string>} */
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
const targets = [
  { id: "spotify", name: "Spotify", integrated_lufs: -14, ceiling_dbtp: -1 },
  { id: "apple-music", name: "Apple Music", integrated_lufs: -16, ceiling_dbtp: -1 },
  { id: "ebu-r128", name: "EBU R 128", integrated_lufs: -23, ceiling_dbtp: -1 },
  { id: "cd", name: "CD", integrated_lufs: -9, ceiling_dbtp: -0.3 },
];
const block = 1024;

/**
 * @param {{ strips?: 8 | 64, port?: number, scope?: typeof scopeFrame, meters?: typeof meterFrame }} options frames of its own, for known pictures
 */
export async function mockDesk({ strips = 8, port = 0, scope = scopeFrame, meters = meterFrame } = {}) {
  const { session, state } = madeSession(strips);
  const model = new MockModel(session, state);
  const flow = session.strips.filter(({ kind }) => kind !== "vca");
  /** @type {Set<Page>} */
  const pages = new Set();
  /** @type {Command[]} */
  const commands = [];
  let told = structuredClone(state);
  const loudnessAtFirst = state.prediction?.integrated_lufs ?? 0;
  let revision = 1;
  let position = 0;
  let playedFrom = 0;
  let jumped = false;
  let clock_ms = performance.now();

  const http = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://desk").pathname;
    /** @type {Record<string, unknown>} */
    const documents = { session, state: model.state, report: twelveTracks(), history: madeHistory(session.duration_s, (model.state.prediction?.integrated_lufs ?? -70) - loudnessAtFirst), targets };
    const document = path.startsWith("/api/") ? documents[path.slice(5)] : undefined;
    response.setHeader("Content-Security-Policy", policy);
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    if (document !== undefined) {
      response.setHeader("Content-Type", "application/json").end(JSON.stringify(document));
      return;
    }
    const file = path === "/" ? "desk.html" : normalize(path).slice(1);
    readFile(join(distPath, file)).then(
      (bytes) => response.setHeader("Content-Type", types[extname(file)] ?? "application/octet-stream").end(bytes),
      () => response.writeHead(404).end(),
    );
  });

  const sockets = new WebSocketServer({ server: http, path: "/ws" });
  const say = (/** @type {Page} */ page, /** @type {unknown} */ message) => {
    page.socket.send(JSON.stringify(message));
  };

  function tellState() {
    const patch = difference(told, model.state);
    if (patch === undefined) return;
    const isLouder = told.prediction?.integrated_lufs !== model.state.prediction?.integrated_lufs;
    told = structuredClone(model.state);
    ++revision;
    for (const page of pages) {
      say(page, { event: "state", revision, patch });
      if (isLouder) say(page, { event: "history" });
    }
  }

  /** @param {Page} page @param {Command} command */
  function carryOut(page, command) {
    const { transport } = model.state;
    switch (command.do) {
      case "play":
        playedFrom = position;
        transport.playing = jumped = true;
        break;
      case "pause":
        transport.playing = false;
        break;
      case "stop":
        transport.playing = false;
        position = playedFrom;
        break;
      case "seek":
        position = Math.round(command.at_s * session.sample_rate_hz);
        jumped = true;
        break;
      case "loop":
        transport.loop = command.from_s === null || command.to_s === null ? null : { from_s: command.from_s, to_s: command.to_s };
        break;
      case "listen":
        page.listens = command.format !== null;
        break;
      case "watch":
        page.watches = command.strip;
        break;
      case "save":
        save();
        break;
      default:
        model.carryOut(command);
    }
    transport.position_s = position / session.sample_rate_hz;
  }

  function save() {
    let share = 0;
    const timer = setInterval(() => {
      share += 0.25;
      model.state.job = share < 1 ? { what: "Rendering the mix", share } : null;
      if (share >= 1) {
        clearInterval(timer);
        if (model.state.save !== null) model.state.save = { ...model.state.save, dirty: false, saved: [{ what: "mix", name: "song-mix.wav", sentence: "It is at \u221214.0 LUFS." }] };
      }
      tellState();
    }, 120);
  }

  sockets.on("connection", (socket) => {
    /** @type {Page} */
    const page = { socket, listens: false, watches: null, sequence: 0 };
    pages.add(page);
    say(page, { event: "session", session });
    say(page, { event: "state", revision, state: model.state });
    say(page, { event: "report" });
    say(page, { event: "history" });
    socket.on("close", () => pages.delete(page));
    socket.on("message", (data) => {
      /** @type {unknown} */
      const message = JSON.parse(Buffer.isBuffer(data) ? data.toString() : "null");
      const { id, ...command } = /** @type {Command & { id: number }} */ (message);
      if (command.do !== "heard") commands.push(/** @type {Command} */ (command));
      try {
        carryOut(page, /** @type {Command} */ (command));
        tellState();
        say(page, { re: id, ok: true });
      } catch (error) {
        if (!(error instanceof Wrong)) throw error;
        say(page, { re: id, error: { code: "usage", sentence: error.message } });
      }
    });
  });

  const timer = setInterval(() => {
    const { playing, loop } = model.state.transport;
    const now_ms = performance.now();
    // As many blocks as the clock has room for, at most a few after a stall.
    let blocks = Math.min(8, Math.floor(((now_ms - clock_ms) * session.sample_rate_hz) / 1000 / block));
    if (now_ms - clock_ms > 1000) clock_ms = now_ms;
    else clock_ms += (blocks * block * 1000) / session.sample_rate_hz;
    for (; playing && blocks > 0; --blocks) {
      for (const page of pages) {
        if (page.listens) page.socket.send(audioFrame({ playing, sequence: page.sequence++, position, frames: block, jumped, gain: model.state.monitor?.dim === true ? 0.01 : 0.1 }));
      }
      jumped = false;
      position += block;
      if (loop !== null && position >= loop.to_s * session.sample_rate_hz) {
        position = Math.round(loop.from_s * session.sample_rate_hz);
        jumped = true;
      }
    }
  }, 10);
  const meterTimer = setInterval(() => {
    const { playing } = model.state.transport;
    const position_s = position / session.sample_rate_hz;
    const frame = meters({ playing, position_s, levels: flow.map(({ id }) => model.outputOf(id)) });
    for (const page of pages) {
      page.socket.send(frame);
      if (page.watches === null) continue;
      const strip = page.watches === "master" ? 65535 : flow.findIndex(({ id }) => id === page.watches);
      page.socket.send(scope({ playing, position_s, strip }));
    }
  }, 1000 / 30);

  await new Promise((resolve) => http.listen(port, "127.0.0.1", () => { resolve(null); }));
  const bound = /** @type {import("node:net").AddressInfo} */ (http.address());
  return {
    address: `http://127.0.0.1:${bound.port}/`,
    session,
    model,
    /** All commands that came, but `heard`. */
    commands,
    tellState,
    /** Ends every connection, as a server that was killed. */
    drop() {
      for (const { socket } of pages) socket.terminate();
    },
    async close() {
      clearInterval(timer);
      clearInterval(meterTimer);
      for (const { socket } of pages) socket.terminate();
      sockets.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(() => { resolve(null); }));
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { address } = await mockDesk({ strips: process.argv[2] === "64" ? 64 : 8, port: Number(process.argv[3] ?? 0) });
  console.log(address);
}
