#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fails when a file has no licence line, is too long, names one machine's folders or a page that does not exist, or is a
test nobody builds."""

import re
import sys

from project_files import ROOT, project_files

CODE = (".h", ".cpp", ".inc", ".py", ".cmake", ".ts", ".js", ".svelte", ".css", ".html", ".sh", "CMakeLists.txt")
BINARY = (".png", ".ico", ".wav", ".aiff", ".flac", ".ogg", ".mp3", ".w64", ".caf", ".rf64",
          ".dawproject")
MOST_LINES = 600
LICENCE = "SPDX-License-Identifier: MIT"
# Folders below which every machine has its own: a user has none of them.
MACHINE_PATH = re.compile(r"(?<![\w.}])/(?:home|root|Users|work|mnt)/\w")
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
PAGE = re.compile(r"\bdocs/[\w./-]+\.(?:md|json|png)\b")
BUILT = ("_test.cpp", "_bench.cpp", "_fuzz.cpp")


def is_registered(source) -> bool:
    """Whether the CMakeLists.txt of the source's folder, or of one above it, lists the source."""
    for folder in source.parents:
        lists = folder / "CMakeLists.txt"
        name = str(source.relative_to(folder))
        if lists.is_file() and re.search(rf"(?<![\w/.]){re.escape(name)}(?![\w/.])", lists.read_text(encoding="utf-8")):
            return True
        if folder == ROOT:
            return False
    return False


def problems_of(file) -> list[str]:
    path = file.relative_to(ROOT)
    if file.name.endswith(BINARY):
        return []
    text = file.read_text(encoding="utf-8")
    lines = text.splitlines()
    found = []
    is_code = file.name.endswith(CODE) or (text.startswith("#!") and not file.suffix)
    if is_code and not any(LICENCE in line for line in lines[:3]):
        found.append(f"{path}:1: no line '{LICENCE}' at the top")
    if is_code and len(lines) > MOST_LINES:
        found.append(f"{path}: {len(lines)} lines, at most {MOST_LINES}: it is about more than one subject")
    if text and not text.endswith("\n"):
        found.append(f"{path}:{len(lines)}: no newline at the end")
    if file.name != "package-lock.json":
        for number, line in enumerate(lines, 1):
            if MACHINE_PATH.search(line):
                found.append(f"{path}:{number}: names a folder of one machine: {line.strip()}")
            if is_code and line != line.rstrip():
                found.append(f"{path}:{number}: white space at the end of the line")
    links = [file.parent / link for link in LINK.findall(text)] if file.suffix == ".md" else []
    for target in [*links, *(ROOT / page for page in PAGE.findall(text))]:
        if not target.exists():
            found.append(f"{path}: refers to {target.relative_to(ROOT)}, which does not exist")
    if file.name.endswith(BUILT) and not is_registered(file):
        found.append(f"{path}: no CMakeLists.txt lists it, so it is never built")
    return found


def main() -> int:
    files = project_files()
    problems = [problem for file in files for problem in problems_of(file)]
    print("\n".join(problems) or f"{len(files)} files in order")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
