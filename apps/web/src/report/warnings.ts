// SPDX-License-Identifier: MIT
// Clips and other findings, with their places in time; by kind and by words.
import { h, replace } from "../base/dom";
import { absent, count, quantity, time } from "../base/format";
import { section, swatch } from "../base/parts";
import { familyOf } from "./model";
import type { Report } from "./types";

/** A warning, or a clipped place of a track. */
export interface Finding {
  readonly kind: string;
  readonly track: string | null;
  readonly sentence: string;
  readonly seconds: number | null;
}

/** The report's warnings, and every clipped place that a track's file has. */
export function findings(report: Report): Finding[] {
  const warnings = report.warnings.map((w) => ({ kind: w.code, track: w.track, sentence: w.sentence, seconds: w.where?.seconds ?? null }));
  const clips = report.tracks.flatMap((track) =>
    (track.measure?.clip?.clipping?.places ?? []).map((place) => ({
      kind: "clip",
      track: track.name,
      sentence: `${count(place.frames, "sample", "samples")} at the ceiling, channel ${place.channel + 1}${(place.over_db ?? 0) > 0 ? `, ${quantity(place.over_db, "dB")} over 0 dBFS` : ""}.`,
      seconds: place.seconds,
    })),
  );
  return [...warnings, ...clips];
}

/** `goTo` shows a place of the song in the loudness chart; absent when there is no such chart. */
export function warningsView(report: Report, goTo: ((seconds: number) => void) | null): HTMLElement {
  const all = findings(report);
  const kinds = [...new Set(all.map((finding) => finding.kind))];
  if (all.length === 0) return section({ id: "warnings", title: "Clips and warnings", className: "narrow" }, h("p", { class: "empty" }, "No clip, and nothing to warn of."));

  const hidden = new Set<string>();
  let wanted = "";
  const body = h("tbody");
  const status = h("p", { class: "muted small", role: "status" });
  const show = (): void => {
    const found = all.filter((f) => !hidden.has(f.kind) && `${f.track ?? ""} ${f.sentence} ${f.kind}`.toLocaleLowerCase().includes(wanted));
    replace(body, found.map((finding) => row(report, finding, goTo)));
    status.textContent = found.length === all.length ? count(all.length, "finding", "findings") : `${found.length} of ${count(all.length, "finding", "findings")}`;
  };
  const filters = kinds.map((kind) => {
    const button = h("button", { type: "button", class: "choice", "aria-pressed": "true" }, `${kind} ${all.filter((f) => f.kind === kind).length}`);
    button.addEventListener("click", () => {
      const isOn = hidden.has(kind);
      if (isOn) hidden.delete(kind);
      else hidden.add(kind);
      button.setAttribute("aria-pressed", String(isOn));
      show();
    });
    return button;
  });
  const search = h("input", { type: "search", class: "search", "aria-label": "Show only findings with these words", placeholder: "Track or words" });
  search.addEventListener("input", () => {
    wanted = search.value.trim().toLocaleLowerCase();
    show();
  });
  show();
  return section(
    { id: "warnings", title: "Clips and warnings", className: "narrow", controls: status },
    h("div", { class: "filters" }, kinds.length > 1 ? h("div", { class: "choices", role: "group", "aria-label": "Kinds shown" }, filters) : null, all.length > 8 ? search : null),
    h(
      "div",
      { class: "scroll findings", tabindex: 0, role: "region", "aria-label": "Findings" },
      h(
        "table",
        null,
        h("caption", { class: "hidden-text" }, "Clips and warnings"),
        h("thead", null, h("tr", null, ["Time", "Track", "Finding"].map((title) => h("th", { scope: "col" }, title)))),
        body,
      ),
    ),
  );
}

function row(report: Report, finding: Finding, goTo: ((seconds: number) => void) | null): HTMLElement {
  const { seconds, track } = finding;
  const place =
    seconds === null
      ? h("span", { class: "muted" }, absent)
      : goTo === null
        ? time(seconds, 2)
        : h("button", { type: "button", class: "place", title: "Show it in the loudness chart", onclick: () => { goTo(seconds); } }, time(seconds, 2));
  return h(
    "tr",
    null,
    h("td", { class: "time" }, place),
    h("td", { class: "track" }, track === null ? h("span", { class: "muted" }, "the mix") : h("span", { class: "chip" }, swatch(familyOf(report, track)), track)),
    h("td", null, h("span", { class: "badge" }, finding.kind), finding.sentence),
  );
}
