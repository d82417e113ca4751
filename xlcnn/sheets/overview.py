"""The ``Overview`` sheet: every map of every layer as a small picture, from the image to the answer, live.

Each cell is a link to the layer's own: ``=Conv1!AR6``; its colour says the number. Vectors, such as scores and probabilities,
are columns of as many cells; long ones are rectangles, read like a page. One screen is all there is: of more maps than stand on
it, or of longer vectors, the first are shown, and the caption says so: ``64 × 24 × 24: 1–6``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isqrt, prod
from typing import Any, ClassVar

from xlcnn.grid.blocks import Box, Shape, frame, in_rows
from xlcnn.sheets.base import OVERVIEW, Sheet
from xlcnn.sheets.looks import Note
from xlcnn.sheets.options import write_value
from xlcnn.sheets.parts import NOTHING, Computed, External, Part, Parts, external
from xlcnn.sheets.words import Words

NAME = "overview"
TOP, LEFT = 5, 2  # the row and column of the first block, as on every sheet
TALL = 4  # rows of a vector's values
BROAD = 6  # columns of a vector's values
BETWEEN = 5  # columns between two layers, for an arrow
HEAD = 7  # rows for the name of a layer and the shape of its tensor
HEIGHT = 66  # rows of the tallest layer: two maps of 28 rows, and what stands between them
WIDTH = 90  # columns of the widest one: three maps of 28
FEW = 3  # maps that are all shown, if each has room: a photograph's channels
LONG = HEIGHT // TALL  # values of the longest vector that is a column
SQUARE = 2  # rows and columns of a value of a longer one


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
        placed = [(HEAD + top, left, box) for _, left, top, box in self.columns(p)]
        height = max(HEAD + HEIGHT, *(row + box.height for row, _, box in placed))
        return frame(height, max(col + box.width for _, col, box in placed), placed)

    def columns(self, p: Parts) -> list[tuple[Part, int, int, Box]]:
        """Each layer's part with its first column and row from 0, and its blocks; all are centred on one line."""
        found, left = [], 0
        for part in p.values():
            if part.has_cells:
                box = maps(part)
                top = max(0, (HEIGHT - box.height) // 2)
                found.append((part, left, top, box))
                left += max(box.width, 2 * BETWEEN) + BETWEEN
        return found

    def notes(self, words: Words, sheets: Mapping[str, Sheet], parts: Mapping[str, Parts]) -> Iterator[Note]:
        columns = self.columns(parts[self.name])
        whole = {part.source.home: part.source.shape for part in parts[self.name].values() if isinstance(part, External)}
        for part, left, _, box in columns:
            sheet = sheets[part.name]
            room = max(box.width, 2 * BETWEEN)
            yield Note(TOP + 1, LEFT + left, sheet.title, "nav", room + 4, rise=4, link=part.name)
            yield Note(TOP + 5, LEFT + left, shown_of(part.shape, whole[part.name]), "caption", room + 4, rise=3)
        for _, left, _, _ in columns[1:]:
            yield Note(TOP + HEAD + HEIGHT // 2, LEFT + left - BETWEEN + 1, "→", "arrow", BETWEEN - 2, rise=5)
        for row, key in self.values(columns):
            yield Note(row[0], row[1], key, "caption", 4, rise=TALL)

    @staticmethod
    def values(columns: Sequence[tuple[Part, int, int, Box]]) -> Iterator[tuple[tuple[int, int], str]]:
        """The numbers of the classes beside the last vector."""
        part, left, top, box = columns[-1]
        first = TOP + HEAD + max(1, top)  # below the words over the tallest vector
        if len(part.shape) == 1:
            for k in range(part.shape[0]):
                yield (first + k * TALL, LEFT + left + box.width + 1), str(k)


SIGNS = '"+";"−";'  # of scores: shades of grey alone would not tell
WITHOUT_NUMBER = (NOTHING, SIGNS)  # formats of cells that show a colour, and a sign


def shown_of(shape: Shape, whole: Shape) -> str:
    """The shape of a layer's tensor, and which of its maps or values are shown, if they are not all."""
    shown = prod(shape) // prod(whole[1:])
    return write_value(whole) + (f": 1–{shown}" if shown < whole[0] else "")


def maps(part: Part) -> Box:
    """A layer's maps in as few columns as fit the height; a vector in one block."""
    if len(part.shape) < 3:
        return part.block()
    count, height, _ = part.shape
    down = fitting(HEIGHT, height + 1, gap=1)
    return in_rows((part.block(c) for c in range(count)), -(-count // down))


def fitting(room: int, size: int, gap: int) -> int:
    """How many things of a `size` stand in this room, `gap` cells apart; at least one is made room for."""
    return max(1, (room + gap) // (size + gap))


def shown_shape(shape: Shape) -> Shape:
    """The part of a tensor of a `shape` that is shown: its first maps, or the first values of a long vector as a rectangle."""
    if len(shape) == 3:
        count, height, width = shape
        if count <= FEW and height <= HEIGHT and width <= HEIGHT:
            return shape
        return min(count, fitting(HEIGHT, height + 1, 1) * fitting(WIDTH, width, 2)), height, width
    if len(shape) == 2 or shape[0] <= LONG:
        return shape
    return rectangle(shape[0])


def rectangle(count: int) -> Shape:
    """Rows and columns for nearly `count` values, if possible for all: no narrower than high, no larger than the room."""
    square = isqrt(count)
    exact = next((r for r in range(square, square // 2, -1) if count % r == 0), square)
    rows = min(exact, HEIGHT // SQUARE)
    return rows, min(count // rows, WIDTH // SQUARE)


def picture(x: Part, source: str) -> Computed:
    """A layer's output in colours alone."""
    shape = shown_shape(x.shape)
    is_rectangle = len(shape) > len(x.shape)
    look: dict[str, Any] = {"number_format": NOTHING, "look": "small", "captioned": False, "explained": False}
    if len(x.shape) == 3:
        look |= {"label": f"{x.home}."}  # the second map of relu must not be called as the layer relu2 is
    elif is_rectangle:
        look |= {"span": SQUARE, "rise": SQUARE}
    else:
        look |= {"span": BROAD, "rise": TALL} | ({"number_format": SIGNS} if x.signed else {})
    return Computed(
        x.home, shape, signed=x.signed, **look,
        numpy=lambda t: t[source][: prod(shape) if is_rectangle else shape[0]].reshape(shape),
        excel=lambda at, *i: at(source, *((i[0] * shape[1] + i[1],) if is_rectangle else i)),
    )  # fmt: skip


def overview(layers: Iterable[Sheet], title: str) -> Overview:
    """The sheet for these layers."""
    return Overview(NAME, title, tuple(layer.name for layer in layers))
