"""The reader: one pass, bounded, nothing run; and a refusal in one line of whatever cannot be read."""

import io
import os
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import LESSON, parts_of, sheet_part, tab, write_parts
from xlcnn import WorkbookError, verify
from xlcnn.grid.rules import Rule
from xlcnn.xlsx.book import Book, SheetCells
from xlcnn.xlsx.limits import Limits
from xlcnn.xlsx.reader import open_book, read_book

BOOK = "xl/workbook.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


CONTENT = "http://schemas.openxmlformats.org/package/2006/content-types"
DEFAULT = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
TYPES = {BOOK: "sheet.main", "xl/worksheets/sheet1.xml": "worksheet", "xl/sharedStrings.xml": "sharedStrings"}


def override(part: str) -> str:
    kind = f"application/vnd.openxmlformats-officedocument.spreadsheetml.{TYPES[part]}+xml"
    return f'<Override PartName="/{part}" ContentType="{kind}"/>'


def related(*relations: tuple[str, str, str]) -> str:
    """A part of relationships: identifier, kind, target."""
    items = (f'<Relationship Id="{k}" Type="{OFFICE}/{kind}" Target="{target}"/>' for k, kind, target in relations)
    return f'<Relationships xmlns="{PACKAGE}">{"".join(items)}</Relationships>'


def package(sheet: str, strings: str = "", names: str = "", sheets: str = "", more: str = "") -> bytes:
    """The smallest package: one sheet S of which `sheet` is the inside."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{CONTENT}">{DEFAULT}{"".join(map(override, TYPES))}</Types>')
        archive.writestr("_rels/.rels", related(("rId1", "officeDocument", BOOK)))
        listed = sheets or '<sheet name="S" sheetId="1" r:id="rId1"/>'
        inside = f"<sheets>{listed}</sheets><definedNames>{names}</definedNames>{more}"
        archive.writestr(BOOK, f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{inside}</workbook>')
        texts = [("rId9", "sharedStrings", "sharedStrings.xml")] if strings else []
        archive.writestr("xl/_rels/workbook.xml.rels", related(("rId1", "worksheet", "worksheets/sheet1.xml"), *texts))
        archive.writestr("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{MAIN}">{sheet}</worksheet>')
        if strings:
            archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{strings}</sst>')
    return out.getvalue()


def cells(rows: str, strings: str = "") -> SheetCells:
    return read_book(package(f"<sheetData>{rows}</sheetData>", strings)).sheets["S"]


# ---- values ----


@pytest.mark.parametrize(
    ("xml", "value"),
    [
        ('<c r="A1"><v>1.5</v></c>', 1.5),
        ('<c r="A1" t="n"><v>-2E-3</v></c>', -0.002),
        ('<c r="A1" t="b"><v>1</v></c>', True),
        ('<c r="A1" t="b"><v>0</v></c>', False),
        ('<c r="A1" t="s"><v>1</v></c>', "two"),
        ('<c r="A1" t="str"><f>A2</f><v>a &lt; b</v></c>', "a < b"),
        ('<c r="A1" t="str"><f>A2</f><v></v></c>', ""),
        ('<c r="A1" t="inlineStr"><is><t>in</t></is></c>', "in"),
        ('<c r="A1" t="inlineStr"><is><r><t>two </t></r><r><t>runs</t></r></is></c>', "two runs"),
        ('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!"),
        ('<c r="A1" s="3"/>', None),
        ('<c r="A1"><f>A2</f></c>', None),
    ],
)
def test_every_kind_of_value(xml: str, value: object) -> None:
    found = cells(f'<row r="1">{xml}</row>', "<si><t>one</t></si><si><t>two</t></si>").values[1, 1]
    assert found == value
    assert type(found) is type(value)


def test_rich_text_and_phonetic_hints_of_shared_strings() -> None:
    strings = "<si><r><t>rich </t></r><r><t>text</t></r><rPh><t>hint</t></rPh></si><si/>"
    found = cells('<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>', strings)
    assert found.values == {(1, 1): "rich text", (1, 2): ""}


def test_phonetic_hints_of_inline_strings_are_no_text() -> None:
    xml = '<c r="A1" t="inlineStr"><is><t>in</t><rPh sb="0" eb="1"><t>no</t></rPh></is></c>'
    assert cells(f'<row r="1">{xml}</row>').values[1, 1] == "in"


def test_cells_without_a_reference_follow_one_another() -> None:
    found = cells("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>")
    assert found.values == {(1, 1): 1, (1, 2): 2, (2, 1): 3}


def test_any_prefix_may_be_used() -> None:
    xml = f'<x:sheetData xmlns:x="{MAIN}"><x:row r="1"><x:c r="A1"><x:v>4</x:v></x:c></x:row></x:sheetData>'
    assert read_book(package(xml)).sheets["S"].values == {(1, 1): 4}


# ---- formulas ----


def test_a_shared_formula_is_each_cells_own() -> None:
    found = cells(
        '<row r="2"><c r="B2"><f t="shared" ref="B2:C3" si="0">A1+$A$1</f><v>1</v></c><c r="C2"><f t="shared" si="0"/></c></row>'
        '<row r="3"><c r="B3"><f t="shared" si="0"/></c><c r="C3"><f>7</f></c></row>'
    ).formulas
    assert {cell: formula.at(cell) for cell, formula in found.items()} == {
        (2, 2): "=A1+$A$1", (2, 3): "=B1+$A$1", (3, 2): "=A2+$A$1", (3, 3): "=7",
    }  # fmt: skip


@pytest.mark.slow
def test_a_new_workbook_is_read_as_openpyxl_reads_it(seven: Path) -> None:
    mine, theirs = read_book(seven.read_bytes()), openpyxl.load_workbook(seven)
    results = openpyxl.load_workbook(seven, data_only=True)
    assert list(mine.sheets) == theirs.sheetnames
    for page in theirs:
        for row in page.iter_rows():
            for cell in row:
                where = (cell.row, cell.column)
                formula = mine.sheets[page.title].formulas.get(where)
                if cell.data_type == "f":
                    assert formula is not None, (page.title, where)
                    assert formula.at(where) == cell.value, (page.title, where)
                else:
                    assert formula is None
                assert mine.sheets[page.title].values.get(where) == results[page.title].cell(*where).value


# ---- names, and what surrounds the cells ----


def test_defined_names() -> None:
    names = '<definedName name="a.b">S!$A$1</definedName><definedName name="local" localSheetId="0">S!$B$1</definedName>'
    assert read_book(package("", names=names)).names == {"a.b": "S!$A$1"}


def test_hidden_sheets_rows_and_columns() -> None:
    sheets = '<sheet name="S" sheetId="1" state="veryHidden" r:id="rId1"/>'
    xml = (
        '<cols><col min="2" max="3" hidden="1"/><col min="4" max="4" width="0"/><col min="5" max="5" width="9"/></cols>'
        '<sheetData><row r="4" hidden="true"/><row r="5" ht="0"/><row r="6" ht="12"/></sheetData>'
    )
    book = read_book(package(xml, sheets=sheets))
    assert book.hidden == {"S"}
    assert book.sheets["S"].hidden_rows == [4]
    assert book.sheets["S"].heights == {5: 0, 6: 12}
    assert book.sheets["S"].hidden_columns == [(2, 3)]
    assert book.sheets["S"].around.widths == ((4, 4, 0.0), (5, 5, 9.0))


@pytest.mark.parametrize(("mode", "manual"), [("", False), ('calcMode="auto"', False), ('calcMode="manual"', True)])
def test_manual_calculation(mode: str, manual: bool) -> None:
    assert read_book(package("", more=f"<calcPr {mode}/>")).manual is manual


def test_more_columns_than_there_are() -> None:
    with pytest.raises(WorkbookError, match="more columns than a sheet has"):
        read_book(package('<cols><col min="1" max="9000"/><col min="9000" max="16384"/></cols><sheetData/>'))


def test_text_behind_a_formula_is_none_of_it() -> None:
    xml = '<conditionalFormatting sqref="B6"><cfRule type="expression"><formula>A1</formula>=1</cfRule></conditionalFormatting>'
    assert read_book(package(xml)).sheets["S"].rules == [Rule("expression", "B6", ["A1"])]


def test_colour_rules() -> None:
    xml = (
        '<conditionalFormatting sqref="B6:D8 F9"><cfRule type="expression"><formula>A1=1</formula></cfRule>'
        '<cfRule type="colorScale"><colorScale><cfvo type="num" val="0"/><cfvo type="max"/></colorScale></cfRule>'
        "</conditionalFormatting>"
    )
    assert read_book(package(xml)).sheets["S"].rules == [
        Rule("expression", "B6:D8 F9", ["A1=1"]), Rule("colorScale", "B6:D8 F9", ["num 0", "max"]),
    ]  # fmt: skip


def test_a_sheet_whose_part_is_missing_is_refused() -> None:
    sheets = '<sheet name="S" sheetId="1" r:id="rId1"/><sheet name="gone" sheetId="2" r:id="rId2"/>'
    with pytest.raises(WorkbookError, match="the sheet gone is in no part"):
        read_book(package("", sheets=sheets))


# ---- what cannot be read ----


def broken(seven: Path, kind: str) -> dict[str, bytes]:
    parts = parts_of(seven)
    conv = sheet_part("conv1")
    first = LESSON["conv1"].references("in", 0, 0, 0).encode()
    match kind:
        case "no shared strings":
            del parts["xl/sharedStrings.xml"]
        case "no relationships":
            del parts["xl/_rels/workbook.xml.rels"]
        case "no workbook part":
            del parts[BOOK]
        case "half a sheet":
            parts[conv] = parts[conv][:5000]
        case "an impossible cell":
            parts[conv] = parts[conv].replace(b'r="%s"' % first, b'r="ZZZZ99"', 1)
        case "10,000 sheets":
            many = b"".join(
                b'<sheet xmlns:r="%s" name="x%d" sheetId="%d" r:id="x%d"/>' % (OFFICE.encode(), k, k + 100, k)
                for k in range(10_000)
            )
            parts[BOOK] = parts[BOOK].replace(b"</sheets>", many + b"</sheets>")
        case "an entity bomb":
            parts[conv] = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
    return parts


KINDS = {
    "no shared strings": "cannot|can be read", "no relationships": "can be read", "no workbook part": "is not an Excel workbook",
    "half a sheet": "is damaged", "an impossible cell": "a cell called 'ZZZZ99'", "10,000 sheets": "more than 256 sheets",
    "an entity bomb": "document type",
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_broken_packages_are_refused_in_one_line(seven: Path, tmp_path: Path, kind: str) -> None:
    path = write_parts(broken(seven, kind), tmp_path / "broken.xlsx")
    with pytest.raises(WorkbookError, match=KINDS[kind]) as error:
        open_book(path, Limits())
    assert "\n" not in str(error.value)
    assert str(error.value).startswith(str(path))


CELLS = {
    "no such string": '<row r="1"><c r="A1" t="s"><v>9</v></c></row>',
    "a string that is no number": '<row r="1"><c r="A1" t="s"><v>x</v></c></row>',
    "a row that is no number": '<row r="x"/>',
    "a comma": '<row r="1"><c r="A1"><v>1,5</v></c></row>',
    "a cell turned round": '<row r="1"><c r="1A"><v>1</v></c></row>',
    "an open tag": '<row r="1"><c r="A1"><v>1</v></row>',
}


@pytest.mark.parametrize("rows", CELLS.values(), ids=CELLS)
def test_broken_cells_are_refused_too(rows: str) -> None:
    with pytest.raises(WorkbookError) as error:
        cells(rows, "<si><t>one</t></si>")
    assert "\n" not in str(error.value)


def test_an_old_or_encrypted_workbook_is_called_so() -> None:
    with pytest.raises(WorkbookError, match=r"is an encrypted workbook or an old \.xls file"):
        read_book(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100)


def test_an_encrypted_part_is_refused(tmp_path: Path) -> None:
    data = bytearray(package(""))
    for head in (b"PK\x03\x04", b"PK\x01\x02"):  # the flag that says encrypted, in the part's own head and in the directory
        at = -1
        while (at := data.find(head, at + 1)) >= 0:
            data[at + (6 if head.endswith(b"\x04") else 8)] |= 1
    with pytest.raises(WorkbookError, match="is not a workbook that can be read"):
        read_book(bytes(data))


@pytest.mark.parametrize("kind", ["a folder", "nothing", "no regular file"])
def test_a_path_that_is_no_file(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x.xlsx"
    if kind == "a folder":
        path.mkdir()
    if kind == "no regular file" and not hasattr(os, "mkfifo"):
        pytest.skip("there are no pipes with names here")
    if kind == "no regular file":
        os.mkfifo(path)
    with pytest.raises(WorkbookError, match=r"x\.xlsx (is a folder|cannot be read: No such file|is not a regular file)") as error:
        open_book(path, Limits())
    assert "\n" not in str(error.value)


# ---- bounds ----


LIMITS = [
    (Limits(file_bytes=1000), "is larger than 0 MB"),
    (Limits(unpacked_bytes=1000), "unpacks to more than 0 MB"),
    (Limits(parts=5), "has more than 5 parts"),
    (Limits(sheets=3), "has more than 3 sheets"),
    (Limits(cells=100), "has more cells than xlcnn reads"),
]


@pytest.mark.parametrize(("limits", "words"), LIMITS, ids=[words for _, words in LIMITS])
def test_every_limit_is_kept(seven: Path, limits: Limits, words: str) -> None:
    with pytest.raises(WorkbookError, match=words):
        open_book(seven, limits)


def test_an_entity_bomb_is_refused(seven: Path, tmp_path: Path) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
    for name in (sheet_part("input"), BOOK, "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels"):
        with pytest.raises(WorkbookError, match="document type"):
            open_book(write_parts(parts_of(seven) | {name: bomb}, tmp_path / "bomb.xlsx"), Limits())


def test_a_zip_bomb_is_not_unpacked(seven: Path, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts_of(seven).items():
            archive.writestr(name, content)
        archive.writestr("xl/bomb.xml", b" " * (300 * 2**20))
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(packed.getvalue())
    with pytest.raises(WorkbookError, match="unpacks to more than 256 MB"):
        verify(path)


def test_a_part_that_lies_about_its_size_is_refused(seven: Path) -> None:
    """The directory of the archive says 9 bytes; the part has 50 MB."""
    packed, name = io.BytesIO(), sheet_part("input")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts_of(seven).items():
            archive.writestr(part, content + b" " * (50 * 2**20) if part == name else content)
        size = archive.getinfo(name).file_size
    lying = packed.getvalue().replace(size.to_bytes(4, "little"), (9).to_bytes(4, "little"))
    with pytest.raises(WorkbookError, match=r"is not a workbook that can be read|is damaged"):
        read_book(lying)


def test_ten_thousand_sheets_are_refused(seven: Path, tmp_path: Path) -> None:
    parts = parts_of(seven)
    many = b"".join(b'<sheet name="S%d" sheetId="%d" r:id="x%d"/>' % (k, k + 100, k) for k in range(10_000))
    book = parts[BOOK].replace(b"</sheets>", many + b"</sheets>").replace(
        b"<workbook ", b'<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" ', 1
    )  # fmt: skip
    with pytest.raises(WorkbookError, match="more than 256 sheets"):
        open_book(write_parts(parts | {BOOK: book}, tmp_path / "many.xlsx"), Limits())


@pytest.mark.parametrize(("last", "fits"), [(16_384, True), (1_000_000, False)])
def test_so_many_declared_columns_cost_nothing(seven: Path, tmp_path: Path, last: int, fits: bool) -> None:
    parts = parts_of(seven)
    name = sheet_part("input")
    wide = re.sub(rb"<cols>.*?</cols>", b'<cols><col min="1" max="%d" width="3.4" customWidth="1"/></cols>' % last, parts[name])
    assert wide != parts[name]
    path = write_parts(parts | {name: wide}, tmp_path / "wide.xlsx")
    if fits:
        assert verify(path, trials=0).ok
    else:
        with pytest.raises(WorkbookError, match="has a column that no program writes"):
            verify(path, trials=0)


def test_reading_keeps_the_bytes_and_the_parts_of_the_sheets(seven: Path) -> None:
    book = open_book(seven, Limits())
    assert isinstance(book, Book)
    assert book.data == seven.read_bytes()
    assert book.paths[tab("conv1")] == sheet_part("conv1")
