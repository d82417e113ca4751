"""What a program draws behind a sheet's cells: little charts in cells, the dark colours of tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xlcnn.grid.references import a1
from xlcnn.layout.placed import PlacedSheet
from xlcnn.verifier.report import Problem
from xlcnn.xlsx.areas import Area, area_of
from xlcnn.xlsx.book import Book

LIGHT = re.compile(r"(?:TableStyle(?:Light|Medium)\d+)?")  # styles of tables on whose colours dark writing can be read


def surrounding_problems(book: Book, placed: PlacedSheet) -> Iterator[Problem]:
    """All of it on one sheet. A new workbook has nothing of the kind."""
    cells = book.sheets[placed.title]
    drawn: list[tuple[Area, str]] = [(area, "a sparkline in it") for area in cells.around.sparklines]
    drawn += [(t.area, f"a table in the style {t.style}") for t in cells.tables if not LIGHT.fullmatch(t.style)]
    for area, found in drawn:
        block = next((b for b in placed.blocks if area.meets(area_of(b))), None)
        if block is not None:
            note = f"of {placed.defined_name(block)}"
            yield Problem("shown", placed.title, a1(block.row, block.col), "a number on plain ground", found, note)
