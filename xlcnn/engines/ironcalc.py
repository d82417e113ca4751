"""IronCalc: a second spreadsheet engine in this very process (an extra). Every run starts from the workbook as it was loaded.

A blank cell with a format can be loaded as the number 0 (where its file says ``t="n"``, as openpyxl writes it), so blanks
are cleared first. The package prints remarks of its own while loading; they must not get into xlcnn's output.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from xlcnn.engines import TIMEOUT
from xlcnn.engines.base import Grid
from xlcnn.errors import EngineError
from xlcnn.xlsx.book import Book
from xlcnn.xlsx.patch import Edits


class IronCalc:
    name = "ironcalc"

    def __init__(self, timeout: float = TIMEOUT) -> None:
        """It has no time limit of its own: see `xlcnn.verifier.bounded`."""

    def version(self) -> str:
        try:
            return version("ironcalc")
        except PackageNotFoundError:
            raise EngineError("IronCalc is not on this machine; install it (pip install 'xlcnn[ironcalc]')") from None

    def recalculate(self, book: Book, runs: Sequence[Edits], sizes: Mapping[str, tuple[int, int]]) -> list[dict[str, Grid]]:
        self.version()
        with _quietly("load"):
            loaded = _load(book)
        with _quietly("compute"):
            return [_calculate(loaded, edits, sizes) for edits in runs]


def _load(book: Book) -> bytes:
    """The workbook in IronCalc's own format, which loads faster; IronCalc opens an .xlsx only by its path."""
    import ironcalc

    with tempfile.TemporaryDirectory(prefix="xlcnn-") as folder:
        path = Path(folder) / "book.xlsx"
        path.write_bytes(book.data)
        model = ironcalc.load_from_xlsx(str(path))
    numbers = _sheet_numbers(model)
    for name, sheet in book.sheets.items():
        for cell, value in sheet.values.items():
            if value is None and cell not in sheet.formulas:
                model.clear_cell_contents(numbers[name], *cell)
    return bytes(model.to_bytes())


def _calculate(loaded: bytes, edits: Edits, sizes: Mapping[str, tuple[int, int]]) -> dict[str, Grid]:
    import ironcalc

    model = ironcalc.load_from_bytes(loaded)
    numbers = _sheet_numbers(model)
    for name, changes in edits.items():
        for row, col, matrix in changes:
            for y, line in enumerate(matrix.tolist(), row):
                for x, value in enumerate(line, col):
                    put = model.update_cell_with_text if isinstance(value, str) else model.update_cell_with_number
                    put(numbers[name], y, x, value)
    model.evaluate()
    return {name: _read(model, numbers[name], *size) for name, size in sizes.items()}


def _sheet_numbers(model: Any) -> dict[str, int]:
    return {sheet["name"]: number for number, sheet in enumerate(model.get_worksheets_properties())}


def _read(model: Any, sheet: int, rows: int, cols: int) -> Grid:
    """The values; errors are texts already, as a spreadsheet shows them, and ``#ERROR!`` where it cannot read a formula."""
    return Grid([[model.get_cell_value(sheet, row, col) for col in range(1, cols + 1)] for row in range(1, rows + 1)])


@contextmanager
def _quietly(what: str) -> Iterator[None]:
    """Without IronCalc's own output; whatever it raises becomes an `EngineError`, its panics (no `Exception`) too."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept = os.dup(1), os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        yield
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        raise EngineError(f"IronCalc cannot {what} this workbook: {' '.join(str(error).split())[:200]}") from None
    finally:
        for number, fd in enumerate(kept, 1):
            os.dup2(fd, number)
            os.close(fd)
        os.close(nowhere)
