"""Edges around a picture of a digit: the ink keeps its polarity, and the edges are none of it."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.digits import Colour, draw
from xlcnn.image import to_input
from xlcnn.image.bands import corner, holds_more, inside, without_bands
from xlcnn.image.paper import has_dark_corners, otsu

DARK: Colour = (20, 20, 30)
LIGHT: Colour = (245, 245, 240)
BOX = (0.25, 0.15, 0.5, 0.7)
SIZE = (28, 28)


def digit(name: str, ink: Colour = DARK, paper: Colour = LIGHT, side: int = 200) -> Image.Image:
    return draw(name, (side, side), side // 14, BOX, ink=ink, paper=paper)


def edged(picture: Image.Image, sides: str, width: int, colour: Colour, inset: int = 0) -> Image.Image:
    """The picture with edges on its left, right, top, bottom (``lrtb``)."""
    result = picture.copy()
    right, bottom = picture.width - 1 - inset, picture.height - 1 - inset
    boxes = {
        "l": (inset, 0, inset + width - 1, bottom), "r": (right - width + 1, 0, right, bottom),
        "t": (0, inset, right, inset + width - 1), "b": (0, bottom - width + 1, right, bottom),
    }  # fmt: skip
    for side in sides:
        ImageDraw.Draw(result).rectangle(boxes[side], fill=colour)
    return result


def read(picture: Image.Image) -> np.ndarray:
    return to_input(picture, "a picture", False, SIZE)


def near(one: np.ndarray, other: np.ndarray) -> bool:
    return float(np.abs(one - other).mean()) < 0.02


@pytest.mark.parametrize("name", list("0123456789"))
@pytest.mark.parametrize("colours", [(DARK, LIGHT), (LIGHT, DARK)], ids=["dark", "light"])
@pytest.mark.parametrize(("sides", "width"), [("lrtb", 2), ("lrtb", 8), ("lrtb", 20), ("lt", 8), ("lrb", 5)])
def test_edges_of_a_cell_in_the_colour_of_the_ink_change_nothing(
    name: str, colours: tuple[Colour, Colour], sides: str, width: int
) -> None:
    picture = digit(name, *colours)
    assert near(read(edged(picture, sides, width, colours[0])), read(picture))


@pytest.mark.parametrize("share", [0.1, 0.4, 1])
def test_a_dark_tile_with_a_light_margin(share: float) -> None:
    tile = digit("5", LIGHT, DARK, 100)
    margin = round(share * tile.width)
    page = Image.new("RGB", (tile.width + 2 * margin,) * 2, (255, 255, 255))
    page.paste(tile, (margin, margin))
    assert near(read(page), read(tile))


@pytest.mark.parametrize("name", list("2479"))
def test_dark_corners_of_a_picture_that_was_turned(name: str) -> None:
    turned = [digit(name).rotate(8, Image.Resampling.BICUBIC, fillcolor=fill) for fill in ((0, 0, 0), LIGHT)]
    assert near(*map(read, turned))


def test_bands_lie_within_bands() -> None:
    mask = np.ones((100, 100), bool)
    mask[4:8], mask[:, 90:97] = False, False
    mask[40:60, 40:60] = False
    assert without_bands(mask) == np.s_[8:100, 0:90]


def test_the_bar_and_the_stem_of_an_angular_nine_are_no_edges() -> None:
    nine = np.zeros((100, 60), bool)
    nine[:6], nine[:, -6:], nine[:50, :6], nine[44:50] = True, True, True, True
    assert not corner(nine).any()


def test_edges_that_meet_are_gone_beside_a_digit() -> None:
    cell = np.zeros((100, 100), bool)
    cell[:5], cell[:, :5] = True, True
    stroke = np.zeros_like(cell)
    stroke[30:80, 50:60] = True
    assert (corner(cell | stroke) == cell).all()
    assert holds_more(cell | stroke, cell)
    assert not holds_more(cell, cell)


def test_one_band_alone_is_left_to_others() -> None:
    cell = np.zeros((100, 100), bool)
    cell[:5], cell[30:80, 50:60] = True, True
    assert not corner(cell).any()


@pytest.mark.parametrize("name", list("0123456789"))
def test_a_digit_that_fills_its_picture_is_no_frame(name: str) -> None:
    picture = digit(name).crop((45, 25, 155, 175)).convert("L")
    grey = np.asarray(picture) / 255
    assert inside(grey, otsu) == np.s_[0 : grey.shape[0], 0 : grey.shape[1]]
    assert not has_dark_corners(grey > 0.5)


def test_a_frame_around_nothing_is_no_frame() -> None:
    zero = np.zeros((40, 30))
    zero[5:35, 5:25] = 1
    assert inside(zero, otsu) == np.s_[0:40, 0:30]


@pytest.mark.parametrize("name", list("0123456789"))
def test_strokes_are_not_taken_for_noise_in_eight_by_eight_pixels(name: str) -> None:
    tiny = digit(name).crop((40, 20, 160, 180)).resize((8, 8), Image.Resampling.BOX)
    assert read(tiny).max() > 0.8
