// SPDX-License-Identifier: MIT
// The signal that the spectrum and the stereo field show: the mix or the selected strip, at a tap.
import { familyInk } from "../../charts/live/pen";
import type { Desk } from "../desk.svelte";
import { masterStrip } from "../frames";
import { type Tap, watchMaster } from "../protocol";

export class Watched {
  tap = $state<Tap>("fader_out");
  readonly #desk: Desk;

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

  ask(): void {
    this.#desk.watch(this.id ?? watchMaster, this.id === null ? "fader_out" : this.tap);
  }

  end(): void {
    this.#desk.watch(null);
  }
}
