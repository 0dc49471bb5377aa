#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What belongs to the command line itself: help, exit codes, completion, the manual, terminals, the report's schema."""

import json
import os
import pty
import shutil
import subprocess
import unittest

import harness
from harness import CliTest, tone, wav_bytes


class Usage(CliTest):
    COMMANDS = ["stage", "measure", "check", "render", "targets", "roles", "demo", "completion", "man", "desk"]

    def test_help_and_version_are_everywhere(self):
        self.assertIn("Usage", self.run_program("--help")[0])
        self.assertRegex(self.run_program("--version")[0], r"^gainstage \d+\.\d+\.\d+\n$")
        for command in self.COMMANDS:
            self.assertIn(f"gainstage {command}", self.run_program(command, "--help")[0])
            self.assertRegex(self.run_program(command, "--version")[0], r"^gainstage \d")

    def test_sets_every_sentence_of_the_help_under_its_option(self):
        options = self.run_program("stage", "--help")[0].split("Options\n")[1].splitlines()
        self.assertEqual([line for line in options if not line.startswith(("  -", "      --", "        "))], [])
        self.assertLessEqual(max(map(len, options)), 100)

    def test_wrong_use_is_2_and_says_what_is_right(self):
        self.song()
        for words, says in ((["stagge"], "did you mean stage?"), ([], "--help"), (["stage"], "STEMS_DIR"),
                            (["stage", "song", "--anchr", "-12"], "did you mean --anchor?"),
                            (["stage", "song", "--anchor", "-18.5x"], "-18.5x"),
                            (["stage", "song", "--target", "-18.5x"], "-18.5x"),
                            (["stage", "song", "--target", "spotifi"], "did you mean spotify?"),
                            (["stage", "song", "--reach", "far"], "stop|limit|lower"),
                            (["stage", "song", "--strength", "nan"], "nan"),
                            (["stage", "song", "--order", "low"], "low, mid, high"),
                            (["stage", "song", "--bits", "32f", "--format", "flac"], "FLAC"),
                            (["stage", "song", "--json=1"], "no value"),
                            (["completion", "fish"], "gainstage: SHELL: 'fish' is not one of bash|zsh"),
                            (["check", "x.wav"], "--target")):
            with self.subTest(words):
                self.refused(*words, code=2, says=says)

    def test_a_comma_is_no_decimal_point_in_any_locale(self):
        self.song()
        self.refused("stage", "song", "--anchor", "-12,5", code=2, env=self.environment(LC_ALL="de_DE.UTF-8"))
        report = self.stage_json("song", "--dry-run", "--anchor", "-12.5", env=self.environment(LC_ALL="de_DE.UTF-8"))
        self.assertEqual(report["anchor"]["wanted_db"], -12.5)


class Demo(CliTest):
    def test_can_be_staged_and_is_refused_over_itself(self):
        self.run_program("demo", "song")
        self.refused("demo", "song", code=4)
        self.run_program("demo", "song", "--force")
        report = self.stage_json("song")
        self.assertGreaterEqual(len(report["tracks"]), 12)
        codes = {code for code, _ in self.codes(report)}
        self.assertLessEqual({"silent", "clipped", "dc-offset"}, codes)


class Completion(CliTest):
    def script(self, shell):
        return self.write(f"completion.{shell}", self.run_program("completion", shell)[0])

    def complete(self, *words):
        script = ('source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _gainstage; '
                  'printf "%s\\n" "${COMPREPLY[@]}"')
        run = subprocess.run(["bash", "-c", script, "bash", self.script("bash"), "gainstage", *words], text=True,
                             capture_output=True, check=True)
        self.assertEqual(run.stderr, "")
        return run.stdout.split()

    def test_of_bash_is_bash(self):
        subprocess.run(["bash", "-n", self.script("bash")], check=True)

    def test_of_bash_offers_what_fits(self):
        self.assertEqual(self.complete("st"), ["stage"])
        self.assertEqual(self.complete("stage", "song", "--anchor-"), ["--anchor-detector"])
        self.assertEqual(self.complete("stage", "--reach", ""), ["stop", "limit", "lower"])
        self.assertEqual(self.complete("stage", "--reach", "=", "li"), ["limit"])
        self.assertIn("spotify-loud", self.complete("check", "-t", "spotify"))
        self.assertEqual(self.complete("completion", "z"), ["zsh"])
        self.assertEqual(self.complete("stage", "-o", ""), [])  # Bash completes files by itself.

    @unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
    def test_of_zsh_is_zsh(self):
        subprocess.run(["zsh", "-n", self.script("zsh")], check=True)

    def test_of_zsh_knows_every_option(self):
        text = self.script("zsh").read_text()
        for option in ("--anchor-detector", "--keep-levels", "--no-spectrum"):
            self.assertIn(option, text)


class Manual(CliTest):
    def test_has_every_option(self):
        page = self.run_program("man")[0].replace("\\-", "-")
        self.assertTrue(page.startswith('.\\" SPDX'))
        for line in self.run_program("stage", "--help")[0].splitlines():
            for word in line.split():
                if word.startswith("--") and line.startswith(("  -", "      --")):
                    self.assertIn(word, page)

    @unittest.skipUnless(shutil.which("groff"), "groff is not installed")
    def test_is_set_without_a_warning(self):
        page = self.write("gainstage.1", self.run_program("man")[0])
        run = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z", page], capture_output=True, text=True, check=True)
        self.assertEqual(run.stderr, "")


class Terminal(CliTest):
    """Colour and progress are for terminals only."""

    def on_terminal(self, *words, **variables):
        leader, follower = pty.openpty()
        process = subprocess.Popen([harness.PROGRAM, *words], cwd=self.place, stdin=subprocess.DEVNULL, stdout=follower,
                                   stderr=follower, env=self.environment(TERM="xterm", **variables))
        os.close(follower)
        text = b""
        try:
            while block := os.read(leader, 65536):
                text += block
        except OSError:  # The other side is closed.
            pass
        os.close(leader)
        self.assertEqual(process.wait(timeout=300), 0)
        return text.decode()

    def test_gets_colour(self):
        self.assertIn("\x1b[", self.on_terminal("targets"))

    def test_gets_none_with_no_color(self):
        self.assertNotIn("\x1b[", self.on_terminal("targets", NO_COLOR="1"))

    def test_gets_no_colour_in_files(self):
        self.assertNotIn("\x1b[", self.run_program("targets")[0])


class Schema(CliTest):
    """report.json is what docs/report.schema.json says, without a name too many."""

    @staticmethod
    def strict(schema):
        """The schema with every object closed: a name it does not know is an error."""
        if isinstance(schema, list):
            return [Schema.strict(entry) for entry in schema]
        if not isinstance(schema, dict):
            return schema
        closed = {name: Schema.strict(value) for name, value in schema.items()}
        if "properties" in schema and schema.get("type") == "object":
            closed.setdefault("additionalProperties", False)
        return closed

    def validate(self, report):
        try:
            import jsonschema
        except ImportError:
            self.skipTest("python3-jsonschema is not installed")
        schema = json.loads((harness.SOURCE / "docs/report.schema.json").read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        errors = list(jsonschema.Draft202012Validator(self.strict(schema)).iter_errors(report))
        self.assertEqual([f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in errors], [])

    def no_constant(self, name):
        self.fail(f"{name} is no JSON")

    def stage_strictly(self, *words):
        return json.loads(self.run_program("stage", *words, "--json")[0], parse_constant=self.no_constant)

    def test_holds_for_the_demo(self):
        self.run_program("demo", "song", "--quiet")
        self.validate(self.stage_strictly("song"))

    def test_holds_with_every_option(self):
        self.song()
        self.validate(self.stage_strictly(
            "song", "--target", "-9", "--reach", "limit", "--lock", "bass", "--focus", "vox", "--role", "gtr=pad",
            "--range", "kick=-3..3", "--stems", "--true-peak", "bs1770", "--anchor-detector", "vu", "--style", "pop"))

    def test_holds_in_a_dry_run(self):
        self.song()
        self.validate(self.stage_strictly("song", "--dry-run", "--group", "g=vox,gtr", "--reach", "lower"))

    def test_holds_for_a_folder_full_of_faults(self):
        self.song()
        self.write("song/nothing.wav", wav_bytes([[0.0] * 50000]))
        self.write("song/broken.wav", b"RIFF")
        self.write("song/odd.wav", wav_bytes([[float("nan")] * 100 + tone(500, 2.0)], floating=True))
        self.write("song/hot.wav", wav_bytes([tone(300, 0.05, level=3.0)], floating=True))
        self.validate(self.stage_strictly("song", "--force"))

    def test_holds_for_a_tenth_of_a_second(self):
        self.song(stems={"kick.wav": [harness.hits(60, 0.1)], "bass.wav": [tone(80, 0.1)]})
        self.validate(self.stage_strictly("song"))


if __name__ == "__main__":
    harness.main()
