"""A package with marks: frames and notes on some cells, in as few parts as possible, whoever has written it."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
import xlsxwriter
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import ColorScaleRule
from openpyxl.styles import PatternFill

from benchmarks.edits import structure
from tests.conftest import parts_of, write_parts
from tests.xlsx.test_reader import package
from tests.xlsx.test_round_trip import by_gnumeric, by_libreoffice
from xlcnn import WorkbookError
from xlcnn.grid.references import split_cell
from xlcnn.xlsx.limits import Limits
from xlcnn.xlsx.marks import marked
from xlcnn.xlsx.note_shapes import Note
from xlcnn.xlsx.reader import read_book
from xlcnn.xlsx.relations import OFFICE

ANCHOR = (3, 10, 1, 4, 9, 2, 6, 0)


def with_marks(source: Path, target: Path, **sheets: dict[str, str]) -> Path:
    """A copy of a workbook with frames on cells, and notes where there are words."""
    data = source.read_bytes()
    paths = read_book(data).paths
    marks = {
        paths[title]: {split_cell(cell): Note(text, ANCHOR) if text else None for cell, text in cells.items()}
        for title, cells in sheets.items()
    }
    target.write_bytes(marked(data, marks, Limits()))
    read_book(target.read_bytes())  # what programs might read in different ways is refused
    return target


def changed(before: Path, after: Path) -> tuple[set[str], set[str]]:
    """The names of the parts that have changed, and of those that are new."""
    old, new = parts_of(before), parts_of(after)
    assert old.keys() <= new.keys()
    return {name for name in old if old[name] != new[name]}, new.keys() - old.keys()


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """A teacher's workbook: notes, a chart, a heat map, a list, a link, colours, a second sheet with a note."""
    book = openpyxl.Workbook()
    first, second = book.active, book.create_sheet("Other")
    first.title = "First"
    for row in range(1, 6):
        first.cell(row, 2, row * 1.5)
    first["B2"].fill = PatternFill("solid", fgColor="FFEEDD00")
    first["B2"].number_format = "0.00"
    first["B2"].comment = Comment("mind the units", "Ms Jones")
    first["D4"].comment = Comment("see page 3", "Mr Brown")
    second["A1"].comment = Comment("elsewhere", "Ms Jones")
    first.conditional_formatting.add("B1:B5", ColorScaleRule("min", None, "FFFFFF", end_type="max", end_color="FF0000"))
    first["A1"].hyperlink = "#Other!A1"
    chart = BarChart()
    chart.add_data(Reference(first, min_col=2, min_row=1, max_row=5))
    first.add_chart(chart, "F2")
    book.save(tmp_path / "theirs.xlsx")
    return tmp_path / "theirs.xlsx"


def test_only_what_must_change_has_changed(theirs: Path, tmp_path: Path) -> None:
    after = with_marks(theirs, tmp_path / "copy.xlsx", First={"B2": "ours", "B3": "ours"})
    old, new = changed(theirs, after)
    shapes = {name for name in parts_of(theirs) if name.endswith(".vml") or "comments" in name}
    assert new == set()
    assert old - shapes == {"xl/worksheets/sheet1.xml", "xl/styles.xml"}
    assert len(old & shapes) == 2, "the other sheet keeps its notes as they were"


def test_the_order_of_the_parts_and_their_times_stay(theirs: Path, tmp_path: Path) -> None:
    after = with_marks(theirs, tmp_path / "copy.xlsx", First={"B3": "ours"})
    with ZipFile(theirs) as before, ZipFile(after) as now:
        assert [(i.filename, i.date_time, i.compress_type) for i in now.infolist()] == [
            (i.filename, i.date_time, i.compress_type) for i in before.infolist()
        ]


def test_a_cell_keeps_its_look_within_its_frame(theirs: Path, tmp_path: Path) -> None:
    after = with_marks(theirs, tmp_path / "copy.xlsx", First={"B2": "ours"})
    cell = openpyxl.load_workbook(after)["First"]["B2"]
    assert (cell.value, cell.number_format, cell.fill.fgColor.rgb) == (3, "0.00", "FFEEDD00")
    assert [side.style for side in (cell.border.left, cell.border.right, cell.border.top, cell.border.bottom)] == ["thick"] * 4


def test_notes_of_others_stay_and_ours_come_to_them(theirs: Path, tmp_path: Path) -> None:
    after = with_marks(theirs, tmp_path / "copy.xlsx", First={"B2": "ours", "B3": "ours too"})
    sheet = openpyxl.load_workbook(after)["First"]
    assert {c.coordinate: (c.comment.text, c.comment.author) for row in sheet.iter_rows() for c in row if c.comment} == {
        "B2": ("mind the units\n\nours", "Ms Jones"),
        "D4": ("see page 3", "Mr Brown"),
        "B3": ("ours too", "xlcnn"),
    }


def test_the_first_notes_of_a_workbook(small: Path, tmp_path: Path) -> None:
    book = read_book(small.read_bytes())
    sheet = list(book.sheets)[3]
    old, new = changed(small, with_marks(small, tmp_path / "copy.xlsx", **{sheet: {"B6": "ours", "ZZ900": "far away"}}))
    part = book.paths[sheet]
    relations = part.replace("worksheets/", "worksheets/_rels/") + ".rels"
    assert old - {relations} == {"[Content_Types].xml", "xl/styles.xml", part}
    assert new - {relations} == {"xl/comments1.xml", "xl/drawings/vmlDrawing1.vml"}
    read = openpyxl.load_workbook(tmp_path / "copy.xlsx")[sheet]
    assert (read["B6"].comment.text, read["ZZ900"].comment.text) == ("ours", "far away")
    assert read["ZZ900"].border.left.style == "thick"


def test_notes_on_several_sheets_are_declared_once_and_stand_in_parts_of_their_own(small: Path, tmp_path: Path) -> None:
    sheets = list(read_book(small.read_bytes()).sheets)[2:5]
    after = parts_of(with_marks(small, tmp_path / "copy.xlsx", **{sheet: {"B6": sheet} for sheet in sheets}))
    assert after["[Content_Types].xml"].count(b'"vml"') == 1
    assert b'.vml"' not in after["[Content_Types].xml"]
    assert after["[Content_Types].xml"].count(b"/xl/comments") == 3
    book = openpyxl.load_workbook(tmp_path / "copy.xlsx")
    assert [book[sheet]["B6"].comment.text for sheet in sheets] == sheets


def test_a_frame_without_a_note_needs_no_part_for_notes(theirs: Path, tmp_path: Path) -> None:
    old, new = changed(theirs, with_marks(theirs, tmp_path / "copy.xlsx", First={"B3": "", "J20": ""}))
    assert (old, new) == ({"xl/worksheets/sheet1.xml", "xl/styles.xml"}, set())


def test_the_same_marks_give_the_same_bytes(theirs: Path, tmp_path: Path) -> None:
    marks = {"B2": "ours", "Q7": "ours"}
    first, second = (with_marks(theirs, tmp_path / name, First=marks, Other=marks) for name in ("a.xlsx", "b.xlsx"))
    assert first.read_bytes() == second.read_bytes()


def test_a_copy_can_be_marked_again(theirs: Path, tmp_path: Path) -> None:
    once = with_marks(theirs, tmp_path / "once.xlsx", First={"B3": "ours"}, Other={"B9": "ours"})
    twice = with_marks(once, tmp_path / "twice.xlsx", First={"B3": "again", "B4": "new"}, Other={"B9": "again"})
    book = openpyxl.load_workbook(twice)
    assert book["First"]["B3"].comment.text == book["Other"]["B9"].comment.text == "ours\n\nagain"
    assert book["First"]["B4"].comment.text == "new"


def test_buttons_stay(tmp_path: Path) -> None:
    """A sheet has one older drawing for its buttons and its notes."""
    path = tmp_path / "buttons.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("First")
        sheet.write("A1", 1)
        sheet.insert_button("C3", {"caption": "press"})
        sheet.set_header("&C&G", {"image_center": "p.png", "image_data_center": BytesIO(PIXEL)})  # in an older drawing of its own
    before = read_book(path.read_bytes()).sheets["First"].drawings
    after = with_marks(path, tmp_path / "copy.xlsx", First={"A1": "ours"})
    assert changed(path, after)[1] == {"xl/comments1.xml"}, "its shapes are drawn beside the button"
    assert read_book(after.read_bytes()).sheets["First"].drawings == before
    assert openpyxl.load_workbook(after)["First"]["A1"].comment.text == "ours"


def test_pictures_of_printed_heads_stay(tmp_path: Path) -> None:
    """They are in an older drawing, too, in which notes would be nowhere."""
    path = tmp_path / "heads.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("First")
        sheet.write("A1", 1)
        sheet.set_header("&C&G", {"image_center": "p.png", "image_data_center": BytesIO(PIXEL)})
    old, new = changed(path, with_marks(path, tmp_path / "copy.xlsx", First={"A1": "ours"}))
    assert new == {"xl/comments1.xml", "xl/drawings/vmlDrawing2.vml"}
    assert "xl/drawings/vmlDrawing1.vml" not in old


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44"
    "ae426082"
)


def test_a_strict_workbook_stays_strict(theirs: Path, tmp_path: Path) -> None:
    for source, name in ((theirs, "with notes"), (without_notes(theirs, tmp_path), "without")):
        strict = write_parts(structure.strict(parts_of(source)), tmp_path / "strict.xlsx")
        after = parts_of(with_marks(strict, tmp_path / "copy.xlsx", First={"B3": "ours"}))
        for usual in (b"http://schemas.openxmlformats.org/spreadsheetml", OFFICE[0].encode()):
            assert [part for part, content in after.items() if usual in content] == [], name


def without_notes(source: Path, folder: Path) -> Path:
    book = openpyxl.load_workbook(source)
    for cell in ("B2", "D4"):
        book["First"][cell].comment = None
    book["Other"]["A1"].comment = None
    book.save(folder / "bare.xlsx")
    return folder / "bare.xlsx"


def test_names_with_a_prefix(tmp_path: Path) -> None:
    """As programs write them that are made with Microsoft's Open XML SDK."""
    data = BytesIO(package('<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'))
    with ZipFile(data) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name in parts:
        parts[name] = re.sub(rb"<(/?)(?=\w)", rb"<\1x:", parts[name].replace(b" xmlns=", b" xmlns:x="))
    path = write_parts(parts, tmp_path / "prefixed.xlsx")
    after = parts_of(with_marks(path, tmp_path / "copy.xlsx", S={"A1": "ours", "C9": "ours"}))
    assert after["xl/worksheets/sheet1.xml"].count(b"<x:legacyDrawing ") == 1
    assert b'<x:Override PartName="/xl/comments1.xml"' in after["[Content_Types].xml"]


def test_without_styles_there_are_notes_alone(tmp_path: Path) -> None:
    path = tmp_path / "plain.xlsx"
    path.write_bytes(package('<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'))
    after = parts_of(with_marks(path, tmp_path / "copy.xlsx", S={"A1": "ours"}))
    assert b'<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData><legacyDrawing' in after["xl/worksheets/sheet1.xml"]
    assert b'ref="A1"' in after["xl/comments1.xml"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("", '<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>'),
        ('<Default Extension="VML" ContentType="text/x"/>', '<Override PartName="/xl/drawings/vmlDrawing1.vml" ContentType="app'),
    ],
)
def test_what_the_new_parts_are_is_said_once(tmp_path: Path, said: str, expected: str) -> None:
    path = tmp_path / "plain.xlsx"
    path.write_bytes(package("<sheetData/>"))
    parts = parts_of(path)
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", said.encode() + b"</Types>")
    after = parts_of(with_marks(write_parts(parts, path), tmp_path / "copy.xlsx", S={"A1": "ours"}))
    assert after["[Content_Types].xml"].decode().count(expected) == 1


@pytest.mark.parametrize(
    "program",
    [
        pytest.param(by_libreoffice, marks=[pytest.mark.libreoffice, pytest.mark.slow]),
        pytest.param(by_gnumeric, marks=[pytest.mark.gnumeric, pytest.mark.slow]),
    ],
)
def test_other_programs_workbooks_can_be_marked_and_they_read_the_marks(
    theirs: Path, tmp_path: Path, program: Callable[[Path, Path], Path]
) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    marks = {"B2": "ours", "B3": "ours", "C9": "ours"}
    after = with_marks(program(theirs, tmp_path / "one"), tmp_path / "copy.xlsx", First=marks)
    sheet, saved = (openpyxl.load_workbook(path)["First"] for path in (after, program(after, tmp_path / "two")))
    assert [sheet[cell].border.left.style for cell in marks] == ["thick"] * 3
    assert {c.coordinate for row in saved.iter_rows() for c in row if c.comment and "ours" in c.comment.text} == set(marks)
    assert "see page 3" in saved["D4"].comment.text


def test_a_drawing_that_is_nowhere_cannot_be_added_to(tmp_path: Path) -> None:
    """A second element that names one would be no sheet any more."""
    path = tmp_path / "plain.xlsx"
    path.write_bytes(package(f'<sheetData/><legacyDrawing xmlns:r="{OFFICE[0]}" r:id="rId7"/>'))
    with pytest.raises(WorkbookError, match=r"sheet1.xml names an older drawing that is not there"):
        with_marks(path, tmp_path / "copy.xlsx", S={"A1": "ours"})


def test_notes_that_are_nowhere_cannot_be_added_to(theirs: Path, tmp_path: Path) -> None:
    parts = parts_of(theirs)
    (comments, *_) = sorted(name for name in parts if "comments" in name)
    del parts[comments]
    with pytest.raises(WorkbookError, match=f"cannot be annotated: its part {comments} is missing"):
        with_marks(write_parts(parts, tmp_path / "gone.xlsx"), tmp_path / "copy.xlsx", First={"B2": "x"}, Other={"A1": "x"})
