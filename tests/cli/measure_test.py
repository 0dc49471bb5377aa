#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""gainstage measure, check, targets and roles, as a user runs them."""

import json
import unittest

import harness
from harness import CliTest, noise, tone, wav_bytes

MEASURE = {"integrated_lufs", "momentary_max_lufs", "short_term_max_lufs", "lra_lu", "true_peak_dbtp", "true_peak_filter",
           "sample_peak_dbfs", "rms_dbfs", "vu_max_vu", "vu_mean_vu", "k_system_db", "crest_db", "plr_lu", "psr_lu",
           "dc_offset_dbfs", "noise_floor_dbfs", "activity_percent", "clipping", "stereo", "non_finite_samples",
           "duration_s", "sample_rate_hz", "channels", "silent"}


class Measure(CliTest):
    def setUp(self):
        super().setUp()
        self.write("tone.wav", wav_bytes([tone(997, 4.0, 0.1)] * 2))

    def measure(self, *words, **options):
        return json.loads(self.run_program("measure", "--json", *words, **options)[0])

    def one(self, *words):
        return self.measure(*words)["files"][0]["measure"]

    def test_prints_every_figure(self):
        report = self.measure("tone.wav")
        self.assertEqual(report["schema"], "gainstage.measure/1")
        self.assertIn("version", report["gainstage"])
        entry = report["files"][0]
        self.assertEqual(set(entry), {"file", "measure", "spectrum"})
        self.assertEqual(set(entry["measure"]), MEASURE)
        # BS.1770: a stereo sine of 997 Hz at -20 dBFS reads -20 LUFS.
        self.assertAlmostEqual(entry["measure"]["integrated_lufs"], -20.0, delta=0.1)
        self.assertAlmostEqual(entry["measure"]["sample_peak_dbfs"], -20.0, delta=0.05)
        loudest = max(range(31), key=lambda band: entry["spectrum"]["db"][band] or -999)
        self.assertEqual(entry["spectrum"]["bands_hz"][loudest], 1000)

    def test_leaves_out_what_is_not_wanted(self):
        entry = self.measure("tone.wav", "--no-spectrum", "--no-stereo")["files"][0]
        self.assertEqual(set(entry), {"file", "measure"})
        self.assertIsNone(entry["measure"]["stereo"])

    def test_takes_options(self):
        self.write("mono.wav", wav_bytes([tone(997, 4.0, 0.1)]))
        plain = self.one("mono.wav")
        self.assertAlmostEqual(self.one("mono.wav", "--dual-mono")["integrated_lufs"] - plain["integrated_lufs"], 3.01,
                               delta=0.01)
        self.assertAlmostEqual(self.one("mono.wav", "--aes17")["rms_dbfs"] - plain["rms_dbfs"], 3.01, delta=0.01)
        self.assertAlmostEqual(self.one("mono.wav", "--reference", "-14")["vu_mean_vu"] - plain["vu_mean_vu"], -4.0,
                               delta=0.01)
        self.assertAlmostEqual(self.one("mono.wav", "--k", "14")["k_system_db"] - plain["k_system_db"], -6.0, delta=0.01)
        self.assertNotEqual(self.one("mono.wav", "--true-peak", "bs1770")["true_peak_filter"], plain["true_peak_filter"])

    def test_writes_silence_as_null(self):
        self.write("silence.wav", wav_bytes([[0.0] * 50000]))
        out, _ = self.run_program("measure", "--json", "silence.wav")
        self.assertNotIn("Infinity", out)
        silence = json.loads(out)["files"][0]["measure"]
        self.assertTrue(silence["silent"])
        self.assertIsNone(silence["integrated_lufs"])
        text, _ = self.run_program("measure", "silence.wav")
        self.assertIn("silent", text)

    def test_says_when_a_file_is_cut_off(self):
        self.write("cut.wav", wav_bytes([tone(300, 1.0)])[:20000])
        for command in (("measure",), ("check", "--target", "-14", "--ceiling", "-1")):
            out, err = self.run_program(*command, "--json", "cut.wav", "tone.wav", expect=0 if len(command) == 1 else 1)
            self.assertIn("cut.wav: The file is cut off: the last 0.5", err)
            self.assertEqual([entry.get("warnings", [{}])[0].get("code") for entry in json.loads(out)["files"]],
                             ["truncated", None])

    def test_calls_only_silence_silent(self):
        self.write("short.wav", wav_bytes([tone(300, 0.2)]))
        text, _ = self.run_program("measure", "short.wav")
        self.assertNotIn("silent", text)

    def test_goes_on_after_a_bad_file(self):
        self.write("bad.wav", b"nothing")
        self.write("odd.wav", wav_bytes([[float("nan")] * 9 + tone(300, 1.0)], floating=True))
        files = ["tone.wav", "bad.wav", "nowhere.wav", "odd.wav", "tone.wav"]
        out, err = self.run_program("measure", "--json", *files, expect=3)
        report = json.loads(out)
        self.assertEqual([entry["file"] for entry in report["files"]], files)
        self.assertEqual(["error" in entry for entry in report["files"]], [False, True, True, True, False])
        for name in files[1:4]:
            self.assertIn(name, err)
        self.assertIn("bad.wav", report["files"][1]["error"]["sentence"])
        self.assertEqual(report["files"][0]["measure"], report["files"][4]["measure"])
        out, _ = self.run_program("measure", *files, expect=3)
        self.assertIn("tone.wav", out)

    def test_is_the_same_on_any_number_of_threads(self):
        for i in range(5):
            self.write(f"{i}.wav", wav_bytes([noise(1.0 + i / 5, 0.3, seed=i)] * 2))
        files = [f"{i}.wav" for i in range(5)]
        self.assertEqual(self.measure(*files, "--threads", "1")["files"], self.measure(*files, "--threads", "4")["files"])

    def test_takes_any_name(self):
        for name in ("-o.wav", "[x].wav", "a b'c\".wav", "ü太.wav"):
            self.write(name, wav_bytes([tone(997, 1.0)]))
            self.assertEqual(self.measure("--", name)["files"][0]["file"], name)


class Check(CliTest):
    def setUp(self):
        super().setUp()
        self.write("tone.wav", wav_bytes([tone(997, 4.0, 10 ** (-16 / 20))] * 2))

    def test_passes_and_fails_by_exit_code(self):
        out, _ = self.run_program("check", "tone.wav", "--target", "apple-music")
        self.assertIn("pass", out)
        out, _ = self.run_program("check", "tone.wav", "--target", "spotify", expect=1)
        self.assertIn("fail, 1 clause violated", out)
        self.assertIn("-16.0", out)

    def test_takes_numbers(self):
        self.run_program("check", "tone.wav", "--target", "-16")
        self.run_program("check", "tone.wav", "--target", "-16", "--ceiling", "-17", expect=1)
        self.refused("check", "tone.wav", "--target", "spotify", "--ceiling", "-17", code=2)
        self.refused("check", "tone.wav", "--target", "-16x", code=2, says="-16x")

    def test_tells_too_short_from_silent(self):
        self.write("brief.wav", wav_bytes([tone(997, 0.3)] * 2))
        out, _ = self.run_program("check", "brief.wav", "--target", "spotify", expect=1)
        self.assertIn("too short to be measured", " ".join(out.split()))
        self.assertNotIn("silent", out)
        found = json.loads(self.run_program("check", "brief.wav", "--json", "--target", "spotify", expect=1)[0])
        self.assertIn("too short", found["files"][0]["clauses"][0]["reason"])

    def test_is_no_plain_pass_when_the_deciding_clause_cannot_be_judged(self):
        out, _ = self.run_program("check", "tone.wav", "--target", "netflix")
        self.assertIn("cannot be judged fully", out)
        self.assertIn("dialogue detection", out)
        self.run_program("check", "tone.wav", "--target", "netflix", "--strict", expect=1)
        out, _ = self.run_program("check", "tone.wav", "--target", "tasa-trailer", expect=1)
        self.assertIn("nothing of it can be judged", out)

    def test_prints_json(self):
        report = json.loads(self.run_program("check", "tone.wav", "-t", "spotify", "--json", expect=1)[0])
        entry = report["files"][0]
        self.assertEqual((report["schema"], report["target"]["id"], entry["verdict"]),
                         ("gainstage.check/1", "spotify", "fail"))
        self.assertEqual(entry["clauses"][0]["result"], "fail")

    def test_of_a_bad_file_is_3(self):
        out, err = self.run_program("check", "tone.wav", "nowhere.wav", "-t", "spotify", expect=3)
        self.assertIn("tone.wav", out)
        self.assertIn("nowhere.wav", err)

    def test_warns_of_figures_that_are_not_sure(self):
        _, err = self.run_program("check", "tone.wav", "-t", "arib-tr-b32", expect=1)
        self.assertIn("from memory", err)

    def test_is_met_by_what_stage_writes(self):
        self.song()
        for target in ("ebu-r128", "atsc-a85", "apple-podcasts", "aes-td1008-speech"):
            self.run_program("stage", "song", "-t", target, "-o", target, "--strict", "--quiet")
            self.run_program("check", f"{target}/mix.wav", "-t", target)


class Targets(CliTest):
    OWN = {"schema": "gainstage.targets/1", "targets": [
        {"id": "mine", "title": "Mine", "clauses": [{"figure": "integrated_lufs", "wanted": -16, "tolerance": 0.5}]}]}

    def test_are_listed_with_source_date_and_confidence(self):
        listed = json.loads(self.run_program("targets", "--json")[0])["targets"]
        self.assertGreaterEqual(len(listed), 42)
        for target in listed:
            self.assertTrue(target["source"] and target["checked_on"] and target["confidence"], target["id"])
        text, _ = self.run_program("targets", "netflix")
        self.assertIn("not judged", text)
        self.assertIn("2026-11-22", text)
        self.refused("targets", "netflx", code=2, says="did you mean netflix?")

    def test_can_be_added(self):
        self.write("own.json", json.dumps(self.OWN))
        self.write("home/.config/gainstage/targets.json", json.dumps(self.OWN).replace("mine", "home"))
        self.write("config/gainstage/targets.json", json.dumps(self.OWN).replace("mine", "config"))
        self.write("tone.wav", wav_bytes([tone(997, 4.0, 10 ** (-16 / 20))] * 2))
        self.run_program("check", "tone.wav", "-t", "mine", "--targets", "own.json")
        self.run_program("check", "tone.wav", "-t", "home")
        self.run_program("check", "tone.wav", "-t", "config",
                         env=self.environment(XDG_CONFIG_HOME=str(self.place / "config")))
        self.assertIn("Mine", self.run_program("targets", "--targets", "own.json")[0])

    def test_that_are_wrong_are_named(self):
        for text, says in (("{", "line 1"), ("{}", "schema"), (json.dumps(self.OWN).replace("wanted", "want"), "mine")):
            self.write("own.json", text)
            self.refused("targets", "--targets", "own.json", code=3, says=["own.json", says])
        self.refused("targets", "--targets", "nowhere.json", code=4, says="nowhere.json")


class Roles(CliTest):
    def test_are_listed(self):
        roles = json.loads(self.run_program("roles", "--json")[0])["roles"]
        self.assertIn({"name": "lead vocal", "family": "voice", "band": "mid"}, roles)
        self.assertIn("lead vocal", self.run_program("roles")[0])


if __name__ == "__main__":
    harness.main()
