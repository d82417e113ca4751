"""The dense layer against numbers worked by hand."""

import numpy as np
import pytest

from tests.sheets.alone import run, sources, stand
from xlcnn.errors import NetworkError
from xlcnn.network.network import stored_shapes
from xlcnn.sheets.layers.dense import Dense
from xlcnn.sheets.parts import Labels, compute


def dense(units: int, evidence: bool = False) -> Dense:
    return Dense("dense", "Dense", ("x",), units=units, evidence=evidence)


def test_dense_worked_by_hand() -> None:
    x = [[[1, 2]], [[3, 4]]]  # two maps of 1×2
    weight = [[[[1, 0]], [[0, 1]]], [[[0.5, 0.5]], [[-1, 2]]]]
    v = run(dense(2), x, weight=weight, bias=[10, -1])
    assert v["product"].tolist() == [[1, 4], [1.5, 5]]
    assert v["output"].tolist() == [15, 5.5]


def test_dense_reads_a_vector_too() -> None:
    layer = dense(1)
    weight = np.array([2, 0, 1]).reshape(layer.declare(sources((3,)))["weight"].shape)
    assert run(layer, [1, 2, 3], weight=weight, bias=[0])["output"].tolist() == [5]


def test_its_weights_are_stored_as_pytorch_stores_them() -> None:
    assert stored_shapes({"dense": dense(4).declare(sources((2, 5, 3)))}) == {"dense.weight": (4, 30), "dense.bias": (4,)}
    assert stored_shapes({"dense": dense(1).declare(sources((3,)))}) == {"dense.weight": (1, 3), "dense.bias": (1,)}


@pytest.mark.parametrize("shape", [(2, 3, 4), (5,)])
def test_a_batch_is_each_image_alone(shape: tuple[int, ...]) -> None:
    random = np.random.default_rng(0)
    parts = dense(3).declare(sources(shape))
    given = {"weight": random.normal(size=parts["weight"].shape), "bias": random.normal(size=3)}
    images = random.normal(size=(4, *shape))
    together = compute(parts, {"in": images, **given})["output"]
    for k in range(4):
        assert np.allclose(together[k], run(dense(3), images[k], **given)["output"], atol=1e-13)


def test_a_score_is_the_sum_of_its_products_and_its_bias() -> None:
    placed = stand(dense(2), (2, 3, 3))
    at = placed.references
    assert placed.formula("output", (1,)) == f"={at('product', 1, 0)}+{at('product', 1, 1)}+{at('bias', 1)}"
    assert placed.formula("product", (1, 0)) == f"=SUMPRODUCT({at.whole('in', 0)},{at.whole('weight', 1, 0)})"


def test_units_are_numbered_as_the_digits_are() -> None:
    placed = stand(dense(2), (2, 3, 3))
    labels = {b.label for b in placed.blocks}
    assert {"weights0.1", "weights0.2", "weights1.1", "weights1.2"} <= labels
    units = placed.parts["unit"]
    assert isinstance(units, Labels)
    assert units.texts == ("0", "1")
    for name in ("weight", "bias", "product", "output"):
        assert placed.parts[name].start == (0,), name


def test_the_scores_are_one_table_a_row_for_each_unit() -> None:
    """unit | product of each map | bias | score: side by side without a gap, each whole under one caption."""
    placed = stand(dense(4), (2, 3, 3))
    table = [b for b in placed.blocks if b.part in ("unit", "product", "bias", "output")]
    assert [(b.part, b.label, b.index, b.height, b.width) for b in sorted(table, key=lambda b: b.col)] == [
        ("unit", "unit", (), 4, 1), ("product", "product", (), 4, 2), ("bias", "bias", (), 4, 1), ("output", "score", (), 4, 1),
    ]  # fmt: skip
    left, *others = sorted(table, key=lambda b: b.col)
    for block in others:
        assert (block.row, block.col) == (left.row, left.col + left.columns)
        left = block
    rows = [placed.positions("unit")[k, 0] for k in range(4)]
    for name in ("bias", "output"):
        assert [placed.positions(name)[k, 0] for k in range(4)] == rows
    assert [[placed.positions("product")[k, i, 0] for i in range(2)] for k in range(4)] == [[row, row] for row in rows]


# ---- more maps than a formula can name ----


def test_partial_sums_stand_in_place_of_so_many_products() -> None:
    random = np.random.default_rng(0)
    x, weight = random.normal(size=(300, 2, 1)), random.normal(size=(2, 300, 2, 1))
    v = run(dense(2), x, weight=weight, bias=[1, -2])
    assert "product" not in v
    assert np.allclose(v["partial"][:, 2], (x * weight)[:, 256:].sum(axis=(1, 2, 3)), atol=1e-12)
    assert np.allclose(v["output"] - [1, -2], (x * weight).sum(axis=(1, 2, 3)), atol=1e-12)
    together = compute(dense(2).declare(sources(x.shape)), {"in": np.stack([x, 2 * x]), "weight": weight, "bias": np.zeros(2)})
    assert np.allclose(together["output"][1], 2 * (v["output"] - [1, -2]), atol=1e-12)


def test_the_formulas_of_partial_sums_name_every_map_once() -> None:
    placed = stand(dense(3), (129, 2, 1))
    at = placed.references
    products = [f"SUMPRODUCT({at.whole('in', i)},{at.whole('weight', 2, i)})" for i in range(129)]
    assert placed.formula("partial", (2, 0)) == "=" + "+".join(products[:128])
    assert placed.formula("partial", (2, 1)) == "=" + products[128]
    assert placed.formula("output", (2,)) == f"={at('partial', 2, 0)}+{at('partial', 2, 1)}+{at('bias', 2)}"


def test_as_many_maps_as_a_formula_can_name_stand_as_ever() -> None:
    assert "product" in stand(dense(1), (128, 1, 1)).parts
    assert "product" in stand(dense(1), (4096,)).parts, "a vector is one map"


# ---- evidence: what spoke for the winner ----


def test_evidence_is_what_spoke_for_the_winner() -> None:
    v = run(dense(2, evidence=True), [[[5, 2]]], weight=np.array([[1, -2], [3, 4]]).reshape(2, 1, 1, 2), bias=[0, 0])
    assert v["output"].tolist() == [1, 23]
    assert v["winner"] == 1
    assert v["evidence"].tolist() == [[[15, 8]]]
    assert v["evidence"].sum() + 0 == v["output"][1]


def test_evidence_of_a_vector_is_a_vector() -> None:
    v = run(dense(2, evidence=True), [5, 2], weight=np.array([[1, -2], [3, 4]]).reshape(2, 1, 2, 1), bias=[0, 0])
    assert v["evidence"].tolist() == [15, 8]
    placed = stand(dense(2, evidence=True), (2,))
    at = placed.references
    weights = ",".join(at("weight", k, 0, 1, 0) for k in range(2))
    assert placed.formula("evidence", (1,)) == f"={at('in', 1)}*CHOOSE({at.fixed('winner')}+1,{weights})"


def test_the_first_of_equal_scores_wins() -> None:
    v = run(dense(3, evidence=True), [[[1, 1]]], weight=np.array([[0, 1], [2, 2], [4, 0]]).reshape(3, 1, 1, 2), bias=[0, 0, 0])
    assert v["winner"] == 1


def test_the_first_of_equal_scores_wins_in_the_formula_too() -> None:
    placed = stand(dense(3, evidence=True), (1, 1, 2))
    a, b, c = (placed.references("output", k) for k in range(3))
    assert placed.formula("winner", ()) == f"=IF({a}=MAX({a},{b},{c}),0,IF({b}=MAX({a},{b},{c}),1,2))"


def test_without_a_winner_there_is_no_evidence() -> None:
    v = run(dense(2, evidence=True), [[[np.nan, 2]]], weight=np.ones((2, 1, 1, 2)), bias=[0, 0])
    assert np.isnan(v["winner"])
    assert np.isnan(v["evidence"]).all()


def test_evidence_is_for_as_many_units_as_a_formula_can_choose_among() -> None:
    with pytest.raises(NetworkError, match="evidence is for at most 29 units"):
        dense(30, evidence=True).declare(sources((1, 2, 2)))
    dense(30).declare(sources((1, 2, 2)))


@pytest.mark.parametrize(("width", "beside"), [(28, True), (5000, False)])
def test_the_weights_of_wide_images_stand_under_each_other(width: int, beside: bool) -> None:
    blocks = [b for b in stand(dense(6), (1, 1, width)).blocks if b.part == "weight"]
    assert (len({b.col for b in blocks}) > 1) == beside
    assert max(b.col + b.columns for b in blocks) < 16_384
