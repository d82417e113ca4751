"""Formulas as text: the relative form, in which a formula and its dragged copies are the same."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from xlcnn.grid.blocks import Cell
from xlcnn.grid.letters import alike
from xlcnn.grid.references import column, column_number

#: A quoted text, a quoted sheet name, or a cell; a cell is no part of a longer word, a function or a sheet's name.
TOKEN = re.compile(
    r"""("(?:[^"]|"")*") | ('(?:[^']|'')*'!) |
        (?<![A-Za-z0-9_.$\]]) (\$?)([A-Za-z]{1,3})(\$?)([1-9][0-9]{0,6}) (?![A-Za-z0-9_.(!])""",
    re.VERBOSE,
)
FUNCTION = re.compile(r"([A-Za-z_][A-Za-z0-9_.]*)\(")
#: Functions that may give another result another time, or fetch cells that the formula does not name.
UNSURE = frozenset({
    "CELL", "GETPIVOTDATA", "INDIRECT", "INFO", "NOW", "OFFSET", "RAND", "RANDARRAY", "RANDBETWEEN", "RTD", "TODAY", "WEBSERVICE",
})  # fmt: skip
QUOTED = re.compile(r""" "(?:[^"]|"")*" | '(?:[^']|'')*' """, re.VERBOSE)
SIGNS = re.compile(r"[(),]")
SPACE = re.compile(r"[ \t\r\n]+")  # other blanks are letters to Excel
#: A number in a formula, which programs write in many ways: ``1E-9``, ``0.000000001``. No row of ``5:7``, no part of a name.
NUMBER = re.compile(r"(?<![\w.$:\]])(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![\w.(!:\[])")
PLAIN_SHEET = re.compile(r"([^\W\d][\w.]*)!\Z")
SIMPLE_SHEET = re.compile(r"'([^\W\d][\w.]*)'!")


def functions(formula: str) -> frozenset[str]:
    """The names of the functions in a formula, outside its texts."""
    bare = TOKEN.sub(lambda match: "" if match[1] or match[2] else match[0], formula)
    return frozenset(alike(name).removeprefix("_XLFN.") for name in FUNCTION.findall(bare))


def complexity(formula: str) -> tuple[int, int]:
    """The most arguments that a function or a bracket in a formula has, and how many of them stand within each other."""
    counts, most, deepest = [1], 0, 0
    for sign in SIGNS.findall(QUOTED.sub("", formula)):
        if sign == "(":
            counts.append(1)
            deepest = max(deepest, len(counts) - 1)
        elif sign == ",":
            counts[-1] += 1
        elif len(counts) > 1:
            most = max(most, counts.pop())
    return most, deepest


@lru_cache(maxsize=65_536)
def relative(formula: str, row: int, col: int) -> str:
    """The formula of a cell with its references as distances: ``=A1+$B$2`` in C3 → ``=R[-2]C[-2]+R2C2``.

    Spaces, letter case, the way in which a number is written and needless quotes around sheet names do not count.
    """
    out: list[str] = []
    end = 0
    for match in TOKEN.finditer(formula):
        out.append(_between(formula[end : match.start()]))
        end = match.end()
        text, sheet, fixed_col, letters, fixed_row, digits = match.groups()
        if text is not None:
            out.append(text)
        elif sheet is not None:
            out.append(alike(SIMPLE_SHEET.sub(r"\1!", sheet)))
        else:
            r, c = int(digits), column_number(letters)
            out.append(f"R{r}" if fixed_row else f"R[{r - row}]")
            out.append(f"C{c}" if fixed_col else f"C[{c - col}]")
    out.append(_between(formula[end:]))
    return "".join(out)


def _between(text: str) -> str:
    """What stands between two references, as it is compared."""
    bare = SPACE.sub("", NUMBER.sub(lambda match: repr(float(match[0])).removesuffix(".0"), text))
    return alike(bare)


def moved(formula: str, rows: int, cols: int) -> str:
    """The formula after it was dragged by so many rows and columns."""

    def shift(match: re.Match[str]) -> str:
        text, sheet, fixed_col, letters, fixed_row, digits = match.groups()
        if text is not None or sheet is not None:
            return match.group(0)
        col = letters if fixed_col else column(max(1, column_number(letters) + cols))
        row = digits if fixed_row else str(max(1, int(digits) + rows))
        return f"{fixed_col}{col}{fixed_row}{row}"

    return TOKEN.sub(shift, formula) if rows or cols else formula


@dataclass(frozen=True, slots=True)
class Span:
    """A range that a formula names: row, column, row and column of two corners, and which of them `stay` if it is dragged."""

    sheet: str | None
    corners: tuple[int, int, int, int]
    stay: tuple[bool, bool, bool, bool]

    def dragged(self, rows: int, cols: int) -> tuple[Cell, Cell]:
        """The upper left and lower right cell in a copy so many rows and columns away."""
        steps = (rows, cols, rows, cols)
        top, left, bottom, right = (c if s else c + step for c, s, step in zip(self.corners, self.stay, steps, strict=True))
        return (min(top, bottom), min(left, right)), (max(top, bottom), max(left, right))


def spans(formula: str) -> list[Span]:
    """The cells and ranges that a formula names."""
    found: list[Span] = []
    end, sheet = 0, None
    for match in TOKEN.finditer(formula):
        text, quoted, fixed_col, letters, fixed_row, digits = match.groups()
        between = formula[end : match.start()]
        if text is None and quoted is None:
            corner, stay = (int(digits), column_number(letters)), (bool(fixed_row), bool(fixed_col))
            if found and between.strip() == ":" and found[-1].corners[:2] == found[-1].corners[2:]:
                found[-1] = replace(found[-1], corners=(*found[-1].corners[:2], *corner), stay=(*found[-1].stay[:2], *stay))
            else:
                plain = PLAIN_SHEET.search(between)
                found.append(Span(sheet or (plain[1] if plain else None), (*corner, *corner), (*stay, *stay)))
        sheet = quoted[1:-2].replace("''", "'") if quoted is not None else None
        end = match.end()
    return found
