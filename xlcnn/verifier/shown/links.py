"""Whether links lead where they say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xlcnn.grid.blocks import Cell
from xlcnn.grid.references import a1, split_cell
from xlcnn.layout.placed import Layout, PlacedSheet
from xlcnn.verifier.report import Problem
from xlcnn.verifier.shown.reading import likeness, seen
from xlcnn.xlsx.book import Book, SheetCells

ARROWS = " ←→↑↓"
MADE = re.compile(r"\bHYPERLINK\s*\(", re.IGNORECASE)
PLAIN = re.compile(r'=HYPERLINK\(\s*"([^"]*)"\s*(?:,\s*"([^"]*)"\s*)?\)', re.IGNORECASE)

Link = tuple[Cell, str, str, bool]
"""Where it stands, its words, where it leads, and whether that is outside the workbook."""


def links(cells: SheetCells) -> Iterator[Link]:
    """The links of a sheet, and those that a formula makes; whatever else makes one leads nobody knows where."""
    for area, location, leaves in cells.around.links:
        text = cells.values.get(area.first)
        yield area.first, text if isinstance(text, str) else "", location, leaves
    for cell, formula in cells.formulas.items():
        if '"' in formula.text and MADE.search(formula.text):
            plain = PLAIN.fullmatch(formula.at(cell))
            text = plain[2] or plain[1] if plain else str(cells.values.get(cell) or "")
            yield cell, text, plain[1].lstrip("#") if plain else "", bool(plain) and not plain[1].startswith("#")  # type: ignore[index]


def link_problems(book: Book, layout: Layout, placed: PlacedSheet) -> Iterator[Problem]:
    """Links that name one tab and lead to another, or out of the workbook."""
    titles = {likeness(other.title): other.title for other in layout.values()}
    for cell, text, location, leaves in links(book.sheets[placed.title]):
        named = titles.get(likeness(seen(text).strip(ARROWS)), "")
        there = target(location)
        gone = named not in book.sheets and not there  # the tab was deleted, and the link is dead
        if named and not gone:
            others = {*book.sheets} - {*titles.values()}  # tabs without names, such as the Glossary's, may have been renamed
            renamed = named not in book.sheets and there in others
            if leaves or (there != named and not renamed):
                yield Problem("words", placed.title, a1(*cell), f"a link to {named}", f"one to {there or 'another file'}")


def target(location: str) -> str:
    """The tab that a link leads to; empty, where it is none."""
    sheet, _, cell = location.lstrip("#").rpartition("!")
    try:
        split_cell(cell.replace("$", "").partition(":")[0])
    except ValueError:
        return ""
    return sheet.strip("'").replace("''", "'")
