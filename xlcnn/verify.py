"""Reads a workbook back, recalculates it in a spreadsheet engine and holds every cell against NumPy.

Two questions are asked of each cell. *Is the network right?* — its value against a forward pass in NumPy from the
image and the weights in the workbook. *Is this cell's own formula right?* — its value against the layer's NumPy applied
to the engine's values of the cells that the formula reads. The second finds the cell at fault instead of the thousand
cells downstream of it.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from xlcnn.check import Check
from xlcnn.description import describe
from xlcnn.engines import Engine, find_engine
from xlcnn.errors import WorkbookError, printable
from xlcnn.image import load_image
from xlcnn.layers import Input
from xlcnn.reading import Book, Limits, read_book
from xlcnn.report import Report


def verify(
    path: str | os.PathLike[str],
    engine: str | Engine = "formualizer",
    trials: int = 3,
    image: str | os.PathLike[str] | np.ndarray | None = None,
    *,
    as_is: bool = False,
    seed: int = 0,
    limits: Limits | None = None,
) -> Report:
    """Check that a workbook computes the network that it says it computes.

    `trials` random images are pushed through the spreadsheet besides the one it holds; `image` also checks that the
    input is that picture. Raises `WorkbookError` where the file cannot be read at all, `EngineError` where the engine
    cannot compute it, `ImageError` where `image` cannot be read.
    """
    chosen = find_engine(engine) if isinstance(engine, str) else engine
    version = chosen.version()
    book = open_book(Path(path), limits or Limits())
    sheets, problems = describe(book)
    if problems:
        return Report(False, chosen.name, version, trials, None, (), tuple(problems))
    if image is not None and not isinstance(image, np.ndarray):
        _, height, width = next(s.layer.shape for s in sheets.values() if isinstance(s.layer, Input))
        image = load_image(image, as_is=as_is, size=(height, width))
    check = Check(book, chosen, sheets, seed)
    found = check.run(trials)
    if image is not None:
        found += check.compare_image(image)
    sheets_, maps = tuple(check.reports(found)), tuple(check.difference_maps())
    return Report(not found, chosen.name, version, trials, check.prediction(), sheets_, tuple(found), maps)


def open_book(path: Path, limits: Limits) -> Book:
    """The workbook's cells. Raises `WorkbookError` that starts with the file's name."""
    name = printable(path)
    try:
        if path.is_dir():
            raise WorkbookError("is a folder, not a workbook")
        if path.exists() and not path.is_file():
            raise WorkbookError("is not a regular file")
        with open(path, "rb") as file:
            return read_book(file.read(limits.file_bytes + 1), limits)
    except WorkbookError as error:
        raise WorkbookError(f"{name} {error}") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise WorkbookError(f"{name} cannot be read: {reason}") from None
