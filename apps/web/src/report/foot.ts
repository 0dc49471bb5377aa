// SPDX-License-Identifier: MIT
// What the report was made with: every option and its value, and the version.
import { h } from "../base/dom";
import { absent } from "../base/format";
import type { Report } from "./types";

export function footView(report: Report): HTMLElement {
  const options = Object.entries(report.gainstage.options ?? {});
  return h(
    "footer",
    { class: "foot" },
    options.length === 0
      ? null
      : h(
          "details",
          { class: "options" },
          h("summary", null, `Options used (${options.length})`),
          h("dl", null, options.map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, optionText(value))))),
        ),
    h("p", null, `Gainstage ${report.gainstage.version}. ${report.schema}. This file holds everything it shows and loads nothing.`),
  );
}

/** A value as one would write it: lists with commas, groups and ranges as name=value. */
export function optionText(value: unknown): string {
  if (value === null || value === undefined || value === "") return absent;
  if (Array.isArray(value)) return value.length === 0 ? absent : value.map(optionText).join(", ");
  if (typeof value === "object") {
    const entries = Object.entries(value);
    return entries.length === 0 ? absent : entries.map(([name, inner]) => `${name}=${optionText(inner)}`).join("; ");
  }
  return typeof value === "boolean" ? (value ? "yes" : "no") : String(value as string | number);
}
