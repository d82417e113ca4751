"""Saved by another program, a workbook keeps every formula and every defined name."""

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import FORMULAS
from xlcnn import verify
from xlcnn.engines.libreoffice import convert
from xlcnn.grid.formulas import relative
from xlcnn.xlsx.reader import read_book


def by_openpyxl(path: Path, folder: Path) -> Path:
    openpyxl.load_workbook(path).save(folder / "saved.xlsx")
    return folder / "saved.xlsx"


def by_libreoffice(path: Path, folder: Path) -> Path:
    return convert(folder, [path], "xlsx:Calc MS Excel 2007 XML", folder / "out", 120)[0]


def by_gnumeric(path: Path, folder: Path) -> Path:
    program = shutil.which("ssconvert")
    assert program
    target = folder / "saved.xlsx"
    subprocess.run([program, "--export-type=Gnumeric_Excel:xlsx2", str(path), str(target)], check=True, capture_output=True)
    return target


PROGRAMS = [
    by_openpyxl,
    pytest.param(by_libreoffice, marks=[pytest.mark.libreoffice, pytest.mark.slow]),
    pytest.param(by_gnumeric, marks=[pytest.mark.gnumeric, pytest.mark.slow]),
]


@pytest.mark.parametrize("save", PROGRAMS)
def test_every_formula_and_name_is_kept(seven: Path, tmp_path: Path, save: object) -> None:
    path = save(seven, tmp_path)  # type: ignore[operator]
    before, after = read_book(seven.read_bytes()), read_book(path.read_bytes())
    assert list(after.sheets) == list(before.sheets)
    kept = 0
    for name, cells in before.sheets.items():
        assert after.sheets[name].formulas.keys() == cells.formulas.keys(), name
        for cell, formula in cells.formulas.items():
            found = after.sheets[name].formulas[cell].at(cell)
            assert relative(found, *cell) == relative(formula.at(cell), *cell), (name, cell)
            kept += 1
    assert kept == FORMULAS
    plain = {name: place.replace("'", "") for name, place in after.names.items()}
    assert {name: place.replace("'", "") for name, place in before.names.items()}.items() <= plain.items()
    assert verify(path).ok
