"""Rectangles of cells and how they are put together.

A *part* is one tensor of a sheet (its incoming maps, its weights, its output). A `Block` is the rectangle that shows
one slice of a part: ``tensor[index]``, a matrix, a column or a single value. A `Box` is a finished arrangement of
blocks with a size, so arrangements nest. Rows and columns count from 0 inside a box and from 1 on a sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil, sqrt

import numpy as np

IN_ONE_COLUMN = 4
NARROW = 5  # columns that the caption of a map needs
APART = NARROW + 3  # columns from the beginning of a map to that of the next one, at most, where both are narrow
CELL = 15 / 19  # the height of a cell in widths
Shape = tuple[int, ...]
Cell = tuple[int, int]
"""Row and column, from 1."""


@dataclass(frozen=True)
class Block:
    """The rectangle that shows ``tensor[index]`` of `part`.

    Each value stands in a cell, or in `span` columns and `rise` rows merged into one.
    """

    part: str
    index: Shape
    label: str
    height: int
    width: int
    row: int = 0
    col: int = 0
    span: int = 1
    rise: int = 1

    @property
    def key(self) -> str:
        """What kind of block this is, without its numbers: ``filter1.2`` is a ``filter``."""
        return self.label.rstrip("0123456789.")

    @property
    def numbers(self) -> list[str]:
        """The numbers in its label: ``filter1.2`` has 1 and 2."""
        return [n for n in self.label[len(self.key) :].split(".") if n]

    @property
    def rows(self) -> int:
        """How many rows of the sheet it takes."""
        return self.height * self.rise

    @property
    def columns(self) -> int:
        """How many columns of the sheet it takes."""
        return self.width * self.span

    @property
    def last(self) -> Cell:
        """Row and column of its last value."""
        return self.cell(self.height - 1, self.width - 1)

    def cell(self, y: int, x: int) -> Cell:
        """Row and column of the value at (y, x)."""
        return self.row + y * self.rise, self.col + x * self.span

    def __contains__(self, other: Block) -> bool:
        """Whether another one lies within this one's cells."""
        down, across = other.row - self.row, other.col - self.col
        return 0 <= down <= self.rows - other.rows and 0 <= across <= self.columns - other.columns

    def moved(self, rows: int, cols: int) -> Block:
        """The same elsewhere. (`dataclasses.replace` took most of the time of laying out thousands of blocks.)"""
        return Block(
            self.part, self.index, self.label, self.height, self.width, self.row + rows, self.col + cols, self.span, self.rise
        )

    def cells(self) -> list[Cell]:
        """Every value's row and column, row by row: the order of ``tensor[index].ravel()``."""
        return [self.cell(y, x) for y in range(self.height) for x in range(self.width)]

    def grid(self) -> np.ndarray:
        """The same as an array of (height, width, 2)."""
        where = np.empty((self.height, self.width, 2), dtype=np.int64)
        where[..., 0] = (self.row + np.arange(self.height) * self.rise)[:, None]
        where[..., 1] = self.col + np.arange(self.width) * self.span
        return where


@dataclass(frozen=True)
class Box:
    """Blocks, and boxes of them, with a common frame of `height` × `width` cells: each with the row and column where it is put."""

    height: int
    width: int
    inside: tuple[tuple[int, int, Box | Block], ...] = ()

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All of them, where they stand in this box."""
        return self.moved(0, 0)

    def moved(self, rows: int, cols: int) -> tuple[Block, ...]:
        """The same elsewhere. Only here blocks are moved, each once: they may be millions, many boxes deep."""
        found: list[Block] = []
        self._add_to(found, rows, cols)
        return tuple(found)

    def _add_to(self, found: list[Block], rows: int, cols: int) -> None:
        for row, col, inner in self.inside:
            if isinstance(inner, Block):
                found.append(inner.moved(rows + row, cols + col))
            else:
                inner._add_to(found, rows + row, cols + col)


def captioned(block: Block) -> Box:
    """One block under one row for its caption."""
    return Box(block.rows + 1, block.columns, ((1 - block.row, -block.col, block),))


def at_least(box: Box, width: int) -> Box:
    """A box with so many columns, some of them empty if need be."""
    return replace(box, width=max(box.width, width))


def stack(boxes: Iterable[Box], gap: int = 1) -> Box:
    """Boxes one under the other, `gap` empty rows apart."""
    return _line(boxes, gap, down=True)


def beside(boxes: Iterable[Box], gap: int = 1) -> Box:
    """Boxes from left to right, `gap` empty columns apart."""
    return _line(boxes, gap, down=False)


def _line(boxes: Iterable[Box], gap: int, *, down: bool) -> Box:
    inside: list[tuple[int, int, Box | Block]] = []
    along = across = 0
    for box in (b for b in boxes if b.height and b.width):
        if along:
            along += gap
        inside.append((along, 0, box) if down else (0, along, box))
        along += box.height if down else box.width
        across = max(across, box.width if down else box.height)
    return Box(along, across, tuple(inside)) if down else Box(across, along, tuple(inside))


def room(height: int, width: int) -> Box:
    """Cells that stay empty."""
    return Box(height, width)


def in_rows(boxes: Iterable[Box], across: int, gap: int = 2) -> Box:
    """Boxes in rows of `across`."""
    todo = list(boxes)
    return stack((beside(todo[i : i + across], gap) for i in range(0, len(todo), across)), gap=1)


def tiled(boxes: Iterable[Box], gap: int = 2) -> Box:
    """A few boxes one under the other; more of them in as many rows as make it about as wide as high."""
    todo = list(boxes)
    if len(todo) <= IN_ONE_COLUMN:
        return stack(todo)
    height, width = max(box.height for box in todo) + 1, max(box.width for box in todo) + gap
    return in_rows(todo, ceil(sqrt(len(todo) * height * CELL / width)), gap)


def joined(blocks: Iterable[Block]) -> list[Block]:
    """As few rectangles as cover blocks of a part that were stacked and tiled: between them are only captions and empty cells."""
    return _joined(_joined(_joined(blocks, down=True), down=False), down=True)


def _joined(blocks: Iterable[Block], *, down: bool) -> list[Block]:
    found: list[Block] = []
    for b in blocks:
        last = found[-1] if found and found[-1].part == b.part else None
        if last is not None and down and (last.col, last.columns) == (b.col, b.columns) and 0 < b.row - last.row - last.rows < 3:
            found[-1] = replace(last, height=b.row + b.rows - last.row, rise=1)
        elif (
            last is not None
            and not down
            and (last.row, last.rows) == (b.row, b.rows)
            and 0 < b.col - last.col - last.columns < APART
        ):
            found[-1] = replace(last, width=b.col + b.columns - last.col, span=1)
        else:
            found.append(b)
    return found


def around(blocks: Sequence[Block]) -> Block:
    """The rectangle from the first block to the last one of some that `joined` has made one; a single one as it is."""
    if len(blocks) == 1:
        return blocks[0]
    first, last = blocks[0], blocks[-1]
    height, width = last.row + last.rows - first.row, last.col + last.columns - first.col
    return replace(first, height=height, width=width, span=1, rise=1)


def frame(height: int, width: int, placed: Iterable[tuple[int, int, Box]]) -> Box:
    """Boxes at places (row, column, box) of a frame of `height` × `width` cells."""
    return Box(height, width, tuple(placed))


def positions(blocks: Iterable[Block], part: str, shape: Shape) -> np.ndarray:
    """Row and column of every value of a part: an integer array of ``shape + (2,)``."""
    where = np.zeros((*shape, 2), dtype=np.int64)
    for b in blocks:
        if b.part == part:
            where[b.index] = b.grid().reshape(*shape[len(b.index) :], 2)
    return where


def indices(block: Block, shape: Shape) -> Iterator[tuple[Cell, Shape]]:
    """Each cell of a block with the index of the value that it shows, of a tensor of `shape`."""
    for cell, index in zip(block.cells(), np.ndindex(*shape[len(block.index) :]), strict=True):
        yield cell, (*block.index, *index)
