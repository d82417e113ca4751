"""Hostile workbooks: an error in one line or a verdict, never a traceback, nothing run, nothing fetched."""

import io
import re
import zipfile
from pathlib import Path

import pytest

from tests.conftest import Damage, parts_of, sheet_part, write_parts
from xlcnn import EngineError, WorkbookError, verify
from xlcnn.reading import Limits

FORMULAS = {
    "circular": "AU15+1",
    "circular through a far cell": "BL31+AM6",
    "a reference that is gone": "#REF!*2",
    "web service": 'WEBSERVICE("http://127.0.0.1:9/x")',
    "DDE": "cmd|'/c calc'!A1",
    "another file": "[1]Sheet1!A1",
    "indirect": 'INDIRECT("Input!A1")',
    "volatile": "B6*RAND()",
    "very long": "1+" * 4000 + "1",
    "very deep": "(" * 3000 + "1" + ")" * 3000,
    "half a formula": "SUM((",
    "too large a number": "1E308*10",
    "every cell": "SUM(A:XFD)",
    "unknown function": "NOSUCH(1)",
    "an array": "{1,2;3,4}",
    "a text": '"abc"',
}


@pytest.mark.parametrize("kind", FORMULAS)
def test_hostile_formulas_get_a_verdict(damage: Damage, kind: str) -> None:
    text = FORMULAS[kind].replace("&", "&amp;").replace("<", "&lt;")
    path = damage("Conv1", "AU15", lambda cell: re.sub(r"<f.*?(</f>|/>)", lambda _: f"<f>{text}</f>", cell))
    try:
        report = verify(path, trials=1)
    except EngineError as error:
        assert "\n" not in str(error)
    else:
        assert not report.ok
        assert report.problems[0].cell == "AU15"


@pytest.mark.parametrize("value", ["nan", "1e400", "x"])
def test_pixels_that_are_no_numbers(damage: Damage, value: str) -> None:
    path = damage("Input", "B6", lambda cell: re.sub(r"<v>.*?</v>", f"<v>{value}</v>", cell))
    try:
        report = verify(path, trials=0)
    except (WorkbookError, EngineError) as error:
        assert "\n" not in str(error)
    else:
        assert [p.cell for p in report.problems] == ["B6"]


def broken(seven: Path, kind: str) -> dict[str, bytes]:
    parts = parts_of(seven)
    book, conv = parts["xl/workbook.xml"].decode(), sheet_part("Conv1")
    match kind:
        case "no shared strings":
            del parts["xl/sharedStrings.xml"]
        case "no relationships":
            del parts["xl/_rels/workbook.xml.rels"]
        case "no workbook part":
            del parts["xl/workbook.xml"]
        case "half a sheet":
            parts[conv] = parts[conv][:5000]
        case "an impossible cell":
            parts[conv] = parts[conv].replace(b'r="B6"', b'r="ZZZZ99"', 1)
        case "a cell beyond the sheet":
            parts[conv] = parts[conv].replace(b'r="B6"', b'r="XFE1048577"', 1)
        case "10,000 sheets":
            many = "".join(f'<sheet name="x{k}" sheetId="{k + 100}"/>' for k in range(10_000))
            parts["xl/workbook.xml"] = book.replace("</sheets>", many + "</sheets>").encode()
        case "an entity bomb":
            parts[conv] = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
    return parts


KINDS = [
    "no shared strings", "no relationships", "no workbook part", "half a sheet", "an impossible cell",
    "10,000 sheets", "an entity bomb",
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_broken_packages_are_refused_in_one_line(seven: Path, tmp_path: Path, kind: str) -> None:
    path = write_parts(broken(seven, kind), tmp_path / "broken.xlsx")
    with pytest.raises((WorkbookError, EngineError)) as error:
        verify(path)
    assert "\n" not in str(error.value)


def test_a_cell_beyond_the_sheet_is_missed_where_it_should_be(seven: Path, tmp_path: Path) -> None:
    """The engine refuses such a workbook; the formulas' texts alone still tell which cell is gone."""
    report = verify(write_parts(broken(seven, "a cell beyond the sheet"), tmp_path / "broken.xlsx"))
    assert [(p.kind, p.sheet, p.cell) for p in report.problems] == [("missing", "Conv1", "B6")]


@pytest.mark.parametrize("place", ["Nowhere!$A$1:$B$2", "#REF!", "[1]Conv1!$AR$6:$BQ$31", "Conv1!$BQ$31:$AR$6", "OFFSET(A1,1,1)"])
def test_names_that_point_nowhere_are_named(seven: Path, tmp_path: Path, place: str) -> None:
    parts = parts_of(seven)
    before = parts["xl/workbook.xml"].decode()
    after = before.replace("Conv1!$AR$6:$BQ$31", place)
    assert after != before
    report = verify(write_parts(parts | {"xl/workbook.xml": after.encode()}, tmp_path / "named.xlsx"))
    assert [(p.kind, p.cell) for p in report.problems] == [("missing", "conv1.map1")]


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


def test_limits_are_options(seven: Path) -> None:
    with pytest.raises(WorkbookError, match="more cells"):
        verify(seven, limits=Limits(cells=100))
    with pytest.raises(WorkbookError, match="more than 3 sheets"):
        verify(seven, limits=Limits(sheets=3))


def test_a_part_that_lies_about_its_size_is_refused(seven: Path, tmp_path: Path) -> None:
    """The directory of the archive says 9 bytes; the part has 50 MB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts_of(seven).items():
            archive.writestr(name, content + b" " * (50 * 2**20) if name == sheet_part("Input") else content)
        size = archive.getinfo(sheet_part("Input")).file_size
    path = tmp_path / "lying.xlsx"
    path.write_bytes(packed.getvalue().replace(size.to_bytes(4, "little"), (9).to_bytes(4, "little")))
    with pytest.raises(WorkbookError, match=r"is not a workbook that can be read|is damaged"):
        verify(path)


def test_ten_thousand_sheets_are_refused(seven: Path, tmp_path: Path) -> None:
    parts = parts_of(seven)
    many = b"".join(b'<sheet name="S%d" sheetId="%d" r:id="rId1"/>' % (k, k + 100) for k in range(10_000))
    book = parts["xl/workbook.xml"].replace(b"</sheets>", many + b"</sheets>").replace(
        b"<workbook ", b'<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" ', 1
    )  # fmt: skip
    with pytest.raises(WorkbookError, match="more than 256 sheets"):
        verify(write_parts(parts | {"xl/workbook.xml": book}, tmp_path / "many.xlsx"))


def test_a_million_declared_columns_cost_nothing(seven: Path, tmp_path: Path) -> None:
    parts = parts_of(seven)
    name = sheet_part("Input")
    wide = re.sub(rb"<cols>.*?</cols>", b'<cols><col min="1" max="1000000" width="3.4" customWidth="1"/></cols>', parts[name])
    assert wide != parts[name]
    assert verify(write_parts(parts | {name: wide}, tmp_path / "wide.xlsx"), trials=0).ok


def test_macros_are_carried_but_never_run(seven: Path, tmp_path: Path) -> None:
    path = write_parts(parts_of(seven) | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 not run"}, tmp_path / "macro.xlsx")
    assert verify(path, trials=0).ok
