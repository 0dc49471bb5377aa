# SPDX-License-Identifier: MIT
"""The fenced blocks of a Markdown page."""

import pathlib
import re

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: pathlib.Path, language: str) -> list[str]:
    """The text of every block marked with the language, in order."""
    return [text for marked, text in BLOCK.findall(page.read_text(encoding="utf-8")) if marked == language]
