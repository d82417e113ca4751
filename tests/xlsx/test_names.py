"""Defined names, as openpyxl reads what we wrote."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from xlcnn.xlsx.package import packed
from xlcnn.xlsx.rows import Rows
from xlcnn.xlsx.strings import SharedStrings

NAMES = {"conv1.filter1": "'A & <B>'!$B$2:$D$4", "conv1.output": "S!$A$1"}


@pytest.mark.parametrize("printed", [False, True], ids=["no other names", "a print area is a name too"])
def test_names_stand_for_their_ranges(printed: bool) -> None:
    book = openpyxl.Workbook()
    book.active.title = "S"
    if printed:
        book.active.print_area = "A1:B2"
    read = openpyxl.load_workbook(BytesIO(packed(book, {"S": Rows(SharedStrings())}, NAMES)))
    assert {name: found.attr_text for name, found in read.defined_names.items()} == NAMES
    assert bool(read["S"].print_area) == printed


def test_a_workbook_without_names_has_no_list_of_them() -> None:
    book = openpyxl.Workbook()
    book.active.title = "S"
    assert not openpyxl.load_workbook(BytesIO(packed(book, {"S": Rows(SharedStrings())}))).defined_names
