"""The ``Overview`` sheet: every map of every layer as a small picture, from the image to the answer, live.

Each cell is a link to the layer's own: ``=Conv1!AR6``; its colour says the number. Vectors, such as scores and probabilities,
are columns of as many cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from xlcnn.grid.blocks import Box, frame
from xlcnn.sheets.base import OVERVIEW, Sheet
from xlcnn.sheets.looks import Note
from xlcnn.sheets.options import write_value
from xlcnn.sheets.parts import NOTHING, Computed, Part, Parts, external
from xlcnn.sheets.words import Words

NAME = "overview"
TOP, LEFT = 5, 2  # the row and column of the first block, as on every sheet
TALL = 4  # rows of a vector's values
BROAD = 6  # columns of a vector's values
BETWEEN = 5  # columns between two layers, for an arrow
HEAD = 7  # rows for the name of a layer and the shape of its tensor
HEIGHT = 66  # rows of the tallest layer: two maps of 28 rows, and what stands between them


@dataclass(frozen=True)
class Overview(Sheet):
    """All maps of all layers as small pictures."""

    kind: ClassVar[str] = NAME
    group = OVERVIEW
    panels = False
    frozen = False
    announced: ClassVar[frozenset[str]] = frozenset()

    @property
    def cell(self) -> tuple[int, int]:
        """Tiny: all layers stand side by side on one screen."""
        return 6, 6

    def parts(self, *incoming: Part) -> Iterator[Part]:
        for x in incoming:
            source = external(x.home, x)
            yield source
            yield picture(x, source.name)

    def arrange(self, p: Parts) -> Box:
        placed = [(HEAD + top, left, part.maps()) for part, left, top, _, _ in self.columns(p)]
        height = max(HEAD + HEIGHT, *(row + box.height for row, _, box in placed))
        return frame(height, max(col + box.width for _, col, box in placed), placed)

    def columns(self, p: Parts) -> list[tuple[Part, int, int, int, int]]:
        """Each layer's part with its first column and row from 0, its columns and rows; all are centred on one line."""
        found, left = [], 0
        for part in p.values():
            if part.has_cells:
                box = part.maps()
                top = max(0, (HEIGHT - box.height) // 2)
                found.append((part, left, top, box.width, box.height))
                left += max(box.width, 2 * BETWEEN) + BETWEEN
        return found

    def notes(self, words: Words, sheets: Mapping[str, Sheet], parts: Mapping[str, Parts]) -> Iterator[Note]:
        columns = self.columns(parts[self.name])
        for part, left, _, width, _ in columns:
            sheet = sheets[part.name]
            room = max(width, 2 * BETWEEN)
            yield Note(TOP + 1, LEFT + left, sheet.title, "nav", room + 4, rise=4, link=part.name)
            yield Note(TOP + 5, LEFT + left, write_value(part.shape), "caption", room + 4, rise=3)
        for _, left, _, _, _ in columns[1:]:
            yield Note(TOP + HEAD + HEIGHT // 2, LEFT + left - BETWEEN + 1, "→", "arrow", BETWEEN - 2, rise=5)
        for row, key in self.values(columns):
            yield Note(row[0], row[1], key, "caption", 4, rise=TALL)

    @staticmethod
    def values(columns: Sequence[tuple[Part, int, int, int, int]]) -> Iterator[tuple[tuple[int, int], str]]:
        """The numbers of the classes beside the last vector."""
        part, left, top, width, _ = columns[-1]
        if len(part.shape) == 1:
            for k in range(part.shape[0]):
                yield (TOP + HEAD + top + k * TALL, LEFT + left + width + 1), str(k)


SIGNS = '"+";"−";'  # of scores: shades of grey alone would not tell


def picture(x: Part, source: str) -> Computed:
    """A layer's output in colours alone."""
    look: dict[str, Any] = {"number_format": NOTHING, "look": "small", "captioned": False, "explained": False}
    if len(x.shape) == 3:
        look |= {"label": f"{x.home}."}  # the second map of relu must not be called as the layer relu2 is
    else:
        look |= {"span": BROAD, "rise": TALL} | ({"number_format": SIGNS} if x.signed else {})
    return Computed(
        x.home, x.shape, signed=x.signed, **look,
        numpy=lambda t: t[source],
        excel=lambda at, *i: at(source, *i),
    )  # fmt: skip


def overview(layers: Iterable[Sheet], title: str) -> Overview:
    """The sheet for these layers."""
    return Overview(NAME, title, tuple(layer.name for layer in layers))
