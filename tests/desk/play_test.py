#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""gainstage desk as a user has it: what a page hears is what render writes, and what it moves is heard."""

import math
import pathlib
import random
import shutil
import struct
import subprocess
import tempfile
import time
import unittest

from desk_client import PROGRAM, Audio, Desk

RATE = 48000


def write_wav(path, channels):
    frames = [round(32767 * x) for frame in zip(*channels) for x in frame]
    data = struct.pack(f"<{len(frames)}h", *frames)
    count = len(channels)
    form = struct.pack("<HHIIHH", 1, count, RATE, RATE * count * 2, count * 2, 16)
    path.write_bytes(b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + struct.pack("<I", 16) + form + b"data"
                     + struct.pack("<I", len(data)) + data)


def read_float_wav(path):
    """Interleaved samples of a WAV of 32-bit floats."""
    content = path.read_bytes()
    at = 12
    while at < len(content):
        name, size = content[at:at + 4], struct.unpack_from("<I", content, at + 4)[0]
        if name == b"data":
            size = min(size, len(content) - at - 8)
            return struct.unpack_from(f"<{size // 4}f", content, at + 8)
        at += 8 + size + size % 2
    raise AssertionError("no samples")


def song(folder, seconds=6.0):
    """Four stems, one of them stereo: each sample can be told from its neighbours."""
    chance = random.Random(5)
    count = int(seconds * RATE)
    folder.mkdir()
    hit = [0.7 * math.exp(-n / 3000) * math.sin(2 * math.pi * 60 * n / RATE) for n in range(RATE // 2)]
    write_wav(folder / "kick.wav", [(hit * (2 * int(seconds)))[:count]])
    write_wav(folder / "bass.wav", [[0.25 * math.sin(2 * math.pi * 90 * n / RATE) for n in range(count)]])
    write_wav(folder / "gtr.wav", [[0.1 * chance.uniform(-1, 1) for _ in range(count)] for _ in range(2)])
    write_wav(folder / "vox.wav", [[0.2 * math.sin(2 * math.pi * 440 * n / RATE) for n in range(count)]])


class Play(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory()
        cls.made = pathlib.Path(cls.place.name) / "made"
        cls.made.mkdir()
        song(cls.made / "song")
        for words in (("stage", "song", "-o", "song.rpp"), ("render", "song.rpp", "-o", "mix.wav")):
            subprocess.run([PROGRAM, *words, "--quiet"], cwd=cls.made, check=True, timeout=120)
        cls.mix = read_float_wav(cls.made / "mix.wav")

    @classmethod
    def tearDownClass(cls):
        cls.place.cleanup()

    def setUp(self):
        # Each in a folder of its own: a desk keeps what was moved beside the session.
        self.folder = pathlib.Path(self.place.name) / self.id()
        shutil.copytree(self.made, self.folder)

    def open(self, what, *words):
        desk = Desk("desk", what, "--no-open", "--port", "0", *words, cwd=self.folder)

        def end():
            if desk.process.poll() is None:
                self.assertEqual(desk.stop(), (0, ""))

        self.addCleanup(end)
        page = desk.page(timeout=60)
        self.addCleanup(page.stream.close)
        self.state = page.message(lambda message: message.get("event") == "state" and "state" in message)["state"]
        return desk, page

    def wait_until(self, desk, claim, within=60):
        end = time.monotonic() + within
        while time.monotonic() < end:
            state = desk.json("/api/state")
            if claim(state):
                return state
            time.sleep(0.05)
        self.fail("it did not come")

    def wait_until_ready(self, desk):
        return self.wait_until(desk, lambda state: state["phase"] in ("ready", "failed"))

    def heard(self, page, seconds, form="float32"):
        """{frame of the session: (left, right)} of what is played, from the first block after a jump."""
        frames = {}
        begun = False
        while len(frames) < seconds * RATE:
            block = Audio(page.binary(1))
            begun = begun or (block.is_playing and block.is_after_jump)
            if not begun or not block.is_playing:
                continue
            for n in range(block.frames):
                frames[int(block.first) + n] = block.samples[2 * n:2 * n + 2]
        return frames

    def worst(self, frames, wanted, first=0):
        """The greatest difference from interleaved samples."""
        return max(abs(frames[at][c] - wanted[2 * at + c]) for at in frames if at >= first for c in (0, 1))

    def test_of_a_session_is_what_render_writes(self):
        desk, page = self.open("song.rpp")
        self.wait_until_ready(desk)
        page.send(do="listen", format="float32", lead_ms=60)
        page.send(id=1, do="play")
        frames = self.heard(page, 3.0)
        self.assertEqual(min(frames), 0)
        self.assertGreater(max(abs(frame[0]) for frame in frames.values()), 0.05)
        # The first 10 ms may be a ramp from silence.
        self.assertLess(self.worst(frames, self.mix, first=RATE // 100), 1e-4)

    def test_of_stems_is_their_sum(self):
        desk, page = self.open("song")
        self.wait_until_ready(desk)
        page.send(do="listen", format="int16", lead_ms=100)
        page.send(id=1, do="seek", at_s=1.0)
        self.assertTrue(page.reply(1)["ok"])
        page.send(id=2, do="play")
        frames = self.heard(page, 2.0)
        self.assertEqual(min(frames), RATE)
        stems = []
        for name in ("kick", "bass", "gtr", "vox"):
            content = (self.folder / "song" / f"{name}.wav").read_bytes()[44:]
            samples = struct.unpack(f"<{len(content) // 2}h", content)
            stems.append(samples if name == "gtr" else [x for x in samples for _ in (0, 1)])
        # 16 bits end at full scale, and the sum is somewhat over it.
        wanted = [max(-32768, min(32767, sum(parts))) for parts in zip(*stems)]
        # Half a step of rounding, and as much of what the file's 16 bits are scaled by.
        self.assertLess(self.worst(frames, wanted, first=RATE + RATE // 100), 2.1)

    def test_of_a_moved_fader_is_heard_at_once(self):
        desk, page = self.open("song.rpp")
        self.wait_until_ready(desk)
        strips = desk.json("/api/session")["strips"]
        master = next((strip["id"] for strip in strips if strip["kind"] == "master"), None)
        self.assertIsNotNone(master)
        fader = self.wait_until(desk, lambda state: True)["strips"][master]["fader_db"]
        page.send(do="listen", format="float32", lead_ms=60)
        page.send(do="play")
        self.heard(page, 0.5)
        moved = time.monotonic()
        page.send(id=3, do="gain", strip=master, stage="fader", db=fader - 20.0, gesture=1)
        heard_at, found = None, {}
        while heard_at is None and time.monotonic() < moved + 5:
            block = Audio(page.binary(1))
            ratios = [block.samples[2 * n] / self.mix[2 * (int(block.first) + n)] for n in range(block.frames)
                      if abs(self.mix[2 * (int(block.first) + n)]) > 0.01]
            if ratios and max(abs(ratio - 0.1) for ratio in ratios) < 0.001:
                heard_at = time.monotonic()
        self.assertIsNotNone(heard_at)
        # It arrives here; the page holds 60 ms more before it is heard.
        self.assertLess(heard_at - moved, 0.1)

    def test_raises_what_the_session_has_down(self):
        text = (self.folder / "song.rpp").read_text()
        track = text.index("<TRACK", text.index("NAME bass"))
        fader = text.index("VOLPAN", track)
        end = text.index("\n", fader)
        words = text[fader:end].split()

        def write(name, ratio):
            line = " ".join([words[0], repr(ratio), *words[2:]])
            (self.folder / name).write_text(text[:fader] + line + text[end:])

        write("down.rpp", 0)
        write("up.rpp", 10 ** (-4.0 / 20))
        desk, page = self.open("down.rpp")
        self.wait_until_ready(desk)
        down = [strip for strip in desk.json("/api/session")["strips"] if strip["fader"] and strip["fader"]["db"] is None]
        self.assertEqual(len(down), 1)
        self.assertTrue(down[0]["fader"]["writable"])
        page.send(do="listen", format="float32", lead_ms=60)
        page.send(id=1, do="gain", strip=down[0]["id"], stage="fader", db=-4.0, gesture=1)
        self.assertTrue(page.reply(1).get("ok"))
        page.send(id=2, do="save", what=["session"], names={"session": "raised.rpp"})
        self.assertTrue(page.reply(2).get("ok"))
        self.wait_until(desk, lambda state: state["save"]["saved"])
        for name in ("up", "raised"):
            subprocess.run([PROGRAM, "render", f"{name}.rpp", "-o", f"{name}.wav", "--quiet"],
                           cwd=self.folder, check=True, timeout=120)
        wanted = read_float_wav(self.folder / "up.wav")
        self.assertLess(max(abs(a - b) for a, b in zip(wanted, read_float_wav(self.folder / "raised.wav"))), 1e-5)
        page.send(id=3, do="play")
        frames = self.heard(page, 2.0)
        self.assertLess(self.worst(frames, wanted, first=RATE // 100), 1e-4)
        page.send(id=4, do="undo")
        self.assertTrue(page.reply(4).get("ok"))
        self.assertIsNone(desk.json("/api/state")["strips"][down[0]["id"]]["fader_db"])

    def test_keeps_what_was_moved_over_a_kill(self):
        desk, page = self.open("song")
        self.wait_until_ready(desk)
        page.send(id=1, do="gain", strip="s0", stage="fader", db=-7.5, gesture=1)
        self.assertTrue(page.reply(1).get("ok"))
        time.sleep(2.0)
        desk.process.kill()
        desk.process.communicate()
        again, _ = self.open("song")
        state = self.wait_until_ready(again)
        self.assertAlmostEqual(state["strips"]["s0"]["fader_db"], -7.5)

    def test_serves_meters_and_a_scope(self):
        desk, page = self.open("song")
        self.wait_until_ready(desk)
        session = desk.json("/api/session")
        flow = [strip for strip in session["strips"] if strip["kind"] != "vca"]
        page.send(id=1, do="watch", strip="master", tap="fader_out")
        self.assertTrue(page.reply(1).get("ok"))
        page.send(do="play")
        end = time.monotonic() + 1.0
        while time.monotonic() < end:
            page.binary(2)
        begun = time.monotonic()
        frames = [page.binary(2) for _ in range(30)]
        self.assertAlmostEqual(time.monotonic() - begun, 1.0, delta=0.35)
        for frame in frames:
            self.assertEqual(struct.unpack_from("<H", frame, 2)[0], len(flow))
            self.assertEqual(len(frame), 64 + 32 * len(flow))
        self.assertGreater(struct.unpack_from("<f", frames[-1], 16)[0], -30.0)
        bands = struct.unpack_from("<31f", page.binary(3), 28)
        self.assertGreater(bands[6], bands[20])

    def test_ends_with_what_it_has_to_say(self):
        for words, code, says in ((("desk", "nowhere"), 3, "nowhere"), (("desk", "song", "--port", "x"), 2, "--port"),
                                  (("desk", "song", "--port", "70000"), 2, "--port"),
                                  (("desk", "song", "--listen", "example.com"), 2, "example.com")):
            run = subprocess.run([PROGRAM, *words, "--no-open"], cwd=self.folder, capture_output=True, text=True,
                                 timeout=60, check=False)
            self.assertEqual((run.returncode, run.stdout), (code, ""), run.stderr)
            self.assertIn(says, run.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
