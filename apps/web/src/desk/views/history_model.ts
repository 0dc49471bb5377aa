// SPDX-License-Identifier: MIT
// What the loudness chart shows of a history.
import { quantity } from "../../base/format";
import { present } from "../../charts/chart";
import type { TimeSeriesData } from "../../charts/time_series";
import type { Decibels, History, Target } from "../protocol";

export function historyData(history: History, target: Target | null, integrated_lufs: Decibels): TimeSeriesData {
  const wanted = target?.integrated_lufs ?? null;
  const levels = [
    ...(wanted === null ? [] : [{ name: `target ${quantity(wanted, "LUFS")}`, value: wanted, colour: "ink" }]),
    // On the target its own line would only cover the other.
    ...(integrated_lufs === null || (wanted !== null && Math.abs(wanted - integrated_lufs) < 0.25)
      ? []
      : [{ name: `integrated ${quantity(integrated_lufs, "LUFS")}`, value: integrated_lufs, colour: "muted" }]),
  ];
  return {
    hop_s: history.hop_s,
    axis: "LUFS",
    unit: "LUFS",
    decimals: 1,
    range: rangeOf(history, levels.map(({ value }) => value)),
    levels,
    marks: history.clips.map(({ at_s }) => at_s),
    lines: [
      { name: "momentary", values: history.momentary_lufs, colour: "loudness-soft", width: 1 },
      { name: "short-term", values: history.short_term_lufs, colour: "loudness", width: 2 },
    ],
  };
}

/**
 * In steps of 6 dB, so that it stays while gains move a little. The quietest twentieth is fade and tail; it may leave at
 * the bottom.
 */
export function rangeOf(history: History, levels: readonly number[]): readonly [number, number] {
  const heard = present(history.momentary_lufs).sort((a, b) => a - b);
  const quiet = heard[Math.floor(heard.length / 20)] ?? -40;
  const loud = Math.max(heard[heard.length - 1] ?? -12, ...levels);
  const low = Math.floor((Math.min(quiet, ...levels) - 2) / 6) * 6;
  const high = Math.ceil((loud + 1.5) / 6) * 6;
  return [Math.max(-72, Math.min(low, high - 12)), high];
}
