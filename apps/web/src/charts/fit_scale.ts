// SPDX-License-Identifier: MIT
// Two bars on one scale: the mix from its loudness to its peak, and the room from the target to the ceiling. Plain gain
// slides the first one only; where it is the longer one it cannot reach the target under the ceiling.
import { h, replace, s } from "../base/dom";
import { number, quantity } from "../base/format";
import { type Chart, linear, onWidth, ticks } from "./chart";

export interface FitScaleData {
  readonly loudness: number;
  readonly peak: number;
  readonly wanted: number;
  readonly ceiling: number;
}

const height = 118;

/** The length stands inside where it fits, else on the left. */
function outside(from: number, to: number, text: string): SVGElement {
  const fits = to - from > 48;
  return s(
    "g",
    { class: "fit-outside" },
    s("rect", { x: from, y: 20, width: to - from, height: 16 }),
    s("text", { x: fits ? (from + to) / 2 : from - 5, y: 32, "text-anchor": fits ? "middle" : "end" }, text),
  );
}

export function fitScale(): Chart<FitScaleData> {
  const element = h("figure", { class: "fit-scale" });
  let data: FitScaleData | null = null;
  let width = 0;

  const draw = (): void => {
    if (data === null || width === 0) return;
    const { loudness, peak, wanted, ceiling } = data;
    const low = Math.floor((Math.min(loudness, wanted) - 3) / 3) * 3;
    const high = Math.max(0, Math.ceil((Math.max(peak, ceiling) + 0.5) / 3) * 3);
    const x = linear([low, high], [6, width - 10]);
    const bar = (name: string, from: number, to: number, top: number, ends: readonly [string, string]): SVGElement => {
      const a = x(Math.min(from, to));
      const b = x(Math.max(from, to));
      return s(
        "g",
        { class: `fit-${name}` },
        s("rect", { x: a, y: top, width: Math.max(1, b - a), height: 16 }),
        s("path", { d: `M${a} ${top - 2}v20M${b} ${top - 2}v20`, class: "fit-end" }),
        s("text", { x: (a + b) / 2, y: top + 12, "text-anchor": "middle", class: "fit-length" }, ends[0]),
        s("text", { x: a, y: top - 6, class: "fit-name" }, ends[1]),
      );
    };
    const label = `The mix spans ${quantity(peak - loudness, "LU")} from ${quantity(loudness, "LUFS")} to ${quantity(peak, "dBTP")}; the room spans ${quantity(ceiling - wanted, "LU")} from ${quantity(wanted, "LUFS")} to ${quantity(ceiling, "dBTP")}.`;
    replace(
      element,
      s(
        "svg",
        { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label, "data-points": 4 },
        ticks(low, high, width / 44).map((value) => [
          s("path", { d: `M${x(value)} 4V${height - 18}`, class: "grid" }),
          s("text", { x: x(value), y: height - 4, "text-anchor": "middle", class: "tick" }, number(value, { decimals: 0 })),
        ]),
        bar("mix", loudness, peak, 20, [`PLR ${quantity(peak - loudness, "LU")}`, width < 400 ? "mix, LUFS to dBTP" : "mix: integrated, LUFS, to true peak, dBTP"]),
        // What of the mix lies outside of the room: too quiet on the left, too loud a peak on the right.
        [[loudness, Math.min(wanted, peak)], [Math.max(ceiling, loudness), peak]].map(([from = 0, to = 0]) =>
          to - from < 0.05 ? null : outside(x(from), x(to), quantity(to - from, "LU")),
        ),
        bar("room", wanted, ceiling, 66, [`room ${quantity(ceiling - wanted, "LU")}`, width < 400 ? "target to ceiling" : "room: target to ceiling"]),
      ),
      h("figcaption", { class: "hidden-text" }, label),
    );
  };

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
