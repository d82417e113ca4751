"""Which cells of a sheet are coloured together, and how: the heat maps, and the marks of what is looked into.

The workbook writes these rules, and the verifier looks whether they still fit the cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from math import prod

from xlcnn.grid.blocks import Block, around, joined
from xlcnn.grid.references import a1, a1_range
from xlcnn.grid.rules import Rule
from xlcnn.layout.placed import PlacedSheet
from xlcnn.sheets.parts import GRADIENT

ROUNDED = "one decimal"  # the look of numbers for which there is no room for two
MOST_RANGES = 120  # Excel allows 255 arguments and 8,192 characters; beyond this the two hues reach as far as they must


def colour_rules(placed: PlacedSheet) -> list[Rule]:
    """The marks before the heat maps: the first rule wins."""
    marks = placed.sheet.marks(placed.parts, placed.blocks, placed.references)
    return [*marks, *(rule for group in groups(placed) for rule in heat_maps(placed, group))]


def long_numbers(placed: PlacedSheet, blocks: list[Block], ranges: str) -> Iterator[Rule]:
    """Numbers from ±1 on that with two decimals would be too long for their small cells.

    In the very ranges of their heat map, or LibreOffice forgets that; in whole numbers, as Gnumeric writes others in a condition
    with more digits than it was given.
    """
    if all(placed.parts[b.part].number_format == GRADIENT for b in blocks):
        yield Rule("expression", ranges, [f"ABS({a1(blocks[0].row, blocks[0].col)})*1000>=995"], ROUNDED)


def groups(placed: PlacedSheet) -> list[tuple[str, ...]]:
    """The parts that share a heat map. A single number has none: it has nothing to be compared with."""
    together: dict[str, list[str]] = {}
    for part in placed.parts.values():
        if part.coloured:
            together.setdefault(part.scale or part.name, []).append(part.name)
    return [tuple(names) for names in together.values() if sum(prod(placed.parts[name].shape) for name in names) > 1]


def heat_maps(placed: PlacedSheet, names: tuple[str, ...]) -> Iterator[Rule]:
    """One colour scale: from 0 up, or, where values may be negative, as far on either side of 0.

    What somebody may change has the same scale on another ground, so it is a rule of its own.
    """
    blocks = [b for name in names for b in placed.blocks if b.part == name]
    blocks = rectangles(placed, blocks) if len(blocks) > MOST_RANGES else blocks
    fixed = ",".join(a1_range(b) for b in blocks)
    hues = any(placed.parts[name].hues for name in names)
    bounds = ["num 0", "num 1" if hues else "max"]  # full red is as strong as full green
    if any(placed.parts[name].signed for name in names):
        bound = f"MAX(MAX({fixed}),-MIN({fixed}))"
        bounds = ["min", "num 0", "max"] if len(blocks) > MOST_RANGES else [f"formula -{bound}", "num 0", f"formula {bound}"]
    for ground, some in groupby(sorted(blocks, key=ground_of(placed)), ground_of(placed)):
        alike = sorted(some, key=lambda b: (b.col, b.row))  # the leftmost first: conditions are written for it
        ranges = " ".join(a1_range(b, fixed=False) for b in alike)
        yield from long_numbers(placed, alike, ranges)
        yield Rule("colorScale", ranges, bounds, ground)


def rectangles(placed: PlacedSheet, blocks: list[Block]) -> list[Block]:
    """As few rectangles as cover the blocks of a new sheet, each where its own first and last block stand now.

    Where somebody has inserted columns the blocks lie further apart, and their rectangle has grown with them.
    """
    new = {(b.part, b.index): b for b in placed.as_new}
    whole = joined(new[b.part, b.index] for b in blocks)
    inside: list[list[Block]] = [[] for _ in whole]
    k = 0
    for block in blocks:
        while new[block.part, block.index] not in whole[k]:
            k += 1
        inside[k].append(block)
    return [around(some) for some in inside]


def ground_of(placed: PlacedSheet) -> Callable[[Block], str]:
    """What a block's heat map shows in the place of zero, and its own hue."""
    return lambda block: placed.parts[block.part].ground_of(block.index[0] if block.index else 0)
