"""The verifier's mutation score: a correct workbook is damaged in one place, thousands of times; is each damage caught?

    python benchmarks/mutation.py [--mutants N] [--seed S]

Each mutant changes one thing in the package's XML. It counts as caught if the workbook is not verified, and as named if
the first problem is at the damaged cell (or name). Survivors are listed.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from xlcnn.blocks import a1
from xlcnn.errors import XlcnnError
from xlcnn.formulas import TOKEN, column_number
from xlcnn.reading import Book, Cell, read_book
from xlcnn.verify import verify
from xlcnn.workbook import make_workbook

SEVEN = Path(__file__).parent.parent / "docs" / "seven.png"
Mutant = tuple[str, str, str, str]  # part, its new XML, sheet, cell
Random = random.Random


def shifted(formula: str, at: int, rows: int, cols: int) -> str:
    """The formula with its `at`-th reference moved."""
    matches = [m for m in TOKEN.finditer(formula) if m[4]]
    m = matches[at % len(matches)]
    text = formula[m.start() : m.end()]
    plain = text.replace("$", "")
    letters = re.match("[A-Z]+", plain)
    assert letters
    row, col = int(plain[letters.end() :]) + rows, column_number(letters[0]) + cols
    return formula[: m.start()] + a1(max(1, row), max(1, col), "$" in text) + formula[m.end() :]


def edits(formula: str, rng: Random) -> dict[str, str]:
    """Every way in which this formula (without ``=``) can be damaged: kind → damaged formula."""
    step = rng.choice([(1, 0), (0, 1), (-1, 0), (0, -1)])
    terms = formula.split("+")
    found = {"reference shifted": shifted(formula, rng.randrange(99), *step)}
    if "MAX(" in formula:
        found["MAX → MIN"] = formula.replace("MAX(", "MIN(", 1)
        found["MAX → SUM"] = formula.replace("MAX(", "SUM(", 1)
    if "SUMPRODUCT(" in formula:
        found["SUMPRODUCT → SUM"] = formula.replace("SUMPRODUCT(", "SUM(", 1)
    if "+" in formula:
        found["+ → −"] = "-".join(formula.rsplit("+", 1))
        found["bias or last term forgotten"] = "+".join(terms[:-1])
        found["first term dropped"] = "+".join(terms[1:])
    if "-" in formula:
        found["− → +"] = formula.replace("-", "+", 1)
    if "/" in formula:
        found["/ → *"] = formula.replace("/", "*", 1)
    ranges = list(re.finditer(r":(\$?)([A-Z]+)(\$?)(\d+)", formula))
    if ranges:
        r = rng.choice(ranges)
        found["range one short"] = formula[: r.start()] + f":{r[1]}{r[2]}{r[3]}{int(r[4]) - 1}" + formula[r.end() :]
    found["factor"] = f"({formula})*1.0000001"
    return {kind: text for kind, text in found.items() if text != formula}


def cell_xml(xml: str, cell: str) -> re.Match[str]:
    match = re.search(rf'<c r="{cell}"(?:[^>]*/>|.*?</c>)', xml)
    assert match, cell
    return match


def with_formula(xml: str, cell: str, formula: str) -> str:
    """The sheet with another formula in a cell, its stored result kept."""
    old = cell_xml(xml, cell)
    safe = formula.replace("&", "&amp;").replace("<", "&lt;")
    return xml[: old.start()] + re.sub(r"<f\b.*?(</f>|/>)", lambda _: f"<f>{safe}</f>", old[0], count=1) + xml[old.end() :]


def mutate(book: Book, parts: dict[str, str], rng: Random) -> tuple[str, Mutant]:
    """One damaged part: the kind of damage, and where."""
    sheet = rng.choice([s for s in book.sheets if book.sheets[s].formulas and s != "Network"])
    path = book.paths[sheet]
    xml = parts[path]
    formulas = book.sheets[sheet].formulas
    masters = set(re.findall(r'<c r="(\w+)"[^>]*><f t="shared" ref', xml))  # the text of a dragged block, not of one cell
    plain = [c for c in formulas if a1(*c) not in masters]
    cell: Cell = rng.choice(plain)
    where = a1(*cell)
    formula = formulas[cell].at(cell)[1:]
    kind = rng.choice(["edit"] * 12 + ["constant", "text", "forged", "swap", "empty"])
    if kind == "edit":
        ways = edits(formula, rng)
        kind = rng.choice(list(ways))
        return kind, (path, with_formula(xml, where, ways[kind]), sheet, where)
    old = cell_xml(xml, where)
    replace: dict[str, Callable[[], str]] = {
        "constant": lambda: re.sub(r"<f\b.*?(</f>|/>)", "", old[0], count=1),
        "text": lambda: f'<c r="{where}" t="str"><v>7</v></c>',
        "forged": lambda: re.sub(r"<v>.*?</v>", f"<v>{rng.uniform(-9, 9)}</v>", old[0]),
        "empty": lambda: f'<c r="{where}"/>',
    }
    if kind == "swap":
        other = rng.choice([c for c in plain if c != cell])
        text = with_formula(with_formula(xml, where, formulas[other].at(other)[1:]), a1(*other), formula)
        return "two cells swapped", (path, text, sheet, where + "|" + a1(*other))
    return kind, (path, xml[: old.start()] + replace[kind]() + xml[old.end() :], sheet, where)


def main() -> None:
    parser = argparse.ArgumentParser(description="the verifier's mutation score")
    parser.add_argument("--mutants", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rng = Random(options.seed)
    tried: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    named: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "seven.xlsx"
        make_workbook(SEVEN, path)
        book = read_book(path.read_bytes())
        with ZipFile(path) as archive:
            raw = {n: archive.read(n) for n in archive.namelist()}
        parts = {p: raw[p].decode() for p in book.paths.values()}
        for number in range(options.mutants):
            kind, (part, xml, sheet, where) = mutate(book, parts, rng)
            out = BytesIO()
            with ZipFile(out, "w") as archive:
                for n, content in raw.items():
                    archive.writestr(n, xml if n == part else content)
            path.write_bytes(out.getvalue())
            try:
                report = verify(path)
            except XlcnnError as error:  # refused, but not named
                print(f"mutant {number}: {kind} at {sheet}!{where}: {error}")
                tried[kind] += 1
                caught[kind] += 1
                continue
            tried[kind] += 1
            caught[kind] += not report.ok
            first = report.problems[0] if report.problems else None
            good = first is not None and first.sheet == sheet and first.cell in where.split("|")
            named[kind] += good
            if not good:
                now = re.search(r"<f\b[^>]*>(.*?)</f>", cell_xml(xml, where.split("|")[0])[0])
                verdict = f"caught as {first}" if first else "SURVIVED"
                print(f"mutant {number}: {kind} at {sheet}!{where}, now ={now[1] if now else ''}: {verdict}")
    for kind, count in sorted(tried.items()):
        print(f"{kind:<30}{count:6} tried {caught[kind]:6} caught {named[kind]:6} named")
    print(f"{'all':<30}{tried.total():6} tried {caught.total():6} caught {named.total():6} named")


if __name__ == "__main__":
    main()
