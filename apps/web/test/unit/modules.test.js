// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hundredTracks, limited, nothing, twelveTracks } from "../fixtures/reports.js";
import { chart, foot, format, gainMap, model, overTime, read, warnings } from "./modules.js";

describe("numbers", () => {
  it("have a true minus sign and no negative nothing", () => {
    assert.equal(format.number(-16.34), "\u221216.3");
    assert.equal(format.number(-0.04), "0.0");
    assert.equal(format.number(0.04, { sign: "always" }), "0.0");
    assert.equal(format.number(2.25, { sign: "always" }), "+2.3");
  });

  it("carry their unit, and silence is minus infinity only where it is known", () => {
    assert.equal(format.quantity(-1, "dBTP"), "\u22121.0\u202fdBTP");
    assert.equal(format.quantity(null, "LUFS"), "\u2013");
    assert.equal(format.quantity(null, "LUFS", { silent: true }), "\u2212\u221e\u202fLUFS");
    assert.equal(format.gain(5.31), "+5.3\u202fdB");
  });

  it("of time roll over after rounding", () => {
    assert.equal(format.time(59.96, 1), "1:00.0");
    assert.equal(format.time(59.4), "0:59");
    assert.equal(format.time(3661.5, 2), "1:01:01.50");
    assert.equal(format.time(0), "0:00");
  });

  it("of frequency are as short as they are exact", () => {
    assert.equal(format.frequency(31.5), "31.5\u202fHz");
    assert.equal(format.frequency(44100), "44.1\u202fkHz");
    assert.equal(format.frequency(96000), "96\u202fkHz");
  });
});

describe("a chart", () => {
  it("has round ticks within its ends", () => {
    assert.deepEqual(chart.ticks(-30, 1, 6), [-30, -24, -18, -12, -6, 0]);
    assert.deepEqual(chart.ticks(0, 1, 5).map((tick) => tick.toFixed(1)), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
  });

  it("moves labels apart without changing their order or leaving its ends", () => {
    const placed = chart.spread([50, 48, 49, 2], 10, 0, 55);
    const sorted = [...placed].sort((a, b) => a - b);
    sorted.forEach((y, i) => {
      if (i > 0) assert.ok(y - (sorted[i - 1] ?? 0) >= 10 - 1e-9, String(placed));
    });
    assert.ok((placed[1] ?? 0) < (placed[2] ?? 0) && (placed[2] ?? 0) < (placed[0] ?? 0));
    assert.ok(Math.max(...placed) <= 55);
  });

  it("draws long series with few rows and loses no peak", () => {
    const series = Array.from({ length: 6000 }, (_, i) => (i === 4321 ? -3 : i < 100 ? null : -20));
    const rows = overTime.sampled([series], 0.1, "greatest");
    assert.ok(rows.length <= 40);
    assert.equal(rows.filter(({ values }) => values[0] === -3).length, 1);
    assert.equal(rows[0]?.seconds, 0);
    assert.deepEqual(overTime.sampled([[]], 0.1, "least"), []);
  });
});

describe("sentences of the program", () => {
  it("get the minus of the page's numbers, and keep their hyphens", () => {
    assert.equal(
      format.typeset("A -20.8 LUFS short-term mix (-1.0 dBTP) of e2-e4."),
      "A \u221220.8 LUFS short-term mix (\u22121.0 dBTP) of e2-e4.",
    );
  });
});

describe("the verdict", () => {
  it("says by how much the target is missed, and that plain gain ends there", () => {
    const verdict = model.verdict(twelveTracks());
    assert.equal(verdict.state, "missed");
    assert.equal(verdict.headline, "2.3\u202fLU short of the target");
    assert.match(verdict.sentences.join(" "), /Plain gain ends 2\.3\u202fLU early: PLR 15\.3\u202fLU.* 13\.0\u202fLU\./);
  });

  it("says what the limiter took when the target is reached by it", () => {
    const verdict = model.verdict(limited());
    assert.equal(verdict.state, "reached");
    assert.match(verdict.sentences.join(" "), /Plain gain ends 1\.3\u202fLU early: PLR 14\.3\u202fLU/);
    assert.match(verdict.sentences.join(" "), /The limiter took up to 3\.1\u202fdB\./);
  });

  it("does not call 13.0 more than 13.0", () => {
    const report = twelveTracks();
    const close = { ...report, predicted: report.predicted && { ...report.predicted, plr_lu: 13.04 } };
    assert.match(model.verdict(close).sentences.join(" "), /Plain gain is enough/);
  });

  it("says when there is nothing to judge, and when nothing was written", () => {
    assert.equal(model.verdict(nothing()).state, "none");
    assert.match(model.verdict(hundredTracks()).sentences.join(" "), /dry run/);
  });
});

describe("a report", () => {
  it("of another schema, or none, is refused with a sentence", () => {
    assert.ok("problem" in read.parseReport("null"));
    assert.ok("problem" in read.parseReport("{"));
    const other = read.parseReport('{"schema":"gainstage.report/2"}');
    assert.ok("problem" in other && other.problem.includes("gainstage.report/2"));
  });

  it("may leave everything out", () => {
    const result = read.parseReport('{"schema":"gainstage.report/1"}');
    assert.ok("report" in result);
    assert.deepEqual(result.report.tracks, []);
  });

  it("lists every clipped place beside the warnings", () => {
    const report = twelveTracks();
    const all = warnings.findings(report);
    assert.equal(all.length, report.warnings.length + 7);
    assert.equal(all.filter(({ kind }) => kind === "clip").length, 7);
  });

  it("judges headroom by the figure that is printed", () => {
    assert.equal(gainMap.zoneOf(-0.04).name, "tight");
    assert.equal(gainMap.zoneOf(-0.06).name, "over");
    assert.equal(gainMap.zoneOf(2.94).name, "tight");
    assert.equal(gainMap.zoneOf(6).name, "open");
    assert.equal(gainMap.zoneOf(40).name, "quiet");
  });

  it("writes options as one would", () => {
    assert.equal(foot.optionText(["low", "mid"]), "low, mid");
    assert.equal(foot.optionText({ guitars: ["a.wav", "b.wav"] }), "guitars=a.wav, b.wav");
    assert.equal(foot.optionText(true), "yes");
    assert.equal(foot.optionText({}), "\u2013");
    assert.equal(foot.optionText(-14), "-14");
  });
});
