"""Every result computed anew and stored, as a student's program does when it saves."""

from __future__ import annotations

import datetime
import re
from io import BytesIO
from zipfile import ZipFile

import formualizer

from benchmarks.mutants.model import escape
from xlcnn.engines.embedded import Formualizer, shown
from xlcnn.errors import WorkbookError
from xlcnn.grid.references import split_cell
from xlcnn.xlsx.reader import read_book

TOO_WIDE = "worksheet width limit"  # the engine saves no sheet of more than 256 columns, but computes it
COMPUTED = re.compile(r'<c r="([A-Z]+\d+)"([^>]*)>(<f\b[^>]*(?:/>|>[^<]*</f>))(?:<v>[^<]*</v>|<v ?/>)?</c>')
DAY_0 = datetime.date(1899, 12, 30)


def recalculated(data: bytes) -> bytes:
    """The workbook with the results of its formulas; one that cannot be read stays as it is, and `verify` will say so."""
    try:
        return bytes(formualizer.recalculate_xlsx_bytes(data, external_links="refuse")["bytes"])
    except OSError as error:
        if TOO_WIDE not in str(error):
            raise
    try:
        return with_results(data)
    except WorkbookError:
        return data


def with_results(data: bytes) -> bytes:
    """Each result written into its cell, and nothing else touched. Raises `WorkbookError` where it cannot be read."""
    book = read_book(data)
    sizes = {title: extent([*cells.values, *cells.formulas]) for title, cells in book.sheets.items()}
    (grids,) = Formualizer().recalculate(book, [{}], sizes)
    out = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(out, "w") as new:
        parts = {name: old.read(name) for name in old.namelist()}
        for title, path in book.paths.items():
            parts[path] = with_values(parts[path].decode(), grids[title].rows).encode()
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def extent(cells: list[tuple[int, int]]) -> tuple[int, int]:
    """The last row and column."""
    return max((row for row, _ in cells), default=1), max((col for _, col in cells), default=1)


def with_values(xml: str, rows: list[list[object]]) -> str:
    """A sheet with these results of its formulas."""

    def cell(m: re.Match[str]) -> str:
        row, col = split_cell(m[1])
        attributes = re.sub(r' t="\w+"', "", m[2])
        kind, text = as_stored(rows[row - 1][col - 1])
        return f'<c r="{m[1]}"{attributes}{kind}>{m[3]}{text}</c>'

    return COMPUTED.sub(cell, xml)


def as_stored(value: object) -> tuple[str, str]:
    """The attribute that says what kind of value it is, and the value's element."""
    value = shown(value)
    if isinstance(value, datetime.date):
        value = float((value.date() if isinstance(value, datetime.datetime) else value).toordinal() - DAY_0.toordinal())
    if isinstance(value, bool):
        return ' t="b"', f"<v>{int(value)}</v>"
    if isinstance(value, str):
        return ' t="e"' if value.startswith("#") else ' t="str"', f"<v>{escape(value)}</v>"
    return "", "" if value is None else f"<v>{value!r}</v>"
