"""Sheets as plain data, and a network's folder: what is written is read back, and what is wrong is said."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.networks import branching, coloured, uneven
from xlcnn import Network, NetworkError, Template
from xlcnn.network.files import SECTIONS, as_data, build, check_title, load_description, load_network, save_network
from xlcnn.sheets.layers import LAYERS

CONV: dict[str, Any] = {"name": "conv", "kind": "conv2d", "inputs": ["input"], "filters": 1, "kernel": [3, 3]}
INPUT: dict[str, Any] = {"name": "input", "kind": "input", "shape": [1, 4, 4]}


def same(one: Network, other: Network) -> bool:
    weights = one.weights.keys() == other.weights.keys()
    return one.layers == other.layers and weights and all((one.weights[n] == w).all() for n, w in other.weights.items())


@pytest.mark.parametrize("make", [coloured, branching, uneven])
def test_saved_and_loaded_it_is_the_same(make: Any, tmp_path: Path) -> None:
    network = make()
    save_network(network, tmp_path)
    assert same(load_network(tmp_path), network)


def test_the_lesson_is_saved_with_its_galleries_and_exhibits(template: Template, tmp_path: Path) -> None:
    more = template.description
    save_network(template.network, tmp_path, more.galleries, more.exhibits, more.learning)
    assert same(load_network(tmp_path), template.network)
    assert load_description(tmp_path / "network.json") == template.description
    assert list(json.loads((tmp_path / "network.json").read_text(encoding="utf-8"))) == list(SECTIONS)


def test_what_is_not_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "network.json").write_text(json.dumps({"layers": [INPUT]}), encoding="utf-8")
    description = load_description(tmp_path / "network.json")
    assert (description.galleries, description.exhibits) == ((), ())
    assert [layer.name for layer in description.layers] == ["input"]


def test_every_sheet_survives_being_written_down(template: Template) -> None:
    for key in SECTIONS:
        for sheet in getattr(template.description, key):
            assert build(as_data(sheet), SECTIONS[key]) == sheet
            assert json.loads(json.dumps(as_data(sheet))) == as_data(sheet)


def test_what_need_not_be_said() -> None:
    conv = build({**CONV, "kernel": 3}, LAYERS)
    assert (conv.title, conv.kernel, conv.stride, conv.padding, conv.lens) == ("Conv", (3, 3), (1, 1), (0, 0, 0, 0), False)


def test_one_number_means_both_axes_and_all_sides() -> None:
    conv = build({**CONV, "stride": 2, "padding": 1}, LAYERS)
    assert (conv.stride, conv.padding) == ((2, 2), (1, 1, 1, 1))
    assert build({**CONV, "padding": [1, 2]}, LAYERS).padding == (1, 2, 1, 2)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": None}, "a layer's name must be a word of letters, digits and _, not None"),
        ({"name": 3}, "a layer's name must be a word of letters, digits and _, not 3"),
        ({"name": "two words"}, "a layer's name must be a word of letters, digits and _, not 'two words'"),
        ({"name": "1st"}, "a layer's name must be a word of letters, digits and _, not '1st'"),
        ({"name": "größe"}, "a layer's name must be a word of letters, digits and _, not 'größe'"),
        ({"name": "c" * 61}, "a layer's name must be a word"),
        ({"name": "guide"}, "no layer can be called guide: a sheet of every workbook is"),
        ({"name": "about"}, "no layer can be called about"),
        ({"kind": "conv3d"}, "layer conv: unknown kind 'conv3d'; known are input, conv2d, "),
        ({"kind": None}, "layer conv: unknown kind None"),
        ({"kind": ["conv2d"]}, r"layer conv: unknown kind \['conv2d'\]"),
        ({"kind": "gallery"}, "layer conv: unknown kind 'gallery'"),
        ({"inputs": "input"}, "layer conv: inputs must be a list of layers' names"),
        ({"inputs": [1]}, "layer conv: inputs must be a list of layers' names"),
        ({"kernels": 3}, "layer conv: unknown key kernels"),
        ({"kernel": "3x3"}, "layer conv: kernel must be a whole number or two"),
        ({"kernel": [3, 3, 3]}, "layer conv: kernel must be a whole number or two"),
        ({"kernel": 0}, "layer conv: kernel must lie between 1 and 16384"),
        ({"stride": 0}, "layer conv: stride must lie between 1 and 16384"),
        ({"stride": [1, 0]}, "layer conv: stride must lie between 1 and 16384"),
        ({"padding": -1}, "layer conv: padding must lie between 0 and 16384"),
        ({"padding": [1, 1, 1]}, "layer conv: padding must be one, two or four whole numbers"),
        ({"filters": 0}, "layer conv: filters must be a whole number from 1 to 16384"),
        ({"filters": 1.5}, "layer conv: filters must be a whole number from 1 to 16384"),
        ({"lens": 1}, "layer conv: lens must be true or false"),
        ({"presets": "yes"}, "layer conv: presets must be true or false"),
        ({"sheet": "a:b"}, r"layer conv: 'a:b' cannot name a sheet \(1 to 31 characters"),
        ({"sheet": ""}, "layer conv: '' cannot name a sheet"),
        ({"sheet": "x" * 32}, "cannot name a sheet"),
        ({"sheet": "it's"}, "cannot name a sheet"),
        ({"sheet": "tab\there"}, "cannot name a sheet"),
        ({"sheet": 7}, "layer conv: 7 cannot name a sheet"),
        ({"sheet": "Guide"}, "layer conv: the sheet name Guide is taken"),
        ({"sheet": "NETWORK"}, "layer conv: the sheet name NETWORK is taken"),
        ({"sheet": "About"}, "layer conv: the sheet name About is taken"),
        ({"sheet": "History"}, "layer conv: the sheet name History is taken"),
    ],
)
def test_what_is_wrong_with_a_layer_is_said(change: dict[str, Any], words: str) -> None:
    with pytest.raises(NetworkError, match=words):
        build({**CONV, **change}, LAYERS)


@pytest.mark.parametrize(("key", "words"), [("kernel", "layer conv: kernel is missing"), ("filters", "filters is missing"),
                                            ("name", "must be a word"), ("kind", "unknown kind None")])  # fmt: skip
def test_what_is_missing_is_said(key: str, words: str) -> None:
    with pytest.raises(NetworkError, match=words):
        build({k: v for k, v in CONV.items() if k != key}, LAYERS)


@pytest.mark.parametrize("title", ["A1", "R1C1", "My ReLU", "Größe", "x" * 31])
def test_odd_names_that_excel_takes_are_taken(title: str) -> None:
    check_title("conv", title)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", r"network\.json cannot be read"),
        ("", r"network\.json cannot be read"),
        (b"\xff\xfe", r"network\.json cannot be read"),
        ("[" * 100_000, r"network\.json cannot be read"),
        ("[]", r"network\.json must hold one object with the keys layers, galleries, exhibits"),
        ("3", r"network\.json must hold one object"),
        ("{}", r"network\.json must hold one object"),
        ('{"galleries": []}', r"network\.json must hold one object"),
        ('{"layers": [], "words": []}', r"network\.json must hold one object"),
        ('{"layers": {}}', r"network\.json: layers must be a list of objects"),
        ('{"layers": ["input"]}', r"network\.json: layers must be a list of objects"),
        ('{"layers": [], "exhibits": 1}', r"network\.json: exhibits must be a list of objects"),
        ('{"layers": [{"name": "g", "kind": "gallery"}]}', "layer g: unknown kind 'gallery'; known are input"),
        ('{"layers": [], "galleries": [{"name": "c", "kind": "relu"}]}', "layer c: unknown kind 'relu'; known are gallery"),
        ('{"layers": [{"name": "c", "kind": "relu", "stride": NaN}]}', "layer c: unknown key stride"),
        ('{"layers": []}', "the first layer must be of kind input"),
    ],
)
def test_a_bad_file_is_named_and_what_is_wrong_with_it(text: str | bytes, words: str, tmp_path: Path) -> None:
    save_network(branching(), tmp_path)
    (tmp_path / "network.json").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(NetworkError, match=words) as error:
        _ = load_network(tmp_path).parts
    assert str(tmp_path) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_folder_without_a_network_is_named(tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match=r"network\.json cannot be read: .*No such file"):
        load_network(tmp_path)


@pytest.mark.parametrize("damage", ["missing", "rubbish", "cut off"])
def test_weights_that_cannot_be_read_are_named(damage: str, tmp_path: Path) -> None:
    save_network(branching(), tmp_path)
    path = tmp_path / "weights.safetensors"
    data = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes(b"\x80rubbish" if damage == "rubbish" else data[:-8])
    with pytest.raises(NetworkError, match=r"weights\.safetensors: cannot be read"):
        load_network(tmp_path)


def test_weights_that_do_not_fit_the_layers_are_refused_with_the_folders_name(tmp_path: Path) -> None:
    network = branching()
    save_network(network, tmp_path)
    text = (tmp_path / "network.json").read_text(encoding="utf-8")
    (tmp_path / "network.json").write_text(text.replace('"units": 2', '"units": 3'), encoding="utf-8")
    with pytest.raises(NetworkError, match=r"dense\.weight has the shape .* but the layer needs") as error:
        load_network(tmp_path)
    assert str(error.value).startswith(str(tmp_path))


def test_weights_of_half_precision_are_numbers_like_others(tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    network = branching()
    save_network(network, tmp_path)
    path = tmp_path / "weights.safetensors"
    save_file({n: w.astype(np.float16) for n, w in load_file(path).items()}, path)
    loaded = load_network(tmp_path)
    assert all(w.dtype == np.float64 for w in loaded.weights.values())
    assert all(np.allclose(loaded.weights[n], w, atol=1e-3) for n, w in network.weights.items())
