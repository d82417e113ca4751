"""A workbook stores every result, as every program does that saves one: NumPy computes them, and formulas give the same."""

from pathlib import Path

import numpy as np
import openpyxl
import pytest

from tests.conftest import LESSON, recalculated, tab
from tests.networks import build, write_workbook
from xlcnn import Network, NetworkError
from xlcnn.layout.placed import lay_out
from xlcnn.sheets.plan import plan
from xlcnn.workbook.numbers import computed, filled
from xlcnn.xlsx.reader import read_book

ROUNDING = 1e-12  # NumPy and a spreadsheet add in another order


def test_every_formula_of_the_lesson_has_its_result(seven: Path) -> None:
    for title, cells in read_book(seven.read_bytes()).sheets.items():
        assert all(cells.values[cell] is not None for cell in cells.formulas), title


def test_they_are_what_a_program_would_store(seven: Path, tmp_path: Path) -> None:
    """A student's program recalculates and saves: nothing changes."""
    path = tmp_path / "saved.xlsx"
    path.write_bytes(seven.read_bytes())
    before, after = read_book(seven.read_bytes()), read_book(recalculated(path).read_bytes())
    for title, cells in before.sheets.items():
        for cell in cells.formulas:
            was, now = cells.values[cell], after.sheets[title].values[cell]
            assert was == (pytest.approx(now, abs=ROUNDING, rel=ROUNDING) if isinstance(now, float) else now), (title, cell)


def test_programs_that_compute_nothing_see_the_answer(seven: Path) -> None:
    book = openpyxl.load_workbook(seven, data_only=True)
    assert book[tab("guide")].cell(*LESSON["guide"].references.locate("prediction")).value == 7


def test_a_sheet_of_more_than_256_columns_is_stored(tmp_path: Path) -> None:
    """Excel itself takes 16,384; some engines read fewer unless they are asked."""
    network = build([
        {"name": "input", "kind": "input", "shape": [1, 2, 300]},
        {"name": "relu", "kind": "relu", "inputs": ["input"]},
    ])  # fmt: skip
    path = write_workbook(network, tmp_path / "wide.xlsx")
    sheet = read_book(path.read_bytes()).sheets["Relu"]
    assert max(col for _, col in sheet.formulas) > 600
    assert all(isinstance(sheet.values[cell], float) for cell in sheet.formulas)


@pytest.mark.parametrize("weight", [1e200, -1e200])
def test_results_that_no_spreadsheet_holds_are_an_error_and_no_file(tmp_path: Path, weight: float) -> None:
    layers = build([
        {"name": "input", "kind": "input", "shape": [1, 2, 2]},
        {"name": "first", "kind": "multiply", "inputs": ["input"], "each": 0},
        {"name": "second", "kind": "multiply", "inputs": ["first"], "each": 0},
    ]).layers  # fmt: skip
    network = Network(layers, {f"{name}.second": np.array([weight]) for name in ("first", "second")})
    path = tmp_path / "large.xlsx"
    with pytest.raises(NetworkError, match=r"layer second \(multiply\): output holds numbers that are too large for a spreadsheet"):
        write_workbook(network, path)
    assert not path.exists()


def test_an_empty_cell_counts_as_what_it_means() -> None:
    """Empty paper is 0."""
    layers = build(
        [{"name": "input", "kind": "input", "shape": [1, 1, 2]}, {"name": "relu", "kind": "relu", "inputs": ["input"]}]
    ).layers
    layout = lay_out(plan(layers))
    given = {name: {} for name in layout} | {"input": {"output": np.array([[[np.nan, 0.5]]])}}
    assert filled(layout["input"], given["input"])["output"].tolist() == [[[0.0, 0.5]]]
    assert computed({n: layout[n] for n in ("input", "relu")}, given, None)["relu"]["output"].tolist() == [[[0.0, 0.5]]]  # type: ignore[arg-type]


def test_pixels_of_32_bits_are_computed_with_as_a_spreadsheet_does(tmp_path: Path) -> None:
    network = build([
        {"name": "input", "kind": "input", "shape": [1, 3, 3]},
        {"name": "average", "kind": "globalavgpool", "inputs": ["input"]},
    ])  # fmt: skip
    pixels = np.random.default_rng(0).uniform(size=(1, 3, 3)).astype(np.float32)
    book = read_book(write_workbook(network, tmp_path / "single.xlsx", pixels).read_bytes())
    cells = book.sheets["Average"]
    (result,) = [cells.values[cell] for cell, formula in cells.formulas.items() if "AVERAGE" in formula.text]
    assert result == pytest.approx(pixels.astype(float).mean(), abs=1e-14)
