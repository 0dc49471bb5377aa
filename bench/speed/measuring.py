# SPDX-License-Identifier: MIT
"""Times whole processes as the system accounts for them, in turn with others, and says on what machine."""

import dataclasses
import os
import pathlib
import platform
import statistics
import subprocess
import tempfile
import time


@dataclasses.dataclass(frozen=True)
class Run:
    cpu_s: float
    wall_s: float
    peak_mb: float


class Failed(Exception):
    pass


def run(command, cpus=None):
    """One run of a command, its output thrown away; the machine's own accounting of it and of its children."""
    with tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors,
                                   preexec_fn=(lambda: os.sched_setaffinity(0, cpus)) if cpus else None)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            errors.seek(0)
            raise Failed(f"{' '.join(command[:4])} ... ended with {process.returncode}: {errors.read()[-600:].decode(errors='replace')}")
    return Run(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


@dataclasses.dataclass(frozen=True)
class Ratio:
    """How many times more the other takes, pair by pair."""

    median: float
    least: float
    greatest: float


def pairs(own, other, rounds, cpus=None, figure="cpu_s"):
    """Own and other in turn after a warm-up of each: the medians of both and their ratio."""
    run(own, cpus)
    run(other, cpus)
    own_runs, other_runs = [], []
    for _ in range(rounds):
        own_runs.append(run(own, cpus))
        other_runs.append(run(other, cpus))
    ratios = [getattr(b, figure) / getattr(a, figure) for a, b in zip(own_runs, other_runs)]
    return (median_run(own_runs), median_run(other_runs), Ratio(statistics.median(ratios), min(ratios), max(ratios)))


def median_run(runs):
    return Run(*(statistics.median(getattr(r, f.name) for r in runs) for f in dataclasses.fields(Run)))


def processor():
    text = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    facts = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
    facts = {key.strip(): value.strip() for key, value in facts.items()}
    flags = facts.get("flags", "").split()
    vectors = next((name for flag, name in (("avx512f", "AVX-512"), ("avx2", "AVX2"), ("sse4_1", "SSE4")) if flag in flags), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{facts.get('model name', platform.machine())}, {os.cpu_count()} cores, {vectors}, {memory:.0f} GiB"
