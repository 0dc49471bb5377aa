// SPDX-License-Identifier: MIT
// Where the samples of a stereo signal lie: side across (left on the left), mid upwards. Opacity is the logarithm of how
// often. The picture reaches as far as the signal does, and says how far that is.
import { h } from "../base/dom";
import { quantity } from "../base/format";
import { colour, onThemeChange } from "../base/theme";
import { type Chart, onWidth } from "./chart";

export interface VectorscopeData {
  readonly size: number;
  /** size x size, rows from the top, columns from the left; the edge is full scale. */
  readonly counts: readonly number[];
}

export function vectorscope(label: string): Chart<VectorscopeData> {
  const canvas = h("canvas", { role: "img", "aria-label": label });
  const element = h("div", { class: "vectorscope" }, canvas);
  let data: VectorscopeData | null = null;
  let width = 0;
  const draw = (): void => {
    if (data === null || width === 0) return;
    canvas.dataset["points"] = String(data.counts.filter((count) => count > 0).length);
    paint(canvas, data, width);
  };
  onThemeChange(draw);
  onWidth(element, (w) => {
    width = w;
    draw();
  });
  return {
    element,
    update(next) {
      data = next;
      draw();
    },
  };
}

function paint(canvas: HTMLCanvasElement, data: VectorscopeData, width: number): void {
  const ratio = devicePixelRatio;
  const side = Math.round(width * ratio);
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  if (context === null) return;
  const inset = 18 * ratio;
  const plot = side - 2 * inset;

  context.strokeStyle = colour("line");
  context.lineWidth = ratio;
  context.strokeRect(inset, inset, plot, plot);
  context.beginPath();
  for (const [x0, y0, x1, y1] of [[0, 0, 1, 1], [1, 0, 0, 1], [0.5, 0, 0.5, 1], [0, 0.5, 1, 0.5]] as const) {
    context.moveTo(inset + x0 * plot, inset + y0 * plot);
    context.lineTo(inset + x1 * plot, inset + y1 * plot);
  }
  context.stroke();

  const middle = (data.size - 1) / 2;
  const reach = reachOf(data);
  const first = middle - reach;
  context.imageSmoothingEnabled = true;
  context.drawImage(cloud(data), first, first, 2 * reach + 1, 2 * reach + 1, inset, inset, plot, plot);

  context.fillStyle = colour("muted");
  context.font = `${11 * ratio}px ${getComputedStyle(document.body).fontFamily}`;
  context.textAlign = "center";
  context.fillText("mid +", side / 2, inset - 5 * ratio);
  const edge = quantity(20 * Math.log10(reach / middle), "dBFS");
  context.fillText(`mid \u2212, edge ${edge}`, side / 2, side - 5 * ratio);
  context.fillText("L", inset, inset - 5 * ratio);
  context.fillText("R", side - inset, inset - 5 * ratio);
}

/** Cells from the middle that hold all but a thousandth of the samples; a sixth of the scope at least. */
function reachOf({ size, counts }: VectorscopeData): number {
  const middle = (size - 1) / 2;
  const rings = new Array<number>(Math.ceil(middle) + 1).fill(0);
  counts.forEach((count, i) => {
    const ring = Math.ceil(Math.max(Math.abs((i % size) - middle), Math.abs(Math.floor(i / size) - middle)));
    rings[ring] = (rings[ring] ?? 0) + count;
  });
  const all = rings.reduce((a, b) => a + b, 0);
  let inside = 0;
  const reach = rings.findIndex((count) => (inside += count) >= 0.999 * all);
  return Math.min(middle, Math.max(middle / 6, reach));
}

/** One pixel a cell, in the colour of the mix, more opaque where more samples lie. */
function cloud(data: VectorscopeData): HTMLCanvasElement {
  const { size, counts } = data;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const context = canvas.getContext("2d");
  if (context === null) return canvas;
  const image = context.createImageData(size, size);
  const most = Math.log1p(counts.reduce((a, b) => Math.max(a, b), 0));
  const ink = Number.parseInt(colour("loudness").slice(1), 16);
  for (let row = 0; row < size; ++row) {
    for (let column = 0; column < size; ++column) {
      const count = counts[row * size + column] ?? 0;
      if (count === 0) continue;
      const pixel = (row * size + column) * 4;
      image.data[pixel] = ink >> 16;
      image.data[pixel + 1] = (ink >> 8) & 255;
      image.data[pixel + 2] = ink & 255;
      image.data[pixel + 3] = Math.round(255 * (0.12 + 0.88 * (Math.log1p(count) / most)));
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}
