#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Installs the build into an empty prefix and builds the README's program against it, once with find_package and once
with pkg-config: `install_test.py cmake|pkg-config BUILD SOURCE COMPILER`."""

import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "readme"))
from markdown import blocks  # noqa: E402


def run(*command: object, **options: object) -> str:
    words = [str(word) for word in command]
    print("+", *words, flush=True)
    return subprocess.run(words, check=True, text=True, stdout=subprocess.PIPE, **options).stdout


def only(found: list[str], what: str) -> str:
    if len(found) != 1:
        sys.exit(f"README.md has {len(found)} blocks marked {what}, expected 1")
    return found[0]


def build_with_cmake(consumer: pathlib.Path, prefix: pathlib.Path, compiler: str) -> None:
    run("cmake", "-S", consumer, "-B", consumer / "build", "-G", "Ninja", f"-DCMAKE_CXX_COMPILER={compiler}",
        f"-DCMAKE_PREFIX_PATH={prefix}")
    run("cmake", "--build", consumer / "build")
    (consumer / "build" / "loudness").rename(consumer / "loudness")


def build_with_pkg_config(consumer: pathlib.Path, prefix: pathlib.Path, compiler: str) -> None:
    found = next(prefix.rglob("gainstage.pc")).parent
    flags = run("pkg-config", "--cflags", "--libs", "gainstage", env=os.environ | {"PKG_CONFIG_PATH": str(found)})
    run(compiler, "-std=c++20", "loudness.cpp", "-o", "loudness", *flags.split(), cwd=consumer)


def main() -> int:
    way, build, source, compiler = sys.argv[1:]
    readme = pathlib.Path(source) / "README.md"
    with tempfile.TemporaryDirectory() as folder:
        prefix, consumer = pathlib.Path(folder) / "prefix", pathlib.Path(folder) / "consumer"
        consumer.mkdir()
        (consumer / "loudness.cpp").write_text(only(blocks(readme, "cpp"), "cpp"), encoding="utf-8")
        (consumer / "CMakeLists.txt").write_text(only(blocks(readme, "cmake"), "cmake"), encoding="utf-8")
        run("cmake", "--install", build, "--prefix", prefix)
        {"cmake": build_with_cmake, "pkg-config": build_with_pkg_config}[way](consumer, prefix, compiler)

        song = pathlib.Path(folder) / "song"
        run(prefix / "bin" / "gainstage", "demo", song, stdin=subprocess.DEVNULL)
        stems = sorted(song.glob("*.wav"))[:3]
        measured = run(consumer / "loudness", *stems)
        print(measured)
        if measured.count("LUFS") < len(stems):
            sys.exit("The built program did not print a loudness for each stem")
    return 0


if __name__ == "__main__":
    sys.exit(main())
