"""The verifier's mutation score: a correct workbook is damaged in one place, thousands of times; is it caught and named?

    python benchmarks/mutation.py [--mutants N] [--seed S] [--processes P]

Mutant k of seed S is always the same. *Caught* means that the verdict is not "verified"; *named* that the first problem is
at the damaged cell (sheet, name). Of what survives it is said why it changes no result; what cannot be explained is a hole.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from multiprocessing import Pool
from pathlib import Path
from random import Random
from zipfile import ZipFile

from xlcnn.errors import XlcnnError
from xlcnn.grid.blocks import Cell
from xlcnn.grid.formulas import TOKEN, moved, relative
from xlcnn.grid.references import a1, a1_range, column, column_number, split_cell
from xlcnn.layout.placed import Layout
from xlcnn.sheets.parts import Given, Menu, Part
from xlcnn.verifier.description import describe
from xlcnn.verifier.presentation import SHOWN
from xlcnn.verifier.verify import verify
from xlcnn.workbook.make import make_workbook
from xlcnn.xlsx.reader import Book, read_book

SEVEN = Path(__file__).parent.parent / "docs" / "seven.png"
F = re.compile(r"<f\b.*?(</f>|/>)")


@dataclass(frozen=True)
class Mutant:
    """Damaged parts of the package; `where` holds the cells or names at which it may be named, all of them if empty.

    `also` is another sheet where it may be named, at any cell.
    """

    kind: str
    parts: dict[str, str]
    sheet: str
    where: frozenset[str | None]
    now: str = ""
    cell: Cell | None = None
    also: str = ""


@dataclass(frozen=True)
class Healthy:
    """The workbook that is damaged."""

    book: Book
    layout: Layout
    raw: dict[str, bytes]

    def text(self, part: str) -> str:
        return self.raw[part].decode()


@cache
def healthy() -> Healthy:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "seven.xlsx"
        make_workbook(SEVEN, path)
        data = path.read_bytes()
    book = read_book(data)
    described, problems = describe(book)
    assert described, problems
    with ZipFile(BytesIO(data)) as archive:
        return Healthy(book, described.layout, {n: archive.read(n) for n in archive.namelist()})


# ---- damage to one formula -----------------------------------------------------------------------------------------


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


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cell_xml(xml: str, cell: str) -> re.Match[str]:
    match = re.search(rf'<c r="{cell}"(?:[^>]*/>|.*?</c>)', xml)
    assert match, cell
    return match


def with_formula(xml: str, cell: str, formula: str) -> str:
    """The sheet with another formula in a cell, its stored result kept."""
    old = cell_xml(xml, cell)
    return xml[: old.start()] + F.sub(lambda _: f"<f>{escape(formula)}</f>", old[0], count=1) + xml[old.end() :]


def one_cell(whole: Healthy, rng: Random) -> Mutant:
    """Damage to one formula cell."""
    sheet = rng.choice([s for s, cells in whole.book.sheets.items() if cells.formulas])
    path = whole.book.paths[sheet]
    xml = whole.text(path)
    formulas = whole.book.sheets[sheet].formulas
    masters = set(re.findall(r'<c r="(\w+)"[^>]*><f t="shared" ref', xml))  # the text of a dragged block, not of one cell
    plain = [c for c in formulas if a1(*c) not in masters]
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


# ---- damage to more than one formula, or to what surrounds them ----------------------------------------------------


def dollar_lost_in_a_dragged_formula(whole: Healthy, rng: Random) -> Mutant:
    dragged = re.compile(r'<f t="shared" ref="([^"]+)"[^>]*>([^<]*\$[^<]*)</f>')
    sheet = rng.choice([s for s, path in whole.book.paths.items() if dragged.search(whole.text(path))])
    path = whole.book.paths[sheet]
    xml = whole.text(path)
    m = rng.choice(list(dragged.finditer(xml)))
    at = rng.choice([k for k, letter in enumerate(m[2]) if letter == "$"])
    text = m[2][:at] + m[2][at + 1 :]
    first, last = (split_cell(c) for c in m[1].split(":"))
    inside = [a1(r, c) for r in range(first[0], last[0] + 1) for c in range(first[1], last[1] + 1)]
    return Mutant("$ lost in a dragged formula", {path: xml[: m.start(2)] + text + xml[m.end(2) :]}, sheet, frozenset(inside), text)


def a_sheets_formulas_shifted(whole: Healthy, rng: Random) -> Mutant:
    sheet = rng.choice([s for s, cells in whole.book.sheets.items() if cells.formulas])
    path = whole.book.paths[sheet]
    rows, cols = rng.choice([(1, 0), (0, 1), (2, 1)])
    bare = re.compile(r"(<f\b[^>]*>)([^<]+)(</f>)")

    def shift(m: re.Match[str]) -> str:
        text = m[2].replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        return m[1] + escape(moved(text.replace("$", ""), rows, cols)) + m[3]

    return Mutant("a sheet's formulas shifted", {path: bare.sub(shift, whole.text(path))}, sheet, frozenset())


def a_defined_name_moved(whole: Healthy, rng: Random) -> Mutant:
    part = "xl/workbook.xml"
    xml = whole.text(part)
    names = list(re.finditer(r'<definedName name="([^"_]+)">([^<]+)</definedName>', xml))
    m = rng.choice(names)
    rows, cols = rng.choice([(1, 0), (0, 1), (1, 1)])
    place = re.sub(r"\$([A-Z]+)\$(\d+)", lambda c: f"${column(column_number(c[1]) + cols)}${int(c[2]) + rows}", m[2])
    sheet, _, area = place.partition("!")
    where = frozenset([m[1], area.replace("$", "").split(":")[0]])
    text = f'<definedName name="{m[1]}">{place}</definedName>'
    return Mutant("a defined name moved", {part: xml.replace(m[0], text)}, sheet.strip("'"), where, place)


def a_colour_rule_that_no_longer_fits(whole: Healthy, rng: Random) -> Mutant:
    sheet = rng.choice([s for s, cells in whole.book.sheets.items() if cells.rules])
    path = whole.book.paths[sheet]
    xml = whole.text(path)
    rule = rng.choice(list(re.finditer(r"<conditionalFormatting .*?</conditionalFormatting>", xml)))
    ways = [re.sub(r'sqref="([A-Z]+\d+)', lambda m: 'sqref="' + a1(*(n + 1 for n in split_cell(m[1]))), rule[0], count=1)]
    references = list(re.finditer(r"\$([A-Z]+)\$(\d+)", rule[0]))
    if references:
        r = rng.choice(references)
        ways.append(rule[0][: r.start()] + f"${r[1]}${int(r[2]) + 1}" + rule[0][r.end() :])
    new = rng.choice(ways)
    return Mutant("a colour rule that no longer fits", {path: xml.replace(rule[0], new)}, sheet, frozenset(), new[:200])


def a_caption_that_no_longer_fits(whole: Healthy, rng: Random) -> Mutant:
    part = "xl/sharedStrings.xml"
    xml = whole.text(part)
    shown = [m for m in re.finditer(r"<t[^>]*>([^<]*)</t>", xml) if SHOWN.search(unescape(m[1]))]
    m = rng.choice(shown)
    text = unescape(m[1])
    formula = rng.choice(list(SHOWN.finditer(text)))
    new = shifted(formula[2], rng.randrange(99), *rng.choice([(1, 0), (0, 1)]))
    damaged = text[: formula.start(2)] + new + text[formula.end(2) :]
    places = [(s, a1(*c)) for s, cells in whole.book.sheets.items() for c, v in cells.values.items() if v == text]
    sheet, cell = places[0]
    return Mutant("a caption that no longer fits", {part: xml.replace(m[1], escape(damaged))}, sheet, frozenset([cell]), new)


def unescape(text: str) -> str:
    return text.replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def manual_calculation(whole: Healthy, rng: Random) -> Mutant:
    part = "xl/workbook.xml"
    return Mutant(
        "calculation set to manual", {part: whole.text(part).replace("<calcPr", '<calcPr calcMode="manual"')}, "Guide", frozenset()
    )


def a_hidden_sheet(whole: Healthy, rng: Random) -> Mutant:
    part = "xl/workbook.xml"
    sheet = rng.choice([placed.title for placed in whole.layout.values() if placed.blocks])  # not one of words alone
    state = rng.choice(["hidden", "veryHidden"])
    xml = re.sub(rf'(<sheet [^>]*name="{sheet}"[^>]*state=")visible', rf"\g<1>{state}", whole.text(part))
    return Mutant("a hidden sheet", {part: xml}, sheet, frozenset([None]))


def hidden_rows_or_columns(whole: Healthy, rng: Random) -> Mutant:
    placed = rng.choice([placed for placed in whole.layout.values() if placed.blocks])
    block = rng.choice(placed.blocks)
    row, col = rng.choice(block.cells())
    path = whole.book.paths[placed.title]
    xml = whole.text(path)
    if rng.random() < 0.5:
        xml = re.sub(rf'<row r="{row}"', f'<row r="{row}" hidden="1"', xml)
    else:
        widths = re.finditer(r'<col width="([^"]+)" customWidth="1" min="(\d+)" max="(\d+)"/>', xml)
        m = next(m for m in widths if int(m[2]) <= col <= int(m[3]))
        spans = [(int(m[2]), col - 1, ""), (col, col, ' hidden="1"'), (col + 1, int(m[3]), "")]
        parts = [f'<col width="{m[1]}" customWidth="1" min="{a}" max="{b}"{h}/>' for a, b, h in spans if a <= b]
        xml = xml.replace(m[0], "".join(parts))
    return Mutant("a hidden row or column", {path: xml}, placed.title, frozenset(), f"{a1(row, col)} of {a1_range(block)}")


def is_number(part: Part) -> bool:
    """Whether its cells hold numbers that no formula computes."""
    return isinstance(part, Given) and not isinstance(part, Menu)


def a_number_as_text(whole: Healthy, rng: Random) -> Mutant:
    placed = rng.choice([s for s in whole.layout.values() if any(is_number(p) for p in s.parts.values())])
    row, col = rng.choice(rng.choice([b for b in placed.blocks if is_number(placed.parts[b.part])]).cells())
    path = whole.book.paths[placed.title]
    xml, where = whole.text(path), a1(row, col)
    old = cell_xml(xml, where)
    value = re.search(r"<v>(.*?)</v>", old[0])
    new = f'<c r="{where}" t="str"><v>{value[1] if value else 1}</v></c>'
    return Mutant("a number stored as text", {path: xml.replace(old[0], new)}, placed.title, frozenset([where]))


def a_line_of_about_that_lies(whole: Healthy, rng: Random) -> Mutant:
    """Another number in what the workbook says of one sheet. Then it is that sheet that does not fit, or About itself."""
    about = whole.layout["about"]
    lines = [k for k, text in enumerate(about.parts["options"].texts) if re.search(r"\d", text)]  # type: ignore[attr-defined]
    line = rng.choice(lines)
    where = a1(*about.references.locate("options", line))
    path = whole.book.paths[about.title]
    xml = whole.text(path)
    text = str(whole.book.sheets[about.title].values[split_cell(where)])
    m = rng.choice(list(re.finditer(r"\d+", text)))
    damaged = text[: m.start()] + str(int(m[0]) + 1) + text[m.end() :]
    new = xml.replace(cell_xml(xml, where)[0], f'<c r="{where}" t="str"><v>{escape(damaged)}</v></c>')
    also = list(whole.layout.values())[line].title
    return Mutant("a line of About that lies", {path: new}, about.title, frozenset(), damaged, also=also)


OTHERS: tuple[Callable[[Healthy, Random], Mutant], ...] = (
    dollar_lost_in_a_dragged_formula, a_sheets_formulas_shifted, a_defined_name_moved, a_colour_rule_that_no_longer_fits,
    a_caption_that_no_longer_fits, manual_calculation, a_hidden_sheet, hidden_rows_or_columns, a_number_as_text,
    a_line_of_about_that_lies,
)  # fmt: skip


def mutant(number: int, seed: int) -> Mutant:
    """Mutant `number` of a seed: two of three damage one formula."""
    rng = Random(f"{seed}.{number}")
    return one_cell(healthy(), rng) if number % 3 else OTHERS[number // 3 % len(OTHERS)](healthy(), rng)


# ---- the verdict ---------------------------------------------------------------------------------------------------


def why_harmless(m: Mutant) -> str | None:
    """Why a surviving mutant changes no result, for any image; None if there is no reason."""
    book = healthy().book
    if m.cell is None or not m.now:
        if m.kind == "$ lost in a dragged formula":
            return harmless_dollar(m)
        return None
    formula = book.sheets[m.sheet].formulas[m.cell].at(m.cell)[1:]
    if m.now.replace("$", "") == formula.replace("$", ""):
        return "a $ means nothing in a formula that is not dragged"
    if relative(m.now, *m.cell) == relative(formula, *m.cell):
        return "the same formula"
    if formula == m.now.replace("-0,0)", "+0,0)"):
        return "adding 0 changes no number"
    if m.kind == "range one short" and never_reached(m):
        return "no cell that can be picked reaches the row that was cut off"
    cells = book.sheets[m.sheet]
    numbers = {c for c, v in cells.values.items() if c in cells.formulas or (isinstance(v, int | float) and v != 0)}
    if skeleton(m.now) == skeleton(formula) and all(reach(m.now)[k] & numbers == r & numbers for k, r in enumerate(reach(formula))):
        return "reads only empty cells, words or zeros more or less"
    if m.kind == "two cells swapped":
        return "both cells hold the same formula"
    return None


#: A row of a map by the row that somebody picks; and of a picture by the number of a window, counted line by line.
LOOKED_UP = re.compile(r"INDEX\(\$[A-Z]+\$(\d+):\$[A-Z]+\$(\d+),\(?\$[A-Z]+\$\d+(?:-1\)\*(\d+))?\+(\d+),")

COUNTED = re.compile(r"INDEX\(\$[A-Z]+\$(\d+):\$[A-Z]+\$(\d+),INT\(\(\$?[A-Z]+\$?\d+-1\)/(\d+)\)\+(\d+),")


def never_reached(m: Mutant) -> bool:
    """Whether the formula looks up a row that stays within what is left, for every row that can be picked."""
    placed = next(p for p in healthy().layout.values() if p.title == m.sheet)
    found = LOOKED_UP.findall(m.now)
    last = placed.parts["output"].shape[-2] if found else 0
    reached = [(top, bottom, (last if not stride else (last - 1) * int(stride)) + int(more)) for top, bottom, stride, more in found]
    reached += [(top, bottom, int(lines) - 1 + int(more)) for top, bottom, lines, more in COUNTED.findall(m.now)]
    return bool(reached) and all(row <= int(bottom) - int(top) + 1 for top, bottom, row in reached)


def harmless_dollar(m: Mutant) -> str | None:
    """Whether no cell of the dragged block reads another number than before."""
    book = healthy().book
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


def verdict(task: tuple[int, int]) -> tuple[str, str, str]:
    """Kind, outcome (named, caught, harmless, survived) and what is to be said of mutant `number`."""
    number, seed = task
    whole, m = healthy(), mutant(number, seed)
    assert any(whole.text(p) != x for p, x in m.parts.items()), f"mutant {number} ({m.kind}) changed nothing"
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, content in whole.raw.items():
            archive.writestr(name, m.parts.get(name, content))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mutant.xlsx"
        path.write_bytes(out.getvalue())
        try:
            report = verify(path)
        except XlcnnError as error:  # refused, but not named
            return m.kind, "caught", f"mutant {number}: {m.kind} at {m.sheet} {sorted(map(str, m.where))[:3]}: {error}"
    where = f"mutant {number}: {m.kind} at {m.sheet} {sorted(map(str, m.where))[:3]}, now {m.now[:100]}"
    if report.ok:
        reason = why_harmless(m)
        return m.kind, "harmless" if reason else "survived", reason or where
    first = report.problems[0]
    if (first.sheet == m.sheet and (not m.where or first.cell in m.where)) or first.sheet == m.also:
        return m.kind, "named", ""
    return m.kind, "caught", f"{where}: caught as {first}"


def main() -> None:
    parser = argparse.ArgumentParser(description="the verifier's mutation score")
    parser.add_argument("--mutants", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only", type=int, nargs="*", help="these mutants alone, to look at them again")
    options = parser.parse_args()
    outcomes: Counter[tuple[str, str]] = Counter()
    reasons: Counter[tuple[str, str]] = Counter()
    with Pool(options.processes) as pool:
        tasks = ((number, options.seed) for number in options.only or range(options.mutants))
        for kind, outcome, said in pool.imap_unordered(verdict, tasks, chunksize=4):
            outcomes[kind, outcome] += 1
            if outcome == "harmless":
                reasons[kind, said] += 1
            elif said:
                print(said, flush=True)
    heads = ("tried", "named", "caught only", "harmless", "survived")
    print(f"{'':<36}" + "".join(f"{h:>12}" for h in heads))
    for kind in [*sorted({k for k, _ in outcomes}), None]:
        counts = [sum(n for (k, o), n in outcomes.items() if kind in (None, k) and o == what) for what in OUTCOMES]
        print(f"{kind or 'all':<36}{sum(counts):>12}" + "".join(f"{n:>12}" for n in counts))
    for (kind, reason), count in sorted(reasons.items()):
        print(f"harmless: {kind}: {reason} ({count})")
    sys.exit(any(o in ("survived", "caught") for _, o in outcomes))


OUTCOMES = ("named", "caught", "harmless", "survived")

if __name__ == "__main__":
    main()
