"""Cells for weights, pixels, choices and words: they hold no formula, but for arithmetic with numbers, as in ``=1/9``."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Set
from fractions import Fraction

from xlcnn.grid.expressions import Call, Chain, Negated, Number, Tree, Unreadable, read_formula
from xlcnn.grid.references import a1
from xlcnn.sheets.parts import Labels
from xlcnn.verifier.description import Described
from xlcnn.verifier.ground import TabCell
from xlcnn.verifier.report import Problem

UNIT = 2.0**-53  # of a number's size: what rounding to 64 bits may take or add
DIGITS = 1e-15  # the same, of a number that is typed: Excel keeps 15 digits
BINARY = 2.0**10  # with so many parts of 1, programs compute exactly, too
SMALLEST = 2.3e-308  # smaller numbers keep fewer digits, or none
WHOLE = 2.0**46  # up to here every program computes exactly with whole numbers
SETTLED = 1e-9  # of the result: what rounding may change of it on the way

Rounded = tuple[float, float]
"""A number, and by how much programs may differ that round on the way each in its own."""


def is_constant(formula: str) -> bool:
    """Whether a formula is arithmetic with numbers alone, and gives a number: the same in every program."""
    try:
        number, error = value_of(read_formula(formula))
    except (Unreadable, ArithmeticError, LookupError, TypeError, ValueError):
        return False
    return math.isfinite(number) and error <= SETTLED * abs(number)


def value_of(tree: Tree) -> Rounded:
    """What it gives. Raises one of many errors where it is anything but arithmetic with numbers."""
    match tree:
        case Number(value):
            number = float(value)
            return number, 0.0 if value == Fraction(number) and value == Fraction(f"{number:.15g}") else DIGITS * abs(number)
        case Negated(inner):
            return negative(value_of(inner))
        case Call(name, arguments):
            return FUNCTIONS[name](*map(value_of, arguments))
        case Chain(first, rest):
            found = value_of(first)
            for sign, operand in rest:
                found = SIGNS[sign](found, value_of(operand))
            return found
    raise TypeError("a reference or a text")


def rounded(number: float, error: float) -> Rounded:
    """A result that was rounded itself; a number of few binary digits was not, if what it was made of was exact."""
    if 0 < abs(number) < SMALLEST:
        raise ArithmeticError("so small that programs round it to 0")
    exact = error == 0 and number * BINARY == int(number * BINARY) and abs(number) * BINARY < WHOLE
    return number, error if exact else error + UNIT * abs(number)


def total(*terms: Rounded) -> Rounded:
    if not terms:
        raise TypeError("a sum of nothing")
    sizes = math.fsum(abs(x) for x, _ in terms)
    number, error = math.fsum(x for x, _ in terms), math.fsum(e for _, e in terms)
    whole = all(x * BINARY == int(x * BINARY) for x, _ in terms) and sizes * BINARY < WHOLE
    return number, error if whole else error + len(terms) * UNIT * sizes


def negative(a: Rounded) -> Rounded:
    return -a[0], a[1]


def times(a: Rounded, b: Rounded) -> Rounded:
    return rounded(a[0] * b[0], abs(a[0]) * b[1] + abs(b[0]) * a[1])


def divided(a: Rounded, b: Rounded) -> Rounded:
    number = a[0] / b[0]
    return rounded(number, (a[1] + abs(number) * b[1]) / abs(b[0]))


def power(a: Rounded, b: Rounded) -> Rounded:
    """Of 0 only positive powers: programs do not agree on 0^0."""
    if a[0] == 0 and b[0] <= 0:
        raise ZeroDivisionError
    number, base = math.pow(a[0], b[0]), abs(a[0]) or 1.0
    return rounded(number, abs(number) * (abs(b[0]) * a[1] / base + abs(math.log(base)) * b[1]))


def product(first: Rounded, *others: Rounded) -> Rounded:
    found = first
    for factor in others:
        found = times(found, factor)
    return found


FUNCTIONS: Mapping[str, Callable[..., Rounded]] = {
    "PI": lambda: rounded(math.pi, 0.0),
    "SQRT": lambda a: rounded(math.sqrt(a[0]), a[1] / (2 * math.sqrt(a[0])) if a[1] else 0.0),
    "EXP": lambda a: rounded(math.exp(a[0]), a[1] * math.exp(a[0])),
    "LN": lambda a: rounded(math.log(a[0]), a[1] / a[0]),
    "ABS": lambda a: (abs(a[0]), a[1]),
    "POWER": power, "SUM": total, "PRODUCT": product,
}  # fmt: skip
SIGNS: Mapping[str, Callable[[Rounded, Rounded], Rounded]] = {
    "+": total, "-": lambda a, b: total(a, negative(b)), "*": times, "/": divided, "^": power,
}  # fmt: skip


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
    note = "it may change by itself, with other cells or from program to program; type the value"
    return [
        Problem("live", title, a1(*cell), "a constant, or arithmetic with numbers alone", written(described, (title, cell)), note)
        for title, cell in sorted(live)
    ]


def written(described: Described, place: TabCell) -> str:
    """The formula that stands in a cell."""
    title, cell = place
    return described.book.sheets[title].formulas[cell].at(cell)
