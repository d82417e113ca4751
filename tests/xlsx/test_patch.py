"""Values put straight into the cells of a package; everything else stays as it was."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest

from tests.conftest import LESSON, parts_of, sheet_part, tab
from tests.xlsx.test_reader import package
from xlcnn.xlsx.patch import patched
from xlcnn.xlsx.reader import Book, read_book

ROWS = (
    '<sheetData><row r="1"><c r="A1" s="4"><v>1</v></c><c r="B1" s="5" t="s"><v>0</v></c><c r="AB1" s="6"/></row>'
    '<row r="2"><c r="A2"><f>A1*2</f><v>2</v></c><c r="B2" t="str"><f>"x"</f><v>x</v></c>'
    '<c r="C2" t="b"><v>1</v></c></row></sheetData>'
)


@pytest.fixture
def book() -> Book:
    return read_book(package(ROWS, "<si><t>word</t></si>"))


def put(book: Book, *changes: tuple[int, int, object]) -> Book:
    return read_book(patched(book, {"S": [(row, col, np.array([[value]], dtype=object)) for row, col, value in changes]}))


def test_without_edits_the_bytes_are_the_same(book: Book) -> None:
    assert patched(book, {}) is book.data


def test_a_number_in_place_of_whatever_was_there(book: Book) -> None:
    """A number, a word, an empty cell, a truth value."""
    now = put(book, (1, 1, 5.5), (1, 2, 6.0), (1, 28, -7.25), (2, 3, 1e-300)).sheets["S"]
    assert [now.values[cell] for cell in ((1, 1), (1, 2), (1, 28), (2, 3))] == [5.5, 6.0, -7.25, 1e-300]


def test_a_word_in_place_of_a_number(book: Book) -> None:
    now = put(book, (1, 1, "a < b & c"), (2, 3, "x")).sheets["S"]
    assert (now.values[1, 1], now.values[2, 3]) == ("a < b & c", "x")


def test_a_formula_is_overwritten(book: Book) -> None:
    now = put(book, (2, 1, 9.0), (2, 2, 8.0)).sheets["S"]
    assert (now.values[2, 1], now.values[2, 2]) == (9.0, 8.0)
    assert now.formulas == {}


def test_what_is_not_edited_stays(book: Book) -> None:
    now = put(book, (1, 1, 5.5)).sheets["S"]
    assert {c: v for c, v in now.values.items() if c != (1, 1)} == {c: v for c, v in book.sheets["S"].values.items() if c != (1, 1)}
    assert now.formulas == book.sheets["S"].formulas


def test_styles_stay(book: Book) -> None:
    data = patched(book, {"S": [(1, 1, np.array([["word"]], dtype=object)), (1, 28, np.array([[3.0]]))]})
    xml = ZipFile(BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    assert '<c r="A1" s="4" t="str"><v>word</v></c>' in xml
    assert '<c r="AB1" s="6"><v>3.0</v></c>' in xml


def test_a_matrix_fills_its_rectangle(book: Book) -> None:
    now = read_book(patched(book, {"S": [(1, 1, np.array([[10.0, 20.0], [30.0, 40.0]]))]})).sheets["S"]
    assert [now.values[cell] for cell in ((1, 1), (1, 2), (2, 1), (2, 2))] == [10, 20, 30, 40]


def test_of_a_new_workbook_only_that_sheet_changes(seven: Path, tmp_path: Path) -> None:
    book = read_book(seven.read_bytes())
    block = next(b for b in LESSON["input"].blocks if b.part == "user")
    path = tmp_path / "patched.xlsx"
    path.write_bytes(patched(book, {tab("input"): [(block.row, block.col, np.full((28, 28), 0.25))]}))
    before, after = parts_of(seven), parts_of(path)
    assert {name for name, content in before.items() if after[name] != content} == {sheet_part("input")}
    values = read_book(path.read_bytes()).sheets[tab("input")].values
    assert {values[cell] for cell in block.cells()} == {0.25}
    assert {values[c] for c in values if c not in set(block.cells())} == {
        v for c, v in book.sheets[tab("input")].values.items() if c not in set(block.cells())
    }
