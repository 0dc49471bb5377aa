// SPDX-License-Identifier: MIT
// The report's page: reads the report and lays out its sections.
import "../style/colours.css";
import "../style/base.css";
import "../style/page.css";
import "../style/tables.css";
import "../style/charts.css";
import "../style/report.css";
import "../style/gain_map.css";
import "../style/zones.css";
import "../style/print.css";
import { h, replace } from "../base/dom";
import { count, frequency, time } from "../base/format";
import { choice } from "../base/parts";
import { currentTheme, setTheme, type Theme, watchTheme } from "../base/theme";
import { buildView } from "./build";
import { figuresView } from "./figures";
import { footView } from "./foot";
import { gainMapView } from "./gain_map";
import { movesView } from "./moves";
import { limiterView, loudnessView, timeGroup } from "./over_time";
import { readReport } from "./read";
import { spectrumView } from "./spectrum";
import { stagesView } from "./stages";
import { stereoView } from "./stereo";
import type { Report } from "./types";
import { verdictView } from "./verdict";
import { warningsView } from "./warnings";

function start(): void {
  watchTheme();
  const page = document.getElementById("page");
  if (page === null) throw new Error("The page has no element #page");
  const result = readReport(document);
  if ("problem" in result) {
    replace(page, h("main", { class: "page" }, h("p", { class: "empty", role: "alert" }, result.problem)));
    return;
  }
  const { report } = result;
  const name = report.session.name || "Untitled session";
  document.title = `${name} \u00b7 Gainstage report`;
  const sections = sectionsOf(report);
  replace(
    page,
    h("a", { class: "skip", href: "#verdict" }, "To the verdict"),
    h("div", { class: "page" }, masthead(report, name), contents(sections), h("main", null, sections), footView(report)),
  );
}

function sectionsOf(report: Report): HTMLElement[] {
  const { charts } = report;
  const planned = [verdictView(report), buildView(report), movesView(report), stagesView(report), gainMapView(report)];
  const rest = (goTo: ((seconds: number) => void) | null): (HTMLElement | null)[] => [figuresView(report), warningsView(report, goTo)];
  if (charts === null) return [...planned, ...rest(null)].filter((section) => section !== null);

  const group = timeGroup(report);
  const loudness = loudnessView(report, charts, group);
  const { chart } = loudness;
  const goTo = (seconds: number): void => {
    group.showPlace(seconds);
    chart?.point(seconds);
    loudness.element.scrollIntoView({ block: "nearest" });
  };
  const drawn = [loudness.element, limiterView(report, charts, group), spectrumView(charts), stereoView(report, charts, group)];
  return [...planned, ...drawn, ...rest(chart === null ? null : goTo)].filter((section) => section !== null);
}

function masthead(report: Report, name: string): HTMLElement {
  const { sample_rate_hz, channels, duration_s } = report.session;
  const about = [
    count(report.tracks.length, "track", "tracks"),
    duration_s === null ? "" : time(duration_s),
    sample_rate_hz === null ? "" : frequency(sample_rate_hz),
    channels === null ? "" : channels === 1 ? "mono" : channels === 2 ? "stereo" : count(channels, "channel", "channels"),
  ];
  const themes: readonly { value: Theme; text: string }[] = [
    { value: "auto", text: "Auto" },
    { value: "light", text: "Light" },
    { value: "dark", text: "Dark" },
  ];
  return h(
    "header",
    { class: "masthead" },
    h("div", null, h("p", { class: "wordmark" }, "Gainstage"), h("h1", null, name), h("p", { class: "muted" }, about.filter((word) => word !== "").join(" \u00b7 "))),
    h("div", { class: "theme" }, choice("Theme", themes, currentTheme(), setTheme)),
  );
}

function contents(sections: readonly HTMLElement[]): HTMLElement {
  return h(
    "nav",
    { class: "contents", "aria-label": "Sections" },
    sections.map((section) => h("a", { href: `#${section.id}` }, section.id === "verdict" ? "Verdict" : (section.querySelector("h2")?.textContent ?? section.id))),
  );
}

start();
