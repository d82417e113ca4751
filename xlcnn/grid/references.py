"""References to cells in A1 style, as formulas and defined names write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from xlcnn.grid.blocks import Block, Cell, Shape

ROWS, COLUMNS = 1_048_576, 16_384  # of a sheet
CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})\Z")
R1C1 = re.compile(r"[Rr]?[0-9]*[Cc]?[0-9]*\Z")
AREA = re.compile(r"(?:'((?:[^']|'')+)'|([^'!:]+))!(\$?[A-Za-z]{1,3}\$?[0-9]{1,7})(?::(\$?[A-Za-z]{1,3}\$?[0-9]{1,7}))?\Z")


@cache
def column(col: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while col:
        col, digit = divmod(col - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


def column_number(letters: str) -> int:
    """A → 1, AA → 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def a1(row: int, col: int, fixed: bool = False) -> str:
    """(7, 2) → ``B7``, or ``$B$7``."""
    return f"${column(col)}${row}" if fixed else f"{column(col)}{row}"


def a1_range(block: Block, fixed: bool = True) -> str:
    """The block's range, with ``$`` as a defined name needs it, or without."""
    first, last = a1(block.row, block.col, fixed), a1(*block.last, fixed)
    return first if first == last else f"{first}:{last}"


def split_cell(reference: str) -> Cell:
    """``B7`` → (7, 2). Raises `ValueError`."""
    match = CELL.match(reference)
    if not match:
        raise ValueError(f"{reference[:40]} is not a cell")
    return int(match[2]), column_number(match[1])


def split_area(reference: str) -> tuple[str, Cell, Cell]:
    """``Conv1!$B$6:$D$8`` → ("Conv1", (6, 2), (8, 4)). Raises `ValueError`."""
    match = AREA.match(reference.strip())
    if not match:
        raise ValueError(f"{reference[:60]!r} is not a range of cells")
    sheet = match[1].replace("''", "'") if match[1] else match[2]
    first = split_cell(match[3])
    return sheet, first, split_cell(match[4]) if match[4] else first


@cache
def sheet_prefix(sheet: str) -> str:
    """What a formula writes before a cell of another sheet: ``Conv1!``; quoted where the name could be a cell's, ``'A1'!``."""
    plain = sheet.isascii() and sheet.replace("_", "").isalnum() and not sheet[0].isdigit()
    like_a_cell = CELL.match(sheet) or R1C1.match(sheet)
    return f"{sheet}!" if plain and not like_a_cell else "'" + sheet.replace("'", "''") + "'!"


class References:
    """Where each value of a sheet's parts stands, for writing formulas: ``at.window("in", 0, y, x, size=(3, 3))``.

    `external` says of parts that are read on other sheets: how that sheet is written, where everything is there, and
    which of its parts is meant.
    """

    def __init__(self, blocks: Iterable[Block], external: Mapping[str, tuple[str, References, str]] | None = None) -> None:
        self._external = external or {}
        self._blocks = {(b.part, b.index): b for b in blocks}
        self._depth = {b.part: len(b.index) for b in self._blocks.values()}

    def __call__(self, part: str, *index: int) -> str:
        """The reference to one value: ``B6``."""
        return self._write(part, index, (1, 1), fixed=False)

    def fixed(self, part: str, *index: int) -> str:
        """The same for a formula that is dragged: ``$B$6``."""
        return self._write(part, index, (1, 1), fixed=True)

    def window(self, part: str, *index: int, size: Shape) -> str:
        """A window of `size` (height, width) that starts at a value: ``B6:D8``."""
        return self._write(part, index, size, fixed=False)

    def whole(self, part: str, *index: int) -> str:
        """The fixed range of the whole block that shows ``tensor[index]``: ``$B$6:$AC$33``."""
        if part in self._external:
            sheet, there, name = self._external[part]
            return sheet + there.whole(name, *index)
        return a1_range(self._blocks[part, index])

    def locate(self, part: str, *index: int) -> Cell:
        """Row and column of ``tensor[index]``; an index that stops at a whole block means its first value."""
        depth = self._depth[part]
        block = self._blocks[part, index[:depth]]
        rest = index[depth:]
        if len(rest) == 1:
            rest = (rest[0], 0) if block.width == 1 else (0, rest[0])
        return block.cell(*rest) if rest else (block.row, block.col)

    def slices(self, part: str) -> int:
        """How many values of a part's first axis are spread over blocks."""
        return len({index[0] for name, index in self._blocks if name == part})

    def _write(self, part: str, index: Shape, size: Shape, fixed: bool) -> str:
        if part in self._external:
            sheet, there, name = self._external[part]
            return sheet + there._write(name, index, size, fixed)
        row, col = self.locate(part, *index)
        first = a1(row, col, fixed)
        return first if size == (1, 1) else f"{first}:{a1(row + size[0] - 1, col + size[1] - 1, fixed)}"
