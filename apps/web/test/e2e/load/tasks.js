// SPDX-License-Identifier: MIT
// What a page's main thread did, task by task, from Chromium's own trace. A task that is interrupted by other programs takes
// long by the clock on the wall; what it takes of a processor is its own.

import { writeFile } from "node:fs/promises";

/** @typedef {{ wall_ms: number, cpu_ms: number }} Task */
/** @typedef {{ name: string, ph: string, pid: number, tid: number, dur?: number, tdur?: number, args: { name?: string } }} TraceEvent */

/** @param {import("playwright-core").Browser} browser @param {import("playwright-core").Page} page */
export async function beginTrace(browser, page) {
  await browser.startTracing(page, { categories: ["__metadata", "disabled-by-default-devtools.timeline"] });
}

/** Ends the trace; gives the tasks of the page's main thread. @param {import("playwright-core").Browser} browser @param {string} [file] keeps the trace */
export async function endTrace(browser, file) {
  const trace = await browser.stopTracing();
  if (file !== undefined) await writeFile(file, trace);
  return tasksOf(trace.toString());
}

/** @param {string} trace as JSON @returns {Task[]} */
export function tasksOf(trace) {
  /** @type {unknown} */
  const read = JSON.parse(trace);
  const { traceEvents } = /** @type {{ traceEvents: TraceEvent[] }} */ (read);
  const threadOf = (/** @type {TraceEvent} */ { pid, tid }) => `${pid}.${tid}`;
  /** @type {Map<string, Task[]>} of each renderer's main thread */
  const threads = new Map(traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map((event) => [threadOf(event), []]));
  for (const event of traceEvents) {
    const tasks = threads.get(threadOf(event));
    if (tasks === undefined || event.name !== "RunTask" || event.ph !== "X" || event.dur === undefined) continue;
    if (event.tdur === undefined) throw new Error("the trace does not say what a task took of a processor");
    // The clock of a thread's own time goes on in ticks of the system: it may say more than the whole task took.
    tasks.push({ wall_ms: event.dur / 1000, cpu_ms: Math.min(event.dur, event.tdur) / 1000 });
  }
  // Chromium keeps a renderer in hand that does nothing.
  const [busiest = []] = [...threads.values()].sort((a, b) => b.length - a.length);
  if (busiest.length === 0) throw new Error("the trace has no task of a page");
  return busiest;
}
