"""Adding, subtracting, multiplying and dividing, number by number: two tensors, or one and numbers that were learned.

    out[c, y, x] = first[c, y, x] + second[c, y, x]        (and −, ·, ÷)

A residual network adds what a block of layers computed to what came in. The second tensor may hold one number for each map.
With one input the second is a weight: one number, one for each map, or one for each value (`each` is 0, 1 or 2).
With `swapped` the two change places: constant − in, constant ÷ in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from xlcnn.grid.blocks import Box
from xlcnn.sheets.base import Layer
from xlcnn.sheets.elementwise import in_and_out
from xlcnn.sheets.learned import ALL, VALUE, is_dragged, learned_at, learned_shape, spread
from xlcnn.sheets.options import whole, yes_no
from xlcnn.sheets.parts import Array, Computed, Part, Parts, Values, Weight, incoming


@dataclass(frozen=True)
class Arithmetic(Layer):
    """Two tensors, or a tensor and what was learned, number by number; `sign` is what Excel writes between them."""

    sign: ClassVar[str]
    each: int = whole(ALL, VALUE, ALL)
    swapped: bool = yes_no()

    def operate(self, a: Array, b: Array) -> Array:
        raise NotImplementedError

    def parts(self, *incoming_: Part) -> Iterator[Part]:
        if not 1 <= len(incoming_) <= 2:
            raise self.fail(f"reads one layer or two, not {len(incoming_)}")
        x = self.one_input(incoming_[:1])
        yield incoming("in", x)
        if len(incoming_) == 2:
            if self.each != ALL:
                raise self.fail(f"learned no numbers, since it reads two layers: each must be {ALL}, not {self.each}")
            second = incoming_[1].shape
            if second not in (x.shape, x.shape[:1], (1,)):
                raise self.fail(f"tensors of shapes {x.shape} and {second} do not fit together")
            yield incoming("second", incoming_[1])
        else:
            second = learned_shape(x.shape, self.each)
            yield Weight("second", second, coloured=self.each == VALUE, span=1 if self.each == VALUE else 2)

        def both(t: Values) -> Array:
            with np.errstate(divide="ignore", invalid="ignore"):  # of a 0: an error there as in a spreadsheet
                return self.operate(*self.ordered(t["in"], spread(t["second"], x.shape, second)))

        yield Computed(
            "output", x.shape, label="map", shared_formula=is_dragged(x.shape, second),
            numpy=both,
            excel=lambda at, *i: self.sign.join(self.ordered(at("in", *i), learned_at(at, "second", x.shape, second, i))),
        )  # fmt: skip

    def ordered(self, a: Any, b: Any) -> tuple[Any, Any]:
        return (b, a) if self.swapped else (a, b)

    def arrange(self, p: Parts) -> Box:
        return in_and_out(p, p["second"].maps())


@dataclass(frozen=True)
class Add(Arithmetic):
    """Addition: the numbers at the same place are added."""

    kind: ClassVar[str] = "add"
    sign: ClassVar[str] = "+"

    def operate(self, a: Array, b: Array) -> Array:
        return np.asarray(a + b)


@dataclass(frozen=True)
class Subtract(Arithmetic):
    """Subtraction: from each number the one at the same place is taken away."""

    kind: ClassVar[str] = "subtract"
    sign: ClassVar[str] = "-"

    def operate(self, a: Array, b: Array) -> Array:
        return np.asarray(a - b)


@dataclass(frozen=True)
class Multiply(Arithmetic):
    """Multiplication: the numbers at the same place are multiplied."""

    kind: ClassVar[str] = "multiply"
    sign: ClassVar[str] = "*"

    def operate(self, a: Array, b: Array) -> Array:
        return np.asarray(a * b)


@dataclass(frozen=True)
class Divide(Arithmetic):
    """Division: each number is divided by the one at the same place."""

    kind: ClassVar[str] = "divide"
    sign: ClassVar[str] = "/"

    def operate(self, a: Array, b: Array) -> Array:
        return np.asarray(a / b)
