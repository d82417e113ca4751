"""Average pooling against numbers worked by hand, with padding that counts and padding that does not."""

from pathlib import Path

import numpy as np
import pytest

from tests.networks import build, write_workbook
from xlcnn import verify
from xlcnn.layout.placed import place
from xlcnn.sheets.graph import declare, evaluate
from xlcnn.sheets.layers.avgpool2d import AvgPool2d
from xlcnn.sheets.layers.input import Input

X = np.array([[[1.0, 5, 2, 0], [3, 4, 8, 1], [0, 0, -1, -2], [0, 9, -3, -4]]])


def average(**options: object) -> np.ndarray:
    sheets = (Input("i", "I", (), shape=(1, 4, 4)), AvgPool2d("p", "P", ("i",), **options))  # type: ignore[arg-type]
    return evaluate(declare(sheets), {}, {"i": {"output": X}})["p"]["output"]


def test_worked_by_hand() -> None:
    assert average().tolist() == [[[3.25, 2.75], [2.25, -2.5]]]


def test_padding_that_does_not_count() -> None:
    """The corner's window holds one real cell, the window beside it two."""
    found = average(padding=(1, 1, 0, 0))
    assert found.tolist() == [[[1, (5 + 2) / 2], [(3 + 0) / 2, (4 + 8 + 0 - 1) / 4]]]


def test_padding_that_counts() -> None:
    found = average(padding=(1, 1, 0, 0), count_padding=True)
    assert found.tolist() == [[[1 / 4, (5 + 2) / 4], [(3 + 0) / 4, (4 + 8 + 0 - 1) / 4]]]


def test_the_formula_is_the_average_of_the_window_either_way() -> None:
    for counts in (False, True):
        sheets = (Input("i", "I", (), shape=(1, 4, 4)), AvgPool2d("p", "P", ("i",), padding=(1, 1, 1, 1), count_padding=counts))
        parts = declare(sheets)
        before = {"i": place(sheets[0], parts["i"])}
        assert place(sheets[1], parts["p"], before).formula("output", (0, 1, 1)) == "=AVERAGE(D8:E9)"


@pytest.mark.parametrize("counts", [False, True])
def test_it_is_verified_in_a_workbook(tmp_path: Path, counts: bool) -> None:
    pool = {"kernel": [3, 2], "stride": [2, 1], "padding": [1, 0, 2, 1], "count_padding": counts}
    network = build([
        {"name": "input", "kind": "input", "shape": [2, 7, 6]},
        {"name": "pool", "kind": "avgpool2d", "inputs": ["input"], **pool},
        {"name": "small", "kind": "avgpool2d", "inputs": ["pool"], "lens": True},
        {"name": "dense", "kind": "dense", "inputs": ["small"], "units": 3},
    ])  # fmt: skip
    report = verify(write_workbook(network, tmp_path / "average.xlsx"))
    assert report.ok, report.problems[:3]
