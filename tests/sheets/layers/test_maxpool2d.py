"""Max pooling against numbers worked by hand."""

import numpy as np
import pytest

from tests.sheets.alone import run, sources, stand
from xlcnn.errors import NetworkError
from xlcnn.sheets.layers.maxpool2d import MaxPool2d


def pool(**options: object) -> MaxPool2d:
    return MaxPool2d("pool", "Pool", ("x",), **options)  # type: ignore[arg-type]


def test_max_pooling_worked_by_hand() -> None:
    out = run(pool(), [[[1, 5, 2, 0], [3, 4, 8, 1], [0, 0, -1, -2], [0, 9, -3, -4]]])["output"]
    assert out.tolist() == [[[5, 8], [9, -1]]]


def test_windows_may_overlap() -> None:
    assert run(pool(stride=(1, 1)), [[[1, 5, 2], [3, 4, 8]]])["output"].tolist() == [[[5, 8]]]


def test_a_stride_may_differ_per_axis() -> None:
    x = np.arange(12).reshape(1, 3, 4)
    assert run(pool(stride=(1, 2)), x)["output"].tolist() == [[[5, 7], [9, 11]]]


def test_pooling_an_odd_side_leaves_the_last_row_out() -> None:
    assert pool().declare(sources((1, 5, 7)))["output"].shape == (1, 2, 3)


def test_padding_is_less_than_any_number() -> None:
    """As in PyTorch: a window at the edge of negative numbers is not 0."""
    out = run(pool(padding=(1, 0, 1, 0)), [[[-1, -2], [-3, -4]]])["output"]
    assert out.tolist() == [[[-1], [-3]]]


def test_a_pool_formula_sees_its_own_window() -> None:
    placed = stand(pool(), (1, 4, 4))
    assert [placed.formula("output", (0, *i)) for i in np.ndindex(2, 2)] == [
        "=MAX(B6:C7)", "=MAX(D6:E7)", "=MAX(B8:C9)", "=MAX(D8:E9)",
    ]  # fmt: skip


def test_only_a_stride_of_one_can_be_dragged() -> None:
    for stride, dragged in (((1, 1), True), ((1, 2), False), ((2, 1), False)):
        placed = stand(pool(stride=stride), (1, 5, 5))
        (block,) = (b for b in placed.blocks if b.part == "output")
        assert placed.shares_formula(block) is dragged


def test_what_comes_out_is_negative_only_if_what_comes_in_may_be() -> None:
    (signed,) = sources((1, 4, 4))
    assert pool().declare([signed])["output"].signed is True


@pytest.mark.parametrize(
    ("layer", "shape", "words"),
    [
        (pool(kernel=(3, 3)), (1, 2, 9), "a 3×3 window does not fit on maps of 2×9"),
        (pool(padding=(2, 0, 0, 0)), (1, 4, 4), "padding must be less than the kernel"),
        (pool(), (4,), "reads feature maps"),
        (pool(lens=True, padding=(1, 0, 0, 0)), (1, 4, 4), "lens is for maps without padding"),
    ],
)
def test_what_does_not_fit_is_said(layer: MaxPool2d, shape: tuple[int, ...], words: str) -> None:
    with pytest.raises(NetworkError, match=words):
        layer.declare(sources(shape))
