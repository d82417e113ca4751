"""Whether links lead where they say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from functools import cache

from xlcnn.grid.blocks import Cell
from xlcnn.grid.letters import alike
from xlcnn.grid.references import a1, split_area, split_cell
from xlcnn.layout.placed import Layout, PlacedSheet
from xlcnn.sheets.words import name_of
from xlcnn.verifier.report import Problem
from xlcnn.verifier.shown.reading import likeness, seen
from xlcnn.xlsx.areas import Area
from xlcnn.xlsx.book import Book, SheetCells

ARROWS = " ←→↑↓"
MADE = re.compile(r"\bHYPERLINK\s*\(", re.IGNORECASE)
MOST = 5_000_000  # links times names of tabs; those of a new workbook are some thousand
PLAIN = re.compile(r'=HYPERLINK\(\s*"([^"]*)"\s*(?:,\s*"([^"]*)"\s*)?\)', re.IGNORECASE)

NUMBERED = re.compile(r"\d+(\W\d+)?")  # maps, as an index names them
SAID = re.compile(r',\s*"([^"]*)"\s*\)\s*\Z')
#: A link that leads out of the workbook, or whose words are typed.
TYPED = re.compile(r'HYPERLINK\(\s*"(?:\w+://|mailto:)|,\s*"[^"]*"\s*\)\s*\Z|HYPERLINK\(\s*"[^"]*"\s*\)\s*\Z', re.IGNORECASE)

Link = tuple[Cell, str, str, bool]
"""Where it stands, its words, where it leads, and whether that is outside the workbook."""


def links(cells: SheetCells, named: Mapping[Cell, str]) -> Iterator[Link]:
    """The links over cells that are `named`, and those that a formula makes."""
    for area, location, leaves in cells.around.links:
        for cell in within(area, named):
            yield cell, named[cell], location, leaves
    for cell, formula in cells.formulas.items():
        if not MADE.search(formula.text):
            continue
        if plain := PLAIN.fullmatch(formula.at(cell)):
            yield cell, plain[2] or plain[1], plain[1].lstrip("#"), not plain[1].startswith("#")
        elif said := SAID.search(formula.text):
            yield cell, said[1], "", False  # it leads nobody knows where


def unsure(cells: SheetCells, blocks: Set[Cell]) -> Iterator[Cell]:
    """Links whose words a formula makes: what is stored of them may be another text than the one that is computed anew."""
    formulas = {cell: formula.text for cell, formula in cells.formulas.items() if cell not in blocks}
    for area, _, leaves in cells.around.links:
        if not leaves:
            yield from within(area, formulas)
    yield from (cell for cell, text in formulas.items() if MADE.search(text) and not TYPED.search(text))


def within(area: Area, cells: Mapping[Cell, str]) -> Iterator[Cell]:
    """Those of the cells that lie in an area, which may be a whole sheet."""
    (top, left), (bottom, right) = area.first, area.last
    if (bottom - top + 1) * (right - left + 1) > len(cells):
        yield from (cell for cell in cells if cell in area)
    else:
        yield from (cell for row in range(top, bottom + 1) for col in range(left, right + 1) if (cell := (row, col)) in cells)


def link_problems(book: Book, layout: Layout, placed: PlacedSheet) -> Iterator[Problem]:
    """Links that name one tab, or what stands on their own, and lead to another or out of the workbook."""
    titles = {other.title for other in layout.values()}
    alike_tabs: dict[str, set[str]] = {}  # some differ in signs alone
    for title in titles:
        alike_tabs.setdefault(likeness(title), set()).add(title)
    cells = book.sheets[placed.title]

    @cache
    def tabs_in(text: str) -> set[str]:
        words = seen(text).strip(ARROWS)
        return {words} if words in titles else alike_tabs.get(likeness(words), set())

    shown = texts(cells)
    own = Own(placed, shown)
    words = {cell: text for cell, text in shown.items() if tabs_in(text) or own(cell, text)} if cells.around.links else {}
    if (len(words) + len(cells.formulas)) * len(cells.around.links) > MOST:
        found = f"{len(cells.around.links)} links over {len(words)} names of tabs"
        yield Problem("words", placed.title, None, "a few links to other tabs", found)
        return
    target = Targets(book, placed.title)
    told: set[Cell] = set()
    inside = {cell for block in placed.blocks for cell in block.cells()} if cells.around.links else set()
    for cell in unsure(cells, inside):
        found, do = "one over words that a formula makes", "type the words"
        yield Problem("words", placed.title, a1(*cell), "a link over words that are typed", found, do)
        break
    for cell, text, location, leaves in links(cells, words):
        named = tabs_in(text)
        there = target(location)
        if not named and own(cell, text) and cell not in told:
            elsewhere = there in book.sheets or not location  # what leads to a tab that is gone leads nowhere
            if leaves or (there != placed.title and elsewhere):
                told.add(cell)
                found = f"one to {there or ('another file' if leaves else 'nobody knows where')}"
                yield Problem("words", placed.title, a1(*cell), "a link within its own sheet", found)
        gone = named.isdisjoint(book.sheets) and not there  # the tab was deleted, and the link is dead
        if named and not gone:
            others = {*book.sheets} - titles  # tabs without names, such as the Glossary's, may have been renamed
            renamed = named.isdisjoint(book.sheets) and there in others
            if cell not in told and (leaves or (there not in named and not renamed)):
                told.add(cell)
                yield Problem(
                    "words",
                    placed.title,
                    a1(*cell),
                    f"a link to {' or '.join(sorted(named))}",
                    f"one to {there or ('another file' if leaves else location or 'nowhere')}",
                )


def texts(cells: SheetCells) -> dict[Cell, str]:
    return {cell: text for cell, text in cells.values.items() if isinstance(text, str)}


class Own:
    """Whether words above all blocks name what stands on their own sheet: a map by its caption, a heading, maps by their numbers.

    A new workbook has such links where not all of a sheet shows when it opens: ``map 4 →``, ``9–12``.
    """

    def __init__(self, placed: PlacedSheet, shown: Mapping[Cell, str]) -> None:
        self.top = min((block.row for block in placed.blocks), default=0) - 1
        captions = [(block.row - 1, block.col) for block in placed.blocks]
        self.names: dict[str, set[Cell]] = {}
        for cell in [*captions, *(cell for cell in shown if cell[0] == self.top - 1)]:
            if cell in shown:
                self.names.setdefault(likeness(name_of(shown[cell])), set()).add(cell)

    def __call__(self, cell: Cell, text: str) -> bool:
        if cell[0] >= self.top:
            return False
        words = seen(text).strip(ARROWS)
        return NUMBERED.fullmatch(words) is not None or bool(self.names.get(likeness(words), set()) - {cell})


class Targets:
    """The tab that a link on a tab leads to, by its cells or by a defined name; empty, where it is none."""

    def __init__(self, book: Book, title: str) -> None:
        self.title = title
        self.names = {alike(name): cells for name, cells in book.names.items()}
        self.local = {(tab, alike(name)) for tab, name in book.local}

    def __call__(self, location: str) -> str:
        sheet, _, cell = location.lstrip("#").rpartition("!")
        tab = sheet.strip("'").replace("''", "'") or self.title
        try:
            split_cell(cell.replace("$", "").partition(":")[0])
        except ValueError:
            return self.named(tab, alike(cell))
        return tab

    def named(self, tab: str, name: str) -> str:
        """Where a name's cells are; a name that means others on this tab alone leads nobody knows where."""
        try:
            return split_area(self.names.get(name, ""))[0] if (tab, name) not in self.local else ""
        except ValueError:
            return ""
