"""Pictures as people take them, of MNIST's held-out digits: on a screen, photographed, on lined paper, in cells, very small.

No stranger's picture is needed to measure with them. What is drawn, where and in what light is drawn by lot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from tests.digits import photograph
from xlcnn.lesson.training import HELD_OUT, read_idx

Rng = np.random.Generator
Scene = Callable[[Image.Image, Rng], Image.Image]

WHITE = 255


def crisp(digit: np.ndarray, side: int) -> Image.Image:
    """A digit of 28×28 levels as a pen of this size would draw it: how much ink, 0 to 255."""
    soft = np.asarray(Image.fromarray(digit).resize((side, side), Image.Resampling.BICUBIC), float)
    return Image.fromarray(np.clip((soft - 64) * 2, 0, 255).astype(np.uint8))


def on_paper(ink: Image.Image, rng: Rng, page: Image.Image | None = None, room: float = 0.5) -> Image.Image:
    """The ink somewhere on a page with room around it, in dark colours on light paper."""
    side = round(ink.width * (1 + rng.uniform(0.1, room)))
    paper = page.resize((side, side)) if page else Image.new("RGB", (side, side), tuple(rng.integers(215, 255, 3).tolist()))
    place = tuple(rng.integers(0, side - ink.width + 1, 2).tolist())
    colour = Image.new("RGB", ink.size, tuple(rng.integers(5, 80, 3).tolist()))
    paper.paste(colour, place, ink)  # type: ignore[arg-type]
    return paper


def screen(ink: Image.Image, rng: Rng) -> Image.Image:
    return on_paper(ink, rng)


def photo(ink: Image.Image, rng: Rng) -> Image.Image:
    return photograph(on_paper(ink, rng, room=1.2), seed=int(rng.integers(1e9)), shadow=rng.uniform(0.5, 1))


def lined(ink: Image.Image, rng: Rng) -> Image.Image:
    """On ruled or squared paper, photographed."""
    page = Image.new("RGB", (400, 400), (245, 243, 238))
    canvas, step, slope = ImageDraw.Draw(page), int(rng.integers(28, 70)), int(rng.integers(-20, 20))
    squared, colour = rng.random() < 0.5, tuple(rng.integers(90, 190, 3).tolist())
    for at in range(int(rng.integers(0, step)), 400, step):
        canvas.line([(0, at), (400, at + slope)], fill=colour, width=2)
        if squared:
            canvas.line([(at, 0), (at - slope, 400)], fill=colour, width=2)
    return photograph(on_paper(ink, rng, page), seed=int(rng.integers(1e9)), shadow=rng.uniform(0.7, 1))


def cell(ink: Image.Image, rng: Rng) -> Image.Image:
    """In a table's cell that is cut out with parts of its edges."""
    page = on_paper(ink, rng, room=0.25)
    canvas, side = ImageDraw.Draw(page), page.width
    for turn in range(4):
        if rng.random() < 0.6:
            near, width = int(rng.uniform(0, 0.05) * side), int(rng.integers(1, 2 + side // 40))
            far = near + int(rng.uniform(-0.03, 0.03) * side)
            ends = [(0, near), (side, far)] if turn < 2 else [(near, 0), (far, side)]
            if turn % 2:
                ends = [(side - 1 - x, side - 1 - y) for x, y in ends]
            canvas.line(ends, fill=(25, 25, 25), width=width)
    return page


def tiny(ink: Image.Image, rng: Rng) -> Image.Image:
    """16 to 40 pixels, dark on light or light on dark, often cut out closely."""
    box = ink.getbbox() if rng.random() < 0.5 else None
    side = int(rng.integers(16, 41))
    small = ink.crop(box).resize((side, side) if box is None else fitted(box, side), Image.Resampling.BOX)
    return small if rng.random() < 0.5 else Image.eval(small, lambda level: WHITE - level)


def fitted(box: tuple[int, int, int, int], side: int) -> tuple[int, int]:
    width, height = box[2] - box[0], box[3] - box[1]
    share = side / max(width, height)
    return max(8, round(width * share)), max(8, round(height * share))


SCENES: dict[str, Scene] = {"screen": screen, "photograph": photo, "lined paper": lined, "a cell": cell, "tiny": tiny}


def scenes(mnist: Path, count: int, seed: int = 1, part: slice = slice(-HELD_OUT, None)) -> Iterator[tuple[str, Image.Image, int]]:
    """`count` pictures of each kind: its name, the picture, the digit; of MNIST's training set only this part is drawn from."""
    images = read_idx(mnist / "train-images-idx3-ubyte.gz", 3)[part]
    labels = read_idx(mnist / "train-labels-idx1-ubyte.gz", 1)[part]
    rng = np.random.default_rng(seed)
    for name, scene in SCENES.items():
        for k in rng.choice(len(images), count, replace=False):
            side = int(rng.integers(80, 300))
            yield name, scene(crisp(images[k], side), rng), int(labels[k])
