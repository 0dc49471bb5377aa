# SPDX-License-Identifier: MIT
"""The program on sessions of DAWs: seen, staged, written, and read again."""

import json
import os
import unittest

from harness import CliTest, RATE, SOURCE, band, main, wav_bytes

SAMPLES = SOURCE.parent / "shared" / "data" / "sessions"


def rpp(tracks, seconds=4.0, extra=""):
    """A REAPER project: name to (file, fader, item gain, lines more)."""
    lines = ['<REAPER_PROJECT 0.1 "6.80" 1650000000', "  PANLAW 1", f"  SAMPLERATE {RATE} 1 0", "  MASTER_VOLUME 1 0 -1 -1 1"]
    for number, (name, (file, fader, gain, more)) in enumerate(tracks.items()):
        lines += [f"  <TRACK {{0000000{number}-0000-0000-0000-000000000000}}", f"    NAME {name}",
                  f"    VOLPAN {fader} 0 -1 -1 1", "    MUTESOLO 0 0 0", "    MAINSEND 1 0", *more,
                  "    <ITEM", "      POSITION 0", f"      LENGTH {seconds}", f"      NAME {name}",
                  f"      VOLPAN {gain} 0 1 -1", "      SOFFS 0", "      <SOURCE WAVE", f'        FILE "{file}"', "      >",
                  "    >", "  >"]
    return "\n".join(lines + [">", ""])


class SessionTest(CliTest):
    def project(self, changes=None, **options):
        """The band in a project of four tracks."""
        for name, channels in band().items():
            self.write(f"song/media/{name}", wav_bytes(channels))
        tracks = {name[:-4]: (f"media/{name}", 1, 1, []) for name in band()}
        tracks |= changes or {}
        return self.write("song/song.rpp", rpp(tracks, **options))

    def stages(self, report):
        return {stage["stage"]: stage for stage in report["stages"]}


class Inspect(SessionTest):
    def test_shows_every_stage_and_its_level(self):
        self.project({"bass": ("media/bass.wav", 0.5, 2, [])})
        out, _ = self.run_program("inspect", "song/song.rpp", "--json")
        session = json.loads(out)
        self.assertEqual(session["schema"], "gainstage.inspect/1")
        bass = next(strip for strip in session["strips"] if strip["name"] == "bass")
        self.assertAlmostEqual(bass["fader"]["gain_db"], -6.0206, 3)
        self.assertAlmostEqual(bass["clips"][0]["gain"]["gain_db"], 6.0206, 3)
        before, behind = (bass["levels"][tap]["true_peak_dbtp"] for tap in ("insert_in", "fader_out"))
        self.assertAlmostEqual(before - behind, 6.0206, 2)
        self.assertAlmostEqual(bass["levels"]["fader_out"]["headroom_db"], -behind, 6)

    def test_draws_a_tree_and_a_graph(self):
        self.project()
        out, _ = self.run_program("inspect", "song/song.rpp")
        for name in ("kick", "bass", "gtr", "vox"):
            self.assertIn(name, out)
        out, _ = self.run_program("inspect", "song/song.rpp", "--dot")
        self.assertTrue(out.startswith("digraph"))

    def test_does_not_know_what_is_behind_an_insert_unless_it_is_printed(self):
        chain = ["    <FXCHAIN", "      BYPASS 0 0 0",
                 '      <VST "VST: ReaComp (Cockos)" reacomp.dll 0 "" 1919247213<> ""', "        bWNlcu5e7f4AAAAA", "      >", "    >"]
        self.project({"kick": ("media/kick.wav", 1, 1, chain)})
        strips = lambda *more: {strip["name"]: strip for strip in json.loads(
            self.run_program("inspect", "song/song.rpp", "--json", *more)[0])["strips"]}
        self.assertIsNone(strips()["kick"]["levels"]["fader_out"])
        self.assertIsNotNone(strips()["kick"]["levels"]["insert_in"])
        self.write("printed/kick.wav", wav_bytes(band()["kick.wav"]))
        self.assertIsNotNone(strips("--printed", "printed")["kick"]["levels"]["fader_out"])

    def test_looks_at_real_sessions_whose_media_are_elsewhere(self):
        if not SAMPLES.is_dir():
            self.skipTest("no shared/data/sessions")
        for path in sorted(path for path in SAMPLES.rglob("*") if path.suffix.lower() in (".ardour", ".rpp", ".dawproject")):
            with self.subTest(path.name):
                out, _ = self.run_program("inspect", path, "--json")
                self.assertTrue(json.loads(out)["strips"])


class Stage(SessionTest):
    def test_writes_the_session_beside_itself_and_promises_what_it_plays(self):
        session = self.project()
        before = session.read_bytes()
        report = self.stage_json("song/song.rpp")
        self.assertEqual(session.read_bytes(), before)
        self.assertIn("song/song-staged.rpp", self.files())
        self.assertIn("song/song-staged.report.json", self.files())
        self.assertEqual(report["daw"], {"format": "reaper", "file": "song.rpp", "written": "song-staged.rpp", "place": "auto"})
        out, _ = self.run_program("measure", "song/song-staged.rpp", "--json")
        measured = json.loads(out)["files"][0]["measure"]
        for figure in ("integrated_lufs", "true_peak_dbtp"):
            self.assertAlmostEqual(measured[figure], report["master"][figure], 3)
            self.assertAlmostEqual(report["predicted"][figure], report["master"][figure], delta=0.05)
        self.assert_no_leftovers()

    def test_changes_only_what_the_diff_names(self):
        session = self.project()
        report = self.stage_json("song/song.rpp")
        changed = [(a, b) for a, b in zip(session.read_text().splitlines(),
                                          (session.parent / "song-staged.rpp").read_text().splitlines()) if a != b]
        self.assertEqual(len(changed), len(report["stages"]))
        self.assertTrue(all("VOL" in a for a, _ in changed), changed)

    def test_moves_nothing_the_second_time(self):
        self.project({"bass": ("media/bass.wav", 0.5, 2, [])})
        self.stage_json("song/song.rpp")
        for options in ((), ("--keep-levels", "100")):
            again = self.stage_json("song/song-staged.rpp", *options, "--dry-run")
            for stage in again["stages"]:
                self.assertLess(abs(stage["gain_db"]), 0.05, stage)

    def test_moves_nothing_the_second_time_when_it_weighs_anew(self):
        self.project({"bass": ("media/bass.wav", 0.5, 2, [])})
        self.stage_json("song/song.rpp", "--keep-levels", "0")
        for stage in self.stage_json("song/song-staged.rpp", "--keep-levels", "0", "--dry-run")["stages"]:
            self.assertLess(abs(stage["gain_db"]), 0.05, stage)

    def test_takes_moved_faders_for_a_rough_mix(self):
        self.project({"bass": ("media/bass.wav", 0.5, 1, [])})
        self.assertEqual(self.stage_json("song/song.rpp", "-n")["gainstage"]["options"]["keep-levels"], 30)
        self.project()
        self.assertEqual(self.stage_json("song/song.rpp", "-n")["gainstage"]["options"]["keep-levels"], 0)

    def test_keeps_the_level_into_a_compressor(self):
        chain = ["    <FXCHAIN", "      BYPASS 0 0 0",
                 '      <VST "VST: ReaComp (Cockos)" reacomp.dll 0 "" 1919247213<> ""', "        bWNlcu5e7f4AAAAA", "      >", "    >"]
        self.project({"kick": ("media/kick.wav", 1, 1, chain)})
        stages = self.stages(self.stage_json("song/song.rpp", "-n"))
        self.assertEqual([name for name in stages if name.startswith("kick")], ["kick: fader"])
        self.assertIn("level into its inserts stays", stages["kick: fader"]["why"])
        stages = self.stages(self.stage_json("song/song.rpp", "-n", "--before-inserts"))
        self.assertGreater(len([name for name in stages if name.startswith("kick")]), 1)

    def test_places_the_moves_where_it_is_told(self):
        self.project()
        kinds = lambda place: {stage["kind"] for stage in self.stage_json("song/song.rpp", "-n", "--place", place)["stages"]}
        self.assertEqual(kinds("fader"), {"fader"})
        self.assertEqual(kinds("clip"), {"clip"})
        self.assertEqual(kinds("master"), {"fader", "master"})

    def test_holds_a_track_to_its_range(self):
        self.project()
        kick = next(t for t in self.stage_json("song/song.rpp", "-n", "--range", "kick=-1..1")["tracks"] if t["name"] == "kick")
        self.assertLessEqual(abs(kick["gain_db"]), 1.0)

    def test_brings_up_a_session_that_is_all_down(self):
        self.project({name[:-4]: (f"media/{name}", 0, 1, []) for name in band()})
        report = self.stage_json("song/song.rpp")
        self.assertIn("all-down", [warning["code"] for warning in report["warnings"]])
        self.assertEqual(report["gainstage"]["options"]["keep-levels"], 0)
        for name in ("kick", "bass", "gtr", "vox"):
            fader = self.stages(report)[f"{name}: fader"]
            self.assertIsNone(fader["from_db"])
            self.assertAlmostEqual(fader["to_db"], fader["gain_db"], 4)
        measured = json.loads(self.run_program("measure", "song/song-staged.rpp", "--json")[0])["files"][0]["measure"]
        self.assertAlmostEqual(measured["integrated_lufs"], report["predicted"]["integrated_lufs"], delta=0.05)
        # What stood at 0 dB is staged to the same.
        self.project()
        up = self.stages(self.stage_json("song/song.rpp", "-n"))
        for name in ("kick", "bass", "gtr", "vox"):
            self.assertAlmostEqual(up[f"{name}: fader"]["to_db"], self.stages(report)[f"{name}: fader"]["to_db"], 4)

    def test_leaves_down_what_is_down_in_a_mix(self):
        self.project({"gtr": ("media/gtr.wav", 0, 1, [])})
        report = self.stage_json("song/song.rpp")
        self.assertNotIn("gtr: fader", self.stages(report))
        self.assertTrue(next(track for track in report["tracks"] if track["name"] == "gtr")["silent"])

    def test_renders_what_the_session_plays(self):
        self.project()
        self.stage_json("song/song.rpp", "--render", "--bits", "32f")
        self.run_program("render", "song/song-staged.rpp", "-o", "again.wav")
        self.assertEqual((self.place / "song/song-staged.wav").read_bytes(), (self.place / "again.wav").read_bytes())

    def test_goes_on_without_media_that_are_missing(self):
        self.project({"gone": ("media/gone.wav", 0.7, 1, [])})
        out, err = self.run_program("stage", "song/song.rpp", "--json", "-n")
        report = json.loads(out)
        self.assertNotIn("gone", [track["name"] for track in report["tracks"]])
        self.assertNotIn("gone: fader", self.stages(report))
        self.assertTrue({"missing-media", "kept-level"} <= {warning["code"] for warning in report["warnings"]})
        self.assertIn("media of the session are missing", self.run_program("stage", "song/song.rpp", "--strict", expect=3)[1])

    def test_refuses_a_session_of_which_nothing_is_left(self):
        self.write("song.rpp", rpp({"gone": ("gone.wav", 1, 1, [])}))
        self.refused("stage", "song.rpp", code=3, says="song.rpp")
        self.assertEqual(self.files(), ["song.rpp"])

    def test_never_writes_over_what_is_there(self):
        session = self.project()
        self.refused("stage", "song/song.rpp", "-o", "song/song.rpp", code=2, says="never written to")
        self.run_program("stage", "song/song.rpp", "-q")
        self.refused("stage", "song/song.rpp", code=4, says="exists already")
        self.run_program("stage", "song/song.rpp", "-q", "--force")
        self.refused("stage", "song/song.rpp", "-o", "song/other.ardour", code=2, says="let it end in .rpp")
        self.assertTrue(session.exists())


class NewSession(SessionTest):
    def test_puts_stems_into_a_session_that_plays_as_staged(self):
        self.song()
        for ending in ("rpp", "dawproject", "ardour"):
            for more in ((), ("--copy-media",)):
                with self.subTest(ending, more=more):
                    name = f"{ending}{len(more)}/new.{ending}"
                    (self.place / name).parent.mkdir()
                    report = self.stage_json("song", "-o", name, *more)
                    out, _ = self.run_program("measure", name, "--json")
                    measured = json.loads(out)["files"][0]["measure"]
                    for figure in ("integrated_lufs", "true_peak_dbtp"):
                        self.assertAlmostEqual(measured[figure], report["predicted"][figure], delta=0.05)
                    self.refused("stage", "song", "-o", name, code=4, says="exists already")
                    for stage in self.stage_json(name, "--dry-run")["stages"]:
                        self.assertLess(abs(stage["gain_db"]), 0.05, stage)


class BadSessions(SessionTest):
    def test_ends_with_a_sentence(self):
        for name, content in (("a.rpp", "nothing of the kind"), ("b.ardour", "<Session"), ("c.dawproject", b"PK\x03\x04 no zip"),
                              ("d.ardour", ""), ("e.rpp", "<REAPER_PROJECT 0.1\n" + "<A\n" * 100000)):
            self.write(name, content)
            for command in (("inspect", name), ("stage", name), ("measure", name), ("render", name, "-o", "out.wav")):
                with self.subTest(command):
                    self.run_program(*command, expect=3)
        self.assertNotIn("out.wav", self.files())

    def test_names_the_tracks_that_feed_each_other(self):
        receive = lambda track: [f"    AUXRECV {track} 0 1 0 0 0 0 0 0 -1:U 0 -1 ''"]
        self.project({"kick": ("media/kick.wav", 1, 1, receive(1)), "bass": ("media/bass.wav", 1, 1, receive(0))})
        err = self.refused("stage", "song/song.rpp", code=3, says="circle")
        self.assertIn("'kick'", err)
        self.assertIn("'bass'", err)

    def test_shows_names_that_are_no_text(self):
        path = self.project()
        path.write_bytes(path.read_bytes().replace(b"    NAME kick", b"    NAME ki\xff\x1bck"))
        out, _ = self.run_program("inspect", "song/song.rpp", "--json")
        self.assertTrue(any("ki\ufffd" in strip["name"] for strip in json.loads(out)["strips"]))
        self.run_program("stage", "song/song.rpp", "--json")
        self.assertIn(b"    NAME ki\xff\x1bck", (self.place / "song/song-staged.rpp").read_bytes())

    def test_refuses_gains_beyond_all_samples(self):
        self.project({"kick": ("media/kick.wav", "1e39", "1e39", [])})
        self.run_program("stage", "song/song.rpp", expect=3)
        self.assertNotIn("song/song-staged.rpp", self.files())

    def test_is_not_taken_in_by_a_folder_that_is_called_as_one(self):
        os.mkdir(self.place / "song.rpp")
        self.refused("inspect", "song.rpp", code=4)


if __name__ == "__main__":
    main()
