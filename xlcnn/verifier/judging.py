"""Which of a workbook's rewritten formulas are proven to be ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from xlcnn.grid.blocks import Cell
from xlcnn.grid.formulas import UNSURE, Span, functions, relative, spans
from xlcnn.grid.references import a1
from xlcnn.sheets.parts import Array, Given, Incoming, Labels, Menu, Part, Text
from xlcnn.verifier.constants import written
from xlcnn.verifier.description import Described
from xlcnn.verifier.formulas import FormulaCheck
from xlcnn.verifier.ground import Ground, TabCell, folded
from xlcnn.verifier.proof import Verdict, judge
from xlcnn.verifier.report import Problem
from xlcnn.xlsx.book import Formula

Verdicts = Mapping[TabCell, Verdict]
MIXED = -1  # of a range: cells of several kinds


def cells_of(described: Described) -> Iterator[tuple[TabCell, Part]]:
    """All cells of the network's blocks, and whose they are."""
    for placed in described.layout.values():
        for block in placed.blocks:
            part = placed.parts[block.part]
            for cell in block.cells():
                yield (placed.title, cell), part


def ground_of(described: Described) -> Ground:
    """The workbook, with what its cells may hold."""
    cells = list(cells_of(described))
    formulas = {title: sheet.formulas for title, sheet in described.book.sheets.items()}
    return Ground(
        described.book,
        frozenset(place for place, _ in cells),
        frozenset(place for place, part in cells if may_be_blank(part) and place[1] not in formulas[place[0]]),
        frozenset(place for place, part in cells if isinstance(part, Labels | Menu | Text)),
    )


def may_be_blank(part: Part) -> bool:
    """Whether a cell of the part without a formula may be empty: a pixel, or padding that is not shown."""
    if isinstance(part, Incoming):
        return any(part.padding.sides) and not part.padding.shown
    return isinstance(part, Given) and part.empty == 0


def judge_formulas(described: Described, check: FormulaCheck) -> dict[TabCell, Verdict]:
    """What can be said of every rewritten formula without computing it. A formula that was dragged is judged once."""
    if not check.rewritten:
        return {}
    ground = ground_of(described)
    tables = [{folded(t): table_of(cells) for t, cells in by_tab(kind).items()} for kind in (ground.blank, ground.words)]
    verdicts: dict[TabCell, Verdict] = {}
    copies: dict[tuple[str, str, str], list[TabCell]] = {}
    for place, expected in check.rewritten.items():
        found = described.book.sheets[place[0]].formulas[place[1]]
        key = place[0], relative(found.text, *found.origin), relative(expected.text, *expected.origin)
        copies.setdefault(key, []).append(place)
    for places in copies.values():
        while places:
            verdict = judged(described, check, places[0], check.rewritten[places[0]], ground)
            alone = verdict.fixed or not move_alike(described, check, places[0])
            same = [True] if alone else same_kinds(described, places, tables)
            verdicts |= {place: verdict for place, is_same in zip(places, same, strict=False) if is_same}
            places = [place for place in places if place not in verdicts]
    return verdicts


def move_alike(described: Described, check: FormulaCheck, place: TabCell) -> bool:
    """Whether the copies of a formula read what those of the one expected read, as it does itself: the same $ at the same cells."""
    title, cell = place
    found, expected = (
        {(folded(span.sheet or title), span.corners, span.stay) for span in spans(text)}
        for text in (written(described, place), check.rewritten[place].at(cell))
    )
    return found == expected


def same_kinds(described: Described, places: Sequence[TabCell], tables: Sequence[Mapping[str, Array]]) -> list[bool]:
    """Of which copies of the first formula the same is true as of it: those that read the same kinds of cells."""
    title, first = places[0]
    read = spans(described.book.sheets[title].formulas[first].at(first))
    kinds = kinds_of(read, title, np.array([cell for _, cell in places]) - first, tables)
    same = (kinds == kinds[0]).all(axis=1) & (kinds[0] != MIXED).all()
    same[0] = True
    return list(same.tolist())


def by_tab(places: frozenset[TabCell]) -> dict[str, list[Cell]]:
    found: dict[str, list[Cell]] = {}
    for title, cell in places:
        found.setdefault(title, []).append(cell)
    return found


def table_of(cells: Sequence[Cell]) -> Array:
    """How many of some cells lie above and left of each corner of the sheet's grid."""
    where = np.array(cells)
    table = np.zeros(where.max(axis=0) + 1, dtype=np.int64)
    table[where[:, 0], where[:, 1]] = 1
    return table.cumsum(axis=0).cumsum(axis=1)


def kinds_of(read: Sequence[Span], title: str, steps: Array, tables: Sequence[Mapping[str, Array]]) -> Array:
    """Whether each range that a copy so far away reads holds only numbers (0), only cells of one kind, or `MIXED` ones.

    Where it is the same for two copies, what is true of the one is true of the other. Shape: (copies, ranges).
    """
    kinds = np.zeros((len(steps), len(read)), dtype=np.int64)
    moves = np.hstack([steps, steps])
    for k, span in enumerate(read):
        corners = np.array(span.corners) + moves * ~np.array(span.stay)
        first, last = np.minimum(corners[:, :2], corners[:, 2:]), np.maximum(corners[:, :2], corners[:, 2:])
        size = (last - first + 1).prod(axis=1)
        for number, there in enumerate(tables, 1):
            table = there.get(folded(span.sheet or title))
            if table is not None:
                inside = counted(table, first, last)
                kinds[:, k] = np.where(inside == size, number, np.where(inside > 0, MIXED, kinds[:, k]))
    return kinds


def counted(table: Array, first: Array, last: Array) -> Array:
    """How many of the table's cells are in each rectangle from a first to a last cell."""
    (above, before), (low, right) = ((c.clip(0, np.array(table.shape) - 1)).T for c in (first - 1, last))
    return np.asarray(table[low, right] - table[above, right] - table[low, before] + table[above, before])


def judged(described: Described, check: FormulaCheck, place: TabCell, expected: Formula, ground: Ground) -> Verdict:
    """One formula. That one warns can be told by nothing but its text: nearly any number makes it warn."""
    text, right = written(described, place), expected.at(place[1])
    if unsure := sorted(functions(text) & UNSURE):
        return Verdict("formula", f"{', '.join(unsure)} may give another result another time")
    verdict = judge(text, right, place, ground)
    if verdict.kind and place in check.notices:
        return Verdict("formula", "a cell that warns must hold just this formula", verdict.fixed)
    return verdict


def unproven(described: Described, check: FormulaCheck, verdicts: Verdicts, trouble: str) -> list[Problem]:
    """The formulas that are not proven, where the engine is in `trouble` and nothing can be tried."""
    return [
        Problem(
            verdict.kind, title, a1(*cell), check.rewritten[title, cell].at(cell), written(described, (title, cell)),
            f"{verdict.note}; the engine could not try it: {trouble}",
        )
        for (title, cell), verdict in verdicts.items()
        if verdict.kind
    ]  # fmt: skip
