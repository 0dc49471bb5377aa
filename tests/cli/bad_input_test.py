#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every kind of bad input gets a sentence with the file and what to do: never a crash, a hang or a lost track."""

import json
import os
import pathlib
import resource
import signal
import struct
import subprocess
import time
import unittest

import harness
from harness import CliTest, band, default_signals, noise, tone, wav_bytes


class Folders(CliTest):
    def test_that_are_not_there(self):
        self.refused("stage", "nowhere", code=3, says="nowhere")

    def test_are_named_however_short_the_name(self):
        self.write("s/x.txt", b"")
        self.refused("measure", "s", code=3, says="gainstage: s: This is a folder")

    def test_that_are_files(self):
        self.write("a.wav", wav_bytes([tone(100, 1.0)]))
        self.refused("stage", "a.wav", code=3, says="a.wav")

    def test_without_audio(self):
        self.write("song/notes.txt", "hello")
        self.refused("stage", "song", code=3, says="song")
        self.assertEqual(self.files(), ["song/notes.txt"])

    def test_with_a_loop_of_links(self):
        song = self.song()
        os.symlink(song, song / "again")
        os.symlink(song / "b", song / "a")
        os.symlink(song / "a", song / "b")
        os.symlink("loop.wav", song / "loop.wav")
        out, err = self.run_program("stage", "song", "--json", expect=3)
        self.assertIn("loop.wav", err)
        report = self.stage_json("song", "--force")
        self.assertEqual(len(report["tracks"]), 4)

    def test_with_two_stems_of_one_name(self):
        self.song()
        self.song("song/more")
        names = [track["name"] for track in self.stage_json("song")["tracks"]]
        self.assertEqual(len(names), 8)
        self.assertEqual(len(set(names)), 8)


class Stems(CliTest):
    BROKEN = {
        "empty.wav": b"",
        "short.wav": b"RIFF\x00\x00",
        "text.wav": b"this is no audio at all, whatever its name says" * 20,
        "no channels.wav": wav_bytes([tone(100, 0.5)])[:22] + b"\x00\x00" + wav_bytes([tone(100, 0.5)])[24:],
        "no rate.wav": wav_bytes([tone(100, 0.5)], rate=0),
        "odd.flac": b"fLaC" + bytes(100),
    }

    def test_that_are_silent_are_left_out_by_name(self):
        self.song()
        self.write("song/nothing.wav", wav_bytes([[0.0] * 50000]))
        report = self.stage_json("song")
        silent = next(track for track in report["tracks"] if track["name"] == "nothing.wav")
        self.assertTrue(silent["silent"])
        self.assertIn(("silent", "nothing.wav"), self.codes(report))

    def test_that_are_all_silent(self):
        self.song(stems={"a.wav": [[0.0] * 50000], "b.wav": [[0.0] * 50000]})
        self.refused("stage", "song", code=3, says="silent")
        self.assert_no_leftovers()
        self.assertFalse((self.place / "song-staged").exists())

    def test_that_are_broken_are_named_each(self):
        self.song()
        for name, content in self.BROKEN.items():
            self.write(f"song/{name}", content)
        self.refused("stage", "song", code=3, says=[*self.BROKEN, "--force"])
        self.assertFalse((self.place / "song-staged").exists())

    def test_that_are_broken_are_left_out_by_force(self):
        self.song()
        for name, content in self.BROKEN.items():
            self.write(f"song/{name}", content)
        report = self.stage_json("song", "--force")
        self.assertEqual(len(report["tracks"]), 4)
        self.assertLessEqual({("unreadable", name) for name in self.BROKEN}, self.codes(report))

    def test_that_end_too_early_are_read_as_far_as_they_go(self):
        self.song()
        whole = wav_bytes([noise(4.0)])
        self.write("song/cut.wav", whole[:len(whole) // 2])
        report = self.stage_json("song")
        self.assertIn(("truncated", "cut.wav"), self.codes(report))
        self.assertIn("cut.wav", [track["name"] for track in report["tracks"]])

    def test_with_samples_that_are_no_numbers(self):
        self.song()
        samples = tone(300, 2.0)
        samples[harness.RATE] = float("nan")
        samples[harness.RATE + 1] = float("inf")
        self.write("song/odd.wav", wav_bytes([samples], floating=True))
        self.refused("stage", "song", code=3, says=["odd.wav", "--force"])
        report = self.stage_json("song", "--force")
        odd = next(track for track in report["tracks"] if track["name"] == "odd.wav")
        self.assertEqual(odd["measure"]["clip"]["non_finite_samples"], 2)
        self.assertEqual(report["render"]["non_finite"], "silence")

    def test_over_full_scale(self):
        self.song()
        self.write("song/hot.wav", wav_bytes([tone(300, 2.0, level=3.0)], floating=True))
        report = self.stage_json("song")
        hot = next(track for track in report["tracks"] if track["name"] == "hot.wav")
        self.assertAlmostEqual(hot["measure"]["clip"]["sample_peak_dbfs"], 9.54, delta=0.05)
        self.assertGreater(hot["measure"]["clip"]["clipping"]["runs"], 0)

    def test_of_a_tenth_of_a_second(self):
        self.song(stems={"kick.wav": [harness.hits(60, 0.1)], "hat.wav": [noise(0.1)], "bass.wav": [tone(80, 0.1)]})
        report = self.stage_json("song")
        for track in report["tracks"]:
            self.assertIsNotNone(track["sounding"]["detector"], track["name"])
            self.assertIsNotNone(track["sounding"]["loudness_lufs"], track["name"])
            self.assertIsNotNone(track["total_db"])
            self.assertNotIn("inf", track["why"])
        text, _ = self.run_program("stage", "song", "--dry-run")
        self.assertNotIn("silent", text)
        self.assertIn("no integrated loudness", text)

    def test_of_different_rates_and_lengths(self):
        self.song()
        self.write("song/fast.wav", wav_bytes([tone(300, 1.0)], rate=48000))
        report = self.stage_json("song")
        self.assertEqual(report["session"]["sample_rate_hz"], harness.RATE)
        self.assertEqual(len(report["tracks"]), 5)

    def test_that_other_people_found_odd(self):
        odd = harness.SOURCE / "../shared/data/odd-audio"
        if not odd.is_dir():
            self.skipTest("no ../shared/data/odd-audio here")
        files = [str(path) for path in sorted(odd.rglob("*")) if path.is_file() and path.stat().st_size < 50_000_000]
        out, err = self.run_program("measure", "--json", "--force", "--", *files, expect=3)
        measured = json.loads(out)["files"]
        self.assertEqual([entry["file"] for entry in measured], files)
        for entry in measured:
            self.assertTrue(("measure" in entry) != ("error" in entry), entry["file"])
            if "error" in entry:
                self.assertIn(pathlib.Path(entry["file"]).name, entry["error"]["sentence"])


class Outputs(CliTest):
    def test_where_nobody_can_write(self):
        self.song()
        self.refused("stage", "song", "-o", "/proc/out", code=4, says="/proc/out")
        self.refused("stage", "song", "-o", "no/such/folder", code=4, says="no/such")
        self.refused("stage", "song", "-o", "song/kick.wav", code=2)
        self.write("file", "")
        self.refused("stage", "song", "-o", "file", "--force", code=4, says="file")

    @unittest.skipIf(os.geteuid() == 0, "root writes everywhere")
    def test_that_are_read_only(self):
        self.song()
        (self.place / "song-staged").mkdir(mode=0o555)
        self.refused("stage", "song", "--force", code=4, says="song-staged")

    def test_that_do_not_fit(self):
        """A limit of file size refuses writes as a full disk does."""
        self.song()
        before = self.files()
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
        err = self.refused("stage", "song", "--quiet", code=4, says="song-staged/mix.wav", preexec_fn=limit)
        self.assertNotIn(".part", err)
        self.assertEqual(self.files(), before)
        self.run_program("stage", "song", "--quiet")
        self.refused("render", "song", "-p", "song-staged/report.json", "-o", "x.wav", code=4, preexec_fn=limit)
        self.assertFalse((self.place / "x.wav").exists())
        self.assert_no_leftovers()

    def test_on_a_full_disk(self):
        self.song()
        (self.place / "disk").mkdir()
        script = ('mount -t tmpfs -o size=256k tmpfs disk || exit 77; "$0" stage song -o disk/out; code=$?; '
                  'ls -A disk; exit $code')
        run = subprocess.run(["unshare", "--map-root-user", "--mount", "sh", "-c", script, harness.PROGRAM],
                             cwd=self.place, env=self.environment(), capture_output=True, text=True, check=False)
        if run.returncode in (1, 77, 127):
            self.skipTest(f"no file system of our own can be mounted here: {run.stderr.strip()}")
        self.assertEqual(run.returncode, 4, run.stderr)
        self.assertEqual(run.stdout, "", "something is left on the disk")
        self.assertIn("disk/out", run.stderr)

    def test_that_nobody_reads(self):
        reader, writer = os.pipe()
        os.close(reader)
        process = self.start("targets", stdout=writer)
        os.close(writer)
        _, err = process.communicate(timeout=60)
        self.assertEqual((process.returncode, err), (0, b""))

    def test_that_take_nothing(self):
        with open("/dev/full", "wb") as full:
            _, err = self.run_program("targets", stdout=full, expect=4)
        self.assertIn("standard output", err)


class Interrupted(CliTest):
    """Two minutes of noise in four stems keep the program busy long enough to be stopped."""

    def long_song(self):
        second = wav_bytes([noise(1.0, seed=2), noise(1.0, seed=3)], rate=harness.RATE)
        seconds = 240
        data = second[44:] * seconds
        header = second[:4] + struct.pack("<I", 36 + len(data)) + second[8:40] + struct.pack("<I", len(data))
        for name in "abcd":
            self.write(f"song/{name}.wav", header + data)

    def wait_for(self, process, pattern):
        end = time.monotonic() + 120
        while time.monotonic() < end and process.poll() is None:
            if list(self.place.glob(pattern)):
                return
            time.sleep(0.005)
        self.fail("the program ended before it could be stopped" if process.poll() is not None else "nothing was begun")

    def wait_until_watching(self, process):
        """Until the program takes SIGINT itself: it blocks it for all threads but one."""
        end = time.monotonic() + 120
        while time.monotonic() < end and process.poll() is None:
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            blocked = int(next(line for line in status.splitlines() if line.startswith("SigBlk:")).split()[1], 16)
            if blocked >> (signal.SIGINT - 1) & 1:
                return
            time.sleep(0.005)
        self.fail("the program never began to watch for signals")

    def stopped(self, process, number=signal.SIGINT):
        process.send_signal(number)
        out, err = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 130, err)
        self.assertEqual(out, b"")
        self.assert_no_leftovers()
        return err

    def test_while_measuring_the_stems(self):
        self.long_song()
        for number in (signal.SIGINT, signal.SIGTERM):
            process = self.start("stage", "song", preexec_fn=default_signals)
            self.wait_for(process, ".song-staged.part-*")
            self.stopped(process, number)
            self.assertFalse((self.place / "song-staged").exists())

    def test_while_rendering(self):
        self.long_song()
        process = self.start("stage", "song", preexec_fn=default_signals)
        self.wait_for(process, ".song-staged.part-*/.mix*")
        self.stopped(process)
        self.assertFalse((self.place / "song-staged").exists())

    def test_by_a_stem_cut_short_while_it_is_mixed(self):
        self.long_song()
        self.run_program("stage", "song")
        samples = 100 << 20
        header = wav_bytes([[0.0], [0.0]])[:44]
        header = header[:4] + struct.pack("<I", 36 + samples) + header[8:40] + struct.pack("<I", samples)
        for name in "abcd":
            self.write(f"song/{name}.wav", header)
            os.truncate(self.place / f"song/{name}.wav", len(header) + samples)
        plan = self.place / "song-staged/report.json"
        process = self.start("render", "song", "--plan", plan, "--out", "mix.wav", preexec_fn=default_signals)
        self.wait_for(process, ".mix*")
        os.truncate(self.place / "song/b.wav", 1000)
        err = process.communicate(timeout=120)[1].decode()
        self.assertIn(process.returncode, (0, 3, 4), err)
        self.assertEqual((self.place / "mix.wav").exists(), process.returncode == 0)
        self.assertEqual(list(self.place.glob(".mix*")), [])

    def test_keeps_what_was_there(self):
        self.long_song()
        self.write("song-staged/mix.wav", b"earlier")
        process = self.start("stage", "song", "--force", preexec_fn=default_signals)
        self.wait_for(process, ".song-staged.part-*/.mix*")
        self.stopped(process)
        self.assertEqual((self.place / "song-staged/mix.wav").read_bytes(), b"earlier")

    def test_twice(self):
        self.long_song()
        process = self.start("stage", "song", preexec_fn=default_signals)
        self.wait_for(process, ".song-staged.part-*")
        process.send_signal(signal.SIGINT)
        self.stopped(process)

    def test_while_measuring_a_file(self):
        self.long_song()
        process = self.start("measure", "song/a.wav", "song/b.wav", "--json", preexec_fn=default_signals)
        self.wait_until_watching(process)
        self.stopped(process)

    def test_in_the_demo(self):
        process = self.start("demo", "song", preexec_fn=default_signals)
        self.wait_for(process, "song/*")
        self.stopped(process)
        self.assertEqual(self.files(), [])


if __name__ == "__main__":
    harness.main()
