"""Digits drawn by the project with pens of its own, to test what people really draw."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

STROKES: dict[str, list[tuple[float, float]]] = {  # polylines in a unit square
    "0": [(0.5, 0.05), (0.2, 0.2), (0.1, 0.5), (0.2, 0.8), (0.5, 0.95), (0.8, 0.8), (0.9, 0.5), (0.8, 0.2), (0.5, 0.05)],
    "1": [(0.3, 0.25), (0.55, 0.05), (0.55, 0.95)],
    "2": [(0.15, 0.25), (0.3, 0.08), (0.6, 0.05), (0.82, 0.2), (0.8, 0.42), (0.5, 0.65), (0.12, 0.93), (0.9, 0.93)],
    "3": [
        (0.15, 0.15), (0.45, 0.05), (0.8, 0.15), (0.8, 0.35), (0.45, 0.48), (0.82, 0.62), (0.85, 0.82), (0.5, 0.95), (0.12, 0.85),
    ],
    "4": [(0.62, 0.95), (0.62, 0.05), (0.1, 0.65), (0.92, 0.65)],
    "5": [(0.85, 0.06), (0.25, 0.06), (0.2, 0.45), (0.55, 0.4), (0.85, 0.58), (0.8, 0.85), (0.45, 0.95), (0.12, 0.85)],
    "6": [(0.75, 0.08), (0.35, 0.3), (0.15, 0.65), (0.3, 0.92), (0.65, 0.94), (0.85, 0.72), (0.65, 0.52), (0.3, 0.55), (0.16, 0.7)],
    "7": [(0.1, 0.08), (0.9, 0.08), (0.6, 0.5), (0.4, 0.95)],
    "8": [
        (0.5, 0.48), (0.2, 0.3), (0.3, 0.08), (0.7, 0.08), (0.8, 0.3), (0.5, 0.48),
        (0.15, 0.7), (0.3, 0.94), (0.7, 0.94), (0.85, 0.7), (0.5, 0.48),
    ],
    "9": [(0.82, 0.3), (0.6, 0.5), (0.25, 0.45), (0.15, 0.25), (0.35, 0.07), (0.7, 0.08), (0.83, 0.3), (0.75, 0.65), (0.55, 0.95)],
}  # fmt: skip

Colour = tuple[int, int, int]


def smooth(points: list[tuple[float, float]], steps: int = 40) -> np.ndarray:
    """A Catmull-Rom curve through the points."""
    p = np.array(points)
    t = np.linspace(0, len(p) - 1, steps * len(p))
    padded = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    k = np.minimum(t.astype(int), len(p) - 2)
    u = (t - k)[:, None]
    a, b, c, d = padded[k], padded[k + 1], padded[k + 2], padded[k + 3]
    return 0.5 * (2 * b + (c - a) * u + (2 * a - 5 * b + 4 * c - d) * u**2 + (3 * b - a - 3 * c + d) * u**3)


def draw(
    digit: str,
    size: tuple[int, int] = (400, 400),
    pen: int = 18,
    box: tuple[float, float, float, float] = (0.3, 0.2, 0.4, 0.6),
    angle: float = 0,
    ink: Colour = (20, 20, 60),
    paper: Colour = (250, 248, 240),
) -> Image.Image:
    """A digit on paper: `box` is its left, top, width and height as shares of the picture, `angle` in degrees."""
    line = np.array(STROKES[digit]) if digit in "147" else smooth(STROKES[digit])
    return draw_lines([line], size, pen, box, angle, ink, paper)


def draw_lines(
    lines: list[np.ndarray],
    size: tuple[int, int] = (400, 400),
    pen: int = 18,
    box: tuple[float, float, float, float] = (0.3, 0.2, 0.4, 0.6),
    angle: float = 0,
    ink: Colour = (20, 20, 60),
    paper: Colour = (250, 248, 240),
) -> Image.Image:
    """The same for lines of one's own, each of points (n, 2) in a unit square; the pen is lifted between them."""
    image = Image.new("RGB", size, paper)
    canvas = ImageDraw.Draw(image)
    turn = np.radians(angle)
    for points in lines:
        turned = (points - 0.5) @ np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]).T + 0.5
        line = [((box[0] + x * box[2]) * size[0], (box[1] + y * box[3]) * size[1]) for x, y in turned.tolist()]
        canvas.line(line, fill=ink, width=pen)
        for x, y in line:
            canvas.ellipse([x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2], fill=ink)
    return image


def photograph(image: Image.Image, seed: int = 0, shadow: float = 0.6) -> Image.Image:
    """The drawing as a camera sees it: warm light from one side, a hand's shadow, blur and noise."""
    pixels = np.asarray(image.filter(ImageFilter.GaussianBlur(1.2)), dtype=float)
    height, width = pixels.shape[:2]
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    light = (0.55 + 0.45 * x * (1 - 0.4 * y)) * np.where(x + 0.6 * y < 0.75, shadow, 1.0)
    noise = np.random.default_rng(seed).normal(0, 4, pixels.shape)
    seen = pixels * light[..., None] * np.array([1, 0.96, 0.85]) + noise
    return Image.fromarray(np.clip(seen, 0, 255).astype(np.uint8))
