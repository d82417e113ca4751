"""Convolution against numbers worked by hand, and against its definition written as loops."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from tests.networks import build, write_workbook
from tests.sheets.alone import run, sources, stand
from xlcnn import verify
from xlcnn.errors import NetworkError
from xlcnn.sheets.layers.conv2d import OWN, PRESETS, Conv2d
from xlcnn.sheets.parts import Incoming, compute

NOTHING = (0, 0, 0, 0)


def conv(
    filters: int = 1,
    kernel: tuple[int, int] = (2, 2),
    stride: tuple[int, int] = (1, 1),
    padding: tuple[int, int, int, int] = NOTHING,
    presets: bool = False,
) -> Conv2d:
    return Conv2d("conv", "Conv", ("x",), filters=filters, kernel=kernel, stride=stride, padding=padding, presets=presets)


def test_one_filter_worked_by_hand() -> None:
    out = run(conv(), [[[1, 2, 0], [0, 1, 3], [4, 0, 1]]], weight=[[[[1, -1], [2, 0.5]]]], bias=[0.25])["output"]
    # top left: 1·1 + 2·(−1) + 0·2 + 1·0.5 + 0.25 = −0.25, and so on
    assert out.tolist() == [[[-0.25, 5.75], [7.25, -1.25]]]


def test_two_maps_are_added() -> None:
    out = run(conv(), [[[1, 2], [3, 4]], [[10, 20], [30, 40]]], weight=[[[[1, 0], [0, 1]], [[0, 0.1], [0, 0]]]], bias=[0])
    assert out["output"].tolist() == [[[1 + 4 + 2.0]]]


def test_without_a_bias_nothing_is_added() -> None:
    plain = replace(conv(), bias=False)
    v = run(plain, [[[1, 2, 0], [0, 1, 3], [4, 0, 1]]], weight=[[[[1, -1], [2, 0.5]]]])
    assert v["output"].tolist() == [[[-0.5, 5.5], [7.0, -1.5]]]
    assert "bias" not in v
    placed = stand(plain, (1, 3, 3))
    assert "+" not in placed.parts["output"].excel(placed.references, 0, 0, 0)


@pytest.mark.parametrize("filters", [1, 5])
def test_without_a_bias_it_is_verified_in_a_workbook(filters: int, tmp_path: Path) -> None:
    network = build([
        {"name": "input", "kind": "input", "shape": [2, 5, 6]},
        {"name": "conv", "kind": "conv2d", "inputs": ["input"], "filters": filters, "kernel": 3, "bias": False, "lens": True},
        {"name": "more", "kind": "conv2d", "inputs": ["conv"], "filters": 2, "kernel": [2, 1], "dilation": 2, "bias": False},
    ])  # fmt: skip
    assert set(network.weights) == {"conv.weight", "more.weight"}
    report = verify(write_workbook(network, tmp_path / "plain.xlsx"))
    assert report.ok, report.problems[:3]


def test_more_matrices_than_four_stand_in_rows() -> None:
    placed = stand(conv(filters=2, kernel=(3, 3)), (16, 7, 7))
    corners = [(b.row, b.col) for b in placed.blocks if b.part == "weight" and b.index[0] == 0]
    rows, columns = ({corner[k] for corner in corners} for k in (0, 1))
    assert len(corners) == 16 <= len(rows) * len(columns)
    assert max(len(rows), len(columns)) < 8


def test_the_filter_is_not_turned() -> None:
    """Deep learning's convolution is a cross-correlation: the filter lies on the window as it is."""
    out = run(conv(), np.arange(9).reshape(1, 3, 3), weight=[[[[1, 0], [0, 0]]]], bias=[0])["output"]
    assert out[0, 0, 0] == 0


def test_padding_is_zeros_on_each_side_for_itself() -> None:
    v = run(conv(kernel=(3, 3), padding=(2, 0, 1, 1)), [[[5, 6], [7, 8]]], weight=np.ones((1, 1, 3, 3)), bias=[0])
    assert v["in"].tolist() == [[[0, 0, 0], [0, 0, 0], [5, 6, 0], [7, 8, 0], [0, 0, 0]]]
    assert v["output"].tolist() == [[[11], [26], [26]]]


def test_a_stride_may_differ_per_axis() -> None:
    x = np.arange(20).reshape(1, 4, 5)
    out = run(conv(kernel=(1, 1), stride=(1, 3)), x, weight=[[[[1]]]], bias=[0])["output"]
    assert out.tolist() == [[[0, 3], [5, 8], [10, 13], [15, 18]]]
    out = run(conv(kernel=(1, 1), stride=(3, 1)), x, weight=[[[[1]]]], bias=[0])["output"]
    assert out.tolist() == [[[0, 1, 2, 3, 4], [15, 16, 17, 18, 19]]]


@st.composite
def convolutions(draw: st.DrawFn) -> Conv2d:
    """Any convolution that fits on maps of 3 × 3 and more."""
    kernel = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    padding = draw(st.tuples(*(st.integers(0, kernel[k % 2] - 1) for k in range(4))))
    return conv(draw(st.integers(1, 3)), kernel, draw(st.tuples(st.integers(1, 3), st.integers(1, 3))), padding)


@settings(max_examples=60, deadline=None)
@given(
    layer=convolutions(),
    shape=st.tuples(st.integers(1, 3), st.integers(3, 7), st.integers(3, 7)),
    seed=st.integers(0, 2**32 - 1),
)
def test_equals_its_definition(layer: Conv2d, shape: tuple[int, int, int], seed: int) -> None:
    random = np.random.default_rng(seed)
    parts = layer.declare(sources(shape))
    weight, bias = random.normal(size=parts["weight"].shape), random.normal(size=layer.filters)
    v = run(layer, random.normal(size=shape), weight=weight, bias=bias)
    assert v["output"].shape == parts["output"].shape
    assert v["in"].shape == parts["in"].shape
    for o, y, x in np.ndindex(*v["output"].shape):
        total = bias[o]
        for i, u, w in np.ndindex(shape[0], *layer.kernel):
            total += v["in"][i, y * layer.stride[0] + u, x * layer.stride[1] + w] * weight[o, i, u, w]
        assert v["output"][o, y, x] == pytest.approx(total, abs=1e-12)


def test_a_batch_is_each_image_alone() -> None:
    random = np.random.default_rng(1)
    images, layer = random.normal(size=(4, 2, 5, 5)), conv(3, padding=(1, 0, 0, 1))
    parts = layer.declare(sources((2, 5, 5)))
    given = {"weight": random.normal(size=(3, 2, 2, 2)), "bias": random.normal(size=3)}
    assert isinstance(parts["in"], Incoming)
    together = compute(parts, {"in": parts["in"].fetch(images), **given})["output"]
    for k in range(4):
        assert np.allclose(together[k], run(layer, images[k], **given)["output"], atol=1e-13)


def test_the_formula_is_a_sum_product_for_each_map_plus_the_bias() -> None:
    placed = stand(conv(kernel=(3, 3)), (2, 5, 5))
    at = placed.references
    for y, x in ((0, 0), (1, 2)):
        windows = [at.window("in", i, y, x, size=(3, 3)) for i in range(2)]
        filters = [at.whole("weight", 0, i) for i in range(2)]
        products = "+".join(f"SUMPRODUCT({w},{f})" for w, f in zip(windows, filters, strict=True))
        assert placed.formula("output", (0, y, x)) == f"={products}+{at.fixed('bias', 0)}"


def test_the_formula_letter_by_letter() -> None:
    """Windows move as it is dragged, filters and bias stay: ``=SUMPRODUCT(D7:F9,$I$6:$K$8)+…+$I$15``."""
    placed = stand(conv(kernel=(3, 3)), (2, 5, 5))

    def written(part: str, *index: int, dollar: str = "") -> str:
        row, col = placed.positions(part)[index]
        return f"{dollar}{get_column_letter(col)}{dollar}{row}"

    products = [
        f"SUMPRODUCT({written('in', i, 1, 2)}:{written('in', i, 3, 4)},"
        f"{written('weight', 0, i, 0, 0, dollar='$')}:{written('weight', 0, i, 2, 2, dollar='$')})"
        for i in range(2)
    ]
    assert written("in", 0, 1, 2) == "D7"  # the first map's first cell is B6
    assert placed.formula("output", (0, 1, 2)) == f"={'+'.join(products)}+{written('bias', 0, dollar='$')}"


def test_a_stride_moves_the_window_of_the_formula() -> None:
    placed = stand(conv(kernel=(2, 2), stride=(2, 3)), (1, 6, 8))
    assert placed.references.window("in", 0, 2, 3, size=(2, 2)) in str(placed.formula("output", (0, 1, 1)))


def test_only_a_stride_of_one_can_be_dragged() -> None:
    for stride, dragged in (((1, 1), True), ((2, 1), False), ((1, 2), False), ((2, 2), False)):
        placed = stand(conv(stride=stride), (1, 5, 5))
        (block,) = (b for b in placed.blocks if b.part == "output")
        assert placed.shares_formula(block) is dragged


@pytest.mark.parametrize(
    ("layer", "shape", "words"),
    [
        (conv(kernel=(4, 4)), (1, 3, 3), "a 4×4 window does not fit on maps of 3×3"),
        (conv(kernel=(2, 4)), (1, 3, 3), "a 2×4 window does not fit on maps of 3×3"),
        (conv(kernel=(3, 3), padding=(0, 3, 0, 0)), (1, 3, 3), "padding must be less than the kernel"),
        (conv(kernel=(1, 3), padding=(0, 0, 1, 0)), (1, 3, 3), "padding must be less than the kernel"),
        (conv(), (9,), r"reads feature maps, not a tensor of shape \(9,\)"),
        (conv(kernel=(2, 2), presets=True), (1, 3, 3), "presets are for filters of 3 × 3"),
    ],
)
def test_what_does_not_fit_is_said(layer: Conv2d, shape: tuple[int, ...], words: str) -> None:
    with pytest.raises(NetworkError, match=words) as error:
        layer.declare(sources(shape))
    assert str(error.value).startswith("layer conv (conv2d): ")


# ---- presets: well-known filters in place of what was learned ----


def test_a_preset_stands_in_for_what_was_learned() -> None:
    x = [[[1, 2, 3], [4, 5, 6], [7, 8, 9]]]

    def outputs(first: int, second: int) -> list[float]:
        layer = conv(2, (3, 3), presets=True)
        return run(layer, x, weight=np.ones((2, 1, 3, 3)), bias=[0.5, 0], choice=[first, second])["output"].ravel().tolist()

    assert outputs(1, 1) == [45.5, 45]
    assert outputs(2, 3) == [6 - 24 + 0.5, 12 - 18]  # top row less bottom row; left column less right column
    assert outputs(4, 5) == pytest.approx([5.5, 5 * 5 - 2 - 4 - 6 - 8])  # the mean; the middle times 5 less its neighbours
    assert outputs(6, 7) == [5.5, 2 + 3 - 4 + 6 - 7 - 8]  # the middle itself; what is typed in
    assert OWN.sum() == 0


def test_a_new_sheet_lays_what_was_learned_over_the_maps() -> None:
    random = np.random.default_rng(0)
    x, weight = random.normal(size=(1, 5, 5)), random.normal(size=(2, 1, 3, 3))
    plain, played = (run(conv(2, (3, 3), presets=p), x, weight=weight, bias=[1, 2])["output"] for p in (False, True))
    assert (plain == played).all()


def test_the_drop_down_offers_the_presets_between_learned_and_own() -> None:
    parts = conv(2, (3, 3), presets=True).declare(sources((1, 3, 3)))
    assert [key for key, _ in parts["options"].keys] == ["learned", *PRESETS, "own"]  # type: ignore[attr-defined]
    assert parts["choice"].shape == (2,)


def test_a_preset_lies_over_every_map_of_a_stack() -> None:
    v = run(conv(1, (3, 3), presets=True), np.ones((2, 3, 3)), weight=np.zeros((1, 2, 3, 3)), bias=[0], choice=[4])
    assert v["filter"][0].tolist() == [PRESETS["blur"].tolist()] * 2
    assert v["output"] == pytest.approx(2)


# ---- more maps than a formula can name ----


@pytest.mark.parametrize(
    "options", [{}, {"stride": (2, 1)}, {"padding": (1, 1, 1, 1)}, {"dilation": (2, 2)}, {"groups": 2}], ids=str
)
def test_partial_sums_add_up_to_the_definition(options: dict[str, object]) -> None:
    random = np.random.default_rng(0)
    layer = Conv2d("conv", "Conv", ("x",), filters=2, kernel=(2, 2), **options)  # type: ignore[arg-type]
    x, weight = random.normal(size=(300, 4, 4)), random.normal(size=(2, 300 // layer.groups, 2, 2))
    v = run(layer, x, weight=weight, bias=[1, -2])
    assert v["partial"].shape[:2] == (2, 3 if layer.groups == 1 else 2)
    wide = np.zeros((*weight.shape[:2], *layer.window_size))
    wide[..., :: layer.dilation[0], :: layer.dilation[1]] = weight
    for o, y, row in np.ndindex(v["output"].shape):
        top, left = layer.corner(y, row)
        mine = v["in"][list(layer.maps_of(o, 300)), top : top + wide.shape[2], left : left + wide.shape[3]]
        assert v["output"][o, y, row] == pytest.approx((mine * wide[o]).sum() + (1, -2)[o])
    middle = v["in"][128:256] if layer.groups == 1 else v["in"][128:150]
    corner = (middle[:, : wide.shape[2], : wide.shape[3]] * wide[0, 128 : 128 + len(middle)]).sum()
    assert v["partial"][0, 1, 0, 0] == pytest.approx(corner)


def test_a_batch_with_partial_sums_is_each_image_alone() -> None:
    layer, random = conv(filters=2), np.random.default_rng(0)
    parts = layer.declare(sources((130, 3, 3)))
    given_ = {"weight": random.normal(size=(2, 130, 2, 2)), "bias": random.normal(size=2)}
    images = random.normal(size=(3, 130, 3, 3))
    together = compute(parts, {"in": images, **given_})
    for k in range(3):
        alone = run(layer, images[k], **given_)
        assert np.allclose(together["partial"][k], alone["partial"], atol=1e-12)
        assert np.allclose(together["output"][k], alone["output"], atol=1e-12)


def test_the_formulas_of_partial_sums_name_every_map_once() -> None:
    placed = stand(conv(filters=2), (300, 3, 3))
    at = placed.references
    products = [f"SUMPRODUCT({at.window('in', i, 0, 1, size=(2, 2))},{at.whole('weight', 1, i)})" for i in range(300)]
    for g, terms in enumerate((products[:128], products[128:256], products[256:])):
        assert placed.formula("partial", (1, g, 0, 1)) == "=" + "+".join(terms)
    sums = [at("partial", 1, g, 0, 1) for g in range(3)]
    assert placed.formula("output", (1, 0, 1)) == "=" + "+".join([*sums, at.fixed("bias", 1)])


def test_as_many_maps_as_a_formula_can_name_stand_as_ever() -> None:
    few, many = (stand(conv(), (channels, 3, 3)) for channels in (128, 129))
    assert [*few.parts] == ["in", "weight", "bias", "output"]
    assert [*many.parts] == ["in", "weight", "bias", "partial", "output"]


def test_filters_to_play_with_read_few_maps() -> None:
    with pytest.raises(NetworkError, match="presets are for filters of at most 128 maps"):
        conv(kernel=(3, 3), presets=True).declare(sources((129, 3, 3)))
