"""Why non-linearities, second proof: a tiny network separates two groups of points; its boundary is bent only with ReLU.

    hidden[j] = max(0, w[j,0]·x + w[j,1]·y + w[j,2])   or the same without max, if the switch is off
    p(x, y)   = sigmoid(v[0]·hidden[0] + v[1]·hidden[1] + v[2]·hidden[2] + v[3])

A point lies on the right side if p ≥ 0.5 for the first group and p < 0.5 for the second.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xlcnn.blocks import Box, References, Shape, beside, block, column, stack
from xlcnn.exhibits.base import Chart, Exhibit
from xlcnn.layers.base import Array, Part

SIDE = 25
TICKS = np.round(np.linspace(-1.2, 1.2, SIDE), 10)
HIDDEN = np.array([[0.0, -4.0, -1.6], [3.6, 2.2, -2.4], [-3.6, 2.2, -2.4]])  # the three sides of a triangle
OUT = np.array([-3.0, -3.0, -3.0, 2.0])
INNER = np.array([[0, 0.05], [0.2, -0.15], [-0.2, -0.1], [0.05, 0.4], [-0.15, 0.25], [0.25, 0.15]])
OUTER = np.array([[0, -0.95], [0.85, -0.85], [0.8, 0.5], [0.3, 1.0], [-0.5, 0.95], [-0.95, 0.2], [-0.7, -0.8]])


@dataclass(frozen=True)
class Boundary(Exhibit):
    kind: ClassVar[str] = "boundary"
    explained: ClassVar[tuple[str, ...]] = ("p", "right")
    dragged: ClassVar[frozenset[str]] = frozenset({"p", "p_inner", "p_outer"})

    def parts(self, *incoming: Part) -> dict[str, Part]:
        self.no_input(incoming)
        return {
            "switch": Part("choice", ()),
            "hidden": Part("play", HIDDEN.shape),
            "out": Part("play", OUT.shape),
            "x": Part("constant", (1, SIDE)),
            "y": Part("constant", (SIDE, 1)),
            "p": Part("computed", (SIDE, SIDE), signed=False),
            "inner": Part("play", INNER.shape),
            "p_inner": Part("computed", (len(INNER),), signed=False),
            "outer": Part("play", OUTER.shape),
            "p_outer": Part("computed", (len(OUTER),), signed=False),
            "right": Part("computed", ()),
        }

    def constants(self, parts: Mapping[str, Part]) -> dict[str, Array]:
        return {"x": TICKS[None], "y": TICKS[::-1, None]}

    def defaults(self, parts: Mapping[str, Part]) -> dict[str, Array]:
        return {"switch": np.array(1.0), "hidden": HIDDEN, "out": OUT, "inner": INNER, "outer": OUTER}

    def scales(self) -> list[tuple[str, ...]]:
        return [("p", "p_inner", "p_outer")]

    def compute(self, part: str, p: Mapping[str, Array]) -> Array:
        if part == "right":
            return np.asarray(float((p["p_inner"] >= 0.5).sum() + (p["p_outer"] < 0.5).sum()))
        x, y = (p["x"], p["y"]) if part == "p" else p[part.removeprefix("p_")].T
        total = p["out"][3]
        for j in range(3):
            hidden = p["hidden"][j, 0] * x + p["hidden"][j, 1] * y + p["hidden"][j, 2]
            total = total + p["out"][j] * np.where(p["switch"] == 1, np.maximum(0, hidden), hidden)
        return np.asarray(1 / (1 + np.exp(-total)))

    def formula(self, part: str, index: Shape, ref: References) -> str:
        if part == "right":
            return f'=COUNTIF({ref.whole("p_inner")},">=0.5")+COUNTIF({ref.whole("p_outer")},"<0.5")'
        if part == "p":
            row, col = ref.locate("x", (0, index[1]))
            x, y = f"{column(col)}${row}", "$" + ref.at("y", (index[0], 0))
        else:
            x, y = (ref.at(part.removeprefix("p_"), (*index, k)) for k in (0, 1))

        def weight(j: int, k: int) -> str:
            return ref.at("hidden", (j, k), fixed=True)

        switch = ref.at("switch", (), fixed=True)
        terms = []
        for j in range(3):
            hidden = f"{weight(j, 0)}*{x}+{weight(j, 1)}*{y}+{weight(j, 2)}"
            terms.append(f"{ref.at('out', (j,), fixed=True)}*IF({switch}=1,MAX(0,{hidden}),{hidden})")
        return f"=1/(1+EXP(-({'+'.join(terms)}+{ref.at('out', (3,), fixed=True)})))"

    def arrange(self, parts: Mapping[str, Part]) -> Box:
        def table(part: str, rows: int, cols: int) -> Box:
            return block(part, (), part, rows, cols, 2)

        weights = stack([block("switch", (), "switch", 1, 1, 3), table("hidden", 3, 3), table("out", 4, 1), table("right", 1, 1)])
        square = beside([block("y", (), "y", SIDE, 1), block("p", (), "p", SIDE, SIDE)], gap=0)
        below = block("x", (), "x", 1, SIDE).moved(square.height, 1)
        grid = Box(square.height + 2, square.width, (*square.blocks, *below))
        points = stack([
            beside([table("inner", len(INNER), 2), table("p_inner", len(INNER), 1)], gap=0),
            beside([table("outer", len(OUTER), 2), table("p_outer", len(OUTER), 1)], gap=0),
        ])  # fmt: skip
        return beside([weights, grid, points], gap=3)

    def charts(self) -> tuple[Chart, ...]:
        return (Chart("points_chart", "", (), 17, 38, dots=(("inner", "inner"), ("outer", "outer"))),)
