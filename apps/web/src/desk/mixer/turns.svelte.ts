// SPDX-License-Identifier: MIT
// What changes all strips at once (a snapshot, the strength, a solo) is shown by a few strips a frame, those in view first, in
// frames that have no pictures to draw: none has all of them to lay out and to paint. What changes a few is shown at once. The
// desk's state itself never waits.
import type { Attachment } from "svelte/attachments";
import { onFreeFrame } from "../../base/frame_loop";
import type { Desk } from "../desk.svelte";
import type { Decibels, StageName, StripState } from "../protocol";

/** Strips that one frame takes. Those out of view are waited for by nobody. */
const seenAFrame = 4;
const unseenAFrame = 3;

/** What a strip of the mixer shows; its levels in numbers are its dialog's. */
export type ShownState = Omit<StripState, "levels">;

/**
 * A copy that stands still. By hand, as it is made of each strip whenever all change: `$state.snapshot` gives every number to
 * structuredClone(), and takes ten times as long.
 */
function copyOf(state: StripState): ShownState {
  const { trim_db, fader_db, mute, solo, entered, role, lock, focus, range, group, plan_db, moved_db, clip } = state;
  return {
    trim_db, fader_db, mute, solo, entered, lock, focus, group, plan_db, moved_db,
    role: role === null ? null : { ...role },
    range: range === null ? null : { ...range },
    clip: clip === null ? null : { ...clip },
  };
}

/** A strip as it is shown. */
export class ShownStrip {
  state = $state.raw<ShownState | undefined>(undefined);
  levels = $state.raw<Readonly<Record<StageName, Decibels>>>({ trim: null, fader: null });
  isSeen = true;
}

export class Turns {
  /** Whether some strips are yet to follow. */
  isBusy = $state(false);
  readonly #desk: Desk;
  readonly #waiting = new Map<ShownStrip, () => void>();
  readonly #watched = new Map<Element, ShownStrip>();
  #sight: IntersectionObserver | null = null;
  #isDue = false;
  #leave: (() => void) | null = null;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Shows a strip: `shown` follows the desk from now on. To be called while a component is made. */
  follow(id: () => string, shown: ShownStrip): void {
    const read = (): [ShownState | undefined, ShownStrip["levels"]] => {
      const state = this.#desk.state.strips[id()];
      return [
        state === undefined ? undefined : copyOf(state),
        { trim: this.#desk.levelOf(id(), "trim"), fader: this.#desk.levelOf(id(), "fader") },
      ];
    };
    [shown.state, shown.levels] = read();
    let isFirst = true;
    $effect(() => {
      const [state, levels] = read();
      if (isFirst) {
        isFirst = false;
        return;
      }
      const apply = (): void => {
        shown.state = state;
        shown.levels = levels;
      };
      // Who moves a strip sees it move.
      if (this.#desk.isHeld(id())) {
        this.#waiting.delete(shown);
        apply();
        return;
      }
      this.#waiting.set(shown, apply);
      this.#ask();
    });
    $effect(() => () => this.#waiting.delete(shown));
  }

  /** For the element of a strip: whether it is in view. */
  sight(shown: ShownStrip): Attachment {
    return (element) => {
      this.#sight ??= new IntersectionObserver((entries) => {
        for (const { target, isIntersecting } of entries) {
          const strip = this.#watched.get(target);
          if (strip !== undefined) strip.isSeen = isIntersecting;
        }
      });
      this.#watched.set(element, shown);
      this.#sight.observe(element);
      return () => {
        this.#sight?.unobserve(element);
        this.#watched.delete(element);
      };
    };
  }

  /** All that one message changes comes together first. */
  #ask(): void {
    if (this.#isDue || this.#leave !== null) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      // Many wait for frames that have nothing else to do; of none that is shown, frames do not come.
      if (this.#waiting.size <= seenAFrame || document.hidden) this.#take();
      this.isBusy = this.#waiting.size > 0;
      if (!this.isBusy) return;
      this.#leave = onFreeFrame(() => {
        this.#take();
        if (this.#waiting.size > 0) return;
        this.#leave?.();
        this.#leave = null;
      });
    });
  }

  #next(): readonly (readonly [ShownStrip, () => void])[] {
    const all = [...this.#waiting];
    if (document.hidden) return all;
    const seen = all.filter(([shown]) => shown.isSeen);
    if (seen.length === 0) return all.slice(0, unseenAFrame);
    return all.length <= seenAFrame ? all : seen.slice(0, seenAFrame);
  }

  #take(): void {
    for (const [shown, apply] of this.#next()) {
      this.#waiting.delete(shown);
      apply();
    }
    this.isBusy = this.#waiting.size > 0;
  }
}
