"""One weight nudged: the slope agrees with back-propagation, wherever the weight is; and picks that mean nothing."""

from __future__ import annotations

import numpy as np
import pytest

from tests.sheets.learning.lesson import NETWORK, WHOLE, blurred, values
from xlcnn.network.network import Network
from xlcnn.sheets.learning.nudge import PICKS
from xlcnn.sheets.parts import Array, Labels

TENSORS = [
    "conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias", "dense.weight", "dense.bias",
]  # fmt: skip
PLACES = [
    (1, (1, 1, 2, 3)), (1, (2, 1, 1, 1)), (2, (2, 1, 1, 1)), (3, (2, 2, 3, 1)), (3, (1, 2, 2, 2)), (4, (1, 1, 1, 1)),
    (5, (0, 1, 5, 6)), (5, (9, 2, 7, 4)), (5, (4, 1, 6, 6)), (6, (4, 1, 1, 1)), (6, (0, 1, 1, 1)),
]  # fmt: skip


def nudge(number: float, place: tuple[float, ...], by: float = 0.01, truth: int = 4) -> dict[str, Array]:
    picks = dict(zip(PICKS, place, strict=True))
    return values(blurred(), {"loss": {"truth": truth}, "nudge": {"choice": number, "by": by, **picks}})["nudge"]


@pytest.mark.parametrize(("number", "place"), PLACES)
def test_the_network_with_one_changed_weight(number: int, place: tuple[int, ...]) -> None:
    """The sheet computes the loss of the very network that has this weight changed."""
    name = TENSORS[number - 1]
    weight = NETWORK.weights[name].copy().reshape(WHOLE.parts[name.split(".")[0]][name.split(".")[1]].shape)
    start = 0 if name.startswith("dense") else 1
    index = (place[0] - start, *(n - 1 for n in place[1:]))[: weight.ndim]
    v = nudge(number, place)
    assert v["weight"] == weight[index]
    weight[index] += 0.01
    changed = Network(NETWORK.layers, {**NETWORK.weights, name: weight.reshape(NETWORK.weights[name].shape)})
    assert v["after"] == pytest.approx(-np.log(changed.probabilities(blurred())[4]), abs=1e-12)
    assert v["found"] == v["moved"] == 1


@pytest.mark.parametrize(("number", "place"), PLACES)
def test_the_slope_agrees_with_back_propagation(number: int, place: tuple[int, ...]) -> None:
    """The smaller the nudge, the better: the error shrinks with it."""
    coarse, fine = (nudge(number, place, by) for by in (0.01, 0.0001))
    assert abs(fine["apart"]) < 0.01
    assert abs(coarse["apart"]) < 1  # on the way some cells pass 0, where ReLU bends
    assert abs(fine["apart"]) <= abs(coarse["apart"]) / 10 + 1e-9


def test_downwards_as_well() -> None:
    up, down = (nudge(3, (1, 2, 2, 2), by) for by in (0.001, -0.001))
    assert np.sign(up["change"]) == -np.sign(down["change"]) != 0
    assert up["slope"] == pytest.approx(float(down["slope"]), rel=0.05)


@pytest.mark.parametrize("by", [0, 0.00001, -0.00001])
def test_a_nudge_that_is_none_has_no_slope(by: float) -> None:
    v = nudge(3, (1, 2, 2, 2), by)
    assert v["moved"] == v["slope"] == 0


@pytest.mark.parametrize(
    ("number", "typed", "looked"),
    [
        (3, (3, 1, 2, 2), (2, 1, 2, 2)),
        (3, (0, 0, 0, 0), (1, 1, 1, 1)),
        (1, (1, 1, 12, 2), (1, 1, 3, 2)),
        (5, (9, 2, 12, 99), (9, 2, 12, 12)),
        (3, (1, 1, np.nan, 2.5), (1, 1, 1, 2)),
    ],
)
def test_a_weight_that_there_is_none_of(number: int, typed: tuple[float, ...], looked: tuple[int, ...]) -> None:
    v = nudge(number, typed)
    assert tuple(v["looking"][0]) == looked
    assert v["found"] == 0


def test_for_a_bias_map_row_and_column_mean_nothing() -> None:
    v = nudge(6, (3, 2, 7, 7))
    assert tuple(v["looking"][0]) == (3, 1, 1, 1)
    assert v["found"] == 1


def test_every_tensor_can_be_chosen() -> None:
    options = WHOLE.parts["nudge"]["options"]
    assert isinstance(options, Labels)
    assert [key for key, _ in options.keys] == [n.replace(".", "_").replace("conv1_weight", "conv1_filter") for n in TENSORS]
