"""A finished workbook stores every result, as every program does that saves one."""

from pathlib import Path

import openpyxl
import pytest

from tests.conftest import LESSON, recalculated, tab
from tests.networks import build, write_workbook
from xlcnn.engines import find_engine
from xlcnn.engines.base import Grid
from xlcnn.engines.results import ERRORS, store_results
from xlcnn.errors import EngineError
from xlcnn.xlsx.package import assemble
from xlcnn.xlsx.reader import read_book
from xlcnn.xlsx.rows import FormulaText, Rows
from xlcnn.xlsx.strings import SharedStrings


class Says:
    """An engine that gives one value to every cell."""

    name = "says"

    def __init__(self, value: object) -> None:
        self.value_ = value

    def version(self) -> str:
        return "1"

    def recalculate(self, book: object, runs: object, sizes: dict[str, tuple[int, int]]) -> list[dict[str, Grid]]:
        return [{title: Grid([[self.value_] * cols] * rows) for title, (rows, cols) in sizes.items()}]


def stored(
    formulas: dict[tuple[int, int], FormulaText], size: tuple[int, int], engine: object = None
) -> dict[tuple[int, int], object]:
    """What the finished workbook stores in the cells of its only sheet; A1 is 2."""
    book = openpyxl.Workbook()
    book.active.title = "S"
    rows = Rows(SharedStrings())
    rows.put(1, 1, 0, 2.0)
    for (row, col), formula in formulas.items():
        rows.put(row, col, 0, formula)
    data = store_results(assemble(book, {"S": rows}), {"S": size}, engine or find_engine())  # type: ignore[arg-type]
    return dict(read_book(data).sheets["S"].values)


def test_numbers_and_texts_are_stored() -> None:
    formulas = {(1, 2): FormulaText("A1*1.25"), (2, 2): FormulaText('"A1 is "&A1&", <3"', says=True), (3, 2): FormulaText("A1*3")}
    assert stored(formulas, (3, 2)) == {(1, 1): 2.0, (1, 2): 2.5, (2, 2): "A1 is 2, <3", (3, 2): 6.0}


def test_a_dragged_formula_has_a_result_in_every_cell() -> None:
    formulas = {
        (1, 2): FormulaText("$A$1+ROW()", shared=0, ref="B1:B3"),
        (2, 2): FormulaText(None, shared=0),
        (3, 2): FormulaText(None, shared=0),
    }
    assert [stored(formulas, (3, 2))[row, 2] for row in (1, 2, 3)] == [3.0, 4.0, 5.0]


@pytest.mark.parametrize("value", [0.0, -0.0, 1e-300, 1e300, -1.5, 1 / 3, 123456789012345.0, 1e15, 7])
def test_a_number_comes_back_to_15_digits(value: float) -> None:
    """So many do spreadsheets compute with; a number that has no more comes back to the last bit."""
    found = stored({(1, 2): FormulaText("A1")}, (1, 2), Says(value))[1, 2]
    assert found == float(f"{value:.14e}")
    assert found == value or value == 1 / 3


@pytest.mark.parametrize("error", sorted(ERRORS))
def test_a_formula_that_fails_is_an_error_and_no_file(error: str) -> None:
    with pytest.raises(EngineError, match="could not compute 2 formulas"):
        stored({(1, 2): FormulaText("A1")}, (1, 2), Says(error))


@pytest.mark.parametrize("formula", ["1/0", "NOSUCH(1)", 'A1+"x"'])
def test_so_is_one_that_fails_in_the_engine(formula: str) -> None:
    with pytest.raises(EngineError, match="could not compute 1 formulas"):
        stored({(1, 2): FormulaText(formula)}, (1, 2))


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


def test_every_formula_of_the_lesson_has_its_result(seven: Path) -> None:
    for title, cells in read_book(seven.read_bytes()).sheets.items():
        assert all(cells.values[cell] is not None for cell in cells.formulas), title


def test_they_are_what_a_program_would_store(seven: Path, tmp_path: Path) -> None:
    """A student's program recalculates and saves: nothing changes."""
    path = tmp_path / "saved.xlsx"
    path.write_bytes(seven.read_bytes())
    before, after = read_book(seven.read_bytes()), read_book(recalculated(path).read_bytes())
    for title, cells in before.sheets.items():
        assert {cell: after.sheets[title].values[cell] for cell in cells.formulas} == {
            cell: cells.values[cell] for cell in cells.formulas
        }, title


def test_programs_that_compute_nothing_see_the_answer(seven: Path) -> None:
    book = openpyxl.load_workbook(seven, data_only=True)
    assert book[tab("guide")].cell(*LESSON["guide"].references.locate("prediction")).value == 7
