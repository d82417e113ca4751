"""False alarms: a workbook is edited as a class would, thousands of times; it must still be verified.

    python benchmarks/honest.py [--edits N] [--saved N] [--seed S] [--processes P]

Each workbook gets one to four honest edits and is recalculated, as every spreadsheet program does. `--saved` of them are
saved by LibreOffice, as many by openpyxl (which stores no results), before they are verified.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from functools import cache
from io import BytesIO
from multiprocessing import Pool
from pathlib import Path
from random import Random
from zipfile import ZipFile

import formualizer
import numpy as np
import openpyxl
from openpyxl.comments import Comment

from xlcnn.engines.libreoffice import convert
from xlcnn.grid.blocks import Block
from xlcnn.grid.references import a1, sheet_prefix
from xlcnn.layout.placed import Layout, PlacedSheet
from xlcnn.sheets.parts import Choice, Labels, Menu, Part, Picture, Play, Weight
from xlcnn.verifier.description import describe
from xlcnn.verifier.verify import verify
from xlcnn.workbook.make import make_workbook
from xlcnn.xlsx.patch import patched
from xlcnn.xlsx.reader import Book, read_book

SEVEN = Path(__file__).parent.parent / "docs" / "seven.png"
Edit = Callable[[bytes, Random], bytes]


@cache
def original() -> tuple[bytes, Layout]:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "seven.xlsx"
        make_workbook(SEVEN, path)
        data = path.read_bytes()
    described, problems = describe(read_book(data))
    assert described, problems
    return data, described.layout


def recalculated(data: bytes) -> bytes:
    """Every result computed anew and stored, as a student's program does when it saves."""
    return bytes(formualizer.recalculate_xlsx_bytes(data, external_links="refuse")["bytes"])


def blocks_of(*kinds: type[Part]) -> list[tuple[PlacedSheet, Block]]:
    return [(s, b) for s in original()[1].values() for b in s.blocks if isinstance(s.parts[b.part], kinds)]


def put(data: bytes, placed: PlacedSheet, cell: tuple[int, int], value: float | str) -> bytes:
    matrix = np.array([[value]], dtype=object)
    return patched(read_book(data), {placed.title: [(*cell, matrix)]})


def rewrite(data: bytes, part: str, change: Callable[[str], str]) -> bytes:
    out = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content.decode()).encode() if name == part else content)
    return out.getvalue()


def a_sheet(data: bytes, rng: Random) -> tuple[Book, str]:
    book = read_book(data)
    return book, rng.choice(list(book.sheets))


# ---- the edits -----------------------------------------------------------------------------------------------------


def numbers(*kinds: type[Part], low: float = -2, high: float = 2, most: int = 12) -> Edit:
    """Other numbers in some cells of one block."""

    def edit(data: bytes, rng: Random) -> bytes:
        sheet, block = rng.choice(blocks_of(*kinds))
        cells = rng.sample(block.cells(), min(rng.randint(1, most), block.height * block.width))
        changes = [(*cell, np.array([[round(rng.uniform(low, high), 3)]])) for cell in cells]
        return patched(read_book(data), {sheet.title: changes})

    return edit


def erased_pixels(data: bytes, rng: Random) -> bytes:
    sheet, block = rng.choice(blocks_of(Picture))
    book = read_book(data)
    gone = {openpyxl.utils.get_column_letter(c) + str(r) for r, c in rng.sample(block.cells(), 9)}
    cell = re.compile(r'<c r="([A-Z]+\d+)"([^>]*?)>.*?</c>')
    keep = re.compile(r' s="\d+"')

    def change(xml: str) -> str:
        return cell.sub(lambda m: f'<c r="{m[1]}"{"".join(keep.findall(m[2]))}/>' if m[1] in gone else m[0], xml)

    return rewrite(data, book.paths[sheet.title], change)


def a_choice(data: bytes, rng: Random) -> bytes:
    sheet, block = rng.choice(blocks_of(Choice))
    part = sheet.parts[block.part]
    assert isinstance(part, Choice)
    return put(data, sheet, block.cell(0, 0), rng.randint(part.low, part.high))


def a_word(data: bytes, rng: Random) -> bytes:
    sheet, block = rng.choice(blocks_of(Menu))
    menu = sheet.parts[block.part]
    assert isinstance(menu, Menu)
    where = sheet.references.locate(menu.options, rng.randrange(menu.count))
    return put(data, sheet, block.cell(0, 0), str(read_book(data).sheets[sheet.title].values[where]))


def another_label(data: bytes, rng: Random) -> bytes:
    """A teacher renames an entry of the list that is not chosen, or one of the classes."""
    sheet, block = rng.choice([(s, b) for s, b in blocks_of(Labels) if s.parts[b.part].keys])  # type: ignore[attr-defined]
    return put(data, sheet, block.cell(block.height - 1, 0), f"renamed {rng.randint(1, 99)}")


def sheet_order(data: bytes, rng: Random) -> bytes:
    def change(xml: str) -> str:
        sheets = re.findall(r"<sheet [^>]*/>", xml)
        order = iter(rng.sample(sheets, len(sheets)))
        xml = re.sub(r'<definedName name="_xlnm.*?</definedName>', "", xml)  # print areas count sheets by their place
        return re.sub(r"<sheet [^>]*/>", lambda _: next(order), xml)

    return rewrite(data, "xl/workbook.xml", change)


def in_sheet(pattern: str, text: Callable[[Random], str]) -> Edit:
    def edit(data: bytes, rng: Random) -> bytes:
        book, sheet = a_sheet(data, rng)
        return rewrite(data, book.paths[sheet], lambda xml: re.sub(pattern, text(rng), xml))

    return edit


def fonts(data: bytes, rng: Random) -> bytes:
    return rewrite(data, "xl/styles.xml", lambda xml: re.sub(r'<sz val="\d+', f'<sz val="{rng.randint(6, 20)}', xml))


def words(data: bytes, rng: Random) -> bytes:
    """Somebody rewrites a title or a sentence."""

    def change(xml: str) -> str:
        found = list(re.finditer(r"<t>([A-Z][^<:]{20,})</t>", xml))
        m = rng.choice(found)
        return xml[: m.start(1)] + "Rewritten by a teacher." + xml[m.end(1) :]

    return rewrite(data, "xl/sharedStrings.xml", change)


def same_formula(data: bytes, rng: Random) -> bytes:
    """A formula written in another way that means the same."""
    book = read_book(data)
    sheet = rng.choice([s for s, cells in book.sheets.items() if cells.formulas])
    xml_path = book.paths[sheet]

    def change(xml: str) -> str:
        singles = list(re.finditer(r"<f>([^<]+)</f>", xml))
        if not singles:
            return xml
        m = rng.choice(singles)
        ways = [f"({m[1]})", f"+{m[1]}" if "!" in m[1] and "(" not in m[1] else f"0+({m[1]})*1", m[1].replace(",", " , ")]
        link = "!" in m[1] and "(" not in m[1]
        text = ways[1] if link else rng.choice(ways if "&" not in m[1] else ways[:1])
        return xml[: m.start(1)] + text + xml[m.end(1) :]

    return rewrite(data, xml_path, change)


def by_openpyxl(edit: Callable[[openpyxl.Workbook, Random], None]) -> Edit:
    def change(data: bytes, rng: Random) -> bytes:
        book = openpyxl.load_workbook(BytesIO(data))
        edit(book, rng)
        out = BytesIO()
        book.save(out)
        return out.getvalue()

    return change


def a_comment(book: openpyxl.Workbook, rng: Random) -> None:
    rng.choice(book.worksheets)["A3"].comment = Comment("Look here!", "a teacher")


def an_extra_sheet(book: openpyxl.Workbook, rng: Random) -> None:
    sheet = book.create_sheet(f"Notes {rng.randint(1, 99)}", rng.randint(0, 5))
    sheet["A1"], sheet["A2"], sheet["A3"] = "my notes", f"={written('guide', 'prediction')}", f"={written('input', 'output', 0)}*2"


def written(sheet: str, part: str, *index: int) -> str:
    """A cell as another sheet's formula writes it."""
    placed = original()[1][sheet]
    return sheet_prefix(placed.title) + a1(*placed.references.locate(part, *index))


QUICK: dict[str, Edit] = {
    "pixels": numbers(Picture, low=0, high=1),
    "pixels beyond 0 to 1": numbers(Picture, low=-3, high=9),
    "erased pixels": erased_pixels,
    "weights and biases": numbers(Weight),
    "numbers to play with": numbers(Play),
    "a choice": a_choice,
    "an image or a filter": a_word,
    "a renamed choice": another_label,
    "order of the sheets": sheet_order,
    "column widths": in_sheet(r'<col width="[^"]+"', lambda rng: f'<col width="{rng.uniform(2, 12):.2f}"'),
    "row heights": in_sheet(r' ht="[^"]+"', lambda rng: f' ht="{rng.uniform(9, 40):.1f}"'),
    "zoom": in_sheet(r"<sheetView ", lambda rng: f'<sheetView zoomScale="{rng.randint(30, 200)}" '),
    "fonts": fonts,
    "words": words,
    "the same formula": same_formula,
}
SLOW: dict[str, Edit] = {"a comment": by_openpyxl(a_comment), "an extra sheet": by_openpyxl(an_extra_sheet)}


def edited(number: int, seed: int) -> tuple[list[str], bytes]:
    """Workbook `number` of a seed, with the names of what was done to it."""
    rng = Random(f"{seed}.{number}")
    kinds = rng.sample(list(QUICK), rng.randint(1, 4))
    if number % 10 == 0:
        kinds.append(rng.choice(list(SLOW)))
    if "a renamed choice" in kinds:  # first, so that no later choice is renamed away
        kinds.sort(key=lambda kind: kind != "a renamed choice")
    data = original()[0]
    for kind in kinds:
        data = {**QUICK, **SLOW}[kind](data, rng)
    return kinds, data


def check(path: Path) -> str:
    report = verify(path)
    return "" if report.ok else str(report.problems[0])


def trial(task: tuple[int, int, str]) -> tuple[list[str], str, int]:
    """The kinds of edits, and the false alarm, if there is one."""
    number, seed, saved_by = task
    kinds, data = edited(number, seed)
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "edited.xlsx"
        path.write_bytes(data if saved_by else recalculated(data))
        if saved_by == "openpyxl":
            openpyxl.load_workbook(path).save(path)
        elif saved_by == "libreoffice":
            path = convert(Path(name), [path], "xlsx:Calc MS Excel 2007 XML", Path(name) / "out", 120)[0]
        return [*kinds, *([f"saved by {saved_by}"] * bool(saved_by))], check(path), number


def main() -> None:
    parser = argparse.ArgumentParser(description="the verifier's false alarms")
    parser.add_argument("--edits", type=int, default=100)
    parser.add_argument("--saved", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    tasks = [(n, options.seed, "") for n in range(options.edits)]
    tasks += [(options.edits + n, options.seed, "libreoffice") for n in range(options.saved)]
    tasks += [(options.edits + options.saved + n, options.seed, "openpyxl") for n in range(options.saved)]
    done: Counter[str] = Counter()
    alarms = 0
    with Pool(options.processes) as pool:
        for kinds, alarm, number in pool.imap_unordered(trial, tasks, chunksize=2):
            done.update(kinds)
            if alarm:
                alarms += 1
                print(f"FALSE ALARM: workbook {number}, {', '.join(kinds)}: {alarm}", flush=True)
    for kind, count in sorted(done.items()):
        print(f"{kind:<28}{count:6}")
    print(f"{len(tasks)} edited workbooks, {alarms} false alarms")
    sys.exit(alarms > 0)


if __name__ == "__main__":
    main()
