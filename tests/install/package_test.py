#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Builds the Debian packages and checks what is in them: `package_test.py BUILD`."""

import pathlib
import subprocess
import sys
import tempfile

CONTENTS = {
    "gainstage": [
        "./usr/bin/gainstage",
        "./usr/share/man/man1/gainstage.1.gz",
        "./usr/share/bash-completion/completions/gainstage",
        "./usr/share/zsh/site-functions/_gainstage",
        "./usr/share/doc/gainstage/copyright",
    ],
    "gainstage-dev": [
        "./usr/include/gainstage/engine/engine.h",
        "./usr/lib/cmake/gainstage/gainstageConfig.cmake",
        "./usr/lib/libgainstage_engine.a",
        "./usr/lib/pkgconfig/gainstage.pc",
        "./usr/share/doc/gainstage-dev/copyright",
    ],
}


def output(*command: object) -> str:
    return subprocess.run([str(word) for word in command], check=True, text=True, stdout=subprocess.PIPE).stdout


def main() -> int:
    build = pathlib.Path(sys.argv[1])
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        output("cpack", "--config", build / "CPackConfig.cmake", "-G", "DEB", "-B", folder)
        for name, expected in CONTENTS.items():
            package = next(pathlib.Path(folder).glob(f"{name}_*.deb"))
            listed = {line.split()[-1] for line in output("dpkg-deb", "--contents", package).splitlines()}
            problems += [f"{package.name} lacks {path}" for path in expected if path not in listed]
            depends = output("dpkg-deb", "--field", package, "Depends")
            for library in ("libsndfile1-dev", "libzip-dev") if name == "gainstage-dev" else ("libsndfile1 ", "libzip"):
                if library not in depends:
                    problems.append(f"{package.name} does not depend on {library.strip()}: {depends.strip()}")
    print("\n".join(problems) or "Both packages hold what they should")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
