// SPDX-License-Identifier: MIT
// One loop of animation frames for everything on the page that moves.

export type Draw = (now_ms: number) => void;

const draws = new Set<Draw>();
let isRunning = false;

function run(now_ms: number): void {
  for (const draw of draws) draw(now_ms);
  isRunning = draws.size > 0;
  if (isRunning) requestAnimationFrame(run);
}

/** Calls `draw` before each frame is shown; the result ends that. */
export function onFrame(draw: Draw): () => void {
  draws.add(draw);
  if (!isRunning) {
    isRunning = true;
    requestAnimationFrame(run);
  }
  return () => {
    draws.delete(draw);
  };
}
