"""Rows of texts: as a table where the terminal is wide enough, else each row as a list. Nothing is ever cut or hyphenated."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence


def columns() -> int | None:
    """How wide the terminal is; None where nobody looks at one: a file or another program takes any width."""
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and int(said) > 0:
        return int(said)
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], width: int | None) -> str:
    """The rows under their heads, or, if that is wider than `width`, each cell on a line after its head."""
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    lines = ["  ".join(f"{cell:<{size}}" for cell, size in zip(line, widths, strict=True)).rstrip() for line in (heads, *rows)]
    if width is None or max(map(len, lines)) <= width:
        return "\n".join(lines)
    return "\n\n".join("\n".join(f"{head}: {cell}" for head, cell in zip(heads, row, strict=True)) for row in rows)
