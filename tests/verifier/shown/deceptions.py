"""A workbook of the lesson with something done to what it shows, and what is said of it."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
from openpyxl.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.verifier.helpers import Short
from xlcnn.verifier.description import Described, describe
from xlcnn.verifier.places import doubles
from xlcnn.verifier.presentation import presentation_problems
from xlcnn.xlsx.reader import read_book

Deed = Callable[[Workbook], None]


def opened(path: Path) -> Workbook:
    """A workbook of one's own to change, as openpyxl has it: unpickling takes a fifth of the time that reading does."""
    book: Workbook = pickle.loads(read_once(path))
    for page in book:  # what a row or column is that is not there yet does not survive
        page.row_dimensions.default_factory, page.column_dimensions.default_factory = page._add_row, page._add_column
    return book


@cache
def read_once(path: Path) -> bytes:
    return pickle.dumps(openpyxl.load_workbook(path))


def told(path: Path, deed: Deed) -> list[Short]:
    """Kind, tab and cell of what is said after the deed."""
    book = opened(path)
    deed(book)
    out = BytesIO()
    book.save(out)
    described, wrong = describe(read_book(out.getvalue()))
    assert described is not None, wrong
    return [(p.kind, p.sheet, p.cell) for p in presentation_problems(described)]


def zipped(parts: Mapping[str, bytes] | Mapping[str, str]) -> bytes:
    """A package of these parts."""
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def described_parts(parts: Mapping[str, bytes] | Mapping[str, str]) -> Described:
    """The workbook that a package of these parts is."""
    described, wrong = describe(read_book(zipped(parts)))
    assert described is not None, wrong
    return described


def told_of(parts: Mapping[str, bytes]) -> list[Short]:
    """Kind, tab and cell of what is said of a workbook of these parts."""
    described = described_parts(parts)
    return [(p.kind, p.sheet, p.cell) for p in [*presentation_problems(described), *doubles(described)]]


def changed_part(parts: Mapping[str, bytes], part: str, *changes: tuple[str, str]) -> dict[str, bytes]:
    """The parts with one of them changed: the first match of each pattern becomes a text."""
    text = parts[part].decode()
    for pattern, new in changes:
        text, count = re.subn(pattern, new, text, count=1, flags=re.DOTALL)
        assert count, f"{part} has no {pattern}"
    return {**parts, part: text.encode()}


def area(book: Workbook, name: str) -> tuple[Worksheet, str]:
    """The tab and range of a defined name."""
    sheet, _, cells = book.defined_names[name].attr_text.rpartition("!")
    return book[sheet.strip("'")], cells.replace("$", "")


def cells(book: Workbook, name: str) -> Iterator[Cell]:
    """Every cell of a defined name."""
    page, where = area(book, name)
    found = page[where]
    for row in found if isinstance(found, tuple) else ((found,),):
        yield from row


def first(book: Workbook, name: str) -> Cell:
    return next(cells(book, name))


@cache
def place(path: Path, name: str) -> tuple[str, str]:
    """The tab and first cell of a defined name."""
    cell = first(opened(path), name)
    return cell.parent.title, cell.coordinate
