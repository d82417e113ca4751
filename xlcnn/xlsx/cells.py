"""The cells of one sheet, from its ``sheetData``: only what spreadsheet programs write there, or a refusal.

Elements and attributes are those of CT_Row, CT_Cell and CT_CellFormula (ECMA-376 Part 1, 18.3.1.73, .4 and .40), and ``dyDescent``,
which Excel adds to rows since 2010 ([MS-XLSX]). Anything else, programs pass over or read, each in its own way.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from math import isfinite
from typing import NoReturn

from xlcnn.errors import WorkbookError
from xlcnn.grid.blocks import Cell
from xlcnn.grid.references import COLUMNS, ROWS, a1, column_number
from xlcnn.xlsx.book import Formula, Region, SheetCells
from xlcnn.xlsx.groups import DEEPEST
from xlcnn.xlsx.shared import Shared, corners, dragged, shared, within
from xlcnn.xlsx.texts import Run, rich_text, text_of, unescaped
from xlcnn.xlsx.values import NUMBER, decimal, is_on, whole
from xlcnn.xlsx.xml import BLANKS, SPACE, Attributes, End, Start, Text, refuse, split

DESCENT = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac dyDescent"
ROW = frozenset({
    "r", "spans", "s", "customFormat", "ht", "hidden", "customHeight", "outlineLevel", "collapsed", "thickTop", "thickBot",
    "ph", DESCENT,
})  # fmt: skip
CELL = frozenset(("r", "s", "t", "cm", "vm", "ph"))
FORMULA = frozenset(("t", "aca", "ref", "dt2D", "dtr", "del1", "del2", "r1", "r2", "ca", "si", SPACE))
TABLE = frozenset(("dt2D", "dtr", "del1", "del2", "r1", "r2"))  # what only a data table has
KINDS = frozenset(("b", "d", "e", "inlineStr", "n", "s", "str"))
WHOLE = re.compile(r"[0-9]{1,9}")
ROW_NUMBER = re.compile(r"[1-9][0-9]{0,6}")
ESCAPE = re.compile(r"_x[0-9A-Fa-f]{4}_")
LETTERS = re.compile(r"[A-Z]{1,3}")


class Numbers(dict[str, int]):
    """Texts → whole numbers, each worked out once. Raises `ValueError`."""

    def __missing__(self, text: str) -> int:
        if not WHOLE.fullmatch(text):
            raise ValueError(f"{text[:20]!r} is no number of a style")
        self[text] = int(text)
        return self[text]


class Columns(dict[str, int]):
    """Letters → number of a column, each worked out once; 0 for what is no column."""

    def __missing__(self, letters: str) -> int:
        number = column_number(letters) if LETTERS.fullmatch(letters) else 0
        self[letters] = number if number <= COLUMNS else 0
        return self[letters]


def cells(
    part: str, main: str, found: SheetCells, strings: list[str], budget: list[int], leave: End
) -> tuple[Start, End, Text]:  # fmt: skip
    """What hears the events inside ``sheetData`` and fills `found`; its own end it tells `leave`."""
    row_tag, cell_tag, value_tag, formula_tag, inline_tag = (f"{main} {name}" for name in ("row", "c", "v", "f", "is"))
    values, formulas, styles = found.values, found.formulas, found.styles
    numbers = Numbers()
    masters: dict[str, Shared] = {}
    columns = Columns()
    row = col = 0
    digits = ""  # of the row's number
    numbered: bool | None = None  # whether rows and cells say where they are: all or none
    inside = "sheetData"
    kind = "n"
    here: Attributes = {}  # of the cell
    cell: Cell = 0, 0
    value: str | None = None
    formula: str | None = None
    drag: Attributes = {}  # of the formula
    heard: list[str] = []  # of a text in its cell
    runs: list[Run] = []
    rich: tuple[Start, End, Text] | None = None

    def wrong(what: str) -> NoReturn:
        refuse(part, f"{a1(row, col) if col else f'row {row}'} {what}" if row else what)

    def place(written: bool) -> None:
        nonlocal numbered
        if numbered is not None and numbered is not written:
            wrong("is numbered and others are not, or the other way round")
        numbered = written

    def start(tag: str, a: Attributes) -> None:
        nonlocal inside, row, col, digits, cell, kind, here, value, formula, drag, rich
        if tag == cell_tag and inside == "row":
            inside = "c"
            budget[0] -= 1
            if budget[0] < 0:
                raise WorkbookError("has more cells than xlcnn reads")
            reference, style = a.get("r"), a.get("s")
            before = col
            if reference is None:
                col += 1
                place(False)
            else:
                place(True)
                col = columns[reference[: -len(digits)]] if reference.endswith(digits) else 0
                if col <= before:
                    col = 0
                    wrong(f"holds a cell called {reference[:20]!r}: it is not a cell of that row, or out of order, or there twice")
            if not a.keys() <= CELL:
                wrong(f"has an unknown attribute, {unknown(a, CELL)}")
            cell = row, col
            if style is not None and numbers[style]:
                styles[cell] = numbers[style]
            kind = a.get("t", "n")
            here, value, formula, drag, rich = a, None, None, {}, None
        elif tag == value_tag and inside == "c":
            if value is not None or rich is not None or not a.keys() <= {SPACE}:
                wrong("holds two values, or a value with attributes")
            inside, value = "v", ""
        elif tag == formula_tag and inside == "c":
            if formula is not None or value is not None or rich is not None or not a.keys() <= FORMULA:
                wrong("holds two formulas, one after its value, or one with unknown attributes")
            inside, formula, drag = "f", "", a
        elif tag == row_tag and inside == "sheetData":
            inside = "row"
            number = a.get("r")
            place(number is not None)
            if not a.keys() <= ROW:
                wrong(f"has an unknown attribute, {unknown(a, ROW)}")
            if number is not None and not ROW_NUMBER.fullmatch(number):
                refuse(part, f"holds a row numbered {number[:20]!r}")
            following = row + 1 if number is None else int(number)
            if not row < following <= ROWS:
                refuse(part, f"holds row {following} after row {row}: twice, out of order, or beyond the last")
            row, col, digits = following, 0, str(following)
            if "ht" in a:
                found.heights[row] = decimal(part, a, "ht", 0.0)
            if is_on(part, a, "hidden"):
                found.hidden_rows.append(row)
            if level := whole(part, a, "outlineLevel", 0):
                found.levels[row] = level
                if level > DEEPEST:
                    refuse(part, f"has row {row} in a group that no program makes")
            if is_on(part, a, "collapsed"):
                found.collapsed.append(row)
        elif tag == inline_tag and inside == "c":
            if value is not None or rich is not None or a:
                wrong("holds two values, or a text with attributes")
            heard.clear()
            runs.clear()
            inside, rich = "is", rich_text(part, main, heard, runs, wrong)
        elif inside == "is" and rich is not None:
            rich[0](tag, a)
        else:
            wrong(f"holds an element {split(tag)[1]} where no spreadsheet program writes one")

    def end(tag: str) -> None:
        nonlocal inside
        if inside == "v" or inside == "f":
            inside = "c"
        elif inside == "c":
            inside = "row"
            finish()
        elif inside == "row":
            inside = "sheetData"
        elif inside == "is":
            assert rich is not None
            if tag == inline_tag:
                inside = "c"
            else:
                rich[1](tag)
        else:
            leave(tag)

    def finish() -> None:
        if formula is not None:
            formulas[cell] = written(part, cell, formula, drag, masters)
            if drag.get("t") in ("array", "dataTable"):
                dynamic = drag["t"] == "array" and whole(part, here, "cm", 0) > 0
                found.regions.append(Region("dynamic" if dynamic else drag["t"], cell, *corners(part, a1(*cell), drag.get("ref"))))
        if "vm" in here and whole(part, here, "vm", 0):
            found.regions.append(Region("rich", cell, cell, cell))
        if kind == "inlineStr":
            if value is not None:
                wrong("holds a text as if it were a number")
            values[cell] = text_of(heard, runs) if rich else None
        elif rich is not None:
            wrong("holds a text where its type says that there is none")
        else:
            values[cell] = None if value is None else value_of(kind, value, strings, wrong)

    def text(data: str) -> None:
        nonlocal value, formula
        if inside == "v" and value is not None:
            value += data
        elif inside == "f" and formula is not None:
            formula += data
        elif inside == "is" and rich is not None:
            rich[2](data)
        elif data.strip(BLANKS):
            wrong("holds text between its elements")

    return start, end, text


def unknown(a: Attributes, known: frozenset[str]) -> str:
    return ", ".join(sorted(split(name)[1][:30] for name in a.keys() - known))


def written(part: str, cell: Cell, text: str, a: Attributes, masters: dict[str, Shared]) -> Formula:
    """The formula of a cell, as its element says."""
    kind = a.get("t", "normal")
    refused = partial(refuse, part)
    if ESCAPE.search(text):
        refused(f"the formula in {a1(*cell)} holds an escaped letter")
    if kind not in ("normal", "shared", "array", "dataTable"):
        refused(f"the formula in {a1(*cell)} is of an unknown kind, {kind[:20]}")
    if ("si" in a) != (kind == "shared") or (kind == "normal" and "ref" in a) or (kind != "dataTable" and a.keys() & TABLE):
        refused(f"the formula in {a1(*cell)} has attributes of another kind of formula")
    if kind == "shared":
        number = a["si"]
        if text and "ref" in a:
            if number in masters:
                refused(f"{a1(*cell)} and {a1(*masters[number].formula.origin)} both hold the shared formula {number}")
            masters[number] = shared(part, Formula(text, cell), a["ref"])
            return masters[number].formula
        if "ref" in a:
            refused(f"{a1(*cell)} is to hold a shared formula and holds none")
        return dragged(part, cell, text, masters.get(number))
    if not text and kind != "dataTable":
        refused(f"{a1(*cell)} holds an empty formula")
    if kind != "normal":
        first, last = corners(part, a1(*cell), a.get("ref"))
        if not within(cell, first, last):
            refused(f"{a1(*cell)} is to fill {a['ref']}, in which it does not lie")
    return Formula(text, cell)


def value_of(kind: str, text: str, strings: list[str], wrong: Callable[[str], NoReturn]) -> float | str | bool | None:
    """What a cell's ``v`` means."""
    if kind == "n":
        if not text:
            return None
        if NUMBER.fullmatch(text) and isfinite(number := float(text)):
            return number
        wrong(f"holds {text[:30]!r}, which is no number that Excel can store")
    if kind == "s":
        if not WHOLE.fullmatch(text) or int(text) >= len(strings):
            wrong(f"holds the shared text number {text[:20]!r}; there are {len(strings)}, counted from 0")
        return strings[int(text)]
    if kind == "b":
        if text not in ("0", "1", "false", "true"):
            wrong(f"holds the truth value {text[:20]!r}")
        return text in ("1", "true")
    if kind not in KINDS:
        wrong(f"is of an unknown type, {kind[:20]!r}")
    return unescaped(text) if text or kind == "str" else None
