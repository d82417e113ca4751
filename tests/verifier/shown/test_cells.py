"""Cells that cannot be seen: hidden, tiny, merged away, scrolled away, under a picture; and a window that shows something else."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl.drawing.image import Image
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook

from tests.conftest import SEVEN
from tests.verifier.shown.deceptions import Deed, area, cells, first, place, told

MAP, ANSWER = "conv.map1", "guide.prediction"


def merged(name: str, down: int, across: int, up: int = 0) -> Deed:
    def deed(book: Workbook) -> None:
        cell = first(book, name)
        last = cell.parent.cell(cell.row + down, cell.column + across).coordinate
        cell.parent.merged_cells.add(f"{cell.parent.cell(cell.row - up, cell.column).coordinate}:{last}")

    return deed


@pytest.mark.parametrize(("down", "across", "up"), [(0, 1, 0), (1, 0, 0), (2, 2, 0), (0, 0, 1), (25, 25, 0), (0, 3, 1)])
def test_merged_cells_hide_the_others(small: Path, down: int, across: int, up: int) -> None:
    found = told(small, merged(MAP, down, across, up))
    assert ("hidden", "Conv") in {(kind, sheet) for kind, sheet, _ in found}


@pytest.mark.parametrize("points", [0.4, 1.5, 3])
def test_a_row_of_hardly_any_height(small: Path, points: float) -> None:
    def deed(book: Workbook) -> None:
        cell = first(book, MAP)
        cell.parent.row_dimensions[cell.row].height = points

    assert ("hidden", *place(small, MAP)) in told(small, deed)


@pytest.mark.parametrize("width", [0.1, 0.5])
def test_a_column_of_hardly_any_width(small: Path, width: float) -> None:
    def deed(book: Workbook) -> None:
        cell = first(book, MAP)
        column = cell.parent.column_dimensions[get_column_letter(cell.column)]
        column.min = column.max = cell.column
        column.width = width

    assert ("hidden", *place(small, MAP)) in told(small, deed)


def test_words_in_a_hidden_row(small: Path) -> None:
    def deed(book: Workbook) -> None:
        book["Guide"].row_dimensions[1].hidden = True

    assert [kind for kind, *_ in told(small, deed)] == ["hidden"]


@pytest.mark.parametrize("freeze", ["A300", "BZ5", "A60", "AZ40"])
def test_panes_that_fill_the_screen(small: Path, freeze: str) -> None:
    def deed(book: Workbook) -> None:
        book["Conv"].freeze_panes = freeze

    assert told(small, deed) == [("shown", "Conv", None)]


@pytest.mark.parametrize("freeze", [None, "A2", "C6"])
def test_panes_of_ones_own(small: Path, freeze: str | None) -> None:
    def deed(book: Workbook) -> None:
        book["Conv"].freeze_panes = freeze

    assert told(small, deed) == []


@pytest.mark.parametrize(("attribute", "value"), [("topLeftCell", "A60"), ("showFormulas", True), ("showZeros", False)])
def test_a_window_that_shows_something_else(small: Path, attribute: str, value: object) -> None:
    def deed(book: Workbook) -> None:
        setattr(book["Dense"].sheet_view, attribute, value)

    assert told(small, deed) == [("shown", "Dense", None)]


def test_a_picture_over_the_answer(small: Path) -> None:
    def deed(book: Workbook) -> None:
        picture = Image(SEVEN)
        picture.width = picture.height = 120
        page, where = area(book, ANSWER)
        page.add_image(picture, where)

    assert told(small, deed) == [("hidden", *place(small, ANSWER))]


def test_a_picture_beside_the_network(small: Path) -> None:
    def deed(book: Workbook) -> None:
        last = max(cell.column for cell in cells(book, MAP))
        book["Conv"].add_image(Image(SEVEN), f"{get_column_letter(last + 40)}80")

    assert told(small, deed) == []
