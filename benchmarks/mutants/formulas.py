"""Damage to one formula, of the kinds that mistakes make."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from benchmarks.mutants.model import F, Healthy, Mutant, cell_xml, plain_cells, with_formula
from xlcnn.grid.formulas import TOKEN
from xlcnn.grid.references import a1, split_cell


def shifted(formula: str, at: int, rows: int, cols: int) -> str:
    """The formula with its `at`-th reference moved."""
    matches = [m for m in TOKEN.finditer(formula) if m[4]]
    m = matches[at % len(matches)]
    text = formula[m.start() : m.end()]
    row, col = split_cell(text)
    return formula[: m.start()] + a1(max(1, row + rows), max(1, col + cols), "$" in text) + formula[m.end() :]


def edits(formula: str, rng: Random) -> dict[str, str]:
    """Every way in which this formula (without ``=``) can be damaged: kind → damaged formula."""
    step = rng.choice([(1, 0), (0, 1), (-1, 0), (0, -1)])
    terms = formula.split("+")
    found = {
        "reference shifted": shifted(formula, rng.randrange(99), *step),
        "factor": f"({formula})*1.0000001",
        "made volatile": rng.choice(["({})+0*RAND()", "IF(NOW()>60000,0,{})", "({})+0*TODAY()"]).format(formula),
        "an external link": "[1]Sheet1!A1",
        "$ lost": formula.replace("$", "", 1),
    }
    for name, old, new in (
        ("MAX → MIN", "MAX(", "MIN("), ("MAX → SUM", "MAX(", "SUM("), ("SUMPRODUCT → SUM", "SUMPRODUCT(", "SUM("),
        ("− → +", "-", "+"), ("/ → *", "/", "*"), ("EXP → LN", "EXP(", "LN("),
    ):  # fmt: skip
        found[name] = formula.replace(old, new, 1)
    if "+" in formula:
        found["+ → −"] = "-".join(formula.rsplit("+", 1))
        found["bias or last term forgotten"] = "+".join(terms[:-1])
        found["first term dropped"] = "+".join(terms[1:])
    ranges = list(re.finditer(r":(\$?)([A-Z]+)(\$?)(\d+)", formula))
    if ranges:
        r = rng.choice(ranges)
        found["range one short"] = formula[: r.start()] + f":{r[1]}{r[2]}{r[3]}{int(r[4]) - 1}" + formula[r.end() :]
    return {kind: text for kind, text in found.items() if text != formula}


def one_cell(whole: Healthy, rng: Random) -> Mutant:
    """Damage to one formula cell."""
    sheet = rng.choice([s for s, cells in whole.book.sheets.items() if cells.formulas])
    path = whole.book.paths[sheet]
    xml = whole.text(path)
    formulas = whole.book.sheets[sheet].formulas
    plain = plain_cells(whole, sheet)
    cell = rng.choice(plain)
    where = a1(*cell)
    formula = formulas[cell].at(cell)[1:]
    kind = rng.choice(
        ["edit"] * 14 + ["replaced by its value", "replaced by a text", "stored result forged", "swap", "cell emptied"]
    )
    if kind == "edit":
        ways = edits(formula, rng)
        kind = rng.choice(list(ways))
        return Mutant(kind, {path: with_formula(xml, where, ways[kind])}, sheet, frozenset([where]), ways[kind], cell)
    if kind == "swap" and len(plain) > 1:
        other = rng.choice([c for c in plain if c != cell])
        text = with_formula(with_formula(xml, where, formulas[other].at(other)[1:]), a1(*other), formula)
        return Mutant("two cells swapped", {path: text}, sheet, frozenset([where, a1(*other)]), formulas[other].at(other)[1:], cell)
    kind = "cell emptied" if kind == "swap" else kind
    old = cell_xml(xml, where)
    new: dict[str, Callable[[], str]] = {
        "replaced by its value": lambda: F.sub("", old[0], count=1),
        "replaced by a text": lambda: f'<c r="{where}" t="str"><v>7</v></c>',
        "stored result forged": lambda: re.sub(r"<v>.*?</v>", f"<v>{rng.uniform(-9, 9)}</v>", old[0]),
        "cell emptied": lambda: f'<c r="{where}"/>',
    }
    return Mutant(kind, {path: xml[: old.start()] + new[kind]() + xml[old.end() :]}, sheet, frozenset([where]), "", cell)
