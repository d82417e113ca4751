"""Dense (fully connected): each unit has one weight matrix per map; their sum products and a bias make its score.

    product[k, i] = Σ_y Σ_x  in[i, y, x] · weight[k, i, y, x]
    out[k]        = Σ_i product[k, i] + bias[k]

PyTorch's `Linear` on the flattened maps. Of more maps than a formula can name, partial sums stand in cells of their own, in
place of all products, each of so many maps i:

    partial[k, g] = Σ_i Σ_y Σ_x  in[i, y, x] · weight[k, i, y, x]
    out[k]        = Σ_g partial[k, g] + bias[k]

With `evidence` the sheet also shows what spoke for and against the unit with
the largest score:

    winner            = the first k whose out[k] is the largest
    evidence[i, y, x] = in[i, y, x] · weight[winner, i, y, x]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar

import numpy as np

from xlcnn.grid.blocks import Box, beside, in_rows, stack, tiled
from xlcnn.grid.references import References
from xlcnn.sheets.answered import first_largest
from xlcnn.sheets.base import MOST_CHOICES, Layer
from xlcnn.sheets.options import whole, yes_no
from xlcnn.sheets.partial import PRODUCTS, in_a_square, portions
from xlcnn.sheets.parts import WHOLE, Array, Computed, Labels, Part, Parts, Values, Weight, incoming

ACROSS = 5  # units side by side: ten digits make two even rows
WIDE = 4096  # columns of units side by side: wider ones stand under each other
SPAN = 3  # a score needs three square cells to be read
FROM_0 = (0,)  # units are numbered as the digits are
SCORE = {"span": SPAN, "scale": "scores", "start": FROM_0}


@dataclass(frozen=True)
class Dense(Layer):
    """Dense: each unit multiplies every incoming number by a weight of its own, and adds them up, and a bias."""

    kind: ClassVar[str] = "dense"
    panels: ClassVar[bool] = False
    announced: ClassVar[frozenset[str]] = frozenset({"weight", "evidence"})
    units: int = whole(1)
    evidence: bool = yes_no(part_of_network=False)

    def parts(self, *incoming_: Part) -> Iterator[Part]:
        x = self.one_input(incoming_)
        if self.evidence and self.units > MOST_CHOICES:
            raise self.fail(f"evidence is for at most {MOST_CHOICES} units")
        shape = x.shape if len(x.shape) == 3 else (1, *x.shape, 1)  # a vector is one map, one column wide
        yield Labels("unit", (self.units,), texts=tuple(str(k) for k in range(self.units)), span=SPAN, look="name")
        yield incoming("in", x)
        yield Weight("weight", (self.units, *shape), label="weights", start=FROM_0, coloured=True, stored=(self.units, prod(shape)))
        yield Weight("bias", (self.units,), coloured=True, **SCORE)  # type: ignore[arg-type]
        terms = self.partial(x, shape) if shape[0] > PRODUCTS else self.product(x, shape)
        yield terms
        yield Computed(
            "output", (self.units,), label="score", **SCORE,  # type: ignore[arg-type]
            numpy=lambda t: t[terms.name].sum(axis=-1) + t["bias"],
            excel=lambda at, k: "+".join([*(at(terms.name, k, i) for i in range(terms.shape[1])), at("bias", k)]),
        )  # fmt: skip
        if self.evidence:
            yield from self.evidence_parts(x, shape)

    def product(self, x: Part, shape: tuple[int, ...]) -> Part:
        """What each map adds to each unit's score."""
        return Computed(
            "product", (self.units, shape[0]), **SCORE,  # type: ignore[arg-type]
            numpy=lambda t: np.einsum("...iyx,kiyx->...ki", as_maps(t["in"], shape), t["weight"], optimize=True),
            excel=lambda at, k, i: products(at, x, k, [i]),
        )  # fmt: skip

    def partial(self, x: Part, shape: tuple[int, ...]) -> Part:
        """The same of many maps: of as many at a time as fit in a formula."""
        sums = portions(range(shape[0]))
        return Computed(
            "partial", (self.units, len(sums)), **{**SCORE, "label": "partials"},  # type: ignore[arg-type]
            numpy=lambda t: np.stack(
                [np.einsum("...iyx,kiyx->...k", t["in"][..., g, :, :], t["weight"][:, g], optimize=True) for g in sums], axis=-1
            ),
            excel=lambda at, k, g: products(at, x, k, sums[g]),
        )  # fmt: skip

    def evidence_parts(self, x: Part, shape: tuple[int, ...]) -> Iterator[Part]:
        """The unit with the largest score, and what each incoming number adds to that score."""
        yield Computed(
            "winner", (), span=SPAN, number_format=WHOLE, coloured=False, explained=False,  # its formula is long
            numpy=lambda t: first_largest(t["output"]),
            excel=self.winner,
        )  # fmt: skip
        yield Computed(
            "evidence", x.shape, shared_formula=True, explained=False,
            numpy=lambda t: t["in"] * self.winners_weights(t).reshape(t["in"].shape),
            excel=lambda at, *i: (
                f"{at('in', *i)}*CHOOSE({at.fixed('winner')}+1,"
                f"{','.join(at('weight', k, *(i if len(i) == 3 else (0, *i, 0))) for k in range(self.units))})"
            ),
        )  # fmt: skip

    def winner(self, at: References) -> str:
        scores = [at("output", k) for k in range(self.units)]
        tests = [f"IF({score}=MAX({','.join(scores)}),{k}," for k, score in enumerate(scores)]
        return "".join(tests[:-1]) + f"{self.units - 1}" + ")" * (self.units - 1)

    def winners_weights(self, t: Values) -> Array:
        """The weights of the winner; not a number where there is no such unit, as CHOOSE fails there."""
        known = (t["winner"] >= 0) & (t["winner"] < self.units)
        chosen = t["weight"][np.where(known, t["winner"], 0).astype(int)]
        return np.asarray(chosen * np.where(known, 1.0, np.nan)[..., None, None, None])

    def arrange(self, p: Parts) -> Box:
        scores = beside((p[name].block() for name in ("unit", "product" if "product" in p else "partial", "bias", "output")), gap=0)
        maps = [p["in"].maps()]
        if self.evidence:
            scores = beside([scores, p["winner"].block()])
            maps += [p["evidence"].maps()]
        return beside([stack([scores, beside(maps)]), unit_cards(p["weight"])], gap=2)


def products(at: References, x: Part, unit: int, maps: Iterable[int]) -> str:
    """These maps, or the vector, each times the weights that a unit has for it."""
    inside = len(x.shape) == 3
    return "+".join(f"SUMPRODUCT({at.whole('in', *(i,) * inside)},{at.whole('weight', unit, i)})" for i in maps)


def unit_cards(weight: Part, bias: Part | None = None) -> Box:
    """A fully connected layer's weights: each unit's matrices under each other, and its bias, units in rows."""
    units, maps = (range(size) for size in weight.shape[:2])
    if len(maps) > PRODUCTS:
        return tiled((in_a_square(weight.block(k, i) for i in maps) for k in units), gap=4)
    below = [[bias.block(k)] if bias else [] for k in units]
    gap = 1 if weight.shape[-1] > 1 else 3  # a single column leaves room for its caption
    cards = [stack([*(weight.block(k, i) for i in maps), *below[k]], gap=0) for k in units]
    if len(cards) > 2 * ACROSS or cards[0].width * min(len(cards), ACROSS) > WIDE:
        return tiled(cards, gap)
    return in_rows(cards, ACROSS if gap == 1 else 2 * ACROSS, gap)


def as_maps(x: Array, shape: tuple[int, ...]) -> Array:
    """Maps as they are, a vector as one map; leading batch axes stay."""
    batch = x.shape[:-3] if x.shape[-3:] == shape else x.shape[:-1]
    return x.reshape(*batch, *shape)
