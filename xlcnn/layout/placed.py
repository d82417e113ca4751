"""Where every part of every sheet stands, and the formula of every cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from xlcnn.grid.blocks import Block, Cell, Shape, indices, positions
from xlcnn.grid.references import COLUMNS, ROWS, References, a1, sheet_prefix
from xlcnn.sheets.base import Sheet
from xlcnn.sheets.parts import Array, Computed, Incoming, Part, Text
from xlcnn.sheets.plan import Plan

LONGEST_FORMULA = 8192
LONGEST_SHOWN, FIRST_TERMS = 300, 120  # characters of a formula that is shown whole, and of the beginning of another one
TOP, LEFT = 5, 2  # the first caption stands here; above it are the title, two lines of words and the headings


@dataclass(frozen=True)
class PlacedSheet:
    """One sheet: its parts, its blocks with their places, and the sheets before it."""

    sheet: Sheet
    parts: Mapping[str, Part]
    blocks: tuple[Block, ...]
    before: Mapping[str, PlacedSheet] = field(repr=False)  # each has its own before it: too long to print

    @property
    def name(self) -> str:
        return self.sheet.name

    @property
    def title(self) -> str:
        return self.sheet.title

    @cached_property
    def references(self) -> References:
        external: dict[str, tuple[str, References, str]] = {}
        for part in self.parts.values():
            if part.read is not None and not part.has_cells:
                there = self.before[part.read.home]
                external[part.name] = (sheet_prefix(there.title), there.references, part.read.name)
        return References(self.blocks, external)

    def defined_name(self, block: Block) -> str:
        """The block's defined name: ``conv1.filter1.2``."""
        return f"{self.name}.{block.label}"

    def positions(self, part: str) -> Array:
        """Row and column of every value of a part: an integer array of ``shape + (2,)``."""
        return positions(self.blocks, part, self.parts[part].shape)

    @cached_property
    def where(self) -> dict[str, Array]:
        """Row and column of every value of each part that has cells."""
        return {name: self.positions(name) for name, part in self.parts.items() if part.has_cells}

    def links(self, block: Block) -> list[list[str]]:
        """The formulas of a block that fetches another sheet's cells, without ``=``, row by row; empty for the padding."""
        part = self.parts[block.part]
        assert isinstance(part, Incoming)
        there = self.before[part.source.home]
        places = (part.surrounded(axis, 0)[block.index] for axis in np.moveaxis(there.where[part.source.name], -1, 0))
        rows, cols = (place.reshape(block.height, block.width).tolist() for place in places)
        prefix = sheet_prefix(there.title)
        return [[f"{prefix}{a1(r, c)}" if r else "" for r, c in zip(*line, strict=True)] for line in zip(rows, cols, strict=True)]

    @cached_property
    def as_new(self) -> tuple[Block, ...]:
        """Its blocks where a new workbook has them."""
        return new_blocks(self.sheet, self.parts)

    def indices(self, block: Block) -> Iterator[tuple[Cell, Shape]]:
        """Each cell of a block with the index of the tensor's value that it shows."""
        return indices(block, self.parts[block.part].shape)

    def shares_formula(self, block: Block) -> bool:
        """Whether one formula is written for the whole block."""
        part = self.parts[block.part]
        return isinstance(part, Computed) and part.shared_formula and block.height * block.width > 1

    def formula(self, name: str, index: Shape) -> str | None:
        """The formula of one cell; None for the padding around a map. Raises `NetworkError` where Excel would not take it."""
        part = self.parts[name]
        if isinstance(part, Incoming):
            return self.link(part, index)
        assert isinstance(part, Computed | Text)
        text = "=" + part.excel(self.references, *index)
        if len(text) > LONGEST_FORMULA:
            raise self.sheet.fail(f"needs a formula of {len(text):,} characters; Excel takes {LONGEST_FORMULA:,}: use fewer maps")
        return text

    def link(self, part: Incoming, index: Shape) -> str | None:
        """The formula that fetches a cell of another sheet; None where there is nothing to fetch."""
        source = part.source_index(index)
        there = self.before[part.source.home]
        return None if source is None else f"={sheet_prefix(there.title)}{there.references(part.source.name, *source)}"

    @cached_property
    def explained(self) -> dict[Cell, str]:
        """The cells whose formulas the sheet shows as text, the first of each part that is explained, with these formulas.

        Of one that would fill the screen, the beginning and the end are shown.
        """
        found = {}
        for part in self.parts.values():
            if isinstance(part, Computed) and part.explained:
                first = (0,) * len(part.shape)
                found[self.references.locate(part.name, *first)] = shortened(self.formula(part.name, first) or "")
        return found

    @cached_property
    def extent(self) -> Cell:
        """The last row and column that a block reaches."""
        rows, cols = zip((TOP, LEFT), *((b.row + b.rows - 1, b.col + b.columns - 1) for b in self.blocks), strict=True)
        return max(rows), max(cols)


def shortened(formula: str) -> str:
    """A long sum with its first terms and its last: ``=A1*B1+A2*B2+…+A99*B99``; another long formula with its beginning."""
    if len(formula) <= LONGEST_SHOWN:
        return formula
    head, plus, tail = formula[:FIRST_TERMS].rpartition("+")[0], *formula.rpartition("+")[1:]
    return f"{head}+…+{tail}" if head and plus and len(tail) <= FIRST_TERMS else formula[:FIRST_TERMS].rpartition(",")[0] + ",…"


def place(sheet: Sheet, parts: Mapping[str, Part], before: Mapping[str, PlacedSheet] | None = None) -> PlacedSheet:
    """A new sheet, after the sheets `before` it. Raises `NetworkError` where Excel has no room for it."""
    placed = PlacedSheet(sheet, parts, new_blocks(sheet, parts), before or {})
    for found, most, what in zip(placed.extent, (ROWS, COLUMNS), ("rows", "columns"), strict=True):
        if found > most:
            raise sheet.fail(f"needs {found:,} {what}; a sheet has {most:,}: use smaller images or fewer maps")
    return placed


def new_blocks(sheet: Sheet, parts: Mapping[str, Part]) -> tuple[Block, ...]:
    """The blocks of a new sheet, with their places."""
    return sheet.arrange(parts).moved(TOP, LEFT)


Layout = Mapping[str, PlacedSheet]
"""Every sheet of a workbook by its name, in the order of computing."""


def lay_out(plan: Plan) -> dict[str, PlacedSheet]:
    """Where everything stands in a new workbook."""
    placed: dict[str, PlacedSheet] = {}
    for name, sheet in plan.sheets.items():
        placed[name] = place(sheet, plan.parts[name], dict(placed))
    return placed


def sizes(layout: Layout) -> dict[str, Cell]:
    """How many rows and columns of each tab hold blocks."""
    return {placed.title: placed.extent for placed in layout.values() if placed.blocks}
