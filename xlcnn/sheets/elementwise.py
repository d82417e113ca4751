"""What layers share that change each number by itself: the maps that come in, and as many that go out."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from xlcnn.grid.blocks import Box, beside
from xlcnn.sheets.base import Layer
from xlcnn.sheets.parts import Array, Computed, Part, Parts, incoming

ARGUMENTS = 255  # of one function in Excel


@dataclass(frozen=True)
class Elementwise(Layer):
    """A layer that changes each number x by itself. `never_negative` says that what comes out cannot be."""

    never_negative: ClassVar[bool] = False

    @abstractmethod
    def numpy(self, x: Array) -> Array:
        """The function of every number."""

    @abstractmethod
    def excel(self, x: str) -> str:
        """The same of one cell, whose reference is `x`."""

    def parts(self, *incoming_: Part) -> Iterator[Part]:
        x = self.one_input(incoming_)
        yield incoming("in", x, scale="maps")
        yield Computed(
            "output", x.shape, label="map", signed=not self.never_negative, scale="maps", shared_formula=True,
            numpy=lambda t: self.numpy(t["in"]),
            excel=lambda at, *i: self.excel(at("in", *i)),
        )  # fmt: skip

    def arrange(self, p: Parts) -> Box:
        return in_and_out(p)


def in_and_out(p: Parts, *between: Box) -> Box:
    """What comes in, what was learned, what goes out; a vector is one column wide, and leaves room for the headings."""
    return beside([p["in"].maps(), *between, p["output"].maps()], gap=3 if len(p["in"].shape) == 3 else 6)


def plainly(number: float) -> str:
    """A number in a formula, with the 15 digits that Excel reads: ``0.01``; a negative one in brackets."""
    text = f"{number:.15g}"
    return f"({text})" if number < 0 else text


def nested(function: str, cells: Sequence[str]) -> str:
    """A function of many cells, of which Excel takes 255 at a time: ``MAX(MAX(…),MAX(…))``."""
    if len(cells) > ARGUMENTS:
        cells = [nested(function, cells[k : k + ARGUMENTS]) for k in range(0, len(cells), ARGUMENTS)]
    return f"{function}({','.join(cells)})"
