"""Files that cannot be shown: one sentence that names the node, its operator and what is supported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.network.importing.graphs import model, node, onnx, saved, weights
from xlcnn import NetworkError
from xlcnn.network.importing.onnx_import import import_onnx


def refused(path: Path, **options: Any) -> str:
    with pytest.raises(NetworkError) as error:
        import_onnx(path, **options)
    assert "\n" not in str(error.value)
    return str(error.value)


def conv(**changed: Any) -> Any:
    constants = {"w": weights(2, 1, 3, 3), **changed.pop("constants", {})}
    return model([node("Conv", "x w", "y")], constants, changed.pop("shape", [1, 1, 6, 6]), "y", **changed)


@pytest.mark.parametrize("data", [b"", b"no model at all", b"\x80\x04\x95\x10", bytes(1000)])
def test_no_onnx(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "model.onnx").write_bytes(data)
    assert "is no ONNX model" in refused(tmp_path / "model.onnx")


def test_a_file_that_breaks_off(tmp_path: Path) -> None:
    path = saved(tmp_path, conv())
    path.write_bytes(path.read_bytes()[:-40])
    assert "no ONNX model" in refused(path)


def test_no_file(tmp_path: Path) -> None:
    assert "cannot be read" in refused(tmp_path / "model.onnx")


def test_several_inputs(tmp_path: Path) -> None:
    value = onnx.helper.make_tensor_value_info("z", onnx.TensorProto.FLOAT, [1, 4])
    found = model([node("Add", "x z", "y")], {}, [1, 4], "y", inputs=[value])
    assert refused(saved(tmp_path, found)) == "reads 2 inputs (x, z); a workbook has one, the image"


@pytest.mark.parametrize("operator", ["LSTM", "Attention", "Einsum", "com.microsoft.Gelu"])
def test_operators_that_no_sheet_shows(tmp_path: Path, operator: str) -> None:
    domain, _, name = operator.rpartition(".")
    found = model([node(name, "x", "y", domain=domain)], {}, [1, 4], "y")
    text = refused(saved(tmp_path, found))
    assert text.startswith(f"node y ({operator}) is not known; known are Add, ")


def test_whole_weights(tmp_path: Path) -> None:
    found = conv(constants={"w": np.ones((2, 1, 3, 3), dtype=np.int8)})
    assert refused(saved(tmp_path, found)) == "node y (Conv) has weights of kind int8; only floating-point weights can be shown"


def test_weights_that_are_no_numbers(tmp_path: Path) -> None:
    text = refused(saved(tmp_path, conv(constants={"w": np.full((2, 1, 3, 3), np.nan, dtype=np.float32)})))
    assert "conv1.weight" in text
    assert "finite" in text


def test_weights_that_are_computed(tmp_path: Path) -> None:
    found = model([node("Conv", "x x", "y")], {}, [1, 1, 6, 6], "y")
    assert "only weights that stand in the file" in refused(saved(tmp_path, found))


def test_a_circle(tmp_path: Path) -> None:
    found = model([node("Add", "x b", "a"), node("Relu", "a", "b")], {}, [1, 4], "b")
    assert "in a circle" in refused(saved(tmp_path, found))


def test_a_tensor_that_nothing_computes(tmp_path: Path) -> None:
    found = model([node("Add", "x b", "a")], {}, [1, 4], "a")
    assert refused(saved(tmp_path, found)) == "node a (Add) reads b, which nothing computes"


def test_declared_sizes_are_not_believed(tmp_path: Path) -> None:
    found = conv()
    found.graph.initializer[0].dims[:] = [50_000, 50_000]
    assert "2,500,000,000 numbers" in refused(saved(tmp_path, found))
    found.graph.initializer[0].dims[:] = [2, 1, 3, 4]
    assert "does not hold as many numbers" in refused(saved(tmp_path, found))


@pytest.mark.parametrize("operator", ["ConstantOfShape", "Expand", "Tile"])
def test_constants_that_would_fill_the_memory(tmp_path: Path, operator: str) -> None:
    first = "" if operator == "ConstantOfShape" else "one "
    nodes = [node(operator, first + "size", "huge"), node("Add", "x huge", "y")]
    constants = {"size": np.array([100_000, 100_000]), "one": np.ones((1, 1), dtype=np.float32)}
    assert "more than 50,000,000 numbers" in refused(saved(tmp_path, model(nodes, constants, [1, 4], "y")))


@pytest.mark.parametrize("location", ["../weights.bin", "/etc/hostname", "sub/../../weights.bin", ""])
def test_external_numbers_stay_in_the_folder(tmp_path: Path, location: str) -> None:
    (tmp_path / "weights.bin").write_bytes(bytes(72))
    folder = tmp_path / "model"
    folder.mkdir()
    assert "outside the model's folder" in refused(saved(folder, external(location)))


def test_external_numbers_that_are_not_there(tmp_path: Path) -> None:
    assert "cannot be read from weights.bin" in refused(saved(tmp_path, external("weights.bin")))
    (tmp_path / "weights.bin").write_bytes(bytes(50))
    assert "too short" in refused(saved(tmp_path, external("weights.bin", length="72")))
    assert "whole numbers" in refused(saved(tmp_path, external("weights.bin", offset="1_0")))


def external(location: str, **more: str) -> Any:
    found = conv()
    tensor = found.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    for key, value in {"location": location, **more}.items():
        entry = tensor.external_data.add()
        entry.key, entry.value = key, value
    return found


def test_images_of_an_open_size(tmp_path: Path) -> None:
    text = refused(saved(tmp_path, conv(shape=[1, 1, "h", "w"])))
    assert text.endswith("say so with --size CHANNELS,HEIGHT,WIDTH")
    assert "not (3, 6, 6)" in refused(saved(tmp_path, conv()), size=(3, 6, 6))


def test_images_that_no_workbook_can_show(tmp_path: Path) -> None:
    assert "a workbook can show 4,000,000" in refused(saved(tmp_path, conv(shape=[1, 3, 10_000, 10_000])))
    assert "5 axes" in refused(saved(tmp_path, conv(shape=[1, 1, 6, 6, 6])))


@pytest.mark.parametrize(
    ("made", "says"),
    [
        ([node("BatchNormalization", "x a a a a", "y", training_mode=1)], "in training mode"),
        ([node("Dropout", "x ratio yes", "y")], "in training mode"),
        ([node("Pad", "x pads", "y", mode="reflect")], "repeats or cuts off the border"),
        ([node("Gather", "x places", "y", axis=1)], "computes nothing"),
        ([node("Cast", "x", "y", to=7)], "makes whole numbers of activations"),
        ([node("Reshape", "x x", "y")], "computed from the image"),
        ([node("Reshape", "x wrong", "y")], "cannot be computed"),
    ],
)
def test_what_is_said_of_single_operators(tmp_path: Path, made: list[Any], says: str) -> None:
    constants = {
        "a": weights(2), "ratio": np.float32(0.5), "yes": np.array(True), "pads": np.array([0, 0, 1, 1, 0, 0, 1, 1]),
        "places": np.array([1]), "wrong": np.array([5, 5]),
    }  # fmt: skip
    assert says in refused(saved(tmp_path, model(made, constants, [1, 2, 4, 4], "y")))
