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
    assert text == "node y (Conv) has weights that hold something that is not a finite number"


def test_weights_of_whole_numbers_that_are_scaled(tmp_path: Path) -> None:
    nodes = [node("DequantizeLinear", "q scale", "w"), node("Conv", "x w", "y")]
    found = model(nodes, {"q": np.ones((2, 1, 3, 3), dtype=np.int8), "scale": np.float32(0.1)}, [1, 1, 6, 6], "y")
    text = refused(saved(tmp_path, found))
    assert text == "node w (DequantizeLinear) makes weights of whole numbers; only floating-point weights can be shown"


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
    assert "has 2,500,000,000 weights" in refused(saved(tmp_path, found))
    found.graph.initializer[0].dims[:] = [10_000, 10_000]
    assert "100,000,000 numbers; 50,000,000 at most" in refused(saved(tmp_path, found))
    found.graph.initializer[0].dims[:] = [2, 1, 3, 4]
    assert "does not hold as many numbers" in refused(saved(tmp_path, found))


@pytest.mark.parametrize("operator", ["ConstantOfShape", "Expand", "Tile"])
def test_constants_that_would_fill_the_memory(tmp_path: Path, operator: str) -> None:
    first = "" if operator == "ConstantOfShape" else "one "
    nodes = [node(operator, first + "size", "huge"), node("Add", "x huge", "y")]
    constants = {"size": np.array([100_000, 100_000]), "one": np.ones((1, 1), dtype=np.float32)}
    assert "of up to 10,000,000,000 numbers" in refused(saved(tmp_path, model(nodes, constants, [1, 4], "y")))


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


def told(nodes: list[Any], constants: dict[str, np.ndarray], shape: list[Any], folder: Path, opset: int = 18) -> str:
    return refused(saved(folder, model(nodes, constants, shape, nodes[-1].output[0], opset)))


def test_a_number_that_is_repeated_and_then_changed_in_two_ways(tmp_path: Path) -> None:
    nodes = [node("Gather", "x i", "g", axis=1), node("Add", "g c", "y")]
    constants = {"i": np.array([0, 0]), "c": np.array([1, 2], dtype=np.float32).reshape(1, 2, 1, 1)}
    assert "repeated" in told(nodes, constants, [1, 2, 3, 3], tmp_path)


@pytest.mark.parametrize("to", [[2, -1], [1, -1], [-1, 4], [2, 4, 4]])
def test_images_of_a_batch_are_not_mixed(tmp_path: Path, to: list[int]) -> None:
    """A batch of two images of 4 × 4: only what leaves each of them whole can be shown for one."""
    nodes = [node("Reshape", "x to", "r"), node("Relu", "r", "y")]
    constants = {"to": np.array(to)}
    if to[0] == 2:
        found = import_onnx(saved(tmp_path, model(nodes, constants, [2, 1, 4, 4], "y")))
        assert found.gives.order.shape[0] == 1
    else:
        assert "mixes the images of a batch" in told(nodes, constants, [2, 1, 4, 4], tmp_path)


@pytest.mark.parametrize(("made", "says"), [
    ([node("Softmax", "x", "y", axis=0)], "across the images of a batch"),
    ([node("Softmax", "x", "y", axis=6)], "axis 6 of a tensor that has 4"),
    ([node("Conv", "x w", "y", auto_pad="SAME_UPPER", strides=[4, 4])], "in different ways"),
    ([node("Clip", "x nan", "y")], "a bound min that is no number"),
    ([node("Slice", "x none none four", "s"), node("Relu", "s", "y")], "without numbers"),
    ([node("RandomNormal", "", "r", shape=[4]), node("Add", "x r", "y")], "in a way that is not known"),
    ([node("Range", "zero many one", "r"), node("Add", "x r", "y")], "up to 400,000,000 numbers"),
    ([node("ConstantOfShape", "axes", "r"), node("Add", "x r", "y")], "numbers"),
    ([node("Transpose", "tall", "t"), node("Add", "tall t", "r"), node("Add", "x r", "y")], "up to 900,000,000 numbers"),
])  # fmt: skip
def test_what_nobody_could_show(tmp_path: Path, made: list[Any], says: str) -> None:
    constants = {
        "w": weights(1, 2, 1, 1), "nan": np.float32(np.nan), "none": np.array([0]), "four": np.array([3]), "zero": np.float32(0),
        "many": np.float32(4e8), "one": np.float32(1), "axes": np.array([7] * 9 + [10]), "tall": np.zeros((30_000, 1), np.float32),
    }  # fmt: skip
    assert says in told(made, constants, ["n", 2, 8, 8], tmp_path)


def test_many_constants_that_are_large_together(tmp_path: Path) -> None:
    nodes = [node("ConstantOfShape", "size", f"c{k}") for k in range(4)]
    nodes += [node("ReduceSum", f"c{k}", f"s{k}", keepdims=0) for k in range(4)]
    nodes += [node("Add", f"{'x' if k == 0 else f'y{k - 1}'} s{k}", f"y{k}") for k in range(4)]
    assert "one too many" in told(nodes, {"size": np.array([49_000_000])}, [1, 4], tmp_path)


def test_functions_that_have_no_end(tmp_path: Path) -> None:
    def function(name: str, calls: str, times: int) -> Any:
        nodes = [onnx.helper.make_node(calls, ["a" if k == 0 else f"t{k - 1}"], [f"t{k}"], domain="mine") for k in range(times)]
        opsets = [onnx.helper.make_opsetid("", 17), onnx.helper.make_opsetid("mine", 1)]
        return onnx.helper.make_function("mine", name, ["a"], [f"t{times - 1}"], nodes, opsets)

    found = model([onnx.helper.make_node("F0", ["x"], ["y"], domain="mine")], {}, [1, 4], "y")
    found.opset_import.append(onnx.helper.make_opsetid("mine", 1))
    found.functions.extend(function(f"F{k}", f"F{k + 1}", 2) for k in range(30))
    assert "operators once its functions are written out" in refused(saved(tmp_path, found))
    del found.functions[:]
    found.functions.append(function("F0", "F0", 1))
    assert "calls itself" in refused(saved(tmp_path, found))


def test_a_constants_numbers_lie_beside_the_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not where somebody happens to work."""
    tensor = external("w.bin").graph.initializer[0]
    del tensor.dims[:]
    tensor.dims.append(1)
    nodes = [onnx.helper.make_node("Constant", [], ["c"], value=tensor), node("Mul", "x c", "y")]
    (tmp_path / "w.bin").write_bytes(np.float32(1).tobytes())
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "w.bin").write_bytes(np.float32(1000).tobytes())
    monkeypatch.chdir(elsewhere)
    assert import_onnx(saved(tmp_path, model(nodes, {}, [1, 4], "y"))).network.weights["multiply1.second"].tolist() == [1]


def test_more_layers_than_stand_side_by_side(tmp_path: Path) -> None:
    nodes = [node("Add", f"t{k} t{k}" if k else "x x", f"t{k + 1}") for k in range(1200)]
    text = refused(saved(tmp_path, model(nodes, {}, [1, 1, 2, 2], "t1200")))
    assert text == "node t1090 (Add) makes one layer too many; a workbook can show 1,090"
