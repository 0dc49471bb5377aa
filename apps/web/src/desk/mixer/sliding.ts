// SPDX-License-Identifier: MIT
// What hands do to a fader or a trim: drag, fine with shift, wheel, keys, double click.
import type { Attachment } from "svelte/attachments";
import type { Decibels } from "../protocol";
import { gainAt, positionOf, rounded, stepped } from "./law";

export interface Sliding {
  /** Where it stands. */
  value(): Decibels;
  readonly greatest_db: () => number;
  readonly isWritable: () => boolean;
  /** Length of the way in CSS pixels; dragging up goes along it. */
  readonly length_px: () => number;
  /** A gesture begins, goes on, ends. */
  begin(): void;
  move(db: Decibels): void;
  end(): void;
  reset(): void;
  /** A number is being typed: its first character. */
  type(first: string): void;
}

const step_db = 0.5;
const fineStep_db = 0.1;
const page_db = 3;
/** A shift-drag goes so much slower. */
const fine = 0.1;
/** Turns of the wheel and presses of keys that follow each other so fast are one gesture. */
const pause_ms = 700;
/** What a mouse's wheel reports for one notch. */
const notch_px = 100;

export function sliding(of: Sliding): Attachment<HTMLElement> {
  return (element) => {
    let drag: { y: number; position: number; isFine: boolean } | null = null;
    let pausing: ReturnType<typeof setTimeout> | undefined;
    let turned_px = 0;

    // Keys and wheel have no end of their own: a pause is one.
    const nudge = (db: Decibels): void => {
      if (pausing === undefined) of.begin();
      clearTimeout(pausing);
      pausing = setTimeout(finish, pause_ms);
      of.move(db);
    };
    const finish = (): void => {
      if (pausing === undefined) return;
      clearTimeout(pausing);
      pausing = undefined;
      of.end();
    };

    const onPointerDown = (event: PointerEvent): void => {
      if (event.button !== 0 || !of.isWritable()) return;
      event.preventDefault();
      finish();
      element.focus({ preventScroll: true });
      element.setPointerCapture(event.pointerId);
      drag = { y: event.clientY, position: positionOf(of.value(), of.greatest_db()), isFine: event.shiftKey };
      of.begin();
    };
    const onPointerMove = (event: PointerEvent): void => {
      if (drag === null) return;
      if (event.shiftKey !== drag.isFine) {
        // From here on at the other speed, without a leap.
        drag = { y: event.clientY, position: positionOf(of.value(), of.greatest_db()), isFine: event.shiftKey };
      }
      const way = ((drag.y - event.clientY) / of.length_px()) * (drag.isFine ? fine : 1);
      of.move(rounded(gainAt(drag.position + way, of.greatest_db()), drag.isFine));
    };
    const onPointerUp = (): void => {
      if (drag === null) return;
      drag = null;
      of.end();
    };
    const onWheel = (event: WheelEvent): void => {
      const delta = event.shiftKey && event.deltaY === 0 ? event.deltaX : event.deltaY;
      if (delta === 0 || event.ctrlKey || !of.isWritable()) return;
      event.preventDefault();
      event.stopPropagation();
      turned_px += event.deltaMode === 0 ? delta : delta * 33;
      const unit = event.shiftKey ? fineStep_db : step_db;
      const steps = Math.trunc((turned_px / notch_px) * 2) / 2;
      if (steps === 0) return;
      turned_px -= steps * notch_px;
      nudge(stepped(of.value(), -steps * unit, of.greatest_db()));
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const unit = event.shiftKey ? fineStep_db : step_db;
      const by = { ArrowUp: unit, ArrowDown: -unit, PageUp: page_db, PageDown: -page_db }[event.key];
      if (by === undefined && !["Home", "End", "Delete", "Backspace"].includes(event.key) && !/^[0-9+\-.,]$/.test(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      if (!of.isWritable()) return;
      if (by !== undefined) nudge(stepped(of.value(), by, of.greatest_db()));
      else if (event.key === "Home") nudge(null);
      else if (event.key === "End") nudge(of.greatest_db());
      else if (event.key === "Delete" || event.key === "Backspace") of.reset();
      else of.type(event.key);
    };
    const onDoubleClick = (): void => {
      if (of.isWritable()) of.reset();
    };

    element.addEventListener("pointerdown", onPointerDown);
    element.addEventListener("pointermove", onPointerMove);
    element.addEventListener("pointerup", onPointerUp);
    element.addEventListener("pointercancel", onPointerUp);
    element.addEventListener("lostpointercapture", onPointerUp);
    element.addEventListener("wheel", onWheel, { passive: false });
    element.addEventListener("keydown", onKeyDown);
    element.addEventListener("dblclick", onDoubleClick);
    element.addEventListener("blur", finish);
    return () => {
      finish();
      onPointerUp();
      element.removeEventListener("wheel", onWheel);
    };
  };
}
