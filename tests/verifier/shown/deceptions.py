"""A workbook of the lesson with something done to what it shows, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import openpyxl
from openpyxl.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.verifier.helpers import Short
from xlcnn.verifier.description import describe
from xlcnn.verifier.presentation import presentation_problems
from xlcnn.xlsx.reader import read_book

Deed = Callable[[Workbook], None]


def told(path: Path, deed: Deed) -> list[Short]:
    """Kind, tab and cell of what is said after the deed."""
    book = openpyxl.load_workbook(path)
    deed(book)
    out = BytesIO()
    book.save(out)
    described, wrong = describe(read_book(out.getvalue()))
    assert described is not None, wrong
    return [(p.kind, p.sheet, p.cell) for p in presentation_problems(described)]


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


def place(path: Path, name: str) -> tuple[str, str]:
    """The tab and first cell of a defined name."""
    cell = first(openpyxl.load_workbook(path), name)
    return cell.parent.title, cell.coordinate
