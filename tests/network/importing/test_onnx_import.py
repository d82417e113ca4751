"""Whole ONNX files: what ONNX's own reference gives of each is what our network gives, and the workbook is verified."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.network.importing.graphs import model, node, onnx, saved, weights
from tests.networks import write_workbook
from xlcnn.network.importing.onnx_import import Imported, import_onnx
from xlcnn.verifier.verify import verify


def residual() -> Any:
    """Two branches, added; batch normalisation; global pooling."""
    nodes = [
        node("Conv", "x w1 b1", "c1", pads=[1, 1, 1, 1]),
        node("Relu", "c1", "r1"),
        node("Conv", "r1 w2", "c2", pads=[1, 1, 1, 1]),
        node("BatchNormalization", "c2 gamma beta mean var", "n1"),
        node("Add", "n1 c1", "sum"),
        node("GlobalAveragePool", "sum", "pooled"),
        node("Flatten", "pooled", "flat"),
        node("Gemm", "flat wd bd", "scores", transB=1),
    ]
    four = {name: weights(4) for name in ("gamma", "beta", "mean")}
    more = {"var": abs(weights(4)) + 0.5, "wd": weights(3, 4), "bd": weights(3), "b1": weights(4)}
    return model(nodes, {"w1": weights(4, 2, 3, 3), "w2": weights(4, 4, 3, 3), **four, **more}, ["n", 2, 6, 5], "scores")


def channels_last() -> Any:
    """As TensorFlow's models are converted: the image turned, convolved, turned back, and flattened channels last."""
    nodes = [
        node("Transpose", "x", "t", perm=[0, 3, 1, 2]),
        node("Conv", "t w", "c"),
        node("Transpose", "c", "back", perm=[0, 2, 3, 1]),
        node("Add", "back shift", "a"),
        node("Relu", "a", "r"),
        node("Reshape", "r flat", "v"),
        node("MatMul", "v wd", "m"),
        node("Add", "m bd", "scores"),
        node("Softmax", "scores", "p", axis=-1),
    ]
    constants = {"w": weights(4, 3, 3, 3), "shift": weights(4), "flat": np.array([-1, 36]), "wd": weights(36, 5), "bd": weights(5)}
    return model(nodes, constants, [1, 5, 5, 3], "p")


def inception() -> Any:
    """Branches put behind each other; maps shuffled between groups; a depthwise and a dilated convolution."""
    nodes = [
        node("Conv", "x w1", "a"),
        node("Conv", "x w2", "b", dilations=[2, 1], pads=[2, 0, 0, 0]),
        node("MaxPool", "x", "p", kernel_shape=[3, 3], strides=[1, 1], pads=[1, 1, 1, 1]),
        node("Slice", "p start end axes", "s"),
        node("Concat", "a b s", "whole", axis=1),
        node("Reshape", "whole split", "groups"),
        node("Transpose", "groups", "turned", perm=[0, 2, 1, 3, 4]),
        node("Reshape", "turned joined", "shuffled"),
        node("Conv", "shuffled w3", "d", group=6),
        node("LeakyRelu", "d", "l", alpha=0.1),
        node("ReduceMean", "l", "scores", axes=[2, 3], keepdims=0),
    ]
    constants = {
        "w1": weights(2, 2, 1, 1), "w2": weights(2, 2, 2, 1), "w3": weights(6, 1, 2, 2),
        "start": np.array([0]), "end": np.array([2]), "axes": np.array([1]),
        "split": np.array([0, 2, 3, 6, 6]), "joined": np.array([0, 6, 6, 6]),
    }  # fmt: skip
    return model(nodes, constants, [1, 2, 6, 6], "scores")


def shapes() -> Any:
    """The shape of a tensor is computed, as PyTorch's exporter writes ``x.view(x.size(0), -1)``; the batch is fixed to 10."""
    nodes = [
        node("Shape", "x", "shape"),
        node("Gather", "shape zero", "batch", axis=0),
        node("Unsqueeze", "batch axis", "batch1"),
        node("Concat", "batch1 rest", "to", axis=0),
        node("Sub", "x mean", "centred"),
        node("Reshape", "centred to", "flat"),
        node("Dropout", "flat", "kept"),
        node("Gemm", "kept w b", "h"),
        node("Clip", "h low", "r"),
        node("Gemm", "r w2 b2", "y"),
        node("LogSoftmax", "y", "p"),
    ]
    constants = {
        "zero": np.array(0), "axis": np.array([0]), "rest": np.array([-1]), "mean": np.float32(0.25), "w": weights(16, 4),
        "b": weights(4), "low": np.float32(0), "w2": weights(4, 3), "b2": weights(3),
    }  # fmt: skip
    return model(nodes, constants, [10, 1, 4, 4], "p", opset=13)


def squeezed() -> Any:
    """Squeeze and excitation: each map times a number of its own; tensors with tensors, in both orders."""
    nodes = [
        node("GlobalAveragePool", "x", "g"),
        node("Conv", "g w", "e"),
        node("HardSigmoid", "e", "s"),
        node("Mul", "s x", "m"),
        node("Sub", "s m", "d"),
        node("Mul", "d d", "q"),
        node("AveragePool", "q", "v", kernel_shape=[2, 2], strides=[2, 2], pads=[0, 0, 1, 1], count_include_pad=1),
        node("Softmax", "v", "p", axis=1),
    ]
    return model(nodes, {"w": weights(3, 3, 1, 1)}, [1, 3, 5, 5], "p")


NETWORKS = [residual, channels_last, inception, shapes, squeezed]


def imported(make: Any, folder: Path, **options: Any) -> tuple[Imported, Any]:
    """The network, and ONNX's reference of the same file."""
    from onnx.reference import ReferenceEvaluator

    found = make()
    reference = ReferenceEvaluator(found)
    if make is residual:
        found = reversed_nodes(found)
    return import_onnx(saved(folder, found), **options), reference


def reversed_nodes(found: Any) -> Any:
    """The same model, its nodes in another order than that of computing."""
    nodes = list(found.graph.node)
    del found.graph.node[:]
    found.graph.node.extend(reversed(nodes))
    return found


@pytest.mark.parametrize("make", NETWORKS)
def test_it_gives_what_the_reference_gives(make: Any, tmp_path: Path) -> None:
    ours, reference = imported(make, tmp_path)
    for seed in range(3):
        image = np.random.default_rng(seed).uniform(size=ours.reads.shape)
        x = ours.input_of(image).astype(np.float32)
        repeated = np.repeat(x, 10, axis=0) if make is shapes else x
        expected = reference.run(None, {"x": repeated})[0][:1]
        assert np.allclose(ours.output_of(ours.network.forward(image)), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("make", NETWORKS)
def test_its_workbook_is_verified(make: Any, tmp_path: Path) -> None:
    ours, _ = imported(make, tmp_path)
    report = verify(write_workbook(ours.network, tmp_path / "book.xlsx"), trials=1)
    assert report.ok, report.problems[:3]


def test_channels_last_is_shown_as_maps_without_a_sheet_that_only_moves(tmp_path: Path) -> None:
    ours, _ = imported(channels_last, tmp_path)
    kinds = [layer.kind for layer in ours.network.layers]
    assert kinds == ["input", "conv2d", "relu", "dense", "softmax"]
    assert ours.network.shapes["conv1"] == (4, 3, 3)


def test_a_softmax_is_shown_that_the_file_leaves_out(tmp_path: Path) -> None:
    ours, _ = imported(residual, tmp_path)
    assert ours.network.layers[-1].kind == "softmax"
    assert ours.gives.source == "dense1"


def test_batch_normalisation_becomes_part_of_the_layer_before(tmp_path: Path) -> None:
    folded, reference = imported(residual, tmp_path, fold=True)
    assert "batchnorm" not in [layer.kind for layer in folded.network.layers]
    image = np.random.default_rng(1).uniform(size=folded.reads.shape)
    expected = reference.run(None, {"x": folded.input_of(image).astype(np.float32)})[0]
    assert np.allclose(folded.output_of(folded.network.forward(image)), expected, rtol=1e-4, atol=1e-5)


def test_open_sizes_are_said(tmp_path: Path) -> None:
    found = model([node("Conv", "x w", "y"), node("GlobalMaxPool", "y", "z")], {"w": weights(2, 3, 3, 3)}, ["n", 3, "h", "w"], "z")
    assert import_onnx(saved(tmp_path, found), size=(3, 8, 9)).network.input_shape == (3, 8, 9)


@pytest.mark.parametrize(
    ("shape", "image"), [([1, 784], (1, 28, 28)), (["n", 10], (1, 1, 10)), (["n", 6, 4], (1, 6, 4)), ([3, 5, 4], (3, 5, 4))]
)  # fmt: skip
def test_vectors_and_single_images_become_maps(tmp_path: Path, shape: list[Any], image: tuple[int, ...]) -> None:
    found = model([node("Relu", "x", "y")], {}, shape, "y")
    assert import_onnx(saved(tmp_path, found)).network.input_shape == image


def test_numbers_in_a_file_beside_the_model(tmp_path: Path) -> None:
    found = residual()
    path = tmp_path / "model.onnx"
    onnx.save(found, str(path), save_as_external_data=True, location="weights.bin", size_threshold=0)
    assert (tmp_path / "weights.bin").stat().st_size > 100
    assert import_onnx(path).network.weights["conv1.weight"].shape == (4, 2, 3, 3)


def one_colour_last() -> Any:
    """Maps of one channel, channels last: an axis of one place could be any."""
    nodes = [
        node("Sigmoid", "x", "a"),
        node("Pad", "x pads", "p"),
        node("Pad", "a pads", "q"),
        node("Concat", "p q", "c", axis=3),
        node("Transpose", "c", "t", perm=[0, 3, 1, 2]),
        node("Conv", "t w", "y"),
    ]
    constants = {"pads": np.array([0, 1, 0, 0, 0, 0, 2, 0]), "w": weights(2, 2, 3, 2)}
    return model(nodes, constants, [1, 5, 4, 1], "y")


def read_twice() -> Any:
    """What looks as if one layer could become part of another, but is read by somebody else, too."""
    nodes = [
        node("Conv", "x w", "a"),
        node("Identity", "a", "b"),
        node("BatchNormalization", "b g s m v", "c"),
        node("Add", "a c", "d"),
        node("Flatten", "d", "e"),
        node("MatMul", "e k", "f"),
        node("Identity", "f", "h"),
        node("Add", "h bias", "i"),
        node("Mul", "i f", "y"),
    ]
    two = {name: weights(2) for name in "gsm"}
    constants = {"w": weights(2, 1, 2, 2), **two, "v": abs(weights(2)) + 0.5, "k": weights(8, 3), "bias": weights(3)}
    return model(nodes, constants, [1, 1, 3, 3], "y")


def hidden_readers() -> Any:
    """Operators that happen to change nothing hide that somebody else reads the layer, too."""
    nodes = [
        node("Conv", "x w", "c"),
        node("Pad", "c none", "q"),
        node("Add", "q b", "r"),
        node("BatchNormalization", "q g s m v", "n"),
        node("Mul", "r c", "t"),
        node("Add", "t n", "y"),
    ]
    two = {name: weights(2) for name in "gsm"}
    constants = {"w": weights(2, 1, 2, 2), "none": np.zeros(8, dtype=np.int64), "b": weights(2, 1, 1), **two}
    return model(nodes, {**constants, "v": abs(weights(2)) + 0.5}, [1, 1, 4, 4], "y")


def rows_without_batch() -> Any:
    """One number for each row, of a tensor without an axis for the batch: no number for each map."""
    nodes = [node("Relu", "x", "r"), node("Add", "r c", "y")]
    return model(nodes, {"c": weights(4, 1)}, [4, 4, 5], "y")


def far_gelu() -> Any:
    nodes = [node("Mul", "x far", "m"), node("Gelu", "m", "g", approximate="tanh"), node("Sigmoid", "g", "y")]
    return model(nodes, {"far": np.float32(1e6)}, [1, 2, 3, 3], "y", opset=20)


def upsampled() -> Any:
    """One tensor twice, behind itself; and the default bounds of older opsets."""
    nodes = [node("Concat", "x x", "c", axis=1), node("Clip", "c", "y", min=0.0, max=3.4028234663852886e38)]
    return model(nodes, {}, [1, 2, 3, 3], "y", opset=10)


@pytest.mark.parametrize("make", [one_colour_last, read_twice, hidden_readers, rows_without_batch, far_gelu, upsampled])
def test_what_could_be_mistaken(make: Any, tmp_path: Path) -> None:
    ours, reference = imported(make, tmp_path, fold=True)
    image = np.random.default_rng(1).uniform(size=ours.reads.shape)
    expected = reference.run(None, {"x": ours.input_of(image).astype(np.float32)})[0]
    assert np.allclose(ours.output_of(ours.network.forward(image)), expected, rtol=1e-4, atol=1e-5)


def test_a_second_padding_wider_than_its_window(tmp_path: Path) -> None:
    nodes = [node("Pad", "x pads", "p"), node("Conv", "p w", "c", pads=[1, 1, 1, 1]), node("Conv", "c v", "y", pads=[3, 3, 3, 3])]
    constants = {"pads": np.array([0, 0, 1, 1, 0, 0, 1, 1]), "w": weights(2, 1, 3, 3), "v": weights(1, 2, 3, 3)}
    ours, reference = imported(lambda: model(nodes, constants, [1, 1, 4, 4], "y"), tmp_path)
    image = np.random.default_rng(1).uniform(size=ours.reads.shape)
    expected = reference.run(None, {"x": ours.input_of(image).astype(np.float32)})[0]
    assert np.allclose(ours.output_of(ours.network.forward(image)), expected, rtol=1e-4, atol=1e-5)
