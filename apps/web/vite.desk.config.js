// SPDX-License-Identifier: MIT
// The desk's page: desk.html beside its hashed parts, none of them inline, so that a policy of 'self' alone holds.
import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";

/** @type {import("vite").UserConfig} */
export default {
  root: fileURLToPath(new URL(".", import.meta.url)),
  build: {
    target: "es2022",
    outDir: "dist/desk",
    modulePreload: false,
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    rollupOptions: { input: "desk.html" },
  },
  plugins: [svelte()],
};
