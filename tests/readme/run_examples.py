#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the shell examples of a page as they are written: `run_examples.py PROGRAM PAGE`.

Blocks marked `sh` run in one shell and an empty folder, the built program first on the PATH; the first command that
fails, fails the test. Blocks marked `console` are shown only: they install or build. A desk opens no browser here, and is
ended as soon as it has said where it is.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

from markdown import blocks

END_DESKS = """
gainstage() {
  if [ "$1" != desk ]; then command gainstage "$@"; return; fi
  command gainstage "$@" --no-open --port 0 2> desk.log &
  local desk=$! tries=0
  until grep -q '^http://127.0.0.1:' desk.log; do
    if [ $((++tries)) -gt 600 ] || ! kill -0 $desk; then cat desk.log >&2; kill $desk; return 1; fi
    sleep 0.1
  done
  kill -TERM $desk
  wait $desk
}
"""


def main() -> int:
    program, page = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    examples = blocks(page, "sh")
    if not examples:
        print(f"{page.name} has no block marked sh: nothing would be tested")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}", "HOME": folder}
        script = "set -euo pipefail\n" + END_DESKS + "set -x\n" + "\n".join(examples)
        run = subprocess.run(["bash", "-c", script], cwd=folder, env=environment, stdin=subprocess.DEVNULL, check=False)
    return run.returncode


if __name__ == "__main__":
    sys.exit(main())
