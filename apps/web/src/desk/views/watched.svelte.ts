// SPDX-License-Identifier: MIT
// The signal that the spectrum and the stereo field show: the mix or the selected strip, at a tap.
import { familyInk } from "../../charts/live/pen";
import { SlowLevels, thirdOctaves_hz } from "../../charts/live/scales";
import type { KnownSpectrum } from "../../charts/live/spectrum";
import type { Desk } from "../desk.svelte";
import { masterStrip } from "../frames";
import { type Tap, watchMaster } from "../protocol";

export class Watched {
  tap = $state<Tap>("fader_out");
  readonly #desk: Desk;
  /** Mean spectra of what was watched at its output, by the strip's id; the mix is "". */
  readonly #means = new Map<string, SlowLevels>();

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Id of the strip, null: the mix. VCAs have no signal, and the master's is the mix. */
  get id(): string | null {
    const { selected } = this.#desk;
    const kind = selected === null ? undefined : this.#desk.strip(selected)?.kind;
    return kind === undefined || kind === "vca" || kind === "master" ? null : selected;
  }

  get name(): string {
    return this.id === null ? "Mix" : (this.#desk.strip(this.id)?.name ?? "");
  }

  get family(): string | null {
    return this.id === null ? null : (this.#desk.state.strips[this.id]?.role?.family ?? "other");
  }

  /** A colour of the style sheet. */
  get colour(): string {
    return this.family === null ? "ink" : familyInk(this.family);
  }

  /** Whether the newest frame of the scope is of this signal, and not of the one before it. */
  get isShown(): boolean {
    const wanted = this.id === null ? masterStrip : this.#desk.place(this.id);
    return this.#desk.scope.count > 0 && this.#desk.scope.strip === wanted;
  }

  /** Takes the newest frame of the scope, which lasted `seconds`, into what is known of the signal. */
  remember(seconds: number): void {
    if (this.id !== null && this.tap !== "fader_out") return;
    const key = this.id ?? "";
    let mean = this.#means.get(key);
    if (mean === undefined) {
      mean = new SlowLevels(thirdOctaves_hz.length);
      this.#means.set(key, mean);
    }
    mean.take(this.#desk.scope.bands, seconds, 20);
  }

  /** Mean spectra of the other signals that were watched. */
  others(): KnownSpectrum[] {
    return [...this.#means].flatMap(([key, { levels_db }]): KnownSpectrum[] => {
      const values_db = Array.from(levels_db, (level) => (Number.isFinite(level) ? level : null));
      if (key === (this.id ?? "") || values_db.every((value) => value === null)) return [];
      if (key === "") return [{ name: "Mix", family: null, values_db }];
      return [{ name: this.#desk.strip(key)?.name ?? key, family: this.#desk.state.strips[key]?.role?.family ?? "other", values_db }];
    });
  }

  ask(): void {
    this.#desk.watch(this.id ?? watchMaster, this.id === null ? "fader_out" : this.tap);
  }

  end(): void {
    this.#desk.watch(null);
  }
}
