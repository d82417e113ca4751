"""One step: the network with all weights changed; small steps go down, a huge one goes up; a misread digit put right."""

from __future__ import annotations

import numpy as np
import pytest

from tests.sheets.learning.lesson import NETWORK, blurred, values
from tests.sheets.learning.test_gradients import GRADIENTS
from xlcnn.network.network import Network
from xlcnn.sheets.parts import Array


def step(eta: float, truth: int = 4) -> dict[str, dict[str, Array]]:
    return values(blurred(), {"loss": {"truth": truth}, "step": {"eta": eta}})


def test_the_network_after_the_step_is_the_one_with_the_new_weights() -> None:
    v = step(0.01)
    weights = {
        name: weight - 0.01 * v[sheet][part].reshape(weight.shape)
        for (name, weight), (sheet, part) in zip(NETWORK.weights.items(), (GRADIENTS[n] for n in NETWORK.weights), strict=True)
    }
    probabilities = Network(NETWORK.layers, weights).probabilities(blurred())
    assert v["step"]["probability"] == pytest.approx(probabilities)
    assert v["step"]["after"] == pytest.approx(-np.log(probabilities[4]))
    assert v["step"]["answerafter"] == probabilities.argmax()


def test_without_a_step_it_is_the_same_network() -> None:
    v = step(0)
    for layer in ("conv1", "relu1", "conv2", "relu2", "maxpool", "dense"):
        assert np.array_equal(v["step"][f"{layer}_output"], v[layer]["output"])
    assert v["step"]["change"] == pytest.approx(0)
    assert (v["step"]["fell"], v["step"]["rose"]) == (1, 1)  # no words


@pytest.mark.parametrize("truth", range(10))
def test_a_small_step_lowers_the_loss(truth: int) -> None:
    """By about η times the squared length of the gradient."""
    v = step(1e-5, truth)
    length = sum(float((v[sheet][part] ** 2).sum()) for sheet, part in GRADIENTS.values())
    assert v["step"]["change"] == pytest.approx(-1e-5 * length, rel=0.1)
    assert (v["step"]["fell"], v["step"]["rose"]) == (0, 1)


def test_too_large_a_step_raises_the_loss() -> None:
    v = step(0.3, truth=9)["step"]
    assert v["change"] > 1
    assert (v["fell"], v["rose"]) == (1, 0)


def test_a_misread_digit_that_one_step_puts_right() -> None:
    v = step(0.01)["step"]
    assert (v["answerbefore"], v["truth"], v["answerafter"]) == (9, 4, 4)
    assert v["righted"] == 0  # so its words are shown
    assert step(0)["step"]["righted"] == 1


def test_a_digit_that_was_right_before_is_not_put_right() -> None:
    assert step(0.001, truth=9)["step"]["righted"] == 1


@pytest.mark.parametrize("eta", [np.nan, 0, -0.5])
def test_what_is_no_step_downhill_changes_nothing_and_is_said(eta: float) -> None:
    """A word in the cell is not a number."""
    v = step(eta)["step"]
    assert (v["rate"], v["positive"], v["change"]) == (0, 0, pytest.approx(0))
    assert (v["fell"], v["rose"]) == (1, 1)
    assert step(0.01)["step"]["positive"] == 1
