"""Where openpyxl does not do by itself what a workbook of ours needs."""

from __future__ import annotations

from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet


def new_book(font: Font) -> Workbook:
    """A workbook without sheets, with `font` in every cell that has no other; openpyxl's own would be Calibri."""
    book = Workbook()
    book._fonts = IndexedList([font])
    book.remove(book.active)
    return book


class Ranges(MultiCellRange):  # type: ignore[misc]
    """Ranges of cells, already written (``B6:D8 F6:H8``): openpyxl takes each apart, which takes longer than all else of a rule."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other)

    def __hash__(self) -> int:
        return hash(self.text)


def link(sheet: Worksheet, cell: str, location: str, tip: str) -> None:
    """A link within the workbook on a cell that openpyxl does not know: it keeps links with its own cells."""
    sheet._hyperlinks.append(Hyperlink(ref=cell, location=location, tooltip=tip))


def show_axes(chart: Any) -> None:
    """openpyxl leaves it open whether an axis is deleted, and Excel then hides it."""
    chart.x_axis.delete = chart.y_axis.delete = False
