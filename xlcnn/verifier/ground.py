"""The workbook in which a formula stands: which cells its references mean, and which of them hold what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from xlcnn.grid.blocks import Cell
from xlcnn.grid.references import COLUMNS, ROWS, a1, sheet_prefix, split_area
from xlcnn.xlsx.book import Book

TabCell = tuple[str, Cell]

FIXED = re.compile(r"!\$[A-Za-z]+\$[0-9]+(?::\$[A-Za-z]+\$[0-9]+)?\s*\Z")  # a name that means the same cells everywhere


class Refused(ValueError):
    """The formula is written in a way that cannot be verified; the message says why."""


class Misplaced(Refused):
    """So because of a cell that it names: of a dragged copy, which names another one, it may not be true."""


@dataclass(frozen=True, eq=False)
class Ground:
    """`blocks` are the cells of the network, all others helpers; `blank` ones may be empty, `words` may hold texts."""

    book: Book
    blocks: frozenset[TabCell]
    blank: frozenset[TabCell] = frozenset()
    words: frozenset[TabCell] = frozenset()
    titles: Mapping[str, list[str]] = field(init=False)
    names: Mapping[str, list[str]] = field(init=False)
    own_names: frozenset[str] = field(init=False)
    loose: frozenset[TabCell] = field(init=False)
    regions: Mapping[str, np.ndarray] = field(init=False)  # tab → first and last row and column of what one cell fills

    def __post_init__(self) -> None:
        object.__setattr__(self, "titles", alike((title, title) for title in self.book.sheets))
        object.__setattr__(self, "names", alike(self.book.names.items()))
        object.__setattr__(self, "own_names", frozenset(map(folded, self.book.own_names)))
        object.__setattr__(self, "loose", self.blank | self.words)
        regions = {title: [r for r in sheet.regions if r.kind != "rich"] for title, sheet in self.book.sheets.items()}
        corners = {title: np.array([(*r.first, *r.last) for r in some]) for title, some in regions.items() if some}
        object.__setattr__(self, "regions", corners)

    def is_filled(self, place: TabCell) -> bool:
        """Whether another cell's formula may fill this one: an array formula, a data table, a pivot table."""
        title, (row, col) = place
        if title not in self.regions:
            return False
        top, left, bottom, right = self.regions[title].T
        return bool(((top <= row) & (row <= bottom) & (left <= col) & (col <= right)).any())


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells on a tab; `named` means other cells than it would say if it were dragged."""

    title: str
    first: Cell
    last: Cell
    named: bool

    @property
    def shape(self) -> tuple[int, int]:
        return self.last[0] - self.first[0] + 1, self.last[1] - self.first[1] + 1

    def cells(self) -> list[TabCell]:
        (top, left), (bottom, right) = self.first, self.last
        return [(self.title, (row, col)) for row in range(top, bottom + 1) for col in range(left, right + 1)]


def folded(name: str) -> str:
    """A name as Excel compares it: capitals do not count; what lies beyond ASCII must be the same."""
    return name.lower() if name.isascii() else name


def alike(items: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """What stands under each name; more than one thing where names differ in capitals alone."""
    found: dict[str, list[str]] = {}
    for name, value in items:
        found.setdefault(folded(name), []).append(value)
    return found


def area(text: str, title: str, ground: Ground) -> Area:
    """The cells that a reference on the tab `title` means. Raises `Refused`."""
    if "[" in text:
        raise Refused("it reads another workbook or a table")
    named = ground.names.get(folded(text), [])
    if folded(text) in ground.own_names or len(named) > 1:
        raise Misplaced(f"{text[:40]} means different cells on different sheets")
    try:
        sheet, first, last = split_area(named[0] if named else text if "!" in text else sheet_prefix(title) + text)
    except ValueError:
        raise Misplaced(f"{text[:40]} is no cell, no range and no name of one") from None
    if named and not FIXED.search(named[0]):
        raise Misplaced(f"{text[:40]} means other cells in other places")
    tabs = ground.titles.get(folded(sheet), [])
    if len(tabs) != 1:
        raise Misplaced(f"{text[:40]} is on no sheet of this workbook, or on several")
    (top, bottom), (left, right) = sorted((first[0], last[0])), sorted((first[1], last[1]))
    if top < 1 or bottom > ROWS or right > COLUMNS:
        raise Misplaced(f"{text[:40]} is no cell")
    return Area(tabs[0], (top, left), (bottom, right), bool(named))


def written(place: TabCell, title: str) -> str:
    """A cell as a formula on the tab `title` writes it."""
    return ("" if place[0] == title else sheet_prefix(place[0])) + a1(*place[1])
