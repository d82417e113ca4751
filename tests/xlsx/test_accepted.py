"""What spreadsheet programs write is accepted, from 2007 to 365, strict and transitional; so is what they save of our workbooks."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from benchmarks.edits import structure
from tests.conftest import parts_of, write_parts
from tests.xlsx.test_round_trip import by_gnumeric, by_libreoffice, by_openpyxl
from xlcnn import WorkbookError, find_template, make_workbook, verify
from xlcnn.xlsx.reader import read_book

BOOK, CONV, POOL, STRINGS = (f"xl/{name}.xml" for name in ("workbook", "worksheets/sheet4", "worksheets/sheet5", "sharedStrings"))
Edit = Callable[[str], str]

MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
AC = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"
XR = "http://schemas.microsoft.com/office/spreadsheetml/2014/revision"
X15 = "http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
EXTENDED = f'xmlns:mc="{MC}" xmlns:x14ac="{AC}" xmlns:xr="{XR}" xmlns:x15="{X15}" mc:Ignorable="x14ac xr x15" xr:uid="{{0-0}}" '

NEW = 'spans="1:63" s="1" customFormat="1" thickTop="1" thickBot="1" ph="1" x14ac:dyDescent="0.25"'
ALOUD = '<rPh sb="0" eb="1"><t>x</t></rPh><phoneticPr fontId="1"/>'
BARS = '<x14:cfRule type="dataBar" id="x"><x14:dataBar><x14:cfvo type="min"/></x14:dataBar></x14:cfRule>'


def edited(small: Path, tmp_path: Path, *edits: tuple[str, str, str]) -> Path:
    """A copy in which every match of a pattern in a part was replaced."""
    parts = parts_of(small)
    for part, pattern, text in edits:
        before = parts[part].decode()
        parts[part] = re.sub(pattern, text, before).encode()
        assert parts[part].decode() != before, pattern
    return write_parts(parts, tmp_path / "edited.xlsx")


# ---- as Excel, Google Sheets and others write it ----

#: What the standard and the extensions of Excel 2010 to 365 let stand there (ECMA-376 Part 1, 18.3.1.73, 18.3.1.4 and 18.3.1.40).
WRITTEN: dict[str, tuple[tuple[str, str, str], ...]] = {
    "Excel 365: revisions and heights": (
        (POOL, "<worksheet ", "<worksheet " + EXTENDED),
        (POOL, '<row r="(.*?)"', r'<row r="\1" ' + NEW),
    ),
    "Excel 2007: groups, phonetic cells": (
        (POOL, '<row r="(.*?)"', r'<row r="\1" collapsed="0" outlineLevel="1" hidden="0"'), (POOL, "<c r=", '<c ph="1" r='),
    ),
    "formulas to be computed always": ((POOL, "<f>", '<f ca="1" aca="0">'),),
    "spaces kept": ((POOL, "<f>", '<f xml:space="preserve">'), (STRINGS, "<t>", '<t xml:space="preserve">')),
    "the workbook's path, for one program only": (
        (BOOK, "<workbook ", "<workbook " + EXTENDED),
        (BOOK, "<bookViews>",
         f'<mc:AlternateContent><mc:Choice Requires="x15"><x15ac:absPath xmlns:x15ac="{AC}" url="C:/"/></mc:Choice>'
         '</mc:AlternateContent><xr:revisionPtr revIDLastSave="0"/><bookViews>'),
    ),
    "features of Excel 365 in the workbook": (
        (BOOK, "</workbook>",
         f'<extLst><ext uri="x" xmlns:x15="{X15}"><x15:workbookPr chartTrackingRefBase="1"/></ext></extLst></workbook>'),
    ),
    "data bars of Excel 2010": (
        (POOL, "</worksheet>",
         f'<extLst><ext uri="x" xmlns:x14="{X14}"><x14:conditionalFormattings><x14:conditionalFormatting>{BARS}'
         "</x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst></worksheet>"),
    ),
    "a button, for old and new programs": (
        (POOL, "</worksheet>",
         f'<mc:AlternateContent xmlns:mc="{MC}"><mc:Choice Requires="x14"><controls><control shapeId="1" name="b"/></controls>'
         "</mc:Choice></mc:AlternateContent></worksheet>"),
    ),
    "LibreOffice: types and truth values in words": (
        (POOL, "<c (r=.[A-Z]+[0-9]+.) (s=.[0-9]+.)><f>", r'<c \1 \2 t="n"><f aca="false">'),
        (POOL, '<row r="(.*?)"', r'<row r="\1" customFormat="false" hidden="false" outlineLevel="0" collapsed="false"'),
    ),
    "rich text and how to say it": (
        (STRINGS, "<t>([^<]*)</t>", r"<r><rPr><b/></rPr><t>\1</t></r>" + ALOUD),
    ),
    "an instruction and a comment before the root": ((POOL, "<worksheet ", "<?mso x?><!-- by me --><worksheet "),),
    "line ends and blanks between the elements": ((POOL, "(</c>|<row [^>]*>|</row>|<sheetData>)", "\\1\r\n\t"),),
}  # fmt: skip


@pytest.mark.parametrize("edits", WRITTEN.values(), ids=WRITTEN)
def test_what_programs_write_is_accepted(small: Path, tmp_path: Path, edits: tuple[tuple[str, str, str], ...]) -> None:
    report = verify(edited(small, tmp_path, *edits), trials=1)
    assert report.ok, report.problems[:3]


def test_a_sheet_without_numbers_of_rows_and_cells(small: Path, tmp_path: Path) -> None:
    """Where every row and cell stands is said by none; some small writers do so."""
    path = edited(
        small, tmp_path, (POOL, r"<sheetData>.*</sheetData>", "<sheetData><row><c><v>1</v></c><c><v>2</v></c></row></sheetData>")
    )
    assert read_book(path.read_bytes()).sheets["Pool"].values == {(1, 1): 1, (1, 2): 2}


# ---- strict ----


def strict(source: Path, target: Path) -> Path:
    """As Excel saves a *Strict Open XML Spreadsheet*: other addresses, and a mark that it is strict."""
    return write_parts(structure.strict(parts_of(source)), target)


def test_a_strict_workbook_is_verified(small: Path, tmp_path: Path) -> None:
    path = strict(small, tmp_path / "strict.xlsx")
    assert b"purl.oclc.org/ooxml/spreadsheetml/main" in parts_of(path)[POOL]
    assert b"schemas.openxmlformats.org/spreadsheetml" not in parts_of(path)[POOL] + parts_of(path)[BOOK]
    before, after = read_book(small.read_bytes()), read_book(path.read_bytes())
    assert after.sheets == before.sheets
    assert after.names == before.names
    report = verify(path, trials=2)
    assert report.ok, report.problems[:3]


def test_a_strict_workbook_that_is_wrong_is_not(small: Path, tmp_path: Path) -> None:
    path = strict(edited(small, tmp_path, (POOL, r"MAX\(B6:D8\)", "MAX(B6:D7)")), tmp_path / "strict.xlsx")
    assert not verify(path, trials=2).ok


@pytest.mark.parametrize("part", [BOOK, POOL, STRINGS])
def test_a_workbook_half_strict_is_refused(small: Path, tmp_path: Path, part: str) -> None:
    half = parts_of(small) | {part: parts_of(strict(small, tmp_path / "strict.xlsx"))[part]}
    with pytest.raises(WorkbookError, match="cannot be verified: xl/"):
        verify(write_parts(half, tmp_path / "half.xlsx"))


# ---- saved by other programs ----


def by_xlsxwriter(path: Path, folder: Path) -> Path:
    """Every cell and name of it, written anew by XlsxWriter; looks and widths are not."""
    book, target = read_book(path.read_bytes()), folder / "written.xlsx"
    with xlsxwriter.Workbook(str(target)) as new:
        for title, cells in book.sheets.items():
            page = new.add_worksheet(title)
            for (row, col), value in cells.values.items():
                formula = cells.formulas.get((row, col))
                if formula is not None:
                    page.write_formula(row - 1, col - 1, formula.at((row, col)), value=value)
                elif value is not None:
                    (page.write_string if isinstance(value, str) else page.write_number)(row - 1, col - 1, value)  # type: ignore[arg-type]
        for name, place in book.names.items():
            new.define_name(name, "=" + place)
    return target


SAVERS = [
    by_openpyxl, by_xlsxwriter,
    pytest.param(by_libreoffice, marks=pytest.mark.libreoffice), pytest.param(by_gnumeric, marks=pytest.mark.gnumeric),
]  # fmt: skip


@pytest.mark.parametrize("save", SAVERS)
def test_saved_by_another_program_it_is_accepted(small: Path, tmp_path: Path, save: Callable[[Path, Path], Path]) -> None:
    report = verify(save(small, tmp_path), trials=1)
    assert report.ok, report.problems[:3]


@pytest.mark.slow
@pytest.mark.parametrize("save", SAVERS)
def test_so_is_the_whole_lesson(tmp_path: Path, save: Callable[[Path, Path], Path]) -> None:
    path = tmp_path / "three.xlsx"
    make_workbook(find_template("lesson").sample(3), path, as_is=True, add=["learning"])
    report = verify(save(path, tmp_path), trials=0)
    assert report.ok, report.problems[:3]


def test_openpyxl_reads_what_is_accepted(small: Path) -> None:
    """Of an untouched workbook both see the same formulas."""
    mine = read_book(small.read_bytes())
    for page in openpyxl.load_workbook(small):
        for row in page.iter_rows():
            for cell in row:
                formula = mine.sheets[page.title].formulas.get((cell.row, cell.column))
                assert (formula.at((cell.row, cell.column)) if formula else None) == (cell.value if cell.data_type == "f" else None)
