// SPDX-License-Identifier: MIT
// The report's modules, for tests that run without a browser.
import { finish, load } from "./load_module.js";

export const format = /** @type {typeof import("../../src/base/format")} */ (await load("base/format.ts"));
export const chart = /** @type {typeof import("../../src/charts/chart")} */ (await load("charts/chart.ts"));
export const model = /** @type {typeof import("../../src/report/model")} */ (await load("report/model.ts"));
export const read = /** @type {typeof import("../../src/report/read")} */ (await load("report/read.ts"));
export const warnings = /** @type {typeof import("../../src/report/warnings")} */ (await load("report/warnings.ts"));
export const overTime = /** @type {typeof import("../../src/report/over_time")} */ (await load("report/over_time.ts"));
export const gainMap = /** @type {typeof import("../../src/report/gain_map")} */ (await load("report/gain_map.ts"));
export const foot = /** @type {typeof import("../../src/report/foot")} */ (await load("report/foot.ts"));

await finish();
