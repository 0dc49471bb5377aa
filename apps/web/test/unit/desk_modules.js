// SPDX-License-Identifier: MIT
// The desk's modules that need no browser, for tests. Vite reads their TypeScript, as it does for the page.
import { fileURLToPath } from "node:url";
import { createServer } from "vite";

const server = await createServer({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  configFile: false,
  appType: "custom",
  logLevel: "error",
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, watch: null, ws: false },
});

/** @param {string} path of a module under src/desk @returns {Promise<unknown>} */
const load = (path) => server.ssrLoadModule(`/src/desk/${path}`);

export const merge = /** @type {typeof import("../../src/desk/merge")} */ (await load("merge.ts"));
export const frames = /** @type {typeof import("../../src/desk/frames")} */ (await load("frames.ts"));
export const law = /** @type {typeof import("../../src/desk/mixer/law")} */ (await load("mixer/law.ts"));
export const meterScale = /** @type {typeof import("../../src/desk/mixer/meter_scale")} */ (await load("mixer/meter_scale.ts"));
export const groups = /** @type {typeof import("../../src/desk/mixer/groups")} */ (await load("mixer/groups.ts"));
export const ring = /** @type {typeof import("../../src/desk/audio/ring")} */ (await load("audio/ring.ts"));
export const words = /** @type {typeof import("../../src/desk/words")} */ (await load("words.ts"));
export const connection = /** @type {typeof import("../../src/desk/connection")} */ (await load("connection.ts"));

await server.close();
