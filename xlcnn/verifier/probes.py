"""Step 4, probe: formulas that are written in another way, tried in the spreadsheet with random numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from xlcnn.engines.base import Engine
from xlcnn.grid.blocks import Block, Cell
from xlcnn.grid.references import a1
from xlcnn.layout.placed import PlacedSheet
from xlcnn.sheets.parts import Array, Incoming, Labels, Menu, Part, Picture, Play
from xlcnn.verifier.constants import written
from xlcnn.verifier.description import Described
from xlcnn.verifier.formulas import FormulaCheck
from xlcnn.verifier.judging import Verdicts
from xlcnn.verifier.recalculation import TabCell, number_of, recalculate
from xlcnn.verifier.report import Problem, show
from xlcnn.xlsx.patch import Edits, without_formulas

PROBES = 4  # runs with random numbers in every layer, where formulas are written in another way
PROVEN = 2  # runs where all of them are proven
SPREAD = 4  # numbers to play with reach further, on both sides of a threshold
PERIOD = 4  # in a probe every fourth cell of every fourth row is far larger than the others


def random_images(described: Described, random: np.random.Generator) -> Edits:
    """A random image in place of the one that the network reads."""
    return edits(described, frozenset(described.layout), random, lambda part: isinstance(part, Picture), 0.0, None)


def random_numbers(described: Described, names: frozenset[str], random: np.random.Generator, number: int) -> Edits:
    """Random numbers in every cell that no formula of these sheets computes; negative ones every second time.

    One cell in each 4×4 tile of incoming maps, and one of each vector, is larger than all others: so that a maximum
    depends on each of its cells in turn.
    """
    return edits(
        described, names, random, lambda part: isinstance(part, Incoming) or part.is_given, -1.0 if number % 2 else 0.0, number
    )


def edits(
    described: Described, names: frozenset[str], random: np.random.Generator,
    chosen: Callable[[Part], bool], low: float, peak: int | None,
) -> Edits:  # fmt: skip
    """Random numbers for every cell of the parts that are `chosen`."""
    found: dict[str, list[tuple[int, int, Array]]] = {}
    for name in (n for n in described.layout if n in names):
        placed = described.layout[name]
        choices = 0
        for block in placed.blocks:
            part = placed.parts[block.part]
            if not chosen(part) or (peak is None and not is_read(described, placed, block)):
                continue
            values = random.uniform(low, 1, (block.height, block.width))
            if isinstance(part, Menu):
                words = described.options(name, part)
                values = np.array([[words[((peak or 0) + sum(block.index)) % len(words)]]], dtype=object)
            elif part.limit is not None and part.limit.kind == "whole":
                # all combinations of lowest and highest, each with positive and with negative numbers
                values = np.full_like(values, part.limit.high if (peak or 0) >> (choices + 1) & 1 else part.limit.low)
                choices += 1
            elif peak is not None:
                values = peaked(values, placed, block, peak)
            found.setdefault(placed.title, []).extend(in_cells(part, block, values))
    return found


def peaked(values: Array, placed: PlacedSheet, block: Block, peak: int) -> Array:
    """Random numbers of which some are far larger than the others, in turn from probe to probe."""
    if block.height * block.width == 1:  # a bias: its unit wins
        alike = sum(b.part == block.part for b in placed.blocks)
        values += 100.0 * (bool(block.index) and block.index[0] == peak % alike)
    elif block.width == 1:
        values *= SPREAD if isinstance(placed.parts[block.part], Play) else 1
        biases = placed.parts[block.part].is_weight and not block.index  # all of them in one column
        values[peak % block.height] += 100.0 if biases else 2
    else:
        values[peak // PERIOD % PERIOD :: PERIOD, peak % PERIOD :: PERIOD] += 2
    return values


def in_cells(part: Part, block: Block, values: Array) -> list[tuple[int, int, Array]]:
    """The changes that put a block's values into its cells; padding stays as it is."""
    padded = isinstance(part, Incoming) and any(part.padding.sides)
    if block.span * block.rise == 1 and not padded:
        return [(block.row, block.col, values)]
    changes = []
    for (y, x), (row, col) in zip(np.ndindex(*values.shape), block.cells(), strict=True):
        if not isinstance(part, Incoming) or part.source_index((*block.index, y, x)[-len(part.shape) :]) is not None:
            changes.append((row, col, values[y : y + 1, x : x + 1]))
    return changes


def is_read(described: Described, placed: PlacedSheet, block: Block) -> bool:
    """Whether what a block holds reaches the network: a picture that was not chosen does not."""
    for reader in described.layout.values():
        menus = [part for part in reader.parts.values() if isinstance(part, Menu)]
        there = {part.read.home for part in reader.parts.values() if part.read is not None and not part.has_cells}
        if menus and placed.name in there:
            options = reader.parts[menus[0].options]
            where = described.where[reader.name, menus[0].name]
            word = described.book.sheets[reader.title].values.get(tuple(where.tolist()))
            place = number_of(word, described.options(reader.name, menus[0]))
            assert isinstance(options, Labels)
            return bool(np.isnan(place)) or options.keys[int(place) - 1] == (placed.name, block.index[0])
    return True


def probe(
    described: Described, engine: Engine, check: FormulaCheck, verdicts: Verdicts, named: frozenset[TabCell], seed: int
) -> list[Problem]:
    """What is wrong with formulas that are written in another way: those that are not proven, and those that fail a trial.

    All are tried with random numbers on their sheets. Incoming cells and weights are overwritten, so that nothing upstream
    can hide a wrong formula, and negative numbers reach it. What is not proven is named, even if it agrees each time.
    """
    suspects = {place: expected for place, expected in check.rewritten.items() if place not in named}
    wrong = {place: (verdicts[place].kind, verdicts[place].note) for place in suspects if verdicts[place].kind}
    random = np.random.default_rng([seed, 1])
    left = {place for place in suspects.keys() - check.links - check.notices if wrong.get(place, ("unproven",))[0] == "unproven"}
    if left:
        names = near(described, {title for title, _ in left})
        count = PROVEN if left.isdisjoint(wrong) else PROBES
        runs = [random_numbers(described, names, random, number) for number in range(count)]
        for recalculation in recalculate(severed(described, names), engine, runs, names):
            found = recalculation.wrong()
            for place in left & found.keys():
                value, right = found[place]
                wrong[place] = "formula", f"with random numbers it gives {show(value)} instead of {show(right)}"
            left -= found.keys()
    return [
        Problem(kind, title, a1(*cell), suspects[title, cell].at(cell), written(described, (title, cell)), note)
        for (title, cell), (kind, note) in wrong.items()
    ]


def severed(described: Described, names: frozenset[str]) -> Described:
    """The workbook for probes: of the network's sheets that they do not try only stored results stay.

    A sheet with other formulas keeps them all: a formula that is tried may read them.
    """
    book = described.book
    cells: dict[str, set[Cell]] = {}
    for placed in described.layout.values():
        cells.setdefault(placed.title, set()).update(cell for block in placed.blocks for cell in block.cells())
    tried = {described.layout[name].title for name in names}
    idle = {title for title in cells.keys() - tried if title in book.sheets and book.sheets[title].formulas.keys() <= cells[title]}
    sheets = {title: replace(sheet, formulas={}) if title in idle else sheet for title, sheet in book.sheets.items()}
    return replace(described, book=replace(without_formulas(book, idle), sheets=sheets))


def near(described: Described, titles: set[str]) -> frozenset[str]:
    """The sheets on these tabs, those whose cells they read in place, and so on."""
    names = {name for name, placed in described.layout.items() if placed.title in titles}
    for name in reversed(list(described.layout)):  # a sheet reads only earlier ones
        if name in names:
            parts = described.layout[name].parts.values()
            names |= {part.read.home for part in parts if part.read is not None and not part.has_cells}
    return frozenset(names)
