"""A sheet's values as an engine gives them."""

import numpy as np
import pytest

from xlcnn.engines.base import Grid, stored_grid
from xlcnn.xlsx.reader import SheetCells

GRID = Grid([[1.5, "seven", None], [2, True, "#N/A"], [float("inf"), float("nan"), -0.0]])


def test_only_numbers_are_numbers() -> None:
    """Texts, truth values and errors are none; a number that is not finite stays what it is."""
    nan = np.nan
    np.testing.assert_array_equal(GRID.numbers, [[1.5, nan, nan], [2, nan, nan], [np.inf, nan, 0]])


def test_a_text_of_digits_is_no_number() -> None:
    assert np.isnan(Grid([["7"]]).numbers).all()
    assert np.isnan(Grid([["7", 1.0]]).numbers[0, 0])
    assert np.isnan(Grid([[True]]).numbers).all()


def test_values_are_taken_by_row_and_column_from_1() -> None:
    np.testing.assert_array_equal(GRID.take(np.array([[[2, 1], [1, 1]]])), [[2.0, 1.5]])
    assert GRID.value(1, 2) == "seven"


def test_beyond_the_sheet_there_is_nothing() -> None:
    assert np.isnan(GRID.take(np.array([[9, 1], [1, 9]]))).all()
    assert GRID.value(9, 9) is None


@pytest.mark.parametrize("raw", [[], [[]]])
def test_a_sheet_may_be_empty(raw: list[list[object]]) -> None:
    assert Grid(raw).value(1, 1) is None


def test_stored_results_are_a_grid_too() -> None:
    cells = SheetCells({(1, 1): 1.0, (2, 3): "x", (9, 9): 5.0}, {})
    grid = stored_grid(cells, 2, 3)
    assert grid.rows == [[1.0, None, None], [None, None, "x"]]


def test_cells_that_an_engine_did_not_give_are_empty() -> None:
    grid = Grid([[1.0, 2.0, 3.0], [5.0], ["x"]])
    assert grid.rows == [[1.0, 2.0, 3.0], [5.0, None, None], ["x", None, None]]
