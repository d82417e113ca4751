"""Rectangles of cells and how they are put together: pure geometry, no spreadsheet library.

A *part* is one tensor of a layer (its incoming maps, its weights, its output). A `Block` is the rectangle that shows
one slice of a part: ``tensor[index]``, a matrix, a column or a single number. A `Box` is a finished arrangement of
blocks with a size, so arrangements nest. Rows and columns count from 0 inside a box and from 1 on a sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Block:
    """The rectangle that shows ``tensor[index]`` of `part`; `span` columns are merged for each value."""

    part: str
    index: Shape
    label: str
    height: int
    width: int
    row: int = 0
    col: int = 0
    span: int = 1

    @property
    def key(self) -> str:
        """What kind of block this is, without its numbers: ``filter1.2`` is a ``filter``."""
        return self.label.rstrip("0123456789.")

    def cell(self, y: int, x: int) -> tuple[int, int]:
        """Row and column of the value at (y, x)."""
        return self.row + y, self.col + x * self.span

    def cells(self) -> list[tuple[int, int]]:
        """Every value's row and column, row by row: the order of ``tensor[index].ravel()``."""
        return [self.cell(y, x) for y in range(self.height) for x in range(self.width)]


@dataclass(frozen=True)
class Box:
    """Blocks with a common frame of `height` × `width` cells."""

    height: int
    width: int
    blocks: tuple[Block, ...]

    def moved(self, rows: int, cols: int) -> tuple[Block, ...]:
        return tuple(replace(b, row=b.row + rows, col=b.col + cols) for b in self.blocks)


def block(part: str, index: Shape, label: str, height: int, width: int, span: int = 1) -> Box:
    """One block under one row for its caption."""
    return Box(height + 1, width * span, (Block(part, index, label, height, width, 1, 0, span),))


def stack(boxes: Iterable[Box], gap: int = 1) -> Box:
    """Boxes one under the other, `gap` empty rows apart."""
    return _line(boxes, gap, down=True)


def beside(boxes: Iterable[Box], gap: int = 1) -> Box:
    """Boxes from left to right, `gap` empty columns apart."""
    return _line(boxes, gap, down=False)


def _line(boxes: Iterable[Box], gap: int, *, down: bool) -> Box:
    blocks: list[Block] = []
    along = across = 0
    for box in (b for b in boxes if b.blocks):
        if along:
            along += gap
        blocks += box.moved(along if down else 0, 0 if down else along)
        along += box.height if down else box.width
        across = max(across, box.width if down else box.height)
    return Box(along, across, tuple(blocks)) if down else Box(across, along, tuple(blocks))


def grid(boxes: Iterable[Box], across: int, gap: int = 2) -> Box:
    """Boxes in rows of `across`."""
    todo = list(boxes)
    return stack((beside(todo[i : i + across], gap) for i in range(0, len(todo), across)), gap=1)


def maps(part: str, shape: Shape, label: str) -> Box:
    """A whole activation: one matrix a feature map, one under the other; a vector is a single column."""
    if len(shape) == 1:
        return block(part, (), label, shape[0], 1)
    return stack(block(part, (c,), f"{label}{c + 1}", *shape[1:]) for c in range(shape[0]))


# ---- A1 references -------------------------------------------------------------------------------------------------


def column(col: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while col:
        col, digit = divmod(col - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


def a1(row: int, col: int, fixed: bool = False) -> str:
    return f"${column(col)}${row}" if fixed else f"{column(col)}{row}"


def a1_range(block: Block) -> str:
    """The block's range with ``$``, as a defined name needs it."""
    first = a1(block.row, block.col, True)
    last = a1(*block.cell(block.height - 1, block.width - 1), fixed=True)
    return first if first == last else f"{first}:{last}"


def sheet_ref(sheet: str) -> str:
    """The sheet's name as a formula writes it."""
    plain = sheet.isascii() and sheet.replace("_", "").isalnum() and not sheet[0].isdigit()
    looks_like_cell = sheet.rstrip("0123456789").isalpha() and sheet[-1:].isdigit() and len(sheet.rstrip("0123456789")) < 4
    return sheet if plain and not looks_like_cell else "'" + sheet.replace("'", "''") + "'"


class References:
    """Where each value of a layer's parts stands, for writing formulas: ``at("in", (0, y, x), (3, 3))``.

    `there` says of parts that stand on other sheets how those sheets are written and where their ``output`` is.
    """

    def __init__(self, blocks: Iterable[Block], there: Mapping[str, tuple[str, References]] | None = None) -> None:
        self._there = there or {}
        self._blocks = {(b.part, b.index): b for b in blocks}
        self._parts: dict[str, list[Block]] = {}
        for b in self._blocks.values():
            self._parts.setdefault(b.part, []).append(b)

    def blocks(self, part: str) -> list[Block]:
        """The blocks that show a part, in order."""
        return self._parts[part]

    def depth(self, part: str) -> int:
        """How many leading axes of a part are spread over blocks."""
        return len(self._parts[part][0].index)

    def count(self, part: str) -> int:
        """How many values of the first axis are spread over blocks."""
        if part in self._there:
            return self._there[part][1].count("output")
        return len({b.index[0] for b in self._parts[part]})

    def locate(self, part: str, index: Shape) -> tuple[int, int]:
        """Row and column of ``tensor[index]``; an index that stops at a whole block means its first value."""
        depth = self.depth(part)
        block = self._blocks[part, index[:depth]]
        rest = index[depth:]
        if len(rest) == 1:
            rest = (rest[0], 0) if block.width == 1 else (0, rest[0])
        return block.cell(*rest) if rest else (block.row, block.col)

    def at(self, part: str, index: Shape, size: Shape | None = None, fixed: bool = False) -> str:
        """The reference to one value, or to a window of `size` that starts there; with ``$`` if `fixed`."""
        if part in self._there:
            sheet, there = self._there[part]
            return sheet + there.at("output", index, size, fixed)
        row, col = self.locate(part, index)
        first = a1(row, col, fixed)
        if size is None or size == (1, 1):
            return first
        return f"{first}:{a1(row + size[0] - 1, col + size[1] - 1, fixed)}"

    def whole(self, part: str, index: Shape = ()) -> str:
        """The fixed range of the whole block that shows ``tensor[index]``."""
        return a1_range(self._blocks[part, index])


def positions(blocks: Iterable[Block], part: str, shape: Shape) -> np.ndarray:
    """Row and column of every value of a part: an integer array of ``shape + (2,)``."""
    where = np.zeros((*shape, 2), dtype=np.int64)
    for b in blocks:
        if b.part == part:
            where[b.index] = np.array(b.cells()).reshape(*shape[len(b.index) :], 2)
    return where
