#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that Debian's npm (9.2) installs from apps/web/package-lock.json. It refuses a lock file in which an optional peer
of a package is there in a version that the package does not take; later versions of npm overlook that, and write such files."""

import json
import pathlib
import re
import sys

LOCK = pathlib.Path(__file__).resolve().parent.parent / "apps/web/package-lock.json"


def is_taken(version, wanted):
    """Whether `wanted`, a range as "^3 || ^4" or ">=1.2", takes a version; told by the major numbers alone."""
    major = int(version.split(".")[0])
    for choice in wanted.split("||"):
        found = re.match(r"\s*(\^|~|>=|>)?\s*v?(\d+)", choice)
        if not found or (major >= int(found[2]) if found[1] in (">=", ">") else major == int(found[2])):
            return True
    return False


def nearest(packages, path, name):
    """Where the package at `path` finds the one named: in the nearest node_modules around it."""
    while "node_modules/" in path:
        path = path[:path.rindex("node_modules/")]
        place = f"{path}node_modules/{name}"
        if place in packages:
            return place
    return None


def clashes(packages):
    for path, package in packages.items():
        peers = package.get("peerDependencies", {})
        for name in package.get("peerDependenciesMeta", {}):
            place = nearest(packages, path, name)
            if place and name in peers and not is_taken(packages[place]["version"], peers[name]):
                yield f"{path} takes {name} {peers[name]}, and finds {packages[place]['version']} in {place}"


def main():
    found = list(clashes(json.loads(LOCK.read_text(encoding="utf-8"))["packages"]))
    for clash in found:
        print(f"{LOCK.name}: {clash}; let Debian's npm write it: npm install --package-lock-only", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
