// SPDX-License-Identifier: MIT
// Reads the report out of the page. Whatever a report may leave out is there afterwards, as null or empty.
import type { Report } from "./types";

export type ReadResult = { readonly report: Report } | { readonly problem: string };

const known = "gainstage.report/1";

/** The report in the page's data block, or a sentence that says why there is none to show. */
export function readReport(document: Document): ReadResult {
  const text = document.getElementById("gainstage-report")?.textContent ?? "";
  return parseReport(text);
}

export function parseReport(text: string): ReadResult {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { problem: `The report in this page is not JSON (${String(error)}). Make it again with gainstage stage.` };
  }
  if (value === null || typeof value !== "object") {
    return { problem: "This page has no report in it. gainstage stage writes one beside the mix." };
  }
  const found = value as Partial<Report>;
  if (found.schema !== known) {
    return {
      problem: `This page shows reports of the schema ${known}; the one in it is ${JSON.stringify(found.schema)}. Make it again with the same version of Gainstage as the page.`,
    };
  }
  return {
    report: {
      schema: known,
      gainstage: found.gainstage ?? { version: "", options: null },
      session: found.session ?? { name: "", sample_rate_hz: null, channels: null, duration_s: null },
      tracks: found.tracks ?? [],
      steps: found.steps ?? [],
      anchor: found.anchor ?? null,
      headroom_cut_db: found.headroom_cut_db ?? null,
      raise_db: found.raise_db ?? null,
      predicted: found.predicted ?? null,
      master: found.master ?? null,
      target: found.target ?? null,
      daw: found.daw ?? null,
      stages: found.stages ?? [],
      losses: found.losses ?? [],
      warnings: found.warnings ?? [],
      charts: found.charts ?? null,
    },
  };
}
