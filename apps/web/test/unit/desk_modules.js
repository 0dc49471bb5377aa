// SPDX-License-Identifier: MIT
// The desk's modules that need no browser, for tests.
import { finish, load } from "./load_module.js";

export const merge = /** @type {typeof import("../../src/desk/merge")} */ (await load("desk/merge.ts"));
export const frames = /** @type {typeof import("../../src/desk/frames")} */ (await load("desk/frames.ts"));
export const law = /** @type {typeof import("../../src/desk/mixer/law")} */ (await load("desk/mixer/law.ts"));
export const meterScale = /** @type {typeof import("../../src/desk/mixer/meter_scale")} */ (await load("desk/mixer/meter_scale.ts"));
export const groups = /** @type {typeof import("../../src/desk/mixer/groups")} */ (await load("desk/mixer/groups.ts"));
export const ring = /** @type {typeof import("../../src/desk/audio/ring")} */ (await load("desk/audio/ring.ts"));
export const words = /** @type {typeof import("../../src/desk/words")} */ (await load("desk/words.ts"));
export const connection = /** @type {typeof import("../../src/desk/connection")} */ (await load("desk/connection.ts"));

await finish();
