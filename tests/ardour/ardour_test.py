#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Real Ardour judges what we read, play and write. It makes the sessions (make_sessions.py), plays them, opens what we
changed, and saves it again. Takes minutes; skipped where Ardour is not installed."""

import json
import math
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from ardour import Ardour, float_wav, is_installed, shares, side_by_side
from make_sessions import make_sessions, noise_wav

PROGRAM = pathlib.Path(os.environ["GAINSTAGE_PROGRAM"]).resolve()
TOOL = pathlib.Path(os.environ["ARDOUR_TOOL"]).resolve()

BLOCK_S = 0.4
# Ardour smooths its gains with a low-pass of 25 Hz: they arrive some 30 ms after a jump.
SETTLING_S = 0.05
SILENT_DB = -90.0


def run(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        raise AssertionError(f"{words}\nended with {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout


def read_back(session):
    return json.loads(run(TOOL, "gains", session))


def measure(wav):
    return json.loads(run(PROGRAM, "measure", wav, "--json"))["files"][0]["measure"]


def to_db(ratio):
    return 20 * math.log10(ratio) if ratio > 0 else -math.inf


def block_levels(samples, rate):
    """RMS of each whole 400 ms in dB; silence is SILENT_DB."""
    frames = round(BLOCK_S * rate)
    levels = []
    for first in range(0, len(samples) - frames + 1, frames):
        power = sum(x * x for x in samples[first:first + frames]) / frames
        levels.append(max(SILENT_DB, 10 * math.log10(power) if power else -math.inf))
    return levels


def moving_stretches(gains):
    """Where a gain of the session is on its way from one value to another: (start, end) in seconds."""
    curves = []
    for strip in gains["strips"]:
        curves += [(0.0, strip[name].get("automation")) for name in ("trim", "fader", "pan", "mute")]
        curves += [(0.0, send["gain"].get("automation")) for send in strip["sends"]]
        for clip in strip["clips"]:
            curves.append((clip["start"], clip.get("envelope")))
            end = clip["start"] + clip["length"]
            if "fade_in" in clip:
                yield clip["start"], clip["start"] + clip["fade_in"]
            if "fade_out" in clip:
                yield end - clip["fade_out"], end
    curves += [(0.0, vca["gain"].get("automation")) for vca in gains.get("vcas", [])]
    for start, curve in curves:
        points = curve["points"] if curve else []
        for (at, value), (to, next_value) in zip(points, points[1:]):
            if value != next_value:
                yield start + at, start + to + SETTLING_S


def values_by_place(gains):
    """What a reading holds, by its place in it. Ardour forgets the value of a control whose automation plays."""
    numbers = {}

    def walk(here, place):
        if isinstance(here, dict):
            for key, value in here.items():
                if key not in ("ratio", "position", "on") or "automation" not in here:
                    walk(value, f"{place}/{key}")
        elif isinstance(here, list):
            for index, value in enumerate(here):
                walk(value, f"{place}/{index}")
        else:
            numbers[place] = here

    walk(gains, "")
    return numbers


def is_same_sound(one, other):
    """Of two exports; Ardour adds what enters a bus in changing order, so samples may differ in their last bits."""
    (rate, samples), (other_rate, other_samples) = float_wav(one), float_wav(other)
    return rate == other_rate and len(samples) == len(other_samples) and all(
        len(a) == len(b) and all(abs(x - y) <= 1e-5 for x, y in zip(a, b)) for a, b in zip(samples, other_samples))


class Judge(unittest.TestCase):
    """All sessions lie in one folder, made and exported once."""

    folder = None

    @classmethod
    def setUpClass(cls):
        if not is_installed():
            raise unittest.SkipTest("Ardour 7 is not installed (scripts/packages, section test)")
        if Judge.folder is None:
            Judge.place = tempfile.TemporaryDirectory(prefix="ardour-judge-")
            Judge.ardour = Ardour()
            Judge.folder = pathlib.Path(Judge.place.name)
            Judge.sessions = make_sessions(Judge.folder, Judge.ardour)
            Judge.mixes = Judge.exports(Judge.sessions, "mix")

    @classmethod
    def exports(cls, sessions, stem):
        """The exports of {name: path}, by name, each written beside its session as STEM.wav."""
        wavs = side_by_side(lambda path: cls.ardour.export(path, path.parent / f"{stem}.wav"), sessions.values())
        return dict(zip(sessions, wavs))

    def judge(self, session, wav, check):
        """check(wav) of an export. On a busy machine Ardour may begin to read a track late and export it short of what it
        plays; then a second export is another, and that one counts."""
        try:
            check(wav)
        except AssertionError:
            again = self.ardour.export(session, wav.with_name(f"{wav.stem}-again.wav"))
            if is_same_sound(wav, again):
                raise
            print(f"{wav.name}: Ardour's two exports differ, so the second counts.", file=sys.stderr)
            check(again)

    def assert_same_numbers(self, before, after):
        """But for the last digits of single precision, in which Ardour keeps its gains."""
        before, after = values_by_place(before), values_by_place(after)
        self.assertEqual(before.keys(), after.keys())
        for place, value in before.items():
            if isinstance(value, float):
                self.assertAlmostEqual(value, after[place], delta=2e-7 * max(1.0, abs(value)), msg=place)
            else:
                self.assertEqual(value, after[place], place)


class Reading(Judge):
    def test_the_gains_that_were_set(self):
        strips = {strip["name"]: strip for strip in read_back(self.sessions["faders"])["strips"]}
        for name, db in {"kick": -5, "bass": 1.5, "keys": -12, "vox": -3.3, "Master": -2}.items():
            self.assertAlmostEqual(to_db(strips[name]["fader"]["ratio"]), db, places=5)
        self.assertAlmostEqual(strips["Master"]["second_fader"]["ratio"], 0.8, places=6)
        strips = {strip["name"]: strip for strip in read_back(self.sessions["trims"])["strips"]}
        self.assertAlmostEqual(to_db(strips["keys"]["trim"]["ratio"]), -7, places=5)
        self.assertEqual(strips["keys"]["inverted"], [False, True])
        vcas = read_back(self.sessions["vcas"])["vcas"]
        self.assertEqual([vca["vcas"] for vca in vcas], [[], [0], []])

    def test_without_a_change_the_bytes_are_the_same(self):
        for name, path in self.sessions.items():
            with self.subTest(session=name):
                out = self.folder / f"{name}-same.ardour"
                run(TOOL, "patch", path, out)
                self.assertEqual(path.read_bytes(), out.read_bytes())

    def test_what_is_patched_ardour_saves_alike(self):
        """Every writable gain moves by another amount; Ardour opens it, saves it, and we read the same."""
        changed, sessions = {}, []
        for name, path in self.sessions.items():
            changes, db = [], -0.25
            for strip in read_back(path)["strips"]:
                stages = ["master" if strip["name"] == "Master" else "fader"]
                stages += ["trim"] if strip["trim"]["writable"] else []
                stages = [f"{stage}/{strip['name']}" for stage in stages]
                stages += [f"clip/{strip['name']}/{i}" for i in range(len(strip["clips"]))]
                stages += [f"send/{strip['name']}/{i}" for i in range(len(strip["sends"]))]
                for stage in stages:
                    changes += [stage, f"{db:.2f}"]
                    db = db - 0.25 if db > -4 else -0.25
            for vca in read_back(path).get("vcas", []):
                changes += [f"vca/{vca['name']}", "-1.75"]
            new = path.parent / "patched.ardour"
            self.assertEqual(run(TOOL, "patch", path, new, *changes), "", "no losses")
            changed[name] = new
            sessions.append((path.parent, "patched", "resaved"))
        self.ardour.resave(sessions)
        for name in self.sessions:
            with self.subTest(session=name):
                before = read_back(changed[name])
                self.assertNotEqual(before["strips"], read_back(self.sessions[name])["strips"])
                self.assert_same_numbers(before, read_back(changed[name].parent / "resaved.ardour"))


class Playing(Judge):
    def test_our_render_is_ardours(self):
        for name, path in self.sessions.items():
            with self.subTest(session=name):
                ours = self.folder / f"{name}-ours.wav"
                run(PROGRAM, "render", path, "-o", ours, "--quiet")
                self.judge(path, self.mixes[name], lambda wav: self.check_sound(path, ours, wav))

    def check_sound(self, session, ours, export):
        rate, theirs = float_wav(export)
        our_rate, mine = float_wav(ours)
        self.assertEqual((rate, len(theirs)), (our_rate, len(mine)))
        self.assertEqual(len(theirs[0]), len(mine[0]))
        moving = list(moving_stretches(read_back(session)))
        for channel in range(len(theirs)):
            pairs = zip(block_levels(mine[channel], rate), block_levels(theirs[channel], rate))
            for index, (level, wanted) in enumerate(pairs):
                start, end = index * BLOCK_S, (index + 1) * BLOCK_S
                is_moving = any(first < end and last > start for first, last in moving)
                self.assertAlmostEqual(level, wanted, delta=0.2 if is_moving else 0.05,
                                       msg=f"{start:.1f} s, channel {channel}")
        self.assertAlmostEqual(measure(ours)["integrated_lufs"], measure(export)["integrated_lufs"], delta=0.02)

    def test_our_levels_are_what_ardours_meters_show(self):
        texts = side_by_side(lambda share: self.ardour.lua("meters.lua", self.folder, *share), shares(self.sessions))
        shown = {}
        for line in "\n".join(texts).splitlines():
            if line.startswith("peak\t"):
                _, session, route, peak = line.split("\t")
                shown[session, route] = float(peak)
        for name, path in self.sessions.items():
            with self.subTest(session=name):
                strips = json.loads(run(PROGRAM, "inspect", path, "--json"))["strips"]
                routes = {route for session, route in shown if session == name}
                self.assertEqual({strip["name"] for strip in strips}, routes)
                for strip in strips:
                    peak = shown[name, strip["name"]]
                    levels = strip["levels"]["fader_out"]
                    if peak < SILENT_DB:
                        self.assertTrue(levels is None or levels["silent"], strip["name"])
                    else:
                        self.assertAlmostEqual(levels["sample_peak_dbfs"], peak, delta=0.05, msg=strip["name"])


class Staging(Judge):
    def test_what_is_staged_keeps_its_promise(self):
        """Its export has the loudness and true peak of the report; saved by Ardour, it reads alike."""
        promised, staged = {}, {}
        for name, path in self.sessions.items():
            staged[name] = path.parent / "staged.ardour"
            promised[name] = json.loads(run(PROGRAM, "stage", path, "-o", staged[name], "--json"))
        self.ardour.resave((path.parent, "staged", "staged-resaved") for path in staged.values())
        wavs = self.exports(staged, "staged")
        for name, path in self.sessions.items():
            with self.subTest(session=name):
                self.assertTrue(promised[name]["stages"], "something was moved")
                self.judge(staged[name], wavs[name], lambda export: self.check_promise(promised[name]["master"], export))
                self.assert_same_numbers(read_back(staged[name]), read_back(path.parent / "staged-resaved.ardour"))

    def check_promise(self, master, export):
        exported = measure(export)
        for figure in ("integrated_lufs", "true_peak_dbtp"):
            self.assertAlmostEqual(exported[figure], master[figure], delta=0.05, msg=figure)

    def test_a_new_session_around_stems(self):
        stems = self.folder / "new" / "stems"
        stems.mkdir(parents=True)
        media = self.sessions["faders"].parent / "interchange" / "faders" / "audiofiles"
        shutil.copy(media / "kick.wav", stems / "Kick: a & b.wav")
        shutil.copy(media / "keys.wav", stems / "keys.wav")
        noise_wav(stems / "vox.wav", 48000, 1, "new vox", 3.0)
        new = stems.parent / "new.ardour"
        promised = json.loads(run(PROGRAM, "stage", stems, "-o", new, "--json"))
        wav = self.ardour.export(new, stems.parent / "new.wav")
        self.judge(new, wav, lambda export: self.check_promise(promised["master"], export))
        self.ardour.resave([(stems.parent, "new", "resaved")])
        self.assert_same_numbers({"strips": [
            {key: strip[key] for key in ("name", "channels", "trim", "fader")} for strip in read_back(new)["strips"]]
        }, {"strips": [{key: strip[key] for key in ("name", "channels", "trim", "fader")}
                       for strip in read_back(stems.parent / "resaved.ardour")["strips"]]})


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]], verbosity=2)
