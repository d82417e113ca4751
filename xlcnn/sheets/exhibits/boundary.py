"""Why non-linearities, second proof: a tiny network separates two groups of points; its boundary is bent only with ReLU.

    hidden[j] = max(0, w[j,0]·x + w[j,1]·y + w[j,2])   or the same without max, if the switch is off
    v         = the output weights found with ReLU, or those found without: the best straight line there is
    p(x, y)   = sigmoid(v[0]·hidden[0] + v[1]·hidden[1] + v[2]·hidden[2] + v[3])

A point lies on the right side if p ≥ 0.5 for the first group and p < 0.5 for the second.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from xlcnn.grid.blocks import Block, Box, beside, frame, stack
from xlcnn.grid.references import References, a1_range, column
from xlcnn.grid.rules import Rule
from xlcnn.sheets.base import Exhibit
from xlcnn.sheets.exponential import sigmoid, sigmoid_formula
from xlcnn.sheets.parts import WHOLE, Array, Computed, Constant, Part, Parts, Play, Values
from xlcnn.sheets.switch import switch_box, switch_parts

SPAN = 2
SIDE = 25
TICKS = np.round(np.linspace(-1.44, 1.44, SIDE), 10)
HIDDEN = np.array([[0.0, -4.0, -1.6], [3.6, 2.2, -2.4], [-3.6, 2.2, -2.4]])  # the three sides of a triangle
OUT = np.array([[-3.0, -3.0, -3.0, 2.0], [-1.1, 1.2, 0.0, 3.1]])  # with ReLU; without: no line separates more than 10 points
INNER = np.array([[0, 0.05], [0.2, -0.15], [-0.2, -0.1], [0.05, 0.4], [-0.15, 0.25], [0.25, 0.15]])
OUTER = np.array([[0, -0.95], [0.85, -0.85], [0.8, 0.5], [0.3, 1.0], [-0.5, 0.95], [-0.95, 0.2], [-0.7, -0.8]])


@dataclass(frozen=True)
class Boundary(Exhibit):
    """A tiny network draws a boundary between two groups of points."""

    kind: ClassVar[str] = "boundary"

    def parts(self, *incoming: Part) -> Iterator[Part]:
        self.no_input(incoming)
        yield from switch_parts(on=True)
        yield Play("hidden", HIDDEN.shape, HIDDEN, span=SPAN)
        yield Play("weights", OUT.shape, OUT, span=SPAN)
        yield Computed(
            "out", (4,), span=SPAN, coloured=False, explained=False,
            numpy=lambda t: t["weights"][0 if t["switch"] == 1 else 1],
            excel=lambda at, k: f"IF({at('switch')}=1,{at('weights', 0, k)},{at('weights', 1, k)})",
        )  # fmt: skip
        yield Constant("x", (1, SIDE), TICKS[None])
        yield Constant("y", (SIDE, 1), TICKS[::-1, None])
        yield Computed(
            "p", (SIDE, SIDE), signed=False, scale="sure", shared_formula=True,
            numpy=lambda t: probability(t, t["x"], t["y"]),
            excel=self.grid_point,
        )  # fmt: skip
        for group, points in (("inner", INNER), ("outer", OUTER)):
            yield Play(group, points.shape, points, span=SPAN)
            yield self.point_probabilities(group, len(points))
        yield Computed(
            "right", (), span=SPAN, number_format=WHOLE, coloured=False, explained=False,
            numpy=lambda t: float((t["p_inner"] >= 0.5).sum() + (t["p_outer"] < 0.5).sum()),
            excel=lambda at: f'COUNTIF({at.whole("p_inner")},">=0.5")+COUNTIF({at.whole("p_outer")},"<0.5")',
        )  # fmt: skip

    def point_probabilities(self, group: str, count: int) -> Computed:
        """How sure the network is of each point of a group."""
        return Computed(
            f"p_{group}", (count,), signed=False, span=SPAN, scale="sure", shared_formula=True, explained=False,
            numpy=lambda t: probability(t, *t[group].T),
            excel=lambda at, k: probability_formula(at, at(group, k, 0), at(group, k, 1)),
        )  # fmt: skip

    def grid_point(self, at: References, row: int, col: int) -> str:
        """x stands in the line below the grid, y in the column beside it; the formula can be dragged both ways."""
        below, across = at.locate("x", 0, col)
        return probability_formula(at, f"{column(across)}${below}", "$" + at("y", row, 0))

    def arrange(self, p: Parts) -> Box:
        out = beside([p["out"].block(), p["right"].block()], gap=2)
        weights = stack([switch_box(p), p["hidden"].block(), p["weights"].block(), out], gap=0)
        square = beside([p["y"].block(), p["p"].block()], gap=0)
        plane = frame(square.height + 2, square.width, [(0, 0, square), (square.height, 1, p["x"].block())])
        points = stack(beside([p[group].block(), p[f"p_{group}"].block()], gap=0) for group in ("inner", "outer"))
        return beside([weights, plane, points], gap=3)

    def marks(self, p: Parts, blocks: Iterable[Block], at: References) -> Iterator[Rule]:
        """The points, drawn on the map: the cell that is nearest to each."""
        for block in (b for b in blocks if b.part == "p"):
            below, across = at.locate("x", 0, 0)
            x, y = f"{column(across)}${below}", "$" + at("y", 0, 0)
            for group, points in (("inner", INNER), ("outer", OUTER)):
                last = len(points) - 1
                xs, ys = (f"{at.fixed(group, 0, k)}:{at.fixed(group, last, k)}" for k in (0, 1))
                test = f"SUMPRODUCT({near(xs, x)}*{near(ys, y)})>0"
                yield Rule("expression", a1_range(block, fixed=False), [test], f"{group} point")


def near(points: str, tick: str) -> str:
    """Which coordinates are nearest to a tick; one half-way between two belongs to the upper, however it is rounded.

    In whole numbers alone: Gnumeric writes others in a condition with more digits than it was given.
    """
    step = Fraction(float(TICKS[1] - TICKS[0])).limit_denominator(1000)
    return f"(INT(({points}-{tick})*{step.denominator}/{step.numerator}+501/1000)=0)"


def probability(t: Values, x: Array, y: Array) -> Array:
    """How surely the points (x, y) belong to the inner group."""
    total = t["out"][3]
    for j in range(3):
        hidden = t["hidden"][j, 0] * x + t["hidden"][j, 1] * y + t["hidden"][j, 2]
        total = total + t["out"][j] * np.where(t["switch"] == 1, np.maximum(0, hidden), hidden)
    return sigmoid(total)


def probability_formula(at: References, x: str, y: str) -> str:
    """The same as a formula, of two cells."""
    terms = []
    for j in range(3):
        hidden = f"{at.fixed('hidden', j, 0)}*{x}+{at.fixed('hidden', j, 1)}*{y}+{at.fixed('hidden', j, 2)}"
        terms.append(f"{at.fixed('out', j)}*IF({at.fixed('switch')}=1,MAX(0,{hidden}),{hidden})")
    return sigmoid_formula(f"({'+'.join(terms)}+{at.fixed('out', 3)})")
