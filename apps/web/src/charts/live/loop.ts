// SPDX-License-Identifier: MIT
// Canvases of the page's one loop of frames. A canvas is painted only in a frame for which its data, its size or the theme
// changed, and only while it can be seen; when nothing changes no frame is asked for.
import { onFrame } from "../../base/frame_loop";
import { onThemeChange } from "../../base/theme";

/** What a picture is painted with: sizes in CSS pixels, the context already scaled to them and cleared. */
export interface Brush {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  /** Device pixels a CSS pixel. */
  readonly ratio: number;
}

/** Paints; true where something still glides, so that the next frame is painted too. `now_ms` is the frame's time. */
export type Paint = (brush: Brush, now_ms: number) => boolean;

export interface Surface {
  /** Paint in the next frame. Costs nothing when called often. */
  invalidate(): void;
  destroy(): void;
}

interface Member {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  readonly paint: Paint;
  width: number;
  height: number;
  isVisible: boolean;
  isDirty: boolean;
}

const members = new Map<Element, Member>();
/** Leaves the loop of frames; null while it is not in it. */
let leave: (() => void) | null = null;
let observers: { readonly size: ResizeObserver; readonly sight: IntersectionObserver } | null = null;

/** Makes a canvas a member of the loop. Its style gives its size; its width and height are set here. */
export function surface(canvas: HTMLCanvasElement, paint: Paint): Surface {
  const context = canvas.getContext("2d");
  if (context === null) return { invalidate: () => undefined, destroy: () => undefined };
  const member: Member = { canvas, context, paint, width: 0, height: 0, isVisible: false, isDirty: true };
  const { size, sight } = watch();
  members.set(canvas, member);
  observePixels(size, canvas);
  sight.observe(canvas);
  return {
    invalidate() {
      member.isDirty = true;
      schedule();
    },
    destroy() {
      size.unobserve(canvas);
      sight.unobserve(canvas);
      members.delete(canvas);
    },
  };
}

/** Tells an observer to watch how many device pixels an element takes, where the browser says so. */
export function observePixels(observer: ResizeObserver, element: Element): void {
  try {
    observer.observe(element, { box: "device-pixel-content-box" });
  } catch {
    observer.observe(element);
  }
}

/**
 * Device pixels that an element takes on the screen. Where it begins between two of them, as it does with sizes in rem,
 * that is not its size times their ratio, and a canvas that is one off is blurred all over.
 */
export function pixelsOf({ contentRect, devicePixelContentBoxSize }: ResizeObserverEntry): { readonly columns: number; readonly rows: number } {
  // Not every browser has it, whatever its type says.
  const box = (devicePixelContentBoxSize as readonly ResizeObserverSize[] | undefined)?.[0];
  const [columns, rows] = [contentRect.width * devicePixelRatio, contentRect.height * devicePixelRatio];
  // Chromium leaves a ratio that is only emulated out of the box.
  if (box !== undefined && Math.abs(box.inlineSize - columns) <= 1 && Math.abs(box.blockSize - rows) <= 1) return { columns: box.inlineSize, rows: box.blockSize };
  return { columns: Math.round(columns), rows: Math.round(rows) };
}

/** Whether the system asks for stillness: no trails, no glides. */
export function wantsStillness(): boolean {
  return stillness().matches;
}

let query: MediaQueryList | null = null;
function stillness(): MediaQueryList {
  query ??= matchMedia("(prefers-reduced-motion: reduce)");
  return query;
}

function watch(): { size: ResizeObserver; sight: IntersectionObserver } {
  if (observers !== null) return observers;
  const size = new ResizeObserver((entries) => {
    for (const entry of entries) {
      const member = members.get(entry.target);
      if (member === undefined) continue;
      const { columns, rows } = pixelsOf(entry);
      member.width = columns / devicePixelRatio;
      member.height = rows / devicePixelRatio;
      member.isDirty = true;
    }
    schedule();
  });
  const sight = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const member = members.get(target);
      if (member !== undefined) member.isVisible = isIntersecting;
    }
    schedule();
  });
  observers = { size, sight };
  onThemeChange(repaintAll);
  stillness().addEventListener("change", repaintAll);
  // Another screen may have another pixel ratio.
  addEventListener("resize", repaintAll);
  document.addEventListener("visibilitychange", schedule);
  return observers;
}

function repaintAll(): void {
  for (const member of members.values()) member.isDirty = true;
  schedule();
}

function isDue(member: Member): boolean {
  return member.isDirty && member.isVisible && member.width > 0 && member.height > 0;
}

function schedule(): void {
  if (leave !== null || document.hidden) return;
  for (const member of members.values()) {
    if (!isDue(member)) continue;
    leave = onFrame(frame);
    return;
  }
}

function frame(now_ms: number): void {
  let moves = false;
  for (const member of members.values()) {
    if (!isDue(member)) continue;
    member.isDirty = false;
    member.isDirty = painted(member, now_ms);
    moves ||= member.isDirty;
  }
  if (moves && !document.hidden) return;
  leave?.();
  leave = null;
}

function painted({ canvas, context, paint, width, height }: Member, now_ms: number): boolean {
  const ratio = devicePixelRatio;
  const columns = Math.max(1, Math.round(width * ratio));
  const rows = Math.max(1, Math.round(height * ratio));
  if (canvas.width !== columns || canvas.height !== rows) [canvas.width, canvas.height] = [columns, rows];
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return paint({ context, width, height, ratio }, now_ms);
}
