// SPDX-License-Identifier: MIT

/** A press of the mouse leaves the focus where it was, so that space still plays. */
export function keepFocus(event: PointerEvent): void {
  if (event.pointerType === "mouse") event.preventDefault();
}
