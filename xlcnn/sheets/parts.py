"""The parts of a sheet: its tensors, each declared once, with everything that anybody asks of it.

A part says where its cells come from (its class), how they are computed in NumPy and in Excel, what they are called, how
they are shown, and what may be typed into them. Layout, workbook and verifier ask the part; none of them knows the
sheet's kind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from typing import Any

import numpy as np

from xlcnn.grid.blocks import Shape
from xlcnn.grid.references import References
from xlcnn.sheets.part import (
    EXPONENTIAL,
    FOUR_DECIMALS,
    GRADIENT,
    MAP,
    NO_PADDING,
    NOTHING,
    PERCENT,
    PROBABILITY,
    TWO_DECIMALS,
    WHOLE,
    Array,
    Limit,
    Padding,
    Part,
    Parts,
    Values,
)

__all__ = [
    "EXPONENTIAL", "FOUR_DECIMALS", "GRADIENT", "MAP", "NOTHING", "PERCENT", "PROBABILITY", "TWO_DECIMALS", "WHOLE", "Array",
    "Choice", "Computed", "Constant", "External", "Given", "Incoming", "Labels", "Limit", "Menu", "Notice", "Padding", "Part",
    "Parts", "Picture", "Play", "Recorded", "Text", "Values", "Weight", "compute", "external", "incoming",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Incoming(Part):
    """What the sheet shows of another sheet's part, fetched cell by cell, with padding around each map."""

    source: Part
    padding: Padding = NO_PADDING

    has_formula = True
    panel = "in"

    @property
    def read(self) -> Part | None:
        return self.source

    def fetch(self, x: Array) -> Array:
        """The source's values with the padding. Leading batch axes are allowed."""
        return self.surrounded(x, self.padding.value)

    def surrounded(self, x: Array, value: float) -> Array:
        """The source's tensor with a value in place of the padding."""
        top, left, bottom, right = self.padding.sides
        if not any(self.padding.sides):
            return x
        around = [(0, 0)] * (x.ndim - 2) + [(top, bottom), (left, right)]
        return np.pad(x, around, constant_values=value)

    def source_index(self, index: Shape) -> Shape | None:
        """Which of the source's values is fetched; None for padding."""
        if not any(self.padding.sides):
            return index
        top, left, _, _ = self.padding.sides
        *before, y, x = index
        y, x = y - top, x - left
        height, width = self.source.shape[-2:]
        return (*before, y, x) if 0 <= y < height and 0 <= x < width else None


def incoming(name: str, source: Part, padding: Padding = NO_PADDING, **looks: Any) -> Incoming:
    """The declaration of a part that fetches `source`: as large, or larger by its padding."""
    top, left, bottom, right = padding.sides
    shape = source.shape
    if any(padding.sides):
        shape = (*shape[:-2], shape[-2] + top + bottom, shape[-1] + left + right)
    return Incoming(name, shape, source, padding, **{"signed": source.signed, "coloured": True, "hues": source.hues, **looks})


@dataclass(frozen=True, eq=False)
class External(Part):
    """Another sheet's part that formulas read where it stands; it has no cells here."""

    source: Part

    has_cells = False

    @property
    def read(self) -> Part | None:
        return self.source

    def fetch(self, x: Array) -> Array:
        return x


def external(name: str, source: Part) -> External:
    """The declaration of a part that is read where it stands, in a sheet that is called `name`: no part of ours has a dot."""
    name = f"from.{name}"
    return External(name, source.shape, source, signed=source.signed)


@dataclass(frozen=True, eq=False)
class Given(Part):
    """Cells that hold numbers; `default` is what a new workbook holds, NaN for an empty cell."""

    default: Array | None = None
    is_given = True

    @property
    def empty(self) -> float:
        """What an empty cell means; NaN: a number is missing."""
        return float("nan")


@dataclass(frozen=True, eq=False)
class Picture(Given):
    """Pixels from 0 (paper) to 1 (ink), there to be changed; an empty cell is empty paper."""

    editable = True
    panel = "source"

    @property
    def limit(self) -> Limit | None:
        return Limit("decimal", 0, 1)

    @property
    def empty(self) -> float:
        return 0.0


@dataclass(frozen=True, eq=False)
class Weight(Given):
    """What training found; `stored` is its shape in PyTorch, where that differs."""

    stored: Shape = ()
    is_weight = True
    editable = True
    panel = "weight"

    @property
    def limit(self) -> Limit | None:
        return Limit("number")


@dataclass(frozen=True, eq=False)
class Constant(Given):
    """Numbers that belong to the sheet's definition: `default` is what they must be."""


@dataclass(frozen=True, eq=False)
class Recorded(Given):
    """Numbers that were measured once, while the network was trained; `record` is where a template's ``training.json`` has them."""

    record: str = ""

    def __post_init__(self) -> None:
        if self.default is None:
            object.__setattr__(self, "default", np.full(self.shape, np.nan))  # only the template has them


@dataclass(frozen=True, eq=False)
class Play(Given):
    """Any number that somebody likes to type in."""

    editable = True

    @property
    def limit(self) -> Limit | None:
        return Limit("number")


@dataclass(frozen=True, eq=False)
class Choice(Given):
    """A whole number from `low` to `high`."""

    low: int = 0
    high: int = 1
    editable = True
    panel = "choice"

    @property
    def limit(self) -> Limit | None:
        return Limit("whole", self.low, self.high)


@dataclass(frozen=True, eq=False)
class Menu(Given):
    """One word of a drop-down; as a number, its place from 1 in the list that the part `options` shows."""

    options: str = "options"
    count: int = 0
    editable = True

    @property
    def limit(self) -> Limit | None:
        return Limit("list", 1, self.count)


@dataclass(frozen=True, eq=False)
class Labels(Part):
    """Words in cells. `texts` are what they must be; or `keys`, of the lesson's words, each with the number in it."""

    texts: tuple[str, ...] = ()
    keys: tuple[tuple[str, int], ...] = ()
    is_text = True


@dataclass(frozen=True, eq=False)
class Computed(Part):
    """Numbers that a formula computes: the same mathematics in NumPy and in Excel, neither made from the other.

    `numpy` takes the values of the parts declared before it; leading batch axes are allowed on what comes in.
    `excel` takes references and the index of one value, and gives the cell's formula without ``=``. With a
    `shared_formula` that of the first cell is written once and dragged over the block, as a teacher would.
    If it is `explained`, the sheet shows the first cell's formula as text.
    """

    numpy: Callable[[Values], Any]
    excel: Callable[..., str]
    _: KW_ONLY
    shared_formula: bool = False
    explained: bool = True
    coloured: bool = True

    has_formula = True
    is_computed = True
    panel = "computed"

    @property
    def notice(self) -> str:
        """The key of the words that are shown where the number is 0; then nothing else is."""
        return ""


@dataclass(frozen=True, eq=False)
class Notice(Computed):
    """1 where all is well, and nothing to be seen; 0 where somebody put in what means nothing, and words that say so."""

    _: KW_ONLY
    words: str = ""
    captioned: bool = False
    coloured: bool = False
    explained: bool = False

    @property
    def notice(self) -> str:
        return self.words


@dataclass(frozen=True, eq=False)
class Text(Part):
    """Words that a formula computes. `says` takes values and references and gives what the cell must say."""

    says: Callable[[Values, References], str]
    excel: Callable[..., str]

    has_formula = True
    is_text = True


def compute(parts: Parts, values: dict[str, Array]) -> dict[str, Array]:
    """`values`, of the parts that are given or fetched, and of all parts that are computed from them, by NumPy."""
    for part in parts.values():
        if isinstance(part, Computed):
            values[part.name] = np.asarray(part.numpy(values))
    return values
