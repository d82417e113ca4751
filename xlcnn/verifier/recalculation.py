"""Step 2, recalculate: an engine's values as tensors, and NumPy's beside them.

Two questions are asked of each cell. *Is the network right?* — its value against a pass through the whole network in
NumPy from the image, the weights and the choices in the workbook (`reference`). *Is this cell's own formula right?* — its
value against the part's NumPy applied to the engine's values of the cells that the formula reads (`own`). The second finds
the cell at fault instead of the thousand cells downstream of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from xlcnn.engines.base import Engine, Grid
from xlcnn.grid.blocks import Cell
from xlcnn.grid.letters import alike
from xlcnn.sheets.graph import evaluate, fetch
from xlcnn.sheets.parts import Array, Constant, Given, Incoming, Labels, Menu, Part, Text
from xlcnn.verifier.compare import differs
from xlcnn.verifier.description import Described, as_text, says
from xlcnn.verifier.rounding import changed, slack
from xlcnn.xlsx.patch import Edits

TabCell = tuple[str, Cell]
"""A tab, and a cell on it."""


@dataclass(frozen=True, eq=False)
class Recalculation:
    """One recalculation of the sheets called `names`: the grids that the engine gave, and what follows from them."""

    described: Described
    names: frozenset[str]
    grids: Mapping[str, Grid]

    @cached_property
    def found(self) -> dict[str, dict[str, Array]]:
        """The engine's values: sheet → part → tensor. Of a drop-down, the place of its word in the list."""
        values: dict[str, dict[str, Array]] = {}
        for name in (n for n in self.described.layout if n in self.names):
            placed = self.described.layout[name]
            values[name] = {}
            for part in placed.parts.values():
                if part.has_cells and not isinstance(part, Text):
                    values[name][part.name] = self.read(name, part)
            values[name] |= {part: x for part, x in fetch(placed.parts, values).items() if not placed.parts[part].has_cells}
        return values

    def read(self, name: str, part: Part) -> Array:
        """The values of one part as its cells hold them."""
        if part.is_text:
            return self.described.words[name, part.name]
        grid, where = self.grids[self.described.layout[name].title], self.described.where[name, part.name]
        numbers = grid.take(where)
        if isinstance(part, Menu):
            words = self.described.options(name, part)
            for index in np.ndindex(*part.shape):
                numbers[index] = number_of(grid.value(*where[index].tolist()), words)
        elif isinstance(part, Incoming) and any(part.padding.sides) and not part.padding.shown:
            for index in map(tuple, np.argwhere(np.isnan(numbers)).tolist()):
                if part.source_index(index) is None and grid.value(*where[index].tolist()) is None:
                    numbers[index] = part.padding.value
        elif isinstance(part, Given) and not np.isnan(part.empty):
            for index in map(tuple, np.argwhere(np.isnan(numbers)).tolist()):
                if grid.value(*where[index].tolist()) is None:
                    numbers[index] = part.empty
        return numbers

    @cached_property
    def own(self) -> dict[str, dict[str, Array]]:
        """What each part's cells should be, by NumPy from the engine's values of the cells that they read."""
        return self.own_from(self.found)

    def own_from(self, found: Mapping[str, Mapping[str, Array]]) -> dict[str, dict[str, Array]]:
        right: dict[str, dict[str, Array]] = {}
        for name, values in found.items():
            parts = self.described.layout[name].parts
            right[name] = {
                part.name: part.default for part in parts.values() if isinstance(part, Constant) and part.default is not None
            }
            right[name] |= {part: x for part, x in fetch(parts, found).items() if parts[part].has_cells}
            with np.errstate(all="ignore"):
                right[name] |= {n: np.asarray(p.numpy(values)) for n, p in parts.items() if p.is_computed}  # type: ignore[attr-defined]
        return right

    @cached_property
    def reference(self) -> dict[str, dict[str, Array]]:
        """Every tensor by NumPy alone, from the numbers and words that no formula computes."""
        with np.errstate(all="ignore"):
            return evaluate(self.described.plan.parts, self.given)

    @cached_property
    def given(self) -> dict[str, dict[str, Array]]:
        """The numbers and words that no formula computes."""
        found = {}
        for name, values in self.found.items():
            parts = self.described.layout[name].parts
            found[name] = {n: x for n, x in values.items() if parts[n].is_given or parts[n].is_text}
        return found

    @cached_property
    def own_slack(self) -> dict[str, dict[str, Array]]:
        """How far rounding alone may take `own` (see `xlcnn.verifier.rounding`)."""
        return slack(self.own, lambda random: self.own_from(self.shaken(self.found, random)))

    @cached_property
    def slack(self) -> dict[str, dict[str, Array]]:
        """How far rounding alone may take `reference`."""
        parts = self.described.plan.parts
        with np.errstate(all="ignore"):
            return slack(self.reference, lambda random: evaluate(parts, self.shaken(self.given, random)))

    @cached_property
    def slack_at(self) -> dict[TabCell, float]:
        """How far rounding alone may take each cell."""
        found: dict[TabCell, float] = {}
        for name, parts in self.slack.items():
            title = self.described.layout[name].title
            for part, allowed in parts.items():
                where = self.described.where.get((name, part))
                if where is not None:
                    cells = zip(where.reshape(-1, 2).tolist(), allowed.reshape(-1).tolist(), strict=True)
                    found |= {(title, (row, col)): far for (row, col), far in cells}
        return found

    def shaken(self, values: Mapping[str, Mapping[str, Array]], random: np.random.Generator) -> dict[str, dict[str, Array]]:
        return {name: changed(self.described.layout[name].parts, some, random) for name, some in values.items()}

    def texts(self) -> Iterator[tuple[TabCell, str]]:
        """What the cells must say that hold words: those that a formula gives, and those that are fixed."""
        for name, values in self.found.items():
            placed = self.described.layout[name]
            for part in placed.parts.values():
                where = self.described.where.get((name, part.name))
                if isinstance(part, Text) and where is not None:
                    yield (placed.title, tuple(where.tolist())), part.says(values, placed.references)
                elif isinstance(part, Labels) and where is not None:
                    for cell, text in zip(where.tolist(), part.texts, strict=False):
                        yield (placed.title, tuple(cell)), text

    def wrong(self) -> dict[TabCell, tuple[object, float | str]]:
        """Every cell whose value is not what the cells that it reads make of it: what it is, and what it should be."""
        right: dict[TabCell, float | str] = {}
        for name, parts in self.own.items():
            title = self.described.layout[name].title
            for part, own in parts.items():
                where = self.described.where[name, part]
                off = differs(self.found[name][part], own)
                if off.any():
                    off = differs(self.found[name][part], own, self.own_slack[name].get(part, 0.0))
                for index in map(tuple, np.argwhere(off).tolist()):
                    right[title, tuple(where[index].tolist())] = float(own[index])
        right |= {place: text for place, text in self.texts() if not says(self.value(place), text)}
        return {place: (self.value(place), value) for place, value in right.items()}

    def value(self, place: TabCell) -> object:
        title, cell = place
        return self.grids[title].value(*cell)


def recalculate(
    described: Described, engine: Engine, runs: Sequence[Edits], names: frozenset[str] | None = None
) -> list[Recalculation]:
    """Each of `runs` through the spreadsheet, of all its sheets or of those called `names`. Raises `EngineError`."""
    names = frozenset(described.layout) if names is None else names
    placed = (described.layout[name] for name in described.layout if name in names)
    sizes = {p.title: p.extent for p in placed if p.blocks}
    return [Recalculation(described, names, grids) for grids in engine.recalculate(described.book, runs, sizes)]


def number_of(word: object, words: Sequence[str]) -> float:
    """Where a word stands in a list, from 1, as MATCH finds it: whether in capitals or not. NaN, if nowhere."""
    known, wanted = [alike(w) for w in words], alike(as_text(word))
    return known.index(wanted) + 1 if word is not None and wanted in known else np.nan
