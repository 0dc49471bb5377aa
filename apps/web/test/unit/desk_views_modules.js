// SPDX-License-Identifier: MIT
// The pure modules behind the desk's views, for tests that run without a browser.
import { finish, load } from "./load_module.js";

export const chart = /** @type {typeof import("../../src/charts/chart")} */ (await load("charts/chart.ts"));
export const scales = /** @type {typeof import("../../src/charts/live/scales")} */ (await load("charts/live/scales.ts"));
export const moves = /** @type {typeof import("../../src/charts/live/overview_moves")} */ (await load("charts/live/overview_moves.ts"));
export const overview = /** @type {typeof import("../../src/charts/live/overview")} */ (await load("charts/live/overview.ts"));
export const goniometer = /** @type {typeof import("../../src/charts/live/goniometer")} */ (await load("charts/live/goniometer.ts"));
export const loudness = /** @type {typeof import("../../src/charts/live/loudness_scale")} */ (await load("charts/live/loudness_scale.ts"));
export const pen = /** @type {typeof import("../../src/charts/live/pen")} */ (await load("charts/live/pen.ts"));
export const tonal = /** @type {typeof import("../../src/charts/live/tonal_balance")} */ (await load("charts/live/tonal_balance.ts"));
export const map = /** @type {typeof import("../../src/desk/views/map_model")} */ (await load("desk/views/map_model.ts"));
export const build = /** @type {typeof import("../../src/desk/views/build_model")} */ (await load("desk/views/build_model.ts"));
export const master = /** @type {typeof import("../../src/desk/views/master_model")} */ (await load("desk/views/master_model.ts"));
export const walks = /** @type {typeof import("../../src/desk/views/walk_model")} */ (await load("desk/views/walk_model.ts"));
export const compare = /** @type {typeof import("../../src/desk/views/compare_model")} */ (await load("desk/views/compare_model.ts"));
export const history = /** @type {typeof import("../../src/desk/views/history_model")} */ (await load("desk/views/history_model.ts"));
export const spectra = /** @type {typeof import("../../src/desk/views/spectra_model")} */ (await load("desk/views/spectra_model.ts"));
export const pace = /** @type {typeof import("../../src/desk/views/pace")} */ (await load("desk/views/pace.ts"));

await finish();
