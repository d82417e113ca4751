"""Input: the image as a matrix of numbers; every later number comes from these.

Where it reads galleries, a drop-down chooses among the user's own image and all their pictures:

    output[c, y, x] = CHOOSE(number, user[c, y, x], gallery 1 [0, c, y, x], gallery 1 [1, c, y, x], …)

An empty cell, to which Excel adds 0, becomes 0; so does a word that somebody pasted.

Where the network was trained on numbers that were prepared, the sheet prepares them, too, by formulas:

    output[c, y, x] = (scale · x − mean[c]) / std[c]        with x the pixel, or with `invert` 1 − the pixel

The workbook of a picture that looks like no digit says in `unlike` which that is: what its pixels add up to, and their squares.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from xlcnn.grid.blocks import Block, Box, beside, room, stack
from xlcnn.sheets import pixels
from xlcnn.sheets.base import MOST_CHOICES, Layer, Place
from xlcnn.sheets.elementwise import plainly
from xlcnn.sheets.menu import SPAN, choice_box, choose, chosen, menu_parts
from xlcnn.sheets.options import fraction, fractions, later, shape, yes_no
from xlcnn.sheets.parts import Array, Computed, Part, Parts, Picture, external

FAR = 1e6
MOST_CHANNELS = 64
HUES = ("red", "green", "blue")
PICTURE = 9  # rows for the user's own picture
SIZE = 112, 130  # pixels: it is at most so wide and high


@dataclass(frozen=True)
class Input(Layer):
    """Input: the image as a matrix of numbers, one for each pixel."""

    kind: ClassVar[str] = "input"
    reads_image: ClassVar[bool] = True
    shape: tuple[int, int, int] = shape()
    scale: float = later(fraction(-FAR, FAR, 1.0))
    mean: tuple[float, ...] = later(fractions(MOST_CHANNELS, (0.0,)))
    std: tuple[float, ...] = later(fractions(MOST_CHANNELS, (1.0,)))
    invert: bool = later(yes_no())
    unlike: tuple[float, ...] = later(fractions(2, (), fewest=2, part_of_network=False))

    @property
    def prepares(self) -> bool:
        """Whether the network reads something else than the pixels as they are."""
        return self.invert or self.scale != 1 or any(self.mean) or any(s != 1 for s in self.std)

    @property
    def image_part(self) -> str:
        return "output" if not self.prepares else "chosen" if self.inputs else "user"

    @property
    def painted(self) -> dict[str, Any]:
        """How the pixels are painted: of three channels each in its own colour."""
        return {"signed": False, "coloured": True, "hues": HUES if self.shape[0] == len(HUES) else ()}

    def prepare(self, x: Array) -> Array:
        """What the network reads of an image of shape (channels, height, width); leading batch axes are allowed."""
        mean, std = (self.each(numbers)[:, None, None] for numbers in (self.mean, self.std))
        return np.asarray((self.scale * (1 - x if self.invert else x) - mean) / std) if self.prepares else x

    def each(self, numbers: tuple[float, ...]) -> Array:
        """One number for each channel."""
        return np.broadcast_to(np.asarray(numbers, dtype=float), self.shape[0])

    def prepared(self, cell: str, channel: int) -> str:
        """The same as a formula, without what changes nothing."""
        mean, std = (float(self.each(numbers)[channel]) for numbers in (self.mean, self.std))
        formula = f"(1-{cell})" if self.invert else cell
        formula = f"{plainly(self.scale)}*{formula}" if self.scale != 1 else formula
        formula = f"{formula}-{plainly(mean)}" if mean else formula
        return formula if std == 1 else f"({formula})/{plainly(std)}"

    def prepared_part(self) -> Part:
        return Computed(
            "output", self.shape, label="prepared", shared_formula=True,
            numpy=lambda t: self.prepare(t[self.image_part]),
            excel=lambda at, c, y, x: self.prepared(at(self.image_part, c, y, x), c),
        )  # fmt: skip

    def parts(self, *incoming: Part) -> Iterator[Part]:
        if self.prepares:
            self.check_channels()
        if not incoming:
            yield Picture(self.image_part, self.shape, label="user" if self.prepares else "map", **self.painted)
            yield from pixels.notice(self.image_part, self.shape[:1], self.cell[0])
            if self.prepares:
                yield self.prepared_part()
            return
        self.check(incoming)
        yield Picture("user", self.shape, scale="images", **self.painted)
        yield from pixels.notice("user", self.shape[:1], self.cell[0])
        galleries = [external(name, gallery) for name, gallery in zip(self.inputs, incoming, strict=True)]
        yield from galleries
        pictures = [(part.name, k) for part in galleries for k in range(part.shape[0])]
        yield from menu_parts([("user", 0), *((part.source.home, k) for part in galleries for k in range(part.shape[0]))])
        yield Computed(
            self.image_part, self.shape, label="map", scale="images", **self.painted, explained=False,  # its formula is long
            numpy=lambda t: chosen(t, [t["user"], *(picture for part in galleries for picture in t[part.name])]),
            excel=lambda at, *i: f"IFERROR({choose(at, (), [at('user', *i), *(at(name, k, *i) for name, k in pictures)])}+0,0)",
        )  # fmt: skip

        if self.prepares:
            yield self.prepared_part()

    def check_channels(self) -> None:
        """Raises `NetworkError` where there are not as many numbers as channels."""
        for name, numbers in (("mean", self.mean), ("std", self.std)):
            if len(numbers) not in (1, self.shape[0]):
                raise self.fail(f"{name} must be one number, or one for each of {self.shape[0]} channels, not {len(numbers)}")
        if 0 in self.std:
            raise self.fail("std must not be 0: the pixels are divided by it")

    def check(self, galleries: Sequence[Part]) -> None:
        """Raises `NetworkError` where it reads what is no picture of its own size, or too many of them."""
        for gallery in galleries:
            if not isinstance(gallery, Picture) or gallery.shape[1:] != self.shape:
                raise self.fail(f"can choose only among pictures of shape {self.shape}, not {gallery.shape[1:]}")
        count = 1 + sum(gallery.shape[0] for gallery in galleries)
        if count > MOST_CHOICES:
            raise self.fail(f"can choose among {MOST_CHOICES} pictures, not {count}")

    def arrange(self, p: Parts) -> Box:
        prepared = [p["output"].maps()] if self.prepares else []
        if "choice" not in p:
            return beside([stack([p[self.image_part].maps(), pixels.notice_box(p)]), *prepared], gap=3)
        menu = stack([choice_box(p), p["number"].block(), room(PICTURE, SPAN), p["options"].block()])
        return beside([stack([p["user"].maps(), pixels.notice_box(p)]), menu, p[self.image_part].maps(), *prepared])

    def picture_places(self, blocks: Sequence[Block]) -> Mapping[str, Place]:
        """Above the list of other images; without one, to the right of all maps."""
        for block in blocks:
            if block.part == "options":
                return {"own": Place(block.row - PICTURE - 2, block.col, *SIZE)}
        return {"own": Place(min(b.row for b in blocks), max(b.col + b.columns for b in blocks) + 2, *SIZE)}
