// SPDX-License-Identifier: MIT
// The table of moves: what every track got, and why. Every column sorts; the field narrows it to the tracks that matter.
import { h, replace } from "../base/dom";
import { absent, count, gain, percent } from "../base/format";
import { section, swatch } from "../base/parts";
import type { Report, Track } from "./types";

type Key = "track" | "role" | "nominal" | "fader" | "gain" | "total" | "confidence" | "why";
type Direction = "ascending" | "descending";

interface Column {
  readonly key: Key;
  readonly title: string;
  readonly hint: string;
  readonly isNumber: boolean;
  readonly value: (track: Track) => string | number | null;
}

const columns: readonly Column[] = [
  { key: "track", title: "Track", hint: "File name", isNumber: false, value: (t) => t.name },
  { key: "role", title: "Role", hint: "What the track is taken for", isNumber: false, value: (t) => t.role?.name ?? null },
  { key: "nominal", title: "Nominal", hint: "Trim to the level the next processor expects, dB", isNumber: true, value: (t) => t.stages?.nominal_db ?? null },
  { key: "fader", title: "Fader", hint: "Fader, dB", isNumber: true, value: (t) => t.stages?.fader_db ?? null },
  { key: "gain", title: "Gain", hint: "Nominal and fader together, before the raise, dB", isNumber: true, value: (t) => t.gain_db },
  { key: "total", title: "Total", hint: "Gain and the raise together, dB", isNumber: true, value: (t) => t.total_db },
  { key: "confidence", title: "Confidence", hint: "How sure the move is, 0 to 100 %", isNumber: true, value: (t) => t.confidence },
  { key: "why", title: "Why", hint: "Reason of the move", isNumber: false, value: (t) => t.why },
];

export function movesView(report: Report): HTMLElement {
  let sorted: { column: Column; direction: Direction } | null = null;
  let wanted = "";
  const body = h("tbody", { role: "rowgroup" });
  const status = h("p", { class: "muted small", role: "status" });
  const reach = Math.max(12, ...report.tracks.map((track) => Math.abs(track.total_db ?? 0)));
  const rows = new Map(report.tracks.map((track) => [track, row(track, reach)]));

  const show = (): void => {
    const found = report.tracks.filter((track) => matches(track, wanted));
    if (sorted !== null) {
      const { column, direction } = sorted;
      found.sort((a, b) => compare(column.value(a), column.value(b), direction));
    }
    replace(body, found.map((track) => rows.get(track)));
    status.textContent =
      found.length === report.tracks.length ? count(found.length, "track", "tracks") : `${found.length} of ${count(report.tracks.length, "track", "tracks")}`;
  };

  const heads = columns.map((column) => {
    const button = h("button", { type: "button", class: "sort", title: `${column.hint}. Press to sort.` }, column.title);
    const head = h("th", { scope: "col", role: "columnheader", class: column.isNumber ? "number" : null, "data-column": column.key, "aria-sort": "none" }, button);
    button.addEventListener("click", () => {
      const direction: Direction = sorted?.column === column ? (sorted.direction === "ascending" ? "descending" : "ascending") : column.isNumber ? "descending" : "ascending";
      sorted = { column, direction };
      for (const other of heads) other.setAttribute("aria-sort", other === head ? direction : "none");
      show();
    });
    return head;
  });
  const search = h("input", { type: "search", class: "search", "aria-label": "Show only tracks with these words", placeholder: "Track, role or reason" });
  search.addEventListener("input", () => {
    wanted = search.value.trim().toLocaleLowerCase();
    show();
  });
  show();

  return section(
    { id: "moves", title: "Moves", lead: "Gains in dB. Nominal is the trim before the inserts; gain is nominal and fader; total has the raise in it.", controls: h("div", { class: "choices" }, status, search) },
    h(
      "table",
      { class: "moves", role: "table", "aria-label": "Moves" },
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, heads)),
      body,
    ),
  );
}

function row(track: Track, reach: number): HTMLElement {
  const figure = (key: Key, value: number | null, ...more: Node[]): HTMLElement =>
    h("td", { role: "cell", class: `number ${key}`, "data-label": columns.find((c) => c.key === key)?.title ?? null }, gain(value), more);
  return h(
    "tr",
    { role: "row", "data-silent": track.silent },
    h("th", { scope: "row", role: "rowheader", class: "track" }, h("span", { class: "chip" }, swatch(track.role?.family ?? "other"), track.name), badges(track)),
    h("td", { role: "cell", class: "role" }, role(track)),
    figure("nominal", track.stages?.nominal_db ?? null),
    figure("fader", track.stages?.fader_db ?? null),
    figure("gain", track.gain_db),
    figure("total", track.total_db, gainBar(track.total_db, reach)),
    h("td", { role: "cell", class: "confidence number", "data-label": "Confidence" }, percent(track.confidence), confidenceBar(track.confidence)),
    h("td", { role: "cell", class: "why" }, track.why ?? absent),
  );
}

function role(track: Track): Node[] {
  if (track.role === null) return [h("span", null, absent)];
  const how = { name: "from the name", audio: "from the audio", user: "as you said" }[track.role.source];
  const sure = track.role.source === "user" ? "" : ` (${percent(track.role.confidence)})`;
  return [h("span", null, track.role.name), h("span", { class: "muted small" }, `${how}${sure}`)];
}

function badges(track: Track): HTMLElement | null {
  const words = [track.silent ? "silent" : "", track.locked ? "locked" : "", track.focus ? "focus" : "", track.group === null ? "" : `group ${track.group}`];
  const shown = words.filter((word) => word !== "");
  return shown.length === 0 ? null : h("span", { class: "badges" }, shown.map((word) => h("span", { class: "badge" }, word)));
}

/** From the middle to the left or right, to scale over the whole table. */
function gainBar(value: number | null, reach: number): HTMLElement {
  const bar = h("span", { class: "gain-bar", "aria-hidden": "true" });
  if (value !== null) {
    const width = (Math.min(Math.abs(value), reach) / reach) * 50;
    bar.append(h("span", { style: `left:${value < 0 ? 50 - width : 50}%;width:${width}%` }));
  }
  return bar;
}

function confidenceBar(share: number | null): HTMLElement {
  return h("span", { class: "share-bar", "aria-hidden": "true" }, share === null ? null : h("span", { style: `width:${share * 100}%` }));
}

function matches(track: Track, wanted: string): boolean {
  if (wanted === "") return true;
  const text = [track.name, track.role?.name, track.role?.family, track.group, track.why, track.locked && "locked", track.focus && "focus", track.silent && "silent"]
    .filter((word) => typeof word === "string")
    .join(" ")
    .toLocaleLowerCase();
  return wanted.split(/\s+/).every((word) => text.includes(word));
}

/** Absent values come last, whichever way the table is sorted. */
function compare(a: string | number | null, b: string | number | null, direction: Direction): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const order = typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), undefined, { numeric: true });
  return direction === "ascending" ? order : -order;
}
