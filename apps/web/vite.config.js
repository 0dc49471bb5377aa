// SPDX-License-Identifier: MIT
// One HTML file comes out: the script and the styles are put into the page, so that a report is a file to send.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * Puts the one script and the one style sheet of the bundle into the page.
 * @returns {import("vite").Plugin}
 */
function selfContained() {
  return {
    name: "gainstage-self-contained",
    enforce: "post",
    generateBundle(_options, bundle) {
      const files = Object.values(bundle);
      const page = files.find((file) => file.fileName.endsWith(".html"));
      const script = files.find((file) => file.type === "chunk");
      const style = files.find((file) => file.fileName.endsWith(".css"));
      if (files.length !== 3 || page?.type !== "asset" || script?.type !== "chunk" || style?.type !== "asset") {
        throw new Error(`The page must be one script and one style sheet, found: ${Object.keys(bundle).join(", ")}`);
      }
      // "</script" within a string of the script would end it early; "<!--" would open a comment.
      const licence = readFileSync(new URL("node_modules/uplot/LICENSE", import.meta.url), "utf8");
      const code = script.code.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
      page.source = String(page.source)
        .replace(/\s*<script type="module"[^>]*><\/script>/, "")
        .replace(/\s*<link rel="stylesheet"[^>]*>/, () => `\n    <style>${String(style.source).trim()}</style>`)
        .replace("</html>", () => `</html>\n<!-- Time series are drawn by uPlot:\n${licence.trim()}\n-->`)
        .replace("</body>", () => `  <script type="module">${code.trim()}</script>\n  </body>`);
      for (const name of [script.fileName, style.fileName]) Reflect.deleteProperty(bundle, name);
    },
  };
}

/** @type {import("vite").UserConfig} */
export default {
  root: fileURLToPath(new URL(".", import.meta.url)),
  build: {
    target: "es2022",
    modulePreload: false,
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    rollupOptions: { input: "report.html" },
  },
  plugins: [selfContained()],
};
