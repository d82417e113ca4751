"""Pictures without a digit, drawn by lot: letters, signs, faces, scribbles, shapes, blobs, noise, empty pages.

Nothing is learned from them. Letters that a digit may look like (l and 1, O and 0, S and 5, …) are left out: which of the two is
meant nobody could say.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tests.digits import draw_lines, photograph, smooth

Rng = np.random.Generator

SIDE = 300
PAPER, INK = (250, 248, 240), (20, 20, 60)
LETTERS = "ACDEFHKLMNPQRTUVWXYacdefhkmnprtuvwxy"  # no lIOoSsZzBbqgijJG
SIGNS = "?!&@#%$*+=§€<>"


def letter(rng: Rng) -> Image.Image:
    return typed(LETTERS[rng.integers(len(LETTERS))], rng)


def sign(rng: Rng) -> Image.Image:
    return typed(SIGNS[rng.integers(len(SIGNS))], rng)


def typed(text: str, rng: Rng) -> Image.Image:
    page = Image.new("RGB", (SIDE, SIDE), PAPER)
    font = ImageFont.load_default(int(rng.integers(100, 220)))
    ImageDraw.Draw(page).text((SIDE / 2, SIDE / 2), text, fill=INK, font=font, anchor="mm", stroke_width=int(rng.integers(0, 4)))
    return page.rotate(rng.uniform(-12, 12), fillcolor=PAPER)


def face(rng: Rng) -> Image.Image:
    page = Image.new("RGB", (SIDE, SIDE), PAPER)
    canvas, pen, radius = ImageDraw.Draw(page), int(rng.integers(4, 14)), int(rng.integers(70, 120))
    canvas.ellipse(around(0, 0, radius), outline=INK, width=pen)
    for side in (-0.4, 0.4):
        canvas.ellipse(around(side * radius, -0.3 * radius, float(rng.uniform(5, 14))), fill=INK)
    mouth = around(0, 0.2 * radius, 0.5 * radius)
    canvas.arc(mouth, *((20, 160) if rng.random() < 0.7 else (200, 340)), fill=INK, width=pen)
    return page


def around(right: float, down: float, radius: float) -> list[float]:
    """The box of a circle, from the picture's middle."""
    return [SIDE / 2 + right - radius, SIDE / 2 + down - radius, SIDE / 2 + right + radius, SIDE / 2 + down + radius]


def scribble(rng: Rng) -> Image.Image:
    points = [(float(x), float(y)) for x, y in rng.uniform(0, 1, (int(rng.integers(5, 14)), 2))]
    return draw_lines([smooth(points)], pen=int(rng.integers(5, 20)))


def shape(rng: Rng) -> Image.Image:
    """A polygon, a cross, a star, an arrow, a spiral."""
    way = rng.integers(5)
    if way == 0:
        lines = [ring(int(rng.integers(3, 6)), rng.uniform(0, 1))]
    elif way == 1:
        lines = [np.array([(0, 0.5), (1, 0.5)]), np.array([(0.5, 0), (0.5, 1)])]
    elif way == 2:
        lines = [0.5 + (ring(10, 0.25) - 0.5) * np.where(np.arange(11) % 2, 0.45, 1)[:, None]]
    elif way == 3:
        lines = [np.array([(0, 0.5), (1, 0.5)]), np.array([(0.65, 0.15), (1, 0.5), (0.65, 0.85)])]
    else:
        turn = np.linspace(0, 5 * math.pi, 100)
        lines = [0.5 + np.stack([np.cos(turn), np.sin(turn)], axis=1) * (turn / 11 / math.pi)[:, None]]
    return draw_lines(lines, pen=int(rng.integers(5, 20)), angle=rng.uniform(0, 90))


def ring(corners: int, turned: float) -> np.ndarray:
    turn = (np.arange(corners + 1) + turned) * 2 * math.pi / corners
    return 0.5 + 0.5 * np.stack([np.cos(turn), np.sin(turn)], axis=1)


def blobs(rng: Rng) -> Image.Image:
    soft = Image.fromarray(np.clip(128 + 60 * rng.normal(0, 1, (12, 12)), 0, 255).astype(np.uint8))
    return soft.resize((SIDE, SIDE), Image.Resampling.BICUBIC).convert("RGB")


def noise(rng: Rng) -> Image.Image:
    return Image.fromarray(rng.integers(0, 256, (int(rng.integers(28, SIDE)),) * 2, dtype=np.uint8)).convert("RGB")


def empty(rng: Rng) -> Image.Image:
    page = Image.new("RGB", (SIDE, 200), tuple(rng.integers(120, 255, 3).tolist()))
    return photograph(page, seed=int(rng.integers(1e9)), shadow=rng.uniform(0.5, 1))


KINDS: dict[str, tuple[Callable[[Rng], Image.Image], int]] = {  # and how many of a hundred
    "letters": (letter, 24), "signs": (sign, 6), "faces": (face, 12), "scribbles": (scribble, 12), "shapes": (shape, 12),
    "blobs": (blobs, 10), "noise": (noise, 12), "empty pages": (empty, 12),
}  # fmt: skip


def without_digit(count: int, seed: int = 1) -> Iterator[tuple[str, Image.Image]]:
    """About `count` pictures, each with the name of its kind."""
    rng = np.random.default_rng(seed)
    for name, (kind, share) in KINDS.items():
        for _ in range(round(count * share / 100)):
            yield name, kind(rng)
