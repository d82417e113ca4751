"""Why non-linearities, first proof: two convolutions without ReLU are one convolution with a larger filter.

hidden = filter a over the input (3×3), or max(0, that) if the switch is on
second = filter b over hidden (3×3)           composed[r] = Σ_p b[p] · a[r − p]   (5×5)
direct = composed over the input              difference = second − direct:  all 0 while the switch is off
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from xlcnn.grid.blocks import Box, Shape, beside, stack
from xlcnn.grid.references import References
from xlcnn.sheets.base import Exhibit
from xlcnn.sheets.parts import Array, Computed, Part, Parts, Play, Values, incoming
from xlcnn.sheets.switch import switch_box, switch_parts

SPAN = 3
A = np.array([[1, 1, 1], [0, 0, 0], [-1, -1, -1]]) / 3
B = np.array([[0, 0.25, 0], [0.25, -1, 0.25], [0, 0.25, 0]])


@dataclass(frozen=True)
class ComposedConvolution(Exhibit):
    """Two convolutions without ReLU are only one."""

    kind: ClassVar[str] = "linear"
    announced: ClassVar[frozenset[str]] = frozenset({"hidden"})

    def parts(self, *incoming_: Part) -> Iterator[Part]:
        x = self.one_input(incoming_, ndim=3)
        channels, height, width = x.shape
        if channels != 1 or min(height, width) < 6:
            raise self.fail("reads one map of at least 6 × 6")
        once, twice = (height - 2, width - 2), (height - 4, width - 4)
        yield incoming("in", x)
        yield from switch_parts(on=False)
        yield Play("a", (3, 3), A)
        yield Play("b", (3, 3), B)
        yield Computed(
            "hidden", once, explained=False, shared_formula=True,
            numpy=lambda t: switched(t["switch"], correlate(t["in"][..., 0, :, :], t["a"])),
            excel=lambda at, y, x: (
                f"IF({at.fixed('switch')}=1,MAX(0,{convolved(at, y, x)}),{convolved(at, y, x)})"
            ),
        )  # fmt: skip
        yield Computed(
            "second", twice, scale="twice", shared_formula=True,
            numpy=lambda t: correlate(t["hidden"], t["b"]),
            excel=lambda at, y, x: f"SUMPRODUCT({at.window('hidden', y, x, size=(3, 3))},{at.whole('b')})",
        )  # fmt: skip
        yield Computed(
            "composed", (5, 5), explained=False,
            numpy=compose,
            excel=lambda at, y, x: "+".join(f"{at('b', *q)}*{at('a', *r)}" for q, r in meeting(y, x)),
        )  # fmt: skip
        yield Computed(
            "direct", twice, scale="twice", shared_formula=True,
            numpy=lambda t: correlate(t["in"][..., 0, :, :], t["composed"]),
            excel=lambda at, y, x: f"SUMPRODUCT({at.window('in', 0, y, x, size=(5, 5))},{at.whole('composed')})",
        )  # fmt: skip
        yield Computed(
            "difference", twice, scale="twice", shared_formula=True,
            numpy=lambda t: t["second"] - t["direct"],
            excel=lambda at, y, x: f"{at('second', y, x)}-{at('direct', y, x)}",
        )  # fmt: skip
        yield Computed(
            "largest", (), span=SPAN, coloured=False, explained=False,
            numpy=lambda t: max(t["difference"].max(), -t["difference"].min()),
            excel=lambda at: f"MAX(MAX({at.whole('difference')}),-MIN({at.whole('difference')}))",
        )  # fmt: skip

    def arrange(self, p: Parts) -> Box:
        filters = stack([switch_box(p), *(p[name].block() for name in ("a", "b", "composed", "largest"))], gap=0)
        shown = beside([p["in"].block(0), filters, p["difference"].block()], gap=2)
        return stack([shown, beside(p[name].block() for name in ("hidden", "second", "direct"))])


def convolved(at: References, y: int, x: int) -> str:
    """Filter a over the window at (y, x)."""
    return f"SUMPRODUCT({at.window('in', 0, y, x, size=(3, 3))},{at.whole('a')})"


def switched(switch: Array, x: Array) -> Array:
    """ReLU where the switch is on."""
    return np.where(switch == 1, np.maximum(0, x), x)


def correlate(x: Array, kernel: Array) -> Array:
    """A filter laid over every window of a map."""
    return np.asarray(np.einsum("...yxuv,uv->...yx", sliding_window_view(x, kernel.shape, axis=(-2, -1)), kernel))


def compose(t: Values) -> Array:
    """The 5×5 filter that does what a and then b do: a, shifted to each of b's places and weighted by it."""
    composed = np.zeros((5, 5))
    for u, v in np.ndindex(3, 3):
        composed[u : u + 3, v : v + 3] += t["b"][u, v] * t["a"]
    return composed


def meeting(y: int, x: int) -> list[tuple[Shape, Shape]]:
    """Which weights of b and of a meet in the composed filter's weight at (y, x)."""
    inside = range(3)
    return [((u, v), (y - u, x - v)) for u in inside for v in inside if y - u in inside and x - v in inside]
