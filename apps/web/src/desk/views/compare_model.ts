// SPDX-License-Identifier: MIT
// What a comparison of before and after says, without telling too early.
import type { Compare } from "../protocol";

export type Side = Compare["hears"];

export interface Comparison {
  readonly sides: readonly { readonly id: Side; readonly text: string; readonly isHeard: boolean }[];
  readonly sentence: string;
  /** Whether it is not to be known which side is which. */
  readonly isHidden: boolean;
}

export function otherSide({ hears }: Compare): Side {
  return ({ before: "after", after: "before", x: "y", y: "x" } as const)[hears];
}

/** While blind the sides are X and Y; which is which is known to the server alone until it is asked to reveal. */
export function comparison(compare: Compare | null): Comparison {
  const isHidden = compare?.on === true && compare.blind && !compare.revealed;
  const ids: readonly [Side, Side] = isHidden ? ["x", "y"] : ["before", "after"];
  const names: Readonly<Record<Side, string>> = { before: "Before", after: "After", x: "X", y: "Y" };
  const hears = compare?.hears ?? null;
  const sides = ids.map((id) => ({ id, text: names[id], isHeard: compare?.on === true && hears === id }));
  if (compare?.on !== true) return { sides, sentence: "", isHidden };
  if (isHidden) return { sides, sentence: `${names[compare.hears]} is heard.`, isHidden };
  return { sides, isHidden, sentence: compare.hears === "before" ? "The session as it was is heard." : "The desk as it stands is heard." };
}
