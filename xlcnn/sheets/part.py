"""What every part of a sheet says of itself; the kinds of parts are in `xlcnn.sheets.parts`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, ClassVar

import numpy as np

from xlcnn.grid.blocks import NARROW, Block, Box, Shape, at_least, captioned, tiled

Array = np.ndarray[Any, np.dtype[Any]]
Values = Mapping[str, Array]
"""The values of a sheet's parts by their names."""

WHOLE, TWO_DECIMALS, FOUR_DECIMALS, PERCENT = "0", "0.00", "0.0000", "0.0%"
MAP = '[>=0.05]0.0;[<=-0.05]-0.0;"·"'  # one decimal; what is nearly zero is a faint dot
GRADIENT = '[>=0.005]#.00;[<=-0.005]-#.00;"·"'  # two decimals, and no zero before the point
EXPONENTIAL = "[>=0.00005]0.0000;0.0E+00"  # four decimals, or as many digits as there are zeros before them
PROBABILITY = '[>=0.0005]0.0%;[>=0.000001]0.0000%;"< 0.0001%"'  # per cent, with more digits where it would be rounded to 0 %
NOTHING = ";;;"  # the colour alone is shown


@dataclass(frozen=True)
class Limit:
    """What may be typed: any ``number``, ``decimal`` or ``whole`` numbers from `low` to `high`, a word of a ``list``."""

    kind: str
    low: int = 0
    high: int = 0


@dataclass(frozen=True)
class Padding:
    """Cells around a map: how many (top, left, bottom, right), what NumPy reads there, and whether the sheet shows it.

    Excel's MAX and AVERAGE pass over empty cells. So max pooling pads with −∞, which is shown as an empty cell.
    """

    sides: tuple[int, int, int, int] = (0, 0, 0, 0)
    value: float = 0.0
    shown: bool = True


NO_PADDING = Padding()


@dataclass(frozen=True, eq=False)
class Part:
    """One tensor of a sheet: its `name`, its `shape`, and whether it may be negative (`signed`).

    `label` is the start of the names of its blocks: ``filter`` makes ``filter1.2`` of the slice [0, 1]; numbers count
    from `start`. Each value takes `span` columns and `rise` rows; a caption stands above it, if it is `captioned`. Parts
    with the same `scale` share a heat map, so that their colours can be compared; `hues` are the colours of maps that are channels
    of a picture. `look` names a type style where the usual one will not do. `home` is the name of its `sheet`.
    """

    name: str
    shape: Shape
    _: KW_ONLY
    signed: bool = True
    label: str = ""
    start: Shape = ()
    span: int = 1
    rise: int = 1
    number_format: str = ""
    scale: str = ""
    look: str = ""
    captioned: bool = True
    coloured: bool = False
    hues: tuple[str, ...] = ()
    home: str = ""
    sheet: Any = field(default=None, repr=False)

    has_cells: ClassVar[bool] = True
    has_formula: ClassVar[bool] = False
    is_computed: ClassVar[bool] = False  # by NumPy and by Excel, to a number
    is_given: ClassVar[bool] = False  # its cells hold numbers, or words that stand for numbers, that no formula computes
    is_weight: ClassVar[bool] = False
    is_text: ClassVar[bool] = False
    editable: ClassVar[bool] = False
    panel: ClassVar[str | None] = None  # the heading over its column

    @property
    def shown(self) -> str:
        """Its number format: its own; or one decimal in a map's small cells, two in wider ones."""
        return self.number_format or (MAP if self.span == 1 else TWO_DECIMALS)

    @property
    def ground(self) -> str:
        """What a heat map shows in the place of zero: paper, or, where somebody may draw, the yellow that says so."""
        return "yours" if self.editable and not self.signed else "paper"

    def ground_of(self, map_: int) -> str:
        """The same of one map, with the hue that the heat map ends in, where it has one of its own: ``paper red``."""
        return f"{self.ground} {self.hues[map_]}" if self.hues and not self.signed else self.ground

    @property
    def read(self) -> Part | None:
        """The part of another sheet that this one shows."""
        return None

    @property
    def limit(self) -> Limit | None:
        return None

    def block(self, *index: int) -> Box:
        """The block that shows ``tensor[index]``: a matrix, a column, or a single value."""
        rest = self.shape[len(index) :]
        height, width = (*rest, 1, 1)[:2]
        start = (*self.start, *[1] * len(index))
        numbers = ".".join(str(i + s) for i, s in zip(index, start, strict=False))
        label = (self.label or self.name) + numbers
        return captioned(Block(self.name, index, label, height, width, span=self.span, rise=self.rise))

    def maps(self) -> Box:
        """All of it: one matrix per feature map, a few one under the other, many in rows; a vector is a single column.

        Narrow maps leave room for their captions.
        """
        if len(self.shape) < 3:
            return self.block()
        return tiled(at_least(self.block(c), NARROW) for c in range(self.shape[0]))


Parts = Mapping[str, Part]
"""The parts of one sheet by their names, in the order in which they are computed."""
