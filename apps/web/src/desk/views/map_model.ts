// SPDX-License-Identifier: MIT
// The gain map's cells: the levels of every strip at every tap, and how far each stands under full scale.
import type { Unit } from "../../base/format";
import { zoneOf } from "../../report/gain_map";
import type { Family } from "../../report/types";
import type { Decibels, Session, State, Strip, Tap } from "../protocol";

export const taps: readonly Tap[] = ["clip", "insert_in", "fader_out"];
export const tapNames: Readonly<Record<Tap, string>> = { clip: "Clip", insert_in: "Insert in", fader_out: "Fader out" };

export const figures = ["peak_dbfs", "integrated_lufs", "vu_mean_db"] as const;
export type Figure = (typeof figures)[number];

export interface MapCell {
  readonly tap: Tap;
  readonly peak_dbfs: Decibels;
  /** The figure that is shown; null: minus infinity, or this tap has no such figure. */
  readonly value: Decibels;
  /** Where it is another than the figure's: the master's peak is a true one. */
  readonly unit?: Unit;
  /** Under 0 dBFS, for the master under the ceiling; null in silence. */
  readonly headroom_db: number | null;
  readonly zone: ReturnType<typeof zoneOf> | null;
}

export interface MapRow {
  readonly id: string;
  readonly name: string;
  readonly family: Family;
  readonly isMaster: boolean;
  readonly cells: readonly (MapCell | null)[];
  /** What the trim and the fader give now; null: minus infinity. Absent where the strip has no such stage. */
  readonly trim_db: Decibels | undefined;
  readonly fader_db: Decibels | undefined;
}

/** A row for each strip that has a signal, in the session's order, the master last. */
export function mapRows(session: Session, state: State, figure: Figure): MapRow[] {
  const rows = session.strips.filter(({ kind }) => kind !== "vca").map((strip) => rowOf(strip, state, figure));
  return [...rows.filter(({ isMaster }) => !isMaster), ...rows.filter(({ isMaster }) => isMaster)];
}

function rowOf(strip: Strip, state: State, figure: Figure): MapRow {
  const now = state.strips[strip.id];
  const isMaster = strip.kind === "master";
  const limit_db = isMaster ? (state.target?.ceiling_dbtp ?? 0) : 0;
  return {
    id: strip.id,
    name: strip.name,
    family: now?.role?.family ?? "other",
    isMaster,
    trim_db: strip.trim === null ? undefined : (now?.trim_db ?? null),
    fader_db: strip.fader === null ? undefined : (now?.fader_db ?? null),
    cells: taps.map((tap) => {
      const levels = now?.levels?.[tap] ?? null;
      if (levels === null) return isMaster && tap === "fader_out" ? mixCell(state, figure, limit_db) : null;
      const peak = levels.peak_dbfs;
      const headroom = peak === null ? null : limit_db - peak;
      const value = figure in levels ? (levels as Record<Figure, Decibels>)[figure] : null;
      return { tap, peak_dbfs: peak, value, headroom_db: headroom, zone: headroom === null ? null : zoneOf(headroom) };
    }),
  };
}

/** The mix as the whole session will read; null before that is known. */
function mixCell({ prediction }: State, figure: Figure, limit_db: number): MapCell | null {
  const peak = prediction?.true_peak_dbtp ?? null;
  if (prediction === null || peak === null || figure === "vu_mean_db") return null;
  const headroom_db = limit_db - peak;
  const shown = figure === "peak_dbfs" ? { value: peak, unit: "dBTP" as const } : { value: prediction.integrated_lufs };
  return { tap: "fader_out", peak_dbfs: peak, ...shown, headroom_db, zone: zoneOf(headroom_db) };
}
