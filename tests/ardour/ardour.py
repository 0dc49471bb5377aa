# SPDX-License-Identifier: MIT
"""Ardour 7 without a screen: its Lua, its export, and what they wrote."""

import concurrent.futures
import os
import pathlib
import shutil
import struct
import subprocess
import tempfile

LUA_FOLDER = pathlib.Path(__file__).resolve().parent / "lua"
TOOLS = ("ardour7-lua", "ardour7-export")
# Most of an Ardour's time is waiting: for its own threads, and for real time while it plays.
AT_ONCE = 4

# Without it Ardour sets the master volume of a session to 1 as it opens it.
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<Ardour><Config><Option name="use-master-volume" value="1"/></Config></Ardour>
"""


def is_installed():
    return all(shutil.which(tool) for tool in TOOLS)


def side_by_side(work, items):
    """What work(item) gives for each item, in their order; several Ardours at once."""
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(work, items))


def shares(items):
    """The items in AT_ONCE shares, dealt like cards."""
    items = list(items)
    return [share for share in (items[first::AT_ONCE] for first in range(AT_ONCE)) if share]


class Ardour:
    """Starts Ardour's tools with a home folder of their own. Each start takes some four seconds."""

    def __init__(self):
        self._home = tempfile.TemporaryDirectory(prefix="ardour-home-")
        settings = pathlib.Path(self._home.name) / ".config" / "ardour7"
        settings.mkdir(parents=True)
        (settings / "config").write_text(SETTINGS, encoding="utf-8")
        clean = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "XDG_CONFIG_HOME")}
        # Ardour 7.3's AVX-512 code writes past its buffers; 31 leaves it SSE and AVX.
        self._environment = clean | {"HOME": self._home.name, "ARDOUR_FPU_FLAGS": "31", "LC_ALL": "C.UTF-8"}

    def close(self):
        self._home.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _run(self, words, seconds):
        done = subprocess.run([str(word) for word in words], env=self._environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds, check=False)
        text = done.stdout.decode(errors="replace")
        if done.returncode:
            raise RuntimeError(f"{words[0]} ended with {done.returncode}:\n{text[-3000:]}")
        return text

    def lua(self, script, *words, seconds=600):
        """Runs one of our scripts; it must have printed 'done' at its end."""
        text = self._run(["ardour7-lua", LUA_FOLDER / script, *words], seconds)
        if "done" not in text.split():
            raise RuntimeError(f"{script} did not come to its end:\n{text[-3000:]}")
        return text

    def resave(self, sessions):
        """Opens each (folder, name, saved_name) and saves it under the other name, as Ardour writes it."""
        side_by_side(lambda share: self.lua("resave.lua", *(word for session in share for word in session)), shares(sessions))

    def export(self, session, wav, seconds=300):
        """The session's range as 32-bit float, as Ardour plays it. `session` is the path of the .ardour file."""
        self._run(["ardour7-export", "-b", "float", "-o", wav, session.parent, session.stem], seconds)
        if not wav.is_file():
            raise RuntimeError(f"ardour7-export wrote no {wav.name}")
        return wav


def float_wav(path):
    """(rate, channels as lists of floats) of a 32-bit float WAV."""
    data = path.read_bytes()
    place, form, samples = 12, None, None
    while place + 8 <= len(data):
        name, size = data[place:place + 4], struct.unpack_from("<I", data, place + 4)[0]
        if name == b"fmt ":
            form = struct.unpack_from("<HHIIHH", data, place + 8)
        elif name == b"data":
            samples = memoryview(data)[place + 8:place + 8 + size].cast("f")
        place += 8 + size + size % 2
    if form is None or samples is None or form[5] != 32:
        raise ValueError(f"{path} is not a float WAV")
    return form[2], [samples[channel::form[1]].tolist() for channel in range(form[1])]
