"""Gallery: pictures of the input's size, among which the input can choose; an empty one is there to draw on.

A gallery is no layer: the network never reads it, only the workbook's input does. An empty cell is empty paper: 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xlcnn.grid.blocks import Box, in_rows, stack
from xlcnn.sheets import pixels
from xlcnn.sheets.base import GALLERY, Sheet
from xlcnn.sheets.options import shape, whole
from xlcnn.sheets.parts import NOTHING, Part, Parts, Picture

ACROSS = 5  # pictures side by side
MOST_BLOCKS = 250  # that one formula can look at


@dataclass(frozen=True)
class Gallery(Sheet):
    """Gallery: pictures to choose from, or an empty one to draw on."""

    kind: ClassVar[str] = "gallery"
    group = GALLERY
    panels = False
    announced: ClassVar[frozenset[str]] = frozenset()
    pictures: int = whole(1)
    shape: tuple[int, int, int] = shape()

    @property
    def cell(self) -> tuple[int, int]:
        """Small where many pictures are to be looked at, not read."""
        return (8, 8) if self.pictures > 1 else super().cell

    def parts(self, *incoming: Part) -> Iterator[Part]:
        self.no_input(incoming)
        if self.pictures * self.shape[0] > MOST_BLOCKS:
            raise self.fail(f"has at most {MOST_BLOCKS} maps")
        size = (self.pictures, *self.shape)
        shown = NOTHING if self.pictures > 1 else ""  # many are looked at, not read
        yield Picture(
            "output", size, np.full(size, np.nan), label="picture", start=(0,), signed=False, coloured=True, number_format=shown
        )
        yield from pixels.notice("output", size[:2], self.cell[0])

    def arrange(self, p: Parts) -> Box:
        cards = (stack(p["output"].block(k, c) for c in range(self.shape[0])) for k in range(self.pictures))
        return stack([in_rows(cards, ACROSS), pixels.notice_box(p)])
