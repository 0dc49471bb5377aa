// SPDX-License-Identifier: MIT
// Loads the pages' modules for tests that run without a browser. Vite reads their TypeScript, as it does for the pages.
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

/** @param {string} path of a module under src/ @returns {Promise<unknown>} */
export const load = (path) => server.ssrLoadModule(`/src/${path}`);

/** After the last load: else the test would not end. */
export const finish = () => server.close();
