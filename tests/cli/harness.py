# SPDX-License-Identifier: MIT
"""What the tests of the program share: a folder of their own, stems made by code, and the program run as a user does."""

import json
import math
import os
import pathlib
import random
import signal
import struct
import subprocess
import sys
import tempfile
import unittest

PROGRAM = pathlib.Path(os.environ["GAINSTAGE_PROGRAM"]).resolve()
SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
RATE = 22050


def wav_bytes(channels, rate=RATE, floating=False):
    """A WAV of 16-bit integers or 32-bit floats; `channels` are lists of samples, full scale 1."""
    count = len(channels)
    interleaved = [sample for frame in zip(*channels) for sample in frame]
    if floating:
        data = struct.pack(f"<{len(interleaved)}f", *interleaved)
    else:
        data = struct.pack(f"<{len(interleaved)}h", *(max(-32768, min(32767, round(32767 * x))) for x in interleaved))
    width = 4 if floating else 2
    form = struct.pack("<HHIIHH", 3 if floating else 1, count, rate, rate * count * width, count * width, 8 * width)
    return (b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + struct.pack("<I", 16) + form + b"data"
            + struct.pack("<I", len(data)) + data)


def tone(hz, seconds, level=0.3):
    return [level * math.sin(2 * math.pi * hz * n / RATE) for n in range(int(seconds * RATE))]


def hits(hz, seconds, every=0.5, level=0.8):
    """A decaying sine twice a second: a drum."""
    period = int(every * RATE)
    shape = [level * math.exp(-n / (0.05 * RATE)) * math.sin(2 * math.pi * hz * n / RATE) for n in range(period)]
    return (shape * (int(seconds / every) + 1))[:int(seconds * RATE)]


def noise(seconds, level=0.1, seed=1):
    chance = random.Random(seed)
    return [level * chance.uniform(-1.0, 1.0) for _ in range(int(seconds * RATE))]


def band(seconds=4.0):
    """Four small stems of a song."""
    return {"kick.wav": [hits(60, seconds)], "bass.wav": [tone(90, seconds)], "gtr.wav": [noise(seconds, 0.2)] * 2,
            "vox.wav": [tone(440, seconds, 0.1)]}


class CliTest(unittest.TestCase):
    """Every test works in an empty folder."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.place = pathlib.Path(folder.name)

    def write(self, name, content):
        path = self.place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def song(self, folder="song", stems=None):
        for name, channels in (stems or band()).items():
            self.write(f"{folder}/{name}", wav_bytes(channels))
        return self.place / folder

    def environment(self, **more):
        clean = {name: value for name, value in os.environ.items() if name not in ("XDG_CONFIG_HOME", "NO_COLOR")}
        return clean | {"HOME": str(self.place / "home"), "LC_ALL": "C.UTF-8"} | more

    def start(self, *words, **options):
        options.setdefault("cwd", self.place)
        options.setdefault("env", self.environment())
        options.setdefault("stdout", subprocess.PIPE)
        return subprocess.Popen([PROGRAM, *words], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, **options)

    def run_program(self, *words, expect=0, **options):
        """Runs to the end; (stdout, stderr) as text. A crash fails, whatever was expected."""
        process = self.start(*words, **options)
        out, err = process.communicate(timeout=300)
        err = err.decode(errors="replace")
        self.assertGreaterEqual(process.returncode, 0, f"killed by signal {-process.returncode}: {err}")
        self.assertEqual(process.returncode, expect, f"{words}\n{err}")
        return (out or b"").decode(errors="replace"), err

    def refused(self, *words, code, says=(), **options):
        """The program refuses with the code, prints no result, and names what it should on stderr."""
        out, err = self.run_program(*words, expect=code, **options)
        self.assertEqual(out, "")
        self.assertTrue(err.startswith("gainstage: "), err)
        for word in (says if isinstance(says, (list, tuple)) else [says]):
            self.assertIn(word, err)
        return err

    def stage_json(self, *words, **options):
        return json.loads(self.run_program("stage", *words, "--json", **options)[0])

    def files(self, folder="."):
        return sorted(str(path.relative_to(self.place / folder)) for path in (self.place / folder).rglob("*")
                      if not path.is_dir())

    def codes(self, report):
        return {(warning["code"], warning["track"]) for warning in report["warnings"]}

    def assert_no_leftovers(self):
        left = [str(path) for path in self.place.rglob(".*part*")]
        self.assertEqual(left, [])


def default_signals():
    """For subprocesses: signals as a shell gives them, whatever the test runner ignores."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def main():
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]], verbosity=2)
