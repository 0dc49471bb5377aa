#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs gainstage beside the tools one would use instead, in turn, and writes what came out as JSON.

compare.py BUILD_DIR MATERIAL_DIR RESULT.json [--rounds N]. Times are of whole processes with the files in the page cache."""

import argparse
import dataclasses
import json
import pathlib
import shutil
import subprocess
import sys

from files import Files
from measuring import Failed, pairs, processor, run

MINUTES = 10
TRACKS = 64
PARTS = ("measure", "in_memory", "session", "two_cores", "fader_move", "long_session")


@dataclasses.dataclass(frozen=True)
class Row:
    """One line of the table: own work against a peer's; `reach` is the ratio to be had, or the most of ours over the peer's."""

    work: str
    peer: str
    reach: float
    figure: str = "cpu_s"
    at_most: bool = False


def ffmpeg_meter(path):
    return ["ffmpeg", "-nostdin", "-hide_banner", "-nostats", "-i", str(path), "-filter_complex", "ebur128=peak=true",
            "-f", "null", "-"]


def sox_mix(stems, out):
    command = ["sox", "-m"]
    for stem in stems:
        command += ["-v", "0.05", str(stem)]
    return command + ["-b", "24", str(out)]


def ffmpeg_mix(stems, out):
    command = ["ffmpeg", "-nostdin", "-hide_banner", "-nostats", "-y"]
    for stem in stems:
        command += ["-i", str(stem)]
    return command + ["-filter_complex", f"amix=inputs={len(stems)}", "-c:a", "pcm_s24le", str(out)]


def ecasound_mix(stems, out):
    # Its own WAV reader refuses WAVE_FORMAT_EXTENSIBLE, which 24-bit files should have; through libsndfile it is as fast.
    command = ["ecasound", "-q", "-B:nonrt", "-b:8192", "-f:s24_le,2,48000"]
    for i, stem in enumerate(stems):
        command += [f"-a:{i + 1}", "-i", f"sndfile,{stem}", "-ea:5"]
    return command + ["-a:all", "-f:s24_le,2,48000", "-o", str(out)]


class Bench:
    def __init__(self, build, material, rounds):
        self.program = str(build / "apps/cli/gainstage")
        self.tools = build / "bench/speed"
        self.files = Files(build, material)
        self.rounds = rounds
        self.rows = []
        self.memory_used = []
        self.tables = {}

    def add(self, row, own, other, cpus=None):
        entry = {**dataclasses.asdict(row)}
        self.rows.append(entry)
        if shutil.which(other[0]) is None:
            entry["missing"] = True
            print(f"{row.work} against {row.peer}: missing", file=sys.stderr)
            return
        try:
            ours, peers, ratio = pairs(own, other, self.rounds, cpus, row.figure)
        except Failed as failed:
            entry["failed"] = str(failed)
            print(failed, file=sys.stderr)
            return
        entry |= {"own": dataclasses.asdict(ours), "other": dataclasses.asdict(peers), "ratio": dataclasses.asdict(ratio)}
        print(f"{row.work} against {row.peer}: {ratio.median:.2f} ({ratio.least:.2f} .. {ratio.greatest:.2f})", file=sys.stderr)

    def measure(self):
        for signal in ("music", "loud"):
            path = self.files.file(f"{signal}.wav", signal, 60 * MINUTES, 1)
            own = [self.program, "measure", "--no-spectrum", "--no-stereo", "--json", str(path)]
            work = f"`measure` of {MINUTES} minutes, {signal}"
            self.add(Row(work, "ffmpeg ebur128=peak=true", 60), own, ffmpeg_meter(path))
            self.add(Row(work, "loudgain", 70), own, ["loudgain", str(path)])
            self.add(Row(work, "cat to nowhere", 1.5, at_most=True), own, ["cat", str(path)])
            flac = self.files.file(f"{signal}.flac", signal, 60 * MINUTES, 1)
            self.add(Row(f"{work}, FLAC", "ffmpeg ebur128=peak=true", 4),
                     [self.program, "measure", "--no-spectrum", "--no-stereo", "--json", str(flac)], ffmpeg_meter(flac))

    def session(self):
        folder = self.files.stems(TRACKS, 3)
        stems = sorted(folder.iterdir())
        staged, out, other = (self.files.folder / name for name in ("staged", "mix.wav", "other.wav"))
        # ecasound opens a file that is there to go on in it, and refuses what the others write.
        ecasound_out = self.files.folder / "ecasound.wav"
        ecasound_out.unlink(missing_ok=True)
        stage = [self.program, "stage", str(folder), "-o", str(staged), "--force", "--quiet"]
        run(stage)
        render = [self.program, "render", str(folder), "--plan", str(staged / "report.json"), "-o", str(out), "--force", "--quiet"]
        work = f"`render` of {TRACKS} stereo tracks x 3 minutes"
        peers = {Row(work, "sox -m", 40): sox_mix(stems, other), Row(work, "ffmpeg amix", 40): ffmpeg_mix(stems, other),
                 Row(work, "ecasound", 18): ecasound_mix(stems, ecasound_out)}
        for row, command in peers.items():
            self.files.stems(TRACKS, 3)  # Some of the page cache is lost with time.
            self.add(row, render, command, {0})
        self.add(Row(f"`stage` of {TRACKS} stereo tracks x 3 minutes", "sox -m, summing only", 4, figure="wall_s"), stage,
                 sox_mix(stems, other))
        self.memory(stage, f"{TRACKS} x 3 minutes")
        for written in (other, ecasound_out):
            written.unlink(missing_ok=True)

    def memory(self, command, what):
        used = run(command)
        self.memory_used.append({"of": what, "peak_mb": used.peak_mb, "wall_s": used.wall_s})
        print(f"memory of stage, {what}: {used.peak_mb:.0f} MB", file=sys.stderr)

    def long_session(self):
        """For memory only, so eight files may lie behind all tracks."""
        folder = self.files.stems(TRACKS, 60, different=8)
        self.memory([self.program, "stage", str(folder), "-o", str(self.files.folder / "staged-long"), "--force", "--quiet",
                     "--no-html"], f"{TRACKS} x 60 minutes")

    def two_cores(self):
        folder = self.files.stems(TRACKS, 3)
        own = [self.program, "measure", "--no-spectrum", "--no-stereo", "--json", *map(str, sorted(folder.iterdir()))]
        one = ["taskset", "-c", "0", *own]
        self.add(Row(f"`measure` of {TRACKS} files on two cores", "on one core", 1.8, figure="wall_s"), own, one)

    def in_memory(self):
        self.tables["in_memory"] = self.tool("in_memory", 60, self.rounds)

    def fader_move(self):
        self.tables["fader_move"] = self.tool("fader_move", self.files.stems(TRACKS, 5))

    def tool(self, name, *arguments):
        out = subprocess.run([self.tools / f"speed_{name}", *map(str, arguments)], check=True, capture_output=True, text=True)
        return json.loads(out.stdout)

    def report(self):
        return {"machine": processor(), "rounds": self.rounds, "rows": self.rows, "memory": self.memory_used, **self.tables}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("material", type=pathlib.Path)
    parser.add_argument("result", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=PARTS, action="append")
    arguments = parser.parse_args()
    bench = Bench(arguments.build, arguments.material, arguments.rounds)
    for part in arguments.only or PARTS:
        getattr(bench, part)()
    report = bench.report()
    arguments.result.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
