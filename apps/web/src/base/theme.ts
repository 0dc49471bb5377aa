// SPDX-License-Identifier: MIT
// Light, dark, or what the system says; and the moment before printing, when everything is drawn light and opened.

export const themes = ["auto", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

type Listener = () => void;
const listeners = new Set<Listener>();

/** Whether the page is being laid out for paper. */
export function isOnPaper(): boolean {
  return isPrinting;
}

/** Calls back whenever colours have changed, and before and after printing. Charts that draw on a canvas draw again. */
export function onThemeChange(listener: Listener): void {
  listeners.add(listener);
}

export function currentTheme(): Theme {
  const value = document.documentElement.dataset["theme"];
  return value === "light" || value === "dark" ? value : "auto";
}

export function setTheme(theme: Theme): void {
  if (theme === "auto") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  applyColours();
}

/** The value of a custom property of the style sheet, for what is drawn on a canvas. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** A colour of the style sheet (they are all #rrggbb) with an opacity, in a form that every canvas knows. */
export function faded(name: string, opacity: number): string {
  return colour(name) + Math.round(opacity * 255).toString(16).padStart(2, "0");
}

/** Chooses the colours, and watches the system's theme and the printer. */
export function watchTheme(): void {
  systemDark().addEventListener("change", applyColours);
  const print = matchMedia("print");
  print.addEventListener("change", () => {
    setPrinting(print.matches);
  });
  // Some browsers do not report the change of medium, and all of these come before the page is laid out for paper.
  addEventListener("beforeprint", () => {
    setPrinting(true);
  });
  addEventListener("afterprint", () => {
    setPrinting(false);
  });
  applyColours();
}

const systemDark = (): MediaQueryList => matchMedia("(prefers-color-scheme: dark)");
let isPrinting = false;
let openedForPrint: HTMLDetailsElement[] = [];

function setPrinting(printing: boolean): void {
  if (printing === isPrinting) return;
  isPrinting = printing;
  if (printing) openedForPrint = [...document.querySelectorAll<HTMLDetailsElement>("details:not([open], [data-length=long])")];
  for (const details of openedForPrint) details.open = printing;
  applyColours();
}

/** The style sheet knows one attribute, data-colours; what it follows from is decided here alone. */
function applyColours(): void {
  const theme = currentTheme();
  const isDark = !isPrinting && (theme === "dark" || (theme === "auto" && systemDark().matches));
  document.documentElement.dataset["colours"] = isDark ? "dark" : "light";
  for (const listener of listeners) listener();
}
