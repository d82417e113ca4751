"""EXP never overflows, and nothing changes where it would not have: by hand, by NumPy, by the spreadsheet."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.formulas import computed
from xlcnn.sheets.exponential import exp, exp_formula, sigmoid, sigmoid_formula


@pytest.mark.parametrize("x", [-1000, -5, 0, 1, 5, 699])
def test_exp(x: float) -> None:
    assert exp(np.array(x)) == pytest.approx(math.exp(x))
    assert computed(exp_formula("A1"), x) == pytest.approx(math.exp(x))


def test_five_of_the_largest_can_be_added() -> None:
    assert exp(np.array(1e6)) == computed(exp_formula("A1"), 1e6) == pytest.approx(math.exp(700))
    assert math.isfinite(5 * math.exp(700))


@pytest.mark.parametrize(("x", "by_hand"), [(0, 0.5), (2, 0.880797), (-2, 0.119203), (1000, 1), (-1000, 0), (-1e6, 0)])
def test_sigmoid(x: float, by_hand: float) -> None:
    assert sigmoid(np.array(x)) == pytest.approx(by_hand, abs=1e-6)
    assert computed(sigmoid_formula("A1"), x) == pytest.approx(by_hand, abs=1e-6)
