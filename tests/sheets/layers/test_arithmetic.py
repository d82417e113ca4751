"""Two tensors, or a tensor and what was learned, number by number."""

from typing import Any

import numpy as np
import pytest

from tests.networks import build
from xlcnn import Network, NetworkError


def network(kind: str, second: tuple[str, ...] = (), **options: Any) -> Network:
    """Two maps of 4 × 4, pooled in two ways, and what is made of both; or of the first and learned numbers."""
    return build([
        {"name": "input", "kind": "input", "shape": [2, 4, 4]},
        {"name": "most", "kind": "maxpool2d", "inputs": ["input"], "kernel": [2, 2], "stride": 2},
        {"name": "mean", "kind": "avgpool2d", "inputs": ["input"], "kernel": [2, 2], "stride": 2},
        {"name": "wide", "kind": "maxpool2d", "inputs": ["input"], "kernel": [2, 2], "stride": 1},
        {"name": "both", "kind": kind, "inputs": ["most", *second], **options},
    ])  # fmt: skip


def blocks(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The largest and the mean of each square of two by two pixels."""
    squares = image.reshape(2, 2, 2, 2, 2).transpose(0, 1, 3, 2, 4).reshape(2, 2, 2, 4)
    return squares.max(axis=-1), squares.mean(axis=-1)


@pytest.mark.parametrize(
    ("kind", "operation"), [("add", np.add), ("subtract", np.subtract), ("multiply", np.multiply), ("divide", np.divide)]
)
@pytest.mark.parametrize("swapped", [False, True])
def test_of_two_layers(kind: str, operation: np.ufunc, swapped: bool) -> None:
    image = np.random.default_rng(3).uniform(0.1, 1, (2, 4, 4))
    most, mean = blocks(image)
    right = operation(mean, most) if swapped else operation(most, mean)
    assert network(kind, ("mean",), swapped=swapped).forward(image)["both"]["output"] == pytest.approx(right)


@pytest.mark.parametrize(("each", "shape"), [(0, (1,)), (1, (2,)), (2, (2, 2, 2))])
def test_of_a_layer_and_what_was_learned(each: int, shape: tuple[int, ...]) -> None:
    assert network("add", each=each).weights["both.second"].shape == shape


@pytest.mark.parametrize(
    ("second", "options", "words"),
    [
        (("wide",), {}, r"layer both \(add\): tensors of shapes \(2, 2, 2\) and \(2, 3, 3\) do not fit together"),
        (("mean", "wide"), {}, r"layer both \(add\): reads one layer or two, not 3"),
        (("mean",), {"each": 1}, r"layer both \(add\): learned no numbers, since it reads two layers: each must be 0, not 1"),
        (("mean",), {"each": 2}, r"layer both \(add\): learned no numbers, since it reads two layers: each must be 0, not 2"),
        ((), {"each": 3}, "each must be a whole number from 0 to 2"),
    ],
)
def test_what_does_not_fit_is_told(second: tuple[str, ...], options: dict[str, Any], words: str) -> None:
    with pytest.raises(NetworkError, match=words):
        network("add", second, **options)
