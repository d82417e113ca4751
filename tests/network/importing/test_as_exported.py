"""What PyTorch's exporters make of well-known networks: each small, as ONNX's reference computes it, and its workbook verified."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.network.importing.graphs import model, node, saved, weights
from tests.networks import write_workbook
from xlcnn import NetworkError
from xlcnn.network.importing.imported import Imported
from xlcnn.network.importing.onnx_import import import_onnx
from xlcnn.verifier.verify import verify


def whole(*numbers: int) -> np.ndarray:
    return np.array(numbers)


def shuffled() -> Any:
    """ShuffleNet: maps shuffled between groups, then cut in two halves, each read by a layer of its own."""
    nodes = [
        node("Conv", "x w", "c"),
        node("Reshape", "c split", "groups"),
        node("Transpose", "groups", "turned", perm=[0, 2, 1, 3, 4]),
        node("Reshape", "turned back", "shuffled"),
        node("Split", "shuffled", "left right", axis=1, num_outputs=2),
        node("Conv", "right w2", "c2"),
        node("Concat", "left c2", "y", axis=1),
    ]
    constants = {"w": weights(4, 1, 2, 2), "w2": weights(2, 2, 1, 1), "split": whole(0, 2, 2, 4, 3), "back": whole(0, 4, 4, 3)}
    return model(nodes, constants, [1, 1, 5, 4], "y", opset=18)


def blue_green_red() -> Any:
    """The channels in the opposite order, as networks of Caffe want them: chosen one by one, and by a step of −1."""
    nodes = [
        node("Gather", "x order", "bgr", axis=1),
        node("Conv", "bgr w", "c"),
        node("Slice", "c first last axis step", "again"),
        node("Conv", "again w", "y"),
    ]
    constants = {"first": whole(-1), "last": whole(-9), "axis": whole(1), "step": whole(-1), "order": whole(2, 1, 0)}
    return model(nodes, {"w": weights(3, 3, 2, 2), **constants}, [1, 3, 4, 4], "y")


def counted() -> Any:
    """PyTorch's average pooling counts its padding, and not what `ceil_mode` adds."""
    options = {"kernel_shape": [3, 3], "strides": [2, 2], "ceil_mode": 1, "count_include_pad": 1}
    nodes = [node("AveragePool", "x", "a", **options, pads=[1, 1, 1, 1]), node("AveragePool", "a", "y", **options)]
    return model(nodes, {}, [1, 2, 8, 6], "y", opset=19)


def across_maps() -> Any:
    """CBAM: what the mean of all maps says of each place; of maps that are channels last, too."""
    nodes = [
        node("ReduceMean", "x", "m", axes=[1], keepdims=1),
        node("Sigmoid", "m", "s"),
        node("Mul", "x s", "p"),
        node("Transpose", "p", "last", perm=[0, 2, 3, 1]),
        node("ReduceMean", "last", "l", axes=[-1], keepdims=0),
        node("Flatten", "l", "f"),
        node("Gemm", "f m2", "y"),
    ]
    return model(nodes, {"m2": weights(20, 3)}, [1, 3, 4, 5], "y", opset=13)


def at_every_place() -> Any:
    """A dense layer on maps that are channels last, and on what was made of them in rows."""
    nodes = [
        node("Transpose", "x", "last", perm=[0, 2, 3, 1]),
        node("MatMul", "last m1", "p"),
        node("Add", "p b1", "q"),
        node("Reshape", "q rows", "r"),
        node("Gemm", "r m2 b2", "y"),
    ]
    constants = {"m1": weights(3, 4), "b1": weights(4), "rows": whole(-1, 4), "m2": weights(4, 2), "b2": weights(2)}
    return model(nodes, constants, [1, 3, 3, 2], "y")


def mean_of_rows() -> Any:
    """``x.flatten(2).mean(2)``, and the mean of maps that are one cell large and were put behind each other."""
    nodes = [
        node("Reshape", "x long", "r"),
        node("ReduceMean", "r", "m", axes=[2], keepdims=0),
        node("GlobalMaxPool", "x", "g"),
        node("Concat", "g g", "two", axis=1),
        node("ReduceMean", "two", "t", axes=[2, 3], keepdims=0),
        node("Concat", "m t", "y", axis=1),
    ]
    return model(nodes, {"long": whole(0, 0, -1)}, [1, 3, 4, 2], "y")


def squeezed() -> Any:
    """Squeeze and excitation by convolutions, as in MobileNetV3: maps of one cell become a vector."""
    nodes = [
        node("GlobalAveragePool", "x", "g"),
        node("Conv", "g w b", "c"),
        node("HardSigmoid", "c", "h"),
        node("Mul", "h x", "y"),
    ]
    return model(nodes, {"w": weights(6, 6, 1, 1), "b": weights(6)}, [1, 6, 3, 3], "y")


def attended() -> Any:
    """Spatial attention: every map is multiplied by the same one."""
    nodes = [node("Conv", "x w", "c"), node("Sigmoid", "c", "s"), node("Mul", "s x", "y")]
    return model(nodes, {"w": weights(1, 3, 1, 1)}, [1, 3, 4, 2], "y")


EXPORTED = [across_maps, attended, shuffled, blue_green_red, counted, at_every_place, mean_of_rows, squeezed]


@pytest.fixture(params=EXPORTED, ids=lambda make: make.__name__)
def exported(request: Any, tmp_path: Path) -> tuple[Imported, Any]:
    """The network, and the model that it was made of."""
    made = request.param()
    return import_onnx(saved(tmp_path, made)), made


def test_it_gives_what_the_reference_gives(exported: tuple[Imported, Any]) -> None:
    from onnx.reference import ReferenceEvaluator

    ours, made = exported
    image = np.random.default_rng(2).uniform(size=ours.reads.shape)
    expected = ReferenceEvaluator(made).run(None, {"x": ours.input_of(image).astype(np.float32)})[0]
    assert np.allclose(ours.output_of(ours.network.forward(image)), expected, rtol=1e-4, atol=1e-5)


def test_its_workbook_is_verified(exported: tuple[Imported, Any], tmp_path: Path) -> None:
    report = verify(write_workbook(exported[0].network, tmp_path / "book.xlsx"), trials=1)
    assert report.ok, report.problems[:3]


def test_what_is_shuffled_stands_once_on_a_sheet_for_both_halves(tmp_path: Path) -> None:
    kinds = [layer.kind for layer in import_onnx(saved(tmp_path, shuffled())).network.layers]
    assert kinds.count("reshape") == 1
    assert "slice" in kinds


def test_a_dense_layer_at_every_place_is_a_convolution_and_moves_nothing(tmp_path: Path) -> None:
    kinds = [layer.kind for layer in import_onnx(saved(tmp_path, at_every_place())).network.layers]
    assert kinds == ["input", "conv2d", "conv2d"]


@pytest.mark.parametrize("last", ["BatchNormalization", "Div", "Sigmoid", "Softmax then Log"])
def test_a_softmax_is_shown_of_scores_and_not_of_probabilities(last: str, tmp_path: Path) -> None:
    four = {name: abs(weights(4)) + 0.5 for name in ("g", "b", "m", "v")}
    ends = {
        "BatchNormalization": [node("BatchNormalization", "s g b m v", "y")],
        "Div": [node("Div", "s g", "y")],
        "Sigmoid": [node("Sigmoid", "s", "p"), node("Mul", "p g", "y")],
        "Softmax then Log": [node("Softmax", "s", "p"), node("Log", "p", "y")],
    }
    nodes = [node("Flatten", "x", "f"), node("MatMul", "f w", "s"), *ends[last]]
    found = import_onnx(saved(tmp_path, model(nodes, {"w": weights(9, 4), **four}, [1, 1, 3, 3], "y")))
    assert (found.network.layers[-1].kind == "softmax") == (last != "Sigmoid")


@pytest.mark.parametrize(("units", "classes"), [(1, 2), (4, 4)])
def test_behind_sigmoids_the_answer_is_shown(units: int, classes: int, tmp_path: Path) -> None:
    """Of a single one that of yes and no; what the file gives stays the sigmoid's."""
    nodes = [node("Flatten", "x", "f"), node("MatMul", "f w", "s"), node("Sigmoid", "s", "y")]
    found = import_onnx(saved(tmp_path, model(nodes, {"w": weights(9, units)}, [1, 1, 3, 3], "y")))
    assert [layer.kind for layer in found.network.layers[-2:]] == ["sigmoid", "answer"]
    assert found.network.shapes[found.network.layers[-1].name] == (classes,)
    assert found.output_of(found.network.forward(np.zeros((1, 3, 3)))).shape == (1, units)
    assert verify(write_workbook(found.network, tmp_path / "book.xlsx"), trials=1).ok


@pytest.mark.parametrize(("large", "known"), [(20.0, True), (88.0, True), (2.0, False)])
def test_the_softplus_of_pytorchs_newer_exporter(large: float, known: bool, tmp_path: Path) -> None:
    """Where x is large it is x itself; of a smaller bound that would be another function."""
    nodes = [
        node("Softplus", "x", "s"), node("Cast", "t", "c", to=1), node("Greater", "x c", "asks"), node("Where", "asks x s", "y"),
    ]  # fmt: skip
    path = saved(tmp_path, model(nodes, {"t": np.array(large)}, [1, 1, 3, 3], "y"))
    if not known:
        with pytest.raises(NetworkError, match="Where"):
            import_onnx(path)
        return
    found = import_onnx(path)
    assert [layer.kind for layer in found.network.layers] == ["input", "softplus"]
    image = 30 * np.random.default_rng(2).normal(size=(1, 3, 3))
    assert found.output_of(found.network.forward(image, prepared=True))[0] == pytest.approx(np.logaddexp(0, image), abs=1e-8)


def test_who_asks_for_something_else_is_refused(tmp_path: Path) -> None:
    nodes = [
        node("Softplus", "x", "s"),
        node("Greater", "x t", "asks"),
        node("Where", "asks x s", "w"),
        node("Cast", "asks", "y", to=1),
    ]
    with pytest.raises(NetworkError, match="Greater"):
        import_onnx(saved(tmp_path, model(nodes, {"t": np.array(20.0, np.float32)}, [1, 1, 3, 3], "y")))


def test_a_single_score_is_no_class(tmp_path: Path) -> None:
    """Nobody knows what it means; a single probability is that of yes and no."""
    nodes = [node("Flatten", "x", "f"), node("MatMul", "f w", "y")]
    found = import_onnx(saved(tmp_path, model(nodes, {"w": weights(9, 1)}, [1, 1, 3, 3], "y")))
    assert not found.network.has_classes
    assert verify(write_workbook(found.network, tmp_path / "book.xlsx"), trials=1).ok


@pytest.mark.parametrize("fold", [False, True])
def test_a_variance_below_zero_is_refused_before_anything_is_written(fold: bool, tmp_path: Path) -> None:
    nodes = [node("Conv", "x w", "c"), node("BatchNormalization", "c g b m v", "y")]
    four = {name: weights(2) for name in "gbm"} | {"v": whole(1, -1).astype(np.float32)}
    path = saved(tmp_path, model(nodes, {"w": weights(2, 1, 3, 3), **four}, [1, 1, 5, 5], "y"))
    with pytest.raises(NetworkError, match=r"BatchNormalization.* variance that is not positive"):
        import_onnx(path, fold=fold)
