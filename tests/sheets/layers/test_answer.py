"""The answer of classes that have a probability each: of several, and of a single number."""

from pathlib import Path

import numpy as np
import pytest

from tests.networks import build, write_workbook
from tests.sheets.alone import run
from xlcnn import Network, NetworkError, verify
from xlcnn.sheets.layers.answer import Answer


def network(units: int, **options: object) -> Network:
    return build([
        {"name": "input", "kind": "input", "shape": [1, 3, 3]},
        {"name": "dense", "kind": "dense", "inputs": ["input"], "units": units},
        {"name": "sigmoid", "kind": "sigmoid", "inputs": ["dense"]},
        {"name": "answer", "kind": "answer", "inputs": ["sigmoid"], **options},
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("given", "probabilities", "label"),
    [
        ([0.2, 0.9, 0.6], [0.2, 0.9, 0.6], 1),
        ([0.6, 0.6], [0.6, 0.6], 0),  # the first of equals
        ([0.3], [0.7, 0.3], 0),
        ([0.75], [0.25, 0.75], 1),
    ],
)
def test_which_class_is_the_most_probable(given: list[float], probabilities: list[float], label: int) -> None:
    found = run(Answer("answer", "Answer", ("sigmoid",)), given)
    assert found["output"] == pytest.approx(probabilities)
    assert found["prediction"] == label


@pytest.mark.parametrize(("units", "classes"), [(1, 2), (2, 2), (5, 5)])
def test_its_workbook_is_verified_and_the_guide_has_the_answer(units: int, classes: int, tmp_path: Path) -> None:
    made, image = network(units, sure_from=0.9), np.random.default_rng(4).uniform(size=(1, 3, 3))
    assert made.shapes["answer"] == (classes,)
    report = verify(write_workbook(made, tmp_path / "made.xlsx", image), trials=2)
    assert report.ok, report.problems[:3]
    label, probability = made.predict(image)
    assert report.prediction == {"label": label, "probability": pytest.approx(probability)}


def test_what_does_not_fit_is_told() -> None:
    with pytest.raises(
        NetworkError, match=r"layer answer \(answer\): is not sure from a probability of 0\.4: it must be 0\.5 at least"
    ):
        network(2, sure_from=0.4)
    with pytest.raises(NetworkError, match=r"answer"):
        build([
            {"name": "input", "kind": "input", "shape": [1, 3, 3]},
            {"name": "answer", "kind": "answer", "inputs": ["input"]},
        ])  # fmt: skip
