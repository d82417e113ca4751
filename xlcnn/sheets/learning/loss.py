"""The loss: one number that says how wrong an answer is, for the digit that the image really shows.

    y[k]       = 1 for the true digit, else 0
    loss_of[k] = −LN(p[k]) = LN(Σ_j exp[j]) − shifted[k]      what the loss would be, were k the true digit
    loss       = Σ_k y[k] · loss_of[k]                        cross-entropy
    gradient   = p[k] − y[k]                                  how much the loss changes if score k grows a little

p[k] is exp[k] / Σ_j exp[j], so its logarithm needs no p that may have been rounded to 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from xlcnn.grid.blocks import Box, beside, stack
from xlcnn.sheets import typed
from xlcnn.sheets.base import Learning
from xlcnn.sheets.looks import Chart
from xlcnn.sheets.parts import (
    EXPONENTIAL,
    FOUR_DECIMALS,
    PROBABILITY,
    WHOLE,
    Array,
    Choice,
    Computed,
    Notice,
    Part,
    Parts,
    Values,
    incoming,
)

SPAN = 4
LITTLE = 0.01  # with a smaller loss there is hardly anything to learn


@dataclass(frozen=True)
class Loss(Learning):
    """Loss: how wrong the answer is, as one number."""

    kind: ClassVar[str] = "loss"

    def parts(self, *incoming_: Part) -> Iterator[Part]:
        if len(incoming_) != 5 or len({p.shape for p in incoming_[:4]}) != 1 or len(incoming_[0].shape) != 1:
            raise self.fail("reads a softmax's class, shifted, exp, output and prediction")
        classes, shifted, exp, probability, prediction = incoming_
        shape = classes.shape
        last = shape[0] - 1
        table: dict[str, Any] = {"span": SPAN}
        yield Choice("truth", (), np.array(0.0), low=0, high=last, number_format=WHOLE, **table)
        yield Computed(
            "used", (), number_format=WHOLE, coloured=False, explained=False, **table,
            numpy=lambda t: typed.whole(t["truth"], 0, last),
            excel=lambda at: typed.whole_formula(at("truth"), 0, last),
        )  # fmt: skip
        yield Notice(
            "found", (), words="digit", span=5 * SPAN,
            numpy=lambda t: float(t["truth"] == t["used"]),
            excel=lambda at: f"IF({at('truth')}={at('used')},1,0)",
        )  # fmt: skip
        yield incoming("predicted", prediction, number_format=WHOLE, **{**table, "coloured": False})
        yield incoming("class", classes, number_format=WHOLE, **{**table, "coloured": False})
        yield incoming("shifted", shifted, **table)
        yield incoming("exp", exp, number_format=EXPONENTIAL, **table)
        yield incoming("probability", probability, number_format=PROBABILITY, **table)
        yield Computed(
            "target", shape, signed=False, number_format=WHOLE, shared_formula=True, **table,
            numpy=lambda t: np.where(np.isnan(t["used"]), np.nan, t["class"] == t["used"]),
            excel=lambda at, k: f"IF({at('class', k)}={at.fixed('used')},1,0)",
        )  # fmt: skip
        yield Computed(
            "gradient", shape, number_format=FOUR_DECIMALS, shared_formula=True, **table,
            numpy=lambda t: t["probability"] - t["target"],
            excel=lambda at, k: f"{at('probability', k)}-{at('target', k)}",
        )  # fmt: skip
        yield Computed(
            "lossof", shape, signed=False, number_format=FOUR_DECIMALS, shared_formula=True, **table,
            numpy=lambda t: np.log(t["exp"].sum()) - t["shifted"],
            excel=lambda at, k: f"LN(SUM({at.whole('exp')}))-{at('shifted', k)}",
        )  # fmt: skip
        yield Computed(
            "loss", (), signed=False, number_format=FOUR_DECIMALS, coloured=False, **table,
            numpy=lambda t: (t["target"] * t["lossof"]).sum(),
            excel=lambda at: f"SUMPRODUCT({at.whole('target')},{at.whole('lossof')})",
        )  # fmt: skip

        yield already_sure("loss", span=7 * SPAN, words="sure_here")

    def begin(self, values: Mapping[str, Values], truth: int | None = None) -> dict[str, Array]:
        """Its true digit is at first the one that the image shows; the one that the network reads, where nobody knows."""
        home, _, part = self.inputs[-1].partition(".")
        return {"truth": values[home][part] if truth is None else np.array(float(truth))}

    def arrange(self, p: Parts) -> Box:
        answer = beside((p[name].block() for name in ("truth", "used", "predicted", "loss")), gap=1)
        columns = ("class", "probability", "target", "gradient", "lossof")
        table = beside((p[name].block() for name in columns), gap=0)
        workings = beside((p[name].block() for name in ("shifted", "exp")), gap=0)
        return stack([stack([answer, p["found"].block(), p["sure"].block()], gap=0), beside([table, workings], gap=1)])

    def charts(self, p: Parts) -> tuple[Chart, ...]:
        col = 7 * SPAN + 3
        return (
            Chart(
                "loss_chart",
                row=0,
                col=col,
                x="class",
                columns="lossof",
                axes=("class", "lossof"),
                height=18,
                width=28,
            ),
        )


def already_sure(loss: str, span: int, words: str = "sure") -> Notice:
    """Words where the loss is so small that all gradients are nearly 0."""
    return Notice(
        "sure", (), words=words, span=span,
        numpy=lambda t: np.where(np.isnan(t[loss]), np.nan, np.where(t[loss] < LITTLE, 0.0, 1.0)),
        excel=lambda at: f"IF({at(loss)}<0.01,0,1)",
    )  # fmt: skip
