"""Draws the sample digits of the lesson: ``python -m tests.make_samples``. They are the project's own.

0 to 9  clean digits, which the network reads with 99 % and more
10      between 4 and 9: a 4 whose top nearly closes
11      misread: a 9 whose loop is so small that the network reads 7; one step of gradient descent corrects it
12      at the border: sample 0 moved into the lower left corner, as whoever draws there leaves it
13      between 1, 2 and 7: an upright stroke with a hook and a short foot
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from tests.digits import STROKES, draw, draw_lines, smooth
from xlcnn.image.ink import find
from xlcnn.image.pixels import to_float
from xlcnn.image.prepare import centre

FOLDER = Path(__file__).parent.parent / "templates" / "lesson" / "samples"
CORNER = (4, -7)  # down and to the right: how far sample 0 goes until it touches the border below and on the left


class Odd(NamedTuple):
    """A digit that is hard to read."""

    strokes: list[list[tuple[float, float]]]  # curves in a unit square
    pen: int = 26
    angle: float = -6
    width: float = 0.4  # of the digit, as a share of the paper


BETWEEN_4_AND_9 = Odd(
    [[(0.62, 0.02), (0.22, 0.2), (0.11, 0.43), (0.34, 0.52), (0.83, 0.39)], [(0.85, 0.08), (0.82, 0.5), (0.7, 0.97)]]
)
MISREAD = Odd(
    [[(0.89, 0.18), (0.84, 0.28), (0.39, 0.21), (0.19, 0.25), (0.47, -0.03), (0.87, 0.34), (0.88, 0.57), (0.4, 1.08)]],
    pen=20,
    angle=3,
    width=0.23,
)
BETWEEN_1_2_AND_7 = Odd(
    [[(0.15, 0.13), (0.37, 0.16), (0.71, 0.09), (0.63, 0.49), (0.54, 0.86)], [(0.47, 0.94), (0.72, 0.93)]], pen=22, angle=2
)


def samples() -> list[np.ndarray]:
    """All samples in their order, each as 8-bit grey levels (28, 28), white on black."""
    clean = [prepared(draw(digit, pen=26, angle=-6)) for digit in STROKES]
    at_the_border = np.roll(clean[0], CORNER, axis=(0, 1))
    return [*clean, odd(BETWEEN_4_AND_9), odd(MISREAD), at_the_border, odd(BETWEEN_1_2_AND_7)]


def odd(digit: Odd) -> np.ndarray:
    """The grey levels of a digit that is hard to read."""
    lines = [smooth(stroke) for stroke in digit.strokes]
    return prepared(draw_lines(lines, pen=digit.pen, angle=digit.angle, box=(0.3, 0.2, digit.width, 0.6)))


def prepared(drawing: Image.Image) -> np.ndarray:
    """The grey levels of a drawing, centred as MNIST's digits are; finer strokes than elsewhere stay as they are."""
    found = find(to_float(drawing, "the drawing"), "the drawing")
    pixels = centre(np.where(found.digits[0], found.ink, 0), (28, 28), thin=0.09)
    return (pixels * 255).round().astype(np.uint8)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for number, levels in enumerate(samples()):
        Image.fromarray(levels).save(FOLDER / f"{number}.png")


if __name__ == "__main__":
    main()
