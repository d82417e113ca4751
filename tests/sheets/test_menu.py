"""The drop-downs: which image the network reads, and which filters it lays over it. See also `test_misuse`."""

import re
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from openpyxl.workbook import Workbook

from tests.conftest import LESSON, SEVEN, Damage, Index, at, cell, edited, recalculated, reference, tab, with_formula
from xlcnn import Network, find_template, load_image, verify
from xlcnn.engines.libreoffice import convert
from xlcnn.sheets.layers.conv2d import OWN, PRESETS
from xlcnn.sheets.menu import chosen, menu_parts
from xlcnn.sheets.parts import Array, Labels, Menu, Part, compute

SAMPLES = find_template("lesson").folder / "samples"

# ---- the mathematics ----

WORDS = (("user", 0), ("samples", 0), ("draw", 0))


def parts(shape: tuple[int, ...] = ()) -> dict[str, Part]:
    return {part.name: part for part in menu_parts(WORDS, shape)}


def test_a_new_drop_down_is_set_to_its_first_word() -> None:
    menu = parts((2,))["choice"]
    assert isinstance(menu, Menu)
    assert menu.default is not None
    assert menu.default.tolist() == [1, 1]
    assert menu.count == len(WORDS)


def test_the_number_is_the_place_of_the_chosen_word() -> None:
    v = compute(parts((3,)), {"choice": np.array([1.0, 3, 2])})
    assert v["number"].tolist() == [1, 3, 2]
    assert v["known"].tolist() == [1, 1, 1]


def test_a_word_that_is_not_in_the_list_counts_as_the_first_and_is_noticed() -> None:
    v = compute(parts((2,)), {"choice": np.array([np.nan, 3])})
    assert v["number"].tolist() == [1, 3]
    assert v["known"].tolist() == [0, 1]


def test_the_list_names_its_words() -> None:
    options = parts()["options"]
    assert isinstance(options, Labels)
    assert options.keys == WORDS


def test_the_chosen_one_among_arrays() -> None:
    arrays = [np.zeros((2, 2)), np.ones((2, 2))]
    assert (chosen({"number": np.array([2.0, 1.0])}, arrays, (0,)) == arrays[1]).all()
    assert (chosen({"number": np.array(1.0)}, arrays) == arrays[0]).all()


@pytest.mark.parametrize("number", [0, 3, np.nan])
def test_there_is_nothing_where_the_spreadsheet_has_no_such_number(number: float) -> None:
    """Only an engine that computed the number wrong can come here: CHOOSE fails, too."""
    assert np.isnan(chosen({"number": np.array(number)}, [np.zeros(2), np.ones(2)])).all()


# ---- the samples ----


def test_the_samples_are_ten_digits_that_the_network_reads_and_four_hard_ones(network: Network) -> None:
    pictures = find_template("lesson").pictures["samples"]
    assert pictures.shape == (14, 1, 28, 28)
    assert network.probabilities(pictures)[:10].argmax(axis=-1).tolist() == list(range(10))
    assert (pictures[3] == load_image(SAMPLES / "3.png", as_is=True)).all()


# ---- the workbook ----

DRAWING = np.zeros((1, 28, 28))
DRAWING[0, 4:24, 13:15] = 1  # an upright stroke
TYPED = 2.5  # into the second filter of one's own

Choice = tuple[str, tuple[str, str]]
CHOICES: list[Choice] = [
    ("my image", ("blur", "sharpen")),
    ("sample 0", ("learned", "learned")),
    ("sample 4", ("horizontal edges", "vertical edges")),
    ("sample 9", ("My Own", "learned")),
    ("Draw", ("identity", "my own")),
]


def choose(seven: Path, path: Path, image: str, filters: tuple[str, str]) -> Path:
    """The workbook with something drawn on its Draw sheet, another image and other filters; not recalculated."""
    drawn: dict[tuple[str, str, Index], object] = {("draw", "output", (0, *map(int, index))): 1.0 for index in np.argwhere(DRAWING)}
    names: dict[tuple[str, str, Index], object] = {("conv1", "choice", (o,)): name for o, name in enumerate(filters)}
    return edited(seven, path, {**drawn, **names, ("input", "choice", ()): image, ("conv1", "own", (1, 0, 0, 0)): TYPED})


def expected(network: Network, image: str, filters: tuple[str, str]) -> Array:
    """The probabilities, by NumPy from the numbers themselves: not through the layers' drop-downs."""
    pictures = {"my image": load_image(SEVEN), "Draw": DRAWING}
    pixels = pictures[image] if image in pictures else load_image(SAMPLES / f"{image[-1]}.png", as_is=True)
    words = find_template("lesson").words().data["sheets"]["conv1"]["options"]
    weight = network.weights["conv1.weight"].copy()
    for o, name in enumerate(filters):
        key = next(key for key, word in words.items() if word.lower() == name.lower())
        own = OWN.copy()
        own[0, 0] = TYPED if o == 1 else own[0, 0]
        weight[o, 0] = {"learned": weight[o, 0], "own": own, **PRESETS}[key]
    return Network(network.layers, {**network.weights, "conv1.weight": weight}).probabilities(pixels)


def stored(book: Workbook) -> Array:
    """The probabilities that a workbook stores."""
    where = LESSON["softmax"].positions("output").tolist()
    return np.array([book[tab("softmax")].cell(row, col).value for row, col in where], dtype=float)


@pytest.mark.parametrize("choice", CHOICES, ids=lambda c: f"{c[0]}, {' and '.join(c[1])}")
def test_everything_follows_what_was_chosen(seven: Path, network: Network, tmp_path: Path, choice: Choice) -> None:
    path = recalculated(choose(seven, tmp_path / "chosen.xlsx", *choice))
    book = openpyxl.load_workbook(path, data_only=True)
    probabilities = expected(network, *choice)
    assert np.abs(stored(book) - probabilities).max() < 1e-9
    guide = book[tab("guide")]
    assert guide[cell("guide", "image")].value == choice[0]
    assert guide[cell("guide", "prediction")].value == probabilities.argmax()
    report = verify(path, trials=1)
    assert report.ok, report.problems[:3]
    assert report.prediction is not None
    assert report.prediction["label"] == probabilities.argmax()


@pytest.mark.libreoffice
@pytest.mark.slow
def test_chosen_and_saved_in_libreoffice(seven: Path, network: Network, tmp_path: Path) -> None:
    paths = [choose(seven, tmp_path / f"{k}.xlsx", *choice) for k, choice in enumerate(CHOICES)]
    saved = convert(tmp_path, paths, "xlsx:Calc MS Excel 2007 XML", tmp_path / "out", 120)
    for path, choice in zip(saved, CHOICES, strict=True):
        assert np.abs(stored(openpyxl.load_workbook(path, data_only=True)) - expected(network, *choice)).max() < 1e-9
        report = verify(path, trials=1)
        assert report.ok, (choice, report.problems[:3])
    report = verify(saved[-1], engine="libreoffice", trials=1)
    assert report.ok, report.problems[:3]


# ---- damage behind a choice that nobody made ----


@pytest.mark.slow
def test_a_pixel_fetched_from_another_sample_is_named(damage: Damage) -> None:
    """As the workbook stands its own image is chosen, so nothing shows."""
    index = (0, 7, 17)
    right, wrong = (reference("samples", "output", (9, *i)) for i in (index, (0, 0, 0)))
    path = damage("input", "output", index, lambda xml: xml.replace(f",{right},", f",{wrong},"))
    assert [(p.kind, p.sheet, p.cell) for p in verify(path).problems] == [("formula", *at("input", "output", index))]


def test_a_filter_fetched_without_regard_to_the_choice_is_named(damage: Damage) -> None:
    index = (0, 0, 1, 1)
    path = damage("conv1", "filter", index, with_formula(cell("conv1", "weight", index)))
    assert [(p.kind, p.sheet, p.cell) for p in verify(path).problems] == [("formula", *at("conv1", "filter", index))]


@pytest.mark.slow
def test_a_number_that_is_wrong_for_one_word_alone_is_named(damage: Damage) -> None:
    count = LESSON["input"].parts["options"].shape[0]
    choice, last = cell("input", "choice"), cell("input", "options", (count - 1,))

    def wrong_for_the_last_word(xml: str) -> str:
        return re.sub(r"<f>(.*?)</f>", rf"<f>IF({choice}={last},{count - 1},\1)</f>", xml)

    path = damage("input", "number", (), wrong_for_the_last_word)
    assert [(p.kind, p.sheet, p.cell) for p in verify(path).problems] == [("unproven", *at("input", "number"))]
