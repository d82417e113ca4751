"""The workbook in the real program that users open."""

import re
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from tests.conftest import LESSON, SEVEN, Damage, at, cell, edited, tab, with_formula
from tests.networks import coloured, uneven, write_workbook
from xlcnn import EngineError, Network, find_template, load_image, verify
from xlcnn.engines.libreoffice import LibreOffice, convert
from xlcnn.sheets.lens import strongest

pytestmark = [pytest.mark.libreoffice, pytest.mark.slow]

FORMAT = "xlsx:Calc MS Excel 2007 XML"


@pytest.fixture(scope="module")
def saved(seven: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook opened, recalculated and saved by LibreOffice."""
    folder = tmp_path_factory.mktemp("libreoffice")
    return convert(folder, [seven], FORMAT, folder / "out", 120)[0]


def test_every_cell_agrees_with_numpy(saved: Path, network: Network) -> None:
    """Read with openpyxl, not with our reader; compared with the network, not with our verifier."""
    book = openpyxl.load_workbook(saved, data_only=True)
    image = load_image(SEVEN)
    first = network.forward(image)
    picked = {name: strongest(values["output"]) for name, values in first.items() if "result" in values}
    values = network.forward(image, picked | {"softmax": {"confusion": find_template("lesson").records["confusion"]}})
    compared = 0
    for name, tensors in values.items():
        placed = LESSON[name]
        for part, tensor in tensors.items():
            if not placed.parts[part].has_cells or placed.parts[part].is_text or part == "choice":
                continue
            where = placed.positions(part).reshape(-1, 2).tolist()
            found = [book[placed.title].cell(row, col).value for row, col in where]
            assert np.abs(np.array(found, dtype=float) - tensor.ravel()).max() < 1e-9, f"{name}.{part}"
            compared += len(found)
    assert compared > 15_000
    assert book[tab("guide")][cell("guide", "prediction")].value == 7


def test_libreoffice_verifies_it(seven: Path) -> None:
    report = verify(seven, engine="libreoffice", trials=2)
    assert report.ok, report.problems[:3]
    assert report.engine == "libreoffice"
    assert re.fullmatch(r"\d+\.\d+.*", report.engine_version)


def test_saved_by_libreoffice_it_is_verified_by_both(saved: Path) -> None:
    assert verify(saved).ok
    assert verify(saved, engine="libreoffice", trials=0).ok


def test_no_formula_fails_there(saved: Path) -> None:
    for sheet in openpyxl.load_workbook(saved, data_only=True):
        for row in sheet.iter_rows():
            for found in row:
                assert found.data_type != "e", f"{sheet.title}!{found.coordinate} is {found.value}"


def test_a_stored_result_is_not_believed(damage: Damage) -> None:
    path = damage("conv1", "output", (0, 9, 3), lambda xml: re.sub(r"<v>.*?</v>", "<v>999</v>", xml))
    report = verify(path, engine="libreoffice", trials=0)
    assert [(p.kind, p.sheet, p.cell) for p in report.problems] == [("stale", *at("conv1", "output", (0, 9, 3)))]


def test_a_wrong_formula_is_named(damage: Damage) -> None:
    path = damage("relu2", "output", (0, 6, 6), with_formula(f"MIN(0,{cell('relu2', 'in', (0, 6, 6))})"))
    report = verify(path, engine="libreoffice", trials=1)
    assert [(p.sheet, p.cell) for p in report.problems] == [at("relu2", "output", (0, 6, 6))]


def test_an_edit_in_libreoffice_is_honest(seven: Path, tmp_path: Path) -> None:
    path = edited(seven, tmp_path / "edited.xlsx", {("input", "user", (0, 6, 11)): 0.75, ("dense", "weight", (1, 0, 2, 2)): 0.5})
    report = verify(convert(tmp_path, [path], FORMAT, tmp_path / "out", 120)[0])
    assert report.ok, report.problems[:3]


@pytest.mark.parametrize("make", [coloured, uneven])
def test_another_network_in_libreoffice(tmp_path: Path, make: object) -> None:
    """Padding that is an empty cell, too: MAX passes over it there as well."""
    report = verify(write_workbook(make(), tmp_path / "other.xlsx"), engine="libreoffice", trials=1)  # type: ignore[operator]
    assert report.ok, report.problems[:3]


def test_it_ends_at_its_time_limit(seven: Path) -> None:
    with pytest.raises(EngineError, match="did not finish within"):
        verify(seven, engine=LibreOffice(timeout=0.05), trials=0)


def test_what_it_cannot_open_is_one_error(tmp_path: Path) -> None:
    path = tmp_path / "bad.xlsx"
    path.write_bytes(b"PK\x03\x04 rubbish")
    with pytest.raises(EngineError, match="LibreOffice could not open the workbook") as error:
        convert(tmp_path, [path], FORMAT, tmp_path / "out", 120)
    assert "\n" not in str(error.value)
