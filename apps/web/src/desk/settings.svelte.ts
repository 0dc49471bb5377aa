// SPDX-License-Identifier: MIT
// What this browser remembers of how its user likes the desk.
import { setTheme, type Theme, themes } from "../base/theme";

export const views = ["spectrum", "stereo", "history", "map", "build"] as const;
export type View = (typeof views)[number];

export const meterKinds = ["vu", "momentary"] as const;
/** What stands beside the peaks in the meters. */
export type MeterKind = (typeof meterKinds)[number];

export const widths = ["wide", "narrow"] as const;
export type Width = (typeof widths)[number];

const key = "gainstage.desk";

function oneOf<T extends string>(all: readonly T[], value: unknown, otherwise: T): T {
  return all.find((one) => one === value) ?? otherwise;
}

function stored(): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? "{}");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // A browser that keeps nothing, or holds what is not ours: the desk is as new.
    return {};
  }
}

export class Settings {
  theme = $state<Theme>("dark");
  view = $state<View>("spectrum");
  meters = $state<MeterKind>("vu");
  width = $state<Width>("wide");
  /** Keys of the groups of strips that are folded away. */
  folded = $state<string[]>([]);

  constructor() {
    const old = stored();
    this.theme = oneOf(themes, old["theme"], "dark");
    this.view = oneOf(views, old["view"], "spectrum");
    this.meters = oneOf(meterKinds, old["meters"], "vu");
    this.width = oneOf(widths, old["width"], "wide");
    setTheme(this.theme);
    $effect.root(() => {
      $effect(() => {
        const { theme, view, meters, width } = this;
        try {
          localStorage.setItem(key, JSON.stringify({ theme, view, meters, width }));
        } catch {
          // Nothing is kept then.
        }
      });
    });
  }

  fold(key: string): void {
    if (!this.folded.includes(key)) this.folded.push(key);
  }

  unfold(key: string): void {
    this.folded = this.folded.filter((one) => one !== key);
  }

  nextTheme(): void {
    const order: readonly Theme[] = ["dark", "light", "auto"];
    this.theme = order[(order.indexOf(this.theme) + 1) % order.length] ?? "dark";
    setTheme(this.theme);
  }
}
