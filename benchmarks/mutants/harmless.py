"""Why some mutants change no result."""

from __future__ import annotations

import re

from benchmarks.mutants.model import Healthy, Mutant
from xlcnn.grid.blocks import Cell
from xlcnn.grid.formulas import moved, relative
from xlcnn.grid.references import column_number, split_cell


def why_harmless(whole: Healthy, m: Mutant) -> str | None:
    """Why a surviving mutant changes no result, for any image; None if there is no reason."""
    book = whole.book
    if m.cell is None or not m.now:
        if m.kind == "$ lost in a dragged formula":
            return harmless_dollar(whole, m)
        return None
    formula = book.sheets[m.sheet].formulas[m.cell].at(m.cell)[1:]
    if m.now.replace("$", "") == formula.replace("$", ""):
        return "a $ means nothing in a formula that is not dragged"
    if relative(m.now, *m.cell) == relative(formula, *m.cell):
        return "the same formula"
    if formula in (m.now.replace("-0,0)", "+0,0)"), m.now.replace("-0)", "+0)")):
        return "adding 0 changes no number"
    if m.kind == "range one short" and never_reached(whole, m):
        return "no cell that can be picked reaches the row that was cut off"
    return None


#: A row of a map by the row that somebody picks; and of a picture by the number of a window, counted line by line.
LOOKED_UP = re.compile(r"INDEX\(\$[A-Z]+\$(\d+):\$[A-Z]+\$(\d+),\(?\$[A-Z]+\$\d+(?:-1\)\*(\d+))?\+(\d+),")

COUNTED = re.compile(r"INDEX\(\$[A-Z]+\$(\d+):\$[A-Z]+\$(\d+),INT\(\(\$?[A-Z]+\$?\d+-1\)/(\d+)\)\+(\d+),")


def never_reached(whole: Healthy, m: Mutant) -> bool:
    """Whether the formula looks up a row that stays within what is left, for every row that can be picked."""
    placed = next(p for p in whole.layout.values() if p.title == m.sheet)
    found = LOOKED_UP.findall(m.now)
    last = placed.parts["output"].shape[-2] if found else 0
    reached = [(top, bottom, (last if not stride else (last - 1) * int(stride)) + int(more)) for top, bottom, stride, more in found]
    reached += [(top, bottom, int(lines) - 1 + int(more)) for top, bottom, lines, more in COUNTED.findall(m.now)]
    return bool(reached) and all(row <= int(bottom) - int(top) + 1 for top, bottom, row in reached)


def harmless_dollar(whole: Healthy, m: Mutant) -> str | None:
    """Whether no cell of the dragged block reads another number than before."""
    book = whole.book
    cells = book.sheets[m.sheet]
    numbers = {c for c, v in cells.values.items() if c in cells.formulas or (isinstance(v, int | float) and v != 0)}
    inside = sorted(split_cell(str(c)) for c in m.where)
    first = inside[0]
    for cell in inside:
        was, now = cells.formulas[cell].at(cell)[1:], moved(m.now, cell[0] - first[0], cell[1] - first[1])
        if any(a & numbers != b & numbers for a, b in zip(reach(was), reach(now), strict=True)):
            return None
    return "reads only empty cells, words or zeros more or less"


RANGE = re.compile(r"\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?(?![A-Za-z(])")


def skeleton(formula: str) -> str:
    return RANGE.sub("#", formula)


def reach(formula: str) -> list[set[Cell]]:
    """The cells that each reference of a formula reads."""
    found = []
    for m in RANGE.finditer(formula):
        top, left = int(m[2]), column_number(m[1])
        bottom, right = (int(m[4]), column_number(m[3])) if m[3] else (top, left)
        top, bottom, left, right = min(top, bottom), max(top, bottom), min(left, right), max(left, right)
        found.append({(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)})
    return found
