"""The workbook in the real program that users open."""

import re
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from tests.conftest import SEVEN, Damage
from tests.networks import coloured
from tests.test_excel_rules import words_for
from xlcnn import EngineError, Network, load_image, verify
from xlcnn.engines.libreoffice import LibreOffice, convert
from xlcnn.layers.lens import pick_strongest
from xlcnn.layout import lay_out
from xlcnn.workbook import picture_of, workbook_bytes

pytestmark = [pytest.mark.libreoffice, pytest.mark.slow]


@pytest.fixture(scope="module")
def saved(seven: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook opened, recalculated and saved by LibreOffice."""
    folder = tmp_path_factory.mktemp("libreoffice")
    return convert(folder, [seven], "xlsx:Calc MS Excel 2007 XML", folder / "out", 120)[0]


def test_every_cell_agrees_with_numpy(saved: Path, network: Network) -> None:
    """Read with openpyxl, not with our reader; compared with NumPy, not with our verifier."""
    book = openpyxl.load_workbook(saved, data_only=True)
    image = load_image(SEVEN)
    first = network.forward(image)
    looked = {name: pick_strongest(v["output"]) for name, v in first.items() if "result" in v}
    values = network.forward(image, looked)
    compared = 0
    for name, sheet in lay_out(network).sheets.items():
        for part in values.get(name, {}):  # of the galleries and of what the input chooses from there are none
            if sheet.parts[part].role in ("text", "menu"):
                continue
            where = sheet.positions(part).reshape(-1, 2).tolist()
            found = [book[sheet.layer.sheet].cell(row, col).value for row, col in where]
            assert np.abs(np.array(found, dtype=float) - values[name][part].ravel()).max() < 1e-9
            compared += len(found)
    assert compared == 15_663
    assert book["Guide"]["D6"].value == 7


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
            for cell in row:
                assert cell.data_type != "e", f"{sheet.title}!{cell.coordinate} is {cell.value}"


def test_a_stored_result_is_not_believed(damage: Damage) -> None:
    path = damage("Conv1", "AU15", lambda cell: re.sub(r"<v>.*?</v>", "<v>999</v>", cell))
    report = verify(path, engine="libreoffice", trials=0)
    assert [(p.kind, p.sheet, p.cell) for p in report.problems] == [("stale", "Conv1", "AU15")]


def test_a_wrong_formula_is_named(damage: Damage) -> None:
    path = damage("ReLU2", "AI12", lambda cell: re.sub(r"<f.*?(</f>|/>)", "<f>MIN(0,H12)</f>", cell))
    report = verify(path, engine="libreoffice", trials=1)
    assert [p.cell for p in report.problems] == ["AI12"]


def test_an_edit_in_libreoffice_is_honest(seven: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(seven)
    book["Input"]["M12"] = 0.75
    book["Dense"]["T8"] = 0.5
    edited = tmp_path / "edited.xlsx"
    book.save(edited)
    again = convert(tmp_path, [edited], "xlsx:Calc MS Excel 2007 XML", tmp_path / "out", 120)[0]
    report = verify(again)
    assert report.ok, report.problems[:3]


def test_another_network_in_libreoffice(tmp_path: Path) -> None:
    network = coloured()
    image = np.random.default_rng(2).uniform(size=network.input.shape)
    path = tmp_path / "other.xlsx"
    path.write_bytes(workbook_bytes(network, image, picture_of(image), words_for(network)))
    report = verify(path, engine="libreoffice", trials=1)
    assert report.ok, report.problems[:3]


def test_it_ends_at_its_time_limit(seven: Path) -> None:
    with pytest.raises(EngineError, match="did not finish within"):
        verify(seven, engine=LibreOffice(timeout=0.05), trials=0)
