"""Softmax against numbers worked by hand and its defining properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.sheets.alone import run, sources, stand
from xlcnn.errors import NetworkError
from xlcnn.sheets.layers.softmax import Softmax
from xlcnn.sheets.parts import Recorded

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


def test_the_sum_and_the_total_worked_by_hand() -> None:
    """The largest exp is 1, as the largest score is subtracted; the probabilities make 1 together."""
    v = run(SOFTMAX, np.log([1, 2, 5]))
    assert v["exp"] == pytest.approx([0.2, 0.4, 1])
    assert v["sum"] == pytest.approx(1.6)
    assert v["total"] == pytest.approx(1)


def test_each_probability_is_its_share_of_the_sum() -> None:
    placed = stand(SOFTMAX, (3,))
    at = placed.references
    assert placed.formula("sum", ()) == f"=SUM({at.whole('exp')})"
    assert placed.formula("total", ()) == f"=SUM({at.whole('output')})"
    for k in range(3):
        assert placed.formula("output", (k,)) == f"={at('exp', k)}/{at.fixed('sum')}"


def test_what_training_measured_is_shown_with_its_accuracy() -> None:
    """Of ten images eight were read as what they were."""
    sheet = Softmax("softmax", "Softmax", ("x",), confusion=True)
    placed = stand(sheet, (2,))
    assert isinstance(placed.parts["confusion"], Recorded)
    assert run(sheet, [0, 1], confusion=[[5, 1], [1, 3]])["accuracy"] == pytest.approx(0.8)
    at = placed.references
    right = f"{at('confusion', 0, 0)}+{at('confusion', 1, 1)}"
    assert placed.formula("accuracy", ()) == f"=({right})/SUM({at.whole('confusion')})"
    answers, truths, square = (placed.positions(name) for name in ("answers", "truths", "confusion"))
    for k, j in np.ndindex(2, 2):
        assert square[k, j].tolist() == [truths[k, 0, 0], answers[0, j, 1]], "in the row of the truth, the column of the answer"


def test_without_a_record_there_is_no_table() -> None:
    assert not {"confusion", "answers", "truths", "accuracy"} & set(stand(SOFTMAX, (3,)).parts)


def test_softmax_reads_scores_not_maps() -> None:
    with pytest.raises(NetworkError, match="reads a vector, not a tensor of shape"):
        SOFTMAX.declare(sources((1, 2, 2)))
