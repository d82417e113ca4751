"""Sheets as a graph: how they read each other, what does not fit, and every value in one pass."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.networks import build, write_workbook
from tests.sheets.alone import given_anew
from xlcnn import verify
from xlcnn.errors import NetworkError
from xlcnn.sheets.base import Sheet
from xlcnn.sheets.graph import check_titles, declare, evaluate, fetch, find
from xlcnn.sheets.layers.dense import Dense
from xlcnn.sheets.layers.input import Input
from xlcnn.sheets.layers.maxpool2d import MaxPool2d
from xlcnn.sheets.layers.relu import ReLU
from xlcnn.sheets.layers.softmax import Softmax
from xlcnn.sheets.parts import Part

INPUT = Input("input", "Input", (), shape=(1, 2, 2))
RELU = ReLU("relu", "ReLU", ("input",))
DENSE = Dense("dense", "Dense", ("relu",), units=3)
SOFTMAX = Softmax("softmax", "Softmax", ("dense",))


def test_each_part_knows_its_home() -> None:
    parts = declare([INPUT, RELU])
    assert all(part.home == name for name, mine in parts.items() for part in mine.values())
    assert parts["relu"]["in"].read is parts["input"]["output"]


def test_a_sheets_name_means_its_output() -> None:
    parts = declare([INPUT, RELU])
    assert find(RELU, "input", parts) is find(RELU, "input.output", parts) is parts["input"]["output"]


def test_any_part_of_an_earlier_sheet_can_be_read() -> None:
    reader = ReLU("reader", "Reader", ("softmax.exp",))
    parts = declare([INPUT, RELU, DENSE, SOFTMAX, reader])
    assert find(reader, "softmax.prediction", parts) is parts["softmax"]["prediction"]
    assert parts["reader"]["in"].read is parts["softmax"]["exp"]
    assert parts["reader"]["output"].shape == (3,)


def test_two_sheets_may_read_the_same() -> None:
    left, right = MaxPool2d("left", "Left", ("input",)), ReLU("right", "Right", ("input",))
    parts = declare([INPUT, left, right])
    assert parts["left"]["in"].read is parts["right"]["in"].read


@pytest.mark.parametrize(
    ("sheets", "words"),
    [
        ([INPUT, ReLU("input", "ReLU", ("input",))], "two layers are called input"),
        ([RELU, INPUT], "layer relu reads input, but no layer before it is called that"),
        ([INPUT, ReLU("relu", "ReLU", ("relu",))], "layer relu reads relu, but no layer before it is called that"),
        ([INPUT, ReLU("relu", "ReLU", ("input.score",))], "layer relu reads input.score, but input has no score"),
        ([INPUT, ReLU("relu", "ReLU", ("softmax.prediction",))], "layer relu reads softmax, but no layer before it"),
        ([INPUT, RELU, ReLU("two", "Two", ("input", "relu"))], r"layer two \(relu\): reads one layer, not 2"),
        ([INPUT, ReLU("none", "None", ())], r"layer none \(relu\): reads one layer, not 0"),
        ([INPUT, Softmax("softmax", "Softmax", ("input",))], r"layer softmax \(softmax\): reads a vector"),
        ([ReLU("odd", "Odd", ("",))], "layer odd reads , but no layer before it is called that"),
    ],
)
def test_what_does_not_fit_together_is_said(sheets: list[Sheet], words: str) -> None:
    with pytest.raises(NetworkError, match=words):
        declare(sheets)


def test_two_sheets_cannot_have_one_tab_whatever_its_capitals() -> None:
    check_titles([INPUT, RELU])
    with pytest.raises(NetworkError, match="two layers want the sheet INPUT"):
        check_titles([INPUT, ReLU("relu", "INPUT", ("input",))])


def test_sheets_may_read_those_that_were_declared_before() -> None:
    before = declare([INPUT])
    parts = declare([RELU], before)
    assert list(parts) == ["relu"]
    assert parts["relu"]["in"].read is before["input"]["output"]
    with pytest.raises(NetworkError, match="two layers are called input"):
        declare([INPUT], before)


def test_every_value_in_one_pass() -> None:
    parts = declare([INPUT, RELU, DENSE, SOFTMAX])
    given = {name: dict(given_anew(mine)) for name, mine in parts.items()}
    given["input"]["output"] = np.array([[[-1.0, 2], [3, -4]]])
    given["dense"] |= {"weight": np.ones((3, 1, 2, 2)) * [[[[1]]], [[[2]]], [[[0]]]], "bias": np.zeros(3)}
    values = evaluate(parts, given)
    assert values["relu"]["output"].tolist() == [[[0, 2], [3, 0]]]
    assert values["dense"]["output"].tolist() == [5, 10, 0]
    assert values["softmax"]["prediction"] == 1


def test_what_is_known_already_is_taken_as_it_is() -> None:
    parts = declare([INPUT, RELU])
    values = evaluate(parts, {}, {"input": {"output": np.array([[[1.0, -1], [0, 0]]])}})
    assert values["relu"]["output"].tolist() == [[[1, 0], [0, 0]]]
    assert "valid" not in values["input"]


def test_what_is_fetched_has_its_padding() -> None:
    pool = MaxPool2d("pool", "Pool", ("input",), padding=(1, 0, 0, 0))
    parts = declare([INPUT, pool])
    fetched = fetch(parts["pool"], {"input": {"output": np.zeros((1, 2, 2))}})
    assert fetched["in"][0, 0].tolist() == [-np.inf, -np.inf]


def test_what_nobody_computed_yet_cannot_be_fetched() -> None:
    assert fetch(declare([INPUT, RELU])["relu"], {}) == {}


@pytest.mark.parametrize("name", ["prediction", "probability", "thumbnail", "image"])
def test_a_layer_may_be_called_as_a_part_of_the_guide(tmp_path: Path, name: str) -> None:
    """Once the Guide then read its own cell, or a workbook was written that nothing could open."""
    network = build([
        {"name": "pixels", "kind": "input", "shape": [1, 3, 3]},
        {"name": "dense", "kind": "dense", "inputs": ["pixels"], "units": 3},
        {"name": name, "kind": "softmax", "inputs": ["dense"]},
    ])  # fmt: skip
    path = write_workbook(network, tmp_path / "named.xlsx")
    report = verify(path, trials=1)
    assert report.ok, report.problems[:3]
    image = np.random.default_rng(3).uniform(size=network.input_shape)
    assert report.prediction == {"label": network.predict(image)[0], "probability": pytest.approx(network.predict(image)[1])}


def test_two_parts_of_one_name_are_refused() -> None:
    with pytest.raises(NetworkError, match="has two parts called in"):
        Twice("twice", "Twice", ()).declare([])


class Twice(ReLU):
    def parts(self, *incoming: Part) -> Iterator[Part]:
        yield Part("in", (1,))
        yield Part("in", (2,))


def test_a_layer_reads_maps_or_a_vector_and_nothing_else() -> None:
    with pytest.raises(NetworkError, match="reads feature maps or a vector, not a tensor of shape"):
        build([
            {"name": "input", "kind": "input", "shape": [1, 3, 3]},
            {"name": "conv", "kind": "conv2d", "inputs": ["input"], "filters": 1, "kernel": 2},
            {"name": "relu", "kind": "relu", "inputs": ["conv.weight"]},
        ])  # fmt: skip
