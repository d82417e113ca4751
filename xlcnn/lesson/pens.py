"""Digits drawn by the project itself, in ways and with pens that MNIST hardly has.

MNIST was written by Americans. Elsewhere a 1 has an upstroke, perhaps as long as its stem, or a foot; a 7 is crossed, a 9 ends in
a hook, a 4 is open. All ten digits are drawn equally often, so that none of them is the likelier answer for it.
"""

from __future__ import annotations

import math
import re

import cv2
import numpy as np

from xlcnn.image.prepare import centre
from xlcnn.sheets.parts import Array

SIZE = (28, 28)
NEAR = 6.0  # hundredths: how far a point may lie from where it is said to, unless it says so itself
STEPS = 12  # of a curve, from one point to the next
BITS = 4  # of a place between two pixels
MARGIN = 0.15  # around a drawing, for its pen

WAYS: tuple[tuple[str, ...], ...] = (
    (  # closed at the top, closed at the side, open, narrow
        "~50,0 14,20 2,55 20,92 52,100 88,78 97,40 80,8 50,0",
        "~85,15 45,0 10,22 2,58 20,92 52,100 90,76 98,40 82,10",
        "~45,0±14 12,22 2,55 20,92 52,100 88,78 97,40 80,4±14",
        "~50,0 30,22 22,52 30,84 50,100 70,82 78,50 70,18 50,0",
    ),
    (  # a stem; with an upstroke that is short, long, as long as the stem, round at the top, curved; with a foot
        "55,0 50,100",
        "35,20±8 55,0±4 53,100",
        "15,36±12 56,0±4 55,100",
        "8,55±14 54,0±5 60,100±8",
        "~5,55±14 48,6±4 60,4±4 60,36 60,100±8",
        "~5,44±14 36,24 55,0±2 | 55,0±2 53,100",
        "20,28±12 52,0±4 52,100±3 | 12,100±8 92,100±8",
        "54,0 52,100±3 | 20,100±10 84,100±10",
    ),
    (  # with a flat foot, an arched one, a loop, corners
        "~10,25 40,0 82,20 60,60 8,100±4 | 8,100±4 95,98",
        "~12,20 50,0 82,22 50,65 5,98 40,90 95,98±8",
        "~12,20 50,0 80,22 55,65 20,98 3,86 25,76 60,95 97,90±8",
        "8,8 50,0 85,12 8,98±5 95,98",
    ),
    (  # round, with a loop in its middle, with a flat top
        "~10,14±8 50,0 82,22 42,47±8 88,72 50,100 5,86±8",
        "~12,10±8 55,0 78,22 45,48 32,44 45,40 90,70 50,100 5,85±8",
        "10,3 85,2 42,42±3 | ~42,42±3 88,60 75,92 40,100 5,88±8",
    ),
    (  # closed, open with a long stem, open with a short one, open with a curve, with a bar that hardly crosses
        "62,100 62,0±4 5,66 95,66",
        "25,0±10 8,58 90,58±8 | 70,5±14 66,100",
        "30,0±10 5,62 95,62±8 | 66,34±10 64,100",
        "~12,0±8 10,42 38,56 78,50±8 | 82,0±8 76,100±8",
        "60,100 62,0±4 5,70 72,70±8",
    ),
    (  # with its bar drawn last, in one go, like an S
        "22,4 16,44±3 | ~16,44±3 55,36 88,66 55,100 5,88±8 | 22,4 88,2±8",
        "88,2±8 24,4±4 18,44±3 | ~18,44±3 55,38 88,66 55,100 5,88±8",
        "~85,4±8 40,2 18,30 55,45 86,70 50,100 8,90±8",
    ),
    (  # curved, with a straight stem, with a large loop
        "~75,2±10 35,22 8,62 25,96 60,98 84,76 60,52 25,60 10,74",
        "65,0±10 14,60±4 | ~14,60±4 14,85 45,100 82,82 65,55 16,72",
        "~70,0±12 22,34 5,75 40,100 90,80 72,44 30,48 10,66",
    ),
    (  # plain, curved, with a serif; each crossed, too
        "5,4 90,2±4 40,100±14",
        "~5,8 50,4 92,2±4 58,48 40,100±14",
        "8,20±6 8,3±4 90,2±4 42,100±14",
        "5,4 90,2±4 40,100±14 | 30,54±10 86,48±10",
        "~5,8 50,4 92,2±4 58,48 40,100±14 | 28,54±10 86,50±10",
        "8,20±6 8,3±4 90,2±4 42,100±14 | 30,54±10 84,48±10",
    ),
    (  # in one go from the top, from the right, two rings
        "~50,48 18,26 50,0 82,24 50,50 14,76 50,100 86,76 50,48",
        "~82,10 42,0 20,24 50,48 88,76 50,100 12,78 50,48 84,16±8",
        "~50,0 22,22 50,46 78,24 50,0 | ~50,46 12,72 50,100 88,74 50,46",
    ),
    (  # with a straight stem, a curved one, a hook, a hook that closes
        "~85,16 45,0 10,24 35,50 72,40 86,10±4 | 86,10±4 76,100±10",
        "~85,22 45,0 10,24 35,52 75,40 86,14 82,60 60,100±10",
        "~85,18 45,0 10,24 35,50 72,40 86,12 86,62 68,96 36,100±8 10,86±10",
        "~85,18 45,0 12,24 36,48 74,38 86,12 90,66 62,100 20,92 8,74±10",
    ),
)  # fmt: skip
"""The ways to write each digit: strokes of points, right and down in hundredths of a square; ``~`` before what is curved."""


def draw_digits(count: int, random: np.random.Generator) -> tuple[Array, Array]:
    """Pictures (count, 1, 28, 28) from 0 to 1, prepared as MNIST's, and their labels; all ten digits as often as the others."""
    labels = np.arange(count) % len(WAYS)
    images = [draw_digit(int(label), random) for label in labels]
    return np.array(images).reshape(count, 1, *SIZE), labels


def draw_digit(digit: int, random: np.random.Generator) -> Array:
    """One picture (28, 28) of a digit, in any way, by any hand and pen."""
    ways = WAYS[digit]
    strokes = written(ways[random.integers(len(ways))], random)
    return centre(inked(by_hand(strokes, digit, random), random), SIZE)


def written(way: str, random: np.random.Generator) -> list[Array]:
    """The strokes of a way to write a digit, each point somewhere near where it is said to be."""
    places = [tuple(map(float, found)) for found in re.findall(r"(\d+),(\d+)", way)]
    shifts = {place: random.uniform(-1, 1, 2) for place in places}  # strokes that meet do so whatever their shift
    strokes = []
    for stroke in way.split("|"):
        found = re.findall(r"(\d+),(\d+)(?:±(\d+))?", stroke)
        points = np.array([[float(x), float(y)] + float(near or NEAR) * shifts[float(x), float(y)] for x, y, near in found]) / 100
        strokes.append(through(points) if "~" in stroke else along(points))
    return strokes


def along(points: Array) -> Array:
    """The points of a line with corners, close together."""
    t = np.linspace(0, len(points) - 1, STEPS * (len(points) - 1) + 1)
    return np.stack([np.interp(t, np.arange(len(points)), axis) for axis in points.T], axis=1)


def through(points: Array) -> Array:
    """The points of a Catmull-Rom curve, close together."""
    t = np.linspace(0, len(points) - 1, STEPS * (len(points) - 1) + 1)
    k = np.minimum(t.astype(int), len(points) - 2)
    u = (t - k)[:, None]
    closed = (points[0] == points[-1]).all()
    before, after = (points[-2], points[1]) if closed else (2 * points[0] - points[1], 2 * points[-1] - points[-2])
    ends = np.vstack([before, points, after])
    a, b, c, d = (ends[k + n] for n in range(4))
    curve: Array = 0.5 * (2 * b + (c - a) * u + (2 * a - 5 * b + 4 * c - d) * u**2 + (3 * b - a - 3 * c + d) * u**3)
    return curve


def by_hand(strokes: list[Array], digit: int, random: np.random.Generator) -> list[Array]:
    """The strokes bent a little, made narrow or wide, slanted and turned."""
    wave, phase = random.uniform(-4, 4, (2, 2)), random.uniform(0, 2 * math.pi, 2)
    bend = random.uniform(0, 0.035)
    width = random.uniform(0.3, 1.0) if digit == 1 else random.uniform(0.45, 1.05)
    slant, turn = random.normal(0.08, 0.2), random.normal(0, math.radians(6))
    shape = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]]) @ np.array([[width, -slant], [0, 1]])
    return [(points + bend * np.sin(points @ wave + phase)) @ shape.T for points in strokes]


def inked(strokes: list[Array], random: np.random.Generator) -> Array:
    """The strokes as ink, 0 to 1: with a fine pen or a thick one, on coarse paper or fine, sharp or not."""
    every = np.concatenate(strokes)
    low, length = every.min(axis=0), float(np.ptp(every, axis=0).max())
    pixels = int(random.integers(32, 128))
    pen = max(1, round(pixels * 0.03 * 8 ** random.uniform()))
    paper = np.zeros((round(pixels * (1 + 2 * MARGIN)) + 2 * pen,) * 2, np.uint8)
    for points in strokes:
        placed = (points - low) * pixels / length + pixels * MARGIN + pen
        cv2.polylines(paper, [np.round(placed * 2**BITS).astype(np.int32)], False, 255, pen, cv2.LINE_AA, BITS)
    blur = random.uniform(0, 0.03) * pixels
    ink = cv2.GaussianBlur(paper, (0, 0), blur) if blur > 0.5 else paper
    return np.asarray(ink / ink.max())
