"""Back-propagation's gradients of every parameter, against finite differences of the loss and against PyTorch's."""

from __future__ import annotations

import numpy as np
import pytest

from tests.sheets.learning.lesson import NETWORK, blurred, values
from xlcnn.network.network import Network
from xlcnn.sheets.parts import Array

H = 1e-6
#: Each weight, with the part that holds its gradient.
GRADIENTS = {
    "conv1.weight": ("conv1_back", "weight"),
    "conv1.bias": ("conv1_back", "bias"),
    "conv2.weight": ("conv2_back", "weight"),
    "conv2.bias": ("conv2_back", "bias"),
    "dense.weight": ("dense_back", "weight"),
    "dense.bias": ("dense_back", "bias"),
}
RANDOM = np.random.default_rng(5).uniform(size=(1, 28, 28))
CASES = [(RANDOM, 3), (RANDOM, 8), (blurred(), 4)]


def loss_of(network: Network, image: Array, truth: int) -> float:
    """The loss as anybody would compute it."""
    return -float(np.log(network.probabilities(image)[truth]))


def changed(name: str, index: tuple[int, ...], by: float) -> Network:
    weight = NETWORK.weights[name].copy()
    weight[index] += by
    return Network(NETWORK.layers, {**NETWORK.weights, name: weight})


def close(found: Array, expected: Array) -> bool:
    return bool((np.abs(found - expected) <= 1e-6 * np.maximum(1, np.abs(expected))).all())


@pytest.mark.parametrize("name", [name for name in GRADIENTS if name != "dense.weight"])
@pytest.mark.parametrize("case", range(2))
def test_each_gradient_is_the_slope_of_the_loss(name: str, case: int) -> None:
    image, truth = CASES[case]
    sheet, part = GRADIENTS[name]
    found = values(image, {"loss": {"truth": truth}})[sheet][part]
    slopes = np.zeros(NETWORK.weights[name].shape)
    for index in np.ndindex(*slopes.shape):
        high, low = (loss_of(changed(name, index, by), image, truth) for by in (H, -H))
        slopes[index] = (high - low) / (2 * H)
    assert np.abs(slopes).max() > 0.01
    assert close(found.reshape(slopes.shape), slopes)


@pytest.mark.parametrize("case", range(2))
def test_the_gradients_of_all_weights_of_the_fully_connected_layer(case: int) -> None:
    """One of them changes one score: so all 2,880 can be tried at once, with the scores alone."""
    image, truth = CASES[case]
    v = values(image, {"loss": {"truth": truth}})
    weights, bias, pooled = NETWORK.weights["dense.weight"], NETWORK.weights["dense.bias"], v["maxpool"]["output"].ravel()

    def losses(by: float) -> Array:
        score = weights @ pooled + bias
        scores = score + by * np.eye(10)[:, None, :] * pooled[None, :, None]  # digit × activation × scores
        return np.asarray(np.log(np.exp(scores).sum(axis=-1)) - scores[..., truth])

    slopes = (losses(H) - losses(-H)) / (2 * H)
    assert close(v["dense_back"]["weight"].reshape(slopes.shape), slopes)


def test_the_gradient_of_the_maps_that_came_in() -> None:
    """What each sheet passes on is the slope of the loss for the activations that it read."""
    v = values(RANDOM, {"loss": {"truth": 3}})
    weight, bias = v["dense"]["weight"], v["dense"]["bias"]

    def loss(pooled: Array) -> float:
        score = np.einsum("kiyx,iyx->k", weight, pooled) + bias
        return float(np.log(np.exp(score).sum()) - score[3])

    for index in [(0, 2, 5), (1, 7, 7), (1, 0, 11)]:
        nudge = np.zeros(v["maxpool"]["output"].shape)
        nudge[index] = H
        slope = (loss(v["maxpool"]["output"] + nudge) - loss(v["maxpool"]["output"] - nudge)) / (2 * H)
        assert v["dense_back"]["output"][index] == pytest.approx(slope, abs=1e-6)


def test_a_preset_filter_has_a_gradient_of_its_own() -> None:
    """The gradient is that of the filter which is used, not of the one that was learned."""
    blur, other = (values(blurred(), {"loss": {"truth": 4}, "conv1": {"choice": [k, 1]}}) for k in (4, 1))
    assert not np.allclose(blur["conv1_back"]["weight"], other["conv1_back"]["weight"])
    network = Network(NETWORK.layers, {**NETWORK.weights, "conv1.weight": blur["conv1"]["filter"]})
    same = values(blurred(), {"loss": {"truth": 4}}, network)
    for name in ("weight", "bias"):
        assert np.allclose(same["conv1_back"][name], blur["conv1_back"][name])


@pytest.mark.parametrize("case", range(3))
def test_gradients_are_those_of_pytorch(case: int) -> None:
    torch = pytest.importorskip("torch")
    image, truth = CASES[case]
    weights = {name: torch.tensor(w, dtype=torch.float64, requires_grad=True) for name, w in NETWORK.weights.items()}
    x = torch.tensor(image[None], dtype=torch.float64)
    for layer in ("conv1", "conv2"):
        x = torch.relu(torch.nn.functional.conv2d(x, weights[f"{layer}.weight"], weights[f"{layer}.bias"]))
    x = torch.nn.functional.max_pool2d(x, 2).flatten(1)
    score = torch.nn.functional.linear(x, weights["dense.weight"], weights["dense.bias"])
    torch.nn.functional.cross_entropy(score, torch.tensor([truth])).backward()
    v = values(image, {"loss": {"truth": truth}})
    for name, (sheet, part) in GRADIENTS.items():
        assert close(v[sheet][part].ravel(), weights[name].grad.numpy().ravel())
