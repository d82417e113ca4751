"""Pixels: those of an image as small cells; and what is said where pixels that were pasted in do not lie between 0 and 1."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xlcnn.grid.blocks import Box, Shape, stack
from xlcnn.grid.references import References
from xlcnn.sheets.elementwise import ARGUMENTS, plainly
from xlcnn.sheets.partial import BLOCKS, portions
from xlcnn.sheets.parts import NOTHING, WHOLE, Array, Computed, External, Notice, Part, Parts

WIDE = 400  # pixels, in which the words of the notice can be read in every language
SHARE = 3  # columns of a number among those of which it is made
SAME = 0.0001  # by how much the sums of one image may differ
LARGEST = 28  # pixels of a thumbnail's side: of a larger image every n-th is shown


def thumbnail(image: External, look: str = "pixel") -> Computed:
    """An image, small: one cell per pixel, the mean of as many channels as a function takes."""
    channels, height, width = min(image.shape[0], ARGUMENTS), *image.shape[1:]
    step = -(-max(height, width) // LARGEST)
    shape = (-(-height // step), -(-width // step))

    def pixel(at: References, y: int, x: int) -> str:
        values = [at(image.name, c, y * step, x * step) for c in range(channels)]
        return values[0] if channels == 1 else f"AVERAGE({','.join(values)})"

    return Computed(
        "thumbnail", shape, signed=False, number_format=NOTHING, look=look, captioned=False, explained=False,
        numpy=lambda t: t[image.name][..., :channels, ::step, ::step].mean(axis=-3),
        excel=pixel,
    )  # fmt: skip


def sums(image: Array) -> Array:
    """What the pixels of images of shape (channels, height, width) add up to, and their squares: so an image is known again."""
    return np.stack([image.sum(axis=(-3, -2, -1)), (image**2).sum(axis=(-3, -2, -1))], axis=-1)


def same(image: Array, known: tuple[float, ...]) -> Array:
    """Whether an image is the one of these sums."""
    return np.asarray((np.abs(sums(image) - known) < SAME).all(axis=-1))


def same_formula(at: References, name: str, channels: int, known: tuple[float, ...]) -> str:
    """The same as a formula, to stand in an AND."""
    cells = ",".join(at.whole(name, c) for c in range(channels))
    return ",".join(f"ABS({f}({cells})-{plainly(x)})<{plainly(SAME)}" for f, x in zip(("SUM", "SUMSQ"), known, strict=True))


def notice(name: str, blocks: Shape, cell: int) -> Iterator[Part]:
    """Whether every pixel of the part `name` lies between 0 and 1; `blocks` are its leading axes, spread over blocks.

    A column of the sheet is `cell` pixels wide. Of more blocks than a formula can name, it is said first of so many at a time.
    """
    indices = list(np.ndindex(*blocks))
    groups = portions(range(len(indices)), BLOCKS)

    def valid(x: np.ndarray) -> float:
        return float(bool((x >= 0).all() and (x <= 1).all()))  # what is no number is neither

    def formula(at: References, some: range) -> str:
        return checked(",".join(at.whole(name, *indices[k]) for k in some))

    if len(groups) > 1:
        yield Computed(
            "checked", (len(groups),), span=SHARE, number_format=WHOLE, coloured=False, explained=False,
            numpy=lambda t: [valid(t[name].reshape(len(indices), -1)[g]) for g in groups],
            excel=lambda at, g: formula(at, groups[g]),
        )  # fmt: skip
    yield Notice(
        "valid", (), words="pixel", span=-(-WIDE // cell),
        numpy=lambda t: valid(t[name]),
        excel=lambda at: f"MIN({at.whole('checked')})" if len(groups) > 1 else formula(at, groups[0]),
    )  # fmt: skip


def notice_box(p: Parts) -> Box:
    """The words, and below them, where it is said so, of which maps the pixels are as they should be."""
    return stack(p[name].block() for name in ("valid", "checked") if name in p)


def checked(cells: str) -> str:
    """The same as a formula: the smallest, the largest, and as many numbers as there are cells that hold anything."""
    return f"IF(AND(MIN({cells})>=0,MAX({cells})<=1,COUNT({cells})=COUNTA({cells})),1,0)"
