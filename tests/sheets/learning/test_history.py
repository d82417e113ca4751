"""What was recorded of the training, beside today's filters."""

import numpy as np
import pytest

from tests.sheets.learning.lesson import WHOLE, values
from xlcnn.errors import NetworkError
from xlcnn.sheets.learning.history import History
from xlcnn.sheets.parts import Part, Recorded


def test_all_that_training_must_record() -> None:
    parts = WHOLE.parts["history"]
    points = WHOLE.sheets["history"].points  # type: ignore[attr-defined]
    recorded = {name: part.shape for name, part in parts.items() if isinstance(part, Recorded)}
    curves = dict.fromkeys(("epoch", "loss", "accuracy"), (points,))
    assert recorded == {**curves, "conv1_start": (2, 1, 3, 3), "conv2_start": (2, 2, 3, 3)}


def test_todays_filters_are_those_of_the_network() -> None:
    v = values()
    assert np.array_equal(v["history"]["conv2_now"], v["conv2"]["weight"])


def test_two_curves_against_the_epoch() -> None:
    charts = History("h", "H", (), points=5).charts({})
    assert [(chart.x, chart.lines) for chart in charts] == [("epoch", ("loss",)), ("epoch", ("accuracy",))]


def test_it_shows_filters_and_nothing_else() -> None:
    with pytest.raises(NetworkError, match="reads the filters of convolutions"):
        History("h", "H", ("x",), points=5).declare([Part("bias", (3,), home="x")])
