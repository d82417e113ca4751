"""What the verifier's tests share: its verdict in short, and workbooks changed in one place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from tests.conftest import parts_of, write_parts
from tests.networks import build
from xlcnn import verify
from xlcnn.engines import find_engine
from xlcnn.engines.base import Grid
from xlcnn.errors import EngineError
from xlcnn.grid.blocks import Cell
from xlcnn.grid.references import a1, column_number, split_cell
from xlcnn.layout.placed import lay_out
from xlcnn.sheets.plan import plan
from xlcnn.verifier.description import Described, describe
from xlcnn.verifier.recalculation import Recalculation, recalculate
from xlcnn.xlsx.patch import Edits
from xlcnn.xlsx.reader import Book, read_book

BOOK, STRINGS = "xl/workbook.xml", "xl/sharedStrings.xml"

#: Small, with all that is special: a filter to choose, a cell to pick, padding of zeros and padding that is an empty cell.
PLAYED: dict[str, object] = {"presets": True, "lens": True}
SMALL = build([
    {"name": "input", "kind": "input", "shape": [1, 6, 6]},
    {"name": "conv", "kind": "conv2d", "inputs": ["input"], "filters": 2, "kernel": [3, 3], "padding": 1, **PLAYED},
    {"name": "pool", "kind": "maxpool2d", "inputs": ["conv"], "kernel": [3, 3], "stride": 2, "padding": [1, 1, 0, 0]},
    {"name": "dense", "kind": "dense", "inputs": ["pool"], "units": 3},
    {"name": "softmax", "kind": "softmax", "inputs": ["dense"]},
])  # fmt: skip
LAYOUT = lay_out(plan(SMALL.layers))

Edit = Callable[[str], str]
Short = tuple[str, str, str | None]


def problems(path: Path, **options: object) -> list[Short]:
    """Kind, tab and cell of all that is wrong."""
    report = verify(path, **options)  # type: ignore[arg-type]
    assert report.ok == (not report.problems)
    assert against_schema(report.as_dict()) == []
    return [(p.kind, p.sheet, p.cell) for p in report.problems]


def against_schema(report: dict[str, object]) -> list[str]:
    """What a report does that its schema does not allow."""
    from tests.verifier.schemas import wrong  # whoever only needs workbooks needs no schemas

    return wrong(report)


def small_cell(sheet: str, part: str, index: tuple[int, ...] = ()) -> str:
    """A cell of the small network's workbook."""
    return a1(*LAYOUT[sheet].references.locate(part, *index))


def small_at(sheet: str, part: str, index: tuple[int, ...] = ()) -> tuple[str, str]:
    """Its tab and cell."""
    return LAYOUT[sheet].title, small_cell(sheet, part, index)


def small_place(sheet: str, part: str, index: tuple[int, ...] = ()) -> tuple[str, Cell]:
    """The same as numbers."""
    return LAYOUT[sheet].title, LAYOUT[sheet].references.locate(part, *index)


def changed(source: Path, target: Path, changes: Mapping[tuple[str, str], Edit]) -> Path:
    """A copy in which the XML of some cells, by tab and cell, was changed."""
    parts = parts_of(source)
    paths = read_book(source.read_bytes()).paths
    for (title, where), edit in changes.items():
        xml = parts[paths[title]].decode()
        match = re.search(rf'<c r="{where}"(?:[^>]*/>|.*?</c>)', xml)
        assert match, f"{title}!{where} holds nothing"
        after = xml.replace(match[0], edit(match[0]))
        assert after != xml, "the damage changed nothing"
        parts[paths[title]] = after.encode()
    return write_parts(parts, target)


def with_part(source: Path, target: Path, part: str, pattern: str, text: str) -> Path:
    """A copy in which the first match of a pattern in a part of the package was replaced."""
    parts = parts_of(source)
    before = parts[part].decode()
    after = re.sub(pattern, text, before, count=1)
    assert after != before, "the damage changed nothing"
    return write_parts(parts | {part: after.encode()}, target)


def with_cell(xml: str, cell: str, text: str) -> str:
    """A sheet in which a cell is written anew, or put in its place where there was none."""
    old = re.search(rf'<c r="{cell}"(?:[^>]*/>|.*?</c>)', xml)
    if old:
        return xml.replace(old[0], text)
    row, col = split_cell(cell)
    rows = {int(m[1]): m for m in re.finditer(r'<row r="(\d+)"[^>]*?(?:/>|>.*?</row>)', xml)}
    if row not in rows:
        after = [m.start() for number, m in sorted(rows.items()) if number > row]
        at = after[0] if after else xml.index("</sheetData>")
        return f'{xml[:at]}<row r="{row}">{text}</row>{xml[at:]}'
    after = [m.start() for m in re.finditer(r'<c r="([A-Z]+)', rows[row][0]) if column_number(m[1]) > col]
    line = rows[row][0]
    at = after[0] if after else line.index("</row>")
    return xml.replace(line, line[:at] + text + line[at:])


def with_name(source: Path, target: Path, name: str, place: str | None) -> Path:
    """A copy in which a defined name means another place; None deletes it."""
    found = rf'<definedName name="{re.escape(name)}">[^<]*</definedName>'
    return with_part(source, target, BOOK, found, "" if place is None else f'<definedName name="{name}">{place}</definedName>')


def to_value(value: object, kind: str = "") -> Edit:
    """An edit: a number, or a text of `kind` ``str``, instead of whatever the cell holds; its style is kept."""

    def edit(xml: str) -> str:
        where, style = re.search(r'r="(\w+)"', xml), re.search(r' s="\d+"', xml)
        assert where
        return f'<c r="{where[1]}"{style[0] if style else ""}{f" t={chr(34)}{kind}{chr(34)}" if kind else ""}><v>{value}</v></c>'

    return edit


def to_text(text: str) -> Edit:
    return to_value(text.replace("&", "&amp;").replace("<", "&lt;"), "str")


def stored_as(value: object) -> Edit:
    """An edit: another stored result under the same formula."""
    return lambda xml: re.sub(r"<v>.*?</v>", f"<v>{value}</v>", xml)


def without_formula(xml: str) -> str:
    """An edit: the stored result alone stays."""
    return re.sub(r"<f\b.*?(</f>|/>)", "", xml, count=1)


def emptied(xml: str) -> str:
    """An edit: nothing stays but the style."""
    return re.sub(r'<c (r="\w+"(?: s="\d+")?).*', r"<c \1/>", xml, flags=re.DOTALL)


def described_of(path: Path) -> Described:
    found, wrong = describe(read_book(path.read_bytes()))
    assert found is not None, wrong
    return found


def recalculated_as_it_stands(path: Path, *runs: Edits) -> Recalculation:
    """The first of the runs, or the workbook as it stands, by the embedded engine."""
    return recalculate(described_of(path), find_engine(), runs or [{}])[0]


class Failing:
    """An engine that cannot compute anything."""

    name = "failing"

    def version(self) -> str:
        return "0"

    def recalculate(self, book: Book, runs: object, sizes: object) -> list[dict[str, Grid]]:
        raise EngineError("it is out of paper")


class Wrapped:
    """The embedded engine; `seen` notes the runs that it was asked for, `spoil` may change what it gives back."""

    name = "wrapped"

    def __init__(self, spoil: Callable[[dict[str, list[list[object]]]], None] | None = None) -> None:
        self.seen: list[Edits] = []
        self.spoil = spoil

    def version(self) -> str:
        return "1"

    def recalculate(self, book: Book, runs: list[Edits], sizes: Mapping[str, tuple[int, int]]) -> list[dict[str, Grid]]:
        self.seen += runs
        found = find_engine().recalculate(book, runs, sizes)
        if self.spoil is None:
            return found
        spoiled = []
        for grids in found:
            raw = {title: grid.rows for title, grid in grids.items()}
            self.spoil(raw)
            spoiled.append({title: Grid(rows) for title, rows in raw.items()})
        return spoiled


def values_in(edits: Edits, title: str) -> dict[Cell, object]:
    """What a run puts into the cells of a tab."""
    return {(row + y, col + x): matrix[y, x] for row, col, matrix in edits.get(title, ()) for y, x in np.ndindex(*matrix.shape)}
