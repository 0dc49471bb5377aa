// SPDX-License-Identifier: MIT
// What changes all strips at once (a snapshot, the strength, a solo) is shown by a few strips a frame, those in view first:
// no frame has all of them to lay out and to paint. What changes a few is shown at once. The desk's state itself never waits.
import type { Attachment } from "svelte/attachments";
import { onFrame } from "../../base/frame_loop";
import type { Desk } from "../desk.svelte";
import type { Decibels, StageName, StripState } from "../protocol";

/** Strips that one frame takes. Those out of view are waited for by nobody. */
const seenAFrame = 4;
const unseenAFrame = 3;

/** A strip as it is shown. */
export class ShownStrip {
  state = $state.raw<StripState | undefined>(undefined);
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
    const read = (): [StripState | undefined, ShownStrip["levels"]] => [
      $state.snapshot(this.#desk.state.strips[id()]),
      { trim: this.#desk.levelOf(id(), "trim"), fader: this.#desk.levelOf(id(), "fader") },
    ];
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
      this.#take();
      if (this.#waiting.size === 0) return;
      // The coming frame has those that were just taken.
      let isNext = false;
      this.#leave = onFrame(() => {
        if (isNext) this.#take();
        isNext = true;
        if (this.#waiting.size > 0) return;
        this.#leave?.();
        this.#leave = null;
      });
    });
  }

  #next(): readonly (readonly [ShownStrip, () => void])[] {
    const all = [...this.#waiting];
    // Frames that are not shown do not come.
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
