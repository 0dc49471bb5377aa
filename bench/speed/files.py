# SPDX-License-Identifier: MIT
"""The files to be timed on, made once by speed_material and kept."""

import os
import subprocess


def read_anew(path):
    """Leaves a file in the page cache as reading it leaves it, whatever was there before: pages that were just written, or
    that came back one by one, are smaller and cost every program more, and whoever maps them most of all."""
    with open(path, "rb") as file:
        os.fdatasync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    subprocess.run(["cat", path], check=True, stdout=subprocess.DEVNULL)


class Files:
    def __init__(self, build, folder):
        self.make = build / "bench/speed/speed_material"
        self.folder = folder

    def file(self, name, signal, seconds, seed):
        """A stereo file of 48 kHz and 24 bits, in the page cache."""
        path = self.folder / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run([self.make, path, signal, str(seconds), str(seed)], check=True)
        read_anew(path)
        return path

    def stems(self, tracks, minutes, different=None):
        """A folder of that many tracks. They are links to files that other folders share; with `different` only so many
        files lie behind them."""
        folder = self.folder / f"{tracks}x{minutes}"
        folder.mkdir(parents=True, exist_ok=True)
        for i in range(tracks):
            seed = i if different is None else i % different
            stem = folder / f"t{i:03}.wav"
            path = self.file(f"pool/{minutes}min-{seed:03}.wav", "music", 60 * minutes, seed)
            if not stem.exists():
                stem.hardlink_to(path)
        return folder
