"""The Guide: the image small, its name, the answer and how sure it is, by NumPy and in the workbook."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from tests.conftest import LESSON, SEVEN, cell, tab
from tests.networks import branching, build, coloured, general_words, write_workbook
from xlcnn import Network, find_template, load_image, verify
from xlcnn.errors import NetworkError
from xlcnn.layout.placed import PlacedSheet, lay_out
from xlcnn.sheets.base import Sheet
from xlcnn.sheets.guide import Guide, chosen_word
from xlcnn.sheets.layers.input import Input
from xlcnn.sheets.layers.softmax import Softmax
from xlcnn.sheets.parts import Array, Computed, Constant, Notice, Part, compute
from xlcnn.sheets.pixels import LARGEST
from xlcnn.sheets.plan import plan


def guide(*read: str) -> Guide:
    return Guide("guide", "Guide", read)


def thumbnail(image: Array) -> Array:
    """The thumbnail of an image by NumPy."""
    parts = guide("input").declare([Part("output", image.shape, home="input")])
    return compute(parts, {"from.input": image})["thumbnail"]


def by_hand(image: Array) -> Array:
    """The same once more: every n-th pixel, so that both sides have at most 28."""
    step = 1
    while max(-(-image.shape[1] // step), -(-image.shape[2] // step)) > LARGEST:
        step += 1
    rows = [[image[:, y, x].mean() for x in range(0, image.shape[2], step)] for y in range(0, image.shape[1], step)]
    return np.array(rows)


# ---- by NumPy ----


def test_a_small_image_is_shown_as_it_is() -> None:
    image = np.random.default_rng(0).uniform(size=(1, 28, 20))
    assert (thumbnail(image) == image[0]).all()


def test_of_channels_the_mean_is_shown() -> None:
    image = np.stack([np.zeros((2, 2)), np.full((2, 2), 0.3), np.full((2, 2), 0.9)])
    assert thumbnail(image) == pytest.approx(np.full((2, 2), 0.4))


@pytest.mark.parametrize(
    ("shape", "size"), [((1, 29, 28), (15, 14)), ((3, 56, 56), (28, 28)), ((1, 57, 10), (19, 4)), ((2, 1, 100), (1, 25))]
)
def test_of_a_large_image_every_nth_pixel_is_shown(shape: tuple[int, ...], size: tuple[int, int]) -> None:
    image = np.random.default_rng(0).uniform(size=shape)
    assert thumbnail(image).shape == size
    assert thumbnail(image) == pytest.approx(by_hand(image))


def test_the_answer_is_the_last_layers_prediction_and_its_probability() -> None:
    sheet = guide("input", "softmax.prediction", "softmax.class", "softmax")
    sources = [
        Part("output", (1, 2, 2), home="input"), Part("prediction", (), home="softmax"),
        Constant("class", (3,), np.arange(3.0), home="softmax"), Part("output", (3,), home="softmax"),
    ]  # fmt: skip
    given = {"input": np.zeros((1, 2, 2)), "softmax.prediction": np.array(2.0), "softmax": np.array([0.1, 0.2, 0.7])}
    given = {f"from.{name}": value for name, value in given.items()}
    values = compute(sheet.declare(sources), given)
    assert values["prediction"] == 2
    assert values["probability"] == 0.7


@pytest.mark.parametrize(("largest", "noticed"), [(0.89, True), (0.9, False), (1.0, False)])
def test_doubt_is_said_below_the_probability_of_which_the_softmax_is_sure(largest: float, noticed: bool) -> None:
    layers = [*large().layers[:-1], Softmax("softmax", "Softmax", ("dense",), sure_from=0.9)]
    placed = lay_out(plan(layers))["guide"]
    doubt = placed.parts["doubt"]
    assert isinstance(doubt, Notice)
    assert doubt.numpy({"from.softmax": np.array([0.0, largest, 0.0, 0.0])}) == (0 if noticed else 1)
    assert np.isnan(doubt.numpy({"from.softmax": np.array([0.0, np.nan])}))
    assert str(placed.formula("doubt", ())).endswith(">=0.9,1,0)")
    assert "doubt" not in lay_out(plan(large().layers))["guide"].parts


@pytest.mark.parametrize(
    ("largest", "pixel", "noticed"), [(0.9, 0.5, True), (0.89, 0.5, False), (0.9, 0.499, False), (1.0, 0.0, False)]
)
def test_perhaps_no_digit_is_said_of_one_image_and_of_a_sure_answer(largest: float, pixel: float, noticed: bool) -> None:
    """Of an image whose pixels add up to 0.8, and their squares to 0.34."""
    layers = [
        replace(layer, unlike=(0.8, 0.34)) if isinstance(layer, Input)
        else replace(layer, sure_from=0.9) if isinstance(layer, Softmax)
        else layer
        for layer in large().layers
    ]  # fmt: skip
    placed = lay_out(plan(layers))["guide"]
    image = np.zeros((3, 60, 40))
    image[1, 5, 7], image[2, 50, 30] = pixel, 0.3
    said = placed.parts["unlike"]
    assert isinstance(said, Notice)
    assert said.numpy({"from.input": image, "from.softmax": np.array([0.0, largest, 0.0, 0.0])}) == (0 if noticed else 1)
    assert np.isnan(said.numpy({"from.input": image, "from.softmax": np.array([0.0, np.nan])}))
    formula = str(placed.formula("unlike", ()))
    assert formula.endswith("),0,1)")
    assert formula.count(">=0.9,ABS(SUM('My image'!") == formula.count("-0.8)<0.0001,ABS(SUMSQ('My image'!") == 1
    rows = {block.part: block.row for block in placed.blocks}
    assert rows["doubt"] == rows["unlike"] + said.rise
    assert "unlike" not in lay_out(plan(large().layers))["guide"].parts


@pytest.mark.parametrize("numbers", [1.0, [1.0], [1.0, 2.0, 3.0], "no"])
def test_an_image_is_known_by_two_sums(numbers: object) -> None:
    with pytest.raises(NetworkError, match="unlike must be 2 numbers"):
        build([{"name": "input", "kind": "input", "shape": [1, 2, 2], "unlike": numbers}])


def test_without_an_answer_the_image_alone_is_shown() -> None:
    shown = lay_out(plan(branching().layers))["guide"]
    assert {b.part for b in shown.blocks} == {"thumbnail"}
    assert shown.sheet.charts(shown.parts) == ()


@pytest.mark.parametrize(("number", "word"), [(1, "mine"), (2, "sample 0"), (0, ""), (3, ""), (np.nan, "")])
def test_the_image_is_called_as_in_the_drop_down(number: float, word: str) -> None:
    assert chosen_word(np.array(["mine", "sample 0"], dtype=object), np.array(number)) == word


# ---- as formulas ----


def large() -> Network:
    """Three channels, larger than 28 × 28, and higher than wide."""
    return build([
        {"name": "input", "kind": "input", "sheet": "My image", "shape": [3, 60, 40]},
        {"name": "pool", "kind": "maxpool2d", "inputs": ["input"], "kernel": [10, 10], "stride": 10},
        {"name": "dense", "kind": "dense", "inputs": ["pool"], "units": 4},
        {"name": "softmax", "kind": "softmax", "inputs": ["dense"]},
    ])  # fmt: skip


def results(path: Path, placed: PlacedSheet, part: str) -> Array:
    """What a workbook stores for a part, read with openpyxl."""
    page = openpyxl.load_workbook(path, data_only=True)[placed.title]
    where = placed.positions(part)
    found = [page.cell(row, col).value for row, col in where.reshape(-1, 2).tolist()]
    return np.array(found, dtype=float).reshape(where.shape[:-1])


@pytest.mark.parametrize("make", [coloured, large])
def test_the_workbook_of_another_network_shows_its_image_and_its_answer(make: object, tmp_path: Path) -> None:
    network: Network = make()  # type: ignore[operator]
    image = np.random.default_rng(5).uniform(size=network.input_shape)
    path = write_workbook(network, tmp_path / "made.xlsx", image)
    placed = lay_out(plan(network.layers))["guide"]
    label, probability = network.predict(image)
    assert np.abs(results(path, placed, "thumbnail") - by_hand(image)).max() < 1e-9
    assert results(path, placed, "prediction") == label
    assert results(path, placed, "probability") == pytest.approx(probability, abs=1e-9)
    assert verify(path, trials=1).ok


def test_the_lessons_guide_shows_the_image_and_its_answer(seven: Path, network: Network) -> None:
    placed = LESSON["guide"]
    image = load_image(SEVEN)
    label, probability = network.predict(image)
    assert label == 7
    written = np.vectorize(lambda pixel: float(f"{pixel:.15g}"))(image[0])  # a workbook has 15 digits, as Excel has
    assert (results(seven, placed, "thumbnail") == written).all()
    assert results(seven, placed, "prediction") == label
    assert results(seven, placed, "probability") == pytest.approx(probability, abs=1e-9)
    page = openpyxl.load_workbook(seven, data_only=True)[tab("guide")]
    assert page[cell("guide", "image")].value == "my image"


def test_its_formulas_read_other_sheets_where_they_stand() -> None:
    layout = lay_out(plan(large().layers))
    pixels, softmax = layout["input"].references, layout["softmax"].references
    placed = layout["guide"]
    channels = ",".join(f"'My image'!{pixels('output', c, 3, 6)}" for c in range(3))
    assert placed.formula("thumbnail", (1, 2)) == f"=AVERAGE({channels})"
    assert placed.formula("prediction", ()) == f"=Softmax!{softmax('prediction')}"
    assert placed.formula("probability", ()) == f"=MAX(Softmax!{softmax.whole('output')})"
    one = lay_out(plan(branching().layers))
    assert one["guide"].formula("thumbnail", (0, 0)) == f"=Input!{one['input'].references('output', 0, 0, 0)}"


# ---- its words ----


def test_steps_that_are_not_told_leave_their_sheets_to_the_list_of_others() -> None:
    """Every sheet can be reached from the Guide, whatever the lesson's words say."""
    layout = LESSON
    sheets: dict[str, Sheet] = {name: placed.sheet for name, placed in layout.items()}
    parts = {name: placed.parts for name, placed in layout.items()}
    for told in (find_template("lesson").words().only(sheets), general_words()):
        links = [note.link for note in layout["guide"].sheet.notes(told, sheets, parts) if note.link and note.style == "back"]
        assert set(links) == set(sheets) - {"guide"}


def test_of_more_channels_than_a_function_takes_the_first_are_shown() -> None:
    image = np.random.default_rng(0).uniform(size=(300, 3, 3))
    assert np.allclose(thumbnail(image), image[:255].mean(axis=0), atol=1e-15)
    parts = guide("input").declare([Part("output", image.shape, home="input")])
    assert isinstance(parts["thumbnail"], Computed)
    named: list[int] = []
    parts["thumbnail"].excel(lambda _, c, *i: named.append(c) or "A1", 0, 0)
    assert named == [*range(255)]
