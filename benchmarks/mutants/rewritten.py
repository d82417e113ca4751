"""A formula written in another way that is nearly the same: right for most numbers, and made so that nobody should notice."""

from __future__ import annotations

import re
from random import Random

from benchmarks.mutants.model import Healthy, Mutant, plain_cells, with_formula
from xlcnn.grid.blocks import Cell
from xlcnn.grid.references import a1, column_number, sheet_prefix

#: What is made of a formula ({}) and one of the cells that it reads (@): kind → ways.
WAYS: dict[str, tuple[str, ...]] = {
    "IF with a number as a boundary": ("IF(@>9999,9,{})", "IF(@=2.345,7,{})", "IF(@<-5000,@,{})", "IF({}>1E6,9,{})"),
    "MIN with a number": ("MIN(1000000,{})", "MIN({},123456.7)", "-MAX(-1E9,-({}))"),
    "MAX with a number": ("MAX(-1000000,{})", "MAX({},-1E-300)", "MAX(-1E9,{})"),
    "MEDIAN or LARGE": ("MEDIAN(-1E9,{},1E9)", "LARGE({},1)", "SMALL({},1)"),
    "blank, text and kind": (
        "IF(ISBLANK(@),9,{})", 'IF(@="",9,{})', "IF(ISNUMBER(@),{},9)", "IF(TYPE(@)=1,{},9)",
        'IF(TEXT(@,"0")="77",9,{})', "IF(ISTEXT(@),9,{})",
    ),
    "comparison as a number": ("({})+(@=1)", "({})*NOT(@=1)", "({})*(@<>7.25)", "({})+AND(@>2,@<2.1)", "({})+0*(@>7)"),
    "rounding to steps": ("ROUND({},12)", "INT(({})*1E9)/1E9", "TRUNC({},13)", "({})-MOD(@,1E-9)", "({})+INT(@/1E6)"),
    "floating point": (
        "({})+1E16-1E16", "IF(0.1+0.2=0.3,{},9)", "({})+(0.1+0.2-0.3)*1E7", "IF(@*3/3=@,{},9)", "({})*1E300/1E300", "({})+@^8-@^8",
    ),
    "a spike": (
        "({})+1E-30/(@-0.5)", "({})+EXP(-1E9*(@-0.5)^2)", "({})*@/@", "({})+0/(@-0.5)", "({})+0^ABS(@-1)", "({})+0*LN(@)",
    ),
    "an error caught": ("IFERROR({},0)", "IF(ISERROR({}),0,{})", "IFNA({},9)"),
    "place and look-up": (
        "({})+0*ROW()", "({})+0*COLUMN()", "({})+@-OFFSET(@,0,0)", '({})+@-INDIRECT("@")', "({})+@-SUBTOTAL(9,@)",
        '({})+0*CELL("row")',
        "({})+@-SUMIF(@,\"<99\")", "({})+0*SHEET()",
    ),
    "a tiny share more": ("({})*1.000000000001", "({})+1E-12", "({})*0.99999999", "({})+1E-13*@", "({})^1.0000000001"),
    "another run of it": ("({})+0*NOW()", "({})+(RAND()>0.999999)", "({})+0*RANDBETWEEN(1,2)", "({})*(TODAY()<99999)"),
}  # fmt: skip
REFERENCE = re.compile(r"(?<![A-Za-z0-9_.!':])(?:'[^']+'!|\w+!)?\$?[A-Z]{1,3}\$?\d+(?![\d(:])")
RANGE = re.compile(r"(?<=[(,])((?:'[^']+'!|\w+!)?)\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)(?=[,)])")
LISTED = re.compile(r"(?:MAX|MIN|SUM)\([^()]*$")


def read_by(formula: str) -> str | None:
    """A cell that the formula reads, alone or as the first of a range."""
    alone = next((m[0] for m in REFERENCE.finditer(formula)), None)
    first = next((m[0].partition(":")[0] for m in RANGE.finditer(formula)), None)
    return alone or first


def a_cell_left_out(formula: str, rng: Random) -> str | None:
    """A range of a MAX, MIN or SUM as a list of its cells, but for one."""
    found = [m for m in RANGE.finditer(formula) if LISTED.search(formula[: m.start()])]
    if not found:
        return None
    m = rng.choice(found)
    rows, cols = range(int(m[3]), int(m[5]) + 1), range(column_number(m[2]), column_number(m[4]) + 1)
    cells = [m[1] + a1(r, c) for r in rows for c in cols]
    if not 1 < len(cells) < 200:
        return None
    cells.remove(rng.choice(cells))
    return formula[: m.start()] + ",".join(cells) + formula[m.end() :]


def a_cell_added(formula: str, cell: str, rng: Random) -> str:
    return rng.choice(["({})+0*@", "({})+@-@", "SUM({},@,-@)", "({})*@^0"]).replace("@", cell).format(formula)


def empty_cell(whole: Healthy, sheet: str, rng: Random) -> Cell:
    values = whole.book.sheets[sheet].values
    return rng.choice([(r, c) for r in range(3, 40) for c in range(2, 60) if values.get((r, c)) is None])


def number_cell(whole: Healthy, sheet: str, rng: Random, but: set[str]) -> Cell:
    values = whole.book.sheets[sheet].values
    return rng.choice([c for c, v in values.items() if isinstance(v, int | float) and a1(*c) not in but])


def elsewhere(whole: Healthy, sheet: str, formula: str, cell: Cell, rng: Random) -> tuple[str, str]:
    """A kind and a formula that also reads what ours does not."""
    reads = {m[0].replace("$", "") for m in REFERENCE.finditer(formula)} | {a1(*cell)}
    other = rng.choice([s for s, cells in whole.book.sheets.items() if s != sheet and cells.formulas])
    ways = {
        "reads an empty cell more": lambda: a_cell_added(formula, a1(*empty_cell(whole, sheet, rng)), rng),
        "reads another cell more": lambda: a_cell_added(formula, a1(*beyond(formula, number_cells(whole, sheet), reads, rng)), rng),
        "reads another sheet": lambda: rng.choice(["IF(@=4.5,50,{})", "({})+0*@", "IF(@>900,1,0)+{}"])
        .replace("@", sheet_prefix(other) + a1(*number_cell(whole, other, rng, set()), fixed=True)).format(formula),
        "reads through a name": lambda: a_cell_added(formula, rng.choice(
            [n for n, p in whole.book.names.items()
             if ":" not in p and n[:5] != "about" and p.replace("$", "").split("!")[1] not in reads]
        ), rng),
        "reads another workbook": lambda: a_cell_added(formula, "[1]Sheet1!$A$1", rng),
    }  # fmt: skip
    kind = rng.choice(list(ways))
    return kind, ways[kind]()


def number_cells(whole: Healthy, sheet: str) -> list[Cell]:
    return [c for c, v in whole.book.sheets[sheet].values.items() if isinstance(v, int | float)]


def beyond(formula: str, cells: list[Cell], reads: set[str], rng: Random) -> Cell:
    """A cell with a number that no range of the formula holds, either."""
    spans = [(int(m[3]), int(m[5]), column_number(m[2]), column_number(m[4])) for m in RANGE.finditer(formula)]
    free = [c for c in cells if a1(*c) not in reads and not any(t <= c[0] <= b and x <= c[1] <= y for t, b, x, y in spans)]
    return rng.choice(free)


def a_rewritten_formula(whole: Healthy, rng: Random) -> Mutant:
    """One cell's formula, written anew so that it is not the same."""
    sheet = rng.choice([s for s, cells in whole.book.sheets.items() if cells.formulas])
    cells = plain_cells(whole, sheet)
    listed = [c for c in cells if a_cell_left_out(text_of(whole, sheet, c), Random(0))]
    kind = rng.choice([*WAYS, *["elsewhere"] * 6, *["a cell left out"] * 3])
    if kind == "a cell left out" and listed:
        cell = rng.choice(listed)
        now = a_cell_left_out(text_of(whole, sheet, cell), rng) or ""
        return rewritten(whole, sheet, cell, kind, now)
    cell = rng.choice(cells)
    formula = text_of(whole, sheet, cell)
    if kind in WAYS:
        now = rng.choice(WAYS[kind]).replace("@", read_by(formula) or "1").replace("{}", formula)
        return rewritten(whole, sheet, cell, kind, now)
    return rewritten(whole, sheet, cell, *elsewhere(whole, sheet, formula, cell, rng))


def text_of(whole: Healthy, sheet: str, cell: Cell) -> str:
    return whole.book.sheets[sheet].formulas[cell].at(cell)[1:]


def rewritten(whole: Healthy, sheet: str, cell: Cell, kind: str, now: str) -> Mutant:
    parts = {whole.book.paths[sheet]: with_formula(whole.sheet(sheet), a1(*cell), now)}
    return Mutant(kind, parts, sheet, frozenset([a1(*cell)]), now, cell)
