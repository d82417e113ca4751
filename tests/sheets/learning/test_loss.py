"""The loss of each answer, by hand; and a true digit that there is none of."""

from __future__ import annotations

import numpy as np
import pytest

from tests.sheets.alone import run
from tests.sheets.learning.lesson import values
from xlcnn.errors import NetworkError
from xlcnn.sheets.learning.loss import Loss
from xlcnn.sheets.parts import Array

LOSS = Loss("loss", "Loss", ("softmax.class", "softmax.shifted", "softmax.exp", "softmax", "softmax.prediction"))


def loss(scores: list[float], truth: float) -> dict[str, Array]:
    shifted = np.array(scores) - max(scores)
    exp = np.exp(shifted)
    return run(LOSS, np.arange(len(scores)), shifted, exp, exp / exp.sum(), np.argmax(scores), truth=truth)


def test_three_classes_by_hand() -> None:
    v = loss([np.log(2), np.log(1), np.log(5)], truth=1)
    assert v["probability"] == pytest.approx([0.25, 0.125, 0.625])
    assert v["target"].tolist() == [0, 1, 0]
    assert v["gradient"] == pytest.approx([0.25, -0.875, 0.625])
    assert v["lossof"] == pytest.approx(-np.log([0.25, 0.125, 0.625]))
    assert v["loss"] == pytest.approx(np.log(8))


def test_a_probability_that_was_rounded_to_0_has_a_loss_all_the_same() -> None:
    v = loss([0, 2000, 1], truth=0)
    assert v["probability"][0] == 0
    assert v["loss"] == pytest.approx(2000)


@pytest.mark.parametrize(("typed", "used"), [(-1, 0), (3, 2), (1.7, 1), (np.nan, 0), (1e9, 2)])
def test_a_digit_that_there_is_none_of(typed: float, used: int) -> None:
    v = loss([0, 1, 2], truth=typed)
    assert v["used"] == used
    assert v["found"] == 0
    assert loss([0, 1, 2], truth=used)["found"] == 1


def test_it_begins_with_the_digit_that_the_network_reads() -> None:
    v = values()
    assert v["loss"]["truth"] == v["softmax"]["prediction"] == 7
    assert v["loss"]["sure"] == 0  # there is hardly anything to learn, and the sheet says so
    assert values(changes={"loss": {"truth": 3}})["loss"]["sure"] == 1


def test_it_reads_a_softmax_and_nothing_else() -> None:
    with pytest.raises(NetworkError, match=r"layer loss \(loss\): reads a softmax"):
        run(LOSS, np.arange(3), np.arange(3))
