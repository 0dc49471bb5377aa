// SPDX-License-Identifier: MIT
// Small parts of a page: a section, a chart's figure, a button that stays pressed, the table behind a chart.
import type { Family } from "../report/types";
import { type Child, h } from "./dom";

export interface SectionOptions {
  readonly id: string;
  readonly title: string;
  /** Shown under the title. */
  readonly lead?: Child;
  /** Shown at the title's right. */
  readonly controls?: Child;
  readonly className?: string;
}

/** A section with a heading that names it. */
export function section(options: SectionOptions, ...children: Child[]): HTMLElement {
  const heading = `${options.id}-title`;
  return h(
    "section",
    { id: options.id, class: `panel ${options.className ?? ""}`.trim(), "aria-labelledby": heading },
    h(
      "header",
      null,
      h("div", { class: "title" }, h("h2", { id: heading }, options.title), options.controls),
      options.lead !== undefined && options.lead !== "" ? h("p", { class: "lead" }, options.lead) : null,
    ),
    children,
  );
}

/** A button that is on or off. */
export function toggle(isOn: boolean, onChange: (isOn: boolean) => void, ...children: Child[]): HTMLButtonElement {
  const button = h("button", { type: "button", class: "choice", "aria-pressed": String(isOn) }, ...children);
  button.addEventListener("click", () => {
    const next = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(next));
    onChange(next);
  });
  return button;
}

/** Buttons of which one is on. */
export function choice<T extends string>(
  label: string,
  options: readonly { readonly value: T; readonly text: Child }[],
  selected: T,
  onChange: (value: T) => void,
): HTMLElement {
  const buttons = options.map(({ value, text }) => {
    const button = h("button", { type: "button", class: "choice", "aria-pressed": String(value === selected) }, text);
    button.addEventListener("click", () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      onChange(value);
    });
    return button;
  });
  return h("div", { class: "choices", role: "group", "aria-label": label }, buttons);
}

const longestOnPaper = 27;

export interface Column {
  readonly title: string;
  readonly isNumber?: boolean;
}

/** The figures behind a chart, as a table to unfold. A short one is unfolded on paper, where a long one helps nobody. */
export function dataTable(
  summary: string,
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): HTMLElement {
  const cell = (column: number): string | null => (columns[column]?.isNumber === true ? "number" : null);
  return h(
    "details",
    { class: "data", "data-length": rows.length > longestOnPaper ? "long" : null },
    h("summary", null, summary),
    h(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
      h(
        "table",
        null,
        h("caption", null, caption),
        h("thead", null, h("tr", null, columns.map((c, i) => h("th", { scope: "col", class: cell(i) }, c.title)))),
        h(
          "tbody",
          null,
          rows.map((row) =>
            h("tr", null, row.map((text, i) => (i === 0 ? h("th", { scope: "row" }, text) : h("td", { class: cell(i) }, text)))),
          ),
        ),
      ),
    ),
  );
}

/** A square of a family's colour. The word for it stands elsewhere. */
export function swatch(family: Family): HTMLElement {
  return h("span", { class: "swatch", "data-family": family, "aria-hidden": "true" });
}
