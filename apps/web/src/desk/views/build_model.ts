// SPDX-License-Identifier: MIT
// The staircase of the build from the desk's method, and what stands beside a step.
import type { StaircaseColumn, StaircaseData, StaircaseLevel, StaircaseReading } from "../../charts/staircase";
import type { Family } from "../../report/types";
import type { MethodStep, Session, State } from "../protocol";

type ReadingKey = keyof NonNullable<MethodStep["master"]>;

export const readings: readonly (Omit<StaircaseReading, "isShown"> & { readonly key: ReadingKey })[] = [
  { key: "sample_peak_dbfs", name: "sample peak", unit: "dBFS", quantity: "peak", isSecond: false },
  { key: "true_peak_dbtp", name: "true peak", unit: "dBTP", quantity: "peak", isSecond: true },
  { key: "integrated_lufs", name: "integrated", unit: "LUFS", quantity: "loudness", isSecond: false },
  { key: "short_term_max_lufs", name: "short-term max", unit: "LUFS", quantity: "loudness", isSecond: true },
];

/** Names of strips by id; the id where nobody knows. */
export function namesOf(session: Session, ids: readonly string[]): string[] {
  return ids.map((id) => session.strips.find((strip) => strip.id === id)?.name ?? id);
}

export function familyOf(state: State, id: string): Family {
  return state.strips[id]?.role?.family ?? "other";
}

/** The steps that leave a reading, as the staircase draws them. */
export function staircaseOf(state: State, shown: ReadonlySet<string>): StaircaseData {
  const steps = (state.method?.steps ?? []).filter(({ id }) => id !== "down");
  const columns = steps.map((step): StaircaseColumn => ({
    name: step.name,
    band: "",
    families: step.id === "raise" ? [] : step.tracks.map((id) => familyOf(state, id)),
    values: readings.map(({ key }) => step.master?.[key] ?? null),
    ...(step.id === "raise" ? { raise: "all together" } : {}),
  }));
  return { columns, levels: levelsOf(state), readings: readings.map((reading) => ({ ...reading, isShown: shown.has(reading.key) })) };
}

function levelsOf({ target }: State): StaircaseLevel[] {
  const { ceiling_dbtp = null, integrated_lufs = null } = target ?? {};
  return [
    ...(ceiling_dbtp === null ? [] : [{ name: "ceiling", value: ceiling_dbtp, unit: "dBTP", kind: "ceiling" } as const]),
    ...(integrated_lufs === null ? [] : [{ name: "target", value: integrated_lufs, unit: "LUFS", kind: "target" } as const]),
  ];
}
