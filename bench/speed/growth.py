#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How the time and memory of `gainstage stage` grow with tracks and with length.

growth.py BUILD_DIR MATERIAL_DIR RESULT.json PICTURE.svg [--rounds N]"""

import argparse
import dataclasses
import json
import pathlib
import sys

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402
from files import Files  # noqa: E402
from measuring import median_run, processor, run  # noqa: E402

TRACKS = (4, 8, 16, 32, 64, 128)
MINUTES = (1, 3, 10, 30, 60)
MINUTES_OF_TRACKS = 3
TRACKS_OF_MINUTES = 8


def timed(program, files, tracks, minutes, rounds):
    folder = files.stems(tracks, minutes)
    command = [program, "stage", str(folder), "-o", str(files.folder / "staged-growth"), "--force", "--quiet"]
    run(command)
    figures = median_run([run(command) for _ in range(rounds)])
    print(f"{tracks} tracks x {minutes} min: {figures.wall_s:.2f} s wall, {figures.cpu_s:.2f} s cpu, "
          f"{figures.peak_mb:.0f} MB", file=sys.stderr)
    return {"tracks": tracks, "minutes": minutes, **dataclasses.asdict(figures)}


def with_linear(axes, x, y, color, label):
    """A curve, and the straight line through its middle that linear growth would follow."""
    middle = len(x) // 2
    axes.plot(x, [y[middle] * v / x[middle] for v in x], color="#9aa0a6", linewidth=1, linestyle="--", label="linear")
    axes.plot(x, y, color=color, marker="o", markersize=4, label=label)


def draw(by_tracks, by_minutes, machine, path):
    plt.rcParams.update({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False, "svg.hashsalt": "gainstage"})
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(11, 3.6), layout="constrained")
    x = [r["tracks"] for r in by_tracks]
    with_linear(left, x, [r["cpu_s"] for r in by_tracks], "#1b6ac9", "processor time")
    left.plot(x, [r["wall_s"] for r in by_tracks], color="#d9822b", marker="o", markersize=4, label="wall time")
    left.set(xscale="log", yscale="log", xlabel=f"tracks, {MINUTES_OF_TRACKS} minutes each", ylabel="seconds")
    left.set_xticks(x, [str(v) for v in x])
    x = [r["minutes"] for r in by_minutes]
    with_linear(middle, x, [r["cpu_s"] for r in by_minutes], "#1b6ac9", "processor time")
    middle.plot(x, [r["wall_s"] for r in by_minutes], color="#d9822b", marker="o", markersize=4, label="wall time")
    middle.set(xscale="log", yscale="log", xlabel=f"minutes, {TRACKS_OF_MINUTES} tracks", ylabel="seconds")
    middle.set_xticks(x, [str(v) for v in x])
    everything = sorted(by_tracks + by_minutes, key=lambda r: r["tracks"] * r["minutes"])
    right.plot([r["tracks"] * r["minutes"] / 60 for r in everything], [r["peak_mb"] for r in everything], color="#2a8a57",
               marker="o", markersize=4, linestyle="none", label="peak memory")
    right.set(xlabel="track-hours", ylabel="MB", ylim=(0, None))
    for axes in (left, middle, right):
        axes.minorticks_off()
        axes.grid(color="#e3e5e8", linewidth=0.7)
        axes.legend(frameon=False)
    figure.suptitle(f"gainstage stage, everything on ({machine})", fontsize=10)
    figure.savefig(path, metadata={"Date": None})


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("material", type=pathlib.Path)
    parser.add_argument("result", type=pathlib.Path)
    parser.add_argument("picture", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    files = Files(arguments.build, arguments.material)
    program = str(arguments.build / "apps/cli/gainstage")
    by_tracks = [timed(program, files, n, MINUTES_OF_TRACKS, arguments.rounds) for n in TRACKS]
    by_minutes = [timed(program, files, TRACKS_OF_MINUTES, m, arguments.rounds) for m in MINUTES]
    machine = processor()
    draw(by_tracks, by_minutes, machine, arguments.picture)
    report = {"machine": machine, "rounds": arguments.rounds, "by_tracks": by_tracks, "by_minutes": by_minutes}
    arguments.result.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
