"""Conditional formats as data: the workbook writes them, the verifier looks whether they still fit the cells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from xlcnn.grid.blocks import Cell
from xlcnn.grid.letters import alike
from xlcnn.grid.references import split_cell

LARGEST = 1_000_000  # cells of one range that are worth comparing one by one


@dataclass
class Rule:
    """A conditional format: its kind (``colorScale``, ``expression``, …), its ranges, and its formulas or bounds.

    `look` names what it looks like: the ground of a heat map's zero, or a mark.
    """

    kind: str
    ranges: str
    formulas: list[str]
    look: str = ""

    def __str__(self) -> str:
        return f"{self.ranges}: {'; '.join(self.formulas)}"

    @cached_property
    def areas(self) -> frozenset[tuple[int, int, int, int]]:
        """The first and last row, the first and last column of each range; what is no range counts as none."""
        areas: set[tuple[int, int, int, int]] = set()
        for part in self.ranges.split():
            first, _, last = part.partition(":")
            try:
                rows, cols = zip(split_cell(first), split_cell(last or first), strict=True)
            except ValueError:
                continue
            areas.add((min(rows), max(rows), min(cols), max(cols)))  # a range may be written from any corner
        return frozenset(areas)

    @cached_property
    def cells(self) -> frozenset[Cell]:
        """Every cell of ``B6:D8 F9``."""
        cells: set[Cell] = set()
        for top, bottom, left, right in self.areas:
            if (bottom - top + 1) * (right - left + 1) < LARGEST:
                cells |= {(row, col) for row in range(top, bottom + 1) for col in range(left, right + 1)}
        return frozenset(cells)

    @property
    def is_small(self) -> bool:
        """Whether `cells` are all of its cells."""
        return all((bottom - top + 1) * (right - left + 1) < LARGEST for top, bottom, left, right in self.areas)

    def bounds(self) -> tuple[str, ...]:
        """Its formulas or bounds, without regard to capitals and needless spaces."""
        return tuple(alike(("" if " " not in f.strip() else " ").join(f.split())) for f in self.formulas)
