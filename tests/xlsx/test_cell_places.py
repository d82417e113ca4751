"""Where cells stand in the bytes of a sheet: their style alone changes, and a cell that is not there is written in its place."""

import re

import pytest

from tests.xlsx.test_reader import MAIN
from xlcnn import WorkbookError
from xlcnn.grid.references import split_cell
from xlcnn.xlsx.cell_places import places, restyled
from xlcnn.xlsx.splices import spliced

ROWS = (
    '<row r="2" spans="1:4"><c r="B2" s="3"><v>1</v></c><c r="D2"/></row><row r="4" s="5" customFormat="1"/>'
    '<row r="6"><c r="A6" t="s"><v>0</v></c></row>'
)
COLUMNS = '<cols><col min="3" max="4" width="2" style="8"/></cols>'


def sheet(rows: str = ROWS, columns: str = COLUMNS, after: str = "") -> bytes:
    return f'<worksheet xmlns="{MAIN}">{columns}<sheetData>{rows}</sheetData>{after}</worksheet>'.encode()


def rows_with(data: bytes, **styles: int) -> str:
    """The rows of a sheet in which cells have other styles."""
    wanted = {split_cell(cell): style for cell, style in styles.items()}
    after = spliced(data, restyled(places("p", data, wanted), wanted)).decode()
    found = re.search(r"<(?:\w+:)?sheetData>(.*)</(?:\w+:)?sheetData>", after)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("cell", "style"),
    [
        ("B2", 3),
        ("D2", 0),
        ("C2", 8),  # its column's
        ("A9", 0),
        ("D4", 5),  # its row's, before its column's
    ],
)
def test_the_style_of_a_cell(cell: str, style: int) -> None:
    where = split_cell(cell)
    assert places("p", sheet(), [where]).style(where) == style


def test_a_cell_that_is_there_gets_another_style_and_nothing_else() -> None:
    assert rows_with(sheet(), B2=9, A6=7) == ROWS.replace('s="3"', 's="9"').replace('r="A6" t="s"', 'r="A6" t="s" s="7"')


@pytest.mark.parametrize(
    ("cell", "before", "after"),
    [
        ("A2", '<row r="2" spans="1:4">', '<row r="2"><c r="A2" s="9"/>'),
        ("C2", '<c r="D2"/>', '<c r="C2" s="9"/><c r="D2"/>'),
        ("F2", '<c r="D2"/></row>', '<c r="D2"/><c r="F2" s="9"/></row>'),
        ("C4", '<row r="4" s="5" customFormat="1"/>', '<row r="4" s="5" customFormat="1"><c r="C4" s="9"/></row>'),
        ("A1", '<row r="2" spans="1:4">', '<row r="1"><c r="A1" s="9"/></row><row r="2" spans="1:4">'),
        ("B5", '<row r="6">', '<row r="5"><c r="B5" s="9"/></row><row r="6">'),
        ("B7", "<v>0</v></c></row>", '<v>0</v></c></row><row r="7"><c r="B7" s="9"/></row>'),
    ],
)
def test_a_cell_that_is_not_there_is_written_in_its_place(cell: str, before: str, after: str) -> None:
    expected = ROWS.replace(before, after)
    if cell in ("C2", "F2"):
        expected = expected.replace(' spans="1:4"', "")
    assert rows_with(sheet(), **{cell: 9}) == expected


def test_many_cells_at_one_place_stand_in_order() -> None:
    assert rows_with(sheet("", ""), C1=3, A1=1, B2=2) == (
        '<row r="1"><c r="A1" s="1"/><c r="C1" s="3"/></row><row r="2"><c r="B2" s="2"/></row>'
    )


def test_a_sheet_without_any_row() -> None:
    data = sheet().replace(f"<sheetData>{ROWS}</sheetData>".encode(), b"<sheetData />")
    assert rows_with(data, B2=9) == '<row r="2"><c r="B2" s="9"/></row>'


def test_names_with_a_prefix() -> None:
    data = re.sub(rb"<(/?)(?=\w)", rb"<\1x:", sheet().replace(b"xmlns=", b"xmlns:x="))
    after = rows_with(data, B2=9, A3=9)
    assert '<x:c r="B2" s="9">' in after
    assert '</x:row><x:row r="3"><x:c r="A3" s="9"/></x:row><x:row r="4"' in after


def test_where_cells_are_not_numbered_they_are_counted_and_none_is_added() -> None:
    data = sheet('<row><c><v>1</v></c><c s="2"><v>2</v></c></row><row/>', "")
    assert places("p", data, [(1, 2)]).style((1, 2)) == 2
    assert rows_with(data, B1=9, C1=9, A2=9) == '<row><c><v>1</v></c><c s="9"><v>2</v></c></row><row/>'


@pytest.mark.parametrize(
    ("after", "rest"),
    [
        ("", "</worksheet>"),
        ('<pageMargins left="1"/><drawing id="a"/><tableParts/>', "<tableParts/></worksheet>"),
        ('<drawing id="a"></drawing><legacyDrawingHF id="b"/>', '<legacyDrawingHF id="b"/></worksheet>'),
        ('<m:AlternateContent xmlns:m="m"/><extLst/>', '<m:AlternateContent xmlns:m="m"/><extLst/></worksheet>'),
    ],
)
def test_where_a_sheet_tells_of_its_notes(after: str, rest: str) -> None:
    """After its drawing, before all that the standard lets follow."""
    data = sheet(after=after)
    assert data[places("p", data, []).notes_at :].decode() == rest


def test_a_sheet_without_cells_cannot_be_annotated() -> None:
    with pytest.raises(WorkbookError, match="cannot be annotated: p holds no list of cells"):
        places("p", f'<worksheet xmlns="{MAIN}"/>'.encode(), [(1, 1)])
