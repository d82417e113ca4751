"""Networks: how layers and weights fit together, and what they compute."""

from typing import Any

import numpy as np
import pytest

from tests.networks import branching, coloured, uneven
from tests.networks import build as random_network
from xlcnn import Network, NetworkError
from xlcnn.network.files import build
from xlcnn.network.network import weight_shapes
from xlcnn.sheets.layers import LAYERS

INPUT: dict[str, Any] = {"name": "input", "kind": "input", "shape": [1, 4, 4]}
CHAIN: list[dict[str, Any]] = [
    INPUT,
    {"name": "conv", "kind": "conv2d", "inputs": ["input"], "filters": 1, "kernel": [3, 3]},
    {"name": "relu", "kind": "relu", "inputs": ["conv"]},
]
WEIGHTS = {"conv.weight": np.ones((1, 1, 3, 3)), "conv.bias": np.zeros(1)}


def network_of(descriptions: list[dict[str, Any]], weights: dict[str, np.ndarray] | None = None) -> Network:
    return Network(tuple(build(d, LAYERS) for d in descriptions), WEIGHTS if weights is None else weights)


def test_the_lesson_has_the_articles_shapes(network: Network) -> None:
    assert network.shapes == {
        "input": (1, 28, 28),
        "conv1": (2, 26, 26),
        "relu1": (2, 26, 26),
        "conv2": (2, 24, 24),
        "relu2": (2, 24, 24),
        "maxpool": (2, 12, 12),
        "dense": (10,),
        "softmax": (10,),
    }


def test_a_chain_computes_layer_by_layer() -> None:
    values = network_of(CHAIN).forward(np.arange(16.0).reshape(1, 4, 4) - 8)
    assert values["conv"]["output"].tolist() == [[[-27, -18], [9, 18]]]
    assert values["relu"]["output"].tolist() == [[[0, 0], [9, 18]]]


def test_weights_have_pytorchs_names_and_shapes(network: Network) -> None:
    assert {n: w.shape for n, w in network.weights.items()} == {
        "conv1.weight": (2, 1, 3, 3),
        "conv1.bias": (2,),
        "conv2.weight": (2, 2, 3, 3),
        "conv2.bias": (2,),
        "dense.weight": (10, 288),
        "dense.bias": (10,),
    }


def test_the_flattened_weights_of_a_dense_layer_are_shown_map_by_map(network: Network) -> None:
    shown = network.given["dense"]["weight"]
    assert shown.shape == (10, 2, 12, 12)
    assert (shown.reshape(10, -1) == network.weights["dense.weight"]).all()


@pytest.mark.parametrize("make", [coloured, branching, uneven])
def test_every_layer_of_other_networks_has_the_shape_that_it_declares(make: Any) -> None:
    network: Network = make()
    values = network.forward(np.random.default_rng(0).uniform(size=network.input_shape))
    assert {name: parts["output"].shape for name, parts in values.items()} == network.shapes
    assert weight_shapes(network.layers) == {name: w.shape for name, w in network.weights.items()}


def test_probabilities_of_a_batch(network: Network) -> None:
    images = np.random.default_rng(0).uniform(size=(3, 1, 28, 28))
    together = network.probabilities(images)
    assert together.shape == (3, 10)
    assert np.allclose(together.sum(axis=1), 1)
    assert np.allclose(together[1], network.probabilities(images[1]), atol=1e-12)


def test_the_most_probable_class_is_predicted(network: Network) -> None:
    image = np.random.default_rng(0).uniform(size=network.input_shape)
    label, probability = network.predict(image)
    assert label == network.probabilities(image).argmax()
    assert probability == network.probabilities(image).max()


def test_a_softmax_in_the_middle_works() -> None:
    network = uneven()
    values = network.forward(np.random.default_rng(0).uniform(size=network.input_shape))
    assert values["middle"]["output"].sum() == pytest.approx(1)
    weight, bias = network.weights["second.weight"], network.weights["second.bias"]
    assert np.allclose(values["second"]["output"], weight @ values["middle"]["output"] + bias)
    assert values["last"]["output"].sum() == pytest.approx(1)


def test_branches_read_the_same_layer() -> None:
    network = branching()
    values = network.forward(np.random.default_rng(0).uniform(size=network.input_shape))
    assert values["left"]["in"] is values["input"]["output"]
    assert (values["right"]["in"][0, 1:-1, 1:-1] == values["input"]["output"][0]).all()


def test_what_somebody_plays_with_counts(network: Network) -> None:
    image = np.random.default_rng(0).uniform(size=network.input_shape)
    blurred = network.forward(image, {"conv1": {"choice": np.array([4.0, 1.0])}})
    usual = network.forward(image)
    assert (blurred["conv1"]["filter"][0] == 1 / 9).all()
    assert (blurred["conv1"]["output"][1] == usual["conv1"]["output"][1]).all()
    assert not np.allclose(blurred["conv1"]["output"][0], usual["conv1"]["output"][0])


# ---- what does not fit ----


def test_an_image_of_another_shape_is_refused(network: Network) -> None:
    with pytest.raises(NetworkError, match=r"reads images of shape \(1, 28, 28\), not \(1, 28, 27\)"):
        network.forward(np.zeros((1, 28, 27)))


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ([], "the first layer must be of kind input"),
        ([CHAIN[2]], "the first layer must be of kind input"),
        ([*CHAIN, INPUT | {"name": "second"}], "layers input and second are both of kind input; a network has one"),
        ([INPUT, {"name": "relu", "kind": "relu"}], "layer relu reads no layer"),
        ([INPUT, {"name": "relu", "kind": "relu", "inputs": ["nobody"]}], "reads nobody, but no layer before it is called that"),
        ([INPUT, {"name": "relu", "kind": "relu", "inputs": ["input", "input"]}], "reads one layer, not 2"),
        ([INPUT | {"inputs": ["input"]}], "layer input reads input, but no layer before it"),
        ([INPUT, {"name": "input", "kind": "relu", "sheet": "ReLU", "inputs": ["input"]}], "two layers are called input"),
        ([INPUT, {"name": "relu", "kind": "relu", "sheet": "input", "inputs": ["input"]}], "two layers want the sheet input"),
        ([INPUT, {"name": "soft", "kind": "softmax", "inputs": ["input"]}], "layer soft .softmax.: reads a vector"),
    ],
)
def test_layers_that_do_not_fit_together_are_refused_in_one_sentence(layers: list[dict[str, Any]], words: str) -> None:
    with pytest.raises(NetworkError, match=words) as error:
        network_of(layers, {})
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ({"conv.weight": np.ones((1, 1, 3, 3))}, r"have no conv\.bias, which should have the shape \(1,\)"),
        ({**WEIGHTS, "conv.weight": np.ones((1, 1, 2, 3))}, r"conv\.weight has the shape \(1, 1, 2, 3\), but the layer needs"),
        ({**WEIGHTS, "x": np.zeros(1)}, "have x, but no layer uses it"),
        ({**WEIGHTS, "conv.weight": np.full((1, 1, 3, 3), np.nan)}, "conv.weight holds something that is not a finite number"),
        ({**WEIGHTS, "conv.bias": np.array([np.inf])}, "conv.bias holds something that is not a finite number"),
    ],
)
def test_weights_that_do_not_fit_are_refused(weights: dict[str, np.ndarray], words: str) -> None:
    with pytest.raises(NetworkError, match=words):
        network_of(CHAIN, weights)


def test_the_same_seed_makes_the_same_network() -> None:
    """The networks of these tests are what they were."""
    one, other = (random_network(CHAIN, seed=4) for _ in range(2))
    assert all((one.weights[n] == other.weights[n]).all() for n in one.weights)
