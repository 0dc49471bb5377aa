#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""gainstage stage and render, as a user runs them."""

import json
import os
import pathlib
import struct
import unittest

import harness
from harness import CliTest, band, noise, tone, wav_bytes


class Output(CliTest):
    def wav_format(self, name):
        """Channels, rate and bits, as the header says."""
        head = (self.place / name).read_bytes()[:1024]
        at = head.index(b"fmt ") + 8
        _, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", head, at)
        return channels, rate, bits

    def test_writes_mix_and_reports_beside_the_stems(self):
        self.song()
        out, err = self.run_program("stage", "song")
        self.assertLessEqual({"mix.wav", "report.json"}, set(self.files("song-staged")))
        self.assertIn("kick.wav", out)
        self.assertIn("song-staged", out)
        self.assertNotIn("\x1b", out + err)
        self.assertEqual(self.wav_format("song-staged/mix.wav"), (2, harness.RATE, 24))
        self.assert_no_leftovers()

    def test_says_feasibility_before_and_results_after(self):
        self.song()
        out, err = self.run_program("stage", "song")
        self.assertIn("between loudness and peak", err)
        self.assertNotIn("between loudness and peak", out)

    def test_finds_the_place_beside_a_folder_called_dot(self):
        song = self.song()
        self.run_program("stage", ".", "--no-html", cwd=song)
        self.assertEqual(self.files("song-staged"), ["mix.wav", "report.json"])

    def test_prints_the_report_that_it_writes(self):
        self.song()
        out, _ = self.run_program("stage", "song", "--json", "-o", "out")
        self.assertEqual(out, (self.place / "out/report.json").read_text())

    def test_draws_families_as_they_are_in_the_mix(self):
        self.write("song/voice.wav", wav_bytes([noise(3.0)]))
        self.run_program("stage", "song", "-o", "out", "-q")
        spectrum = json.loads((self.place / "out/report.json").read_text())["charts"]["spectrum"]
        heard = [(mix, voice) for mix, voice in zip(spectrum["mix_db"], spectrum["families"]["voice"]) if mix is not None]
        self.assertGreater(len(heard), 20)
        for mix, voice in heard:
            self.assertAlmostEqual(mix, voice, delta=0.05)

    def test_is_the_same_at_every_run_on_any_number_of_threads(self):
        self.song()
        for out, threads in (("a", "1"), ("b", "4")):
            self.run_program("stage", "song", "-o", out, "--threads", threads, "--stems", "--quiet")
        for name in self.files("a"):
            self.assertEqual((self.place / "a" / name).read_bytes(), (self.place / "b" / name).read_bytes(), name)

    def test_is_the_same_with_any_memory_for_samples(self):
        self.song()
        self.write("song/pad.wav", wav_bytes([tone(220, 3.0), tone(221, 3.0)], rate=44100))
        for out, megabytes in (("a", "0"), ("b", "1"), ("c", "100")):
            self.run_program("stage", "song", "-o", out, "--memory", megabytes, "--quiet")
        for name in self.files("a"):
            for other in ("b", "c"):
                self.assertEqual((self.place / "a" / name).read_bytes(), (self.place / other / name).read_bytes(), name)

    def test_does_not_touch_what_is_there(self):
        self.song()
        self.write("song-staged/notes.txt", "mine")
        self.refused("stage", "song", code=4, says=["song-staged", "--force"])
        self.assertEqual(self.files("song-staged"), ["notes.txt"])

    def test_replaces_its_own_files_by_force_and_keeps_others(self):
        self.song()
        self.run_program("stage", "song", "--no-html", "--format", "flac", "--bits", "16")
        self.write("song-staged/notes.txt", "mine")
        self.run_program("stage", "song", "--no-html", "--force")
        self.assertEqual(self.files("song-staged"), ["mix.wav", "notes.txt", "report.json"])
        self.assert_no_leftovers()

    def test_leaves_no_stems_of_an_earlier_run(self):
        self.song()
        self.song("song/more")
        report = self.stage_json("song", "--no-html", "--stems", "--format", "flac")
        self.assertEqual(sorted(report["stems"]), [f"stems/{name}" for name in self.files("song-staged/stems")])
        self.write("song-staged/stems/mine.wav", "mine")
        self.run_program("stage", "song", "--no-html", "--stems", "--force")
        self.assertEqual({pathlib.Path(name).suffix for name in self.files("song-staged/stems")}, {".wav"})
        report = self.stage_json("song", "--no-html", "--force")
        self.assertEqual(report["stems"], [])
        self.assertEqual(self.files("song-staged"), ["mix.wav", "report.json", "stems/mine.wav"])

    def test_writes_nothing_in_a_dry_run(self):
        self.song()
        before = self.files()
        report = self.stage_json("song", "--dry-run")
        self.assertEqual(self.files(), before)
        self.assertTrue(report["master"]["predicted"])
        self.assertIsNone(report["charts"])

    def test_predicts_in_a_dry_run_what_it_then_writes(self):
        self.song()
        dry = self.stage_json("song", "--dry-run")
        done = self.stage_json("song")
        for name in ("integrated_lufs", "true_peak_dbtp", "sample_peak_dbfs", "momentary_max_lufs"):
            self.assertAlmostEqual(dry["master"][name], done["master"][name], delta=0.01, msg=name)
        self.assertEqual([t["total_db"] for t in dry["tracks"]], [t["total_db"] for t in done["tracks"]])

    def test_stays_out_of_the_stems_folder(self):
        self.song()
        for out in ("song", "song/out", "song/../song/x"):
            self.refused("stage", "song", "-o", out, code=2, says="stems")
        self.assertEqual(len(self.files("song")), 4)

    def test_never_replaces_a_stem(self):
        self.song("song/stems")
        self.refused("stage", "song/stems", "-o", "song", "--stems", "--force", code=2, says="replace the stem")

    def test_writes_stems_with_their_gains(self):
        self.song()
        self.run_program("stage", "song", "--stems")
        self.assertEqual(self.files("song-staged/stems"), ["bass.wav", "gtr.wav", "kick.wav", "vox.wav"])

    def test_writes_stems_of_one_name_where_they_lay(self):
        stems = band()
        self.song(stems={"gtr.wav": stems["gtr.wav"], "a/gtr.wav": stems["vox.wav"], "bass.wav": stems["bass.wav"],
                         "bass.wave": stems["kick.wav"]})
        self.run_program("stage", "song", "--stems")
        self.assertEqual(self.files("song-staged/stems"), ["a/gtr.wav", "bass.wav", "bass.wave.wav", "gtr.wav"])

    def test_stages_written_stems_again_without_a_move(self):
        stems = band()
        self.song(stems={"kick/in.wav": stems["kick.wav"], "bass/di.wav": stems["bass.wav"],
                         "guitars/01.wav": stems["gtr.wav"], "guitars/01.wave": [noise(4.0, 0.05, 9)],
                         "vocals/lead/01.wav": stems["vox.wav"]})
        first = self.stage_json("song", "--stems", "--keep-levels", "0", "-o", "a")
        again = self.stage_json("a/stems", "--stems", "--keep-levels", "0", "-o", "b")
        self.assertTrue(any(abs(track["total_db"]) > 1.0 for track in first["tracks"]))
        for track in again["tracks"]:
            self.assertLess(abs(track["total_db"]), 0.05, track["name"])
        self.assertEqual(self.files("a/stems"), self.files("b/stems"))

    def test_mixes_four_channels_into_six_by_what_they_are_for(self):
        nothing = [0.0] * int(2.0 * harness.RATE)
        self.song(stems={"bed.wav": [tone(90, 2.0), tone(91, 2.0)] + [nothing] * 4,
                         "quad.wav": [tone(400 + 10 * i, 2.0) for i in range(4)]})
        report = self.stage_json("song", "--bits", "32f", "--no-html")
        self.assertIn(("channel-layout", "quad.wav"), self.codes(report))
        data = (self.place / "song-staged/mix.wav").read_bytes()
        start = data.index(b"data") + 8
        samples = struct.unpack(f"<{(len(data) - start) // 4}f", data[start:])
        peaks = [max(map(abs, samples[channel::6])) for channel in range(6)]
        self.assertEqual(peaks[2:4], [0.0, 0.0])
        self.assertGreater(min(peaks[:2] + peaks[4:]), 0.01)

    def test_leaves_the_page_out_when_told(self):
        self.song()
        self.run_program("stage", "song", "--no-html")
        self.assertNotIn("report.html", self.files("song-staged"))

    def test_says_nothing_when_quiet(self):
        self.song()
        out, err = self.run_program("stage", "song", "--quiet")
        self.assertEqual((out, err), ("", ""))

    def test_writes_the_formats(self):
        self.song()
        self.run_program("stage", "song", "-o", "a", "--bits", "16")
        self.assertEqual(self.wav_format("a/mix.wav")[2], 16)
        self.run_program("stage", "song", "-o", "b", "--bits", "32f")
        self.assertEqual(self.wav_format("b/mix.wav")[2], 32)
        self.run_program("stage", "song", "-o", "c", "--format", "flac")
        self.assertEqual((self.place / "c/mix.flac").read_bytes()[:4], b"fLaC")


class Targets(CliTest):
    def test_are_not_reached_under_strict_is_1(self):
        self.song()
        self.run_program("stage", "song", "--target", "-2", "-o", "a")
        out, _ = self.run_program("stage", "song", "--target", "-2", "-o", "b", "--strict", expect=1)
        self.assertIn("not reached", out)
        self.assertIn("mix.wav", self.files("b"))
        self.run_program("stage", "song", "--target", "-2", "--dry-run", "--strict", expect=1)

    def test_are_reached_by_plain_gain(self):
        self.song()
        report = self.stage_json("song", "--target", "-30", "--strict")
        self.assertTrue(report["target"]["reached"])
        self.assertAlmostEqual(report["master"]["integrated_lufs"], -30.0, delta=0.05)

    def test_are_reached_through_the_limiter(self):
        self.song()
        plain = self.stage_json("song", "--target", "-10", "-o", "a")
        self.assertFalse(plain["target"]["reached"])
        self.assertLessEqual(plain["master"]["true_peak_dbtp"], -1.0)
        self.assertIsNone(plain["target"]["limiting"])
        wanted = plain["master"]["integrated_lufs"] + 2.0
        limited = self.stage_json("song", f"--target={wanted:.2f}", "-o", "b", "--reach", "limit", "--strict")
        self.assertAlmostEqual(limited["master"]["integrated_lufs"], wanted, delta=0.1)
        self.assertLessEqual(limited["master"]["true_peak_dbtp"], -1.0 + 0.05)
        self.assertGreater(limited["target"]["limiting"]["max_db"], 0.0)
        # What is left between the samples takes the limiter down by some hundredths.
        self.assertLessEqual(limited["master"]["true_peak_dbtp"], -1.0 + 0.001)
        self.assertLessEqual(limited["render"]["limiter_ceiling_dbtp"], -1.0)
        self.assertGreater(limited["render"]["limiter_ceiling_dbtp"], -1.1)

    def test_have_a_ceiling(self):
        self.song()
        report = self.stage_json("song", "--target", "-5", "--ceiling", "-3.5")
        self.assertAlmostEqual(report["master"]["true_peak_dbtp"], -3.5, delta=0.05)
        self.assertLessEqual(report["master"]["true_peak_dbtp"], -3.5)

    def test_hold_the_lowest_ceilings_in_sixteen_bits(self):
        self.song()
        for reach in ("stop", "limit"):
            report = self.stage_json("song", "--target", "-42", "--ceiling", "-40", "--bits", "16", "--reach", reach,
                                     "-o", reach)
            self.assertLessEqual(report["master"]["true_peak_dbtp"], -40.0)
            if reach == "stop":
                self.assertGreater(report["master"]["true_peak_dbtp"], -40.2)

    def test_that_ask_for_no_loudness_are_refused(self):
        self.song()
        self.refused("stage", "song", "--target", "acx", code=2, says="check --target acx")

    def test_that_are_not_sure_are_warned_of(self):
        self.song()
        _, err = self.run_program("stage", "song", "--target", "soundcloud", "--dry-run")
        self.assertIn("contradict", err)


class Settings(CliTest):
    def test_lie_beside_the_stems_and_the_command_line_wins(self):
        self.song()
        self.write("song/gainstage.toml", 'target = -20\nanchor = -15\nlock = ["bass"]\n[role]\n"gtr.wav" = "pad"\n')
        report = self.stage_json("song", "--dry-run", "--anchor", "-13")
        self.assertEqual(report["target"]["integrated_lufs"], -20)
        self.assertEqual(report["anchor"]["wanted_db"], -13)
        tracks = {track["name"]: track for track in report["tracks"]}
        self.assertEqual(tracks["gtr.wav"]["role"]["name"], "pad")
        self.assertEqual(tracks["gtr.wav"]["role"]["source"], "user")
        self.assertTrue(tracks["bass.wav"]["locked"])
        self.assertEqual(report["gainstage"]["options"]["anchor"], -13)
        self.assertEqual(report["gainstage"]["options"]["lock"], ["bass"])

    def test_of_the_command_line_win_however_the_track_is_spelled(self):
        self.song()
        self.write("song/gainstage.toml", '[role]\n"gtr.wav" = "pad"\nvox = "strings"\n[range]\nbass = [-1, 1]\n')
        report = self.stage_json("song", "--dry-run", "--role", "gtr=electric guitar", "--role", "vox.wav=lead vocal",
                                 "--range", "bass.wav=5..6")
        tracks = {track["name"]: track for track in report["tracks"]}
        self.assertEqual(tracks["gtr.wav"]["role"]["name"], "electric guitar")
        self.assertEqual(tracks["vox.wav"]["role"]["name"], "lead vocal")
        self.assertGreaterEqual(tracks["bass.wav"]["gain_db"], 5.0)

    def test_are_one_a_track_in_one_place(self):
        self.song()
        self.refused("stage", "song", "--role", "gtr=pad", "--role", "gtr.wav=strings", code=2, says="twice for 'gtr.wav'")
        self.write("song/gainstage.toml", '[role]\n"gtr.wav" = "pad"\ngtr = "strings"\n')
        self.refused("stage", "song", code=2, says=["gainstage.toml", "twice for 'gtr.wav'"])

    def test_that_are_unknown_are_named_with_their_line(self):
        self.song()
        self.write("song/gainstage.toml", 'target = -20\n\nankor = -15\n')
        self.refused("stage", "song", code=3, says=["gainstage.toml, line 3", "did you mean 'anchor'?"])

    def test_that_are_no_toml_are_named_with_their_line(self):
        self.song()
        self.write("song/gainstage.toml", 'target = -20\nanchor =\n')
        self.refused("stage", "song", code=3, says="gainstage.toml, line 2")

    def test_behind_a_link_that_leads_nowhere_are_not_passed_over(self):
        self.song()
        os.symlink("gone.toml", self.place / "song/gainstage.toml")
        self.refused("stage", "song", "--dry-run", code=4, says=["gainstage.toml", "leads nowhere"])
        os.remove(self.place / "song/gainstage.toml")
        os.symlink("gainstage.toml", self.place / "song/gainstage.toml")
        self.refused("stage", "song", "--dry-run", code=4, says=["gainstage.toml", "leads nowhere"])

    def test_hold_locks_and_ranges(self):
        self.song()
        report = self.stage_json("song", "--dry-run", "--lock", "vox", "--range", "gtr=-1.5..-1")
        tracks = {track["name"]: track for track in report["tracks"]}
        self.assertAlmostEqual(tracks["vox.wav"]["gain_db"], 0.0)
        self.assertTrue(-1.5 <= tracks["gtr.wav"]["gain_db"] <= -1.0, tracks["gtr.wav"]["gain_db"])

    def test_name_tracks_that_are_there(self):
        self.song()
        for words in (["--role", "nobody=kick"], ["--lock", "nobody"], ["--focus", "nobody"],
                      ["--range", "nobody=1..2"], ["--group", "g=kick,nobody"]):
            self.refused("stage", "song", *words, code=2, says=["nobody", "kick.wav"])


class Names(CliTest):
    NAMES = ["-dash.wav", "--force.wav", "it's \"quoted\".wav", "with space.wav", "ünïcødé 太鼓.wav", "a=b, c.wav",
             "[x]{y}$HOME`z`.wav", "new\nline.wav", "<script>alert(1)</script>.wav", "back\\slash.wav"]

    def test_of_any_kind_are_kept(self):
        stems = {name: [tone(100 + 50 * i, 2.0)] for i, name in enumerate(self.NAMES)}
        self.song(stems=stems)
        report = self.stage_json("song", "--stems")
        shown = {name.replace("\n", "\N{REPLACEMENT CHARACTER}") for name in self.NAMES}
        self.assertEqual({track["name"] for track in report["tracks"]}, shown)
        self.assertEqual(len(self.files("song-staged/stems")), len(self.NAMES))
        if (self.place / "song-staged/report.html").exists():
            self.assertNotIn("<script>alert(1)", (self.place / "song-staged/report.html").read_text())

    def test_of_any_kind_are_rendered_again(self):
        self.song(stems={name: [tone(100 + 50 * i, 2.0)] for i, name in enumerate(self.NAMES)})
        self.run_program("stage", "song", "--quiet")
        self.run_program("render", "song", "--plan", "song-staged/report.json", "-o", "again.wav")
        self.assertEqual((self.place / "again.wav").read_bytes(), (self.place / "song-staged/mix.wav").read_bytes())

    def test_that_are_no_utf8_are_kept_apart(self):
        self.song(stems={"kick.wav": [tone(60, 2.0)]})
        for i, name in enumerate((b"a\xff.wav", b"a\xfe.wav")):
            with open(os.path.join(os.fsencode(self.place / "song"), name), "wb") as file:
                file.write(wav_bytes([tone(200 + 100 * i, 2.0)]))
        names = [track["name"] for track in self.stage_json("song")["tracks"]]
        self.assertEqual(len(set(names)), 3)

    def test_with_equals_and_commas_can_be_given(self):
        self.song(stems={"a=b, c.wav": [tone(80, 2.0)], "d.wav": [tone(300, 2.0)], "e.wav": [noise(2.0)]})
        report = self.stage_json("song", "--dry-run", "--role", "a=b, c.wav=kick", "--range", "a=b, c.wav=-3..3",
                                 "--group", "g=a=b\\, c.wav,d.wav")
        track = next(track for track in report["tracks"] if track["name"] == "a=b, c.wav")
        self.assertEqual((track["role"]["name"], track["group"]), ("kick", "g"))

    def test_with_leading_dashes_come_after_two_dashes(self):
        self.song("-song")
        self.refused("stage", "-song", code=2, says="after '--'")
        self.run_program("stage", "--no-html", "--", "-song")
        self.assertEqual(self.files("-song-staged"), ["mix.wav", "report.json"])


class Render(CliTest):
    def check_identical(self, *options):
        report = self.stage_json("song", "-o", "out", "--force", *options)
        name = "mix." + report["render"]["format"]
        self.run_program("render", "song", "-p", "out/report.json", "-o", f"again-{name}", "--force")
        self.assertEqual((self.place / f"again-{name}").read_bytes(), (self.place / "out" / name).read_bytes())
        return report

    def test_is_identical_in_every_format(self):
        self.song()
        for options in ([], ["--bits", "16"], ["--bits", "32f"], ["--format", "flac", "--bits", "16"],
                        ["--strength", "33.3", "--target", "-21.37"]):
            with self.subTest(options):
                self.check_identical(*options)

    def test_is_identical_through_the_limiter(self):
        self.song()
        report = self.check_identical("--reach", "limit", "--target", "-9")
        self.assertIsNotNone(report["target"]["limiting"])

    def test_is_identical_and_under_the_ceiling_by_either_detector(self):
        self.song()
        report = self.check_identical("--reach", "limit", "--target", "-9", "--true-peak", "bs1770")
        self.assertLessEqual(report["render"]["limiter_ceiling_dbtp"], -1.0)
        for detector in ("16x", "bs1770"):
            out, _ = self.run_program("measure", "out/mix.wav", "--json", "--true-peak", detector)
            self.assertLessEqual(json.loads(out)["files"][0]["measure"]["true_peak_dbtp"], -1.0 + 0.0011)

    def test_is_identical_with_silent_and_broken_stems(self):
        self.song()
        self.write("song/nothing.wav", wav_bytes([[0.0] * 50000]))
        self.write("song/broken.wav", b"RIFF")
        self.write("song/odd.wav", wav_bytes([[float("nan")] * 100 + tone(500, 2.0)], floating=True))
        self.check_identical()

    def test_writes_nothing_over_anything(self):
        self.song()
        self.run_program("stage", "song", "--quiet")
        self.write("there.wav", b"mine")
        self.refused("render", "song", "-p", "song-staged/report.json", "-o", "there.wav", code=4)
        self.assertEqual((self.place / "there.wav").read_bytes(), b"mine")
        self.refused("render", "song", "-p", "song-staged/report.json", "-o", "song/mix.wav", code=2)
        self.refused("render", "song", "-p", "song-staged/report.json", "-o", "song/kick.wav", "--force", code=2)
        self.refused("render", "song", "-p", "song-staged/report.json", "-o", "x.flac", code=2, says=".wav")
        self.assert_no_leftovers()

    def test_misses_no_track(self):
        self.song()
        self.run_program("stage", "song", "--quiet")
        plan = ["render", "song", "-p", "song-staged/report.json", "-o", "x.wav"]
        self.write("song/new.wav", wav_bytes([tone(300, 2.0)]))
        self.refused(*plan, code=3, says="new.wav")
        os.remove(self.place / "song/new.wav")
        os.remove(self.place / "song/vox.wav")
        self.refused(*plan, code=3, says="vox.wav")
        self.assertFalse((self.place / "x.wav").exists())

    def test_reads_plans_only(self):
        self.song()
        for text in ("", "{}", "[]", "null", '{"schema": "gainstage.report/1"}', '{"schema": "gainstage.measure/1"}'):
            self.write("plan.json", text)
            self.refused("render", "song", "-p", "plan.json", "-o", "x.wav", code=3, says="plan.json")
        self.refused("render", "song", "-p", "no.json", "-o", "x.wav", code=4, says="no.json")


if __name__ == "__main__":
    harness.main()
