"""An index of a sheet's many maps: above them, in the rows that stay in view, a link to each row of maps.

What comes in   1–14  15–28  29–42  …
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil

from xlcnn.grid.blocks import Block
from xlcnn.grid.references import a1
from xlcnn.layout.placed import PlacedSheet
from xlcnn.sheets.base import LAYER
from xlcnn.sheets.looks import Note
from xlcnn.sheets.words import Words
from xlcnn.workbook.page import Page, words_width

MANY = 12  # maps, filters or units of which nobody needs an index
BROAD = 60  # columns on one screen
PANEL = 4  # the row
Line = tuple[Block, Block]
"""The first and the last map of a row of maps."""


def index(page: Page, placed: PlacedSheet, heads: Sequence[Note], words: Words) -> Iterator[Note]:
    """The links, and a heading before them where there is none among `heads`."""
    taken: list[range] = []
    for part in placed.parts.values() if placed.sheet.group == LAYER else ():
        blocks = [b for b in placed.blocks if b.part == part.name]
        lines = rows_of_maps(blocks)
        if len(lines) < 2:
            continue
        columns = range(min(b.col for b in blocks), max(b.col + b.columns for b in blocks))
        if any(other.start < columns.stop and columns.start < other.stop for other in taken):
            continue  # a filter's map stands in the row of the filter
        taken.append(columns)
        mine = [head for head in heads if head.col in columns]
        if not mine and part.panel:
            mine = [Note(PANEL, columns.start, words["panels", part.panel], "panel")]
            yield from mine
        start = max((head.col + needed(page, head.text, head.style) for head in mine), default=columns.start)
        yield from links(page, placed.name, lines, range(start, min(columns.stop, columns.start + BROAD)))  # all in view


def rows_of_maps(blocks: Sequence[Block]) -> list[Line]:
    """Of many maps, filters or units: the first and the last one in each row, or on each screen of a single row; none of a few."""
    firsts: dict[int, Block] = {}
    for block in blocks:
        if block.index:
            firsts.setdefault(block.index[0], block)
    if len(firsts) <= MANY:
        return []
    in_one = len({block.row for block in firsts.values()}) == 1
    rows: dict[int, list[Block]] = {}
    for _, block in sorted(firsts.items()):
        rows.setdefault(block.col // BROAD if in_one else block.row, []).append(block)
    return [(row[0], row[-1]) for _, row in sorted(rows.items())]


def links(page: Page, sheet: str, lines: Sequence[Line], columns: range) -> Iterator[Note]:
    """As many links as these columns have room for: one to each row of maps, or to every second, and so on."""
    width = needed(page, label(lines[-1]), "nav")
    room = len(columns) // width
    if room < 2:
        return
    step = ceil(len(lines) / room)
    for k, first in enumerate(range(0, len(lines), step)):
        line = lines[first][0], lines[min(first + step, len(lines)) - 1][1]
        cells = f"{a1(line[0].row - 1, line[0].col)}:{a1(*line[0].last)}"  # all of the map is shown, with its caption
        yield Note(PANEL, columns[k * width], label(line), "nav", width, link=sheet, cell=cells)


def label(line: Line) -> str:
    """Which maps the row holds: ``15–28``."""
    first, last = (block.numbers[0] for block in line)
    return first if first == last else f"{first}–{last}"


def needed(page: Page, text: str, style: str) -> int:
    """The columns that words need, and some space behind them."""
    return ceil(words_width(text + "   ", style) / page.cell[0])
