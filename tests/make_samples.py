"""Draws the ten sample digits of the lesson: ``python -m tests.make_samples``. They are the project's own."""

from pathlib import Path

import numpy as np
from PIL import Image

from tests.drawing import STROKES, draw
from xlcnn.image import to_input

FOLDER = Path(__file__).parent.parent / "templates" / "lesson" / "samples"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for digit in STROKES:
        pixels = to_input(draw(digit, pen=26, angle=-6), digit, as_is=False, size=(28, 28))[0]
        Image.fromarray((pixels * 255).round().astype(np.uint8)).save(FOLDER / f"{digit}.png")


if __name__ == "__main__":
    main()
