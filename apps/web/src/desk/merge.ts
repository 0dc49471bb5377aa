// SPDX-License-Identifier: MIT
// Changes a document in place, so that only what changed is drawn again.

type Json = Record<string, unknown>;

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Applies a JSON Merge Patch (RFC 7396). What it removes is held as null, as docs/desk-api.md says. */
export function mergePatch(target: object, patch: unknown): void {
  if (!isObject(patch)) return;
  const into = target as Json;
  for (const [key, value] of Object.entries(patch)) {
    // A key of a prototype is no field of a document.
    if (key === "__proto__") continue;
    if (!isObject(value)) {
      into[key] = value;
      continue;
    }
    const old = into[key];
    if (isObject(old)) {
      mergePatch(old, value);
    } else {
      const fresh: Json = {};
      mergePatch(fresh, value);
      into[key] = fresh;
    }
  }
}

/** Makes `target` equal `whole`, keeping the objects both have. What `whole` lacks becomes null. */
export function become(target: object, whole: object): void {
  const into = target as Json;
  const from = whole as Json;
  for (const key of Object.keys(into)) if (!(key in from)) into[key] = null;
  for (const [key, value] of Object.entries(from)) {
    if (key === "__proto__") continue;
    const old = into[key];
    if (isObject(old) && isObject(value)) become(old, value);
    else into[key] = value;
  }
}
