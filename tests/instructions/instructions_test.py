#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Counts the instructions of the kernels that most of the time goes into, and fails when one differs by more than 3 % from
counts.json: a slow-down shows without a clock.

instructions_test.py PROGRAM COMPILER [--update]. The counts hold for one compiler, the dev preset and one kind of vectors; elsewhere the
test is skipped."""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

COUNTS = pathlib.Path(__file__).with_name("counts.json")
TOLERANCE = 0.03
SKIPPED = 77


def count(program, kernel):
    """Instructions of one kernel and the vectors that it used."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["valgrind", "--tool=callgrind", "--collect-atstart=no", f"--callgrind-out-file={folder}/out",
                               program, kernel], capture_output=True, text=True)
    collected = re.search(r"Collected\s*:\s*(\d+)", done.stderr)
    if done.returncode != 0 or not collected:
        sys.exit(f"{kernel}: {done.stderr}")
    return int(collected.group(1)), done.stdout.strip()


def main():
    program, compiler = sys.argv[1:3]
    kept = json.loads(COUNTS.read_text(encoding="utf-8"))
    if shutil.which("valgrind") is None:
        print("skipped: no valgrind")
        return SKIPPED
    if not compiler.startswith(kept["compiler"]):
        print(f"skipped: the counts are of {kept['compiler']}, this is {compiler}")
        return SKIPPED
    result = 0
    for kernel, expected in kept["kernels"].items():
        found, vectors = count(program, kernel)
        if vectors != kept["vectors"]:
            print(f"skipped: the counts are of {kept['vectors']}, this machine has {vectors}")
            return SKIPPED
        if "--update" in sys.argv:
            kept["kernels"][kernel] = found
            continue
        change = found / expected - 1
        print(f"{kernel}: {found} instructions, {100 * change:+.2f} %")
        if abs(change) > TOLERANCE:
            print(f"{kernel}: {expected} were expected. When the change is meant, run {sys.argv[0]} with --update.")
            result = 1
    if "--update" in sys.argv:
        COUNTS.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    return result


if __name__ == "__main__":
    sys.exit(main())
