// SPDX-License-Identifier: MIT
// What was turned on the desk of a DAW's session, from where to where, and what the session could not hold.
import { h } from "../base/dom";
import { absent, count, gain, quantity } from "../base/format";
import { section } from "../base/parts";
import type { DeskStage, Reading, Report } from "./types";

/** Absent for stems. */
export function stagesView(report: Report): HTMLElement | null {
  const { daw, stages, losses } = report;
  if (daw === null) return null;
  const isAutomated = stages.some((stage) => stage.automated);
  const written = daw.written === null ? `What would be turned in ${daw.file}; nothing was written.` : `${daw.written} is ${daw.file} with these gains; every other byte is as it was.`;
  return section(
    { id: "stages", title: "Stages", lead: `${written} ${stages.length === 0 ? "Nothing has to move." : `${count(stages.length, "stage", "stages")} moved.`}` },
    losses.length === 0 ? null : h("ul", { class: "losses" }, losses.map((loss) => h("li", null, loss.sentence))),
    stages.length === 0 ? null : table(stages),
    isAutomated ? h("p", { class: "muted small" }, "* The highest point of its automation; all of it moves alike.") : null,
  );
}

function table(stages: readonly DeskStage[]): HTMLElement {
  return h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": "Stages that moved" },
    h(
      "table",
      null,
      h("caption", { class: "hidden-text" }, "Stages that moved"),
      h("thead", null, h("tr", null, h("th", { scope: "col" }, "Stage"), ["From", "To", "Gain"].map((title) => h("th", { scope: "col", class: "number" }, title)), h("th", { scope: "col" }, "Why"))),
      h("tbody", null, stages.map(row)),
    ),
  );
}

function row(stage: DeskStage): HTMLElement {
  const level = (value: Reading): string => (value === null ? absent : `${quantity(value, "dB")}${stage.automated ? "*" : ""}`);
  return h(
    "tr",
    null,
    h("th", { scope: "row" }, stage.stage),
    h("td", { class: "number" }, level(stage.from_db)),
    h("td", { class: "number" }, level(stage.to_db)),
    h("td", { class: "number" }, gain(stage.gain_db)),
    h("td", null, stage.why),
  );
}
