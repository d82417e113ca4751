"""Convolution against numbers worked by hand, and against its definition written as five loops."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlcnn.blocks import References
from xlcnn.errors import NetworkError
from xlcnn.layers import Conv2d, Part
from xlcnn.layout import arrange


def conv(filters: int = 1, kernel: tuple[int, int] = (2, 2), stride: int = 1, padding: int = 0) -> Conv2d:
    return Conv2d("conv", "Conv", ("input",), filters, kernel, stride, padding)


def test_one_filter_worked_by_hand() -> None:
    x = np.array([[[1, 2, 0], [0, 1, 3], [4, 0, 1]]], dtype=float)
    weight = np.array([[[[1, -1], [2, 0.5]]]])
    out = conv().compute("output", {"in": x, "weight": weight, "bias": np.array([0.25])})
    # top left: 1·1 + 2·(−1) + 0·2 + 1·0.5 + 0.25 = −0.25, and so on
    assert out.tolist() == [[[-0.25, 5.75], [7.25, -1.25]]]


def test_two_maps_are_added() -> None:
    x = np.array([[[1, 2], [3, 4]], [[10, 20], [30, 40]]], dtype=float)
    weight = np.array([[[[1, 0], [0, 1]], [[0, 0.1], [0, 0]]]])
    assert conv().compute("output", {"in": x, "weight": weight, "bias": np.zeros(1)}).tolist() == [[[1 + 4 + 2.0]]]


def test_the_filter_is_not_turned() -> None:
    """Deep learning's convolution is a cross-correlation: the filter lies on the window as it is."""
    weight = np.array([[[[1, 0], [0, 0]]]], dtype=float)
    x = np.arange(9, dtype=float).reshape(1, 3, 3)
    assert conv().compute("output", {"in": x, "weight": weight, "bias": np.zeros(1)})[0, 0, 0] == 0


@settings(max_examples=60, deadline=None)
@given(
    channels=st.integers(1, 3),
    filters=st.integers(1, 3),
    height=st.integers(3, 7),
    width=st.integers(3, 7),
    kernel=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    stride=st.integers(1, 3),
    padding=st.integers(0, 2),
    seed=st.integers(0, 2**32 - 1),
)
def test_equals_its_definition(
    channels: int, filters: int, height: int, width: int, kernel: tuple[int, int], stride: int, padding: int, seed: int
) -> None:
    random = np.random.default_rng(seed)
    layer = conv(filters, kernel, stride, padding)
    parts = layer.parts(Part("computed", (channels, height, width)))
    x = random.normal(size=(channels, height, width))
    p = {"in": layer.incoming(x), "weight": random.normal(size=parts["weight"].shape), "bias": random.normal(size=filters)}
    out = layer.compute("output", p)
    assert out.shape == parts["output"].shape
    assert p["in"].shape == parts["in"].shape
    for o, y, x_ in np.ndindex(*out.shape):
        total = p["bias"][o]
        for i in range(channels):
            for u in range(kernel[0]):
                for v in range(kernel[1]):
                    total += p["in"][i, y * stride + u, x_ * stride + v] * p["weight"][o, i, u, v]
        assert out[o, y, x_] == pytest.approx(total, abs=1e-12)


def test_a_batch_is_each_image_alone() -> None:
    random = np.random.default_rng(1)
    x, weight, bias = random.normal(size=(4, 2, 5, 5)), random.normal(size=(3, 2, 2, 2)), random.normal(size=3)
    layer = conv(3)
    together = layer.compute("output", {"in": x, "weight": weight, "bias": bias})
    for k in range(4):
        assert np.allclose(together[k], layer.compute("output", {"in": x[k], "weight": weight, "bias": bias}), atol=1e-13)


def test_the_formula_is_a_sum_product_for_each_map_plus_the_bias() -> None:
    layer = conv(filters=1, kernel=(3, 3))
    sheet = arrange(layer, layer.parts(Part("computed", (2, 5, 5))))
    assert sheet.formula("output", (0, 0, 0)) == "=SUMPRODUCT(B6:D8,$J$6:$L$8)+SUMPRODUCT(B13:D15,$J$10:$L$12)+$J$15"
    assert sheet.formula("output", (0, 1, 2)) == "=SUMPRODUCT(D7:F9,$J$6:$L$8)+SUMPRODUCT(D14:F16,$J$10:$L$12)+$J$15"
    assert isinstance(sheet.references, References)


def test_only_a_stride_of_one_can_be_dragged() -> None:
    assert conv(stride=1).dragged == {"output"}
    assert conv(stride=2).dragged == frozenset()


@pytest.mark.parametrize(
    ("layer", "shape", "words"),
    [
        (conv(kernel=(4, 4)), (1, 3, 3), "4×4 window does not fit on maps of 3×3"),
        (conv(filters=0), (1, 3, 3), "at least 1"),
        (conv(), (9,), "reads feature maps, not a tensor of shape"),
    ],
)
def test_what_does_not_fit_is_said(layer: Conv2d, shape: tuple[int, ...], words: str) -> None:
    with pytest.raises(NetworkError, match=words):
        layer.parts(Part("computed", shape))
