"""One weight nudged: the slope agrees with back-propagation, wherever the weight is; and picks that mean nothing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product

import numpy as np
import pytest

from tests.sheets.learning.lesson import NETWORK, WHOLE, blurred, values
from xlcnn.network.network import Network
from xlcnn.sheets.graph import fetch
from xlcnn.sheets.learning.nudge import PICKS
from xlcnn.sheets.parts import Array, Labels, compute

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
    assert abs(coarse["apart"]) < 2  # on the way some cells pass 0, where ReLU bends
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


# ---- the picked number is the same one everywhere ----

SMALL = 1e-4
#: Where each tensor's gradient is.
GRADIENTS = {name: (f"{name.split('.')[0]}_back", name.split(".")[1]) for name in TENSORS}
#: What the first filter, unit, map, row and column are called; digits are counted from 0.
FIRST = {name: 0 if name.startswith("dense") else 1 for name in TENSORS}


def busy() -> Array:
    """Two digits and noise: no map is empty at its corners, and nowhere does a small nudge switch a ReLU on or off."""
    noise = np.random.default_rng(16).uniform(size=(1, 28, 28))
    return np.round(np.clip(0.6 * blurred() + noise, 0, 1), 4)


@cache
def whole() -> dict[str, dict[str, Array]]:
    """Every value of the workbook for this image, where the network is sure of another digit: both bounds have gradients."""
    return values(busy(), {"loss": {"truth": 0}})


def picked(number: int, place: tuple[int, ...]) -> dict[str, Array]:
    """The values of this sheet alone: no other one depends on what is picked."""
    parts = WHOLE.parts["nudge"]
    given = {part.name: whole()["nudge"][part.name] for part in parts.values() if part.is_given}
    typed = {"choice": number, "by": SMALL, **dict(zip(PICKS, place, strict=True))}
    return compute(parts, fetch(parts, whole()) | given | {name: np.asarray(n, dtype=float) for name, n in typed.items()})


def weights_of(name: str) -> Array:
    """A tensor that training found, in the shape in which its sheet shows it."""
    layer, part = name.split(".")
    return NETWORK.weights[name].reshape(WHOLE.parts[layer][part].shape)


def bounds(name: str) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """The index of the first and last number on each axis, in all combinations, with what somebody types to pick it."""
    for index in product(*(sorted({0, size - 1}) for size in weights_of(name).shape)):
        first, *others = (*index, 0, 0, 0)[:4]
        yield index, (first + FIRST[name], *(n + 1 for n in others))


BOUNDS = [(name, index, place) for name in TENSORS for index, place in bounds(name)]


@pytest.mark.parametrize(("name", "index", "place"), BOUNDS)
def test_weight_gradient_and_change_belong_to_the_same_number(name: str, index: tuple[int, ...], place: tuple[int, ...]) -> None:
    v = picked(TENSORS.index(name) + 1, place)
    assert v["found"] == v["moved"] == 1
    assert v["weight"] == weights_of(name)[index]
    assert v["nudged"] == pytest.approx(weights_of(name)[index] + SMALL, abs=1e-12)
    sheet, part = GRADIENTS[name]
    assert v["backprop"] == whole()[sheet][part][index]
    changed = weights_of(name).copy()
    changed[index] += SMALL
    network = Network(NETWORK.layers, {**NETWORK.weights, name: changed.reshape(NETWORK.weights[name].shape)})
    before, after = (-np.log(n.probabilities(busy())[0]) for n in (NETWORK, network))
    assert v["change"] == pytest.approx(after - before, abs=1e-11)
    assert v["slope"] == pytest.approx(float(v["backprop"]), rel=1e-3, abs=1e-3)


@pytest.mark.parametrize("name", TENSORS)
def test_these_picks_tell_one_number_from_another(name: str) -> None:
    """Else the test before would pass with any of them: the weights differ, and the gradients, by more than slopes may err."""
    sheet, part = GRADIENTS[name]
    for axis, size in enumerate(weights_of(name).shape):
        if size > 1:
            pairs = [index for index, _ in bounds(name) if index[axis] == 0]
            others = [(*index[:axis], size - 1, *index[axis + 1 :]) for index in pairs]
            assert all(weights_of(name)[a] != weights_of(name)[b] for a, b in zip(pairs, others, strict=True))
            gradients = whole()[sheet][part]
            assert max(abs(gradients[a] - gradients[b]) for a, b in zip(pairs, others, strict=True)) > 0.02


@pytest.mark.parametrize("name", TENSORS)
def test_nothing_is_picked_beyond_the_bounds(name: str) -> None:
    """The bounds that the sheet computes are those of the tensor, counted as its own sheet counts."""
    number, places = TENSORS.index(name) + 1, [place for _, place in bounds(name)]
    v = picked(number, places[0])
    assert tuple(v["lowest"][0]) == places[0]
    assert tuple(v["highest"][0]) == places[-1]
    for place, nearest in ((tuple(n - 1 for n in places[0]), places[0]), (tuple(n + 1 for n in places[-1]), places[-1])):
        beyond = picked(number, place)
        assert tuple(beyond["looking"][0]) == nearest
        assert beyond["found"] == 0


def test_a_word_in_place_of_the_nudge_is_no_nudge() -> None:
    v = nudge(1, (1, 1, 2, 3), by=np.nan)
    assert (v["used"], v["moved"], v["slope"], v["agree"]) == (0, 0, 0, 1)


@pytest.mark.parametrize(("number", "place"), PLACES)
def test_where_slope_and_gradient_differ_it_is_said(number: int, place: tuple[int, ...]) -> None:
    """A nudge of ±5 is not small; one of 0.0001 is."""
    for by in (5, -5):
        v = nudge(number, place, by)
        assert v["agree"] == (abs(v["slope"] - v["backprop"]) <= 0.1 * abs(v["backprop"]) + 0.01)
    assert nudge(number, place, 0.0001)["agree"] == 1
    assert {float(nudge(*picked, by=5)["agree"]) for picked in PLACES} == {0, 1}
