"""Convolution by hand: one 5×5 picture, one 3×3 filter; nine products, one sum, next window.

window[u, v]  = picture[row + u, column + v]          of the window that somebody picks, from 1 to 9
product[u, v] = window[u, v] · filter[u, v]
sum           = Σ_u Σ_v product[u, v]
map[y, x]     = Σ_u Σ_v picture[y + u, x + v] · filter[u, v]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from xlcnn.grid.blocks import Block, Box, beside, stack
from xlcnn.grid.references import References, a1, a1_range
from xlcnn.grid.rules import Rule
from xlcnn.sheets import typed
from xlcnn.sheets.base import Exhibit
from xlcnn.sheets.parts import WHOLE, Array, Choice, Computed, Notice, Part, Parts, Play, Values

SPAN = 2
AS_TYPED = "0.##"
BIG: dict[str, Any] = {"look": "big", "number_format": "General"}
SIDE, KERNEL = 5, 3
WINDOWS = (SIDE - KERNEL + 1) ** 2
PICTURE = np.array([[0, 1, 1, 1, 0], [0, 0, 0, 1, 0], [0, 0, 1, 0, 0], [0, 1, 0, 0, 0], [0, 1, 0, 0, 0]], dtype=float)
FILTER = np.array([[1, 1, 1], [0, 0, 0], [-1, -1, -1]], dtype=float)


@dataclass(frozen=True)
class ByHand(Exhibit):
    """One picture and one filter are convolved by hand: nine products, one sum, next window."""

    kind: ClassVar[str] = "byhand"

    @property
    def cell(self) -> tuple[int, int]:
        """Large: here every single number is read."""
        return 38, 26

    def parts(self, *incoming: Part) -> Iterator[Part]:
        self.no_input(incoming)
        across = SIDE - KERNEL + 1
        yield Play("picture", (SIDE, SIDE), PICTURE, signed=False, coloured=True, **BIG)
        yield Play("filter", (KERNEL, KERNEL), FILTER, coloured=True, **BIG)
        yield Choice("step", (), np.array(1.0), low=1, high=WINDOWS, span=SPAN, number_format=WHOLE, look="large")
        yield Computed(
            "looking", (), span=SPAN, number_format=WHOLE, coloured=False, explained=False,
            numpy=lambda t: typed.whole(t["step"], 1, WINDOWS),
            excel=lambda at: typed.whole_formula(at("step"), 1, WINDOWS),
        )  # fmt: skip
        yield Notice(
            "found", (), span=4 * SPAN, words="cell",
            numpy=lambda t: float(t["step"] == t["looking"]),
            excel=lambda at: f"IF({at('step')}={at('looking')},1,0)",
        )  # fmt: skip
        yield Computed(
            "window", (KERNEL, KERNEL), signed=False, explained=False, **BIG,
            numpy=picked_window,
            excel=lambda at, u, v: (
                f"INDEX({at.whole('picture')},INT(({at('looking')}-1)/{across})+{u + 1},{at('looking')}-"
                f"{across}*INT(({at('looking')}-1)/{across})+{v})"
            ),
        )  # fmt: skip
        yield Computed(
            "product", (KERNEL, KERNEL), **BIG, shared_formula=True,
            numpy=lambda t: t["window"] * t["filter"],
            excel=lambda at, u, v: f"{at('window', u, v)}*{at('filter', u, v)}",
        )  # fmt: skip
        yield Computed(
            "sum", (), span=SPAN, number_format=AS_TYPED, look="large",
            numpy=lambda t: t["product"].sum(),
            excel=lambda at: f"SUM({at.whole('product')})",
        )  # fmt: skip
        yield Computed(
            "map", (across, across), **BIG, shared_formula=True,
            numpy=lambda t: np.einsum("yxuv,uv->yx", sliding_window_view(t["picture"], (KERNEL, KERNEL)), t["filter"]),
            excel=lambda at, y, x: f"SUMPRODUCT({at.window('picture', y, x, size=(KERNEL, KERNEL))},{at.whole('filter')})",
        )  # fmt: skip

    def arrange(self, p: Parts) -> Box:
        step = stack([p["step"].block(), p["looking"].block(), p["found"].block()], gap=0)
        above = beside([p["picture"].block(), p["filter"].block(), p["map"].block(), step], gap=2)
        return stack([above, beside((p[name].block() for name in ("window", "product", "sum")), gap=2)])

    def marks(self, p: Parts, blocks: Iterable[Block], at: References) -> Iterator[Rule]:
        """The window that the filter lies over, and the cell that it makes."""
        across, number = SIDE - KERNEL + 1, at.fixed("looking")
        top, left = f"INT(({number}-1)/{across})", f"({number}-1-{across}*INT(({number}-1)/{across}))"
        for b in blocks:
            y, x = (f"({of}()-{of}({a1(b.row, b.col, fixed=True)}))" for of in ("ROW", "COLUMN"))
            tests = {
                "picture": f"AND({y}>={top},{y}<{top}+{KERNEL},{x}>={left},{x}<{left}+{KERNEL})",
                "map": f"AND({y}={top},{x}={left})",
            }
            if b.part in tests:
                yield Rule("expression", a1_range(b, fixed=False), [tests[b.part]])


def picked_window(t: Values) -> Array:
    """The window of that number, from 1, row by row; not a number, where there is none."""
    windows = sliding_window_view(t["picture"], (KERNEL, KERNEL)).reshape(-1, KERNEL, KERNEL)
    number = float(t["looking"])
    return windows[int(number) - 1] if 1 <= number <= WINDOWS else np.full((KERNEL, KERNEL), np.nan)
