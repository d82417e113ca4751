"""Which formula every cell of a workbook must hold, and which cells hold another one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xlcnn.blocks import a1
from xlcnn.formulas import relative
from xlcnn.layout import SUMMARY, Layout
from xlcnn.reading import Book, Cell, Formula
from xlcnn.report import Problem

Place = tuple[str, Cell]


def expected_formulas(layout: Layout, summary: Mapping[str, Place]) -> Iterator[tuple[Place, Formula]]:
    """The formula of every link, every computed cell and every cell of the summary."""
    for sheet in layout.sheets.values():
        name = sheet.layer.sheet
        for part, index, text in layout.links(sheet.layer):
            if text is not None:  # else it is padding, a constant
                cell = sheet.references.locate(part, index)
                yield (name, cell), Formula(text[1:], cell)
        for block in (b for b in sheet.blocks if sheet.parts[b.part].role in ("computed", "text")):
            cells = list(sheet.indices(block))
            first = Formula(sheet.formula(block.part, cells[0][1])[1:], cells[0][0])
            for cell, index in cells:
                dragged = block.part in sheet.layer.dragged
                yield (name, cell), first if dragged else Formula(sheet.formula(block.part, index)[1:], cell)
    for key, place in summary.items():
        yield place, Formula(SUMMARY[key](layout)[1:], place[1])


def check_formulas(book: Book, layout: Layout, summary: Mapping[str, Place]) -> tuple[list[Problem], dict[Place, Formula]]:
    """Cells without the formula they need, and, with the formula expected, cells that hold a differently written one."""
    problems: list[Problem] = []
    suspects: dict[Place, Formula] = {}
    for place, expected in expected_formulas(layout, summary):
        sheet, cell = place
        found = book.sheets[sheet].formulas.get(cell)
        if found is None:
            value = book.sheets[sheet].values.get(cell)
            kind = "missing" if value is None else "constant"
            problems.append(Problem(kind, sheet, a1(*cell), expected.at(cell), value))
        elif found != expected and relative(found.text, *found.origin) != relative(expected.text, *expected.origin):
            suspects[place] = expected
    return problems, suspects


def same_reference(found: str, expected: str) -> bool:
    """Whether a link fetches the same cell, whatever its dollars, brackets and signs: ``=+(Conv1!$B$7)``."""
    plain = found.replace("$", "").lstrip("=+").strip("()")
    return relative(plain, 1, 1) == relative(expected.lstrip("="), 1, 1)
