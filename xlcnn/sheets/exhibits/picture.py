"""How a picture became the numbers that the network reads: the picture, its grey, its paper taken away, its ink, the numbers.

The first four are pictures that were drawn when the workbook was made; the last one is alive: its cells are those of the
user's own image. So the sheet is only in workbooks that are made of a picture which had to be prepared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from xlcnn.grid.blocks import Block, Box, frame
from xlcnn.sheets.base import Exhibit, Place
from xlcnn.sheets.parts import Labels, Part, Parts, external
from xlcnn.sheets.pixels import LARGEST, thumbnail

DRAWN = ("picture", "grey", "contrast", "ink")
STAGES = (*DRAWN, "input")
SPAN, GAP = LARGEST, 3  # columns of a stage, and between two
NAMED, TOLD = 3, 18  # rows for a stage's name, and for what is told of it


@dataclass(frozen=True)
class FromPicture(Exhibit):
    """How a picture became numbers, from left to right."""

    kind: ClassVar[str] = "picture"
    of_a_picture: ClassVar[bool] = True
    announced: ClassVar[frozenset[str]] = frozenset()

    @property
    def cell(self) -> tuple[int, int]:
        """Small: the last stage is made of cells."""
        return 8, 8

    def parts(self, *incoming: Part) -> Iterator[Part]:
        read = self.one_input(incoming, ndim=3)
        image = external(self.inputs[0], read)
        yield image
        count = (len(STAGES),)
        yield Labels("stage", count, keys=tuple((s, 0) for s in STAGES), span=SPAN, rise=NAMED, look="chosen", captioned=False)
        yield thumbnail(image, "small")
        told = tuple((f"{s}_told", 0) for s in STAGES)
        yield Labels("told", count, keys=told, span=SPAN, rise=TOLD, look="told", captioned=False)

    def arrange(self, p: Parts) -> Box:
        below = NAMED + LARGEST + 1
        placed = [(NAMED, (len(STAGES) - 1) * (SPAN + GAP), p["thumbnail"].block())]
        for k in range(len(STAGES)):
            left = k * (SPAN + GAP)
            placed += [(0, left, p["stage"].block(k)), (below, left, p["told"].block(k))]
        return frame(below + TOLD, len(STAGES) * (SPAN + GAP) - GAP, placed)

    def picture_places(self, blocks: Sequence[Block]) -> Mapping[str, Place]:
        """Between the name of each stage and what is told of it."""
        side = LARGEST * self.cell[0]
        names = {b.index[0]: b for b in blocks if b.part == "stage"}
        return {stage: Place(names[k].row + NAMED, names[k].col, side, side) for k, stage in enumerate(DRAWN)}
