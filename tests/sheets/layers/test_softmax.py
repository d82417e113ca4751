"""Softmax against numbers worked by hand and its defining properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.sheets.alone import run, sources, stand
from xlcnn.errors import NetworkError
from xlcnn.sheets.layers.softmax import Softmax

SOFTMAX = Softmax("softmax", "Softmax", ("x",))


def test_softmax_worked_by_hand() -> None:
    v = run(SOFTMAX, np.log([1, 2, 5]))
    assert v["output"] == pytest.approx([0.125, 0.25, 0.625])
    assert v["prediction"] == 2


def test_softmax_of_a_tie_is_even_and_the_first_is_predicted() -> None:
    v = run(SOFTMAX, [3, 3])
    assert v["output"].tolist() == [0.5, 0.5]
    assert v["prediction"] == 0


@given(arrays(float, 6, elements=st.floats(-700, 700)), st.floats(-500, 500))
def test_softmax_sums_to_one_and_ignores_a_common_shift(scores: np.ndarray, shift: float) -> None:
    out, moved = run(SOFTMAX, scores)["output"], run(SOFTMAX, scores + shift)["output"]
    assert out.sum() == pytest.approx(1)
    assert moved == pytest.approx(out, abs=1e-9)


def test_nothing_is_predicted_from_what_is_no_number() -> None:
    assert np.isnan(run(SOFTMAX, [1, np.nan])["prediction"])


def test_the_prediction_is_looked_up_among_the_classes() -> None:
    placed = stand(SOFTMAX, (3,))
    output, classes = placed.references.whole("output"), placed.references.whole("class")
    assert placed.formula("prediction", ()) == f"=INDEX({classes},MATCH(MAX({output}),{output},0))"


def test_softmax_reads_scores_not_maps() -> None:
    with pytest.raises(NetworkError, match="reads a vector, not a tensor of shape"):
        SOFTMAX.declare(sources((1, 2, 2)))
