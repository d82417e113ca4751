"""Runs another program with bounds: private home, no way out through a proxy, a time limit for all that it starts."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from xlcnn.engines.base import Grid, stored_grid
from xlcnn.engines.guarded import Ended, guarded
from xlcnn.errors import EngineError, WorkbookError
from xlcnn.xlsx.book import SheetCells
from xlcnn.xlsx.reader import read_book


def run(name: str, command: Sequence[str], home: Path, timeout: float) -> str:
    """What the program printed. Raises `EngineError` at the time limit; then all that it started is ended."""
    return finished(name, command, home, timeout).output.decode(errors="replace")


def finished(name: str, command: Sequence[str], home: Path, timeout: float) -> Ended:
    """The program's end; `home` is a temporary folder, which goes as well where this process is killed.

    Raises `EngineError` at the time limit; then all that the program started is ended.
    """
    nowhere = "http://127.0.0.1:9"
    environment = os.environ | {"HOME": str(home), "http_proxy": nowhere, "https_proxy": nowhere}
    try:
        return guarded(command, timeout, environment=environment, folder=str(home))
    except subprocess.TimeoutExpired:
        raise EngineError(f"{name} did not finish within {timeout:g} seconds") from None
    except OSError as error:
        raise EngineError(f"{name} could not be started: {error.strerror or error}") from None


def results(name: str, path: Path, sizes: Mapping[str, tuple[int, int]]) -> dict[str, Grid]:
    """The values in a workbook that the program saved."""
    try:
        sheets = read_book(path.read_bytes()).sheets
    except WorkbookError as error:
        raise EngineError(f"{name} wrote a workbook that {error}") from None
    return {sheet: stored_grid(sheets.get(sheet, SheetCells({}, {})), *size) for sheet, size in sizes.items()}
