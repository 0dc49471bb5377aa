#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes docs/performance.md from what compare.py and growth.py measured.

page.py COMPARE.json GROWTH.json PAGE.md. What was not measured is left out."""

import datetime
import json
import pathlib
import subprocess
import sys

PEERS = {"ffmpeg": "ffmpeg", "loudgain": "loudgain", "sox": "sox", "ecasound": "ecasound", "libebur128": "libebur128-dev"}

INTRODUCTION = """# Performance

Written by `scripts/bench`, which makes its material by code, installs the peers from Debian and runs everything in turn on
one machine. Whole processes, the files in the page cache, medians of at least {rounds} pairs; in brackets the least and
the greatest ratio of a pair. Times differ between machines, and between hours on a shared one; ratios of one run differ
less.

- Machine: {machine}
- Date: {date}
- Versions: {versions}

The material is 48 kHz, 24 bits, stereo: pads, drums and noise with quiet and loud parts ("music"), and the same driven into
clipping ("loud").

## Against others

How many times more the peer takes; where it says "of", our time as a share of the peer's.

| work | against | ours | theirs | ratio | to reach |
|---|---|---|---|---|---|
"""


def version(package):
    found = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True)
    return f"{package.removesuffix('-dev')} {found.stdout}" if found.returncode == 0 and found.stdout else f"{package} missing"


def versions():
    compiler = subprocess.run(["g++", "-dumpfullversion"], capture_output=True, text=True).stdout.strip()
    return ", ".join([f"g++ {compiler}", *map(version, PEERS.values())])


def number(value):
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def seconds(value):
    return f"{value:.3f} s" if value < 1 else f"{value:.2f} s"


def row(entry):
    reach = f"at most {entry['reach']}" if entry["at_most"] else f"{entry['reach']:g}"
    head = f"| {entry['work']} | {entry['peer']}"
    if "ratio" not in entry:
        return f"{head} | | | {'missing' if 'missing' in entry else 'failed'} | {reach} |"
    ratio = entry["ratio"]
    median, least, greatest = ratio["median"], ratio["least"], ratio["greatest"]
    unit = "x"
    if entry["at_most"]:
        median, least, greatest, unit = 1 / median, 1 / greatest, 1 / least, " of it"
    figure = entry["figure"]
    return (f"{head} | {seconds(entry['own'][figure])} | {seconds(entry['other'][figure])} | "
            f"{number(median)}{unit} ({number(least)} .. {number(greatest)}) | {reach} |")


def comparison(report):
    lines = [row(entry) for entry in report["rows"]]
    return "\n".join(lines) + "\n\nProcessor time, but wall time for `stage` and for two cores. `render` and what it is held against run on one core.\n"


def in_memory(report):
    lines = ["", "## In memory", "",
             "Integrated loudness, loudness range and true peak of float samples in memory, on one core, against libebur128 with",
             "the same three switched on. `16x` is the detector that is the default here, more exact than the 4x one of the",
             "standard that libebur128 has; `bs1770` is the latter.", "",
             "| signal | true peak | ns per frame | libebur128 | ratio | I differs by, LU | true peak differs by, dB |",
             "|---|---|---|---|---|---|---|"]
    for entry in report["in_memory"]:
        lines.append(f"| {entry['signal']} | {entry['true_peak']} | {number(entry['ns_per_frame'])} | "
                     f"{number(entry['libebur128_ns_per_frame'])} | {number(entry['ratio'])}x "
                     f"({number(entry['ratio_min'])} .. {number(entry['ratio_max'])}) | "
                     f"{entry['integrated_difference_lu']:.1e} | {entry['true_peak_difference_db']:.1e} |")
    return "\n".join(lines) + "\n"


def fader_move(report):
    lines = ["", "## A fader's move", "",
             "The loudness of the whole mix after one fader of a session has moved, told from Gram matrices, against rendering the",
             "mix and measuring it. `tenths` keeps them every 100 ms, `hundredths` every 10 ms.", "",
             "| tracks | detail | a move | the longest | rendering and measuring | I differs by | M max | S max | LRA |",
             "|---|---|---|---|---|---|---|---|---|"]
    for entry in report["fader_move"]:
        lines.append(f"| {entry['tracks']} x 5 minutes | {entry['detail']} | {entry['move_ms']:.2f} ms | {entry['move_ms_max']:.2f} ms | "
                     f"{seconds(entry['render_and_measure_s'])} | {entry['integrated_difference_lu']:.1e} LU | "
                     f"{entry['momentary_max_difference_lu']:.1e} | {entry['short_term_max_difference_lu']:.1e} | "
                     f"{entry['loudness_range_difference_lu']:.1e} |")
    return "\n".join(lines) + "\n"


def memory(report):
    lines = ["", "## Memory of `stage`", "", "| session | at its peak | wall time |", "|---|---|---|"]
    lines += [f"| {m['of']} | {m['peak_mb']:.0f} MB | {seconds(m['wall_s'])} |" for m in report["memory"]]
    if len(report["memory"]) == 2:
        short, long = report["memory"]
        hours = 64 * (60 - 3) / 60
        lines += ["", f"Between the two: {(long['peak_mb'] - short['peak_mb']) / hours:.1f} MB per track-hour."]
    return "\n".join(lines) + "\n"


def growth(report):
    lines = ["", "## Growth", "", "![Time of stage over tracks and minutes, memory over track-hours](images/growth.svg)", "",
             "Time is linear in tracks and in length; the covariance of every pair of tracks, which grows with the square of the",
             "tracks, is what lifts the curve towards 128.", "",
             "| tracks | minutes | processor time | wall time | per track-minute | peak memory |", "|---|---|---|---|---|---|"]
    for r in report["by_tracks"] + report["by_minutes"]:
        lines.append(f"| {r['tracks']} | {r['minutes']} | {seconds(r['cpu_s'])} | {seconds(r['wall_s'])} | "
                     f"{1000 * r['cpu_s'] / r['tracks'] / r['minutes']:.1f} ms | {r['peak_mb']:.0f} MB |")
    return "\n".join(lines) + "\n"


def main():
    compared, grown = (json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
                       for path in map(pathlib.Path, sys.argv[1:3]))
    text = INTRODUCTION.format(rounds=compared["rounds"], machine=compared["machine"],
                               date=datetime.date.today().isoformat(), versions=versions())
    parts = {"rows": comparison, "in_memory": in_memory, "fader_move": fader_move, "memory": memory}
    text += "".join(write(compared) for key, write in parts.items() if compared.get(key))
    if grown:
        text += growth(grown)
    pathlib.Path(sys.argv[3]).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
