"""Hostile workbooks: an error in one line or a verdict, never a traceback, nothing run, nothing fetched."""

import re
from pathlib import Path

import pytest

from tests.conftest import Damage, at, cell, parts_of, reference, sheet_part, tab, with_formula, write_parts
from tests.verifier.helpers import emptied, problems, stored_as
from xlcnn import EngineError, WorkbookError, verify

pytestmark = pytest.mark.own_process

WHERE = ("conv1", "output", (0, 9, 3))

FORMULAS = {
    "circular": f"{cell(*WHERE)}+1",
    "circular through a far cell": f"{cell('conv1', 'celltext')}+{cell('conv1', 'result')}",
    "circular through another sheet": f"{reference('softmax', 'prediction')}+1",
    "a reference that is gone": "#REF!*2",
    "web service": 'WEBSERVICE("http://127.0.0.1:9/x")',
    "DDE": "cmd|'/c calc'!A1",
    "another file": "[1]Sheet1!A1",
    "indirect": f'INDIRECT("{tab("input")}!A1")',
    "volatile": f"{cell('conv1', 'in', (0, 0, 0))}*RAND()",
    "very long": "1+" * 4000 + "1",
    "very deep": "(" * 3000 + "1" + ")" * 3000,
    "half a formula": "SUM((",
    "too large a number": "1E308*10",
    "every cell": "SUM(A:XFD)",
    "unknown function": "NOSUCH(1)",
    "an array": "{1,2;3,4}",
    "a text": '"abc"',
    "two lines": "5\n+0",
}


@pytest.mark.parametrize("kind", FORMULAS)
def test_hostile_formulas_get_a_verdict(damage: Damage, kind: str) -> None:
    try:
        report = verify(damage(*WHERE, with_formula(FORMULAS[kind])), trials=1)
    except EngineError as error:
        assert "\n" not in str(error)
    else:
        assert not report.ok
        assert (report.problems[0].sheet, report.problems[0].cell) == at(*WHERE)
        assert not [p for p in report.problems if "\n" in str(p)]


@pytest.mark.parametrize("value", ["nan", "1e400", "x"])
def test_pixels_that_are_no_numbers(damage: Damage, value: str) -> None:
    try:
        report = verify(damage("input", "user", (0, 0, 0), stored_as(value)), trials=0)
    except (WorkbookError, EngineError) as error:
        assert "\n" not in str(error)
    else:
        assert [(p.sheet, p.cell) for p in report.problems] == [at("input", "user", (0, 0, 0))]


def test_a_cell_beyond_the_sheet_is_refused(seven: Path, tmp_path: Path) -> None:
    parts, name = parts_of(seven), sheet_part("conv1")
    first = cell("conv1", "in", (0, 0, 0)).encode()
    beyond = parts[name].replace(b'r="%s"' % first, b'r="XFE1048577"', 1)
    assert beyond != parts[name]
    with pytest.raises(WorkbookError, match="a cell called 'XFE1048577'"):
        verify(write_parts(parts | {name: beyond}, tmp_path / "broken.xlsx"))


@pytest.mark.parametrize("title", ["Conv&#10;1", "\u202eConv1", "Conv1&#9;", "A1", "R1C1", "Conv 1", "Con''v", "1", "TRUE"])
def test_a_tab_of_any_name_gets_a_verdict_in_lines(seven: Path, tmp_path: Path, title: str) -> None:
    """The tab is renamed, its formulas and names are not, as only somebody hostile does."""
    parts = parts_of(seven)
    book = parts["xl/workbook.xml"].decode().replace(f'name="{tab("conv1")}"', f'name="{title}"')
    try:
        report = verify(write_parts(parts | {"xl/workbook.xml": book.encode()}, tmp_path / "renamed.xlsx"), trials=0)
    except (WorkbookError, EngineError) as error:
        assert "\n" not in str(error)
    else:
        assert not report.ok
        assert all(str(problem).isprintable() for problem in report.problems)


def test_a_workbook_whose_sheets_are_all_empty_gets_a_verdict(seven: Path, tmp_path: Path) -> None:
    parts = parts_of(seven)
    empty = {
        name: re.sub(rb"<sheetData>.*</sheetData>", b"<sheetData/>", content, flags=re.DOTALL)
        for name, content in parts.items() if name.startswith("xl/worksheets/sheet")
    }  # fmt: skip
    ((kind, sheet, _),) = problems(write_parts(parts | empty, tmp_path / "empty.xlsx"))
    assert (kind, sheet) == ("description", tab("about"))


def test_an_empty_sheet_of_the_network_gets_a_verdict(seven: Path, tmp_path: Path) -> None:
    parts, name = parts_of(seven), sheet_part("conv2")
    empty = re.sub(rb"<sheetData>.*</sheetData>", b"<sheetData/>", parts[name], flags=re.DOTALL)
    found = problems(write_parts(parts | {name: empty}, tmp_path / "empty.xlsx"), trials=0)
    assert {(kind, sheet) for kind, sheet, _ in found} == {("missing", tab("conv2"))}


def test_macros_are_carried_but_never_run(seven: Path, tmp_path: Path) -> None:
    path = write_parts(parts_of(seven) | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 not run"}, tmp_path / "macro.xlsx")
    assert verify(path, trials=0).ok


def test_an_empty_drop_down_list_gets_a_verdict(damage: Damage) -> None:
    """Its words are gone, and so is what was chosen."""
    found = problems(damage("conv1", "options", (0,), emptied), trials=0)
    assert {(kind, sheet) for kind, sheet, _ in found} == {("choice", tab("conv1"))}
