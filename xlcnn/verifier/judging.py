"""Which of a workbook's rewritten formulas are proven to be ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from xlcnn.grid.blocks import Cell
from xlcnn.grid.formulas import UNSURE, Span, functions, relative, spans
from xlcnn.grid.references import a1
from xlcnn.sheets.parts import Given, Incoming, Labels, Menu, Part, Text
from xlcnn.verifier.constants import written
from xlcnn.verifier.description import Described
from xlcnn.verifier.formulas import FormulaCheck, same_reference
from xlcnn.verifier.ground import Ground, TabCell, folded
from xlcnn.verifier.proof import Verdict, judge
from xlcnn.verifier.report import Problem
from xlcnn.xlsx.book import Formula

Verdicts = Mapping[TabCell, Verdict]
Table = list[list[int]]


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
    known: dict[tuple[str, str, str], tuple[Verdict, Cell, list[Span], tuple[int, ...]]] = {}
    verdicts: dict[TabCell, Verdict] = {}
    for place, expected in check.rewritten.items():
        title, (row, col) = place
        found = described.book.sheets[title].formulas[row, col]
        if place in check.links:
            verdicts[place] = link(found.at(place[1]), expected.at(place[1]))
            continue
        key = title, relative(found.text, *found.origin), relative(expected.text, *expected.origin)
        if key in known:
            verdict, first, read, kinds = known[key]
            if kinds_of(read, title, (row - first[0], col - first[1]), tables) == kinds:
                verdicts[place] = verdict
                continue
        verdict = verdicts[place] = judged(described, check, place, expected, ground)
        if key not in known and not verdict.fixed:
            read = spans(found.at(place[1]))
            if (there := kinds_of(read, title, (0, 0), tables)) is not None:
                known[key] = verdict, place[1], read, there
    return verdicts


def by_tab(places: frozenset[TabCell]) -> dict[str, list[Cell]]:
    found: dict[str, list[Cell]] = {}
    for title, cell in places:
        found.setdefault(title, []).append(cell)
    return found


def table_of(cells: Sequence[Cell]) -> Table:
    """How many of some cells lie above and left of each corner of the sheet's grid."""
    where = np.array(cells)
    table = np.zeros(where.max(axis=0) + 1, dtype=np.int64)
    table[where[:, 0], where[:, 1]] = 1
    counts: Table = table.cumsum(axis=0).cumsum(axis=1).tolist()  # one number at a time is asked of it
    return counts


def kinds_of(
    read: Sequence[Span], title: str, step: Cell, tables: Sequence[Mapping[str, Table]]
) -> tuple[int, ...] | None:  # fmt: skip
    """Whether each range that a copy so far away reads holds only numbers, or only cells of one kind; None if some hold both.

    Where it is the same for two copies, what is true of the one is true of the other.
    """
    kinds = []
    for span in read:
        (top, left), (bottom, right) = span.dragged(*step)
        kind = 0
        for number, there in enumerate(tables, 1):
            table = there.get(folded(span.sheet or title))
            inside = 0 if table is None else counted(table, top, left, bottom, right)
            if inside and inside < (bottom - top + 1) * (right - left + 1):
                return None
            kind = number if inside else kind
        kinds.append(kind)
    return tuple(kinds)


def counted(table: Table, top: int, left: int, bottom: int, right: int) -> int:
    """How many of the table's cells are in a rectangle."""
    rows, cols = len(table), len(table[0])
    above, low = (min(max(row, 0), rows - 1) for row in (top - 1, bottom))
    before, last = (min(max(col, 0), cols - 1) for col in (left - 1, right))
    return table[low][last] - table[above][last] - table[low][before] + table[above][before]


def link(text: str, right: str) -> Verdict:
    """A cell that fetches another must name it."""
    return Verdict() if same_reference(text, right) else Verdict("formula", "it fetches another cell", fixed=True)


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
