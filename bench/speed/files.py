# SPDX-License-Identifier: MIT
"""The files to be timed on, made once by speed_material and kept."""

import os
import subprocess


def forget(path):
    """Writes a new file out and drops it from the page cache: what is read again lies there in large pieces, as files that
    somebody has recorded or copied do, not in the small ones in which it was written."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)


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
            forget(path)
        subprocess.run(["cat", path], check=True, stdout=subprocess.DEVNULL)
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
