// SPDX-License-Identifier: MIT
// A desk's server as a user starts it: a process of its own, its address read from stderr, and its API for what a test
// must know without looking at a page.
import { spawn, execFile } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** @typedef {import("../../../src/desk/protocol").State} State */
/** @typedef {import("../../../src/desk/protocol").Session} Session */
/** @typedef {import("../../../src/desk/protocol").Command} Command */

/** The program under test: GAINSTAGE_PROGRAM, or that of the dev preset. */
export const program = process.env["GAINSTAGE_PROGRAM"] ?? fileURLToPath(new URL("../../../../../build/dev/apps/cli/gainstage", import.meta.url));

/** Machines that build at the same time are slow; what never happens is told after this. */
export const patience_ms = 60_000;

/** Runs the program to its end; gives its stdout. @param {string[]} args */
export async function gainstage(...args) {
  const { stdout } = await promisify(execFile)(program, args, { maxBuffer: 1 << 28 });
  return stdout;
}

/** What `gainstage measure` says of one file. @param {string} path */
export async function measured(path) {
  /** @type {unknown} */
  const answer = JSON.parse(await gainstage("measure", "--json", path));
  const [first] = /** @type {{ files: { measure: Record<string, number> }[] }} */ (answer).files;
  if (first === undefined) throw new Error(`gainstage measure --json ${path} measured nothing`);
  return first.measure;
}

export class DeskProcess {
  /**
   * @param {import("node:child_process").ChildProcess} child
   * @param {URL} entry the address that lets a browser in
   * @param {() => string} said all of stderr so far
   */
  constructor(child, entry, said) {
    this.child = child;
    this.entry = entry.href;
    this.origin = entry.origin;
    this.port = Number(entry.port);
    this.token = entry.searchParams.get("token") ?? "";
    this.said = said;
  }

  /** @param {string} path @param {RequestInit} [init] */
  fetch(path, init = {}) {
    return fetch(new URL(path, this.origin), { ...init, headers: { Authorization: `Bearer ${this.token}` } });
  }

  /** @param {string} name */
  async #document(name) {
    const answer = await this.fetch(`/api/${name}`);
    if (!answer.ok) throw new Error(`GET /api/${name}: ${answer.status} ${await answer.text()}`);
    /** @type {unknown} */
    const document = await answer.json();
    return document;
  }

  async state() {
    return /** @type {State} */ (await this.#document("state"));
  }

  async session() {
    return /** @type {Session} */ (await this.#document("session"));
  }

  async history() {
    return /** @type {import("../../../src/desk/protocol").History} */ (await this.#document("history"));
  }

  /** Id of a strip. @param {string} name */
  async id(name) {
    const { strips } = await this.session();
    const strip = strips.find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (strip === undefined) throw new Error(`no strip is called ${name}: ${strips.map((one) => one.name).join(", ")}`);
    return strip.id;
  }

  /** A command without a page. @param {Command} command */
  async command(command) {
    const answer = await this.fetch("/api/command", { method: "POST", body: JSON.stringify({ id: 1, ...command }) });
    if (!answer.ok) throw new Error(`${JSON.stringify(command)}: ${answer.status} ${await answer.text()}`);
  }

  /**
   * Waits until the state is so; gives it.
   * @param {(state: State) => boolean} isSo
   * @param {string} what for the sentence when it never is
   * @param {number} [limit_ms]
   */
  async until(isSo, what, limit_ms = patience_ms) {
    const end = performance.now() + limit_ms;
    for (;;) {
      const state = await this.state();
      if (isSo(state)) return state;
      if (state.phase === "failed") throw new Error(`the desk failed: ${state.failure ?? ""}`);
      if (performance.now() > end) throw new Error(`never came: ${what}; phase ${state.phase}, ${JSON.stringify(state.progress)}`);
      await sleep(50);
    }
  }

  ready() {
    return this.until(({ phase, prediction }) => phase === "ready" && prediction !== null, "a desk that is ready");
  }

  /** Resident memory. */
  async rss_bytes() {
    const status = await readFile(join("/proc", String(this.child.pid), "status"), "utf8");
    return 1024 * Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]);
  }

  /** Time that all its threads took so far. */
  async cpu_s() {
    const fields = (await readFile(join("/proc", String(this.child.pid), "stat"), "utf8")).split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }

  get isRunning() {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** @param {NodeJS.Signals} signal */
  async #end(signal) {
    if (!this.isRunning) return;
    const gone = once(this.child, "exit");
    this.child.kill(signal);
    await gone;
  }

  /** As Ctrl-C does; gives the exit code. */
  async stop() {
    await this.#end("SIGINT");
    return this.child.exitCode;
  }

  /** As a crash does. */
  kill() {
    return this.#end("SIGKILL");
  }
}

/** @type {Set<DeskProcess>} */
const running = new Set();
process.on("exit", () => {
  for (const { child } of running) child.kill("SIGKILL");
});

/**
 * Starts `gainstage desk` and waits for its address.
 * @param {string} session
 * @param {{ args?: string[], env?: Record<string, string>, port?: number }} [options]
 */
export async function startDesk(session, { args = [], env = {}, port = 0 } = {}) {
  const child = spawn(program, ["desk", session, "--port", String(port), "--no-open", ...args], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...env },
  });
  let text = "";
  const desk = await new Promise((/** @type {(desk: DeskProcess) => void} */ resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`gainstage desk printed no address: ${text}`));
    }, patience_ms);
    child.stderr.setEncoding("utf8").on("data", (/** @type {string} */ more) => {
      text += more;
      const address = /http:\/\/\S+\?token=\S+/.exec(text)?.[0];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(new DeskProcess(child, new URL(address), () => text));
    });
    child.on("exit", (code) => {
      clearTimeout(timer);
      reject(new Error(`gainstage desk ended with ${code ?? "a signal"}: ${text}`));
    });
  });
  running.add(desk);
  child.on("exit", () => running.delete(desk));
  return desk;
}
