"""The drop-downs: which image the network reads, and which filters it lays over it."""

import re
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from tests.conftest import Damage
from xlcnn import Network, find_template, load_image, verify
from xlcnn.engines.libreoffice import convert
from xlcnn.errors import NetworkError
from xlcnn.layers import Conv2d, Gallery, Input, Part
from xlcnn.layers.conv2d import OWN, PRESETS
from xlcnn.layout import Layout, lay_out
from xlcnn.workbook.package import store_results

SAMPLES = Path(__file__).parents[2] / "templates" / "lesson" / "samples"


@pytest.fixture(scope="module")
def layout(network: Network) -> Layout:
    return lay_out(network, find_template().exhibits)


# ---- the mathematics ----


def test_the_input_is_the_chosen_picture() -> None:
    layer = Input("i", "I", ("samples", "draw"), (1, 2, 2))
    parts = layer.parts(
        *(Gallery(name, name, (), count, (1, 2, 2)).parts()["output"] for name, count in (("samples", 2), ("draw", 1)))
    )
    given = {"user": np.zeros((1, 2, 2)), "in1": np.arange(8.0).reshape(2, 1, 2, 2), "in2": np.full((1, 1, 2, 2), 9.0)}
    found = [layer.forward(parts, given | {"choice": np.array(float(n))})["output"].ravel().tolist() for n in (1, 2, 3, 4)]
    assert found == [[0, 0, 0, 0], [0, 1, 2, 3], [4, 5, 6, 7], [9, 9, 9, 9]]
    assert layer.labels(parts) == [("user", 0), ("samples", 0), ("samples", 1), ("draw", 0)]


def test_a_preset_stands_in_for_what_was_learned() -> None:
    layer = Conv2d("c", "C", ("x",), filters=2, kernel=(3, 3), presets=1)
    parts = layer.parts(Part("computed", (1, 3, 3)))
    x = np.array([[[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]])
    given = {"in": x, "weight": np.ones((2, 1, 3, 3)), "bias": np.array([0.5, 0])} | layer.constants(parts) | layer.defaults(parts)

    def outputs(first: int, second: int) -> list[float]:
        return layer.forward(parts, given | {"choice": np.array([first, second], dtype=float)})["output"].ravel().tolist()

    assert outputs(1, 1) == [45.5, 45]
    assert outputs(2, 3) == [6 - 24 + 0.5, 12 - 18]  # top row less bottom row; left column less right column
    assert outputs(4, 5) == pytest.approx([5.5, 5 * 5 - 2 - 4 - 6 - 8])  # the mean; the middle times 5 less its neighbours
    assert outputs(6, 7) == [5.5, 2 + 3 - 4 + 6 - 7 - 8]  # the middle itself; what is typed in
    assert OWN.sum() == 0
    assert list(PRESETS) == [name for name, _ in layer.labels(parts)[1:-1]]


def test_only_filters_of_three_by_three_have_presets() -> None:
    with pytest.raises(NetworkError, match="for filters of 3 × 3"):
        Conv2d("c", "C", ("x",), filters=1, kernel=(2, 2), presets=1).parts(Part("computed", (1, 3, 3)))


# ---- the ten samples ----


def test_the_samples_are_ten_digits_that_the_network_reads(network: Network) -> None:
    pictures = find_template().pictures["samples"]
    assert pictures.shape == (10, 1, 28, 28)
    assert network.probabilities(pictures).argmax(axis=-1).tolist() == list(range(10))
    assert (pictures[3] == load_image(SAMPLES / "3.png", as_is=True)).all()


# ---- the workbook ----

DRAWING = {(y, x): 1.0 for y in range(4, 24) for x in (13, 14)}  # an upright stroke
CHOICES = ["my image", "sample 0", "sample 4", "sample 9", "Draw"]
FILTERS = [("horizontal edges", "vertical edges"), ("blur", "sharpen"), ("identity", "my own"), ("My Own", "learned")]


def chosen(seven: Path, layout: Layout, path: Path, image: str, filters: tuple[str, str] = ("learned", "learned")) -> Path:
    """The workbook with something drawn on its Draw sheet, another image and other filters; not recalculated."""
    book = openpyxl.load_workbook(seven)
    draw, source, conv = (layout.sheets[name] for name in ("draw", "input", "conv1"))
    for (y, x), value in DRAWING.items():
        book["Draw"].cell(*draw.references.locate("output", (0, 0, y, x))).value = value
    book["Input"].cell(*source.references.locate("choice", ())).value = image
    for o, name in enumerate(filters):
        book["Conv1"].cell(*conv.references.locate("choice", (o,))).value = name
    book["Conv1"].cell(*conv.references.locate("own", (1, 0, 0, 0))).value = 2.5
    book.save(path)
    return path


def expected(network: Network, image: str, filters: tuple[str, str]) -> np.ndarray:
    """The probabilities, by NumPy from the numbers themselves: not through the layers' drop-downs."""
    drawn = np.zeros((1, 28, 28))
    for (y, x), value in DRAWING.items():
        drawn[0, y, x] = value
    pictures = {"my image": load_image(SAMPLES.parents[2] / "docs" / "seven.png"), "Draw": drawn}
    pixels = pictures[image] if image in pictures else load_image(SAMPLES / f"{image[-1]}.png", as_is=True)
    words = find_template().words().data["sheets"]["conv1"]["options"]
    weight = network.weights["conv1.weight"].copy()
    for o, name in enumerate(filters):
        key = next(key for key, word in words.items() if word.lower() == name.lower())
        own = OWN + np.array([[2.5 - OWN[0, 0], 0, 0], [0, 0, 0], [0, 0, 0]]) * o
        weight[o, 0] = {"learned": weight[o, 0], "own": own, **PRESETS}[key]
    return Network(network.layers, {**network.weights, "conv1.weight": weight}).probabilities(pixels)


def stored(path: Path, layout: Layout) -> np.ndarray:
    """The probabilities that a workbook stores."""
    sheet = layout.sheets["softmax"]
    page = openpyxl.load_workbook(path, data_only=True)["Softmax"]
    return np.array([page.cell(row, col).value for row, col in sheet.positions("output").tolist()], dtype=float)


@pytest.mark.parametrize("image", CHOICES)
def test_everything_follows_the_chosen_image(seven: Path, layout: Layout, network: Network, tmp_path: Path, image: str) -> None:
    path = chosen(seven, layout, tmp_path / "chosen.xlsx", image)
    path.write_bytes(store_results(path.read_bytes()))
    probabilities = expected(network, image, ("learned", "learned"))
    assert np.abs(stored(path, layout) - probabilities).max() < 1e-9
    book = openpyxl.load_workbook(path, data_only=True)
    assert book["Guide"]["D16"].value == image
    assert book["Guide"]["D6"].value == probabilities.argmax()
    report = verify(path)
    assert report.ok, report.problems[:3]
    assert report.prediction is not None
    assert report.prediction["label"] == probabilities.argmax()


@pytest.mark.parametrize("filters", FILTERS, ids=" and ".join)
def test_everything_follows_the_chosen_filters(
    seven: Path, layout: Layout, network: Network, tmp_path: Path, filters: tuple[str, str]
) -> None:
    path = chosen(seven, layout, tmp_path / "chosen.xlsx", "sample 2", filters)
    path.write_bytes(store_results(path.read_bytes()))
    assert np.abs(stored(path, layout) - expected(network, "sample 2", filters)).max() < 1e-9
    report = verify(path)
    assert report.ok, report.problems[:3]


@pytest.mark.libreoffice
@pytest.mark.slow
def test_chosen_and_saved_in_libreoffice(seven: Path, layout: Layout, network: Network, tmp_path: Path) -> None:
    choices = [("my image", FILTERS[1]), ("sample 4", FILTERS[0]), ("Draw", FILTERS[2]), ("sample 9", FILTERS[3])]
    paths = [chosen(seven, layout, tmp_path / f"{k}.xlsx", *choice) for k, choice in enumerate(choices)]
    saved = convert(tmp_path, paths, "xlsx:Calc MS Excel 2007 XML", tmp_path / "out", 120)
    for path, choice in zip(saved, choices, strict=True):
        assert np.abs(stored(path, layout) - expected(network, *choice)).max() < 1e-9
        report = verify(path)
        assert report.ok, (choice, report.problems[:3])
    report = verify(saved[2], engine="libreoffice", trials=1)
    assert report.ok, report.problems[:3]


def test_a_word_that_is_no_choice_is_named(seven: Path, layout: Layout, tmp_path: Path) -> None:
    report = verify(chosen(seven, layout, tmp_path / "chosen.xlsx", "sample 12"))
    assert [(p.kind, p.sheet, p.cell, p.found) for p in report.problems] == [("choice", "Input", "AG6", "sample 12")]


def test_a_pixel_fetched_from_another_sample_is_named(damage: Damage) -> None:
    """As the workbook stands its own image is chosen, so nothing shows."""
    path = damage("Input", "AY13", lambda cell: re.sub(r"Samples!\w+,Draw", "Samples!B6,Draw", cell))
    assert [(p.kind, p.sheet, p.cell) for p in verify(path).problems] == [("formula", "Input", "AY13")]


def test_a_filter_fetched_from_another_preset_is_named(damage: Damage, layout: Layout) -> None:
    path = damage("Conv1", "AH10", lambda cell: re.sub(r"<f.*?(</f>|/>)", "<f>AM10</f>", cell))
    assert [(p.kind, p.sheet, p.cell) for p in verify(path).problems] == [("formula", "Conv1", "AH10")]


def test_the_number_of_a_choice_is_probed_with_every_word(damage: Damage) -> None:
    path = damage("Input", "AG9", lambda cell: re.sub(r"<f.*?(</f>|/>)", "<f>IF(AG6=AG23,11,MATCH(AG6,$AG$12:$AG$23,0))</f>", cell))
    assert [(p.kind, p.sheet, p.cell) for p in verify(path).problems] == [("formula", "Input", "AG9")]
