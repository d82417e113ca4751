"""ReLU by its defining properties."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from tests.sheets.alone import run, stand
from xlcnn.sheets.layers.relu import ReLU

RELU = ReLU("relu", "ReLU", ("x",))


@given(arrays(float, st.one_of(st.just((2, 3, 4)), array_shapes(min_dims=1, max_dims=1)), elements=st.floats(-50, 50)))
def test_relu_keeps_the_positive_and_drops_the_negative(x: np.ndarray) -> None:
    out = run(RELU, x)["output"]
    assert (out >= 0).all()
    assert ((out == x) | (x < 0)).all()
    assert (run(RELU, out)["output"] == out).all()


def test_each_cell_looks_at_its_own() -> None:
    placed = stand(RELU, (2, 3, 4))
    assert placed.formula("output", (1, 2, 3)) == f"=MAX(0,{placed.references('in', 1, 2, 3)})"
    vector = stand(RELU, (5,))
    assert vector.formula("output", (4,)) == f"=MAX(0,{vector.references('in', 4)})"
