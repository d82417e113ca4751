"""A tensor of somebody else's network, seen as the numbers of one of our sheets in some order.

What other programs do with Transpose, Reshape, Flatten or Slice moves numbers and computes nothing. So it is done to the
*order*, an array of the tensor's own shape that says of each number where it stands among the sheet's, from 0: the very
operation that the file asks for, applied to whole numbers. A network that keeps its maps channels-last thereby is shown as
maps, and a dense layer reads them without a sheet that only moves them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import permutations
from math import prod

import numpy as np

from xlcnn.errors import NetworkError
from xlcnn.grid.blocks import Shape
from xlcnn.sheets.parts import Array


@dataclass(frozen=True, eq=False)
class View:
    """The tensor `source` (a layer's name, or one of its parts) of shape `shape` on its sheet, in another program's order."""

    source: str
    shape: Shape
    order: Array
    before: View | None = None  # the last one, on the way to this, of all numbers of the sheet, in another order

    @property
    def is_plain(self) -> bool:
        """Whether it is the sheet's tensor, number after number."""
        return self.order.size == prod(self.shape) and bool((self.order.ravel() == np.arange(self.order.size)).all())

    def moved(self, order: Array) -> View:
        whole = self.order.size == prod(self.shape) and not self.is_plain and self.turning is not None
        return replace(self, order=np.asarray(order), before=replace(self, before=None) if whole else self.before)

    def of(self, source: str) -> View:
        """The same places of another sheet's tensor of the same shape."""
        return replace(self, source=source, before=None if self.before is None else replace(self.before, source=source))

    @property
    def axes(self) -> tuple[int, ...] | None:
        """The sheet's axes in the order in which the tensor has them; None where it is not just so turned."""
        inner = self.order.reshape(without_ones(self.order.shape))
        ours = np.arange(prod(self.shape)).reshape(self.shape)
        for axes in permutations(range(len(self.shape))):
            turned = ours.transpose(axes)
            if without_ones(turned.shape) == inner.shape and (turned.reshape(inner.shape) == inner).all():
                return axes
        return None

    def is_turned(self, axes: tuple[int, ...]) -> bool:
        """Whether the tensor is the sheet's with its axes in this order, behind an axis for the batch."""
        if len(self.shape) != len(axes):
            return False
        turned = np.arange(prod(self.shape)).reshape(self.shape).transpose(axes)[None]
        return turned.shape == self.order.shape and bool((turned == self.order).all())

    @property
    def turning(self) -> tuple[Shape, tuple[int, ...]] | None:
        """How the sheet's numbers are cut into axes, and the order of these axes, that gives these; None where nothing does."""
        steps = loops(self.order.ravel())
        if self.order.size != prod(self.shape) or steps is None:
            return None
        outer = sorted(range(len(steps)), key=lambda k: -steps[k][1])
        split = tuple(steps[k][0] for k in outer)
        if any(steps[k][1] != prod(split[place + 1 :]) for place, k in enumerate(outer)):
            return None
        return split or (1,), tuple(outer.index(k) for k in range(len(steps))) or (0,)

    @property
    def cut(self) -> tuple[Shape, Shape] | None:
        """The first index and the shape of the block that the numbers are of the sheet's tensor; None where they are no block."""
        indices = np.unravel_index(self.order.ravel(), self.shape)
        first = tuple(int(axis.min()) for axis in indices)
        shape = tuple(int(axis.max()) - low + 1 for axis, low in zip(indices, first, strict=True))
        return (first, shape) if prod(shape) == self.order.size == len(np.unique(self.order)) else None

    def axis(self, place: int) -> int | None:
        """Which of the sheet's axes is the tensor's axis number `place`."""
        axes = self.axes
        if axes is None:
            return None
        if self.order.shape[place] == 1:  # perhaps one of the sheet's that is 1 long, too
            return next((a for a, size in enumerate(self.shape) if size == 1), None)
        before = len(without_ones(self.order.shape[:place]))
        long = [a for a in axes if self.shape[a] != 1]
        return long[before]

    def spread(self, values: Array) -> Array:
        """Values of the tensor's shape, each where its number stands on the sheet; 0 where none does."""
        found, spread = np.zeros(prod(self.shape)), np.broadcast_to(values, self.order.shape).ravel()
        found[self.order.ravel()] = spread
        if (found[self.order.ravel()] != spread).any():
            raise NetworkError("computes in different ways with a number that it has repeated, which no sheet shows")
        return found.reshape(self.shape)


def plain(source: str, shape: Shape, order_shape: Shape) -> View:
    """A sheet's tensor as a tensor of another shape with the same numbers in the same order."""
    return View(source, shape, np.arange(prod(shape)).reshape(order_shape))


def loops(places: Array) -> list[tuple[int, int]] | None:
    """Places as nested loops, the outermost first, each with its count and its step; None where they are none."""
    found: list[tuple[int, int]] = []
    while len(places) > 1:
        step = int(places[1] - places[0])
        others = np.flatnonzero(np.diff(places) != step)
        count = int(others[0]) + 1 if len(others) else len(places)
        if step <= 0 or len(places) % count:
            return None
        rows = places.reshape(-1, count)
        if (rows != rows[:, :1] + step * np.arange(count)).any():
            return None
        found.insert(0, (count, step))
        places = rows[:, 0]
    return found if len(places) and places[0] == 0 else None


def placed(view: View, source: str, first: Shape, shape: Shape) -> View:
    """The same numbers as those of a sheet that holds the block of `shape` alone."""
    indices = np.unravel_index(view.order, view.shape)
    inside = tuple(axis - low for axis, low in zip(indices, first, strict=True))
    return View(source, shape, np.asarray(np.ravel_multi_index(inside, shape)))


def seen_from(view: View, before: View, source: str, shape: Shape) -> View:
    """The same numbers on another sheet, which has all numbers of the view `before`, one after the other."""
    places = np.empty(before.order.size, dtype=int)
    places[before.order.ravel()] = np.arange(before.order.size)
    return View(source, shape, places[view.order])


def runs(places: Array) -> list[Array]:
    """Maps, or a vector, as groups of those that follow on each other on their sheet; a single group where these are all."""
    size = prod(places.shape[1:])
    breaks = np.flatnonzero((places[1:] != places[:-1] + size).reshape(len(places) - 1, -1).any(axis=1)) + 1
    return np.split(places, breaks)


def without_ones(shape: Shape) -> Shape:
    return tuple(size for size in shape if size != 1)
