"""A form is filled in for every picture, and each workbook is as if it had been made alone."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from PIL import Image

from tests.conftest import LESSON, SEVEN, tab
from tests.networks import build, write_workbook
from xlcnn import verify
from xlcnn.lesson.templates import find_template
from xlcnn.workbook.make import Maker, Sheets, workbook_of
from xlcnn.workbook.numbers import given_numbers

TEMPLATE = find_template("lesson")
NOISE = np.random.default_rng(4).random((1, 28, 28))


def photo(path: Path, size: tuple[int, int]) -> Path:
    """A seven on a sheet of paper of this size."""
    paper = Image.new("L", size, 235)
    paper.paste(Image.open(SEVEN).convert("L").resize((120, 120)).point(lambda x: 235 - x * 200 // 255), (20, 30))
    paper.save(path)
    return path


@pytest.fixture(scope="module")
def maker() -> Maker:
    """What has made a workbook already."""
    made = Maker(TEMPLATE)
    made.workbook(SEVEN)
    return made


@pytest.mark.parametrize("size", [(320, 240), (200, 400), (900, 260)])
def test_a_picture_of_another_shape(maker: Maker, tmp_path: Path, size: tuple[int, int]) -> None:
    image = photo(tmp_path / "seven.png", size)
    assert maker.workbook(image).data == workbook_of(image, TEMPLATE).data


@pytest.mark.parametrize(
    ("options", "each"),
    [
        ({}, {"as_is": True}),
        ({"add": ("learning",)}, {}),
        ({"add": ("learning",)}, {"truth": 4}),
        ({"leave_out": ("galleries",), "language": "de"}, {}),
    ],
    ids=["as it is", "learning", "another truth", "without galleries, in German"],
)
def test_workbooks_of_all_kinds(options: dict[str, Any], each: dict[str, Any]) -> None:
    maker = Maker(TEMPLATE, **options)
    maker.workbook(SEVEN)
    again = maker.workbook(SEVEN, **each)
    assert again.data == workbook_of(SEVEN, TEMPLATE, **options, **each).data


def test_arrays_and_pictures_in_turn(maker: Maker) -> None:
    """A picture that had to be prepared has a sheet of its own, and one without a digit is known by its sums."""
    for image in (NOISE, SEVEN, NOISE, np.zeros((1, 28, 28))):
        assert maker.workbook(image).data == workbook_of(image, TEMPLATE).data


def test_what_is_laid_out_once_is_not_laid_out_again(maker: Maker, tmp_path: Path) -> None:
    maker.workbook(SEVEN)
    told: list[str] = []
    maker.workbook(photo(tmp_path / "seven.png", (300, 300)), say=told.append)
    assert told == ["computing every result", "packing"]


def test_a_form_keeps_no_picture(maker: Maker) -> None:
    """The page to draw on promises that nothing is kept."""
    _, sheets = maker._last or (None, None)
    assert isinstance(sheets, Sheets)
    assert sheets.form is not None
    assert {picture.key for picture in sheets.form.pictures} >= {"own"}
    assert not any(sheets.form.parts[picture.media] for picture in sheets.form.pictures)


@pytest.mark.parametrize(
    ("sheet", "part", "value"),
    [
        ("input", "choice", np.array(3.0)),
        ("conv1", "choice", np.array([1.0, 2.0])),
        ("input", "user", np.full((1, 28, 28), np.nan)),
    ],
    ids=["a picture of a gallery", "another filter", "no pixels"],
)
def test_what_is_no_number_is_not_filled_in_but_written_anew(sheet: str, part: str, value: np.ndarray) -> None:
    """Which word stands in a menu, and which cells are empty."""
    plan, words, drawn = TEMPLATE.plan_with(of_a_picture=False), TEMPLATE.words(), {"own": SEVEN.read_bytes()}
    sheets = Sheets(plan, words)
    given = given_numbers(TEMPLATE.network, NOISE, sheets.plan, TEMPLATE.pictures, TEMPLATE.records)
    sheets.filled(given, drawn)
    other = given | {sheet: {**given[sheet], part: value}}
    assert sheets.filled(other, drawn) == Sheets(plan, words).filled(other, drawn) != sheets.filled(given, drawn)


def test_names_that_look_like_blanks(tmp_path: Path) -> None:
    """A sheet's name stands in formulas, and whatever it is, nothing is filled into it."""
    odd = "5% %s %d #@"
    network = build([
        {"name": "input", "kind": "input", "sheet": odd, "shape": [1, 5, 5]},
        {"name": "conv", "kind": "conv2d", "sheet": f"{odd} %%", "inputs": ["input"], "filters": 2, "kernel": 3},
        {"name": "relu", "kind": "relu", "inputs": ["conv"]},
    ])  # fmt: skip
    path = write_workbook(network, tmp_path / "odd.xlsx")
    formula = openpyxl.load_workbook(path)[f"{odd} %%"]["B6"].value
    assert formula == f"='{odd}'!B6"
    assert verify(path, trials=1, timeout=None).ok


@pytest.mark.parametrize("size", [(320, 240), (200, 400), (900, 260)])
def test_a_picture_keeps_its_shape_and_fills_its_place(tmp_path: Path, size: tuple[int, int]) -> None:
    made = workbook_of(photo(tmp_path / "seven.png", size), TEMPLATE)
    image = openpyxl.load_workbook(BytesIO(made.data))[tab("input")]._images[0]
    (place,) = (p for key, p in LESSON["input"].sheet.picture_places(LESSON["input"].blocks).items() if key == "own")
    width, height = image.anchor.ext.width / 9525, image.anchor.ext.height / 9525  # EMU of a pixel
    assert width / height == pytest.approx(size[0] / size[1], rel=0.02)
    assert max(width / place.width, height / place.height) == pytest.approx(1, abs=0.01)
