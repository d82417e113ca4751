"""A workbook's file: the same bytes every time, small, its parts declared, its texts shared, its dragged formulas one."""

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import openpyxl
import pytest

from tests.conftest import LESSON, SEVEN, parts_of, sheet_part, tab
from xlcnn import make_workbook
from xlcnn.xlsx.fonts import OrderedFont
from xlcnn.xlsx.package import EPOCH, packed
from xlcnn.xlsx.reader import read_book
from xlcnn.xlsx.rows import Content, FormulaText, Rows, SheetForm
from xlcnn.xlsx.strings import SharedStrings, escaped


def test_the_same_image_gives_the_same_bytes(seven: Path, tmp_path: Path) -> None:
    make_workbook(SEVEN, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == seven.read_bytes()


def test_the_file_is_small(seven: Path) -> None:
    assert seven.stat().st_size <= 400_000


def test_nothing_in_it_tells_when_or_where_it_was_made(seven: Path) -> None:
    with ZipFile(seven) as archive:
        assert {info.date_time for info in archive.infolist()} == {EPOCH}
        text = b"".join(archive.read(name) for name in archive.namelist())
    assert str(Path.home()).encode() not in text
    assert b"1980-01-01" in parts_of(seven)["docProps/core.xml"]


def test_a_dragged_block_is_one_formula(seven: Path) -> None:
    xml = parts_of(seven)[sheet_part("relu1")].decode()
    masters = re.findall(r'<f t="shared" ref="[A-Z0-9:]+" si="\d+">', xml)
    assert len(masters) == len([b for b in LESSON["relu1"].blocks if LESSON["relu1"].shares_formula(b)]) == 2
    assert len(re.findall(r'<f t="shared" si="\d+"/>', xml)) == 2 * (26 * 26 - 1)


def test_each_text_is_stored_once(seven: Path) -> None:
    texts = re.findall(r"<si>(.*?)</si>", parts_of(seven)["xl/sharedStrings.xml"].decode(), re.DOTALL)
    assert len(texts) == len(set(texts))
    assert not any(b"inlineStr" in content for content in parts_of(seven).values())


# ---- its pieces ----


@pytest.fixture
def small() -> bytes:
    """Two sheets: S with numbers, words, a formula of each kind; T with a word that S has too."""
    book = openpyxl.Workbook()
    book.active.title = "S"
    book.create_sheet("T")
    strings = SharedStrings()
    rows, other = Rows(strings), Rows(strings)
    rows.put(3, 2, 0, FormulaText("A1*2", 3.0))
    rows.put(1, 1, 0, 1.5)
    rows.put(1, 3, 0, "a < b")
    rows.put(1, 2, 0)
    rows.put(2, 1, 0, FormulaText('"it is "&A1', "it is 1.5 & <more>"))
    rows.put_lines(4, 2, [(0, 0, 0)], [[1.0, 2.5, -0.0]])
    rows.heights[5] = 12.5
    other.put(1, 1, 0, "a < b")
    other.put(1, 2, 0, " space ")
    return packed(book, {"S": rows, "T": other})


def test_formulas_stand_with_results_of_every_kind(small: bytes) -> None:
    cells = read_book(small).sheets["S"]
    assert {cell: formula.at(cell) for cell, formula in cells.formulas.items()} == {(3, 2): "=A1*2", (2, 1): '="it is "&A1'}
    assert (cells.values[2, 1], cells.values[3, 2], cells.values[1, 1]) == ("it is 1.5 & <more>", 3.0, 1.5)
    assert openpyxl.load_workbook(BytesIO(small), data_only=True)["S"]["B3"].value == 3


def test_cells_stand_in_order_whatever_order_they_were_put_in(small: bytes) -> None:
    with ZipFile(BytesIO(small)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert re.findall(r'<c r="(\w+)"', sheet) == ["A1", "B1", "C1", "A2", "B3", "B4", "C4", "D4"]
    assert re.findall(r'<row r="(\d+)"', sheet) == ["1", "2", "3", "4", "5"]
    assert '<row r="5" ht="12.5" customHeight="1">' in sheet
    assert '<c r="D4" s="0"><v>0</v></c>' in sheet
    assert '<dimension ref="A1:D4"' in sheet


def test_texts_are_shared_between_sheets_and_keep_their_spaces(small: bytes) -> None:
    book = read_book(small)
    assert book.sheets["S"].values[1, 3] == book.sheets["T"].values[1, 1] == "a < b"
    assert book.sheets["T"].values[1, 2] == " space "
    with ZipFile(BytesIO(small)) as archive:
        strings = archive.read("xl/sharedStrings.xml").decode()
    assert 'count="3" uniqueCount="2"' in strings
    assert '<t xml:space="preserve"> space </t>' in strings


def test_a_dragged_formula_has_a_result_in_every_cell() -> None:
    book = openpyxl.Workbook()
    book.active.title = "S"
    rows = Rows(SharedStrings())
    rows.put(1, 1, 0, 2.0)
    for row in (1, 2, 3):
        rows.put(row, 2, 0, FormulaText("$A$1+ROW()" if row == 1 else None, row + 2.0, 0, "B1:B3"))
    cells = read_book(packed(book, {"S": rows})).sheets["S"]
    assert [cells.values[row, 2] for row in (1, 2, 3)] == [3.0, 4.0, 5.0]
    assert len(cells.formulas) == 3


def written(value: float | FormulaText) -> str:
    """A number, or a result, as it stands in the file, whether it was left blank at first or not."""
    at_once, later = Rows(SharedStrings()), Rows(SharedStrings())
    at_once.put(1, 1, 0, value)
    later.put(1, 1, 0, value, place=0)
    found = {text_of(at_once), text_of(later, [value if isinstance(value, float | int) else value.result])}
    (text,) = found
    return re.findall("<v>(.*)</v>", text)[0]


def text_of(rows: Rows, numbers: list[object] | None = None) -> str:
    """The rows with what is filled in."""
    return b"".join(rows.form().filled(np.array(numbers or [], dtype=float))).decode()


@pytest.mark.parametrize(
    ("value", "text"),
    [(2.0, "2"), (-0.5, "-0.5"), (1e16, "1e+16"), (0.1 + 0.2, "0.3"), (1 / 3, "0.333333333333333"), (-0.0, "0")],
)
def test_how_a_number_is_written(value: float, text: str) -> None:
    assert written(value) == text == written(FormulaText("A1", value))


@pytest.mark.parametrize("value", [0.0, -0.0, 1e-300, 1e300, -1.5, 1 / 3, 123456789012345.0, 1e15, 7])
def test_a_number_comes_back_to_15_digits(value: float) -> None:
    """So many do spreadsheets compute with; a number that has no more comes back to the last bit."""
    assert float(written(value)) == float(f"{value:.14e}")
    assert float(written(value)) == value or value == 1 / 3


LINES: dict[str, list[Content]] = {
    "numbers": [1.5, 0.0, 1e-300],
    "formulas": [FormulaText('A1&"5%"', 0.25), FormulaText("A1<B1%", 3.0)],
    "dragged": [FormulaText("A1%", 1.0, 0, "B2:D2"), FormulaText(None, 2.0, 0), FormulaText(None, 3.0, 0)],
    "all sorts": [None, 2.0, "a 7% word", FormulaText("A1", 0.5), FormulaText('A2&"%s"', "50 % & <more>")],
    "nothing": [None, None],
}


@pytest.mark.parametrize("kind", LINES)
def test_what_is_left_blank_and_filled_in_is_as_if_it_was_written_at_once(kind: str) -> None:
    line = LINES[kind]
    at_once, later = Rows(SharedStrings()), Rows(SharedStrings())
    at_once.put_lines(2, 2, [(3,) * len(line)], [line])
    later.put_lines(2, 2, [(3,) * len(line)], [line], place=1)
    results = [x.result if isinstance(x, FormulaText) else x for x in line]
    numbers = np.array([None, *(escaped(x) if isinstance(x, str) else x and x + 0.0 for x in results)], dtype=object)
    (whole,) = at_once.form().filled(np.empty(0))
    assert b"".join(later.form().filled(numbers)) == whole
    assert b"%%" not in whole
    assert whole.count(b"<c ") == len(line)


def test_a_form_is_filled_in_twice() -> None:
    rows = Rows(SharedStrings())
    rows.put_lines(1, 1, [(0, 0)], [[0.0, 0.0]], place=0)
    rows.put(3, 1, 0, FormulaText("SUM(A1:B1)", 0.0), place=2)
    form: SheetForm = rows.form()
    for numbers in ([1.0, 2.0, 3.0], [5.0, -0.0, 5.0]):
        found = re.findall(r"<v>(.*?)</v>", b"".join(form.filled(np.array(numbers))).decode())
        assert [float(x) for x in found] == numbers
        assert "-0" not in found


def test_the_strings_are_declared_once() -> None:
    strings = SharedStrings()
    assert [strings.number(text) for text in ("a", "b", "a")] == [0, 1, 0]
    parts = strings.added_to({
        "[Content_Types].xml": b"<Types></Types>", "xl/_rels/workbook.xml.rels": b"<Relationships></Relationships>",
    })  # fmt: skip
    assert parts["[Content_Types].xml"].count(b'PartName="/xl/sharedStrings.xml"') == 1
    assert parts["xl/_rels/workbook.xml.rels"].count(b'Target="/xl/sharedStrings.xml"') == 1


def test_shared_formulas_are_numbered_sheet_by_sheet() -> None:
    rows = Rows(SharedStrings())
    assert [rows.next_shared() for _ in range(3)] == [0, 1, 2]
    assert Rows(SharedStrings()).next_shared() == 0


@pytest.mark.parametrize(
    ("formula", "xml"),
    [
        (FormulaText("A1<B1", 1.0), "<f>A1&lt;B1</f>"),
        (FormulaText("A1&B1", 1.0, 3, "C1:C9"), '<f t="shared" ref="C1:C9" si="3">A1&amp;B1</f>'),
        (FormulaText(None, 1.0, 3), '<f t="shared" si="3"/>'),
    ],
)
def test_how_a_formula_is_written(formula: FormulaText, xml: str) -> None:
    assert formula.xml == xml


def test_a_font_has_its_elements_in_the_order_of_the_schema() -> None:
    """openpyxl's own come in another order, which validators refuse."""
    xml = OrderedFont(name="Arial", family=2, sz=10, color="FF112233", b=True, u="single").to_tree()
    assert [element.tag for element in xml] == ["b", "u", "sz", "color", "name", "family"]


@pytest.mark.slow
def test_other_programs_read_the_lesson(seven: Path) -> None:
    book = openpyxl.load_workbook(seven)
    assert book[tab("conv1")][LESSON["conv1"].references("output", 0, 9, 3)].value == LESSON["conv1"].formula("output", (0, 9, 3))
