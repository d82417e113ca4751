"""Gnumeric: a third program with formulas of its own, through its converter `ssconvert`."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from xlcnn.engines import TIMEOUT
from xlcnn.engines.base import Grid
from xlcnn.engines.process import results, run
from xlcnn.errors import EngineError
from xlcnn.xlsx.book import Book
from xlcnn.xlsx.patch import Edits, patched

INSTALL = "install it (Debian, Ubuntu: apt-get install gnumeric; macOS: brew install gnumeric)"


class Gnumeric:
    name = "gnumeric"

    def __init__(self, timeout: float = TIMEOUT) -> None:
        self.timeout = timeout

    def version(self) -> str:
        with tempfile.TemporaryDirectory(prefix="xlcnn-") as folder:
            out = run("Gnumeric", [find_ssconvert(), "--version"], Path(folder), self.timeout)
        match = re.search(r"\d+(\.\d+)+", out)
        return match[0] if match else out.strip()

    def recalculate(self, book: Book, runs: Sequence[Edits], sizes: Mapping[str, tuple[int, int]]) -> list[dict[str, Grid]]:
        program = find_ssconvert()
        found = []
        with tempfile.TemporaryDirectory(prefix="xlcnn-") as name:
            folder = Path(name)
            for number, edits in enumerate(runs):
                source, target = folder / f"run{number}.xlsx", folder / f"out{number}.xlsx"
                source.write_bytes(patched(book, edits))
                command = [program, "--recalc", "--export-type=Gnumeric_Excel:xlsx2", str(source), str(target)]
                said = run("Gnumeric", command, folder, self.timeout)
                if not target.is_file():
                    raise EngineError(f"Gnumeric could not open the workbook ({' '.join(said.split())[:200] or 'no reason given'})")
                found.append(results("Gnumeric", target, sizes))
        return found


def find_ssconvert() -> str:
    """The program's path. Raises `EngineError` with how to install it."""
    path = shutil.which("ssconvert")
    if path is None:
        raise EngineError(f"Gnumeric is not on this machine; {INSTALL}")
    return path
