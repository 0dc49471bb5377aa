// SPDX-License-Identifier: MIT
// The tonal balance that a mix is held against, as src/report/tonal_balance.cpp has it for the report.

/** Mean energy of a popular mix by thirds of an octave from 20 Hz to 20 kHz, in dB; a shape, to be laid on a mix. */
export const popularMix_db: readonly number[] = [
  -10.9, -9.1, -7.3, -5.5, -2.8, -0.9, 1.1, 2.3, 2.3, 1.8, 1.4, 0.9, 1.2, 1.4, 1.7, 1.5, 0.7, 0.0, -0.9, -1.5, -2.5, -2.4, -3.5, -5.2, -8.1, -8.8,
  -9.5, -10.7, -13.6, -18.4, -24.9,
];
