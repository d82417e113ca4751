"""Each kind of layer in PyTorch computes what NumPy does, and batch normalisation remembers what it should."""

from typing import Any

import numpy as np
import pytest

from tests.networks import build
from xlcnn.errors import NetworkError
from xlcnn.network.network import Network

torch = pytest.importorskip("torch", reason="PyTorch is not installed: training is not tested")

from xlcnn.lesson.fitting import fit  # noqa: E402
from xlcnn.lesson.settings import Settings  # noqa: E402
from xlcnn.lesson.torched import (  # noqa: E402
    KINDS,
    MOMENTUM,
    activations,
    check_kinds,
    is_remembered,
    rounded,
    scores,
    start_weights,
)  # fmt: skip

Layers = list[dict[str, Any]]


def network(*layers: dict[str, Any], shape: tuple[int, int, int] = (4, 9, 8), **input_: Any) -> Network:
    """These layers, each after the one before if it does not say otherwise, then a dense layer and a softmax."""
    chain: Layers = [{"name": "input", "kind": "input", "shape": list(shape), **input_}]
    ends: Layers = [{"name": "dense", "kind": "dense", "units": 5}, {"name": "softmax", "kind": "softmax"}]
    for layer in (*layers, *ends):
        chain.append({"name": layer["kind"], "inputs": [chain[-1]["name"]], **layer})
    found = build(chain)
    positive = {n: np.abs(w) + 0.1 if n.endswith("running_var") else w for n, w in found.weights.items()}
    return Network(found.layers, positive)


def tensors(net: Network) -> dict[str, Any]:
    return {name: torch.tensor(w) for name, w in net.weights.items()}


BLOCK = (
    {"name": "first", "kind": "conv2d", "filters": 6, "kernel": 3, "stride": 2, "padding": 1, "bias": False},
    {"name": "norm", "kind": "batchnorm"},
    {"name": "more", "kind": "conv2d", "filters": 6, "kernel": 3, "padding": 1, "bias": False},
    {"name": "sum", "kind": "add", "inputs": ["more", "norm"]},
    {"kind": "globalavgpool"},
)


@pytest.mark.parametrize(
    "net",
    [
        network(),
        network(shape=(2, 5, 5), mean=[0.1, 0.4], std=[0.5, 0.2], invert=True, scale=2),
        network({"kind": "conv2d", "filters": 3, "kernel": 3}),
        network({"kind": "conv2d", "filters": 3, "kernel": [3, 2], "stride": [2, 1], "padding": [2, 0, 1, 1]}),
        network({"kind": "conv2d", "filters": 6, "kernel": 3, "padding": 1, "groups": 2, "dilation": 2, "bias": False}),
        network({"kind": "relu"}),
        network({"kind": "batchnorm", "epsilon": 0.01}),
        network({"kind": "globalavgpool"}, {"kind": "batchnorm"}),
        network({"kind": "maxpool2d"}),
        network({"kind": "maxpool2d", "kernel": 3, "stride": [2, 1], "padding": [1, 2, 0, 1]}),
        network({"kind": "maxpool2d", "dilation": 2}),
        network({"kind": "avgpool2d"}),
        network({"kind": "avgpool2d", "kernel": [3, 2], "stride": 2, "padding": [1, 1, 0, 1], "count_padding": True}),
        network({"kind": "avgpool2d", "kernel": [3, 2], "stride": 2, "padding": [2, 1, 0, 1], "dilation": [1, 2]}),
        network({"name": "mean", "kind": "globalavgpool"}, {"kind": "add", "inputs": ["input", "mean"]}),
        network({"kind": "globalavgpool"}, {"name": "middle", "kind": "softmax"}),
        network(*BLOCK),
    ],
    ids=lambda net: "-".join(layer.kind for layer in net.layers[:-2]),
)
def test_every_layer_computes_what_numpy_does(net: Network) -> None:
    images = np.random.default_rng(1).uniform(size=(3, *net.input_shape))
    right = net.forward(images)
    found = activations(net, tensors(net), torch.tensor(images))
    assert list(found) == [layer.name for layer in net.layers]
    for name, value in found.items():
        assert np.abs(value.numpy() - right[name]["output"]).max() < 1e-9, name
    assert torch.equal(scores(net, tensors(net), torch.tensor(images)), found["dense"])


def test_every_kind_is_tried() -> None:
    assert set(KINDS) == {layer["kind"] for layer in BLOCK} | {
        "input", "relu", "maxpool2d", "avgpool2d", "dense", "softmax",
    }  # fmt: skip


def test_a_batch_normalisation_learns_from_the_batch_and_remembers_as_pytorchs_own() -> None:
    net = network({"kind": "batchnorm"})
    weights, x = tensors(net), torch.rand(7, *net.input_shape, dtype=torch.float64)
    own = torch.nn.BatchNorm2d(4, momentum=MOMENTUM, dtype=torch.float64)
    own.load_state_dict(
        {name: weights[f"batchnorm.{name}"].clone() for name in own.state_dict() if "num" not in name}, strict=False
    )
    found = activations(net, weights, x, learning=True)["batchnorm"]
    assert torch.allclose(found, own(x))
    assert torch.allclose(weights["batchnorm.running_mean"], own.running_mean)
    assert torch.allclose(weights["batchnorm.running_var"], own.running_var)
    assert not np.allclose(weights["batchnorm.running_mean"], net.weights["batchnorm.running_mean"])


def test_what_is_remembered_has_no_gradient() -> None:
    net = network(*BLOCK)
    random = torch.Generator().manual_seed(0)
    weights = start_weights(net, random)
    for name, w in weights.items():
        w.requires_grad_(not is_remembered(name))
    scores(net, weights, torch.rand(5, *net.input_shape), learning=True).sum().backward()
    assert {name for name, w in weights.items() if w.grad is None} == {"norm.running_mean", "norm.running_var"}


def test_a_batch_normalisation_starts_by_changing_nothing_more() -> None:
    weights = start_weights(network(*BLOCK), torch.Generator().manual_seed(0))
    assert {n: set(w.tolist()) for n, w in weights.items() if n.startswith("norm.")} == {
        "norm.weight": {1.0}, "norm.bias": {0.0}, "norm.running_mean": {0.0}, "norm.running_var": {1.0},
    }  # fmt: skip
    assert len(set(weights["first.weight"].flatten().tolist())) > 200


def test_a_residual_network_learns_from_its_layers_alone() -> None:
    net = network(*BLOCK, shape=(1, 8, 8))
    random = np.random.default_rng(0)
    labels = random.integers(0, 5, 400)
    images = random.uniform(0, 0.3, (400, 1, 8, 8))
    images[np.arange(400), 0, labels + 1] += 0.7
    settings = Settings(epochs=8, batch=50, learning_rate=0.05, variation=0.0)
    torch.set_num_threads(1)
    trained = fit(Network.blank(net.layers), settings, images, labels, lambda epoch, network: None)
    assert (trained.probabilities(images).argmax(axis=1) == labels).mean() > 0.6
    assert trained.weights["norm.running_var"].min() > 0
    again = fit(net, settings, images, labels, lambda epoch, network: None)
    assert all((again.weights[n] == w).all() for n, w in trained.weights.items()), "the weights that it has do not matter"


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ([{"kind": "tanh"}], "layer tanh: a layer of kind tanh cannot be trained; these can: input, conv2d"),
        ([{"kind": "add"}], "layer add: an addition can be trained between two layers"),
    ],
)
def test_what_cannot_be_trained_is_named(layers: Layers, words: str) -> None:
    with pytest.raises(NetworkError, match=words):
        check_kinds(network(*layers))


def test_training_needs_a_softmax_at_the_end() -> None:
    net = network()
    with pytest.raises(NetworkError, match="its last layer must be a softmax"):
        check_kinds(Network(net.layers[:-1], net.weights))


def test_weights_are_rounded() -> None:
    net = network()
    assert rounded(net, tensors(net), 1).weights["dense.bias"].tolist() == np.round(net.weights["dense.bias"], 1).tolist()
