"""A copy of a workbook in which every wrong cell has a frame, and a note that says what should stand there."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from xlcnn.engines import TIMEOUT
from xlcnn.errors import WorkbookError, printable
from xlcnn.grid.blocks import Cell
from xlcnn.grid.references import COLUMNS, ROWS, split_cell
from xlcnn.verifier.limited import MEMORY_MB, check_limits
from xlcnn.verifier.report import PROBLEMS, Problem, Report, show
from xlcnn.verifier.shown.pixels import height, width
from xlcnn.xlsx.book import SheetCells
from xlcnn.xlsx.limits import Limits
from xlcnn.xlsx.marks import marked
from xlcnn.xlsx.note_shapes import Note, size
from xlcnn.xlsx.reader import open_book

NOTES = 1000  # in one workbook: thousands more make Excel slow, and nobody reads them
LONGEST = 1000  # letters of a note
GAP = 10, 4  # pixels from the cell's corner to the note's
FARTHEST = 200  # rows or columns over which a note may reach

Place = tuple[str, Cell]


@dataclass(frozen=True)
class Annotated:
    """The copy's bytes; how many cells of it are marked, how many of these have a note, how many problems are of no cell."""

    data: bytes
    cells: int
    notes: int
    elsewhere: int

    def __str__(self) -> str:
        cells = "1 cell is marked" if self.cells == 1 else f"{self.cells} cells are marked"
        notes = f", the first {self.notes} with a note" if self.notes < self.cells else ""
        problems = "1 problem is" if self.elsewhere == 1 else f"{self.elsewhere} problems are"
        return cells + notes + (f"; {problems} of no single cell" if self.elsewhere else "")


def annotate(
    path: str | os.PathLike[str],
    reports: Sequence[Report],
    *,
    limits: Limits | None = None,
    timeout: float | None = TIMEOUT,
    max_memory_mb: int = MEMORY_MB,
) -> Annotated:
    """The copy of a workbook that was verified, by one engine or several, in a process with limits as `xlcnn.verify` has them.

    Of a workbook without problems it is the workbook itself. Raises `WorkbookError` where it cannot be read, or written in.
    """
    reports = [replace(report, difference_maps=()) for report in reports]  # large, and not needed
    if timeout is None:
        return annotate_here(path, reports, limits or Limits())
    from xlcnn.verifier.bounded import bounded

    check_limits(timeout, max_memory_mb)
    return bounded(annotate_here, path, reports, limits or Limits(), seconds=timeout, megabytes=max_memory_mb)


def annotate_here(path: str | os.PathLike[str], reports: Sequence[Report], limits: Limits) -> Annotated:
    """The same in this very process."""
    book = open_book(Path(path), limits)  # nothing is written into what programs might read in different ways
    words, elsewhere = notes(reports)
    known = {place: text for place, text in words.items() if place[0] in book.paths}
    elsewhere += len(words) - len(known)
    if not known:
        return Annotated(Path(path).read_bytes(), 0, 0, elsewhere)
    marks: dict[str, dict[Cell, Note | None]] = {}
    for k, ((sheet, cell), text) in enumerate(known.items()):
        note = Note(text, beside(book.sheets[sheet], cell, *size(text))) if k < NOTES else None
        marks.setdefault(book.paths[sheet], {})[cell] = note
    try:
        data = marked(Path(path).read_bytes(), marks, limits)
    except WorkbookError as error:
        raise WorkbookError(f"{printable(path)} {printable(str(error))}") from None
    return Annotated(data, len(known), min(len(known), NOTES), elsewhere)


def beside(cells: SheetCells, cell: Cell, wide: int, high: int) -> tuple[int, ...]:
    """Where a note so large lies: to the right of its cell, and a little above it."""
    left, top = min(cell[1] + 1, COLUMNS), max(cell[0] - 1, 1)
    right, across = reached(lambda col: width(cells.around, col), left, COLUMNS, GAP[0] + wide)
    bottom, down = reached(lambda row: height(cells, row), top, ROWS, GAP[1] + high)
    return left - 1, GAP[0], top - 1, GAP[1], right - 1, across, bottom - 1, down


def reached(size_of: Callable[[int], float], line: int, last: int, pixels: float) -> tuple[int, int]:
    """The row or column that lies so many pixels after the beginning of this one, and how far into it; the last one at most."""
    farthest = min(line + FARTHEST, last)
    for number in range(line, farthest):
        if pixels < size_of(number):
            return number, int(pixels)
        pixels -= size_of(number)
    return farthest, 0


def notes(reports: Sequence[Report]) -> tuple[Mapping[Place, str], int]:
    """The note of each cell, upstream first, and how many problems are of no cell."""
    said: dict[Place, dict[str, list[str]]] = {}
    elsewhere = set()
    for report in reports:
        for problem in report.problems:
            place = place_of(problem)
            if place is None:
                elsewhere.add(str(problem))
            else:
                said.setdefault(place, {}).setdefault(words(problem), []).append(report.engine)
    found = {}
    for k, (place, texts) in enumerate(said.items()):
        lines = [text + by(engines, len(reports)) for text, engines in texts.items()]
        more = f"\n\n{len(said) - NOTES} more cells have a frame, but no note." if k == NOTES - 1 and len(said) > NOTES else ""
        found[place] = cut("\n\n".join(lines), LONGEST) + more
    return found, len(elsewhere)


def place_of(problem: Problem) -> Place | None:
    """The sheet and the cell of a problem; nothing where it is of a name, a whole sheet or the workbook."""
    try:
        row, col = split_cell(problem.cell or "")
    except ValueError:
        return None
    return (problem.sheet, (row, col)) if 1 <= row <= ROWS and 1 <= col <= COLUMNS else None


def words(problem: Problem) -> str:
    """What the note says of a problem."""
    lines = [f"xlcnn: {PROBLEMS[problem.kind]}", f"Expected: {show(problem.expected)}", f"Found: {show(problem.found)}"]
    return "\n".join([*lines, *([cut(printable(problem.note), LONGEST // 2)] if problem.note else [])])


def by(engines: Sequence[str], count: int) -> str:
    """Which engines found it, where not all did."""
    return f"\n(computed by {', '.join(dict.fromkeys(engines))})" if len(set(engines)) < count else ""


def cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
