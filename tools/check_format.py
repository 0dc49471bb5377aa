#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fails when a C++ file is not as clang-format 14 writes it. `check_format.py --fix` rewrites the files."""

import re
import shutil
import subprocess
import sys

from project_files import project_files

PINNED = 14
SKIPPED = 77


def clang_format() -> str | None:
    """The pinned version's program: other versions format differently."""
    for program in (f"clang-format-{PINNED}", "clang-format"):
        if not shutil.which(program):
            continue
        version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
        if re.search(rf"version {PINNED}\.", version):
            return program
    return None


def main() -> int:
    program = clang_format()
    if program is None:
        print(f"Skipped: clang-format {PINNED} is not installed (Debian 12: apt-get install clang-format)")
        return SKIPPED
    files = [str(file) for file in project_files(".h", ".cpp", ".inc")]
    if "--fix" in sys.argv[1:]:
        return subprocess.run([program, "-i", *files], check=False).returncode
    check = subprocess.run([program, "--dry-run", "-Werror", *files], capture_output=True, text=True, check=False)
    wrong = sorted(set(re.findall(r"^(.+?):\d+:\d+: error:", check.stderr, re.MULTILINE)))
    if check.returncode == 0:
        print(f"{len(files)} files formatted")
    elif wrong:
        print("\n".join([*wrong, "Not formatted; run tools/check_format.py --fix"]))
    else:
        print(check.stderr)
    return check.returncode


if __name__ == "__main__":
    sys.exit(main())
