"""IronCalc: another engine in this very process, an extra."""

import json
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from tests.conftest import Damage, at, parts_of, with_formula, write_parts
from tests.networks import uneven, write_workbook
from xlcnn import EngineError, verify
from xlcnn.engines.base import Engine
from xlcnn.engines.ironcalc import IronCalc
from xlcnn.xlsx.reader import read_book

pytest.importorskip("ironcalc", reason="an extra: pip install '.[ironcalc]'")


def test_ironcalc_verifies_the_lesson(seven: Path) -> None:
    report = verify(seven, engine="ironcalc", trials=2)
    assert report.ok, report.problems[:3]
    assert max(s.max_abs_error for s in report.sheets) < 1e-12
    assert re.fullmatch(r"\d+\.\d+.*", report.engine_version)


def test_another_network(tmp_path: Path) -> None:
    report = verify(write_workbook(uneven(), tmp_path / "uneven.xlsx"), engine="ironcalc")
    assert report.ok, report.problems[:3]


def test_a_stored_result_is_not_believed(damage: Damage) -> None:
    path = damage("conv1", "output", (0, 9, 3), lambda xml: re.sub(r"<v>.*?</v>", "<v>999</v>", xml))
    report = verify(path, engine="ironcalc", trials=0)
    assert [(p.kind, p.sheet, p.cell) for p in report.problems] == [("stale", *at("conv1", "output", (0, 9, 3)))]


def test_a_wrong_formula_is_named(damage: Damage) -> None:
    path = damage("maxpool", "output", (0, 3, 3), with_formula("MIN(H12:I13)"))
    report = verify(path, engine="ironcalc")
    assert [(p.sheet, p.cell) for p in report.problems] == [at("maxpool", "output", (0, 3, 3))]


def test_a_blank_cell_with_a_format_is_no_zero(tmp_path: Path, seven: Path) -> None:
    """openpyxl writes one as ``t="n"``, which IronCalc loads as the number 0."""
    xml = '<row r="1"><c r="A1" s="1" t="n"/><c r="B1"><f>COUNT(A1:A1)</f></c></row>'
    parts = parts_of(seven)
    sheet = re.sub(r"<sheetData>.*</sheetData>", f"<sheetData>{xml}</sheetData>", parts["xl/worksheets/sheet1.xml"].decode())
    sheet = re.sub(r"<(mergeCells|conditionalFormatting|dataValidations|hyperlinks).*</\1>", "", sheet)
    book = read_book(write_parts(parts | {"xl/worksheets/sheet1.xml": sheet.encode()}, tmp_path / "blank.xlsx").read_bytes())
    engine: Engine = IronCalc()
    assert engine.recalculate(book, [{}], {"Guide": (1, 2)})[0]["Guide"].value(1, 2) == 0


def test_its_own_output_stays_out_of_ours(damage: Damage) -> None:
    """It prints a remark for each formula cell without a result."""
    path = damage("relu1", "output", (0, 3, 3), lambda xml: re.sub(r"<v>.*?</v>", "", xml))
    command = [sys.executable, "-m", "xlcnn", "verify", str(path), "--engine", "ironcalc", "--json", "--trials", "0"]
    assert json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["ok"]


def test_what_it_cannot_load_is_one_line(seven: Path, tmp_path: Path) -> None:
    parts = {name: content for name, content in parts_of(seven).items() if name != "xl/styles.xml"}
    with pytest.raises(EngineError, match=r"^IronCalc cannot load this workbook: ") as error:
        verify(write_parts(parts, tmp_path / "plain.xlsx"), engine="ironcalc")
    assert len(str(error.value).splitlines()) == 1


def test_where_it_is_missing_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xlcnn.engines.ironcalc.version", lambda name: (_ for _ in ()).throw(PackageNotFoundError(name)))
    with pytest.raises(EngineError, match=r"pip install 'xlcnn\[ironcalc\]'"):
        IronCalc().version()
