// SPDX-License-Identifier: MIT
// The desk's keys, and how they are told.
import type { Desk } from "./desk.svelte";
import { views } from "./settings.svelte";

export type Opens = "save" | "help";

const isMac = (): boolean => /Mac|iPhone|iPad/.test(navigator.userAgent);

export const keyHelp: readonly { readonly title: string; readonly rows: readonly (readonly [readonly string[], string])[] }[] = [
  {
    title: "Transport",
    rows: [
      [["Space"], "play, pause"],
      [["Enter"], "stop: back to where play began"],
      [["\u2190", "\u2192"], "5 s back, on; with shift 1 s"],
      [["Home"], "to the beginning"],
      [["Shift", "\u2192"], "on the overview: the loop's end; with alt its start"],
      [["O"], "loop on, off"],
      [["D"], "dim"],
      [["X"], "before, after at one loudness"],
    ],
  },
  {
    title: "The strip that has the focus, or is selected",
    rows: [
      [["S"], "solo; with shift this one only"],
      [["M"], "mute"],
      [["L"], "lock"],
      [["F"], "focus of the plan"],
      [["R"], "role, range, group and levels"],
    ],
  },
  {
    title: "In the mixer",
    rows: [
      [["Tab"], "through the controls of one strip"],
      [["\u2190", "\u2192"], "the same control of the next strip"],
      [["\u2191", "\u2193"], "fader or trim by 0.5 dB; with shift 0.1 dB"],
      [["PgUp", "PgDn"], "by 3 dB"],
      [["Home", "End"], "all the way down, up"],
      [["0", "\u2026", "9", "\u2212"], "type a gain, then Enter"],
      [["Delete"], "back to the session's own; as a double click"],
      [["Shift", "drag"], "ten times finer"],
    ],
  },
  {
    title: "The desk",
    rows: [
      [["1", "\u2026", "5"], "views"],
      [["Esc"], "the mix, instead of a strip"],
      [["Ctrl", "Z"], "undo"],
      [["Ctrl", "Y"], "redo"],
      [["Ctrl", "S"], "save"],
      [["?"], "these keys"],
    ],
  },
];

/** Whether a key means something to what has the focus. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=button])");
}

function isPressed(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("button, a, summary, input, select, [role=tab]") !== null;
}

/** Does what a key of the desk does; false: it is none. */
export function onKey(desk: Desk, event: KeyboardEvent, open: (what: Opens) => void, menu: (strip: string) => void): boolean {
  if (event.defaultPrevented || document.querySelector("dialog[open]") !== null) return false;
  const isCommand = isMac() ? event.metaKey : event.ctrlKey;
  if (isCommand && !event.altKey) return onCommandKey(desk, event, open);
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return false;
  const seekBy = (seconds: number): void => {
    desk.seek(desk.position_s(performance.now()) + seconds);
  };
  switch (event.key) {
    case " ":
      if (isPressed(event.target)) return false;
      void desk.togglePlay();
      return true;
    case "Enter":
      if (isPressed(event.target)) return false;
      void desk.send({ do: "stop" });
      return true;
    case "ArrowLeft":
    case "ArrowRight":
      if (event.target instanceof HTMLElement && event.target.closest("[role=slider], [role=tab], [role=grid]") !== null) return false;
      seekBy((event.key === "ArrowLeft" ? -1 : 1) * (event.shiftKey ? 1 : 5));
      return true;
    case "Home":
      desk.seek(0);
      return true;
    case "Escape":
      desk.select(null);
      return true;
    case "?":
      open("help");
      return true;
    default:
  }
  const view = views[Number(event.key) - 1];
  if (view !== undefined) {
    desk.settings.view = view;
    return true;
  }
  switch (event.key.toLowerCase()) {
    case "o":
      desk.toggleLoop();
      return true;
    case "d":
      void desk.send({ do: "dim", on: desk.state.monitor?.dim !== true });
      return true;
    default:
      return onStripKey(desk, event, menu);
  }
}

function onCommandKey(desk: Desk, event: KeyboardEvent, open: (what: Opens) => void): boolean {
  const key = event.key.toLowerCase();
  // A field that is being typed into has an undo of its own.
  if (isTyping(event.target) && key !== "s") return false;
  if (key === "z") void desk.send({ do: event.shiftKey ? "redo" : "undo" });
  else if (key === "y") void desk.send({ do: "redo" });
  else if (key === "s") open("save");
  else return false;
  return true;
}

function onStripKey(desk: Desk, event: KeyboardEvent, menu: (strip: string) => void): boolean {
  const focused = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-strip]")?.dataset["strip"] : undefined;
  const strip = focused ?? desk.selected;
  const now = strip === null ? undefined : desk.stripState(strip);
  if (strip === null || now === undefined) return false;
  const isTrack = desk.strip(strip)?.kind === "track";
  switch (event.key.toLowerCase()) {
    case "s":
      void desk.send({ do: "solo", strip, on: !now.solo, ...(event.shiftKey ? { only: true } : {}) });
      return true;
    case "m":
      void desk.send({ do: "mute", strip, on: !now.mute });
      return true;
    case "l":
      if (isTrack) void desk.send({ do: "lock", strip, on: !now.lock });
      return true;
    case "f":
      if (isTrack) void desk.send({ do: "focus", strip: now.focus ? null : strip });
      return true;
    case "r":
      menu(strip);
      return true;
    default:
      return false;
  }
}
