"""Cells for weights, pixels, choices and words: they hold no formula, but for arithmetic with numbers, as in ``=1/9``."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Set

from xlcnn.grid.expressions import Call, Chain, Negated, Number, Tree, Unreadable, read_formula
from xlcnn.grid.references import a1
from xlcnn.sheets.parts import Labels
from xlcnn.verifier.description import Described
from xlcnn.verifier.ground import TabCell
from xlcnn.verifier.report import Problem

FUNCTIONS: Mapping[str, Callable[..., float]] = {
    "PI": lambda: math.pi, "SQRT": math.sqrt, "EXP": math.exp, "LN": math.log, "POWER": math.pow, "ABS": abs,
    "SUM": lambda *x: math.fsum(x), "PRODUCT": lambda *x: math.prod(x),
}  # fmt: skip
SIGNS: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "^": math.pow,
}  # fmt: skip


def is_constant(formula: str) -> bool:
    """Whether a formula is arithmetic with numbers alone, and gives a number."""
    try:
        return math.isfinite(value_of(read_formula(formula)))
    except (Unreadable, ArithmeticError, KeyError, TypeError, ValueError):
        return False


def value_of(tree: Tree) -> float:
    """What it gives. Raises one of many errors where it is anything but arithmetic with numbers."""
    match tree:
        case Number(value):
            return float(value)
        case Negated(inner):
            return -value_of(inner)
        case Call(name, arguments):
            return float(FUNCTIONS[name](*map(value_of, arguments)))
        case Chain(first, rest):
            found = value_of(first)
            for sign, operand in rest:
                found = SIGNS[sign](found, value_of(operand))
            return found
    raise TypeError("a reference or a text")


def live_constants(described: Described) -> frozenset[TabCell]:
    """Cells for constants that hold a formula which is no arithmetic with numbers alone."""
    found = set()
    for placed in described.layout.values():
        formulas = described.book.sheets[placed.title].formulas if placed.blocks else {}
        for block in placed.blocks:
            part = placed.parts[block.part]
            if part.is_given or isinstance(part, Labels):
                for cell in set(block.cells()) & formulas.keys():
                    if isinstance(part, Labels) or not is_constant(formulas[cell].at(cell)):
                        found.add((placed.title, cell))
    return frozenset(found)


def live_problems(described: Described, live: Set[TabCell]) -> list[Problem]:
    note = "it may change by itself or with other cells; type the value"
    return [
        Problem("live", title, a1(*cell), "a constant, or arithmetic with numbers alone", written(described, (title, cell)), note)
        for title, cell in sorted(live)
    ]


def written(described: Described, place: TabCell) -> str:
    """The formula that stands in a cell."""
    title, cell = place
    return described.book.sheets[title].formulas[cell].at(cell)
