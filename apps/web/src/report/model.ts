// SPDX-License-Identifier: MIT
// What several sections ask of a report.
import { quantity } from "../base/format";
import type { Family, Reading, Report, Target } from "./types";

/** The family of a track by its name; "other" when unknown. */
export function familyOf(report: Report, name: string): Family {
  return report.tracks.find((track) => track.name === name)?.role?.family ?? "other";
}

/** What plain gain has to place between loudness and peak, and the room there is for it. */
export interface Feasibility {
  /** Before any limiter. */
  readonly plr_lu: number;
  readonly room_lu: number;
}

export function feasibility(report: Report): Feasibility | null {
  const plr = unlimitedPlr(report) ?? report.predicted?.plr_lu ?? report.master?.plr_lu ?? null;
  const ceiling = report.target?.true_peak_dbtp ?? null;
  const wanted = report.target?.integrated_lufs ?? null;
  return plr === null || ceiling === null || wanted === null ? null : { plr_lu: plr, room_lu: ceiling - wanted };
}

/** Of a limited mix, that of its tracks as they stand before the raise: the prediction lies behind the limiter. */
function unlimitedPlr(report: Report): number | null {
  if (report.target?.limiting == null) return null;
  const before = report.steps.at(-1)?.master;
  const peak = before?.true_peak_dbtp ?? null;
  const loudness = before?.integrated_lufs ?? null;
  return peak === null || loudness === null ? null : peak - loudness;
}

export interface Verdict {
  readonly state: "reached" | "missed" | "none";
  readonly headline: string;
  readonly sentences: readonly string[];
}

/** The answer to the one question: does the mix reach its target, and if not, why. */
export function verdict(report: Report): Verdict {
  const { master, target } = report;
  const isDryRun = master?.predicted === true;
  const loudness = master?.integrated_lufs ?? null;
  if (master === null || master.silent || loudness === null) {
    return { state: "none", headline: "Nothing to judge", sentences: ["The mix is silent, so it has no loudness to bring to a target."] };
  }
  const reads = `The mix ${isDryRun ? "will read" : "reads"} ${quantity(loudness, "LUFS")} integrated`;
  const peak = master.true_peak_dbtp === null ? "" : `, with a true peak of ${quantity(master.true_peak_dbtp, "dBTP")}`;
  if (target === null || target.integrated_lufs === null) {
    return { state: "none", headline: "No loudness target", sentences: [`${reads}${peak}.`] };
  }
  const wanted = `${targetTitle(target)} asks for ${quantity(target.integrated_lufs, "LUFS")}`;
  const under = target.true_peak_dbtp === null ? "" : ` and at most ${quantity(target.true_peak_dbtp, "dBTP")}`;
  const sentences = [`${reads}${peak}. ${wanted}${under}.`];
  const fit = feasibility(report);
  if (fit !== null) sentences.push(fitSentence(fit, target.limiting?.max_db ?? null));
  if (isDryRun) sentences.push("A dry run: these are the plan's figures, nothing was written.");
  if (target.reached) return { state: "reached", headline: "Target reached", sentences };
  return { state: "missed", headline: missedHeadline(target.shortfall_lu, loudness, target.integrated_lufs), sentences };
}

export function targetTitle(target: Target): string {
  return target.title ?? (target.name === "" ? "The target" : target.name);
}

function missedHeadline(shortfall: Reading, loudness: number, wanted: number): string {
  const missing = shortfall ?? wanted - loudness;
  if (missing >= 0.05) return `${quantity(missing, "LU")} short of the target`;
  if (missing <= -0.05) return `${quantity(-missing, "LU")} over the target`;
  return "Target not reached";
}

function fitSentence(fit: Feasibility, limiter_db: Reading): string {
  const figures = `PLR ${quantity(fit.plr_lu, "LU")}, room between target and ceiling ${quantity(fit.room_lu, "LU")}`;
  // Decided on the figures as they are printed, so that no reader finds 13.0 over 13.0.
  const excess = Number((fit.plr_lu - fit.room_lu).toFixed(1));
  if (excess <= 0) return `Plain gain is enough: ${figures}.`;
  const end = limiter_db === null ? "" : ` The limiter took up to ${quantity(Math.abs(limiter_db), "dB")}.`;
  return `Plain gain ends ${quantity(excess, "LU")} early: ${figures}.${end}`;
}

