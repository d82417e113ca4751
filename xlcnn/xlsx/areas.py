"""Ranges of cells as a file writes them: ``B6:D8 F1``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from xlcnn.grid.blocks import Block, Cell
from xlcnn.grid.references import split_cell


@dataclass(frozen=True)
class Area:
    """Cells from `first` to `last`."""

    first: Cell
    last: Cell

    def __contains__(self, cell: Cell) -> bool:
        return self.first[0] <= cell[0] <= self.last[0] and self.first[1] <= cell[1] <= self.last[1]

    def holds(self, other: Area) -> bool:
        return other.first in self and other.last in self

    def meets(self, other: Area) -> bool:
        return all(self.first[k] <= other.last[k] and other.first[k] <= self.last[k] for k in (0, 1))


class Areas:
    """Very many areas, of which some are looked for."""

    def __init__(self, found: Iterable[Area]) -> None:
        self.all = tuple(found)
        self.top, self.left, self.bottom, self.right = np.array([(*a.first, *a.last) for a in self.all], dtype=int).reshape(-1, 4).T

    def meeting(self, other: Area) -> list[Area]:
        """Those that have a cell in common with another one."""
        return [self.all[k] for k in self.numbers_meeting(other)]

    def numbers_meeting(self, other: Area) -> list[int]:
        """The same by their numbers, in order."""
        down = (self.top <= other.last[0]) & (other.first[0] <= self.bottom)
        found: list[int] = (down & (self.left <= other.last[1]) & (other.first[1] <= self.right)).nonzero()[0].tolist()
        return found

    def beginning_in(self, other: Area) -> list[Area]:
        """Those whose first cell lies in another one."""
        down = (other.first[0] <= self.top) & (self.top <= other.last[0])
        return self.where(down & (other.first[1] <= self.left) & (self.left <= other.last[1]))

    def where(self, found: np.ndarray) -> list[Area]:
        return [self.all[k] for k in found.nonzero()[0]]


def area_of(block: Block) -> Area:
    """All cells of a block."""
    return Area((block.row, block.col), (block.row + block.rows - 1, block.col + block.columns - 1))


def areas(text: str) -> tuple[Area, ...]:
    """``B6:D8 F1`` → its areas."""
    found = []
    for one in text.replace("$", "").split():
        first, _, last = one.partition(":")
        (top, left), (bottom, right) = split_cell(first), split_cell(last or first)  # programs put the corners in order
        found.append(Area((min(top, bottom), min(left, right)), (max(top, bottom), max(left, right))))
    return tuple(found)
