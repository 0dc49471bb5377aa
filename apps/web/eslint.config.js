// SPDX-License-Identifier: MIT
import { fileURLToPath } from "node:url";
import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import svelte from "eslint-plugin-svelte";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

export default defineConfig(
  { ignores: ["dist/", "node_modules/"] },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: fileURLToPath(new URL(".", import.meta.url)),
        extraFileExtensions: [".svelte"],
      },
    },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-floating-promises": [
        "error",
        { allowForKnownSafeCalls: [{ from: "package", package: "node:test", name: ["describe", "it"] }] },
      ],
      // The type checker knows every name.
      "no-undef": "off",
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "Names come from files: set text, never markup." },
        { property: "outerHTML", message: "Names come from files: set text, never markup." },
        { property: "insertAdjacentHTML", message: "Names come from files: set text, never markup." },
      ],
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
    rules: {
      "svelte/no-at-html-tags": "error",
      // Types of components are known to svelte-check alone.
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      // What moves with every frame is written past the compiler.
      "svelte/no-dom-manipulating": "off",
      // A plain Map is right where nothing is drawn from it.
      "svelte/prefer-svelte-reactivity": "off",
      // The page's policy allows no style in markup; `style:` directives are set by script.
      "no-restricted-syntax": ["error", { selector: "SvelteAttribute[key.name='style']", message: "Use style: directives or classes." }],
      // Types say which props are never written to; the compiler needs `let` for those that are bound.
      "prefer-const": "off",
      "svelte/prefer-const": "error",
    },
  },
);
