"""The gradients of a convolution, worked by hand, and of ReLU."""

from __future__ import annotations

import numpy as np
import pytest

from tests.sheets.alone import given_anew
from xlcnn.errors import NetworkError
from xlcnn.sheets.layers.conv2d import Conv2d
from xlcnn.sheets.learning.conv_back import ConvBack
from xlcnn.sheets.learning.relu_back import where_positive
from xlcnn.sheets.parts import Array, Part, compute

X = np.array([[[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]])
FILTER = np.array([[[[1.0, 10], [100, 1000]]]])
ARRIVES = np.array([[[1.0, 0], [0, -2]]])


def back(to_input: bool = True, **options: object) -> dict[str, Array]:
    conv = Conv2d("c", "C", ("x",), kernel=(2, 2), filters=1, **options)  # type: ignore[arg-type]
    read = [
        Part("output", X.shape, home="x"),
        Part("weight", FILTER.shape, home="c", sheet=conv),
        Part("output", ARRIVES.shape, home="g"),
    ]
    parts = ConvBack("b", "B", ("x", "c.weight", "g"), to_input=to_input).declare(read)
    arrays = {"x": X, "c": FILTER, "g": ARRIVES}
    values = dict(given_anew(parts))
    for part in parts.values():
        if part.read is not None:
            values[part.name] = part.fetch(arrays[part.read.home])  # type: ignore[attr-defined]
    return compute(parts, values)


def test_each_weight_hears_from_every_place() -> None:
    v = back()
    assert v["weight"].tolist() == [[[[1 - 2 * 5, 2 - 2 * 6], [4 - 2 * 8, 5 - 2 * 9]]]]
    assert v["bias"].tolist() == [-1]


def test_each_activation_hears_from_every_window_that_read_it() -> None:
    v = back()
    assert v["turned"].tolist() == [[[[1000, 100], [10, 1]]]]
    assert v["output"].tolist() == [[[1, 10, 0], [100, 1000 - 2, -20], [0, -200, -2000]]]


def test_the_first_layer_passes_nothing_on() -> None:
    v = back(to_input=False)
    assert "output" not in v
    assert v["arrives"].shape == ARRIVES.shape
    assert v["weight"].tolist() == back()["weight"].tolist()


@pytest.mark.parametrize("options", [{"stride": (2, 2)}, {"padding": (1, 1, 1, 1)}])
def test_a_stride_or_padding_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(NetworkError, match="stride of 1, and no padding"):
        back(**options)


def test_relu_lets_the_gradient_pass_where_it_let_a_number_pass() -> None:
    x = np.array([-1, 0, 1e-17, 2, np.nan])
    found = where_positive(x, np.array([5.0, 5, 5, 5, 5]))
    assert found[:4].tolist() == [0, 0, 0, 5]
    assert np.isnan(found[4])
