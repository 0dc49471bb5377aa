#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fails when a file includes a header of a room that its own room may not know. The table is docs/design.md's."""

import pathlib
import re
import sys

ROOMS = {
    "base": set(),
    "dsp": {"base"},
    "meters": {"base", "dsp"},
    "audio_file": {"base", "dsp"},
    "session": {"base"},
    "session_format": {"base", "session"},
    "staging": {"base", "session"},
    "delivery": {"base", "staging"},
    "mix": {"base", "dsp", "meters", "session", "staging"},
    "engine": {"base", "dsp", "meters", "audio_file", "session", "staging", "delivery", "mix"},
    "report": {"base", "session", "staging", "delivery"},
}
ROOMS["workspace"] = set(ROOMS)
APPS = set(ROOMS)
PLUGIN = {"base", "dsp", "meters", "session", "staging"}
# Which apps an app may include: the command line is the front door, and web's pages are bytes to the others.
DOORS = {"cli": {"desk", "web"}, "desk": {"web"}, "web": set(), "plugin": set()}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')


def allowed(path: pathlib.PurePath) -> tuple[str, set[str]] | None:
    """The room a file lies in and the rooms it may include; None where anything goes (tests and benchmarks)."""
    parts = path.parts
    if parts[0] == "src":
        return parts[1], ROOMS[parts[1]] | {parts[1]}
    if parts[0] == "apps":
        rooms = PLUGIN if parts[1] == "plugin" else APPS
        return f"apps/{parts[1]}", rooms | DOORS[parts[1]] | {parts[1]}
    return None


def main() -> int:
    root = pathlib.Path(__file__).resolve().parent.parent
    problems = []
    files = [f for top in ("src", "apps") for f in sorted((root / top).rglob("*")) if f.suffix in {".h", ".cpp", ".inc"}]
    files = [f for f in files if "node_modules" not in f.parts]
    for file in files:
        path = file.relative_to(root)
        here, may = allowed(path)
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            match = INCLUDE.match(line)
            if not match or "/" not in match.group(1):
                continue
            room = match.group(1).split("/")[0]
            if room in ROOMS.keys() | DOORS.keys() and room not in may:
                problems.append(f"{path}:{number}: {here} may not include {match.group(1)}")
            if "hwy/" in match.group(1) and here != "dsp":
                problems.append(f"{path}:{number}: only dsp sees the SIMD library")
    print("\n".join(problems) or f"{len(files)} files keep to the layers")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
