"""Ruled lines, squares and table cells are taken out, and no stroke with them."""

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.digits import draw
from xlcnn.image import lines

SIDE = 200
Paint = Callable[[ImageDraw.ImageDraw], None]


def amount(digit: str | None, paint: Paint, pen: int = 10, level: int = 255, **how: object) -> np.ndarray:
    """Ink from 0 to 1: some lines, as dark as `level` says, and a digit over them."""
    page = Image.new("L", (SIDE, SIDE))
    paint(ImageDraw.Draw(page))
    pixels = np.asarray(page) / np.float32(255) * np.float32(level / 255)
    if digit is not None:
        pixels = np.maximum(pixels, ink(digit, pen, **how))
    return pixels.astype(np.float32)


def ink(digit: str, pen: int = 10, **how: object) -> np.ndarray:
    drawn = draw(digit, (SIDE, SIDE), pen, ink=(0, 0, 0), paper=(255, 255, 255), **how)  # type: ignore[arg-type]
    return 1 - np.asarray(drawn.convert("L"), np.float32) / 255


def ruled(page: ImageDraw.ImageDraw, slope: float = 0.04) -> None:
    for y in range(10, SIDE, 28):
        page.line([(0, y), (SIDE, y + slope * SIDE)], fill=255, width=2)


def squared(page: ImageDraw.ImageDraw) -> None:
    ruled(page)
    for x in range(15, SIDE, 28):
        page.line([(x, 0), (x - 8, SIDE)], fill=255, width=2)


def cell(page: ImageDraw.ImageDraw) -> None:
    for line in ([(0, 12), (SIDE, 6)], [(0, 190), (SIDE, 194)], [(9, 0), (14, SIDE)], [(188, 0), (192, SIDE)]):
        page.line(line, fill=255, width=6)


@pytest.mark.parametrize("paint", [ruled, squared, cell], ids=lambda f: f.__name__)
@pytest.mark.parametrize("digit", "0123456789")
@pytest.mark.parametrize("level", [255, 110], ids=["as dark as the pen", "fainter"])
def test_lines_go_and_the_digit_stays(paint: Paint, digit: str, level: int) -> None:
    clean = lines.without(amount(digit, paint, level=level), 0.2)
    drawn = ink(digit) > 0.5
    assert (clean[drawn] > 0.2).mean() > (0.93 if level < 255 else 0.85)
    assert (clean[~drawn] > 0.2).mean() < 0.03


@pytest.mark.parametrize("digit", "0123456789")
@pytest.mark.parametrize("box", [(0.3, 0.2, 0.4, 0.6), (0.0, 0.0, 1.0, 1.0), (0.2, -0.05, 0.6, 1.1)])
def test_no_stroke_is_a_line(digit: str, box: tuple[float, float, float, float]) -> None:
    drawn = amount(digit, lambda page: None, box=box)
    assert (lines.without(drawn, 0.2) == drawn).all()


def test_a_1_with_its_foot_is_no_line() -> None:
    def one(page: ImageDraw.ImageDraw) -> None:
        page.line([(60, 40), (100, 0), (100, SIDE - 6)], fill=255, width=9)
        page.line([(0, SIDE - 6), (SIDE, SIDE - 6)], fill=255, width=9)

    drawn = amount(None, one)
    assert (lines.without(drawn, 0.2) == drawn).all()


def test_lines_alone_are_left() -> None:
    """Where nothing else is on the paper, the line may be a 1."""
    drawn = amount(None, lambda page: page.line([(100, 0), (104, SIDE)], fill=255, width=8))
    assert (lines.without(drawn, 0.2) == drawn).all()
