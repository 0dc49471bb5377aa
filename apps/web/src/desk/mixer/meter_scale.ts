// SPDX-License-Identifier: MIT
// Where a level stands on a meter: the deflection of IEC 60268-18, carried on to +6 dB over full scale.

/** Break points of the deflection: a level, its height, and the slope from there on, per cent a dB. */
const pieces: readonly (readonly [number, number, number])[] = [
  [-70, 0, 0.25], [-60, 2.5, 0.5], [-50, 7.5, 0.75], [-40, 15, 1.5], [-30, 30, 2], [-20, 50, 2.5],
];
export const top_dbfs = 6;
const whole = 50 + 26 * 2.5;

/** 0 at -70 dB or less to 1 at +6 dB or more. */
export function deflection(db: number): number {
  if (!(db > -70)) return 0;
  if (db >= top_dbfs) return 1;
  let i = pieces.length - 1;
  while (i > 0 && db < (pieces[i]?.[0] ?? 0)) --i;
  const [from, height, slope] = pieces[i] ?? [0, 0, 0];
  return (height + (db - from) * slope) / whole;
}

/** Peaks fall this fast: 20 dB in 1.7 s, as IEC 60268-10 has it for type I. */
export const fall_db_per_s = 20 / 1.7;
