// SPDX-License-Identifier: MIT
// The other tracks' spectra, as they lie behind the one that is shown.
import { thirdOctaves_hz } from "../../charts/live/scales";
import type { KnownSpectrum } from "../../charts/live/spectrum";
import type { Session, State, Strip } from "../protocol";

/**
 * Mean spectra of the tracks that are heard, at the gains as they stand, the loudest first. `shown`: id of the strip
 * they lie behind, as they leave their faders; null: the mix, as they are in it.
 */
export function spectraBehind(session: Session, state: State, shown: string | null): KnownSpectrum[] {
  const { spectra } = session;
  if (spectra == null) return [];
  const byId = new Map(session.strips.map((strip) => [strip.id, strip]));
  const isSolo = Object.values(state.strips).some(({ solo }) => solo);
  const found = Object.entries(spectra).flatMap(([id, { fader_out_dbfs, in_mix_db }]): { spectrum: KnownSpectrum; power: number }[] => {
    const strip = byId.get(id);
    if (strip === undefined || id === shown) return [];
    const own = withVcas(strip, byId);
    const further = wayOn(strip, byId).flatMap((next) => withVcas(next, byId));
    const all = [...own, ...further].flatMap((passed) => state.strips[passed] ?? []);
    if (all.some(({ mute, entered }) => mute || !entered)) return [];
    if (isSolo && !all.some(({ solo }) => solo)) return [];
    const gain_db = movedBy(own, state) + (shown === null ? in_mix_db + movedBy(further, state) : 0);
    if (!Number.isFinite(gain_db)) return [];
    const values_db = fader_out_dbfs.map((level) => (level === null ? null : level + gain_db));
    const spectrum = { name: strip.name, family: state.strips[id]?.role?.family ?? "other", values_db };
    return [{ spectrum, power: values_db.reduce<number>((sum, level) => sum + (level === null ? 0 : 10 ** (level / 10)), 0) }];
  });
  return found.sort((a, b) => b.power - a.power).map(({ spectrum }) => spectrum);
}

/** Whether two such lists look alike. */
export function areSame(one: readonly KnownSpectrum[], other: readonly KnownSpectrum[]): boolean {
  const isAlike = (a: KnownSpectrum, b: KnownSpectrum | undefined): boolean =>
    a.name === b?.name && a.family === b.family && a.values_db.length === b.values_db.length && a.values_db.every((level, i) => level === b.values_db[i]);
  return one.length === other.length && one.every((spectrum, i) => isAlike(spectrum, other[i]));
}

/** The first few, of all or at a band of the thirds of an octave, the loudest first. */
export function loudest(spectra: readonly KnownSpectrum[], band: number | null, most: number): readonly KnownSpectrum[] {
  if (band === null || band >= thirdOctaves_hz.length) return spectra.slice(0, most);
  const heard = spectra.filter(({ values_db }) => values_db[band] != null);
  return heard.sort((a, b) => (b.values_db[band] ?? 0) - (a.values_db[band] ?? 0)).slice(0, most);
}

/** What a strip's sound passes behind it on its main way: buses, and the master at last. */
function wayOn(strip: Strip, byId: ReadonlyMap<string, Strip>): Strip[] {
  const way: Strip[] = [];
  for (let at = byId.get(strip.feeds[0] ?? ""); at !== undefined && !way.includes(at); at = byId.get(at.feeds[0] ?? "")) way.push(at);
  return way;
}

/** The strip, and the VCAs that it follows, each once. */
function withVcas(strip: Strip, byId: ReadonlyMap<string, Strip>): string[] {
  const ids = new Set([strip.id]);
  for (const id of ids) {
    for (const vca of byId.get(id)?.vcas ?? []) ids.add(vca);
  }
  return [...ids];
}

function movedBy(ids: readonly string[], state: State): number {
  return ids.reduce((sum, id) => {
    const moved = state.strips[id]?.moved_db;
    return sum + (moved === null ? -Infinity : (moved ?? 0));
  }, 0);
}
