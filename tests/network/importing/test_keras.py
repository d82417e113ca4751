"""Keras files: what NumPy, and a workbook, compute of them beside what Keras computed; and files that are none.

The files are made by fixtures/make_keras.py.
"""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.networks import write_workbook
from xlcnn import NetworkError
from xlcnn.lesson.importing import import_network
from xlcnn.network.importing.imported import Imported
from xlcnn.network.importing.keras_file import belonging
from xlcnn.network.importing.keras_import import MOST_CALLS, import_keras
from xlcnn.verifier.verify import verify

h5py = pytest.importorskip("h5py")

FIXTURES = Path(__file__).parent / "fixtures"
FILES = [
    "sequential.keras", "sequential.h5", "residual.keras", "separable.keras", "windows.keras", "activations.keras",
    "nested.keras", "nested.h5", "channels_first.keras", "vector.keras",
]  # fmt: skip


def image_of(imported: Imported, file: str) -> np.ndarray:
    """The image that Keras was given, as our sheets have it."""
    order = imported.reads.order
    image = np.zeros(order.size)
    image[order.ravel()] = np.load(FIXTURES / file)["image"].ravel()
    return image.reshape(imported.reads.shape)


@pytest.mark.parametrize("fold", [False, True], ids=["", "folded"])
@pytest.mark.parametrize("name", FILES)
def test_numpy_agrees_with_keras(name: str, fold: bool) -> None:
    imported = import_keras(FIXTURES / name, fold=fold)
    file = f"{name.partition('.')[0]}.npz"
    found = imported.output_of(imported.network.forward(image_of(imported, file), prepared=True))
    expected = np.load(FIXTURES / file)["output"]
    assert found.shape == expected.shape
    assert np.allclose(found, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", ["residual.keras", "nested.h5"])
def test_the_workbook_computes_them(tmp_path: Path, name: str) -> None:
    imported = import_keras(FIXTURES / name)
    image = image_of(imported, f"{name.partition('.')[0]}.npz")
    report = verify(write_workbook(imported.network, tmp_path / "keras.xlsx", image), trials=1)
    assert not [problem for problem in report.problems if problem.kind != "limit"]


def test_maps_are_shown_as_maps() -> None:
    network = import_keras(FIXTURES / "sequential.keras").network
    assert network.input_shape == (1, 8, 6)
    assert [layer.kind for layer in network.layers] == [
        "input", "multiply", "add", "conv2d", "relu", "maxpool2d", "pad", "conv2d", "dense", "tanh", "dense", "softmax",
    ]  # fmt: skip


def test_a_normalisation_folds_only_into_a_layer_that_nobody_else_reads() -> None:
    kinds = [layer.kind for layer in import_keras(FIXTURES / "residual.keras", fold=True).network.layers]
    assert kinds.count("batchnorm") == 1  # that behind the sum


def test_it_becomes_a_template(tmp_path: Path) -> None:
    template = import_network(FIXTURES / "separable.keras", tmp_path / "own")
    assert template.network.weights.keys() == import_keras(FIXTURES / "separable.keras").network.weights.keys()


def test_descriptions_of_keras_2_are_read_too(tmp_path: Path) -> None:
    """Tensors are lists there, the names of weights end in :0, and the slope of a leaky ReLU is called alpha."""
    path = tmp_path / "x.h5"
    path.write_bytes((FIXTURES / "nested.h5").read_bytes())
    with h5py.File(path, "r+") as file:
        config = json.loads(file.attrs["model_config"])
        older(config)
        file.attrs["model_config"] = json.dumps(config)
        file.attrs["keras_version"] = "2.9.0"
        for group in file["model_weights"].values():
            for name in group.attrs["weight_names"]:
                group.move(name, f"{name}:0")
            group.attrs["weight_names"] = [f"{name}:0".encode() for name in group.attrs["weight_names"]]
    found, expected = (import_keras(p).network for p in (path, FIXTURES / "nested.h5"))
    assert found.layers == expected.layers
    assert all((found.weights[name] == weight).all() for name, weight in expected.weights.items())


def older(model: Any) -> None:
    for each in model["config"]["layers"]:
        if "layers" in each["config"]:
            older(each)
        if "batch_shape" in each["config"]:
            each["config"]["batch_input_shape"] = each["config"].pop("batch_shape")
        for place, node in enumerate(each.get("inbound_nodes", ())):
            (tensors,) = node["args"]
            tensors = tensors if isinstance(tensors, list) else [tensors]
            each["inbound_nodes"][place] = [[*tensor["config"]["keras_history"], {}] for tensor in tensors]


# ---- files that are none ----


def keras_file(
    path: Path, change: Callable[[Any], None] | None = None, weigh: Callable[[Any], None] | None = None, name: str = "sequential"
) -> Path:  # fmt: skip
    """A Keras file whose description or weights were changed."""
    with zipfile.ZipFile(FIXTURES / f"{name}.keras") as archive:
        members = {each: archive.read(each) for each in archive.namelist()}
    if change:
        config = json.loads(members["config.json"])
        change(config)
        members["config.json"] = json.dumps(config).encode()
    if weigh:
        data = io.BytesIO(members["model.weights.h5"])
        with h5py.File(data, "r+") as file:
            weigh(file)
        members["model.weights.h5"] = data.getvalue()
    with zipfile.ZipFile(path, "w") as archive:
        for each, content in members.items():
            archive.writestr(each, content)
    return path


def layer(config: Any, kind: str) -> Any:
    return next(each for each in config["config"]["layers"] if each["class_name"] == kind)


def kernel(make: Callable[[Any], object]) -> Callable[[Any], None]:
    """The dense layer's kernel, replaced by what is made in the group of its weights."""

    def changed(file: Any) -> None:
        del file["layers/dense/vars/0"]
        make(file["layers/dense/vars"])

    return changed


DESCRIBED: dict[str, tuple[Callable[[Any], None], str]] = {
    "custom": (lambda c: layer(c, "Conv2D").update(registered_name="Mine>Conv2D"), "code of its own, which is never run"),
    "module": (lambda c: layer(c, "Conv2D").update(module="mine.layers"), "code of its own, which is never run"),
    "unknown": (lambda c: layer(c, "Conv2D").update(class_name="LSTM"), "(LSTM) is not known; known are"),
    "model": (lambda c: c.update(class_name="MyModel"), "Sequential and functional models can be read"),
    "layers": (lambda c: c["config"].update(layers=[3]), "describes its layers in a way that is not known"),
    "activation": (lambda c: layer(c, "Conv2D")["config"].update(activation="mine"), "has the activation mine; known are"),
    "function": (
        lambda c: layer(c, "Conv2D")["config"].update(activation={"class_name": "function", "config": "mine"}),
        "has an activation that is code of its own",
    ),
    "filters": (lambda c: layer(c, "Conv2D")["config"].update(filters=10**12), "has a kernel of shape (3, 3, 1, 3) in the file"),
    "window": (lambda c: layer(c, "MaxPooling2D")["config"].update(pool_size=[10**9, 1]), "no pair of whole numbers"),
    "still": (lambda c: layer(c, "Conv2D")["config"].update(strides=[0, 1]), "slides its window by 0 cells"),
    "border": (lambda c: layer(c, "ZeroPadding2D")["config"].update(padding=10**9), "no pairs of whole numbers"),
    "shared": (lambda c: layer(c, "Dense")["config"].update(activation={"class_name": []}), "code of its own, which is never run"),
    "padding": (lambda c: layer(c, "Conv2D")["config"].update(padding="causal"), "valid and same can be shown"),
    "image": (lambda c: layer(c, "InputLayer")["config"].update(batch_shape=[None, 10**6, 10**6, 1]), "a workbook can show"),
    "open": (lambda c: layer(c, "InputLayer")["config"].update(batch_shape=[None, None, None, 1]), "say so with --size"),
}
WEIGHED: dict[str, tuple[Callable[[Any], None], str]] = {
    "missing": (lambda f: f["layers"].pop("conv2d"), "layer conv2d (Conv2D) has 0 of its 2 weights in the file"),
    "shape": (kernel(lambda g: g.create_dataset("0", data=np.ones((2, 5), "f4"))), "has a kernel of shape (2, 5) in the file"),
    "huge": (kernel(lambda g: g.create_dataset("0", (10**6, 10**6), "f4", chunks=(100, 100))), "50,000,000 at most can be read"),
    "kind": (kernel(lambda g: g.create_dataset("0", data=np.ones((2, 5), "i4"))), "only floating-point weights can be shown"),
    "elsewhere": (kernel(lambda g: g.update({"0": h5py.ExternalLink("/etc/other.h5", "/x")})), "do not lie in the file"),
    "external": (kernel(lambda g: g.create_dataset("0", (2, 5), "f4", external="/etc/hostname")), "do not lie in the file"),
}


@pytest.mark.parametrize("name", DESCRIBED)
def test_a_description_that_cannot_be_shown_is_said_in_a_sentence(tmp_path: Path, name: str) -> None:
    change, said = DESCRIBED[name]
    refused(keras_file(tmp_path / "x.keras", change), said)


@pytest.mark.parametrize("name", WEIGHED)
def test_weights_that_cannot_be_read_are_said_in_a_sentence(tmp_path: Path, name: str) -> None:
    change, said = WEIGHED[name]
    refused(keras_file(tmp_path / "x.keras", weigh=change), said)


def refused(path: Path, said: str) -> None:
    with pytest.raises(NetworkError) as caught:
        import_keras(path)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_lambda_is_never_run() -> None:
    refused(FIXTURES / "lambda.keras", "layer lambda (Lambda) is code of its own, which is never run")


def test_the_size_may_be_said(tmp_path: Path) -> None:
    path = keras_file(tmp_path / "x.keras", DESCRIBED["open"][0])
    assert import_keras(path, (1, 8, 6)).network.input_shape == (1, 8, 6)
    with pytest.raises(NetworkError, match="reads images of shape"):
        import_keras(path, (3, 8, 6))


@pytest.mark.parametrize("ending", [".keras", ".h5"])
def test_other_files_are_none(tmp_path: Path, ending: str) -> None:
    for number, data in enumerate((b"", b"no Keras file", (FIXTURES / f"sequential{ending}").read_bytes()[:3000])):
        path = tmp_path / f"{number}{ending}"
        path.write_bytes(data)
        refused(path, "is no Keras file")


def test_a_zip_without_a_description_is_none(tmp_path: Path) -> None:
    path = tmp_path / "x.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("other.txt", "")
    refused(path, "it holds no config.json")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", "[" * 100_000)
        archive.writestr("model.weights.h5", (FIXTURES / "nested.h5").read_bytes())
    refused(path, "JSON that is damaged")


def test_a_file_of_weights_alone_says_so(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "x.h5", "w") as file:
        file.create_group("model_weights")
    refused(tmp_path / "x.h5", "save the whole model with model.save")


def test_without_h5py_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "h5py", None)
    refused(FIXTURES / "sequential.keras", "pip install 'xlcnn[keras]'")


def test_layers_of_one_name_in_models_inside_one_another_keep_their_own_weights() -> None:
    paths = ["p/c/kernel", "p/c/bias", "q/c/kernel", "q/c/bias", "d/kernel"]
    assert belonging(paths, ("inner", "q", "c")) == ["q/c/kernel", "q/c/bias"]
    assert belonging(paths, ("inner", "d")) == ["d/kernel"]
    assert belonging(paths, ("inner", "e")) == []


def test_what_keras_notes_down_for_training_does_not_count(tmp_path: Path) -> None:
    """A layer that turns images about in training is told so where it is put together."""

    def change(config: Any) -> None:
        sum_ = layer(config, "Add")
        sum_["inbound_nodes"][0]["kwargs"] = {"training": True}
        sum_["class_name"] = "RandomFlip"

    assert import_keras(keras_file(tmp_path / "x.keras", change, name="residual")).network.layers
    refused(
        keras_file(
            tmp_path / "y.keras", lambda c: layer(c, "Add")["inbound_nodes"][0].update(kwargs={"training": True}), name="residual"
        ),
        "is told more than what it reads (training)",
    )


def test_models_used_again_and_again_have_a_bound(tmp_path: Path) -> None:
    """Twelve models inside one another, each used four times, are sixteen million layers."""

    def tensor(name: str, call: int) -> Any:
        return {"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": [name, call, 0]}}], "kwargs": {}}

    inside: dict[str, Any] = {"class_name": "Dropout", "config": {"name": "dropout"}}
    for depth in range(12):
        name = inside["config"]["name"]
        first = {"class_name": "InputLayer", "config": {"name": "i", "batch_shape": [None, 4, 4, 1]}, "inbound_nodes": []}
        used = {**inside, "inbound_nodes": [tensor("i", 0), *(tensor(name, call) for call in range(3))]}
        config = {"name": f"m{depth}", "layers": [first, used], "input_layers": ["i", 0, 0], "output_layers": [name, 3, 0]}
        inside = {"class_name": "Functional", "config": config}
    path = keras_file(tmp_path / "x.keras", lambda c: (c.clear(), c.update(inside)))
    refused(path, f"is one too many; {MOST_CALLS:,} layers can be read")
