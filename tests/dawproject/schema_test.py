#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""schema_test.py PROGRAM FOLDER: what PROGRAM (dawproject_sessions) writes is valid by the schemas in FOLDER, and of the
sessions that it moves by -2.5 dB, those in FOLDER and the two below, only levels have moved, by that."""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree
import zipfile

MOVE_DB = -2.5

# The same song, its levels in one unit and the other: fader, send and automation with every interpolation, a gain of a clip.
PROJECT = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<!-- levels in {unit} -->
<Project version="1.0">
  <Application name="Test" version="1"/>
  <Transport><Tempo unit="bpm" value="100" id="tempo"/></Transport>
  <Structure>
    <Track contentType="audio" id="t1" name="K&amp;B"><Channel audioChannels="2" destination="c3" role="regular" id="c1">
      <Devices><Vst3Plugin deviceName="X" deviceRole="audioFX" id="d1"><Enabled value="true"/></Vst3Plugin></Devices>
      <Mute value='false' id='m1'/><Pan unit="normalized" value="0.5" min="0" max="1" id="p1"/>
      <Sends><Send destination="c2" type="pre"><Volume unit="{unit}" value="{send}" id="s1"/></Send></Sends>
      <Volume id="v1" unit='{unit}' value='{fader}' max="{most}"/></Channel></Track>
    <Track contentType="audio" id="t2" name="FX"><Channel destination="c3" role="effect" id="c2">
      <Volume unit="{unit}" value="{silence}" max="{most}"/></Channel></Track>
    <Track contentType="audio" id="t3" name="Master"><Channel role="master" id="c3">
      <Volume unit="{unit}" value="{unity}" max="{most}"/></Channel></Track>
  </Structure>
  <Arrangement>
    <Lanes timeUnit="beats"><Lanes track="t1">
      <Clips><Clip time="0" duration="4" fadeTimeUnit="beats" fadeInTime="0.5" fadeOutTime="0.5"><Lanes>
        <Audio channels="1" sampleRate="48000" duration="2"><File path="audio/a.wav"/></Audio>
        <Points unit="{unit}"><Target expression="gain"/><RealPoint time="0" value="{clip}"/></Points>
      </Lanes></Clip></Clips>
      <Points unit="{unit}"><Target parameter="v1"/>
        <RealPoint time="0" value="{silence}" interpolation="hold"/>
        <RealPoint time="1" value="{fader}" interpolation="linear"/><RealPoint time="2" value="{send}"/></Points>
    </Lanes></Lanes>
  </Arrangement>
</Project>
"""
LINEAR = {"unit": "linear", "fader": "0.5", "send": "0.1", "unity": "1", "silence": "0", "clip": "0.75", "most": "2"}
DECIBEL = {"unit": "decibel", "fader": "-6", "send": "-20", "unity": "0.0", "silence": "-inf", "clip": "-2.5", "most": "6"}


def skip(why: str) -> None:
    print(f"skipped: {why}")
    sys.exit(77)


def members(path: pathlib.Path) -> list:
    """Whatever a zip says of its members but the place where they lie, with their content."""
    with zipfile.ZipFile(path) as archive:
        return [(i.filename, i.date_time, i.compress_type, i.external_attr, i.extra, i.comment, archive.read(i))
                for i in archive.infolist()]


def project(path: pathlib.Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read("project.xml").decode()


class Schema(unittest.TestCase):
    program = folder = None

    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.scratch.cleanup)
        out = pathlib.Path(cls.scratch.name)
        before = out / "before"
        before.mkdir()
        for values in (LINEAR, DECIBEL):
            with zipfile.ZipFile(before / f"{values['unit']}.dawproject", "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("project.xml", PROJECT.format(**values))
                archive.writestr("metadata.xml", "<MetaData><Title>T</Title></MetaData>")
                archive.writestr("audio/a.wav", bytes(range(256)) * 64)
        cls.originals = sorted(before.glob("*")) + sorted(cls.folder.glob("*.dawproject"))
        done = subprocess.run([cls.program, out, *cls.originals], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        cls.written = [pathlib.Path(line) for line in done.stdout.splitlines()]
        cls.moved = {path.name: path for path in cls.written}

    def validate(self, path: pathlib.Path, member: str, schema: str) -> None:
        with zipfile.ZipFile(path) as archive:
            content = archive.read(member)
        done = subprocess.run(["xmllint", "--noout", "--schema", self.folder / schema, "-"], input=content,
                              capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, f"{path.name}: {done.stderr.decode()}")

    def test_everything_written_is_valid(self):
        self.assertEqual(len(self.written), 2 + len(self.originals))
        for path in [*self.originals, *self.written]:
            with self.subTest(path.name):
                self.validate(path, "project.xml", "Project.xsd")
                self.validate(path, "metadata.xml", "MetaData.xsd")

    def test_other_members_are_the_same(self):
        for original in self.originals:
            for before, after in zip(members(original), members(self.moved[original.name]), strict=True):
                count = 6 if before[0] == "project.xml" else 7
                self.assertEqual(before[:count], after[:count])

    def test_only_levels_move_and_by_the_same(self):
        for original in self.originals:
            before = project(original)
            after = project(self.moved[original.name])
            trees = [xml.etree.ElementTree.fromstring(text) for text in (before, after)]
            parameters = {p.get("id") for p in trees[0].iter("Volume") if p.get("id")}
            levels = set(trees[0].iter("Volume"))
            for points in trees[0].iter("Points"):
                target = points.find("Target")
                if target.get("parameter") in parameters or target.get("expression") == "gain":
                    levels.update(points.iter("RealPoint"))
            units = {point: points.get("unit") for points in trees[0].iter("Points") for point in points}
            moved = 0
            for old, new in zip(trees[0].iter(), trees[1].iter(), strict=True):
                self.assertEqual((old.tag, old.text, old.tail), (new.tag, new.text, new.tail))
                if old not in levels:
                    self.assertEqual(old.attrib, new.attrib)
                    continue
                self.assertEqual({**old.attrib, "value": ""}, {**new.attrib, "value": ""})
                was, now = float(old.get("value")), float(new.get("value"))
                if (old.get("unit") or units.get(old)) == "decibel":
                    self.assertAlmostEqual(now, was + MOVE_DB, delta=1e-6)
                else:
                    self.assertAlmostEqual(now, was * 10 ** (MOVE_DB / 20), delta=1e-8)
                moved += old.get("value") != new.get("value")
            self.assertGreater(moved, 1, original.name)

    def test_the_text_around_the_levels_is_the_same(self):
        for values in (LINEAR, DECIBEL):
            name = f"{values['unit']}.dawproject"
            before = next(project(path) for path in self.originals if path.name == name).splitlines()
            after = project(self.moved[name]).splitlines()
            for old, new in zip(before, after, strict=True):
                if old != new:
                    self.assertIn("value=", old)
                    self.assertEqual(old.split("value=")[0], new.split("value=")[0])


def main() -> None:
    Schema.program = pathlib.Path(sys.argv[1])
    Schema.folder = pathlib.Path(sys.argv[2])
    if not (Schema.folder / "Project.xsd").exists():
        skip("no shared/data/sessions/dawproject beside the checkout, and so no schema")
    if not shutil.which("xmllint"):
        skip("no xmllint (package libxml2-utils)")
    unittest.main(argv=sys.argv[:1])


if __name__ == "__main__":
    main()
