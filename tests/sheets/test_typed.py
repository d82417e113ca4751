"""What somebody typed comes to the nearest number that means something: the formulas and NumPy agree."""

from __future__ import annotations

import numpy as np
import pytest

from tests.formulas import computed
from xlcnn.sheets import typed

CASES = [-1e9, -1, 0, 0.5, 1, 3, 3.7, 4, 5, 1e9, "a word", ""]


def as_numpy(value: float | str) -> np.ndarray:
    return np.array(np.nan if isinstance(value, str) else value)


@pytest.mark.parametrize(("value", "nearest"), zip(CASES, [1, 1, 1, 1, 1, 3, 3, 4, 4, 4, 1, 1], strict=True))
def test_a_whole_number_within_bounds(value: float | str, nearest: float) -> None:
    assert typed.whole(as_numpy(value), 1, 4) == nearest
    assert computed(typed.whole_formula("A1", 1, 4), value) == nearest


@pytest.mark.parametrize("value", CASES)
def test_any_number_and_0_for_a_word(value: float | str) -> None:
    expected = 0 if isinstance(value, str) else value
    assert typed.number(as_numpy(value)) == expected
    assert computed(typed.number_formula("A1"), value) == expected
