"""Input: the image as a matrix of numbers; every later number comes from these.

Where it reads galleries, a drop-down chooses among the user's own image and all their pictures:

    output[c, y, x] = CHOOSE(number, user[c, y, x], gallery 1 [0, c, y, x], gallery 1 [1, c, y, x], …)

An empty cell, to which Excel adds 0, becomes 0; so does a word that somebody pasted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from xlcnn.grid.blocks import Block, Box, beside, room, stack
from xlcnn.sheets import pixels
from xlcnn.sheets.base import MOST_CHOICES, Layer
from xlcnn.sheets.menu import SPAN, choice_box, choose, chosen, menu_parts
from xlcnn.sheets.options import shape
from xlcnn.sheets.parts import Computed, Part, Parts, Picture, external

PICTURE = 9  # rows for the user's own picture


@dataclass(frozen=True)
class Input(Layer):
    """Input: the image as a matrix of numbers, one for each pixel."""

    kind: ClassVar[str] = "input"
    reads_image: ClassVar[bool] = True
    shape: tuple[int, int, int] = shape()

    def parts(self, *incoming: Part) -> Iterator[Part]:
        if not incoming:
            yield Picture("output", self.shape, label="map", signed=False, coloured=True)
            yield pixels.notice("output", self.shape[:1])
            return
        self.check(incoming)
        yield Picture("user", self.shape, signed=False, coloured=True, scale="images")
        yield pixels.notice("user", self.shape[:1])
        galleries = [external(name, gallery) for name, gallery in zip(self.inputs, incoming, strict=True)]
        yield from galleries
        pictures = [(part.name, k) for part in galleries for k in range(part.shape[0])]
        yield from menu_parts([("user", 0), *((part.source.home, k) for part in galleries for k in range(part.shape[0]))])
        yield Computed(
            "output", self.shape, label="map", signed=False, scale="images", explained=False,  # its formula is long
            numpy=lambda t: chosen(t, [t["user"], *(picture for part in galleries for picture in t[part.name])]),
            excel=lambda at, *i: f"IFERROR({choose(at, (), [at('user', *i), *(at(name, k, *i) for name, k in pictures)])}+0,0)",
        )  # fmt: skip

    def check(self, galleries: Sequence[Part]) -> None:
        """Raises `NetworkError` where it reads what is no picture of its own size, or too many of them."""
        for gallery in galleries:
            if not isinstance(gallery, Picture) or gallery.shape[1:] != self.shape:
                raise self.fail(f"can choose only among pictures of shape {self.shape}, not {gallery.shape[1:]}")
        count = 1 + sum(gallery.shape[0] for gallery in galleries)
        if count > MOST_CHOICES:
            raise self.fail(f"can choose among {MOST_CHOICES} pictures, not {count}")

    def arrange(self, p: Parts) -> Box:
        if "user" not in p:
            return stack([p["output"].maps(), p["valid"].block()])
        menu = stack([choice_box(p), p["number"].block(), room(PICTURE, SPAN), p["options"].block()])
        return beside([stack([p["user"].maps(), p["valid"].block()]), menu, p["output"].maps()])

    def picture_place(self, blocks: Sequence[Block]) -> tuple[int, int] | None:
        """Above the list of other images; without one, to the right of the last map."""
        for block in blocks:
            if block.part == "options":
                return block.row - PICTURE - 2, block.col
        last = max(blocks, key=lambda b: b.col + b.columns)
        return last.row, last.col + last.columns + 2
