// SPDX-License-Identifier: MIT
// One loop of animation frames for everything on the page that moves. Pictures take every second frame of a screen that has
// sixty a second, as what they show comes thirty times a second; the frames in between are for what changes the document in
// turns, so that none has both to do.

export type Draw = (now_ms: number) => void;

/** Frames of pictures are at least this far apart: more than a frame of 60 a second, less than two. */
const pictures_ms = 25;
/** After pictures, the next frame of a screen that has sixty a second is passed over. */
const pause_ms = 20;
/** Turns wait no longer than this for a frame without pictures: a slow page has none. */
const patience_ms = 45;

const pictures = new Set<Draw>();
const turns = new Set<Draw>();
/** Whether a frame is asked for, or runs. */
let isAsked = false;
let pause: ReturnType<typeof setTimeout> | undefined;
let pictured_ms = -Infinity;
let turned_ms = -Infinity;

function ask(): void {
  clearTimeout(pause);
  pause = undefined;
  if (isAsked) return;
  isAsked = true;
  requestAnimationFrame(run);
}

function run(now_ms: number): void {
  const arePicturesDue = now_ms - pictured_ms >= pictures_ms;
  try {
    if (arePicturesDue) {
      pictured_ms = now_ms;
      for (const draw of pictures) draw(now_ms);
    }
    if (!arePicturesDue || pictures.size === 0 || now_ms - turned_ms >= patience_ms) {
      turned_ms = now_ms;
      for (const draw of turns) draw(now_ms);
    }
  } finally {
    // What fails in one frame does not keep the others from coming.
    goOn();
  }
}

function goOn(): void {
  isAsked = false;
  if (turns.size > 0) ask();
  // A frame that nothing is done in costs the browser a look at the whole page all the same.
  else if (pictures.size > 0) pause = setTimeout(ask, pause_ms - Math.max(0, performance.now() - pictured_ms));
}

function into(draws: Set<Draw>, draw: Draw): () => void {
  // Whoever comes first has waited for nothing yet.
  if (draws === turns && turns.size === 0) turned_ms = performance.now();
  draws.add(draw);
  // Pictures that others are already waiting for the next of wait with them.
  if (draws === turns || pause === undefined) ask();
  return () => {
    draws.delete(draw);
  };
}

/** Calls `draw` about thirty times a second, before a frame is shown; the result ends that. */
export function onFrame(draw: Draw): () => void {
  return into(pictures, draw);
}

/** Calls `draw` in the frames that onFrame() leaves free; the result ends that. */
export function onFreeFrame(draw: Draw): () => void {
  return into(turns, draw);
}
