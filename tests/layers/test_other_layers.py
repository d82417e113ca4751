"""ReLU, max pooling, dense and softmax against numbers worked by hand and their defining properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from xlcnn.errors import NetworkError
from xlcnn.layers import Dense, Input, MaxPool2d, Part, ReLU, Softmax
from xlcnn.layout import arrange

NUMBERS = st.floats(-50, 50)


@given(arrays(float, (2, 3, 4), elements=NUMBERS))
def test_relu_keeps_the_positive_and_drops_the_negative(x: np.ndarray) -> None:
    out = ReLU("r", "R", ("x",)).compute("output", {"in": x})
    assert (out >= 0).all()
    assert ((out == x) | (x < 0)).all()
    assert (ReLU("r", "R", ("x",)).compute("output", {"in": out}) == out).all()


def test_max_pooling_worked_by_hand() -> None:
    x = np.array([[[1, 5, 2, 0], [3, 4, 8, 1], [0, 0, -1, -2], [0, 9, -3, -4]]], dtype=float)
    assert MaxPool2d("p", "P", ("x",)).compute("output", {"in": x}).tolist() == [[[5, 8], [9, -1]]]


def test_pooling_an_odd_side_leaves_the_last_row_out() -> None:
    pool = MaxPool2d("p", "P", ("x",))
    assert pool.parts(Part("computed", (1, 5, 7)))["output"].shape == (1, 2, 3)


def test_a_pool_formula_sees_its_own_window() -> None:
    pool = MaxPool2d("p", "P", ("x",))
    sheet = arrange(pool, pool.parts(Part("computed", (1, 4, 4))))
    assert [sheet.formula("output", (0, *i)) for i in np.ndindex(2, 2)] == [
        "=MAX(B6:C7)", "=MAX(D6:E7)", "=MAX(B8:C9)", "=MAX(D8:E9)",
    ]  # fmt: skip


def test_dense_worked_by_hand() -> None:
    dense = Dense("d", "D", ("x",), units=2)
    x = np.array([[[1, 2]], [[3, 4]]], dtype=float)  # two maps of 1×2
    weight = np.array([[[[1, 0]], [[0, 1]]], [[[0.5, 0.5]], [[-1, 2]]]])
    p = {"in": x, "weight": weight, "bias": np.array([10.0, -1.0])}
    p["product"] = dense.compute("product", p)
    assert p["product"].tolist() == [[1, 4], [1.5, 5]]
    assert dense.compute("output", p).tolist() == [15, 5.5]


def test_dense_reads_a_vector_too() -> None:
    dense = Dense("d", "D", ("x",), units=1)
    parts = dense.parts(Part("computed", (3,)))
    p = {"in": np.array([1.0, 2, 3]), "weight": np.array([2.0, 0, 1]).reshape(parts["weight"].shape), "bias": np.zeros(1)}
    assert dense.forward(parts, p)["output"].tolist() == [5]
    assert dense.weight_shapes(Part("computed", (3,))) == {"weight": (1, 3), "bias": (1,)}


def test_evidence_is_what_spoke_for_the_winner() -> None:
    dense = Dense("d", "D", ("x",), units=2, evidence=1)
    parts = dense.parts(Part("computed", (1, 1, 2)))
    weight = np.array([[1.0, -2], [3, 4]]).reshape(2, 1, 1, 2)
    out = dense.forward(parts, {"in": np.array([[[5.0, 2]]]), "weight": weight, "bias": np.zeros(2)})
    assert (out["output"].tolist(), out["winner"]) == ([1, 23], 1)
    assert out["evidence"].tolist() == [[[15, 8]]]
    assert out["evidence"].sum() + 0 == out["output"][1]


def test_the_first_of_equal_scores_wins_in_the_formula_too() -> None:
    dense = Dense("d", "D", ("x",), units=3, evidence=1)
    sheet = arrange(dense, dense.parts(Part("computed", (1, 1, 2))))
    a, b, c = (sheet.references.at("output", (k,)) for k in range(3))
    assert sheet.formula("winner", ()) == f"=IF({a}=MAX({a},{b},{c}),0,IF({b}=MAX({a},{b},{c}),1,2))"


def test_softmax_of_a_tie_is_even() -> None:
    softmax = Softmax("s", "S", ("x",))
    parts = softmax.parts(Part("computed", (2,)))
    out = softmax.forward(parts, {"in": np.array([3.0, 3.0]), **softmax.constants(parts)})
    assert out["output"].tolist() == [0.5, 0.5]
    assert out["prediction"] == 0


def test_softmax_worked_by_hand() -> None:
    softmax = Softmax("s", "S", ("x",))
    parts = softmax.parts(Part("computed", (3,)))
    scores = np.log(np.array([1.0, 2.0, 5.0]))
    out = softmax.forward(parts, {"in": scores, **softmax.constants(parts)})
    assert out["output"] == pytest.approx([0.125, 0.25, 0.625])
    assert out["prediction"] == 2


@given(arrays(float, 6, elements=st.floats(-700, 700)), st.floats(-500, 500))
def test_softmax_sums_to_one_and_ignores_a_common_shift(scores: np.ndarray, shift: float) -> None:
    softmax = Softmax("s", "S", ("x",))
    parts = softmax.parts(Part("computed", (6,)))
    out = softmax.forward(parts, {"in": scores, **softmax.constants(parts)})["output"]
    moved = softmax.forward(parts, {"in": scores + shift, **softmax.constants(parts)})["output"]
    assert out.sum() == pytest.approx(1)
    assert moved == pytest.approx(out, abs=1e-9)


def test_an_input_reads_only_pictures_of_its_own_size() -> None:
    with pytest.raises(NetworkError, match="can choose only among pictures"):
        Input("i", "I", ("x",), (1, 2, 2)).parts(Part("computed", (1, 2, 2)))
    with pytest.raises(NetworkError, match="can choose only among pictures"):
        Input("i", "I", ("x",), (1, 2, 2)).parts(Part("source", (5, 1, 2, 3)))
    with pytest.raises(NetworkError, match="can choose among 29 pictures, not 30"):
        Input("i", "I", ("x",), (1, 2, 2)).parts(Part("source", (29, 1, 2, 2)))
