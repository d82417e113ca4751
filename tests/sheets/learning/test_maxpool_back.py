"""Where the gradient of a window goes, and ties."""

from __future__ import annotations

import numpy as np
import pytest

from tests.sheets.learning.lesson import LAYOUT, WHOLE
from xlcnn.errors import NetworkError
from xlcnn.sheets.layers.maxpool2d import MaxPool2d
from xlcnn.sheets.learning.maxpool_back import MaxPoolBack, to_the_largest
from xlcnn.sheets.parts import Part


def test_the_largest_cell_takes_it_all() -> None:
    x = np.array([[[1.0, 2, 0, 0], [4, 3, 0, 5]]])
    assert to_the_largest(x, np.array([[[10.0, -20]]]), (2, 2)).tolist() == [[[0, 0, 0, 0], [10, 0, 0, -20]]]


def test_of_equally_large_cells_the_first_in_reading_order() -> None:
    x = np.array([[[0.0, 1, 2, 2], [1, 1, 2, 2]]])
    assert to_the_largest(x, np.array([[[1.0, 1]]]), (2, 2)).tolist() == [[[0, 1, 1, 0], [0, 0, 0, 0]]]


def test_rounding_does_not_decide_between_equal_cells() -> None:
    x = np.array([[[0.3, 0.1 + 0.2], [0.1 + 0.2, 0.3]]])
    assert x[0, 0, 0] < x[0, 0, 1]
    assert to_the_largest(x, np.ones((1, 1, 1)), (2, 2)).tolist() == [[[1, 0], [0, 0]]]


def test_rows_that_no_window_reaches_get_nothing() -> None:
    x = np.arange(15.0).reshape(1, 3, 5)
    back = to_the_largest(x, np.ones((1, 1, 2)), (2, 2))
    assert back.tolist() == [[[0, 0, 0, 0, 0], [0, 1, 0, 1, 0], [0, 0, 0, 0, 0]]]


def test_an_error_in_a_window_is_one_in_all_its_cells() -> None:
    back = to_the_largest(np.array([[[np.nan, 1, 2, 3]]]), np.ones((1, 1, 2)), (1, 2))
    assert np.isnan(back[0, 0, :2]).all()
    assert back[0, 0, 2:].tolist() == [0, 1]


def test_each_cell_asks_those_before_it_in_its_window() -> None:
    at = LAYOUT["maxpool_back"].references
    a, b, c, d = (at("in", 0, y, x) for y in (0, 1) for x in (0, 1))
    most = f"MAX({a}:{d})-1E-9"
    formula = LAYOUT["maxpool_back"].formula("output", (0, 1, 0))
    assert formula == f"=IF(AND({c}>={most},MAX({a},{b})<{most}),{at('arrives', 0, 0, 0)},0)"


def test_windows_that_overlap_are_refused() -> None:
    pool = MaxPool2d("p", "P", ("x",), kernel=(3, 3), stride=(2, 2))
    maps, pooled = Part("output", (1, 7, 7), home="x"), Part("output", (1, 3, 3), home="p", sheet=pool)
    with pytest.raises(NetworkError, match="do not overlap"):
        MaxPoolBack("b", "B", ("x", "p", "g")).declare([maps, pooled, pooled])


def test_in_the_lesson_the_maps_are_those_of_relu2() -> None:
    assert WHOLE.parts["maxpool_back"]["in"].read is WHOLE.parts["relu2"]["output"]
