"""Formulas written honestly in another way, and numbers as arithmetic."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from benchmarks.edits.draft import Draft, Edit, blocks_of
from benchmarks.mutants.model import cell_xml, escape, unescape, with_formula
from xlcnn.grid.references import a1, column_number
from xlcnn.sheets.parts import Weight

Rewrite = Callable[[str, Random], str]
CELL = r"(?:'[^']+'!|\w+!)?\$?[A-Z]{1,3}\$?\d+"
NAME_OR_TEXT = r'"[^"]*"|[A-Z]+(?=\()'  # a function, or a text in which the like may stand


def rewritten(match: str, rewrite: Rewrite) -> Edit:
    """One formula that the pattern fits, written anew."""

    def edit(draft: Draft, rng: Random) -> None:
        sheets = [t for t, cells in draft.whole.book.sheets.items() if cells.formulas]
        for title in rng.sample(sheets, len(sheets)):
            found = [m for m in re.finditer(r'<c r="(\w+)"[^>]*><f>([^<]+)</f>', draft.text(draft.path(title)))
                     if re.search(match, unescape(m[2]))]  # fmt: skip
            if found:
                m = rng.choice(found)
                draft.sheet(title, lambda xml: with_formula(xml, m[1], rewrite(unescape(m[2]), rng)))  # noqa: B023
                return

    return edit


def listed(formula: str, rng: Random) -> str:
    """The range of a SUM or MAX as cells, in another order."""
    m = re.search(r"(?<=\()\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)(?=\))", formula)
    assert m
    rows, cols = range(int(m[2]), int(m[4]) + 1), range(column_number(m[1]), column_number(m[3]) + 1)
    cells = [a1(r, c) for r in rows for c in cols]
    return formula[: m.start()] + ",".join(rng.sample(cells, len(cells))) + formula[m.end() :]


def fixed(formula: str, rng: Random) -> str:
    return re.sub(r"(?<![A-Za-z$'!.\d])([A-Z]{1,2})(\d+)(?![\d(])", r"$\1$\2", formula)


def piecewise(formula: str, rng: Random) -> str:
    m = re.fullmatch(rf"MAX\(0,({CELL})\)", formula)
    assert m
    return rng.choice(["IF({0}>0,{0},0)", "({0}+ABS({0}))/2", "-MIN(0,-{0})", "MAX({0},0)", "IF(0>={0},0,{0})"]).format(m[1])


def turned(formula: str, rng: Random) -> str:
    left, right = formula.split("+")
    return f"{right}+{left}"


def as_sum(formula: str, rng: Random) -> str:
    return "SUM(" + ",".join(formula.split("+")) + ")"


def constant_arithmetic(draft: Draft, rng: Random) -> None:
    """``=1/9`` as a weight."""
    placed, block = rng.choice(blocks_of(draft, Weight))
    where = a1(*rng.choice(block.cells()))
    text = rng.choice(["1/9", "-1/9", "2*0.25", "(1+2)/7", "1-0.9", "-0.5^2"])

    def change(xml: str) -> str:
        old = cell_xml(xml, where)
        style = re.search(r' s="\d+"', old[0])
        return xml[: old.start()] + f'<c r="{where}"{style[0] if style else ""}><f>{escape(text)}</f></c>' + xml[old.end() :]

    draft.sheet(placed.title, change)


SUM_OF_TWO = rf"^(?:SUMPRODUCT\([^()]*\)|{CELL})\+{CELL}$"
FORMULAS: dict[str, Edit] = {
    "brackets and blanks": rewritten(r"\(", lambda f, rng: rng.choice([f"({f})", f.replace(",", ", "), f"( ({f}) )"])),
    "times 1, plus 0": rewritten(
        r"^(SUMPRODUCT|MAX|SUM)\(", lambda f, rng: rng.choice([f"0+({f})*1", f"({f})-1+1", f"+{f}", f"({f})*3/3"])
    ),
    "another order": rewritten(SUM_OF_TWO, turned),
    "SUM for +": rewritten(SUM_OF_TWO, as_sum),
    "cells for a range": rewritten(r"^(MAX|SUM)\(\$?[A-Z]+\$?\d+:\$?[A-Z]+\$?\d+\)$", listed),
    "fixed references": rewritten(r"\b[A-Z]{1,2}\d", fixed),
    "arithmetic as a weight": constant_arithmetic,
    "small letters": rewritten(r"\(", lambda f, rng: re.sub(NAME_OR_TEXT, lambda m: m[0] if m[0][0] == '"' else m[0].lower(), f)),
}
PIECES: dict[str, Edit] = {"IF, ABS or MIN for MAX": rewritten(rf"^MAX\(0,{CELL}\)$", piecewise)}  # where there is a ReLU
