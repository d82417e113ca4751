"""Runs another program with bounds: private home, no way out through a proxy, a time limit for its whole process group."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from xlcnn.engines.base import Grid, stored_grid
from xlcnn.errors import EngineError, WorkbookError
from xlcnn.xlsx.book import SheetCells
from xlcnn.xlsx.reader import read_book


def run(name: str, command: Sequence[str], home: Path, timeout: float) -> str:
    """What the program printed. Raises `EngineError` at the time limit; then its whole process group is ended."""
    nowhere = "http://127.0.0.1:9"
    environment = os.environ | {"HOME": str(home), "http_proxy": nowhere, "https_proxy": nowhere}
    process = subprocess.Popen(
        list(command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=environment, start_new_session=True,
    )  # fmt: skip
    try:
        out, _ = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        raise EngineError(f"{name} did not finish within {timeout:g} seconds") from None
    finally:
        if process.poll() is None:
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
            process.communicate()
    return out.decode(errors="replace")


def results(name: str, path: Path, sizes: Mapping[str, tuple[int, int]]) -> dict[str, Grid]:
    """The values in a workbook that the program saved."""
    try:
        sheets = read_book(path.read_bytes()).sheets
    except WorkbookError as error:
        raise EngineError(f"{name} wrote a workbook that {error}") from None
    return {sheet: stored_grid(sheets.get(sheet, SheetCells({}, {})), *size) for sheet, size in sizes.items()}
