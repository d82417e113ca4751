"""Convolution by hand: one 5×5 picture, one 3×3 filter; nine products, one sum, next window.

window[u, v]  = picture[row + u, column + v]          of the window that somebody picks, from 1 to 9
product[u, v] = window[u, v] · filter[u, v]
sum           = Σ_u Σ_v product[u, v]
map[y, x]     = Σ_u Σ_v picture[y + u, x + v] · filter[u, v]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from xlcnn.grid.blocks import Box, beside, stack
from xlcnn.sheets.base import Exhibit
from xlcnn.sheets.parts import WHOLE, Array, Choice, Computed, Notice, Part, Parts, Play, Values

SPAN = 3
SIDE, KERNEL = 5, 3
WINDOWS = (SIDE - KERNEL + 1) ** 2
PICTURE = np.array([[0, 1, 1, 1, 0], [0, 0, 0, 1, 0], [0, 0, 1, 0, 0], [0, 1, 0, 0, 0], [0, 1, 0, 0, 0]], dtype=float)
FILTER = np.array([[1, 1, 1], [0, 0, 0], [-1, -1, -1]], dtype=float)


@dataclass(frozen=True)
class ByHand(Exhibit):
    """One picture and one filter are convolved by hand: nine products, one sum, next window."""

    kind: ClassVar[str] = "byhand"

    def parts(self, *incoming: Part) -> Iterator[Part]:
        self.no_input(incoming)
        across = SIDE - KERNEL + 1
        yield Play("picture", (SIDE, SIDE), PICTURE)
        yield Play("filter", (KERNEL, KERNEL), FILTER)
        yield Choice("step", (), np.array(1.0), low=1, high=WINDOWS, span=SPAN, number_format=WHOLE)
        yield Computed(
            "looking", (), span=SPAN, number_format=WHOLE, coloured=False, explained=False,
            numpy=lambda t: 1.0 if np.isnan(t["step"]) else np.clip(np.floor(t["step"]), 1, WINDOWS),
            excel=lambda at: f"IFERROR(MAX(1,MIN({WINDOWS},INT({at('step')}))),1)",
        )  # fmt: skip
        yield Notice(
            "found", (), span=3 * SPAN, words="cell",
            numpy=lambda t: float(t["step"] == t["looking"]),
            excel=lambda at: f"IF({at('step')}={at('looking')},1,0)",
        )  # fmt: skip
        yield Computed(
            "window", (KERNEL, KERNEL),
            numpy=picked_window,
            excel=lambda at, u, v: (
                f"INDEX({at.whole('picture')},INT(({at('looking')}-1)/{across})+{u + 1},{at('looking')}-"
                f"{across}*INT(({at('looking')}-1)/{across})+{v})"
            ),
        )  # fmt: skip
        yield Computed(
            "product", (KERNEL, KERNEL), dragged=True,
            numpy=lambda t: t["window"] * t["filter"],
            excel=lambda at, u, v: f"{at('window', u, v)}*{at('filter', u, v)}",
        )  # fmt: skip
        yield Computed(
            "sum", (), span=SPAN,
            numpy=lambda t: t["product"].sum(),
            excel=lambda at: f"SUM({at.whole('product')})",
        )  # fmt: skip
        yield Computed(
            "map", (across, across), dragged=True,
            numpy=lambda t: np.einsum("yxuv,uv->yx", sliding_window_view(t["picture"], (KERNEL, KERNEL)), t["filter"]),
            excel=lambda at, y, x: f"SUMPRODUCT({at.window('picture', y, x, size=(KERNEL, KERNEL))},{at.whole('filter')})",
        )  # fmt: skip

    def arrange(self, p: Parts) -> Box:
        step = stack(p[name].block() for name in ("step", "looking", "found"))
        line = beside((p[name].block() for name in ("window", "filter", "product", "sum")), gap=2)
        return stack([beside([p["picture"].block(), p["map"].block(), step], gap=3), line])


def picked_window(t: Values) -> Array:
    """The window of that number, from 1, row by row; not a number, where there is none."""
    windows = sliding_window_view(t["picture"], (KERNEL, KERNEL)).reshape(-1, KERNEL, KERNEL)
    number = float(t["looking"])
    return windows[int(number) - 1] if 1 <= number <= WINDOWS else np.full((KERNEL, KERNEL), np.nan)
