"""Rows as ours are read quickly: what is read so is what the reader of all sheets reads; everything else is left to it."""

import random
from unittest.mock import patch

import pytest

from tests.conftest import parts_of
from xlcnn.errors import WorkbookError
from xlcnn.xlsx import sheet_part
from xlcnn.xlsx.book import SheetCells
from xlcnn.xlsx.plain import UnusualError, cut, read_rows
from xlcnn.xlsx.sheet_part import read_sheet
from xlcnn.xlsx.xml import MAIN

DAMAGED = 3000
STRINGS = ["a", "b", "<c>"]
HEAD, TAIL = f'<worksheet xmlns="{MAIN}"><sheetData>', "</sheetData></worksheet>"
ROWS = (
    '<row r="1" ht="12.5" customHeight="1"><c r="A1" s="3" t="s"><v>0</v></c><c r="B1" s="0"/></row>'
    '<row r="2"><c r="A2" s="1"><v>1.5</v></c><c r="B2" s="0"><v>-2E-05</v></c><c r="AA2" s="2"><v>0</v></c></row>'
    '<row r="4"><c r="A4" s="1"><f t="shared" ref="A4:B4" si="0">A2*2&lt;3</f><v>3</v></c>'
    '<c r="B4" s="1"><f t="shared" si="0"/><v>3</v></c><c r="C4" s="1" t="str"><f>"x"&amp;A1</f><v>x&amp;a_x0041_</v></c>'
    '<c r="D4" s="1"><f>SUM(A1:B2)</f><v>1e3</v></c></row><row r="9"></row>'
)


def sheet(rows: str = ROWS) -> bytes:
    return (HEAD + rows + TAIL).encode()


def plainly(data: bytes) -> SheetCells:
    """What is read quickly. Raises `UnusualError`."""
    found = SheetCells({}, {})
    read_rows("sheet", cut(data)[1], found, STRINGS, 1000)
    return found


def slowly(data: bytes) -> SheetCells:
    """What the reader of all sheets reads."""
    with patch.object(sheet_part, "cut", side_effect=UnusualError):
        return read_sheet("sheet", data, STRINGS, [1000])


def test_what_is_read_is_the_same() -> None:
    data = sheet()
    assert plainly(data).values[4, 3] == "x&aA"
    assert plainly(data).values == slowly(data).values
    assert read_sheet("sheet", data, STRINGS, [1000]) == slowly(data)


def test_the_lessons_sheets_are_read_quickly(seven_parts: dict[str, bytes]) -> None:
    sheets = [data for name, data in seven_parts.items() if name.startswith("xl/worksheets/sheet")]
    strings = ["x"] * 1000
    for data in sheets:
        read_rows("sheet", cut(data)[1], SheetCells({}, {}), strings, 10**6)


@pytest.fixture(scope="module")
def seven_parts(seven: object) -> dict[str, bytes]:
    return parts_of(seven)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('s="3"', 's="3" ph="1"'),
        ('<row r="2">', '<row r="2" spans="1:27">'),
        ('<row r="2">', '<row r="1">'),
        ('<row r="2">', '<row r="02">'),
        ('<row r="2">', ' <row r="2">'),
        ('<row r="2">', '<row r="3">'),
        ('r="B2"', 'r="A2"'),
        ('r="AA2"', 'r="XFE2"'),
        ('r="AA2"', 'r="b2"'),
        ("<v>1.5</v>", "<v> 1.5</v>"),
        ("<v>1.5</v>", "<v>1.5</v><v>2</v>"),
        ("<v>1.5</v>", "<v>1e999</v>"),
        ("<v>1.5</v>", "<v>NaN</v>"),
        ("<v>1.5</v>", "<v>1&#53;</v>"),
        ("<v>1.5</v>", "<v>1<!-- -->5</v>"),
        ("<v>1.5</v>", "<v><![CDATA[1.5]]></v>"),
        ("<v>1.5</v>", "<x:v>1.5</x:v>"),
        ('t="s"><v>0', 't="s"><v>3'),
        ('t="s"><v>0', 't="b"><v>1'),
        ('t="shared" si="0"/>', 't="shared" si="1"/>'),
        ('ref="A4:B4"', 'ref="A4:A4"'),
        ("<f>SUM(A1:B2)</f>", "<f></f>"),
        ("<f>SUM(A1:B2)</f>", '<f t="array" ref="D4">SUM(A1:B2)</f>'),
        ("SUM", "SÜM"),
        ("SUM", "S\tM"),
        ("SUM", "S\x01M"),
        ("SUM", "S]]>M"),
        ("</sheetData>", "</sheetData><sheetData></sheetData>"),
        ("<sheetData>", "<sheetData >"),
        ("<worksheet ", "<!-- <sheetData></sheetData> --><worksheet "),
        ("<worksheet ", "<?x?><worksheet "),
        ('<row r="9">', '<?x?><row r="9">'),
    ],
)
def test_anything_else_is_left_to_the_reader_of_all_sheets(old: str, new: str) -> None:
    data = sheet().decode()
    assert data.count(old) >= 1
    changed = data.replace(old, new, 1).encode()
    with pytest.raises((UnusualError, WorkbookError)):
        plainly(changed)
    outcomes = []
    for read in (lambda: read_sheet("sheet", changed, STRINGS, [1000]), lambda: slowly(changed)):
        try:
            outcomes.append(str(read()))
        except WorkbookError as error:
            outcomes.append(str(error))
    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize("before", ["", "\ufeff", '<?xml version="1.0" encoding="UTF-8"?>', '\ufeff<?xml version="1.0"?>'])
def test_rows_in_an_instruction_are_no_rows(before: str) -> None:
    """Programs pass over instructions before the root: what stands in one is a decoy."""
    plain = sheet().decode()
    assert read_sheet("sheet", (before + plain).encode(), STRINGS, [1000]).values
    real = plain.replace("<sheetData>", "<sheetData >").replace("</sheetData>", "</sheetData >").replace("<v>1.5</v>", "<v>2.5</v>")
    decoy = before + f"<?x <sheetData>{ROWS}</sheetData>?>" + real
    found = read_sheet("sheet", decoy.encode(), STRINGS, [1000])
    assert found.values[2, 1] == 2.5
    assert found == slowly(decoy.encode())


def test_a_row_of_very_many_cells_costs_nothing() -> None:
    """Nothing is made of them before they are counted."""
    cells = '<c r="A1" s="0"><v>0</v></c>' * 20_000
    with pytest.raises(UnusualError):
        plainly(sheet(f'<row r="1">{cells}</row>'))
    with patch("xlcnn.xlsx.plain.line_of_numbers", side_effect=AssertionError), pytest.raises(WorkbookError):
        read_sheet("sheet", sheet(f'<row r="1">{cells}</row>'), STRINGS, [10**6])


def test_more_cells_than_may_be_read_are_refused() -> None:
    with pytest.raises(WorkbookError, match="more cells than xlcnn reads"):
        read_sheet("sheet", sheet(), STRINGS, [8])
    budget = [9]
    read_sheet("sheet", sheet(), STRINGS, budget)
    assert budget == [0]


def test_no_damage_is_read_in_another_way() -> None:
    """Letters lost, doubled, swapped and put in anywhere: either it is left to the other reader, or both read the same."""
    rng = random.Random(1)
    data = sheet()
    quick = 0
    for _ in range(DAMAGED):
        changed = bytearray(data)
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            at, size = rng.randrange(len(changed)), rng.choice((1, 1, 2, 5, 30))
            what = rng.randrange(4)
            if what == 0:
                del changed[at : at + size]
            elif what == 1:
                changed[at:at] = changed[at : at + size]
            elif what == 2:
                changed[at] = rng.choice(b'0123456789ABZ <>/"=&;.-+eE\n_x!')
            else:
                start = rng.randrange(len(data))
                changed[at:at] = data[start : start + size]
        try:
            found = plainly(bytes(changed))
        except (UnusualError, WorkbookError):
            continue
        quick += 1
        with patch.object(sheet_part, "cut", side_effect=UnusualError):
            try:
                whole = read_sheet("sheet", bytes(changed), STRINGS, [1000])
            except WorkbookError:
                with pytest.raises(WorkbookError):  # for something else than the rows
                    read_sheet("sheet", cut(bytes(changed))[0], STRINGS, [1000])
                continue
        assert (found.values, found.formulas, found.styles, found.heights) == (
            whole.values, whole.formulas, whole.styles, whole.heights,
        ), bytes(changed)  # fmt: skip
    assert quick > DAMAGED / 30
