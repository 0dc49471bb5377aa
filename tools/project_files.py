# SPDX-License-Identifier: MIT
"""The project's own files, for the checks: what git knows or would add, or everything but build output without git."""

import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
NOT_OURS = {".git", ".cache", "node_modules", "dist"}


def is_ours(path: pathlib.PurePath) -> bool:
    return not any(part in NOT_OURS or part.startswith("build") for part in path.parts[:-1])


def project_files(*suffixes: str) -> list[pathlib.Path]:
    """Absolute paths in order, of all files or of those whose name ends in one of the suffixes."""
    # A checkout that belongs to another user is refused by git; it is read like an unpacked archive.
    listing = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.run(listing, capture_output=True, text=True, check=True).stdout.split("\0")
        files = [ROOT / name for name in names if name]
    except (OSError, subprocess.CalledProcessError):
        files = [file for file in ROOT.rglob("*") if is_ours(file.relative_to(ROOT))]
    return sorted(f for f in files if f.is_file() and (not suffixes or f.name.endswith(suffixes)))
