"""Networks: how they fit together, are written down, and compute."""

from pathlib import Path

import numpy as np
import pytest

from xlcnn import Network, NetworkError
from xlcnn.network import build_layer, describe

CHAIN = [
    {"name": "input", "kind": "input", "shape": [1, 4, 4]},
    {"name": "conv", "kind": "conv2d", "inputs": ["input"], "filters": 1, "kernel": [3, 3]},
    {"name": "relu", "kind": "relu", "inputs": ["conv"]},
]


def build(descriptions: list[dict[str, object]], weights: dict[str, np.ndarray] | None = None) -> Network:
    given = {"conv.weight": np.ones((1, 1, 3, 3)), "conv.bias": np.zeros(1)} if weights is None else weights
    return Network(tuple(build_layer(d) for d in descriptions), given)


def test_the_lesson_has_the_articles_shapes(network: Network) -> None:
    assert network.shapes == {
        "samples": (10, 1, 28, 28),
        "draw": (1, 1, 28, 28),
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
    values = build(CHAIN).forward(np.arange(16.0).reshape(1, 4, 4) - 8)
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


def test_probabilities_of_a_batch(network: Network) -> None:
    images = np.random.default_rng(0).uniform(size=(3, 1, 28, 28))
    together = network.probabilities(images)
    assert together.shape == (3, 10)
    assert np.allclose(together.sum(axis=1), 1)
    assert np.allclose(together[1], network.probabilities(images[1]), atol=1e-12)


def test_saved_and_loaded_it_is_the_same(tmp_path: Path, network: Network) -> None:
    network.save(tmp_path)
    again = Network.load(tmp_path)
    assert again.layers == network.layers
    assert all((again.weights[n] == w).all() for n, w in network.weights.items())


def test_every_layer_survives_being_written_down(network: Network) -> None:
    assert tuple(build_layer(describe(layer)) for layer in network.layers) == network.layers


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d[1].pop("kernel"), "conv: kernel is missing"),
        (lambda d: d[1].update(kernels=3), "unknown key kernels"),
        (lambda d: d[1].update(kind="conv3d"), "unknown kind 'conv3d'"),
        (lambda d: d[1].update(inputs=["nobody"]), "reads nobody, but no layer before it"),
        (lambda d: d[1].update(kernel="3x3"), "kernel must be 2 whole numbers"),
        (lambda d: d[1].update(stride=0), "at least 1"),
        (lambda d: d[1].update(name="input"), "two layers are called input"),
        (lambda d: d[2].update(sheet="Conv"), "two layers want the sheet Conv"),
        (lambda d: d[2].update(sheet="a:b"), "cannot name a sheet"),
        (lambda d: d[2].update(sheet="Guide"), "is taken"),
        (lambda d: d.pop(0), "first layer must be of kind input|no layer before it"),
    ],
)
def test_what_is_wrong_is_said(change: object, words: str) -> None:
    descriptions = [dict(d) for d in CHAIN]
    change(descriptions)  # type: ignore[operator]
    with pytest.raises(NetworkError, match=words):
        build(descriptions)


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ({"conv.weight": np.ones((1, 1, 3, 3))}, "no conv.bias"),
        ({"conv.weight": np.ones((1, 1, 2, 3)), "conv.bias": np.zeros(1)}, r"has the shape \(1, 1, 2, 3\)"),
        ({"conv.weight": np.ones((1, 1, 3, 3)), "conv.bias": np.zeros(1), "x": np.zeros(1)}, "have x, but no layer"),
        ({"conv.weight": np.full((1, 1, 3, 3), np.nan), "conv.bias": np.zeros(1)}, "not a finite number"),
    ],
)
def test_weights_that_do_not_fit_are_refused(weights: dict[str, np.ndarray], words: str) -> None:
    with pytest.raises(NetworkError, match=words):
        build(CHAIN, weights)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "network.json").write_text("{", encoding="utf-8")
    with pytest.raises(NetworkError, match=r"network\.json cannot be read"):
        Network.load(tmp_path)
