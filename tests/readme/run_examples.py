#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the shell examples of a page as they are written: `run_examples.py PROGRAM PAGE`.

Blocks marked `sh` run in one shell and an empty folder, the built program first on the PATH; the first command that
fails, fails the test. Blocks marked `console` are shown only: they install or build.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

from markdown import blocks


def main() -> int:
    program, page = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    examples = blocks(page, "sh")
    if not examples:
        print(f"{page.name} has no block marked sh: nothing would be tested")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}", "HOME": folder}
        script = "set -euxo pipefail\n" + "\n".join(examples)
        run = subprocess.run(["bash", "-c", script], cwd=folder, env=environment, stdin=subprocess.DEVNULL, check=False)
    return run.returncode


if __name__ == "__main__":
    sys.exit(main())
