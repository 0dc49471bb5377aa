// SPDX-License-Identifier: MIT
// Elements from code. Text is always set as text, so a name can hold any character.

export type Child = Node | string | number | null | undefined | false | readonly Child[];
type Value = string | number | boolean | null | undefined | ((event: never) => void);
export type Attributes = Readonly<Record<string, Value>>;

const svgNamespace = "http://www.w3.org/2000/svg";

/** An HTML element. `onclick` and the like take a listener; true is an empty attribute; false and null leave it out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes | null = null,
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(name), attributes, children);
}

/** An SVG element. */
export function s<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Attributes | null = null,
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return fill(document.createElementNS(svgNamespace, name), attributes, children);
}

export function append(parent: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (typeof child === "string" || child instanceof Node) parent.append(child);
    else if (typeof child === "number") parent.append(String(child));
    else append(parent, child);
  }
}

/** Takes out what is in an element and puts these in. */
export function replace(parent: Element, ...children: Child[]): void {
  parent.replaceChildren();
  append(parent, children);
}

function fill<E extends Element>(element: E, attributes: Attributes | null, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value as (event: Event) => void);
    // A policy without inline styles forbids the attribute, and allows what a script sets.
    else if (name === "style") (element as unknown as ElementCSSInlineStyle).style.cssText = String(value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}
