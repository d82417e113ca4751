"""Which formula every cell of a workbook must hold, and which cells hold another one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from xlcnn.grid.formulas import relative
from xlcnn.grid.references import a1
from xlcnn.sheets.parts import Incoming, Notice, Part
from xlcnn.verifier.description import Described
from xlcnn.verifier.recalculation import TabCell
from xlcnn.verifier.report import Problem
from xlcnn.xlsx.book import Formula


@dataclass(frozen=True, eq=False)
class FormulaCheck:
    """Cells without the formula that they need; and cells whose formula is `rewritten`, with the one expected.

    `links` are the cells that fetch a value from another sheet, `notices` those that warn; `cells` all that must hold a
    formula.
    """

    problems: tuple[Problem, ...]
    rewritten: Mapping[TabCell, Formula]
    links: frozenset[TabCell]
    notices: frozenset[TabCell]
    cells: tuple[TabCell, ...]


def expected_formulas(described: Described) -> Iterator[tuple[TabCell, Formula, Part]]:
    """The formula of every cell that must hold one, and the part whose value it is."""
    for placed in described.layout.values():
        for block in placed.blocks:
            part = placed.parts[block.part]
            if not part.has_formula:
                continue
            if placed.shares_formula(block):
                cells = list(placed.indices(block))
                shared = Formula((placed.formula(part.name, cells[0][1]) or "")[1:], cells[0][0])
                for cell, _ in cells:
                    yield (placed.title, cell), shared, part
                continue
            if isinstance(part, Incoming):
                for cell, text in zip(block.cells(), chain.from_iterable(placed.links(block)), strict=True):
                    if text:  # else it is padding
                        yield (placed.title, cell), Formula(text, cell), part
                continue
            for cell, index in placed.indices(block):
                yield (placed.title, cell), Formula((placed.formula(part.name, index) or "")[1:], cell), part


def check_formulas(described: Described) -> FormulaCheck:
    problems: list[Problem] = []
    rewritten: dict[TabCell, Formula] = {}
    links: set[TabCell] = set()
    notices: set[TabCell] = set()
    cells: list[TabCell] = []
    for place, expected, part in expected_formulas(described):
        title, cell = place
        cells.append(place)
        if isinstance(part, Incoming):
            links.add(place)
        elif isinstance(part, Notice):
            notices.add(place)
        found = described.book.sheets[title].formulas.get(cell)
        if found is None:
            value = described.book.sheets[title].values.get(cell)
            kind = "missing" if value is None else "constant"
            problems.append(Problem(kind, title, a1(*cell), expected.at(cell), value))
        elif found != expected and relative(found.text, *found.origin) != relative(expected.text, *expected.origin):
            rewritten[place] = expected
    return FormulaCheck(tuple(problems), rewritten, frozenset(links), frozenset(notices), tuple(cells))
