"""A sheet is added to a workbook, whoever has written it: behind all others, in new parts, everything else as it was."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
import xlsxwriter
from openpyxl.styles import Font
from PIL import Image

from tests.conftest import parts_of, write_parts
from tests.xlsx.test_reader import package
from tests.xlsx.test_round_trip import by_gnumeric, by_libreoffice
from xlcnn import WorkbookError
from xlcnn.xlsx.additions import with_sheet
from xlcnn.xlsx.limits import Limits
from xlcnn.xlsx.new_sheet import Heat, NewCell, NewPicture, NewSheet
from xlcnn.xlsx.new_styles import NEW
from xlcnn.xlsx.reader import read_book
from xlcnn.xlsx.relations import OFFICE, content_type, content_types

DOT = BytesIO()
Image.new("L", (4, 4), 200).save(DOT, "PNG")
SHEET = NewSheet(
    {
        (1, 1): NewCell("<head> & \"more\" ", "title"), (2, 1): NewCell(12345, "count"), (2, 2): NewCell(0.25, "share"),
        (3, 1): NewCell(12345.25, "share", "A2+B2"), (3, 2): NewCell("", "share", 'IF(1<2,"","x")'), (5, 3): NewCell(None, "text"),
    },
    {1: 20.0}, {5: 60}, [Heat("A2:B3 D4", "8DB6E2")], [NewPicture((5, 1), 40, 40, DOT.getvalue(), 'a "dot"')],
)  # fmt: skip


def by_openpyxl(folder: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "First"  # type: ignore[union-attr]
    book["First"]["A1"] = "mine"
    book["First"]["A1"].font = Font(bold=True, size=20)
    book.create_sheet("Hidden").sheet_state = "hidden"
    book.save(folder / "o.xlsx")
    return folder / "o.xlsx"


def by_xlsxwriter(folder: Path) -> Path:
    with xlsxwriter.Workbook(folder / "x.xlsx") as book:
        page = book.add_worksheet("First")
        page.write("A1", "mine", book.add_format({"bold": True}))
        page.insert_image("C3", "dot.png", {"image_data": BytesIO(DOT.getvalue())})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=First!$A$1:$A$2"})
        page.insert_chart("E3", chart)
    return folder / "x.xlsx"


WRITERS = {"openpyxl": by_openpyxl, "XlsxWriter": by_xlsxwriter}


def copy(source: Path, target: Path, title: str = "New", sheet: NewSheet = SHEET) -> Path:
    target.write_bytes(with_sheet(source.read_bytes(), title, sheet, Limits()))
    return target


@pytest.mark.parametrize("writer", WRITERS)
def test_the_cells_stand_on_a_sheet_behind_all_others(tmp_path: Path, writer: str) -> None:
    source = WRITERS[writer](tmp_path)
    book = read_book(copy(source, tmp_path / "c.xlsx").read_bytes())
    assert list(book.sheets) == [*read_book(source.read_bytes()).sheets, "New"]
    new = book.sheets["New"]
    assert new.values[1, 1] == '<head> & "more" '
    assert (new.values[2, 1], new.values[2, 2], new.values[3, 1]) == (12345, 0.25, 12345.25)
    assert {cell: formula.text for cell, formula in new.formulas.items()} == {(3, 1): "A2+B2", (3, 2): 'IF(1<2,"","x")'}


@pytest.mark.parametrize("writer", WRITERS)
def test_nothing_else_changes(tmp_path: Path, writer: str) -> None:
    source = WRITERS[writer](tmp_path)
    old, new = parts_of(source), parts_of(copy(source, tmp_path / "c.xlsx"))
    changed = {name for name in old if old[name] != new[name]}
    assert changed == {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
    assert list(new)[: len(old)] == list(old)
    with ZipFile(tmp_path / "c.xlsx") as archive:
        types = content_types(archive)
    kinds = {name: content_type(types, name) for name in new.keys() - old.keys() if not name.endswith(".rels")}
    ends = {"sheets": "worksheet+xml", "drawings": "drawing+xml", "media": "image/png"}
    assert all(any(folder in name and kind.endswith(end) for folder, end in ends.items()) for name, kind in kinds.items())
    assert len(new) - len(old) == 5  # the sheet, the drawing, what leads from the one to the other, and the picture


@pytest.mark.parametrize("writer", WRITERS)
def test_openpyxl_sees_looks_and_pictures(tmp_path: Path, writer: str) -> None:
    source = WRITERS[writer](tmp_path)
    book = openpyxl.load_workbook(copy(source, tmp_path / "c.xlsx"))
    page = book["New"]
    assert (page["A1"].font.sz, page["A1"].font.b) == (14, True)
    assert (page["A2"].number_format, page["B2"].number_format) == ("#,##0", "0.00%")
    assert page.column_dimensions["A"].width == 20
    assert page.row_dimensions[5].height == 45
    assert len(page._images) == 1
    assert book["First"]["A1"].font.b == openpyxl.load_workbook(source)["First"]["A1"].font.b


def test_a_title_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    path = by_openpyxl(tmp_path)
    for title in ("FIRST", "First", "New"):
        path = copy(path, tmp_path / f"{title}.xlsx", title)
    assert openpyxl.load_workbook(path).sheetnames == ["First", "Hidden", "FIRST 2", "First 3", "New"]


def test_without_a_list_of_styles_cells_have_none() -> None:
    book = read_book(with_sheet(package("<sheetData/>"), "New", SHEET, Limits()))
    assert (book.sheets["New"].values[2, 2], book.sheets["New"].styles) == (0.25, {})


def test_without_pictures_there_is_no_drawing(tmp_path: Path) -> None:
    source = by_openpyxl(tmp_path)
    plain = NewSheet({(1, 1): NewCell(1.5)}, {1: 10.0}, {})
    new = parts_of(copy(source, tmp_path / "c.xlsx", sheet=plain)).keys() - parts_of(source).keys()
    assert new == {"xl/worksheets/sheet3.xml"}


def test_strict_workbooks_are_refused_in_a_sentence(tmp_path: Path) -> None:
    source = by_openpyxl(tmp_path)
    parts = {name: data.replace(OFFICE[0].encode(), OFFICE[1].encode()) for name, data in parts_of(source).items()}
    with pytest.raises(WorkbookError, match="is a strict workbook"):
        copy(write_parts(parts, tmp_path / "s.xlsx"), tmp_path / "c.xlsx")


def test_what_is_no_workbook_is_refused() -> None:
    with pytest.raises(WorkbookError):
        with_sheet(b"PK", "New", SHEET, Limits())


def test_microsofts_rules_are_kept(tmp_path: Path) -> None:
    validator = pytest.importorskip("openxml_audit", reason="needs a newer lxml than the lowest that xlcnn takes")
    found = validator.OpenXmlValidator().validate(copy(by_xlsxwriter(tmp_path), tmp_path / "c.xlsx"))
    assert found.errors == []


def test_every_style_is_used_by_its_name() -> None:
    assert {cell.style for cell in SHEET.cells.values()} <= NEW.keys()


@pytest.mark.libreoffice
def test_libreoffice_opens_it(tmp_path: Path) -> None:
    saved = by_libreoffice(copy(by_xlsxwriter(tmp_path), tmp_path / "c.xlsx"), tmp_path)
    book = openpyxl.load_workbook(saved, data_only=True)
    assert (book["New"]["A3"].value, book["New"]["B2"].number_format) == (12345.25, "0.00%")
    assert len(book["New"]._images) == 1


@pytest.mark.gnumeric
def test_gnumeric_opens_it(tmp_path: Path) -> None:
    saved = by_gnumeric(copy(by_xlsxwriter(tmp_path), tmp_path / "c.xlsx"), tmp_path)
    assert openpyxl.load_workbook(saved, data_only=True)["New"]["A3"].value == 12345.25
